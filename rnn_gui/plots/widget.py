"""A widget that shows panels."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

from core.frame import Frame
from rnn_gui.plots.panel import Panel
from rnn_gui.theme import Look


class PanelWidget(pg.GraphicsLayoutWidget):
    """Panels one under the other. It never takes the keyboard, nor the wheel."""

    def __init__(self, *panels: Panel) -> None:
        super().__init__()
        self.panels = panels
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self.ci.layout.setVerticalSpacing(0)
        for row, panel in enumerate(panels):
            self.addItem(panel, row=row, col=0)

    def show_frame(self, frame: Frame) -> None:
        for panel in self.panels:
            panel.show_frame(frame)

    def set_look(self, look: Look) -> None:
        self.setBackground(look.theme.panel)
        for panel in self.panels:
            panel.set_look(look)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

"""The cost history: a plot, and the choice of a logarithmic scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from core.frame import Frame
from rnn_gui.plots.history_panel import HistoryPanel
from rnn_gui.plots.widget import PanelWidget
from rnn_gui.theme import Look


class HistoryView(QWidget):
    """Cost against epoch."""

    menu_requested = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.panel = HistoryPanel()
        self._plot = PanelWidget(self.panel)
        self._plot.setAccessibleName("Cost of every epoch")
        self.log_scale = QCheckBox("Log scale")
        self.log_scale.setToolTip("Show the cost in powers of ten; a cost of 0 has no place there")
        self.log_scale.toggled.connect(self.panel.set_logarithmic)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.log_scale)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 8, 4)
        layout.setSpacing(0)
        layout.addWidget(self._plot, 1)
        layout.addLayout(below)

    def show_frame(self, frame: Frame) -> None:
        self._plot.show_frame(frame)
        self.log_scale.setEnabled(bool(np.any(frame.run.costs > 0)))

    def set_look(self, look: Look) -> None:
        self._plot.set_look(look)
        around = self.palette()
        around.setColor(QPalette.ColorRole.Window, look.theme.panel)
        self.setPalette(around)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.panel.figure, event.globalPos())

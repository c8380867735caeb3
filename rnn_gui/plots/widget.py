"""A widget that shows panels."""

from __future__ import annotations

import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QWheelEvent

from core.epoch.frame import Frame
from rnn_gui.plots.panel import Panel
from rnn_gui.theme import Look, pen


class PanelWidget(pg.GraphicsLayoutWidget):
    """Panels one under the other. It never takes the keyboard, nor the wheel."""

    def __init__(self, *panels: Panel) -> None:
        super().__init__()
        self.panels = panels
        self.setAntialiasing(True)
        for part in (self, self.viewport()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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


class KeyedPanelWidget(PanelWidget):
    """Panels that take the keyboard; a frame tells that it is here."""

    def __init__(self, *panels: Panel) -> None:
        super().__init__(*panels)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def focus_frame(self) -> QRectF:
        """Where the frame is, in pixels of the viewport."""
        return QRectF(self.viewport().rect().adjusted(1, 1, -2, -2))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            painter.setPen(pen(self.panels[0].look.theme.accent, 2.0))
            painter.drawRect(self.focus_frame())
            painter.end()


class Page:
    """A panel as a picture, in no window. Closed, the panel is gone with it."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        panel.header.setCacheMode(panel.header.CacheMode.NoCache)  # strokes, not their picture
        self._widget = PanelWidget(panel)
        self._widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._widget.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # nobody sees it

    def paint(self, painter: QPainter, size: QSize) -> None:
        """Everything that the panel shows, from the painter's origin."""
        self._widget.resize(size)
        self._widget.show()  # pyqtgraph's items ask their view how large a pixel is
        self._panel.layout.activate()
        whole = QRectF(QPointF(), QSizeF(size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._widget.scene().render(painter, whole, whole)

    def close(self) -> None:
        """Qt's objects first: Python's collector takes them apart in any order, which may crash."""
        shiboken6.delete(self._widget)

"""The activation curve, and what is to be said about it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from core.epoch.frame import Frame
from rnn_gui.plots.curve_panel import CurvePanel, activation_of, point_text, remarks
from rnn_gui.plots.widget import PanelWidget
from rnn_gui.theme import Look, panel_palette


def curve_title(frame: Frame) -> str:
    """What the tab of the view is called; it stands there before the view is made."""
    symbol = activation_of(frame).symbol
    return f"{symbol}() curve" if symbol else "Activation"


class CurveView(QWidget):
    """The activation of the hidden states with the chosen sequence's states on it."""

    menu_requested = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.panel = CurvePanel()
        self._plot = PanelWidget(self.panel)
        self._plot.setAccessibleName("Activation curve")
        self._frame: Frame | None = None
        self._state = QLabel()
        self._remarks = QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 8, 4)
        layout.setSpacing(2)
        layout.addWidget(self._plot, 1)
        for label in (self._state, self._remarks):
            label.setWordWrap(True)
            label.setProperty("role", "muted")
            layout.addWidget(label)

    def show_frame(self, frame: Frame) -> None:
        """Behind another tab nothing is worked out."""
        self._frame = frame
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._show()
        super().showEvent(event)

    def set_look(self, look: Look) -> None:
        self._plot.set_look(look)
        self.setPalette(panel_palette(self.palette(), look.theme))
        if self.isVisible():
            self._show()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.panel.figure, event.globalPos())

    def _show(self) -> None:
        frame = self._frame
        if frame is None:
            return
        self._plot.show_frame(frame)
        self._state.setText(point_text(frame, self.panel.look.digits))
        said = " ".join(f"{text}." for text in remarks(frame))
        self._remarks.setText(said)
        self._remarks.setVisible(bool(said))

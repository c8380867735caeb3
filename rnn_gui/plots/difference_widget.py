"""The error of the central difference as a widget: the step size is chosen in it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from core.exercises.gradient_check import STEP_SIZES
from rnn_gui.fields.plain_keys import ARROW_KEYS, keep_keys
from rnn_gui.plots.difference_panel import DifferencePanel
from rnn_gui.plots.widget import KeyedPanelWidget

_TIP = "A click, or Left and Right, chooses the step size h of the table"
_HEIGHT = 170


class DifferenceWidget(KeyedPanelWidget):
    """A click, or Left and Right, chooses a step size."""

    step_chosen = Signal(float)
    leave_requested = Signal()

    def __init__(self, panel: DifferencePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setAccessibleName("Error of the central difference against its step size")
        self.setAccessibleDescription(_TIP)
        self.viewport().setToolTip(_TIP)
        self.setMinimumHeight(_HEIGHT)
        keep_keys(self, ARROW_KEYS[:2], self.leave_requested.emit)

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = self._panel.mapFromScene(self.mapToScene(event.position().toPoint()))
            self.step_chosen.emit(self._panel.step_at(at))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The axis grows to the right, and the step sizes are listed from the largest down."""
        moves = {Qt.Key.Key_Left: 1, Qt.Key.Key_Right: -1}
        if event.key() not in moves:
            event.ignore()
            return
        place = STEP_SIZES.index(self._panel.chosen) + moves[Qt.Key(event.key())]
        self.step_chosen.emit(STEP_SIZES[min(max(place, 0), len(STEP_SIZES) - 1)])

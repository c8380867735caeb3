"""A combo box that asks: it shows what the frame holds, and a choice is a request."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from rnn_gui.fields.plain_keys import keep_plain_keys


class ChoiceField(QComboBox):
    """Choices are keys with titles. The mouse leaves the keyboard focus where it is."""

    choice_requested = Signal(str)
    leave_requested = Signal()

    def __init__(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for key, title in choices:
            self.addItem(title, key)
        # The panel may be narrower than the longest title; the open list never is.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        widest = max(self.fontMetrics().horizontalAdvance(title) for _, title in choices)
        self.view().setMinimumWidth(widest + 36)
        self.activated.connect(self._choose)
        keep_plain_keys(self, self.leave_requested.emit)

    def show_choice(self, key: str, otherwise: str = "") -> None:
        """Show the title of ``key``; ``otherwise`` where it is none of the choices."""
        index = self.findData(key)
        self.setPlaceholderText(otherwise)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self.setToolTip(otherwise if index < 0 else self.itemText(index))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the panel must not edit the experiment

    def _choose(self, index: int) -> None:
        self.choice_requested.emit(self.itemData(index))

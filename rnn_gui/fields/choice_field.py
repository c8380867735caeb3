"""A combo box that asks: it shows what the frame holds, and a choice is a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontInfo, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QStyle, QStyleOptionComboBox

from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys, keep_plain_keys
from rnn_gui.fields.plain_tip import plain_tip
from rnn_gui.theme import SMALL_SIZE, text_font

# Of a choice that is no edit: letters find a title only while the list is open.
VIEW_KEYS = (*BUTTON_KEYS, Qt.Key.Key_Up, Qt.Key.Key_Down)


class ChoiceField(QComboBox):
    """A choice has a key, a title and a tool tip. The mouse leaves the focus where it is.

    As an editor it keeps all plain keys, otherwise those in ``keys``.
    """

    choice_requested = Signal(str)
    leave_requested = Signal()

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[str, str, str]],
        keys: Collection[Qt.Key] | None = None,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for index, (key, title, tip) in enumerate(choices):
            self.addItem(title, key)
            self.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        # The panel may be narrower than the longest title; the open list never is.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._longest = max((title for _, title, _ in choices), key=self._width)
        self.view().setMinimumWidth(self._width(self._longest) + 36)
        self.activated.connect(self._choose)
        if keys is None:
            keep_plain_keys(self, self.leave_requested.emit)
        else:
            keep_keys(self, keys, self.leave_requested.emit)

    def show_choice(self, key: str, otherwise: str = "") -> None:
        """Show the title of ``key``; ``otherwise`` where it is none of the choices."""
        index = self.findData(key)
        self.setPlaceholderText(otherwise)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        self.setToolTip(plain_tip(otherwise) if index < 0 else self._tip(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow panel the longest title gets smaller letters, not fewer."""
        super().resizeEvent(event)
        for size in range(self._usual_size(), SMALL_SIZE - 1, -1):
            self.setFont(text_font(size))
            if self._width(self._longest) <= self._room():
                break

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling the panel must not edit the experiment

    def _tip(self, index: int) -> str:
        tip = self.itemData(index, Qt.ItemDataRole.ToolTipRole)
        return f"{self.itemText(index)}\n{tip}".rstrip()

    def _width(self, title: str) -> int:
        return self.fontMetrics().horizontalAdvance(title)

    def _usual_size(self) -> int:
        return max(QFontInfo(QApplication.font(self)).pixelSize(), SMALL_SIZE)

    def _room(self) -> int:
        """The width that this style leaves for the text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        kind = QStyle.ComplexControl.CC_ComboBox
        return self.style().subControlRect(kind, option, part, self).width()

    def _choose(self, index: int) -> None:
        self.choice_requested.emit(self.itemData(index))

"""A line of a dialog for one number: it keeps what is typed, and says what is wrong with it."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from core.cell.update_rules import Setting
from rnn_gui.fields.cell_text import NotANumber, exact, read_number

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")  # 100,000: this comma is not a decimal one


class EntryProblem(ValueError):
    """The text is one sentence that names the field: why what was typed cannot be used."""


class EntryField(QLineEdit):
    """Up and Down change the number by ``step``; where that is 1 the number is a whole one."""

    def __init__(self, setting: Setting, value: float, step: float = 1) -> None:
        super().__init__(exact(value))
        self._setting, self._step = setting, step
        self.setAccessibleName(setting.title)

    @property
    def number(self) -> float:
        """What is typed. Raises `EntryProblem`."""
        text, setting = self.text().strip(), self._setting
        if self._step == 1 and _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        try:
            value = read_number(text, exact(setting.default))
        except NotANumber as problem:
            raise EntryProblem(f"{setting.title}: {problem}.") from None
        if not self._allows(value):
            raise EntryProblem(f"{setting.title} must be {setting.needed}.")
        return value

    def keyPressEvent(self, event: QKeyEvent) -> None:
        directions = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        direction = directions.get(Qt.Key(event.key()))
        if direction:
            self._change(direction)
        else:
            super().keyPressEvent(event)

    def _change(self, direction: int) -> None:
        try:
            changed = round(self.number + direction * self._step, 9)  # 0.15 and not 0.150…02
        except EntryProblem:
            return  # the dialog says why
        if self._allows(changed):
            self.setText(exact(changed))
            self.selectAll()

    def _allows(self, value: float) -> bool:
        return self._setting.allows(value) and (self._step != 1 or value == int(value))

"""How far Train goes: a number of epochs, until the cost is low enough, or until it is paused."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QStackedWidget, QWidget

from core.cell.update_rules import Setting
from core.training.run import EPOCH_LIMIT
from rnn_gui.fields.number_field import NumberField
from rnn_gui.fields.plain_keys import keep_plain_keys
from rnn_gui.theme import Look

_COST = Setting("cost", 0.1, "above 0", lambda v: v > 0)
_MODES = (
    ("for", "Train so many epochs"),
    ("until cost <", "Train until the cost falls under this value"),
    ("until paused", "Train until Pause, or until the run is full"),
)
_FOR, _UNTIL_COST, _UNTIL_PAUSED = range(3)


class Goal(NamedTuple):
    """So many epochs at most, and perhaps a cost that ends it earlier."""

    epochs: int
    until: float | None


class GoalField(QWidget):
    """A choice, and the number that belongs to it."""

    problem_reported = Signal(str)
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = QComboBox()
        self.mode.setAccessibleName("How far Train goes")
        self.mode.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for index, (title, tip) in enumerate(_MODES):
            self.mode.addItem(title)
            self.mode.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.epochs = _epochs_box()
        name, about = "Cost that Train goes down to", "Train stops below this cost"
        self.cost = NumberField(name, about, setting=_COST)
        self.cost.set_number(_COST.default)
        self.cost.number_requested.connect(self.cost.set_number)
        self._number = QStackedWidget()
        for editor in (self.epochs, self.cost, QLabel()):  # until paused there is no number
            self._number.addWidget(editor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.mode)
        row.addWidget(self._number, 1)
        self.mode.currentIndexChanged.connect(self._show_mode)
        self._show_mode(_FOR)
        self.cost.problem_reported.connect(self.problem_reported)
        self.cost.leave_requested.connect(self.leave_requested)
        for part in (self.mode, self.epochs):
            keep_plain_keys(part, self.leave_requested.emit)

    @property
    def goal(self) -> Goal:
        mode = self.mode.currentIndex()
        epochs = self.epochs.value() if mode == _FOR else EPOCH_LIMIT
        return Goal(epochs, self.cost.value if mode == _UNTIL_COST else None)

    def set_look(self, look: Look) -> None:
        self.cost.set_look(look)

    def _show_mode(self, mode: int) -> None:
        self._number.setCurrentIndex(mode)
        self.mode.setToolTip(_MODES[mode][1])


def _epochs_box() -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, EPOCH_LIMIT)
    box.setValue(15_000)
    box.setSingleStep(1000)
    box.setGroupSeparatorShown(True)
    box.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    box.setSuffix(" epochs")
    box.setAccessibleName("Epochs to train")
    box.setToolTip("How many epochs Train runs")
    return box

"""What a basin map is asked for: a cost, a number of epochs, and the button that computes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from core.data.notation import number
from core.landscape.basin import EPOCHS
from rnn_gui.fields.number_field import NumberField
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.theme import Look

_MOST = 1_000_000
_GOAL_WIDTH, _LIMIT_WIDTH, _LEAST = 60, 84, 20  # pixels
_GOAL = (
    "How small the cost has to become. At first it is the cost that one in twenty weights "
    "of the surface stay under."
)
_LIMIT = "How many epochs each start has for it."


class BasinBar(QWidget):
    """Compute asks with the two numbers; while it works, the same button cancels."""

    compute_requested = Signal(float, int)
    cancel_requested = Signal()
    leave_requested = Signal()
    problem_reported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.goal, self.limit = NumberField("Cost to reach", _GOAL), _CountField("Epochs", _LIMIT)
        self.limit.set_number(EPOCHS)
        self.goal.set_number(1.0)
        self._chosen = False  # by a person, and not to be replaced
        self.button = QToolButton()
        self._digits = Look().digits
        self._asked, self._fields = QStackedWidget(), QWidget()
        self.progress = QProgressBar()
        self.progress.setAccessibleName("Progress of the basin map")
        self._lay_out()
        self._connect()
        self.show_progress(None)

    def suggest_goal(self, goal: float) -> None:
        """A cost to reach, unless somebody has chosen one."""
        if not self._chosen:
            self.goal.set_number(goal)

    def show_progress(self, share: float | None) -> None:
        """From 0 to 1, or None while nothing is being computed."""
        working = share is not None
        self._asked.setCurrentWidget(self.progress if working else self._fields)
        self.button.setText("Cancel" if working else "Compute")
        if share is not None:
            goal, limit = number(self.goal.value, self._digits), f"{self.limit.value:,.0f}"
            self.progress.setFormat(f"To cost {goal} in {limit} epochs: %p%")
            self.progress.setValue(round(100 * share))

    def set_look(self, look: Look) -> None:
        self._digits = look.digits
        self.goal.set_look(look)
        self.limit.set_look(look)

    def _lay_out(self) -> None:
        fields = QHBoxLayout(self._fields)
        for part in (QLabel("to cost"), self.goal, QLabel("in"), self.limit, QLabel("epochs")):
            fields.addWidget(part)
        fields.addStretch()
        self.goal.setFixedWidth(_GOAL_WIDTH)
        self.limit.setFixedWidth(_LIMIT_WIDTH)
        self.progress.setMinimumWidth(_LEAST)
        for page in (self._fields, self.progress):
            self._asked.addWidget(page)
        self._asked.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.addWidget(self._asked, 1)
        layout.addWidget(self.button)
        for row in (fields, layout):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(4)
        self.button.setProperty("role", "small")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        self.button.clicked.connect(self._press)
        keep_keys(self.button, BUTTON_KEYS, self.leave_requested.emit)
        self.goal.number_requested.connect(self._choose_goal)
        self.limit.number_requested.connect(self._choose_limit)
        for field in (self.goal, self.limit):
            field.leave_requested.connect(self.leave_requested)
            field.problem_reported.connect(self.problem_reported)

    def _press(self) -> None:
        if self.progress.isVisibleTo(self):
            self.cancel_requested.emit()
        else:
            self.compute_requested.emit(self.goal.value, int(self.limit.value))

    def _choose_goal(self, goal: float) -> None:
        if goal <= 0:
            self.problem_reported.emit("The cost to reach must be above 0.")
            return
        self._chosen = True
        self.goal.set_number(goal)

    def _choose_limit(self, limit: float) -> None:
        if not (1 <= limit <= _MOST and limit == int(limit)):
            self.problem_reported.emit(f"The epochs must be a whole number from 1 to {_MOST:,}.")
            return
        self.limit.set_number(limit)


class _CountField(NumberField):
    """Of a whole number, whose thousands are told apart."""

    def _rounded(self) -> str:
        return f"{self.value:,.0f}"

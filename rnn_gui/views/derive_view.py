"""Derive it yourself: a formula for one part of the gradient, checked by value, with hints."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.cell.steps import Phase
from core.data.experiment import Experiment
from core.epoch.equation import Derivative, Equation, Name, Token
from core.epoch.explain import Explanation
from core.epoch.frame import Frame
from core.exercises.derivation import Derivations, Task, Verdict
from core.exercises.formula import FormulaError, typeset
from rnn_gui.equation_canvas import EquationCanvas
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys, keep_plain_keys
from rnn_gui.theme import Look, Theme, panel_palette
from rnn_gui.tutorial_cell import WEIGHTS, initial_state

_NAMES = (
    "Names: S0 … S{T} for State (Out), S1_in … S{T}_in for State (In), X1 … X{T}, y, Wx, Wrec, N, "
    "log(), d_log(), sum(). What differs between the sequences is summed over them."
)
_PLACEHOLDER = "such as 2/N*(S{T} - y)*…"


@dataclass
class _Attempt:
    """How far somebody is with one derivative."""

    text: str = ""
    tries: int = 0
    verdict: Verdict | None = None
    problem: str = ""  # of a text that is no formula
    solved: bool = False  # once it was
    hints: int = 0  # so many have been shown
    factors: int = 0  # so many of the solution


@dataclass(frozen=True)
class _Shape:
    """All of an experiment that formulas depend on."""

    sequences: int
    timestamps: int
    initial_state: float
    hidden_activation: str
    last_activation: str


@dataclass
class _Work:
    """Everything tried for networks of one shape."""

    derivations: Derivations
    attempts: dict[Task, _Attempt] = field(default_factory=dict)

    def on(self, task: Task) -> _Attempt:
        return self.attempts.setdefault(task, _Attempt())

    @property
    def score(self) -> str:
        tried = [attempt for attempt in self.attempts.values() if attempt.tries]
        right = sum(a.solved for a in tried)
        tries = sum(a.tries for a in tried)
        return f"{right} right, {tries} {'try' if tries == 1 else 'tries'}" if tries else ""


class DeriveView(QWidget):
    """What is typed is typeset at once; Check compares it on many random experiments."""

    leave_requested = Signal()
    judged = Signal(object, bool)  # a derivation's Task, and whether the formula is right

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self._look = Look()
        self._experiment: Experiment | None = None
        self._works: dict[_Shape, _Work] = {}
        self.weight, self.timestamp = QComboBox(), QSpinBox()
        self.formula = QLineEdit()
        self.preview = EquationCanvas()
        self.check, self.hint, self.solve = QToolButton(), QToolButton(), QToolButton()
        self.told, self._score = QLabel(), QLabel()
        self._make_parts()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.formula)

    def show_frame(self, frame: Frame) -> None:
        before, self._experiment = self._experiment, frame.experiment
        if before is not None and _shape_of(before) == _shape_of(frame.experiment):
            return
        self.timestamp.setRange(1, frame.timestamps)
        self.timestamp.setSuffix(f" of {frame.timestamps}")
        self.formula.setPlaceholderText(_PLACEHOLDER.format(T=frame.timestamps))
        self.formula.setToolTip(_NAMES.format(T=frame.timestamps))
        self._show_task()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setPalette(panel_palette(self.palette(), look.theme))
        self.preview.set_look(look)
        self._show()

    # -- built once ----------------------------------------------------------------------

    def _make_parts(self) -> None:
        for name in WEIGHTS:
            self.weight.addItem(f"dE/d{name}", name)
        self.weight.setAccessibleName("Derivative by which weight")
        self.timestamp.setAccessibleName("Derivative at which timestamp")
        self.formula.setAccessibleName("Formula of the derivative")
        self.formula.setClearButtonEnabled(True)
        self.preview.setAccessibleName("The formula, typeset")
        for button, text, tip in (
            (self.check, "Check", "Compare it with the derivative of many networks (Enter)"),
            (self.hint, "Hint", "Something to go on with, from coarse to fine"),
            (self.solve, "Solution", "The next factor of the formula"),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setProperty("role", "small")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
        self.told.setTextFormat(Qt.TextFormat.RichText)
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setAccessibleName("What is said of the formula")
        self._score.setProperty("role", "muted")
        for editor in (self.weight, self.timestamp, self.formula):
            keep_plain_keys(editor, self.leave_requested.emit)

    def _lay_out(self) -> None:
        asked, buttons = QHBoxLayout(), QHBoxLayout()
        for part in (QLabel("Derive"), self.weight, QLabel("at timestamp"), self.timestamp):
            asked.addWidget(part)
        asked.addStretch(1)
        for button in (self.check, self.hint, self.solve):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._score)
        area = QScrollArea()
        area.setWidget(self.told)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.viewport().setAutoFillBackground(False)
        self.told.setAutoFillBackground(False)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(asked)
        layout.addWidget(self.formula)
        layout.addLayout(buttons)
        layout.addWidget(self.preview, 2)
        layout.addWidget(area, 3)

    def _connect(self) -> None:
        self.weight.currentIndexChanged.connect(self._show_task)
        self.timestamp.valueChanged.connect(self._show_task)
        self.formula.textEdited.connect(self._take_text)
        self.formula.textChanged.connect(self._clear_if_empty)
        self.formula.returnPressed.connect(self._check)
        self.check.clicked.connect(self._check)
        self.hint.clicked.connect(self._give_hint)
        self.solve.clicked.connect(self._give_factor)

    # -- what is done --------------------------------------------------------------------

    def ask(self, task: Task) -> None:
        """This derivative, as if it were chosen."""
        self.weight.setCurrentIndex(self.weight.findData(task.name))
        self.timestamp.setValue(task.timestamp)

    @property
    def task(self) -> Task:
        return Task(self.weight.currentData(), self.timestamp.value())

    @property
    def _work(self) -> _Work:
        assert self._experiment is not None
        shape = _shape_of(self._experiment)
        if shape not in self._works:
            self._works[shape] = _Work(Derivations(self._experiment))
        return self._works[shape]

    def _take_text(self, text: str) -> None:
        attempt = self._work.on(self.task)
        attempt.text, attempt.verdict, attempt.problem = text, None, ""
        self._show()

    def _clear_if_empty(self, text: str) -> None:
        """The cross in the line empties it without an edit."""
        if not text and self._experiment is not None and self._work.on(self.task).text:
            self._take_text("")

    def _check(self) -> None:
        if self._experiment is None or self._work.derivations.why_not:
            return
        attempt = self._work.on(self.task)
        try:
            attempt.verdict = self._work.derivations.check(self.task, attempt.text)
            attempt.tries += 1
            attempt.solved = attempt.solved or attempt.verdict.right
        except FormulaError as problem:  # not a try: nothing was claimed
            attempt.problem = str(problem)
        self._show()
        if attempt.verdict is not None and not attempt.problem:
            self.judged.emit(self.task, attempt.verdict.right)

    def _give_hint(self) -> None:
        self._work.on(self.task).hints += 1
        self._show()

    def _give_factor(self) -> None:
        self._work.on(self.task).factors += 1
        self._show()

    # -- what is shown -------------------------------------------------------------------

    def _show_task(self) -> None:
        if self._experiment is not None:
            self.formula.setText(self._work.on(self.task).text)
            self._show()

    def _show(self) -> None:
        experiment = self._experiment
        if experiment is None:
            return
        attempt, derivations = self._work.on(self.task), self._work.derivations
        reason = derivations.why_not
        for part in (self.formula, self.check):
            part.setEnabled(not reason)
        given = () if reason else derivations.hints(self.task)
        factors = [] if reason else derivations.solution(self.task)
        self.hint.setEnabled(attempt.hints < len(given))
        self.hint.setText(f"Hint {min(attempt.hints + 1, len(given))} of {len(given)}")
        self.solve.setEnabled(attempt.factors < len(factors))
        self._show_typeset(attempt.text, derivations)
        said = [f"<p>{escape(reason)}</p>"] if reason else [_verdict_of(attempt, self._look.theme)]
        said += [f"<p>{escape(hint)}</p>" for hint in given[: attempt.hints][::-1]]
        said += [_step(*factor) for factor in factors[: attempt.factors]]
        self.told.setText(
            "".join(said) or f"<p>{escape(_NAMES.format(T=experiment.timestamps))}</p>"
        )
        self._score.setText(self._work.score)

    def _show_typeset(self, text: str, derivations: Derivations) -> None:
        by = Name(self.task.name)
        left = Derivative(by, at=str(self.task.timestamp))
        equation = Equation(left, typeset(text, derivations.vocabulary) or (Token("…"),), 0.0)
        shown = Explanation("", "", (equation,), "", announced=True, phase=Phase.BACKWARD)
        self.preview.show_explanation(shown, None)


def _shape_of(experiment: Experiment) -> _Shape:
    return _Shape(
        experiment.sequences,
        experiment.timestamps,
        initial_state(experiment),
        experiment.hidden_activation,
        experiment.last_activation,
    )


def _verdict_of(attempt: _Attempt, theme: Theme) -> str:
    if attempt.problem:
        return f"<p>{escape(attempt.problem)}</p>"
    if attempt.verdict is None:
        return ""
    sign, colour = ("✓", theme.update) if attempt.verdict.right else ("✗", theme.backward)
    return f"<p style='color: {colour}'><b>{sign} {escape(attempt.verdict.sentence)}</b></p>"


def _step(text: str, reason: str) -> str:
    return f"<p><code>{escape(text)}</code><br>{escape(reason)}</p>"

"""The gradient check: three ways to one derivative, and planted mistakes to find by them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.code.trace import Trace
from core.data.notation import number, signed
from core.data.values import Values
from core.epoch.frame import Frame
from core.exercises.gradient_check import (
    STEP_SIZES,
    Valley,
    complex_step_parts,
    kink_sentence,
    parts_within_reach,
    relative_error,
    valley_sentence,
    why_a_v,
)
from core.exercises.planted import (
    TUTORIAL,
    Planted,
    mistakes_of,
    plant,
    same_numbers,
    tell_apart,
)
from rnn_gui.fields.choice_field import VIEW_KEYS, ChoiceField
from rnn_gui.fields.number_table import Cell, NumberTable
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.fields.score import Score
from rnn_gui.fields.small_button import small_button
from rnn_gui.plots.difference_panel import TOO_LARGE, DifferencePanel
from rnn_gui.plots.difference_widget import DifferenceWidget
from rnn_gui.theme import Look, panel_palette
from rnn_gui.tutorial_cell import WEIGHTS

UNKNOWN, DIFFERS = "·", "≠ "
WITH_THE_SUMS = "The back-propagated gradient comes with the sums, after the backward pass."
PLANTED = (
    "PLANTED MISTAKE: this backward pass does one thing wrong; the complex step, which needs "
    "none, is right. What was done wrong?"
)
NOT_HERE = "With these numbers the planted mistake does not show. Another one may."
NONE_SHOWS = "None of the mistakes would change these numbers: edit an input or a weight first."
TOO_LONG = "There are too many timestamps here to compute each one's part by the complex step."
_NAMES = ("dE/dWx", "dE/dWrec")
_ERROR_TIP = "Relative error: |a − b| / max(|a|, |b|), beside the complex step; 0 where both are 0"
_CHECK_HEADS = (
    ("", ""),
    ("back-\npropagated", "The sums of the backward pass"),
    ("rel.\nerror", _ERROR_TIP),
    ("central\n", "(E(w + h) − E(w − h)) / (2h)"),
    ("rel.\nerror", _ERROR_TIP),
    ("complex\nstep", "Im E(w + ih) / h with a tiny h: exact to the last digits"),
)
_H_COLUMN = 3
_PART_HEADS = (
    ("timestamp", "What each timestamp adds, the last one first"),
    ("adds to\ndE/dWx", "By the backward pass with the mistake"),
    ("complex\nstep", "The derivative with respect to the Wx of this timestamp alone"),
    ("adds to\ndE/dWrec", "By the backward pass with the mistake"),
    ("complex\nstep", "The derivative with respect to the Wrec of this timestamp alone"),
)
_ROUGH = 1e-3
_SEEN = 1e-6  # a relative error that is no rounding


class CheckView(QWidget):
    """Works while it can be seen. While a mistake is planted, ``mistake`` tells which."""

    planted_changed = Signal(object)  # a core.exercises.planted.Planted, or None
    judged = Signal(str, bool)  # the key of the mistake that is planted, and whether it was named
    copied = Signal(str)
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None, seed: int | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.mistake: Planted | None = None
        self.answers = Score()
        self._draw = np.random.default_rng(seed)
        self._frame: Frame | None = None
        self._look = Look()
        self._answer = ""
        self._seen: object = None
        self._make()
        self._lay_out()
        self._connect()
        self._show_mode()

    def show_frame(self, frame: Frame) -> None:
        """Behind another tab nothing is worked out."""
        self._frame = frame
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.plot.set_look(look)
        for table in (self.table, self.parts):
            table.set_look(look)
        self.setPalette(panel_palette(self.palette(), look.theme))
        if self.isVisible():
            self._show()

    @property
    def step_size(self) -> float:
        """The h of the table."""
        return self.panel.chosen

    def choose_step(self, step: float) -> None:
        """Another h, one of `STEP_SIZES`."""
        self.panel.choose(step)
        self._show()

    # Built once

    def _make(self) -> None:
        self.panel = DifferencePanel()
        self.plot = DifferenceWidget(self.panel)
        self.table = NumberTable("Gradient, three ways", _CHECK_HEADS)
        self.parts = NumberTable("What each timestamp adds, wrong and right", _PART_HEADS)
        self.plant_button = small_button("Plant a mistake", "Find out what is done wrong")
        self.another = small_button("Another one", "Plant another mistake")
        self.stop = small_button("Stop", "Back to the right backward pass")
        self.answer_button = small_button("Answer", "Say that this is the mistake")
        choices = [(key, told.title, "") for key, told in TUTORIAL.items()]
        self.choice = ChoiceField("What was done wrong", choices, VIEW_KEYS)
        self.note, self.sentence, self.why = _label("muted"), _label(), _label("muted")
        self.strip_text, self.told, self.score = _label(), _label(), _label("muted")
        self.told.setAccessibleName("Whether the answer is right")
        # What is said of an answer has its room once the page is laid out anew.
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self.strip = QFrame()
        self.strip.setAccessibleName("A mistake is planted")
        self.strip.setProperty("role", "notice")

    def _lay_out(self) -> None:
        title = QLabel("GRADIENT CHECK")
        title.setProperty("role", "panel-title")
        above = _row(title, None, self.plant_button, self.another, self.stop)
        strip = QVBoxLayout(self.strip)
        strip.setContentsMargins(8, 5, 8, 5)
        strip.addWidget(self.strip_text)
        self._answers = QWidget()
        answers = QVBoxLayout(self._answers)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(4)
        answers.addLayout(_row(self.choice, self.answer_button))
        answers.addWidget(self.told)
        answers.addWidget(self.score)
        self._page = QWidget()
        inside = QVBoxLayout(self._page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        for widget in (self.strip, self.table, self.note, self.parts, self._answers, self.sentence):
            inside.addWidget(widget)
        inside.addWidget(self.plot, 1)
        inside.addWidget(self.why)
        inside.addStretch(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        for part in (self._page, self._scroll.viewport()):
            part.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 5, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(above)
        layout.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self.plot.step_chosen.connect(self.choose_step)
        for button in (self.plant_button, self.another):
            button.clicked.connect(self.plant)
        self.stop.clicked.connect(self.stop_finding)
        self.answer_button.clicked.connect(self._tell)
        self._laid_out.timeout.connect(self._keep_in_view)
        self.choice.choice_requested.connect(self._choose)
        for table in (self.table, self.parts):
            table.copied.connect(self.copied)
        for part in (self.plot, self.table, self.parts, self.choice):
            part.leave_requested.connect(self.leave_requested)
        for button in (self.plant_button, self.another, self.stop, self.answer_button):
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)

    # Find the mistake

    def plant(self) -> None:
        """A mistake by chance, among those that show in the present numbers."""
        if self._frame is None:
            return
        found = plant(self._frame.trace, self._draw, self.mistake)
        if found is None:
            self.sentence.setText(NONE_SHOWS)
            self.told.setText(NONE_SHOWS)
            return
        self.set_mistake(found)

    def stop_finding(self) -> None:
        """The right backward pass again."""
        self.set_mistake(None)

    def set_mistake(self, mistake: Planted | None) -> None:
        """This one from now on, or none."""
        held = any(part.hasFocus() for part in (self.plant_button, self.another, self.stop))
        self.mistake, self._answer = mistake, ""
        self.told.setText("")
        self._show_mode()
        self._seen = None
        self._show()
        self._scroll.verticalScrollBar().setValue(0)
        if held:  # the button that was pressed may be gone
            (self.plant_button if mistake is None else self.choice).setFocus()
        self.planted_changed.emit(mistake)

    def _show_mode(self) -> None:
        finding = self.mistake is not None
        found = (self.strip, self.parts, self._answers, self.another, self.stop)
        checked = (self.plant_button, self.plot, self.sentence, self.why)
        come, go = (found, checked) if finding else (checked, found)
        for part in go:  # first: all of them side by side would widen the window
            part.hide()
        for part in come:
            part.show()
        self._show_answer()

    def _choose(self, key: str) -> None:
        self._answer = key
        self.told.setText("")
        self._show_answer()

    def _show_answer(self) -> None:
        self.choice.show_choice(self._answer, "Choose what was done wrong")
        self.answer_button.setEnabled(bool(self._answer) and not self.told.text())
        self.score.setText(str(self.answers))

    def _tell(self) -> None:
        """Right or wrong, and why."""
        frame, planted = self._frame, self.mistake
        if frame is None or planted is None or self._answer not in TUTORIAL:
            return
        answer = mistakes_of(frame.experiment.cell, frame.timestamps)[self._answer]
        right = same_numbers(answer, planted, frame.trace)
        self.answers.count(right)
        said = _right(answer, planted) if right else _wrong(answer, frame)
        self.told.setText(f"{'✓' if right else '✗'} {said}")
        self.told.setProperty("role", "" if right else "problem")
        self.told.style().polish(self.told)
        self._show_answer()
        self._laid_out.start()
        self.judged.emit(planted.key, right)

    def _keep_in_view(self) -> None:
        """The answer with what is said of it."""
        self._scroll.ensureWidgetVisible(self._answers, 0, 4)

    # What is shown

    def _show(self) -> None:
        frame = self._frame
        if frame is None:
            return
        weights, known = frame.trace.weights, frame.gradient is not None
        seen = self._seen
        now = (frame.experiment, weights, known, self._look, self.step_size, self.mistake)
        if seen == now:  # most steps of an epoch
            return
        self._seen = now
        self.panel.show_frame(frame)
        if self.mistake is None:
            self._show_check(frame)
        else:
            self._show_planted(frame, self.mistake.trace(frame.trace))

    def _show_check(self, frame: Frame) -> None:
        found = self.panel.valley
        self._show_gradient(frame.gradient, found)
        self.note.setVisible(frame.gradient is None)
        self.note.setText(WITH_THE_SUMS)
        said = [TOO_LARGE + "."] if found is None else [valley_sentence(found)]
        self.sentence.setText(" ".join([*said, kink_sentence(frame.trace)]).strip())
        self.why.setText(why_a_v(frame.experiment) if self.panel.rings else "")

    def _show_planted(self, frame: Frame, trace: Trace) -> None:
        assert self.mistake is not None
        shows = tell_apart(self.mistake, frame.trace)
        self.strip_text.setText(PLANTED if shows else f"{PLANTED} {NOT_HERE}")
        self._show_gradient(trace.gradient, self.panel.valley)
        fits = parts_within_reach(frame.experiment)
        self.note.setVisible(not fits)
        self.note.setText(TOO_LONG)
        self.parts.setVisible(fits)
        if fits:
            self._show_parts(frame, trace)

    def _show_gradient(self, gradient: Values | None, found: Valley | None) -> None:
        digits = self._look.digits
        column = STEP_SIZES.index(self.step_size)
        rows = []
        for row, (weight, name) in enumerate(zip(WEIGHTS, _NAMES, strict=True)):
            exact = None if found is None else float(found.complex_step[row])
            central = None if found is None else float(found.differences[row, column])
            back = None if gradient is None else float(gradient[weight])
            shown = [Cell(name, name)]
            shown += [_cell(back, digits), _error_cell(back, exact, judged=True)]
            shown += [_cell(central, digits), _error_cell(central, exact)]
            rows.append([*shown, _cell(exact, digits)])
        head = f"central\nh = {number(self.step_size)}"
        self.table.show_rows(rows, {_H_COLUMN: head})

    def _show_parts(self, frame: Frame, trace: Trace) -> None:
        right = complex_step_parts(frame.experiment, trace.weights)
        rows = []
        for row in reversed(range(frame.timestamps)):
            cells = [Cell(str(row + 1), str(row + 1))]
            for name in WEIGHTS:
                mine, exact = float(trace.parts(name)[row]), float(right[name][row])
                cells += [_compared(mine, exact, self._look.digits), _added(exact, self._look)]
            rows.append(cells)
        self.parts.show_rows(rows)


def _cell(value: float | None, digits: int) -> Cell:
    return Cell(UNKNOWN) if value is None else Cell(number(value, digits), repr(value))


def _error_cell(value: float | None, exact: float | None, *, judged: bool = False) -> Cell:
    if value is None or exact is None:
        return Cell(UNKNOWN)
    error = relative_error(value, exact)
    wrong = judged and error > _SEEN
    digits = 2 if error > _ROUGH else 1  # of a small one the power of ten tells all
    return Cell((DIFFERS if wrong else "") + number(error, digits), repr(error), wrong)


def _compared(value: float, exact: float, digits: int) -> Cell:
    """A number beside the right one."""
    wrong = relative_error(value, exact) > _SEEN
    return Cell((DIFFERS if wrong else "") + signed(value, digits), repr(value), wrong)


def _added(value: float, look: Look) -> Cell:
    return Cell(signed(value, look.digits), repr(value))


def _right(answer: Planted, planted: Planted) -> str:
    if answer.key == planted.key:
        return f"Right. {planted.sentence}"
    return f"Right: with these numbers it cannot be told from what was planted. {planted.sentence}"


def _wrong(answer: Planted, frame: Frame) -> str:
    if not tell_apart(answer, frame.trace):
        return "Not that: with these numbers that mistake would change nothing. Try again."
    return (
        "Not that: it would give other numbers. Look for the first ≠ from the last timestamp "
        "down, and try again."
    )


def _label(role: str = "") -> QLabel:
    made = QLabel()
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is free room between them."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row

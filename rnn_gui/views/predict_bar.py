"""Predict, then reveal: what the next step will show is asked for before it is shown."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout

from core.data.notation import number
from core.epoch.frame import Frame
from core.exercises.predict import Judgement, Question, Rough, judge, judge_roughly, question
from rnn_gui.fields.cell_text import NotANumber, read_number
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys, keep_plain_keys
from rnn_gui.fields.score import Score
from rnn_gui.theme import Look

_ROUGH = {
    Rough.LARGER: ("larger", "The value of the next step is larger than that"),
    Rough.SMALLER: ("smaller", "The value of the next step is smaller than that"),
    Rough.SAME: ("same", "The value of the next step is the same"),
}


_FIRST = "Say the value first; then the step is shown."


class PredictBar(QFrame):
    """Asks for a number, or for larger, smaller or the same; an answer reveals the step.

    Going on without an answer is no try. ``score`` counts the answers.
    """

    judged = Signal(int, bool)  # the number of a step, and whether its prediction was right
    answered = Signal()  # the step is to be shown now
    back_requested = Signal()  # one step back
    leave_requested = Signal()
    problem_reported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "ask")
        self._look = Look()
        self._frame: Frame | None = None
        self._question: Question | None = None
        self._wanted: Collection[int] | None = None
        self._was_right = True  # the last answer
        self._left_by_itself = False  # the keyboard was here when nothing was asked any more
        self.score = Score()
        self.asked, self.told, self._score = QLabel(), QLabel(), QLabel()
        self.line, self.check = _Line(), QToolButton()
        self.line.back_requested.connect(self.back_requested)
        self.rough = {answer: QToolButton() for answer in Rough}
        self._make_parts()
        self._lay_out()
        self.line.returnPressed.connect(self._judge)
        self.check.clicked.connect(self._judge)
        for answer, button in self.rough.items():
            button.clicked.connect(lambda _=False, answer=answer: self._judge_roughly(answer))
        self.setFocusProxy(self.line)
        self.hide()

    def show_frame(self, frame: Frame) -> None:
        """Nothing is worked out while nobody is asked."""
        self._frame = frame
        if not self.isHidden():
            self._ask(frame)

    def set_look(self, look: Look) -> None:
        self._look = look
        if self._frame is not None:
            self.show_frame(self._frame)

    def set_asking(
        self, asking: bool, wanted: Collection[int] | None = None, score: Score | None = None
    ) -> None:
        """Begin or end. Asked for are all steps, or those ``wanted`` alone, by their numbers in
        the epoch. The score stays, or another one goes on.
        """
        self._wanted, self.score = wanted, score or self.score
        self._was_right, self._left_by_itself = True, False
        self.setVisible(asking)
        self.told.setText(_FIRST)
        self.line.clear()
        if asking and self._frame is not None:
            self._ask(self._frame)

    def _make_parts(self) -> None:
        self.line.setPlaceholderText("a number")
        self.line.setToolTip("Two digits at least, rounded; decimal point or comma")
        self.line.setAccessibleName("Your prediction")
        self.line.setMinimumWidth(90)
        keep_plain_keys(self.line, self.leave_requested.emit)
        self.check.setText("Check")
        self.check.setToolTip("Compare it with the value, which is then shown (Enter)")
        for answer, button in self.rough.items():
            button.setText(_ROUGH[answer][0])
            button.setToolTip(_ROUGH[answer][1])
        for button in (self.check, *self.rough.values()):
            button.setProperty("role", "small")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
        for label in (self.asked, self.told):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.told.setAccessibleName("What is said of the last prediction")
        # Room for two lines at once: what stands below does not move when something is said.
        self.told.setMinimumHeight(2 * QFontMetrics(self.told.font()).lineSpacing())
        self.told.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        answers = QHBoxLayout()
        answers.setSpacing(4)
        answers.addWidget(self.line, 1)
        answers.addWidget(self.check)
        answers.addSpacing(8)
        for button in self.rough.values():
            answers.addWidget(button)
        above = QHBoxLayout()
        above.addWidget(self.asked, 1)
        above.addWidget(self._score)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 5, 8, 5)
        layout.setSpacing(4)
        layout.addWidget(self.told)
        layout.addLayout(above)
        layout.addLayout(answers)

    @property
    def _is_wanted(self) -> bool:
        """Whether the step to come is one to be asked for."""
        return self._wanted is None or self._coming in self._wanted

    @property
    def _coming(self) -> int:
        assert self._frame is not None
        return self._frame.position.next(self._frame.experiment.steps).step

    def _ask(self, frame: Frame) -> None:
        self._question = asked = question(frame) if self._is_wanted else None
        answers = (self.line, self.check, *self.rough.values())
        if asked is None and any(part.hasFocus() for part in answers):
            self._left_by_itself = True
            self.leave_requested.emit()  # else Qt hands the keyboard to any button
        for part in answers:
            part.setEnabled(asked is not None)
        self.asked.setText(self._asked_of(asked))
        self._score.setText(str(self.score))
        if asked is not None and self._left_by_itself:
            self.line.setFocus()  # it is asked once more
            self._left_by_itself = False

    def _asked_of(self, asked: Question | None) -> str:
        if asked is not None:
            reference = number(asked.reference, self._look.digits)
            beside = reference if asked.beside == reference else f"{asked.beside}, {reference}"
            return f"Predict {asked.asked}. Or is it larger or smaller than {beside}, or the same?"
        if self._is_wanted:
            return "Nothing to predict: the next value is not a finite number."
        return "Nothing is asked of the next step." if self._was_right else "To try again, press ←."

    def _judge(self) -> None:
        text = self.line.text()
        if self._question is None or not text.strip():
            return
        try:
            read_number(text)
        except NotANumber as problem:
            self.problem_reported.emit(f"No prediction yet: {problem}.")
            return
        plain = text.replace(",", ".").replace("−", "-")
        self._reveal(judge(self._question, plain, self._look.digits))

    def _judge_roughly(self, answer: Rough) -> None:
        if self._question is not None:
            self._reveal(judge_roughly(self._question, answer, self._look.digits))

    def _reveal(self, judged: Judgement) -> None:
        self.score.count(judged.right)
        self._was_right = judged.right
        self.told.setText(f"{'✓' if judged.right else '✗'} {judged.sentence}")
        self.line.clear()
        self.judged.emit(self._coming, judged.right)
        self.answered.emit()


class _Line(QLineEdit):
    """While nothing is typed there is nowhere to go to the left: ← is the window's."""

    back_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left and not self.text():
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

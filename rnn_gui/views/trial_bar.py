"""Try it: a line for any sequence, never trained on, and what the network makes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from core.data.notation import number, signed
from core.data.values import Array
from core.epoch.frame import Frame
from core.exercises.trial import TrialError, read_sequence, trial_frame
from rnn_gui.fields.elided_label import ElidedLabel
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys, keep_plain_keys
from rnn_gui.theme import Look

_PAUSE = 400  # milliseconds without a key, after which a text that is no sequence is a mistake
_TIP = "Any sequence of any length, such as 1 0 1 1 or 1011; the network is not trained on it"


class TrialBar(QFrame):
    """Prediction, true count and error as one types; ``trial`` is the frame of its states.

    The trial goes with the weights: it follows every step and all training.
    """

    trial_changed = Signal()
    leave_requested = Signal()
    problem_reported = Signal(str)  # empty once it is over

    def __init__(self) -> None:
        super().__init__()
        self.trial: Frame | None = None
        self._frame: Frame | None = None
        self._sequence: Array | None = None
        self._problem = ""
        self._insisted = False  # a pause or Enter: it is not half of a number any more
        self._told = False  # the window, which may still show it
        self._look = Look()
        self.line = _Line()
        self.line.setPlaceholderText("1 0 1 1 0 …")
        self.line.setAccessibleName("Sequence to try")
        self.line.setToolTip(_TIP)
        self.line.setClearButtonEnabled(True)
        self._answer = ElidedLabel()
        self._answer.setAccessibleName("What the network makes of it")
        self.in_canvas = QToolButton()
        self.in_canvas.setText("In the canvas")
        self.in_canvas.setToolTip("Show the states of this sequence in the time canvas")
        self.in_canvas.setCheckable(True)
        self.in_canvas.setChecked(True)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._insist)
        self._lay_out()
        self.line.textChanged.connect(self._read)
        self.line.returnPressed.connect(self._report)
        self.line.left.connect(self.leave_requested)
        self.in_canvas.toggled.connect(self.trial_changed)
        keep_plain_keys(self.line)
        keep_keys(self.in_canvas, BUTTON_KEYS)
        self._show()

    @property
    def canvas_frame(self) -> Frame | None:
        """What the time canvas shows instead of the run, if anything."""
        return self.trial if self.in_canvas.isChecked() else None

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._try()
        self._show()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._show()

    def _lay_out(self) -> None:
        title = QLabel("Try it")
        title.setBuddy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget, stretch in (
            (title, 0),
            (self.line, 2),
            (self._answer, 3),
            (self.in_canvas, 0),
        ):
            row.addWidget(widget, stretch)

    def _read(self, text: str) -> None:
        if self._told:
            self._told = False
            self.problem_reported.emit("")
        self._sequence, self._problem, self._insisted = None, "", False
        try:
            self._sequence = read_sequence(text)
        except TrialError as problem:
            self._problem = str(problem) if text else ""
        self._pause.start()
        self._try()
        self._show()
        self.trial_changed.emit()

    def _insist(self) -> None:
        """Say why it is no sequence."""
        self._insisted = True
        self._show()

    def _report(self) -> None:
        self._insist()
        if self._problem:
            self._told = True
            self.problem_reported.emit(self._problem)

    def _try(self) -> None:
        frame, sequence = self._frame, self._sequence
        if frame is None or sequence is None:
            self.trial = None
        else:
            self.trial = trial_frame(frame, sequence)

    def _show(self) -> None:
        self.in_canvas.setEnabled(self.trial is not None)
        role = "problem" if self._problem and self._insisted else "muted" if self._problem else ""
        if role != self._answer.property("role"):
            self._answer.setProperty("role", role)
            self._answer.style().polish(self._answer)
        self._answer.setText(self._answer_text())

    def _answer_text(self) -> str:
        if self._problem:
            return self._problem if self._insisted else "no sequence yet"
        if self.trial is None:
            return ""
        predictions, errors = self.trial.predictions, self.trial.errors
        assert predictions is not None  # all states of a trial are done
        assert errors is not None
        digits = self._look.digits
        return (
            f"prediction {number(float(predictions[0]), digits)}"
            f" · ones {number(float(self.trial.experiment.targets[0]), digits)}"
            f" · error {signed(float(errors[0]), digits)}"
        )


class _Line(QLineEdit):
    """Esc first empties the line, then leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

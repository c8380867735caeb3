"""The status line: the numbers that matter most, or the one sentence that has to be read."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from core.data.notation import number, signed
from core.epoch.frame import Frame
from core.epoch.glossary import WORDS
from core.epoch.spoken import spoken
from rnn_gui.fields.elided_label import ElidedLabel
from rnn_gui.fields.plain_tip import plain_tip
from rnn_gui.fields.steady_label import SteadyLabel
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import GLOSSARY, WEIGHTS

_REST = 400  # milliseconds
_WORDS = {
    "cost": GLOSSARY.words("E"),
    **{f"dE/d{name}": GLOSSARY.gradient(name) for name in WEIGHTS},
}


class StatusLine(QWidget):
    """Cost and gradients as far as they are known, and the step as a sentence, which a screen
    reader says. A message takes their place until the next frame."""

    def __init__(self) -> None:
        super().__init__()
        self._digits = Look().digits
        self._frame: Frame | None = None
        self._numbers = {name: SteadyLabel() for name in _WORDS}
        self._size = SteadyLabel()
        self._size.setToolTip(f"{WORDS['x']} × {WORDS['timestamp']}s")
        self._spoken = ElidedLabel()
        self._spoken.setAccessibleName("What this step computed")
        self._spoken.setProperty("role", "muted")
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._announce)
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)  # it names files
        self._sentence.setAccessibleName("Message")
        self._sentence.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 2)
        layout.setSpacing(16)
        for label in (*self._numbers.values(), self._size, self._sentence):
            layout.addWidget(label)
        layout.setStretchFactor(self._sentence, 1)
        layout.addWidget(self._spoken, 1)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        for name, value in _values(frame).items():
            label = self._numbers[name]
            label.setText(f"{name} {self._printed(name, value)}")
            label.setToolTip(_tip(name, value))
        self._size.setText(
            f"{_count(frame.sequences, 'sequence')} × {_count(frame.timestamps, 'timestamp')}"
        )
        self._speak(spoken(frame, self._digits))
        self._show_numbers(True)

    def set_look(self, look: Look) -> None:
        self._digits = look.digits
        if self._frame is not None and self._sentence.isHidden():
            self.show_frame(self._frame)

    def say(self, sentence: str) -> None:
        """Show a sentence until something else happens."""
        self._show_sentence(sentence, "")

    def say_problem(self, sentence: str) -> None:
        """The same for one that tells of a problem; an empty one tells that it is over."""
        if sentence:
            self._show_sentence(sentence, "problem")
        else:
            self._show_numbers(True)

    @property
    def sentence(self) -> str:
        """The sentence on show, or nothing."""
        return "" if self._sentence.isHidden() else self._sentence.text()

    def _show_sentence(self, sentence: str, role: str) -> None:
        self._sentence.setProperty("role", role)
        self._sentence.style().polish(self._sentence)
        self._sentence.setText(sentence)
        self._sentence.setToolTip(plain_tip(sentence))
        self._show_numbers(False)

    def _show_numbers(self, shown: bool) -> None:
        for label in (*self._numbers.values(), self._size, self._spoken):
            label.setVisible(shown)
        self._sentence.setHidden(shown)

    def _speak(self, sentence: str) -> None:
        if sentence != self._spoken.text():
            self._spoken.setText(sentence)
            self._rest.start()

    def _announce(self) -> None:
        """To a screen reader, once nothing has changed for a moment: not while training runs."""
        if QAccessible.isActive():
            said = QAccessibleAnnouncementEvent(self._spoken, self._spoken.text())
            QAccessible.updateAccessibility(said)

    def _printed(self, name: str, value: float | None) -> str:
        if value is None:
            return "·"
        return (number if name == "cost" else signed)(value, self._digits)


def _values(frame: Frame) -> dict[str, float | None]:
    gradients = (None, None) if frame.gradient is None else frame.gradient.values()
    return dict(zip(_WORDS, (frame.cost, *gradients), strict=True))


def _tip(name: str, value: float | None) -> str:
    shown = "not computed yet at this step" if value is None else repr(value)
    return f"{name}: {shown}\n{_WORDS[name]}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

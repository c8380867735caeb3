"""The status line: the numbers that matter most, or the one sentence that has to be read."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from core.frame import Frame
from core.notation import number, signed
from rnn_gui.theme import Look


class StatusLine(QWidget):
    """Cost and gradients as far as they are known; a sentence takes their place until the
    next frame."""

    def __init__(self) -> None:
        super().__init__()
        self._digits = Look().digits
        self._frame: Frame | None = None
        self._numbers = QLabel()
        self._numbers.setAccessibleName("Cost and gradients")
        self._sentence = QLabel()
        self._sentence.setAccessibleName("Message")
        self._sentence.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 2)
        layout.addWidget(self._numbers)
        layout.addWidget(self._sentence)
        layout.addStretch(1)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._sentence.hide()
        self._numbers.setText(status_text(frame, self._digits))
        self._numbers.show()

    def set_look(self, look: Look) -> None:
        self._digits = look.digits
        if self._frame is not None and self._sentence.isHidden():
            self.show_frame(self._frame)

    def say(self, sentence: str) -> None:
        """Show a sentence until something else happens."""
        self._show_sentence(sentence, "")

    def say_problem(self, sentence: str) -> None:
        """The same for one that tells of a problem."""
        self._show_sentence(sentence, "problem")

    @property
    def sentence(self) -> str:
        """The sentence on show, or nothing."""
        return "" if self._sentence.isHidden() else self._sentence.text()

    def _show_sentence(self, sentence: str, role: str) -> None:
        self._sentence.setProperty("role", role)
        self._sentence.style().polish(self._sentence)
        self._sentence.setText(sentence)
        self._sentence.setToolTip(sentence)
        self._numbers.hide()
        self._sentence.show()


def status_text(frame: Frame, digits: int) -> str:
    cost, gradient = frame.cost, frame.gradient
    parts = [
        f"cost {'·' if cost is None else number(cost, digits)}",
        f"dE/dWx {signed(gradient.wx, digits) if gradient else '·'}",
        f"dE/dWrec {signed(gradient.wrec, digits) if gradient else '·'}",
        f"{_count(frame.sequences, 'sequence')} × {_count(frame.timestamps, 'timestamp')}",
    ]
    return "    ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

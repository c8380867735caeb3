"""The equation of the step: symbols, numbers in the same places, result."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from core.cell.names import sequence_name
from core.data.notation import number
from core.epoch.explain import Explanation, explain
from core.epoch.frame import Frame
from rnn_gui.equation_canvas import EquationCanvas
from rnn_gui.equation_layout import heading
from rnn_gui.theme import Look, panel_palette

_TITLE = "EQUATION OF THIS STEP"
_GAP = 4


class EquationView(QWidget):
    """Title and sentence of the step, its equations, and those without the activation."""

    copied = Signal(str)  # what was copied, as a sentence

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._frame: Frame | None = None
        self._explanation: Explanation | None = None
        self._without: Explanation | None = None
        self._title = QLabel(_TITLE)
        self._title.setProperty("role", "panel-title")
        self._copy = QToolButton()
        self._copy.setText("Copy")
        self._copy.setProperty("role", "small")
        self._copy.setToolTip("Copy the equations with all digits")
        self._copy.setAccessibleName("Copy the equations with all digits")
        self._copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._copy.clicked.connect(self.copy)
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.RichText)
        self._sentence.setAccessibleName("What this step does")
        self.equations = EquationCanvas()
        self.equations.copy_requested.connect(self.copy)
        self._measured: tuple[object, int] = None, 0  # the height of a sentence
        self._tallest = 0  # of the equations shown since the width is this one
        for part in (self._title, self._copy, self._sentence, self.equations):
            part.setParent(self)
        self.setAutoFillBackground(True)  # else all that lies behind it is painted, too

    def show_frame(self, frame: Frame) -> None:
        if frame is self._frame:
            return
        self._frame = frame
        other = frame.unactivated
        same = other is None or other.experiment.same_as(frame.experiment)
        explanation = explain(frame)
        name = explanation.sequence or (sequence_name(0) if frame.sequences == 1 else "")
        self._title.setText(f"{_TITLE} — {f'sequence {name}' if name else 'all sequences'}")
        without = None if same or other is None else explain(other)
        if (explanation, without) != (self._explanation, self._without):
            self._explanation, self._without = explanation, without
            self._show()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setPalette(panel_palette(self.palette(), look.theme))
        self.equations.set_look(look)
        self._show()

    def copy(self) -> None:
        """The equations with all digits, to the clipboard; symbols alone where they are to come."""
        QGuiApplication.clipboard().setText(self.text_in_full())
        self.copied.emit("Copied the equation with all digits.")

    def text_in_full(self) -> str:
        """What Copy copies."""
        if self._explanation is None:
            return ""
        parts = [heading(self._explanation), *_in_full(self._explanation)]
        if self._without is not None:
            parts += ["Without the activation", *_in_full(self._without)]
        return "\n\n".join(parts)

    def sizeHint(self) -> QSize:
        """With room for the tallest equation so far: it shall not come and go with the steps."""
        least = self._needed(self.equations.sizeHint())
        return QSize(least.width(), max(least.height(), self._tallest))

    def minimumSizeHint(self) -> QSize:
        longest = self._title.fontMetrics().horizontalAdvance(f"{_TITLE} — all sequences")
        return self._needed(QSize(longest + _GAP + self._copy.sizeHint().width(), 60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._tallest = 0
        self._place()
        self._ask_for_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        """By hand: a layout would lay out the whole window anew with every sentence."""
        width, head = self.width(), self._head
        button = self._copy.sizeHint()
        self._copy.setGeometry(width - button.width(), 0, button.width(), head)
        self._title.setGeometry(0, 0, width - button.width() - _GAP, head)
        top = self._sentence_bottom + _GAP
        self._sentence.setGeometry(0, head + _GAP, width, top - head - 2 * _GAP)
        self.equations.setGeometry(0, top, width, max(self.height() - top, 0))

    def _ask_for_room(self) -> None:
        needed = self._sentence_bottom + _GAP + self.equations.needed_height
        if needed > self._tallest:
            self._tallest = needed
            self.updateGeometry()

    @property
    def _sentence_bottom(self) -> int:
        shown = self._sentence.text(), self.width(), self._sentence.font().key()
        if shown != self._measured[0]:  # to ask a label for it paints the label once more
            self._measured = shown, self._sentence.heightForWidth(self.width())
        return self._head + _GAP + self._measured[1]

    @property
    def _head(self) -> int:
        return max(self._title.sizeHint().height(), self._copy.sizeHint().height())

    def _needed(self, equations: QSize) -> QSize:
        sentence = 2 * self._sentence.fontMetrics().lineSpacing()
        height = self._head + sentence + 2 * _GAP + equations.height()
        return QSize(equations.width(), height)

    def _show(self) -> None:
        explanation = self._explanation
        if explanation is None:
            return
        self._sentence.setText(
            f"<b>{escape(heading(explanation))}.</b> {escape(explanation.sentence)}"
        )
        self._place()  # now: else the equations are laid out and painted a second time
        self.equations.show_explanation(explanation, self._without)
        digits = self._look.digits
        lines = [heading(explanation), explanation.sentence, *_in_words(explanation, digits)]
        if self._without is not None:
            lines += ["Without the activation", *_in_words(self._without, digits)]
        self.equations.setAccessibleDescription("\n".join(lines))
        self._ask_for_room()


def _in_full(explanation: Explanation) -> list[str]:
    announced = explanation.announced
    return [e.symbols if announced else e.in_full() for e in explanation.equations]


def _in_words(explanation: Explanation, digits: int) -> list[str]:
    lines = []
    for equation in explanation.equations:
        lines.append(equation.symbols)
        if not explanation.announced:
            lines.append("= " + " ".join(equation.numbers(digits)))
            lines.append(f"= {number(equation.result, digits)}")
    return lines

"""A field for one finite number: rounded to look at, all its digits to edit."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from core.cell.update_rules import Setting
from core.data.notation import number
from rnn_gui.fields.balloon import Balloon
from rnn_gui.fields.cell_text import EXAMPLES, NotANumber, exact, read_number
from rnn_gui.fields.plain_keys import keep_plain_keys
from rnn_gui.theme import Look, pen

_FEWEST_DIGITS = 2
_AROUND = 18  # border and padding, left and right


class NumberField(QLineEdit):
    """Emits the number that was typed and shows the one that it is given.

    Enter and leaving the field commit a text that was changed, Up and Down change the second
    digit, Esc brings the number back and, where nothing was changed, leaves. What is only
    looked at is never committed, so a rounded number cannot become the value.

    What is no number, or none that ``setting`` allows, is refused by a balloon at the field.
    """

    number_requested = Signal(float)
    problem_reported = Signal(str)  # empty once it is over
    leave_requested = Signal()

    def __init__(
        self,
        name: str,
        words: str = "",
        parent: QWidget | None = None,
        *,
        setting: Setting | None = None,
    ) -> None:
        """``words`` is what else the number is called; the tool tip says both."""
        super().__init__(parent)
        self._name, self._words, self._setting = name, words, setting
        self._examples = exact(setting.default) if setting else EXAMPLES
        self._why_unused = ""
        self._told = False  # of a problem that may still be on show
        self._value = 0.0
        self._look = Look()
        self._marked = False
        self._just_clicked = False
        self._balloon = Balloon(self)
        self.setAccessibleName(name)
        self.textEdited.connect(self._balloon.dismiss)
        keep_plain_keys(self)
        self._show()

    @property
    def value(self) -> float:
        """The number shown, in full."""
        return self._value

    def set_number(self, value: float) -> None:
        """Show ``value``; a text that is being typed stays."""
        if value != self._value:
            self._value = value
            if not self._typing:
                self._show()

    def set_marked(self, marked: bool) -> None:
        """Outline the field in the colour of the update."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def set_unused(self, why: str) -> None:
        """Dim the field and say why its number plays no part; an empty text brings it back."""
        if why != self._why_unused:
            self._why_unused = why
            self.setEnabled(not why)
            self._show_tip()

    def set_look(self, look: Look) -> None:
        self._look = look
        if not self._typing:
            self._show()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._width_for("−0.000000"), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_for("−0.0000"), super().minimumSizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._just_clicked = event.reason() is Qt.FocusReason.MouseFocusReason
        if not self._typing:
            self._show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._just_clicked and not self.hasSelectedText():
            self._select_all()
        self._just_clicked = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._commit()
            self._show()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        # Nothing typed, nothing to take back here: Ctrl+Z is the window's.
        if event.type() == QEvent.Type.ShortcutOverride and not self._typing:
            assert isinstance(event, QKeyEvent)
            if event.matches(QKeySequence.StandardKey.Undo) or event.matches(
                QKeySequence.StandardKey.Redo
            ):
                event.ignore()
                return False
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
            self._show()
        elif key == Qt.Key.Key_Escape:
            self._restore_or_leave()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._nudge(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._typing and not self.hasFocus():
            self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(self._look.theme.update, 2.0))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 4, 4)

    @property
    def _typing(self) -> bool:
        return self.isModified()

    def _show(self) -> None:
        """The rounded number, or with the focus all of its digits, selected."""
        focused = self.hasFocus()
        self.setText(exact(self._value) if focused else self._rounded())
        self.setModified(False)
        self._show_tip()
        if focused:
            self._select_all()
        else:
            self.setCursorPosition(0)

    def _show_tip(self) -> None:
        usual = f"{self._name}: {exact(self._value)}\n{self._words}".rstrip()
        self.setToolTip(self._why_unused or usual)

    def _rounded(self) -> str:
        """As many digits as asked for, as long as there is room for them."""
        for digits in range(self._look.digits, _FEWEST_DIGITS, -1):
            text = number(self._value, digits)
            if self._width_for(text) <= self.width():
                return text
        return number(self._value, _FEWEST_DIGITS)

    def _select_all(self) -> None:
        """Backwards, so that a long number shows its beginning."""
        self.setSelection(len(self.text()), -len(self.text()))

    def _commit(self) -> bool:
        """Ask for the number that was typed; False where it is none, which is then told."""
        if not self._typing:
            return True
        text = self.text()
        self.setModified(False)
        try:
            value = read_number(text, self._examples)
        except NotANumber as problem:
            self._refuse(f"{self._name}: {problem}.")
            return False
        return self._request(value)

    def _request(self, value: float) -> bool:
        """Ask for a number that is another one; False where it is out of range."""
        setting = self._setting
        if setting and not setting.allows(value):
            needed = f"must be {setting.needed}"
            self._refuse(f"{self._name} {needed}; type a number such as {self._examples}.")
            return False
        self._settle()
        if value != self._value:
            self.number_requested.emit(value)
        return True

    def _refuse(self, sentence: str) -> None:
        self._balloon.show_problem(sentence, self.rect(), self._look.theme)
        self.problem_reported.emit(sentence)
        self._told = True

    def _settle(self) -> None:
        """Take back what was told of a problem: it is over."""
        self._balloon.dismiss()
        if self._told:
            self._told = False
            self.problem_reported.emit("")

    def _restore_or_leave(self) -> None:
        self._settle()
        if self._typing:
            self.setModified(False)
            self._show()
        else:
            self.leave_requested.emit()

    def _nudge(self, direction: int) -> None:
        if self._commit():
            self._request(nudged(self._value, direction))
        self._show()

    def _width_for(self, text: str) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(text) + _AROUND


def nudged(value: float, direction: int) -> float:
    """One more or less in the second digit, in decimal: 0.3 + 0.01 is 0.31."""
    exact_value = Decimal(repr(value))
    power = exact_value.adjusted() - 1 if value else -1
    nearest = float(exact_value + direction * Decimal(1).scaleb(power))
    return nearest + 0.0 if abs(nearest) != float("inf") else value

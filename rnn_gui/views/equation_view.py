"""The equation of the step: symbols, numbers in the same places, result."""

from __future__ import annotations

from html import escape
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QLabel,
    QMenu,
    QScrollBar,
    QSizePolicy,
    QToolButton,
    QToolTip,
    QWidget,
)

from core.experiment import sequence_name
from core.explain import Explanation, explain
from core.frame import Frame
from core.notation import number
from rnn_gui.equation_layout import Layout, heading, layout_explanation
from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.theme import Look
from rnn_gui.typeset import Typesetter

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
        around = self.palette()
        around.setColor(QPalette.ColorRole.Window, look.theme.panel)
        self.setPalette(around)
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
        return self._needed(self.equations.sizeHint())

    def minimumSizeHint(self) -> QSize:
        longest = self._title.fontMetrics().horizontalAdvance(f"{_TITLE} — all sequences")
        return self._needed(QSize(longest + _GAP + self._copy.sizeHint().width(), 60))

    def resizeEvent(self, _: QResizeEvent) -> None:
        self._place()

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
        top = head + _GAP
        told = self._sentence.heightForWidth(width)
        self._sentence.setGeometry(0, top, width, told)
        top += told + _GAP
        self.equations.setGeometry(0, top, width, max(self.height() - top, 0))

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
        self.equations.show_explanation(explanation, self._without)
        digits = self._look.digits
        lines = [heading(explanation), explanation.sentence, *_in_words(explanation, digits)]
        if self._without is not None:
            lines += ["Without the activation", *_in_words(self._without, digits)]
        self.equations.setAccessibleDescription("\n".join(lines))


class EquationCanvas(QAbstractScrollArea):
    """The painted equations; scrolls where they need more room than there is."""

    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._explanation: Explanation | None = None
        self._without: Explanation | None = None
        self._setter = Typesetter(Look())
        self._look = Look()
        self._layout = Layout(self._look)
        self._layouts: dict[int, Layout] = {}  # by width, of what is shown now
        self._room = QSize()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Equation of this step")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(60)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        copy_on_key(self, self.copy_requested.emit)

    def show_explanation(self, explanation: Explanation, without: Explanation | None) -> None:
        self._explanation, self._without = explanation, without
        self.verticalScrollBar().setValue(0)
        self._layouts.clear()
        self._relayout()

    def set_look(self, look: Look) -> None:
        self._look, self._setter = look, Typesetter(look)
        self._layouts.clear()
        self._relayout()

    def text_tip(self, point: QPoint) -> str:
        """The tool tip of the quantity at a point of the viewport."""
        return self._layout.tip_at(QPointF(point) - self._origin())

    def sizeHint(self) -> QSize:
        return QSize(340, 150)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._look.theme.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._look.theme.accent), 1))
            edge = QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(edge, 3, 3)
        painter.translate(self._origin())
        self._layout.paint(painter)
        painter.end()

    def resizeEvent(self, _: QResizeEvent) -> None:
        if self._room.width() != self.maximumViewportSize().width():
            self._layouts.clear()
        self._relayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        key = QKeySequence.StandardKey.Copy
        menu.addAction("Copy with all digits", key, self.copy_requested.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.text_tip(event.pos())
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def _origin(self) -> QPointF:
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(_MARGIN - across, _MARGIN - down)

    def _relayout(self) -> None:
        if self._explanation is None:
            return
        self._room = room = self.maximumViewportSize()
        layout = self._laid_out(room.width())
        bar = self.verticalScrollBar()
        beside_bar = room.width() - bar.sizeHint().width()
        # What is narrow enough would come out the same.
        too_wide = layout.width + 2 * _MARGIN > beside_bar
        if too_wide and layout.height + 2 * _MARGIN > room.height():
            layout = self._laid_out(beside_bar)
        self._layout = layout
        _set_range(bar, layout.height, room.height())
        _set_range(self.horizontalScrollBar(), layout.width, room.width())
        self.viewport().update()

    def _laid_out(self, width: int) -> Layout:
        """The layout for a width; a step that changes only the height needs no other one."""
        if width not in self._layouts:
            assert self._explanation is not None
            self._layouts[width] = layout_explanation(
                self._explanation,
                self._look,
                width - 2 * _MARGIN,
                without=self._without,
                setter=self._setter,
            )
        return self._layouts[width]


_MARGIN = 4.0


def _set_range(bar: QScrollBar, needed: float, room: int) -> None:
    bar.setRange(0, max(ceil(needed + 2 * _MARGIN) - room, 0))
    bar.setPageStep(room)
    bar.setSingleStep(20)


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

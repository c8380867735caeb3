"""The code of this step: the NumPy lines of one epoch, with those of the step marked."""

from __future__ import annotations

import keyword
import re

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from core.cell.steps import Kind, Phase, Step
from core.data.experiment import Experiment
from core.epoch.frame import Frame
from core.epoch.script import Script, epoch_script
from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.fields.elided_label import ElidedLabel
from rnn_gui.fields.plain_keys import keep_keys
from rnn_gui.fields.small_button import small_button
from rnn_gui.theme import SMALL_SIZE, Look, Theme, code_font, panel_palette
from rnn_gui.tutorial_cell import COST, D_STATE_IN, D_STATE_OUT, PARTS, STATE_IN, STATE_OUT

_SIZES = (12, SMALL_SIZE)  # of the letters; the smaller ones where lines are too wide
_MARGIN = 16  # left of the code, for the marker
_SCROLL_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class CodeView(QWidget):
    """What the step is called, and under it the code of the epoch. It decides nothing."""

    save_requested = Signal()
    copied = Signal(str)  # what was copied, as a sentence
    leave_requested = Signal()  # by Esc

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._experiment: Experiment | None = None
        self._script: Script | None = None
        self._step = ElidedLabel()
        self._step.setAccessibleName("The step whose code is marked")
        self.code = CodeText()
        copy_on_key(self.code, self.copy)
        keep_keys(self.code, _SCROLL_KEYS, self.leave_requested.emit)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._step, 1)
        head.addWidget(_button("Copy", "Copy the code of an epoch, or what is selected", self.copy))
        head.addWidget(
            _button(
                "Save script…",
                "Save the whole run as one Python script, NumPy only, that prints these numbers",
                self.save_requested.emit,
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.code, 1)
        self.setAutoFillBackground(True)
        self.set_look(Look())

    def show_frame(self, frame: Frame) -> None:
        """Behind another tab nothing is worked out."""
        self._frame = frame
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._show()
        super().showEvent(event)

    def set_look(self, look: Look) -> None:
        self.setPalette(panel_palette(self.palette(), look.theme))
        self.code.set_theme(look.theme)

    @property
    def step_text(self) -> str:
        """The step in words, and its timestamp."""
        return self._step.text()

    def copy(self) -> None:
        """What is selected, or all lines of the epoch, to the clipboard."""
        selected = self.code.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(selected or self.code.toPlainText() + "\n")
        self.copied.emit(f"Copied {'the selected code' if selected else 'the code of an epoch'}.")

    def _show(self) -> None:
        frame = self._frame
        if frame is None:
            return
        script = self._script_of(frame.experiment)
        step = frame.step
        self._step.setText(step_line(step, announced=frame.announced))
        self.code.show_code(script.text)
        lines = script.lines_of(step)
        self.code.mark(range(lines[0], lines[-1] + 1), step.phase, announced=frame.announced)

    def _script_of(self, experiment: Experiment) -> Script:
        if self._script is None or experiment is not self._experiment:
            self._experiment, self._script = experiment, epoch_script(experiment)
        return self._script


_STEPS = {
    STATE_IN: "State {} (In)",
    STATE_OUT: "State {} (Out)",
    COST: "the cost",
    D_STATE_OUT: "dE/dS_{}(Out)",
    D_STATE_IN: "dE/dS_{}(In)",
    PARTS: "timestamp {} adds",
    (Kind.SUMS, ""): "the sums dE/dWx, dE/dWrec",
    (Kind.UPDATE, ""): "the new Wx and Wrec",
}


def step_line(step: Step, *, announced: bool) -> str:
    """What k is, in a loop over the timestamps, and the step in words."""
    place = f"k = {step.timestamp} · " if step.timestamp else ""
    name = _STEPS[step.kind, step.name].format(step.timestamp)
    text = f"{'Next: ' if announced else ''}{place}{name}"
    return text[0].upper() + text[1:] if not place else text


def _button(text: str, tip: str, clicked: object) -> QToolButton:
    button = small_button(text, tip)
    button.setAccessibleName(tip)
    button.clicked.connect(clicked)
    return button


class CodeText(QPlainTextEdit):
    """Code that is read, selected and copied; the marked lines have a band and a ▸ beside them.

    Of a step that is still to come the band is a dashed frame and the ▸ is hollow.
    """

    def __init__(self) -> None:
        super().__init__()
        self._theme = Look().theme
        self._highlighter = _Highlighter(self.document(), self._theme)
        self._marked, self._phase, self._announced = range(0), Phase.FORWARD, False
        self._markers = _Markers(self)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setViewportMargins(_MARGIN, 0, 0, 0)
        self.setAccessibleName("Code of the epoch")
        self.verticalScrollBar().valueChanged.connect(self._markers.update)

    @property
    def marked(self) -> range:
        """The numbers of the marked lines, from 0."""
        return self._marked

    def show_code(self, text: str) -> None:
        if text.removesuffix("\n") != self.toPlainText():
            self.setPlainText(text.removesuffix("\n"))
            self._marked = range(0)
            self._fit()
            self.horizontalScrollBar().setValue(0)

    def mark(self, lines: range, phase: Phase, *, announced: bool) -> None:
        """Mark these lines, and scroll to them where they are other ones."""
        if (lines, phase, announced) == (self._marked, self._phase, self._announced):
            return
        moved = lines != self._marked
        self._marked, self._phase, self._announced = lines, phase, announced
        document = self.document()
        texts = [document.findBlockByNumber(i).text().strip() for i in lines]
        self.setAccessibleDescription(f"{'Next' if announced else 'Now'}: {'; '.join(texts)}")
        if moved:
            self._move_cursor()
            self.keep_in_view()
        self._redraw()

    def keep_in_view(self) -> None:
        """Scroll no further down or up than until the marked lines are seen; never sideways: the
        beginnings of all lines tell where one is.
        """
        if self._marked and self.isVisible():
            self._scroll_down()

    def set_theme(self, theme: Theme) -> None:
        if theme is not self._theme:
            self._theme = theme
            self._highlighter.set_theme(theme)
        around = self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, theme.field),
            (QPalette.ColorRole.Text, theme.text),
            (QPalette.ColorRole.Highlight, theme.accent),
            (QPalette.ColorRole.HighlightedText, theme.on_accent),
        ):
            around.setColor(role, QColor(colour))
        self.setPalette(around)
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for band in self.bands():
            area = QRectF(0, band.top(), self.viewport().width(), band.height())
            if self._announced:
                painter.setPen(QPen(QColor(self._theme.phase(self._phase)), 1, _DASHES))
                painter.drawRect(area.adjusted(0.5, 0.5, -1.5, -0.5))
            else:
                painter.fillRect(area, QColor(self._theme.phase_soft(self._phase)))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._markers.setGeometry(inside.left(), inside.top(), _MARGIN, inside.height())
        self._fit()

    def paint_markers(self, painter: QPainter) -> None:
        """A triangle beside each marked line."""
        colour = QColor(self._theme.phase(self._phase))
        painter.fillRect(self._markers.rect(), QColor(self._theme.field))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush if self._announced else colour)
        for number in self._marked:
            middle = self._area(self.document().findBlockByNumber(number)).center().y()
            corners = ((4.5, -4.5), (11.5, 0.0), (4.5, 4.5))
            painter.drawPolygon(QPolygonF([QPointF(x, middle + y) for x, y in corners]))

    def bands(self) -> list[QRectF]:
        """One area behind all marked lines, in the coordinates of the viewport; none or one."""
        areas = [self._area(self.document().findBlockByNumber(i)) for i in self._marked]
        return [areas[0].united(areas[-1])] if areas else []

    def _fit(self) -> None:
        """The largest letters with which all lines are as wide as the view, else the smallest."""
        longest = max(self.toPlainText().splitlines(), key=len, default="")
        for size in _SIZES:
            font = code_font(size)
            if QFontMetricsF(font).horizontalAdvance(longest) < self._room():
                break
        if font != self.font():
            self.setFont(font)
        self.keep_in_view()

    def _move_cursor(self) -> None:
        """The keys scroll, and screen readers read, from the marked lines on."""
        cursor = self.textCursor()
        if self._marked and not cursor.hasSelection():
            line = self.document().findBlockByNumber(self._marked.start)
            cursor.setPosition(line.position() + _indent(line.text()))
            bar = self.horizontalScrollBar()
            before = bar.value()
            self.setTextCursor(cursor)  # which scrolls to it
            bar.setValue(before)

    def _room(self) -> float:
        return self.viewport().width() - 2 * self.document().documentMargin()

    def _scroll_down(self) -> None:
        bar = self.verticalScrollBar()  # it counts lines
        shown = max(bar.pageStep(), 1)
        # One more line on either side, where it fits.
        first, last = self._marked.start - 1, self._marked.stop
        if last - first >= shown:
            first, last = self._marked.start, self._marked.stop - 1
        bar.setValue(min(max(bar.value(), last - shown + 1), first))

    def _area(self, line: QTextBlock) -> QRectF:
        return self.blockBoundingGeometry(line).translated(self.contentOffset())

    def _redraw(self) -> None:
        self.viewport().update()
        self._markers.update()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


_DASHES = Qt.PenStyle.DashLine


class _Markers(QWidget):
    """The margin of the code."""

    def __init__(self, code: CodeText) -> None:
        super().__init__(code)
        self._code = code

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._code.paint_markers(painter)
        painter.end()


class _Highlighter(QSyntaxHighlighter):
    """Keywords bold, numbers and strings in the accent colour, comments muted."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._choose(theme)

    def set_theme(self, theme: Theme) -> None:
        self._choose(theme)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for found in _PARTS.finditer(text):
            assert found.lastgroup is not None
            self.setFormat(found.start(), len(found[0]), self._formats[found.lastgroup])

    def _choose(self, theme: Theme) -> None:
        bold, value, comment = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        value.setForeground(QColor(theme.accent))
        comment.setForeground(QColor(theme.muted))
        self._formats = {"keyword": bold, "value": value, "comment": comment}


_PARTS = re.compile(
    rf"(?P<comment>#.*)|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
    r"|(?P<value>\"[^\"]*\"|'[^']*'|\b\d[\d.]*(?:e[+-]?\d+)?\b)"
)

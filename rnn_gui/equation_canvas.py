"""The painted equations of a step, and the line in which their results stay in view."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QScrollBar, QSizePolicy, QToolTip

from core.epoch.explain import Explanation
from rnn_gui.equation_layout import layout_explanation, layout_results
from rnn_gui.equation_lines import Layout
from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.theme import Look
from rnn_gui.typeset import Mark, Stroke, Text, Typesetter


class EquationCanvas(QAbstractScrollArea):
    """The painted equations. Where they need more room than there is, they scroll by whole lines,
    and their results stand in a line below them that stays, as long as both have room.
    """

    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._explanation: Explanation | None = None
        self._without: Explanation | None = None
        self._setter = Typesetter(Look())
        self._look = Look()
        self._layout = Layout(self._look)
        self._results: Layout | None = None  # in the line below, where there is one
        self._laid_out_for = -1  # pixels of width; of what is not shown any more, none
        self._lines: list[Line] = []  # of the layout, where it scrolls
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Equation of this step")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LOWEST)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)  # the cursor says where a click does something
        copy_on_key(self, self.copy_requested.emit)

    def show_explanation(self, explanation: Explanation, without: Explanation | None) -> None:
        self._explanation, self._without = explanation, without
        self.verticalScrollBar().setValue(0)
        self._laid_out_for = -1
        self._relayout()

    def set_look(self, look: Look) -> None:
        self._look, self._setter = look, Typesetter(look)
        self._laid_out_for = -1
        self._relayout()

    @property
    def needed_height(self) -> int:
        """Pixels with which nothing has to be scrolled."""
        return ceil(self._layout.height + 2 * _MARGIN)

    @property
    def seen(self) -> Line:
        """From where to where the layout is painted: as long as one line has room, none is cut."""
        top = -self._origin().y()
        bottom = top + self._results_top
        whole = [line for line in self._lines if top <= line.top and line.bottom <= bottom]
        return Line(whole[0].top, whole[-1].bottom) if whole else Line(top, bottom)

    def text_tip(self, point: QPoint) -> str:
        """The tool tip of the quantity at a point of the viewport."""
        if self._results is not None and point.y() >= self._results_top:
            return self._results.tip_at(QPointF(point) - self._results_origin())
        return self._layout.tip_at(QPointF(point) - self._origin())

    def scroll_to_result(self, index: int) -> None:
        """Bring the line of a result into view."""
        middle = self._layout.results[index].center().y() + _MARGIN
        self.verticalScrollBar().setValue(round(middle - 0.7 * self._results_top))

    def sizeHint(self) -> QSize:
        return QSize(340, 150)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._look.theme.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_equations(painter)
        if self._results is not None:
            self._paint_results(painter, self._results)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._look.theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(edge, 3, 3)
        painter.end()

    def _paint_equations(self, painter: QPainter) -> None:
        seen, width = self.seen, self.width() + self._layout.width
        area = QRectF(-_MARGIN, seen.top, width, seen.bottom - seen.top)
        painter.save()
        painter.translate(self._origin())
        if self._lines:
            painter.setClipRect(area)
        self._layout.paint(painter, area)
        painter.restore()

    def _paint_results(self, painter: QPainter, results: Layout) -> None:
        """The line that stays."""
        theme, top, width = self._look.theme, self._results_top, self.viewport().width()
        painter.fillRect(QRectF(0, top, width, self.viewport().height() - top), QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QLineF(0, top + 0.5, width, top + 0.5))
        painter.save()
        painter.translate(self._results_origin())
        results.paint(painter)
        painter.restore()

    def resizeEvent(self, _: QResizeEvent) -> None:
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

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        shape = Qt.CursorShape
        over = self._result_at(event.position()) is not None
        self.viewport().setCursor(shape.PointingHandCursor if over else shape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._result_at(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.scroll_to_result(index)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self.text_tip(event.pos())
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def _origin(self) -> QPointF:
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(_MARGIN - across, _MARGIN - down)

    def _result_at(self, point: QPointF) -> int | None:
        """Which result of the line that stays; elsewhere in it the nearest."""
        if self._results is None or point.y() < self._results_top:
            return None
        place = point - self._results_origin()

        def away(index: int) -> float:
            assert self._results is not None
            between = self._results.places[index].rect.center() - place
            return abs(between.x()) + 4 * abs(between.y())

        return min(range(len(self._results.places)), key=away, default=None)

    @property
    def _results_top(self) -> float:
        results = self._results
        return self.viewport().height() - (0 if results is None else _height_of(results))

    def _results_origin(self) -> QPointF:
        return QPointF(_MARGIN, self._results_top + _MARGIN)

    def _relayout(self) -> None:
        if self._explanation is None:
            return
        room, bar = self.contentsRect(), self.verticalScrollBar()
        # Beside the scroll bar, there or not: lines that broke anew with it would be unrest.
        beside_bar = room.width() - bar.sizeHint().width()
        width = beside_bar - 2 * _MARGIN
        shown, look, without, setter = self._explanation, self._look, self._without, self._setter
        if beside_bar != self._laid_out_for:
            self._laid_out_for, self._results = beside_bar, None
            self._layout = layout_explanation(shown, look, width, without=without, setter=setter)
        layout, height = self._layout, room.height()
        scrolls = self.needed_height > height
        self._lines = lines_of(layout) if scrolls else []
        if not (scrolls and layout.results):
            self._results = None
        elif self._results is None:
            self._results = layout_results(shown, look, width, without=without, setter=setter)
        if self._results is not None:
            above = height - _height_of(self._results)
            if self._lines[0].bottom + _MARGIN > above:  # nothing to read but the results
                self._results = None
            else:
                height = above
        policy = Qt.ScrollBarPolicy
        _set_range(bar, layout.height, height)
        # By hand: Qt would show it late, and everything would be painted a second time.
        on = bar.maximum() > 0
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if on else policy.ScrollBarAlwaysOff
        )
        _set_range(self.horizontalScrollBar(), layout.width, room.width())
        self.viewport().update()


_MARGIN = 4.0
_LOWEST = 46  # with room for a line of fractions


class Line(NamedTuple):
    """From where to where a line reaches, in pixels of the layout."""

    top: float
    bottom: float


def lines_of(layout: Layout) -> list[Line]:
    """From the top down, whatever overlaps as one: a box keeps its symbol and number together."""
    lines: list[Line] = []
    frames = [Line(frame.rect.top() - 1, frame.rect.bottom() + 1) for frame in layout.frames]
    for top, bottom in sorted([*frames, *map(_reach, layout.marks)]):
        if lines and top < lines[-1].bottom:
            lines[-1] = Line(lines[-1].top, max(bottom, lines[-1].bottom))
        else:
            lines.append(Line(top, bottom))
    return lines


def _reach(mark: Mark) -> Line:
    """Of what is painted, with its soft edges."""
    if isinstance(mark, Text):
        ink = QFontMetricsF(mark.font).tightBoundingRect(mark.text)
        return Line(mark.y + ink.top() - 0.5, mark.y + ink.bottom() + 0.5)
    ys = [y for _, y in mark.points] if isinstance(mark, Stroke) else [0.0]
    return Line(mark.y + min(ys) - mark.thickness, mark.y + max(ys) + mark.thickness)


def _height_of(results: Layout) -> int:
    return ceil(results.height + 2 * _MARGIN)


def _set_range(bar: QScrollBar, needed: float, room: int) -> None:
    bar.setRange(0, max(ceil(needed + 2 * _MARGIN) - room, 0))
    bar.setPageStep(room)
    bar.setSingleStep(20)

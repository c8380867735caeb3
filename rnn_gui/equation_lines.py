"""Equations placed line by line: symbols, numbers in the same places, result.

Each number stands centred under its symbol. Where the width is not enough, the line of
symbols and the line of numbers wrap together, into bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.data.notation import number
from core.epoch.equation import Equation, Symbol, Token
from rnn_gui.equation_columns import (
    GAP,
    NOTHING,
    Column,
    aligned,
    bands,
    columns_of,
    span,
    widest_part,
)
from rnn_gui.theme import Look, text_font
from rnn_gui.tutorial_cell import WEIGHTS
from rnn_gui.typeset import NUMBER_SIZE, SYMBOL_SIZE, Box, Mark, Rule, Typesetter

LINE_GAP = 2.0  # between symbols, numbers and result
_BAND_GAP = 5.0
_EQUATION_GAP = 10.0
_BESIDE_GAP = 28.0  # between two equations
_TALLEST = 60.0  # no mark reaches further from its own place
_INDENT = 14.0  # of an equation whose left side has a line of its own
_PAD_Y = 3.0  # between the coloured box and what stands in it
_NARROWEST = 11.0  # box with a question mark


@dataclass(frozen=True)
class Place:
    """Where a quantity stands, and what is known of it; its number alone, and with which marks of
    the layout that is painted.
    """

    rect: QRectF
    symbol: Symbol
    value: float
    note: str = ""
    figure: QRectF = field(default_factory=QRectF)
    marks: range = range(0)

    @property
    def tip(self) -> str:
        """The value with all digits, what the field calls it, and what else there is to say."""
        words = "" if isinstance(self.symbol, str) else self.symbol.words
        parts = (f"{self.symbol} = {self.value!r}", words, self.note)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class Frame:
    """The coloured box of the activation's factor; struck out where there is none."""

    rect: QRectF
    struck: bool


@dataclass
class Layout:
    """Everything to paint, with its size. Grows while it is laid out, from the top down."""

    look: Look
    width: float = 0.0
    height: float = 0.0
    marks: list[Mark] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    results: list[QRectF] = field(default_factory=list)
    blanks: list[QRectF] = field(default_factory=list)  # with a question mark in them

    def covered(self, places: Sequence[Place]) -> Layout:
        """To be painted: the same with a question mark in the place of each of these numbers."""
        hidden = {mark for place in places for mark in place.marks}
        marks = [mark for i, mark in enumerate(self.marks) if i not in hidden]
        return replace(self, marks=marks, blanks=[place.figure for place in places])

    @property
    def size(self) -> QSizeF:
        return QSizeF(self.width, self.height)

    def tip_at(self, point: QPointF) -> str:
        """The tool tip of the quantity under a point; empty where there is none."""
        return next((place.tip for place in self.places if place.rect.contains(point)), "")

    def paint(self, painter: QPainter, seen: QRectF | None = None) -> None:
        """Draw with the top left corner at the painter's origin; what is ``seen`` at least."""
        theme = self.look.theme
        for frame in self.frames:
            pen = QPen(QColor(theme.muted if frame.struck else theme.backward), 1.2)
            if frame.struck:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.panel if frame.struck else theme.backward_soft))
            painter.drawRoundedRect(frame.rect, 3, 3)
        top, bottom = (-inf, inf) if seen is None else (seen.top() - _TALLEST, seen.bottom())
        for mark in self.marks:
            if top < mark.y < bottom + _TALLEST:
                mark.paint(painter)
        for blank in self.blanks:
            self._paint_blank(painter, blank)

    def put(self, box: Box, x: float, baseline: float) -> QRectF:
        """Place a box and make room for it; where it stands."""
        self.marks += box.at(x, baseline)
        self.width = max(self.width, x + box.width)
        self.height = max(self.height, baseline + box.descent)
        return QRectF(x, baseline - box.ascent, box.width, box.ascent + box.descent)

    def reserve(self, rect: QRectF) -> None:
        self.width = max(self.width, rect.right())
        self.height = max(self.height, rect.bottom())

    def _paint_blank(self, painter: QPainter, rect: QRectF) -> None:
        theme, more = self.look.theme, max(_NARROWEST - rect.width(), 0.0) / 2
        box = rect.adjusted(-more, 0, more, 0)
        painter.setPen(QPen(QColor(theme.muted), 1.2))
        painter.setBrush(QColor(theme.band))
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(text_font(NUMBER_SIZE, bold=True))
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")


def add_equations(
    layout: Layout,
    setter: Typesetter,
    equations: Sequence[Equation],
    width: float,
    announced: bool,
    activated: Sequence[Equation | None],
) -> None:
    """Equations under one another, with their equality signs under one another; two results
    beside one another where there is room.
    """
    equals = setter.formula("=", SYMBOL_SIZE)
    signs_at = max(setter.symbol(equation.left).width for equation in equations) + GAP
    room = width - signs_at - equals.width - GAP
    placing = _Placing(layout, setter, equals, width)
    blocks = _blocks(setter, equations, layout.look.digits, room, announced, activated)
    beside_at = 0.0  # where the last block ends, if it leaves room beside it
    top = layout.height
    for i, block in enumerate(blocks):
        one, beside = block.equations[0], beside_at + _BESIDE_GAP
        if beside_at and beside + block.width(equals) <= width:
            bottom, layout.height = layout.height, top
            placing.add(block, beside + block.lefts[0].width + GAP)
            layout.height = max(layout.height, bottom)
            beside_at = 0.0
            continue
        layout.height += _EQUATION_GAP if i else 0.0
        top = layout.height
        placing.add(block, signs_at)
        goes_on = i + 1 < len(blocks) and _alike(one, blocks[i + 1].equations[0])
        end = signs_at - GAP - block.lefts[0].width + block.width(equals)
        beside_at = end if goes_on and not one.leads_on and end <= width else 0.0


_EQUALS = Token("=")


class _Block(NamedTuple):
    """An equation ready to be placed, or several on the way that share their symbols."""

    equations: tuple[Equation, ...]
    lefts: list[Box]
    columns: list[Column]

    def width(self, equals: Box) -> float:
        """On one line, from the left side on."""
        return self.lefts[0].width + equals.width + 2 * GAP + span(self.columns)


def _blocks(
    setter: Typesetter,
    equations: Sequence[Equation],
    digits: int,
    room: float,
    announced: bool,
    activated: Sequence[Equation | None],
) -> list[_Block]:
    """Where the line of the second weight is that of the first one, and both have a line on the
    way, one line of symbols is enough.
    """

    groups: list[tuple[tuple[Equation, ...], Equation | None]] = []
    for equation, other in zip(equations, activated, strict=True):
        before = groups[-1][0] if groups else ()
        if len(before) == 1 and equation.leads_on and _alike(before[0], equation):
            groups[-1] = (*before, equation), None
        else:
            groups.append(((equation,), other))
    return [
        _Block(
            group,
            [setter.symbol(equation.left) for equation in group],
            columns_of(setter, group, digits, room, announced=announced, activated=other),
        )
        for group, other in groups
    ]


def _alike(one: Equation, other: Equation) -> bool:
    wx, wrec = WEIGHTS
    like = one.leads_on == other.leads_on and len(one.tokens) == len(other.tokens)
    return like and one.same_for(wx, other, wrec)


class _Placing(NamedTuple):
    """What it takes to put equations into a layout."""

    layout: Layout
    setter: Typesetter
    equals: Box
    width: float

    def add(self, block: _Block, signs_at: float) -> None:
        """The block at the bottom of the layout, its equality sign there."""
        layout, equals, columns = self.layout, self.equals, block.columns
        x = signs_at + equals.width + GAP
        results = [
            self._printed(equation).width for equation in block.equations if columns[0].numbers
        ]
        needed = max(widest_part(columns), *results, 0.0)
        alone = x + needed > self.width  # the left side, on a line of its own
        if alone:
            x = _INDENT + equals.width + GAP
        lines = bands(columns, self.width - x)
        if len(lines) > 1:
            columns = aligned(columns)
            lines = bands(columns, self.width - x)
        count = len(block.equations)
        figures = (equals,) * count if columns[0].numbers else ()
        sign = Column((_EQUALS,) * count, equals, figures, width=equals.width)
        for row, (equation, left) in enumerate(zip(block.equations, block.lefts, strict=True)):
            if alone:
                layout.put(left, 0, layout.height + left.ascent)
                layout.height += LINE_GAP
            for start, stop in lines:
                layout.height += _BAND_GAP if start and row == 0 else 0.0
                # The operator that a further line begins with hangs under the equality sign.
                hung, first = (columns[start], start + 1) if start else (sign, start)
                band = [(hung, x - GAP - hung.width), *_set_out(columns[first:stop], x)]
                baseline = self._add_band(NOTHING if start or alone else left, band, row)
            if figures:
                last, at = band[-1]
                self._add_result(equation, x, at + last.width, baseline)

    def _add_band(self, left: Box, band: Sequence[tuple[Column, float]], row: int) -> float:
        """A line of symbols and the line of numbers under it; of the equations after the first
        one of a block the numbers alone. The baseline of the last line.
        """
        layout = self.layout
        baseline, rects = 0.0, [QRectF()] * len(band)
        if row == 0:
            symbols = [left, *(column.symbol for column, _ in band)]
            baseline, rects, _ = self._add_line(symbols, band)
            left = NOTHING
        if band[0][0].numbers:
            layout.height += LINE_GAP
            numbers = [column.numbers[row] for column, _ in band]
            baseline, below, marks = self._add_line([left, *numbers], band)
            rects = [a.united(b) for a, b in zip(rects, below, strict=True)]
            for (column, _), rect, figure, painted in zip(band, rects, below, marks, strict=True):
                token = column.tokens[row]
                if token.value is not None:
                    layout.places.append(
                        Place(rect, token.symbol, token.value, token.tip, figure, painted)
                    )
        for (column, at), rect in zip(band, rects, strict=True):
            if column.boxed:
                self._add_frame(column, at, rect)
        return baseline

    def _add_line(
        self, boxes: Sequence[Box], band: Sequence[tuple[Column, float]]
    ) -> tuple[float, list[QRectF], list[range]]:
        """The first box left of all columns, the others centred in these; where they stand, and
        which marks of the layout they are.
        """
        layout, (left, *others) = self.layout, boxes
        baseline = layout.height + max(box.ascent for box in boxes)
        layout.put(left, band[0][1] - GAP - left.width, baseline)
        rects, marks = [], []
        for box, (column, at) in zip(others, band, strict=True):
            start = len(layout.marks)
            rects.append(layout.put(box, at + (column.width - box.width) / 2, baseline))
            marks.append(range(start, len(layout.marks)))
        return baseline, rects, marks

    def _printed(self, equation: Equation) -> Box:
        return self.setter.number(number(equation.result, self.layout.look.digits), strong=True)

    def _add_result(self, equation: Equation, x: float, end: float, baseline: float) -> None:
        """On a line of its own; on the way, behind the numbers if it has room there."""
        layout, equals = self.layout, self.equals
        result = self._printed(equation)
        behind = end + 2 * GAP + equals.width
        if equation.leads_on and behind + result.width <= self.width:
            x = behind
        else:
            baseline = layout.height + LINE_GAP + max(equals.ascent, result.ascent)
        layout.put(equals, x - GAP - equals.width, baseline)
        start = len(layout.marks)
        rect = layout.put(result, x, baseline)
        marks = range(start, len(layout.marks))
        layout.places.append(Place(rect, equation.left, equation.result, figure=rect, marks=marks))
        if not equation.leads_on:
            layout.results.append(rect)

    def _add_frame(self, column: Column, at: float, rect: QRectF) -> None:
        """The coloured box around symbol and number, both struck through where it is empty."""
        inside = QRectF(at, rect.top(), column.width, rect.height())
        framed = inside.adjusted(0, -_PAD_Y, 0, _PAD_Y)
        self.layout.frames.append(Frame(framed, column.struck))
        self.layout.reserve(framed)
        if column.struck:
            symbol = column.symbol
            left = at + (column.width - symbol.width) / 2
            y = rect.top() + (symbol.ascent + symbol.descent) / 2
            colour = self.layout.look.theme.text
            self.layout.marks.append(Rule(left - 1, y, symbol.width + 2, colour))


def _set_out(columns: Sequence[Column], x: float) -> list[tuple[Column, float]]:
    """Columns with their places on a line that begins at ``x``."""
    placed = []
    for i, column in enumerate(columns):
        x += column.gap if i else 0.0
        placed.append((column, x))
        x += column.width
    return placed

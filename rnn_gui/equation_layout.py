"""Equations laid out in columns, for the window and for the exported figure alike.

Each number stands centred under its symbol. Where the width is not enough, the line of
symbols and the line of numbers wrap together, into bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.equation import Equation, Symbol, Token
from core.explain import Explanation
from core.notation import number
from rnn_gui.theme import TEXT_SIZE, Look
from rnn_gui.typeset import Box, Mark, Rule, Typesetter

_GAP = 5.0  # around operators
_LINE_GAP = 4.0  # between symbols, numbers and result
_BAND_GAP = 8.0
_EQUATION_GAP = 14.0
_INDENT = 14.0  # of an equation whose left side has a line of its own
_PAD_X, _PAD_Y = 6.0, 3.0  # between the coloured box and what stands in it


@dataclass(frozen=True)
class Place:
    """Where a quantity stands, and what its tool tip says."""

    rect: QRectF
    tip: str


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

    @property
    def size(self) -> QSizeF:
        return QSizeF(self.width, self.height)

    def tip_at(self, point: QPointF) -> str:
        """The tool tip of the quantity under a point; empty where there is none."""
        return next((place.tip for place in self.places if place.rect.contains(point)), "")

    def paint(self, painter: QPainter) -> None:
        """Draw with the top left corner at the painter's origin."""
        theme = self.look.theme
        for frame in self.frames:
            pen = QPen(QColor(theme.muted if frame.struck else theme.backward), 1.2)
            if frame.struck:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(QColor(theme.panel if frame.struck else theme.backward_soft))
            painter.drawRoundedRect(frame.rect, 3, 3)
        for mark in self.marks:
            mark.paint(painter)

    def put(self, box: Box, x: float, baseline: float) -> QRectF:
        """Place a box and make room for it; where it stands."""
        self.marks += box.at(x, baseline)
        rect = QRectF(x, baseline - box.ascent, box.width, box.ascent + box.descent)
        self.reserve(rect)
        return rect

    def reserve(self, rect: QRectF) -> None:
        self.width = max(self.width, rect.right())
        self.height = max(self.height, rect.bottom())


def layout_equation(
    equation: Equation,
    look: Look,
    width: float,
    *,
    announced: bool = False,
    activated: Equation | None = None,
) -> Layout:
    """One equation: symbols, numbers in the same places, result.

    An ``announced`` one shows its symbols alone. ``activated`` is the same step of the network
    with activation: where that one has a box and this one none, the box is struck out.
    """
    layout = Layout(look)
    _add_equations(layout, Typesetter(look), [equation], width, announced, [activated])
    return layout


def layout_explanation(
    explanation: Explanation,
    look: Look,
    width: float,
    *,
    without: Explanation | None = None,
    titled: bool = False,
    setter: Typesetter | None = None,
) -> Layout:
    """All equations of a step, ``titled`` with its title and sentence above them.

    ``without`` is the same step of the network without activation, laid out below. A
    ``setter`` that was made with the same look spares measuring the same text again.
    """
    setter = setter or Typesetter(look)
    layout = Layout(look)
    if titled:
        _add_words(layout, setter, f"{heading(explanation)}.", explanation.sentence, width)
        layout.height += 10
    equations = explanation.equations
    _add_equations(layout, setter, equations, width, explanation.announced, [None] * len(equations))
    if without is not None:
        theme = look.theme
        layout.height += 14
        layout.marks.append(Rule(0, layout.height, width, theme.border))
        layout.reserve(QRectF(0, layout.height, width, 1))
        title = setter.words("Without the activation", TEXT_SIZE, bold=True, colour=theme.muted)
        layout.put(title, 0, layout.height + 10 + title.ascent)
        layout.height += 8
        _add_equations(layout, setter, without.equations, width, explanation.announced, equations)
    return layout


def heading(explanation: Explanation) -> str:
    """The title, which says so where the step is still to come."""
    return f"Next: {explanation.title}" if explanation.announced else explanation.title


class _Column(NamedTuple):
    """A token's symbol over its number."""

    token: Token
    symbol: Box
    number: Box | None
    boxed: bool
    struck: bool
    gap: float  # before it, unless a band begins with it
    room: float = 0.0  # at least so wide, to stand in line with its like

    @property
    def width(self) -> float:
        inner = max(self.symbol.width, self.number.width if self.number else 0.0)
        return max(self.room, inner + (2 * _PAD_X if self.boxed else 0.0))


_NOTHING = Box(0, 0, 0)
_EQUALS = Token("=")


def _columns(
    setter: Typesetter,
    equation: Equation,
    digits: int,
    announced: bool,
    activated: Equation | None,
) -> list[_Column]:
    with_box = activated.tokens if activated else ()
    columns: list[_Column] = []
    for i, (token, text) in enumerate(zip(equation.tokens, equation.numbers(digits), strict=True)):
        struck = not token.boxed and i < len(with_box) and with_box[i].boxed
        symbol: Symbol = with_box[i].symbol if struck else token.symbol
        colour = setter.theme.muted if struck else setter.theme.backward if token.boxed else ""
        box = setter.symbol(symbol, colour)
        figures = None if announced else box if token.value is None else setter.number(text)
        boxed = token.boxed or struck
        columns.append(_Column(token, box, figures, boxed, struck, _gap(equation.tokens, i)))
    return columns


def _aligned(columns: list[_Column]) -> list[_Column]:
    """The terms of a sum as a table: wrapped, their factors stand under one another."""
    ranks = _ranks(columns)
    starts = [0, *(i + 1 for i in ranks if ranks[i] == 0)]
    stops = [*(start - 1 for start in starts[1:]), len(columns)]
    terms = [
        (start, stop)
        for start, stop in zip(starts, stops, strict=True)
        if stop - start == stops[0] - starts[0]
    ]
    aligned = columns.copy()
    for offset in range(stops[0] - starts[0]):
        room = max(columns[start + offset].width for start, _ in terms)
        for start, _ in terms:
            aligned[start + offset] = columns[start + offset]._replace(room=room)
    return aligned


def _gap(tokens: Sequence[Token], i: int) -> float:
    opened = i > 0 and str(tokens[i - 1].symbol).endswith("(")
    return 0.0 if i == 0 or opened or str(tokens[i].symbol).startswith(")") else _GAP


def _add_equations(
    layout: Layout,
    setter: Typesetter,
    equations: Sequence[Equation],
    width: float,
    announced: bool,
    activated: Sequence[Equation | None],
) -> None:
    """Equations under one another, with their equality signs under one another."""
    lefts = [setter.symbol(equation.left) for equation in equations]
    equals = setter.formula("=", 17)
    signs_at = max(left.width for left in lefts) + _GAP
    for i, (equation, left, other) in enumerate(zip(equations, lefts, activated, strict=True)):
        layout.height += _EQUATION_GAP if i else 0.0
        columns = _columns(setter, equation, layout.look.digits, announced, other)
        bands_at = signs_at + equals.width + _GAP
        if bands_at + _widest_part(columns) > width:
            layout.put(left, 0, layout.height + left.ascent)
            layout.height += _LINE_GAP
            bands_at = _INDENT + equals.width + _GAP
            left = _NOTHING
        if len(_bands(columns, width - bands_at)) > 1:
            columns = _aligned(columns)
        sign = _Column(_EQUALS, equals, None if announced else equals, False, False, 0.0)
        for start, stop in _bands(columns, width - bands_at):
            layout.height += _BAND_GAP if start else 0.0
            # The operator that a further line begins with hangs under the equality sign.
            hung, first = (columns[start], start + 1) if start else (sign, start)
            _add_band(layout, _NOTHING if start else left, hung, columns[first:stop], bands_at)
        if not announced:
            _add_result(layout, setter, equation, equals, bands_at)


def _add_band(layout: Layout, left: Box, hung: _Column, columns: list[_Column], x: float) -> None:
    """One line of symbols and the line of numbers under it; ``hung`` ends before ``x``."""
    every = [hung, *columns]
    symbols = [left, *(column.symbol for column in every)]
    numbers = [column.number for column in every if column.number]
    upper = lower = layout.height + max(box.ascent for box in symbols)
    if numbers:
        lower += max(box.descent for box in symbols) + _LINE_GAP
        lower += max(box.ascent for box in numbers)
    hung_at = x - _GAP - hung.width
    layout.put(left, hung_at - _GAP - left.width, upper)
    _add_column(layout, hung, hung_at, upper, lower)
    for i, column in enumerate(columns):
        x += column.gap if i else 0.0
        _add_column(layout, column, x, upper, lower)
        x += column.width


def _add_column(layout: Layout, column: _Column, x: float, upper: float, lower: float) -> None:
    middle = x + column.width / 2
    symbol = layout.put(column.symbol, middle - column.symbol.width / 2, upper)
    rect = symbol
    if column.number:
        rect = symbol.united(layout.put(column.number, middle - column.number.width / 2, lower))
    if column.boxed:
        inside = QRectF(x, rect.top(), column.width, rect.height())
        framed = inside.adjusted(0, -_PAD_Y, 0, _PAD_Y)
        layout.frames.append(Frame(framed, column.struck))
        layout.reserve(framed)
    if column.struck:
        colour = layout.look.theme.text
        layout.marks.append(
            Rule(symbol.left() - 1, symbol.center().y(), symbol.width() + 2, colour)
        )
    if column.token.value is not None and column.number:
        token = column.token
        layout.places.append(Place(rect, _tip(token.symbol, token.value, token.tip)))


def _add_result(
    layout: Layout, setter: Typesetter, equation: Equation, equals: Box, x: float
) -> None:
    text = number(equation.result, layout.look.digits)
    result = setter.number(text, strong=True)
    baseline = layout.height + _LINE_GAP + max(equals.ascent, result.ascent)
    layout.put(equals, x - _GAP - equals.width, baseline)
    rect = layout.put(result, x, baseline)
    layout.places.append(Place(rect, _tip(equation.left, equation.result)))


def _tip(symbol: Symbol, value: float | None, note: str = "") -> str:
    """The value with all digits, what the field calls it, and what else there is to say."""
    words = "" if isinstance(symbol, str) else symbol.words
    return "\n".join(line for line in (f"{symbol} = {value!r}", words, note) if line)


def _bands(columns: Sequence[_Column], room: float) -> list[tuple[int, int]]:
    """Which columns stand on one line: cut before operators, sums first, products if need be."""
    ranks = _ranks(columns)
    bands = []
    start = i = 0
    used = 0.0
    while i < len(columns):
        used += columns[i].width + (columns[i].gap if i > start else 0.0)
        cuts = [c for c in range(start + 1, i + 1) if c in ranks] if used > room else []
        if cuts:
            cut = min(cuts, key=lambda c: (ranks[c], -c))
            bands.append((start, cut))
            start = i = cut
            used = 0.0
        else:
            i += 1
    return [*bands, (start, len(columns))]


def _ranks(columns: Sequence[_Column]) -> dict[int, int]:
    """The columns before which a line may end, and how unwelcome that is."""
    ranks: dict[int, int] = {}
    depth = 0
    for i, column in enumerate(columns):
        sign = column.token.symbol
        if sign == "+" or (sign == "−" and depth == 0):
            ranks[i] = 0
        elif sign == "·":
            ranks[i] = 1
        elif sign == "−":
            ranks[i] = 2
        depth += str(sign).count("(") - str(sign).count(")") if isinstance(sign, str) else 0
    return ranks


def _widest_part(columns: Sequence[_Column]) -> float:
    """The width of the widest stretch that no line may end in."""
    cuts = [0, *sorted(_ranks(columns)), len(columns)]
    parts = (columns[a:b] for a, b in pairwise(cuts))
    return max(sum(c.width + c.gap for c in part) for part in parts)


def _add_words(layout: Layout, setter: Typesetter, title: str, text: str, width: float) -> None:
    """A paragraph that begins with a bold title."""
    words = [(word, True) for word in title.split()] + [(word, False) for word in text.split()]
    space = setter.words(" ", TEXT_SIZE).width
    line = TEXT_SIZE + 5.0
    x, y = 0.0, layout.height + TEXT_SIZE
    for word, bold in words:
        box = setter.words(word, TEXT_SIZE, bold=bold)
        if x and x + box.width > width:
            x, y = 0.0, y + line
        layout.put(box, x, y)
        x += box.width + space

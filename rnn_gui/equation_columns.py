"""The columns of an equation: each symbol over its number, and where a line may end.

Brackets are as high as what they enclose, a root has its bar, a square stands at what it squares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.epoch.equation import Equation, Symbol, Token
from rnn_gui.typeset import Box, Typesetter

GAP = 4.0  # around operators
PAD_X = 6.0  # between the coloured box and what stands in it
NOTHING = Box(0, 0, 0)


class Column(NamedTuple):
    """A symbol over its number; over several where equations alike share their symbols."""

    tokens: tuple[Token, ...]  # one of each equation
    symbol: Box
    numbers: tuple[Box, ...]  # likewise; none where they are still to come
    boxed: bool = False
    struck: bool = False
    gap: float = 0.0  # before it, unless a line begins with it
    cut: int | None = None  # how unwelcome a line's end before it is; None: none may be
    width: float = 0.0

    @property
    def sign(self) -> str:
        """The operator, where it is one."""
        token = self.tokens[0]
        return str(token.symbol) if token.value is None else ""

    def with_boxes(self, symbol: Box, numbers: tuple[Box, ...]) -> Column:
        """Its boxes, and as wide as they need."""
        inner = max((symbol.width, *(number.width for number in numbers)))
        width = inner + (2 * PAD_X if self.boxed else 0.0)
        return self._replace(symbol=symbol, numbers=numbers, width=width)


def columns_of(
    setter: Typesetter,
    equations: Sequence[Equation],
    digits: int,
    room: float,
    *,
    announced: bool = False,
    activated: Equation | None = None,
) -> list[Column]:
    """The columns of an equation, or of several that differ in their numbers alone.

    A root that has not even this room loses its bar for brackets, between which a line may end.
    """
    texts: list[list[str]] = (
        [] if announced else [equation.numbers(digits) for equation in equations]
    )
    columns = _plain(setter, equations, texts, activated)
    pairs = list(_brackets(columns))
    barred = []
    for start, stop in pairs:
        inside = columns[start + 1 : stop]
        if columns[start].sign == "√(" and span(inside) <= room:
            columns[start] = _root(setter, columns[start], inside)
            columns[stop] = _bar_end(columns[stop])
            barred.append((start, stop))
        else:
            columns[start], columns[stop] = _fitting(setter, columns[start], columns[stop], inside)
    return [
        column._replace(cut=None if any(a < i <= b for a, b in barred) else cut)
        for i, (column, cut) in enumerate(zip(columns, _cuts(columns), strict=True))
    ]


def span(columns: Sequence[Column]) -> float:
    """The width of columns on one line."""
    return sum(c.width + (c.gap if i else 0.0) for i, c in enumerate(columns))


def bands(columns: Sequence[Column], room: float) -> list[tuple[int, int]]:
    """Which columns stand on one line: cut where it is least unwelcome, late if there is choice."""
    made = []
    start = i = 0
    used = 0.0
    while i < len(columns):
        used += columns[i].width + (columns[i].gap if i > start else 0.0)
        cuts = [c for c in range(start + 1, i + 1) if columns[c].cut is not None]
        if used > room and cuts:
            cut = min(cuts, key=lambda c: (columns[c].cut, -c))
            made.append((start, cut))
            start = i = cut
            used = 0.0
        else:
            i += 1
    return [*made, (start, len(columns))]


def widest_part(columns: Sequence[Column]) -> float:
    """The width of the widest stretch that no line may end in."""
    cuts = [0, *(i for i, c in enumerate(columns) if i and c.cut is not None), len(columns)]
    return max(span(columns[a:b]) for a, b in pairwise(cuts))


def aligned(columns: list[Column]) -> list[Column]:
    """The terms of a sum as a table: wrapped, their factors stand under one another."""
    signs = [i for i, column in enumerate(columns) if column.cut in _BETWEEN_TERMS]
    starts, stops = [0, *(i + 1 for i in signs)], [*signs, len(columns)]
    length = stops[0] - starts[0]
    terms = [a for a, b in zip(starts, stops, strict=True) if b - a == length]
    made = columns.copy()
    for offset in range(length):
        width = max(columns[start + offset].width for start in terms)
        for start in terms:
            made[start + offset] = columns[start + offset]._replace(width=width)
    return made


def _plain(
    setter: Typesetter,
    equations: Sequence[Equation],
    texts: Sequence[Sequence[str]],
    activated: Equation | None,
) -> list[Column]:
    with_box = activated.tokens if activated else ()
    columns: list[Column] = []
    for i, tokens in enumerate(zip(*(equation.tokens for equation in equations), strict=True)):
        token = tokens[0]
        if token.symbol == "²":
            columns[-1] = _squared(setter, columns[-1])
            continue
        struck = not token.boxed and i < len(with_box) and with_box[i].boxed
        symbol: Symbol = with_box[i].symbol if struck else token.symbol
        colour = setter.theme.muted if struck else setter.theme.backward if token.boxed else ""
        box = setter.symbol(symbol, colour)
        figures = [box if token.value is None else setter.number(text[i]) for text in texts]
        gap = _gap(columns[-1].sign if columns else "(", str(token.symbol))
        boxed = token.boxed or struck
        column = Column(tokens, box, (), boxed, struck, gap)
        columns.append(column.with_boxes(box, tuple(figures)))
    return columns


def _gap(before: str, symbol: str) -> float:
    return 0.0 if before.endswith("(") or symbol.startswith(")") else GAP


def _squared(setter: Typesetter, column: Column) -> Column:
    numbers = tuple(setter.squared(number, symbol=False) for number in column.numbers)
    return column.with_boxes(setter.squared(column.symbol, symbol=True), numbers)


def _brackets(columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """Where brackets open and close, the inner ones first."""
    opened: list[int] = []
    for i, column in enumerate(columns):
        if column.sign.startswith(")"):
            yield opened.pop(), i
        elif "(" in column.sign and ")" not in column.sign:
            opened.append(i)


def _root(setter: Typesetter, opening: Column, inside: Sequence[Column]) -> Column:
    lines = zip(*((column.symbol, *column.numbers) for column in inside), strict=True)
    symbol, *numbers = [setter.root(_around(boxes, span(inside))) for boxes in lines]
    return opening.with_boxes(symbol, tuple(numbers))


def _bar_end(closing: Column) -> Column:
    """A root ends with its bar, without a bracket."""
    return closing.with_boxes(NOTHING, (NOTHING,) * len(closing.numbers))


def _fitting(
    setter: Typesetter, opening: Column, closing: Column, inside: Sequence[Column]
) -> tuple[Column, Column]:
    """Both brackets as high as the symbols between them; numbers are no higher than a line."""
    box = _around([column.symbol for column in inside], 0.0)
    if not box.tall or not opening.sign.endswith("("):
        return opening, closing
    return (
        opening.with_boxes(setter.bracket(opening.sign, box), opening.numbers),
        closing.with_boxes(setter.bracket(closing.sign, box), closing.numbers),
    )


def _around(boxes: Sequence[Box], width: float) -> Box:
    return Box(width, max(box.ascent for box in boxes), max(box.descent for box in boxes))


def _cuts(columns: Sequence[Column]) -> Iterator[int | None]:
    """For each column how unwelcome a line's end before it is: least before the signs of a sum,
    less between brackets than in them, if these hold no sum.
    """
    depth = 0
    for column in columns:
        sign = column.sign
        yield _UNWELCOME.get((sign, depth > 0))
        depth += sign.count("(") - sign.count(")")


_UNWELCOME = {
    ("+", False): 0,
    ("−", False): 0,
    ("/", False): 1,
    ("+", True): 2,
    ("·", False): 3,
    ("−", True): 4,
    ("·", True): 5,
    ("/", True): 5,
}
_BETWEEN_TERMS = (0, 2)

"""Symbols and numbers of an equation as boxes that a painter can draw anywhere.

A box has its origin at the left end of its baseline, as type has; y grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from core.epoch.equation import Derivative, Name, Symbol
from rnn_gui.theme import SMALL_SIZE, Look, math_font, text_font

SYMBOL_SIZE = 16
NUMBER_SIZE = 14
_FRACTION_SIZE = 14  # of a derivative
_WORD_SIZE = 13  # of names that are words, momentum
_WORD = 4  # letters
_SUBSCRIPT, _MARK = 0.68, 0.76  # of the size: subscripts; (In) and (Out)
_RATIO = re.compile(r"(\w+)/(\w+)")
_REMEMBERED = 2000  # numbers: most stay from step to step
_TALL = 1.5  # times the size: what is higher needs brackets of its own height
_HOOK, _BAR = 11.0, 3.0  # width of a root before its bar; from the bar to what stands under it
_CURVE = 5.0  # width of a tall bracket


class Text(NamedTuple):
    """A run of characters in one font, with its baseline."""

    x: float
    y: float
    text: str
    font: QFont
    colour: str

    def moved(self, x: float, y: float) -> Text:
        return Text(self.x + x, self.y + y, self.text, self.font, self.colour)

    def paint(self, painter: QPainter) -> None:
        painter.setFont(self.font)
        painter.setPen(QColor(self.colour))
        painter.drawText(QPointF(self.x, self.y), self.text)


class Rule(NamedTuple):
    """A horizontal line: of a fraction, or through what is struck out."""

    x: float
    y: float
    width: float
    colour: str
    thickness: float = 1.2

    def moved(self, x: float, y: float) -> Rule:
        return Rule(self.x + x, self.y + y, self.width, self.colour, self.thickness)

    def paint(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.colour), self.thickness))
        painter.drawLine(QLineF(self.x, self.y, self.x + self.width, self.y))


class Stroke(NamedTuple):
    """A line through points: a root; with three of them a curve: a tall bracket."""

    x: float
    y: float
    points: tuple[tuple[float, float], ...]
    colour: str
    thickness: float = 1.2

    def moved(self, x: float, y: float) -> Stroke:
        return Stroke(self.x + x, self.y + y, self.points, self.colour, self.thickness)

    def paint(self, painter: QPainter) -> None:
        first, *others = (QPointF(self.x + x, self.y + y) for x, y in self.points)
        path = QPainterPath(first)
        if len(others) == 2:
            path.quadTo(*others)
        else:
            for point in others:
                path.lineTo(point)
        painter.strokePath(path, QPen(QColor(self.colour), self.thickness))


Mark = Text | Rule | Stroke


@dataclass(frozen=True)
class Box:
    """Marks and the room they need, above and below the baseline."""

    width: float
    ascent: float
    descent: float
    marks: tuple[Mark, ...] = ()

    def at(self, x: float, y: float) -> tuple[Mark, ...]:
        """The marks with the box's origin put there."""
        return tuple([mark.moved(x, y) for mark in self.marks])

    def lowered(self, by: float) -> Box:
        return Box(self.width, self.ascent - by, self.descent + by, self.at(0, by))

    @property
    def tall(self) -> bool:
        """Whether brackets of one line would look lost around it."""
        return self.ascent + self.descent > _TALL * SYMBOL_SIZE


def beside(boxes: Iterable[Box], gap: float = 0.0) -> Box:
    """Boxes on one baseline, left to right."""
    marks: list[Mark] = []
    x = ascent = descent = 0.0
    for i, box in enumerate(boxes):
        x += gap if i else 0.0
        marks += box.at(x, 0)
        x += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return Box(x, ascent, descent, tuple(marks))


class Typesetter:
    """Makes boxes in the colours of one look; remembers fonts and symbols."""

    def __init__(self, look: Look) -> None:
        self.theme = look.theme
        self._metrics: dict[tuple[bool, float, bool], tuple[QFont, QFontMetricsF]] = {}
        self._symbols: dict[tuple[Symbol, str], Box] = {}
        self._numbers: dict[tuple[str, bool], Box] = {}

    def symbol(self, symbol: Symbol, colour: str = "") -> Box:
        """A symbol as it is written by hand; ``colour`` replaces that of its kind."""
        if (symbol, colour) not in self._symbols:
            self._symbols[symbol, colour] = self._symbol(symbol, colour)
        return self._symbols[symbol, colour]

    def number(self, text: str, *, strong: bool = False) -> Box:
        """A printed number; 2/3 as a fraction."""
        if len(self._numbers) > _REMEMBERED:
            self._numbers.clear()
        if (text, strong) not in self._numbers:
            self._numbers[text, strong] = self._number(text, strong)
        return self._numbers[text, strong]

    def inline(self, symbol: Symbol) -> Box:
        """A symbol no higher than its line: a derivative with a slash."""
        if not isinstance(symbol, Derivative):
            return self.symbol(symbol)
        colour = self.theme.backward
        d = self.formula("dE/d", _FRACTION_SIZE, colour, italic=True)
        return self._at(beside((d, self._name(symbol.by, colour, _FRACTION_SIZE))), symbol.at)

    def squared(self, box: Box, *, symbol: bool) -> Box:
        """A box with a ² tight to it; what is tall stands in brackets."""
        size = SYMBOL_SIZE if symbol else NUMBER_SIZE
        two = self.formula("2", size * _SUBSCRIPT)
        if box.tall:
            parts = (self.bracket("(", box), box, self.bracket(")", box))
            return beside((*parts, two.lowered(-box.ascent + 0.5 * two.ascent)))
        return beside((box, two.lowered(-0.4 * size)), gap=0.5)

    def bracket(self, text: str, inside: Box) -> Box:
        """Text that ends or begins with a bracket, the bracket as high as what it encloses."""
        if not inside.tall:
            return self.formula(text, SYMBOL_SIZE)
        opening = text.endswith("(")
        top, bottom = -inside.ascent + 1.0, inside.descent - 1.0
        tip, belly = (_CURVE, -0.6 * _CURVE) if opening else (0.0, 1.6 * _CURVE)
        points = ((tip, top), (belly, (top + bottom) / 2), (tip, bottom))
        curve = (Stroke(0, 0, points, self.theme.text),)
        tall = Box(_CURVE, inside.ascent, inside.descent, curve)
        other = self.formula(text[:-1] if opening else text[1:], SYMBOL_SIZE)
        return beside((other, tall) if opening else (tall, other), gap=1.0 if other.width else 0)

    def root(self, inside: Box) -> Box:
        """A root whose bar spans what follows it: a box no wider than what is before that."""
        top, bottom = -inside.ascent - _BAR, inside.descent
        middle = (top + 2 * bottom) / 3
        points = (
            *((1.0, middle + 1.5), (3.0, middle), (6.0, bottom - 0.5)),
            *((_HOOK - 1.5, top), (_HOOK + inside.width + 1.5, top)),
        )
        stroke = Stroke(0, 0, points, self.theme.text)
        return Box(_HOOK, inside.ascent + _BAR + 1.0, inside.descent, (stroke,))

    def words(self, text: str, size: float, *, bold: bool = False, colour: str = "") -> Box:
        """Upright text in the font of the window."""
        return self._run(text, False, size, bold, colour)

    def formula(self, text: str, size: float, colour: str = "", *, italic: bool = False) -> Box:
        """Text in the font of formulas."""
        return self._run(text, True, size, italic, colour)

    def _number(self, text: str, strong: bool) -> Box:
        ratio = _RATIO.fullmatch(text)
        if ratio:
            above, below = (self.words(part, 12) for part in ratio.groups())
            return self._fraction(above, below, self.theme.text)
        return self.words(text, NUMBER_SIZE, bold=strong)

    def _symbol(self, symbol: Symbol, colour: str) -> Box:
        if isinstance(symbol, Derivative):
            return self._derivative(symbol, colour or self.theme.backward)
        if isinstance(symbol, Name):
            return self._name(symbol, colour or self._colour_of(symbol), _size_of(symbol))
        ratio = _RATIO.fullmatch(symbol)
        if ratio:
            above, below = (self.formula(part, 14, colour) for part in ratio.groups())
            return self._fraction(above, below, colour or self.theme.text)
        return self.formula(symbol, SYMBOL_SIZE, colour)

    def _name(self, name: Name, colour: str, size: float) -> Box:
        words = name.base.split(" ")  # "new Wx": only the last is a name
        parts = [self.formula(f"{word} ", min(size, _WORD_SIZE), colour) for word in words[:-1]]
        parts.append(self.formula(words[-1], size, colour, italic=True))
        if name.subscript:
            parts.append(
                self.formula(name.subscript, size * _SUBSCRIPT, colour).lowered(size * 0.25)
            )
        if name.mark:
            parts.append(self.formula(name.mark, size * _MARK, colour))
        if name.function:
            parts = [
                self.formula(f"{name.function}(", size, colour),
                *parts,
                self.formula(")", size, colour),
            ]
        return beside(parts)

    def _derivative(self, derivative: Derivative, colour: str) -> Box:
        size = _FRACTION_SIZE
        above = self.formula("dE", size, colour, italic=True)
        d = self.formula("d", size, colour, italic=True)
        below = beside((d, self._name(derivative.by, colour, size)))
        return self._at(self._fraction(above, below, colour), derivative.at)

    def _at(self, box: Box, timestamp: str) -> Box:
        if not timestamp:
            return box
        at = self.words(f"at {timestamp}", SMALL_SIZE, colour=self.theme.muted)
        return beside((box, at), gap=4)

    def _fraction(self, above: Box, below: Box, colour: str) -> Box:
        axis, gap, overhang = -0.28 * SYMBOL_SIZE, 2.5, 2.0
        width = max(above.width, below.width) + 2 * overhang
        up, down = axis - gap - above.descent, axis + gap + below.ascent
        marks = (
            *above.at((width - above.width) / 2, up),
            Rule(0, axis, width, colour),
            *below.at((width - below.width) / 2, down),
        )
        return Box(width, above.ascent - up, down + below.descent, marks)

    def _colour_of(self, name: Name) -> str:
        if name.base.startswith("new "):
            return self.theme.update
        return self.theme.forward if name.base in ("S", "X") else self.theme.text

    def _run(self, text: str, formula: bool, size: float, slanted: bool, colour: str) -> Box:
        """``slanted`` is italic in a formula, bold in words: each has one other cut."""
        font, metrics = self._font(formula, size, slanted)
        run = Text(0, 0, text, font, colour or self.theme.text)
        return Box(metrics.horizontalAdvance(text), 0.78 * size, 0.24 * size, (run,))

    def _font(self, formula: bool, size: float, slanted: bool) -> tuple[QFont, QFontMetricsF]:
        key = (formula, size, slanted)
        if key not in self._metrics:
            pixels = round(size)
            font = math_font(pixels, italic=slanted) if formula else text_font(pixels, bold=slanted)
            self._metrics[key] = font, QFontMetricsF(font)
        return self._metrics[key]


def _size_of(name: Name) -> int:
    """Words are set smaller than letters, else they outshout them."""
    word = name.base.split(" ")[-1]
    return _WORD_SIZE if len(word) >= _WORD and word.islower() else SYMBOL_SIZE

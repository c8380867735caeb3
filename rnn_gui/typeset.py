"""Symbols and numbers of an equation as boxes that a painter can draw anywhere.

A box has its origin at the left end of its baseline, as type has; y grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from core.equation import Derivative, Name, Symbol
from rnn_gui.theme import SMALL_SIZE, Look, math_font, text_font

SYMBOL_SIZE = 16
NUMBER_SIZE = 14
_SUBSCRIPT, _MARK = 0.68, 0.76  # of the size: subscripts; (In) and (Out)
_RATIO = re.compile(r"(\w+)/(\w+)")


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


Mark = Text | Rule


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

    def symbol(self, symbol: Symbol, colour: str = "") -> Box:
        """A symbol as it is written by hand; ``colour`` replaces that of its kind."""
        if (symbol, colour) not in self._symbols:
            self._symbols[symbol, colour] = self._symbol(symbol, colour)
        return self._symbols[symbol, colour]

    def number(self, text: str, *, strong: bool = False) -> Box:
        """A printed number; 2/3 as a fraction."""
        ratio = _RATIO.fullmatch(text)
        if ratio:
            above, below = (self.words(part, 12) for part in ratio.groups())
            return self._fraction(above, below, self.theme.text)
        return self.words(text, NUMBER_SIZE, bold=strong)

    def words(self, text: str, size: float, *, bold: bool = False, colour: str = "") -> Box:
        """Upright text in the font of the window."""
        return self._run(text, False, size, bold, colour)

    def formula(self, text: str, size: float, colour: str = "", *, italic: bool = False) -> Box:
        """Text in the font of formulas."""
        return self._run(text, True, size, italic, colour)

    def _symbol(self, symbol: Symbol, colour: str) -> Box:
        if isinstance(symbol, Derivative):
            return self._derivative(symbol, colour or self.theme.backward)
        if isinstance(symbol, Name):
            return self._name(symbol, colour or self._colour_of(symbol), SYMBOL_SIZE)
        ratio = _RATIO.fullmatch(symbol)
        if ratio:
            above, below = (self.formula(part, 14, colour) for part in ratio.groups())
            return self._fraction(above, below, colour or self.theme.text)
        return self.formula(symbol, SYMBOL_SIZE, colour)

    def _name(self, name: Name, colour: str, size: float) -> Box:
        words = name.base.split(" ")  # "new Wx": only the last is a name
        parts = [self.formula(f"{word} ", size, colour) for word in words[:-1]]
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
        size = SYMBOL_SIZE - 2.0
        above = self.formula("dE", size, colour, italic=True)
        d = self.formula("d", size, colour, italic=True)
        below = beside((d, self._name(derivative.by, colour, size)))
        fraction = self._fraction(above, below, colour)
        if not derivative.at:
            return fraction
        at = self.words(f"at {derivative.at}", SMALL_SIZE, colour=self.theme.muted)
        return beside((fraction, at), gap=4)

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

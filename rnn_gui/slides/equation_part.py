"""The equation of the step on a slide, its numbers covered until they are revealed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from core.cell.steps import Phase
from core.data.notation import number
from core.epoch.equation import Equation
from core.epoch.explain import Explanation
from rnn_gui.equation_layout import layout_explanation
from rnn_gui.equation_lines import Layout
from rnn_gui.plots.ink import Ink, text_width
from rnn_gui.slides.pages import numbers_of, pages_of
from rnn_gui.slides.part import Part
from rnn_gui.slides.scene import Scene
from rnn_gui.theme import Look
from rnn_gui.typeset import Typesetter

_SIZES = (1.6, 1.45, 1.3, 1.15, 1.0, 0.94)  # of its type, where there is room
_SQUEEZED = 0.9  # of its usual smallest type
_USUAL = 92.0  # the height that most steps need: the room above stays as it is
_NOTE = 18.0  # the line that tells which lines these are
_MOST_DIGITS = 12
_EQUATION_NAME = re.compile(r" \([A-Z]\)$")  # the tutorial's; a letter here is a key


class _Words(NamedTuple):
    """How a sentence is set: size of the letters, height of a line, room below all of them."""

    size: int
    line: float
    below: float


_USUAL_WORDS, _SMALLER_WORDS = _Words(13, 18.0, 5.0), _Words(12, 15.5, 3.0)


class EquationPart(Part):
    """The step in one sentence, symbols, numbers and results; page by page, where it has to be."""

    stretch = 0.35

    def __init__(self, smallest: float) -> None:
        self._smallest = smallest  # size of its type
        self._scene: Scene | None = None
        self._look = Look()
        self._setter = Typesetter(self._look)
        self._lines_on: tuple[range, ...] = ()  # each page
        self._paged_for: tuple[object, ...] = ()

    def show_scene(self, scene: Scene, look: Look) -> None:
        if look != self._look:
            self._look, self._setter = look, Typesetter(look)
        self._scene = scene

    def divide(self, room: QSizeF) -> None:
        """Into pages, each of which has so much room if it gets all of it."""
        explanation = self._shown.explanation
        wanted = (explanation, room, self._look)
        if wanted == self._paged_for:
            return
        self._paged_for, self.squeezed = wanted, False
        equations, words = explanation.equations, self._words_height(room.width())
        whole, paged = room.height() - words, room.height() - words - _NOTE

        def fits(lines: range) -> bool:
            height = paged if len(lines) < len(equations) else whole
            return self._height(_cut(explanation, lines), room.width(), self._least) <= height

        self._lines_on = pages_of(equations, fits)

    def pages(self) -> tuple[range, ...]:
        """The numbers on each page."""
        equations = self._shown.explanation.equations
        return tuple(numbers_of(equations, lines) for lines in self._lines_on)

    def least_height(self, width: float) -> float:
        """Of the page that is shown. The sentence has its room while it is hidden, too, so that
        nothing moves when it comes; not where a panel had none for that.
        """
        page, line = self._page, _NOTE if len(self._lines_on) > 1 else 0.0
        if self.squeezed:
            words = 0.0 if self._shown.asked else self._words_height(width)
            return words + line + self._height(page, width, self._least)
        height = self._height(page, width, self._smallest)
        return self._words_height(width) + line + max(_USUAL, height)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """A page, and which lines these are."""
        hidden = self.squeezed and self._shown.asked
        room = rect.adjusted(0, 0 if hidden else self._words_height(rect.width()), 0, 0)
        self._paint_words(painter, rect)
        if len(self._lines_on) > 1:
            ink, y = Ink(painter, self._look), room.bottom() - _NOTE / 2
            ink.text(room.left(), y, self._where, ink.theme.muted, _USUAL_WORDS.size)
            room.adjust(0, 0, 0, -_NOTE)
        size, layout = self._fitted(self._page, room)
        painter.save()
        painter.translate(rect.left(), room.top() + (room.height() - size * layout.height) / 2)
        painter.scale(size, size)
        places = numbers_of(self._shown.explanation.equations, self._lines)
        covered = [layout.places[i - places.start] for i in self._shown.covered if i in places]
        layout.covered(covered).paint(painter)
        painter.restore()

    @property
    def _shown(self) -> Scene:
        assert self._scene is not None
        return self._scene

    @property
    def _least(self) -> float:
        """The smallest type that the last row can read; in an update words have subscripts, which
        are smaller than others.
        """
        update = self._shown.explanation.phase is Phase.UPDATE
        return self._smallest * (1.0 if update else _SQUEEZED)

    @property
    def _lines(self) -> range:
        """Those of the page that is shown; another sequence may have fewer pages."""
        return self._lines_on[min(self._shown.page, len(self._lines_on) - 1)]

    @property
    def _page(self) -> Explanation:
        return _cut(self._shown.explanation, self._lines)

    @property
    def _where(self) -> str:
        lines, total = self._lines, len(self._shown.explanation.equations)
        if len(lines) == 1:
            return f"Line {lines.stop} of {total}"
        return f"Lines {lines.start + 1} to {lines.stop} of {total}"

    def _height(self, explanation: Explanation, width: float, size: float) -> float:
        return size * self._layout(explanation, width, size).height

    def _fitted(self, explanation: Explanation, room: QRectF) -> tuple[float, Layout]:
        """The largest type with which it fits; smaller than it should be, if it has to."""
        sizes = [size for size in _SIZES if size >= self._least]
        for size in (*sizes, *(self._least * 0.95**i for i in range(40))):
            layout = self._layout(explanation, room.width(), size)
            if size * layout.height <= room.height() and size * layout.width <= room.width():
                break
        return size, layout

    def _layout(self, explanation: Explanation, width: float, size: float) -> Layout:
        look = replace(self._look, digits=_digits(explanation, self._look.digits))
        setter = self._setter if look == self._look else Typesetter(look)
        return layout_explanation(explanation, look, width / size, setter=setter)

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        """The sentence; not while the step is asked for: it may tell too much."""
        if self._shown.asked:
            return
        ink, (size, high, _) = Ink(painter, self._look), self._set
        for i, line in enumerate(self._words(rect.width())):
            ink.text(rect.left(), rect.top() + (i + 0.5) * high, line, ink.theme.text, size)

    @property
    def _set(self) -> _Words:
        return _SMALLER_WORDS if self.squeezed else _USUAL_WORDS

    def _words_height(self, width: float) -> float:
        return len(self._words(width)) * self._set.line + self._set.below

    def _words(self, width: float) -> list[str]:
        lines = [""]
        for word in _EQUATION_NAME.sub("", self._shown.explanation.sentence).split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and text_width(longer, self._set.size) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def _cut(explanation: Explanation, lines: range) -> Explanation:
    return replace(explanation, equations=explanation.equations[lines.start : lines.stop])


def _digits(explanation: Explanation, usual: int) -> int:
    """As many as it takes to see that the update moves each weight."""
    if explanation.phase is not Phase.UPDATE:
        return usual
    new = (equation for equation in explanation.equations if not equation.leads_on)
    return max((_telling(equation, usual) for equation in new), default=usual)


def _telling(new: Equation, usual: int) -> int:
    old = new.tokens[0].value
    assert old is not None  # the weight that the step is taken from
    if old == new.result:
        return usual
    enough = range(usual, _MOST_DIGITS + 1)
    return next((n for n in enough if number(old, n) != number(new.result, n)), usual)

"""The equation of the step on a slide, its numbers covered until they are revealed."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from core.explain import Explanation
from rnn_gui.equation_layout import layout_explanation
from rnn_gui.equation_lines import Layout
from rnn_gui.plots.ink import Ink, text_width
from rnn_gui.slides.part import Part
from rnn_gui.slides.scene import Scene, numbers_in
from rnn_gui.theme import Look
from rnn_gui.typeset import Typesetter

_SIZES = (1.6, 1.45, 1.3, 1.15, 1.0)  # of its type, where there is room
_USUAL = 92.0  # the height that most steps need: the room above stays as it is
_WORDS, _LINE = 13, 18.0
_BELOW_WORDS = 5.0


class EquationPart(Part):
    """The step in one sentence, symbols, numbers and results."""

    stretch = 0.35

    def __init__(self, smallest: float) -> None:
        self._smallest = smallest  # size of its type
        self._scene: Scene | None = None
        self._look = Look()
        self._setter = Typesetter(self._look)

    def show_scene(self, scene: Scene, look: Look) -> None:
        if look != self._look:
            self._look, self._setter = look, Typesetter(look)
        self._scene = scene

    def least_height(self, width: float) -> float:
        layout = self._layout(self._shown.explanation, width, self._smallest)
        return self._words_height(width) + max(_USUAL, layout.height * self._smallest)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Where not all of its lines fit, those that are spoken of, and which they are."""
        room = rect.adjusted(0, self._words_height(rect.width()), 0, 0)
        self._paint_words(painter, rect)
        page, lines = self._shown.explanation, len(self._shown.explanation.equations)
        places = range(len(self._layout(page, rect.width(), 1.0).places))
        if not self._fits(page, room):
            shown, places = self._page(room.adjusted(0, 0, 0, -_LINE))
            page = replace(page, equations=page.equations[shown.start : shown.stop])
            text = f"Lines {shown.start + 1} to {shown.stop} of {lines}"
            ink, y = Ink(painter, self._look), room.bottom() - _LINE / 2
            ink.text(room.left(), y, text, ink.theme.muted, _WORDS)
            room.adjust(0, 0, 0, -_LINE)
        size, layout = self._fitted(page, room)
        painter.save()
        painter.translate(rect.left(), room.top() + (room.height() - size * layout.height) / 2)
        painter.scale(size, size)
        covered = [layout.places[i - places.start] for i in self._shown.covered if i in places]
        layout.covered(covered).paint(painter)
        painter.restore()

    @property
    def _shown(self) -> Scene:
        assert self._scene is not None
        return self._scene

    def _page(self, room: QRectF) -> tuple[range, range]:
        """The equations that are shown together with what was last revealed, and their numbers."""
        explanation, covered = self._shown.explanation, self._shown.covered
        last = max(covered.start - 1, 0) if covered else inf
        start = first = number = 0
        for i, equation in enumerate(explanation.equations):
            page = replace(explanation, equations=explanation.equations[start : i + 1])
            if i > start and not self._fits(page, room):
                if last < number:
                    return range(start, i), range(first, number)
                start, first = i, number
            number += numbers_in(equation) + 1
        return range(start, len(explanation.equations)), range(first, number)

    def _fits(self, explanation: Explanation, room: QRectF) -> bool:
        return (
            self._smallest * self._layout(explanation, room.width(), self._smallest).height
            <= room.height()
        )

    def _fitted(self, explanation: Explanation, room: QRectF) -> tuple[float, Layout]:
        """The largest type with which it fits; smaller than it should be, if it has to."""
        sizes = [size for size in _SIZES if size >= self._smallest]
        for size in (*sizes, *(self._smallest * 0.95**i for i in range(40))):
            layout = self._layout(explanation, room.width(), size)
            if size * layout.height <= room.height() and size * layout.width <= room.width():
                break
        return size, layout

    def _layout(self, explanation: Explanation, width: float, size: float) -> Layout:
        return layout_explanation(explanation, self._look, width / size, setter=self._setter)

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        """The sentence; not while the step is asked for: it may tell too much."""
        if self._shown.asked:
            return
        ink = Ink(painter, self._look)
        for i, line in enumerate(self._lines(rect.width())):
            ink.text(rect.left(), rect.top() + (i + 0.5) * _LINE, line, ink.theme.text, _WORDS)

    def _words_height(self, width: float) -> float:
        return len(self._lines(width)) * _LINE + _BELOW_WORDS

    def _lines(self, width: float) -> list[str]:
        lines = [""]
        for word in self._shown.explanation.sentence.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and text_width(longer, _WORDS) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

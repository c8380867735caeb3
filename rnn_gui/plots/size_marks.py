"""What stands under the lines of a log axis: the wedge between 1 and the product of the hops."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.data.values import Array
from rnn_gui.plots.ink import LEFT, Ink, solid_pen, text_width
from rnn_gui.plots.layer import UNDER_DATA, Axes, Layer
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.theme import SMALL_SIZE, Look, faded

WORD_SIZE = 18
ZERO = "0"
_SHADE = 0.16  # how strong the wedge is
_STEP = 4.0  # pixels between the places that are tried for the word
_ROOM = 12.0  # and from its middle to the nearest line
_ABOVE_FLOOR = 8.0


class SizeMarks(Layer):
    """The line at 1, the wedge with its word, and zeros, which have no place on a log axis."""

    depth = UNDER_DATA

    _drawn: tuple[object, ...] = ()
    _wedge = QPolygonF()
    _one: QLineF | None = None
    _word: tuple[QPointF, str] | None = None
    _zeros: tuple[tuple[QLineF, Stroke, bool], ...] = ()
    _look = Look()

    def show_marks(
        self, product: Series, word: str, zeros: list[Series], lines: list[Series], axes: Axes
    ) -> None:
        """``zeros`` are those points of ``lines`` that are exactly 0, the chosen one's last."""
        drawn = (*map(_content, (product, *zeros, *lines)), word, axes, self._look)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        curve = _points(product, axes)
        one = float(axes.pixels(np.zeros(1), np.ones(1))[0, 1])
        self._one = QLineF(0.0, one, axes.width, one)
        self._wedge = _wedge(curve, one)
        self._word = _placed(word, curve, one, [_points(line, axes) for line in lines], axes)
        last = len(zeros) - 1
        self._zeros = tuple(
            (run, series.stroke, i == last)
            for i, series in enumerate(zeros)
            for run in _runs(series.x, axes)
        )
        self.renew()

    def set_look(self, look: Look) -> None:
        self._look = look

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        ink, theme = Ink(painter, self._look), self._look.theme
        painter.setPen(solid_pen(faded(theme.backward, 0.0), 0.0))
        painter.setBrush(faded(theme.backward, _SHADE))
        painter.drawPolygon(self._wedge)
        if self._one is not None:
            painter.setPen(solid_pen(theme.muted, 1.2))
            painter.drawLine(self._one)
        if self._word is not None:
            at, text = self._word
            ink.text(at.x(), at.y(), text, theme.backward, WORD_SIZE, LEFT, bold=True)
        for run, stroke, named in self._zeros:
            painter.setPen(solid_pen(stroke.colour, 2 * stroke.width))
            painter.drawLine(run)
            if named:
                middle = run.center()
                above = middle.y() - _ABOVE_FLOOR
                ink.text(middle.x(), above, ZERO, theme.text, SMALL_SIZE, 0.5, bold=True)


def _content(series: Series) -> tuple[object, ...]:
    return series.stroke, series.x.tobytes(), series.y.tobytes()


def _points(series: Series, axes: Axes) -> Array:
    """In pixels of the plot; what is beyond the axis, 0 too, stands at its end."""
    low, high = 10.0**axes.y.low, 10.0**axes.y.high
    known = ~np.isnan(series.y)
    return axes.pixels(series.x[known], np.clip(series.y[known], low, high))


def _wedge(curve: Array, one: float) -> QPolygonF:
    if len(curve) < 2:
        return QPolygonF()
    outline = [QPointF(*at) for at in curve.tolist()]
    return QPolygonF([*outline, QPointF(curve[-1, 0], one), QPointF(curve[0, 0], one)])


def _placed(
    word: str, curve: Array, one: float, lines: Iterable[Array], axes: Axes
) -> tuple[QPointF, str] | None:
    """At the left of the wedge, as near to the line at 1 as no other line is; inside, or not."""
    if not word or len(curve) < 2:
        return None
    left = max(float(curve[0, 0]), 0.0) + 8.0
    span = np.linspace(left, left + text_width(word, WORD_SIZE, True), 8)
    if span[-1] > min(float(curve[-1, 0]), axes.width):
        return None
    edges = np.interp(span, *curve.T)
    taken = [np.interp(span, *line.T) for line in lines if len(line) > 1]
    down = 1.0 if edges[0] > one else -1.0
    nearest = np.abs(edges - one).min()
    for distance in np.arange(_ROOM + 2.0, float(nearest) - _ROOM + _STEP, _STEP):
        middle = one + down * float(distance)
        if all((np.abs(heights - middle) > _ROOM).all() for heights in taken):
            return QPointF(left, middle), word
    return None


def _runs(timestamps: Array, axes: Axes) -> list[QLineF]:
    """A stroke on the floor under each stretch of neighbouring timestamps."""
    if not len(timestamps):
        return []
    breaks = np.flatnonzero(np.diff(timestamps) > 1) + 1
    ends = [(float(part[0]), float(part[-1])) for part in np.split(timestamps, breaks)]
    half = 0.3 * axes.width / axes.x.span
    scale = axes.width / axes.x.span
    return [
        QLineF(
            (first - axes.x.low) * scale - half,
            axes.height - 1.0,
            (last - axes.x.low) * scale + half,
            axes.height - 1.0,
        )
        for first, last in ends
    ]


def wedge_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.backward, 2 * _SHADE))

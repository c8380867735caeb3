"""The legend of a loss surface: each sign on a piece of the picture, as it is seen there."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF

from rnn_gui.plots import surface_marks as marks
from rnn_gui.plots.header import Entry, swatch_entry
from rnn_gui.plots.ink import Ink, solid_pen
from rnn_gui.plots.surface_hatch import hatching
from rnn_gui.plots.surface_marks import Line, Mark, Trail
from rnn_gui.plots.surface_picture import Flat
from rnn_gui.plots.surface_scale import COST
from rnn_gui.tutorial_cell import Point

GROUND = COST.colour(0.35).name()
_HEIGHT = 15.0


def point_entry(text: str, kind: str) -> Entry:
    def paint(ink: Ink, ground: QRectF) -> None:
        marks.point(kind, ground.center()).paint(ink)

    return _entry(text, paint, 15.0)


def line_entry(text: str, line: Line) -> Entry:
    def paint(ink: Ink, ground: QRectF) -> None:
        y = ground.center().y()
        ends = np.array([[ground.left() + 2, y], [ground.right() - 2, y]])
        Trail(ends, line).paint(ink.painter, joined=True)

    return _entry(text, paint, 17.0)


def gradient_entry(gradient: Point) -> Entry:
    """Minus the gradient is where gradient descent goes."""
    if gradient == (0.0, 0.0):
        return Entry("gradient 0: no way down")
    if not gradient.finite:
        return Entry("gradient not finite")
    if not marks.arrow_length(math.hypot(*gradient)):
        return Entry("gradient almost 0")

    def paint(ink: Ink, ground: QRectF) -> None:
        left, right, y = ground.left() + 1, ground.right() - 1, ground.center().y()
        Mark("arrow", QPointF(left, y), QPointF(right, y), ink.theme.backward).paint(ink)

    return _entry("−gradient", paint, 17.0)


def area_entry(flat: Flat) -> Entry:
    return swatch_entry(flat.text, partial(_paint_area, flat))


def _entry(text: str, paint: Callable[[Ink, QRectF], None], width: float) -> Entry:
    def mark(ink: Ink, rect: QRectF) -> None:
        ground = QRectF(rect.left(), rect.center().y() - _HEIGHT / 2, width, _HEIGHT)
        ink.box(ground, None, GROUND, 3)
        paint(ink, ground)

    return Entry(text, mark, None, width)


def _paint_area(flat: Flat, ink: Ink, rect: QRectF) -> None:
    area = rect.adjusted(-1, -2, 1, 2)
    ink.box(area, solid_pen(flat.line), flat.colour, 0)
    ink.painter.setPen(solid_pen(flat.line))
    lines = hatching(np.ones((1, 1), dtype=np.bool_), area, area, flat.direction)
    ink.painter.drawLines([QLineF(*line) for line in lines.tolist()])

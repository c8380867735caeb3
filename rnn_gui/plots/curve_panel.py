"""The activation of the hidden states, with the states of one sequence on it, and its slope."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg

from core.cell.names import sequence_name
from core.code.curve import LOGISTIC, RELU, Activation
from core.data.notation import number, subscript
from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.axes import ValueAxis
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import data_pen, solid_pen
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.point_names import PointNames
from rnn_gui.plots.ranges import PLOTTABLE, Range, padded, range_of
from rnn_gui.plots.series import NOTHING, Series, Stroke
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import D_STATE_IN, STATE_OUT, activation_at

NOT_A_LOGARITHM = "log() is the logistic function, not a logarithm"
_TANGENT = 46.0  # pixels to each side
# The most z from which the curve is still drawn around 0: further out, around the states alone.
_FAR = 60.0


class CurvePanel(Panel):
    """A point for each state whose Out is known, on the slope curve once its slope was used."""

    figure = "curve"
    x_label = "z = State (In)"
    y_label = "State (Out)"
    bottom_axis = ValueAxis
    y_spacing = 34.0

    def __init__(self, *, standalone: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.curve = self.slope = NOTHING
        self.points: dict[int, tuple[float, float]] = {}  # timestamp: In and Out
        self.slopes: dict[int, tuple[float, float]] = {}  # timestamp: In and the slope there
        self._axes = [pg.InfiniteLine(0.0, angle) for angle in (0, 90)]
        for item in self._axes:
            item.setZValue(-1)
            self.addItem(item)
        self._names = PointNames(self)

    def set_look(self, look: Look) -> None:
        for item in self._axes:
            item.setPen(data_pen(solid_pen(look.theme.border), self.pixel_ratio))
        super().set_look(look)

    def own_title(self, frame: Frame) -> str:
        return activation_of(frame).title if self.standalone else ""

    def prepare(self, frame: Frame) -> None:
        activation, n = activation_of(frame), frame.sequence
        on_curve = [k for k in frame.known(*STATE_OUT) if _on_curve(frame, k)]
        ins, outs = frame.trace.table("S(In)")[:, n], frame.trace.table("S(Out)")[:, n]
        points = {k: (float(ins[k - 1]), float(outs[k - 1])) for k in on_curve}
        self.points = {k: p for k, p in points.items() if max(map(abs, p)) <= PLOTTABLE}
        used = set(frame.known(*D_STATE_IN))
        slopes = activation.slope(ins)
        self.slopes = {
            k: (z, float(slopes[k - 1])) for k, (z, _) in self.points.items() if k in used
        }
        self.x_range = _z_range(activation, [z for z, _ in self.points.values()])
        z = np.linspace(*self.x_range, 401)
        line, dashed = strokes(self.look)
        slope = activation.slope(z)
        if activation is RELU:
            slope = _with_gap(z, slope)
        self.curve = Series(z, activation.apply(z), line)
        self.slope = Series(z, slope, dashed)
        self.y_range = padded(range_of([self.curve.y, self.slope.y, [0.0]]) or Range(0.0, 1.0))

    def legend_entries(self, frame: Frame) -> list[Entry]:
        activation = activation_of(frame)
        line, dashed = strokes(self.look)
        entries = [
            stroke_entry(activation.formula, line),
            stroke_entry(f"slope {activation.slope_symbol}(z)".replace(" (z)", " 1"), dashed),
        ]
        if self.standalone:
            entries += [Entry(text) for text in remarks(frame)]
        return entries

    def lines(self) -> list[Series]:
        frame = self.frame
        if frame is None:
            return []
        current, seen = self._current(frame), self._apart(self._current(frame))
        style = self.look.theme.sequence(frame.sequence)
        hollow = Stroke(self.look.theme.backward, 0.0, (), "o", False, 7.0)
        small, large = (Stroke(style.colour, 0.0, (), style.symbol, True, s) for s in (9.0, 12.0))
        return [
            self.slope,
            self.curve,
            self._tangent(current),
            _points([self.slopes[k] for k in seen if k in self.slopes], hollow),
            _points([self.points[k] for k in seen if k != current], small),
            _points([self.points[k] for k in seen if k == current], large),
        ]

    def show_items(self, frame: Frame) -> None:
        current = self._current(frame)
        places = {k: self.place(*self.points[k]) for k in self._apart(current)}
        slopes = [self.place(*self.slopes[k]) for k in places if k in self.slopes]
        self._names.show(places, slopes, current)

    @property
    def x_named(self) -> bool:
        return True

    @staticmethod
    def _current(frame: Frame) -> int:
        return 0 if frame.announced else frame.step.timestamp

    def _tangent(self, k: int) -> Series:
        """The slope as it is: a line that touches the curve at the current state."""
        if k not in self.slopes:
            return NOTHING
        (z, out), (_, slope), (wide, high) = self.points[k], self.slopes[k], self.pixel
        reach = _TANGENT / math.hypot(1.0, slope * wide / high) * wide
        ends = np.array([-reach, reach])
        return Series(z + ends, out + slope * ends, Stroke(self.look.theme.backward, 2.0))

    def _apart(self, current: int) -> list[int]:
        """The current state first, then those that are not hidden under another one."""
        places: dict[tuple[int, int], int] = {}
        wide, high = self.pixel
        for k in sorted(self.points, key=lambda k: k != current):
            z, out = self.points[k]
            places.setdefault((round(z / wide / 4), round(out / high / 4)), k)
        return list(places.values())


def activation_of(frame: Frame) -> Activation:
    """What the curve shows: the activation of the hidden states, at T = 1 that of the last."""
    return activation_at(frame.experiment, 1)


def remarks(frame: Frame) -> list[str]:
    """What must be said about the curve once."""
    activation, last = activation_of(frame), frame.timestamps
    said = [NOT_A_LOGARITHM] if activation is LOGISTIC else []
    if not _on_curve(frame, last):
        other = activation_at(frame.experiment, last)
        name = f"{other.symbol}()" if other.symbol else f"no {activation.symbol}()"
        said.append(f"State {last} has {name}: it is not on this curve")
    return said


def point_text(frame: Frame, digits: int) -> str:
    """The current step's state in numbers, where it is on the curve and known."""
    k = frame.step.timestamp
    if frame.announced or not k or k not in frame.known(*STATE_OUT) or not _on_curve(frame, k):
        return ""
    n, symbol = frame.sequence, activation_of(frame).symbol
    z, out = (float(frame.trace.values(name, k)[n]) for name in ("S(In)", "S(Out)"))
    name = f"{symbol}({number(z, digits)})" if symbol else number(z, digits)
    text = f"S{subscript(k)} of sequence {sequence_name(n)}: {name} = {number(out, digits)}"
    if k in frame.known(*D_STATE_IN):
        slope = activation_of(frame).slope(np.array(z))
        text += f", slope {number(float(slope), digits)}"
    return text


def strokes(look: Look) -> tuple[Stroke, Stroke]:
    return (
        Stroke(look.theme.forward, 2.0, smooth=True),
        Stroke(look.theme.backward, 1.3, (5.0, 3.0), smooth=True),
    )


def _on_curve(frame: Frame, k: int) -> bool:
    return activation_at(frame.experiment, k) is activation_of(frame)


def _z_range(activation: Activation, states: list[float]) -> Range:
    reach = 6.0 if activation is LOGISTIC else 3.0
    data = range_of([[-reach, reach], states])
    assert data is not None
    if max(abs(data.low), abs(data.high)) <= _FAR or not states:
        return padded(data, 0.04)
    return padded(Range(min(*states, 0.0), max(*states, 0.0)), 0.06)


def _with_gap(z: Array, slope: Array) -> Array:
    """ReLU's slope jumps at 0: no line joins the two sides."""
    gapped = slope.copy()
    gapped[np.searchsorted(z, 0.0, side="right") - 1] = np.nan
    return gapped


def _points(places: list[tuple[float, float]], stroke: Stroke) -> Series:
    x, y = np.array(sorted(places)).reshape(-1, 2).T
    return Series(x, y, stroke)

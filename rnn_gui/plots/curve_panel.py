"""The activation of the hidden states, with the states of one sequence on it, and its slope."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF

from core.activations import LOGISTIC, RELU, Activation, Array
from core.experiment import sequence_name
from core.frame import Frame
from core.notation import number
from core.steps import Kind
from rnn_gui.plots.axes import PLOTTABLE, Range, padded, range_of, value_ticks
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import CENTRE, Ink, metrics, solid_pen, text_width
from rnn_gui.plots.panel import Panel, Ticks
from rnn_gui.plots.series import Scale, Series, Stroke, draw_series
from rnn_gui.theme import SMALL_SIZE, Look

NOT_A_LOGARITHM = "log() is the logistic function, not a logarithm"
_TANGENT = 46.0  # pixels to each side
# The most z from which the curve is still drawn around 0: further out, around the states alone.
_FAR = 60.0


class CurvePanel(Panel):
    """A point for each state whose Out is known, on the slope curve once its slope was used."""

    figure = "curve"
    x_label = "z = State (In)"
    y_label = "State (Out)"

    def __init__(self, *, standalone: bool = False) -> None:
        super().__init__(standalone=standalone)
        self.curve = self.slope = Series(np.empty(0), np.empty(0), Stroke(""))
        self.points: dict[int, tuple[float, float]] = {}  # timestamp: In and Out
        self.slopes: dict[int, tuple[float, float]] = {}  # timestamp: In and the slope there

    def own_title(self, frame: Frame) -> str:
        return activation_of(frame).title if self.standalone else ""

    def prepare(self, frame: Frame) -> None:
        activation, n = activation_of(frame), frame.sequence
        on_curve = [k for k in frame.known(Kind.STATE_OUT) if _on_curve(frame, k)]
        ins, outs = frame.trace.state_in[:, n], frame.trace.state_out[:, n]
        points = {k: (float(ins[k - 1]), float(outs[k])) for k in on_curve}
        self.points = {k: p for k, p in points.items() if max(map(abs, p)) <= PLOTTABLE}
        used = set(frame.known(Kind.D_STATE_IN))
        slopes = frame.trace.slopes[:, n]
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

    def legend(self, frame: Frame) -> list[Entry]:
        activation = activation_of(frame)
        line, dashed = strokes(self.look)
        entries = [
            stroke_entry(activation.formula, line),
            stroke_entry(f"slope {activation.slope_symbol}(z)".replace(" (z)", " 1"), dashed),
        ]
        if self.standalone:
            entries += [Entry(text) for text in remarks(frame)]
        return entries

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        frame = self.frame
        if frame is None:
            return
        for at, horizontal in ((scale.x(0.0), False), (scale.y(0.0), True)):
            _axis_line(ink, scale, at, horizontal)
        draw_series(ink, scale, self.slope)
        draw_series(ink, scale, self.curve)
        current = frame.step.timestamp if not frame.announced else 0
        self._paint_tangent(ink, scale, current)
        hollow = Stroke(ink.theme.backward, 0.0, (), "o", False, 7.0)
        shown = sorted(self.slopes[k] for k in self._apart(scale, current) if k in self.slopes)
        if shown:
            z, slopes = np.array(shown).T
            draw_series(ink, scale, Series(z, slopes, hollow))
        self._paint_points(ink, scale, current)

    def y_ticks(self, scale: Scale) -> Ticks:
        return value_ticks(scale.y_range, scale.rect.height(), 34)

    def x_ticks(self, scale: Scale) -> Ticks:
        return value_ticks(scale.x_range, scale.rect.width(), 48)

    @property
    def x_named(self) -> bool:
        return True

    def _paint_tangent(self, ink: Ink, scale: Scale, k: int) -> None:
        """The slope as it is: a line that touches the curve at the current state."""
        if k not in self.slopes:
            return
        z, slope = self.slopes[k]
        x, y = scale.x(z), scale.y(self.points[k][1])
        per_pixel = self.y_range.span / scale.rect.height()
        rise = slope * (self.x_range.span / scale.rect.width()) / per_pixel
        reach = _TANGENT / math.hypot(1.0, rise)
        pen = solid_pen(ink.theme.backward, 2.0)
        ink.line(x - reach, y + reach * rise, x + reach, y - reach * rise, pen)

    def _paint_points(self, ink: Ink, scale: Scale, current: int) -> None:
        if self.frame is None:
            return
        style = ink.theme.sequence(self.frame.sequence)
        taken: list[QRectF] = []
        order = self._apart(scale, current)
        for k in reversed(order):
            z, out = self.points[k]
            stroke = Stroke(
                style.colour, 0.0, (), style.symbol, True, 12.0 if k == current else 9.0
            )
            draw_series(ink, scale, Series(np.array([z]), np.array([out]), stroke))
            taken.append(_around(scale.x(z), scale.y(out), 11, 11))
            if k in self.slopes:
                taken.append(_around(scale.x(z), scale.y(self.slopes[k][1]), 8, 8))
        for k in order:
            z, out = self.points[k]
            self._label(ink, scale, (scale.x(z), scale.y(out)), k, k == current, taken)

    def _apart(self, scale: Scale, current: int) -> list[int]:
        """The current state first, then those that are not hidden under another one."""
        places: dict[tuple[int, int], int] = {}
        for k in sorted(self.points, key=lambda k: k != current):
            z, out = self.points[k]
            places.setdefault((round(scale.x(z) / 4), round(scale.y(out) / 4)), k)
        return list(places.values())

    def _label(
        self,
        ink: Ink,
        scale: Scale,
        at: tuple[float, float],
        k: int,
        bold: bool,
        taken: list[QRectF],
    ) -> None:
        """The state's name near its point where there is room; the current one's in any case."""
        text = f"S_{k}"
        width, height = text_width(text, SMALL_SIZE, bold), metrics(SMALL_SIZE).height()
        for dx, dy in ((0, -14), (0, 15), (-15, -12), (15, 12), (15, -12), (-15, 12), (0, -27)):
            place = _around(at[0] + dx, at[1] + dy, width, height)
            free = bold or not any(place.intersects(other) for other in taken)
            if free and scale.rect.adjusted(0, -8, 0, 4).contains(place):
                taken.append(place)
                middle = place.center()
                ink.text(middle.x(), middle.y(), text, ink.theme.text, SMALL_SIZE, CENTRE, bold)
                return


def activation_of(frame: Frame) -> Activation:
    """What the curve shows: the activation of the hidden states, at T = 1 that of the last."""
    return frame.experiment.activation(1)


def remarks(frame: Frame) -> list[str]:
    """What must be said about the curve once."""
    activation, last = activation_of(frame), frame.timestamps
    said = [NOT_A_LOGARITHM] if activation is LOGISTIC else []
    if not _on_curve(frame, last):
        other = frame.experiment.activation(last)
        name = f"{other.symbol}()" if other.symbol else "no activation"
        said.append(f"State {last} has {name}: it is not on this curve")
    return said


def point_text(frame: Frame, digits: int) -> str:
    """The current step's state in numbers, where it is on the curve and known."""
    k = frame.step.timestamp
    if frame.announced or not k or k not in frame.known(Kind.STATE_OUT) or not _on_curve(frame, k):
        return ""
    n, symbol = frame.sequence, activation_of(frame).symbol
    z, out = float(frame.trace.state_in[k - 1, n]), float(frame.trace.state_out[k, n])
    name = f"{symbol}({number(z, digits)})" if symbol else number(z, digits)
    text = f"S_{k} of sequence {sequence_name(n)}: {name} = {number(out, digits)}"
    if k in frame.known(Kind.D_STATE_IN):
        text += f", slope {number(float(frame.trace.slopes[k - 1, n]), digits)}"
    return text


def strokes(look: Look) -> tuple[Stroke, Stroke]:
    return (
        Stroke(look.theme.forward, 2.0, smooth=True),
        Stroke(look.theme.backward, 1.3, (5.0, 3.0), smooth=True),
    )


def _on_curve(frame: Frame, k: int) -> bool:
    return frame.experiment.activation(k) is activation_of(frame)


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


def _around(x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(x - width / 2, y - height / 2, width, height)


def _axis_line(ink: Ink, scale: Scale, at: float, horizontal: bool) -> None:
    rect, pen = scale.rect, solid_pen(ink.theme.border)
    if horizontal:
        ink.line(rect.left(), at, rect.right(), at, pen)
    elif rect.left() <= at <= rect.right():
        ink.line(at, rect.top(), at, rect.bottom() + 5, pen)

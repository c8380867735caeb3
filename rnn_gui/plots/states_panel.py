"""State (In) and State (Out) of each sequence over the timestamps, and the targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from core.activations import Array
from core.experiment import sequence_name
from core.frame import Frame
from core.notation import number
from core.steps import Kind
from rnn_gui.plots.axes import Range, padded, range_of
from rnn_gui.plots.columns import FEW_SEQUENCES, ColumnPanel
from rnn_gui.plots.header import Entry, stroke_entry, swatch_entry
from rnn_gui.plots.ink import DASHED, Ink, elided, solid_pen, text_width
from rnn_gui.plots.series import Scale, Series, Stroke, distance, draw_fill, draw_series
from rnn_gui.theme import SMALL_SIZE, Look, SequenceStyle, faded

DOTTED = (1.5, 3.0)
NEAR = 9.0  # pixels between the pointer and a line that it means


@dataclass(frozen=True, eq=False)
class Spread:
    """What the sequences other than the chosen one do: lowest, middle and highest."""

    x: Array
    low: Array
    middle: Array
    high: Array


def spread_of(x: Array, rows: Array, chosen: int) -> Spread | None:
    """Over the columns of ``rows``, shape (·, N), without the chosen one."""
    others = np.delete(rows, chosen, axis=1)
    if others.size == 0:
        return None
    with np.errstate(invalid="ignore"):
        return Spread(x, others.min(axis=1), np.median(others, axis=1), others.max(axis=1))


def spread_ends(spread: Spread | None) -> list[Array]:
    return [] if spread is None else [spread.low, spread.high]


def chosen_last(frame: Frame) -> list[int]:
    """The sequences that have lines of their own, the chosen one last and so on top."""
    if frame.sequences > FEW_SEQUENCES:
        return [frame.sequence]
    return [*(i for i in range(frame.sequences) if i != frame.sequence), frame.sequence]


def dash_of(style: SequenceStyle) -> tuple[float, ...]:
    return {"DashLine": (7.0, 3.0), "DotLine": (2.0, 3.0), "DashDotLine": (7.0, 3.0, 2.0, 3.0)}.get(
        style.dash.name, ()
    )


def known_outs(frame: Frame) -> tuple[Array, Array]:
    """Timestamps from 0 and State (Out) there: shapes (·,) and (·, N)."""
    outs = frame.block(Kind.STATE_OUT)
    x = np.arange(len(outs) + 1, dtype=np.float64)
    return x, np.vstack([frame.trace.state_out[:1], outs])


class StatesPanel(ColumnPanel):
    """Hollow markers on dashed lines are In, filled ones on solid lines Out, stars targets."""

    figure = "states"
    y_label = "State"

    def __init__(self, *, standalone: bool = False, lowest: bool = False) -> None:
        super().__init__(standalone=standalone, lowest=lowest)
        self.series: list[Series] = []
        self.spread: Spread | None = None

    def own_title(self, _frame: Frame) -> str:
        return "States"

    def prepare(self, frame: Frame) -> None:
        room = self._column_width()
        out_x, outs = known_outs(frame)
        in_x = np.arange(1.0, len(frame.known(Kind.STATE_IN)) + 1)
        ins = frame.block(Kind.STATE_IN)
        self.series = _without_activation(self.look, frame)
        for i in chosen_last(frame):
            strokes = state_strokes(self.look, i, i == frame.sequence, room)
            self.series.append(Series(in_x, ins[:, i], strokes[0], i))
            self.series.append(Series(out_x, outs[:, i], strokes[1], i))
        many = frame.sequences > FEW_SEQUENCES
        self.spread = spread_of(out_x, outs, frame.sequence) if many else None
        own = [self.in_view(s.x, s.y) for s in self.series if s.sequence >= 0]
        own += [self.in_view(out_x, end) for end in spread_ends(self.spread)]
        data = range_of([*own, frame.experiment.targets] if self.last_in_view else own)
        thin = range_of(self.in_view(s.x, s.y) for s in self.series if s.sequence < 0)
        self.y_range = padded(_stretched(data or Range(0.0, 1.0), thin))

    def legend(self, frame: Frame) -> list[Entry]:
        theme = self.look.theme
        state_in, state_out = state_strokes(self.look, frame.sequence, True, 99)
        entries = [
            stroke_entry("State (In)", state_in),
            stroke_entry("State (Out)", state_out),
            stroke_entry("target y", _target_stroke(theme.muted, 9)),
        ]
        if frame.unactivated is not None:
            thin = Stroke(theme.muted, 1.2, DOTTED)
            entries.append(stroke_entry("without activation", thin))
        if frame.sequences > FEW_SEQUENCES:
            entries.append(swatch_entry("Out of the others: range, median", spread_mark))
        else:
            entries += [_name_entry(self.look, i) for i in range(frame.sequences)]
        return entries

    def paint_data(self, ink: Ink, scale: Scale) -> None:
        frame = self.frame
        if frame is None:
            return
        if self.spread is not None:
            paint_spread(ink, scale, self.spread, ink.theme.muted)
        for series in self.series:
            draw_series(ink, scale, series)
        self._paint_targets(ink, scale, frame)

    def clip_rect(self, scale: Scale) -> QRectF:
        return scale.rect.adjusted(0, -5, self.right if self.last_in_view else 0, 5)

    def sequence_at(self, at: QPointF) -> int | None:
        """The sequence whose line is near this place."""
        return nearest_sequence(self.scale(), self.series, at)

    def resizeEvent(self, _event: object) -> None:
        """Markers need room between the columns."""
        self._renew()

    def _column_width(self) -> float:
        return self.plot_rect().width() / max(self.x_range.span, 1.0)

    def _paint_targets(self, ink: Ink, scale: Scale, frame: Frame) -> None:
        """A star at timestamp T for each sequence; in the margin its number and whose it is."""
        if not self.last_in_view:
            return
        targets, last = frame.experiment.targets, float(frame.timestamps)
        if frame.sequences > FEW_SEQUENCES:
            x = scale.x(last)
            ends = scale.y(float(targets.min())), scale.y(float(targets.max()))
            ink.line(x, ends[0], x, ends[1], solid_pen(ink.theme.muted, 1.2, DOTTED))
        for i in chosen_last(frame):
            colour = ink.theme.sequence(i).colour
            stroke = _target_stroke(colour, 14 if i == frame.sequence else 12)
            draw_series(ink, scale, Series(np.array([last]), targets[i : i + 1], stroke, i))
        self._name_targets(ink, scale, frame)

    def _name_targets(self, ink: Ink, scale: Scale, frame: Frame) -> None:
        targets = frame.experiment.targets
        x = max(scale.rect.right() + 4, scale.x(frame.timestamps) + 10)
        room = self.boundingRect().right() - x - 2
        chosen = sorted(chosen_last(frame))
        distinct = sorted({float(targets[i]) for i in chosen}, reverse=True)
        places = _apart([scale.y(t) for t in distinct], 13.0, scale.rect.bottom())
        for target, y in zip(distinct, places, strict=True):
            names = [sequence_name(i) for i in chosen if targets[i] == target]
            value = f"y = {number(target, 3)}"
            named = f"{value}  {' '.join(names)}"
            text = named if text_width(named, SMALL_SIZE) <= room else value
            ink.text(x, y, elided(text, SMALL_SIZE, room), ink.theme.muted, SMALL_SIZE)


def state_strokes(look: Look, index: int, chosen: bool, room: float) -> tuple[Stroke, Stroke]:
    """How State (In) and State (Out) of a sequence are drawn in columns of this width."""
    style = look.theme.sequence(index)
    symbol, size = marker_of(style, chosen, room)
    alpha = 1.0 if chosen else 0.75
    pale = 0.35 if room < 2 else alpha  # where dashes cannot be seen
    return (
        Stroke(style.colour, 1.0, DASHED, symbol, False, size + 1, pale),
        Stroke(style.colour, 2.2 if chosen else 1.3, dash_of(style), symbol, True, size, alpha),
    )


def marker_of(style: SequenceStyle, chosen: bool, room: float) -> tuple[str, float]:
    """Symbol and size where columns are wide enough, else none; the chosen one keeps it longest."""
    symbol = style.symbol if room >= (9 if chosen else 16) else ""
    return symbol, min(max(room * 0.6, 5.0), 9.0 if chosen else 7.5)


def paint_spread(ink: Ink, scale: Scale, spread: Spread, colour: str) -> None:
    draw_fill(ink, scale, spread.x, spread.low, spread.high, faded(colour, 0.2))
    median = Stroke(colour, 1.2, (6.0, 3.0), alpha=0.8)
    draw_series(ink, scale, Series(spread.x, spread.middle, median))


def nearest_sequence(scale: Scale, series: list[Series], at: QPointF) -> int | None:
    found = [(distance(scale, s, at), s.sequence) for s in series if s.sequence >= 0]
    nearest = min(found, default=(float("inf"), -1))
    return nearest[1] if nearest[0] <= NEAR else None


def _without_activation(look: Look, frame: Frame) -> list[Series]:
    if frame.unactivated is None:
        return []
    x, outs = known_outs(frame.unactivated)
    return [
        Series(x, outs[:, i], Stroke(look.theme.sequence(i).colour, 1.2, DOTTED, alpha=0.9))
        for i in chosen_last(frame)
    ]


def _stretched(data: Range, thin: Range | None) -> Range:
    """Room for the lines without activation too, but not so much that nothing else is seen:
    where they explode they lead out of the plot.
    """
    if thin is None:
        return data
    most = 1.5 * (data.span or 1.0)
    return Range(
        max(min(data.low, thin.low), data.low - most),
        min(max(data.high, thin.high), data.high + most),
    )


def _apart(middles: list[float], gap: float, bottom: float) -> list[float]:
    """The heights of labels, moved so that none covers another or hangs out below."""
    for i in range(1, len(middles)):
        middles[i] = max(middles[i], middles[i - 1] + gap)
    limit = bottom
    for i in reversed(range(len(middles))):
        middles[i] = min(middles[i], limit)
        limit = middles[i] - gap
    return middles


def _target_stroke(colour: str, size: float) -> Stroke:
    return Stroke(colour, 0.0, (), "star", False, size)


def _name_entry(look: Look, index: int) -> Entry:
    stroke = state_strokes(look, index, False, 99)[1]
    stroke = Stroke(stroke.colour, 0.0, (), stroke.symbol, True, 8.0)
    return stroke_entry(sequence_name(index), stroke)


def spread_mark(ink: Ink, rect: QRectF) -> None:
    ink.fill(rect, colour=faded(ink.theme.muted, 0.25))
    middle = rect.center().y()
    ink.line(rect.left(), middle, rect.right(), middle, solid_pen(ink.theme.muted, 1.2))

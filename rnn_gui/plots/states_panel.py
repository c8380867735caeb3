"""State (In) and State (Out) of each sequence over the timestamps, and the targets."""

from __future__ import annotations

import numpy as np

from core.data.notation import number
from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.columns import FEW_SEQUENCES, ColumnPanel, chosen_last
from rnn_gui.plots.comparison import stretched, thin_entry, thin_lines
from rnn_gui.plots.header import Entry, stroke_entry, swatch_entry
from rnn_gui.plots.ink import DASHED, DOTTED, elided, text_width
from rnn_gui.plots.ranges import Range, padded, range_of
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.plots.spread import SpreadItem, SpreadMemory, spread_mark
from rnn_gui.theme import SMALL_SIZE, Look, SequenceStyle
from rnn_gui.tutorial_cell import STATE_IN, STATE_OUT

_PALE = 0.35


def dash_of(style: SequenceStyle) -> tuple[float, ...]:
    return {"DashLine": (7.0, 3.0), "DotLine": (2.0, 3.0), "DashDotLine": (7.0, 3.0, 2.0, 3.0)}.get(
        style.dash.name, ()
    )


def known_outs(frame: Frame) -> tuple[Array, Array]:
    """Timestamps from 0 and State (Out) there: shapes (·,) and (·, N)."""
    outs = frame.trace.history("S(Out)")[: len(frame.known(*STATE_OUT)) + 1]
    return np.arange(len(outs), dtype=np.float64), outs


class StatesPanel(ColumnPanel):
    """Hollow markers on dashed lines are In, filled ones on solid lines Out, stars targets."""

    figure = "states"
    y_label = "State"

    def __init__(
        self, *, standalone: bool = False, joined: tuple[bool, bool] = (False, False)
    ) -> None:
        super().__init__(standalone=standalone, joined=joined)
        self.right_axis.show_numbers(True)
        self.right_axis.setStyle(tickAlpha=0)
        self.spread = SpreadItem(self.vb)
        self._spreads = SpreadMemory()

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self.right_axis.setTickPen(None)

    def own_title(self, _frame: Frame) -> str:
        return "States"

    def prepare(self, frame: Frame) -> None:
        out_x, outs = known_outs(frame)
        in_x = np.arange(1.0, len(frame.known(*STATE_IN)) + 1)
        ins = frame.block(*STATE_IN)
        other = frame.unactivated
        self.series = thin_lines(self.look, frame, *known_outs(other)) if other else []
        for i in chosen_last(frame):
            strokes = state_strokes(self.look, i, i == frame.sequence, self.column_width)
            self.series.append(Series(in_x, ins[:, i], strokes[0], i))
            self.series.append(Series(out_x, outs[:, i], strokes[1], i))
        many = frame.sequences > FEW_SEQUENCES
        rows, table = range(len(out_x)), frame.trace.history("S(Out)")
        found = self._spreads.spread(out_x, table, rows, frame.sequence) if many else None
        self.spread.spread = found
        own = [self.in_view(s.x, s.y) for s in self.series if s.sequence >= 0]
        own += [self.in_view(out_x, end) for end in self.spread.ends]
        data = range_of([*own, frame.experiment.targets] if self.last_in_view else own)
        thin = range_of(self.in_view(s.x, s.y) for s in self.series if s.sequence < 0)
        self.y_range = padded(stretched(data or Range(0.0, 1.0), thin))

    def legend_entries(self, frame: Frame) -> list[Entry]:
        theme = self.look.theme
        state_in, state_out = state_strokes(self.look, frame.sequence, True, 99)
        entries = [
            stroke_entry("State (In)", state_in),
            stroke_entry("State (Out)", state_out),
            stroke_entry("target y", _target_stroke(theme.muted, 9)),
        ]
        if frame.unactivated is not None:
            entries.append(thin_entry(self.look, self.series, self.y_range))
        if frame.sequences > FEW_SEQUENCES:
            entries.append(swatch_entry("Out of the others: range, median", spread_mark))
        else:
            entries += [_name_entry(self.look, frame, i) for i in range(frame.sequences)]
        return entries

    def lines(self) -> list[Series]:
        """With many sequences a dotted line tells how far their targets reach."""
        frame = self.frame
        if frame is None:
            return []
        middle = self.spread.middle(self.look.theme.muted)
        lines = sorted(self.series, key=lambda series: series.stroke.alpha > _PALE)
        return [*self._reach(frame), *middle, *lines, *self._targets(frame)]

    def show_items(self, frame: Frame) -> None:
        super().show_items(frame)
        self.spread.show_spread(self.look.theme.muted, self.axes_in_pixels)
        self.vb.set_overhang(0, 5, self.right if self.last_in_view else 0, 5)
        self.right_axis.show_ticks(self._target_names(frame, sorted(self._aimed_at(frame))))

    def _aimed_at(self, frame: Frame) -> list[int]:
        """The sequences whose targets are shown."""
        return chosen_last(frame) if self.last_in_view else []

    def _reach(self, frame: Frame) -> list[Series]:
        if frame.sequences <= FEW_SEQUENCES or not self.last_in_view:
            return []
        targets, last = frame.experiment.targets, float(frame.timestamps)
        ends = np.array([targets.min(), targets.max()])
        return [Series(np.array([last, last]), ends, Stroke(self.look.theme.muted, 1.2, DOTTED))]

    def _targets(self, frame: Frame) -> list[Series]:
        """A star at timestamp T for each sequence; in the margin its number and whose it is."""
        theme, last = self.look.theme, np.array([float(frame.timestamps)])
        return [
            Series(
                last,
                frame.experiment.targets[i : i + 1],
                _target_stroke(theme.sequence(i).colour, 14 if i == frame.sequence else 12),
            )
            for i in self._aimed_at(frame)
        ]

    def _target_names(self, frame: Frame, shown: list[int]) -> list[tuple[float, str]]:
        """Each target and whose it is, at heights where none covers another."""
        offset = max(5, round(11 - self.column_width / 2))  # beside the star
        self.right_axis.show_offset(offset)
        targets, room = frame.experiment.targets, self.right - offset - 1.0
        distinct = sorted({float(targets[i]) for i in shown}, reverse=True)
        rect = self.plot_rect
        heights = _apart([self.place(0, t).y() for t in distinct], 13.0, rect.bottom())
        ticks = []
        for target, y in zip(distinct, heights, strict=True):
            names = [frame.name_of(i) for i in shown if targets[i] == target]
            value = f"y = {number(target, 3)}"
            named = f"{value}  {' '.join(names)}"
            text = named if text_width(named, SMALL_SIZE) <= room else value
            at = self.y_range.low + (rect.bottom() - y) * self.pixel[1]
            ticks.append((at / self.y_range.unit, elided(text, SMALL_SIZE, room)))
        return ticks


def state_strokes(look: Look, index: int, chosen: bool, room: float) -> tuple[Stroke, Stroke]:
    """How State (In) and State (Out) of a sequence are drawn in columns of this width."""
    style = look.theme.sequence(index)
    symbol, size = marker_of(style, chosen, room)
    alpha = 1.0 if chosen else 0.75
    pale = _PALE if room < 2 else alpha  # where dashes cannot be seen
    return (
        Stroke(style.colour, 1.0, DASHED, symbol, False, size + 1, pale),
        Stroke(style.colour, 2.2 if chosen else 1.3, dash_of(style), symbol, True, size, alpha),
    )


def marker_of(style: SequenceStyle, chosen: bool, room: float) -> tuple[str, float]:
    """Symbol and size where columns are wide enough, else none; the chosen one keeps it longest."""
    symbol = style.symbol if room >= (9 if chosen else 16) else ""
    return symbol, min(max(room * 0.6, 5.0), 9.0 if chosen else 7.5)


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


def _name_entry(look: Look, frame: Frame, index: int) -> Entry:
    stroke = state_strokes(look, index, False, 99)[1]
    stroke = Stroke(stroke.colour, 0.0, (), stroke.symbol, True, 8.0)
    return stroke_entry(frame.name_of(index), stroke)

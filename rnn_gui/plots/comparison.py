"""The same network without activation, as thin dotted lines in the plots."""

from __future__ import annotations

from core.data.values import Array
from core.epoch.frame import Frame
from rnn_gui.plots.columns import chosen_last
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import DOTTED
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.series import Series, Stroke
from rnn_gui.theme import Look


def thin_lines(look: Look, frame: Frame, x: Array, rows: Array) -> list[Series]:
    """A line for each sequence that is drawn: shapes (·,) and (·, N)."""
    return [
        Series(x, rows[:, i], Stroke(look.theme.sequence(i).colour, 1.2, DOTTED, alpha=0.9))
        for i in chosen_last(frame)
    ]


def thin_entry(look: Look, lines: list[Series], shown: Range) -> Entry:
    """Says so where all of them lie beyond the range that the plot shows."""
    seen = any(((s.y >= shown.low) & (s.y <= shown.high)).any() for s in lines if len(s.y))
    known = any(len(s.y) for s in lines)
    text = "without activation" if seen or not known else "without activation: beyond this range"
    return stroke_entry(text, Stroke(look.theme.muted, 1.2, DOTTED))


def stretched(data: Range, thin: Range | None) -> Range:
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

"""How large the gradients are, over timestamps on a log axis: what vanishes and what explodes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from core.cell.names import sequence_name
from core.data.values import Array
from core.epoch.frame import Frame
from core.epoch.hops import hop_products, hop_sentences, verdict
from rnn_gui.plots.columns import FEW_SEQUENCES, ColumnPanel, chosen_last
from rnn_gui.plots.comparison import stretched, thin_entry, thin_lines
from rnn_gui.plots.gradients_panel import OVERFLOWN, gradient_stroke, nothing_yet
from rnn_gui.plots.header import TITLE_SIZE, Entry, stroke_entry, swatch_entry
from rnn_gui.plots.ink import text_width
from rnn_gui.plots.ranges import PLOTTABLE, Range, range_of
from rnn_gui.plots.series import NOTHING, Series, Stroke
from rnn_gui.plots.size_marks import SizeMarks
from rnn_gui.plots.spread import Spread, SpreadItem, SpreadMemory, spread_mark
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import D_STATE_IN

TITLE = "Gradient sizes"
_AROUND_TITLE = 18  # pixels
_PRODUCT_DASHES = (6.0, 4.0)
_SMALLEST, _LARGEST = -307.0, 300.0  # powers of ten that an axis can hold
_MARGIN = 0.04  # of the range


class SizesPanel(ColumnPanel):
    """|dE/dState (In)| of each sequence, filled markers where it is above 0 and hollow ones
    where below, and dashed the product of the factors of the chosen sequence's hops.
    """

    figure = "gradients"
    y_label = "|dE/dState (In)|"
    y_spacing = 24.0

    def __init__(
        self, *, standalone: bool = False, joined: tuple[bool, bool] = (False, False)
    ) -> None:
        super().__init__(standalone=standalone, joined=joined)
        self.setLogMode(y=True)
        self.vb.disableAutoRange()
        self.product = NOTHING
        self.signs: list[Series] = []  # the markers, which tell the sign
        self.zeros: list[Series] = []  # what is known to be exactly 0
        self.thin: list[Series] = []  # of the network without activation
        self.spread = SpreadItem(self.vb)
        self._spreads = SpreadMemory(sizes=True)
        self._marks = SizeMarks(self.vb)

    def set_look(self, look: Look) -> None:
        self._marks.set_look(look)
        super().set_look(look)

    @property
    def header_wrapped(self) -> bool:
        """The title is a sentence, so the legend has a row of its own."""
        return True

    def own_title(self, frame: Frame) -> str:
        sentences = hop_sentences(frame) or (TITLE,)
        room = self.title_room
        fitting = (text for text in sentences if text_width(text, TITLE_SIZE, True) <= room)
        return next(fitting, sentences[-1])

    @property
    def title_room(self) -> float:
        """The width that the title may have; figures are wide enough for any."""
        return math.inf if self.standalone else self.room_beside_margins

    @property
    def room_beside_margins(self) -> float:
        return float(self.size().width()) - _AROUND_TITLE

    def prepare(self, frame: Frame) -> None:
        known, shown = frame.known(*D_STATE_IN), chosen_last(frame)
        x, rows = np.array(known, dtype=np.float64), frame.block(*D_STATE_IN)
        strokes = [self._stroke(i, i == frame.sequence) for i in shown]
        pairs = list(zip(strokes, (rows[:, i] for i in shown), shown, strict=True))
        self.series = [Series(x, np.abs(y), replace(s, symbol=""), i) for s, y, i in pairs]
        self.signs = [part for s, y, i in pairs for part in _markers(x, y, s, i)]
        self.zeros = [Series(x[y == 0], y[y == 0], s, i) for s, y, i in pairs]
        line = Stroke(self.look.theme.backward, 1.8, _PRODUCT_DASHES)
        self.product = Series(x, np.abs(hop_products(frame)), line)
        self.thin = self._without_activation(frame, x)
        found = self._spread(frame, x)
        self.y_range = self._room(found)
        self.spread.spread = None if found is None else _above(found, 10.0**self.y_range.low)

    def _stroke(self, index: int, chosen: bool) -> Stroke:
        return gradient_stroke(self.look, index, chosen, self.column_width)

    def _without_activation(self, frame: Frame, x: Array) -> list[Series]:
        other = frame.unactivated
        if other is None:
            return []
        lines = thin_lines(self.look, frame, x, other.block(*D_STATE_IN))
        return [replace(line, y=np.abs(line.y)) for line in lines]

    def _spread(self, frame: Frame, x: Array) -> Spread | None:
        if frame.sequences <= FEW_SEQUENCES:
            return None
        known = frame.known(*D_STATE_IN)
        rows = range(known.start - 1, known.stop - 1)
        return self._spreads.spread(x, frame.trace.gradient_table("S(In)"), rows, frame.sequence)

    def _room(self, spread: Spread | None) -> Range:
        """Whole powers of ten around what is in view, 1 among them."""
        near = [(s.x, s.y) for s in (*self.series, self.product)]
        far = [(s.x, s.y) for s in self.thin]
        if spread is not None:
            near += [(spread.x, spread.middle), (spread.x, spread.high)]
            far.append((spread.x, spread.low))
        one = np.zeros(1)
        data = range_of([one, *(_powers(self.in_view(*each)) for each in near)])
        room = stretched(data or Range(0.0, 0.0), range_of(_powers(self.in_view(*e)) for e in far))
        margin = _MARGIN * max(room.span, 1.0)
        low = max(math.floor(room.low - margin), _SMALLEST)
        return Range(low, min(max(math.ceil(room.high + margin), low + 1), _LARGEST))

    def in_axes(self) -> list[Series]:
        return [
            replace(s, x=s.x[seen], y=np.log10(s.y[seen]))
            for s in self.series
            for seen in [(s.y > 0) & (s.y <= PLOTTABLE)]
        ]

    def legend_entries(self, frame: Frame) -> list[Entry]:
        chosen = gradient_stroke(self.look, frame.sequence, True, 99)
        above, below = replace(chosen, width=0.0), replace(chosen, width=0.0, filled=False)
        entries = [
            stroke_entry("|dE/dState (In)|", replace(chosen, symbol="")),
            stroke_entry("above 0", above),
            stroke_entry("below 0", below),
        ]
        if frame.timestamps > 1:
            entries.append(stroke_entry("product of the factors Wrec · f'", self.product.stroke))
        if frame.unactivated is not None:
            shown = Range(10.0**self.y_range.low, 10.0**self.y_range.high)
            entries.append(thin_entry(self.look, self.thin, shown))
        if frame.sequences > FEW_SEQUENCES:
            return [*entries, swatch_entry("the others: range, median", spread_mark)]
        if self.standalone:
            entries += [self._name_entry(i) for i in range(frame.sequences)]
        return [*entries, Entry("(log axis)")]

    def _name_entry(self, index: int) -> Entry:
        return stroke_entry(sequence_name(index), gradient_stroke(self.look, index, False, 99))

    def lines(self) -> list[Series]:
        middle = self.spread.middle(self.look.theme.muted)
        return [*self.thin, *middle, self.product, *self.series, *self.signs]

    def message(self, frame: Frame) -> str:
        if not frame.known(*D_STATE_IN):
            return nothing_yet(frame)
        drawn = any(np.isfinite(s.y).any() for s in self.series)
        return "" if drawn or len(self.product.x) > 1 else OVERFLOWN

    def show_items(self, frame: Frame) -> None:
        super().show_items(frame)
        shown = not self.message(frame)
        axes = self.axes_in_pixels
        self.left_axis.show_numbers(shown)
        self.spread.show_spread(self.look.theme.muted, axes)
        self._marks.setVisible(shown)
        word = verdict(float(self.product.y[0])) if len(self.product.y) > 1 else ""
        self._marks.show_marks(self.product, word, self.zeros, self.series, axes)


def _markers(x: Array, y: Array, stroke: Stroke, sequence: int) -> list[Series]:
    """Filled where above 0, hollow where below."""
    if not stroke.symbol:
        return []
    alone = replace(stroke, width=0.0)
    return [
        Series(x[y > 0], y[y > 0], alone, sequence),
        Series(x[y < 0], -y[y < 0], replace(alone, filled=False), sequence),
    ]


def _above(spread: Spread, floor: float) -> Spread:
    """The area of what is below the axis, 0 too, reaches down to its end."""
    return replace(spread, low=np.maximum(spread.low, floor), high=np.maximum(spread.high, floor))


def _powers(values: Array) -> Array:
    """The powers of ten of those that a log axis has a place for."""
    kept: Array = np.log10(values[(values > 0) & (values <= PLOTTABLE)])
    return kept

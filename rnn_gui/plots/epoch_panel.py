"""What plots over the epochs of a run share: the axis, the cursor, earlier runs, the end."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from core.data.values import Array
from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots.epoch_marks import MARGIN, EpochMarks, Marks, Name
from rnn_gui.plots.epochs import STEADY, EpochScale
from rnn_gui.plots.ghost_lines import ghost_stroke, short_name
from rnn_gui.plots.layer import Axes
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range, range_of
from rnn_gui.plots.series import NOTHING, Series, Stroke
from rnn_gui.plots.thinning import Thinning

FEW = 30  # so few epochs in view have a marker each
_NARROW = 100.0  # pixels: as if a plot were never narrower
_HEADER, _AXIS = 30.0, 38.0  # heights of what stands around the data
_FINER, _COARSER = 3, 0.5  # a figure has more dots than pixels; thin lines do with fewer
_FIRST = 20  # epochs of longer runs that are shown beside a run that has only begun
_STEADIER = 16  # moves of the axis, since all earlier runs are drawn anew with each
_BEYOND = 0.5  # of the height of the present run's data, left for earlier runs at either side


class EpochPanel(Panel):
    """Lines over epochs. Those up to the present epoch are drawn strong, those that the run
    already went through after it pale; earlier runs lie under both.

    The present run sets the ranges, and earlier ones are cut off there; unless ``everything``
    is to be seen, all runs from end to end.
    """

    left, right = 54, round(MARGIN)
    x_label = EpochScale().label

    def __init__(self, *, standalone: bool = False) -> None:
        self.scale = EpochScale()
        self.ghosts: tuple[Ghost, ...] = ()
        self.ghost_lines: list[tuple[Ghost, Series]] = []
        self._thinned_for: tuple[object, ...] = ()
        self._ghost_range: Range | None = None
        self._named_for: Axes | None = None
        self._ghost_names: tuple[Name, ...] = ()
        self._ghost_ends: tuple[QPointF, ...] = ()
        self.everything = False
        self.last_epoch = 0  # that the axis makes room for
        self.topmost = self.lowest = True  # of the panels that share an axis
        self._has_axis = True
        self._shown: Range | None = None
        super().__init__(standalone=standalone)
        self.vb.set_overhang(6, 5, 6, 5)
        self._marks = EpochMarks(self)

    def show_ghosts(self, ghosts: Iterable[Ghost]) -> None:
        """Draw these earlier runs, too."""
        self.ghosts = tuple(ghost for ghost in ghosts if ghost.shown)
        self._renew()

    def show_epochs(self, scale: EpochScale, shown: Range | None, everything: bool = False) -> None:
        """Which part of the axis is in view, in places of this scale; None for the present run,
        or for ``everything``.
        """
        if (scale, shown, everything) == (self.scale, self._shown, self.everything):
            return
        renamed = scale != self.scale
        self.scale, self._shown, self.everything = scale, shown, everything
        if renamed:
            self.x_label = scale.label
            self._name_below()
        self._renew()

    def stand(self, *, topmost: bool, lowest: bool) -> None:
        """Among the panels that share an axis; the lowest one names it."""
        self.topmost, self.lowest = topmost, lowest
        self._renew()

    @property
    def x_named(self) -> bool:
        return True

    @property
    def height_around(self) -> float:
        """Of what stands above and below the data."""
        return _HEADER + (_AXIS if self.lowest else 0.0)

    @property
    def zoomed(self) -> bool:
        return self._shown is not None

    @property
    def ghosts_cut_off(self) -> bool:
        """Whether some of an earlier run lies above or below what is in view."""
        theirs, shown = self._ghost_range, self.y_range
        return theirs is not None and (theirs.low < shown.low or theirs.high > shown.high)

    def epoch_at(self, x: float) -> int:
        """The nearest epoch of the run to this pixel."""
        epoch = round(self.scale.epoch_at(self.data_at(QPointF(x, 0.0)).x()))
        return min(epoch, self.frame.run.last if self.frame else 0)

    def place_of(self, epoch: int) -> float:
        """The pixel where an epoch stands."""
        return self.place(self.scale.place(epoch), self.y_range.low).x()

    # What differs

    @abstractmethod
    def prepare_lines(self, frame: Frame) -> None:
        """Work out the lines and the range of y; the range of x is set."""

    @abstractmethod
    def columns(self, run: Run) -> list[tuple[Array, Thinning]]:
        """The columns of a run that are drawn here."""

    @property
    def empty(self) -> bool:
        return False

    def end_names(self) -> list[Name]:
        """Names at the ends of lines, the most important first."""
        return []

    # What is shared

    def prepare(self, frame: Frame) -> None:
        self.last_epoch = last_epoch_of(frame, self.ghosts, everything=self.everything)
        self.x_range = self._shown or whole_axis(self.scale, self.last_epoch, self.ghosts)
        self._prepare_ghosts()
        self.prepare_lines(frame)

    def part(
        self, run: Run, column: int, first: int, end: int, stroke: Stroke, share: float = 1.0
    ) -> Series:
        """What is in view of the epochs of a run from ``first`` up to ``end``; on this share of
        the pixels, where fewer points do.
        """
        values, thinning = self.columns(run)[column]
        seen = self.scale.seen(self.x_range, len(values))
        first, end = max(first, seen[0]), min(end, seen[1])
        if first >= end:
            return replace(NOTHING, stroke=stroke)
        finer = _FINER if self.standalone else self.pixel_ratio
        density = share * max(self.plot_rect.width(), _NARROW) * finer / self.x_range.span
        return Series(*self.scale.thinned(thinning, values, first, end, density), stroke)

    def marked(self, line: Stroke, later: Stroke, symbol: str = "o") -> tuple[Stroke, Stroke]:
        """With a marker for each epoch, where there are few in view."""
        first, end = self.scale.seen(self.x_range, self.last_epoch + 1)
        if end - first > FEW:
            return line, later
        return replace(line, symbol=symbol, size=6.0), replace(later, symbol=symbol, size=4.0)

    def ghost_series(self) -> list[Series]:
        return [series for _, series in self.ghost_lines]

    def with_ghosts(self, data: Range | None) -> Range | None:
        """The range of the present run's data, and what there is room for beside it."""
        theirs = self._ghost_range
        if data is None:
            return theirs or fitting((s.y for s in self.ghost_series()), self.left_axis.logMode)
        if theirs is None:
            return data
        room = math.inf if self.everything or data.span == 0 else _BEYOND * data.span
        return Range(
            min(data.low, max(theirs.low, data.low - room)),
            max(data.high, min(theirs.high, data.high + room)),
        )

    def show_items(self, frame: Frame) -> None:
        self.left_axis.setVisible(not self.empty)
        self.below.setVisible(self.lowest and not self.empty)
        if self.lowest != self._has_axis:  # setting a height lays the plot out anew
            self._has_axis = self.lowest
            self._name_below()
        if self.scale.logarithmic:
            ticks = self.scale.ticks(self.x_range, self.plot_rect.width())
            self.below.show_ticks([(at / self.x_range.unit, text) for at, text in ticks])
        elif self.below._tickLevels is not None:
            self.below.setTicks(None)
        self._name_ghosts()
        self._marks.show_marks(self._marks_of(frame), self.look)

    def _prepare_ghosts(self) -> None:
        """Earlier runs stand still: their lines are new only where the axis or the look is."""
        ghosts = tuple((ghost, ghost.run.last) for ghost in self.ghosts)
        width, log = self.plot_rect.width(), self.left_axis.logMode
        wanted = (ghosts, self.scale, self.x_range, width, self.pixel_ratio, self.look, log)
        if wanted == self._thinned_for:
            return
        self._thinned_for, self._named_for = wanted, None
        self.ghost_lines = [
            (ghost, self.part(ghost.run, column, 0, ghost.run.last + 1, stroke, _COARSER))
            for ghost in self.ghosts
            for stroke in [ghost_stroke(self.look, ghost)]
            for column in range(len(self.columns(ghost.run)))
        ]
        # A run that diverged may lead out of the plot.
        sound = (series.y for ghost, series in self.ghost_lines if not ghost.run.diverged)
        self._ghost_range = fitting(sound, log)

    def _name_below(self) -> None:
        super()._name_below()
        self.below.set_theme(self.look.theme)  # a new name forgets its colour
        if not self.lowest:
            self.below.setHeight(0)

    def _name_ghosts(self) -> None:
        """The name at each one's first line, and where those that diverged stopped."""
        if self._named_for == self.axes_in_pixels:
            return
        self._named_for = self.axes_in_pixels
        names, ends, colour = dict[Ghost, Name](), list[QPointF](), self.look.theme.muted
        for ghost, series in self.ghost_lines:
            at = self.end_of(series)
            if at is None:
                continue
            names.setdefault(ghost, Name(short_name(ghost.name), at, colour))
            if ghost.run.diverged and abs(self.place_of(ghost.run.last) - at.x()) < 1:
                ends.append(at)
        self._ghost_names, self._ghost_ends = tuple(names.values()), tuple(ends)

    def _marks_of(self, frame: Frame) -> Marks:
        rect, run = self.plot_rect, frame.run
        if self.empty:
            return Marks(rect)
        cursor, end = self.place_of(frame.position.epoch), self.place_of(run.last)
        inside = (rect.left() - 1, rect.right() + 1)
        ended = run.diverged and inside[0] <= end <= inside[1]
        return Marks(
            rect,
            cursor if inside[0] <= cursor <= inside[1] else None,
            self.topmost and not self.standalone,
            (*self.end_names(), *self._ghost_names),
            self._ghost_ends,
            end if ended else None,
            f"not finite after epoch {run.last:,}" if ended and self.topmost else "",
        )

    def end_of(self, series: Series) -> QPointF | None:
        """The last point of a line that is in view, in pixels of the panel."""
        rect = self.plot_rect
        points = self.axes_in_pixels.pixels(series.x, series.y)
        inside = np.flatnonzero(
            (points[:, 0] >= 0)
            & (points[:, 0] <= rect.width() + 1)
            & (points[:, 1] >= -1)
            & (points[:, 1] <= rect.height() + 1)
        )
        return QPointF(*points[inside[-1]]) + rect.topLeft() if len(inside) else None


def last_epoch_of(frame: Frame | None, ghosts: Iterable[Ghost], *, everything: bool = False) -> int:
    """The last one that an axis makes room for: of the present run, or of all that are drawn."""
    present = frame.run.last if frame else 0
    longest = max((ghost.run.last for ghost in ghosts if ghost.shown), default=0)
    return max(present, longest if everything else min(longest, _FIRST))


def whole_axis(scale: EpochScale, last: int, ghosts: Iterable[Ghost]) -> Range:
    """The axis up to the last epoch that it makes room for."""
    return scale.whole(last, _STEADIER if any(ghost.shown for ghost in ghosts) else STEADY)


def fitting(parts: Iterable[Array], logarithmic: bool) -> Range | None:
    """The range of the data; on a logarithmic axis of what is above 0, in powers of ten."""
    if not logarithmic:
        return range_of(parts)
    data = range_of(y[y > 0] for y in parts)
    if data is None:
        return None
    low, high = (math.log10(end) * 10 for end in data)
    return Range(math.floor(low - 0.5) / 10, math.ceil(high + 0.5) / 10)

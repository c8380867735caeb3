"""What lies on a loss surface of the runs: their ways, where they stand, the step's gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from PySide6.QtCore import QPointF

from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots import surface_marks as marks
from rnn_gui.plots.surface_layers import View
from rnn_gui.plots.surface_marks import Mark, Trail
from rnn_gui.plots.surface_path import Way, way_of
from rnn_gui.tutorial_cell import Point

_FEW = 30  # so few epochs have a dot each
_NAMED = 3  # earlier runs have their names beside them, the latest ones
_SEEN = 0.5  # pixels: a way that is shorter is none

_PRESENT = ("now", "beyond")

Name = tuple[str, QPointF]


@dataclass(frozen=True)
class OnSurface:
    """In pixels of the plot; the topmost last, of names the most important first."""

    trails: list[Trail]
    marks: list[Mark]
    names: list[Name]

    @property
    def present_alone(self) -> OnSurface:
        """What is there without a picture to lie on."""
        return OnSurface([], [mark for mark in self.marks if mark.kind in _PRESENT], [])


class EarlierRuns:
    """Ghosts, as they lie on a surface; kept until one of them changes, or the view does."""

    def __init__(self, ghosts: tuple[Ghost, ...] = (), present: str = "") -> None:
        """``present`` is what the run is called that is no ghost."""
        self._ghosts, self.present = ghosts, present
        self._beside: tuple[Run | None, list[Ghost]] = None, []
        self._made: tuple[object, OnSurface] = None, OnSurface([], [], [])

    def same_as(self, other: EarlierRuns) -> bool:
        mine, theirs = (
            [(ghost.run, ghost.name, ghost.shown) for ghost in runs._ghosts]
            for runs in (self, other)
        )
        return mine == theirs and self.present == other.present

    def beside(self, run: Run) -> list[Ghost]:
        """Those that are shown beside this run, and went over the same surface."""
        if self._beside[0] is not run:
            self._beside = run, [ghost for ghost in self._ghosts if _goes_with(ghost, run)]
        return self._beside[1]

    def on_surface(self, run: Run, view: View) -> OnSurface:
        ghosts = self.beside(run)
        key = view, [(ghost.run, ghost.run.last) for ghost in ghosts]
        if self._made[0] != key:
            self._made = key, _lay_out(ghosts, view)
        return self._made[1]


def now_of(frame: Frame) -> int:
    """The epoch whose weights are the present ones: after the update, those of the next."""
    return frame.position.epoch + (frame.after_update is not None)


def on_surface(frame: Frame, view: View, earlier: EarlierRuns, colour: str) -> OnSurface:
    """All that a frame shows; ``colour`` is that of the gradient."""
    before = earlier.on_surface(frame.run, view)
    found, place = _marks(frame, view, colour), view.place(*Point.of(frame.weights))
    inside = view.rect.contains(place)
    own = [(earlier.present, place)] if before.names and earlier.present and inside else []
    trails = [*before.trails, *_trails(frame, view)]
    return OnSurface(trails, [*before.marks, *found], [*own, *before.names])


def _trails(frame: Frame, view: View) -> list[Trail]:
    run, now = frame.run, now_of(frame)
    way, here = _way(run, view), np.array([Point.of(run.weights(now))])
    done = view.pixels(np.concatenate([way.up_to(now), here]))
    ahead = view.pixels(np.concatenate([here, way.after(now)]))
    few = run.last <= _FEW
    trails = Trail(ahead, marks.AHEAD, dots=few), Trail(done, marks.DONE, dots=few)
    return [trail for trail in trails if trail.extent > _SEEN]


def _marks(frame: Frame, view: View, colour: str) -> list[Mark]:
    start, now = view.place(*Point.of(frame.run.weights(0))), view.place(*Point.of(frame.weights))
    found = [marks.point("start", start)] if view.rect.contains(start) else []
    arrow = _arrow(frame, view, colour)
    if arrow is not None:
        found.append(arrow)
    inside = view.rect.contains(now)
    return [*found, marks.point("now", now) if inside else marks.at_edge(now, view.rect)]


def _arrow(frame: Frame, view: View, colour: str) -> Mark | None:
    """Where gradient descent goes from the weights that the gradient is of, once it is known."""
    gradient, at = frame.gradient, view.place(*Point.of(frame.trace.weights))
    if gradient is None or not view.rect.contains(at):
        return None
    slopes, (wide, high) = Point.of(gradient), view.pixel
    size = math.hypot(*slopes)
    across, down = (slope / size if size else 0.0 for slope in slopes)
    return marks.arrow(at, -across / wide, down / high, size, colour)


def _lay_out(ghosts: list[Ghost], view: View) -> OnSurface:
    """Each ghost's way, a dot at its end, and its name there."""
    trails, found, names = [], [], []
    for ghost, line in zip(ghosts, cycle(marks.GHOSTS), strict=False):
        trail = Trail(view.pixels(_way(ghost.run, view).points), line)
        if trail.extent > _SEEN:
            trails.append(trail)
        end = view.place(*Point.of(ghost.run.weights(ghost.run.last)))
        if view.rect.contains(end):
            found.append(marks.point("end", end, line.colour))
            names.append((ghost.name, end))
    return OnSurface(trails, found, names[: -_NAMED - 1 : -1])


def _goes_with(ghost: Ghost, run: Run) -> bool:
    other = ghost.run is not run
    return ghost.shown and other and ghost.run.experiment.same_costs(run.experiment)


def _way(run: Run, view: View) -> Way:
    return way_of(run).seen(run, view.window, min(view.pixel))

"""The loss surface with both gradients, on a grid of 200 by 200 weights."""

from __future__ import annotations

import numpy as np

from benchmarks.agreement import agreed
from benchmarks.measuring import Task, side_by_side
from benchmarks.table import Row, faster
from benchmarks.yardsticks import broadcast
from core.data.presets import PRESETS
from core.data.values import Array
from core.landscape.costs import Landscape

_SIDE = 200
_TIMES = 5  # in a round: one takes only some thousandths of a second
_ROUNDS = 15
_NAIVE = "naive broadcast"


def rows() -> list[Row]:
    experiment = PRESETS["part-2"].experiment
    wx = wrec = np.linspace(-3, 3, _SIDE)
    grid = np.meshgrid(wx, wrec)
    kept = Landscape(experiment)

    def first() -> Array:
        return Landscape(experiment).on_grid(wx, wrec)

    def again() -> Array:
        return kept.on_grid(wx, wrec)

    def naive() -> tuple[Array, ...]:
        return broadcast.cost_and_gradients(experiment, *grid)

    gap = agreed(_NAIVE, naive(), [*first()])
    tasks = {"first": _times(first), "again": _times(again), _NAIVE: _times(naive)}
    seconds = side_by_side(tasks, _ROUNDS)
    made, redrawn, theirs = (sample.per(_TIMES) for sample in seconds.values())
    what = f"surface {_SIDE} × {_SIDE} with gradients"
    return [
        faster(what, made, _NAIVE, theirs, gap, 6),
        faster(f"{what}, after a zoom", redrawn, _NAIVE, theirs, gap),
    ]


def _times(task: Task) -> Task:
    def work() -> None:
        for _ in range(_TIMES):
            task()

    return work

"""The basin map, beside training each of its starts by itself."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import agreed
from benchmarks.measuring import side_by_side
from benchmarks.table import Row, faster
from benchmarks.yardsticks import clear_numpy
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.landscape.basin import EPOCHS, NOT_THERE, STARTS, BasinMap

_GOAL = 0.5
_SAMPLED = 10  # every so many starts along each axis are trained by themselves
_ROUNDS = 5
_NAME = "clear NumPy, each start by itself"

Epochs = NDArray[np.int32]


def rows() -> list[Row]:
    """In seconds for each epoch of each start: to train all of them by themselves takes minutes."""
    experiment = PRESETS["part-2"].experiment
    axis = np.linspace(-3, 3, STARTS)
    sampled = slice(_SAMPLED // 2, None, _SAMPLED)
    sample = axis[sampled]

    whole, some = ours(experiment, axis), by_itself(experiment, sample)
    gap = agreed(_NAME, [whole[sampled, sampled]], [some])
    tasks = {
        "ours": lambda: ours(experiment, axis),
        _NAME: lambda: by_itself(experiment, sample),
    }
    seconds = side_by_side(tasks, _ROUNDS)
    mine, theirs = seconds["ours"].per(trained(whole)), seconds[_NAME].per(trained(some))
    what = f"basin map of {STARTS} × {STARTS} starts"
    return [faster(what, mine, _NAME, theirs, gap, 100)]


def ours(experiment: Experiment, axis: NDArray[np.float64]) -> Epochs:
    """How many epochs each start of the grid needs."""
    basin = BasinMap(experiment, axis, axis, _GOAL)
    basin.work(inf)
    return basin.epochs


def by_itself(experiment: Experiment, axis: NDArray[np.float64]) -> Epochs:
    """The same from the yardstick."""
    needed = [
        clear_numpy.epochs_until(experiment, (float(wx), float(wrec)), _GOAL, EPOCHS)
        for wrec in axis
        for wx in axis
    ]
    filled = [NOT_THERE if epochs is None else epochs for epochs in needed]
    return np.array(filled, dtype=np.int32).reshape(len(axis), len(axis))


def trained(epochs: Epochs) -> int:
    """How many epochs were computed in all, the one that is there included."""
    return int(np.sum(np.where(epochs == NOT_THERE, EPOCHS, epochs) + 1))

"""An epoch of 1,000,000 sequences by 10 timestamps."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.agreement import agreed
from benchmarks.measuring import Sample, side_by_side
from benchmarks.ours import random_experiment, random_numbers
from benchmarks.table import Row, Wanted, faster, quantity
from benchmarks.yardsticks import clear_numpy
from benchmarks.yardsticks.history import start_of
from core.data.experiment import Experiment
from core.training.run import gradient_of

_SEQUENCES, _TIMESTAMPS = 1_000_000, 10
_NUMBERS = "epoch of 1,000,000 × 10, any numbers"
_ONES = "epoch of 1,000,000 × 10, zeros and ones"
_WHY = "What is left is arithmetic that both sides do alike: exp() alone takes a fifth of the time."
_ROUNDS = 7
_BY_ROWS, _BY_TIMESTAMPS = "clear NumPy, batch-major", "clear NumPy, time-major"


def rows() -> list[Row]:
    numbers = random_numbers(_SEQUENCES, _TIMESTAMPS)
    scratch = _scratch_memory(numbers)  # first: later the buffers are there already
    of_numbers = _times(_NUMBERS, numbers)
    ones = random_experiment(_SEQUENCES, _TIMESTAMPS)
    start = perf_counter()
    gradient_of(ones)
    making = perf_counter() - start
    first, *others = _times(_ONES, ones)
    remark = f"The tree of beginnings is made once for the data: {quantity(making, 's')}."
    return [*of_numbers, scratch, replace(first, remark=remark), *others]


def _times(what: str, experiment: Experiment) -> list[Row]:
    weights = experiment.weights
    numbers = experiment.targets, *start_of(experiment)[:3]
    by_rows = np.ascontiguousarray(experiment.inputs)
    by_timestamps = np.ascontiguousarray(experiment.inputs.T)
    gradient = gradient_of(experiment)
    tasks: dict[str, Callable[[], tuple[Any, ...]]] = {
        "ours": lambda: gradient(weights),
        _BY_TIMESTAMPS: lambda: clear_numpy.epoch_by_timestamps(by_timestamps, *numbers),
        _BY_ROWS: lambda: clear_numpy.epoch_by_rows(by_rows, *numbers),
    }
    cost, derivatives = gradient(weights)
    gaps = {
        name: agreed(name, (cost, *derivatives.flat), tasks[name]())
        for name in (_BY_TIMESTAMPS, _BY_ROWS)
    }
    seconds = side_by_side(tasks, _ROUNDS)
    return [
        faster(what, seconds["ours"], name, seconds[name], gaps[name], wanted, _WHY)
        for name, wanted in ((_BY_TIMESTAMPS, 2.0), (_BY_ROWS, None))
    ]


def _scratch_memory(experiment: Experiment) -> Row:
    """What an epoch needs beside the data, buffers made once included."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    gradient_of(experiment)(experiment.weights)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    used = Sample(((peak - before) / 1e6,), "MB")
    wanted = Wanted(16, "MB", at_least=False)
    return Row(what=f"{_NUMBERS}: scratch memory", ours=used, result=used, wanted=wanted)

"""The program's side of a pair, where more than one item needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from benchmarks.yardsticks.history import History
from core.activations import Array
from core.compiled import COMPILED
from core.experiment import Experiment, Weights, count_ones
from core.training import EPOCH_LIMIT, Run


def trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    """A run of so many epochs, the first included."""

    def train() -> History:
        run = Run(experiment)
        run.extend(epochs - 1)
        return History(run.costs, run.wx, run.wrec)

    return train


def compile_for(experiment: Experiment) -> None:
    """Let the extra compile, and wait for it; raises ImportError where it is not installed."""
    if not COMPILED.installed:
        raise ImportError("numba")
    Run(experiment).expect(EPOCH_LIMIT)
    for thread in threading.enumerate():
        if thread.name == "compiling":
            thread.join()
    if COMPILED.problem:
        raise RuntimeError(COMPILED.problem)


def random_experiment(sequences: int, timestamps: int) -> Experiment:
    """Random ones and zeros to count, always the same ones."""
    ones = np.random.default_rng(7).integers(0, 2, (sequences, timestamps))
    return _experiment(ones.astype(np.float64))


def random_numbers(sequences: int, timestamps: int) -> Experiment:
    """Random numbers from 0 to 1, so that no two sequences begin alike."""
    return _experiment(np.random.default_rng(7).random((sequences, timestamps)))


def _experiment(inputs: Array) -> Experiment:
    return Experiment(
        inputs=inputs,
        targets=count_ones(inputs),
        targets_count_ones=True,
        weights=Weights(0.5, 1.1),
        learning_rates=Weights(1e-5, 1e-5),
    )

"""The program's side of a pair, where more than one item needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from benchmarks.yardsticks.history import History
from core.cell.known import two_weights
from core.data.experiment import Experiment, count_ones
from core.data.values import Array, Values
from core.engine.compiled import Compiler
from core.training.run import EPOCH_LIMIT, Run


def trainer(
    experiment: Experiment, epochs: int, compiler: Compiler | None = None
) -> Callable[[], History]:
    """A run of so many epochs, the first included."""

    def train() -> History:
        run = Run(experiment, compiler=compiler)
        run.extend(epochs - 1)
        return History(run.costs, run.column(0), run.column(1))

    return train


def compiler_for(experiment: Experiment) -> Compiler:
    """Let the extra compile, and wait for it; raises ImportError where it is not installed."""
    compiler = Compiler()
    if not compiler.installed:
        raise ImportError("numba")
    Run(experiment, compiler=compiler).expect(EPOCH_LIMIT)
    for thread in threading.enumerate():
        if thread.name == "compiling":
            thread.join()
    if compiler.problem:
        raise RuntimeError(compiler.problem)
    return compiler


def random_experiment(sequences: int, timestamps: int) -> Experiment:
    """Random ones and zeros to count, always the same ones."""
    ones = np.random.default_rng(7).integers(0, 2, (sequences, timestamps))
    return _experiment(ones.astype(np.float64))


def random_numbers(sequences: int, timestamps: int) -> Experiment:
    """Random numbers from 0 to 1, so that no two sequences begin alike."""
    return _experiment(np.random.default_rng(7).random((sequences, timestamps)))


def _experiment(inputs: Array) -> Experiment:
    start = Values({"Wx": 0.5, "Wrec": 1.1})
    rates = dict.fromkeys(start, 1e-5)
    return Experiment(
        cell=two_weights(),
        inputs=inputs,
        targets=count_ones(inputs),
        targets_count_ones=True,
        weights=start,
        learning_rates=rates,
    )

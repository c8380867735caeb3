"""Elman network, LSTM and GRU compute what PyTorch's modules do: the cost and every gradient."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.yardsticks import torch_cells
from core.cell.known import KNOWN
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.training.run import gradient_of
from tests.core.random_cells import random_data

pytest.importorskip("torch")

CELLS = ("elman", "lstm", "gru")
SIZES = ({"H": 8, "I": 8, "O": 1}, {"H": 5, "I": 3, "O": 2}, {"H": 1, "I": 1, "O": 1})
LENGTHS = ((32, 20), (4, 2), (1, 1))  # N, T


def experiment_of(key: str, sizes: dict[str, int], lengths: tuple[int, int]) -> Experiment:
    """Make an experiment with random numbers everywhere, initial states included."""
    cell, rng = KNOWN[key](), np.random.default_rng(3)
    data = random_data(cell, rng, *lengths, sizes)
    return Experiment(cell=cell, learning_rates=dict.fromkeys(cell.weights, 0.1), **data)


def assert_same(ours: np.ndarray | float, theirs: np.ndarray | float, name: str) -> None:
    """Compare beside the largest number of a weight: a sum may nearly be 0 by chance."""
    scale = np.max(np.abs(theirs))
    assert np.shape(ours) == np.shape(theirs), name
    assert np.max(np.abs(np.subtract(ours, theirs))) <= 1e-12 * scale, name


@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("key", CELLS)
def test_the_cost_and_every_gradient_are_those_of_torch(
    key: str, sizes: dict[str, int], lengths: tuple[int, int]
) -> None:
    experiment = experiment_of(key, sizes, lengths)
    cost, gradients = torch_cells.epoch_of(experiment)()
    trace = Trace(experiment, experiment.weights)
    ours = [(trace.cost, trace.gradient), gradient_of(experiment)(experiment.weights)]
    for our_cost, our_gradients in ours:
        assert_same(our_cost, cost, "E")
        assert our_gradients.keys() == gradients.keys()
        for name, gradient in gradients.items():
            assert_same(our_gradients[name], gradient, name)

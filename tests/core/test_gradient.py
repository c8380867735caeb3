"""Many sequences have the gradient of their trace, on whichever way it is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core import gradient, prefixes
from core.activations import ACTIVATIONS, Array
from core.experiment import Experiment, Weights
from core.gradient import gradient_of_many
from core.presets import PRESETS
from core.trace import trace_epoch
from core.training import Run
from tests.core import complex_step

PART_2 = PRESETS["part-2"].experiment


@pytest.fixture(scope="module", autouse=True)
def fewer_are_many() -> Iterator[None]:
    """The complex-step derivative of 20,000 numbers takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradient, "_MANY", 2000)
        yield


def few_values(seed: int = 7, timestamps: int = 5, values: Any = (0.0, 1.0)) -> Experiment:
    """Just as many sequences as are worth a tree."""
    rows = -(-gradient._MANY // timestamps)
    inputs = np.random.default_rng(seed).choice(values, (rows, timestamps))
    return replace(PART_2.with_data(inputs), weights=Weights(0.7, 0.9), initial_state=0.3)


def goes_by_tree(experiment: Experiment) -> bool:
    return gradient._remembered(experiment) is not None


def check(experiment: Experiment) -> None:
    weights = experiment.weights
    cost, derivatives = gradient_of_many(experiment)(weights)
    trace = trace_epoch(experiment, weights)
    room = np.array(complex_step.sizes(experiment, weights)) * 1e-12
    assert np.all(np.abs(np.subtract(derivatives, trace.gradient)) <= room)
    exact = complex_step.gradient(experiment, weights)
    assert np.all(np.abs(np.subtract(derivatives, exact)) <= room)
    assert cost == pytest.approx(trace.cost, rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.sampled_from([(0.0, 1.0), (-1.0, 0.0), (5.0,)]),
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from(list(ACTIVATIONS)),
)
def test_few_values_go_by_the_tree_and_agree(
    seed: int, timestamps: int, values: tuple[float, ...], hidden: str, last: str
) -> None:
    experiment = few_values(seed, timestamps, values)
    experiment = replace(experiment, hidden_activation=hidden, last_activation=last)
    assume(complex_step.away_from_kinks(experiment, experiment.weights))
    assert goes_by_tree(experiment)
    check(experiment)


def test_other_data_goes_sequence_by_sequence() -> None:
    numbers = PART_2.with_data(np.random.default_rng(7).normal(size=(400, 5)))
    few = few_values().with_data(few_values().inputs[:-1])
    long = PART_2.with_data(np.random.default_rng(7).integers(0, 2, (40, 50)).astype(float))
    for experiment in (numbers, few, long):
        assert not goes_by_tree(experiment)
        check(experiment)


@given(st.integers(1, 40), st.integers(1, 8), st.integers(1, 4), st.integers(0, 99))
def test_the_number_of_states_is_not_more_than_told(n: int, t: int, values: int, seed: int) -> None:
    inputs = np.random.default_rng(seed).integers(0, values, (n, t)).astype(float)
    for data in (inputs, inputs + 0.5, inputs * 1e9):
        most = prefixes.most_states(data)
        assert prefixes.prefix_tree(PART_2.with_data(data)).states <= most <= n * t


def test_a_tree_is_made_once_for_all_that_leaves_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = few_values()
    gradient_of_many(experiment)
    with monkeypatch.context() as patch:
        patch.delattr(gradient, "prefix_tree")
        other = replace(experiment, weights=Weights(0.1, 0.2), hidden_activation="tanh")
        check(other)
    inputs: Array = experiment.inputs.copy()
    inputs[0, 0] = 1.0 - inputs[0, 0]
    check(experiment.with_data(inputs))
    check(replace(experiment, last_activation="logistic"))
    check(experiment)


def test_a_run_trained_again_has_the_same_bits() -> None:
    def trained(*epochs: int) -> Run:
        run = Run(replace(few_values(), learning_rates=Weights(1e-3, 1e-3)))
        for more in epochs:
            run.extend(more)
        return run

    one, other = trained(30), trained(1, 20, 9)
    assert one.costs.tobytes() == other.costs.tobytes()
    assert one.wrec.tobytes() == other.wrec.tobytes()
    assert one.costs[-1] < one.costs[0]


def test_a_planted_mistake_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = few_values()
    tree = gradient._remembered(experiment)
    assert tree is not None
    wrong = replace(tree, counts=tree.counts * 1.001)
    memory = gradient._memory
    assert memory is not None
    monkeypatch.setattr(gradient, "_memory", memory._replace(tree=wrong))
    with pytest.raises(AssertionError):
        check(experiment)

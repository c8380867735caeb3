"""Blocks of sequences give what the trace gives, however they are cut."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import blocks, network
from core.activations import ACTIVATIONS, Array
from core.blocks import blocks_of, gradient_in_blocks
from core.experiment import Experiment, Weights
from core.presets import PRESETS
from core.trace import trace_epoch
from tests.core import complex_step
from tests.core.sampling import EXTREMES, experiments, pairs, reals

PART_2 = PRESETS["part-2"].experiment
ONE_SEQUENCE = 2 * PART_2.timestamps + 3  # numbers that one of them needs
ROOMS = st.sampled_from([1, ONE_SEQUENCE, 2 * ONE_SEQUENCE, 10_000])


def random_data(sequences: int, timestamps: int, **changes: Any) -> Experiment:
    rows = np.random.default_rng(7).normal(size=(sequences, timestamps))
    return replace(PART_2.with_data(rows), initial_state=0.4, **changes)


def check(experiment: Experiment, numbers: int) -> None:
    """Cost and gradient are those of the trace, and the derivative of the cost."""
    weights = experiment.weights
    cost, gradient = gradient_in_blocks(experiment, numbers)(weights)
    trace = trace_epoch(experiment, weights)
    room = np.array(complex_step.sizes(experiment, weights)) * 1e-12
    assert np.all(np.abs(np.subtract(gradient, trace.gradient)) <= room)
    assert np.all(np.abs(np.subtract(gradient, complex_step.gradient(experiment, weights))) <= room)
    assert cost == pytest.approx(trace.cost, 1e-12, 1e-12)


@given(experiments(), ROOMS)
def test_blocks_agree_with_the_trace_and_with_the_complex_step(
    experiment: Experiment, numbers: int
) -> None:
    assume(complex_step.away_from_kinks(experiment, experiment.weights))
    check(experiment, numbers)


@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_each_pair_of_activations(hidden: str, last: str) -> None:
    changes = {"hidden_activation": hidden, "last_activation": last, "weights": Weights(0.7, 0.9)}
    check(random_data(5, 3, **changes), 2 * ONE_SEQUENCE)


@pytest.mark.parametrize("sequences", range(1, 10))
def test_around_the_border_of_a_block(sequences: int) -> None:
    experiment = random_data(sequences, 3)
    cut = list(blocks_of(experiment, 4 * ONE_SEQUENCE))
    assert [n for block in cut for n in range(block.start, block.stop)] == list(range(sequences))
    assert {block.stop - block.start for block in cut[:-1]} <= {4}
    assert len(cut) == math.ceil(sequences / 4)
    check(experiment, 4 * ONE_SEQUENCE)


def test_a_block_of_many_timestamps_keeps_to_its_room() -> None:
    sizes = {}
    for timestamps in (1, 10, 1000):
        experiment = PART_2.with_data(np.zeros((20_000, timestamps)))
        sizes[timestamps] = next(iter(blocks_of(experiment))).stop
    assert sizes[1] == sizes[10] > sizes[1000]
    assert sizes[1000] * (2 * 1000 + 3) * 8 < 16e6


def test_a_sum_longer_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = random_data(10, 3)
    whole = trace_epoch(experiment, experiment.weights)
    monkeypatch.setattr(network, "_PIECE", 4)
    check(experiment, 10_000)
    pieces = trace_epoch(experiment, experiment.weights)
    assert pieces.gradient == pytest.approx(whole.gradient, rel=1e-13)


def test_many_sequences() -> None:
    experiment = random_data(40_000, 2)
    trace = trace_epoch(experiment, experiment.weights)
    cost, gradient = gradient_in_blocks(experiment)(experiment.weights)
    assert cost == pytest.approx(trace.cost, rel=1e-12)
    assert gradient == pytest.approx(trace.gradient, rel=1e-12)


def test_experiments_in_turn_do_not_disturb_each_other() -> None:
    one, other = random_data(5, 3), random_data(7, 4)
    of_one, of_other = gradient_in_blocks(one), gradient_in_blocks(other)
    expected = of_one(one.weights), of_other(other.weights)
    for _ in range(2):
        assert (of_one(one.weights), of_other(other.weights)) == expected
        assert of_one(one.weights) == expected[0]


def test_the_buffers_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = gradient_in_blocks(random_data(5, 3))
    expected = gradient(PART_2.weights)
    monkeypatch.delattr(blocks, "_made")
    assert gradient(PART_2.weights) == expected


def test_buffers_of_another_size_are_let_go() -> None:
    for sequences, timestamps in ((5, 3), (6, 3), (5, 4)):
        experiment = random_data(sequences, timestamps)
        gradient_in_blocks(experiment)(experiment.weights)
        ((*shape, _),) = blocks._left
        assert shape == [timestamps, sequences]


@given(experiments(EXTREMES, EXTREMES), pairs(EXTREMES), ROOMS)
def test_extremes_neither_warn_nor_raise(
    experiment: Experiment, weights: Weights, numbers: int
) -> None:
    cost, _ = gradient_in_blocks(experiment, numbers)(weights)
    assert math.isfinite(cost) == math.isfinite(trace_epoch(experiment, weights).cost)


@given(experiments(reals(30.0)))
def test_saturated_states_lose_no_digits(experiment: Experiment) -> None:
    assume(complex_step.away_from_kinks(experiment, experiment.weights))
    experiment = replace(experiment, hidden_activation="logistic", last_activation="logistic")
    check(experiment, ONE_SEQUENCE)


def test_a_planted_mistake_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, right = random_data(5, 3), ACTIVATIONS["logistic"]

    def wrong(z: Array, out: Array, slope: Array) -> None:
        right.into(z, out, slope)
        slope *= 0.999

    check(experiment, 2 * ONE_SEQUENCE)
    monkeypatch.setitem(ACTIVATIONS, "logistic", replace(right, into=wrong))
    with pytest.raises(AssertionError):
        check(experiment, 2 * ONE_SEQUENCE)

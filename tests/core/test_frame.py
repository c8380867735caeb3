"""A frame shows exactly what is known at its position: nothing early, nothing missing."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given

from core.experiment import Experiment, Weights
from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.steps import Kind, Position, epoch_length
from core.trace import trace_epoch
from core.training import Run, update
from tests.core.sampling import EXTREMES, experiments

PART_2 = PRESETS["part-2"].experiment
PLACES = [(size, step) for size in range(1, 7) for step in range(5 * size + 4)]
TABLES = {
    Kind.STATE_IN: "state_in",
    Kind.STATE_OUT: "state_out",
    Kind.D_STATE_OUT: "d_state_out",
    Kind.D_STATE_IN: "d_state_in",
}


def run_of(timestamps: int) -> Run:
    rows = np.random.default_rng(timestamps).normal(size=(3, timestamps))
    run = Run(replace(PART_2.with_data(rows), initial_state=0.25))
    run.extend(2)
    return run


def done_with(kind: Kind, timestamps: int, k: int = 0) -> int:
    """After how many steps a value is known: counted on paper, not looked up in the table."""
    after_cost = 2 * timestamps + 1
    return {
        Kind.STATE_IN: 2 * k - 1,
        Kind.STATE_OUT: 2 * k,
        Kind.COST: after_cost,
        Kind.D_STATE_OUT: after_cost + 3 * (timestamps - k) + 1,
        Kind.D_STATE_IN: after_cost + 3 * (timestamps - k) + 2,
        Kind.D_WEIGHTS: after_cost + 3 * (timestamps - k) + 3,
        Kind.SUMS: 5 * timestamps + 2,
        Kind.UPDATE: 5 * timestamps + 3,
    }[kind]


@pytest.mark.parametrize(("timestamps", "step"), PLACES)
def test_values_of_each_timestamp(timestamps: int, step: int) -> None:
    frame = frame_at(run_of(timestamps), Position(1, step))
    for kind, k in product(TABLES, range(1, timestamps + 1)):
        shown = frame.values(kind, k)
        assert (shown is not None) == (step >= done_with(kind, timestamps, k))
        row = k if kind is Kind.STATE_OUT else k - 1
        if shown is not None:
            assert np.array_equal(shown, getattr(frame.trace, TABLES[kind])[row])
    state_0 = frame.values(Kind.STATE_OUT, 0)
    assert state_0 is not None
    assert state_0.tolist() == [0.25] * 3


@pytest.mark.parametrize(("timestamps", "step"), PLACES)
def test_blocks_hold_the_known_timestamps(timestamps: int, step: int) -> None:
    frame = frame_at(run_of(timestamps), Position(1, step))
    for kind in TABLES:
        known = [k for k in range(1, timestamps + 1) if step >= done_with(kind, timestamps, k)]
        assert list(frame.known(kind)) == known
        shown = [row for k in known if (row := frame.values(kind, k)) is not None]
        assert np.array_equal(frame.block(kind), np.reshape(shown, (len(known), 3)))


@pytest.mark.parametrize(
    ("inputs", "factors"),
    [
        ([1.0, 1.0, 1.0], [1e308, 1e308]),  # State 2 takes in infinity
        ([1.0, -1e308, 1.0], [1e308, math.nan]),  # and here infinity minus infinity
    ],
)
def test_hop_factors_that_overflow_do_not_warn(inputs: list[float], factors: list[float]) -> None:
    weights = Weights(1e308, 1e308)
    experiment = replace(PART_2.with_data([inputs]), hidden_activation="relu", weights=weights)
    frame = frame_at(Run(experiment), Position(0, done_with(Kind.SUMS, 3)))
    assert frame.hop_factor(1) == factors[0]
    assert frame.hop_factor(2) == pytest.approx(factors[1], nan_ok=True)


@pytest.mark.parametrize(("timestamps", "step"), PLACES)
def test_the_ledger(timestamps: int, step: int) -> None:
    frame = frame_at(run_of(timestamps), Position(1, step), sequence=2)
    trace = frame.trace
    for k in range(1, timestamps + 1):
        known = step >= done_with(Kind.D_WEIGHTS, timestamps, k)
        added = trace.d_wx_by_timestamp[k - 1], trace.d_wrec_by_timestamp[k - 1]
        so_far = trace.running_d_wx[k - 1], trace.running_d_wrec[k - 1]
        assert frame.added(k) == (added if known else None)
        assert frame.running_sum(k) == (so_far if known else None)
        hop = k < timestamps and step >= done_with(Kind.D_STATE_IN, timestamps, k)
        assert frame.hop_factor(k) == (trace.weights.wrec * trace.slopes[k - 1, 2] if hop else None)


@pytest.mark.parametrize(("timestamps", "step"), PLACES)
def test_what_belongs_to_no_timestamp(timestamps: int, step: int) -> None:
    run = run_of(timestamps)
    frame = frame_at(run, Position(1, step))
    predicted = step >= done_with(Kind.STATE_OUT, timestamps, timestamps)
    assert (frame.predictions is not None) == (frame.errors is not None) == predicted
    if frame.predictions is not None and frame.errors is not None:
        assert np.array_equal(frame.errors, frame.predictions - run.experiment.targets)
    cost, gradient = frame.trace.cost, frame.trace.gradient
    assert frame.cost == (cost if step >= done_with(Kind.COST, timestamps) else None)
    assert frame.gradient == (gradient if step >= done_with(Kind.SUMS, timestamps) else None)
    updated = step >= done_with(Kind.UPDATE, timestamps)
    assert frame.after_update == (run.weights(2) if updated else None)
    assert frame.weights == run.weights(2 if updated else 1)


@pytest.mark.parametrize(("timestamps", "step"), PLACES)
def test_the_step_spoken_of(timestamps: int, step: int) -> None:
    frame = frame_at(run_of(timestamps), Position(1, step))
    assert frame.step.number == max(step, 1)
    assert frame.announced == (step == 0)


@given(experiments())
def test_stepping_back_shows_the_same_bits(experiment: Experiment) -> None:
    run = Run(experiment)
    run.extend(1)
    position = Position(0, 0)
    steps = 2 * epoch_length(experiment.timestamps) - 1  # as far as the run goes
    there = [position := position.next(experiment.timestamps) for _ in range(steps)]
    first = [known_bits(frame_at(run, p)) for p in there]
    assert [known_bits(frame_at(run, p)) for p in reversed(there)] == first[::-1]


def known_bits(frame: Frame) -> list[bytes | float | None]:
    blocks: list[bytes | float | None] = [frame.block(kind).tobytes() for kind in TABLES]
    return [*blocks, frame.cost, *frame.weights]


@given(experiments(EXTREMES))
def test_a_frame_of_what_overflows_neither_warns_nor_raises(experiment: Experiment) -> None:
    run = Run(experiment)
    for step in range(epoch_length(experiment.timestamps)):
        frame = frame_at(run, Position(0, step), compare=True)
        assert (frame.errors is None) == (frame.predictions is None)
        for k in range(1, experiment.timestamps + 1):
            known = step >= done_with(Kind.D_STATE_IN, experiment.timestamps, k)
            assert (frame.hop_factor(k) is not None) == (known and k < experiment.timestamps)


def test_an_error_that_overflows_is_infinite() -> None:
    far = Experiment(
        inputs=np.array([[1e308]]),
        targets=np.array([-1e308]),
        weights=Weights(1.0, 0.0),
        learning_rates=Weights(0.0, 0.0),
    )
    errors = frame_at(Run(far), Position(0, 2)).errors
    assert errors is not None
    assert errors.tolist() == [np.inf]


@pytest.mark.parametrize(
    ("position", "sequence"),
    [
        ((3, 0), 0),
        ((2, 18), 0),
        ((0, 19), 0),
        ((0, -1), 0),
        ((-1, 0), 0),
        ((0, 0), 3),
        ((0, 0), -1),
    ],
)
def test_a_place_that_is_not_there(position: tuple[int, int], sequence: int) -> None:
    with pytest.raises(IndexError, match="no frame at"):
        frame_at(run_of(3), Position(*position), sequence)


@pytest.mark.parametrize("step", range(19))
def test_the_same_place_without_activation(step: int) -> None:
    run = run_of(3)
    frame = frame_at(run, Position(1, step), 1, compare=True)
    plain = frame.unactivated
    assert plain is not None
    assert (plain.position, plain.sequence, plain.unactivated) == (frame.position, 1, None)
    experiment = run.experiment.without_activation()
    trace = trace_epoch(experiment, run.weights(1))
    assert plain.trace.state_out.tolist() == trace.state_out.tolist()
    new: Weights | None = None
    if step == 18:
        numbers = run.rule_numbers(frame.position.epoch)
        new, _ = update(experiment, trace.weights, trace.gradient, numbers, frame.position.epoch)
    assert plain.after_update == new


def test_no_comparison_unless_asked_for() -> None:
    assert frame_at(run_of(3), Position(0, 5)).unactivated is None

"""Planted mistakes: each is its own formula written by hand, and is planted where it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from core.activations import Array
from core.experiment import Experiment, Weights
from core.frame import frame_at
from core.gradient_check import relative_error
from core.planted import (
    MISTAKES,
    RIGHT,
    PlantedTrace,
    backward,
    plant,
    plantable,
    planted_frame,
    planted_trace,
    same_numbers,
    tell_apart,
)
from core.presets import PRESETS
from core.steps import Position, epoch_length
from core.trace import Trace, trace_epoch
from core.training import Run
from tests.core.sampling import experiments

PART_2 = PRESETS["part-2"].experiment
WITH_LAST = PRESETS["why-no-log-on-the-last-state"].experiment


def trace_of(experiment: Experiment) -> Trace:
    return trace_epoch(experiment, experiment.weights)


@given(experiments())
def test_the_right_parts_make_the_right_backward_pass(experiment: Experiment) -> None:
    trace = trace_of(experiment)
    d_out, d_in, d_wx, d_wrec = backward(trace, RIGHT)
    for mine, theirs in (
        (d_out, trace.d_state_out),
        (d_in, trace.d_state_in),
        (d_wx, trace.d_wx_terms),
        (d_wrec, trace.d_wrec_terms),
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)


def by_hand(key: str, trace: Trace) -> tuple[list[Array], list[Array]]:
    """What timestamps 1, 2 and 3 add for each sequence, T = 3: every line written out."""
    x1, x2, x3 = trace.experiment.inputs.T
    s0, s1, s2, s3 = trace.state_out
    in1, in2, _ = trace.state_in
    f1, f2, f3 = trace.slopes
    wx, wrec = trace.weights
    y, n = trace.experiment.targets, trace.experiment.sequences
    error = 2 / n * (s3 - y)
    zero = np.zeros(n)
    # dE/dS_3(In), dE/dS_2(In), dE/dS_1(In), as they should be
    d3, d2, d1 = error * f3, error * f3 * wrec * f2, error * f3 * wrec * f2 * wrec * f1
    xs, befores = (x1, x2, x3), (s0, s1, s2)
    wrong = {
        "slope-forgotten": (error * f3 * wrec * wrec, error * f3 * wrec, d3),
        "slope-before": (error * f2 * wrec * f1 * wrec * f1, error * f2 * wrec * f1, error * f2),
        "last-slope-forgotten": (error * wrec * f2 * wrec * f1, error * wrec * f2, error),
        "wrec-forgotten": (error * f3 * f2 * f1, error * f3 * f2, d3),
        "wx-for-wrec": (error * f3 * wx * f2 * wx * f1, error * f3 * wx * f2, d3),
        "sign": (-d1, -d2, -d3),
        "mean-forgotten": (n * d1, n * d2, n * d3),
        "input-before": (d1, d2, d3),
        "in-for-out": (d1, d2, d3),
    }
    d_ins = wrong[key]
    if key == "input-before":
        xs = (zero, x1, x2)
    if key == "in-for-out":
        befores = (s0, in1, in2)
    return (
        [d * x for d, x in zip(d_ins, xs, strict=True)],
        [d * s for d, s in zip(d_ins, befores, strict=True)],
    )


@pytest.mark.parametrize("key", MISTAKES)
def test_each_mistake_is_its_formula(key: str) -> None:
    inputs = np.random.default_rng(3).normal(size=(4, 3))
    experiment = replace(
        WITH_LAST.with_data(inputs),
        initial_state=0.3,
        targets_count_ones=False,
        targets=np.arange(4.0),
        last_activation="tanh",
        weights=Weights(0.7, -1.1),
    )
    trace = trace_of(experiment)
    wrong = planted_trace(trace, MISTAKES[key])
    d_wx, d_wrec = by_hand(key, trace)
    np.testing.assert_allclose(wrong.d_wx_terms, d_wx, rtol=1e-12)
    np.testing.assert_allclose(wrong.d_wrec_terms, d_wrec, rtol=1e-12)
    assert tell_apart(MISTAKES[key], trace)


@pytest.mark.parametrize("key", MISTAKES)
def test_a_planted_trace_hangs_together(key: str) -> None:
    trace = trace_of(WITH_LAST)
    wrong = planted_trace(trace, MISTAKES[key])
    assert np.array_equal(wrong.state_out, trace.state_out)
    assert wrong.cost == trace.cost
    np.testing.assert_allclose(wrong.d_wx_terms.sum(axis=1), wrong.d_wx_by_timestamp)
    np.testing.assert_allclose(wrong.d_wrec_terms.sum(axis=1), wrong.d_wrec_by_timestamp)
    assert wrong.gradient.wx == pytest.approx(float(wrong.d_wx_terms.sum()))
    assert wrong.gradient.wrec == pytest.approx(float(wrong.d_wrec_terms.sum()))
    assert not wrong.d_state_in.flags.writeable


@given(experiments())
def test_a_mistake_shows_where_it_is_said_to(experiment: Experiment) -> None:
    trace = trace_of(experiment)
    shown = plantable(trace)
    for mistake in MISTAKES.values():
        gradient = planted_trace(trace, mistake).gradient
        differences = map(relative_error, gradient, trace.gradient)
        assert (max(differences) > 1e-3) == (mistake in shown) == tell_apart(mistake, trace)


def test_what_shows_is_told_from_a_planted_trace_too() -> None:
    trace = trace_of(PART_2)
    planted = planted_trace(trace, MISTAKES["sign"])
    assert plantable(planted) == plantable(trace)


def without(experiment: Experiment) -> set[str]:
    """The mistakes that change nothing."""
    trace = trace_of(experiment)
    right = planted_trace(trace, replace(MISTAKES["sign"], rule=RIGHT)).gradient
    hidden = {k for k, m in MISTAKES.items() if planted_trace(trace, m).gradient == right}
    assert hidden.isdisjoint(mistake.key for mistake in plantable(trace))
    return hidden


def test_what_cannot_show() -> None:
    assert without(PART_2) == {"last-slope-forgotten"}
    assert without(WITH_LAST) == set()
    slopes = {"slope-forgotten", "slope-before", "last-slope-forgotten"}
    assert without(PRESETS["part-1"].experiment) == {*slopes, "in-for-out"}
    one = PART_2.with_data([[1.0], [1.0]])
    assert without(one) == {*slopes, "wrec-forgotten", "wx-for-wrec", "in-for-out"}
    single = PART_2.with_data([[1.0, 1.0, 1.0]])
    assert "mean-forgotten" in without(single)


def test_chance_plants_another_one_among_those_that_show() -> None:
    trace, draw = trace_of(PART_2), np.random.default_rng(1)
    last, seen = None, set()
    for _ in range(200):
        found = plant(trace, draw, last)
        assert found is not None
        assert found is not last
        assert tell_apart(found, trace)
        last = found
        seen.add(found.key)
    assert seen == set(MISTAKES) - {"last-slope-forgotten"}
    again = [plant(trace, np.random.default_rng(5)) for _ in range(2)]
    assert again[0] is again[1]


def test_where_nothing_shows_nothing_is_planted() -> None:
    settled = replace(PART_2, targets_count_ones=False, targets=trace_of(PART_2).state_out[-1])
    assert trace_of(settled).gradient == (0.0, 0.0)
    assert plantable(trace_of(settled)) == []
    assert plant(trace_of(settled), np.random.default_rng(1)) is None


@pytest.mark.filterwarnings("error")
def test_numbers_that_overflow_have_no_mistake() -> None:
    experiment = replace(
        PRESETS["part-1"].experiment, weights=Weights(1e200, 1e200), learning_rates=Weights(0, 0)
    )
    assert plantable(trace_of(experiment)) == []


def test_two_mistakes_may_give_the_same_numbers() -> None:
    trace = trace_of(replace(PART_2, weights=Weights(1.0, 0.5)))
    wrec, wx = MISTAKES["wrec-forgotten"], MISTAKES["wx-for-wrec"]
    assert same_numbers(wrec, wx, trace)
    assert not same_numbers(wrec, MISTAKES["sign"], trace)
    assert not same_numbers(wrec, wx, trace_of(PART_2))


def test_a_frame_runs_on_the_wrong_numbers() -> None:
    run = Run(PART_2, "part-2")
    run.reach(2)
    mistake = MISTAKES["sign"]
    done = frame_at(run, Position(0, epoch_length(3)))
    wrong = planted_frame(done, mistake)
    assert isinstance(wrong.trace, PlantedTrace)
    assert wrong.gradient == pytest.approx([-part for part in done.trace.gradient])
    moves = [np.subtract(frame.weights, PART_2.weights) for frame in (done, wrong)]
    np.testing.assert_allclose(moves[1], -moves[0], rtol=1e-9)
    before = planted_frame(frame_at(run, Position(0, 3)), mistake)
    assert before.gradient is None
    assert before.after_update is None

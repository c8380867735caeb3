"""Three ways to one gradient: they agree where they can, and the V is a V."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from core.experiment import Experiment, Weights
from core.gradient_check import (
    EPSILON,
    STEP_SIZES,
    complex_step,
    complex_step_parts,
    costs,
    kink_sentence,
    kinks,
    parts_within_reach,
    relative_error,
    valley,
    valley_sentence,
    why_a_v,
    within_reach,
)
from core.presets import PRESETS
from core.trace import trace_epoch
from tests.core import complex_step as scalar
from tests.core.sampling import EXTREMES, experiments, tutorial_cases

PART_2 = PRESETS["part-2"].experiment


def case_experiment(case: dict[str, Any]) -> Experiment:
    return Experiment(
        inputs=np.array(case["inputs"]),
        targets=np.array(case["targets"]),
        hidden_activation=case["hidden_activation"],
        last_activation=case["last_activation"],
        weights=Weights(**case["start"]),
        learning_rates=Weights(**case["learning_rate"]),
    )


@pytest.mark.parametrize("case", tutorial_cases(), ids=lambda case: case["name"])
def test_the_tutorials_gradients(case: dict[str, Any]) -> None:
    experiment, reference = case_experiment(case), case["first_epoch"]
    found = complex_step(experiment, experiment.weights)
    assert found == pytest.approx((reference["d_wx"], reference["d_wrec"]), rel=1e-12)
    parts = complex_step_parts(experiment, experiment.weights)
    for mine, name in zip(parts, ("d_wx", "d_wrec"), strict=True):
        expected = reference[f"{name}_by_timestamp"]
        assert mine.tolist() == pytest.approx(expected, rel=1e-12, abs=1e-15)


@given(experiments())
def test_back_propagation_and_the_complex_step_agree(experiment: Experiment) -> None:
    weights = experiment.weights
    assume(scalar.away_from_kinks(experiment, weights))
    trace, sizes = trace_epoch(experiment, weights), scalar.sizes(experiment, weights)
    room = 1e-12 * np.array(sizes)
    found = np.array(complex_step(experiment, weights))
    assert np.all(np.abs(found - trace.gradient) <= room)
    parts = np.array(complex_step_parts(experiment, weights))
    added = np.array([trace.d_wx_by_timestamp, trace.d_wrec_by_timestamp])
    assert np.all(np.abs(parts - added) <= room[:, np.newaxis])


@given(experiments())
def test_the_cost_is_the_traces(experiment: Experiment) -> None:
    weights = experiment.weights
    cost = costs(experiment, np.array([weights.wx]), np.array([weights.wrec]))
    assert cost.tolist() == pytest.approx([trace_epoch(experiment, weights).cost], rel=1e-12)


@given(experiments(EXTREMES))
@pytest.mark.filterwarnings("error")
def test_numbers_that_overflow_raise_no_warning(experiment: Experiment) -> None:
    found = valley(experiment, experiment.weights)
    for weight, exact in enumerate(found.complex_step):
        finite = np.isfinite(found.differences[weight]) & np.isfinite(exact)
        assert np.array_equal(np.isfinite(found.errors[weight]), finite)
        assert (found.best(weight) is None) == (not finite.any())
    assert valley_sentence(found).endswith(".")
    complex_step_parts(experiment, experiment.weights)


@pytest.mark.parametrize("name", ["part-2", "part-2-zeros", "why-no-log-on-the-last-state"])
def test_the_error_is_a_v(name: str) -> None:
    experiment = PRESETS[name].experiment
    found = valley(experiment, experiment.weights)
    for weight, errors in enumerate(found.errors):
        best = found.best(weight)
        assert best is not None
        step, error = best
        assert 1e-8 <= step <= 1e-3
        assert error < 1e-8
        assert errors.min() == error
        # By h squared on the right: a hundredth for a tenth of h.
        assert errors[0] / errors[1] == pytest.approx(100.0, rel=0.1)
        assert errors[-1] > 1e4 * error
        # Rounding stays within what it is thought to be, up to the size of E over the slope.
        cost = trace_epoch(experiment, experiment.weights).cost
        size = cost / abs(found.complex_step[weight]) + 1.0
        rounding = 20.0 * EPSILON / found.steps * size
        assert np.all(errors[6:] <= rounding[6:])


def test_a_parabola_has_one_arm() -> None:
    linear = PRESETS["part-1"].experiment
    found = valley(linear, linear.weights)
    assert found.errors[0, 0] < 1e-14  # in Wx nothing is left out
    assert found.errors[1, 0] > 1e-4
    assert "not for Wx," in why_a_v(linear)
    assert "not for" not in why_a_v(PART_2)
    one = linear.with_data(np.ones((2, 1)))
    assert "not for Wx and Wrec" in why_a_v(one)


def test_relative_errors() -> None:
    assert relative_error(0.0, 0.0) == 0.0
    assert relative_error(1.0, 0.0) == relative_error(0.0, -1.0) == 1.0
    assert relative_error(3.0, 4.0) == pytest.approx(0.25)
    assert relative_error(1e308, -1e308) == 2.0
    assert np.isnan(relative_error(np.inf, np.inf))
    assert np.isnan(relative_error(1.0, np.nan))


def test_at_the_kink_of_relu_the_ways_differ_and_it_is_said() -> None:
    experiment = Experiment(
        inputs=np.array([[1.0]]),
        targets=np.array([1.0]),
        weights=Weights(0.0, 0.5),
        learning_rates=Weights(0.1, 0.1),
        last_activation="relu",
    )
    trace = trace_epoch(experiment, experiment.weights)
    assert kinks(trace) == [(1, 0)]
    assert "State 1 (In) of sequence a is exactly 0" in kink_sentence(trace)
    found = valley(experiment, experiment.weights)
    assert trace.gradient.wx == found.complex_step.wx == 0.0
    column = STEP_SIZES.index(1e-5)
    assert found.differences[0, column] == pytest.approx(-1.0, rel=1e-4)  # half of -2
    assert found.errors[0, column] == 1.0
    assert valley_sentence(found) == "The best h is 0.1 for Wrec (error 0). No h is right for Wx."
    away = trace_epoch(experiment, Weights(0.1, 0.5))
    assert kinks(away) == []
    assert kink_sentence(away) == ""


def test_a_valley_belongs_to_what_the_cost_depends_on() -> None:
    found = valley(PART_2, PART_2.weights)
    assert found.belongs_to(replace(PART_2, learning_rates=Weights(1.0, 1.0)), PART_2.weights)
    assert not found.belongs_to(replace(PART_2, initial_state=1.0), PART_2.weights)
    assert not found.belongs_to(PART_2, Weights(0.0, 0.0))


def test_small_gradients_are_not_lost() -> None:
    experiment = replace(PRESETS["vanishing"].experiment, weights=Weights(1e-3, 1e-5))
    trace = trace_epoch(experiment, experiment.weights)
    first = complex_step_parts(experiment, experiment.weights)[0][0]
    assert 0.0 < abs(first) < 1e-90
    assert first == pytest.approx(trace.d_wx_by_timestamp[0], rel=1e-12)


def test_much_data_is_out_of_reach() -> None:
    many, long = PART_2.with_data(np.ones((4000, 3))), PART_2.with_data(np.ones((1, 1000)))
    assert not within_reach(many)
    assert within_reach(long)
    assert not parts_within_reach(long)
    assert parts_within_reach(PART_2.with_data(np.ones((30, 50))))

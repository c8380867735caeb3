"""Cost and gradient at many weights are those of one, whatever is shared, cut and merged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core import landscape as landscape_module
from core.activations import ACTIVATIONS, Array
from core.experiment import Experiment, Weights
from core.landscape import Landscape, Sweep, work_through
from core.prefixes import Leftover, PrefixTree, prefix_tree
from core.presets import PRESETS
from core.recurrence import Buffers, Recurrence
from core.trace import trace_epoch
from core.training import gradient_of
from tests.core import complex_step
from tests.core.sampling import EXTREMES, MODERATE, experiments
from tests.core.test_prefixes import alike

PART_2 = PRESETS["part-2"].experiment
AXIS = np.linspace(-2.5, 2.5, 7)
ALL_WX, ALL_WREC = (axis.ravel() for axis in np.meshgrid(AXIS, AXIS))
ACTIVATION = st.sampled_from(list(ACTIVATIONS))
ANY = experiments() | st.builds(
    lambda experiment, hidden, last: replace(
        experiment, hidden_activation=hidden, last_activation=last
    ),
    alike(),
    ACTIVATION,
    ACTIVATION,
)


def check(experiment: Experiment, weights: Weights, found: Array) -> None:
    """Cost and gradient, shape (3,), are those of the training and of the trace."""
    room = np.array(complex_step.sizes(experiment, weights)) * 1e-12
    trace = trace_epoch(experiment, weights)
    for cost, gradient in (gradient_of(experiment)(weights), (trace.cost, trace.gradient)):
        assert found[0] == pytest.approx(cost, rel=1e-12, abs=1e-12)
        assert np.all(np.abs(found[1:] - np.array(gradient)) <= room)


def check_surface(experiment: Experiment) -> None:
    points = Landscape(experiment).at_points(ALL_WX, ALL_WREC)
    for wx, wrec, found in zip(ALL_WX, ALL_WREC, points.T, strict=True):
        check(experiment, Weights(float(wx), float(wrec)), found)


@given(ANY, st.lists(st.builds(Weights, MODERATE, MODERATE), min_size=1, max_size=4))
def test_as_training_and_trace_have_it(experiment: Experiment, points: list[Weights]) -> None:
    wx, wrec = np.array(points).T
    found = Landscape(experiment).at_points(wx, wrec)
    for weights, of_one in zip(points, found.T, strict=True):
        check(experiment, weights, of_one)


@given(ANY)
def test_the_gradient_is_the_derivative_of_the_cost(experiment: Experiment) -> None:
    weights = experiment.weights
    assume(complex_step.away_from_kinks(experiment, weights))
    cost, gradient = Landscape(experiment).at(weights)
    room = np.array(complex_step.sizes(experiment, weights)) * 1e-12
    expected = complex_step.gradient(experiment, weights)
    assert np.all(np.abs(np.subtract(gradient, expected)) <= room)
    assert cost == pytest.approx(complex_step.cost(experiment, *weights).real, 1e-12, 1e-12)


@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("initial_state", [0.0, 0.3])
def test_each_pair_of_activations(hidden: str, last: str, initial_state: float) -> None:
    check_surface(
        replace(
            PART_2,
            hidden_activation=hidden,
            last_activation=last,
            initial_state=initial_state,
        )
    )


@settings(max_examples=40)
@given(ANY, st.sampled_from([1, 2, 7, 30]))
def test_in_parts_and_blocks_as_in_one(experiment: Experiment, cells: int) -> None:
    whole = Landscape(experiment).at_points(ALL_WX, ALL_WREC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landscape_module, "_CELLS", cells)
        patch.setattr(landscape_module, "_WEIGHTS", 3)
        points = Landscape(experiment).at_points(ALL_WX, ALL_WREC)
        grid = Landscape(experiment).on_grid(AXIS, AXIS)
    np.testing.assert_allclose(points, whole, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(grid.reshape(3, -1), whole, rtol=1e-11, atol=1e-11)


def test_a_grid_has_a_row_for_each_wrec_and_a_column_for_each_wx() -> None:
    landscape = Landscape(PART_2)
    grid = landscape.on_grid(AXIS, AXIS[:4] + 0.1)
    assert grid.shape == (3, 4, 7)
    cost, gradient = landscape.at(Weights(float(AXIS[6]), float(AXIS[1] + 0.1)))
    np.testing.assert_allclose(grid[:, 1, 6], [cost, *gradient], rtol=1e-12)


def test_many_random_sequences() -> None:
    rng = np.random.default_rng(4)
    for inputs in (rng.normal(size=(3000, 6)), rng.integers(0, 2, (3000, 12)).astype(float)):
        experiment = PART_2.with_data(inputs)
        found = Landscape(experiment).at_points(ALL_WX[::9], ALL_WREC[::9])
        for k, (wx, wrec) in enumerate(zip(ALL_WX[::9], ALL_WREC[::9], strict=True)):
            trace = trace_epoch(experiment, Weights(float(wx), float(wrec)))
            np.testing.assert_allclose(found[:, k], [trace.cost, *trace.gradient], rtol=1e-11)


def test_equal_sequences_with_different_targets() -> None:
    experiment = replace(
        PART_2,
        inputs=np.array([[1.0, 0, 1], [1, 0, 1], [1, 0, 0], [1, 0, 0], [0, 0, 0]]),
        targets=np.array([1.0, 2.0, -3.0, 4.0, 0.0]),
        targets_count_ones=False,
    )
    for last in ACTIVATIONS:
        check_surface(replace(experiment, last_activation=last))


@given(experiments(EXTREMES, EXTREMES), EXTREMES, EXTREMES)
def test_extremes_neither_warn_nor_raise(experiment: Experiment, wx: float, wrec: float) -> None:
    landscape = Landscape(experiment)
    landscape.at(Weights(wx, wrec))
    landscape.on_grid(np.array([wx, 1.0]), np.array([wrec, 1.0]))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_far_from_the_origin_the_cost_is_finite_where_that_of_training_is(hidden: str) -> None:
    experiment = replace(PART_2, hidden_activation=hidden)
    far = np.array([-1e200, -1e80, -1e3, 1e3, 1e80, 1e200])
    costs = Landscape(experiment).on_grid(far, far)[0]
    gradient = gradient_of(experiment)
    for row, wrec in enumerate(far.tolist()):
        for column, wx in enumerate(far.tolist()):
            expected, _ = gradient(Weights(wx, wrec))
            assert np.isfinite(costs[row, column]) == np.isfinite(expected)


def test_sweeps_do_not_disturb_each_other() -> None:
    landscape = Landscape(PART_2)
    sweeps = [Sweep(landscape), Sweep(landscape)]
    works = [sweeps[0].grid(AXIS, AXIS), sweeps[1].points(ALL_WX, ALL_WREC)]
    alone = landscape.at_points(ALL_WX, ALL_WREC)
    while works:
        works = [work for work in works if work_through(work, 0.0)]
        landscape.at(Weights(5.0, 5.0))
    for sweep in sweeps:
        np.testing.assert_allclose(sweep.result, alone, rtol=1e-12)


def test_recurrences_that_share_buffers_do_not_take_each_others_states() -> None:
    buffers, tree = Buffers(), prefix_tree(PART_2)
    one, other = (Recurrence(PART_2, tree, width, buffers) for width in (1, 2))
    wx = np.array([0.7])
    (*_, before) = one.costs(wx, np.array([0.9]))
    expected = np.array(before)
    (*_, _) = other.costs(np.array([5.0, 6.0]), np.array([7.0, 8.0]))
    (*_, after) = one.costs(wx, np.array([0.9]))
    assert np.array_equal(np.array(after), expected)


def merged(**changes: Any) -> Callable[[Experiment], PrefixTree]:
    return lambda experiment: replace(prefix_tree(experiment), **changes)


MISTAKES = {
    "what merging leaves over forgotten": merged(leftover=Leftover()),
    "merged sequences counted once": merged(counts=np.ones(2)),
    "one target in place of the mean": merged(targets=np.array([1.0, 2.0])),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_surface(PART_2)
    monkeypatch.setattr(landscape_module, "prefix_tree", MISTAKES[mistake])
    with pytest.raises(AssertionError):
        check_surface(PART_2)


@pytest.mark.parametrize("key", ["logistic", "tanh", "relu"])
def test_a_wrong_slope_is_caught(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ACTIVATIONS[key]

    def into(z: Array, out: Array, slope: Array) -> None:
        right.into(z, out, slope)
        slope *= 0.5

    experiment = replace(PART_2, hidden_activation=key, weights=Weights(0.7, 0.9))
    room = 1e-12 * np.array(complex_step.sizes(experiment, experiment.weights))
    expected = gradient_of(experiment)(experiment.weights)[1]
    monkeypatch.setitem(ACTIVATIONS, key, replace(right, into=into))
    _, found = Landscape(experiment).at(experiment.weights)
    assert np.any(np.abs(np.subtract(found, expected)) > room)

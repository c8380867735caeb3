"""Cost and gradient at many weights are those of one, whatever is shared, cut and merged."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.reading import read_cell
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.values import Array
from core.engine import arrays
from core.engine.kernels import ARRAYS
from core.engine.tree import Level, tree_of
from core.landscape import costs
from core.landscape.costs import Landscape, Sweep, work_through
from tests.core.experiments import EXTREMES, PLAIN, made, of_ones
from tests.core.random_cells import random_text

PART_2 = PRESETS["part-2"].experiment
AXIS = np.linspace(-1.5, 1.5, 7)
ALL_X, ALL_Y = (axis.ravel() for axis in np.meshgrid(AXIS, AXIS))


def expected(experiment: Experiment, axes: tuple[int, ...], *points: Array) -> Array:
    """Cost and gradient along the axes as a trace has them: shape (1 + A, W)."""
    columns = []
    for place in zip(*points, strict=True):
        flat = experiment.weights.flat.copy()
        flat[list(axes)] = place
        trace = Trace(experiment, experiment.layout.unpack(flat))
        gradient = experiment.layout.pack(trace.gradient)
        columns.append([trace.cost, *gradient[list(axes)]])
    return np.array(columns).T


def check(experiment: Experiment, axes: tuple[int, int] = (0, 1)) -> None:
    points = ALL_X[::5], ALL_Y[::5]
    found = Landscape(experiment, axes).at_points(*points)
    wanted = expected(experiment, axes, *points)
    for row, of_trace in zip(found, wanted, strict=True):
        np.testing.assert_allclose(row, of_trace, rtol=1e-9, atol=1e-12 * np.abs(wanted).max())


@pytest.mark.parametrize("key", KNOWN)
@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (5, 2)])
def test_every_cell_over_any_two_of_its_weights(key: str, shape: tuple[int, int]) -> None:
    experiment = made(KNOWN[key](), *shape)
    last = experiment.layout.size - 1
    for axes in ((0, 1), (last, 0), (last // 2, last)):
        check(experiment, axes)


@pytest.mark.parametrize("key", PLAIN)
@pytest.mark.parametrize("shape", [(20, 4), (200, 3), (9, 1)])
def test_sequences_that_begin_alike(key: str, shape: tuple[int, int]) -> None:
    experiment = of_ones(key, *shape)
    check(experiment)
    check(experiment.changed(initial_state={}))


@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("initial_state", [0.0, 0.3])
def test_each_pair_of_activations(hidden: str, last: str, initial_state: float) -> None:
    cell = two_weights(hidden, last)
    check(PART_2.changed(cell=cell, initial_state={"S(Out)": initial_state}))


@pytest.mark.parametrize("first", range(0, 100, 25))
def test_random_cells(first: int) -> None:
    for seed in range(first, first + 25):
        text = random_text(Random(seed))  # noqa: S311
        experiment = made(read_cell(text), 1 + seed % 4, 1 + seed % 5)
        if experiment.layout.size > 1:
            check(experiment, (0, experiment.layout.size - 1))


@settings(max_examples=40)
@given(
    st.sampled_from(PLAIN),
    st.sampled_from([1, 2, 7, 30]),
    st.integers(1, 12),
    st.integers(1, 5),
)
def test_in_parts_and_blocks_as_in_one(key: str, cells: int, n: int, last: int) -> None:
    experiment = of_ones(key, n, last)
    whole = Landscape(experiment).at_points(ALL_X, ALL_Y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costs, "_CELLS", cells)
        patch.setattr(costs, "_WEIGHTS", 3)
        points = Landscape(experiment).at_points(ALL_X, ALL_Y)
        grid = Landscape(experiment).on_grid(AXIS, AXIS)
    np.testing.assert_allclose(points, whole, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(grid.reshape(3, -1), whole, rtol=1e-11, atol=1e-11)


def test_vectors_in_blocks_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = made(KNOWN["lstm"](), 3, 3)
    whole = Landscape(experiment).at_points(ALL_X, ALL_Y)
    monkeypatch.setattr(costs, "_NUMBERS", 100)
    grid = Landscape(experiment).on_grid(AXIS, AXIS)
    np.testing.assert_allclose(grid.reshape(3, -1), whole, rtol=1e-12, atol=1e-12)


def test_a_grid_has_a_row_for_each_y_and_a_column_for_each_x() -> None:
    landscape = Landscape(PART_2)
    grid = landscape.on_grid(AXIS, AXIS[:4] + 0.1)
    assert grid.shape == (3, 4, 7)
    wanted = expected(PART_2, (0, 1), AXIS[6:], AXIS[1:2] + 0.1)
    np.testing.assert_allclose(grid[:, 1, 6], wanted[:, 0], rtol=1e-12)


def test_many_random_sequences() -> None:
    rng = np.random.default_rng(4)
    for inputs in (rng.normal(size=(3000, 6)), rng.integers(0, 2, (3000, 12)).astype(float)):
        experiment = PART_2.with_data(inputs)
        found = Landscape(experiment).at_points(ALL_X[::9], ALL_Y[::9])
        np.testing.assert_allclose(
            found, expected(experiment, (0, 1), ALL_X[::9], ALL_Y[::9]), rtol=1e-11
        )


def test_equal_sequences_with_different_targets() -> None:
    for last in ACTIVATIONS:
        check(
            PART_2.changed(
                cell=two_weights("logistic", last),
                inputs=[[1.0, 0, 1], [1, 0, 1], [1, 0, 0], [1, 0, 0], [0, 0, 0]],
                targets=[1.0, 2.0, -3.0, 4.0, 0.0],
                targets_count_ones=False,
            )
        )


@pytest.mark.parametrize("key", ["tutorial", "lstm-1", "running-count", "gru"])
def test_extremes_neither_warn_nor_raise(key: str) -> None:
    landscape = Landscape(made(KNOWN[key](), 3, 3))
    landscape.on_grid(np.array(EXTREMES), np.array(EXTREMES))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_far_from_the_origin_the_cost_is_finite_where_that_of_a_trace_is(hidden: str) -> None:
    experiment = PART_2.changed(cell=two_weights(hidden))
    far = np.array([-1e200, -1e80, -1e3, 1e3, 1e80, 1e200])
    found = Landscape(experiment).on_grid(far, far)[0].ravel()
    x, y = (axis.ravel() for axis in np.meshgrid(far, far))
    wanted = expected(experiment, (0, 1), x, y)[0]
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(wanted))


def test_sweeps_do_not_disturb_each_other() -> None:
    landscape = Landscape(PART_2)
    sweeps = [Sweep(landscape), Sweep(landscape)]
    works = [sweeps[0].grid(AXIS, AXIS), sweeps[1].points(ALL_X, ALL_Y)]
    alone = landscape.at_points(ALL_X, ALL_Y)
    while works:
        works = [work for work in works if work_through(work, 0.0)]
        landscape.at_points(np.array([5.0]), np.array([5.0]))
    for sweep in sweeps:
        np.testing.assert_allclose(sweep.result, alone, rtol=1e-12)


def test_a_grid_after_another_one_does_not_take_its_first_weights() -> None:
    landscape = Landscape(PART_2)
    landscape.on_grid(AXIS, AXIS)
    found = landscape.on_grid(AXIS + 0.5, AXIS)
    np.testing.assert_array_equal(found, Landscape(PART_2).on_grid(AXIS + 0.5, AXIS))


def changed(change: Callable[[Level], Level]) -> Callable[[Experiment], tuple[Level, ...]]:
    return lambda experiment: tuple(change(level) for level in tree_of(experiment))


MISTAKES = {
    "sequences counted once": lambda level: level._replace(counts=np.ones(len(level.inputs))),
    "the order of the inputs turned": lambda level: level._replace(inputs=level.inputs[::-1]),
    "all from the first": lambda level: level._replace(parents=0 * level.parents),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = of_ones("tutorial", 20, 3)
    check(experiment)
    monkeypatch.setattr(costs, "tree_of", changed(MISTAKES[mistake]))
    with pytest.raises(AssertionError):
        check(experiment)


@pytest.mark.parametrize(("name", "slope"), {"logistic": 1, "tanh": 0, "relu": 1}.items())
def test_a_wrong_slope_is_caught(name: str, slope: int, monkeypatch: pytest.MonkeyPatch) -> None:
    called = "_sech" if name == "tanh" else f"_{name}"
    right = ARRAYS.names[called]

    def wrong(z: Array) -> Any:
        made = right(z)
        return (made[0], 0.5 * made[1]) if slope else 0.5 * made

    experiment = PART_2.changed(cell=two_weights(name))
    check(experiment)
    monkeypatch.setitem(ARRAYS.names, called, wrong)
    monkeypatch.setattr(costs, "plain_epoch", arrays.plain_epoch.__wrapped__)
    with pytest.raises(AssertionError):
        check(experiment)


def test_parts_of_one_size_are_not_taken_for_those_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(costs, "_CELLS", 24)
    landscape = Landscape(made(KNOWN["tutorial"](), 9, 3))
    for count in (1, 2, 3, 7, 3, 12, 2, 1):
        x, y = ALL_X[:count], ALL_Y[:count] + 0.1
        found, fresh = landscape.at_points(x, y), Landscape(landscape.experiment).at_points(x, y)
        np.testing.assert_array_equal(found, fresh)


def test_a_surface_of_many_timestamps_comes_in_small_pieces() -> None:
    landscape = Landscape(PART_2.with_data(np.ones((3, 100))))
    axis = np.linspace(-1.0, 1.0, 200)
    pieces = [*Sweep(landscape).grid(axis, axis)]
    assert len(pieces) >= axis.size**2 * landscape.nodes / costs._ROOM


def test_what_is_written_for_a_cell_serves_all_data() -> None:
    for sequences in (2, 3, 4):
        landscape = Landscape(PART_2.with_data(np.eye(sequences, 5)))
        landscape.at_points(ALL_X, ALL_Y)
        misses = arrays.plain_epoch.cache_info().misses
        Landscape(landscape.experiment.with_data(np.ones((7, 4)))).at_points(ALL_X, ALL_Y)
        assert arrays.plain_epoch.cache_info().misses == misses


def test_a_long_sequence_takes_little_room() -> None:
    landscape = Landscape(PART_2.with_data(np.ones((3, 300))))
    found = landscape.on_grid(AXIS, AXIS)
    wanted = expected(landscape.experiment, (0, 1), ALL_X, ALL_Y)
    np.testing.assert_allclose(found.reshape(3, -1), wanted, rtol=1e-9, atol=1e-12)


def test_a_cost_that_no_weight_changes_is_the_same_everywhere() -> None:
    """One timestamp, whose input and initial state are 0: every weight is multiplied by 0."""
    for targets, cost in (([0.0], 0.0), ([1.0], 1.0), ([0.0, 0.0], 0.0), ([1.0, 3.0], 5.0)):
        data = PART_2.changed(
            inputs=np.zeros((len(targets), 1)), targets=targets, targets_count_ones=False
        )
        found = Landscape(data).on_grid(AXIS, AXIS)
        np.testing.assert_allclose(found[0], cost)
        assert not found[1:].any()

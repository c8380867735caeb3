"""The surface comes in slices, coarse first, and is what the landscape says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import surface
from core.experiment import Weights
from core.landscape import Landscape
from core.presets import PRESETS
from core.surface import SurfaceWork, Window, cost_and_gradients, window_around
from core.training import Run, gradient_of

PART_2 = PRESETS["part-2"].experiment
LANDSCAPE = Landscape(PART_2)
WINDOW = Window(-1.0, 3.0, -2.0, 2.5)


def test_cost_and_gradients_keep_the_shape() -> None:
    wx, wrec = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 2, 4))
    found = cost_and_gradients(PART_2, wx, wrec)
    assert [values.shape for values in found] == [(4, 5)] * 3
    cost, gradient = gradient_of(PART_2)(Weights(float(wx[2, 1]), float(wrec[2, 1])))
    np.testing.assert_allclose([v[2, 1] for v in found], [cost, *gradient], rtol=1e-12)


def test_small_data_is_there_at_once_in_the_finest_resolution() -> None:
    work = SurfaceWork(LANDSCAPE, WINDOW)
    assert work.surface is None
    assert work.done_share == 0
    while work.work(0.0):
        assert work.surface is None or work.done_share == 1
    assert work.surface is not None
    assert work.surface.resolution == work.resolution == 200
    expected = LANDSCAPE.on_grid(*WINDOW.axes(200, 200))
    for name, values in zip(("cost", "d_wx", "d_wrec"), expected, strict=True):
        np.testing.assert_array_equal(getattr(work.surface, name), values)
    assert (work.surface.wx[0], work.surface.wx[-1]) == (-1.0, 3.0)
    assert (work.surface.wrec[0], work.surface.wrec[-1]) == (-2.0, 2.5)


def test_larger_data_comes_coarse_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface, "_AT_ONCE", 1)
    monkeypatch.setattr(surface, "_AFFORDABLE", 100 * 100 * LANDSCAPE.tree.states)
    work = SurfaceWork(LANDSCAPE, WINDOW)
    assert work.resolution == 100
    resolutions, shares = [], [0.0]
    going = True
    while going:
        going = work.work(0.0)
        if work.surface and work.surface.resolution not in resolutions:
            resolutions.append(work.surface.resolution)
            shares.append(work.done_share)
    assert resolutions == [12, 25, 50, 100]
    assert shares == sorted(set(shares))
    assert shares[-1] == 1
    assert not work.work(1.0)


def test_the_largest_data_has_the_coarsest_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surface, "_AFFORDABLE", 1)
    work = SurfaceWork(LANDSCAPE, WINDOW)
    assert work.resolution == 12
    assert not work.work(math.inf)
    assert work.surface is not None
    assert work.surface.resolution == 12


def test_a_cell_is_around_each_pair_of_weights() -> None:
    work = SurfaceWork(LANDSCAPE, Window(0.0, 199.0, 0.0, 398.0))
    work.work(math.inf)
    assert work.surface is not None
    assert work.surface.cells == pytest.approx((-0.5, 199.5, -1.0, 399.0))


def test_the_scale_is_that_of_the_costs() -> None:
    work = SurfaceWork(LANDSCAPE, WINDOW)
    work.work(math.inf)
    assert work.surface is not None
    scale = work.surface.scale
    assert scale.floor <= work.surface.cost.min() or scale.floor_reached
    assert scale.ceiling >= work.surface.cost.max() or scale.ceiling_reached


NEAR = st.floats(-9, 9, allow_subnormal=False)


@given(st.lists(st.tuples(NEAR, NEAR), min_size=1, max_size=20))
def test_the_window_is_square_and_has_the_whole_path_inside(
    path: list[tuple[float, float]],
) -> None:
    wx, wrec = np.array(path).T
    window = window_around(wx, wrec)
    assert np.all((window.wx_low < wx) & (wx < window.wx_high))
    assert np.all((window.wrec_low < wrec) & (wrec < window.wrec_high))
    width, height = window.wx_high - window.wx_low, window.wrec_high - window.wrec_low
    assert min(width, height) >= 4 * (1 - 1e-12)
    assert width == pytest.approx(height, rel=0.11)


def test_the_window_of_a_run_that_runs_away_stays_around_its_start() -> None:
    run = Run(PRESETS["part-1"].experiment)
    wx = np.append(run.wx, [1.0, 1e200, -1e308])
    window = window_around(wx, np.append(run.wrec, [2.0, -1e200, 1e308]))
    assert window.wx_low < 0.2 < window.wx_high
    assert window.wx_high - window.wx_low < 5


def test_the_window_of_one_start_far_away() -> None:
    window = window_around(np.array([1e300]), np.array([0.0]))
    assert all(map(math.isfinite, window))

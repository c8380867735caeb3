"""The surface comes in slices, coarse first, and is what the landscape says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN
from core.data.presets import PRESETS
from core.landscape import surface
from core.landscape.costs import Landscape
from core.landscape.surface import SurfaceWork, Window, window_around
from tests.core.experiments import made

PART_2 = PRESETS["part-2"].experiment
LANDSCAPE = Landscape(PART_2)
WINDOW = Window(-1.0, 3.0, -2.0, 2.5)


def test_small_data_is_there_at_once_in_the_finest_resolution() -> None:
    work = SurfaceWork(LANDSCAPE, WINDOW)
    assert work.surface is None
    assert work.done_share == 0
    while work.work(0.0):
        assert work.surface is None or work.done_share == 1
    assert work.surface is not None
    assert work.surface.resolution == work.resolution == 200
    expected = LANDSCAPE.on_grid(*WINDOW.axes(200, 200))
    for name, values in zip(("cost", "d_x", "d_y"), expected, strict=True):
        np.testing.assert_array_equal(getattr(work.surface, name), values)
    assert (work.surface.x[0], work.surface.x[-1]) == (-1.0, 3.0)
    assert (work.surface.y[0], work.surface.y[-1]) == (-2.0, 2.5)


@pytest.mark.parametrize("key", ["tutorial", "lstm"])
def test_larger_data_comes_coarse_first(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    landscape = Landscape(made(KNOWN[key](), 2, 2))
    monkeypatch.setattr(surface, "_AT_ONCE", 1)
    monkeypatch.setattr(surface, "_AFFORDABLE", 50 * 50 * landscape.nodes)
    work = SurfaceWork(landscape, WINDOW)
    assert work.resolution == 50
    resolutions, shares = [], [0.0]
    going = True
    while going:
        going = work.work(0.0)
        if work.surface and work.surface.resolution not in resolutions:
            resolutions.append(work.surface.resolution)
            shares.append(work.done_share)
    assert resolutions == [12, 25, 50]
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
    x, y = np.array(path).T
    window = window_around(x, y)
    assert np.all((window.x_low < x) & (x < window.x_high))
    assert np.all((window.y_low < y) & (y < window.y_high))
    width, height = window.x_high - window.x_low, window.y_high - window.y_low
    assert min(width, height) >= 4 * (1 - 1e-12)
    assert width == pytest.approx(height, rel=0.11)


def test_the_window_of_a_run_that_runs_away_stays_around_its_start() -> None:
    x, y = np.array([0.2, 1.0, 1e200, -1e308, np.nan]), np.array([1.5, 2.0, -1e200, 1e308, np.inf])
    window = window_around(x, y)
    assert window.x_low < 0.2 < window.x_high
    assert window.x_high - window.x_low < 6


LARGEST = 1.7976931348623157e308


@pytest.mark.parametrize("at", [1e300, 1e307, 1e308, LARGEST, -1e308, -LARGEST, 1e17, -3e18])
@pytest.mark.filterwarnings("error")
def test_the_window_of_one_start_far_away(at: float) -> None:
    """The surface there can be worked out, whatever its costs are."""
    for x, y in ((at, 0.0), (1.0, at), (at, at)):
        window = window_around(np.array([x]), np.array([y]))
        assert all(map(math.isfinite, window))
        assert window.x_low <= x <= window.x_high
        assert window.y_low <= y <= window.y_high
        for axis in window.axes(200, 200):
            assert np.all(np.isfinite(axis))
            assert np.all(np.diff(axis) > 0)
        work = SurfaceWork(Landscape(PART_2), window)
        assert not work.work(math.inf)
        assert work.surface is not None
        assert work.surface.scale.floor > 0


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(-1, 1))
def test_any_start_has_a_window(at: float, beside: float) -> None:
    window = window_around(np.array([at, at + beside]), np.array([0.0, at]))
    assert all(map(math.isfinite, window))
    assert window.x_low < window.x_high
    assert window.y_low < window.y_high

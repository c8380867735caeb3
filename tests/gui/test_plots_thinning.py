"""Thinned columns: nothing that a plot would show is lost, and growing is cheap."""

import gc
import weakref
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.presets import PRESETS
from core.data.values import Array
from core.training.run import Run
from rnn_gui.plots.thinning import Thinning, thinning_of

PIXELS = 300


def wave(count: int) -> Array:
    return np.sin(np.arange(count) / 777.0) + np.arange(count) * 1e-6


def test_a_short_column_comes_back_as_it_is() -> None:
    column = wave(2 * PIXELS)
    x, y = Thinning().points(column, 0, len(column), PIXELS)
    assert x.tolist() == list(range(len(column)))
    assert np.array_equal(y, column)


@pytest.mark.parametrize("count", [601, 1_000, 19_200, 19_201, 64_000, 1_000_003])
def test_a_long_column_has_about_two_points_for_each_pixel(count: int) -> None:
    column = wave(count)
    x, y = Thinning().points(column, 0, count, PIXELS)
    assert PIXELS / 2 < len(x) <= 2 * PIXELS + 200
    assert np.array_equal(y, column[x.astype(int)])
    assert (x[0], x[-1]) == (0, count - 1)
    assert (np.diff(x) > 0).all()
    assert np.diff(x).max() <= 4 * count / PIXELS, "no hole"


@given(
    count=st.integers(601, 300_000),
    spike=st.floats(0, 1, exclude_max=True),
    view=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    down=st.booleans(),
    pixels=st.integers(1, 2_000),
)
def test_no_spike_in_view_is_lost(
    count: int, spike: float, view: tuple[float, float], down: bool, pixels: int
) -> None:
    column, at = wave(count), int(spike * count)
    column[at] = -9.0 if down else 9.0
    first, end = sorted(int(share * count) for share in view)
    x, y = Thinning().points(column, first, end, pixels)
    assert (at in x) == (first <= at < end)
    assert ((x >= first) & (x < end)).all(), "nothing from beyond"
    if end > first:
        assert (x[0], x[-1]) == (first, end - 1)
        shown = column[first:end]
        assert (y.min(), y.max()) == (shown.min(), shown.max())


def test_growing_shows_the_same_as_taking_all_at_once() -> None:
    column = wave(200_000)
    grown = Thinning()
    for end in (10, 63, 64, 700, 30_000, 30_001, 100_000, 199_999, 200_000):
        at_once = Thinning().points(column, 0, end, PIXELS)
        assert np.array_equal(grown.points(column[:end], 0, end, PIXELS), at_once)


def test_numbers_that_cannot_be_shown_hide_no_others() -> None:
    column = wave(100_000)
    column[500:50_000:100] = np.nan
    column[550:50_000:100] = np.inf
    column[555:50_000:100] = -1e305
    column[777] = 9.0
    x, y = Thinning().points(column, 0, len(column), PIXELS)
    assert 777 in x
    assert np.isfinite(y).all()


def test_where_nothing_can_be_shown_is_a_gap() -> None:
    column = wave(100_000)
    column[50_000:60_000] = np.nan
    x, y = Thinning().points(column, 0, len(column), PIXELS)
    gone = x[np.isnan(y)]
    assert 50_000 <= gone.min() < 51_000
    assert 59_000 < gone.max() < 60_000


def test_for_a_logarithmic_axis_zero_hides_no_small_number() -> None:
    column = np.abs(wave(100_000)) + 1.0
    column[:100_000:10] = 0.0
    column[77_777] = 1e-9
    x, y = Thinning(positive=True).points(column, 0, len(column), PIXELS)
    assert 77_777 in x
    inside = (x > 1_000) & (x < 99_000)  # the odd ends are there in any case
    assert (y[inside] > 0).all()


def test_a_column_without_numbers_gives_no_points() -> None:
    x, y = Thinning().points(np.empty(0), 0, 0, PIXELS)
    assert len(x) == len(y) == 0


def test_runs_keep_what_was_thinned_and_take_it_with_them() -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.reach(5_000)
    kept = thinning_of(run)
    assert thinning_of(run) is kept
    x, y = kept.costs.points(run.costs, 0, 5_001, PIXELS)
    assert (x[0], x[-1], y[0], y[-1]) == (0, 5_000, run.costs[0], run.costs[-1])
    assert np.array_equal(kept.wx.points(run.column(0), 0, 100, PIXELS)[1], run.column(0)[:100])
    reference = weakref.ref(kept)
    del run, kept
    gc.collect()
    assert reference() is None


def test_of_ten_million_epochs_only_the_new_ones_are_looked_at() -> None:
    table = np.empty((10_000_000, 3))
    table[:, 0] = wave(len(table))
    column, thinning = table[:, 0], Thinning()

    def seconds(end: int) -> float:
        start = perf_counter()
        x, _ = thinning.points(column[:end], 0, end, PIXELS)
        assert x[-1] == end - 1
        return perf_counter() - start

    seconds(9_000_000)
    assert min(seconds(end) for end in range(9_100_000, 10_000_001, 50_000)) < 0.008

"""Ranges and tick marks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_gui.plots.axes import (
    Range,
    aligned,
    decade_ticks,
    nice_step,
    padded,
    plottable,
    range_of,
    value_ticks,
    whole_ticks,
)
from rnn_gui.plots.series import thinned

finite = st.floats(-1e290, 1e290).filter(lambda v: v == 0 or abs(v) > 1e-290)


@given(finite, finite)
def test_padding_holds_the_data_and_few_ticks(a: float, b: float) -> None:
    data = Range(min(a, b), max(a, b))
    room = padded(data)
    assert room.low <= data.low <= data.high <= room.high
    assert room.span > 0
    ticks = value_ticks(room, 200)
    assert 1 <= len(ticks) <= 9
    assert all(room.low - room.span * 1e-6 <= v <= room.high + room.span * 1e-6 for v, _ in ticks)


@given(st.floats(1e-290, 1e290), st.integers(1, 50))
def test_steps_are_round(span: float, count: int) -> None:
    step = nice_step(span, count)
    assert step * count >= span * 0.999
    assert f"{step:.0e}"[0] in "125"


@given(finite, finite, finite, finite)
def test_zero_aligns_and_everything_fits(a: float, b: float, c: float, d: float) -> None:
    first, second = Range(min(a, b, 0), max(a, b, 0)), Range(min(c, d, 0), max(c, d, 0))
    if not (first.span and second.span):
        return
    wide = aligned(first, second)
    for before, after in zip((first, second), wide, strict=True):
        slack = after.span * 1e-9
        assert after.low - slack <= before.low
        assert before.high <= after.high + slack
    assert -wide[0].low / wide[0].span == pytest.approx(-wide[1].low / wide[1].span, abs=1e-9)


def test_only_finite_values_count() -> None:
    assert range_of([[1, math.inf], [math.nan, -2], []]) == Range(-2, 1)
    assert range_of([[math.nan], [-math.inf]]) is None
    assert plottable([1e301, 5.0]).tolist() == [5.0]


@pytest.mark.parametrize(
    ("shown", "texts"),
    [
        (Range(-1.0, 1.0), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
        (Range(0.0, 3e-7), ["0", "1e−7", "2e−7", "3e−7"]),
        (Range(0.0, 2e200), ["0", "5e199", "1e200", "1.5e200", "2e200"]),
    ],
)
def test_tick_texts_are_short_and_exact(shown: Range, texts: list[str]) -> None:
    assert [text for _, text in value_ticks(shown, 150)] == texts


def test_whole_ticks_are_timestamps_and_thin_out() -> None:
    assert [t for _, t in whole_ticks(Range(-0.5, 3.5), 500, 20)] == ["0", "1", "2", "3"]
    assert [t for _, t in whole_ticks(Range(-0.5, 50.5), 300, 40)] == [
        "0",
        "10",
        "20",
        "30",
        "40",
        "50",
    ]
    assert whole_ticks(Range(-0.5, 1000.5), 500, 60)[-1][1] == "1,000"


def test_a_log_axis_has_at_least_two_ticks() -> None:
    assert [text for _, text in decade_ticks(Range(-2.1, 1.2), 200)] == ["0.01", "0.1", "1", "10"]
    assert len(decade_ticks(Range(-1.05, 0.8), 150)) >= 3


def test_thinning_keeps_every_extreme() -> None:
    y = np.sin(np.arange(100_000) / 50)
    y[54_321] = 7.0
    x, thin = thinned(np.arange(100_000.0), y, 400)
    assert len(thin) < 1000
    assert thin.max() == 7.0
    assert thin.min() == y.min()
    assert (np.diff(x) >= 0).all()
    assert x[-1] == 99_999
    few = np.arange(5.0)
    assert thinned(few, few, 400)[1] is few

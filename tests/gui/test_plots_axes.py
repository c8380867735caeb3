"""Ranges and tick marks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from rnn_gui.plots.axes import ValueAxis, WholeAxis
from rnn_gui.plots.ranges import Range, aligned, nice_step, padded, plottable, range_of

pytestmark = pytest.mark.usefixtures("qapp")

finite = st.floats(-1e290, 1e290).filter(lambda v: v == 0 or abs(v) > 1e-290)


def ticks_of(axis: ValueAxis, shown: Range, pixels: float) -> list[tuple[float, str]]:
    """The values and texts of an axis, drawn in the unit of its range."""
    axis.setScale(shown.unit)
    return [
        (value * shown.unit, text)
        for spacing, values in axis.tickValues(*shown.in_units, pixels)
        for value, text in zip(values, axis.tickStrings(values, shown.unit, spacing), strict=True)
    ]


@pytest.fixture(scope="module")
def left(qapp: QApplication) -> ValueAxis:
    return ValueAxis("left")


@pytest.fixture(scope="module")
def below(qapp: QApplication) -> WholeAxis:
    return WholeAxis("bottom")


@given(finite, finite)
def test_padding_holds_the_data_and_few_ticks(left: ValueAxis, a: float, b: float) -> None:
    data = Range(min(a, b), max(a, b))
    room = padded(data)
    assert room.low <= data.low <= data.high <= room.high
    assert room.span > 0
    ticks = ticks_of(left, room, 200)
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
def test_tick_texts_are_short_and_exact(left: ValueAxis, shown: Range, texts: list[str]) -> None:
    assert [text for _, text in ticks_of(left, shown, 150)] == texts


def test_whole_ticks_are_timestamps_and_thin_out(below: WholeAxis) -> None:
    def texts(high: float, pixels: float) -> list[str]:
        return [text for _, text in ticks_of(below, Range(-0.5, high), pixels)]

    assert texts(3.5, 500) == ["0", "1", "2", "3"]
    assert texts(50.5, 200) == ["0", "10", "20", "30", "40", "50"]
    assert texts(1000.5, 500)[-1] == "1,000"


def test_a_log_axis_has_at_least_two_ticks() -> None:
    axis = ValueAxis("left")
    axis.setLogMode(False, True)
    ticks = ticks_of(axis, Range(-2.1, 1.2), 200)
    assert [text for _, text in ticks] == ["0.01", "0.1", "1", "10"]
    few = ticks_of(axis, Range(-1.05, 0.8), 150)
    assert [text for _, text in few] == ["0.1", "0.2", "0.5", "1", "2", "5"]
    close = ticks_of(axis, Range(0.7, 0.9), 150)  # 5.01 to 7.94
    assert [text for _, text in close] == ["6", "7"]


def test_nothing_but_zero_has_a_span_of_one(left: ValueAxis) -> None:
    for largest in (0.0, 5e-302):
        shown = padded(Range(0.0, largest))
        assert shown.span == 1.0
        assert [text for _, text in ticks_of(left, shown, 80)] == ["−0.5", "0.0", "0.5"]


def test_numbers_that_differ_in_their_last_digits_have_ticks_apart(left: ValueAxis) -> None:
    shown = padded(Range(3.0, np.nextafter(3.0, 4.0)))
    texts = [text for _, text in ticks_of(left, shown, 200)]
    assert len(set(texts)) == len(texts) >= 2


def test_thousands_are_grouped(left: ValueAxis) -> None:
    assert left.tickStrings([0.0, 2e5, -12000.0], 1.0, 1e5) == ["0", "200,000", "−12,000"]
    assert left.tickStrings([0.2, 0.3], 1e5, 0.1) == ["20,000", "30,000"]
    assert left.tickStrings([5e6], 1.0, 1e6) == ["5e6"]
    assert left.tickStrings([-0.5, 12.5], 1.0, 0.5) == ["−0.5", "12.5"]
    logarithmic = ValueAxis("left")
    logarithmic.setLogMode(y=True)
    assert logarithmic.tickStrings([-2, 3, 5, 6], 1.0, 1.0) == ["0.01", "1,000", "100,000", "1e6"]

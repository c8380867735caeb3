"""Lines as Qt paints them fast: nothing is lost, dashes go on around corners."""

import numpy as np
import pytest

from core.data.values import Array
from rnn_gui.plots import strokes

BENT = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 7.0], [30.0, 7.0]])
GAP = np.array([[np.nan, np.nan]])


def length(ends: Array) -> float:
    return float(np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]).sum())


def test_a_line_goes_through_all_its_points() -> None:
    ends = strokes.solid(BENT, 100)
    assert np.array_equal(ends, np.hstack([BENT[:-1], BENT[1:]]))


def test_a_gap_is_not_bridged() -> None:
    with_gap = np.vstack([BENT[:2], GAP, BENT[2:], GAP, BENT[:1]])
    assert np.array_equal(strokes.solid(with_gap, 100), [[0, 0, 10, 0], [10, 7, 30, 7]]), (
        "nor does a point alone make a line"
    )
    assert [len(run) for run in strokes.runs(with_gap)] == [2, 2]
    for nothing in (np.empty((0, 2)), GAP, BENT[:1]):
        assert strokes.runs(nothing) == []
        assert strokes.solid(nothing, 100).shape == (0, 4)
        assert strokes.dashed(nothing, (3.0, 3.0), 100).shape == (0, 4)


def test_dashes_go_on_around_a_corner() -> None:
    ends = strokes.dashed(BENT, (6.0, 3.0), 100)
    assert ends[:3].tolist() == [[0, 0, 6, 0], [9, 0, 10, 0], [10, 0, 10, 5]]
    assert length(ends) == pytest.approx(4 * 6 + 1)  # of 37 pixels


def test_dashes_and_dots_take_turns() -> None:
    straight = np.array([[0.0, 5.0], [15.0, 5.0]])
    ends = strokes.dashed(straight, (7.0, 3.0, 2.0, 3.0), 100)
    assert ends[:, [0, 2]].tolist() == [[0, 7], [10, 12]]


def test_short_lines_are_dashed_as_one() -> None:
    x = np.linspace(0, 300, 2_000)
    wave = np.column_stack([x, 50 + 40 * np.sin(x / 20)])
    whole = length(strokes.solid(wave, 300))
    assert length(strokes.dashed(wave, (5.0, 3.0), 300)) == pytest.approx(whole * 5 / 8, rel=0.01)


def test_a_line_too_long_for_dashes_is_drawn_through() -> None:
    wild = np.array([[0.0, 0.0], [1.0, 1e6]])
    assert strokes.dashed(wild, (3.0, 3.0), 100).tolist() == [[0, 0, 1, 1e6]]


def test_what_is_beside_the_plot_is_left_out() -> None:
    x = np.arange(0.0, 1_000.0, 10)
    line = np.column_stack([x - 500, np.zeros(len(x))])
    seen = strokes.solid(line, 100)
    assert seen[:, 0].min() > -100
    assert seen[:, 2].max() < 200
    assert seen[:, 0].min() <= 0
    assert seen[:, 2].max() >= 100


def test_only_a_line_that_turns_little_has_joints() -> None:
    x = np.arange(100.0)
    assert strokes.turns_little(np.column_stack([x, x]), 100)
    assert not strokes.turns_little(np.column_stack([x, x % 2 * 50]), 100)


def test_the_painter_reads_the_same_numbers() -> None:
    lines = strokes.as_lines(strokes.solid(BENT, 100))
    first, count = lines.drawargs()
    assert count == 3
    assert (first.x1(), first.y1(), first.x2(), first.y2()) == (0, 0, 10, 0)

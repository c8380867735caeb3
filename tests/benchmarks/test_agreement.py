"""What agrees within 1e-12 passes, and nothing else does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.agreement import TOLERANCE, Disagreement, agreed, difference


def test_the_difference_is_relative_to_large_numbers_and_absolute_for_small_ones() -> None:
    assert difference([[1000.0]], [[1001.0]]) == pytest.approx(1e-3)
    assert difference([[0.001]], [[0.002]]) == pytest.approx(1e-3)


def test_the_largest_difference_counts_wherever_it_is() -> None:
    ours = np.ones((2, 3))
    theirs = ours.copy()
    theirs[1, 2] += 1e-9
    assert difference([0.0, ours], [1e-10, theirs]) == pytest.approx(1e-9, rel=1e-6)


def test_what_differs_less_than_the_tolerance_agrees() -> None:
    assert 0 < agreed("near", [1.0], [1.0 + TOLERANCE / 2]) < TOLERANCE


@pytest.mark.parametrize("theirs", [1.0 + 2 * TOLERANCE, -1.0, math.nan, math.inf])
def test_anything_else_is_refused_by_name(theirs: float) -> None:
    with pytest.raises(Disagreement, match="C loop differs from ours by"):
        agreed("C loop", [1.0], [theirs])


def test_other_shapes_are_refused() -> None:
    with pytest.raises(Disagreement, match="shapes differ"):
        agreed("short", [[1.0, 2.0]], [[1.0]])
    with pytest.raises(ValueError, match="zip"):
        agreed("fewer", [1.0, 2.0], [1.0])

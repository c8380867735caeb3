"""The scale takes costs of 0, overflow, and one cost alone; its numbers are round."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.landscape.cost_scale import CostScale, scale_of

COSTS = st.lists(
    st.floats(0, math.inf) | st.sampled_from([0.0, math.inf, math.nan, 1e-300, 1e308, 5e-324]),
    min_size=1,
    max_size=30,
)


@given(COSTS)
def test_every_cost_has_a_place_on_the_scale(costs: list[float]) -> None:
    scale = scale_of(np.array(costs))
    logs = scale.logarithms(np.array(costs))
    assert 0 < scale.floor < scale.ceiling < math.inf
    assert np.all((math.log10(scale.floor) <= logs) & (logs <= math.log10(scale.ceiling)))
    assert scale.floor_reached == any(cost < scale.floor for cost in costs)
    assert scale.ceiling_reached == any(not cost <= scale.ceiling for cost in costs)


@given(COSTS)
def test_contour_levels_rise_within_the_scale_and_are_few(costs: list[float]) -> None:
    scale = scale_of(np.array(costs))
    levels = scale.contour_levels()
    assert levels == sorted(set(levels))
    assert len(levels) <= 12
    assert all(scale.floor < level < scale.ceiling for level in levels)


@pytest.mark.parametrize(
    ("costs", "floor", "ceiling"),
    [
        ([0.02, 3.0, 40.0], 0.01, 100.0),
        ([0.0, 0.02, 3.0], 0.01, 10.0),
        ([1e-30, *np.geomspace(0.1, 10, 200)], 1e-5, 10.0),  # met a minimum by chance
        ([*np.geomspace(0.1, 10, 200), 1e300, math.inf, math.nan], 0.1, 1e8),
        ([5.0, 5.0], 1.0, 10.0),
        ([1.0], 1.0, 10.0),
        ([0.0, 0.0], 1e-12, 1e-11),
        ([math.inf], 1e-12, 1e-11),
    ],
)
def test_floor_and_ceiling(costs: list[float], floor: float, ceiling: float) -> None:
    scale = scale_of(np.array(costs))
    assert (scale.floor, scale.ceiling) == (floor, ceiling)


@pytest.mark.parametrize(
    ("floor", "ceiling", "levels"),
    [
        (1.0, 10.0, [1.5, 2, 3, 4, 5, 6, 8]),
        (0.1, 100.0, [0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 30, 50]),
        (1e-4, 1.0, [2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]),
        (1e-6, 1e6, [10.0**e for e in range(-5, 6)]),
    ],
)
def test_contour_levels_are_round(floor: float, ceiling: float, levels: list[float]) -> None:
    found = CostScale(floor, ceiling, False, False).contour_levels()
    assert found == pytest.approx(levels, rel=1e-15)


def test_infinite_costs_and_those_that_are_no_numbers_are_at_the_ceiling() -> None:
    scale = CostScale(0.1, 100.0, False, True)
    assert scale.logarithms(np.array([math.inf, math.nan, 0.0, 1.0])).tolist() == [2, 2, -1, 0]

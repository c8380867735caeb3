"""The basin map says of each start what a run of its own says."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core import basin
from core.activations import Array
from core.basin import DIVERGED, NOT_THERE, TRAINING, BasinMap, _clip_factors
from core.experiment import Experiment, Weights
from core.landscape import Landscape
from core.presets import PRESETS
from core.training import Run
from core.update_rules import UPDATE_RULES, clip_factor

PART_1 = PRESETS["part-1"].experiment
PART_2 = replace(PRESETS["part-2"].experiment, learning_rates=Weights(0.02, 0.03))
AXIS = np.linspace(-3.0, 3.0, 9)
LIMIT = 400


def basin_map(experiment: Experiment, goal: float, limit: int = LIMIT) -> BasinMap:
    work = BasinMap(experiment, AXIS, AXIS[1:] + 0.05, goal, limit)
    while work.work(0.02):
        pass
    return work


def by_itself(experiment: Experiment, start: Weights, goal: float) -> tuple[int, bool]:
    """What the map should hold for this start, and whether rounding could not change it."""
    run = Run(replace(experiment, weights=start))
    run.extend(LIMIT)
    costs: Array = run.costs
    there = np.flatnonzero(costs <= goal)
    if len(there):
        epoch = int(there[0])
        known = costs[max(0, epoch - 1) : epoch + 1]
        return epoch, bool(np.all(np.abs(known / goal - 1) > 1e-6))
    return (DIVERGED if run.ending else NOT_THERE), bool(costs.min() > goal * (1 + 1e-6))


def check(experiment: Experiment, goal: float) -> set[int]:
    """All kinds of outcomes that were met."""
    work = basin_map(experiment, goal)
    outcomes, sure = set(), 0
    for row, wrec in enumerate(work.wrec.tolist()):
        for column, wx in enumerate(work.wx.tolist()):
            expected, certain = by_itself(experiment, Weights(wx, wrec), goal)
            if certain:
                assert work.epochs[row, column] == expected
                outcomes.add(min(expected, 1))
                sure += 1
    assert sure > 0.95 * work.epochs.size
    assert work.done_share == 1
    return outcomes


@pytest.mark.parametrize("clip_norm", [None, 0.5])
@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_each_start_as_a_run_by_itself(rule: str, clip_norm: float | None) -> None:
    experiment = replace(PART_2, update_rule=rule, clip_norm=clip_norm)
    assert 1 in check(experiment, 0.2)


def test_outcomes_of_all_kinds() -> None:
    experiment = replace(PART_1, learning_rates=Weights(0.05, 0.02))
    assert check(experiment, 0.5) == {DIVERGED, NOT_THERE, 0, 1}


def test_a_start_that_is_there_needs_no_epochs() -> None:
    work = BasinMap(PART_1, np.array([1.0, 3.0]), np.array([1.0]), 0.1, 0)
    work.work(math.inf)
    assert work.epochs.tolist() == [[0, NOT_THERE]]


def test_starts_with_costs_that_overflow_have_diverged() -> None:
    work = BasinMap(PART_1, np.array([1e300, 1.0]), np.array([1e200, 1.0]), 0.1)
    work.work(math.inf)
    assert work.epochs.tolist() == [[DIVERGED, DIVERGED], [DIVERGED, 0]]


def test_weights_that_overflow_though_the_cost_stays_finite() -> None:
    experiment = replace(PART_2, last_activation="logistic", learning_rates=Weights(1e308, 1e308))
    start = Weights(1.0, 1.0)
    wild = replace(experiment, targets_count_ones=False, targets=np.full(3, 1e3), weights=start)
    run = Run(wild)
    assert not run.extend(5)
    work = BasinMap(wild, np.array([1.0]), np.array([1.0]), 1.0, 5)
    work.work(math.inf)
    assert work.epochs.tolist() == [[DIVERGED]]


def test_slices_progress_and_what_is_known_so_far() -> None:
    work = BasinMap(PART_2, AXIS, AXIS, 0.2, LIMIT)
    assert np.all(work.epochs == TRAINING)
    assert work.done_share == 0
    whole = BasinMap(PART_2, AXIS, AXIS, 0.2, LIMIT)
    whole.work(math.inf)
    shares, before = [0.0], work.epochs.copy()
    while work.work(0.0):
        shares.append(work.done_share)
        known = before != TRAINING
        assert np.array_equal(work.epochs[known], before[known])
        before = work.epochs.copy()
    assert shares == sorted(shares)
    assert len(set(shares)) > 100
    assert np.array_equal(work.epochs, whole.epochs)
    assert work.done_share == 1
    assert not work.work(0.0)


def test_the_landscape_at_hand_serves() -> None:
    landscape = Landscape(PART_2)
    for rule in ("gradient-descent", "rprop"):
        experiment = replace(PART_2, update_rule=rule)
        work = BasinMap(experiment, AXIS, AXIS[1:] + 0.05, 0.2, LIMIT, landscape)
        work.work(math.inf)
        assert np.array_equal(work.epochs, basin_map(experiment, 0.2).epochs)


@pytest.mark.parametrize("limit", [1e-3, 1.0, 1e200])
def test_clipping_many_is_clipping_each(limit: float) -> None:
    values = [0.0, -0.0, 1e-300, 0.3, -1.0, 2.5, 1e200, -1e308, math.inf, math.nan]
    d_wx, d_wrec = (axis.ravel() for axis in np.meshgrid(values, values))
    with np.errstate(all="ignore"):
        found = _clip_factors(d_wx, d_wrec, limit)
    expected = [
        clip_factor(a, b, limit) for a, b in zip(d_wx.tolist(), d_wrec.tolist(), strict=True)
    ]
    finite = np.isfinite(d_wx) & np.isfinite(d_wrec)
    np.testing.assert_array_equal(found[finite], np.array(expected)[finite])


MISTAKES: dict[str, dict[str, Any]] = {
    "the rates exchanged": {"learning_rates": Weights(0.03, 0.02)},
    "another rule": {"update_rule": "momentum"},
    "clipped": {"clip_norm": 0.1},
    "another State 0": {"initial_state": 0.3},
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = basin_map

    def wrong(experiment: Experiment, goal: float) -> BasinMap:
        return right(replace(experiment, **MISTAKES[mistake]), goal)

    monkeypatch.setitem(globals(), "basin_map", wrong)
    with pytest.raises(AssertionError):
        check(PART_2, 0.2)


def test_a_forgotten_number_of_the_rule_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = replace(PART_2, update_rule="momentum")
    check(experiment, 0.2)
    right = basin._Training.keep

    def keep(training: basin._Training, going: NDArray[np.bool_]) -> None:
        right(training, going)
        training._of_wx[1:] = 0.0

    monkeypatch.setattr(basin._Training, "keep", keep)
    with pytest.raises(AssertionError):
        check(experiment, 0.2)

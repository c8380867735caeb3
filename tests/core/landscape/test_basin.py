"""The basin map says of each start what a run of its own says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.cell.known import KNOWN, two_weights
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.landscape import basin
from core.landscape.basin import DIVERGED, NOT_THERE, TRAINING, BasinMap
from core.landscape.costs import Landscape
from core.training.run import Run
from tests.core.experiments import made

PART_1 = PRESETS["part-1"].experiment
PART_2 = PRESETS["part-2"].experiment.changed(learning_rates={"Wx": 0.02, "Wrec": 0.03})
AXIS = np.linspace(-3.0, 3.0, 9)
LIMIT = 400


def basin_map(
    experiment: Experiment, goal: float, limit: int = LIMIT, axes: tuple[int, int] = (0, 1)
) -> BasinMap:
    landscape = Landscape(experiment, axes)
    work = BasinMap(experiment, AXIS, AXIS[1:] + 0.05, goal, limit, landscape)
    while work.work(0.02):
        pass
    return work


def by_itself(experiment: Experiment, goal: float, limit: int) -> tuple[int, bool]:
    """What the map should hold for this start, and whether rounding could not change it."""
    run = Run(experiment)
    run.extend(limit)
    costs = np.array(run.costs)
    there = np.flatnonzero(costs <= goal)
    if len(there):
        epoch = int(there[0])
        known = costs[max(0, epoch - 1) : epoch + 1]
        return epoch, bool(np.all(np.abs(known / goal - 1) > 1e-6))
    return (DIVERGED if run.ending else NOT_THERE), bool(costs.min() > goal * (1 + 1e-6))


def check(
    experiment: Experiment, goal: float, limit: int = LIMIT, axes: tuple[int, int] = (0, 1)
) -> set[int]:
    """All kinds of outcomes that were met."""
    work = basin_map(experiment, goal, limit, axes)
    outcomes, sure = set(), 0
    for row, y in enumerate(work.y.tolist()):
        for column, x in enumerate(work.x.tolist()):
            flat = experiment.weights.flat.copy()
            flat[list(axes)] = x, y
            start = experiment.changed(weights=experiment.layout.unpack(flat))
            expected, certain = by_itself(start, goal, limit)
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
    experiment = PART_2.changed(update_rule=rule, clip_norm=clip_norm)
    assert 1 in check(experiment, 0.2)


@pytest.mark.parametrize("key", ["tutorial-with-bias", "lstm-1", "elman"])
def test_all_weights_of_other_cells_are_trained(key: str) -> None:
    experiment = made(KNOWN[key](), 3, 2).changed(update_rule="adam")
    cost = Run(experiment).costs[0]
    last = experiment.layout.size - 1
    assert check(experiment, 0.2 * cost, 40, (last, 0)) >= {NOT_THERE, 1}


def test_outcomes_of_all_kinds() -> None:
    experiment = PART_1.changed(learning_rates={"Wx": 0.05, "Wrec": 0.02})
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
    wild = PART_2.changed(
        cell=two_weights("logistic", "logistic"),
        learning_rates=1e308,
        targets_count_ones=False,
        targets=np.full(3, 1e3),
        weights={"Wx": 1.0, "Wrec": 1.0},
    )
    assert not Run(wild).extend(5)
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


MISTAKES: dict[str, dict[str, Any]] = {
    "the rates exchanged": {"learning_rates": {"Wx": 0.03, "Wrec": 0.02}},
    "another rule": {"update_rule": "momentum"},
    "clipped": {"clip_norm": 0.1},
    "another State 0": {"initial_state": {"S(Out)": 0.3}},
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = basin_map

    def wrong(experiment: Experiment, *rest: Any) -> BasinMap:
        return right(experiment.changed(**MISTAKES[mistake]), *rest)

    monkeypatch.setitem(globals(), "basin_map", wrong)
    with pytest.raises(AssertionError):
        check(PART_2, 0.2)


def test_a_forgotten_number_of_the_rule_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = PART_2.changed(update_rule="momentum")
    check(experiment, 0.2)
    right = basin._Training.keep

    def keep(training: basin._Training, going: NDArray[np.bool_]) -> None:
        right(training, going)
        training.numbers = 0.0 * training.numbers

    monkeypatch.setattr(basin._Training, "keep", keep)
    with pytest.raises(AssertionError):
        check(experiment, 0.2)

"""The tutorial's presets learn what it says they learn; the others show what they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.experiment import Weights
from core.presets import FIRST_PRESET, PRESETS
from core.training import Run
from tests.core.sampling import tutorial_cases

CASES = pytest.mark.parametrize("case", tutorial_cases(), ids=lambda case: case["name"])


def test_each_preset_has_a_name_and_the_tutorials_come_first() -> None:
    tutorials = [case["name"] for case in tutorial_cases()]
    assert list(PRESETS) == [*tutorials, "vanishing", "exploding", "roelants"]
    assert FIRST_PRESET in PRESETS
    for key, preset in PRESETS.items():
        assert preset.key == key
        assert preset.title
        assert preset.about


@CASES
def test_the_data_is_the_tutorials(case: dict[str, Any]) -> None:
    experiment = PRESETS[case["name"]].experiment
    assert experiment.inputs.tolist() == case["inputs"]
    assert experiment.targets.tolist() == case["targets"]
    assert experiment.weights._asdict() == case["start"]
    assert experiment.learning_rates._asdict() == case["learning_rate"]
    assert experiment.initial_state == 0.0
    assert experiment.hidden_activation == case["hidden_activation"]
    assert experiment.last_activation == case["last_activation"]


@CASES
def test_training_takes_the_tutorials_way(case: dict[str, Any]) -> None:
    run = Run(PRESETS[case["name"]].experiment)
    for expected in case["epochs"]:
        assert run.reach(expected["epoch"])
        found = run.costs[-1], *run.weights(expected["epoch"])
        wanted = expected["cost"], expected["wx"], expected["wrec"]
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("key", "epochs", "rounded"),
    [
        ("part-1", 30_000, [1, 2, 3]),
        ("part-2", 15_000, [1, 2, 3]),
        ("part-2-zeros", 15_000, [3, 2, 1]),
    ],
)
def test_predictions_round_to_the_counts(key: str, epochs: int, rounded: list[int]) -> None:
    run = Run(PRESETS[key].experiment)
    assert run.reach(epochs)
    assert np.round(run.trace(epochs).state_out[-1]).tolist() == rounded


def test_part_1_brings_both_weights_to_1() -> None:
    run = Run(PRESETS["part-1"].experiment)
    assert run.reach(30_000)
    assert run.weights(30_000) == pytest.approx((1.0, 1.0), abs=1e-6)


def test_without_a_linear_last_state_the_cost_stays_above_5_thirds() -> None:
    run = Run(PRESETS["why-no-log-on-the-last-state"].experiment)
    assert run.reach(20_000)
    assert run.costs.min() > 5 / 3


@pytest.mark.parametrize(("key", "wrec"), [("vanishing", 0.5), ("exploding", 1.5)])
def test_gradients_shrink_or_grow_by_the_same_factor_at_every_hop(key: str, wrec: float) -> None:
    experiment = PRESETS[key].experiment
    assert experiment.inputs.tolist() == [[1] + [0] * 19, [1, 0] * 10, [1] * 20]
    assert experiment.targets.tolist() == [1, 10, 20]
    assert experiment.targets_count_ones
    assert experiment.hidden_activation == experiment.last_activation == "identity"
    assert experiment.weights == (1.0, wrec)
    assert experiment.learning_rates == (1e-4, 1e-4)
    gradients = Run(experiment).trace(0).d_state_in
    np.testing.assert_allclose(gradients[:-1] / gradients[1:], wrec, rtol=1e-12)


def test_roelants_data_is_that_of_the_notebook() -> None:
    experiment = PRESETS["roelants"].experiment
    random = np.random.RandomState(1)
    assert experiment.inputs.tolist() == [np.around(random.rand(10)).tolist() for _ in range(20)]
    assert experiment.targets_count_ones
    assert experiment.hidden_activation == experiment.last_activation == "identity"
    assert experiment.weights == (-1.5, 2.0)
    assert experiment.update_rule == "rprop"


def test_roelants_ends_where_the_notebook_does() -> None:
    run = Run(PRESETS["roelants"].experiment)
    assert run.reach(500)
    assert [round(weight, 4) for weight in run.weights(500)] == [1.0014, 0.9997]


def test_the_rates_play_no_part_in_roelants() -> None:
    experiment = PRESETS["roelants"].experiment
    ends = []
    for rates in (experiment.learning_rates, Weights(7.0, 0.0)):
        run = Run(replace(experiment, learning_rates=rates))
        assert run.reach(500)
        ends.append(run.weights(500))
    assert ends[0] == ends[1]

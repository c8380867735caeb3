"""The presets are the tutorial's experiments, and learn what it says they learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.presets import FIRST_PRESET, PRESETS
from core.training import Run
from tests.core.sampling import tutorial_cases

CASES = pytest.mark.parametrize("case", tutorial_cases(), ids=lambda case: case["name"])


def test_each_preset_has_its_reference_and_a_name() -> None:
    assert list(PRESETS) == [case["name"] for case in tutorial_cases()]
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

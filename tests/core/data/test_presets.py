"""The tutorial's presets learn what it says they learn; the others show what they are for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.data.presets import FIRST_PRESET, PRESETS
from core.training.run import Run
from tests.tutorial import tutorial_cases

CASES = pytest.mark.parametrize("case", tutorial_cases(), ids=lambda case: case["name"])


def test_each_preset_has_a_name_and_the_tutorials_come_first() -> None:
    tutorials = [case["name"] for case in tutorial_cases()]
    others = ["with-bias", "running-count", "elman", "lstm", "lstm-one-unit", "gru"]
    others += ["remember-the-first", "remember-the-first-lstm"]
    assert list(PRESETS) == [*tutorials, "vanishing", "exploding", "roelants", *others]
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
    assert experiment.weights == {"Wx": case["start"]["wx"], "Wrec": case["start"]["wrec"]}
    rates = case["learning_rate"]
    assert experiment.learning_rates == {"Wx": rates["wx"], "Wrec": rates["wrec"]}
    assert experiment.initial_state == {"S(Out)": 0.0}
    assert experiment.hidden_activation == case["hidden_activation"]
    assert experiment.last_activation == case["last_activation"]


@CASES
def test_training_takes_the_tutorials_way(case: dict[str, Any]) -> None:
    run = Run(PRESETS[case["name"]].experiment)
    for expected in case["epochs"]:
        assert run.reach(expected["epoch"])
        found = run.costs[-1], *run.weights(expected["epoch"]).flat
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
    assert np.round(run.trace(epochs).values("S(Out)", 3)).tolist() == rounded


def test_part_1_brings_both_weights_to_1() -> None:
    run = Run(PRESETS["part-1"].experiment)
    assert run.reach(30_000)
    assert run.weights(30_000).flat == pytest.approx([1.0, 1.0], abs=1e-6)


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
    assert experiment.weights == {"Wx": 1.0, "Wrec": wrec}
    assert experiment.learning_rates == {"Wx": 1e-4, "Wrec": 1e-4}
    gradients = Run(experiment).trace(0).gradient_table("S(In)")
    np.testing.assert_allclose(gradients[:-1] / gradients[1:], wrec, rtol=1e-12)


def test_roelants_data_is_that_of_the_notebook() -> None:
    experiment = PRESETS["roelants"].experiment
    random = np.random.RandomState(1)
    assert experiment.inputs.tolist() == [np.around(random.rand(10)).tolist() for _ in range(20)]
    assert experiment.targets_count_ones
    assert experiment.hidden_activation == experiment.last_activation == "identity"
    assert experiment.weights == {"Wx": -1.5, "Wrec": 2.0}
    assert experiment.update_rule == "rprop"


def test_roelants_ends_where_the_notebook_does() -> None:
    run = Run(PRESETS["roelants"].experiment)
    assert run.reach(500)
    assert [round(weight, 4) for weight in run.weights(500).flat] == [1.0014, 0.9997]


def test_the_rates_play_no_part_in_roelants() -> None:
    experiment = PRESETS["roelants"].experiment
    ends = []
    for rates in (experiment.learning_rates, {"Wx": 7.0, "Wrec": 0.0}):
        run = Run(experiment.changed(learning_rates=rates))
        assert run.reach(500)
        ends.append(run.weights(500))
    assert ends[0] == ends[1]


def test_the_weights_are_drawn_alike_everywhere() -> None:
    weights = PRESETS["lstm"].experiment.weights
    assert weights["Wi"].tolist() == [[0.1, 0.42], [-0.42, 0.02]]
    assert PRESETS["gru"].experiment.inputs.tolist() == PRESETS["lstm"].experiment.inputs.tolist()
    assert PRESETS["gru"].experiment.inputs[0].tolist() == [
        [0.4, 1.0],
        [0.7, 0.0],
        [0.0, 1.0],
        [0.3, 0.0],
    ]
    assert all(np.array_equal(np.around(w, 2), w) for w in weights.values())


def test_both_that_remember_have_one_data() -> None:
    elman, lstm = (PRESETS[f"remember-the-first{end}"].experiment for end in ("", "-lstm"))
    assert elman.inputs.tolist() == lstm.inputs.tolist()
    assert elman.targets.tolist() == lstm.targets.tolist() == elman.inputs[:, 0].tolist()
    assert elman.inputs.shape == (8, 12, 1)
    assert elman.learning_rates["V"] == lstm.learning_rates["V"]


@pytest.mark.parametrize(
    ("key", "epochs", "share"),
    [
        ("with-bias", 2000, 1e-4),
        ("running-count", 1000, 1e-4),
        ("elman", 1000, 0.01),
        ("lstm", 600, 0.01),
        ("lstm-one-unit", 600, 0.001),
        ("gru", 600, 0.001),
        ("remember-the-first", 1000, 0.1),
        ("remember-the-first-lstm", 500, 0.01),
    ],
)
def test_training_shows_that_the_cost_falls(key: str, epochs: int, share: float) -> None:
    run = Run(PRESETS[key].experiment)
    assert run.reach(epochs)
    assert run.costs[-1] < share * run.costs[0]


def test_with_bias_all_three_weights_learn_to_be_1() -> None:
    run = Run(PRESETS["with-bias"].experiment)
    assert run.reach(5000)
    assert run.weights(5000).flat == pytest.approx([1.0, 1.0, 1.0], abs=1e-3)


def test_the_lstm_remembers_long_before_the_elman_network() -> None:
    runs = [Run(PRESETS[f"remember-the-first{end}"].experiment) for end in ("", "-lstm")]
    assert all(run.reach(500) for run in runs)
    assert runs[1].costs[-1] < 0.01 < 0.1 < runs[0].costs[-1]

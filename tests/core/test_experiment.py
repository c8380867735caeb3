"""What an experiment refuses, what it keeps, and that nobody can change it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

import core.experiment
from core.experiment import Experiment, ExperimentError, Weights, count_ones, sequence_name
from core.presets import PRESETS

PART_2 = PRESETS["part-2"].experiment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"inputs": []}, "inputs must have at least one row and one column"),
        ({"inputs": [[]]}, "inputs must have at least one row and one column"),
        ({"inputs": np.empty((3, 0))}, "inputs must have at least one row and one column"),
        ({"inputs": [[1, 0], [1]]}, "inputs must have the same number of columns in every row"),
        ({"inputs": [1, 0]}, "inputs must be rows of numbers"),
        ({"inputs": np.array(1.0)}, "inputs must be rows of numbers"),
        ({"inputs": 1}, "inputs must be rows of numbers"),
        ({"inputs": [["a", "b"]]}, "inputs must be rows of numbers"),
        ({"inputs": [[10**400]]}, "inputs must be rows of numbers"),
        ({"inputs": np.zeros((3, 3, 3))}, "inputs must be rows of numbers"),
        ({"inputs": [[0.0, np.nan]]}, "inputs must be finite numbers; row 1, column 2 is not"),
        ({"targets": [1, np.inf, 3]}, "targets must be finite numbers; row 2 is not"),
        ({"targets": [[1, 2, 3]]}, "targets must be one row of numbers"),
        ({"targets": [1, 2]}, "targets must hold one number for each sequence: 3, not 2"),
        ({"targets": [1, 5, 3], "targets_count_ones": True}, "sequence 2 has 2, its target is 5.0"),
        ({"initial_state": "half"}, "initial_state must be a number"),
        ({"initial_state": np.inf}, "initial_state must be a finite number"),
        ({"weights": Weights(1.0, np.nan)}, "weights.wrec must be a finite number"),
        ({"learning_rates": Weights(np.inf, 1.0)}, "learning_rates.wx must be a finite number"),
        ({"hidden_activation": "log"}, "hidden_activation must be one of logistic, tanh, relu"),
        ({"last_activation": None}, "last_activation must be one of logistic, tanh, relu"),
        ({"update_rule": "magic"}, "update_rule must be one of gradient-descent"),
    ],
)
def test_what_is_not_usable_is_named(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment(**{**vars(PART_2), "targets_count_ones": False, **changes})
    assert sentence in str(caught.value)


def test_the_error_knows_the_field() -> None:
    with pytest.raises(ExperimentError) as caught:
        replace(PART_2, weights=Weights(np.inf, 0.0))
    assert caught.value.field == "weights.wx"


@pytest.mark.parametrize("name", ["inputs", "targets"])
def test_arrays_are_copies_that_cannot_be_written(name: str) -> None:
    mine = getattr(PART_2, name).copy()
    experiment = replace(PART_2, **{name: mine})
    mine[...] = 7.0
    assert np.array_equal(getattr(experiment, name), getattr(PART_2, name))
    with pytest.raises(ValueError, match="read-only"):
        getattr(experiment, name)[0] = 7.0


def test_checked_arrays_are_shared_and_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def finite(_field: str, _array: object) -> None:
        raise AssertionError("looked at every number again")

    monkeypatch.setattr(core.experiment, "_finite", finite)
    by_hand = replace(PART_2, weights=Weights(1.0, 2.0), targets_count_ones=False)
    for experiment in (by_hand, by_hand.with_data(PART_2.inputs, PART_2.targets)):
        assert experiment.inputs is PART_2.inputs
        assert experiment.targets is PART_2.targets


def test_an_array_that_was_never_checked_is_though_it_cannot_be_written() -> None:
    mine = np.array([[np.nan]])
    mine.flags.writeable = False
    with pytest.raises(ExperimentError, match="must be finite numbers"):
        PART_2.with_data(mine)
    with pytest.raises(ExperimentError, match="targets must be one row of numbers"):
        replace(PART_2, targets=PART_2.inputs)


def test_a_timestamp_lies_in_one_piece() -> None:
    for experiment in (PART_2, PART_2.with_data([[1, 0], [0, 1]]), replace(PART_2)):
        assert experiment.inputs.T.flags.c_contiguous


def test_fields_cannot_be_set() -> None:
    with pytest.raises(FrozenInstanceError):
        PART_2.initial_state = 1.0  # type: ignore[misc]


def test_the_sign_of_zero_is_kept() -> None:
    experiment = replace(
        PART_2,
        inputs=np.array([[-0.0]]),
        targets=np.array([-0.0]),
        targets_count_ones=False,
        initial_state=-0.0,
    )
    numbers = [experiment.inputs[0, 0], experiment.targets[0], experiment.initial_state]
    assert np.signbit(numbers).all()


def test_ones_are_the_cells_equal_to_one() -> None:
    assert count_ones(np.array([[1.0, 0.0, 2.0], [1.0, 1.0, -1.0]])).tolist() == [1.0, 2.0]


def test_other_data_takes_the_counted_targets_along() -> None:
    inputs = [[1, 1], [0, 0]]
    assert PART_2.with_data(inputs, [5, 5]).targets.tolist() == [2.0, 0.0]
    free = replace(PART_2, targets_count_ones=False)
    assert free.with_data(inputs, [5, 6]).targets.tolist() == [5.0, 6.0]


def test_other_data_are_checked_and_copied() -> None:
    mine = np.array([[1.0, 1.0], [0.0, 0.0]])
    free = replace(PART_2, targets_count_ones=False)
    edited = free.with_data(mine, targets := np.array([5.0, 6.0]))
    assert free.with_data(mine).targets.tolist() == [2.0, 0.0]
    mine[...] = targets[...] = 7.0
    assert edited.inputs.tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert edited.targets.tolist() == [5.0, 6.0]
    with pytest.raises(ExperimentError, match="inputs must have the same number of columns"):
        PART_2.with_data([[1, 0], [1]])
    with pytest.raises(ExperimentError, match="targets must be one row of numbers"):
        free.with_data([[1.0]], [[5.0]])


def test_the_last_state_has_an_activation_of_its_own() -> None:
    assert [PART_2.activation(k).key for k in (1, 2, 3)] == ["logistic", "logistic", "identity"]
    plain = PART_2.without_activation()
    assert {plain.activation(k).key for k in (1, 2, 3)} == {"identity"}


def test_same_as_compares_every_number() -> None:
    assert PART_2.same_as(replace(PART_2))
    assert not PART_2.same_as(replace(PART_2, initial_state=0.5))
    assert not PART_2.same_as(PART_2.with_data([[1, 0, 0]]))


@pytest.mark.parametrize(("index", "name"), [(0, "a"), (25, "z"), (26, "27"), (99, "100")])
def test_names_of_sequences(index: int, name: str) -> None:
    assert sequence_name(index) == name


def test_training_otherwise_leaves_the_costs_the_same() -> None:
    same: dict[str, Any] = {
        "weights": Weights(9, 9),
        "learning_rates": Weights(1, 1),
        "update_rule": "adam",
    }
    for name, value in same.items():
        assert PART_2.same_costs(replace(PART_2, **{name: value}))
    other: dict[str, Any] = {
        "inputs": 1 - PART_2.inputs,
        "targets": PART_2.targets + 1,
        "initial_state": 0.5,
        "hidden_activation": "tanh",
        "last_activation": "tanh",
    }
    for name, value in other.items():
        assert not PART_2.same_costs(replace(PART_2, targets_count_ones=False, **{name: value}))

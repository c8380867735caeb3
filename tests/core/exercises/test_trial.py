"""Sequences typed as a line, and what the network makes of them."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN
from core.cell.steps import Kind, Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.exercises.trial import LONGEST, TrialError, read_sequence, trial_frame, why_no_trial
from core.training.run import Run
from tests.core.experiments import PLAIN, made
from tests.core.random_cells import Forward


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 0 1", [1, 0, 1]),
        ("101", [1, 0, 1]),
        ("1,0,1", [1, 0, 1]),
        ("1, 0, 1", [1, 0, 1]),
        ("1;0,5;-2", [1, 0.5, -2]),
        ("0,5 1", [0.5, 1]),
        (" 1\t2.5e-3\n", [1, 0.0025]),
        ("1", [1]),
        ("17", [17]),
        ("1,", [1]),
        ("−1 1", [-1, 1]),
    ],
)
def test_ways_to_write_a_sequence(text: str, numbers: list[float]) -> None:
    assert read_sequence(text).tolist() == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a sequence of numbers, such as 1 0 1 1."),
        (" ,", "Type a sequence of numbers"),
        ("1 zero 1", "“zero” (place 2) is no number"),
        ("1 0 nan", "“nan” (place 3) is no number"),
        ("1 1e999", "“1e999” (place 2) is no number"),
        ("1_0 1", "“1_0” (place 1) is no number"),
        ("1 " * (LONGEST + 1), "A sequence has at most 10,000 numbers here, not 10,001."),
    ],
)
def test_what_is_no_sequence_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(TrialError) as caught:
        read_sequence(text)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")


@given(st.text(max_size=30))
def test_any_text_is_a_sequence_or_refused(text: str) -> None:
    with suppress(TrialError):
        assert np.isfinite(read_sequence(text)).all()


@pytest.mark.parametrize("key", PLAIN)
@pytest.mark.parametrize("numbers", [[1.0, 0.0, 1.0, 0.5], [0.3], [1.0] * 9])
def test_the_prediction_is_that_of_the_network(key: str, numbers: list[float]) -> None:
    experiment = made(KNOWN[key](), 3, 4)
    run = Run(experiment)
    run.extend(3)
    frame = frame_at(run, Position(3, 3), 1)
    trial = trial_frame(frame, np.array(numbers))
    data = {
        "inputs": np.array([numbers]),
        "targets": trial.experiment.targets,
        "weights": frame.weights,
        "initial_state": experiment.initial_state,
    }
    forward = Forward(experiment.cell, data)
    assert trial.predictions is not None
    wanted = forward.values[experiment.cell.prediction, len(numbers)]
    np.testing.assert_allclose(trial.predictions, wanted, rtol=1e-12, atol=1e-12)
    assert trial.known(Kind.VALUE, experiment.cell.quantities[0])[-1] == len(numbers)
    assert trial.cost is None
    assert trial.tried
    assert trial.experiment.targets.ravel()[-1] == numbers.count(1.0)


def test_the_comparison_stays() -> None:
    run = Run(PRESETS["part-2"].experiment)
    frame = frame_at(run, Position(0, 3), compare=True)
    assert trial_frame(frame, np.ones(2)).unactivated is not None


@pytest.mark.parametrize("key", ["elman", "lstm", "gru"])
def test_vectors_cannot_be_typed_and_it_is_said(key: str) -> None:
    experiment = made(KNOWN[key](), 2, 2)
    assert why_no_trial(experiment.cell).startswith("Each timestamp of this cell takes a vector, x")
    with pytest.raises(TrialError, match="takes a vector"):
        trial_frame(frame_at(Run(experiment), Position(0, 0)), np.ones(2))
    assert why_no_trial(KNOWN["tutorial"]()) == ""

"""Sequences typed as a line, and what the network makes of them."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.frame import frame_at
from core.presets import PRESETS
from core.steps import Kind, Position
from core.training import Run
from core.trial import LONGEST, TrialError, read_sequence, trial_frame
from tests.core import complex_step
from tests.core.sampling import reals


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


@given(st.lists(reals(2.0), min_size=1, max_size=12))
def test_the_prediction_is_that_of_the_network(numbers: list[float]) -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.extend(20)
    frame = frame_at(run, Position(20, 3))
    trial = trial_frame(frame, np.array(numbers))
    states = complex_step.states_in(trial.experiment, 0, *frame.weights)
    assert trial.predictions is not None
    assert trial.predictions[0] == pytest.approx(states[-1].real, rel=1e-12, abs=1e-12)
    assert trial.known(Kind.STATE_OUT) == range(1, len(numbers) + 1)
    assert trial.cost is None
    assert trial.experiment.targets[0] == numbers.count(1.0)

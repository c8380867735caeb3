"""What version 0.1.0 asked of every step of the tutorial's networks, and what it recognised."""

from __future__ import annotations

import math
from typing import Any

import pytest

from core.exercises.predict import Question, question
from tests.core.epoch.frames import frame_of
from tests.core.epoch.test_golden import CASES, experiment_of


def asked_before(case: str, step: int, sequence: int) -> Question | None:
    """The question before a step of an epoch of this case."""
    epoch = int(case.split("epoch ")[1])
    return question(frame_of(experiment_of(case), step - 1, epoch, sequence))


def diagnosis(asked: Question, wrong: float) -> str:
    """What is said of a wrong value; empty if nothing."""
    return next((told for v, told in asked.mistakes if math.isclose(v, wrong, rel_tol=1e-12)), "")


def golden(case: str) -> list[tuple[int, int, dict[str, Any]]]:
    return [
        (told["step"], int(sequence) - 1, said["question"])
        for told in CASES[case]
        for sequence, said in told["sequences"].items()
        if said["question"]
    ]


@pytest.mark.parametrize("case", CASES)
def test_every_step_asks_what_it_asked_and_knows_its_mistakes(case: str) -> None:
    for step, sequence, then in golden(case):
        asked = asked_before(case, step, sequence)
        assert asked is not None
        assert (asked.asked, asked.beside) == (then["asked"], then["beside"])
        assert math.isclose(asked.value, then["value"], rel_tol=1e-12)
        assert math.isclose(asked.reference, then["reference"], rel_tol=1e-12)
        for wrong, sentence in then["mistakes"]:
            right = math.isclose(wrong, asked.value, rel_tol=1e-12)
            assert right or diagnosis(asked, wrong), (step, wrong, sentence)

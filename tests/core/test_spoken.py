"""Each step as a sentence: its numbers are those of the trace, and none is told too early."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment, Weights
from core.frame import Frame, frame_at
from core.notation import number
from core.presets import PRESETS
from core.spoken import spoken, spoken_steps
from core.steps import Kind, Position, epoch_length
from core.training import Run
from tests.core.sampling import experiments

PART_2 = PRESETS["part-2"].experiment


def frame(step: int, experiment: Experiment = PART_2, sequence: int = 2) -> Frame:
    run = Run(experiment)
    run.extend(1)
    return frame_at(run, Position(0, step), sequence)


@pytest.mark.parametrize(
    ("step", "beginning"),
    [
        (0, "Epoch 0 begins: State 1 (In) comes first."),
        (
            1,
            "State 1 (In) of sequence c is 0.4714: State 0, which is 0, times Wrec −1.191",
        ),
        (2, "State 1 (Out) of sequence c is 0.6157: log() of State 1 (In) 0.4714."),
        (6, "State 3 (Out) of sequence c is −0.04652, the same as State 3 (In): there is no"),
        (7, "The cost is 5.848: the mean squared error over the 3 sequences."),
        (8, "dE/dState 3 (Out) of sequence c is −2.031: 2/3 times the error, prediction −0.04652"),
        (10, "Timestamp 3 adds −2.031 to dE/dWx and −1.913 to dE/dWrec: dE/dState 3 (In) times"),
        (
            11,
            "dE/dState 2 (Out) of sequence c is 2.419: dE/dState 3 (In) −2.031 times Wrec −1.191.",
        ),
        (12, "dE/dState 2 (In) of sequence c is 0.5945: dE/dState 2 (Out) 2.419 times d_log() of"),
        (17, "dE/dWx is −1.319 and dE/dWrec is −1.096: the sums over the 3 timestamps."),
        (18, "Wx 0.4714 becomes 0.4728 and Wrec −1.191 becomes −1.190, by gradient descent."),
    ],
)
def test_the_steps_of_the_tutorial(step: int, beginning: str) -> None:
    assert spoken(frame(step)).startswith(beginning)


@given(experiments(), st.integers(1, 17))
def test_each_sentence_tells_the_result_of_its_step(experiment: Experiment, digits: int) -> None:
    run = Run(experiment)
    run.extend(1)
    length = epoch_length(experiment.timestamps)
    updated = run.last == 1
    for step in range(1, length + updated):
        at = frame_at(run, Position(0, step))
        sentence, place = spoken(at, digits), at.step
        if place.kind is Kind.D_WEIGHTS:
            added = at.added(place.timestamp)
            assert added is not None
            results = tuple(added)
        elif place.kind is Kind.COST:
            results = (at.trace.cost,)
        elif place.kind is Kind.SUMS:
            results = tuple(at.trace.gradient)
        elif place.kind is Kind.UPDATE:
            results = tuple(at.weights)
        else:
            found = at.values(place.kind, place.timestamp)
            assert found is not None
            results = (float(found[0]),)
        for result in results:
            assert f" {number(result, digits)}" in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_a_gradient_that_was_clipped_is_said_to_be() -> None:
    clipped = replace(PART_2, clip_norm=0.5)
    assert spoken(frame(18, clipped)).endswith(", with the gradient clipped at norm 0.5.")
    assert spoken(frame(18, replace(PART_2, clip_norm=1e6))).endswith("by gradient descent.")


@given(st.integers(0, 18))
def test_steps_that_are_not_done_say_nothing(step: int) -> None:
    said = list(spoken_steps(frame(step)))
    assert [bool(sentence) for _, sentence in said] == [s.number <= step for s, _ in said]
    assert [spoken(frame(s.number)) for s, _ in said[:step]] == [text for _, text in said[:step]]


def test_one_sequence_of_one_timestamp() -> None:
    small = replace(PART_2.with_data([[1.0]]), weights=Weights(0.5, 0.5))
    assert "of its one sequence" in spoken(frame(3, small, 0))
    assert spoken(frame(7, small, 0)).endswith("what the one timestamp adds.")

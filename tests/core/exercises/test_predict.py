"""Questions before steps: the right answer, the known mistakes, and never one for the other."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN, two_weights
from core.cell.reading import read_cell
from core.cell.steps import Kind
from core.data.experiment import Experiment
from core.data.notation import number
from core.data.presets import PRESETS
from core.data.values import Values
from core.epoch.frame import Frame
from core.exercises.predict import Question, Rough, judge, judge_roughly, question
from tests.core.epoch.frames import experiment_of, frame_of
from tests.core.random_cells import random_text

PART_2 = PRESETS["part-2"].experiment


def ahead(step: int, sequence: int = 2, epoch: int = 1) -> Question:
    """The question before the step of this number."""
    found = question(frame_of(PART_2, step - 1, epoch, sequence))
    assert found is not None
    return found


def shown(frame: Frame) -> float:
    """The (first) value that a step has shown."""
    step, n, cell = frame.step, frame.sequence, frame.experiment.cell
    if step.kind is Kind.COST:
        return frame.trace.cost
    weight = cell.weights[0]
    if step.kind is Kind.PARTS:
        weight = step.lines[0].left.name
        added = frame.added(step.timestamp)
        assert added is not None
        return float(np.ravel(added[weight])[0])
    if step.kind in (Kind.VALUE, Kind.GRADIENT):
        get = frame.values if step.kind is Kind.VALUE else frame.gradients
        values = get(step.name, step.timestamp)
        assert values is not None
        return float(np.ravel(np.broadcast_to(values, (frame.sequences, *values.shape[1:]))[n])[0])
    found = frame.trace.gradient if step.kind is Kind.SUMS else frame.weights
    return float(np.ravel(found[weight])[0])


def check_all_steps(experiment: Experiment, sequence: int) -> None:
    for step in range(len(experiment.steps)):
        asked = question(frame_of(experiment, step, 0, sequence))
        if asked is None:
            continue
        after = frame_of(experiment, step + 1, 0, sequence)
        # A new weight is a difference: where nothing is left of the old one, neither are its
        # digits.
        room = 1e-12 if after.step.kind is Kind.UPDATE else 0.0
        assert math.isclose(asked.value, shown(after), rel_tol=1e-12, abs_tol=room)
        for digits in (2, 4, 8):
            assert judge(asked, repr(asked.value), digits).right
            rounded = number(asked.value, digits).replace("−", "-").replace(",", "")
            assert judge(asked, rounded, digits).right
        assert judge_roughly(asked, asked.rough, 4).right
        for wrong, told in asked.mistakes:
            assert math.isfinite(wrong)
            assert told.endswith((".", "?"))
            assert not {*"{}"} & {*told}
            assert not told[0].isspace()


@pytest.mark.parametrize("key", KNOWN)
def test_every_step_of_every_cell_is_asked_for(key: str) -> None:
    check_all_steps(experiment_of(KNOWN[key]()), 1)


@pytest.mark.parametrize("seed", range(12))
def test_it_asks_for_what_the_next_step_shows(seed: int) -> None:
    text = random_text(Random(seed))  # noqa: S311
    check_all_steps(experiment_of(read_cell(text)), seed % 3)


EXTREMES = st.sampled_from([1e308, -1e308, 1.5e154, -1e200, 800.0, -800.0, 1.0, 0.0, 1e-300])


@pytest.mark.filterwarnings("error")
@given(st.lists(EXTREMES, min_size=10, max_size=10), st.integers(0, 17))
def test_the_wildest_numbers_are_asked_for_or_not(numbers: list[float], step: int) -> None:
    experiment = Experiment(
        cell=two_weights("tanh", "relu"),
        inputs=np.reshape(numbers[:6], (2, 3)),
        targets=np.array(numbers[6:8]),
        weights=Values({"Wx": numbers[8], "Wrec": numbers[9]}),
        learning_rates={"Wx": 0.1, "Wrec": 0.1},
    )
    asked = question(frame_of(experiment, step))
    assert asked is None or math.isfinite(asked.value)


def test_another_component_may_be_asked_for() -> None:
    experiment = experiment_of(KNOWN["lstm"]())
    first, second = (question(frame_of(experiment, 0), part) for part in (None, (1,)))
    assert first is not None
    assert second is not None
    assert first.asked == "the input gate i1 (In)[1] of sequence a"
    assert second.asked == "the input gate i1 (In)[2] of sequence a"
    assert first.value != second.value
    parts = experiment.steps.number(Kind.PARTS, "", 2)
    asked = question(frame_of(experiment, parts - 1), (1, 0))
    assert asked is not None
    assert asked.asked == "what timestamp 2 adds to dE/dWi[2;1]"


def test_a_gradient_on_two_ways_knows_the_one_that_was_forgotten() -> None:
    experiment = experiment_of(KNOWN["lstm-1"]())
    asked = question(frame_of(experiment, experiment.steps.number(Kind.GRADIENT, "c", 2) - 1))
    assert asked is not None
    assert asked.beside == "dE/dh2"
    told = [sentence for _, sentence in asked.mistakes]
    assert any("the cell state c2 goes into the cell state c3, too" in x for x in told)
    assert any(x.startswith("The forget gate f3 is missing: in the equation for") for x in told)


@pytest.mark.parametrize("step", range(1, 19))
@pytest.mark.parametrize("sequence", range(3))
def test_each_mistake_is_diagnosed_and_no_right_answer_is(step: int, sequence: int) -> None:
    asked = ahead(step, sequence)
    assert asked.mistakes
    for wrong, _ in asked.mistakes:
        judged = judge(asked, repr(wrong), 12)
        assert not judged.right
        first = next(told for value, told in asked.mistakes if math.isclose(value, wrong))
        assert judged.sentence.endswith(first)
    right = judge(asked, repr(asked.value), 12)
    assert right.sentence.startswith("Right: ")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        *(("0.59", True), ("0.594", True), ("0.5942", True), ("0.6", False), ("0.60", False)),
        *(("0.595", False), ("-0.59", False), ("0", False)),
    ],
)
def test_what_rounds_to_the_value_is_right(answer: str, right: bool) -> None:
    asked = Question("it", 0.59418, "1", 1.0, ())
    assert judge(asked, answer, 4).right is right


def test_an_answer_is_right_before_it_is_a_mistake() -> None:
    asked = Question("it", 0.5001, "1", 1.0, ((0.50012, "Wrong."),))
    assert judge(asked, "0.5001", 4).right
    assert judge(asked, "0.50", 4).right
    assert judge(asked, "0.50012", 5).sentence.endswith("Wrong.")


def test_known_slips_of_the_tutorial() -> None:
    sentence = "The slope f' of the activation is missing"
    found = [value for value, told in ahead(12).mistakes if told.startswith(sentence)]
    trace = frame_of(PART_2, 0, 1).trace
    assert found == [float(trace.gradients("S(Out)", 2)[2])]


@pytest.mark.parametrize(
    ("value", "answer"), [(2.0, Rough.LARGER), (0.5, Rough.SMALLER), (1.0, Rough.SAME)]
)
def test_a_rough_answer(value: float, answer: Rough) -> None:
    asked = Question("it", value, "that", 1.0, ())
    for other in Rough:
        assert judge_roughly(asked, other, 4).right is (other is answer)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="abc"):
        judge(ahead(3), "abc", 4)


def test_who_calculates_with_the_numbers_on_screen_is_right() -> None:
    """0.4714 − 0.001 · (−1.319) is 0.4727, and the new Wx is 0.47275."""
    asked = ahead(17 + 1, 2, 0)
    for text in ("0.4727", "0.472719", "0.4728", "0.47275"):
        assert judge(asked, text, 4).right
    for text in ("0.4725", "0.4731", "0.4701", "0.47"):
        assert judge(asked, text, 4).right == (text == "0.47")


def test_one_digit_is_told_to_be_too_few() -> None:
    asked = ahead(3 + 1, 0, 0)
    assert judge(asked, "0.3", 4).sentence.endswith("Near: say two digits at least.")
    assert judge(asked, "0.32", 4).right
    assert "Near" not in judge(asked, "0.4", 4).sentence


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        (2, "1.205", "Look at the sign of State 1 (Out) · Wrec."),
        (7, "-3.047", "This is the error alone"),
        (8, "0", "The slope is not 0"),
        (16, "-3.491", "Look at the signs"),
    ],
)
def test_what_a_learner_said(step: int, answer: str, said: str) -> None:
    asked = ahead(step + 1, 2, 0)
    judged = judge(asked, answer, 4)
    assert not judged.right
    assert said in judged.sentence


def test_a_comparison_with_a_mere_number_is_said_as_one() -> None:
    asked = ahead(6 + 1, 2, 0)
    assert judge_roughly(asked, Rough.LARGER, 4).sentence == (
        "Right: the cost is 5.848, larger than 1."
    )


def test_the_simplest_mistake_is_named() -> None:
    """At timestamp 2 the inputs are 0, 1 and 1."""
    asked = ahead(12 + 1, 2, 0)
    assert "input X2 is missing" in judge(asked, "1.327", 4).sentence
    assert "sequence c alone" in judge(asked, "0.5945", 4).sentence


def test_the_same_is_the_same_at_the_digits_shown() -> None:
    asked = Question("the new Wx", 1.40512, "Wx", 1.40508, ())
    assert judge_roughly(asked, Rough.SAME, 4).right
    assert judge_roughly(asked, Rough.LARGER, 4).right
    assert not judge_roughly(asked, Rough.SMALLER, 4).right
    assert not judge_roughly(asked, Rough.SAME, 6).right

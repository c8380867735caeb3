"""Questions before steps: the right answer, the known mistakes, and never one for the other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.experiment import Experiment
from core.frame import Frame, frame_at
from core.notation import number
from core.predict import Question, Rough, judge, judge_roughly, question
from core.presets import PRESETS
from core.steps import Kind, Position, epoch_length
from core.training import Run
from tests.core.sampling import EXTREMES, experiments

RUN = Run(PRESETS["part-2"].experiment)
RUN.extend(3)


def ahead(step: int, sequence: int = 2) -> Question:
    """The question before the step of this number."""
    found = question(frame_at(RUN, Position(1, step - 1), sequence))
    assert found is not None
    return found


def shown(frame: Frame) -> float:
    """The (first) value that a step has shown."""
    step, n = frame.step, frame.sequence
    added = frame.added(step.timestamp) if step.kind is Kind.D_WEIGHTS else None
    values = None
    if step.kind in (Kind.STATE_IN, Kind.STATE_OUT, Kind.D_STATE_IN, Kind.D_STATE_OUT):
        values = frame.values(step.kind, step.timestamp)
    if values is not None:
        return float(values[n])
    if added is not None:
        return added.wx
    if step.kind is Kind.COST:
        return frame.trace.cost
    return frame.trace.gradient.wx if step.kind is Kind.SUMS else frame.weights.wx


@given(experiments(), st.data())
def test_it_asks_for_what_the_next_step_shows(experiment: Experiment, data: st.DataObject) -> None:
    run, length = Run(experiment), epoch_length(experiment.timestamps)
    run.extend(2)
    step = data.draw(st.integers(0, length - (run.last < 1)))
    n = data.draw(st.integers(0, experiment.sequences - 1))
    before = Position(0, step) if run.last else Position(0, min(step, length - 2))
    asked = question(frame_at(run, before, n))
    after = frame_at(run, before.next(experiment.timestamps), n)
    if asked is None:
        return
    # A new weight is a difference: where nothing is left of the old one, neither are its digits.
    room = 1e-12 * abs(run.weights(0).wx) if after.step.kind is Kind.UPDATE else 0.0
    assert math.isclose(asked.value, shown(after), rel_tol=1e-12, abs_tol=room)
    for digits in (2, 4, 8):
        assert judge(asked, repr(asked.value), digits).right
        rounded = number(asked.value, digits).replace("−", "-").replace(",", "")
        assert judge(asked, rounded, digits).right
    assert judge_roughly(asked, asked.rough, 4).right


@given(experiments(EXTREMES, EXTREMES), st.integers(0, 17))
def test_the_wildest_numbers_are_asked_for_or_not(experiment: Experiment, step: int) -> None:
    position = Position(0, min(step, epoch_length(experiment.timestamps) - 1))
    asked = question(frame_at(Run(experiment), position))
    assert asked is None or math.isfinite(asked.value)


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
    slips = {told: value for value, told in ahead(12).mistakes}
    assert "The slope f' of the activation is missing." in slips
    trace = RUN.trace(1)
    assert slips["The slope f' of the activation is missing."] == trace.d_state_out[1, 2]


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
    asked = question(frame_at(Run(PRESETS["part-2"].experiment), Position(0, 17), 2))
    assert asked is not None
    for text in ("0.4727", "0.472719", "0.4728", "0.47275"):
        assert judge(asked, text, 4).right
    for text in ("0.4725", "0.4731", "0.4701", "0.47"):
        assert judge(asked, text, 4).right == (text == "0.47")


def test_one_digit_is_told_to_be_too_few() -> None:
    asked = question(frame_at(Run(PRESETS["part-2"].experiment), Position(0, 3), 0))
    assert asked is not None
    assert judge(asked, "0.3", 4).sentence.endswith("Near: say two digits at least.")
    assert judge(asked, "0.32", 4).right
    assert "Near" not in judge(asked, "0.4", 4).sentence


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        (2, "1.205", "Look at the sign of Wrec."),
        (7, "-3.047", "This is the error alone"),
        (8, "0", "The slope is not 0"),
        (16, "-3.491", "Look at the signs"),
    ],
)
def test_what_a_learner_said(step: int, answer: str, said: str) -> None:
    asked = question(frame_at(Run(PRESETS["part-2"].experiment), Position(0, step), 2))
    assert asked is not None
    judged = judge(asked, answer, 4)
    assert not judged.right
    assert said in judged.sentence


def test_a_comparison_with_a_mere_number_is_said_as_one() -> None:
    asked = question(frame_at(Run(PRESETS["part-2"].experiment), Position(0, 6), 2))
    assert asked is not None
    assert judge_roughly(asked, Rough.LARGER, 4).sentence == (
        "Right: the cost is 5.848, larger than 1."
    )


def test_the_simplest_mistake_is_named() -> None:
    """At timestamp 2 the inputs are 0, 1 and 1."""
    asked = question(frame_at(Run(PRESETS["part-2"].experiment), Position(0, 12), 2))
    assert asked is not None
    assert "input is missing" in judge(asked, "1.327", 4).sentence
    assert "sequence c alone" in judge(asked, "0.5945", 4).sentence

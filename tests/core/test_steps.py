"""The order of the steps, and every way through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.steps import (
    Kind,
    Phase,
    Position,
    before_update,
    epoch_length,
    known_timestamps,
    same_step,
    step_number,
    steps_of,
)
from core.training import EPOCH_LIMIT

SIZES = st.integers(1, 12)
EACH_SIZE = pytest.mark.parametrize("timestamps", range(1, 7))


def test_the_order_for_two_timestamps() -> None:
    forward = ["S1(In)", "S1(Out)", "S2(In)", "S2(Out)", "cost"]
    backward = ["dS2(Out)", "dS2(In)", "dW @ 2", "dS1(Out)", "dS1(In)", "dW @ 1", "Σ"]
    assert [step.label for step in steps_of(2)] == [*forward, *backward, "update"]


@EACH_SIZE
def test_the_length_of_an_epoch(timestamps: int) -> None:
    steps = steps_of(timestamps)
    assert epoch_length(timestamps) == len(steps) == 5 * timestamps + 3
    assert before_update(timestamps) == 5 * timestamps + 2
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert [step_number(timestamps, *step.place) for step in steps] == [s.number for s in steps]
    phases = [step.phase for step in steps]
    assert phases == sorted(phases, key=list(Phase).index)


@EACH_SIZE
def test_previous_undoes_next_everywhere(timestamps: int) -> None:
    position = Position(0, 0)
    assert position.previous(timestamps) is None
    for _ in range(3 * epoch_length(timestamps)):
        following = position.next(timestamps)
        assert following.previous(timestamps) == position
        position = following
    assert position == (2, epoch_length(timestamps))


@EACH_SIZE
def test_next_undoes_previous_everywhere(timestamps: int) -> None:
    position: Position | None = Position(2, epoch_length(timestamps))
    while position and (before := position.previous(timestamps)):
        assert before.next(timestamps) == position
        position = before
    assert position == (0, 0)


@EACH_SIZE
def test_step_0_of_a_later_epoch_is_the_moment_after_the_update(timestamps: int) -> None:
    assert Position(1, 0).next(timestamps) == (1, 1)
    assert Position(1, 0).previous(timestamps) == (0, before_update(timestamps))


@EACH_SIZE
def test_an_epoch_by_strides(timestamps: int) -> None:
    """F for each timestamp and the cost, B likewise and the sums, U."""
    position, seen = Position(0, 0), []
    for phase, presses in ((Phase.FORWARD, timestamps + 1), (Phase.BACKWARD, timestamps + 1)):
        for _ in range(presses):
            allowed = [p for p in Phase if position.stride(timestamps, p)]
            assert allowed == [phase]
            position = position.stride(timestamps, phase) or position
            seen.append(steps_of(timestamps)[position.step - 1].place)
    forward = [(Kind.STATE_OUT, k) for k in range(1, timestamps + 1)]
    backward = [(Kind.D_WEIGHTS, k) for k in range(timestamps, 0, -1)]
    assert seen == [*forward, (Kind.COST, 0), *backward, (Kind.SUMS, 0)]
    position = position.stride(timestamps, Phase.UPDATE) or position
    assert position == (0, epoch_length(timestamps))
    assert position.stride(timestamps, Phase.FORWARD) == (1, 2)
    assert position.stride(timestamps, Phase.UPDATE) is None


@given(SIZES, st.data())
def test_a_stride_is_enabled_for_one_phase_and_ends_a_group(
    timestamps: int, data: st.DataObject
) -> None:
    position = Position(0, data.draw(st.integers(0, epoch_length(timestamps))))
    ends = [end for phase in Phase if (end := position.stride(timestamps, phase))]
    assert len(ends) == 1
    walked = position.next(timestamps)
    steps = steps_of(timestamps)
    while walked != ends[0]:
        here, there = steps[walked.step - 1], steps[walked.step]
        assert (here.phase, here.timestamp) == (there.phase, there.timestamp)
        walked = walked.next(timestamps)


@given(SIZES, st.data())
def test_known_timestamps(timestamps: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, epoch_length(timestamps)))
    kind = data.draw(st.sampled_from([Kind.STATE_IN, Kind.STATE_OUT, Kind.D_WEIGHTS]))
    known = {step.timestamp for step in steps_of(timestamps)[:done] if step.kind is kind}
    assert set(known_timestamps(timestamps, kind, done)) == known


@given(SIZES, SIZES, st.data())
def test_the_step_stays_when_timestamps_come_or_go(old: int, new: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, epoch_length(old)))
    stands = same_step(done, old, new)
    if done == 0:
        assert stands == 0
        return
    place = steps_of(old)[done - 1].place
    places = [step.place for step in steps_of(new)]
    if place in places:
        assert steps_of(new)[stands - 1].place == place
    else:
        earlier = [s.place for s in steps_of(old)[:done] if s.place in places]
        assert steps_of(new)[stands - 1].place == earlier[-1]


@pytest.mark.parametrize(
    ("done", "old", "new", "label"),
    [
        (10, 3, 5, "dW @ 3"),
        (10, 3, 2, "cost"),
        (6, 3, 2, "S2(Out)"),
        (18, 3, 1, "update"),
        (17, 3, 50, "Σ"),
    ],
)
def test_same_step_by_example(done: int, old: int, new: int, label: str) -> None:
    assert steps_of(new)[same_step(done, old, new) - 1].label == label


def test_a_position_at_the_limit_is_still_a_position() -> None:
    assert Position(EPOCH_LIMIT, 1).previous(3) == (EPOCH_LIMIT - 1, 18)

"""The order of the steps, and the ways through it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cell.description import Cell
from core.cell.expression import leaves
from core.cell.known import KNOWN
from core.cell.steps import BEGINNING, Kind, Phase, Position, Steps
from tests.core.random_cells import random_cells

TUTORIAL = [
    *("S1(In)", "S1(Out)", "S2(In)", "S2(Out)", "S3(In)", "S3(Out)", "cost"),
    *("dS3(Out)", "dS3(In)", "dW @ 3", "dS2(Out)", "dS2(In)", "dW @ 2"),
    *("dS1(Out)", "dS1(In)", "dW @ 1", "Σ", "update"),
]
LSTM_FORWARD = ["i(In)", "i", "f(In)", "f", "g(In)", "g", "o(In)", "o", "c", "h"]

timestamps = st.integers(1, 6)


def test_the_tutorials_order() -> None:
    steps = Steps(KNOWN["tutorial"](), 3)
    assert [step.label for step in steps] == TUTORIAL
    assert [step.number for step in steps] == [*range(1, 19)]
    assert [step.phase for step in steps] == (
        [Phase.FORWARD] * 7 + [Phase.BACKWARD] * 10 + [Phase.UPDATE]
    )
    places = [1, 1, 2, 2, 3, 3, 0, 3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0]
    assert [step.timestamp for step in steps] == places


@pytest.mark.parametrize("key", ["tutorial", "tutorial-with-bias", "running-count"])
@pytest.mark.parametrize("last", [1, 2, 3, 10, 50])
def test_the_tutorials_network_has_5t_plus_3_steps(key: str, last: int) -> None:
    assert len(Steps(KNOWN[key](), last)) == 5 * last + 3


@pytest.mark.parametrize("key", ["lstm", "lstm-1"])
def test_the_lstm_has_68_steps_at_three_timestamps(key: str) -> None:
    steps = Steps(KNOWN[key](), 3)
    assert len(steps) == 68
    for k, expected in ((2, LSTM_FORWARD), (3, [*LSTM_FORWARD, "p"])):
        assert [s.name for s in steps if (s.kind, s.timestamp) == (Kind.VALUE, k)] == expected
        back = [s.name for s in steps if (s.kind, s.timestamp) == (Kind.GRADIENT, k)]
        assert back == expected[::-1]


@given(random_cells(), timestamps)
@settings(max_examples=50)
def test_the_table_is_whole(cell: Cell, last: int) -> None:
    steps = Steps(cell, last)
    assert [step.number for step in steps] == [*range(1, len(steps) + 1)]
    assert len({step.place for step in steps}) == len(steps) == steps.before_update + 1
    for step in steps:
        assert steps.number(*step.place) == step.number
        assert steps[step.number - 1] is step
        assert steps.has(*step.place)
        assert [steps.is_known(*step.place, done) for done in (step.number - 1, step.number)] == [
            False,
            True,
        ]
    phases = [step.phase for step in steps]
    assert phases == sorted(phases, key=[*Phase].index)
    values = {(s.name, s.timestamp) for s in steps if s.kind is Kind.VALUE}
    assert values == {(s.name, s.timestamp) for s in steps if s.kind is Kind.GRADIENT}
    assert not steps.has(Kind.VALUE, "no such name", 1)
    assert not steps.is_known(Kind.VALUE, "no such name", 1, len(steps))
    with pytest.raises(KeyError):
        steps.number(Kind.VALUE, "no such name", 1)


@given(random_cells(), timestamps)
@settings(max_examples=30)
def test_nothing_is_used_before_its_step(cell: Cell, last: int) -> None:
    done: set[tuple[str, bool, int]] = set()
    for step in Steps(cell, last):
        for line in step.lines:
            if step.kind in (Kind.VALUE, Kind.GRADIENT):
                for leaf in leaves(line.right):
                    k = step.timestamp + (leaf.shift or 0)
                    if leaf.name in cell.quantities and k:
                        assert (leaf.name, leaf.d, k) in done
        if step.kind in (Kind.VALUE, Kind.GRADIENT):
            done.add((step.name, step.kind is Kind.GRADIENT, step.timestamp))


@given(random_cells(), timestamps)
@settings(max_examples=30)
def test_what_is_known_grows_with_the_steps(cell: Cell, last: int) -> None:
    steps = Steps(cell, last)
    for done in range(len(steps) + 1):
        for kind in (Kind.VALUE, Kind.GRADIENT):
            for name in cell.quantities:
                known = [s.timestamp for s in [*steps][:done] if (s.kind, s.name) == (kind, name)]
                assert [*steps.known(kind, name, done)] == sorted(known)


@given(random_cells(), timestamps, st.integers(0, 3))
@settings(max_examples=50)
def test_next_and_previous_go_through_all_steps(cell: Cell, last: int, epochs: int) -> None:
    steps = Steps(cell, last)
    there = [BEGINNING]
    for _ in range((epochs + 1) * len(steps)):
        there.append(there[-1].next(steps))
    assert there[-1] == Position(epochs, len(steps))
    assert there == sorted(set(there))
    back = [there[-1]]
    while (before := back[-1].previous(steps)) is not None:
        back.append(before)
    assert back == there[::-1]


@given(random_cells(), timestamps)
@settings(max_examples=50)
def test_strides_end_where_a_timestamp_does(cell: Cell, last: int) -> None:
    steps = Steps(cell, last)
    position, ends = BEGINNING, []
    for phase in Phase:
        while (reached := position.stride(steps, phase)) is not None and reached.epoch == 0:
            between = [steps[n] for n in range(position.step, reached.step)]
            assert len({(step.phase, step.timestamp) for step in between}) == 1
            assert between[0].phase is phase
            ends.append(position := reached)
    assert position == Position(0, len(steps))
    # Each timestamp forward, the cost, each timestamp backward, the sums, the update.
    assert len(ends) == 2 * last + 3 - _empty(steps)
    assert position.stride(steps, Phase.BACKWARD) is None
    assert position.stride(steps, Phase.FORWARD) is not None


def _empty(steps: Steps) -> int:
    """Count the passes through timestamps at which nothing is computed."""
    phases = (Phase.FORWARD, Phase.BACKWARD)
    there = {(step.phase, step.timestamp) for step in steps}
    return sum((p, k) not in there for p in phases for k in range(1, steps.timestamps + 1))


@given(random_cells(), timestamps, timestamps, st.data())
@settings(max_examples=50)
def test_the_same_step_of_another_epoch(
    cell: Cell, last: int, other_last: int, data: st.DataObject
) -> None:
    steps, other = Steps(cell, last), Steps(cell, other_last)
    done = data.draw(st.integers(0, len(steps)))
    found = steps.same_step(done, other)
    assert 0 <= found <= len(other)
    assert steps.same_step(done, steps) == done
    if found:
        assert other[found - 1].place in {step.place for step in [*steps][:done]}
    assert steps.same_step(len(steps), other) == len(other)


def test_the_beginning_has_nothing_before_it() -> None:
    steps = Steps(KNOWN["tutorial"](), 3)
    assert BEGINNING.previous(steps) is None
    assert Position(0, 1).previous(steps) == BEGINNING
    assert Position(1, 1).previous(steps) == Position(0, 18)
    assert Position(1, 0).previous(steps) == Position(0, 17)
    assert Position(0, 18).next(steps) == Position(1, 1)

"""The step still to come: what is known before it, and what it will show."""

from dataclasses import replace

import pytest

from core.coming import Asking, answered, asking
from core.explain import explain
from core.frame import frame_at
from core.presets import PRESETS
from core.steps import Kind, Position, before_update, epoch_length
from core.training import Run


def run_of(preset: str = "part-2") -> Run:
    run = Run(PRESETS[preset].experiment, preset)
    run.reach(3)
    return run


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_what_is_asked_for_is_what_the_run_then_shows(preset: str) -> None:
    run = run_of(preset)
    timestamps = run.experiment.timestamps
    steps = before_update(timestamps) if run.ending else epoch_length(timestamps) + 1
    for step in range(steps):
        here = Position(min(run.last, 1), step)
        coming = answered(asking(frame_at(run, here)))
        then = frame_at(run, here.next(timestamps))
        assert coming.position == then.position
        assert explain(coming) == explain(then)
        assert coming.weights == then.weights


def test_nothing_of_the_step_is_known_while_it_is_asked_for() -> None:
    run = run_of()
    for step in range(epoch_length(3)):
        frame = asking(frame_at(run, Position(1, step)))
        assert frame.announced
        assert frame.step.number == step + 1
        assert not frame.knows(*frame.step.place)


def test_after_the_update_the_next_epoch_is_asked_for_without_training_it() -> None:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    run.reach(1)
    asked = asking(frame_at(run, Position(0, epoch_length(3))))
    assert asked.position == (1, 0)
    assert asked.step.place == (Kind.STATE_IN, 1)
    assert asked.weights == run.weights(1)
    assert asked.after_update is None
    assert run.last == 1


def test_the_update_is_asked_for_without_training_it() -> None:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    asked = asking(frame_at(run, Position(0, epoch_length(3) - 1)))
    new = answered(asked).weights
    assert run.last == 0
    run.reach(1)
    assert new == run.weights(1)


def test_a_frame_that_asks_stays_one_when_it_is_changed() -> None:
    asked = asking(frame_at(run_of(), Position(1, 2)))
    assert isinstance(replace(asked, sequence=1), Asking)

"""The table of actions, and what can be done at which step."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from core.cell.steps import Phase, Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.actions import ACTIONS, why_not
from tests.tutorial import epoch_length, steps_of


def frame(step: int, epoch: int = 1, preset: str = "part-2") -> Frame:
    run = Run(PRESETS[preset].experiment, preset)
    run.reach(epoch + 1)
    return frame_at(run, Position(epoch, step))


def test_no_key_is_taken_twice() -> None:
    keys = [QKeySequence(keys).toString() for spec in ACTIONS for keys in spec.shortcuts]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_each_action_says_what_it_does() -> None:
    assert len({spec.key for spec in ACTIONS}) == len(ACTIONS)
    assert all(spec.tip and spec.text for spec in ACTIONS)


@pytest.mark.parametrize("step", range(19))
def test_a_button_is_enabled_just_where_its_phase_is_next(step: int) -> None:
    """The words of the rule: Forward also after the update."""
    reasons = why_not(frame(step))
    assert (reasons["forward"] == "") == (step < 7 or step == 18)
    assert (reasons["backward"] == "") == (7 <= step < 17)
    assert (reasons["update"] == "") == (step == 17)
    position = Position(1, step)
    for phase in Phase:
        assert (reasons[phase.value] == "") == (position.stride(steps_of(3), phase) is not None)


@pytest.mark.parametrize(
    ("step", "button", "said"),
    [
        (3, "backward", "Finish the forward pass first: all states, then the cost."),
        (3, "update", "The forward pass comes first: the update needs both gradients."),
        (9, "forward", "The backward pass comes first, then the next epoch's forward pass."),
        (9, "update", "The backward pass comes first: the update needs both gradients."),
        (17, "forward", "The update comes first, then the next epoch's forward pass."),
        (18, "update", "The forward pass comes first: the update needs both gradients."),
    ],
)
def test_a_disabled_button_says_what_comes_first(step: int, button: str, said: str) -> None:
    assert why_not(frame(step))[button] == said


def test_the_very_beginning_has_nothing_before_it() -> None:
    reasons = why_not(frame(0, epoch=0))
    assert reasons["previous"]
    assert reasons["epoch_back"]
    assert reasons["start"]
    assert not why_not(frame(0, epoch=1))["previous"]


def test_where_a_run_has_ended_going_on_is_disabled_and_says_why() -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.ending = "It ended."
    for step in range(epoch_length(3)):
        reasons = why_not(frame_at(run, Position(0, step)))
        assert reasons["train"] == reasons["epoch"] == "It ended."
        assert (reasons["next"] == "It ended.") == (step == 17)
    assert why_not(frame_at(run, Position(0, 17)))["update"] == "It ended."


def test_while_training_the_phases_wait_and_all_else_can_be_done() -> None:
    reasons = why_not(frame(17), training=True)
    waiting = {key for key, reason in reasons.items() if reason == "Pause the training first."}
    assert waiting == {"forward", "backward", "update"}
    assert not reasons["previous"]
    assert not reasons["train"]


def test_the_last_row_and_timestamp_have_to_stay() -> None:
    experiment = PRESETS["part-2"].experiment.with_data([[1.0]])
    reasons = why_not(frame_at(Run(experiment), Position(0, 0)))
    assert reasons["remove_row"] == "The only sequence has to stay."
    assert reasons["remove_timestamp"] == "The only timestamp has to stay."

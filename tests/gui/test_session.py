"""The session: navigation, edits and undo, without a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.cell.steps import Phase, Position
from core.cell.update_rules import UPDATE_RULES
from core.data import edits
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.training.run import Run
from rnn_gui.session import Session
from tests.tutorial import COST, D_STATE_IN, changed, epoch_length, pair, step_number

Change = Callable[[Experiment], Experiment]


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session(Run(PRESETS["part-2"].experiment, "part-2"))


def shown(session: Session) -> bytes:
    """Every number that a frame can show, as bytes."""
    trace = session.frame.trace
    numbers = [
        trace.history("S(Out)"),
        trace.table("S(In)"),
        trace.cost,
        *(trace.gradient_table(name) for name in ("S(In)", "S(Out)")),
        *(trace.parts(name) for name in trace.cell.weights),
        *(of[name] for of in (trace.gradient, trace.weights, session.frame.weights) for name in of),
    ]
    return b"".join(np.asarray(value).tobytes() for value in numbers)


def set_wx(value: float) -> Change:
    return lambda experiment: changed(experiment, weights=pair(value, experiment.weights["Wrec"]))


def change_to(**fields: Any) -> Change:
    return lambda experiment: changed(experiment, **fields)


def toggle(row: int, column: int) -> Change:
    def change(experiment: Experiment) -> Experiment:
        return edits.set_inputs(experiment, row, column, [[1 - experiment.inputs[row, column]]])

    return change


def test_next_and_previous_pass_through_every_step_of_two_epochs(session: Session) -> None:
    positions = [session.position]
    for _ in range(2 * epoch_length(3)):
        session.next_step()
        positions.append(session.position)
    assert positions[18:20] == [(0, 18), (1, 1)]
    for position in reversed(positions[:-1]):
        session.previous_step()
        assert session.position == position
    session.previous_step()
    assert session.position == (0, 0)


def test_forward_backward_update_walk_an_epoch(session: Session) -> None:
    visited = []
    for phase in (Phase.FORWARD,) * 4 + (Phase.BACKWARD,) * 4 + (Phase.UPDATE,):
        session.stride(phase)
        visited.append(session.position.step)
    assert visited == [2, 4, 6, 7, 10, 13, 16, 17, 18]
    session.stride(Phase.UPDATE)
    assert session.position == (0, 18)
    session.stride(Phase.FORWARD)
    assert session.position == (1, 2)


def test_going_back_shows_the_same_bits(session: Session) -> None:
    session.go_to(Position(0, 11))
    before = shown(session)
    session.go_to(Position(700, 17))
    later = shown(session)
    session.go_to(Position(0, 11))
    assert shown(session) == before
    session.go_to(Position(700, 17))
    assert shown(session) == later


@pytest.mark.parametrize("step", range(19))
def test_an_edit_keeps_the_step_and_starts_from_the_weights_shown(
    session: Session, step: int
) -> None:
    session.go_to(Position(5, step))
    weights = session.frame.weights
    session.edit("Set x1", toggle(0, 1))
    assert session.position == (0, min(step, 17))
    assert session.frame.weights == session.run.weights(0) == weights
    assert session.run.name == "part-2, edited"


def test_an_edit_of_the_size_keeps_the_kind_of_step(session: Session) -> None:
    session.go_to(Position(0, step_number(3, D_STATE_IN, 2)))
    session.edit("Add", lambda e: edits.insert_timestamps(e, 3))
    assert session.position.step == step_number(4, D_STATE_IN, 2)
    session.edit("Remove", lambda e: edits.remove_timestamps(e, [1, 2, 3]))
    assert session.position.step == step_number(1, COST)


def test_undo_and_redo_bring_back_runs_and_positions_bit_for_bit(session: Session) -> None:
    session.go_to(Position(300, 12))
    run, before = session.run, shown(session)
    session.edit("Toggle", toggle(1, 1))
    session.go_to(Position(40, 16))
    edited_run, after = session.run, shown(session)
    session.undo_stack.undo()
    assert (session.run, session.position, shown(session)) == (run, (300, 12), before)
    assert session.run.last >= 300
    session.undo_stack.redo()
    assert (session.run, session.position, shown(session)) == (edited_run, (40, 16), after)


def test_undo_comes_back_to_where_the_run_was_left_each_time(session: Session) -> None:
    session.edit("Toggle", toggle(1, 1))
    session.undo_stack.undo()
    session.go_to(Position(5, 3))
    session.undo_stack.redo()
    session.undo_stack.undo()
    assert session.position == (5, 3)


@pytest.mark.parametrize("step", range(19))
def test_a_weight_that_was_typed_is_the_weight_that_is_shown(session: Session, step: int) -> None:
    session.go_to(Position(2, step))
    session.edit("Set Wx", set_wx(0.5), cell="wx")
    assert session.frame.weights["Wx"] == 0.5
    session.edit("Set Wx", set_wx(0.25), cell="wx")
    assert session.frame.weights["Wx"] == 0.25


def test_a_cell_toggled_twice_shows_what_was_shown(session: Session) -> None:
    session.go_to(Position(5, 18))
    weights = session.frame.weights
    session.edit("Toggle", toggle(1, 1), cell="x")
    session.edit("Toggle", toggle(1, 1), cell="x")
    assert session.frame.weights == weights


def test_choosing_a_sequence_is_navigation(session: Session, qtbot: QtBot) -> None:
    session.train(5_000_000)
    qtbot.waitUntil(lambda: session.position.epoch > 0, timeout=20_000)
    session.choose_sequence(2)
    assert session.training is not None
    assert session.frame.sequence == 2
    session.pause()


def test_consecutive_changes_of_one_cell_are_one_entry(session: Session) -> None:
    for value in (0.1, 0.2, 0.3):
        session.edit("Set Wx", set_wx(value), cell="wx")
    assert session.undo_stack.count() == 1
    session.edit("Toggle", toggle(0, 0), cell=("input", 0, 0))
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    assert session.frame.weights["Wx"] == 0.3
    session.undo_stack.undo()
    assert session.frame.weights == PRESETS["part-2"].experiment.weights


def test_a_run_between_two_changes_of_a_cell_is_not_lost(session: Session) -> None:
    session.edit("Set Wx", set_wx(0.1), cell="wx")
    session.go_to(Position(9, 0))
    session.edit("Set Wx", set_wx(0.2), cell="wx")
    session.undo_stack.undo()
    assert session.position == (9, 0)


def test_stepping_is_no_edit(session: Session) -> None:
    session.go_to(Position(3, 7))
    assert not session.modified
    assert session.undo_stack.count() == 0


def test_a_change_that_changes_nothing_is_no_edit(session: Session) -> None:
    session.go_to(Position(3, 7))
    session.edit("Set Wx", set_wx(session.frame.weights["Wx"]))
    assert session.position == (3, 7)
    assert not session.modified


def test_an_impossible_edit_is_told_and_changes_nothing(session: Session, qtbot: QtBot) -> None:
    before = shown(session)
    with qtbot.waitSignal(session.said) as said:
        session.edit("Remove", lambda e: edits.remove_rows(e, [0, 1, 2]))
    assert said.args[0].startswith("Nothing changed: ")
    assert (shown(session), session.undo_stack.count()) == (before, 0)


def test_training_reaches_its_goal_and_stands_before_the_update(
    session: Session, qtbot: QtBot
) -> None:
    session.next_step()
    with qtbot.waitSignal(session.training_changed):
        session.train(1500)
    qtbot.waitUntil(lambda: session.training is None, timeout=20_000)
    assert session.position == (1500, 17)


def test_training_from_a_past_epoch_keeps_the_epochs_that_exist(
    session: Session, qtbot: QtBot
) -> None:
    session.go_to(Position(500, 17))
    costs = session.run.costs.copy()
    session.go_to(Position(100, 3))
    session.train(200)
    qtbot.waitUntil(lambda: session.training is None, timeout=20_000)
    assert session.position == (300, 17)
    assert np.array_equal(session.run.costs, costs)


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda session: session.pause(),
        lambda session: session.next_step(),
        lambda session: session.edit("Toggle", toggle(0, 0)),
        lambda session: session.undo_stack.undo(),
        lambda session: session.load_preset("part-1"),
        lambda session: session.start_new(Run(PRESETS["part-1"].experiment, "part-1")),
    ],
)
def test_anything_else_pauses_training(
    session: Session, qtbot: QtBot, interrupt: Callable[[Session], None]
) -> None:
    session.edit("Set Wx", set_wx(0.4))
    session.train(5_000_000)
    qtbot.waitUntil(lambda: session.position.epoch > 0, timeout=20_000)
    interrupt(session)
    assert session.training is None
    position = session.position
    qtbot.wait(30)
    assert session.position == position


def test_a_run_that_diverges_stops_and_says_so(session: Session, qtbot: QtBot) -> None:
    session.load_preset("part-1")
    session.edit("Rates", lambda e: changed(e, learning_rates=pair(0.1, 0.1)))
    with qtbot.waitSignal(session.said, timeout=20_000) as said:
        session.train(1000)
    assert said.args[0].startswith("Training stopped at epoch ")
    assert session.training is None
    assert session.position == (session.run.last, 17)
    assert session.run.last < 10
    assert np.isfinite(session.run.costs).all()
    session.go_to(Position(0, 5))
    assert session.position == (0, 5)


def test_where_the_run_ends_a_step_stays_and_says_why(session: Session, qtbot: QtBot) -> None:
    session.load_preset("part-1")
    session.edit("Rates", lambda e: changed(e, learning_rates=pair(0.1, 0.1)))
    session.run.extend(1000)
    session.go_to(Position(session.run.last, 17))
    with qtbot.waitSignal(session.said):
        session.next_step()
    assert session.position == (session.run.last, 17)


def test_an_edit_that_overflows_at_once_is_shown_and_can_be_undone(session: Session) -> None:
    session.go_to(Position(0, 18))
    session.edit("None", lambda e: changed(e, hidden_activation="identity"))
    session.edit("Wrec", lambda e: changed(e, weights=pair(1e200, 1e200)))
    assert session.frame.cost == np.inf
    assert session.run.ending
    assert session.position == (0, 17)
    session.undo_stack.undo()
    assert np.isfinite(session.frame.cost)


def test_a_preset_is_an_edit_and_a_new_document_is_not(session: Session) -> None:
    session.go_to(Position(7, 9))
    session.load_preset("part-1")
    assert (session.run.name, session.position) == ("part-1", (0, 0))
    session.undo_stack.undo()
    assert (session.run.name, session.position) == ("part-2", (7, 9))
    session.start_new(Run(PRESETS["part-1"].experiment, "part-1"))
    assert session.undo_stack.count() == 0


def test_the_chosen_sequence_stays_within_the_rows(session: Session) -> None:
    session.choose_sequence(2)
    session.edit("Remove", lambda e: edits.remove_rows(e, [2]))
    assert session.frame.sequence == 1
    session.undo_stack.undo()
    assert session.frame.sequence == 2


def names(session: Session) -> list[str]:
    return [ghost.name for ghost in session.ghosts]


def test_a_trained_run_stays_as_a_ghost_when_an_edit_leaves_it(session: Session) -> None:
    session.go_to_epoch(300)
    first = session.run
    session.edit("Wx", set_wx(2.0))
    assert [ghost.run for ghost in session.ghosts] == [first]
    assert names(session) == ["1 · part-2"]
    assert session.run_name == "2 · Wx"
    session.edit("Wx", set_wx(3.0))  # nothing was trained between: no ghost of it
    assert names(session) == ["1 · part-2"]
    session.go_to_epoch(5)
    assert session.run_name == "2 · Wx"
    session.undo_stack.undo()  # to the run that nothing happened in
    assert names(session) == ["1 · part-2", "2 · Wx"]
    session.undo_stack.undo()
    assert session.run is first
    assert names(session) == ["2 · Wx"]


def test_a_ghost_is_returned_to_where_it_was_left(session: Session) -> None:
    session.go_to(Position(300, 7))
    first, before = session.run, shown(session)
    session.edit("Wx", set_wx(2.0))
    session.go_to_epoch(4)
    second = session.run
    session.return_to(first)
    assert (session.run, session.position) == (first, (300, 7))
    assert shown(session) == before
    assert session.undo_stack.undoText() == "return to 1 · part-2"
    session.undo_stack.undo()
    assert (session.run, session.position.epoch) == (second, 4)


def test_ghosts_are_hidden_and_forgotten(session: Session, qtbot: QtBot) -> None:
    session.go_to_epoch(3)
    first = session.run
    session.edit("Wx", set_wx(2.0))
    with qtbot.waitSignal(session.runs_changed):
        session.show_ghost(first, False)
    assert [ghost.shown for ghost in session.ghosts] == [False]
    with qtbot.waitSignal(session.runs_changed):
        session.forget_ghost(first)
    assert runs_left(session) == []
    session.undo_stack.undo()
    assert session.run is first
    session.start_new(Run(PRESETS["part-1"].experiment, "part-1"))
    assert len(session.ghosts) == 0


def test_ghosts_of_other_data_are_shown_once_somebody_says_so(session: Session) -> None:
    session.go_to_epoch(3)
    first = session.run
    session.edit("rate", lambda e: changed(e, learning_rates=pair(0.1, 0.1)))
    assert [ghost.shown for ghost in session.ghosts] == [True]
    changes: tuple[dict[str, Any], ...] = (
        {"inputs": [[1.0, 0.0, 1.0]] * 3, "targets_count_ones": False},
        {"targets": [1.0, 2.0, 4.0], "targets_count_ones": False},
        {"initial_state": 0.5},
        {"hidden_activation": "tanh"},
        {"last_activation": "tanh"},
    )
    for change in changes:
        session.edit("data", change_to(**change))
        assert [ghost.shown for ghost in session.ghosts] == [False]
        session.undo_stack.undo()
        assert [ghost.shown for ghost in session.ghosts] == [True]
    session.edit("data", lambda e: changed(e, initial_state=0.5))
    session.show_ghost(first, True)
    assert [ghost.shown for ghost in session.ghosts] == [True]


def test_restart_goes_to_the_start_of_the_run_as_an_edit(session: Session) -> None:
    session.go_to_epoch(300)
    session.restart("momentum", lambda e: changed(e, update_rule="momentum"))
    assert session.position == (0, 0)
    assert session.run.experiment.weights == PRESETS["part-2"].experiment.weights
    assert session.run.experiment.update_rule == "momentum"
    session.undo_stack.undo()
    assert session.position.epoch == 300


def test_training_until_the_cost_is_low_enough(session: Session, qtbot: QtBot) -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.extend(5000)
    first = int(np.flatnonzero(run.costs < 0.5)[0])
    with qtbot.waitSignal(session.training_changed, check_params_cb=lambda: not session.training):
        session.train(until=0.5)
    assert session.position == (first, 17)
    session.go_to_epoch(0)
    with qtbot.waitSignal(session.noted) as told:
        session.train(until=0.5)  # over epochs that exist
    assert session.position == (first, 17)
    assert told.args == [f"The cost is below 0.5 at epoch {first:,}."]
    with qtbot.waitSignal(session.noted) as told:
        session.train(until=0.5)  # it is already
    assert told.args == [f"The cost is below 0.5 at epoch {first:,}."]


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_every_rule_goes_back_and_forth_with_the_same_bits(session: Session, rule: str) -> None:
    session.restart(rule, lambda e: changed(e, update_rule=rule, clip_norm=1.0))
    session.go_to(Position(40, 18))
    before = shown(session), session.frame.numbers_after.tobytes()
    session.go_to(Position(700, 18))
    session.go_to(Position(3, 2))
    session.go_to(Position(40, 18))
    assert (shown(session), session.frame.numbers_after.tobytes()) == before


def test_a_document_set_aside_waits_untouched(session: Session) -> None:
    session.edit("Wx", set_wx(0.25))
    session.go_to(Position(3, 5))
    session.set_compare(True)
    kept, run = shown(session), session.run
    session.set_aside()
    assert shown(session) == kept  # until there is another one
    session.start_new(Run(PRESETS["part-1"].experiment, "part-1"))
    session.set_compare(False)
    assert not session.undo_stack.canUndo()
    session.edit("Wx", set_wx(0.5))
    session.start_preset("vanishing")  # one more in front of it
    session.take_up()
    assert (shown(session), session.run, session.position) == (kept, run, (3, 5))
    assert session.compare
    assert session.undo_stack.undoText() == "Wx"
    session.edits.undo()
    assert session.frame.weights["Wx"] != 0.25
    assert not session.modified


def test_setting_aside_and_taking_up_once_is_enough(session: Session) -> None:
    session.take_up()  # nothing is aside
    session.set_aside()
    run = session.run
    session.start_preset("part-1")
    session.set_aside()  # still the first one
    session.take_up()
    assert session.run is run
    session.start_preset("part-1")
    assert session.run is not run


def test_training_pauses_when_a_document_is_set_aside(session: Session) -> None:
    session.train(1_000_000)
    session.set_aside()
    assert session.training is None


def runs_left(session: Session) -> list[Run]:
    return [ghost.run for ghost in session.ghosts]


def test_the_runs_of_a_document_set_aside_come_back_with_it(session: Session) -> None:
    session.go_to(Position(4, 0))
    session.edit("Wx", set_wx(0.25))
    left = runs_left(session)
    assert len(left) == 1
    session.set_aside()
    session.start_preset("part-1")
    assert len(session.ghosts) == 0
    session.take_up()
    assert runs_left(session) == left

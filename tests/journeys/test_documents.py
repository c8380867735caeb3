"""Sessions as files, through the window: saved, opened, refused, and asked about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressDialog

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.files import session as session_file
from rnn_gui.console import Mistake
from rnn_gui.sources import begun
from tests.journeys.conftest import CTRL, SHIFT, Key, Program
from tests.tutorial import changed, pair


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file that every file dialog answers with."""
    path = tmp_path / "mine.rnn.json"
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_options: (str(path), ""))
    return path


def edit_a_cell(program: Program) -> None:
    """Space on the first cell of the grid, and back to the canvas."""
    program.window.experiment.grid.setFocus()
    program.press(Key.Key_Space, Key.Key_Escape)


def test_saved_and_opened_again_shows_the_same_bits(program: Program, chosen: Path) -> None:
    edit_a_cell(program)
    program.press(*(Key.Key_E,) * 5, *(Key.Key_F,) * 3)
    program.press(Key.Key_S, modifiers=CTRL)
    before = program.session.frame
    assert not program.window.isWindowModified()
    assert program.window.windowTitle().startswith("mine.rnn.json")
    edit_a_cell(program)
    assert program.window.isWindowModified()
    texts = program.answer("Discard")
    program.press(Key.Key_O, modifiers=CTRL)
    assert texts[0].startswith("Save the edits of")
    after = program.session.frame
    assert after.position == before.position
    assert after.trace.table("S(In)").tobytes() == before.trace.table("S(In)").tobytes()
    assert after.weights == before.weights
    assert after.run.name == "mine"


def test_stepping_is_not_asked_about(program: Program) -> None:
    program.press(Key.Key_F, Key.Key_E)
    program.window.close()
    assert not program.window.isVisible()


def test_closing_asks_and_cancel_keeps_the_window(program: Program) -> None:
    edit_a_cell(program)
    program.answer("Cancel")
    program.window.close()
    assert program.window.isVisible()
    program.answer("Discard")
    program.window.close()
    assert not program.window.isVisible()


def test_closing_can_save_first(program: Program, chosen: Path) -> None:
    edit_a_cell(program)
    program.answer("Save")
    program.window.close()
    assert not program.window.isVisible()
    experiment, _ = session_file.load(chosen)
    assert experiment.inputs[0, 0] == 0


def test_save_as_adds_the_ending(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **_o: (str(tmp_path / "a"), ""))
    program.press(Key.Key_S, modifiers=CTRL | SHIFT)
    assert [path.name for path in tmp_path.glob("*.json")] == ["a.rnn.json"]


BROKEN = {
    "empty": b"",
    "cut off": b'{"format": "rnn-stepper", "version": 1, "exp',
    "no JSON": b"not JSON",
    "no UTF-8": b"\xff\xfe{}",
    "deep": b"[" * 1_000_000,
    "another version": b'{"format": "rnn-stepper", "version": 99}',
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_told_in_a_sentence_and_changes_nothing(
    program: Program, chosen: Path, kind: str
) -> None:
    chosen.write_bytes(BROKEN[kind])
    program.press(Key.Key_F)
    before = program.session.frame
    texts = program.answer("OK")
    program.press(Key.Key_O, modifiers=CTRL)
    assert texts[0] == "The session was not opened."
    assert "mine.rnn.json" in texts[1]
    assert program.session.frame is before


def test_a_full_disk_leaves_the_old_file_and_the_session_unsaved(
    program: Program, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.press(Key.Key_S, modifiers=CTRL)
    old = chosen.read_bytes()
    edit_a_cell(program)

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    texts = program.answer("OK")
    program.press(Key.Key_S, modifiers=CTRL)
    assert "no space left" in texts[1]
    assert chosen.read_bytes() == old
    assert program.session.modified


def test_a_long_replay_can_be_cancelled(
    program: Program, chosen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_file.save(chosen, PRESETS["part-1"].experiment, Position(9_000_000, 0))
    monkeypatch.setattr("rnn_gui.documents._PATIENCE_MS", 0)
    before = program.session.frame
    cancelled: list[bool] = []

    def cancel() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QProgressDialog):
            dialog.cancel()
            cancelled.append(True)

    timer = QTimer()
    timer.timeout.connect(cancel)
    timer.start(30)
    program.press(Key.Key_O, modifiers=CTRL)
    timer.stop()
    assert cancelled
    assert program.session.frame is before


def test_a_session_that_ends_before_its_epoch_is_refused(program: Program, chosen: Path) -> None:
    experiment = changed(PRESETS["part-1"].experiment, learning_rates=pair(0.1, 0.1))
    session_file.save(chosen, experiment, Position(1000, 0))
    before = program.session.frame
    texts = program.answer("OK")
    program.press(Key.Key_O, modifiers=CTRL)
    assert "Training stopped at epoch" in texts[1]
    assert program.session.frame is before


def test_a_session_without_a_finite_cost_opens_in_both_ways(program: Program, chosen: Path) -> None:
    experiment = changed(PRESETS["part-1"].experiment, weights=pair(1e200, 1e200))
    session_file.save(chosen, experiment, Position(0, 0))
    program.press(Key.Key_O, modifiers=CTRL)
    assert program.session.path == chosen
    assert program.session.frame.weights["Wx"] == 1e200
    run, position, path = begun(str(chosen), ())
    assert run.experiment.weights == experiment.weights
    assert (position, path) == (Position(0, 0), chosen)


def test_a_cell_that_is_not_drawn_is_refused_with_the_way_out(
    program: Program, chosen: Path
) -> None:
    session_file.save(chosen, PRESETS["gru"].experiment, Position(0, 0))
    before = program.session.frame
    texts = program.answer("OK")
    program.press(Key.Key_O, modifiers=CTRL)
    assert texts[0] == "The session was not opened."
    assert "--formats csv,script" in texts[1]
    assert program.session.frame is before
    with pytest.raises(Mistake, match=r"mine\.rnn\.json cannot be opened: it has the cell “.*GRU"):
        begun(str(chosen), ())


def test_recent_sessions_are_listed_and_opened(program: Program, chosen: Path) -> None:
    program.press(Key.Key_F)
    program.press(Key.Key_S, modifiers=CTRL)
    program.press(*(Key.Key_F,) * 2)
    [entry] = program.window.recent_menu.actions()
    assert entry.text() == str(chosen)
    entry.trigger()
    assert program.position == (0, 2)


def test_closing_in_the_middle_of_training_ends_cleanly(program: Program) -> None:
    program.window.step_bar.goal.epochs.setValue(5_000_000)
    program.press(Key.Key_T)
    program.qtbot.waitUntil(lambda: program.position[0] > 0)
    program.window.close()
    assert program.session.training is None
    program.qtbot.wait(50)


def test_what_is_being_typed_is_asked_about_on_closing(program: Program) -> None:
    program.window.experiment.grid.setFocus()
    program.press(Key.Key_F2)
    program.type("0.5")
    texts = program.answer("Discard")
    program.window.close()
    assert texts[0].startswith("Save the edits of")
    assert not program.window.isVisible()


def test_what_is_being_typed_is_saved(program: Program, chosen: Path) -> None:
    field = program.window.experiment.weights["Wx"]
    field.setFocus()
    program.press(Key.Key_A, modifiers=CTRL)
    program.type("0.25")
    program.press(Key.Key_S, modifiers=CTRL)
    experiment, _ = session_file.load(chosen)
    assert experiment.weights["Wx"] == 0.25
    assert field.hasFocus()


def test_what_is_being_typed_into_a_cell_is_kept_by_a_new_row(program: Program) -> None:
    program.window.experiment.grid.setFocus()
    program.type("7")
    program.press(Key.Key_R, modifiers=CTRL)
    assert program.session.frame.experiment.inputs.shape == (4, 3)
    assert program.session.frame.experiment.inputs[0, 0] == 7


def test_another_file_is_replaced_only_after_a_question(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = tmp_path / "lesson 1.2.rnn.json"
    there.write_text("precious")
    typed = str(tmp_path / "lesson 1.2")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **_o: (typed, ""))
    save_as = program.window.findChild(QAction, "save_as")
    assert save_as is not None
    texts = program.answer("Cancel")
    save_as.trigger()
    assert texts[0] == "Replace “lesson 1.2.rnn.json”?"
    assert there.read_text() == "precious"
    program.answer("Yes")
    save_as.trigger()
    assert session_file.load(there)


def test_closing_with_an_open_export_ends_cleanly(program: Program) -> None:
    program.press(Key.Key_E, modifiers=CTRL)
    program.dialog()
    program.window.close()
    program.qtbot.wait(50)
    assert not program.window.isVisible()

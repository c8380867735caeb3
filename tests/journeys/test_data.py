"""Other sequences through the window: imported, pasted, drawn at random, and taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from core.data.experiment import Experiment, count_ones
from core.data.presets import FIRST_PRESET, PRESETS
from core.data.random_data import random_sequences
from rnn_gui.views.random_data_dialog import RandomDataDialog
from tests.journeys.conftest import CTRL, SHIFT, Key, Program


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file that the file dialog answers with."""
    path = tmp_path / "mine.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    return path


def present(program: Program) -> Experiment:
    return program.session.frame.experiment


def undo_text(program: Program) -> str:
    action = program.window.findChild(QAction, "undo")
    assert action is not None
    return action.text()


def accept(program: Program) -> None:
    """Return in the dialog; the keys go to the window again, as window managers have it."""
    program.press(Key.Key_Return)
    program.window.activateWindow()
    program.qtbot.waitUntil(lambda: QApplication.activeWindow() is program.window)


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def test_a_bad_cell_is_named_and_changes_nothing(program: Program, table: Path) -> None:
    table.write_text("x1,x2,y\n1,0,1\n1,oops,2\n", encoding="utf-8")
    program.press(*(Key.Key_F,) * 2)
    before = program.session.frame
    texts = program.answer("OK")
    program.press(Key.Key_I, modifiers=CTRL)
    what, why = texts
    assert what == "The sequences were not imported."
    assert why == (
        f"{table} cannot be imported: line 3, column 2 (x2) holds “oops”, which is not a number: "
        "write a number such as 1, 0 or 0.5."
    )
    assert program.session.frame is before
    assert not program.window.isWindowModified()


def test_imported_sequences_are_one_edit_that_can_be_undone(program: Program, table: Path) -> None:
    table.write_text("x1;x2;Target\n1;0,5;1\n0;−2;7\n", encoding="utf-8")
    program.press(*(Key.Key_F,) * 2)
    program.press(Key.Key_I, modifiers=CTRL)
    assert program.sentence == "2 sequences of 2 timestamps, targets from the column Target."
    assert present(program).inputs.tolist() == [[1, 0.5], [0, -2]]
    assert present(program).targets.tolist() == [1, 7]
    assert not present(program).targets_count_ones
    assert undo_text(program) == "&Undo import sequences"
    program.press(Key.Key_Z, modifiers=CTRL)
    assert present(program).same_as(PRESETS[FIRST_PRESET].experiment)
    assert program.position == (0, 4)
    program.press(Key.Key_Z, modifiers=CTRL | SHIFT)
    assert present(program).targets.tolist() == [1, 7]


def test_without_a_target_column_the_ones_are_counted(program: Program, table: Path) -> None:
    program.window.experiment.counting.click()
    assert not present(program).targets_count_ones
    table.write_text("1,0,1,1\n", encoding="utf-8")
    program.press(Key.Key_I, modifiers=CTRL)
    assert program.sentence == "1 sequence of 4 timestamps, the targets count the ones."
    assert present(program).targets.tolist() == [3]
    assert present(program).targets_count_ones


def test_the_folder_of_the_last_import_is_where_the_next_one_begins(
    program: Program, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.write_text("1,0\n", encoding="utf-8")
    program.press(Key.Key_I, modifiers=CTRL)
    asked: list[str] = []

    def answer_nothing(_window: object, _title: str, folder: str, _filter: str) -> tuple[str, str]:
        asked.append(folder)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer_nothing)
    before = program.session.frame
    program.press(Key.Key_I, modifiers=CTRL)
    assert asked == [str(table.parent)]
    assert program.session.frame is before


def test_copied_cells_become_all_the_sequences(program: Program) -> None:
    copy("x1\tx2\ty\n1\t0\t4\n1\t1\t5\n0\t1\t6\n0\t0\t7\n")
    program.press(Key.Key_V, modifiers=CTRL | SHIFT)
    assert program.sentence == "4 sequences of 2 timestamps, targets from the column y."
    assert present(program).inputs.tolist() == [[1, 0], [1, 1], [0, 1], [0, 0]]
    assert present(program).targets.tolist() == [4, 5, 6, 7]
    assert undo_text(program) == "&Undo paste as new sequences"


@pytest.mark.parametrize("steps", [0, 17])
def test_all_cells_copied_and_pasted_as_new_are_the_same_sequences(
    program: Program, steps: int
) -> None:
    before = present(program)
    program.press(*(Key.Key_Right,) * steps)
    program.window.experiment.grid.setFocus()
    for key in (Key.Key_A, Key.Key_C):
        program.press(key, modifiers=CTRL)
    program.press(Key.Key_V, modifiers=CTRL | SHIFT)
    assert program.sentence == "3 sequences of 3 timestamps, targets from the column y."
    assert present(program).inputs.tolist() == before.inputs.tolist()
    assert present(program).targets.tolist() == before.targets.tolist()


def test_pasting_as_new_works_in_the_grid_as_well(program: Program) -> None:
    copy("1\t0\t1\t0\n")
    program.window.experiment.grid.setFocus()
    program.press(Key.Key_V, modifiers=CTRL | SHIFT)
    assert present(program).inputs.tolist() == [[1, 0, 1, 0]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "There is no text to paste: copy some cells first."),
        ("1\t0\n1\t?", "Nothing was pasted: line 2, column 2 holds “?”, which is not a number"),
    ],
)
def test_what_cannot_be_pasted_changes_nothing(program: Program, text: str, said: str) -> None:
    copy(text)
    before = program.session.frame
    program.press(Key.Key_V, modifiers=CTRL | SHIFT)
    assert program.sentence.startswith(said)
    assert program.session.frame is before


def test_random_sequences_come_from_their_seed_and_go_with_undo(program: Program) -> None:
    program.press(Key.Key_N, modifiers=CTRL | SHIFT)
    assert isinstance(program.dialog(), RandomDataDialog)
    program.type("40")
    program.press(Key.Key_Tab)
    program.type("6")
    program.press(Key.Key_Tab, Key.Key_Tab)
    program.type("99")
    accept(program)
    expected = random_sequences(40, 6, 0.5, 99)
    np.testing.assert_array_equal(present(program).inputs, expected)
    np.testing.assert_array_equal(present(program).targets, count_ones(expected))
    assert program.sentence == (
        "40 sequences of 6 timestamps at random from the seed 99, the targets count the ones."
    )
    program.press(Key.Key_Z, modifiers=CTRL)
    assert present(program).same_as(PRESETS[FIRST_PRESET].experiment)


def test_the_dialog_begins_with_what_was_asked_for_last(program: Program) -> None:
    for sequences in (5, 9):
        program.press(Key.Key_N, modifiers=CTRL | SHIFT)
        dialog = program.dialog()
        assert isinstance(dialog, RandomDataDialog)
        before = dialog.request()
        program.type(str(sequences))
        accept(program)
    assert before == (5, 3, 0.5, 1)
    assert present(program).sequences == 9


def test_importing_in_the_middle_of_training_pauses_it(program: Program, table: Path) -> None:
    table.write_text("1,0\n0,1\n", encoding="utf-8")
    program.session.train(5_000_000)
    program.qtbot.waitUntil(lambda: program.position[0] > 0)
    program.press(Key.Key_I, modifiers=CTRL)
    assert program.session.training is None
    assert program.position[0] == 0
    program.press(Key.Key_Z, modifiers=CTRL)
    assert program.position[0] > 0

"""The whole main job with the keyboard alone, in a window that was just opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter

from core.data.presets import PRESETS
from rnn_gui.views.export_dialog import ExportDialog
from tests.journeys.conftest import ALT, CTRL, SHIFT, Key, Program, has_focus
from tests.tutorial import epoch_length, pair


def test_an_epoch_by_f_b_and_u_and_back_by_left(program: Program) -> None:
    steps = []
    for key in (Key.Key_F,) * 4 + (Key.Key_B,) * 4 + (Key.Key_U,):
        program.press(key)
        steps.append(program.position[1])
    assert steps == [2, 4, 6, 7, 10, 13, 16, 17, 18]
    program.press(*(Key.Key_Left,) * 18)
    assert program.position == (0, 0)


def test_every_step_by_right_and_by_the_keys_of_a_clicker(program: Program) -> None:
    for key in (Key.Key_Right, Key.Key_PageDown):
        program.press(*(key,) * (epoch_length(3) + 1))
        assert program.position == (1, 1)
        program.press(*(Key.Key_PageUp,) * (epoch_length(3) + 1))
        assert program.position == (0, 0)


@pytest.mark.parametrize(
    ("key", "modifiers", "position"),
    [
        (Key.Key_Home, None, (3, 0)),
        (Key.Key_End, None, (3, 17)),
        (Key.Key_E, None, (4, 9)),
        (Key.Key_E, SHIFT, (2, 9)),
    ],
)
def test_other_ways_through_the_epochs(
    program: Program,
    key: Key,
    modifiers: Qt.KeyboardModifier | None,
    position: tuple[int, int],
) -> None:
    program.press(*(Key.Key_E,) * 3)
    program.press(*(Key.Key_Right,) * 9)
    program.press(key, modifiers=modifiers)
    assert program.position == position


def test_a_cell_is_edited_in_the_middle_of_the_backward_pass_and_undone(program: Program) -> None:
    program.press(*(Key.Key_F,) * 4, *(Key.Key_B,) * 2)
    position, before = program.position, program.session.frame
    _go_to_the_grid(program)
    program.press(Key.Key_Right, Key.Key_Space)  # x2 of sequence a: 0 becomes 1
    after = program.session.frame
    assert program.position == position
    assert after.experiment.inputs[0, 1] == 1
    assert after.experiment.targets[0] == 2
    for read in (
        lambda trace: trace.table("S(In)"),
        lambda trace: trace.gradient_table("S(In)"),
        lambda trace: trace.parts("Wx"),
        lambda trace: trace.parts("Wrec"),
    ):
        assert not np.array_equal(read(after.trace), read(before.trace))
    program.press(Key.Key_Z, modifiers=CTRL)
    undone = program.session.frame
    assert program.position == position
    assert undone.trace.table("S(In)").tobytes() == before.trace.table("S(In)").tobytes()
    assert undone.trace.running_sums("Wx").tobytes() == before.trace.running_sums("Wx").tobytes()
    program.press(Key.Key_Escape, Key.Key_B)  # back to the canvas: the letters step again
    assert program.position == (0, 16)


def test_training_is_paused_and_goes_on(program: Program) -> None:
    program.window.step_bar.goal.epochs.setValue(2_000_000)
    program.press(Key.Key_T)
    program.qtbot.waitUntil(lambda: program.position[0] > 0)
    assert program.session.training is not None
    program.press(Key.Key_T)
    assert program.session.training is None
    epoch = program.position[0]
    assert program.position == (epoch, 17)
    program.press(Key.Key_T)
    program.qtbot.waitUntil(lambda: program.position[0] > epoch)
    program.press(Key.Key_Left)
    assert program.session.training is None
    assert program.position[1] == 16


def test_fifteen_thousand_epochs(program: Program) -> None:
    program.press(Key.Key_T)
    program.until_trained()
    assert program.position == (15_000, 17)
    assert program.session.frame.trace.cost == pytest.approx(0.0950373724784269, abs=1e-12)
    assert program.window.sizeHint().isValid()


def test_go_to_an_epoch_of_the_run(program: Program) -> None:
    program.press(*(Key.Key_E,) * 5)
    program.press(Key.Key_G)
    program.dialog()
    program.press(Key.Key_A, modifiers=CTRL)
    program.type("2")
    program.press(Key.Key_Return)
    program.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert program.position == (2, 0)


def test_export_of_everything(program: Program, tmp_path: Path) -> None:
    program.press(*(Key.Key_F,) * 4)
    program.press(Key.Key_E, modifiers=CTRL | SHIFT)
    dialog = program.dialog()
    assert isinstance(dialog, ExportDialog)
    dialog.folder.setFocus()
    program.press(Key.Key_A, modifiers=CTRL)
    program.type(str(tmp_path / "out"))
    program.press(Key.Key_Return)
    program.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=30_000)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    figures = ("network", "states", "gradients", "history", "curve", "equation", "surface")
    tables = ("history", "values", "weights", "states", "gradients", "steps")
    assert names == {f"{f}.{kind}" for f in figures for kind in ("png", "svg", "pdf")} | {
        f"{table}.csv" for table in tables
    }
    assert program.sentence == f"27 files written to {tmp_path / 'out'}."


def test_keys_belong_to_an_editor_while_it_has_the_focus(program: Program) -> None:
    field = program.window.experiment.weights["Wx"]
    field.setFocus()
    program.press(Key.Key_F, Key.Key_B, Key.Key_T, Key.Key_Home, Key.Key_PageDown, Key.Key_Right)
    assert program.position == (0, 0)
    assert program.session.training is None
    program.press(Key.Key_Escape, Key.Key_Escape)  # takes back what was typed, then leaves
    program.press(Key.Key_F)
    assert program.position == (0, 2)


def test_rows_and_timestamps_from_the_menu_keys(program: Program) -> None:
    program.press(Key.Key_R, modifiers=CTRL)
    program.press(Key.Key_T, modifiers=CTRL)
    assert program.session.frame.experiment.inputs.shape == (4, 4)
    program.press(Key.Key_R, modifiers=CTRL | SHIFT)
    program.press(Key.Key_T, modifiers=CTRL | SHIFT)
    assert program.session.frame.experiment.inputs.shape == (3, 3)
    for _ in range(4):
        program.press(Key.Key_Z, modifiers=CTRL)
    assert program.session.frame.experiment.same_as(PRESETS["part-2"].experiment)
    for _ in range(4):
        program.press(Key.Key_Y, modifiers=CTRL)
    assert program.session.frame.experiment.inputs.shape == (3, 3)


def test_copy_and_paste_a_block(program: Program) -> None:
    _go_to_the_grid(program)
    program.press(Key.Key_Right, Key.Key_Down, modifiers=SHIFT)
    program.press(Key.Key_C, modifiers=CTRL)
    assert QGuiApplication.clipboard().text() == "1\t0\n1\t1"
    QGuiApplication.clipboard().setText("0.5\t2\n-1\t0,25")
    program.press(Key.Key_V, modifiers=CTRL)
    assert program.session.frame.experiment.inputs[:2, :2].tolist() == [[0.5, 2], [-1, 0.25]]


@pytest.mark.parametrize("pasted", ["a\tb", "1\t2\n3", "1e999", "", "1\t2\t3\t4\t5", "nan"])
def test_what_cannot_be_pasted_changes_nothing_and_is_told(program: Program, pasted: str) -> None:
    before = program.session.frame
    _go_to_the_grid(program)
    QGuiApplication.clipboard().setText(pasted)
    program.press(Key.Key_V, modifiers=CTRL)
    assert program.session.frame.experiment is before.experiment
    assert program.sentence.endswith(".")


@pytest.mark.parametrize("typed", ["abc", "1e999", "nan", "--1"])
def test_what_is_no_number_changes_nothing_and_is_told(program: Program, typed: str) -> None:
    before = program.session.frame.experiment
    program.window.experiment.weights["Wrec"].setFocus()
    program.press(Key.Key_A, modifiers=CTRL)
    program.type(typed)
    program.press(Key.Key_Return)
    assert program.session.frame.experiment is before
    assert "Wrec" in program.sentence


def test_all_edits_of_numbers_by_keys(program: Program) -> None:
    panel = program.window.experiment
    for field, text in (
        (panel.initial_state, "0,5"),
        (panel.weights["Wx"], "1.25"),
        (panel.rates["Wrec"], "0.01"),
    ):
        field.setFocus()
        program.press(Key.Key_A, modifiers=CTRL)
        program.type(text)
        program.press(Key.Key_Return)
    experiment = program.session.frame.experiment
    assert (experiment.initial_state["S(Out)"], experiment.weights["Wx"]) == (0.5, 1.25)
    assert experiment.learning_rates == pair(0.001, 0.01)
    assert program.session.undo_stack.count() == 3


def test_the_comparison_is_switched_by_its_key(program: Program) -> None:
    program.press(Key.Key_D, modifiers=CTRL)
    assert program.session.frame.unactivated is not None
    assert program.window.experiment.compare.isChecked()
    program.press(Key.Key_D, modifiers=CTRL)
    assert program.session.frame.unactivated is None


def test_move_a_row_with_alt_and_arrows(program: Program) -> None:
    _go_to_the_grid(program)
    program.press(Key.Key_Down, modifiers=ALT)
    assert program.session.frame.experiment.inputs.tolist() == [[1, 1, 0], [1, 0, 0], [1, 1, 1]]


def _go_to_the_grid(program: Program) -> None:
    """Tab until the grid has the focus, as a person without a mouse does."""
    grid = program.window.experiment.grid
    for _ in range(60):
        if has_focus(grid):
            return
        program.press(Key.Key_Tab)
    pytest.fail("Tab does not reach the grid")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Key.Key_U, "The forward pass comes first: the update needs both gradients."),
        (Key.Key_B, "Finish the forward pass first: all states, then the cost."),
        (Key.Key_Left, "This is the very beginning of the run."),
    ],
)
def test_a_key_that_cannot_be_used_now_says_why(program: Program, key: Key, said: str) -> None:
    program.press(key)
    assert program.sentence == said
    assert program.position == (0, 0)
    program.press(Key.Key_F)
    assert program.sentence == ""


def test_training_that_cannot_go_on_says_why(program: Program) -> None:
    program.session.load_preset("part-1")
    for rate in program.window.experiment.rates.values():
        rate.setFocus()
        program.press(Key.Key_A, modifiers=CTRL)
        program.type("0.1")
        program.press(Key.Key_Return, Key.Key_Escape)
    program.press(Key.Key_T)
    program.until_trained()
    ending = program.session.run.ending
    assert ending.startswith("Training stopped at epoch ")
    assert program.sentence == ending
    program.press(Key.Key_Left)
    program.press(Key.Key_T)
    assert program.sentence == ending


def test_the_layout_is_remembered_and_can_be_reset(
    program: Program, settings: QSettings, qapp: QApplication
) -> None:
    right = right_splitter(program)
    first = right.sizes()
    handle = right.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    QTest.mouseMove(handle, handle.rect().center() - QPoint(0, 40))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)
    changed = right.sizes()
    assert changed != first
    program.window.close()
    again = Program(program.qtbot, settings, qapp)
    assert right_splitter(again).sizes() == changed
    reset = again.window.findChild(QAction, "reset_layout")
    assert reset is not None
    reset.trigger()
    assert right_splitter(again).sizes() == first


def right_splitter(program: Program) -> QSplitter:
    splitters = program.window.findChildren(QSplitter)
    [right] = [s for s in splitters if s.orientation() is Qt.Orientation.Vertical]
    return right

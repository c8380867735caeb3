"""The grid as people expect a grid, with real clicks and keys."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QMainWindow, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data import edits
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.grid import menus
from rnn_gui.grid.block_selection import Cell
from rnn_gui.grid.pane import ROW_HEIGHT, GridPane
from rnn_gui.grid.sequence_grid import SequenceGrid
from rnn_gui.grid.sequence_model import SequenceModel
from rnn_gui.theme import DARK, LIGHT, Look
from tests.tutorial import COST, STATE_IN, STATE_OUT, SUMS, Quantity, changed, pair, step_number

Key, Modifier, Left = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton.LeftButton
PART_2 = PRESETS["part-2"].experiment


class Owner:
    """Grants what the grid asks for, as the session does, in a window with single keys."""

    def __init__(self, qtbot: QtBot, experiment: Experiment = PART_2) -> None:
        self.bot = qtbot
        self.window = QMainWindow()
        self.window.resize(420, 420)
        self.grid = SequenceGrid()
        self.grid.setParent(self.window)
        self.grid.setGeometry(10, 10, 300, 260)
        self.experiment, self.sequence, self.step = experiment, 0, 0
        self.asked: list[str] = []
        self.problems: list[str] = []
        self.left: list[bool] = []
        self.shortcuts: list[str] = []
        self._connect()
        self.show()
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.grid.setFocus()

    def show(self) -> Frame:
        run = Run(self.experiment, "test")
        run.reach(1)
        frame = frame_at(run, Position(0, self.step), self.sequence)
        self.grid.show_frame(frame)
        return frame

    def stand_at(self, kind: Quantity, timestamp: int = 0) -> Frame:
        self.step = step_number(self.experiment.timestamps, kind, timestamp)
        return self.show()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        self.bot.keyClick(QGuiApplication.focusObject(), key, modifier)

    def type(self, text: str) -> None:
        for letter in text:
            self.bot.keyClick(QGuiApplication.focusObject(), letter)

    def enter(self, text: str) -> None:
        self.type(text)
        self.key(Key.Key_Return)

    def paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.key(Key.Key_V, Modifier.ControlModifier)

    def select(self, top: int, left: int, bottom: int, right: int) -> None:
        self.grid.selection.go_to(Cell(top, left))
        self.grid.selection.go_to(Cell(bottom, right), extend=True)

    def point(self, row: int, column: int) -> tuple[QWidget, QPoint]:
        pane: GridPane = self.grid.pane_of(Cell(row, column))
        index = self.grid.model.index(row, column)
        return pane.viewport(), pane.visualRect(index).center()

    def click(self, row: int, column: int, modifier: Qt.KeyboardModifier | None = None) -> None:
        viewport, point = self.point(row, column)
        self.bot.mouseClick(viewport, Left, modifier or Modifier.NoModifier, point)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        viewport, point = self.point(*start)
        over, there = self.point(*end)
        target = viewport.mapFromGlobal(over.mapToGlobal(there))
        self.bot.mousePress(viewport, Left, pos=point)
        self.bot.mouseMove(viewport, point + (target - point) * 0.5)
        self.bot.mouseMove(viewport, target)
        self.bot.mouseRelease(viewport, Left, pos=target)

    @property
    def inputs(self) -> list[list[float]]:
        return self.experiment.inputs.tolist()

    @property
    def targets(self) -> list[float]:
        return self.experiment.targets.tolist()

    @property
    def cell(self) -> tuple[int, int]:
        row, column = self.grid.selection.cell
        return row, column

    def _connect(self) -> None:
        grid = self.grid
        for signal, edit in (
            (grid.input_block_requested, edits.set_inputs),
            (grid.target_block_requested, set_targets),
            (grid.data_block_requested, set_both),
            (grid.row_add_requested, edits.insert_rows),
            (grid.rows_remove_requested, edits.remove_rows),
            (grid.row_move_requested, edits.move_row),
            (grid.timestamp_add_requested, edits.insert_timestamps),
            (grid.timestamps_remove_requested, edits.remove_timestamps),
            (grid.timestamp_move_requested, edits.move_timestamp),
        ):
            signal.connect(lambda *values, edit=edit: self._grant(edit, *values))
        grid.sequence_chosen.connect(self._choose)
        grid.problem_reported.connect(self.problems.append)
        grid.leave_requested.connect(lambda: self.left.append(True))
        plain = ("Right", "Left", "F", "B", "Home", "End", "PgDown", "Esc", "1")
        for keys in (*plain, "Ctrl+C", "Ctrl+V", "Alt+Up", "Ctrl+Home", "Ctrl+End"):
            action = QAction(keys, self.window)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, keys=keys: self.shortcuts.append(keys))
            self.window.addAction(action)

    def _grant(self, edit: Callable[..., Experiment], *values: object) -> None:
        self.asked.append(edit.__name__)
        self.experiment = edit(self.experiment, *values)
        self.sequence = min(self.sequence, self.experiment.sequences - 1)
        self.show()

    def _choose(self, sequence: int) -> None:
        self.sequence = sequence
        self.show()


def set_targets(experiment: Experiment, row: int, targets: list[float]) -> Experiment:
    return edits.set_targets(experiment, row, [[target] for target in targets])


def set_both(
    experiment: Experiment, row: int, column: int, inputs: list[list[float]], targets: list[float]
) -> Experiment:
    return set_targets(edits.set_inputs(experiment, row, column, inputs), row, targets)


def editor() -> QLineEdit:
    """The open editor, which has the focus."""
    focused = QGuiApplication.focusObject()
    assert isinstance(focused, QLineEdit)
    return focused


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:
    return Owner(qtbot)


@pytest.fixture
def by_hand(qtbot: QtBot) -> Owner:
    """Targets are edited by hand."""
    return Owner(qtbot, replace(PART_2, targets_count_ones=False))


# -- clicks ------------------------------------------------------------------------------


def test_a_click_toggles_and_chooses_the_sequence(owner: Owner) -> None:
    owner.click(1, 2)
    assert owner.inputs[1] == [1, 1, 1]
    assert owner.targets == [1, 3, 3]
    assert owner.sequence == 1
    owner.click(0, 0)
    assert owner.inputs[0] == [0, 0, 0]


def test_a_click_only_selects_what_is_neither_zero_nor_one(owner: Owner) -> None:
    owner.experiment = edits.set_inputs(owner.experiment, 0, 0, [[0.5]])
    owner.show()
    owner.click(0, 0)
    owner.click(2, 3)
    owner.click(2, 4)
    assert owner.asked == []
    assert owner.cell == (2, 4)
    assert owner.problems == []


def test_the_end_of_a_drag_does_not_toggle(owner: Owner) -> None:
    owner.drag((0, 0), (1, 2))
    assert owner.asked == []
    assert owner.grid.selection.block == (range(2), range(3))


def test_a_drag_reaches_across_both_panes(owner: Owner) -> None:
    owner.drag((0, 1), (2, 4))
    assert owner.grid.selection.block == (range(3), range(1, 5))
    assert owner.asked == []


def test_shift_click_extends_and_does_not_toggle(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(0, 0))
    owner.click(2, 1, Modifier.ShiftModifier)
    assert owner.grid.selection.block == (range(3), range(2))
    assert owner.asked == []


def test_a_double_click_edits_the_number_that_was_there(owner: Owner) -> None:
    viewport, point = owner.point(0, 1)
    owner.bot.mouseClick(viewport, Left, pos=point)
    owner.bot.mouseDClick(viewport, Left, pos=point)
    assert (editor().text(), editor().selectedText()) == ("0", "0")
    owner.type("7")
    owner.key(Key.Key_Return)
    assert owner.inputs[0] == [1, 7, 0]


# -- keys --------------------------------------------------------------------------------


def test_arrows_move_and_the_window_gets_none_of_the_plain_keys(owner: Owner) -> None:
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Up):
        owner.key(key)
    assert owner.cell == (0, 1)
    owner.key(Key.Key_End)
    assert owner.cell == (0, 5)
    owner.key(Key.Key_Right)
    assert owner.cell == (0, 5)
    owner.key(Key.Key_Home)
    assert owner.cell == (0, 0)
    assert owner.shortcuts == []


def test_ctrl_home_and_end_go_to_the_corners(owner: Owner) -> None:
    owner.key(Key.Key_End, Modifier.ControlModifier)
    assert (owner.cell, owner.sequence) == ((2, 5), 2)
    owner.key(Key.Key_Home, Modifier.ControlModifier)
    assert (owner.cell, owner.sequence) == ((0, 0), 0)
    owner.key(Key.Key_End, Modifier.ControlModifier | Modifier.ShiftModifier)
    assert owner.grid.selection.block == (range(3), range(6))
    assert owner.shortcuts == []


def test_moving_down_chooses_the_sequence(owner: Owner) -> None:
    owner.key(Key.Key_Down)
    assert owner.sequence == 1


def test_shift_with_arrows_extends_from_x_into_y(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(1, 2))
    owner.key(Key.Key_Right, Modifier.ShiftModifier)
    owner.key(Key.Key_Up, Modifier.ShiftModifier)
    assert owner.grid.selection.block == (range(2), range(2, 4))


def test_space_toggles(owner: Owner) -> None:
    owner.key(Key.Key_Space)
    assert owner.inputs[0] == [0, 0, 0]
    owner.select(0, 0, 1, 1)
    owner.key(Key.Key_Space)
    assert owner.inputs == [[1, 1, 0], [1, 1, 0], [1, 1, 1]]
    owner.key(Key.Key_Space)
    assert owner.inputs == [[0, 0, 0], [0, 0, 0], [1, 1, 1]]
    assert owner.asked == ["set_inputs"] * 3
    assert owner.shortcuts == []


def test_space_opens_the_editor_of_another_number(owner: Owner) -> None:
    owner.experiment = edits.set_inputs(owner.experiment, 0, 0, [[0.1]])
    owner.show()
    owner.key(Key.Key_Space)
    assert editor().text() == "0.1"


def test_typing_replaces_and_enter_goes_down(owner: Owner) -> None:
    owner.key(Key.Key_Right)
    owner.type("-0,25")
    owner.key(Key.Key_Return)
    assert owner.inputs[0] == [1, -0.25, 0]
    assert owner.cell == (1, 1)
    assert owner.grid.inputs.hasFocus()
    owner.type("2")
    owner.key(Key.Key_Tab)
    assert owner.inputs[1] == [1, 2, 0]
    assert owner.cell == (1, 2)
    assert owner.shortcuts == []


def test_shift_enter_and_shift_tab_go_back(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(1, 1))
    owner.type("3")
    owner.key(Key.Key_Backtab, Modifier.ShiftModifier)
    assert owner.cell == (1, 0)
    owner.type("4")
    owner.key(Key.Key_Return, Modifier.ShiftModifier)
    assert owner.cell == (0, 0)
    assert owner.inputs[1] == [4, 3, 0]


def test_esc_gives_up_the_text_and_then_leaves_the_grid(owner: Owner) -> None:
    owner.type("9")
    owner.key(Key.Key_Escape)
    assert owner.asked == []
    assert owner.left == []
    assert owner.grid.inputs.hasFocus()
    owner.key(Key.Key_Escape)
    assert owner.left == [True]
    assert owner.shortcuts == []


def test_opening_an_editor_and_going_on_changes_nothing(owner: Owner) -> None:
    owner.experiment = edits.set_inputs(owner.experiment, 0, 0, [[1 / 3]])
    owner.show()
    owner.key(Key.Key_F2)
    assert editor().text() == repr(1 / 3)
    owner.key(Key.Key_Return)
    assert owner.asked == []


def test_leaving_an_editor_by_a_click_commits(owner: Owner) -> None:
    owner.type("5")
    owner.click(2, 4)
    assert owner.inputs[0] == [5, 0, 0]
    assert owner.asked == ["set_inputs"]


def test_finish_editing_commits(owner: Owner) -> None:
    owner.type("5")
    owner.grid.finish_editing()
    assert owner.inputs[0] == [5, 0, 0]
    assert not owner.grid.editing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "“abc” is not a number"),
        ("inf", "“inf” is not a finite number"),
        ("nan", "“nan” is not a finite number"),
        ("1e999", "“1e999” is not a finite number"),
    ],
)
def test_what_is_no_number_is_refused_at_its_place(owner: Owner, text: str, said: str) -> None:
    before = owner.inputs
    owner.grid.selection.go_to(Cell(1, 1))
    owner.type(text)
    owner.key(Key.Key_Return)
    sentence = f"Sequence b, timestamp 2: {said}; type a number such as 1, 0 or 0.5."
    assert owner.problems == [sentence]
    assert owner.inputs == before
    assert not owner.grid.editing
    assert owner.cell == (1, 1)
    (balloon,) = (w for w in owner.window.findChildren(QWidget) if w.accessibleName() == "Problem")
    assert balloon.isVisible()
    owner.key(Key.Key_Down)
    assert not balloon.isVisible()


def test_an_emptied_cell_is_refused(owner: Owner) -> None:
    owner.key(Key.Key_F2)
    owner.key(Key.Key_Backspace)
    owner.key(Key.Key_Return)
    assert owner.problems == [
        "Sequence a, timestamp 1: an empty text is not a number; type a number such as 1, 0 or 0.5."
    ]
    assert owner.asked == []


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_clears_the_block_with_one_request(owner: Owner, key: Qt.Key) -> None:
    owner.select(1, 0, 2, 5)
    owner.key(key)
    assert owner.inputs == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert owner.asked == ["set_inputs"]


def test_results_and_counted_targets_say_why_they_stay(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(0, 3))
    owner.type("2")
    owner.grid.selection.go_to(Cell(0, 4))
    owner.key(Key.Key_Delete)
    assert owner.problems == [
        "y follows the ones in x: switch off “y = number of ones” to edit it.",
        "S₃ is computed by the network: edit x or y instead.",
    ]
    assert owner.asked == []


def test_targets_are_typed_where_they_do_not_count(by_hand: Owner) -> None:
    by_hand.grid.selection.go_to(Cell(1, 3))
    by_hand.type("2,5")
    by_hand.key(Key.Key_Return)
    assert by_hand.targets == [1, 2.5, 3]
    assert by_hand.cell == (2, 3)
    assert by_hand.grid.inputs.hasFocus()


def test_the_editor_of_a_target_keeps_its_keys_too(by_hand: Owner) -> None:
    by_hand.grid.selection.go_to(Cell(1, 3))
    by_hand.type("2")
    for key in (Key.Key_Home, Key.Key_PageDown, Key.Key_F, Key.Key_Escape):
        by_hand.key(key)
    assert by_hand.shortcuts == []
    assert not by_hand.grid.editing


# -- clipboard ---------------------------------------------------------------------------


def test_copy_has_all_digits_and_comes_back(owner: Owner) -> None:
    owner.experiment = edits.set_inputs(owner.experiment, 0, 0, [[0.1 + 0.2]])
    owner.show()
    owner.select(0, 0, 1, 4)
    owner.key(Key.Key_C, Modifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert text == "x1\tx2\tx3\ty\tS_3\n0.30000000000000004\t0\t0\t0\t\n1\t1\t0\t2\t"
    owner.select(0, 0, 1, 2)
    owner.key(Key.Key_C, Modifier.ControlModifier)
    owner.grid.selection.go_to(Cell(1, 0))
    owner.key(Key.Key_V, Modifier.ControlModifier)
    assert owner.inputs[1:] == [[0.1 + 0.2, 0, 0], [1, 1, 0]]
    assert owner.asked == ["set_inputs"]
    assert owner.shortcuts == []


@pytest.mark.parametrize("kind", [STATE_IN, SUMS])
def test_all_cells_copied_come_back_without_what_is_computed(owner: Owner, kind: Quantity) -> None:
    owner.stand_at(kind, 1 if kind is STATE_IN else 0)
    before = owner.inputs
    owner.key(Key.Key_A, Modifier.ControlModifier)
    owner.key(Key.Key_C, Modifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0] == "x1\tx2\tx3\ty\tS_3\terror"
    owner.select(0, 0, 2, 2)
    owner.key(Key.Key_Delete)
    assert owner.inputs != before
    owner.paste(text)
    assert (owner.inputs, owner.problems) == (before, [])
    assert owner.asked == ["set_inputs"] * 2


def test_copied_targets_come_back_where_they_are_edited(by_hand: Owner) -> None:
    by_hand.paste("x1\tx2\tx3\ty\tS_3\terror\n0\t1\t0\t7\t\t\n1\t0\t0\t8\tinf\tnan")
    assert by_hand.inputs[:2] == [[0, 1, 0], [1, 0, 0]]
    assert by_hand.targets == [7, 8, 3]
    by_hand.grid.selection.go_to(Cell(1, 2))
    by_hand.paste("x3\ty\n5\t6\n7\t9")
    assert by_hand.inputs[1:] == [[1, 0, 5], [1, 1, 7]]
    assert by_hand.targets == [7, 6, 9]


@pytest.mark.parametrize(
    ("corner", "text", "said"),
    [
        ((0, 0), "x1\tx2\tx3\ty\n1\t0\t0\t5", "The pasted block of 1 × 4 cells covers y, which "),
        ((0, 1), "x1\tx2\tx3\ty\n1\t0\t0\t1", "The copied y would not come to y: paste at x1, "),
        ((0, 0), "x2\ty\tS_2\n1\t1\t0", "The copied y would not come to y: paste at x3, or "),
        ((0, 0), "x1\tx2\tx3\tx4\ty\n1\t0\t0\t0\t1", "There are more timestamps in the copied "),
        ((0, 0), "S_3\terror\n1\t0", "There are no numbers of x or y to paste: "),
        ((0, 0), "x1\ty", "There are no numbers of x or y to paste: "),
        ((2, 0), "x1\tx2\tx3\ty\n1\t0\t0\t1\n1\t1\t1\t3", "The pasted block of 2 × 3 cells does "),
        ((0, 0), "x1\tx2\tx3\ty\n1\t?\t0\t1", "Sequence a, timestamp 2: “?” is not a number; "),
    ],
)
def test_named_cells_that_cannot_go_there_change_nothing(
    owner: Owner, corner: tuple[int, int], text: str, said: str
) -> None:
    owner.grid.selection.go_to(Cell(*corner))
    owner.paste(text)
    (problem,) = owner.problems
    assert problem.startswith(said)
    assert owner.asked == []


def test_one_kind_of_column_is_copied_as_numbers_alone(owner: Owner) -> None:
    for column, expected in ((3, "1\n2\n3"), (0, "1\n1\n1")):
        owner.select(0, column, 2, column)
        owner.key(Key.Key_C, Modifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == expected


def test_cut_copies_and_clears(owner: Owner) -> None:
    owner.select(0, 0, 2, 0)
    owner.key(Key.Key_X, Modifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\n1\n1"
    assert [row[0] for row in owner.inputs] == [0, 0, 0]


def test_select_all_and_paste_one_number_fills(by_hand: Owner) -> None:
    by_hand.select(0, 0, 2, 3)
    by_hand.paste("0,5")
    assert by_hand.inputs == [[0.5] * 3] * 3
    assert by_hand.targets == [0.5] * 3
    assert by_hand.asked == ["set_both"]
    by_hand.key(Key.Key_A, Modifier.ControlModifier)
    assert by_hand.grid.selection.block == (range(3), range(6))


def test_a_block_pasted_over_x_and_y_is_one_request(by_hand: Owner) -> None:
    by_hand.grid.selection.go_to(Cell(1, 2))
    by_hand.paste("7\t8\n9\t10\n")
    assert by_hand.inputs == [[1, 0, 0], [1, 1, 7], [1, 1, 9]]
    assert by_hand.targets == [1, 8, 10]
    assert by_hand.asked == ["set_both"]


def test_targets_alone_are_pasted(by_hand: Owner) -> None:
    by_hand.grid.selection.go_to(Cell(0, 3))
    by_hand.paste("4\n5\n6")
    assert by_hand.targets == [4, 5, 6]
    assert by_hand.asked == ["set_targets"]


@pytest.mark.parametrize(
    ("corner", "text", "said"),
    [
        ((0, 0), "1\t0\n1", "The pasted rows differ in length: row 1 has 2 cells, row 2 has 1; "),
        ((1, 0), "1\tx", "Sequence b, timestamp 2: “x” is not a number; "),
        ((1, 0), "1\t\t1", "Sequence b, timestamp 2: an empty text is not a number; "),
        ((2, 1), "1\t0\n1\t0", "The pasted block of 2 × 2 cells does not fit at sequence c, "),
        ((0, 1), "1\t0\t1", "The pasted block of 1 × 3 cells covers y, which follows the ones"),
        ((0, 4), "1", "The pasted block of 1 × 1 cells covers S₃, which is computed by "),
        ((0, 0), "  \n", "There is no text to paste: "),
    ],
)
def test_a_block_that_does_not_fit_changes_nothing(
    owner: Owner, corner: tuple[int, int], text: str, said: str
) -> None:
    before = owner.inputs
    owner.grid.selection.go_to(Cell(*corner))
    owner.paste(text)
    (problem,) = owner.problems
    assert problem.startswith(said)
    assert problem.endswith(".")
    assert owner.inputs == before
    assert owner.asked == []


# -- rows and timestamps -----------------------------------------------------------------


def test_rows_and_timestamps_come_and_go(owner: Owner) -> None:
    owner.grid.add_row()
    assert owner.inputs[1] == [0, 0, 0]
    assert (owner.cell, owner.sequence) == ((1, 0), 1)
    owner.grid.add_timestamp()
    assert owner.experiment.timestamps == 4
    assert owner.cell == (1, 3)
    owner.grid.remove_timestamp()
    owner.select(0, 0, 1, 0)
    owner.grid.remove_rows()
    assert owner.inputs == [[1, 1, 0], [1, 1, 1]]


def test_one_row_and_one_timestamp_have_to_stay(qtbot: QtBot) -> None:
    owner = Owner(qtbot, PART_2.with_data(np.ones((1, 1))))
    owner.grid.remove_rows()
    owner.grid.remove_timestamp()
    assert owner.problems == [
        "At least one sequence has to stay.",
        "At least one timestamp has to stay.",
    ]
    assert owner.asked == []


def test_alt_with_arrows_moves_and_the_cell_goes_along(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(2, 0))
    owner.key(Key.Key_Up, Modifier.AltModifier)
    assert owner.inputs == [[1, 0, 0], [1, 1, 1], [1, 1, 0]]
    assert owner.cell == (1, 0)
    owner.key(Key.Key_Right, Modifier.AltModifier)
    owner.key(Key.Key_Right, Modifier.AltModifier)
    owner.key(Key.Key_Right, Modifier.AltModifier)
    assert owner.inputs == [[0, 0, 1], [1, 1, 1], [1, 0, 1]]
    assert owner.cell == (1, 2)
    assert owner.shortcuts == []


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("Add a sequence above", "insert_rows"),
        ("Add a sequence below", "insert_rows"),
        ("Remove", "remove_rows"),
        ("Move up", "move_row"),
        ("Move down", "move_row"),
    ],
)
def test_the_menu_of_a_sequence(owner: Owner, entry: str, asked: str) -> None:
    owner.grid.selection.go_to(Cell(1, 0))
    chosen(menus.row_menu(owner.grid, 1), entry).trigger()
    assert owner.asked == [asked]


@pytest.mark.parametrize(
    ("entry", "inputs"),
    [
        ("Add a timestamp before", [1, 0, 1, 0]),
        ("Add a timestamp after", [1, 1, 0, 0]),
        ("Remove", [1, 0]),
        ("Move to the left", [1, 1, 0]),
        ("Move to the right", [1, 0, 1]),
    ],
)
def test_the_menu_of_a_timestamp(owner: Owner, entry: str, inputs: list[float]) -> None:
    chosen(menus.column_menu(owner.grid, 1), entry).trigger()
    assert owner.inputs[1] == inputs


def test_menus_disable_what_cannot_be_done(owner: Owner) -> None:
    assert not chosen(menus.row_menu(owner.grid, 0), "Move up").isEnabled()
    assert not chosen(menus.row_menu(owner.grid, 2), "Move down").isEnabled()
    assert not chosen(menus.column_menu(owner.grid, 0), "Move to the left").isEnabled()
    assert not chosen(menus.column_menu(owner.grid, 2), "Move to the right").isEnabled()


def chosen(menu: QMenu, entry: str) -> QAction:
    return next(a for a in menu.actions() if a.text().split("\t")[0] == entry)


def test_a_dragged_header_moves_the_timestamp(owner: Owner) -> None:
    header = owner.grid.inputs.columns
    centre = header.height() // 2
    start = QPoint(header.sectionViewportPosition(0) + 15, centre)
    end = QPoint(header.sectionViewportPosition(2) + header.sectionSize(2) - 10, centre)
    viewport = header.viewport()
    owner.bot.mousePress(viewport, Left, pos=start)
    for part in (0.3, 0.6, 1.0):
        move_held(viewport, start + (end - start) * part)
    owner.bot.mouseRelease(viewport, Left, pos=end)
    owner.bot.waitUntil(lambda: owner.asked == ["move_timestamp"])
    assert owner.inputs == [[0, 0, 1], [1, 0, 1], [1, 1, 1]]
    assert [header.visualIndex(i) for i in range(3)] == [0, 1, 2]


def move_held(viewport: QWidget, to: QPoint) -> None:
    """A move with the button held, which a header asks of its event."""
    where, nowhere = to.toPointF(), Qt.MouseButton.NoButton
    over = viewport.mapToGlobal(to).toPointF()
    event = QMouseEvent(QEvent.Type.MouseMove, where, over, nowhere, Left, Modifier.NoModifier)
    QGuiApplication.sendEvent(viewport, event)


def test_a_click_on_a_header_selects(owner: Owner) -> None:
    rows, columns = owner.grid.inputs.rows, owner.grid.inputs.columns
    owner.bot.mouseClick(rows.viewport(), Left, pos=QPoint(8, rows.sectionViewportPosition(2) + 8))
    assert owner.grid.selection.block == (range(2, 3), range(6))
    assert owner.sequence == 2
    place = QPoint(columns.sectionViewportPosition(1) + 8, 8)
    owner.bot.mouseClick(columns.viewport(), Left, pos=place)
    assert owner.grid.selection.block == (range(3), range(1, 2))


# -- what is shown -----------------------------------------------------------------------


def texts(owner: Owner, row: int) -> list[str]:
    model = owner.grid.model
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_results_show_once_they_are_known(owner: Owner) -> None:
    assert texts(owner, 0) == ["1", "0", "0", "1", "·", "·"]
    owner.stand_at(STATE_IN, 3)
    assert texts(owner, 0)[4:] == ["·", "·"]
    owner.stand_at(STATE_OUT, 3)
    assert texts(owner, 0)[4:] == ["−0.3864", "−1.386"]
    owner.step = 0
    owner.show()
    assert texts(owner, 0)[4:] == ["·", "·"]


def test_headers_name_sequences_and_timestamps(owner: Owner) -> None:
    model = owner.grid.model
    names = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(6)]
    assert names == ["x1", "x2", "x3", "y", "S₃", "error"]
    assert [model.headerData(i, Qt.Orientation.Vertical) for i in range(3)] == ["a", "b", "c"]


def test_headers_have_the_standard_words(owner: Owner) -> None:
    across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    tips = [owner.grid.model.headerData(i, across, role) for i in (1, 3, 4, 5)]
    assert tips == [
        "x2: input at time step 2. Drag it to move the timestamp.",
        "y: target (ground truth) of each sequence",
        "S₃(Out): prediction: hidden state of the last time step",
        "S₃(Out) − y: prediction minus target of each sequence",
    ]


def test_a_timestamp_moves_over_two_places_and_the_cell_goes_along(owner: Owner) -> None:
    owner.grid.selection.go_to(Cell(1, 2))
    owner.grid.place_timestamp(2, 0)
    assert owner.inputs == [[0, 1, 0], [0, 1, 1], [1, 1, 1]]
    assert owner.cell == (1, 0)


def test_the_cell_stays_where_nobody_answers(owner: Owner) -> None:
    owner.grid.timestamp_move_requested.disconnect()
    owner.grid.selection.go_to(Cell(1, 2))
    owner.grid.place_timestamp(2, 0)
    assert owner.cell == (1, 2)


def test_the_current_timestamp_is_banded(owner: Owner) -> None:
    owner.stand_at(STATE_OUT, 2)
    owner.grid.set_look(Look(LIGHT))
    owner.window.setFocus()
    image = owner.grid.inputs.viewport().grab().toImage()
    for column in range(3):
        corner = owner.grid.inputs.visualRect(owner.grid.model.index(1, column)).topLeft()
        banded = image.pixelColor(corner + QPoint(1, 2)).name() == LIGHT.band
        assert banded == (column == 1)


def test_ones_are_tinted_and_zeros_are_not(owner: Owner) -> None:
    owner.stand_at(COST)
    owner.grid.set_look(Look(DARK))
    image = owner.grid.inputs.viewport().grab().toImage()
    for column, value in enumerate(owner.inputs[1]):
        rect = owner.grid.inputs.visualRect(owner.grid.model.index(1, column))
        tint = image.pixelColor(rect.left() + 6, rect.center().y()).name()
        assert (tint == DARK.forward_soft) == (value == 1)


def test_the_chosen_sequence_is_shown_when_it_is_chosen_elsewhere(owner: Owner) -> None:
    owner.sequence = 2
    owner.show()
    assert owner.cell == (2, 0)
    assert owner.grid.marks.chosen_row == 2


@pytest.mark.parametrize("width", [250, 280, 330, 700])
@pytest.mark.parametrize("timestamps", [1, 3, 50])
@pytest.mark.parametrize("sequences", [1, 3, 30])
def test_everything_has_its_room(qtbot: QtBot, width: int, timestamps: int, sequences: int) -> None:
    inputs = np.random.default_rng(0).integers(0, 2, (sequences, timestamps)).astype(float)
    owner = Owner(qtbot, PART_2.with_data(inputs))
    owner.grid.resize(width, 200)
    owner.stand_at(SUMS)
    grid, model = owner.grid, owner.grid.model
    assert grid.results.geometry().right() == width - 2
    assert grid.inputs.geometry().right() + 1 == grid.results.x()
    for column in range(model.y_column, model.columnCount()):
        rect = grid.results.visualRect(model.index(0, column))
        assert grid.results.viewport().rect().contains(rect)
    for column in range(model.columnCount()):
        pane = grid.pane_of(Cell(0, column))
        room, needed = (
            pane.columnWidth(column),
            grid.inputs.delegate.width_of(model.text(0, column, 3)),
        )
        assert room >= needed
    if timestamps == 3 and width >= 280:
        assert grid.inputs.horizontalScrollBar().maximum() == 0


def test_ones_and_zeros_take_little_room(qtbot: QtBot) -> None:
    owner = Owner(qtbot, PART_2.with_data(np.eye(3, 10)))
    owner.stand_at(SUMS)
    grid = owner.grid
    widths = [grid.inputs.columnWidth(column) for column in range(10)]
    assert max(widths[:9]) <= 25
    room = grid.inputs.viewport().width()
    assert sum(widths[:4]) <= room


def test_the_current_timestamp_scrolls_into_view(qtbot: QtBot) -> None:
    owner = Owner(qtbot, PART_2.with_data(np.eye(3, 50)))
    for timestamp in (50, 1, 30):
        owner.stand_at(STATE_IN, timestamp)
        rect = owner.grid.inputs.visualRect(owner.grid.model.index(0, timestamp - 1))
        assert rect.left() >= 0
        assert rect.right() < owner.grid.inputs.viewport().width()


def test_the_current_timestamp_is_in_view_from_the_start(qtbot: QtBot) -> None:
    grid = SequenceGrid()
    qtbot.addWidget(grid)
    run = Run(PART_2.with_data(np.eye(3, 50)), "test")
    grid.show_frame(frame_at(run, Position(0, step_number(50, STATE_IN, 30))))
    grid.resize(300, 200)
    with qtbot.waitExposed(grid):
        grid.show()
    rect = grid.inputs.visualRect(grid.model.index(0, 29))
    assert grid.inputs.viewport().rect().contains(rect)


def test_an_edit_far_from_the_current_step_stays_in_view(qtbot: QtBot) -> None:
    owner = Owner(qtbot, PART_2.with_data(np.eye(3, 50)))
    owner.stand_at(STATE_IN, 1)
    owner.grid.selection.go_to(Cell(0, 39))
    scrolled = owner.grid.inputs.horizontalScrollBar().value()
    owner.key(Key.Key_Space)
    owner.type("-12.5")
    owner.key(Key.Key_Return)
    assert owner.asked == ["set_inputs"] * 2
    rect = owner.grid.inputs.visualRect(owner.grid.model.index(*owner.cell))
    assert scrolled > 0
    assert owner.grid.inputs.viewport().rect().contains(rect.topLeft())


def test_both_panes_open_at_the_chosen_sequence(qtbot: QtBot) -> None:
    grid = SequenceGrid()
    qtbot.addWidget(grid)
    run = Run(PART_2.with_data(np.eye(30, 3)), "test")
    grid.resize(300, 200)
    grid.show_frame(frame_at(run, Position(0, 5), 29))
    with qtbot.waitExposed(grid):
        grid.show()
    QGuiApplication.processEvents()
    bars = grid.inputs.verticalScrollBar(), grid.results.verticalScrollBar()
    assert bars[0].value() == bars[1].value() == bars[1].maximum() > 0


def test_both_panes_scroll_together(qtbot: QtBot) -> None:
    owner = Owner(qtbot, PART_2.with_data(np.eye(30, 3)))
    owner.grid.resize(300, 150)
    owner.sequence = 29
    owner.show()
    for pane in (owner.grid.inputs, owner.grid.results):
        column = 0 if pane is owner.grid.inputs else 3
        rect = pane.visualRect(owner.grid.model.index(29, column))
        assert rect.bottom() < pane.viewport().height()
    for row in (3, 29, 0):
        owner.grid.selection.go_to(Cell(row, 4))
        assert (
            owner.grid.inputs.verticalScrollBar().value()
            == owner.grid.results.verticalScrollBar().value()
        )


def test_tab_leaves_the_grid(owner: Owner) -> None:
    after = QLineEdit(owner.window)
    after.setGeometry(10, 300, 100, 24)
    after.show()
    owner.key(Key.Key_Tab)
    assert after.hasFocus()
    owner.key(Key.Key_Backtab, Modifier.ShiftModifier)
    assert owner.grid.inputs.hasFocus()


def test_an_edit_survives_a_new_frame_and_not_a_new_shape(owner: Owner) -> None:
    owner.type("8")
    owner.stand_at(COST)
    assert owner.grid.editing
    assert editor().text() == "8"
    owner.experiment = edits.insert_rows(owner.experiment, 0)
    owner.show()
    assert not owner.grid.editing
    assert owner.asked == []


def test_infinite_results_are_shown(qtbot: QtBot) -> None:
    steep = changed(PART_2, weights=pair(1e200, 1e200), hidden_activation="identity")
    owner = Owner(qtbot, steep)
    owner.stand_at(COST)
    assert texts(owner, 0)[4:] == ["∞", "+∞"]
    owner.window.grab()


# -- many sequences ----------------------------------------------------------------------


@pytest.fixture
def many(qtbot: QtBot) -> Owner:
    """A hundred thousand sequences."""
    rows = np.random.default_rng(0).integers(0, 2, (100_000, 3)).astype(float)
    owner = Owner(qtbot, PART_2.with_data(rows))
    owner.stand_at(SUMS)
    return owner


def cells_read(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> set[tuple[int, int]]:
    """Every cell whose number was looked at one by one, until all is painted."""
    read: list[tuple[int, int]] = []
    value = SequenceModel.value

    def counted(model: SequenceModel, row: int, column: int) -> float | None:
        read.append((row, column))
        return value(model, row, column)

    with monkeypatch.context() as patched:
        patched.setattr(SequenceModel, "value", counted)
        do()
        QGuiApplication.processEvents()
    assert len(read) < 1500
    return set(read)


@pytest.mark.parametrize("row", [0, 50_000, 99_999])
def test_a_repaint_reads_the_cells_in_view_only(
    many: Owner, row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.grid.selection.go_to(Cell(row, 0))
    QGuiApplication.processEvents()
    read = cells_read(monkeypatch, many.grid.inputs.viewport().repaint)
    rows = {row for row, _ in read}
    assert row in rows
    assert len(rows) <= many.grid.height() // ROW_HEIGHT + 2


def test_an_edit_far_down_reads_few_cells(many: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    many.grid.selection.go_to(Cell(70_000, 1))
    cells_read(monkeypatch, lambda: many.key(Key.Key_Space))
    cells_read(monkeypatch, lambda: many.enter("-0.125"))
    assert many.asked == ["set_inputs"] * 2
    assert many.experiment.inputs[70_000, 1] == -0.125


@pytest.mark.parametrize(
    "do",
    [
        lambda grid: grid.add_row(),
        lambda grid: grid.remove_rows(),
        lambda grid: grid.move_row(-1),
        lambda grid: grid.add_timestamp(),
    ],
)
def test_rows_and_timestamps_change_without_reading_all(
    many: Owner, do: Callable[[SequenceGrid], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    many.grid.selection.go_to(Cell(70_000, 1))
    cells_read(monkeypatch, lambda: do(many.grid))
    assert len(many.asked) == 1


def test_all_cells_are_toggled_cleared_and_copied_without_reading_each(
    many: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    many.select(0, 0, 99_999, 2)
    for do in (many.grid.toggle, many.grid.toggle):
        cells_read(monkeypatch, do)
    assert not many.experiment.inputs.any()
    cells_read(monkeypatch, many.grid.copy)
    assert QGuiApplication.clipboard().text() == "\n".join(["0\t0\t0"] * 100_000)
    many.paste("1")
    cells_read(monkeypatch, many.grid.clear)
    assert many.asked == ["set_inputs"] * 4
    assert not many.experiment.inputs.any()


def test_copy_reaches_from_x_to_results(owner: Owner) -> None:
    frame = owner.stand_at(SUMS)
    assert frame.predictions is not None
    owner.select(1, 2, 2, 4)
    owner.grid.copy()
    expected = [
        ["x3", "y", "S_3"],
        ["0", "2", repr(float(frame.predictions[1]))],
        ["1", "3", repr(float(frame.predictions[2]))],
    ]
    assert QGuiApplication.clipboard().text() == "\n".join(map("\t".join, expected))


@pytest.mark.parametrize("row", [2, 70_000])
def test_an_extreme_number_has_its_room_wherever_it_stands(many: Owner, row: int) -> None:
    before = many.grid.inputs.columnWidth(1)
    many.grid.selection.go_to(Cell(row, 1))
    many.enter("-12345.678")
    needed = many.grid.inputs.delegate.width_of(many.grid.model.text(row, 1))
    assert before < needed <= many.grid.inputs.columnWidth(1)
    many.grid.selection.go_to(Cell(row, 1))
    many.enter("1")
    assert many.grid.inputs.columnWidth(1) == before


def test_one_edit_of_a_thousand_timestamps_measures_its_column(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = np.random.default_rng(0).normal(size=(20, 1000))
    owner = Owner(qtbot, PART_2.with_data(rows))
    owner.grid.selection.go_to(Cell(0, 3))
    read = cells_read(monkeypatch, lambda: owner.enter("7"))
    seen = {column for _, column in read if column < 1000}
    assert 3 in seen
    assert len(seen) < 30


def test_the_same_data_in_another_experiment_is_not_drawn_again(many: Owner) -> None:
    drawn: list[object] = []
    many.grid.model.dataChanged.connect(lambda *place: drawn.append(place))
    many.experiment = changed(many.experiment, learning_rates=pair(0.5, 0.5))
    many.show()
    assert drawn == []

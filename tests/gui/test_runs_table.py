"""Runs side by side: what is printed, copied, and asked for."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.history.runs_model import COST, EPOCHS, NAME, RULE, START, UNKNOWN
from rnn_gui.history.runs_table import ALONE, RunsTable
from rnn_gui.plots.ink import text_width
from rnn_gui.theme import SMALL_SIZE
from tests.tutorial import changed, pair

PART_2 = PRESETS["part-2"].experiment


def made(epochs: int, **changes: Any) -> Run:
    run = Run(changed(PART_2, **changes))
    run.reach(epochs)
    return run


PRESENT = made(12)
CLIPPED = made(30, update_rule="adam", clip_norm=1.0, adam_beta1=0.8)
DIVERGED = Run(changed(PRESETS["part-1"].experiment, learning_rates=pair(0.1, 0.2)))
DIVERGED.reach(100)
GHOSTS = (Ghost(CLIPPED, "1 · clipping"), Ghost(DIVERGED, "2 · part-1", shown=False))


@pytest.fixture
def runs(qtbot: QtBot) -> RunsTable:
    runs = RunsTable()
    qtbot.addWidget(runs)
    runs.resize(372, 220)
    runs.show_frame(frame_at(PRESENT, Position(8, 17)))
    runs.show_ghosts(GHOSTS, "3 · update rule")
    runs.show()
    runs.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is runs)
    return runs


def cell(runs: RunsTable, row: int, column: int) -> str:
    return str(runs.model.index(row, column).data())


def choose(runs: RunsTable, row: int) -> None:
    at = runs.table.visualRect(runs.model.index(row, RULE)).center()
    QTest.mouseClick(runs.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_present_run_stands_first_with_its_numbers(runs: RunsTable) -> None:
    assert cell(runs, 0, NAME) == "▸ 3 · update rule"
    assert cell(runs, 0, RULE) == "GD\n0.001"
    assert cell(runs, 0, START) == "0.4714\n−1.191"
    assert cell(runs, 0, EPOCHS) == "12"
    assert cell(runs, 0, COST) == "5.812"


def test_rules_rates_settings_and_clipping_in_short(runs: RunsTable) -> None:
    assert cell(runs, 1, RULE) == "Adam, beta 1 0.8\n0.001 · norm ≤ 1"
    assert cell(runs, 2, RULE) == "GD\n0.1, 0.2"
    tip = runs.model.index(2, RULE).data(Qt.ItemDataRole.ToolTipRole)
    assert "gradient descent" in tip
    runs.show_ghosts((Ghost(made(1, update_rule="rprop"), "1"),), "2")
    assert cell(runs, 1, RULE) == "Rprop\n"


def test_a_run_that_diverged_says_so(runs: RunsTable) -> None:
    assert cell(runs, 2, EPOCHS) == f"{DIVERGED.last}\nnot finite"
    tip = runs.model.index(2, EPOCHS).data(Qt.ItemDataRole.ToolTipRole)
    assert "last one whose cost and weights are finite" in tip


def test_the_last_cost_of_the_present_run_shows_once_it_is_known(runs: RunsTable) -> None:
    for epoch, step, known in ((12, 6, False), (12, 7, True), (11, 3, True)):
        runs.show_frame(frame_at(PRESENT, Position(epoch, step)))
        assert (cell(runs, 0, COST) != UNKNOWN) == known
        assert (repr(float(PRESENT.costs[12])) in runs.model.in_full([0])) == known


def test_the_present_run_grows_in_place(runs: RunsTable, qtbot: QtBot) -> None:
    run = made(3)
    runs.show_frame(frame_at(run, Position(3, 17)))
    run.extend(5)
    with qtbot.waitSignal(runs.model.dataChanged):
        runs.show_frame(frame_at(run, Position(8, 17)))
    assert cell(runs, 0, EPOCHS) == "8"
    with qtbot.assertNotEmitted(runs.model.dataChanged):
        runs.show_frame(frame_at(run, Position(8, 12)))


def test_a_check_box_asks_to_show_or_hide(runs: RunsTable, qtbot: QtBot) -> None:
    for row, wanted in ((1, False), (2, True)):
        option = QStyleOptionViewItem()
        runs.table.initViewItemOption(option)
        option.rect = runs.table.visualRect(runs.model.index(row, NAME))
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        box = runs.table.style().subElementRect(
            QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, runs.table
        )
        with qtbot.waitSignal(runs.shown_requested) as asked:
            QTest.mouseClick(runs.table.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
        assert asked.args == [GHOSTS[row - 1].run, wanted]
    assert runs.model.index(0, NAME).data(Qt.ItemDataRole.CheckStateRole) is None


def test_space_asks_for_the_row_of_the_cursor(runs: RunsTable, qtbot: QtBot) -> None:
    runs.table.setFocus()
    choose(runs, 1)
    runs.table.setCurrentIndex(runs.model.index(1, NAME))
    with qtbot.waitSignal(runs.shown_requested) as asked:
        QTest.keyClick(runs.table, Qt.Key.Key_Space)
    assert asked.args == [CLIPPED, False]


def test_return_and_forget_act_on_the_chosen_run(runs: RunsTable, qtbot: QtBot) -> None:
    assert not runs.back.isEnabled()
    choose(runs, 2)
    assert runs.back.isEnabled()
    with qtbot.waitSignal(runs.return_requested) as asked:
        runs.back.click()
    assert asked.args == [DIVERGED]
    with qtbot.waitSignal(runs.forget_requested) as asked:
        runs.forget.click()
    assert asked.args == [DIVERGED]
    choose(runs, 0)
    assert not runs.back.isEnabled()
    assert not runs.forget.isEnabled()


def test_enter_and_delete_do_the_same(runs: RunsTable, qtbot: QtBot) -> None:
    choose(runs, 1)
    with qtbot.waitSignal(runs.return_requested) as asked:
        QTest.keyClick(runs.table, Qt.Key.Key_Return)
    assert asked.args == [CLIPPED]
    with qtbot.waitSignal(runs.forget_requested) as asked:
        QTest.keyClick(runs.table, Qt.Key.Key_Delete)
    assert asked.args == [CLIPPED]
    with qtbot.waitSignal(runs.leave_requested):
        QTest.keyClick(runs.table, Qt.Key.Key_Escape)


def test_a_run_stays_chosen_while_others_go(runs: RunsTable) -> None:
    choose(runs, 2)
    runs.show_ghosts(GHOSTS[1:], "3 · update rule")
    assert runs.chosen is DIVERGED
    runs.show_ghosts((), "3 · update rule")
    assert runs.chosen is None
    assert not runs.forget.isEnabled()


def test_copy_has_all_digits(runs: RunsTable, qtbot: QtBot) -> None:
    runs.table.setFocus()
    with qtbot.waitSignal(runs.copied):
        QTest.keyClick(runs.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    head, *rows = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    assert [len(row) for row in rows] == [len(head)] * 3
    by_name = [dict(zip(head, row, strict=True)) for row in rows]
    assert float(by_name[1]["last cost"]) == CLIPPED.costs[30]
    assert float(by_name[0]["start Wrec"]) == PART_2.weights["Wrec"]
    assert by_name[1]["clip norm"] == "1.0"
    assert "beta 1 0.8" in by_name[1]["settings"]
    assert by_name[2]["ended"] == "not finite after it"


def test_the_menu_offers_what_can_be_done(runs: RunsTable, qtbot: QtBot) -> None:
    def offered() -> dict[str, QAction]:
        return {a.text().replace("&", ""): a for a in runs.menu().actions() if a.text()}

    choose(runs, 0)
    assert list(offered()) == ["Copy table"]
    choose(runs, 1)
    for text, signal in (
        ("Return to this run", runs.return_requested),
        ("Forget its 30 epochs", runs.forget_requested),
    ):
        with qtbot.waitSignal(signal) as asked:
            offered()[text].trigger()
        assert asked.args == [CLIPPED]


def test_all_columns_fit_the_tab_side_by_side(runs: RunsTable) -> None:
    assert not runs.table.horizontalScrollBar().isVisible()
    run = made(3)
    runs.show_frame(frame_at(run, Position(3, 17)))
    run.extend(25_000)
    runs.show_frame(frame_at(run, Position(run.last, 17)))
    QApplication.processEvents()
    assert not runs.table.horizontalScrollBar().isVisible()
    for column in (RULE, START, EPOCHS, COST):  # all but a long name
        widest = max(text_width(line, SMALL_SIZE) for line in cell(runs, 0, column).split("\n"))
        assert runs.table.columnWidth(column) >= widest + 6


def test_a_long_run_is_forgotten_when_asked_twice(runs: RunsTable, qtbot: QtBot) -> None:
    long = made(1500)
    runs.show_ghosts((*GHOSTS, Ghost(long, "3 · long")), "4")
    choose(runs, 3)
    with qtbot.assertNotEmitted(runs.forget_requested):
        runs.forget.click()
        assert runs.forget.text() == "Forget 1,500 epochs?"
        choose(runs, 1)  # another run is another question
        assert runs.forget.text() == "Forget"
        choose(runs, 3)
        QTest.keyClick(runs.table, Qt.Key.Key_Delete)
    with qtbot.waitSignal(runs.forget_requested) as asked:
        QTest.keyClick(runs.table, Qt.Key.Key_Delete)
    assert asked.args == [long]
    runs.show_ghosts(GHOSTS, "4")
    assert runs.forget.text() == "Forget"


def test_without_earlier_runs_it_says_how_there_will_be_some(runs: RunsTable) -> None:
    runs.show_ghosts((), "1 · part-2")
    assert runs._hint.isVisible()
    assert runs._hint.text() == ALONE
    runs.show_ghosts(GHOSTS, "3")
    assert not runs._hint.isVisible()

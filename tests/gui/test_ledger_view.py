"""The ledger: exactly what is known, sums that end as the gradient, copies with all digits."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.notation import number, signed
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.ledger_model import NO_HOP, UNKNOWN, ledger_text, sums_so_far
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.views.ledger_view import LedgerView
from tests.tutorial import COST, D_STATE_IN, D_STATE_OUT, PARTS, SUMS, epoch_length, step_number

RUN = Run(PRESETS["part-2"].experiment, "part-2")
RUN.reach(401)


def frame(step: int, *, compare: bool = False) -> Frame:
    return frame_at(RUN, Position(400, step), sequence=2, compare=compare)


@pytest.fixture
def view(qtbot: QtBot) -> LedgerView:
    view = LedgerView()
    qtbot.addWidget(view)
    view.resize(340, 220)
    view.show()
    return view


def cells(view: LedgerView) -> list[list[str]]:
    model = view.model
    return [[str(model.data(model.index(r, c))) for c in range(4)] for r in range(model.rowCount())]


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_each_step_shows_exactly_what_is_known(view: LedgerView, step: int) -> None:
    shown = frame(step)
    view.show_frame(shown)
    for row, k in zip(cells(view), (3, 2, 1), strict=True):
        added = shown.added(k)
        parts = (UNKNOWN,) * 2 if added is None else tuple(signed(part) for part in added.values())
        factor = shown.hop_factor(k)
        hop = NO_HOP if k == 3 else UNKNOWN if factor is None else number(factor)
        assert row == [str(k), *parts, hop]


def test_the_sums_grow_to_the_gradient(view: LedgerView) -> None:
    assert sums_so_far(frame(step_number(3, COST))) is None
    view.show_frame(frame(step_number(3, COST)))
    assert view.sums.summary() == "dE/dWx ·, dE/dWrec ·"
    after_two = frame(step_number(3, D_STATE_OUT, 1))
    assert sums_so_far(after_two) == after_two.running_sum(2)
    done = frame(step_number(3, SUMS))
    view.show_frame(done)
    assert sums_so_far(done) == done.gradient
    assert done.gradient is not None
    wx, wrec = (signed(part) for part in done.gradient.values())
    assert view.sums.accessibleDescription() == f"dE/dWx {wx}, dE/dWrec {wrec}"
    assert (
        view.sums.tip() == f"dE/dWx = {done.gradient['Wx']!r}, dE/dWrec = {done.gradient['Wrec']!r}"
    )


def test_the_row_of_the_current_step_is_banded(view: LedgerView) -> None:
    view.show_frame(frame(step_number(3, D_STATE_IN, 2)))
    assert view.model.current_row == 1
    image = view.table.viewport().grab().toImage()
    rows = [view.table.rowViewportPosition(row) + 3 for row in range(3)]
    colours = [image.pixelColor(3, y).name() for y in rows]
    assert [colour == LIGHT.band for colour in colours] == [False, True, False]
    view.show_frame(frame(step_number(3, SUMS)))
    assert view.model.current_row == -1
    assert view.sums.grab().toImage().pixelColor(3, 10).name() == LIGHT.band


def test_copy_is_tab_separated_with_a_header(qtbot: QtBot, view: LedgerView) -> None:
    shown = frame(step_number(3, PARTS, 2))
    view.show_frame(shown)
    view.table.clearSelection()
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:4] == [
        "timestamp",
        "adds to dE/dWx",
        "adds to dE/dWrec",
        "Wrec * f' of sequence c",
    ]
    added, sums = shown.added(2), shown.running_sum(2)
    assert added is not None
    assert sums is not None
    assert [float(cell) for cell in lines[2]] == [
        2,
        *added.values(),
        shown.hop_factor(2),
        *sums.values(),
    ]
    assert lines[3] == ["1", "", "", "", "", ""]


def test_copy_takes_the_selected_rows(qtbot: QtBot, view: LedgerView) -> None:
    view.show_frame(frame(step_number(3, SUMS)))
    middle = view.table.visualRect(view.model.index(1, 1)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    view.copy()
    assert QGuiApplication.clipboard().text() == ledger_text(frame(17), [2])


def test_tool_tips_have_all_digits(view: LedgerView) -> None:
    shown = frame(step_number(3, SUMS), compare=True)
    view.show_frame(shown)
    tip = view.model.data(view.model.index(1, 1), Qt.ItemDataRole.ToolTipRole)
    added = shown.added(2)
    other = shown.unactivated.added(2) if shown.unactivated else None
    assert added is not None
    assert other is not None
    assert repr(added["Wx"]) in str(tip)
    assert f"without the activation: adds {other['Wx']!r}" in str(tip)
    assert view.model.data(view.model.index(0, 3), Qt.ItemDataRole.ToolTipRole) is None


def test_headers_say_the_standard_words(view: LedgerView) -> None:
    view.show_frame(frame(17))
    across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
    tips = [str(view.model.headerData(column, across, role)) for column in range(4)]
    words = (
        *("time step", "gradient with respect to the input weight"),
        *("gradient with respect to the recurrent weight", "recurrent weight, times"),
    )
    for tip, word in zip(tips, words, strict=True):
        assert word in tip


def test_the_network_without_activation_lies_beside(view: LedgerView) -> None:
    shown = frame(step_number(3, SUMS), compare=True)
    view.show_frame(frame(step_number(3, SUMS)))
    plain = view.table.rowHeight(0)
    view.show_frame(shown)
    assert view.table.rowHeight(0) > plain
    assert any("without activation" in label.text() for label in view.findChildren(QLabel))
    header, *rows = ledger_text(shown, [3, 2, 1]).splitlines()
    assert header.count("without the activation") == 5
    assert all(row.count("\t") == header.count("\t") for row in rows)
    view.show_frame(frame(step_number(3, SUMS)))
    assert view.table.rowHeight(0) == plain


@pytest.mark.parametrize("width", [300, 340, 600])
def test_all_columns_fit_the_width(qtbot: QtBot, view: LedgerView, width: int) -> None:
    view.resize(width, 220)
    view.show_frame(frame(17))
    qtbot.wait(1)
    assert view.table.horizontalScrollBar().maximum() == 0
    assert sum(view.table.columnWidth(c) for c in range(4)) == view.table.viewport().width()


def test_the_current_row_stays_in_view_beside_the_other_network(
    qtbot: QtBot, view: LedgerView
) -> None:
    run = Run(RUN.experiment.with_data(np.ones((2, 50))))
    position = Position(0, step_number(50, PARTS, 30))
    for compare in (False, True):
        view.show_frame(frame_at(run, position, compare=compare))
        qtbot.wait(1)
        row = view.table.visualRect(view.model.index(20, 0))
        assert view.table.viewport().rect().contains(row), compare


@pytest.mark.parametrize("timestamps", [1, 50, 1000])
def test_the_current_row_stays_in_view(qtbot: QtBot, view: LedgerView, timestamps: int) -> None:
    inputs = (np.arange(3 * timestamps).reshape(3, timestamps) % 2).astype(float)
    run = Run(RUN.experiment.with_data(inputs))
    for k in (timestamps, timestamps // 2 + 1, 1):
        view.show_frame(frame_at(run, Position(0, step_number(timestamps, PARTS, k))))
        row = view.table.visualRect(view.model.index(timestamps - k, 0))
        assert view.table.viewport().rect().contains(row.center()), k
        assert not view.sums.visibleRegion().isEmpty()
    assert cells(view)[0][3] == NO_HOP


def test_another_look_changes_colours_and_digits(view: LedgerView) -> None:
    shown = frame(17)
    view.show_frame(shown)
    view.set_look(Look(DARK, 8))
    assert shown.gradient is not None
    assert signed(shown.gradient["Wx"], 8) in view.sums.accessibleDescription()
    view.show_frame(frame(12))
    y = view.table.rowViewportPosition(1) + 3
    image = view.table.viewport().grab().toImage()
    assert image.pixelColor(QPoint(3, y)).name() == DARK.band

"""The time line: all steps once, in order, within the width; a click means done up to here."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.cell.steps import Phase, Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.time_cells import Cell, layout_cells, step_label
from rnn_gui.views.time_line import TimeLine
from tests.tutorial import epoch_length, steps_of

SIZES = (1, 3, 50, 1000)


def measure(text: str) -> float:
    return 7.0 * len(text)


def frame(timestamps: int, step: int) -> Frame:
    run = Run(PRESETS["part-2"].experiment.with_data(np.ones((2, timestamps))))
    run.reach(1)
    return frame_at(run, Position(0, step))


@pytest.fixture
def line(qtbot: QtBot) -> TimeLine:
    line = TimeLine()
    qtbot.addWidget(line)
    line.resize(1240, 30)
    line.show()
    return line


def click(line: TimeLine, cell: Cell) -> None:
    place = QPoint(int(8 + cell.x + cell.width / 2), 12)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def unfolded(cells: Sequence[Cell], step: int) -> Cell:
    return next(cell for cell in cells if cell.first_step <= step <= cell.last_step)


@given(
    timestamps=st.one_of(st.integers(1, 60), st.sampled_from((100, 999, 1000))),
    share=st.floats(0, 1),
    width=st.floats(1, 4000),
)
def test_cells_hold_all_steps_once_in_order_within_the_width(
    timestamps: int, share: float, width: float
) -> None:
    step, every_step = round(share * epoch_length(timestamps)), [*steps_of(timestamps)]
    cells = layout_cells(steps_of(timestamps), step, width, measure)
    steps = [n for cell in cells for n in range(cell.first_step, cell.last_step + 1)]
    assert steps == list(range(1, epoch_length(timestamps) + 1))
    right = 0.0
    for cell in cells:
        assert cell.x == pytest.approx(right, abs=1e-6)
        assert cell.width > 0
        right = cell.x + cell.width
        assert measure(cell.label) <= cell.width
        phases = {step.phase for step in every_step[cell.first_step - 1 : cell.last_step]}
        assert phases == {cell.phase}
    assert right == pytest.approx(width)


@given(
    timestamps=st.one_of(st.integers(1, 60), st.sampled_from((100, 999, 1000))),
    share=st.floats(0, 1),
    width=st.floats(1240, 3840),
)
def test_in_a_window_the_current_step_has_a_cell_of_its_own_and_all_can_be_read(
    timestamps: int, share: float, width: float
) -> None:
    step = max(round(share * epoch_length(timestamps)), 1)
    cells = layout_cells(steps_of(timestamps), step, width, measure)
    current = unfolded(cells, step)
    assert current.first_step == current.last_step == step
    assert current.label == step_label(steps_of(timestamps)[step - 1])
    assert all(cell.label for cell in cells)
    assert all(cell.width >= 24 for cell in cells)


@given(
    timestamps=st.sampled_from((3, 10, 50, 1000)),
    start=st.floats(0, 1),
    end=st.floats(0, 1),
)
def test_every_step_is_reached_by_a_few_clicks(timestamps: int, start: float, end: float) -> None:
    step, wanted = (round(share * (5 * timestamps + 2)) + 1 for share in (start, end))
    for _ in range(8):
        if step == wanted:
            break
        step = unfolded(layout_cells(steps_of(timestamps), step, 1240, measure), wanted).last_step
    assert step == wanted


def test_labels_are_those_of_the_steps() -> None:
    cells = layout_cells(steps_of(3), 0, 1240, measure)
    assert [cell.label for cell in cells][:8] == [
        *("S₁(In)", "S₁(Out)", "S₂(In)", "S₂(Out)", "S₃(In)", "S₃(Out)", "cost", "dS₃(Out)"),
    ]
    assert [cell.label for cell in cells][-5:] == ["dS₁(Out)", "dS₁(In)", "dW at 1", "Σ", "update"]


@pytest.mark.parametrize("timestamps", [1, 3])
def test_a_click_on_each_cell_asks_for_its_step(line: TimeLine, timestamps: int) -> None:
    asked: list[int] = []
    line.step_requested.connect(asked.append)
    line.show_frame(frame(timestamps, 0))
    for cell in list(line.cells):
        click(line, cell)
    assert asked == list(range(1, epoch_length(timestamps) + 1))


def test_left_of_the_first_cell_nothing_is_done(line: TimeLine) -> None:
    asked: list[int] = []
    line.step_requested.connect(asked.append)
    line.show_frame(frame(3, 5))
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(2, 12))
    assert asked == [0]


def test_dragging_scrubs_through_cells_that_stay_where_they_are(line: TimeLine) -> None:
    asked: list[int] = []
    shown = frame(50, 20)
    line.step_requested.connect(asked.append)
    line.step_requested.connect(
        lambda step: line.show_frame(frame_at(shown.run, Position(0, step)))
    )
    line.show_frame(shown)
    cells = list(line.cells)
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(100, 12))
    for x in range(100, 1240, 10):
        QTest.mouseMove(line, QPoint(x, 12))
    assert line.cells == cells
    QTest.mouseMove(line, QPoint(1300, 12))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(1300, 12))
    assert asked == sorted(set(asked))
    assert asked[-1] == epoch_length(50)
    assert line.cells != cells


def test_a_change_of_size_during_a_drag_makes_new_cells(line: TimeLine) -> None:
    line.show_frame(frame(3, 5))
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(100, 12))
    line.show_frame(frame(1, 5))
    assert line.cells[-1].last_step == epoch_length(1)
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(100, 12))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_done_is_solid_and_to_come_is_soft(line: TimeLine, theme: object) -> None:
    assert theme in (LIGHT, DARK)
    look = Look(LIGHT if theme is LIGHT else DARK)
    line.set_look(look)
    line.show_frame(frame(3, 9))
    image = line.grab().toImage()

    def colour(step: int) -> str:
        cell = line.cells[step - 1]
        return image.pixelColor(round(8 + cell.x + 6), 6).name()

    assert colour(2) == look.theme.forward
    assert colour(8) == look.theme.backward
    assert colour(12) == look.theme.backward_soft
    assert colour(18) == look.theme.update_soft


def test_the_current_cell_is_outlined_and_pointed_at(line: TimeLine) -> None:
    def marked(step: int) -> list[bool]:
        line.show_frame(frame(3, step))
        image = line.grab().toImage()
        middles = [round(8 + cell.x + cell.width / 2) for cell in line.cells]
        return [image.pixelColor(x, 27) == LIGHT.text for x in middles]

    assert marked(9) == [n == 9 for n in range(1, 19)]
    assert marked(18) == [n == 18 for n in range(1, 19)]


def test_it_tells_where_it_stands(line: TimeLine) -> None:
    line.show_frame(frame(3, 12))
    assert line.accessibleName() == "Time line"
    assert line.accessibleDescription() == "dS₂(In), backward phase, step 12 of 18"
    line.show_frame(frame(3, 0))
    assert line.accessibleDescription().startswith("Nothing done yet; S₁(In), forward phase")


def test_tool_tips_say_done_or_to_come(line: TimeLine) -> None:
    line.show_frame(frame(3, 12))

    def tip(step: int) -> str:
        cell = line.cells[step - 1]
        return line.tip_at(8 + cell.x + cell.width / 2)

    assert tip(12) == (
        "dS₂(In): backward phase, step 12, done\n"
        "gradient with respect to the pre-activation at time step 2"
    )
    assert tip(13).startswith("dW at 2: backward phase, step 13, to come\nparts of the gradients")
    assert tip(7).endswith("\nmean squared error")
    assert line.tip_at(1) == "Start of the epoch: nothing done"
    line.show_frame(frame(50, 40))
    assert line.tip_at(12).startswith("timestamps 1–5: forward phase, steps 1–10, done")


def test_tab_reaches_it_and_arrows_pass_through(qtbot: QtBot, line: TimeLine) -> None:
    asked: list[int] = []
    line.step_requested.connect(asked.append)
    line.show_frame(frame(3, 5))
    line.setFocus(Qt.FocusReason.TabFocusReason)
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert asked == []


@pytest.mark.parametrize("timestamps", SIZES)
@pytest.mark.parametrize("width", [1240, 3800])
def test_every_size_is_painted(line: TimeLine, timestamps: int, width: int) -> None:
    line.resize(width, 30)
    line.show_frame(frame(timestamps, epoch_length(timestamps) - 1))
    image = line.grab().toImage()
    assert image.pixelColor(8 + 6, 6).name() == LIGHT.forward
    assert {cell.phase for cell in line.cells} == set(Phase)

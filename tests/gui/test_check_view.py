"""The gradient check: three ways side by side, the step size, and planted mistakes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.notation import number
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.exercises.gradient_check import (
    STEP_SIZES,
    complex_step,
    complex_step_parts,
    relative_error,
)
from core.exercises.planted import TUTORIAL, Planted, mistakes_of, tell_apart
from core.training.run import Run
from rnn_gui.fields.number_table import NumberTable
from rnn_gui.plots.difference_panel import TOO_LARGE
from rnn_gui.theme import DARK, LIGHT, Look, style_sheet
from rnn_gui.views.check_view import (
    DIFFERS,
    NONE_SHOWS,
    NOT_HERE,
    TOO_LONG,
    UNKNOWN,
    WITH_THE_SUMS,
    CheckView,
)
from tests.tutorial import SUMS, epoch_length, pair, step_number, tutorial

RUN = Run(PRESETS["part-2"].experiment, "part-2")
RUN.reach(3)
DONE = step_number(3, SUMS)
MISTAKES = mistakes_of(RUN.experiment.cell, 3)


def frame(step: int = DONE, epoch: int = 0) -> Frame:
    return frame_at(RUN, Position(epoch, step))


def first_frame(experiment: Experiment) -> Frame:
    return frame_at(Run(experiment), Position(0, 0))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CheckView]:
    view = CheckView(seed=7)
    view.resize(500, 620)
    view.show()
    view.show_frame(frame())
    yield view
    shiboken6.delete(view)


def texts(table: NumberTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.model_.rows]


def exacts(table: NumberTable) -> list[list[str]]:
    return [[cell.exact for cell in row] for row in table.model_.rows]


def planted(view: CheckView) -> Planted:
    assert view.mistake is not None
    return view.mistake


def click(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, view: CheckView, key: str) -> None:
    """By the keyboard, as somebody would who goes down the list."""
    view.choice.setFocus()
    while view.choice.currentData() != key:
        down = view.choice.currentIndex() < list(TUTORIAL).index(key)
        qtbot.keyClick(view.choice, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_back_propagation_is_shown_once_it_is_known(view: CheckView, step: int) -> None:
    view.show_frame(frame(step))
    known = step >= DONE
    exact = complex_step(RUN.experiment, RUN.experiment.weights)
    gradient = frame().trace.gradient
    assert [*gradient] == [*exact] == ["Wx", "Wrec"]
    for row, name in zip(texts(view.table), gradient, strict=True):
        back, right = gradient[name], exact[name]
        error = number(relative_error(back, right), 1)
        assert row[1:3] == ([number(back), error] if known else [UNKNOWN, UNKNOWN])
        assert row[5] == number(right)
        assert DIFFERS not in "".join(row)
    assert view.note.isVisible() != known
    assert view.note.text() == WITH_THE_SUMS


def test_cells_tell_all_digits(view: CheckView) -> None:
    shown = exacts(view.table)
    gradient = frame().gradient
    assert gradient is not None
    assert [row[1] for row in shown] == [repr(part) for part in gradient.values()]
    model = view.table.model()
    tip = model.data(model.index(1, 5, QModelIndex()), Qt.ItemDataRole.ToolTipRole)
    assert tip == repr(complex_step(RUN.experiment, RUN.experiment.weights)["Wrec"])


def test_the_table_is_copied_with_all_digits(qtbot: QtBot, view: CheckView) -> None:
    view.show_frame(frame(0))
    view.table.setFocus()
    with qtbot.waitSignal(view.copied):
        qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][1:4] == ["back-propagated", "relative error", "central h = 1e−5"]
    assert lines[1][:3] == ["dE/dWx", "", ""]
    assert float(lines[2][5]) == complex_step(RUN.experiment, RUN.experiment.weights)["Wrec"]


def test_keys_and_clicks_choose_the_step_size(qtbot: QtBot, view: CheckView) -> None:
    plot, panel = view.plot, view.panel
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert view.step_size == 1e-6
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert view.step_size == 1e-4
    for step in (1e-12, 1e-1):
        at = plot.mapFromScene(panel.mapToScene(panel.place(np.log10(step), -4.0)))
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
        assert view.step_size == step
        assert view.table.model_.heads[3] == f"central\nh = {number(step)}"
        found = panel.valley
        assert found is not None
        central = found.differences[:, STEP_SIZES.index(step)].tolist()
        assert [row[3] for row in exacts(view.table)] == [repr(value) for value in central]
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert view.step_size == 1e-1  # the largest there is


def test_a_mistake_is_planted_marked_and_shown(qtbot: QtBot, view: CheckView) -> None:
    with qtbot.waitSignal(view.planted_changed) as told:
        click(qtbot, view.plant_button)
    mistake = view.mistake
    assert mistake is not None
    assert told.args == [mistake]
    assert view.strip.isVisible()
    assert "PLANTED MISTAKE" in view.strip_text.text()
    assert not view.plot.isVisible()
    wrong = mistake.trace(frame().trace)
    assert [row[1] for row in exacts(view.table)] == [
        repr(part) for part in wrong.gradient.values()
    ]
    assert any(row[2].startswith(DIFFERS) for row in texts(view.table))
    right = complex_step_parts(RUN.experiment, RUN.experiment.weights)
    for row, timestamp in zip(exacts(view.parts), (3, 2, 1), strict=True):
        shown = (wrong.parts("Wx"), right["Wx"], wrong.parts("Wrec"), right["Wrec"])
        assert row == [str(timestamp), *(repr(float(part[timestamp - 1])) for part in shown)]
    for cells in view.parts.model_.rows:
        for mine, other in ((cells[1], cells[2]), (cells[3], cells[4])):
            differs = relative_error(float(mine.exact), float(other.exact)) > 1e-6
            assert mine.marked == differs == mine.text.startswith(DIFFERS)
    click(qtbot, view.stop)
    assert view.mistake is None
    assert view.plot.isVisible()
    assert not view.strip.isVisible()
    assert DIFFERS not in str(texts(view.table))


def test_answers_are_told_right_or_wrong_and_counted(qtbot: QtBot, view: CheckView) -> None:
    click(qtbot, view.plant_button)
    mistake = view.mistake
    assert mistake is not None
    assert not view.answer_button.isEnabled()
    trace = frame().trace
    other = next(m for m in MISTAKES.values() if m.key != mistake.key and tell_apart(m, trace))
    choose(qtbot, view, other.key)
    click(qtbot, view.answer_button)
    assert view.told.text().startswith("✗ Not that: it would give other numbers")
    assert mistake.sentence not in view.told.text()
    assert (view.answers.right, view.answers.tries) == (0, 1)
    assert view.score.text() == "0 right in 1 try"
    choose(qtbot, view, "last-slope-forgotten")
    click(qtbot, view.answer_button)
    assert "would change nothing" in view.told.text()
    choose(qtbot, view, mistake.key)
    click(qtbot, view.answer_button)
    assert view.told.text() == f"✓ Right. {mistake.sentence}"
    assert view.score.text() == "1 right in 3 tries"
    assert not view.answer_button.isEnabled()
    click(qtbot, view.another)
    assert planted(view).key != mistake.key
    assert view.told.text() == ""
    assert view.score.text() == "1 right in 3 tries"


def test_what_cannot_be_told_apart_is_right(qtbot: QtBot, view: CheckView) -> None:
    experiment = tutorial(
        inputs=RUN.experiment.inputs,
        targets=RUN.experiment.targets,
        weights=pair(1.0, 0.5),
        learning_rates=pair(0.0, 0.0),
    )
    view.show_frame(first_frame(experiment))
    click(qtbot, view.plant_button)
    while planted(view).key != "wrec-forgotten":
        click(qtbot, view.another)
    choose(qtbot, view, "wx-for-wrec")
    click(qtbot, view.answer_button)
    assert view.told.text().startswith("✓ Right: with these numbers it cannot be told")
    assert MISTAKES["wrec-forgotten"].sentence in view.told.text()


def test_a_mistake_that_an_edit_hides_is_said_not_to_show(qtbot: QtBot, view: CheckView) -> None:
    click(qtbot, view.plant_button)
    while planted(view).key != "mean-forgotten":
        click(qtbot, view.another)
    assert NOT_HERE not in view.strip_text.text()
    view.show_frame(first_frame(RUN.experiment.with_data([[1.0, 0.0, 1.0]])))
    assert NOT_HERE in view.strip_text.text()
    view.show_frame(frame())
    assert NOT_HERE not in view.strip_text.text()


@pytest.mark.filterwarnings("error")
def test_where_nothing_can_be_planted_it_is_said(qtbot: QtBot, view: CheckView) -> None:
    view.show_frame(frame_at(painted_overflow(), Position(0, 0)))
    assert "not finite" in view.sentence.text()
    click(qtbot, view.plant_button)
    assert view.mistake is None
    assert view.sentence.text() == NONE_SHOWS
    view.show_frame(frame())
    assert view.sentence.text().startswith("The best h is")


def painted_overflow() -> Run:
    return Run(
        tutorial(
            inputs=np.ones((2, 5)),
            targets=np.zeros(2),
            weights=pair(1e200, 1e200),
            learning_rates=pair(0.1, 0.1),
            hidden_activation="identity",
        )
    )


def test_much_data_says_why_numbers_are_missing(qtbot: QtBot, view: CheckView) -> None:
    view.show_frame(first_frame(RUN.experiment.with_data(np.eye(4000, 3))))
    assert view.sentence.text().startswith(TOO_LARGE)
    assert [row[5] for row in texts(view.table)] == [UNKNOWN, UNKNOWN]
    view.show_frame(first_frame(RUN.experiment.with_data(np.ones((1, 600)))))
    click(qtbot, view.plant_button)
    assert view.mistake is not None
    assert not view.parts.isVisible()
    assert view.note.text() == TOO_LONG
    view.show_frame(frame())
    assert view.parts.isVisible()
    assert not view.note.isVisible()


def test_nothing_is_worked_out_behind_another_tab(qtbot: QtBot) -> None:
    view = CheckView()
    view.show_frame(frame())
    assert view.panel.valley is None
    assert view.table.model_.rows == []
    view.show()
    assert view.panel.valley is not None
    assert view.table.model_.rows != []
    view.hide()
    view.show_frame(frame(epoch=1))
    assert view.panel.valley.weights == RUN.weights(0)
    shiboken6.delete(view)


def test_digits_and_colours_follow_the_look(view: CheckView) -> None:
    view.set_look(Look(DARK, 7))
    gradient = frame().gradient
    assert gradient is not None
    assert texts(view.table)[0][1] == number(gradient["Wx"], 7)
    assert view.table.model_.colour == DARK.backward


@pytest.mark.parametrize("planted", [False, True])
def test_it_works_in_a_small_tab(qtbot: QtBot, view: CheckView, planted: bool) -> None:
    view.setStyleSheet(style_sheet(LIGHT))  # whose paddings count
    view.resize(370, 240)
    if planted:
        click(qtbot, view.plant_button)
    assert (view.width(), view.height()) == (370, 240)
    assert not view.table.horizontalScrollBar().isVisible()
    assert view._scroll.verticalScrollBar().maximum() > 0
    if planted:
        choose(qtbot, view, "sign")
        click(qtbot, view.answer_button)
        room = view._scroll.viewport().rect()
        qtbot.waitUntil(lambda: not view._laid_out.isActive())
        assert view.told.height() >= view.told.heightForWidth(view.told.width())
        assert room.contains(
            QRect(view.told.mapTo(view._scroll.viewport(), QPoint()), view.told.size())
        )


def test_escape_leaves_from_everywhere(qtbot: QtBot, view: CheckView) -> None:
    def escape(*widgets: QWidget) -> None:
        for widget in widgets:
            widget.setFocus()
            with qtbot.waitSignal(view.leave_requested):
                qtbot.keyClick(widget, Qt.Key.Key_Escape)

    escape(view.plant_button, view.plot, view.table)
    view.plant()
    escape(view.another, view.stop, view.choice, view.parts)

"""The equation view: what it says, what it copies, that it never shows too much."""

from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.cell.update_rules import UPDATE_RULES
from core.data.presets import PRESETS
from core.epoch.explain import Explanation, explain
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui import equation_canvas
from rnn_gui.equation_canvas import EquationCanvas, lines_of
from rnn_gui.equation_layout import layout_explanation
from rnn_gui.equation_lines import Layout
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.views.equation_view import EquationView
from tests.tutorial import (
    COST,
    D_STATE_IN,
    PARTS,
    STATE_OUT,
    UPDATE,
    changed,
    epoch_length,
    step_number,
)

RUN = Run(PRESETS["part-2"].experiment, "part-2")
RUN.reach(401)


def frame(step: int, *, compare: bool = False) -> Frame:
    return frame_at(RUN, Position(400, step), sequence=2, compare=compare)


@pytest.fixture
def view(qtbot: QtBot) -> EquationView:
    view = EquationView()
    qtbot.addWidget(view)
    view.resize(360, 300)
    view.show()
    return view


def said(view: EquationView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_it_names_the_step_and_whose_numbers_these_are(view: EquationView) -> None:
    view.show_frame(frame(step_number(3, D_STATE_IN, 2)))
    assert "sequence c" in said(view)
    assert f"<b>Backward, timestamp 2.</b> {explain(frame(12)).sentence}" in said(view)
    view.show_frame(frame(step_number(3, COST)))
    assert "all sequences" in said(view)
    alone = Run(RUN.experiment.with_data(np.ones((1, 2))))
    view.show_frame(frame_at(alone, Position(0, step_number(2, COST))))
    assert "sequence a" in said(view)


def test_the_first_step_is_announced_without_numbers(view: EquationView) -> None:
    view.show_frame(frame(0))
    assert "<b>Next: Forward, timestamp 1.</b>" in said(view)
    assert "0.9" not in view.equations.accessibleDescription()
    view.copy()
    assert clipboard() == ("Next: Forward, timestamp 1\n\nS_1(In) = S_0(Out) · Wrec + X_1 · Wx")


def test_copy_has_all_digits(qtbot: QtBot, view: EquationView) -> None:
    shown = frame(step_number(3, PARTS, 2))
    view.show_frame(shown)
    qtbot.mouseClick(view.findChild(QToolButton), Qt.MouseButton.LeftButton)
    added = shown.added(2)
    assert added is not None
    assert f"= {added['Wx']!r}" in clipboard()
    assert f"= {added['Wrec']!r}" in clipboard()


def test_ctrl_c_copies_when_the_equation_has_the_focus(qtbot: QtBot, view: EquationView) -> None:
    QGuiApplication.clipboard().clear()
    view.show_frame(frame(2))
    view.equations.setFocus()
    qtbot.keyClick(view.equations, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == view.text_in_full()
    assert explain(frame(2)).equations[0].in_full() in clipboard()


def test_ctrl_c_comes_before_a_shortcut_of_the_window(qtbot: QtBot) -> None:
    window, view = QMainWindow(), EquationView()
    window.setCentralWidget(view)
    qtbot.addWidget(window)
    theirs: list[bool] = []
    action = QAction("Copy plot", window)
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.triggered.connect(lambda: theirs.append(True))
    window.addAction(action)
    with qtbot.waitActive(window):
        window.show()
    view.show_frame(frame(2))
    view.equations.setFocus()
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(view.equations, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == view.text_in_full()
    assert theirs == []


@pytest.mark.parametrize("compare", [False, True])
def test_a_step_is_laid_out_once_for_each_width(
    view: EquationView, monkeypatch: pytest.MonkeyPatch, compare: bool
) -> None:
    widths: list[float] = []

    def counted(explanation: Explanation, look: Look, width: float, **more: Any) -> Layout:
        widths.append(width)
        return layout_explanation(explanation, look, width, **more)

    monkeypatch.setattr(equation_canvas, "layout_explanation", counted)
    for step in range(epoch_length(3) + 1):
        widths.clear()
        view.show_frame(frame(step, compare=compare))
        QApplication.processEvents()  # the sentence may have another number of lines
        assert len(widths) == len(set(widths)) <= 1 + compare, step


def test_another_width_is_laid_out_anew(view: EquationView) -> None:
    view.show_frame(frame(step_number(3, PARTS, 2)))
    QApplication.processEvents()
    tall = view.equations.verticalScrollBar().maximum()
    view.resize(900, 300)
    QApplication.processEvents()
    assert view.equations.verticalScrollBar().maximum() < tall


def test_the_description_reads_the_equation_out(view: EquationView) -> None:
    view.show_frame(frame(step_number(3, D_STATE_IN, 2)))
    description = view.equations.accessibleDescription()
    assert "dE/dS_2(In) = dE/dS_2(Out) · d_log(S_2(In))" in description
    assert explain(frame(12)).sentence in description


def test_without_activation_both_are_copied(view: EquationView) -> None:
    shown = frame(step_number(3, D_STATE_IN, 2), compare=True)
    view.show_frame(shown)
    assert shown.unactivated is not None
    view.copy()
    first, second = clipboard().split("Without the activation")
    assert repr(float(shown.trace.gradient_table("S(In)")[1, 2])) in first
    assert repr(float(shown.unactivated.trace.gradient_table("S(In)")[1, 2])) in second


def test_a_network_without_activation_is_not_compared_with_itself(view: EquationView) -> None:
    run = Run(PRESETS["part-1"].experiment)
    view.show_frame(frame_at(run, Position(0, 5), compare=True))
    assert "Without the activation" not in view.text_in_full()


def test_it_scrolls_exactly_where_room_is_missing(qtbot: QtBot, view: EquationView) -> None:
    view.resize(300, 240)
    view.show_frame(frame(step_number(3, PARTS, 3)))
    qtbot.wait(1)
    bar = view.equations.verticalScrollBar()
    assert bar.maximum() > 0
    assert view.equations.horizontalScrollBar().maximum() == 0
    bar.setValue(bar.maximum())
    view.show_frame(frame(step_number(3, D_STATE_IN, 2)))
    qtbot.wait(1)
    assert bar.maximum() == 0


def test_a_number_says_all_its_digits_under_the_mouse(view: EquationView) -> None:
    shown = frame(step_number(3, STATE_OUT, 1))
    view.show_frame(shown)
    points = [QPoint(x, y) for x in range(0, 300, 4) for y in range(0, 120, 4)]
    tips = {view.equations.text_tip(point) for point in points}
    taken_in, given_out = (
        float(shown.trace.table("S(In)")[0, 2]),
        float(shown.trace.history("S(Out)")[1, 2]),
    )
    assert f"S_1(In) = {taken_in!r}\npre-activation at time step 1" in tips
    assert f"S_1(Out) = {given_out!r}\nhidden state (activation) at time step 1" in tips


def test_another_look_repaints_with_its_digits(view: EquationView) -> None:
    shown = frame(step_number(3, STATE_OUT, 1))
    view.show_frame(shown)
    before = view.equations.grab().toImage()
    view.set_look(Look(DARK, 8))
    assert view.equations.grab().toImage() != before
    assert (
        f"{float(shown.trace.values('S(Out)', 1)[2]):.8f}" in view.equations.accessibleDescription()
    )


# -- results in view -----------------------------------------------------------------------------


def update_of(rule: str, clip_norm: float | None = None) -> Frame:
    run = Run(changed(RUN.experiment, update_rule=rule, clip_norm=clip_norm))
    run.reach(41)
    return frame_at(run, Position(40, step_number(3, UPDATE)))


def sized(view: EquationView, width: int, canvas: int) -> None:
    """With so many pixels for the equations."""
    view.resize(width, view.height() - view.equations.height() + canvas)
    QApplication.processEvents()


def tips_of(view: EquationView) -> list[str]:
    """All tool tips that the mouse finds, from the top down."""
    found: dict[str, None] = {}
    for y in range(0, view.equations.height(), 4):
        for x in range(0, view.equations.width(), 6):
            found[view.equations.text_tip(QPoint(x, y))] = None
    return list(found)


@pytest.mark.parametrize("clip_norm", [None, 0.5])
@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize("compare", [False, True])
def test_the_new_weights_are_in_view_unscrolled(
    view: EquationView, rule: str, clip_norm: float | None, compare: bool
) -> None:
    shown = update_of(rule, clip_norm)
    if compare:
        shown = frame_at(shown.run, shown.position, compare=True)
    view.show_frame(shown)
    sized(view, 360, 150)
    assert shown.after_update is not None
    assert [*shown.after_update] == ["Wx", "Wrec"]
    tips = "\n".join(tips_of(view))
    for name, value in shown.after_update.items():
        assert f"new {name} = {value!r}" in tips
    if compare:
        assert shown.unactivated is not None
        assert shown.unactivated.after_update is not None
        assert [*shown.unactivated.after_update] == ["Wx", "Wrec"]
        for value in shown.unactivated.after_update.values():
            assert repr(value) in tips


def test_a_click_on_a_result_scrolls_to_its_line(qtbot: QtBot, view: EquationView) -> None:
    view.show_frame(update_of("adam"))
    sized(view, 360, 150)
    canvas, bar = view.equations, view.equations.verticalScrollBar()
    last = QPoint(180, canvas.viewport().height() - 12)
    assert canvas.text_tip(last).startswith("new Wrec = ")
    qtbot.mouseMove(canvas.viewport(), last)
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=last)
    assert bar.value() > bar.maximum() * 0.8
    first = QPoint(20, last.y())
    before = bar.value()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert bar.value() < before
    above = "\n".join(tips_of(view)[:-2])
    assert canvas.text_tip(first) in above
    middle = bar.value()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    assert bar.value() == middle


def test_where_all_fits_no_line_repeats_the_results(view: EquationView) -> None:
    view.show_frame(update_of("gradient-descent"))
    sized(view, 360, 300)
    assert view.equations.verticalScrollBar().maximum() == 0
    bottom = QPoint(60, view.equations.viewport().height() - 12)
    assert view.equations.text_tip(bottom) == ""
    sized(view, 360, 120)
    bottom = QPoint(60, view.equations.viewport().height() - 12)
    assert view.equations.text_tip(bottom).startswith("new Wx = ")


def test_the_last_line_scrolls_clear_of_the_results(view: EquationView) -> None:
    view.show_frame(update_of("momentum"))
    sized(view, 360, 120)
    canvas, bar = view.equations, view.equations.verticalScrollBar()
    bar.setValue(bar.maximum())
    seen = [y for y in range(120) if canvas.text_tip(QPoint(110, y)).startswith("new Wrec")]
    assert seen
    assert seen[0] < 85


@pytest.mark.parametrize("compare", [False, True])
def test_no_line_is_cut_through(view: EquationView, compare: bool) -> None:
    canvas, spared = view.equations, 0
    for step in range(1, epoch_length(3) + 1):
        view.show_frame(frame(step, compare=compare))
        for height in (80, 95, 110, 130):
            sized(view, 362, height)
            bar = canvas.verticalScrollBar()
            for value in {0, bar.maximum() // 2, bar.maximum()} if bar.maximum() else ():
                bar.setValue(value)
                spared += lines_not_cut(canvas)
    assert spared > 60


def lines_not_cut(canvas: EquationCanvas) -> int:
    """How many lines have no room above the results as a whole: nothing of them is painted, as
    long as there is room for another one.
    """
    image = canvas.viewport().grab().toImage()
    top = -canvas._origin().y()
    bottom = top + canvas._results_top
    lines = lines_of(canvas._layout)
    if not any(top <= line.top and line.bottom <= bottom for line in lines):
        return 0
    cut = [line for line in lines if any(line.top < edge < line.bottom for edge in (top, bottom))]
    for line in cut:
        rows = range(ceil(max(line.top, top)), floor(min(line.bottom, bottom)))
        points = [(x, y - round(top)) for y in rows for x in range(2, canvas.viewport().width())]
        assert {image.pixelColor(x, y).name() for x, y in points} <= {LIGHT.panel}
    return len(cut)


def test_a_taller_equation_asks_for_room_and_a_lower_one_keeps_it(view: EquationView) -> None:
    view.show_frame(frame(2))
    low = view.sizeHint().height()
    view.show_frame(update_of("momentum"))
    tall = view.sizeHint().height()
    assert tall > low
    view.resize(view.width(), tall)
    QApplication.processEvents()
    assert view.equations.verticalScrollBar().maximum() == 0
    view.show_frame(frame(2))
    assert view.sizeHint().height() == tall


def test_card_and_equations_are_of_one_colour(view: EquationView) -> None:
    for theme in (LIGHT, DARK, LIGHT):
        view.set_look(Look(theme))
        view.show_frame(frame(2))
        image = view.grab().toImage()
        corners = [(1, 1), (1, view.height() - 2), (view.width() - 2, view.height() - 2)]
        canvas = view.equations.geometry()
        corners += [(canvas.left() + 1, canvas.top() + 1), (canvas.right() - 1, canvas.top() + 1)]
        assert {image.pixelColor(x, y).name() for x, y in corners} == {theme.panel}

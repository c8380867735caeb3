"""The equation view: what it says, what it copies, that it never shows too much."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from core.explain import Explanation, explain
from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.steps import Kind, Position, epoch_length, step_number
from core.training import Run
from rnn_gui.equation_layout import Layout, layout_explanation
from rnn_gui.theme import DARK, Look
from rnn_gui.views import equation_view
from rnn_gui.views.equation_view import EquationView

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
    view.show_frame(frame(step_number(3, Kind.D_STATE_IN, 2)))
    assert "sequence c" in said(view)
    assert f"<b>Backward, timestamp 2.</b> {explain(frame(12)).sentence}" in said(view)
    view.show_frame(frame(step_number(3, Kind.COST)))
    assert "all sequences" in said(view)
    alone = Run(RUN.experiment.with_data(np.ones((1, 2))))
    view.show_frame(frame_at(alone, Position(0, step_number(2, Kind.COST))))
    assert "sequence a" in said(view)


def test_the_first_step_is_announced_without_numbers(view: EquationView) -> None:
    view.show_frame(frame(0))
    assert "<b>Next: Forward, timestamp 1.</b>" in said(view)
    assert "0.9" not in view.equations.accessibleDescription()
    view.copy()
    assert clipboard() == ("Next: Forward, timestamp 1\n\nS_1(In) = S_0(Out) · Wrec + X_1 · Wx")


def test_copy_has_all_digits(qtbot: QtBot, view: EquationView) -> None:
    shown = frame(step_number(3, Kind.D_WEIGHTS, 2))
    view.show_frame(shown)
    qtbot.mouseClick(view.findChild(QToolButton), Qt.MouseButton.LeftButton)
    added = shown.added(2)
    assert added is not None
    assert f"= {added.wx!r}" in clipboard()
    assert f"= {added.wrec!r}" in clipboard()


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

    monkeypatch.setattr(equation_view, "layout_explanation", counted)
    for step in range(epoch_length(3) + 1):
        widths.clear()
        view.show_frame(frame(step, compare=compare))
        QApplication.processEvents()  # the sentence may have another number of lines
        assert len(widths) == len(set(widths)) <= 1 + compare, step


def test_another_width_is_laid_out_anew(view: EquationView) -> None:
    view.show_frame(frame(step_number(3, Kind.D_WEIGHTS, 2)))
    QApplication.processEvents()
    tall = view.equations.verticalScrollBar().maximum()
    view.resize(900, 300)
    QApplication.processEvents()
    assert view.equations.verticalScrollBar().maximum() < tall


def test_the_description_reads_the_equation_out(view: EquationView) -> None:
    view.show_frame(frame(step_number(3, Kind.D_STATE_IN, 2)))
    description = view.equations.accessibleDescription()
    assert "dE/dS_2(In) = dE/dS_2(Out) · d_log(S_2(In))" in description
    assert explain(frame(12)).sentence in description


def test_without_activation_both_are_copied(view: EquationView) -> None:
    shown = frame(step_number(3, Kind.D_STATE_IN, 2), compare=True)
    view.show_frame(shown)
    assert shown.unactivated is not None
    view.copy()
    first, second = clipboard().split("Without the activation")
    assert repr(float(shown.trace.d_state_in[1, 2])) in first
    assert repr(float(shown.unactivated.trace.d_state_in[1, 2])) in second


def test_a_network_without_activation_is_not_compared_with_itself(view: EquationView) -> None:
    run = Run(PRESETS["part-1"].experiment)
    view.show_frame(frame_at(run, Position(0, 5), compare=True))
    assert "Without the activation" not in view.text_in_full()


def test_it_scrolls_exactly_where_room_is_missing(qtbot: QtBot, view: EquationView) -> None:
    view.resize(300, 240)
    view.show_frame(frame(step_number(3, Kind.D_WEIGHTS, 3)))
    qtbot.wait(1)
    bar = view.equations.verticalScrollBar()
    assert bar.maximum() > 0
    assert view.equations.horizontalScrollBar().maximum() == 0
    bar.setValue(bar.maximum())
    view.show_frame(frame(step_number(3, Kind.D_STATE_IN, 2)))
    qtbot.wait(1)
    assert bar.maximum() == 0


def test_a_number_says_all_its_digits_under_the_mouse(view: EquationView) -> None:
    shown = frame(step_number(3, Kind.STATE_OUT, 1))
    view.show_frame(shown)
    points = [QPoint(x, y) for x in range(0, 300, 4) for y in range(0, 120, 4)]
    tips = {view.equations.text_tip(point) for point in points}
    taken_in, given_out = float(shown.trace.state_in[0, 2]), float(shown.trace.state_out[1, 2])
    assert f"S_1(In) = {taken_in!r}\npre-activation at time step 1" in tips
    assert f"S_1(Out) = {given_out!r}\nhidden state (activation) at time step 1" in tips


def test_another_look_repaints_with_its_digits(view: EquationView) -> None:
    shown = frame(step_number(3, Kind.STATE_OUT, 1))
    view.show_frame(shown)
    before = view.equations.grab().toImage()
    view.set_look(Look(DARK, 8))
    assert view.equations.grab().toImage() != before
    assert f"{float(shown.trace.state_out[1, 2]):.8f}" in view.equations.accessibleDescription()

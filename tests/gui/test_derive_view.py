"""Deriving by hand in the window: typed, typeset, checked, helped."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.theme import DARK, Look
from rnn_gui.views.derive_view import DeriveView
from tests.tutorial import changed

PART_2 = PRESETS["part-2"].experiment
RIGHT = "2/N*(S3 - y)*Wrec*d_log(S2_in)*Wrec*d_log(S1_in)*X1"
SLOPE_FORGOTTEN = "2/N*(S3 - y)*Wrec*Wrec*d_log(S1_in)*X1"


def frame(experiment: Experiment = PART_2) -> Frame:
    return frame_at(Run(experiment), Position(0, 0))


@pytest.fixture
def view(qtbot: QtBot) -> DeriveView:
    view = DeriveView()
    qtbot.addWidget(view)
    view.show_frame(frame())
    view.resize(372, 420)
    view.show()
    qtbot.waitExposed(view)
    return view


def write(view: DeriveView, text: str) -> None:
    view.formula.clear()
    QTest.keyClicks(view.formula, text)


def try_out(view: DeriveView, text: str) -> str:
    write(view, text)
    QTest.keyClick(view.formula, Qt.Key.Key_Return)
    return view.told.text()


def press(button: QToolButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def score(view: DeriveView) -> str:
    return view._score.text()


def test_it_begins_with_what_the_tutorial_asks_for(view: DeriveView) -> None:
    assert (view.weight.currentText(), view.timestamp.value()) == ("dE/dWx", 1)
    assert "S1_in … S3_in" in view.told.text()
    assert not score(view)


def test_a_right_formula_is_right_at_the_enter_key(view: DeriveView) -> None:
    assert "✓ Right: this is dE/dWx at timestamp 1" in try_out(view, RIGHT)
    assert score(view) == "1 right, 1 try"


def test_a_known_mistake_is_diagnosed_and_a_try_counted(view: DeriveView) -> None:
    assert "✗ Each activation on the way back" in try_out(view, SLOPE_FORGOTTEN)
    assert score(view) == "0 right, 1 try"
    assert "✓" in try_out(view, RIGHT)
    assert score(view) == "1 right, 2 tries"


def test_a_text_that_is_no_formula_is_no_try(view: DeriveView) -> None:
    assert "The name S9 is not known" in try_out(view, "S9") or "no S9" in view.told.text()
    assert not score(view)


def test_nothing_is_said_of_a_formula_that_has_changed(view: DeriveView) -> None:
    try_out(view, RIGHT)
    QTest.keyClicks(view.formula, "*1")
    assert "✓" not in view.told.text()


def test_it_is_typeset_while_it_is_typed(view: DeriveView) -> None:
    shown = view.preview.grab().toImage()
    for text in ("2*S3", "2*S3*d_log(S2_in)", "2*S3*"):
        write(view, text)
        before, shown = shown, view.preview.grab().toImage()
        assert shown != before
    write(view, "")
    assert view.preview.grab().toImage() != shown


def test_dwrec_at_timestamp_1_is_0_and_praised_for_its_reason(view: DeriveView) -> None:
    view.weight.setCurrentIndex(1)
    assert "State 0 is 0, so nothing passes through Wrec" in try_out(view, "0")
    view.show_frame(frame(changed(PART_2, initial_state=0.5)))
    assert "✗" in try_out(view, "0")


def test_hints_come_one_by_one_the_newest_first(view: DeriveView) -> None:
    assert view.hint.text() == "Hint 1 of 4"
    press(view.hint)
    first = view.told.text()
    press(view.hint)
    assert view.told.text().endswith(first)
    for _ in range(2):
        press(view.hint)
    assert not view.hint.isEnabled()


def test_the_solution_is_built_up_and_passes(view: DeriveView) -> None:
    while view.solve.isEnabled():
        press(view.solve)
    whole = view.told.text().split("<code>")[-1].split("</code>")[0]
    assert "✓" in try_out(view, whole)


def test_each_derivative_and_each_network_keep_what_was_written(view: DeriveView) -> None:
    try_out(view, RIGHT)
    view.timestamp.setValue(2)
    assert view.formula.text() == ""
    assert "✓" not in view.told.text()
    view.show_frame(frame(PRESETS["part-1"].experiment))
    assert not score(view)
    view.show_frame(frame())
    view.timestamp.setValue(1)
    assert view.formula.text() == RIGHT
    assert "✓" in view.told.text()


def test_other_weights_of_the_same_network_change_nothing(view: DeriveView) -> None:
    try_out(view, RIGHT)
    run = Run(PART_2)
    run.extend(5)
    view.show_frame(frame_at(run, Position(5, 7)))
    assert "✓" in view.told.text()


def test_a_network_that_is_too_long_says_so(view: DeriveView) -> None:
    view.show_frame(frame(PART_2.with_data([[1.0] * 51])))
    assert "up to 50 timestamps" in view.told.text()
    assert not view.check.isEnabled()
    view.show_frame(frame())
    assert view.check.isEnabled()


def test_escape_leaves_and_letters_are_typed(view: DeriveView, qtbot: QtBot) -> None:
    write(view, "y")
    assert view.formula.text() == "y"
    with qtbot.waitSignal(view.leave_requested):
        QTest.keyClick(view.formula, Qt.Key.Key_Escape)


def test_it_is_drawn_in_the_dark(view: DeriveView) -> None:
    try_out(view, RIGHT)
    light = view.grab().toImage()
    view.set_look(Look(DARK, 4))
    assert view.grab().toImage() != light
    assert "✓" in view.told.text()

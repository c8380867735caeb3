"""The loss surface in the whole window: a start is clicked there, and the letters go on working."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.data.presets import PRESETS
from tests.journeys.conftest import Key, Program
from tests.tutorial import changed, pair


@pytest.fixture
def looking(program: Program) -> Program:
    """At the loss surface, with a start clicked on it."""
    window = program.window
    window.tabs.setCurrentWidget(window.surface)
    program.qtbot.waitUntil(lambda: window.surface.panel.picture is not None)
    _click(program, 1.5, -0.5)
    return program


def test_a_start_is_clicked_and_trained_from(looking: Program) -> None:
    session = looking.session
    start = session.run.weights(0)
    assert [*start.values()] == pytest.approx([1.5, -0.5], abs=0.05)
    assert looking.window.surface.plot.hasFocus()
    looking.press(Key.Key_T)
    assert session.training is not None
    looking.qtbot.waitUntil(lambda: session.position.epoch > 20)
    looking.press(Key.Key_T)
    assert session.training is None
    assert session.run.weights(0) == start
    assert session.run.costs[session.position.epoch] < session.run.costs[0]


def test_the_steps_are_taken_from_there(looking: Program) -> None:
    steps = []
    for key in (Key.Key_F,) * 4 + (Key.Key_B,) * 4 + (Key.Key_U,):
        looking.press(key)
        steps.append(looking.position[1])
    assert steps == [2, 4, 6, 7, 10, 13, 16, 17, 18]


def test_the_keys_that_the_surface_uses_are_its_own(looking: Program) -> None:
    surface, position = looking.window.surface, looking.position
    weights, window = looking.session.frame.weights, surface.panel.window
    looking.press(Key.Key_Right)
    assert looking.session.frame.weights["Wx"] > weights["Wx"]
    assert looking.position == position
    looking.press(Key.Key_Plus)
    assert surface.panel.window != window
    looking.press(Key.Key_Home)
    assert looking.position == position
    looking.press(Key.Key_Escape)
    assert looking.window.canvas.hasFocus()


def test_a_button_of_the_surface_leaves_the_letters_to_the_window(looking: Program) -> None:
    basins = looking.window.surface.layers["basins"]
    basins.setFocus(Qt.FocusReason.TabFocusReason)
    looking.press(Key.Key_Space)
    assert basins.isChecked()
    looking.press(Key.Key_F)
    assert looking.position[1] == 2


def test_presets_have_windows_of_their_own_after_a_run_that_went_far(looking: Program) -> None:
    looking.session.load_preset("part-2-zeros")
    fast = pair(2.0, 2.0)
    looking.session.edit("rates", lambda e: changed(e, learning_rates=fast))
    looking.session.go_to_epoch(50)
    far = looking.window.surface.panel.window
    assert far.x_high - far.x_low > 20
    for preset in ("vanishing", "exploding", "roelants"):
        looking.session.load_preset(preset)
        window = looking.window.surface.panel.window
        assert window.x_high - window.x_low < 6, preset
        start = PRESETS[preset].experiment.weights
        assert window.x_low < start["Wx"] < window.x_high
        assert window.y_low < start["Wrec"] < window.y_high


def _click(program: Program, wx: float, wrec: float) -> None:
    surface = program.window.surface
    at: QPoint = surface.panel.place(wx, wrec).toPoint()
    QTest.mouseClick(surface.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QApplication.processEvents()

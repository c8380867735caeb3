"""The line to try a sequence: typed with real keys, answered at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.views.trial_bar import TrialBar

Key = Qt.Key


def frame_of(epoch: int = 0) -> Frame:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    run.extend(epoch)
    return frame_at(run, Position(epoch, 5))


@pytest.fixture
def bar(qtbot: QtBot) -> TrialBar:
    made = TrialBar()
    made.show_frame(frame_of())
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.line.setFocus()
    return made


def answer(bar: TrialBar) -> str:
    return label(bar).text()


def label(bar: TrialBar) -> QLabel:
    return bar.findChildren(QLabel)[1]


def test_prediction_and_true_count_appear_as_one_types(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "1 0 1 1")
    trial = bar.trial
    assert trial is not None
    assert trial.predictions is not None
    assert trial.timestamps == 4
    assert f"ones 3 · error {trial.predictions[0] - 3:.3f}".replace("-", "−") in answer(bar)
    assert bar.canvas_frame is trial


def test_the_answer_goes_with_the_weights(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "11")
    before = answer(bar)
    bar.show_frame(frame_of(3000))
    assert answer(bar) != before


def test_half_of_a_number_is_no_mistake_until_enter(bar: TrialBar, qtbot: QtBot) -> None:
    told: list[str] = []
    bar.problem_reported.connect(told.append)
    qtbot.keyClicks(bar.line, "1 0 -")
    assert (bar.trial, told, answer(bar)) == (None, [], "no sequence yet")
    assert label(bar).property("role") == "muted"
    qtbot.keyClick(bar.line, Key.Key_Return)
    said = "“-” (place 3) is no number; type for example 1 0 1 1."
    assert (told, answer(bar), label(bar).property("role")) == ([said], said, "problem")
    qtbot.keyClicks(bar.line, "1")
    assert (told, label(bar).property("role")) == ([said, ""], "")
    assert "prediction" in answer(bar)


@pytest.mark.parametrize("text", ["abc", "1 x", "1e999"])
def test_a_pause_says_at_the_place_why_it_is_no_sequence(
    bar: TrialBar, qtbot: QtBot, text: str
) -> None:
    told: list[str] = []
    bar.problem_reported.connect(told.append)
    qtbot.keyClicks(bar.line, text)
    assert (answer(bar), label(bar).property("role")) == ("no sequence yet", "muted")
    qtbot.waitUntil(lambda: label(bar).property("role") == "problem", timeout=2000)
    assert f"“{text.split()[-1]}” (place" in answer(bar)
    assert told == []
    bar.show_frame(frame_of(3))  # another step leaves the reason there
    assert label(bar).property("role") == "problem"
    qtbot.keyClick(bar.line, Key.Key_Escape)
    assert answer(bar) == ""
    qtbot.wait(450)
    assert answer(bar) == ""


def test_a_reason_without_room_stands_in_the_tool_tip(bar: TrialBar, qtbot: QtBot) -> None:
    bar.resize(360, bar.height())
    qtbot.keyClicks(bar.line, "1 <b>x</b>")
    qtbot.keyClick(bar.line, Key.Key_Return)
    assert bar.width() == 360
    assert "&lt;b&gt;x&lt;/b&gt;" in label(bar).toolTip()
    narrow = painted_columns(label(bar))
    assert 0 < narrow[0] <= narrow[-1] < label(bar).width()
    bar.resize(1200, bar.height())
    qtbot.waitUntil(lambda: label(bar).toolTip() == "")


def painted_columns(widget: QWidget) -> list[int]:
    """Where something else than the background is."""
    image = widget.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    return [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(image.height()))
    ]


def test_escape_empties_the_line_then_leaves(bar: TrialBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.line, "101")
    with qtbot.waitSignal(bar.trial_changed):
        qtbot.keyClick(bar.line, Key.Key_Escape)
    assert (bar.line.text(), bar.trial) == ("", None)
    with qtbot.waitSignal(bar.leave_requested):
        qtbot.keyClick(bar.line, Key.Key_Escape)


def test_the_canvas_can_stay_with_the_run(bar: TrialBar, qtbot: QtBot) -> None:
    assert not bar.in_canvas.isEnabled()
    qtbot.keyClicks(bar.line, "101")
    with qtbot.waitSignal(bar.trial_changed):
        qtbot.mouseClick(bar.in_canvas, Qt.MouseButton.LeftButton)
    assert bar.canvas_frame is None
    assert bar.trial is not None

"""The code of this step: the right lines are marked, seen and read out; it leaves keys alone."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from core.cell.steps import Position, Step
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.epoch.script import Script, epoch_script, script
from core.training.run import Run
from rnn_gui.theme import DARK, LIGHT, Look, Theme
from rnn_gui.views.code_view import CodeView, step_line
from tests.tutorial import COST, D_STATE_IN, SUMS, changed, epoch_length, step_number, steps_of

PART_2 = PRESETS["part-2"].experiment
ADAM = replace(PART_2, update_rule="adam", clip_norm=1.0)


def frame(step: int, experiment: Experiment = PART_2) -> Frame:
    run = Run(experiment)
    run.reach(2)
    return frame_at(run, Position(1, step))


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    view = CodeView()
    qtbot.addWidget(view)
    view.resize(370, 240)
    view.show()
    qtbot.waitExposed(view)
    return view


def marked(view: CodeView) -> list[str]:
    lines = view.code.toPlainText().splitlines()
    return [lines[i].strip() for i in view.code.marked]


@pytest.mark.parametrize("experiment", [PART_2, ADAM], ids=["plain", "adam"])
@pytest.mark.parametrize("size", [(340, 150), (370, 240), (700, 700)], ids=str)
def test_the_lines_of_each_step_are_marked_and_seen(
    view: CodeView, experiment: Experiment, size: tuple[int, int]
) -> None:
    view.resize(*size)
    code = epoch_script(experiment)
    for step in steps_of(3):
        view.show_frame(frame(step.number, experiment))
        expected = [code.lines[i].text.strip() for i in code.lines_of(step)]
        assert marked(view) == expected, step.label
        [band] = view.code.bands()
        seen = view.code.viewport().rect()
        assert band.top() >= 0, step.label
        if band.height() <= seen.height():
            assert band.bottom() <= seen.height() + 1, step.label
        assert view.code.accessibleDescription() == f"Now: {'; '.join(expected)}"


def test_it_is_the_code_of_the_script(view: CodeView) -> None:
    view.show_frame(frame(1, ADAM))
    assert view.code.toPlainText() in script(Run(ADAM), 0).text


def test_the_step_stands_above_in_words(view: CodeView) -> None:
    view.show_frame(frame(step_number(3, D_STATE_IN, 2)))
    assert view.step_text == "k = 2 · dE/dS_2(In)"
    view.show_frame(frame(0))
    assert view.step_text == "Next: k = 1 · State 1 (In)"
    view.show_frame(frame(epoch_length(3)))
    assert view.step_text == "The new Wx and Wrec"


@pytest.mark.parametrize("step", [*steps_of(2)], ids=lambda step: step.label)
def test_k_is_said_where_there_is_one(step: Step) -> None:
    text = step_line(step, announced=False)
    assert (f"k = {step.timestamp} · " in text) == (step.timestamp > 0)


def colours(view: CodeView, *, margin: bool) -> set[str]:
    """All colours beside the first marked line, or behind its end."""
    [band] = view.code.bands()
    image = view.code.grab().toImage()
    left = view.code.viewport().x()
    top = view.code.viewport().y() + int(band.top())
    across = range(2, left - 1) if margin else range(left + 2, left + 200)
    return {image.pixelColor(x, top + y).name() for x in across for y in range(2, 15)}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_mark_is_a_band_and_a_marker(view: CodeView, theme: Theme) -> None:
    view.set_look(Look(theme))
    cost = frame(step_number(3, COST))
    view.show_frame(cost)
    assert theme.forward in colours(view, margin=True)
    assert theme.forward_soft in colours(view, margin=False)
    view.show_frame(frame(step_number(3, SUMS)))
    assert theme.backward in colours(view, margin=True)
    assert theme.backward_soft in colours(view, margin=False)
    view.show_frame(frame(0))  # to come: a hollow marker, and no band
    assert theme.forward_soft not in colours(view, margin=False)
    [band] = view.code.bands()
    x, y = 8, view.code.viewport().y() + int(band.center().y())
    image = view.code.grab().toImage()
    assert image.pixelColor(view.code.viewport().x() - 16 + x, y) == QColor(theme.field)


def test_the_text_is_set_only_when_it_differs(view: CodeView) -> None:
    view.show_frame(frame(3))
    changes: list[int] = []
    view.code.textChanged.connect(lambda: changes.append(1))
    for step in range(epoch_length(3) + 1):
        view.show_frame(frame(step))
    view.show_frame(frame(3, changed(PART_2, initial_state=0.5)))  # the same code
    assert changes == []
    view.show_frame(frame(3, ADAM))
    assert changes
    assert marked(view) == ["state_in[k] = state_out[k - 1] * wrec + X[k] * wx"]


def test_where_the_reader_scrolled_stays_until_the_step_changes(view: CodeView) -> None:
    view.show_frame(frame(1))
    bar = view.code.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.show_frame(frame(1, changed(PART_2, initial_state=0.5)))
    assert bar.value() == bar.maximum()
    view.show_frame(frame(2))
    assert bar.value() < bar.maximum()


@pytest.mark.parametrize("experiment", [PART_2, ADAM], ids=["plain", "adam"])
def test_it_never_scrolls_sideways_by_itself(view: CodeView, experiment: Experiment) -> None:
    view.resize(300, 200)
    bar = view.code.horizontalScrollBar()
    for step in (*range(epoch_length(3) + 1), 8, 1):
        view.show_frame(frame(step, experiment))
        assert bar.maximum() > 0
        assert bar.value() == 0
    bar.setValue(bar.maximum())  # by a person
    there = bar.value()
    view.show_frame(frame(12, experiment))
    assert bar.value() == there
    view.show_frame(frame(12, ADAM if experiment is PART_2 else PART_2))  # other code
    assert bar.value() == 0


def test_copy_takes_the_epoch_or_what_is_selected(qtbot: QtBot, view: CodeView) -> None:
    view.show_frame(frame(1))
    with qtbot.waitSignal(view.copied) as said:
        qtbot.mouseClick(button(view, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == epoch_script(PART_2).text
    assert said.args == ["Copied the code of an epoch."]
    cursor = view.code.textCursor()
    cursor.select(QTextCursor.SelectionType.LineUnderCursor)
    view.code.setTextCursor(cursor)
    view.code.setFocus()
    with qtbot.waitSignal(view.copied) as said:
        qtbot.keyClick(view.code, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().strip() == marked(view)[0]
    assert said.args == ["Copied the selected code."]


def test_save_and_leave_are_requests(qtbot: QtBot, view: CodeView) -> None:
    view.show_frame(frame(1))
    with qtbot.waitSignal(view.save_requested):
        qtbot.mouseClick(button(view, "Save script…"), Qt.MouseButton.LeftButton)
    view.code.setFocus()
    with qtbot.waitSignal(view.leave_requested):
        qtbot.keyClick(view.code, Qt.Key.Key_Escape)


def button(view: CodeView, text: str) -> QToolButton:
    [one] = [b for b in view.findChildren(QToolButton) if b.text() == text]
    assert one.accessibleName()
    return one


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        *((key, True) for key in (Qt.Key.Key_Up, Qt.Key.Key_Down)),
        *((key, False) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space)),
        *((key, False) for key in (Qt.Key.Key_F, Qt.Key.Key_Home, Qt.Key.Key_PageDown)),
    ],
)
def test_only_keys_that_scroll_are_its_own(view: CodeView, key: Qt.Key, kept: bool) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(view.code, event)
    assert event.isAccepted() == kept


def test_up_and_down_go_on_from_the_marked_line(view: CodeView) -> None:
    view.show_frame(frame(step_number(3, COST)))
    before, cost = view.code.toPlainText(), view.code.marked.start
    view.code.setFocus()
    QTest.keyClick(view.code, Qt.Key.Key_Down)
    assert view.code.textCursor().blockNumber() == cost + 1
    for _ in range(view.code.blockCount()):
        QTest.keyClick(view.code, Qt.Key.Key_Down)
    assert view.code.textCursor().blockNumber() == view.code.blockCount() - 1
    assert view.code.viewport().rect().contains(view.code.cursorRect().center())
    QTest.keyClicks(view.code, "x")
    assert view.code.toPlainText() == before


def test_a_selection_stays_while_one_steps(view: CodeView) -> None:
    view.show_frame(frame(1))
    cursor = view.code.textCursor()
    cursor.select(QTextCursor.SelectionType.LineUnderCursor)
    view.code.setTextCursor(cursor)
    view.show_frame(frame(8))
    assert view.code.textCursor().selectedText() == cursor.selectedText()


def test_behind_another_tab_it_waits(qtbot: QtBot) -> None:
    view = CodeView()
    qtbot.addWidget(view)
    view.show_frame(frame(step_number(3, COST)))
    assert view.code.toPlainText() == ""
    view.resize(370, 240)
    view.show()
    assert marked(view) == ["cost = np.sum((state_out[T] - y) ** 2) / N"]
    [band] = view.code.bands()
    assert 0 <= band.top() <= band.bottom() <= view.code.viewport().height()


def test_the_steps_of_an_experiment_have_one_script(
    view: CodeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Experiment] = []

    def counted(experiment: Experiment) -> Script:
        written.append(experiment)
        return epoch_script(experiment)

    monkeypatch.setattr("rnn_gui.views.code_view.epoch_script", counted)
    large = PART_2.with_data(np.ones((2_000, 1_000)))  # too many numbers for a script
    run = Run(PART_2.with_data(np.ones((2, 1_000))))
    shown = [frame_at(run, Position(0, step)) for step in range(1, 41)]
    view.show_frame(replace(shown[0], experiment=large))
    text = view.code.document().revision()
    for each in shown:
        view.show_frame(replace(each, experiment=large))
    assert len(written) == 1
    assert view.code.document().revision() == text  # what is marked alone has changed
    assert marked(view) == ["state_out[k] = log(state_in[k])"]

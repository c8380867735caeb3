"""A lecture in the whole program: in with a key, through the steps, and all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QWidget

from core.cell.steps import Position
from rnn_gui.figures.recording import Recording
from rnn_gui.lecture import Lecture
from rnn_gui.plots.panel import Panel
from rnn_gui.slides.slide import Slide
from rnn_gui.theme import DARK, Look
from rnn_gui.views.lecture_view import LectureView
from tests.journeys.conftest import SHIFT, Key, Program, has_focus
from tests.tutorial import changed


@pytest.fixture
def lecture(program: Program, settings: QSettings) -> Iterator[Lecture]:
    """The lecture of this window, wired to its session and appearance."""
    window, session = program.window, program.session
    made = Lecture(window, session, settings, window.appearance.look)
    session.frame_changed.connect(made.show_frame)
    window.appearance.look_changed.connect(made.set_look)
    yield made
    if made.view is not None:
        made.toggle()
    forget(program)


def forget(program: Program) -> None:
    """What was to be deleted is."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def entered(lecture: Lecture) -> LectureView:
    lecture.toggle()
    view = lecture.view
    assert view is not None
    view.showNormal()
    view.resize(1280, 720)
    QApplication.processEvents()
    return view


def press(view: LectureView, *keys: Key) -> None:
    for key in keys:
        QTest.keyClick(view, key)


def standing(window: QWidget) -> dict[str, object]:
    """All that a lecture must not change."""
    splitters = window.findChildren(QSplitter)
    return {
        "geometry": window.geometry(),
        "state": window.windowState(),
        "splitters": [splitter.sizes() for splitter in splitters],
        "visible": [w.objectName() for w in window.findChildren(QWidget) if w.isVisible()],
        "sizes": [w.size() for w in window.findChildren(QWidget)],
        "cursor": window.cursor().shape(),
        "timers": len(window.findChildren(QTimer)),
        "windows": [w for w in QApplication.topLevelWidgets() if w.isVisible()],
    }


@pytest.mark.parametrize("maximised", [False, True])
@pytest.mark.parametrize("key", [Key.Key_F5, Key.Key_Escape])
def test_afterwards_all_is_as_before(
    program: Program, lecture: Lecture, key: Key, maximised: bool
) -> None:
    window = program.window
    if maximised:
        window.showMaximized()
    window.right_column.setSizes([200, 260, 300])
    window.ledger.table.setFocus()
    entered(lecture)  # what is loaded once is loaded
    lecture.toggle()
    forget(program)
    before = standing(window)
    view = entered(lecture)
    press(view, Key.Key_3, Key.Key_Right, Key.Key_P, Key.Key_Period)
    press(view, Key.Key_Right, key)
    assert lecture.view is None
    forget(program)
    program.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    assert standing(window) == before
    assert has_focus(window.ledger.table)
    assert QApplication.overrideCursor() is None


def test_stages_and_the_session(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    for presses, position in ((5, (0, 0)), (1, (0, 1)), (2, (0, 1)), (1, (0, 2))):
        press(view, *[Key.Key_Right] * presses)
        assert program.position == position
    press(view, Key.Key_Left)
    assert program.position == (0, 1)
    assert view.scene is not None
    assert view.scene.revealed == 1
    press(view, Key.Key_F)
    assert program.position == (0, 2)
    assert not view.scene.asked
    press(view, Key.Key_F, Key.Key_F, Key.Key_F, Key.Key_B, Key.Key_End, Key.Key_U)
    assert program.position == (0, 18)
    press(view, Key.Key_Home, Key.Key_E)
    assert program.position == (1, 0)
    QTest.keyClick(view, Key.Key_E, SHIFT)
    assert program.position == (0, 0)
    press(view, Key.Key_Down)
    assert program.session.frame.sequence == 1


def test_what_cannot_be_done_is_told(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    label = view.findChildren(QLabel)[0]
    QTest.keyClick(view, Key.Key_E, SHIFT)
    assert label.text() == "This is the first epoch of the run."
    press(view, Key.Key_U)
    assert label.text().startswith("The forward pass comes first")
    assert program.position == (0, 0)


def test_where_the_run_ends_the_question_stays(program: Program, lecture: Lecture) -> None:
    session = program.session
    session.load_preset("exploding")
    session.train(10)
    program.until_trained()
    assert session.run.ending
    steps = session.position.step
    session.go_to(Position(session.run.last, steps))
    view = entered(lecture)
    stages = len(view.scene.ask().stages) if view.scene else 0
    press(view, *[Key.Key_Right] * (stages + 3))
    assert program.position == (session.run.last, steps)
    assert view.scene is not None
    assert view.scene.revealed == stages - 1


def test_choices_are_remembered(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    press(view, Key.Key_2, Key.Key_C, Key.Key_F5)
    forget(program)
    view = entered(lecture)
    assert view.choices.panels == ("network", "states", "equation")
    assert not view.choices.covering


def test_the_gradients_are_shown_as_in_the_window(program: Program, lecture: Lecture) -> None:
    canvas = program.window.canvas
    program.session.load_preset("vanishing")
    canvas.show_sizes(True)
    view = entered(lecture)
    press(view, Key.Key_C, Key.Key_3, Key.Key_1, Key.Key_End)
    texts = view.recording().texts()
    assert "(log axis)" in texts
    assert any(text.endswith("it vanishes.") for text in texts)
    press(view, Key.Key_L)
    assert not view.choices.sizes
    assert canvas.sizes_shown  # the window is as it was
    canvas.show_sizes(False)
    canvas.show_sizes(True)
    assert view.choices.sizes
    press(view, Key.Key_F5)
    canvas.show_sizes(False)
    forget(program)
    assert not entered(lecture).choices.sizes


def test_u_shows_the_first_page_of_many_lines(program: Program, lecture: Lecture) -> None:
    program.session.edit("Adam", lambda e: changed(e, update_rule="adam", clip_norm=0.5))
    view = entered(lecture)
    press(view, Key.Key_End, Key.Key_U)
    assert program.position == (0, 18)
    assert "Lines 1 to 4 of 14" in view.recording().texts()
    press(view, Key.Key_Right)
    assert program.position == (0, 18)
    assert "Lines 5 to 10 of 14" in view.recording().texts()


def test_the_appearance_is_the_windows(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    program.window.appearance.choose("dark")
    image = view.grab().toImage()
    assert image.pixelColor(4, 360).name() == DARK.panel
    lecture.set_look(Look(DARK, 8))
    press(view, Key.Key_F)
    assert "0.47143516" in view.recording().texts()


def test_training_goes_on_under_it(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    program.session.train(50)
    program.until_trained()
    assert view.scene is not None
    assert view.scene.done.position == (50, 17)


def test_an_edit_ends_the_question(program: Program, lecture: Lecture) -> None:
    view = entered(lecture)
    press(view, Key.Key_Right, Key.Key_Right)
    program.session.edit("more", lambda e: e.with_data(e.inputs + 1))
    assert view.scene is not None
    assert not view.scene.asked


def test_entering_and_leaving_again_and_again(program: Program, lecture: Lecture) -> None:
    for _ in range(8):
        view = entered(lecture)
        press(view, Key.Key_Right, Key.Key_6, Key.Key_5)
        view.grab()
        view.close()  # as the window manager does it
        assert lecture.view is None
        forget(program)


def test_a_step_draws_its_slide_once_with_the_panels_that_are_there(
    program: Program, lecture: Lecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = entered(lecture)
    press(view, *[Key.Key_Right] * 40)
    view.repaint()
    drawn: list[object] = []
    made: list[object] = []
    record, construct = Slide.record, Panel.__init__

    def recorded(slide: Slide, *arguments: Any, **options: Any) -> Recording:
        drawn.append(slide)
        return record(slide, *arguments, **options)

    def constructed(panel: Panel, *arguments: Any, **options: Any) -> None:
        made.append(panel)
        construct(panel, *arguments, **options)

    monkeypatch.setattr(Slide, "record", recorded)
    monkeypatch.setattr(Panel, "__init__", constructed)
    for step in range(1, 16):
        press(view, Key.Key_Right)
        for _ in range(3):
            view.repaint()
        assert len(drawn) == step
    assert made == []

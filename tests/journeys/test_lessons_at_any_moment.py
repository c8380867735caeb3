"""Pages are turned, and lessons closed, in the middle of anything; nothing leaks between them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.cell.steps import Position
from core.exercises.planted import mistakes_of
from rnn_gui.fields.balloon import Balloon
from rnn_gui.lesson_dock import LessonDock
from rnn_gui.lessons import Lessons
from rnn_gui.views.check_view import CheckView
from tests.journeys.conftest import CTRL, Key, Program, has_focus

LEFT = Qt.MouseButton.LeftButton
PLAIN = "preset: part-2\nshow: weights, try, history\n\nText.\n"
Open = Callable[..., Lessons]


@pytest.fixture
def opened(program: Program, tmp_path: Path) -> Open:
    """A lesson with these pages, each its keys and its text."""

    def open_pages(*pages: str) -> Lessons:
        path = tmp_path / "mine.md"
        text = "".join(f"# Page {number}\n{page}\n" for number, page in enumerate(pages, start=1))
        path.write_text(f"---\ntitle: Mine\nabout: Mine.\n---\n\n{text}", encoding="utf-8")
        lessons = program.window.lessons
        lessons.open_file(path)
        settle()
        return lessons

    return open_pages


def settle() -> None:
    for _ in range(6):
        QApplication.processEvents()


def dock_of(lessons: Lessons) -> LessonDock:
    assert lessons.dock is not None
    return lessons.dock


def text(lessons: Lessons) -> str:
    return dock_of(lessons).view.page.toPlainText()


def test_what_is_typed_belongs_to_its_page(program: Program, opened: Open) -> None:
    lessons = opened(PLAIN, PLAIN)
    wx = program.session.frame.weights["Wx"]
    field = program.window.experiment.weights["Wx"]
    QTest.mouseClick(field, LEFT)
    field.selectAll()
    program.type("9")
    QTest.mouseClick(dock_of(lessons).view.next, LEFT)
    assert program.session.frame.weights["Wx"] == wx
    assert not program.session.modified


def test_what_is_typed_belongs_to_the_own_document(program: Program, opened: Open) -> None:
    field = program.window.experiment.weights["Wx"]
    field.setFocus()
    field.selectAll()
    program.type("9")
    lessons = opened(PLAIN)
    assert program.session.frame.weights["Wx"] != 9.0
    lessons.leave()
    assert program.session.frame.weights["Wx"] == 9.0


def test_training_that_reached_the_goal_counts(program: Program, opened: Open) -> None:
    task = "show: training\ntask: train epoch >= 5\ndo: Train.\n"
    lessons = opened(f"preset: part-2\n{task}\nText.\n", PLAIN)
    program.session.train()
    program.qtbot.waitUntil(lambda: program.session.position.epoch > 20)
    lessons.next_page()
    assert program.session.training is None
    lessons.previous_page()
    assert "✓ Done" in text(lessons)


def test_a_lesson_that_lost_a_choice_opens_all_the_same(program: Program, opened: Open) -> None:
    question = "\n## Question\nWhich?\n- [ ] a | No.\n- [ ] b | No.\n"
    lessons = opened(f"{PLAIN}{question}- [x] c | Yes.\n")
    dock_of(lessons).view.option_chosen.emit(2)
    assert "✓ Yes." in text(lessons)
    lessons.leave()
    lessons = opened(f"{PLAIN}\n## Question\nWhich?\n- [x] a | Yes.\n- [ ] b | No.\n")
    assert "◉" not in text(lessons)


@pytest.mark.parametrize("link", ["choice:99", "choice:x", "choice:"])
def test_a_link_of_an_author_s_own_does_no_harm(program: Program, opened: Open, link: str) -> None:
    lessons = opened(PLAIN)
    before = text(lessons)
    dock_of(lessons).view.page.anchorClicked.emit(QUrl(link))
    assert text(lessons) == before


def test_a_mistake_planted_by_hand_is_not_on_the_pages(program: Program, opened: Open) -> None:
    program.press(Key.Key_F7)
    view = program.window.learning.view("check")
    assert isinstance(view, CheckView)
    cell = program.session.frame.experiment.cell
    view.set_mistake(next(iter(mistakes_of(cell, 3).values())))
    assert program.window.planted.isVisible()
    opened(PLAIN)
    assert not program.window.planted.isVisible()


def test_a_tried_sequence_stays_on_its_page_and_comes_back(program: Program, opened: Open) -> None:
    trial = program.window.trial
    trial.line.setFocus()
    program.type("101")
    lessons = opened(PLAIN, PLAIN)
    assert trial.line.text() == ""
    trial.line.setFocus()
    program.type("10110")
    lessons.next_page()
    assert trial.line.text() == ""
    frame = program.window.canvas.network.frame
    assert frame is not None
    assert frame.timestamps == 3
    lessons.leave()
    assert trial.line.text() == "101"


def test_a_zoom_stays_on_its_page(program: Program, opened: Open) -> None:
    vanishing = "preset: vanishing\nhighlight: state 1\n\nText.\n"
    lessons = opened(vanishing)
    program.window.canvas.zoom(4, 15)
    settle()
    assert lessons.spotlight.frames == []
    QTest.mouseClick(dock_of(lessons).view.again, LEFT)
    settle()
    assert len(lessons.spotlight.frames) == 1


def test_the_own_zoom_tab_and_predictions_come_back(program: Program, opened: Open) -> None:
    window = program.window
    program.press(Key.Key_F9)
    program.type("0.47")
    program.press(Key.Key_Return)
    window.tabs.setCurrentIndex(1)
    window.canvas.zoom(1.5, 1)
    zoomed = window.canvas.zoomed
    lessons = opened("preset: part-2\nshow: history\ntask: predict S1(In)\n\nText.\n", PLAIN)
    lessons.next_page()
    assert not window.predict.isVisible()
    lessons.leave()
    assert window.canvas.zoomed == zoomed
    assert window.tabs.currentIndex() == 1
    assert window.predict.isVisible()
    assert str(window.predict.score) == "1 right in 1 try"


def test_a_beginner_s_layout_leads_back_to_the_own_one(program: Program, opened: Open) -> None:
    parts = program.window.parts
    parts.set_shown("ledger", False)
    own = parts.shown
    lessons = opened(PLAIN)
    program.press(Key.Key_B, modifiers=CTRL)
    lessons.leave()
    assert parts.shown == own
    program.press(Key.Key_B, modifiers=CTRL)
    assert parts.for_beginners
    program.press(Key.Key_B, modifiers=CTRL)
    assert parts.shown == own


def test_the_layout_is_not_reset_under_a_lesson(program: Program, opened: Open) -> None:
    lessons = opened(PLAIN)
    assert "Close the lessons first" in lessons.why_not()["reset_layout"]
    lessons.leave()
    assert lessons.why_not()["reset_layout"] == ""


def test_a_page_that_is_cancelled_leaves_the_present_one(
    program: Program, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons = opened(PLAIN, PLAIN)
    program.session.next_step()
    monkeypatch.setattr("rnn_gui.documents.Documents.replay", lambda *_: False)
    lessons.next_page()
    assert lessons.page.title == "Page 1"
    assert program.session.position == (0, 1)
    view = dock_of(lessons).view
    assert "Mine" in view.lessons.currentText()


def test_lessons_that_are_cancelled_at_once_stay_closed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnn_gui.documents.Documents.replay", lambda *_: False)
    run, shown = program.session.run, program.window.parts.shown
    program.press(Key.Key_F4)
    settle()
    assert program.window.lessons.dock is None
    assert program.session.run is run
    assert program.window.parts.shown == shown


def test_comparing_by_keyboard_keeps_the_keyboard(program: Program, opened: Open) -> None:
    lessons = opened(f"{PLAIN}\n## Question\nWhy?\n\n## Answer\nSo.\n")
    view = dock_of(lessons).view
    view.words.setFocus()
    program.type("because")
    view.compare.setFocus()
    program.press(Key.Key_Space)
    assert "So." in text(lessons)
    assert has_focus(view.words) or view.words.hasFocus()


def test_a_floating_dock(program: Program, opened: Open) -> None:
    lessons = opened(PLAIN, PLAIN)
    dock = dock_of(lessons)
    dock.setFloating(True)
    settle()
    field = program.window.experiment.weights["Wx"]
    dock.activateWindow()
    field.setFocus()
    program.qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    program.type("3.25")
    lessons.next_page()
    lessons.previous_page()
    assert program.session.frame.weights["Wx"] != 3.25
    dock.close()
    settle()
    assert lessons.dock is None
    assert program.window.experiment.isVisible()
    assert program.window.isAncestorOf(program.window.experiment)


def test_a_problem_told_in_a_floating_dock_does_not_go_with_it(
    program: Program, opened: Open
) -> None:
    lessons = opened(PLAIN)
    dock = dock_of(lessons)
    dock.setFloating(True)
    settle()
    dock.activateWindow()
    field = program.window.experiment.weights["Wx"]
    field.setFocus()
    program.qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    program.type("nonsense")
    program.press(Key.Key_Return)
    [told] = [balloon for balloon in dock.findChildren(Balloon) if balloon.isVisible()]
    assert "nonsense" in told.text()
    lessons.leave()
    settle()
    program.window.activateWindow()
    field.setFocus()
    program.qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    program.type("0.5")
    program.press(Key.Key_Return)
    assert program.session.frame.weights["Wx"] == 0.5


def test_leaving_a_lecture_after_its_lesson(program: Program, opened: Open) -> None:
    lessons = opened(PLAIN)
    program.window.trial.line.setFocus()
    program.window.lecture.toggle()
    lessons.leave()
    program.window.parts.show(())
    program.window.lecture.toggle()
    settle()
    assert has_focus(program.window.canvas) or program.window.canvas.hasFocus()


def test_stepping_while_a_page_is_turned_back_and_forth(program: Program, opened: Open) -> None:
    lessons = opened("preset: part-2\nepoch: 3\nstep: cost\n\nText.\n", PLAIN)
    for _ in range(3):
        program.session.go_to(Position(7, 11))
        lessons.next_page()
        assert program.session.position == (0, 0)
        lessons.previous_page()
        assert program.session.position == (3, 7)
    assert not program.session.modified

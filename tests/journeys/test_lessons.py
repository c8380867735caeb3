"""The course in the whole window: every page, its places, its task done wrong and right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from core.cell.steps import BEGINNING, Position
from core.exercises.derivation import Derivations
from core.exercises.planted import mistakes_of, same_numbers
from core.exercises.predict import question
from core.lessons.lesson import Derive, Find, GoOn, Lesson, Page, Predict, Reach, read_lesson
from rnn_gui.lessons import COURSE
from rnn_gui.views.check_view import CheckView
from rnn_gui.views.derive_view import DeriveView
from rnn_gui.views.lesson_view import LessonView
from tests.journeys.conftest import CTRL, Key, Program, has_focus
from tests.tutorial import before_update

FILES = sorted(COURSE.glob("*.md"))
LEFT = Qt.MouseButton.LeftButton


def view_of(program: Program) -> LessonView:
    dock = program.window.lessons.dock
    assert dock is not None
    return dock.view


def text_of(program: Program) -> str:
    return view_of(program).page.toPlainText()


def action(program: Program, key: str) -> QAction:
    found = program.window.findChild(QAction, key)
    assert found is not None
    return found


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def turn(program: Program) -> None:
    """To the next page; one that takes long to prepare shows its progress for a while."""
    program.press(Key.Key_PageDown, modifiers=CTRL)
    program.window.activateWindow()  # as a window manager does when such a dialog goes
    program.qtbot.waitUntil(lambda: QApplication.activeWindow() is program.window)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_page_of_the_course(program: Program, path: Path) -> None:
    window = program.window
    window.resize(1280, 720)
    program.press(Key.Key_F4)
    number = [lesson.path for lesson in window.lessons.lessons].index(path)
    view_of(program).lessons.setCurrentIndex(number)
    view_of(program).lessons.activated.emit(number)
    lesson = window.lessons.lessons[number]
    for index, page in enumerate(lesson.pages):
        settle()
        assert window.lessons.page is page
        look_at_the_page(program, lesson, page)
        do_the_task(program, page)
        answer_the_question(program, page)
        if index < len(lesson.pages) - 1:
            turn(program)
    settle()
    assert view_of(program).lessons.itemText(number).endswith("✓")
    program.press(Key.Key_F4)


def look_at_the_page(program: Program, lesson: Lesson, page: Page) -> None:
    """The prepared state, the visible parts, the highlighted places, the text."""
    window, frame = program.window, program.session.frame
    assert frame.position == page.position
    assert frame.sequence == page.sequence
    assert frame.experiment.same_as(page.experiment)
    assert (frame.unactivated is not None) == page.compare
    assert window.parts.shown == page.parts
    assert page.title in text_of(program)
    assert "{" not in text_of(program)
    assert "undefined" not in text_of(program)
    frames = window.lessons.spotlight.frames
    assert len(frames) == len(page.places), f"{lesson.path.name}, {page.title}"
    for rect in frames:
        assert window.rect().contains(rect)
        assert min(rect.width(), rect.height()) > 12
    assert window.width() == 1280


def answer_the_question(program: Program, page: Page) -> None:
    asked, view = page.question, view_of(program)
    if asked is None:
        assert not view.words.isVisible()
        return
    if not asked.choices:
        explain(program)
        return
    assert not view.words.isVisible()
    wrong = next(i for i, choice in enumerate(asked.choices) if not choice.right)
    right = next(i for i, choice in enumerate(asked.choices) if choice.right)
    for index, sign in ((wrong, "✗"), (right, "✓")):
        said = f"{sign} {asked.choices[index].reply[:10]}"
        assert said not in text_of(program)
        click_choice(view, index)
        assert said in text_of(program)


def explain(program: Program) -> None:
    """Our answer is there only beside an own one."""
    view, start = view_of(program), "One good answer."
    assert view.words.isVisible()
    assert not view.compare.isEnabled()
    assert start not in text_of(program)
    view.words.setFocus()
    program.type("because it is so")
    assert start not in text_of(program)
    QTest.mouseClick(view.compare, LEFT)
    assert start in text_of(program)
    program.window.canvas.setFocus()


def click_choice(view: LessonView, index: int) -> None:
    """The link, wherever the text has scrolled to."""
    settle()
    page = view.page
    block = page.document().begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            fragment = part.fragment()
            if fragment.charFormat().anchorHref() == f"choice:{index}":
                cursor = page.textCursor()
                cursor.setPosition(fragment.position() + 3)
                page.setTextCursor(cursor)
                page.ensureCursorVisible()
                QTest.mouseClick(page.viewport(), LEFT, pos=page.cursorRect().center())
                return
            part += 1
        block = block.next()
    raise AssertionError(f"there is no choice {index}")


# -- the tasks, done wrong and right ----------------------------------------------------------


def do_the_task(program: Program, page: Page) -> None:
    if page.task is None:
        assert "Your turn" not in text_of(program)
        return
    if isinstance(page.task, Predict | Derive | Find):
        assert "Your turn" in text_of(program)
    task = page.task
    work: dict[type, Callable[[Program, Page], None]] = {
        Predict: predict,
        GoOn: go_on,
        Reach: reach,
        Derive: derive,
        Find: find,
    }
    work[type(task)](program, page)
    assert "✓ Done" in text_of(program)


def not_done(program: Program) -> None:
    assert "Your turn" in text_of(program)
    assert "✓ Done" not in text_of(program)


def predict(program: Program, page: Page) -> None:
    assert isinstance(page.task, Predict)
    bar = program.window.predict
    assert has_focus(bar) or bar.line.hasFocus()
    for step in page.task.steps:
        frame = program.session.frame
        while frame.position.next(frame.experiment.steps).step != step:
            program.session.next_step()
            frame = program.session.frame
        asked = question(frame)
        assert asked is not None
        bar.setFocus()
        for value in (asked.value + 1.5, asked.value):
            not_done(program)
            program.type(f"{value:.6g}")
            program.press(Key.Key_Return)
            if value != asked.value:
                assert "✗" in bar.told.text()
                program.window.canvas.setFocus()
                program.press(Key.Key_Left)  # the step is shown now; once more
                bar.setFocus()
    score = f"{len(page.task.steps)} right in {2 * len(page.task.steps)} tries"
    assert score in text_of(program)


def go_on(program: Program, page: Page) -> None:
    assert isinstance(page.task, GoOn)
    program.press(Key.Key_Home)
    program.window.canvas.setFocus()
    for _ in range(40):
        if "✓ Done" in text_of(program):
            break
        position = program.session.position
        assert position.step != page.task.step or position.epoch == page.position.epoch
        program.press(Key.Key_Right)
    assert program.session.position.step == page.task.step


def reach(program: Program, page: Page) -> None:
    assert isinstance(page.task, Reach)
    not_done(program)
    window = program.window
    if page.task.training:
        window.step_bar.goal.epochs.setValue(3)
        program.press(Key.Key_T)
        program.until_trained()
        not_done(program)
        window.step_bar.goal.epochs.setValue(15_000)
        program.press(Key.Key_T)
        program.until_trained()
    elif "x2" in page.do:
        grid = window.experiment.grid
        for row in (1, 0):  # first another sequence
            not_done(program)
            index = grid.inputs.model().index(row, 1)
            place = grid.inputs.visualRect(index).center()
            QTest.mouseClick(grid.inputs.viewport(), LEFT, pos=QPoint(place.x(), place.y()))
    else:
        field = window.experiment.last_activation
        for key in ("tanh", "identity"):
            not_done(program)
            field.choice_requested.emit(key)


def derive(program: Program, page: Page) -> None:
    assert isinstance(page.task, Derive)
    view = program.window.learning.view("derive")
    assert isinstance(view, DeriveView)
    assert view.task == page.task.task
    assert has_focus(view) or view.formula.hasFocus()
    program.type("2/N*(S3 - y)")
    program.press(Key.Key_Return)
    not_done(program)
    view.formula.selectAll()
    program.type(Derivations(page.experiment).solution(page.task.task)[-1][0])
    program.press(Key.Key_Return)


def find(program: Program, page: Page) -> None:
    assert isinstance(page.task, Find)
    view = program.window.learning.view("check")
    assert isinstance(view, CheckView)
    assert program.window.planted.isVisible()
    trace = program.session.frame.trace
    mistakes = mistakes_of(trace.cell, trace.experiment.timestamps)
    planted = mistakes[page.task.mistake]
    wrong = next(m.key for m in mistakes.values() if not same_numbers(m, planted, trace))
    for key in (wrong, page.task.mistake):
        not_done(program)
        view.choice.choice_requested.emit(key)
        QTest.mouseClick(view.answer_button, LEFT)


# -- the way through, and what it leaves alone ------------------------------------------------


def test_the_course_is_complete_and_in_order() -> None:
    lessons = [read_lesson(path) for path in FILES]
    assert len(lessons) >= 12
    derived = [p.task.task for one in lessons for p in one.pages if isinstance(p.task, Derive)]
    assert {("Wx", 1), ("Wrec", 1)} <= {(task.name, task.timestamp) for task in derived}
    for lesson in lessons:
        asked = [page for page in lesson.pages if page.task or page.question]
        assert asked, f"{lesson.path.name} asks for nothing"
    titles = [page.title for lesson in lessons for page in lesson.pages]
    assert len(set(titles)) == len(titles)


def test_the_own_work_waits_behind_the_lessons(program: Program) -> None:
    session, window = program.session, program.window
    window.resize(1280, 720)
    settle()
    program.press(Key.Key_F, Key.Key_F)
    session.edit("Wx", lambda e: e.with_data(e.inputs * 2))
    run, position, sizes = session.run, session.position, window.across.sizes()
    window.experiment.grid.setFocus()
    shown = window.parts.shown
    program.press(Key.Key_F4)
    assert session.run is not run
    assert session.undo_stack.count() == 0
    settle()
    session.edit("lesson", lambda e: e.with_data(e.inputs * 0))
    program.press(Key.Key_PageDown, modifiers=CTRL)
    program.press(Key.Key_F4)
    settle()
    assert (session.run, session.position) == (run, position)
    assert session.undo_stack.undoText() == "Wx"
    assert session.modified
    assert window.across.sizes() == sizes
    assert window.parts.shown == shown
    assert window.lessons.spotlight.frames == []
    assert not window.predict.isVisible()
    program.press(Key.Key_Z, modifiers=CTRL)
    assert not session.modified


def test_closing_the_window_asks_about_the_own_work(program: Program) -> None:
    program.session.edit("Wx", lambda e: e.with_data(e.inputs * 2))
    program.press(Key.Key_F4)
    assert not program.session.modified
    asked = program.answer("Cancel")
    program.window.close()
    assert "Save the edits" in asked[0]
    assert program.window.lessons.dock is None
    assert program.session.modified


def test_the_dock_s_own_button_closes_it(program: Program) -> None:
    program.press(Key.Key_F4)
    dock = program.window.lessons.dock
    assert dock is not None
    dock.close()
    settle()
    assert program.window.lessons.dock is None
    assert program.session.position == BEGINNING
    assert program.window.experiment.isVisible()


def test_progress_is_kept(
    program: Program, qtbot: QtBot, settings: QSettings, qapp: QApplication
) -> None:
    program.press(Key.Key_F4)
    program.press(Key.Key_Right)
    assert "✓ Done" in text_of(program)
    program.press(Key.Key_PageDown, modifiers=CTRL)
    click_choice(view_of(program), 1)
    program.press(Key.Key_F4)
    again = Program(qtbot, settings, qapp)
    again.press(Key.Key_F4)
    assert again.window.lessons.page.title == program.window.lessons.lessons[0].pages[1].title
    assert "◉" in text_of(again)
    again.press(Key.Key_PageUp, modifiers=CTRL)
    assert "✓ Done" in text_of(again)


def test_again_prepares_the_page_anew(program: Program) -> None:
    program.press(Key.Key_F4)
    program.press(Key.Key_Right, Key.Key_Right)
    QTest.mouseClick(view_of(program).again, LEFT)
    assert program.session.position == BEGINNING


def test_the_whole_way_by_keyboard_alone(program: Program) -> None:
    program.press(Key.Key_F4)
    lessons = program.window.lessons
    seen = [lessons.page.title]
    assert "first page" in action(program, "previous_page").toolTip()
    while not lessons.why_not()["next_page"]:
        turn(program)
        seen.append(lessons.page.title)
    assert seen == [page.title for lesson in lessons.lessons for page in lesson.pages]
    program.press(Key.Key_PageUp, modifiers=CTRL)
    assert lessons.page.title == seen[-2]


def test_a_choice_by_keyboard(program: Program) -> None:
    program.press(Key.Key_F4)
    program.press(Key.Key_PageDown, modifiers=CTRL)
    view = view_of(program)
    view.page.setFocus()
    program.press(Key.Key_Tab, Key.Key_Tab, Key.Key_Return)
    assert "◉" in text_of(program)


def test_predictions_are_asked_only_for_the_page(program: Program) -> None:
    program.press(Key.Key_F4)
    program.window.lessons.go_to(3)  # predicts both values of State 2
    bar = program.window.predict
    assert bar.isVisible()
    assert bar.line.isEnabled()
    program.session.go_to(Position(0, before_update(3)))
    assert not bar.line.isEnabled()
    program.press(Key.Key_PageDown, modifiers=CTRL)
    assert not bar.isVisible()


# -- lessons of one's own ---------------------------------------------------------------------

OWN = """---
title: A lesson of my own
about: One page.
---

# Only this
preset: part-1
epoch: 5
step: cost
highlight: cost
task: step dS3(Out)

The cost is {cost}.
"""


def open_file(program: Program, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    action(program, "open_lesson").trigger()
    settle()


def test_a_lesson_from_any_place(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.md"
    path.write_text(OWN)
    open_file(program, path, monkeypatch)
    assert program.session.position == (5, 7)
    cost = program.session.frame.cost
    assert cost is not None
    assert f"{cost:.4f}"[:5] in text_of(program)
    assert "A lesson of my own" in view_of(program).lessons.currentText()
    program.press(Key.Key_Right)
    assert "✓ Done" in text_of(program)


def test_an_own_lesson_is_there_again_after_a_restart(
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    settings: QSettings,
    qapp: QApplication,
) -> None:
    kept, gone = tmp_path / "mine.md", tmp_path / "gone.md"
    for path in (gone, kept):
        path.write_text(OWN)
        open_file(program, path, monkeypatch)
    gone.unlink()
    again = Program(qtbot, settings, qapp)
    again.press(Key.Key_F4)
    paths = [lesson.path for lesson in again.window.lessons.lessons]
    assert paths == [*FILES, kept]
    assert again.window.lessons.page.title == "Only this"


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("about: One page.\n", "aim: One page.\n", 3),
        ("preset: part-1", "preset: part-9", 7),
        ("The cost", "![here](missing.png) The cost", 13),
    ],
    ids=["header", "preset", "picture"],
)
def test_a_mistake_is_told_with_file_and_line_and_changes_nothing(
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    right: str,
    wrong: str,
    line: int,
) -> None:
    told: list[str] = []
    monkeypatch.setattr("rnn_gui.lessons.show_problem", lambda _window, *said: told.extend(said))
    path = tmp_path / "mine.md"
    path.write_text(OWN.replace(right, wrong))
    run = program.session.run
    open_file(program, path, monkeypatch)
    assert f"{path}, line {line}:" in told[1]
    assert program.window.lessons.dock is None
    assert program.session.run is run


def test_pages_are_turned_by_the_buttons(program: Program) -> None:
    program.press(Key.Key_F4)
    view = view_of(program)
    assert not view.previous.isEnabled()
    for button in (view.next, view.previous):
        assert isinstance(button, QToolButton)
        QTest.mouseClick(button, LEFT)
    assert program.window.lessons.page.title == program.window.lessons.lessons[0].pages[0].title


def test_a_value_missed_among_two_is_gone_back_to_by_the_arrow_alone(program: Program) -> None:
    program.press(Key.Key_F4)
    program.window.lessons.go_to(3)  # asks for both values of State 2
    program.type("7.7")
    program.press(Key.Key_Return)  # wrong
    asked = question(program.session.frame)
    assert asked is not None
    program.type(f"{asked.value:.6g}")
    program.press(Key.Key_Return)  # right
    assert "Still to predict: S2(In); press ←" in text_of(program)
    for _ in range(4):
        if program.session.position.step == 2:
            break
        program.press(Key.Key_Left)
    assert program.session.position.step == 2
    asked = question(program.session.frame)
    assert asked is not None
    assert program.window.predict.line.hasFocus()
    program.type(f"{asked.value:.6g}")
    program.press(Key.Key_Return)
    assert "✓ Done" in text_of(program)
    assert "2 right in 3 tries" in text_of(program)

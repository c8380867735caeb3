"""Lessons: pages, each with a state of the program that was prepared for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog

import resources
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.lessons.lesson import Lesson, LessonError, Page, read_lesson
from core.training.run import Run
from rnn_gui.actions import NO_LESSONS
from rnn_gui.documents import Documents
from rnn_gui.fields.commit import end_typing
from rnn_gui.fields.score import Score
from rnn_gui.lesson_dock import LessonDock
from rnn_gui.lesson_page import WrittenPage
from rnn_gui.lesson_progress import PageProgress, Progress
from rnn_gui.lesson_work import LessonWork
from rnn_gui.loan import Loan
from rnn_gui.main_window import MainWindow
from rnn_gui.parts import IN_TABS
from rnn_gui.places import reveal, spots
from rnn_gui.session import Session
from rnn_gui.spotlight import Spotlight
from rnn_gui.theme import Look
from rnn_gui.views.lesson_view import LessonView
from rnn_gui.views.problem_box import show_problem

COURSE = Path(resources.__path__[0]) / "lessons"
_FILTER = "Lessons (*.md)"


class _At(NamedTuple):
    lesson: int
    page: int


class Lessons(QObject):
    """While the dock is open, the learner's own document waits untouched behind the pages."""

    changed = Signal()  # opened, closed, or on another page

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        documents: Documents,
        settings: QSettings,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._documents = window, session, documents
        self._progress = Progress(settings)
        self.lessons: list[Lesson] = []
        self._at = _At(0, 0)
        self._written: WrittenPage | None = None
        self._look = Look()
        self._dock: LessonDock | None = None
        self._loan: Loan | None = None
        self.work = LessonWork(window)
        self.work.changed.connect(self._show)
        self.spotlight = Spotlight(window)
        session.frame_changed.connect(self._follow)
        documents.leaving.connect(self.leave)

    # -- opening and closing ---------------------------------------------------------------

    @property
    def dock(self) -> LessonDock | None:
        """What the pages stand in; None while the lessons are closed."""
        return self._dock

    @property
    def page(self) -> Page:
        """The present one."""
        return self.lessons[self._at.lesson].pages[self._at.page]

    def toggle(self) -> None:
        """Open the lessons where they were left, or close them."""
        if self._dock is not None:
            self.leave()
        elif self.lessons or self._read_course():
            self._enter(self._where_left())

    def ask_file(self) -> None:
        """Choose a lesson on disk."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a lesson", "", _FILTER)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """A lesson from any place, after those of the course; a mistake in it changes nothing."""
        lesson = self._read(path)
        if lesson is None or not (self.lessons or self._read_course()):
            return
        paths = [one.path.absolute() for one in self.lessons]
        index = paths.index(path.absolute()) if path.absolute() in paths else len(paths)
        if self._dock is not None:
            self._end_typing()
            self._finish()  # the present page may be one of a lesson that is read anew
        self.lessons[index : index + 1] = [lesson]
        if path.parent != COURSE:
            self._progress.remember_own(str(path.absolute()))
        self._enter(_At(index, 0))

    def leave(self) -> None:
        """Close the dock; everything is as it was before it opened."""
        if self._dock is None:
            return
        self._end_typing()
        self._finish()
        (dock, self._dock), (loan, self._loan) = (self._dock, None), (self._loan, None)
        self.spotlight.point_at(tuple)
        dock.take_down()
        self._session.take_up()
        if loan is not None:
            loan.give_back()
        self._window.canvas.setFocus()
        self.changed.emit()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.spotlight.set_look(look)
        if self._dock is not None:
            self._dock.view.set_look(look)

    # -- from page to page -----------------------------------------------------------------

    def next_page(self) -> None:
        lesson, page = self._at
        if page + 1 < len(self.lessons[lesson].pages):
            self.go_to(lesson, page + 1)
        elif lesson + 1 < len(self.lessons):
            self.go_to(lesson + 1)

    def previous_page(self) -> None:
        lesson, page = self._at
        if page:
            self.go_to(lesson, page - 1)
        elif lesson:
            self.go_to(lesson - 1, len(self.lessons[lesson - 1].pages) - 1)

    def go_to(self, lesson: int, page: int = 0) -> bool:
        """Prepare any page of any lesson; False where that is cancelled: the present one stays."""
        self._end_typing()
        chosen = self.lessons[lesson].pages[page]
        run = Run(chosen.experiment, chosen.name)
        if not self._documents.replay(run, chosen.position, "Lesson"):
            self._show()  # the list of lessons may say the other one
            return False
        self._finish()
        self._at = _At(lesson, page)
        first = frame_at(run, chosen.position, chosen.sequence)
        self._written = WrittenPage(chosen, self.lessons[lesson].path.parent, first)
        self._prepare(chosen, run)
        kept = self._kept
        self.work.begin(chosen, self._session.frame, Score(kept.right, kept.tries))
        self._progress.remember(self._key, page)
        self.spotlight.point_at(lambda: spots(self._window, chosen.places))
        self._show()
        self.changed.emit()
        return True

    def why_not(self) -> dict[str, str]:
        """Why there is no page to go to; empty where there is one."""
        if self._dock is None:
            return NO_LESSONS
        last = len(self.lessons) - 1
        at_end = self._at.lesson == last and self._at.page == len(self.lessons[last].pages) - 1
        return {
            "next_page": "This is the last page." if at_end else "",
            "previous_page": "This is the first page." if self._at == (0, 0) else "",
            "reset_layout": "Close the lessons first (F4).",
        }

    def _enter(self, at: _At) -> None:
        opening = self._dock is None
        if opening:
            self._end_typing()
            self._session.set_aside()
            self._loan = Loan(self._window)
            self._dock = self._make_dock()
        if not self.go_to(*at) and (opening or not self.work.begun):
            self.leave()

    def _end_typing(self) -> None:
        """What was typed on a page, and trained, still belongs to it."""
        end_typing()
        self._session.pause()

    def _finish(self) -> None:
        """The present page is over; nothing is typed any more."""
        self.work.finish()
        self._progress.store()

    def _to_canvas(self) -> None:
        self._window.activateWindow()  # the dock may be a window of its own
        self._window.canvas.setFocus()

    def _make_dock(self) -> LessonDock:
        view = LessonView()
        view.set_look(self._look)
        view.lesson_chosen.connect(self.go_to)
        view.next_requested.connect(self.next_page)
        view.previous_requested.connect(self.previous_page)
        view.again_requested.connect(lambda: self.go_to(*self._at))
        view.option_chosen.connect(self._choose)
        view.words_written.connect(self._keep_words)
        view.compare_requested.connect(self._compare)
        view.leave_requested.connect(self._to_canvas)
        dock = LessonDock(view, self._window)
        dock.closed.connect(self.leave)
        dock.settled.connect(lambda: reveal(self._window, self.page.places))
        return dock

    def _prepare(self, page: Page, run: Run) -> None:
        """The window as the page wants it."""
        assert self._dock is not None
        session, canvas = self._session, self._window.canvas
        self._window.parts.show(page.parts)
        self._window.right_column.favour(_looked_at(page))
        for place in page.places:
            self._window.parts.bring_forward(place.name)
        self._window.trial.line.clear()
        canvas.fit()
        self._dock.give_room()
        canvas.show_sizes(bool(page.preset) and PRESETS[page.preset].log_gradients)
        session.start_new(run, page.position, sequence=page.sequence, compare=page.compare)

    # -- reading ---------------------------------------------------------------------------

    def _read_course(self) -> bool:
        """All lessons that came with the program, then those opened before; is there one?"""
        read = [self._read(path) for path in sorted(COURSE.glob("*.md"))]
        self.lessons = [lesson for lesson in read if lesson is not None]
        for path in self._progress.own:
            with suppress(LessonError):  # gone, or wrong by now: opening it says how
                self.lessons.append(read_lesson(path))
        return bool(self.lessons)

    def _read(self, path: Path) -> Lesson | None:
        try:
            return read_lesson(path)
        except LessonError as problem:
            show_problem(self._window, "The lesson was not opened.", str(problem))
            return None

    def _where_left(self) -> _At:
        key, page = self._progress.last
        for index, lesson in enumerate(self.lessons):
            if _key_of(lesson) == key:
                return _At(index, min(page, len(lesson.pages) - 1))
        return _At(0, 0)

    # -- what somebody does ----------------------------------------------------------------

    def _follow(self, frame: Frame) -> None:
        if self._dock is not None and self._session.training is None:
            self.work.follow(frame)

    def _choose(self, index: int) -> None:
        asked = self.page.question
        # An author's own link may say anything.
        if asked is not None and index < len(asked.choices):
            self._kept.chosen = index
            self.work.choose(index)

    def _keep_words(self, words: str) -> None:
        self._kept.words = words
        self._show()

    def _compare(self) -> None:
        self._kept.compared = True
        self._show()

    # -- what is shown ---------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return _key_of(self.lessons[self._at.lesson])

    @property
    def _kept(self) -> PageProgress:
        return self._progress.page(self._key, self.page.title)

    def _show(self) -> None:
        if self._dock is None or self._written is None or not self.work.begun:
            return
        page, kept, work = self.page, self._kept, self.work
        kept.seen = True
        kept.done = kept.done or (page.task is not None and work.attempt.done)
        kept.right, kept.tries = work.score.right, work.score.tries
        self._progress.store()
        view, at = self._dock.view, self._at
        pages = self.lessons[at.lesson].pages
        view.show_lessons([self._title(i) for i in range(len(self.lessons))], at.lesson)
        shown = self._written.shown(kept, left=work.left, score=str(work.score))
        view.show_page(
            replace(
                shown,
                place=f"page {at.page + 1} of {len(pages)}",
                first=at == (0, 0),
                last=at == (len(self.lessons) - 1, len(pages) - 1),
            )
        )

    def _title(self, index: int) -> str:
        """With a tick once every page of it is done."""
        lesson = self.lessons[index]
        done = all(self._is_done(lesson, page) for page in lesson.pages)
        return f"{index + 1}. {lesson.title}{' ✓' if done else ''}"

    def _is_done(self, lesson: Lesson, page: Page) -> bool:
        kept, asked = self._progress.page(_key_of(lesson), page.title), page.question
        if page.task is not None and not kept.done:
            return False
        if asked is None:
            return kept.seen
        if asked.choices:
            return kept.chosen in [i for i, choice in enumerate(asked.choices) if choice.right]
        return kept.compared


def _looked_at(page: Page) -> str:
    """Which part of the right column a page points at; the tabs, where it is both."""
    names = {place.name for place in page.places}
    return "tabs" if names.intersection(IN_TABS) else "ledger" if "ledger" in names else ""


def _key_of(lesson: Lesson) -> str:
    """By which its progress is kept: one of the course by its name, another one by its place."""
    return lesson.path.stem if lesson.path.parent == COURSE else str(lesson.path.absolute())

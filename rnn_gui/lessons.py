"""Lessons: pages, each with a state of the program that was prepared for it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog

import resources
from core.frame import Frame, frame_at
from core.lesson import Lesson, LessonError, Page, filled, read_lesson
from core.presets import PRESETS
from core.training import Run
from rnn_gui.documents import Documents
from rnn_gui.fields.score import Score
from rnn_gui.lesson_dock import LessonDock
from rnn_gui.lesson_progress import PageProgress, Progress
from rnn_gui.lesson_work import LessonWork
from rnn_gui.main_window import MainWindow
from rnn_gui.places import reveal, spots
from rnn_gui.session import Session
from rnn_gui.spotlight import Spotlight
from rnn_gui.theme import Look
from rnn_gui.views.lesson_view import LessonView, Option, Shown
from rnn_gui.views.problem_box import show_problem

COURSE = Path(resources.__path__[0]) / "lessons"
CLOSED = "Open the lessons first (F4)."
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
        self._page = _Written()
        self._look = Look()
        self._dock: LessonDock | None = None
        self._sizes_before = False
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
        others = [one for one in self.lessons if one.path.absolute() != path.absolute()]
        self.lessons = [*others, lesson]
        self._enter(_At(len(others), 0))

    def leave(self) -> None:
        """Close the dock; everything is as it was before it opened."""
        dock, self._dock = self._dock, None
        if dock is None:
            return
        self.work.finish()
        self._progress.store()
        self.spotlight.point_at(tuple)
        dock.take_down()
        self._window.parts.give_back()
        self._session.take_up()
        self._window.canvas.show_sizes(self._sizes_before)
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

    def go_to(self, lesson: int, page: int = 0) -> None:
        """Prepare any page of any lesson; the present one stays where that is cancelled."""
        chosen = self.lessons[lesson].pages[page]
        run = Run(chosen.experiment, chosen.name)
        if not self._documents.replay(run, chosen.position):
            return
        self.work.finish()
        self._at = _At(lesson, page)
        self._page = _written(chosen, frame_at(run, chosen.position, chosen.sequence))
        self._prepare(chosen, run)
        kept = self._kept
        self.work.begin(chosen, self._session.frame, Score(kept.right, kept.tries))
        self._progress.remember(self._key, page)
        self.spotlight.point_at(lambda: spots(self._window, chosen.places))
        self._show()
        self.changed.emit()

    def why_not(self) -> dict[str, str]:
        """Why there is no page to go to; empty where there is one."""
        if self._dock is None:
            return dict.fromkeys(("next_page", "previous_page"), CLOSED)
        last = len(self.lessons) - 1
        at_end = self._at.lesson == last and self._at.page == len(self.lessons[last].pages) - 1
        return {
            "next_page": "This is the last page." if at_end else "",
            "previous_page": "This is the first page." if self._at == (0, 0) else "",
        }

    def _enter(self, at: _At) -> None:
        if self._dock is None:
            self._sizes_before = self._window.canvas.sizes_shown
            self._session.set_aside()
            self._window.right_column.set_enlarged(False)
            self._window.parts.lend()
            self._dock = self._make_dock()
        self.go_to(*at)

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
        view.leave_requested.connect(self._window.canvas.setFocus)
        dock = LessonDock(view, self._window)
        dock.closed.connect(self.leave)
        dock.settled.connect(lambda: reveal(self._window, self.page.places))
        return dock

    def _prepare(self, page: Page, run: Run) -> None:
        """The window as the page wants it."""
        assert self._dock is not None
        session, canvas = self._session, self._window.canvas
        self._window.parts.show(page.parts)
        self._dock.give_room()
        canvas.show_sizes(bool(page.preset) and PRESETS[page.preset].log_gradients)
        session.start_new(run, page.position)
        session.choose_sequence(page.sequence)
        session.set_compare(page.compare)

    # -- reading ---------------------------------------------------------------------------

    def _read_course(self) -> bool:
        """All lessons that came with the program; whether there is one."""
        read = [self._read(path) for path in sorted(COURSE.glob("*.md"))]
        self.lessons = [lesson for lesson in read if lesson is not None]
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
        if self._dock is None:
            return
        page, kept, work = self.page, self._kept, self.work
        kept.seen = True
        kept.done = kept.done or (page.task is not None and work.attempt.done)
        kept.right, kept.tries = work.score.right, work.score.tries
        self._progress.store()
        view, at = self._dock.view, self._at
        pages = self.lessons[at.lesson].pages
        view.show_lessons([self._title(i) for i in range(len(self.lessons))], at.lesson)
        view.show_page(
            Shown(
                place=f"page {at.page + 1} of {len(pages)}",
                title=page.title,
                text=self._page.text,
                folder=self.lessons[at.lesson].path.parent,
                do=self._page.do,
                done=kept.done,
                left=work.left,
                score=str(work.score),
                question=self._page.question,
                options=self._page.options,
                chosen=kept.chosen,
                answer=self._page.answer,
                words=kept.words,
                compared=kept.compared,
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
            return kept.chosen is not None and asked.choices[kept.chosen].right
        return kept.compared


class _Written(NamedTuple):
    """A page's texts with the numbers of its prepared state in them."""

    text: str = ""
    do: str = ""
    question: str = ""
    options: tuple[Option, ...] = ()
    answer: str = ""


def _written(page: Page, frame: Frame) -> _Written:
    asked = page.question
    text, do = filled(page.text, frame), filled(page.do, frame)
    if asked is None:
        return _Written(text, do)
    options = tuple(
        Option(filled(c.text, frame), c.right, filled(c.reply, frame)) for c in asked.choices
    )
    return _Written(text, do, filled(asked.text, frame), options, filled(asked.answer, frame))


def _key_of(lesson: Lesson) -> str:
    """By which its progress is kept: one of the course by its name, another one by its place."""
    return lesson.path.stem if lesson.path.parent == COURSE else str(lesson.path.absolute())

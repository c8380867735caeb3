"""The work on one page of a lesson: its task, begun, followed and taken away again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.epoch.frame import Frame
from core.exercises.derivation import Task as Derivation
from core.exercises.planted import mistakes_of
from core.lessons.lesson import Derive, Find, Page, Predict
from core.lessons.task import Attempt
from rnn_gui.fields.score import Score
from rnn_gui.main_window import MainWindow
from rnn_gui.views.check_view import CheckView
from rnn_gui.views.derive_view import DeriveView


class LessonWork(QObject):
    """Sets the window's own ways to predict, derive and check to work for a page."""

    changed = Signal()  # how far somebody is

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._attempt: Attempt | None = None
        self._before = Score()  # of earlier visits to the page
        window.predict.judged.connect(self._take_prediction)
        window.learning.derived.connect(self._take_derivation)
        window.learning.found.connect(self._take_found)

    @property
    def begun(self) -> bool:
        """Whether there is a page to work on."""
        return self._attempt is not None

    @property
    def attempt(self) -> Attempt:
        assert self._attempt is not None
        return self._attempt

    @property
    def score(self) -> Score:
        """Of all visits to the page."""
        before, attempt = self._before, self.attempt
        return Score(before.right + attempt.right, before.tries + attempt.tries)

    @property
    def left(self) -> str:
        """What is left of predictions; of other tasks the page itself says it."""
        task, tries = self.attempt.page.task, self.attempt.tries
        told = isinstance(task, Predict) and (tries > 0 or len(task.steps) > 1)
        return self.attempt.left if told else ""

    def begin(self, page: Page, frame: Frame, before: Score) -> None:
        """The keyboard goes where the page's task is done."""
        self._attempt, self._before = Attempt(page), before
        self._attempt.saw(frame)
        self._place_of(page, frame).setFocus()

    def finish(self) -> None:
        """Nothing of a page's task outlives the page."""
        self._attempt = None
        if not self._window.predict.isHidden():
            self._window.predict.set_asking(False, None, Score())
        if not self._window.planted.isHidden():  # by the page, or by hand
            self._check.set_mistake(None)

    def follow(self, frame: Frame) -> None:
        """Another position, or another experiment."""
        if self._attempt is not None:
            self._attempt.saw(frame)
            self.changed.emit()

    def choose(self, index: int) -> None:
        """An answer of the page's question."""
        self.attempt.chose(index)
        self.changed.emit()

    def _place_of(self, page: Page, frame: Frame) -> QWidget:
        window, task = self._window, page.task
        if isinstance(task, Predict):
            window.predict.set_asking(True, task.steps, self.score)
            return window.predict
        if isinstance(task, Derive):
            return self._ask_formula(task.task)
        if isinstance(task, Find):
            known = mistakes_of(frame.experiment.cell, frame.timestamps)
            self._check.set_mistake(known[task.mistake])
        return window.canvas

    def _ask_formula(self, task: Derivation) -> QWidget:
        view = self._window.learning.view("derive")
        assert isinstance(view, DeriveView)
        view.ask(task)
        return view

    @property
    def _check(self) -> CheckView:
        view = self._window.learning.view("check")
        assert isinstance(view, CheckView)
        return view

    def _take_prediction(self, step: int, right: bool) -> None:
        if self._attempt is not None:
            self._attempt.predicted(step, right)
            self.changed.emit()

    def _take_derivation(self, task: Derivation, right: bool) -> None:
        if self._attempt is not None:
            self._attempt.derived(task, right)
            self.changed.emit()

    def _take_found(self, mistake: str, right: bool) -> None:
        if self._attempt is not None:
            self._attempt.found(mistake, right)
            self.changed.emit()

"""Attempts: how far somebody is with a page of a lesson."""

from __future__ import annotations

from core.cell.steps import Position
from core.epoch.frame import Frame
from core.exercises import derivation
from core.lessons.goals import predicted_steps
from core.lessons.lesson import Choice, Derive, Find, GoOn, Page, Predict, Reach


class Attempt:
    """One attempt at a page's task and its choices; what was done once stays done.

    ``tries`` counts the answers to what the page asks, ``right`` the right ones among them;
    answers to anything else are not counted. ``choice`` is the one chosen last.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tries = 0
        self.right = 0
        self.done = page.task is None
        self.answered = not _choices(page)
        self.choice: int | None = None
        self._predicted: set[int] = set()
        self._missed: int | None = None  # the first of them that is shown, and not predicted

    def saw(self, frame: Frame) -> None:
        """Take note of what is on screen now."""
        match self.page.task:
            case GoOn(step):
                reached = self._has_reached(step, frame)
            case Reach(conditions, _):
                reached = all(condition.holds(frame) for condition in conditions)
            case Predict(steps):
                reached = False
                shown = (step for step in steps if step <= frame.position.step)
                self._missed = next((s for s in shown if s not in self._predicted), None)
            case _:
                reached = False
        self.done = self.done or reached

    def predicted(self, step: int, right: bool) -> None:
        """Count an answer to what the step shows, by its number in the epoch."""
        if isinstance(self.page.task, Predict) and step in self.page.task.steps:
            self._count(right)
            if right:
                self._predicted.add(step)
            self.done = self._predicted.issuperset(self.page.task.steps)

    def derived(self, task: derivation.Task, right: bool) -> None:
        """Count a formula for a derivative."""
        if self.page.task == Derive(task):
            self._count(right)
            self.done = self.done or right

    def found(self, mistake: str, right: bool) -> None:
        """Count an answer to which mistake is planted, while that is ``mistake``."""
        if self.page.task == Find(mistake):
            self._count(right)
            self.done = self.done or right

    def chose(self, index: int) -> Choice:
        """Return the choice taken, from 0. Raises `IndexError` where there is none."""
        if not 0 <= index < len(_choices(self.page)):
            raise IndexError(f"the page has no choice {index + 1}")
        chosen = _choices(self.page)[index]
        self.choice = index
        self._count(chosen.right)
        self.answered = self.answered or chosen.right
        return chosen

    @property
    def left(self) -> str:
        """Words for what is still to do; empty when that is nothing."""
        parts = [] if self.done else [self._left_of_task()]
        return "; ".join(parts if self.answered else [*parts, "still to answer: the question"])

    def _count(self, right: bool) -> None:
        self.tries += 1
        self.right += right

    def _has_reached(self, step: int, frame: Frame) -> bool:
        """A page that stands at its goal, or behind it, means the next epoch's."""
        start, steps = self.page.position, self.page.experiment.steps
        epoch = start.epoch + (start.step >= step)
        there = Position(frame.position.epoch, frame.position.step)
        goal = steps.same_step(step, frame.experiment.steps)
        return there.epoch >= epoch and there.step >= goal

    def _left_of_task(self) -> str:
        steps = self.page.experiment.steps
        match self.page.task:
            case Predict(asked):
                missing = tuple(step for step in asked if step not in self._predicted)
                left = f"still to predict: {predicted_steps(missing, steps)}"
                again = "; press ← until it is asked again"
                return left if self._missed is None else f"{left}{again}"
            case GoOn(step):
                return f"still to go to: {predicted_steps((step,), steps)}"
            case Reach(conditions, _):
                return f"still to reach: {', '.join(c.text for c in conditions)}"
            case Derive(derivative):
                return f"still to derive: {derivative}"
            case Find():
                return "still to find: the planted mistake"
            case None:
                return ""


def _choices(page: Page) -> tuple[Choice, ...]:
    return page.question.choices if page.question else ()

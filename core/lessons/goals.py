"""The tasks of a lesson: what a page asks somebody to do, and how a lesson file says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from core.cell.steps import Kind, Steps
from core.data.experiment import Experiment
from core.data.reading import quoted
from core.exercises import derivation
from core.exercises.planted import mistakes_of
from core.lessons.places import END, START, listed, step_of, step_words
from core.lessons.quantity import Condition, Unreadable, condition, one_of, timestamp


@dataclass(frozen=True)
class Predict:
    """Predict the values of these steps, given by their numbers in the epoch."""

    steps: tuple[int, ...]


@dataclass(frozen=True)
class GoOn:
    """Go on to this step, in the page's epoch or a later one."""

    step: int


@dataclass(frozen=True)
class Reach:
    """Make all conditions hold: by training, or by edits alone."""

    conditions: tuple[Condition, ...]
    training: bool


@dataclass(frozen=True)
class Derive:
    """Write a formula of what a timestamp adds to a derivative."""

    task: derivation.Task


@dataclass(frozen=True)
class Find:
    """Find the mistake that the page plants, by its key in `core.exercises.planted`."""

    mistake: str


Task = Predict | GoOn | Reach | Derive | Find


def task_of(text: str, experiment: Experiment, parts: Collection[str]) -> Task:
    """Read a task, on a page that shows these parts. Raises `Unreadable`."""
    verb, _, rest = text.partition(" ")
    if verb not in _READ:
        raise Unreadable(f"there is no task {quoted(verb)}: {one_of(tuple(_READ))}")
    if not rest.strip():
        raise Unreadable(f"the task {verb} says no more: write {_EXAMPLES[verb]}, for example")
    task = _READ[verb](rest.strip(), experiment)
    part = _DONE_IN.get(verb, "")
    if part and part not in parts:
        raise Unreadable(f"the task {verb} is done in {part}: add {part} to show")
    return task


def instruction(task: Task, steps: Steps) -> str:
    """Say what to do, in a sentence; empty where only the lesson can say it."""
    match task:
        case Predict(asked):
            return f"Predict, before you see: {predicted_steps(asked, steps)}."
        case GoOn(step):
            return f"Go on to {_in_words(step, steps)}."
        case Derive(derivative):
            return f"Derive {derivative}: write a formula for it."
        case Find():
            return "There is a mistake in the backward pass: find it."
        case Reach():
            return ""


def predicted_steps(asked: tuple[int, ...], steps: Steps) -> str:
    """List steps, given by their numbers, as texts and formulas call them."""
    return ", ".join(_in_words(step, steps) for step in asked)


def _in_words(step: int, steps: Steps) -> str:
    """Name a step as texts and formulas do, not as the time line does for want of room."""
    written = step_words(step, steps)
    if step and steps[step - 1].kind is Kind.GRADIENT:
        return f"dE/{written}"
    if step and steps[step - 1].kind is Kind.PARTS:
        return f"what timestamp {steps[step - 1].timestamp} adds"
    return _SAID.get(written, written)


_SAID = {
    START: "the start of the next epoch",
    "cost": "the cost",
    "sums": "the sums",
    "update": "the update",
}


def _predict(text: str, experiment: Experiment) -> Task:
    names = listed(text)
    for name in names:
        if name in (START, END):
            raise Unreadable(f"{name} has no value to predict: write a step such as S1(In)")
    return Predict(tuple(dict.fromkeys(step_of(name, experiment.steps) for name in names)))


def _go_on(text: str, experiment: Experiment) -> Task:
    return GoOn(step_of(text, experiment.steps))


def _edit(text: str, experiment: Experiment) -> Task:
    return Reach(_conditions(text, experiment), training=False)


def _train(text: str, experiment: Experiment) -> Task:
    return Reach(_conditions(text, experiment), training=True)


def _conditions(text: str, experiment: Experiment) -> tuple[Condition, ...]:
    return tuple(condition(part, experiment) for part in listed(text))


def _derive(text: str, experiment: Experiment) -> Task:
    derivations, cell = derivation.Derivations(experiment), experiment.cell
    part = re.fullmatch(r"dE/d(\S+) +at +([0-9]+)", text)
    back = re.fullmatch(r"dE/d([A-Za-z_]+)([0-9]+)((?:\(\w+\))?)", text)
    name, k = (part[1], part[2]) if part else (back[1] + back[3], back[2]) if back else ("", "")
    if name not in (cell.weights if part else cell.quantities):
        example = f"derive dE/d{cell.weights[0]} at 1"
        raise Unreadable(f"nobody can derive {quoted(text)}: write {example}")
    if why := derivations.why_not:
        raise Unreadable(f"{why[:1].lower()}{why[1:].removesuffix('.')}")
    task = derivation.Task(name, timestamp(k, 1, experiment.timestamps), bool(part))
    if task not in derivations.tasks:
        raise Unreadable(f"nobody derives {task} here: {one_of(_named(derivations.tasks))}")
    return Derive(task)


def _named(tasks: list[derivation.Task]) -> tuple[str, ...]:
    """List a few tasks as lessons write them."""
    return tuple(str(task).replace("timestamp ", "") for task in tasks[:4])


def _find(text: str, experiment: Experiment) -> Task:
    known = mistakes_of(experiment.cell, experiment.timestamps)
    if text not in known:
        raise Unreadable(f"there is no mistake {quoted(text)} to plant: {one_of(known)}")
    return Find(text)


_READ: dict[str, Callable[[str, Experiment], Task]] = {
    "predict": _predict,
    "step": _go_on,
    "edit": _edit,
    "train": _train,
    "derive": _derive,
    "find": _find,
}
_DONE_IN = {"train": "training", "derive": "derive", "find": "check"}
_EXAMPLES = {
    "predict": "predict S1(In)",
    "step": "step cost",
    "edit": "edit X1 a = 1",
    "train": "train cost < 1",
    "derive": "derive dE/dWx at 1",
    "find": "find sign",
}

"""The tasks of a lesson: what a page asks somebody to do, and how a lesson file says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from core import derivation
from core.experiment import WEIGHT_NAMES, Experiment
from core.lesson_places import END, START, listed, step_of, step_words
from core.planted import MISTAKES
from core.quantity import Condition, Unreadable, condition, one_of, quoted, timestamp


@dataclass(frozen=True)
class Predict:
    """The values of these steps are predicted right; steps by their numbers in the epoch."""

    steps: tuple[int, ...]


@dataclass(frozen=True)
class GoOn:
    """On to this step, in the page's epoch or a later one."""

    step: int


@dataclass(frozen=True)
class Reach:
    """Until all conditions hold: by training, or by edits alone."""

    conditions: tuple[Condition, ...]
    training: bool


@dataclass(frozen=True)
class Derive:
    """A right formula of what a timestamp adds to a derivative."""

    task: derivation.Task


@dataclass(frozen=True)
class Find:
    """The mistake of `core.planted.MISTAKES` that the page plants."""

    mistake: str


Task = Predict | GoOn | Reach | Derive | Find


def task_of(text: str, experiment: Experiment, parts: Collection[str]) -> Task:
    """The task that is written so, on a page that shows these parts. Raises `Unreadable`."""
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


def instruction(task: Task, timestamps: int) -> str:
    """What to do, in a sentence; empty where only the lesson can say it."""
    match task:
        case Predict(steps):
            return f"Predict, before you see: {predicted_steps(steps, timestamps)}."
        case GoOn(step):
            return f"Go on to {_in_words(step, timestamps)}."
        case Derive(derivative):
            return f"Derive {derivative}: write a formula for it."
        case Find():
            return "There is a mistake in the backward pass: find it."
        case Reach():
            return ""


def predicted_steps(steps: tuple[int, ...], timestamps: int) -> str:
    return ", ".join(_in_words(step, timestamps) for step in steps)


def _in_words(step: int, timestamps: int) -> str:
    """A step as texts and formulas call it, not as the time line writes it for want of room."""
    written = step_words(step, timestamps)
    if written.startswith("dS"):
        return f"dE/{written}"
    if written.startswith("dW at "):
        return f"what timestamp {written.removeprefix('dW at ')} adds"
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
    return Predict(tuple(dict.fromkeys(step_of(name, experiment.timestamps) for name in names)))


def _go_on(text: str, experiment: Experiment) -> Task:
    return GoOn(step_of(text, experiment.timestamps))


def _edit(text: str, experiment: Experiment) -> Task:
    return Reach(_conditions(text, experiment), training=False)


def _train(text: str, experiment: Experiment) -> Task:
    return Reach(_conditions(text, experiment), training=True)


def _conditions(text: str, experiment: Experiment) -> tuple[Condition, ...]:
    return tuple(condition(part, experiment) for part in listed(text))


def _derive(text: str, experiment: Experiment) -> Task:
    found = re.fullmatch(r"dE/d(Wx|Wrec) +at +([0-9]+)", text)
    if found is None:
        raise Unreadable(f"nobody can derive {quoted(text)}: write {_EXAMPLES['derive']}")
    if why := derivation.why_not(experiment):
        raise Unreadable(f"{why[:1].lower()}{why[1:].removesuffix('.')}")
    weight = next(key for key, name in WEIGHT_NAMES.items() if name == found[1])
    return Derive(derivation.Task(weight, timestamp(found[2], 1, experiment.timestamps)))


def _find(text: str, _experiment: Experiment) -> Task:
    if text not in MISTAKES:
        raise Unreadable(f"there is no mistake {quoted(text)} to plant: {one_of(MISTAKES)}")
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
    "find": f"find {next(iter(MISTAKES))}",
}

"""Derive it yourself: a gradient, as a formula that is checked.

For a cell whose gradients go back on one way alone, as the tutorial's do, a formula is the whole
product from the cost to the weight; for any other it is one line of the backward pass, in terms of
the gradients before it. A formula is right if it has the right value, whatever its form, on many
random experiments; so it is compared as numbers, never as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from core.cell.description import Line
from core.cell.expression import Leaf, Node, leaves
from core.cell.names import label
from core.data.experiment import Experiment
from core.data.values import Array
from core.epoch.glossary import called
from core.exercises import hints
from core.exercises.formula import Formula, parse
from core.exercises.hints import Way, inside_sum
from core.exercises.mistakes import Mistake, Slip
from core.exercises.random_epochs import RandomEpochs
from core.exercises.slips import Slips
from core.exercises.vocabulary import Vocabulary

RELATIVE = 1e-9
MOST_TIMESTAMPS = 50  # a formula for more is longer than `core.exercises.formula` reads
LARGEST_INITIAL_STATE = 1_000.0
# The sum over the sequences is taken in any case, and a line at T is a task of its own.
_NONE_HERE = (Mistake.ALONE, Mistake.OTHER_LINE)
_REACH = 12  # so many timestamps off a known mistake is


@dataclass(frozen=True)
class Task:
    """To derive what timestamp ``timestamp`` adds to dE/d of a weight, or dE/d of a quantity."""

    name: str
    timestamp: int
    of_weight: bool = True

    def __str__(self) -> str:
        if self.of_weight:
            return f"dE/d{self.name} at timestamp {self.timestamp}"
        return f"dE/d{label(self.name, self.timestamp)}"


@dataclass(frozen=True)
class Verdict:
    """Whether a formula is right, and one sentence; a wrong one may be a known mistake."""

    right: bool
    sentence: str
    formula: Formula
    mistake: Mistake | None = None


class Wrong(NamedTuple):
    """A known mistake: the hint, and its value in each epoch with how large its parts are."""

    mistake: Mistake
    hint: str
    value: Array
    size: Array


class Derivations:
    """The tasks of an experiment's cell, and how formulas for them are judged.

    N, T, the sizes, the initial states and the cell are all that a formula depends on.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.cell = experiment, experiment.cell
        self.last = experiment.timestamps
        self.whole = hints.is_chain(self.cell)
        self.vocabulary = Vocabulary(self.cell, self.last, gradients=not self.whole)
        self._wrong: dict[Task, list[Wrong]] = {}
        self._rights: dict[Task, tuple[Array, Array]] = {}

    @cached_property
    def tasks(self) -> list[Task]:
        """All gradients that can be derived, in the order of the backward pass."""
        cell, found = self.cell, []
        for k in range(self.last, 0, -1):
            for line in cell.backward(k == self.last):
                of_weight = line.left.name in cell.weights
                if (of_weight or not self.whole) and hints.can_be_typed(line.right):
                    found.append(Task(line.left.name, k, of_weight))
        return found

    @property
    def why_not(self) -> str:
        """One sentence on why formulas cannot be checked; empty if they can."""
        if self.last > MOST_TIMESTAMPS:
            return (
                f"A formula can be derived for up to {MOST_TIMESTAMPS} timestamps: "
                f"there are {self.last:,}, so remove some."
            )
        for name, start in self.experiment.initial_state.items():
            if np.max(np.abs(start)) > LARGEST_INITIAL_STATE:
                state = called(self.cell, name.partition("(")[0], 0)
                return (
                    f"A formula can be derived for a {state} within "
                    f"±{LARGEST_INITIAL_STATE:,.0f}: set it to a smaller number."
                )
        if not self._epochs.count:
            return "No formula can be checked: random numbers have no finite gradients here."
        return ""

    def check(self, task: Task, text: str) -> Verdict:
        """Compare a formula with the true gradient on many random experiments.

        `why_not` must be empty. Raises `FormulaError` for a text that is no formula.
        """
        formula = parse(text, self.vocabulary)
        found = self._summed(task, formula.of_sequences(self._epochs.values))
        right, parts = self._right(task)
        if found.shape[:-2] not in ((), right.shape[:-2]):
            return Verdict(False, f"The shape is not that of {task}: {_SHAPES}", formula)
        if (np.abs(found - right) <= RELATIVE * parts).all():
            return Verdict(True, self._praise(task), formula)
        return self._diagnosed(task, found, formula)

    def hints(self, task: Task) -> tuple[str, ...]:
        """Say what helps to find the formula, from coarse to fine."""
        if self.whole:
            return hints.of_chain(self._way(task), self.experiment, self.is_0(task))
        return hints.of_line(self._way(task)[-1], self.experiment)

    def solution(self, task: Task) -> list[tuple[str, str]]:
        """Build the formula up part by part, with a sentence for each; the last is the whole."""
        return hints.solution(self._way(task), self.experiment, self.is_0(task))

    def is_0(self, task: Task) -> bool:
        """Tell whether a timestamp adds nothing, as an initial state of 0 is multiplied by."""
        place = self._way(task)[-1]
        starts = [x.name for x in leaves(place.line.right) if x.shift == -1 and place.k == 1]
        if not task.of_weight:
            return False
        return any(not np.any(self.experiment.initial_state[name]) for name in starts)

    # The verdict

    def _praise(self, task: Task) -> str:
        if self.is_0(task):
            state = called(self.cell, self.cell.states[0].partition("(")[0], 0)
            return (
                f"Right, it is 0: {state} is 0, so nothing passes through {task.name} at "
                f"timestamp 1, and it adds nothing to dE/d{task.name}."
            )
        return f"Right: this is {task}, on each of {self._epochs.count} random experiments."

    def _diagnosed(self, task: Task, found: Array, formula: Formula) -> Verdict:
        if not np.isfinite(found).all():
            return Verdict(False, _NOT_FINITE, formula)
        if all(x.shift is None and x.name not in self.cell.shapes for x in leaves(formula.node)):
            states = "the states" if self.whole else "other values"
            return Verdict(False, f"A number alone is not {task}: it depends on {states}.", formula)
        for wrong in self.known(task):
            if (
                abs(found.flat[0] - wrong.value.flat[0]) <= RELATIVE * wrong.size.flat[0]
                and (np.abs(found - wrong.value) <= RELATIVE * wrong.size).all()
            ):
                return Verdict(False, wrong.hint, formula, wrong.mistake)
        return Verdict(False, f"This is not {task} yet: a hint shows how to go on.", formula)

    # Values

    @cached_property
    def _epochs(self) -> RandomEpochs:
        return RandomEpochs(self.experiment)

    def _way(self, task: Task) -> Way:
        return hints.way_back(self.cell, task.name, task.timestamp, self.last, whole=self.whole)

    def _right(self, task: Task) -> tuple[Array, Array]:
        """Return the value of a task in each epoch, and how large its parts are."""
        if task not in self._rights:
            line, k = self._way(task)[-1]
            right, epochs = inside_sum(line.right), self._epochs
            both = (
                self._summed(task, epochs.worth(right, k)),
                self._summed(task, epochs.size(right, k)),
            )
            self._rights[task] = both
        return self._rights[task]

    def _summed(self, task: Task, value: Array) -> Array:
        with np.errstate(all="ignore"):
            return value.sum(axis=-2, keepdims=True) if task.of_weight else value

    def known(self, task: Task) -> list[Wrong]:
        """List the known mistakes of a task, each with its value in every epoch."""
        if task not in self._wrong:
            right, parts = self._right(task)
            with np.errstate(all="ignore"):
                self._wrong[task] = [
                    Wrong(mistake, hint, self._summed(task, value), large)
                    for mistake, hint, value in self._mistakes(task)
                    if value.shape[:-2] == right.shape[:-2]
                    for large in [self._summed(task, np.abs(value)) + 1e-3 * parts]
                ]
        return self._wrong[task]

    def _mistakes(self, task: Task) -> Iterator[tuple[Mistake, str, Array]]:
        """List each mistake in one place, then at all places alike, then other timestamps."""
        way = self._way(task)
        words = {"left": task.name, "sequence": "", "k": str(task.timestamp)}
        words["end"] = hints.end_of(way, self.cell)
        alike: dict[tuple[str, Mistake], dict[int, Node]] = {}
        hinted: dict[tuple[str, Mistake], str] = {}
        for i, (line, k) in enumerate(way):
            gain = self._passed(way[i + 1 :])
            for slip in self._slips(line, k):
                of_line = slip.mistake is Mistake.SIGN and not self.whole
                key = line.left.name, slip.mistake
                hint = slip.said((Mistake.TERM_SIGN if of_line else slip.mistake).hint, **words)
                hinted.setdefault(key, hint)
                alike.setdefault(key, {}).setdefault(i, slip.node)
                try:
                    yield slip.mistake, hint, self._epochs.worth(slip.node, k) * gain
                except (KeyError, ValueError):  # not there, or of a shape that does not fit
                    continue
        for key, nodes in alike.items():
            if len(nodes) > 1:
                yield key[1], hinted[key], self._passed(way, nodes)
        hint = Mistake.OTHER_END.hint.format(**words)
        for other in self.tasks:
            if other.name == task.name and other != task:
                yield Mistake.OTHER_END, hint, self._right(other)[0]

    def _slips(self, line: Line, k: int) -> Iterator[Slip]:
        """List the mistakes of a line; in a whole product no gradient stands that could differ."""
        back = [x for x in leaves(line.right) if x.d]
        for slip in Slips(self.cell, line, k, self.last, min(max(self.last, 2), _REACH)).all():
            same = back == [x for x in leaves(slip.node) if x.d]
            if slip.mistake not in _NONE_HERE and (same or not self.whole):
                yield slip

    def _passed(self, way: Way, instead: Mapping[int, Node] = MappingProxyType({})) -> Array:
        """Take a gradient of 1 along a way, with other expressions on the right of some lines."""
        value = np.ones((1, 1))
        for i, (line, k) in enumerate(way):
            back = (x for x in leaves(line.right) if x.d)
            come = {Leaf(x.name, k + (x.shift or 0), d=True): value for x in back}
            value = self._epochs.worth(instead.get(i, inside_sum(line.right)), k, come)
        return value


_SHAPES = "look what is a number, a vector or a matrix."
_NOT_FINITE = (
    "This formula divides by 0 or grows beyond all numbers: look at what it divides by, and at "
    "its powers."
)

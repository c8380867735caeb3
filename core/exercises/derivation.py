"""Derive it yourself: a gradient, as a formula that is checked.

For a cell whose gradients go back on one way alone, as the tutorial's do, a formula is the whole
product from the cost to the weight; for any other it is one line of the backward pass, in terms of
the gradients before it. A formula is right if it has the right value, whatever its form, on many
random experiments; so it is compared as numbers, never as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
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
from core.exercises.mistakes import Mistake, Slip
from core.exercises.random_epochs import Values, random_epochs, size, worth
from core.exercises.slips import Slips
from core.exercises.vocabulary import Vocabulary
from core.exercises.ways import Place, inside_sum, is_chain, line_at, unfolded, way_back

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
    """A known mistake: the hint, and its value in each trial with how large its parts are."""

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
        self.whole = is_chain(self.cell)
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
        if not len(self._values[Leaf(self.cell.weights[0])]):
            return "No formula can be checked: random numbers have no finite gradients here."
        return ""

    def check(self, task: Task, text: str) -> Verdict:
        """Compare a formula with the true gradient on many random experiments.

        `why_not` must be empty. Raises `FormulaError` for a text that is no formula.
        """
        formula = parse(text, self.vocabulary)
        found = self._found(task, formula)
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
        count = len(self._values[Leaf(self.cell.weights[0])])
        return f"Right: this is {task}, on each of {count} random experiments."

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
    def _values(self) -> Values:
        return random_epochs(self.experiment)

    def _way(self, task: Task) -> tuple[Place, ...]:
        place = Place(line_at(self.cell, task.name, task.timestamp, self.last), task.timestamp)
        return way_back(self.cell, place, self.last) if self.whole else (place,)

    def _found(self, task: Task, formula: Formula) -> Array:
        found = formula.of_sequences(self._values)
        return self._summed(task, found)

    def _right(self, task: Task) -> tuple[Array, Array]:
        if task not in self._rights:
            node, k = unfolded(self._way(task))
            both = (f(node, self._values, k) for f in (worth, size))
            right, parts = (self._summed(task, value) for value in both)
            self._rights[task] = right, parts
        return self._rights[task]

    def _summed(self, task: Task, value: Array) -> Array:
        with np.errstate(all="ignore"):
            return value.sum(axis=-2, keepdims=True) if task.of_weight else value

    def known(self, task: Task) -> list[Wrong]:
        """List the known mistakes of a task, each with its value in every trial."""
        if task not in self._wrong:
            with np.errstate(all="ignore"):
                self._wrong[task] = list(self._mistakes(task))
        return self._wrong[task]

    def _mistakes(self, task: Task) -> Iterator[Wrong]:
        """List each mistake in one place, then at all places alike, then other timestamps."""
        way = self._way(task)
        right, parts = self._right(task)
        words = {"left": task.name, "sequence": "", "k": str(task.timestamp)}
        words["end"] = hints.end_of(way, self.cell)
        alike: dict[tuple[str, Mistake], dict[int, Node]] = {}
        hinted: dict[tuple[str, Mistake], str] = {}
        for i, ((line, k), gain) in enumerate(zip(way, self._gains(way), strict=True)):
            for slip in self._slips(line, k):
                of_line = slip.mistake is Mistake.SIGN and not self.whole
                kind = Mistake.TERM_SIGN if of_line else slip.mistake
                hint = slip.said(kind.hint, **words)
                key = line.left.name, slip.mistake
                alike.setdefault(key, {}).setdefault(i, slip.node)
                hinted.setdefault(key, hint)
                try:
                    value = worth(slip.node, self._values, k) * gain
                except (KeyError, ValueError):
                    continue
                yield from self._as_wrong(task, slip.mistake, hint, value, right, parts)
        for key, nodes in alike.items():
            if len(nodes) > 1:
                value = self._with(way, nodes)
                yield from self._as_wrong(task, key[1], hinted[key], value, right, parts)
        for other in self.tasks:
            if other.name == task.name and other != task:
                value = self._right(other)[0]
                hint = Mistake.OTHER_END.hint.format(**words)
                yield from self._as_wrong(task, Mistake.OTHER_END, hint, value, right, parts)

    def _slips(self, line: Line, k: int) -> Iterator[Slip]:
        """List the mistakes of a line; in a whole product no gradient stands that could differ."""
        back = [x for x in leaves(line.right) if x.d]
        for slip in Slips(self.cell, line, k, self.last, min(max(self.last, 2), _REACH)).all():
            same = back == [x for x in leaves(slip.node) if x.d]
            if slip.mistake not in _NONE_HERE and (same or not self.whole):
                yield slip

    def _as_wrong(
        self, task: Task, mistake: Mistake, hint: str, value: Array, right: Array, parts: Array
    ) -> Iterator[Wrong]:
        if value.shape[:-2] == right.shape[:-2]:
            large = self._summed(task, np.abs(value)) + 1e-3 * parts
            yield Wrong(mistake, hint, self._summed(task, value), large)

    def _gains(self, way: tuple[Place, ...]) -> list[Array]:
        """Say of each line what the lines after it do to the gradient that it gives."""
        gains = [np.ones((1, 1))]
        for line, k in way[:0:-1]:
            back = next(x for x in leaves(line.right) if x.d)
            ones = {Leaf(back.name, k + (back.shift or 0), d=True): np.ones((1, 1))}
            factor = worth(inside_sum(line.right), {**self._values, **ones}, k)
            gains.append(gains[-1] * factor)
        return gains[::-1]

    def _with(self, way: tuple[Place, ...], nodes: dict[int, Node]) -> Array:
        """Go the whole way back with these expressions in place of some lines' right sides."""
        value = np.ones((1, 1))
        for i, (line, k) in enumerate(way):
            back = [x for x in leaves(line.right) if x.d]
            come = {Leaf(x.name, k + (x.shift or 0), d=True): value for x in back}
            value = worth(nodes.get(i, line.right), {**self._values, **come}, k)
        return value


_SHAPES = "look what is a number, a vector or a matrix."
_NOT_FINITE = (
    "This formula divides by 0 or grows beyond all numbers: look at what it divides by, and at "
    "its powers."
)

"""The order of the steps of an epoch, in one table, and the ways through it.

Buttons, keys, time line, equations and narration all follow this order. A step computes what a
learner would write on one line of paper.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf
from core.cell.names import label


class Phase(Enum):
    """The three phases of an epoch."""

    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"


class Kind(Enum):
    """What a step computes, for all sequences at once."""

    VALUE = "value"
    COST = "cost"
    GRADIENT = "gradient"
    PARTS = "parts"  # what one timestamp adds to the gradients of the weights
    SUMS = "sums"
    UPDATE = "update"


@dataclass(frozen=True)
class Step:
    """One step: its number in the epoch from 1, what it computes, and where.

    ``name`` is the quantity whose value or gradient it is, empty for the other kinds;
    ``timestamp`` is 1…T, or 0 for cost, sums and update. ``lines`` are those of paper, relative
    to the timestamp; those of the update belong to the update rule, and are not here.
    """

    number: int
    phase: Phase
    kind: Kind
    name: str
    timestamp: int
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """Spell the step as the time line writes it: S2(In), dS2(In), dW @ 2, cost, Σ, update."""
        match self.kind:
            case Kind.VALUE:
                return label(self.name, self.timestamp)
            case Kind.GRADIENT:
                return f"d{label(self.name, self.timestamp)}"
            case Kind.PARTS:
                return f"dW @ {self.timestamp}"
            case Kind.SUMS:
                return "Σ"
        return str(self.kind.value)

    @property
    def place(self) -> tuple[Kind, str, int]:
        return self.kind, self.name, self.timestamp


class Steps:
    """All steps of an epoch of a cell over ``timestamps`` timestamps, in order.

    It is a sequence: ``steps[n - 1]`` is step n, ``len(steps)`` counts the update too.
    """

    def __init__(self, cell: Cell, timestamps: int) -> None:
        self.cell, self.timestamps = cell, timestamps
        self._steps = tuple(
            Step(number, *rest) for number, rest in enumerate(_in_order(cell, timestamps), start=1)
        )
        self._numbers = {step.place: step.number for step in self._steps}

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> Step:
        return self._steps[index]

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps)

    @property
    def before_update(self) -> int:
        """How many steps are done when only the update is left."""
        return len(self) - 1

    def number(self, kind: Kind, name: str = "", timestamp: int = 0) -> int:
        """Count the steps that are done once this one is. Raises `KeyError` if there is none."""
        return self._numbers[kind, name, timestamp]

    def has(self, kind: Kind, name: str = "", timestamp: int = 0) -> bool:
        """Tell whether there is such a step."""
        return (kind, name, timestamp) in self._numbers

    def is_known(self, kind: Kind, name: str, timestamp: int, done: int) -> bool:
        """Tell whether a step is among the first ``done``; one that is not there never is."""
        return self._numbers.get((kind, name, timestamp), done + 1) <= done

    def known(self, kind: Kind, name: str, done: int) -> range:
        """List the timestamps, ascending, at which a step of this kind and name is done."""
        numbers, timestamps = self._visits.get((kind, name), ((), ()))
        known = timestamps[: bisect_right(numbers, done)]
        return range(min(known), max(known) + 1) if known else range(1, 1)

    def same_step(self, done: int, other: Steps) -> int:
        """Find where ``done`` steps of this epoch stand in another one.

        The same kind of step at the same timestamp, else the nearest before it.
        """
        for step in reversed(self._steps[:done]):
            if other.has(*step.place):
                return other.number(*step.place)
        return 0

    @cached_property
    def _visits(self) -> dict[tuple[Kind, str], tuple[list[int], list[int]]]:
        visits: dict[tuple[Kind, str], tuple[list[int], list[int]]] = {}
        for step in self._steps:
            numbers, timestamps = visits.setdefault((step.kind, step.name), ([], []))
            numbers.append(step.number)
            timestamps.append(step.timestamp)
        return visits


_Row = tuple[Phase, Kind, str, int, tuple[Line, ...]]


def _in_order(cell: Cell, last: int) -> Iterator[_Row]:
    """The one table: forward by k, cost, backward by k, what k adds, sums, update."""
    for k in range(1, last + 1):
        for equation in cell.at(k == last):
            yield Phase.FORWARD, Kind.VALUE, equation.left, k, (equation.line,)
    yield Phase.FORWARD, Kind.COST, "", 0, (cost_line(cell),)
    for k in range(last, 0, -1):
        parts = []
        for line in cell.backward(k == last):
            if line.left.name in cell.weights:
                parts.append(line)
            else:
                yield Phase.BACKWARD, Kind.GRADIENT, line.left.name, k, (line,)
        if parts:
            yield Phase.BACKWARD, Kind.PARTS, "", k, tuple(parts)
    yield Phase.BACKWARD, Kind.SUMS, "", 0, tuple(map(_summed, cell.weights))
    yield Phase.UPDATE, Kind.UPDATE, "", 0, ()


def cost_line(cell: Cell) -> Line:
    """Return the line of the cost: where there is a loss at every timestamp, summed over them."""
    right = cell.cost.right
    if cell.costs_everywhere:
        right = Apply("over time", (right,))
    return Line(Leaf(cell.cost.left), right)


def _summed(weight: str) -> Line:
    return Line(Leaf(weight, d=True), Apply("over time", (Leaf(weight, 0, d=True),)))


class Position(NamedTuple):
    """A moment of training: the epoch, and how many of its steps are done."""

    epoch: int
    step: int

    def next(self, steps: Steps) -> Position:
        """Go one step on; after the update comes the first step of the next epoch."""
        if self.step == len(steps):
            return Position(self.epoch + 1, 1)
        return Position(self.epoch, self.step + 1)

    def previous(self, steps: Steps) -> Position | None:
        """Go one step back; None at the very beginning."""
        if self.step > 1 or self == (0, 1):
            return Position(self.epoch, self.step - 1)
        if self.epoch == 0:
            return None
        # Step 0 of an epoch and the update before it are one moment: nothing lies between.
        return Position(self.epoch - 1, len(steps) - (1 - self.step))

    def stride(self, steps: Steps, phase: Phase) -> Position | None:
        """Go to the end of the next timestamp of this phase; None where another phase is next."""
        coming = self.next(steps)
        first = steps[coming.step - 1]
        if first.phase is not phase:
            return None
        end = coming.step
        while end < len(steps) and _is_beside(steps[end], first):
            end += 1
        return Position(coming.epoch, end)


BEGINNING = Position(0, 0)


def _is_beside(step: Step, first: Step) -> bool:
    return (step.phase, step.timestamp) == (first.phase, first.timestamp)

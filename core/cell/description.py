"""A cell: a short list of equations, and the way back through them, which is derived.

The forward pass is the list itself. On the way back each quantity *gathers* what comes back from
the equations that it stands in, at its own timestamp and at the one after it: one line of paper
for each quantity, fan-out included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from core.cell.expression import Apply, Leaf, Node, exchanged, leaves, moved, total
from core.cell.operations import function_of, gradients, over_sequences

Shape = tuple[str, ...]  # sizes by letter: () a number, ("H",) a vector, ("H", "I") a matrix

ALWAYS, BEFORE_LAST, AT_LAST = "", "k < T", "k = T"


class Line(NamedTuple):
    """One line of paper: ``left`` = ``right``, both relative to a timestamp k."""

    left: Leaf
    right: Node


@dataclass(frozen=True)
class Equation:
    """A line of a description: it holds at every timestamp, or ``when`` k < T or k = T.

    ``says`` is the sentence that the author wrote behind it, if any.
    """

    left: str
    right: Node
    when: str = ALWAYS
    says: str = ""

    def holds(self, at_last: bool) -> bool:
        """Tell whether the equation holds at timestamp T, or at those before it."""
        return self.when != (BEFORE_LAST if at_last else AT_LAST)

    @property
    def line(self) -> Line:
        return Line(Leaf(self.left, 0), self.right)


class Way(NamedTuple):
    """One way on which a gradient comes back to a quantity: through which equation, how many
    timestamps ``later`` that stands, and what comes back."""

    equation: Equation
    later: int
    term: Node


@dataclass(frozen=True)
class Cell:
    """A description that was read and checked; made by `core.cell.reading.read_cell`.

    ``text`` is the whole of it, and two cells with one text and key are the same. ``shapes`` are
    those of all quantities, weights, the ``input`` and the target y. ``words`` are names for
    sentences ("State {k}"), ``code`` names for programs. ``key`` is how files call a cell that
    comes with the program; ``activations`` are the two that it was made with, where these can be
    chosen.
    """

    key: str
    title: str
    text: str
    equations: tuple[Equation, ...] = field(compare=False, repr=False)
    cost: Equation = field(compare=False, repr=False)
    weights: tuple[str, ...] = field(compare=False, repr=False)
    input: str = field(compare=False, repr=False)
    shapes: Mapping[str, Shape] = field(compare=False, repr=False)
    words: Mapping[str, str] = field(compare=False, repr=False, default_factory=dict)
    code: Mapping[str, str] = field(compare=False, repr=False, default_factory=dict)
    activations: tuple[str, str] | None = field(compare=False, repr=False, default=None)

    def at(self, at_last: bool) -> tuple[Equation, ...]:
        """List the equations of timestamp T, or of those before it."""
        return self._forward[at_last]

    def backward(self, at_last: bool) -> tuple[Line, ...]:
        """List the lines of the way back at timestamp T, or at those before it.

        What the timestamp adds to the gradients of the weights comes at the end.
        """
        return self._backward[at_last]

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """Names of all that the equations compute, in their order; the cost is not among them."""
        return tuple(dict.fromkeys(e.left for e in self.equations))

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Names of what a timestamp takes from the one before it: it has a start at timestamp 0."""
        found = [x.name for e in self.equations for x in leaves(e.right) if x.shift == -1]
        return tuple(name for name in self.quantities if name in found)

    @property
    def costs_everywhere(self) -> bool:
        """Whether there is a loss, and a target, at every timestamp."""
        return self.cost.when != AT_LAST

    @property
    def is_squared(self) -> bool:
        """Whether the cost is made of squared errors; else it is of cross-entropies."""
        return isinstance(self.cost.right, Apply) and self.cost.right.op == "squares"

    @cached_property
    def is_plain(self) -> bool:
        """Whether all that the cell computes with are plain numbers."""
        return not any(self.shapes.values())

    @cached_property
    def sizes(self) -> tuple[str, ...]:
        """Letters of the sizes of vectors and matrices."""
        return tuple(dict.fromkeys(size for shape in self.shapes.values() for size in shape))

    @cached_property
    def prediction(self) -> str:
        """Name of the quantity that the cost compares with the target first."""
        names = [x.name for x in leaves(self.cost.right) if x.name in self.quantities]
        return names[0]

    def ways(self, name: str, at_last: bool) -> list[Way]:
        """List the ways on which gradients come back to a quantity or a weight.

        What a weight does at the timestamp after is added there, and is none of these.
        """
        wanted = Leaf(name, None if name in self.weights else 0)
        return self._ways[at_last].get(wanted, [])

    @cached_property
    def _ways(self) -> tuple[dict[Leaf, list[Way]], dict[Leaf, list[Way]]]:
        before, last = (self._ways_at(at_last) for at_last in (False, True))
        return before, last

    def _ways_at(self, at_last: bool) -> dict[Leaf, list[Way]]:
        cost = (self.cost,) if self.cost.holds(at_last) else ()
        places = [(equation, 0) for equation in (*cost, *self.at(at_last))]
        places += [] if at_last else [(equation, 1) for equation in self.at(at_last)]
        found: dict[Leaf, list[Way]] = {}
        for equation, later in places:
            left, right = Leaf(equation.left, later), moved(equation.right, later)
            for leaf, term in gradients(right, replace(left, d=True)):
                if leaf.name in self.weights and later:
                    continue
                # softmax() of what has a name is that name: nobody computes it twice.
                named = exchanged(term, right, left) if function_of(right) else term
                found.setdefault(leaf, []).append(Way(equation, later, named))
        return found

    @cached_property
    def _forward(self) -> tuple[tuple[Equation, ...], tuple[Equation, ...]]:
        before, last = (
            tuple(e for e in self.equations if e.holds(at_last)) for at_last in (False, True)
        )
        return before, last

    @cached_property
    def _backward(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        before, last = (tuple(self._lines_back(at_last)) for at_last in (False, True))
        return before, last

    def _lines_back(self, at_last: bool) -> Iterator[Line]:
        for equation in reversed(self.at(at_last)):
            if terms := [way.term for way in self.ways(equation.left, at_last)]:
                yield Line(Leaf(equation.left, 0, d=True), total(terms))
        for name in self.weights:
            if terms := [over_sequences(way.term) for way in self.ways(name, at_last)]:
                yield Line(Leaf(name, 0, d=True), total(terms))

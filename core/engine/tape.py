"""Both passes of one timestamp, taken apart into instructions: each is done once.

`core.engine.writing` writes them as Python, over floats or over arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf, Node, Number
from core.cell.operations import FUNCTIONS, LOGISTIC, function_of, gradients, slope_of

Value = str | float  # the name of what an instruction makes, or a number that is known already
LeafValue = Callable[[Leaf], Value]

_ERROR = Leaf("error of the cost", 0)  # what the cost squares, or takes the logarithm of


class Instruction(NamedTuple):
    """One operation of the table, or a function; some make what their slope needs, too."""

    targets: tuple[str, ...]
    op: str
    args: tuple[Value, ...]


class Part(NamedTuple):
    """What a timestamp adds to the gradient of a weight: a product, summed over sequences.

    Of vectors with ``outer`` the sum is one product of two matrices.
    """

    weight: str
    one: Value
    other: Value
    outer: bool = False


class Tape:
    """Instructions in their order. Names begin with an underscore, as no quantity's does.

    What is made is called by two ``letters``, values by the first of them.
    """

    def __init__(self, letters: str = "ts") -> None:
        self.lines: list[Instruction] = []
        self._letters = letters
        self._made: dict[tuple[object, ...], tuple[Value, ...]] = {}

    def add(self, op: str, *args: Value) -> Value:
        """Return the value of an operation; what is known already, or done, is not done again."""
        known = _folded(op, *args[:2])
        return self._do(op, args, 1)[0] if known is None else known

    def function(self, name: str, arg: Value) -> tuple[Value, Value]:
        """Return the value of a function and its slope."""
        if name == "exp":
            (value,) = self._do(name, (arg,), 1)
            return value, value  # it is its own slope
        if name == "tanh":
            (value,), (root,) = self._do(name, (arg,), 1), self._do("sech", (arg,), 1)
            return value, self.add("*", root, root)
        value, slope = self._do("logistic" if name in LOGISTIC else name, (arg,), 2)
        # Of the logistic the second is 1 - f(z), without a difference of nearly equal numbers.
        return value, self.add("*", value, slope) if name in LOGISTIC else slope

    def value(self, node: Node, leaf: LeafValue) -> Value:
        """Work out an expression; ``leaf`` gives the values of quantities."""
        if isinstance(node, Leaf):
            return leaf(node)
        if isinstance(node, Number):
            return node.value
        assert isinstance(node, Apply)
        if node.op == "**":
            return self._power(self.value(node.args[0], leaf), node.args[1])
        args = [self.value(arg, leaf) for arg in node.args]
        if function_of(node) in FUNCTIONS:
            return self.function(node.op, args[0])[0]
        if slope_of(node):
            return self.function(slope_of(node), args[0])[1]
        return self.add(node.op, *args)

    def sum(self, values: Iterable[Value]) -> Value:
        """Add values; of none it is 0."""
        whole: Value = 0.0
        for value in values:
            whole = self.add("+", whole, value)
        return whole

    def product(self, one: Value, other: Value) -> Value:
        """Return a product, summed over the rows where values are arrays."""
        return self.add("*", one, other)

    def gathered(self, value: Value) -> Value:
        """Return what a value gives back to its parent, summed over siblings in arrays."""
        return value

    def _power(self, base: Value, exponent: Node) -> Value:
        assert isinstance(exponent, Number)
        whole = base
        for _ in range(int(exponent.value) - 1):
            whole = self.add("*", whole, base)
        return whole

    def _do(self, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        key = (op, *args)
        if key not in self._made:
            start = len(self._made)
            names = tuple(f"_{self._letters[i]}{start}" for i in range(results))
            self.lines.append(Instruction(names, op, args))
            self._made[key] = names
        return self._made[key]


def _folded(op: str, a: Value, b: Value = 1.0) -> Value | None:
    """Return what needs no instruction: a 0 added, a factor 0 or 1, numbers alone."""
    if isinstance(a, float) and isinstance(b, float):
        numbers = {"+": a + b, "-": a - b, "*": a * b, "neg": -a}
        return numbers.get(op)
    if op == "*" and 0.0 in (a, b):
        return 0.0
    if (op == "*" and a == 1.0) or (op == "+" and a == 0.0):
        return b
    if (op in ("*", "/") and b == 1.0) or (op in ("+", "-") and b == 0.0):
        return a
    return None


class Passes:
    """Forward and backward pass of one timestamp, put on a tape.

    ``leaf`` gives the values of weights, input, target and of what comes from the timestamp
    before; ``share`` is what the error of one sequence is multiplied by: 2/N for squares, else
    1/N, and as often as the sequence is there.
    """

    def __init__(
        self, tape: Tape, cell: Cell, at_last: bool, leaf: LeafValue, share: Value
    ) -> None:
        self.tape, self.cell, self.at_last = tape, cell, at_last
        self._leaf, self._share = leaf, share
        self._back: dict[str, Value] = {}  # dE/d of each quantity, once it is known
        self._gathered: dict[str, list[Value]] = {name: [] for name in cell.quantities}
        self._before: dict[str, list[Value]] = {state: [] for state in cell.states}
        self.values: dict[str, Value] = {}
        self.parts: list[Part] = []
        self.cost: tuple[Value, Value] | None = None  # its product, summed, is twice the cost
        for left, right in (e.line for e in cell.at(at_last)):
            self.values[left.name] = tape.value(right, self._at)
        self.end = len(tape.lines)  # of the forward pass

    def backward(self, later: Mapping[str, Value]) -> None:
        """Go back; ``later`` is what comes back to each state from the timestamps after."""
        for name, value in later.items():
            self._gathered[name].append(value)
        if self.cell.cost.holds(self.at_last):
            self._from_cost()
        for equation in reversed(self.cell.at(self.at_last)):
            if terms := self._gathered[equation.left]:
                self._back[equation.left] = self.tape.sum(terms)
                self._gather(equation.line)

    @property
    def before(self) -> dict[str, Value]:
        """What goes back to each state of the timestamp before."""
        return {s: self.tape.sum(terms) for s, terms in self._before.items() if terms}

    def _from_cost(self) -> None:
        cost, add = self.cell.cost.right, self.tape.add
        assert isinstance(cost, Apply)
        first, *others = (self.tape.value(arg, self._at) for arg in cost.args)
        if cost.op == "squares":
            back = add("*", first, self._share)
            self.cost = back, first
        else:
            target = add("*", others[0], self._share)
            back = add("neg", add("/", target, first))
            self.cost = add("neg", target), add("ln", first)
        self._back[_ERROR.name] = back
        self._gather(Line(_ERROR, cost.args[0]))

    def _gather(self, line: Line) -> None:
        for leaf, term in gradients(line.right, replace(line.left, d=True)):
            if leaf.name in self.cell.weights:
                self.parts.append(self._part(leaf.name, term))
            elif leaf.name in self.cell.quantities:
                gathered = self._before if leaf.shift == -1 else self._gathered
                gathered[leaf.name].append(self.tape.value(term, self._at))

    def _part(self, weight: str, term: Node) -> Part:
        if isinstance(term, Apply) and term.op in ("outer", "*"):
            one, other = (self.tape.value(arg, self._at) for arg in term.args)
            return Part(weight, one, other, term.op == "outer")
        return Part(weight, self.tape.value(term, self._at), 1.0)

    def _at(self, leaf: Leaf) -> Value:
        if leaf.d:
            return self._back[leaf.name]
        if leaf.shift == 0 and leaf.name in self.cell.quantities:
            return self.values[leaf.name]
        return self._leaf(leaf)

"""The mistakes of a line, derived: its right side with one thing in it changed, in every way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from core.cell.description import Cell, Equation, Line
from core.cell.expression import (
    ONE,
    Apply,
    Leaf,
    Node,
    Number,
    leaves,
    moved,
    operations,
    rewritten,
    signed_sum,
    summands,
)
from core.cell.operations import LOGISTIC, function_of, slope_of
from core.cell.parsing import TARGET
from core.exercises.mistakes import Mistake, Slip
from core.exercises.naming import Naming, reason, reason_added

ZERO = Number(0.0)


class Slips:
    """All mistakes that are known of a line at timestamp k of ``last``.

    ``reach`` says how many timestamps off people are; with ``symbolic`` sentences
    speak of k, not of its number.
    """

    def __init__(
        self, cell: Cell, line: Line, k: int, last: int, reach: int = 1, symbolic: bool = False
    ) -> None:
        self.cell, self.line, self.k, self.last, self.reach = cell, line, k, last, reach
        self.name = Naming(cell, None if symbolic else k)
        used = {function_of(a) for e in cell.equations for a in operations(e.right)} - {""}
        self._logistic = next((f for f in LOGISTIC if f in used), LOGISTIC[0])
        self._functions = sorted({*used, self._logistic} - {"softmax"})
        self._by_operation: dict[str, Callable[[Apply], Iterator[Slip]]] = {
            "*": self._product,
            "@": self._matrix,
            "T@": self._matrix,
            "squares": self._squares,
            "sum": self._sequences,
            "sum outer": self._sequences,
            "over time": self._over_time,
        }

    def all(self) -> Iterator[Slip]:
        """List the mistakes of the whole line, then of its parts, then of two of them."""
        right = self.line.right
        yield Slip(Mistake.SIGN, -right)
        if isinstance(right, Leaf) and not right.d:
            yield Slip(Mistake.SLOPE_FOR_FUNCTION, ONE)
            yield from self._activations(right, "")
        yield from self._inside(right)
        used = [x.name for x in leaves(right) if x.name in self.cell.weights and not x.d]
        for one, other in combinations(dict.fromkeys(used), 2):
            if self.cell.shapes[one] == self.cell.shapes[other]:
                swap = {one: other, other: one}
                swapped = rewritten(right, lambda x: replace(x, name=swap.get(x.name, x.name)))  # noqa: B023
                yield Slip(Mistake.WEIGHTS_SWAPPED, swapped, one, other)
        yield from self._of_other_timestamps()
        if self.reach > 1 and self.line.left.name in self.cell.weights:
            for w in self.cell.weights:
                if not self.cell.shapes[w]:
                    yield Slip(Mistake.FACTOR_TWICE, right * Leaf(w), w)

    def _of_other_timestamps(self) -> Iterator[Slip]:
        lefts = (e.line for e in self.cell.at(self.k != self.last))
        for line in (*lefts, *self.cell.backward(self.k != self.last)):
            is_other = line.left == self.line.left and line != self.line and self.last > 1
            if is_other and all(map(self.exists, leaves(line.right))):
                when = "the timestamps before T" if self.k == self.last else "timestamp T"
                yield Slip(Mistake.OTHER_LINE, line.right, other=when)

    def _inside(self, node: Node, *, in_sum: bool = False) -> Iterator[Slip]:
        if isinstance(node, Leaf):
            yield from self._leaf(node)
        elif isinstance(node, Number) and node.mean:
            yield Slip(Mistake.MEAN, Number(node.value))
            if node != Number(1.0, mean=True):
                yield Slip(Mistake.ERROR_ALONE, ONE)
                yield Slip(Mistake.SQUARE, Number(1.0, mean=True))
        elif isinstance(node, Apply):
            is_sum = node.op in ("+", "-")
            yield from self._sum(node) if is_sum and not in_sum else ()
            yield from self._operation(node)
            for place, arg in enumerate(node.args):
                for slip in self._inside(arg, in_sum=is_sum):
                    if slope_of(node) and slip.mistake is Mistake.OTHER_TIMESTAMP:
                        continue  # the slope itself is looked at, with its activation there
                    args = (*node.args[:place], slip.node, *node.args[place + 1 :])
                    yield slip._replace(node=Apply(node.op, args))

    def _operation(self, node: Apply) -> Iterator[Slip]:
        if function_of(node) and node.op != "softmax":
            yield from self._function(node)
        elif slope_of(node):
            yield from self._slope(node)
        elif node.op in self._by_operation:
            yield from self._by_operation[node.op](node)

    def _sum(self, node: Apply) -> Iterator[Slip]:
        terms = summands(node)
        is_error = any(x.name == TARGET for x in leaves(node))
        for place, (minus, term) in enumerate(terms):
            others = [*terms[:place], *terms[place + 1 :]]
            name = self.name(term)
            if is_error and not minus:
                continue  # nobody forgets the prediction
            yield Slip(Mistake.TERM_SIGN, signed_sum([*others, (not minus, term)]), name)
            if not is_error:
                why = reason_added(self.line, term, self.name)
                yield Slip(Mistake.TERM_MISSING, signed_sum(others), name, why=why)

    def _product(self, node: Apply) -> Iterator[Slip]:
        one, other = node.args
        if other == ONE and isinstance(one, Leaf):
            yield from self._copy(one)
            return
        for factor, rest in ((other, one), (one, other)):
            # Nobody forgets what comes back, and the number in front is looked at by itself.
            if any(x.d for x in leaves(factor)) or not (leaves(factor) and leaves(rest)):
                continue
            slope, of_weight = slope_of(factor), self.line.left.name in self.cell.weights
            dropped = Mistake.PARTNER_MISSING if of_weight else Mistake.FACTOR_MISSING
            kinds = (dropped, Mistake.FACTOR_TWICE)
            kinds = (Mistake.SLOPE_MISSING, Mistake.SLOPE_TWICE) if slope else kinds
            why = self._reason(factor) if self.line.left.d else f"{self.name(rest)} goes times it"
            for kind, wrong in zip(kinds, (rest, node * factor), strict=True):
                yield Slip(kind, wrong, self.name(factor), why=why)

    def _matrix(self, node: Apply) -> Iterator[Slip]:
        matrix, vector = node.args
        name = self.name(matrix)
        turned = Apply({"@": "T@", "T@": "@"}[node.op], node.args)
        yield Slip(Mistake.TRANSPOSED, turned, name)
        yield Slip(Mistake.FACTOR_MISSING, vector, name, why=self._reason(matrix))

    def _copy(self, back: Leaf) -> Iterator[Slip]:
        """A bare copy: its slope is 1."""
        given, taken = replace(back, d=False), replace(self.line.left, d=False)
        yield Slip(Mistake.FUNCTION_FOR_SLOPE, back * given)
        yield Slip(Mistake.SLOPE_ZERO, ZERO * back, self.name(given), self.name(taken))
        wrong: list[tuple[str, Node]] = [(f, Apply(f"d_{f}", (taken,))) for f in self._functions]
        elsewhere = (slip.node for slip in self._slopes_elsewhere(back.name, taken))
        wrong += [(slope_of(node), node) for node in elsewhere if node != ONE]
        for f, slope in wrong:
            yield Slip(Mistake.NO_ACTIVATION, back * slope, self.name(given), f)

    def _function(self, node: Apply) -> Iterator[Slip]:
        (inside,) = node.args
        yield Slip(Mistake.FUNCTION_MISSING, inside, self.name(inside), node.op)
        yield Slip(Mistake.SLOPE_FOR_FUNCTION, Apply(f"d_{node.op}", (inside,)))
        yield from self._activations(inside, node.op)

    def _activations(self, inside: Node, right: str) -> Iterator[Slip]:
        """Put each other activation that a cell knows where there is none, or ``right``."""
        outside = self._given_out(inside, right)
        for f in self._functions:
            if f != right:
                yield Slip(Mistake.NO_ACTIVATION, Apply(f, (inside,)), self.name(outside), f)

    def _slope(self, node: Apply) -> Iterator[Slip]:
        f, (inside,) = slope_of(node), node.args
        outside = self._given_out(inside, f)
        why = self._reason(node)
        yield Slip(Mistake.FUNCTION_FOR_SLOPE, Apply(f, (inside,)), why=why)
        yield Slip(Mistake.SLOPE_ZERO, ZERO, self.name(outside), self.name(inside))
        if isinstance(inside, Leaf) and isinstance(outside, Leaf):
            yield from self._slopes_elsewhere(outside.name, inside)
        for slip in self._activations(inside, f):
            yield slip._replace(node=Apply(f"d_{slip.other}", (inside,)))

    def _slopes_elsewhere(self, given: str, inside: Leaf) -> Iterator[Slip]:
        """Take the slope between two quantities at another timestamp, by its activation there."""
        for shift in self._shifts(inside.shift or 0):
            other = replace(inside, shift=shift)
            rights = [e.right for e in self._at(shift) if e.left == given]
            f = function_of(rights[0]) if rights else "softmax"  # which has no slope of a number
            if f != "softmax" and self.exists(other):
                slope = Apply(f"d_{f}", (other,)) if f else ONE
                yield Slip(Mistake.OTHER_SLOPE, slope, self.name(inside), self.name(other))

    def _given_out(self, inside: Node, f: str) -> Node:
        """Find what is given out by an activation of this, if that has a name."""
        shift = next((x.shift for x in leaves(inside) if x.shift is not None), 0)
        wanted = Apply(f, (inside,)) if f else inside
        found = [e.left for e in self._at(shift) if moved(e.right, shift) == wanted]
        return Leaf(found[0], shift) if found else wanted

    def _squares(self, node: Apply) -> Iterator[Slip]:
        (error,) = node.args
        yield Slip(Mistake.MEAN, Leaf("N") * node)
        for each in (error, _size(error)):
            yield Slip(Mistake.NOT_SQUARED, Number(1.0, mean=True) * Apply("sum", (each,)))

    def _sequences(self, node: Apply) -> Iterator[Slip]:
        alone = node.args[0] if node.op == "sum" else Apply("outer", node.args)
        yield Slip(Mistake.ALONE, alone)
        yield Slip(Mistake.AVERAGED, Number(1.0, mean=True) * node, "sequences")

    def _over_time(self, node: Apply) -> Iterator[Slip]:
        (each,) = node.args
        if not isinstance(each, Leaf):
            return  # a cost at every timestamp
        yield Slip(Mistake.LAST_ALONE, each)
        yield Slip(Mistake.AVERAGED, node / Leaf("T"), "parts")
        sizes = Apply("over time", (_size(each),))
        yield Slip(Mistake.SIZES, sizes, "positive")
        yield Slip(Mistake.SIZES, -sizes, "negative")

    def _leaf(self, x: Leaf) -> Iterator[Slip]:
        if x.name in self.cell.weights:
            yield from () if x.d else self._other_weights(x)
        elif x.shift is not None:
            yield from self._moved(x)
            for e in self._at(x.shift):
                yield from self._across(x, e)

    def _other_weights(self, x: Leaf) -> Iterator[Slip]:
        for w in self.cell.weights:
            if w != x.name and self.cell.shapes[w] == self.cell.shapes[x.name]:
                other = replace(x, name=w)
                yield Slip(Mistake.OTHER_WEIGHT, other, self.name(x), w, self._reason(x))

    def _moved(self, x: Leaf) -> Iterator[Slip]:
        """Take a quantity at another timestamp."""
        assert x.shift is not None
        in_weight = self.line.left.name in self.cell.weights and not x.d
        kind = Mistake.OTHER_PARTNER if in_weight else Mistake.OTHER_TIMESTAMP
        for shift in self._shifts(x.shift, x.d):
            if self.exists(other := replace(x, shift=shift)):
                yield Slip(kind, other, self.name(x), self.name(other))
        if in_weight and self.reach > 1:
            yield from self._partners(x)

    def _across(self, x: Leaf, e: Equation) -> Iterator[Slip]:
        """Take what stands on the other side of an activation."""
        inner = e.right.args[0] if function_of(e.right) and isinstance(e.right, Apply) else None
        pair = (e.left, inner.name) if isinstance(inner, Leaf) else ()
        if x.name in pair:
            other = replace(x, name=pair[1 - pair.index(x.name)])
            kind = Mistake.GRADIENT_ACROSS if x.d else Mistake.IN_FOR_OUT
            if self.exists(other):
                yield Slip(kind, other, self.name(x), self.name(other))

    def _partners(self, x: Leaf) -> Iterator[Slip]:
        """Take what any other weight is multiplied by for what this one is."""
        for name in (self.cell.input, *self.cell.states):
            for k in range(self.last + 1):
                other = Leaf(name, k - self.k)
                alike = self.cell.shapes[name] == self.cell.shapes[x.name]
                if name != x.name and alike and self.exists(other):
                    yield Slip(Mistake.OTHER_PARTNER, other, self.name(x), self.name(other))

    # What is there at which timestamp

    def _shifts(self, shift: int, d: bool = False) -> list[int]:
        """List other timestamps, as shifts, the nearest first."""
        reach = 1 if d else self.reach
        return sorted(
            {*range(shift - reach, shift + reach + 1)} - {shift}, key=lambda s: (abs(s - shift), s)
        )

    def _at(self, shift: int | None) -> tuple[Equation, ...]:
        """List the equations of a timestamp, which may not be there."""
        k = self.k + (shift or 0)
        return self.cell.at(k == self.last) if 1 <= k <= self.last else ()

    def exists(self, x: Leaf) -> bool:
        """Tell whether a quantity, an input or a gradient is there at its timestamp."""
        if x.shift is None:
            return True
        k = self.k + x.shift
        if x.name in self.cell.quantities:
            made = any(e.left == x.name for e in self.cell.at(k == self.last))
            start = k == 0 and x.name in self.cell.states and not x.d
            return start or (1 <= k <= self.last and made)
        return 1 <= k <= self.last

    def _reason(self, factor: Node) -> str:
        return reason(self.cell, self.line, factor, self.name)


def _size(node: Node) -> Node:
    """Return the absolute value, in operations that there are."""
    return Apply("relu", (node,)) + Apply("relu", (-node,))

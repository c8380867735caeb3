"""The mistakes of a line, derived: its right side with one thing in it changed, in every way."""

from __future__ import annotations

from collections.abc import Iterator
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
from core.exercises.mistakes import Mistake, Naming, Slip, reason, reason_added

ZERO = Number(0.0)
_MEAN_OF_ONE = Number(1.0, mean=True)


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
        logistic = next((f for f in LOGISTIC if f in used), LOGISTIC[0])
        self._functions = sorted({*used, logistic} - {"softmax"})

    def all(self) -> Iterator[Slip]:
        """List the mistakes of the whole line, then of its parts, then of two of them."""
        right, weights = self.line.right, self.cell.weights
        yield Slip(Mistake.SIGN, -right)
        if isinstance(right, Leaf) and not right.d:
            yield from self._function(right, "")
        yield from self._inside(right)
        used = dict.fromkeys(x.name for x in leaves(right) if x.name in weights and not x.d)
        for one, other in combinations(used, 2):
            if self._alike(one, other):
                swap = {one: other, other: one}
                swapped = rewritten(right, lambda x: replace(x, name=swap.get(x.name, x.name)))  # noqa: B023
                yield Slip(Mistake.WEIGHTS_SWAPPED, swapped, one, other)
        yield from self._of_other_timestamps()
        if self.reach > 1 and self.line.left.name in weights:
            for w in weights:
                if not self.cell.shapes[w]:
                    yield Slip(Mistake.FACTOR_TWICE, right * Leaf(w), w)

    def _of_other_timestamps(self) -> Iterator[Slip]:
        before = self.k != self.last
        lefts = (e.line for e in self.cell.at(before))
        for line in (*lefts, *self.cell.backward(before)):
            is_other = line.left == self.line.left and line != self.line and self.last > 1
            if is_other and all(map(self._exists, leaves(line.right))):
                when = "timestamp T" if before else "the timestamps before T"
                yield Slip(Mistake.OTHER_LINE, line.right, other=when)

    def _inside(self, node: Node, *, in_sum: bool = False) -> Iterator[Slip]:
        is_sum = isinstance(node, Apply) and node.op in ("+", "-")
        yield from () if is_sum and in_sum else self._of(node)
        for place, arg in enumerate(node.args if isinstance(node, Apply) else ()):
            assert isinstance(node, Apply)
            for slip in self._inside(arg, in_sum=is_sum):
                if slope_of(node) and slip.mistake is Mistake.OTHER_TIMESTAMP:
                    continue  # the slope itself is looked at, with its activation there
                args = (*node.args[:place], slip.node, *node.args[place + 1 :])
                yield slip._replace(node=Apply(node.op, args))

    def _of(self, node: Node) -> Iterator[Slip]:  # noqa: C901 (the kinds of parts, a case each)
        """List the mistakes of a part of the line, but not those of its own parts."""
        match node:
            case Leaf():
                yield from self._leaf(node)
            case Number(mean=True):
                yield Slip(Mistake.MEAN, Number(node.value))
                if node != _MEAN_OF_ONE:
                    yield Slip(Mistake.ERROR_ALONE, ONE)
                    yield Slip(Mistake.SQUARE, _MEAN_OF_ONE)
            case Apply("+" | "-"):
                yield from self._sum(node)
            case Apply("*", (Leaf() as back, other)) if other == ONE:
                taken = replace(self.line.left, d=False)  # a bare copy: its slope is 1
                yield from (x._replace(node=back * x.node) for x in self._slope(taken, ""))
            case Apply("*", (one, other)):
                yield from self._factor(node, other, one)
                yield from self._factor(node, one, other)
            case Apply("@" | "T@", (matrix, vector)):
                it, turned = self.name(matrix), "T@" if node.op == "@" else "@"
                yield Slip(Mistake.TRANSPOSED, Apply(turned, node.args), it)
                yield Slip(Mistake.FACTOR_MISSING, vector, it, why=self._reason(matrix))
            case Apply("squares", (error,)):
                yield Slip(Mistake.MEAN, Leaf("N") * node)
                for each in (error, _size(error)):
                    yield Slip(Mistake.NOT_SQUARED, _MEAN_OF_ONE * Apply("sum", (each,)))
            case Apply("sum" | "sum outer", args):
                yield Slip(Mistake.ALONE, args[0] if len(args) == 1 else Apply("outer", args))
                yield Slip(Mistake.AVERAGED, _MEAN_OF_ONE * node, "sequences")
            case Apply("over time", (Leaf() as each,)):
                yield Slip(Mistake.LAST_ALONE, each)
                yield Slip(Mistake.AVERAGED, node / Leaf("T"), "parts")
                sizes = Apply("over time", (_size(each),))
                yield Slip(Mistake.SIZES, sizes, "positive")
                yield Slip(Mistake.SIZES, -sizes, "negative")
            case Apply(op, (inside,)) if function_of(node) and op != "softmax":
                yield Slip(Mistake.FUNCTION_MISSING, inside, self.name(inside), op)
                yield from self._function(inside, op)
            case Apply(_, (inside,)) if f := slope_of(node):
                yield from self._slope(inside, f)

    def _sum(self, node: Apply) -> Iterator[Slip]:
        terms = summands(node)
        is_error = any(x.name == TARGET for x in leaves(node))
        for place, (minus, term) in enumerate(terms):
            if is_error and not minus:
                continue  # nobody forgets the prediction
            others, it = [*terms[:place], *terms[place + 1 :]], self.name(term)
            yield Slip(Mistake.TERM_SIGN, signed_sum([*others, (not minus, term)]), it)
            if not is_error:
                why = reason_added(self.line, term, self.name)
                yield Slip(Mistake.TERM_MISSING, signed_sum(others), it, why=why)

    def _factor(self, node: Apply, factor: Node, rest: Node) -> Iterator[Slip]:
        # Nobody forgets what comes back, and the number in front is looked at by itself.
        if any(x.d for x in leaves(factor)) or not (leaves(factor) and leaves(rest)):
            return
        missing, twice = Mistake.FACTOR_MISSING, Mistake.FACTOR_TWICE
        if slope_of(factor):
            missing, twice = Mistake.SLOPE_MISSING, Mistake.SLOPE_TWICE
        elif self.line.left.name in self.cell.weights:
            missing = Mistake.PARTNER_MISSING
        why = self._reason(factor) if self.line.left.d else f"{self.name(rest)} goes times it"
        yield Slip(missing, rest, self.name(factor), why=why)
        yield Slip(twice, node * factor, self.name(factor), why=why)

    # Activations and their slopes; of no activation the name is empty, and the slope 1

    def _function(self, inside: Node, f: str) -> Iterator[Slip]:
        yield Slip(Mistake.SLOPE_FOR_FUNCTION, _slope(f, inside))
        outside = self.name(self._given_out(inside, f))
        for other in self._functions:
            if other != f:
                yield Slip(Mistake.NO_ACTIVATION, _applied(other, inside), outside, other)

    def _slope(self, inside: Node, f: str) -> Iterator[Slip]:
        outside, right = self._given_out(inside, f), _slope(f, inside)
        given, taken = self.name(outside), self.name(inside)
        why = self._reason(right) if f else ""
        yield Slip(Mistake.FUNCTION_FOR_SLOPE, _applied(f, inside), why=why)
        yield Slip(Mistake.SLOPE_ZERO, ZERO, given, taken)
        if isinstance(inside, Leaf) and isinstance(outside, Leaf):
            for there, wrong in self._slopes_elsewhere(outside.name, inside):
                if f:
                    yield Slip(Mistake.OTHER_SLOPE, wrong, taken, self.name(there))
                elif other := slope_of(wrong):
                    yield Slip(Mistake.NO_ACTIVATION, wrong, given, other)
        for other in self._functions:
            if other != f:
                yield Slip(Mistake.NO_ACTIVATION, _slope(other, inside), given, other)

    def _slopes_elsewhere(self, given: str, inside: Leaf) -> Iterator[tuple[Leaf, Node]]:
        """List the slopes between two quantities at other timestamps, by the activations there."""
        for other in self._elsewhere(inside, self.reach):
            right = next((e.right for e in self._at(other.shift) if e.left == given), None)
            f = function_of(right) if right else "softmax"  # which has no slope of a number
            if f != "softmax":
                yield other, _slope(f, other)

    def _given_out(self, inside: Node, f: str) -> Node:
        """Find what is given out by an activation of this, if that has a name."""
        shift = next((x.shift for x in leaves(inside) if x.shift is not None), 0)
        wanted = _applied(f, inside)
        found = [e.left for e in self._at(shift) if moved(e.right, shift) == wanted]
        return Leaf(found[0], shift) if found else wanted

    # Quantities

    def _leaf(self, x: Leaf) -> Iterator[Slip]:
        """Take another weight, another timestamp, or the other side of an activation."""
        if x.name in self.cell.weights:
            for w in () if x.d else self.cell.weights:
                if w != x.name and self._alike(w, x.name):
                    yield self._taken(Mistake.OTHER_WEIGHT, x, replace(x, name=w))
        elif x.shift is not None:
            is_partner = self.line.left.name in self.cell.weights and not x.d
            kind = Mistake.OTHER_PARTNER if is_partner else Mistake.OTHER_TIMESTAMP
            others = [*self._elsewhere(x, 1 if x.d else self.reach)]
            others += self._partners(x) if is_partner and self.reach > 1 else []
            yield from (self._taken(kind, x, other) for other in others)
            across = Mistake.GRADIENT_ACROSS if x.d else Mistake.IN_FOR_OUT
            yield from (self._taken(across, x, other) for other in self._across(x))

    def _partners(self, x: Leaf) -> Iterator[Leaf]:
        """List what any other weight is multiplied by."""
        for name in (self.cell.input, *self.cell.states):
            if name != x.name and self._alike(name, x.name):
                found = (Leaf(name, k - self.k) for k in range(self.last + 1))
                yield from filter(self._exists, found)

    def _across(self, x: Leaf) -> Iterator[Leaf]:
        """List what stands on the other side of an activation."""
        for e in self._at(x.shift):
            match e.right:
                case Apply(_, (Leaf(inner),)) if function_of(e.right) and x.name in (e.left, inner):
                    other = replace(x, name=inner if x.name == e.left else e.left)
                    yield from (other,) if self._exists(other) else ()

    def _taken(self, mistake: Mistake, right: Leaf, wrong: Leaf) -> Slip:
        why = self._reason(right) if mistake is Mistake.OTHER_WEIGHT else ""
        return Slip(mistake, wrong, self.name(right), self.name(wrong), why)

    # What is there at which timestamp

    def _elsewhere(self, x: Leaf, reach: int) -> Iterator[Leaf]:
        """List a quantity at other timestamps where it is there, the nearest first."""
        assert x.shift is not None
        for off in range(1, reach + 1):
            others = (replace(x, shift=x.shift + sign * off) for sign in (-1, 1))
            yield from filter(self._exists, others)

    def _at(self, shift: int | None) -> tuple[Equation, ...]:
        """List the equations of a timestamp, which may not be there."""
        k = self.k + (shift or 0)
        return self.cell.at(k == self.last) if 1 <= k <= self.last else ()

    def _exists(self, x: Leaf) -> bool:
        """Tell whether a quantity, an input or a gradient is there at its timestamp."""
        if x.shift is None:
            return True
        k = self.k + x.shift
        made = x.name not in self.cell.quantities or any(
            e.left == x.name for e in self._at(x.shift)
        )
        start = k == 0 and x.name in self.cell.states and not x.d
        return start or (1 <= k <= self.last and made)

    def _alike(self, one: str, other: str) -> bool:
        return self.cell.shapes[one] == self.cell.shapes[other]

    def _reason(self, factor: Node) -> str:
        return reason(self.line, factor, self.name)


def _size(node: Node) -> Node:
    """Return the absolute value, in operations that there are."""
    return Apply("relu", (node,)) + Apply("relu", (-node,))


def _applied(f: str, inside: Node) -> Node:
    return Apply(f, (inside,)) if f else inside


def _slope(f: str, inside: Node) -> Node:
    return Apply(f"d_{f}", (inside,)) if f else ONE

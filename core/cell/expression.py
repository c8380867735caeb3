"""What stands in an equation: quantities, numbers, and what is done with them.

An expression is a tree of frozen nodes. It says nothing of how its operations are written or
derived: that is the table in `core.cell.operations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace


class Node:
    """Anything that has a value. Nodes are put together as one writes them: ``a * b + c``."""

    def __add__(self, other: Node) -> Apply:
        return Apply("+", (self, other))

    def __sub__(self, other: Node) -> Apply:
        return Apply("-", (self, other))

    def __mul__(self, other: Node) -> Apply:
        return Apply("*", (self, other))

    def __truediv__(self, other: Node) -> Apply:
        return Apply("/", (self, other))

    def __neg__(self) -> Apply:
        return Apply("neg", (self,))


@dataclass(frozen=True)
class Number(Node):
    """A number that stands in the equation itself; ``mean`` divides it by N, as in 2/N."""

    value: float
    mean: bool = False


@dataclass(frozen=True)
class Leaf(Node):
    """A quantity by name: at timestamp k + ``shift``, or at none, as a weight is.

    ``d`` makes it the derivative of the cost by it: of a weight with a shift, what that timestamp
    adds. ``part`` picks one component of a vector, or of a matrix by row and column, from 0.
    """

    name: str
    shift: int | None = None
    d: bool = False
    part: tuple[int, ...] = ()


@dataclass(frozen=True)
class Apply(Node):
    """An operation of the table, by name, on its arguments."""

    op: str
    args: tuple[Node, ...]


ONE, TWO = Number(1.0), Number(2.0)


def leaves(node: Node) -> list[Leaf]:
    """List the quantities in an expression, in the order in which they are written."""
    if isinstance(node, Apply):
        return [leaf for arg in node.args for leaf in leaves(arg)]
    return [node] if isinstance(node, Leaf) else []


def operations(node: Node) -> Iterator[Apply]:
    """Go through the operations of an expression, the inner ones before the outer ones."""
    if isinstance(node, Apply):
        for arg in node.args:
            yield from operations(arg)
        yield node


def rewritten(node: Node, leaf: Callable[[Leaf], Node]) -> Node:
    """Return the expression with every quantity replaced by what ``leaf`` makes of it."""
    if isinstance(node, Apply):
        return Apply(node.op, tuple(rewritten(arg, leaf) for arg in node.args))
    return leaf(node) if isinstance(node, Leaf) else node


def moved(node: Node, by: int) -> Node:
    """Return the expression so many timestamps later."""
    return rewritten(node, lambda x: x if x.shift is None else replace(x, shift=x.shift + by))


def exchanged(node: Node, old: Node, new: Node) -> Node:
    """Return the expression with each part that equals ``old`` replaced by ``new``."""
    if node == old:
        return new
    if isinstance(node, Apply):
        return Apply(node.op, tuple(exchanged(arg, old, new) for arg in node.args))
    return node


# --- sums and products, as one writes them --------------------------------------------------------

Signed = tuple[bool, Node]  # whether it has a minus sign, and what it is


def total(terms: Iterable[Node]) -> Node:
    """Add terms as one writes them: a common first factor is taken out, minus signs come last."""
    parts = [_taken_apart(term) for term in terms]
    fronts = {factors[0] for _, factors in parts}
    if len(parts) > 1 and len(fronts) == 1 and all(len(factors) > 1 for _, factors in parts):
        return fronts.pop() * signed_sum((minus, product(rest[1:])) for minus, rest in parts)
    return signed_sum((minus, product(factors)) for minus, factors in parts)


def factors_of(node: Node) -> list[Node]:
    """List what is multiplied number by number in an expression; a minus sign is left out."""
    return _taken_apart(node)[1]


def product(factors: Iterable[Node]) -> Node:
    """Multiply one factor after the other; of none it is 1."""
    whole: Node | None = None
    for factor in factors:
        whole = factor if whole is None else whole * factor
    return ONE if whole is None else whole


def summands(node: Node) -> list[Signed]:
    """List what is added in an expression, each with whether it is taken away."""
    if isinstance(node, Apply) and node.op in ("+", "-"):
        one, other = map(summands, node.args)
        return [*one, *((minus ^ (node.op == "-"), term) for minus, term in other)]
    return [(False, node)]


def signed_sum(terms: Iterable[Signed]) -> Node:
    """Add terms with their signs, those without a minus sign first."""
    (minus, whole), *others = sorted(terms, key=lambda term: term[0])
    whole = -whole if minus else whole
    for minus, term in others:
        whole = whole - term if minus else whole + term
    return whole


def _taken_apart(node: Node) -> tuple[bool, list[Node]]:
    """Tell whether an expression has a minus sign, and list its factors."""
    if isinstance(node, Apply) and node.op in ("neg", "*"):
        parts = [_taken_apart(arg) for arg in node.args]
        minus = (node.op == "neg") ^ (sum(sign for sign, _ in parts) % 2 == 1)
        return minus, [factor for _, factors in parts for factor in factors]
    return False, [node]

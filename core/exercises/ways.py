"""The way of a gradient back from the cost, where there is one alone."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf, Node, exchanged, factors_of, leaves, moved
from core.cell.parsing import TARGET


class Place(NamedTuple):
    """A line of the backward pass at timestamp ``k``."""

    line: Line
    k: int


def line_at(cell: Cell, name: str, k: int, last: int) -> Line:
    """Find the line of the gradient of a quantity or a weight. Raises `KeyError` without one."""
    return {line.left.name: line for line in cell.backward(k == last)}[name]


def is_chain(cell: Cell) -> bool:
    """Tell whether every gradient is one product, from the cost to the weight."""
    lines = [line for at_last in (False, True) for line in cell.backward(at_last)]
    return cell.is_plain and not cell.costs_everywhere and all(map(_is_product, lines))


def _is_product(line: Line) -> bool:
    factors = factors_of(inside_sum(line.right))
    back = [factor for factor in factors if any(x.d for x in leaves(factor))]
    if not back:
        return any(x.name == TARGET for x in leaves(line.right))
    return len(back) == 1 and isinstance(back[0], Leaf)


def inside_sum(node: Node) -> Node:
    """Return what is summed over the sequences, or an expression that is no sum itself."""
    return node.args[0] if isinstance(node, Apply) and node.op == "sum" else node


def is_negative(node: Node) -> bool:
    """Tell whether a product has a minus sign, which `factors_of` leaves out."""
    if isinstance(node, Apply) and node.op in ("neg", "*"):
        return (node.op == "neg") ^ (sum(map(is_negative, node.args)) % 2 == 1)
    return False


def way_back(cell: Cell, end: Place, last: int) -> tuple[Place, ...]:
    """List the lines on the way from the cost to one of them, where it is the only way."""
    way = [end]
    while back := [x for x in leaves(way[-1].line.right) if x.d]:
        k = way[-1].k + (back[0].shift or 0)
        way.append(Place(line_at(cell, back[0].name, k, last), k))
    return tuple(way[::-1])


def unfolded(way: tuple[Place, ...]) -> tuple[Node, int]:
    """Put the lines of a way into one expression, relative to the timestamp of its end."""
    end = way[-1].k

    def put(whole: Node, place: Place) -> Node:
        right = inside_sum(moved(place.line.right, place.k - end))
        back = [x for x in leaves(right) if x.d]
        return exchanged(right, back[0], whole) if back else right

    if len(way) == 1:
        return inside_sum(way[0].line.right), end
    return reduce(put, way, way[0].line.right), end

"""The hop of a gradient from a quantity to itself, one timestamp earlier, as an expression.

For the tutorial's network that is Wrec * d_log(S(In)), for the cell state of an LSTM the forget
gate: what says whether a gradient vanishes or explodes on its way back in time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from core.cell.description import Cell
from core.cell.expression import (
    Apply,
    Leaf,
    Node,
    exchanged,
    factors_of,
    leaves,
    moved,
    product,
    summands,
)
from core.cell.operations import function_of

_DEEPEST = 12  # equations on one hop; a longer way is no product that one follows


@lru_cache(maxsize=8)
def hop_quantities(cell: Cell) -> dict[str, Node]:
    """Return the quantities with a hop of plain factors, each with its factor at timestamp k.

    A state that is a function of one named quantity hands its hop to that one.
    """
    found = {}
    for state in cell.states:
        name = _inside(cell, state)
        if (factor := _direct(cell, name) or _unfolded(cell, name)) is not None:
            found[name] = factor
    return found


def _inside(cell: Cell, state: str) -> str:
    rights = [e.right for e in cell.at(at_last=False) if e.left == state]
    for right in rights:
        copied = isinstance(right, Apply) and function_of(right) and right.args[0]
        inner = copied or right
        if isinstance(inner, Leaf) and inner.shift == 0 and inner.name in cell.quantities:
            return inner.name
    return state


def _direct(cell: Cell, name: str) -> Node | None:
    """Find the factor of the way on which a quantity goes into itself, through nothing else."""
    terms = [
        way.term
        for way in cell.ways(name, at_last=False)
        if way.later and way.equation.left == name
    ]
    return _factor(terms[0], name) if len(terms) == 1 else None


def _unfolded(cell: Cell, name: str) -> Node | None:
    """Follow the lines of the way back from dE/d of a quantity to that at the timestamp after."""
    lines = {line.left: line.right for line in cell.backward(at_last=False)}
    node: Node = Leaf(name, 0, d=True)
    for _ in range(_DEEPEST):
        gradients = [x for x in leaves(node) if x.d]
        if len(gradients) != 1:
            return None
        (at,) = gradients
        if at == Leaf(name, 1, d=True):
            return _factor(node, name)
        line = lines.get(replace(at, shift=0))
        # What comes from the cost of a timestamp is no part of the hop.
        terms = [t for _, t in summands(line or at) if any(x.d for x in leaves(t))]
        if line is None or at.shift is None or len(terms) != 1:
            return None
        node = exchanged(node, at, moved(terms[0], at.shift))
    return None


def _factor(term: Node, name: str) -> Node | None:
    """Take dE/d of the later quantity off a product; None where it is no product of numbers."""
    later = Leaf(name, 1, d=True)
    factors = factors_of(term)
    if factors.count(later) != 1 or any(x.d for f in factors if f != later for x in leaves(f)):
        return None
    return product(f for f in factors if f != later)

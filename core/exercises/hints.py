"""The way of a gradient back, what helps to find its formula, and the formula part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.cell.description import Cell, Line
from core.cell.expression import (
    ONE,
    Apply,
    Leaf,
    Node,
    Number,
    factors_of,
    leaves,
    operations,
    summands,
)
from core.cell.names import label
from core.cell.operations import ATOM, FUNCTIONS, OPERATIONS, SUM, binds, slope_of
from core.cell.parsing import TARGET
from core.data.experiment import Experiment
from core.epoch.glossary import called, listed, place
from core.exercises.mistakes import Naming, reason, reason_added
from core.exercises.vocabulary import typed


class Place(NamedTuple):
    """A line of the backward pass at timestamp ``k``."""

    line: Line
    k: int


Way = Sequence[Place]  # from the cost, or from the gradients there are, to what is derived


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


def way_back(cell: Cell, name: str, k: int, last: int, *, whole: bool) -> Way:
    """List the lines to the gradient of a quantity or a weight: the last one alone, or, where
    there is but one way, the ``whole`` way from the cost. Raises `KeyError` without a line."""
    way: list[Place] = []
    while True:
        lines = {line.left.name: line for line in cell.backward(k == last)}
        way.insert(0, Place(lines[name], k))
        back = [x for x in leaves(lines[name].right) if x.d]
        if not back or not whole:
            return way
        name, k = back[0].name, k + (back[0].shift or 0)


# --- an expression as it is typed -------------------------------------------------------------

_TYPED = {
    **{op: f"{{0}} {op} {{1}}" for op in ("+", "-", "@")},
    **{op: f"{{0}}{op}{{1}}" for op in ("*", "/", "**")},
    "neg": "-{0}",
    "T@": "{0}.T @ {1}",
    "outer": "{0} @ {1}.T",
    "sum outer": "{0} @ {1}.T",
    "sum": "{0}",
    **{f: f"{f}({{0}})" for name in FUNCTIONS for f in (name, f"d_{name}")},
}


def can_be_typed(node: Node) -> bool:
    """Tell whether a formula can say all that an expression does."""
    return all(apply.op in _TYPED for apply in operations(node))


def as_typed(node: Node, cell: Cell, k: int, sequences: int) -> str:
    """Write an expression as a formula is typed."""
    if isinstance(node, Leaf):
        return typed(cell, node, k)
    if isinstance(node, Number):
        return f"{node.value:g}/{sequences}" if node.mean else f"{node.value:g}"
    assert isinstance(node, Apply)
    texts = [as_typed(arg, cell, k, sequences) for arg in node.args]
    outside = OPERATIONS[node.op].binds
    for i, arg in enumerate(node.args):
        loose = binds(arg) < outside or (i > 0 and binds(arg) == outside > SUM)
        minus = i > 0 and texts[i].startswith("-")
        if outside < ATOM and node.op != "sum" and (loose or minus):
            texts[i] = f"({texts[i]})"
    return _TYPED[node.op].format(*texts)


# --- hints ------------------------------------------------------------------------------------


def of_chain(way: Way, experiment: Experiment, is_0: bool) -> tuple[str, ...]:
    """Lead along the whole way from the cost to a weight."""
    cell, (line, k), last = experiment.cell, way[-1], experiment.timestamps
    n, weight, cost = experiment.sequences, line.left.name, cell.cost.right
    factors = [f for at in way for f in factors_of(inside_sum(at.line.right))]
    slopes = _count(sum(bool(slope_of(f)) for f in factors), "activation")
    end = next(e for e in cell.at(k == last) if Leaf(weight) in leaves(e.right))
    equation = f"{typed(cell, Leaf(end.left, 0), k)} = {as_typed(end.right, cell, k, n)}"
    error = as_typed(cost.args[0], cell, last, n) if isinstance(cost, Apply) else ""
    return (
        (
            "The formula is a product: go back from the cost to where the weight is used, and "
            "write one factor for each thing that the gradient passes."
        ),
        (
            f"The way begins at the cost, sum(({error})**2)/N: derive the square, and keep what "
            "makes it a mean."
        ),
        (
            f"On the way back to {end_of(way, cell)} you pass {_count(last - k, 'hop')} from "
            f"state to state and {slopes}: a hop multiplies the gradient by the weight that it "
            "goes through, an activation by its slope f' at what went in."
        ),
        f"The way ends in {equation}: what is {weight} multiplied by there?"
        + " And which value has it?" * is_0,
    )


def of_line(at: Place, experiment: Experiment) -> tuple[str, ...]:
    """Lead to one line of the backward pass: where the quantity goes, then what it meets there."""
    cell, (line, k) = experiment.cell, at
    name, of_weight = Naming(cell, k), line.left.name in cell.weights
    ways = cell.ways(line.left.name, k == experiment.timestamps)
    here = line.left.name if of_weight else name.quantity(line.left.name, k)
    into = [*dict.fromkeys(name(Leaf(w.equation.left, w.later)) for w in ways)]
    many = ", so the gradient comes back on each of these ways, and they are added"
    each = ", in each sequence: the sum over the sequences is taken for you" * of_weight
    derive = dict.fromkeys(
        f"Derive {typed(cell, Leaf(w.equation.left, w.later), k)} = "
        f"{as_typed(w.equation.right, cell, k + w.later, experiment.sequences)} by {here}{each}."
        for w in ways
        if can_be_typed(w.equation.right)
    )
    back = next((typed(cell, x, k) for x in leaves(line.right) if x.d), "1, of the cost itself")
    return (
        f"Go to each equation that {here} stands in: into {listed(into)}{many * (len(into) > 1)}.",
        *derive,
        (
            "Each part begins with the gradient of what stands on the left, such as "
            f"{back}: it is there before this one."
        ),
    )


def end_of(way: Way, cell: Cell) -> str:
    """Say where a way back ends: at State 2, or at h2."""
    line, k = way[-1]
    if line.left.name not in cell.weights:
        return called(cell, line.left.name, k)
    back = next((x for x in leaves(line.right) if x.d), None)
    return place(cell, back.name, k) if back else label(line.left.name, k)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


# --- the solution -----------------------------------------------------------------------------


def solution(way: Way, experiment: Experiment, is_0: bool) -> list[tuple[str, str]]:
    """Build a formula up; of each step the text so far and why the last part stands there."""
    cell, n = experiment.cell, experiment.sequences
    many = len(way) == 1 and len(summands(inside_sum(way[-1].line.right))) > 1
    parts = _added(way[-1], cell, n) if many else _multiplied(way, cell, n)
    steps, text = [], ""
    for part, why in parts:
        text += part
        steps.append((text, why))
    if is_0:
        steps[-1] = (text, f"{steps[-1][1]} State 0 is 0, so the whole product is 0.")
    return steps


def _added(at: Place, cell: Cell, n: int) -> Iterator[tuple[str, str]]:
    for i, (minus, term) in enumerate(summands(inside_sum(at.line.right))):
        sign = (" - " if minus else " + ") if i else "-" * minus
        why = reason_added(at.line, term, Naming(cell, at.k)) or "the cost has it itself"
        yield f"{sign}{as_typed(term, cell, at.k, n)}", f"{why[0].upper()}{why[1:]}."


def _multiplied(way: Way, cell: Cell, n: int) -> Iterator[tuple[str, str]]:
    before = "-" * (sum(_is_negative(inside_sum(at.line.right)) for at in way) % 2)
    for at in way:
        for factor in factors_of(inside_sum(at.line.right)):
            comes_back = isinstance(factor, Leaf) and factor.d and len(way) > 1
            if factor != ONE and not comes_back:
                text = as_typed(factor, cell, at.k, n)
                text = f"({text})" if binds(factor) == SUM else text
                yield f"{before}{text}", _why(factor, at, cell)
                before = "*"


def _is_negative(node: Node) -> bool:
    """Tell whether a product has a minus sign, which `factors_of` leaves out."""
    if isinstance(node, Apply) and node.op in ("neg", "*"):
        return (node.op == "neg") ^ (sum(map(_is_negative, node.args)) % 2 == 1)
    return False


def _why(factor: Node, at: Place, cell: Cell) -> str:
    name = Naming(cell, at.k)
    if isinstance(factor, Number):
        return "The cost is the sum of squares divided by N: a square gives 2, the mean gives 1/N."
    if any(x.name == TARGET for x in leaves(factor)):
        said = name(next(x for x in leaves(factor) if x.name != TARGET))
        return f"The square of the error gives the error itself: {said} minus y."
    if isinstance(factor, Leaf) and factor.d:
        return f"{name(factor)} comes back: it is there before this one."
    found = reason(at.line, factor, name, it=as_typed(factor, cell, at.k, 1))
    return f"{found[:1].upper()}{found[1:]}." if found else "The gradient passes this on its way."

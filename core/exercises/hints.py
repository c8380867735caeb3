"""What helps to find a formula, and the formula itself, part by part with a reason for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.cell.description import Cell, Equation
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
from core.cell.operations import ATOM, FUNCTIONS, OPERATIONS, SUM, slope_of
from core.cell.parsing import TARGET
from core.code.writing import binds
from core.data.experiment import Experiment
from core.epoch.glossary import called, place
from core.exercises.naming import Naming, reason, reason_added, typed
from core.exercises.ways import Place, inside_sum, is_negative

_TYPED = {
    "+": "{0} + {1}",
    "-": "{0} - {1}",
    "neg": "-{0}",
    "*": "{0}*{1}",
    "/": "{0}/{1}",
    "**": "{0}**{1}",
    "@": "{0} @ {1}",
    "T@": "{0}.T @ {1}",
    "outer": "{0} @ {1}.T",
    "sum outer": "{0} @ {1}.T",
    "sum": "{0}",
    **{f: f"{f}({{0}})" for name in FUNCTIONS for f in (name, f"d_{name}")},
}


class Part(NamedTuple):
    """A part of a formula, as it is typed, and why it stands there."""

    text: str
    reason: str


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


# --- the whole product ------------------------------------------------------------------------


def of_chain(way: Sequence[Place], experiment: Experiment, is_0: bool) -> tuple[str, ...]:
    """Lead along the whole way from the cost to a weight."""
    cell, (line, k), last = experiment.cell, way[-1], experiment.timestamps
    n = experiment.sequences
    error = _error(cell, last, n)
    factors = [f for p in way for f in factors_of(inside_sum(p.line.right))]
    slopes = _count(sum(bool(slope_of(f)) for f in factors), "activation")
    hops = _count(last - k, "hop")
    between = "states" if cell.words and "S" in cell.words else "timestamps"
    recurrent = [x.name for e in cell.equations for x in _beside_state(e.right, cell)]
    by = " and ".join(dict.fromkeys(recurrent)) or "what is between them"
    end = _entry(cell, line.left.name, k == last)
    right = as_typed(end.right, cell, k, n)
    asked = (
        f"The way ends in {_equation(end)}{typed(cell, Leaf(end.left, 0), k)} = {right}: "
        f"what is {line.left.name} multiplied by there?"
    )
    begin = (
        "The formula is a product: go back from the cost to where the weight is used, and write "
        "one factor for each thing that the gradient passes."
    )
    cost = (
        f"The way begins at the cost, sum(({error})**2)/N: derive the square, and keep what "
        "makes it a mean."
    )
    passed = (
        f"On the way back to {end_of(way, cell)} you pass {hops} between {between} and {slopes}: "
        f"a hop multiplies the gradient by {by}, an activation by its slope f' at what went in."
    )
    return begin, cost, passed, asked + " And which value has it?" * is_0


def of_line(at: Place, experiment: Experiment) -> tuple[str, ...]:
    """Lead to one line of the backward pass: where the quantity goes, then what it meets there."""
    cell, (line, k), last = experiment.cell, at, experiment.timestamps
    name, of_weight = Naming(cell, k), line.left.name in experiment.cell.weights
    ways = cell.ways(line.left.name, k == last)
    here = line.left.name if of_weight else name.quantity(line.left.name, k)
    into = dict.fromkeys(name(Leaf(w.equation.left, w.later)) for w in ways)
    equations = dict.fromkeys(
        f"{typed(cell, Leaf(w.equation.left, w.later), k)} = "
        f"{as_typed(w.equation.right, cell, k + w.later, experiment.sequences)}"
        for w in ways
        if can_be_typed(w.equation.right)
    )
    many = ", so the gradient comes back on each of these ways, and they are added"
    each = ", in each sequence: the sum over the sequences is taken for you" * of_weight
    begin = f"Go to each equation that {here} stands in: into {' and into '.join(into)}"
    end = (
        "Each part begins with the gradient of what stands on the left, such as "
        f"{_example(line.right, cell, k)}: it is there before this one."
    )
    derive = (f"Derive {text} by {here}{each}." for text in equations)
    return f"{begin}{many * (len(into) > 1)}.", *derive, end


def _example(right: Node, cell: Cell, k: int) -> str:
    back = [x for x in leaves(right) if x.d]
    return typed(cell, back[0], k) if back else "1, of the cost itself"


def solution(way: Sequence[Place], experiment: Experiment, is_0: bool) -> list[tuple[str, str]]:
    """Build a formula up; of each step the text so far and why the last part stands there."""
    steps, text = [], ""
    parts = list(_parts(way, experiment))
    for i, part in enumerate(parts):
        text = f"{text}{part.text}"
        last = i == len(parts) - 1
        start = " State 0 is 0, so the whole product is 0." if is_0 and last else ""
        steps.append((text, part.reason + start))
    return steps


def _parts(way: Sequence[Place], experiment: Experiment) -> Iterator[Part]:
    cell, n = experiment.cell, experiment.sequences
    terms = summands(inside_sum(way[-1].line.right))
    if len(way) == 1 and len(terms) > 1:
        for i, (minus, term) in enumerate(terms):
            text = as_typed(term, cell, way[0].k, n)
            sign = (" - " if minus else " + ") if i else "-" * minus
            why = (
                reason_added(way[0].line, term, Naming(cell, way[0].k)) or "the cost has it itself"
            )
            yield Part(f"{sign}{text}", f"{why[0].upper()}{why[1:]}.")
        return
    minus = sum(is_negative(inside_sum(at.line.right)) for at in way) % 2 == 1
    before = "-" * minus
    for at in way:
        for factor in factors_of(inside_sum(at.line.right)):
            comes_back = isinstance(factor, Leaf) and factor.d and len(way) > 1
            if factor == ONE or comes_back:
                continue
            text = as_typed(factor, cell, at.k, n)
            text = f"({text})" if binds(factor) == SUM else text
            yield Part(f"{before}{text}", _why(factor, at, cell))
            before = "*"


def _why(factor: Node, at: Place, cell: Cell) -> str:
    name = Naming(cell, at.k)
    if isinstance(factor, Number):
        return "The cost is the sum of squares divided by N: a square gives 2, the mean gives 1/N."
    if any(x.name == TARGET for x in leaves(factor)):
        said = name(next(x for x in leaves(factor) if x.name != TARGET))
        return f"The square of the error gives the error itself: {said} minus y."
    if isinstance(factor, Leaf) and factor.d:
        return f"{name(factor)} comes back: it is there before this one."
    found = reason(cell, at.line, factor, name, it=as_typed(factor, cell, at.k, 1))
    return f"{found[:1].upper()}{found[1:]}." if found else "The gradient passes this on its way."


def end_of(way: Sequence[Place], cell: Cell) -> str:
    """Say where a way back ends: at State 2, or at h2."""
    line, k = way[-1]
    if line.left.name not in cell.weights:
        return called(cell, line.left.name, k)
    back = next((x for x in leaves(line.right) if x.d), None)
    return place(cell, back.name, k) if back else label(line.left.name, k)


def _beside_state(right: Node, cell: Cell) -> Iterator[Leaf]:
    """List the weights that the state of the timestamp before is multiplied by."""
    for apply in operations(right):
        if apply.op == "*" and any(x.shift == -1 for x in leaves(apply)):
            yield from (x for x in apply.args if isinstance(x, Leaf) and x.name in cell.weights)


def _entry(cell: Cell, weight: str, at_last: bool) -> Equation:
    return next(e for e in cell.at(at_last) if Leaf(weight) in leaves(e.right))


def _equation(equation: Equation) -> str:
    """Call an equation as its author does, at the end of the sentence behind it: (E)."""
    found = re.search(r"\(\w\)$", equation.says)
    return f"equation {found[0]}, " if found else "the equation "


def _error(cell: Cell, last: int, sequences: int) -> str:
    right = cell.cost.right
    return as_typed(right.args[0], cell, last, sequences) if isinstance(right, Apply) else ""


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"

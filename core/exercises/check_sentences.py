"""Sentences about a gradient check: where the V is lowest, why it is one, where it is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from core.cell.expression import ONE, Apply, Leaf, Node, leaves, operations
from core.cell.names import label, sequence_name
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.notation import number
from core.exercises.gradient_check import EPSILON, THEORY, Valley

_USELESS = 0.1  # an error from which on not one digit is right
_NAMED = 3  # so many numbers are named in a sentence
_NOT_FINITE = (
    "The cost is not finite here, so there is no derivative to compare: take smaller weights, "
    "or go back an epoch."
)


def valley_sentence(found: Valley, digits: int = 2) -> str:
    """Say for which h each number's error is lowest; of many, between which h these lie."""
    right, wrong = [], []
    for row, name in enumerate(found.names):
        best = found.best(row)
        if best is not None and best[1] < _USELESS:
            right.append((name, *best))
        elif best is not None:
            wrong.append(name)
    if not right and not wrong:
        return _NOT_FINITE
    said = []
    if len(right) > _NAMED:
        low, high = (number(f(h for _, h, _ in right)) for f in (min, max))
        error = number(max(error for *_, error in right), digits)
        where = f"is {low}" if low == high else f"lies between {low} and {high}"
        said.append(f"The best h {where} (error {error} at most).")
    elif right:
        each = (f"{number(h)} for {name} (error {number(e, digits)})" for name, h, e in right)
        said.append(f"The best h is {' and '.join(each)}.")
    if wrong:
        more = f" and {len(wrong) - _NAMED} others" * (len(wrong) > _NAMED)
        named = (" and ", ", ")[bool(more)].join(wrong[:_NAMED])
        said.append(f"No h is right for {named}{more}.")
    return " ".join(said)


def why_a_v(experiment: Experiment) -> str:
    """Explain the two arms of the V; some have one."""
    left = f"To the left its error grows like {number(EPSILON, 2)}/h, by rounding"
    right = "to the right like h², by what the difference leaves out"
    straight = parabolas(experiment)
    if straight:
        right += (
            f"; not for {' and '.join(straight)}, where E is a parabola and nothing is left out"
        )
    return (
        f"{left}; {right}. Theory puts the lowest point near {number(THEORY, 1)}. "
        "The complex step subtracts nothing, so it loses no digits."
    )


class Kink(NamedTuple):
    """A quantity that is exactly 0 at relu()'s kink; ``sequence`` counts from 0."""

    name: str
    timestamp: int
    sequence: int
    part: tuple[int, ...] = ()


def kinks(trace: Trace) -> list[Kink]:
    """List the quantities that relu() is taken of and that are exactly 0."""
    cell, last = trace.cell, trace.experiment.timestamps
    found = []
    for k in range(1, last + 1):
        used = [op for e in cell.at(k == last) for op in operations(e.right) if op.op == "relu"]
        for name in dict.fromkeys(
            x.name for op in used for x in leaves(op.args[0]) if x.shift == 0
        ):
            if name in cell.quantities:
                at = np.argwhere(trace.values(name, k) == 0.0)
                found += [Kink(name, k, int(n), tuple(map(int, part))) for n, *part in at]
    return found


def kink_sentence(trace: Trace) -> str:
    """Say why the ways may differ at a kink of relu(); empty where nothing stands at one."""
    found = kinks(trace)
    if not found:
        return ""
    name, k, sequence, part = found[0]
    words = trace.cell.words.get(name, label(name, "{k}")).replace("{k}", str(k))
    component = f"Component {part[0] + 1} of {words}" if part else words
    return (
        f"{component} of sequence {sequence_name(sequence)} is exactly 0, where relu() "
        "has no derivative: back-propagation and the complex step take 0, the central "
        "difference the mean of both sides, so they may differ."
    )


# --- where the cost is a parabola -------------------------------------------------------------

_NOTHING = -math.inf  # the degree of what is 0 whatever the weight is


def parabolas(experiment: Experiment) -> list[str]:
    """List the weights in which every prediction is linear, and so the cost a parabola."""
    if any(op.op == "entropy" for op in operations(experiment.cell.cost.right)):
        return []
    return [w for w in experiment.cell.weights if _degree_of_predictions(experiment, w) <= 1]


def _degree_of_predictions(experiment: Experiment, weight: str) -> float:
    """Find the largest power of a weight in what the cost compares; infinite beyond polynomials."""
    cell, last = experiment.cell, experiment.timestamps
    before = {
        name: 0.0 if np.any(value) else _NOTHING for name, value in experiment.initial_state.items()
    }
    largest = _NOTHING
    for k in range(1, last + 1):
        now: dict[str, float] = {weight: 1.0}
        for equation in cell.at(k == last):
            now[equation.left] = _degree(equation.right, now, before)
        if cell.cost.holds(k == last):
            largest = max(largest, *(now.get(x.name, 0.0) for x in leaves(cell.cost.right)))
        if largest > 1.0:
            break
        before = now
    return largest


def _degree(node: Node, now: Mapping[str, float], before: Mapping[str, float]) -> float:
    if isinstance(node, Leaf):
        return (before if node.shift == -1 else now).get(node.name, 0.0)
    if not isinstance(node, Apply):
        return 0.0
    degrees = [_degree(arg, now, before) for arg in node.args]
    if node.op in ("*", "@"):
        return _NOTHING if _NOTHING in degrees else sum(degrees)
    if node.op in ("+", "-", "neg") or max(degrees) <= 0.0:
        return max(degrees)
    straight = (node.op == "/" and degrees[1] <= 0.0) or node.args[1:] == (ONE,)
    return degrees[0] if straight else math.inf  # more than 1 is all the same

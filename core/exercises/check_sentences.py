"""Sentences about a gradient check: where the V is lowest, why it is one, where it is none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.cell.expression import leaves, operations
from core.cell.names import label, sequence_name
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.notation import number
from core.exercises.gradient_check import EPSILON, THEORY, Valley, costs

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

_DRAWS = 16  # more: one of them is nearly sure to meet what bends the cost
_STRAIGHT = 1e-9  # of the largest cost: what rounding leaves of a third difference


def parabolas(experiment: Experiment) -> list[str]:
    """List the weights along which the cost is a parabola, wherever one looks: third differences
    of it are 0."""
    layout, draw = experiment.layout, np.random.default_rng(1)
    start, end = draw.uniform(-1.0, 1.0, (2, layout.size, _DRAWS, 1))
    found = []
    for weight in layout.names:
        moving = np.array([name == weight for name, _ in layout.components])[:, None, None]
        points = start + moving * (end - start) * np.linspace(0.0, 1.0, 4)
        at = costs(experiment, points.reshape(layout.size, -1)) * np.ones(_DRAWS * 4)
        third = at.reshape(_DRAWS, 4) @ [-1.0, 3.0, -3.0, 1.0]
        if np.all(np.abs(third) <= _STRAIGHT * np.max(np.abs(at))):
            found.append(weight)
    return found

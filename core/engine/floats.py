"""An epoch of a plain cell as Python over floats, with NumPy's results where numbers overflow.

The lines raise nothing: Python would stop at exp(1000), at the root of -1 and at 1 / 0. They run
as they stand, and compiled.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

from core.data.experiment import Experiment
from core.engine.tape import Passes, Tape, Value
from core.engine.tree import Nodes
from core.engine.writing import Body, Dialect, Loops, leaf_value

# What the lines call. But for update rules, every name has an underscore in front.
NAMES = {
    "_exp": math.exp,
    "_tanh": math.tanh,
    "_sqrt": math.sqrt,
    "_isfinite": math.isfinite,
    "_copysign": math.copysign,
    "_inf": math.inf,
    "_nan": math.nan,
    "inf": math.inf,
    "sqrt": math.sqrt,
}

_LARGEST = 709.782712893  # exp() of more than that is infinite

_OPERATORS = {
    "+": ("{} + {}", 1, (1, 1)),
    "-": ("{} - {}", 1, (1, 2)),
    "*": ("{} * {}", 3, (3, 4)),
    "neg": ("-{}", 2, (4,)),
}
# A function of z, and what its slope is made of: no difference of nearly equal numbers is taken.
_FUNCTIONS = {
    "logistic": """\
if {z} >= 0.0:
    _e = _exp(-{z})
    {f} = 1.0 / (1.0 + _e)
    {s} = _e * {f}
else:
    _e = _exp({z})
    {s} = 1.0 / (1.0 + _e)
    {f} = _e * {s}""",
    "tanh": "{f} = _tanh({z})",
    "sech": """\
_e = _exp(-abs({z}))
{f} = 2.0 * _e / (1.0 + _e * _e)""",
    "relu": """\
if {z} > 0.0:
    {f} = {z}
    {s} = 1.0
elif {z} <= 0.0:
    {f} = 0.0
    {s} = 0.0
else:
    {f} = {z}
    {s} = 0.0""",
    "exp": f"{{f}} = _exp({{z}}) if {{z}} <= {_LARGEST} else {{z}} * _inf",
    "sqrt": """\
{f} = _sqrt({z}) if {z} >= 0.0 else _nan
{s} = 0.5 / {f} if {f} != 0.0 else _copysign(_inf, {f})""",
    "/": "{f} = {a} / {z} if {z} != 0.0 else {a} * _copysign(_inf, {z})",
}
FLOATS = Dialect(_OPERATORS, _FUNCTIONS, NAMES)
_COST = "_cost = 0.5 * ({})"


class Epoch(NamedTuple):
    """Lines that make ``_cost`` and ``d__w0``, … of the weights ``_w0``, …; what they are
    computed on, and room for what they set aside."""

    lines: list[str]
    data: tuple[list[Any], ...] = ()
    room: tuple[list[float], ...] = ()


def straight(experiment: Experiment, nodes: Nodes, longest: int) -> Epoch | None:
    """Write the nodes out one after the other, with their data in them; None if that is long."""
    if len(nodes.parents) > longest:
        return None
    cell, tape, made = experiment.cell, Tape(), list[Passes]()
    rows = [*zip(*nodes[:4], strict=True)][1:]
    for number, (parent, x, y, share) in enumerate(rows, start=1):
        before = made[parent - 1].values if parent else experiment.initial_state
        leaf = partial(leaf_value, cell, x, y, before)
        made.append(Passes(tape, cell, number >= nodes.last, leaf, share))
    later: list[dict[str, list[Value]]] = [{} for _ in nodes.parents]
    for number in range(len(made), 0, -1):
        passes = made[number - 1]
        passes.backward({s: tape.sum(terms) for s, terms in later[number].items()})
        for state, value in passes.before.items():
            later[nodes.parents[number]].setdefault(state, []).append(value)
    ends = [(_COST, tape.sum(tape.add("*", *p.cost) for p in made if p.cost))]
    for i, w in enumerate(cell.weights):
        parts = (part for passes in made for part in passes.parts if part.weight == w)
        ends.append((f"d__w{i} = {{}}", tape.sum(tape.add("*", p.one, p.other) for p in parts)))
    lines = FLOATS.written(tape.lines, ends)
    return Epoch(lines) if len(lines) <= longest else None


def rolled(experiment: Experiment, nodes: Nodes) -> Epoch:
    """Write loops over the nodes: forward before T, both ways at T, and back again."""
    count, cell = len(nodes.parents), experiment.cell
    bodies = [Body(nodes.last, count, at_last=True)]
    if nodes.last > 1:
        bodies = [Body(1, nodes.last, at_last=False), *bodies]
    loops = Loops(cell, bodies, range(len(cell.weights)), Tape, FLOATS, "_parents[_i]")
    room = tuple([0.0] * count for _ in range(loops.room))
    for column, state in zip(room, cell.states, strict=False):
        column[0] = experiment.initial_state[state]
    return Epoch([*loops.lines, _COST.format("_sum")], nodes[:4], room)

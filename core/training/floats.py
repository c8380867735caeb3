"""An epoch of a plain cell as Python over floats, with NumPy's results where numbers overflow.

The lines raise nothing: Python would stop at exp(1000), at the root of -1 and at 1 / 0. They run
as they stand, and compiled.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from core.cell.expression import Leaf
from core.data.experiment import Experiment
from core.training.tape import Instruction, Passes, Tape, Value
from core.training.tree import Nodes

# What the lines call. Nothing in them has a name without an underscore in front.
NAMES = {
    "_exp": math.exp,
    "_tanh": math.tanh,
    "_sqrt": math.sqrt,
    "_isfinite": math.isfinite,
    "_copysign": math.copysign,
    "_inf": math.inf,
    "_nan": math.nan,
}

_LARGEST = 709.782712893  # exp() of more than that is infinite

# A function of z and its slope s, computed once: no difference of nearly equal numbers is taken.
_FUNCTIONS = {
    "logistic": """\
if {z} >= 0.0:
    _e = _exp(-{z})
    {f} = 1.0 / (1.0 + _e)
    {s} = {f} * (_e * {f})
else:
    _e = _exp({z})
    _r = 1.0 / (1.0 + _e)
    {f} = _e * _r
    {s} = {f} * _r""",
    "tanh": """\
_e = _exp(-abs({z}))
_e = 2.0 * _e / (1.0 + _e * _e)
{f} = _tanh({z})
{s} = _e * _e""",
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
}
_DIVISION = "{f} = {a} / {z} if {z} != 0.0 else {a} * _copysign(_inf, {z})"
_OPERATORS = {"+": ("{} + {}", 1, 1), "-": ("{} - {}", 1, 2), "*": ("{} * {}", 3, 4)}
_ATOM = 9

End = tuple[str, Value]  # a line with a place for the value that it takes


def written(lines: Sequence[Instruction], ends: Sequence[End]) -> list[str]:
    """Write instructions, and the lines at their end; what these need not is left out.

    What is used once stands where it is used, in brackets that keep the order of operations.
    """
    alive, uses = _alive(lines, [value for _, value in ends])
    texts: dict[Value, tuple[str, int]] = {}
    done = []

    def text(value: Value, least: int = 0) -> str:
        found, binds = texts.get(value) or (spelled(value), _ATOM)
        return f"({found})" if binds < least else found

    for line in alive:
        name = line.targets[0]
        if line.op in _OPERATORS:
            form, left, right = _OPERATORS[line.op]
            whole = form.format(text(line.args[0], left), text(line.args[1], right)), left
        elif line.op == "neg":
            whole = f"-{text(line.args[0], 4)}", 2
        elif line.op in _FUNCTIONS and isinstance(line.args[0], float):
            for target, number in zip(line.targets, _computed(line), strict=True):
                texts[target] = spelled(number), _ATOM
            continue
        else:
            done += _called(line, *map(text, line.args))
            continue
        if uses[name] == 1:
            texts[name] = whole
        else:
            done.append(f"{name} = {whole[0]}")
    return [*done, *(form.format(text(value)) for form, value in ends)]


def _called(line: Instruction, *args: str) -> list[str]:
    if line.op == "/":
        return [_DIVISION.format(f=line.targets[0], a=args[0], z=args[1])]
    value, *slope = line.targets
    return _FUNCTIONS[line.op].format(f=value, s="".join(slope), z=args[0]).splitlines()


def _computed(line: Instruction) -> list[float]:
    """Work out a function of a number that is known already, by its own lines."""
    space: dict[str, Any] = dict(NAMES)
    exec("\n".join(_called(line, spelled(line.args[0]))), space)  # noqa: S102 (ours)
    return [space[target] for target in line.targets]


def _alive(
    lines: Sequence[Instruction], wanted: Iterable[Value]
) -> tuple[list[Instruction], Counter[Value]]:
    """List the instructions that something comes of, and count how often each value is read."""
    uses, alive = Counter(wanted), []
    for line in reversed(lines):
        if any(uses[target] for target in line.targets):
            alive.append(line)
            # What is read several times in one line needs a name.
            often = 1 if line.op in (*_OPERATORS, "neg") else 2
            for arg in line.args:
                uses[arg] += often
    return alive[::-1], uses


def spelled(value: Value) -> str:
    """Write a value: a name, or a number in brackets where it has a minus sign."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "_nan"
    text = repr(value).replace("inf", "_inf")
    return f"({text})" if text.startswith("-") else text


# --- an epoch -----------------------------------------------------------------------------------

_MADE = re.compile(r"_[a-z]\d+\b")
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
        leaf = partial(_leaf, experiment, x, y, before)
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
    lines = written(tape.lines, ends)
    return Epoch(lines) if len(lines) <= longest else None


def rolled(experiment: Experiment, nodes: Nodes) -> Epoch:
    """Write loops over the nodes: forward before T, both ways at T, and back again."""
    count = len(nodes.parents)
    states = experiment.cell.states
    last, before = _one(experiment, at_last=True), _one(experiment, at_last=False)
    last.backward({})
    before.backward({s: f"_a{states.index(s)}" for s in last.before})
    ends = _ends(before)
    forward, back = before.tape.lines[: before.end], before.tape.lines[before.end :]
    read = {*_MADE.findall(" ".join(written(back, ends)))}
    aside = [t for line in forward for t in line.targets if t in read]
    # A column of the room for each state, what comes back to it, and what else is set aside.
    columns = {t: f"_r{i}[_i]" for i, t in enumerate(aside, start=2 * len(states))}
    stores = [(f"_r{i}[_i] = {{}}", before.values[s]) for i, s in enumerate(states)]
    stores += [(f"{column} = {{}}", t) for t, column in columns.items()]
    loops = [(f"range({nodes.last}, {count})", _block(states, last.tape.lines, _ends(last), {}))]
    if nodes.last > 1:
        there = _block(states, forward, stores, {})
        again = _block(states, back, ends, columns)
        loops = [
            (f"range(1, {nodes.last})", there),
            *loops,
            (f"range({nodes.last - 1}, 0, -1)", again),
        ]
    lines = ["_sum = 0.0", *(f"d__w{i} = 0.0" for i in range(len(experiment.cell.weights)))]
    for where, inside in loops:
        lines += [f"for _i in {where}:", "    _p = _parents[_i]", *(f"    {x}" for x in inside)]
    room = tuple([0.0] * count for _ in range(2 * len(states) + len(aside)))
    for column, state in zip(room, states, strict=False):
        column[0] = experiment.initial_state[state]
    return Epoch([*lines, _COST.format("_sum")], nodes[:4], room)


def _one(experiment: Experiment, *, at_last: bool) -> Passes:
    """Put one node on a tape of its own."""
    before = {s: f"_b{i}" for i, s in enumerate(experiment.cell.states)}
    leaf = partial(_leaf, experiment, "_x0", "_y0", before)
    return Passes(Tape(), experiment.cell, at_last, leaf, "_n0")


def _ends(passes: Passes) -> list[End]:
    """List what a node adds to the cost and the gradient, and to what comes back to its parent."""
    multiply, cell = passes.tape.add, passes.cell
    ends = [("_sum += {}", multiply("*", *passes.cost))] if passes.cost else []
    for part in passes.parts:
        name = f"d__w{cell.weights.index(part.weight)}"
        ends.append((f"{name} += {{}}", multiply("*", part.one, part.other)))
    for state, value in passes.before.items():
        column = len(cell.states) + cell.states.index(state)
        ends.append((f"_r{column}[_p] += {{}}", value))
    return ends


def _block(
    states: Sequence[str],
    lines: Sequence[Instruction],
    ends: Sequence[End],
    columns: Mapping[str, str],
) -> list[str]:
    """Write instructions behind what they need of other nodes and of the way forward."""
    done = written(lines, ends)
    read = {*_MADE.findall(" ".join(done))} - {t for line in lines for t in line.targets}
    loads = {"_x0": "_inputs[_i]", "_y0": "_targets[_i]", "_n0": "_shares[_i]", **columns}
    loads |= {f"_b{i}": f"_r{i}[_p]" for i in range(len(states))}
    sums = {f"_a{i}": f"_r{i + len(states)}[_i]" for i in range(len(states))}
    start = [f"{name} = {text}" for name, text in {**loads, **sums}.items() if name in read]
    return [*start, *(f"{text} = 0.0" for name, text in sums.items() if name in read), *done]


def _leaf(
    experiment: Experiment, x: Value, y: Value, before: Mapping[str, Value], leaf: Leaf
) -> Value:
    """Give the value of what the equations of a timestamp take from outside of it."""
    cell = experiment.cell
    if leaf.name in cell.weights:
        return f"_w{cell.weights.index(leaf.name)}"
    if leaf.shift == -1:
        return before[leaf.name]
    return x if leaf.name == cell.input else y

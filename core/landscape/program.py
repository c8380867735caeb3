"""The cost and its gradient of a plain cell, for a block of weights at once over a tree.

Both passes are put on one tape, as in training; every value on it is an array with a row for each
beginning of a level and a column for each set of weights, or with one row where it depends on
weights alone. A value waits with its rows until it meets one of a later level, and what comes back
is summed over the rows that follow before it is multiplied: both save arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from core.cell.description import Cell
from core.cell.expression import Leaf
from core.cell.parsing import TARGET
from core.data.experiment import Experiment
from core.data.values import Array
from core.landscape.level_tape import DATA, LevelTape
from core.landscape.parts import Part, summing
from core.training import kernels
from core.training.tape import Instruction, Passes, Value
from core.training.tree import Level

_Call = tuple[Callable[..., object], tuple[Any, ...]]
_FUNCTIONS: dict[str, Callable[..., object]] = {
    "logistic": kernels.logistic,
    "tanh": kernels.tanh,
    "relu": kernels.relu,
    "sqrt": kernels.sqrt,
    "exp": np.exp,
}
_UFUNCS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "neg": np.negative,
}
# In these the result may take the place of what is read last.
_IN_PLACE = {*_UFUNCS, "logistic", "relu", "sqrt", "exp"}
_PAUSE = 256  # instructions: fewer than these take no longer than a moment


class Plan(NamedTuple):
    """Instructions for a block of weights, and the place of each value.

    ``levels`` gives the level of each place. The first of ``results`` is the cost, the others are
    its gradient. What ``stays`` follows from the first weight alone, and has a place of its own:
    whole rows of a grid have it in common.
    """

    lines: tuple[Instruction, ...]
    places: dict[Value, int]
    levels: tuple[int, ...]
    results: tuple[Value, ...]
    stays: frozenset[Value]


def planning(
    experiment: Experiment, tree: Sequence[Level], moving: Sequence[int], fixed: Array
) -> Generator[None, None, Plan]:
    """Plan the passes of a plain cell over a tree, with pauses: many timestamps take a while.

    ``moving`` are the places, in the layout, of the weights that vary and that the gradient is
    wanted for; the others are as in ``fixed``, shape (n,).
    """
    cell, last = experiment.cell, experiment.timestamps
    tape = LevelTape([1, *(len(level.inputs) for level in tree)])
    weights: dict[str, Value] = dict(zip(cell.weights, fixed.tolist(), strict=True))
    weights |= {cell.weights[i]: f"_w{place}" for place, i in enumerate(moving)}
    values: Mapping[str, Value] = experiment.initial_state
    nodes: list[Passes] = []
    for k, level in enumerate(tree, start=1):
        leaf = partial(_leaf, cell, weights | _data(tape, k, level, cell.input), values)
        share = f"_n{k}" if tape.group[k] else f"_u{k}"
        nodes.append(Passes(tape, cell, k == last, leaf, share))
        values = nodes[-1].values
        yield
    cost: Value = 0.0
    gradient: dict[str, Value] = {cell.weights[i]: 0.0 for i in moving}
    later: dict[str, Value] = {}
    for k, node in reversed([*enumerate(nodes, start=1)]):
        node.backward(later)
        if node.cost:
            cost = tape.add("+", cost, tape.product(*node.cost))
        later = {s: tape.gathered(v, tape.group[k - 1]) for s, v in node.before.items()}
        for part in node.parts:
            if part.weight in gradient:
                more = tape.product(part.one, part.other)
                gradient[part.weight] = tape.add("+", gradient[part.weight], more)
        yield
    return (yield from _planned(tape, (tape.add("*", cost, 0.5), *gradient.values())))


def _data(tape: LevelTape, k: int, level: Level, name: str) -> dict[str, Value]:
    """Name the inputs and targets of a level; where all are one number, it stands in the plan."""
    group = tape.group[k]
    tape.levels.update({f"_{column}{k}": group for column in "xyn"})
    tape.levels[f"_e{group}"] = group
    if group:
        return {name: f"_x{k}", TARGET: f"_y{k}"}
    target = 0.0 if level.targets is None else float(level.targets[0])
    return {name: float(level.inputs[0]), TARGET: target}


def _leaf(cell: Cell, known: Mapping[str, Value], before: Mapping[str, Value], x: Leaf) -> Value:
    return before[x.name] if x.shift == -1 and x.name in cell.states else known[x.name]


def _planned(tape: LevelTape, results: tuple[Value, ...]) -> Generator[None, None, Plan]:
    """Leave out what nobody needs, and give each value a place until it is read the last time."""
    lines = _needed(tape.lines, results)
    yield
    stays: set[Value] = {"_w0"}
    for line in lines:
        if all(isinstance(a, float) or a in stays or a[:2] in DATA for a in line.args):
            stays.update(line.targets)
    yield
    last_read: dict[Value, int] = {a: i for i, line in enumerate(lines) for a in line.args}
    last_read |= dict.fromkeys((*results, *stays), len(lines))
    places = _Places(tape, stays)
    for i, line in enumerate(lines):
        if i % _PAUSE == 0:
            yield
        over = [a for a in dict.fromkeys(line.args) if last_read[a] == i]
        in_place = line.op in _IN_PLACE
        places.free(over if in_place else [])
        places.take(line.targets)
        places.free([] if in_place else over)
        places.free([t for t in line.targets if t not in last_read])
    return Plan(tuple(lines), places.of, tuple(places.levels), results, frozenset(stays))


def _needed(lines: Sequence[Instruction], results: Iterable[Value]) -> list[Instruction]:
    """Leave out the instructions whose results nobody reads."""
    read: set[Value] = {*results}
    needed: list[Instruction] = []
    for line in reversed(lines):
        if read.intersection(line.targets):
            read.update(line.args)
            needed.append(line)
    return needed[::-1]


class _Places:
    """Places for values, which share them one after the other; those in ``alone`` share none."""

    def __init__(self, tape: LevelTape, alone: set[Value]) -> None:
        self.of: dict[Value, int] = {}
        self.levels: list[int] = []
        self._tape, self._alone = tape, alone
        self._free: dict[int, list[int]] = {}

    def free(self, values: Iterable[Value]) -> None:
        for value in values:
            if value in self.of:
                self._free.setdefault(self._tape.level(value), []).append(self.of[value])

    def take(self, values: Iterable[Value]) -> None:
        for value in values:
            level = self._tape.level(value)
            unused = [] if value in self._alone else self._free.setdefault(level, [])
            if not unused:
                unused.append(len(self.levels))
                self.levels.append(level)
            self.of[value] = unused.pop()


class Block:
    """A plan with its arrays, for a part of a tree and ``width`` sets of weights.

    ``weights``, shape (moving, width), is filled before each run.
    """

    def __init__(self, plan: Plan, part: Part, shape: tuple[int, int], share: float) -> None:
        self.weights = np.empty(shape)
        self._part, self._share = part, share
        self._values: dict[Value, Any] = {f"_w{i}": row for i, row in enumerate(self.weights)}
        width = shape[1]
        room = [np.empty((part.rows(g), width) if g else width) for g in plan.levels]
        self._scratch = {g: np.empty((part.rows(g), width)) for g in {*plan.levels}}
        self._values |= {value: room[place] for value, place in plan.places.items()}
        self._plan = plan
        self._calls: list[list[tuple[bool, _Call]]] = []  # as many as run without a pause
        self._results = [self._value(value) for value in plan.results]

    def run(self, *, again: bool = False) -> Iterator[None]:
        """Work out cost and gradient for ``weights``, with pauses; ``again`` says that the first
        of them are those of the run before."""
        lines, stays = self._plan.lines, self._plan.stays
        for number, start in enumerate(range(0, len(lines), _PAUSE)):
            if number == len(self._calls):
                piece = lines[start : start + _PAUSE]
                self._calls.append([(x.targets[0] in stays, self._call(x)) for x in piece])
            for is_done, (call, args) in self._calls[number]:
                if not (again and is_done):
                    call(*args)
            yield

    def add_to(self, result: Array) -> None:
        """Add cost and gradient to ``result``, shape (1 + moving, width or less)."""
        for row, found in zip(result, self._results, strict=True):
            row += found[: len(row)] if np.ndim(found) else found

    def _value(self, value: Value) -> Any:
        if isinstance(value, float) or value in self._values:
            return self._values.get(value, value)
        level = self._part.levels[int(value[2:]) - 1]
        shares = level.counts * self._share
        if value.startswith("_u"):  # of the one row that there is
            return float(shares[0])
        columns = {"x": level.inputs, "y": level.targets, "n": shares}
        column = columns.get(value[1], np.ones(len(shares)))
        assert column is not None
        return column[:, np.newaxis]

    def _call(self, line: Instruction) -> _Call:
        op, _, level = line.op.partition(" ")
        args = tuple(self._value(arg) for arg in line.args)
        out = tuple(self._values[target] for target in line.targets)
        if op in _UFUNCS or op in _FUNCTIONS:
            return (_UFUNCS | _FUNCTIONS)[op], (*args, *out)
        if op == "weigh":
            return np.matmul, (args[0][:, 0], args[1], *out)
        if op == "dot":
            scratch = next(x for x in self._scratch.values() if len(x) == len(args[0]))
            return _dot, (*args, scratch, *out)
        parents = self._part.parents(int(level))
        if op == "spread":
            return np.take, (args[0], parents, 0, out[0], "clip")
        if out[0].ndim == 1:
            return np.add.reduce, (args[0], 0, None, out[0])
        return summing(parents, len(out[0])), (args[0], out[0])


def _dot(one: Array, other: Array, scratch: Array, out: Array) -> None:
    np.add.reduce(np.multiply(one, other, scratch), 0, out=out)

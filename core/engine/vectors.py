"""An epoch of a cell of vectors as a Python function, written for the cell: once for all data.

What waits for no other timestamp is done for all timestamps before T at once: their rows are one
below the other. Two loops are left, one there and one back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from core.cell.description import Cell, Shape
from core.engine.kernels import ARRAYS
from core.engine.tape import Instruction, Part, Passes, Tape, Value
from core.engine.writing import MADE, End, executed, leaf_value

_SUMS = ("sum outer", "product", "inner", "total")  # over all rows
# What a value waits for: nothing, its own timestamp's data, the way there, the way back.
_NOTHING, _DATA, _THERE, _BACK = range(4)
_WAITS = {"_x": _DATA, "_y": _DATA, "_b": _THERE, "_a": _BACK}


class _WaitingTape(Tape):
    """A tape that knows what each value waits for, and lets sums and products wait little."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self._waits: dict[Value, int] = {}
        self._by: dict[Value, Instruction] = {}

    def waits(self, value: Value) -> int:
        """Tell what a value waits for."""
        if isinstance(value, float):
            return _NOTHING
        return self._waits.get(value, _WAITS.get(value[:2], _NOTHING))

    def add(self, op: str, *args: Value) -> Value:
        """Return the value of an operation; of a sum or product, what waits least is done first."""
        if op in ("+", "*"):
            late, soon = sorted(args, key=self.waits, reverse=True)
            line = self._by.get(late)
            if line and line.op == op and self.waits(soon) < self.waits(late):
                latest, less = sorted(line.args, key=self.waits, reverse=True)
                if self.waits(less) < self.waits(late):
                    return super().add(op, latest, self.add(op, less, soon))
        return super().add(op, *args)

    def _do(self, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        made = super()._do(op, args, results)
        if made[0] not in self._by:
            waits = _BACK if op in _SUMS else max(map(self.waits, args))
            self._waits |= dict.fromkeys(made, waits)
            self._by |= dict.fromkeys(made, self.lines[-1])
        return made


Epoch = Callable[..., tuple[Any, tuple[Any, ...]]]


@lru_cache(maxsize=64)
def vector_epoch(cell: Cell, is_one: bool) -> Epoch:
    """Write the epoch of a cell: from weights, data and states to the sums that make cost and
    gradient. A single timestamp is a case of its own.

    Inputs and targets are lists by timestamp, and those before T one below the other.
    """
    count, states = range(len(cell.weights)), range(len(cell.states))
    lines = [
        f"{''.join(f'_w{i}, ' for i in count)} = _weights",
        "T, _sum = len(_inputs) - 1, 0.0",
        *(f"d__w{i} = 0.0" for i in count),
        *(f"_r{i} = [_states[{i}], *[0.0] * T]" for i in states),
        *(f"_r{len(states) + i} = [0.0] * (T + 1)" for i in states),
        *_Writer(cell).lines(is_one=is_one),
        f"return _sum, ({''.join(f'd__w{i}, ' for i in count)})",
    ]
    head = "def _epoch(_weights, _inputs, _targets, _below, _n0, _states):"
    source = "\n".join([head, *(f"    {line}" for line in lines)])
    names = ARRAYS.names | {"_stack": np.concatenate, "_apart": _apart}
    epoch: Epoch = executed(source, "_epoch", names)
    epoch.__doc__ = source
    return epoch


def _apart(rows: Any, count: int) -> Any:
    """Take so many timestamps that are one below the other apart, in each array of a bundle."""
    if rows.ndim > 2:
        return rows.reshape(len(rows), count, -1, rows.shape[-1]).swapaxes(0, 1)
    return rows.reshape(count, -1, *rows.shape[1:])


class _Stage(NamedTuple):
    """Some instructions with what they end with: in a loop, or for all timestamps at once."""

    lines: Sequence[Instruction]
    ends: Sequence[End] = ()
    loop: str = ""


class _Writer:
    """Writes the stages of an epoch one after the other."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._last, self._before = self._passes("uv", True), self._passes("ts", False)
        self._last.backward({})
        self._before.backward({s: f"_a{cell.states.index(s)}" for s in self._last.before})
        self._once: set[Value] = set()

    def lines(self, *, is_one: bool) -> list[str]:
        """Write all stages, or timestamp T alone."""
        ends = [*self._back(self._last), *self._sums(self._last)]
        last = _Stage(self._last.tape.lines, ends, "range(T, T + 1)")
        if is_one:
            return self._written(last, [])[1]
        lines: list[str] = []
        wanted: set[Value] = set()
        there, back = self._stages
        for stage in reversed([*there, last, *back]):
            made = {t for line in stage.lines for t in line.targets}
            later = sorted(f"{value}" for value in made & wanted)
            read, done = self._written(stage, later)
            wanted |= read
            lines = [*done, *lines]
        return lines

    def _written(self, stage: _Stage, later: Sequence[str]) -> tuple[set[Value], list[str]]:
        """Write a stage that keeps what is read ``later``; return what it reads, and the lines."""
        kept = "{0}_at[_i - 1] = {{}}" if stage.loop else "{0}_at = _apart({{}}, T - 1)"
        forms = ["{0} = {{}}" if value in self._once else kept for value in later]
        keeps = [(form.format(value), value) for form, value in zip(forms, later, strict=True)]
        done = ARRAYS.written(stage.lines, [*stage.ends, *keeps])
        made = {t for line in stage.lines for t in line.targets}
        read = {*MADE.findall(" ".join(done))} - made
        loads = {name: self._load(name, in_loop=bool(stage.loop)) for name in sorted(read)}
        done = [*(f"{name} = {text}" for name, text in loads.items() if text), *done]
        if stage.loop and done:
            room = [f"{value}_at = [None] * (T - 1)" for value in later]
            done = [*room, f"for _i in {stage.loop}:", *(f"    {line}" for line in done)]
        return {*read}, done

    def _load(self, name: str, *, in_loop: bool) -> str:
        """Tell where a stage takes a value from; empty for what is at hand."""
        kind, number = name[1], int(name[2:])
        lists = {"x": "_inputs", "y": "_targets", "b": f"_r{number}"}
        lists["a"] = f"_r{len(self._cell.states) + number}"
        if kind in "nwr" or name in self._once:
            return ""
        if in_loop:
            before = " - 1" if kind not in "xya" else ""
            return f"{lists.get(kind, f'{name}_at')}[_i{before}]"
        if kind in "xy":
            return f"_below[{'xy'.index(kind)}]"
        start = {"a": "[1:T]", "b": "[: T - 1]"}
        return f"_stack({lists.get(kind, f'{name}_at')}{start.get(kind, '')})"

    @property
    def _stages(self) -> tuple[list[_Stage], list[_Stage]]:
        """What is done before timestamp T's turn, and after it."""
        states, tape = self._cell.states, self._before.tape
        assert isinstance(tape, _WaitingTape)
        ends = [(f"_r{i}[_i] = {{}}", self._before.values[s]) for i, s in enumerate(states)]
        back, sums = self._back(self._before), self._sums(self._before)
        kinds = [[x for x in tape.lines if tape.waits(x.targets[0]) == kind] for kind in range(4)]
        there, here = self._parted(kinds[_THERE], ends)
        again, late = self._parted(kinds[_BACK], back)
        for bundle in _bundles(self._cell, there, tape):
            kinds[_NOTHING].append(bundle.once)
            kinds[_DATA].append(bundle.data)
            there = bundle.put_into(there)
        self._once = {t for line in kinds[_NOTHING] for t in line.targets}
        return (
            [_Stage(kinds[_NOTHING]), _Stage(kinds[_DATA]), _Stage(there, ends, "range(1, T)")],
            [_Stage(here), _Stage(again, back, "range(T - 1, 0, -1)"), _Stage(late, sums)],
        )

    def _parted(
        self, lines: Sequence[Instruction], ends: Sequence[End]
    ) -> tuple[list[Instruction], list[Instruction]]:
        """Part what the next timestamp needs from what it does not."""
        needed = {value for _, value in ends}
        for line in reversed(lines):
            needed |= {*line.args} if needed & {*line.targets} else set()
        loop = [line for line in lines if needed & {*line.targets}]
        return loop, [line for line in lines if not needed & {*line.targets}]

    def _passes(self, letters: str, at_last: bool) -> Passes:
        before = {s: f"_b{i}" for i, s in enumerate(self._cell.states)}
        leaf = partial(leaf_value, self._cell, "_x0", "_y0", before)
        return Passes(_WaitingTape(letters), self._cell, at_last, leaf, "_n0")

    def _back(self, passes: Passes) -> list[End]:
        states = self._cell.states
        first = len(states)
        return [
            (f"_r{first + states.index(s)}[_i - 1] = {{}}", v) for s, v in passes.before.items()
        ]

    def _sums(self, passes: Passes) -> list[End]:
        """List what is added to cost and gradient."""
        add = passes.tape.add
        ends = [("_sum = _sum + {}", add("inner", *passes.cost))] if passes.cost else []
        for part in passes.parts:
            if 0.0 not in (part.one, part.other):
                name = f"d__w{self._cell.weights.index(part.weight)}"
                ends.append((f"{name} = {name} + {{}}", add(*self._summed(part))))
        return ends

    def _summed(self, part: Part) -> tuple[Any, ...]:
        """Sum a part over all rows."""
        if part.outer:
            return "sum outer", part.one, part.other
        if not self._cell.shapes[part.weight]:
            return "inner", part.one, part.other
        return ("total", part.one) if part.other == 1.0 else ("product", part.one, part.other)


# --- one call of NumPy for many gates ------------------------------------------------------------


class _Bundle(NamedTuple):
    """Sums of a matrix times one vector and of what waits for data alone, all at once.

    ``sums`` are their instructions; those that go through the logistic come first, and
    ``logistics`` are the instructions that do it.
    """

    number: int
    vector: Value
    matrices: tuple[Value, ...]
    others: tuple[Value, ...]
    sums: list[Instruction]
    logistics: list[Instruction]

    @property
    def once(self) -> Instruction:
        return Instruction((f"_g{self.number}",), "bundle", self.matrices)

    @property
    def data(self) -> Instruction:
        return Instruction((f"_h{self.number}",), "bundle", self.others)

    def put_into(self, lines: Sequence[Instruction]) -> list[Instruction]:
        """Put the bundle before the first of its sums, in the place of all of them."""
        n, count = self.number, len(self.logistics)
        made = [
            Instruction((f"_m{n}",), "bundle @", (f"_g{n}", self.vector)),
            Instruction((f"_z{n}",), "+", (f"_m{n}", f"_h{n}")),
            Instruction((f"_k{n}",), "part", (f"_z{n}", f":{count}")),
            Instruction((f"_f{n}", f"_q{n}"), "logistic", (f"_k{n}",)),
        ]
        for i, line in enumerate(self.logistics):
            pairs = zip(line.targets, (f"_f{n}", f"_q{n}"), strict=True)
            made += [Instruction((target,), "part", (whole, f"{i}")) for target, whole in pairs]
        for i, line in enumerate(self.sums):
            made.append(Instruction(line.targets, "part", (f"_z{n}", f"{i}")))
        first = lines.index(self.sums[0])
        done = [*self.sums, *self.logistics]
        left, right = (
            [x for x in part if x not in done] for part in (lines[:first], lines[first:])
        )
        return [*left, *made, *right]


def _bundles(cell: Cell, lines: Sequence[Instruction], tape: _WaitingTape) -> list[_Bundle]:
    """Find what a loop can do at once."""
    products: dict[Value, tuple[Value, ...]] = {x.targets[0]: x.args for x in lines if x.op == "@"}
    logistics = {x.args[0]: x for x in lines if x.op == "logistic"}
    found: dict[tuple[Value, Shape], list[tuple[Instruction, Value, Value]]] = {}
    for line in (line for line in lines if line.op == "+"):
        one, other = sorted(line.args, key=tape.waits, reverse=True)
        matrix, vector = products.get(one, (0.0, 0.0))
        if tape.waits(other) == _DATA and isinstance(matrix, str) and matrix.startswith("_w"):
            shape = cell.shapes[cell.weights[int(matrix[2:])]]
            found.setdefault((vector, shape), []).append((line, matrix, other))
    bundles = []
    for number, ((vector, _), members) in enumerate(found.items()):
        if len(members) > 1:
            members.sort(key=lambda member: member[0].targets[0] not in logistics)
            sums, matrices, others = zip(*members, strict=True)
            gates = [logistics[x.targets[0]] for x in sums if x.targets[0] in logistics]
            bundles.append(_Bundle(number, vector, matrices, others, [*sums], gates))
    return bundles

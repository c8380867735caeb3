"""An epoch over arrays as a Python function, written for a cell.

Lists go by timestamp, every operation has a place for its result, and a place is used again once
its number is read for the last time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from core.cell.expression import Leaf
from core.data.experiment import Experiment
from core.data.values import Array
from core.training.floats import spelled
from core.training.tape import Part, Passes, Tape, Value

Letters = tuple[str, ...]
# Of so few sequences a call of NumPy costs more than its arithmetic: weights' gradients wait for a
# product over all timestamps.
_FEW = 100
_COLUMN = ("1",)  # one number for each sequence, beside vectors
_UFUNCS = {"+": "_add", "-": "_subtract", "*": "_multiply", "/": "_divide", "neg": "_negative"}


class Writer:
    """Writes the function of an epoch, and lists the places that it needs.

    A place is a column of arrays, by timestamp: what is set aside has an array of its own at each,
    all else shares one, unless a tree has levels of many sizes. ``source`` is the function: from
    weights, data and room to the sum of the costs and the gradient.
    """

    def __init__(self, experiment: Experiment, of_tree: bool) -> None:
        self._experiment, self.cell, self.of_tree = experiment, experiment.cell, of_tree
        self._columns: list[tuple[Letters, int]] = []  # sizes of each, and how often it is there
        self._all = experiment.timestamps + 1
        shapes = self.cell.shapes
        self.states = {s: self.column(shapes[s], self._all) for s in self.cell.states}
        self.back = {s: self.column(shapes[s], 2) for s in self.cell.states}
        self.source = self._written()

    def column(self, letters: Letters, times: int = 0) -> int:
        """Take a new place; without ``times``, one at each timestamp that is set aside."""
        self._columns.append((letters, times or self._all))
        return len(self._columns) - 1

    @property
    def numbers(self) -> int:
        """How many numbers all places hold for one sequence."""
        return sum(times * math.prod(self._sizes(s)) for s, times in self._columns)

    def room(self, counts: Sequence[int]) -> list[list[Array]]:
        """Make the places for so many sequences, or nodes, at each timestamp from 0."""
        made = []
        for letters, times in self._columns:
            sizes = self._sizes(letters)
            if self.of_tree:
                made.append([np.empty((count, *sizes)) for count in counts])
            else:
                often = 1 if times > 1 else self._all
                made.append([*np.empty((times, counts[0], *sizes))] * often)
        for state, column in self.states.items():
            made[column][0][...] = self._experiment.initial_state[state]
        return made

    def _sizes(self, letters: Letters) -> list[int]:
        return [1 if letter == "1" else self._experiment.sizes[letter] for letter in letters]

    def _written(self) -> str:
        last, before = _Body(self, at_last=True), _Body(self, at_last=False)
        back = last.go_back({})
        before.go_back({s: f"_a{self.back[s]}" for s in back})
        loops = {"for k in (T,):": last.lines(0, len(last.tape.lines))}
        if self._all > 2:
            before.set_aside()
            if self._experiment.sequences <= _FEW and not self.of_tree:
                before.sum_late()
            end = before.passes.end
            loops = {
                "for k in range(1, T):": before.lines(0, end),
                **loops,
                "for k in range(T - 1, 0, -1):": before.lines(end, len(before.tape.lines)),
            }
        count = len(self.cell.weights)
        gradients = "".join(f"_g{i}, " for i in range(count))
        lines = []
        for head, inside in loops.items():
            indented = [f"    {line}" for line in inside]
            lines += [head, *indented] if indented else []
        lines = [
            f"{''.join(f'_c{i}, ' for i in range(len(self._columns)))} = _room",
            f"{''.join(f'_w{i}, ' for i in range(count))} = _weights",
            f"T, _sum, {gradients} = {self._all - 1}, {'0.0, ' * (count + 1)}",
            *lines,
            *before.late_sums(),
            f"return _sum, ({gradients})",
        ]
        head = "def _epoch(_weights, _inputs, _targets, _shares, _parents, _starts, _room):"
        return "\n".join([head, *(f"    {line}" for line in lines)])


class _Body:
    """Both passes of a timestamp: where each value goes, and the lines that make it."""

    def __init__(self, writer: Writer, *, at_last: bool) -> None:
        self._writer, self._cell, self._at_last = writer, writer.cell, at_last
        self._kinds: dict[Value, Letters] = {"_n0": ()}
        self._places: dict[Value, str] = {}
        self.tape = Tape()
        self.passes = Passes(self.tape, self._cell, at_last, self._leaf, "_n0")
        self._back: dict[str, Value] = {}
        self._late: list[Part] = []

    def go_back(self, later: Mapping[str, Value]) -> dict[str, Value]:
        """Put the way back on the tape, and return what goes back to each state."""
        self._kinds |= {value: self._cell.shapes[state] for state, value in later.items()}
        self.passes.backward(later)
        self._back = self.passes.before
        for line in self.tape.lines:
            kinds = [self._kinds.get(arg, ()) for arg in line.args]
            kind = max(kinds, key=lambda kind: (len(kind), kind != _COLUMN))
            if line.op in ("@", "T@"):
                kind = kinds[0][:1] if line.op == "@" else kinds[0][1:]
            self._kinds |= dict.fromkeys(line.targets, _COLUMN if line.op == "dot" else kind)
        if not self._at_last:
            for state, column in self._writer.states.items():
                self._places.setdefault(self.passes.values[state], f"_c{column}[k]")
        if not self._writer.of_tree:
            for state, value in self._back.items():
                self._places.setdefault(value, f"_c{self._writer.back[state]}[k % 2]")
        made = self._made(0, len(self.tape.lines))
        self._places = {v: place for v, place in self._places.items() if v in made}
        return self._back

    def set_aside(self) -> None:
        """Take places for what the way back reads of the way forward."""
        end = self.passes.end
        for line in self.tape.lines[:end]:
            for value in {*line.targets} & self._read(end, len(self.tape.lines)):
                column = self._writer.column(self._kinds[value])
                self._places.setdefault(value, f"_c{column}[k]")

    def sum_late(self) -> None:
        """Take places for what weights' gradients are summed of, where that can wait."""
        made = self._made(self.passes.end, len(self.tape.lines))
        for part in self._parts:
            where = dict(self._loads())
            others_stay = part.other == 1.0 or part.other in where
            if (part.outer or self._cell.shapes[part.weight]) and part.one in made and others_stay:
                if part.one not in where:
                    self._places[part.one] = f"_c{self._writer.column(self._kinds[part.one])}[k]"
                if "% 2" not in self._places[part.one] + where.get(part.other, ""):
                    self._late.append(part)

    def late_sums(self) -> Iterator[str]:
        """Write the sums that waited, over the timestamps before T and the sequences."""
        where = dict(self._loads())
        for value in dict.fromkeys(v for p in self._late for v in (p.one, p.other) if v != 1.0):
            text = where[value].replace("[k]", "[1:T]").replace("[k - 1]", "[: T - 1]")
            yield f"{value} = _concatenate({text})"
        for part in self._late:
            yield f"_g{self._cell.weights.index(part.weight)} += {self._summed(part)}"

    def lines(self, start: int, end: int) -> list[str]:
        """Write a stretch of the tape, what it loads before and what it hands on behind."""
        read, made = self._read(start, end), self._made(start, end)
        done = [f"{name} = {text}" for name, text in self._loads() if name in read - made]
        alive = [line for line in self.tape.lines[start:end] if {*line.targets} & read]
        last_read = {arg: place for place, line in enumerate(alive) for arg in line.args}
        last_read |= dict.fromkeys(self._handed_on(start), len(alive))
        free: dict[Letters, list[str]] = {}
        borrowed: dict[Value, str] = {}
        for place, line in enumerate(alive):
            for target in line.targets:
                if target not in self._places:
                    kind = self._kinds[target]
                    unused = free.get(kind) or [f"_c{self._writer.column(kind, 1)}[k]"]
                    borrowed[target] = unused.pop()
            places = [self._places.get(target) or borrowed[target] for target in line.targets]
            done += _written(line.op, line.targets, [*map(spelled, line.args)], places)
            for arg in {*line.args} & borrowed.keys():
                if last_read[arg] == place:
                    free.setdefault(self._kinds[arg], []).append(borrowed.pop(arg))
        return [*done, *(self._stores() if self._is_forward(start) else self._sums())]

    def _leaf(self, leaf: Leaf) -> Value:
        cell = self._cell
        if leaf.name in cell.weights:
            name = f"_w{cell.weights.index(leaf.name)}"
        elif leaf.shift == -1:
            name = f"_b{self._writer.states[leaf.name]}"
        else:
            name = "_x0" if leaf.name == cell.input else "_y0"
        self._kinds[name] = cell.shapes[leaf.name]
        return name

    def _is_forward(self, start: int) -> bool:
        return start == 0 and not self._at_last

    def _made(self, start: int, end: int) -> set[Value]:
        return {target for line in self.tape.lines[start:end] for target in line.targets}

    def _read(self, start: int, end: int) -> set[Value]:
        """List what a stretch of the tape reads, as far as anybody needs it."""
        read: set[Value] = {*self._handed_on(start)}
        for line in reversed(self.tape.lines[start:end]):
            if {*line.targets} & read:
                read |= {*line.args}
        return read

    def _loads(self) -> Iterator[tuple[Value, str]]:
        yield from (("_x0", "_inputs[k]"), ("_y0", "_targets[k]"), ("_n0", "_shares[k]"))
        form = "_take(_c{0}[k - 1], _parents[k])" if self._writer.of_tree else "_c{0}[k - 1]"
        yield from ((f"_b{i}", form.format(i)) for i in self._writer.states.values())
        yield from self._places.items()

    def _handed_on(self, start: int) -> Iterator[Value]:
        """List what is still asked for behind a stretch of the tape."""
        if self._is_forward(start):
            made = self._made(0, self.passes.end)
            yield from (self.passes.values[state] for state in self._writer.states)
            yield from (value for value in self._places if value in made)
        else:
            yield from self.passes.cost or ()
            yield from (value for part in self._parts for value in (part.one, part.other))
            yield from self._back.values()

    @property
    def _parts(self) -> list[Part]:
        return [part for part in self.passes.parts if 0.0 not in (part.one, part.other)]

    def _stores(self) -> Iterator[str]:
        for state, column in self._writer.states.items():
            value = self.passes.values[state]
            if self._places.get(value) != f"_c{column}[k]":
                yield f"_copy(_c{column}[k], {spelled(value)})"

    def _sums(self) -> Iterator[str]:
        if self.passes.cost:
            yield "_sum += _product({}, {})".format(*map(spelled, self.passes.cost))
        for part in self._parts:
            if part not in self._late:
                yield f"_g{self._cell.weights.index(part.weight)} += {self._summed(part)}"
        for state, value in self._back.items():
            column, text = self._writer.back[state], spelled(value)
            if self._writer.of_tree:
                text = f"_add.reduceat({text}, _starts[k])"
            elif self._places.get(value) != f"_c{column}[k % 2]":
                yield f"_copy(_c{column}[k % 2], {text})"
                text = f"_c{column}[k % 2]"
            yield f"_a{column} = {text}"

    def _summed(self, part: Part) -> str:
        """Write the sum of a part over the sequences."""
        one, other = spelled(part.one), spelled(part.other)
        if part.outer:
            return f"{one}.T @ {other}"
        if part.other == 1.0:
            return f"_add.reduce({one})"
        is_number = not self._cell.shapes[part.weight]
        return f"_product({one}, {other})" if is_number else f"_add.reduce({one} * {other})"


def _written(
    op: str, targets: Sequence[str], args: Sequence[str], places: Sequence[str]
) -> Iterator[str]:
    name, place = targets[0], places[0]
    if op in ("@", "T@"):
        matrix = args[0] + ".T" * (op == "@")
        yield f"{name} = _matmul({args[1]}, {matrix}, {place})"
    elif len(targets) == 1:
        yield f"{name} = {_UFUNCS.get(op, f'_{op}')}({', '.join([*args, place])})"
    else:
        yield f"{', '.join(targets)} = {', '.join(places)}"
        yield f"_{op}({', '.join([*args, *targets])})"

"""Instructions of a tape written as Python: over floats, or over arrays."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from core.cell.description import Cell
from core.cell.expression import Leaf
from core.engine.tape import Instruction, Passes, Tape, Value

ATOM = 9
End = tuple[str, Value]  # a line with a place for the value that it takes
MADE = re.compile(r"_[a-z]\d+\b")


class Dialect(NamedTuple):
    """How operations are written.

    ``inline`` has what can stand inside of an expression: its form, how tightly it binds, and how
    tightly each argument has to; {all} takes any number of them. ``called`` has whole lines, that
    make {f} and {s} of {a} and {z}. ``names`` are what these call.
    """

    inline: Mapping[str, tuple[str, int, tuple[int, ...]]]
    called: Mapping[str, str]
    names: dict[str, Any]

    def written(self, lines: Sequence[Instruction], ends: Sequence[End]) -> list[str]:
        """Write instructions, and the lines at their end; what these need not is left out.

        What is used once stands where it is used, in brackets that keep the order of operations.
        """
        alive, uses = self._alive(lines, [value for _, value in ends])
        texts: dict[Value, tuple[str, int]] = {}
        done = []

        def text(value: Value, least: int = 0) -> str:
            found, binds = texts.get(value) or (spelled(value), ATOM)
            return f"({found})" if binds < least else found

        for line in alive:
            name = line.targets[0]
            if line.op in self.inline:
                form, binds, least = self.inline[line.op]
                args = [*map(text, line.args, least or len(line.args) * (0,))]
                whole = form.format(*args, all=", ".join(args))
                if uses[name] == 1:
                    texts[name] = whole, binds
                else:
                    done.append(f"{name} = {whole}")
            elif isinstance(line.args[-1], float) and len(line.args) == 1:
                numbers = map(spelled, self._computed(line))
                texts |= {t: (x, ATOM) for t, x in zip(line.targets, numbers, strict=True)}
            else:
                done += self._called(line, *map(text, line.args))
        return [*done, *(form.format(text(value)) for form, value in ends)]

    def _called(self, line: Instruction, *args: str) -> list[str]:
        value, *more = line.targets
        form = self.called[line.op]
        return form.format(f=value, s="".join(more), a=args[0], z=args[-1]).splitlines()

    def _computed(self, line: Instruction) -> list[float]:
        """Work out a function of a number that is known already, by its own lines."""
        space = dict(self.names)
        exec("\n".join(self._called(line, spelled(line.args[0]))), space)  # noqa: S102 (ours)
        return [float(space[target]) for target in line.targets]

    def _alive(
        self, lines: Sequence[Instruction], wanted: Iterable[Value]
    ) -> tuple[list[Instruction], Counter[Value]]:
        """List the instructions that something comes of, and count how often each value is read."""
        uses, alive = Counter(wanted), []
        for line in reversed(lines):
            if any(uses[target] for target in line.targets):
                alive.append(line)
                # What is read several times in one line needs a name.
                often = 1 if self.called.get(line.op, "").count("{z}") < 2 else 2
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


def executed(source: str, name: str, names: Mapping[str, Any]) -> Any:
    """Return a function of a program that calls ``names``."""
    space = dict(names)
    exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102 (the program's own lines)
    return space[name]


def leaf_value(cell: Cell, x: Value, y: Value, before: Mapping[str, Value], leaf: Leaf) -> Value:
    """Give the value of what the equations of a timestamp take from outside of it."""
    if leaf.name in cell.weights:
        return f"_w{cell.weights.index(leaf.name)}"
    if leaf.shift == -1:
        return before[leaf.name]
    return x if leaf.name == cell.input else y


# --- loops ---------------------------------------------------------------------------------------


class Body(NamedTuple):
    """What a loop does at each of its places.

    They go from ``start`` to below ``stop``; ``before``, if any, holds the states that it starts
    from as numbers.
    """

    start: int | str
    stop: int | str
    at_last: bool
    before: Mapping[str, Value] | None = None


class Loops:
    """Loops over places, each of which goes on from its parent, and back again in reverse.

    ``lines`` make ``_sum``, twice the cost, and ``d__w0``, … of those of the weights ``_w0``, …
    that are ``wanted``; ``room`` counts the columns that they set something aside in: the first
    are of the states.
    """

    def __init__(
        self,
        cell: Cell,
        bodies: Sequence[Body],
        wanted: Iterable[int],
        tape: type[Tape],
        dialect: Dialect,
        parent: str = "",
    ) -> None:
        """``parent`` spells that of place ``_i``; left out it is the place before."""
        self._cell, self._dialect, self._parent = cell, dialect, parent
        self._gradients = {cell.weights[i]: f"d__w{i}" for i in wanted}
        self.room = 2 * len(cell.states)
        self.lines = ["_sum = 0.0", *(f"{name} = 0.0" for name in self._gradients.values())]
        later: Mapping[str, Value] = {}
        made = []
        for body in reversed(bodies):
            passes = self._passes(body, tape())
            passes.backward(later)
            made.append((body, passes))
            if body.at_last:
                later = {s: f"_a{cell.states.index(s)}" for s in passes.before}
        back = []
        for body, passes in reversed(made):
            there, again = self._written(body, passes)
            self._loop(f"{body.start}, {body.stop}", there)
            back.append((f"{body.stop} - 1, {body.start} - 1, -1", again))
        for where, again in reversed(back):
            self._loop(where, again)

    def _passes(self, body: Body, tape: Tape) -> Passes:
        before = body.before or {s: f"_b{i}" for i, s in enumerate(self._cell.states)}
        leaf = partial(leaf_value, self._cell, "_x0", "_y0", before)
        return Passes(tape, self._cell, body.at_last, leaf, "_n0")

    def _loop(self, where: str, inside: Sequence[str]) -> None:
        if inside:
            lines = [f"_p = {self._parent or '_i - 1'}", *inside]
            self.lines += [f"for _i in range({where}):", *(f"    {line}" for line in lines)]

    def _written(self, body: Body, passes: Passes) -> tuple[list[str], list[str]]:
        """Write the way there, which sets aside what the way back reads, and the way back.

        At T both are one.
        """
        states, lines = self._cell.states, passes.tape.lines
        ends = self._ends(body, passes)
        if passes.at_last:
            return self._block(lines, ends, {}), []
        forward, back = lines[: passes.end], lines[passes.end :]
        read = {*MADE.findall(" ".join(self._dialect.written(back, ends)))}
        aside = [t for line in forward for t in line.targets if t in read]
        columns = {t: f"_r{i}[_i]" for i, t in enumerate(aside, start=self.room)}
        self.room += len(aside)
        stores = [(f"_r{i}[_i] = {{}}", passes.values[s]) for i, s in enumerate(states)]
        stores += [(f"{column} = {{}}", t) for t, column in columns.items()]
        return self._block(forward, stores, {}), self._block(back, ends, columns)

    def _ends(self, body: Body, passes: Passes) -> list[End]:
        """List what a place adds to the cost and the gradient, and to what its parent gets back."""
        tape, cell = passes.tape, self._cell
        ends = [("_sum = _sum + {}", tape.product(*passes.cost))] if passes.cost else []
        for part in (part for part in passes.parts if part.weight in self._gradients):
            name = self._gradients[part.weight]
            ends.append((f"{name} = {name} + {{}}", tape.product(part.one, part.other)))
        ends = [(form, value) for form, value in ends if value != 0.0]
        for state, value in ({} if body.before else passes.before).items():
            column = len(cell.states) + cell.states.index(state)
            ends.append((f"_r{column}[_p] {'+' * bool(self._parent)}= {{}}", tape.gathered(value)))
        return ends

    def _block(
        self, lines: Sequence[Instruction], ends: Sequence[End], columns: Mapping[str, str]
    ) -> list[str]:
        """Write instructions behind what they need of other places and of the way there."""
        count = len(self._cell.states)
        done = self._dialect.written(lines, ends)
        read = {*MADE.findall(" ".join(done))} - {t for line in lines for t in line.targets}
        loads = {"_x0": "_inputs[_i]", "_y0": "_targets[_i]", "_n0": "_shares[_i]", **columns}
        loads |= {f"_b{i}": f"_r{i}[_p]" for i in range(count)}
        sums = {f"_a{i}": f"_r{i + count}[_i]" for i in range(count)}
        start = [f"{name} = {text}" for name, text in {**loads, **sums}.items() if name in read]
        return [*start, *(f"{text} = 0.0" for name, text in sums.items() if name in read), *done]

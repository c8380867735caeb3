"""A tape for arrays over the levels of a tree: it knows which rows each value has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from core.training.tape import Instruction, Tape, Value

DATA = ("_x", "_y", "_n", "_e")  # names of columns: inputs, targets, shares, ones


class LevelTape(Tape):
    """A tape that knows on which level each value has its rows; on level 0 it has one.

    Levels with equally many rows have the same ones: they count as the first of them.
    """

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__()
        self.group = [0]
        for level in range(1, len(rows)):
            alike = rows[level] == rows[level - 1]
            self.group.append(self.group[-1] if alike else level)
        self._above = dict(pairwise(sorted({*self.group})))
        self.levels: dict[Value, int] = {}
        self._by: dict[Value, Instruction] = {}
        self._source: dict[Value, Value] = {}  # of what was spread

    def level(self, value: Value) -> int:
        """Tell on which level a value has its rows."""
        return self.levels.get(value, 0)

    def _do(self, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        level = max(map(self.level, args))
        return self._at(level, op, tuple(self._spread(arg, level) for arg in args), results)

    def _at(self, level: int, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        made = super()._do(op, args, results)
        if made[0] not in self._by:
            for value in made:
                self.levels[value], self._by[value] = level, self.lines[-1]
        return made

    def _spread(self, value: Value, level: int) -> Value:
        """Hand the rows of a value on to those that follow on a later level."""
        first = value
        while 0 < self.level(value) < level:
            above = self._above[self.level(value)]
            (value,) = self._at(above, f"spread {above}", (value,), 1)
            self._source[value] = first
        return value

    def gathered(self, value: Value, level: int) -> Value:
        """Sum the rows of a value that go on from one row of an earlier level."""
        while isinstance(value, str) and self.level(value) > level:
            below = self.group[self.level(value) - 1] if level else 0
            value = self._gathered_once(value, below)
        return value

    def _gathered_once(self, value: Value, below: int) -> Value:
        line = self._by.get(value)
        if line is not None and line.op in ("+", "-", "neg"):
            whole = [self._counted(arg, self.level(value)) for arg in line.args]
            return self.add(line.op, *(self._gathered_once(arg, below) for arg in whole))
        if line is not None and line.op in ("*", "/"):
            one, other = (self._source.get(arg, arg) for arg in line.args)
            if self.level(other) <= below:
                return self.add(line.op, self._gathered_once(line.args[0], below), other)
            if self.level(one) <= below and line.op == "*":
                return self.add("*", one, self._gathered_once(line.args[1], below))
        return self._at(below, f"gather {self.level(value)}", (value,), 1)[0]

    def _counted(self, value: Value, level: int) -> Value:
        """Give a value the rows of a level, so that it is counted as often as there are rows."""
        if self.level(value) == level:
            return value
        return self._at(level, "*", (self._spread(value, level), f"_e{level}"), 1)[0]

    def product(self, one: Value, other: Value) -> Value:
        """Sum a product over all rows."""
        low, high = sorted((one, other), key=self.level)
        high = self.gathered(high, self.level(low))
        if not self.level(low):
            return self.add("*", low, high)
        columns = [x for x in (low, high) if isinstance(x, str) and x[:2] in DATA]
        if columns and high in columns:
            low, high = high, low
        return self._at(0, "weigh" if columns else "dot", (low, high), 1)[0]

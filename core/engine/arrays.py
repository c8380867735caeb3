"""An epoch over arrays as a Python function, written for a plain cell: once for all data.

Its loops go over timestamps. A row is a beginning of sequences that have it in common; behind the
rows come as many sets of weights as there are, if any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from core.cell.description import Cell
from core.engine.kernels import ARRAYS, UNLINKED, Link
from core.engine.tape import Instruction, Tape, Value
from core.engine.tree import Level
from core.engine.writing import Body, Loops, executed

_NO_ROWS, _PARENT, _OWN = range(3)
_ROWS = {"_b": _PARENT, "_a": _OWN, "_x": _OWN, "_y": _OWN, "_n": _OWN}


class Rows(NamedTuple):
    """What an epoch goes over: all by timestamp, with None for timestamp 0.

    Inputs, targets and shares, what errors are multiplied by, have shape (P,), or (P, 1, …).
    """

    inputs: Sequence[Any]
    targets: Sequence[Any]
    shares: Sequence[Any]
    links: Sequence[Link]


def rows_of(levels: Sequence[Level], share: float, more: int = 0) -> Rows:
    """Go over a tree of sequences, with so many axes behind the rows."""
    shape = (-1, *[1] * more)
    before = [1, *(len(level.inputs) for level in levels)]
    return Rows(
        [None, *(level.inputs.reshape(shape) for level in levels)],
        [None, *(None if x.targets is None else x.targets.reshape(shape) for x in levels)],
        [None, *((level.counts * share).reshape(shape) for level in levels)],
        [UNLINKED, *map(Link.of, levels, before)],
    )


class RowTape(Tape):
    """A tape of arrays that knows which rows each value has: its own, its parents', or none.

    A value waits with its parents' rows until it meets one of more rows, and what goes back is
    summed over siblings before it is multiplied: both save arithmetic.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[Value, int] = {}
        self._by: dict[Value, Instruction] = {}

    def product(self, one: Value, other: Value) -> Value:
        """Return a product, summed over all rows."""
        low, high = sorted((one, other), key=self._rows_of)
        high = self._gathered_to(high, self._rows_of(low))
        if not self._rows_of(low):
            return self.add("*", low, high)
        return self._at(_NO_ROWS, "product", (low, high), 1)[0]

    def gathered(self, value: Value) -> Value:
        """Return what a value gives back to its parent."""
        return self._gathered_to(value, _PARENT)

    def _rows_of(self, value: Value) -> int:
        if isinstance(value, float):
            return _NO_ROWS
        return self._rows.get(value, _ROWS.get(value[:2], _NO_ROWS))

    def _do(self, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        rows = max(map(self._rows_of, args))
        if rows == _OWN:
            args = tuple(map(self._spread, args))
        return self._at(rows, op, args, results)

    def _at(self, rows: int, op: str, args: tuple[Value, ...], results: int) -> tuple[Value, ...]:
        made = super()._do(op, args, results)
        if made[0] not in self._by:
            self._rows |= dict.fromkeys(made, rows)
            self._by |= dict.fromkeys(made, self.lines[-1])
        return made

    def _spread(self, value: Value) -> Value:
        return (
            self._at(_OWN, "spread", (value,), 1)[0] if self._rows_of(value) == _PARENT else value
        )

    def _gathered_to(self, value: Value, rows: int) -> Value:
        """Sum a value over what it has more of than these rows."""
        if self._rows_of(value) == _OWN and rows < _OWN:
            value = self._over_siblings(value)
        if self._rows_of(value) == _PARENT and rows == _NO_ROWS:
            (value,) = self._at(_NO_ROWS, "total", (value,), 1)
        return value

    def _over_siblings(self, value: Value) -> Value:
        line = self._by.get(value)
        own = [self._rows_of(arg) == _OWN for arg in line.args] if line else []
        if line and line.op in ("+", "-", "neg") and all(own):
            return self.add(line.op, *map(self._over_siblings, line.args))
        if line and line.op in ("*", "/"):
            one, other = map(self._unspread, line.args)
            if self._rows_of(other) < _OWN:
                return self.add(line.op, self._over_siblings(one), other)
            if self._rows_of(one) < _OWN and line.op == "*":
                return self.add("*", one, self._over_siblings(other))
        return self._at(_PARENT, "gather", (value,), 1)[0]

    def _unspread(self, value: Value) -> Value:
        line = self._by.get(value)
        return line.args[0] if line and line.op == "spread" else value


Epoch = Callable[[Sequence[Any], Rows], tuple[Any, tuple[Any, ...]]]


@lru_cache(maxsize=64)
def plain_epoch(
    cell: Cell, start: tuple[float, ...], is_one: bool, wanted: tuple[int, ...]
) -> Epoch:
    """Write the epoch of a plain cell: from weights and rows to the sums that make the cost and
    the gradient of the weights that are ``wanted``, by their places.

    ``start`` has the initial states; a single timestamp is a case of its own.
    """
    before = dict(zip(cell.states, start, strict=True))
    bodies = [Body("T", "T + 1", at_last=True, before=before if is_one else None)]
    if not is_one:
        earlier = [Body(1, 2, at_last=False, before=before), Body(2, "T", at_last=False)]
        bodies = [*earlier, *bodies]
    loops = Loops(cell, bodies, wanted, RowTape, ARRAYS)
    lines = [
        "_inputs, _targets, _shares, _links = _data",
        f"{''.join(f'_w{i}, ' for i in range(len(cell.weights)))} = _weights",
        "T = len(_inputs) - 1",
        *(f"_r{i} = [0.0] * (T + 1)" for i in range(loops.room)),
        *loops.lines,
        f"return _sum, ({''.join(f'd__w{i}, ' for i in wanted)})",
    ]
    source = "\n".join(["def _epoch(_weights, _data):", *(f"    {line}" for line in lines)])
    epoch: Epoch = executed(source, "_epoch", ARRAYS.names)
    epoch.__doc__ = source
    return epoch

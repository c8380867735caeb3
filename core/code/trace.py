"""All numbers of one epoch: they come from running the lines that are shown as its code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import CodeType
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.expression import Node, leaves
from core.cell.names import variable
from core.cell.operations import written
from core.cell.parsing import TARGET
from core.code.functions import CALLED
from core.code.listing import (
    NOTHING,
    Instead,
    backward_lines,
    forward_lines,
    numpy_name,
    room_lines,
)
from core.data.experiment import Experiment
from core.data.values import Array, Values


class Listing:
    """The passes of a cell over ``last`` timestamps, compiled once for all their epochs."""

    def __init__(self, cell: Cell, last: int, instead: Instead = NOTHING) -> None:
        self.cell, self.last = cell, last
        self.name = numpy_name(cell)
        self.room = _compiled(room_lines(cell), cell.title)
        self.forward = _compiled([line.text for line in forward_lines(cell, last)], cell.title)
        lines = backward_lines(cell, last, instead)
        self.backward = _compiled([line.text for line in lines], cell.title)
        self._expressions: dict[Node, tuple[CodeType, bool]] = {}

    def expression(self, node: Node) -> tuple[CodeType, bool]:
        """Compile an expression that may refer to k, and tell whether it takes gradients.

        It is kept.
        """
        if node not in self._expressions:
            text = written(node, self.name)
            needs_backward = any(x.d for x in leaves(node))
            self._expressions[node] = compile(text, text, "eval"), needs_backward
        return self._expressions[node]


class Trace:
    """One epoch of an experiment with these weights, from the first state to the gradient.

    ``listing`` is that of the cell, or of one with a mistake planted in its backward pass. Each
    pass is run when one of its numbers is asked for first: there can be millions of them.
    What overflows becomes infinite or no number, without a warning.
    """

    def __init__(
        self, experiment: Experiment, weights: Values, listing: Listing | None = None
    ) -> None:
        self.experiment, self.weights = experiment, weights
        self.cell = experiment.cell
        self.listing = listing or Listing(self.cell, experiment.timestamps)
        self._tables: dict[tuple[str, int], Array] = {}

    def value(self, node: Node, k: int) -> Any:
        """Work out an expression at timestamp k, for all sequences and components at once."""
        code, needs_backward = self.listing.expression(node)
        space = self._after_backward if needs_backward else self._after_forward
        with np.errstate(all="ignore"):
            return eval(code, space, {"k": k})  # noqa: S307 (our own)

    def values(self, name: str, k: int) -> Array:
        """Return a quantity of all sequences at timestamp k, a state also at 0: shape (N, …)."""
        found: Array = self._after_forward[variable(self.cell, name)][k]
        return found

    def gradients(self, name: str, k: int) -> Array:
        """Return dE/d of a quantity of all sequences at timestamp k: shape (N, …)."""
        found: Array = self._after_backward[f"d_{variable(self.cell, name)}"][k]
        return found

    def table(self, name: str) -> Array:
        """Return a quantity at all timestamps: shape (T, N, …); nan where it has no equation."""
        return self._table(variable(self.cell, name))

    def history(self, state: str) -> Array:
        """Return a state from timestamp 0, where it begins, to T: shape (T + 1, N, …)."""
        return self._table(variable(self.cell, state), first=0)

    def gradient_table(self, name: str) -> Array:
        """Return dE/d of a quantity at all timestamps: shape (T, N, …)."""
        return self._table(f"d_{variable(self.cell, name)}", backward=True)

    @cached_property
    def cost(self) -> float:
        """E, the cost."""
        return float(self._after_forward[variable(self.cell, self.cell.cost.left)])

    def part(self, weight: str, k: int) -> Any:
        """Return what timestamp k adds to dE/d of a weight: a float, or an array of its shape."""
        found = self._after_backward[f"d_{variable(self.cell, weight)}_at"][k]
        return float(found) if np.ndim(found) == 0 else found

    def parts(self, weight: str) -> Array:
        """Return what each timestamp adds to dE/d of a weight: shape (T, …)."""
        shape = np.shape(self.weights[weight])
        return self._table(f"d_{variable(self.cell, weight)}_at", shape, backward=True)

    def running_sums(self, weight: str) -> Array:
        """Return what timestamps T down to each one have added together: shape (T, …)."""
        with np.errstate(over="ignore", invalid="ignore"):
            sums: Array = np.cumsum(self.parts(weight)[::-1], axis=0)[::-1]
        return sums

    @cached_property
    def gradient(self) -> Values:
        """dE/d of every weight, the sums over timestamps and sequences."""
        space, cell = self._after_backward, self.cell
        found = ((w, space[f"d_{variable(cell, w)}"]) for w in cell.weights)
        # What no timestamp uses, T being 1, is a plain 0.
        return Values({w: np.broadcast_to(d, np.shape(self.weights[w])) for w, d in found})

    @cached_property
    def _space(self) -> dict[str, Any]:
        """What the lines start from."""
        e, cell = self.experiment, self.cell
        targets = [None, *np.moveaxis(e.targets, 1, 0)] if cell.costs_everywhere else e.targets
        return {
            **CALLED,
            "N": e.sequences,
            "T": e.timestamps,
            TARGET: targets,
            variable(cell, cell.input): [None, *np.moveaxis(e.inputs, 1, 0)],
            **{f"{variable(cell, s)}_0": value for s, value in e.initial_state.items()},
            **{variable(cell, w): value for w, value in self.weights.items()},
        }

    @cached_property
    def _after_forward(self) -> dict[str, Any]:
        return self._run(self._space, self.listing.room, self.listing.forward)

    @cached_property
    def _after_backward(self) -> dict[str, Any]:
        return self._run(self._after_forward, self.listing.backward)

    def _run(self, space: dict[str, Any], *codes: CodeType) -> dict[str, Any]:
        with np.errstate(all="ignore"):
            for code in codes:
                exec(code, space)  # noqa: S102 (the program's own lines)
        return space

    def _table(
        self, name: str, shape: tuple[int, ...] = (), first: int = 1, *, backward: bool = False
    ) -> Array:
        """Stack what a list of the listing holds from a timestamp on; nan where that is nothing."""
        if (name, first) not in self._tables:
            space = self._after_backward if backward else self._after_forward
            rows = [np.nan if row is None else row for row in space[name][first:]]
            shape = np.broadcast_shapes(shape, *{np.shape(row) for row in rows})
            table = np.stack([np.broadcast_to(row, shape) for row in rows])
            table.flags.writeable = False
            self._tables[name, first] = table
        return self._tables[name, first]


def _compiled(lines: Iterable[str], title: str) -> CodeType:
    return compile("\n".join(lines), title, "exec")

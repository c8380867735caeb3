"""The cost and its gradient at many weights: what the loss surface and the basin map stand on."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator, Sequence
from time import perf_counter

import numpy as np

from core.data.experiment import Experiment
from core.data.values import Array
from core.landscape.parts import Part, parts_of
from core.landscape.passes import Passes
from core.landscape.program import Block, Plan, planning
from core.training.tree import tree_of

# Beginnings of one level times weights of a block: more do not stay in the cache, fewer leave
# NumPy's calls more expensive than their arithmetic.
_CELLS = 24_576
# Where a tree is so wide that it has to be cut in parts, a block has this many weights.
_WEIGHTS = 256
# Numbers in all places of a block: 32 MB. What the way back needs stays there from each timestamp.
_ROOM = 4_000_000
_NUMBERS = 32_768  # of one quantity, where weights are vectors and matrices


class Landscape:
    """An experiment's cost over two numbers among its weights, ``axes``, or over more of them.

    ``axes`` are their places in the layout; all others stay as the experiment has them.
    """

    def __init__(self, experiment: Experiment, axes: Sequence[int] = (0, 1)) -> None:
        self.experiment, self.axes = experiment, tuple(axes)
        self.tree = tree_of(experiment) if experiment.cell.is_plain else ()
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._sweep = Sweep(self)

    @property
    def nodes(self) -> int:
        """The number of states that the network has to be computed for."""
        e = self.experiment
        if self.tree:
            return sum(len(level.inputs) for level in self.tree)
        sizes = [math.prod(e.sizes[x] for x in e.cell.shapes[q]) for q in e.cell.quantities]
        return e.sequences * e.timestamps * sum(sizes)

    def plan(self, moving: tuple[int, ...]) -> Generator[None, None, Plan]:
        """Plan the passes of a plain cell as ``moving`` weights vary, with pauses; it is kept."""
        if moving not in self._plans:
            e = self.experiment
            self._plans[moving] = yield from planning(e, self.tree, moving, e.weights.flat)
        return self._plans[moving]

    def at_points(self, *weights: Array) -> Array:
        """Return cost and gradient, shape (1 + A, W), at W places, of each axis shape (W,)."""
        work_through(self._sweep.points(*weights))
        return self._sweep.result

    def on_grid(self, x: Array, y: Array) -> Array:
        """Return cost and gradient for every x, shape (C,), with every y, (R,): shape (3, R, C)."""
        work_through(self._sweep.grid(x, y))
        return self._sweep.result.reshape(3, len(y), len(x))


def work_through(pieces: Iterable[None], seconds: float = math.inf) -> bool:
    """Go on with work made of small pieces for so long; False when there is no more to do.

    Overflow is no news here: it makes a cost infinite, or not a number, without a warning.
    """
    until = perf_counter() + seconds
    with np.errstate(all="ignore"):
        for _ in pieces:
            if perf_counter() >= until:
                return True
    return False


class Sweep:
    """Goes over many weights in small pieces, with arrays of its own.

    ``points`` and ``grid`` yield after each piece; when they are through, ``result`` holds the
    cost and its gradient, shape (1 + A, W). ``moving``, left out the landscape's axes, are the
    places in the layout of the A weights that vary.
    """

    def __init__(self, landscape: Landscape, moving: Sequence[int] | None = None) -> None:
        self._landscape = landscape
        self._moving = landscape.axes if moving is None else tuple(moving)
        self._blocks: dict[tuple[int, int, int], Block] = {}
        self.result: Array = np.empty((1 + len(self._moving), 0))

    def points(self, *weights: Array) -> Iterator[None]:
        """Go over W places, the weights of each axis of shape (W,)."""
        return self._over(np.stack(weights) if len(weights) > 1 else np.atleast_2d(weights[0]), 0)

    def grid(self, x: Array, y: Array) -> Iterator[None]:
        """Go over every x, shape (C,), with every y, shape (R,): W = R * C, row by row."""
        columns = np.broadcast_to(x, (len(y), len(x))).ravel(), np.repeat(y, len(x))
        return self._over(np.stack(columns), len(x))

    def _over(self, weights: Array, row: int) -> Iterator[None]:
        """Go over weights, shape (A, W); ``row`` of them, if any, repeat their first number."""
        self.result = np.zeros((1 + len(weights), weights.shape[1]))
        if self._landscape.tree:
            return self._over_tree(weights, row)
        return self._over_sequences(weights)

    def _over_tree(self, weights: Array, row: int) -> Iterator[None]:
        tree, count = self._landscape.tree, weights.shape[1]
        leaves = max(1, _CELLS // min(count, _WEIGHTS))
        plan = yield from self._landscape.plan(self._moving)
        for number, part in enumerate(parts_of(tree, leaves)):
            if number:
                self._blocks.clear()
            # A plan without places, where the cost is the same everywhere, needs no room.
            room = max(1, sum(map(part.rows, plan.levels)))
            cells = min(_CELLS // part.rows(len(tree)), _ROOM // room)
            width = max(1, min(cells, _rounded(count)))
            if row:
                width = max(1, width // row) * row  # whole rows
            before = None
            for start in range(0, count, width):
                found = weights[:, start : start + width]
                there = found.shape[1]
                block = self._block(plan, part, (leaves, number, there if row else _rounded(there)))
                block.weights[:, :there], block.weights[:, there:] = found, found[:, -1:]
                yield from block.run(again=bool(row) and block is before)
                block.add_to(self.result[:, start : start + width])
                before = block

    def _block(self, plan: Plan, part: Part, key: tuple[int, int, int]) -> Block:
        """Make a block, or take it out of those at hand; the key ends with its width."""
        if key not in self._blocks:
            shape = len(self._moving), key[-1]
            share = 2.0 / self._landscape.experiment.sequences
            self._blocks[key] = Block(plan, part, shape, share)
        return self._blocks[key]

    def _over_sequences(self, weights: Array) -> Iterator[None]:
        e = self._landscape.experiment
        numbers = e.sequences * max(math.prod(e.layout.shapes[w]) for w in e.cell.weights)
        width = max(1, _NUMBERS // numbers)
        for start in range(0, weights.shape[1], width):
            found = weights[:, start : start + width]
            moved = _placed(e, self._moving, found)
            passes = Passes(e, lambda _k, moved=moved: moved)  # type: ignore[misc]
            here = self.result[:, start : start + width]
            here[0] = passes.losses().sum(axis=0)
            yield
            gradient = passes.gradient()
            for row, place in zip(here[1:], self._moving, strict=True):
                name, part = e.layout.components[place]
                row[:] = gradient[name][part] if name in gradient else 0.0
            yield


def _placed(e: Experiment, moving: Sequence[int], found: Array) -> dict[str, Array]:
    """Put weights that vary, shape (A, W), among the others: shapes (…, 1, W), or (…, 1, 1)."""
    made = {
        name: np.asarray(value)[..., np.newaxis, np.newaxis] for name, value in e.weights.items()
    }
    for place, row in zip(moving, found, strict=True):
        name, part = e.layout.components[place]
        if made[name].shape[-1] != len(row) or not made[name].flags.writeable:
            made[name] = np.repeat(made[name], len(row), axis=-1)
        made[name][(*part, 0)] = row
    return made


def _rounded(width: int) -> int:
    """Round a width up, so that blocks of many widths share their arrays."""
    step = max(1, 1 << max(0, width.bit_length() - 4))
    return -(-width // step) * step

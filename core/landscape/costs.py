"""The cost and its gradient at many weights: what the loss surface and the basin map stand on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter

import numpy as np

from core.data.experiment import Experiment
from core.data.values import Array
from core.engine.arrays import Rows, plain_epoch, rows_of
from core.engine.tree import parts_of, tree_of
from core.landscape.passes import Passes

# Beginnings of one level times weights of a block: more do not stay in the cache, fewer leave
# NumPy's calls more expensive than their arithmetic.
_CELLS = 49_152
# Where a tree is so wide that it has to be cut in parts, a block has this many weights.
_WEIGHTS = 256
# Beginnings times weights of a block: what the way back needs is set aside of each of them.
_ROOM = 500_000
_NUMBERS = 32_768  # of one quantity, where weights are vectors and matrices


class Landscape:
    """An experiment's cost over two numbers among its weights, ``axes``, or over more of them.

    ``axes`` are their places in the layout; all others stay as the experiment has them.
    """

    def __init__(self, experiment: Experiment, axes: Sequence[int] = (0, 1)) -> None:
        self.experiment, self.axes = experiment, tuple(axes)
        self.tree = tree_of(experiment) if experiment.cell.is_plain else ()
        self._sweep = Sweep(self)

    @property
    def nodes(self) -> int:
        """The number of states that the network has to be computed for."""
        e = self.experiment
        if self.tree:
            return sum(len(level.inputs) for level in self.tree)
        sizes = [math.prod(e.sizes[x] for x in e.cell.shapes[q]) for q in e.cell.quantities]
        return e.sequences * e.timestamps * sum(sizes)

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
        self._whole: Rows | None = None
        self.result: Array = np.empty((1 + len(self._moving), 0))

    def points(self, *weights: Array) -> Iterator[None]:
        """Go over W places, the weights of each axis of shape (W,)."""
        return self._over([row[np.newaxis] for row in weights], (1, len(weights[0])))

    def grid(self, x: Array, y: Array) -> Iterator[None]:
        """Go over every x, shape (C,), with every y, shape (R,): W = R * C, row by row."""
        return self._over([x[np.newaxis], y[:, np.newaxis]], (len(y), len(x)))

    def _over(self, weights: Sequence[Array], shape: tuple[int, int]) -> Iterator[None]:
        """Go over weights of shape (R, C), or with 1 in place of R or C where they repeat."""
        self.result = np.empty((1 + len(weights), math.prod(shape)))
        if self._landscape.tree:
            return self._over_tree(weights, self.result.reshape(-1, *shape))
        return self._over_sequences(np.stack([np.broadcast_to(w, shape).ravel() for w in weights]))

    def _over_tree(self, weights: Sequence[Array], result: Array) -> Iterator[None]:
        e = self._landscape.experiment
        start = tuple(e.initial_state.values())
        epoch = plain_epoch(e.cell, start, e.timestamps == 1, self._moving)
        fixed = [*e.weights.flat]
        parts = self._parts(max(1, _CELLS // min(result[0].size, _WEIGHTS)))
        for number, part in enumerate(parts):
            nodes = [np.size(level) for level in part.inputs[1:]]
            most = max(1, min(_CELLS // nodes[-1], _ROOM // sum(nodes)))
            for piece in _pieces(result.shape[1:], most):
                for place, values in zip(self._moving, weights, strict=True):
                    fixed[place] = values[tuple(map(_cut, piece, values.shape))]
                cost, gradient = epoch(fixed, part)
                for row, found in zip(result, (0.5 * cost, *gradient), strict=True):
                    row[piece] = row[piece] + found if number else found
                yield

    def _parts(self, leaves: int) -> Iterator[Rows]:
        """Cut the tree into parts of at most so many sequences; a whole tree is kept."""
        tree, share = self._landscape.tree, 2.0 / self._landscape.experiment.sequences
        if len(tree[-1].inputs) > leaves:
            return (rows_of(part, share, 2) for part in parts_of(tree, leaves))
        self._whole = self._whole or rows_of(tree, share, 2)
        return iter([self._whole])

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


def _pieces(shape: tuple[int, ...], most: int) -> Iterator[tuple[slice, slice]]:
    """Cut a grid into pieces of whole rows, or of less than one where a row has more than most."""
    rows, columns = shape
    width = min(columns, most)
    height = max(1, most // max(1, columns))
    for top in range(0, rows, height):
        for left in range(0, columns, width):
            yield slice(top, top + height), slice(left, left + width)


def _cut(piece: slice, length: int) -> slice:
    """Take a piece of an axis; one of length 1 is the same everywhere."""
    return slice(None) if length == 1 else piece

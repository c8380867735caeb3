"""Many random epochs of a cell at once, on which a formula is told from another one.

Every value has the axes components, sequences, epochs: shape (…, N, W), with 1 in place of N or W
for what these share, as in `core.landscape.passes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from core.cell.description import Cell, Equation
from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.operations import function_of
from core.cell.parsing import TARGET
from core.data.experiment import Experiment
from core.data.values import Array
from core.landscape.passes import WORKED

Values = Mapping[Leaf, Array]  # by name and timestamp; dE/d of quantities, too
NOTHING: Values = MappingProxyType({})
COUNT = Leaf("N")
EPOCHS = 60  # more than there are timestamps, see `_Draw._fed`
_OF_VECTORS = 12
_MOST_SEQUENCES, _MOST_OF_VECTORS = 30, 8  # they stand for all sequences of a larger experiment


def worth(node: Node, values: Values, k: int = 0) -> Array:
    """Work an expression out at timestamp k: shape (…, N, W).

    Raises `KeyError` for what is not there, and `ValueError` for shapes that do not fit.
    """
    if isinstance(node, Leaf):
        return values[Leaf(node.name, None if node.shift is None else node.shift + k, node.d)]
    if isinstance(node, Number):
        return np.full((1, 1), node.value) / (values[COUNT] if node.mean else 1.0)
    assert isinstance(node, Apply)
    args = [worth(arg, values, k) for arg in node.args]
    if not _fit(node.op, [arg.shape[:-2] for arg in args]):
        raise ValueError(f"shapes that do not fit {node.op}")
    return np.asarray(WORKED[node.op](*args))


def _fit(op: str, shapes: list[tuple[int, ...]]) -> bool:
    """Tell whether an operation goes with components of these shapes."""
    if op in ("@", "T@"):
        matrix, vector = shapes
        return len(matrix) == 2 and vector == (matrix[1:] if op == "@" else matrix[:1])
    if op in ("outer", "sum outer"):
        return all(len(shape) == 1 for shape in shapes)
    return len({*shapes} - {()}) <= 1


def _without_signs(node: Node) -> Node:
    if not isinstance(node, Apply):
        return node
    args = tuple(map(_without_signs, node.args))
    return args[0] if node.op == "neg" else Apply("+" if node.op == "-" else node.op, args)


class RandomEpochs:
    """Random epochs of the shape of an experiment: N, T, sizes, cell and initial states stay.

    ``values`` are those of all names, and the gradients of all quantities, at their timestamps.
    With fewer sequences in place of many the mean is still taken over as many as there are.
    Epochs that are not finite are left out: ``count`` remain.
    """

    def __init__(self, experiment: Experiment) -> None:
        with np.errstate(all="ignore"):
            found = _Draw(experiment).values
        drawn = [v for v in found.values() if v.shape[-1] > 1]
        finite = np.all(
            [np.isfinite(v).reshape(-1, v.shape[-1]).all(axis=0) for v in drawn], axis=0
        )
        self.values = {x: v[..., finite] if v.shape[-1] > 1 else v for x, v in found.items()}
        self.count = int(finite.sum())
        self._sizes = {
            x: np.where(v == 0, 1.0, np.abs(v)) for x, v in self.values.items() if not x.d
        }
        for x, (right, k) in gradient_lines(experiment):
            self._sizes[x] = self.size(right, k)

    def worth(self, node: Node, k: int, instead: Values = NOTHING) -> Array:
        """Work an expression out at timestamp k, with other values of some names."""
        return worth(node, {**self.values, **instead} if instead else self.values, k)

    def size(self, node: Node, k: int) -> Array:
        """Return how large the parts of a sum are, which rounding errors go by: as `worth`, with
        all signs positive, from the cost on, and 1 in place of what is 0."""
        return worth(_without_signs(node), self._sizes, k)


def gradient_lines(experiment: Experiment) -> Iterator[tuple[Leaf, tuple[Node, int]]]:
    """Go through the gradients of all quantities, in the order of the backward pass."""
    for k in range(experiment.timestamps, 0, -1):
        for left, right in experiment.cell.backward(k == experiment.timestamps):
            if left.name not in experiment.cell.weights:
                yield Leaf(left.name, k, d=True), (right, k)


class _Draw:
    """Draws numbers neither flat nor straight: states first where the inputs can be what leads
    to them, so that no activation is saturated."""

    def __init__(self, experiment: Experiment) -> None:
        e, cell = self._experiment, self._cell = experiment, experiment.cell
        self._random = np.random.default_rng(20171223)
        self._epochs = EPOCHS if cell.is_plain else _OF_VECTORS
        self._count = min(e.sequences, _MOST_SEQUENCES if cell.is_plain else _MOST_OF_VECTORS)
        self.values: dict[Leaf, Array] = {COUNT: np.full((1, 1), float(e.sequences))}
        for name in cell.weights:
            wide = e.sizes[cell.shapes[name][1]] ** 0.5 if len(cell.shapes[name]) == 2 else 1.0
            self.values[Leaf(name)] = self._drawn(name, 0.5, 1.5, sequences=1) / wide
        for name in cell.states:
            start = np.asarray(e.initial_state[name], dtype=np.float64)
            self.values[Leaf(name, 0)] = start[..., np.newaxis, np.newaxis]
        for k in range(1, e.timestamps + 1) if cell.costs_everywhere else (None,):
            self.values[Leaf(TARGET, k)] = self._drawn(TARGET, 0.5, 3.0)
        for k in range(1, e.timestamps + 1):
            self._forward(k)
        for x, (right, k) in gradient_lines(e):
            self.values[x] = worth(right, self.values, k)

    def _forward(self, k: int) -> None:
        cell, entry, values = self._cell, Leaf(self._cell.input, k), self.values
        equations = cell.at(k == self._experiment.timestamps)
        fed = [e for e in equations if Leaf(cell.input, 0) in leaves(e.right)]
        alone = cell.is_plain and len(fed) == 1
        for e in equations:
            if entry not in values and (e in fed or not fed):
                found = self._leading_to(e, k) if alone else None
                values[entry] = self._drawn(cell.input, 0.3, 1.5) if found is None else found
            values[Leaf(e.left, k)] = worth(e.right, values, k)

    def _leading_to(self, e: Equation, k: int) -> Array | None:
        """Return the inputs that make an equation give what is drawn; None if it bends them."""
        entry = Leaf(self._cell.input, k)
        zero, one, two = (
            worth(e.right, self.values | {entry: np.full((1, 1), x)}, k) for x in (0.0, 1.0, 2.0)
        )
        if not np.allclose(two - one, one - zero, rtol=1e-9) or not (one - zero).all():
            return None
        return np.asarray((self._fed(e.left, k) - zero) / (one - zero))

    def _fed(self, name: str, k: int) -> Array:
        """Draw what goes into an activation: shape (N, W), in either sign.

        With ReLU a single dead state ends the way back and hides every other factor, so in each
        sequence at most one is dead: another one in each, so that all have their turn.
        """
        drawn, last = self._drawn(name, 0.3, 2.0), self._experiment.timestamps
        if not _is_rectified(self._cell, name, k == last):
            return drawn
        dead = np.arange(drawn.size).reshape(drawn.shape) % (last + 1) == k
        return np.asarray(np.where(dead, -1.0, 1.0) * np.abs(drawn))

    def _drawn(self, name: str, least: float, most: float, sequences: int = 0) -> Array:
        """Draw numbers of either sign, none of them near 0, in the shape of a name."""
        sizes = (self._experiment.sizes[letter] for letter in self._cell.shapes[name])
        shape = (*sizes, sequences or self._count, self._epochs)
        signs = self._random.choice([-1.0, 1.0], shape)
        return np.asarray(signs * self._random.uniform(least, most, shape))


def _is_rectified(cell: Cell, name: str, at_last: bool) -> bool:
    given = (e.right for e in cell.at(at_last) if Leaf(name, 0) in leaves(e.right))
    return any(function_of(right) == "relu" for right in given)

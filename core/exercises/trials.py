"""Many random epochs of a cell at once, on which a formula is told from another one."""

from __future__ import annotations

import numpy as np

from core.cell.description import Cell, Equation
from core.cell.expression import Leaf, leaves
from core.cell.operations import function_of
from core.cell.parsing import TARGET
from core.data.experiment import Experiment
from core.data.values import Array
from core.exercises.worth import COUNT, worth

TRIALS = 60  # more than there are timestamps, see `_Draw._fed`
_OF_VECTORS = 12
_MOST_SEQUENCES, _MOST_OF_VECTORS = 30, 8  # they stand for all sequences of a larger experiment


def trials(experiment: Experiment) -> dict[Leaf, Array]:
    """Draw random epochs of the same shape: N, T, sizes, cell and initial states stay.

    Returns the values of all names, and the gradients of all quantities, at their timestamps:
    each of shape (trials, sequences, …). With fewer sequences in place of many the mean is still
    taken over as many as there are. Trials that are not finite are left out.
    """
    with np.errstate(all="ignore"):
        found = _Draw(experiment).values
    finite = np.all(
        [np.isfinite(v).all(axis=tuple(range(1, v.ndim))) for v in found.values() if len(v) > 1],
        axis=0,
    )
    return {leaf: v[finite] if len(v) > 1 else v for leaf, v in found.items()}


class _Draw:
    """Draws numbers neither flat nor straight: states first where the inputs can be what leads
    to them, so that no activation is saturated."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment, self._cell = experiment, experiment.cell
        self._random = np.random.default_rng(20171223)
        self._trials = TRIALS if self._cell.is_plain else _OF_VECTORS
        most = _MOST_SEQUENCES if self._cell.is_plain else _MOST_OF_VECTORS
        self._count = min(experiment.sequences, most)
        self.values: dict[Leaf, Array] = {COUNT: np.full((1, 1), float(experiment.sequences))}
        self._draw_what_is_given()
        for k in range(1, experiment.timestamps + 1):
            self._forward(k)
        for k in range(experiment.timestamps, 0, -1):
            for line in self._cell.backward(k == experiment.timestamps):
                if line.left.name not in self._cell.weights:
                    self.values[Leaf(line.left.name, k, d=True)] = worth(line.right, self.values, k)

    def _draw_what_is_given(self) -> None:
        e, cell = self._experiment, self._cell
        for name in cell.weights:
            shape = tuple(e.sizes[letter] for letter in cell.shapes[name])
            wide = shape[-1] ** 0.5 if len(shape) == 2 else 1.0
            self.values[Leaf(name)] = self._spread((self._trials, 1, *shape), 0.5, 1.5) / wide
        for name in cell.states:
            start = np.asarray(e.initial_state[name], dtype=np.float64)
            self.values[Leaf(name, 0)] = start[None, None]
        every = range(1, e.timestamps + 1) if cell.costs_everywhere else (None,)
        for k in every:
            self.values[Leaf(TARGET, k)] = self._of_sequences(TARGET, 0.5, 3.0)

    def _forward(self, k: int) -> None:
        cell, last = self._cell, self._experiment.timestamps
        entry, values = Leaf(cell.input, 0), self.values
        fed = [e for e in cell.at(k == last) if entry in leaves(e.right)]
        for e in cell.at(k == last):
            if Leaf(cell.input, k) not in values and entry in leaves(e.right):
                alone = cell.is_plain and len(fed) == 1
                found = self._leading_to(e, k) if alone else None
                drawn = self._of_sequences(cell.input, 0.3, 1.5) if found is None else found
                values[Leaf(cell.input, k)] = drawn
            values[Leaf(e.left, k)] = worth(e.right, values, k)
        values.setdefault(Leaf(cell.input, k), self._of_sequences(cell.input, 0.3, 1.5))

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
        """Draw what goes into an activation: shape (trials, sequences), in either sign.

        With ReLU a single dead state ends the way back and hides every other factor, so in each
        sequence at most one is dead: another one in each, so that all have their turn.
        """
        drawn = self._of_sequences(name, 0.3, 2.0)
        if not _is_rectified(self._cell, name, k == self._experiment.timestamps):
            return drawn
        place = np.arange(drawn.size).reshape(drawn.shape)
        dead = place % (self._experiment.timestamps + 1) == k
        return np.asarray(np.where(dead, -1.0, 1.0) * np.abs(drawn))

    def _of_sequences(self, name: str, least: float, most: float) -> Array:
        sizes = (self._experiment.sizes[letter] for letter in self._cell.shapes[name])
        return self._spread((self._trials, self._count, *sizes), least, most)

    def _spread(self, shape: tuple[int, ...], least: float, most: float) -> Array:
        """Draw numbers of either sign, none of them near 0."""
        signs = self._random.choice([-1.0, 1.0], shape)
        return np.asarray(signs * self._random.uniform(least, most, shape))


def _is_rectified(cell: Cell, name: str, at_last: bool) -> bool:
    given = (e.right for e in cell.at(at_last) if Leaf(name, 0) in leaves(e.right))
    return any(function_of(right) == "relu" for right in given)

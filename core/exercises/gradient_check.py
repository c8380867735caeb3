"""Two ways to the gradient without back-propagation, and how far each is to be trusted.

The central difference (E(w + h) - E(w - h)) / (2h) leaves out terms in h**2 and loses digits
to rounding, about eps / h: its error against h is a V, lowest near eps**(1/3). The complex-step
derivative Im(E(w + ih)) / h subtracts nothing, so its h may be as small as one likes (W. Squire
and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review
40, 1998).

Both need a forward pass alone, and take it from the equations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from core.data.experiment import Experiment
from core.data.values import Array, Values
from core.landscape.passes import Numbers, Passes

STEP_SIZES = tuple(float(f"1e-{power}") for power in range(1, 16))
EPSILON = float(np.finfo(np.float64).eps)
THEORY = EPSILON ** (1 / 3)  # where the V is lowest, as far as its order of magnitude goes
USUAL_STEP = 1e-5  # the step size nearest to it
# Its square must vanish beside 1, and its product with a small gradient must not underflow.
_IMAGINARY = 1e-100
# Numbers that one check may go through: beyond, one would wait for it at every epoch.
_MOST_NUMBERS, _MOST_PARTS = 40_000, 1_000_000


@dataclass(frozen=True, eq=False)
class Valley:
    """The central difference at every step size, beside the complex-step derivative.

    ``differences`` and ``errors`` have a row for each of ``components``, the numbers among the
    weights by their place in the layout, and a column for each of ``steps``; ``complex_step``,
    shape (n,), is dE/d of them. An error is relative to the complex-step derivative.
    """

    experiment: Experiment
    weights: Values
    components: tuple[int, ...]
    steps: Array
    differences: Array
    complex_step: Array

    @cached_property
    def errors(self) -> Array:
        """Relative errors of the central difference: shape (n, steps)."""
        pairs = zip(self.differences.tolist(), self.complex_step.tolist(), strict=True)
        return np.array([[relative_error(d, exact) for d in row] for row, exact in pairs])

    @property
    def names(self) -> tuple[str, ...]:
        """The numbers among the weights as files call them: Wx, Wi[1;2]."""
        return tuple(self.experiment.layout.component_names[c] for c in self.components)

    def best(self, row: int) -> tuple[float, float] | None:
        """Find the step size with the smallest error, and that error; None without finite ones.

        Among equals it is the largest.
        """
        errors = self.errors[row]
        if not np.isfinite(errors).any():
            return None
        column = int(np.nanargmin(errors))
        return float(self.steps[column]), float(errors[column])

    def belongs_to(self, experiment: Experiment, weights: Values) -> bool:
        """Tell whether this is the valley of these numbers."""
        return self.weights == weights and self.experiment.same_costs(experiment)


def relative_error(one: float, other: float) -> float:
    """|one - other| / max(|one|, |other|): 0 where both are 0, nan where one is not finite."""
    if not (np.isfinite(one) and np.isfinite(other)):
        return float("nan")
    largest = max(abs(one), abs(other))
    if largest == 0.0:
        return 0.0
    return abs(one / largest - other / largest)  # the difference itself might overflow


def within_reach(experiment: Experiment, components: int | None = None) -> bool:
    """Tell whether the check of so many numbers, left out all, takes no longer than a moment."""
    moved = experiment.layout.size if components is None else components
    return moved * _numbers_of(experiment) <= _MOST_NUMBERS


def parts_within_reach(experiment: Experiment) -> bool:
    """Tell it of the parts of the single timestamps: each has a forward pass of its own."""
    passes = experiment.timestamps * experiment.layout.size
    return passes * _numbers_of(experiment) <= _MOST_PARTS


def _numbers_of(experiment: Experiment) -> int:
    """Count the numbers that a forward pass computes."""
    shapes = (experiment.cell.shapes[q] for q in experiment.cell.quantities)
    at_timestamp = sum(math.prod(experiment.sizes[x] for x in shape) for shape in shapes)
    return experiment.sequences * experiment.timestamps * at_timestamp


def valley(
    experiment: Experiment, weights: Values, components: Sequence[int] | None = None
) -> Valley:
    """Take the central difference by numbers among the weights, left out all, at all `STEP_SIZES`.

    ``components`` are their places in the layout.
    """
    chosen = tuple(range(experiment.layout.size) if components is None else components)
    steps = np.array(STEP_SIZES)
    differences = central_differences(experiment, weights, steps, chosen)
    exact = complex_step(experiment, weights).flat[list(chosen)]
    return Valley(experiment, weights, chosen, steps, differences, exact)


def central_differences(
    experiment: Experiment, weights: Values, steps: Array, components: Sequence[int] | None = None
) -> Array:
    """(E(w + h) - E(w - h)) / (2h): a row for each of the components, a column for each h."""
    every = np.eye(experiment.layout.size)
    moves = np.kron(every if components is None else every[:, list(components)], steps)
    with np.errstate(all="ignore"):
        more, less = (costs(experiment, weights.flat[:, np.newaxis] + m) for m in (moves, -moves))
        made: Array = (more - less).reshape(-1, len(steps)) / (2.0 * steps)
    return made


def complex_step(experiment: Experiment, weights: Values) -> Values:
    """Im(E(w + ih)) / h by every number of every weight: dE/dW with hardly a rounding error."""
    moved = weights.flat[:, np.newaxis] + np.eye(experiment.layout.size) * (1j * _IMAGINARY)
    found = costs(experiment, moved).imag / _IMAGINARY
    return experiment.layout.unpack(np.broadcast_to(found, experiment.layout.size))


def complex_step_parts(experiment: Experiment, weights: Values) -> dict[str, Array]:
    """Find what each timestamp adds to dE/d of each weight: by name, of shape (T, …).

    In the unrolled network each timestamp has a copy of every weight of its own, and what it
    adds is the derivative with respect to its copy.
    """
    size, last = experiment.layout.size, experiment.timestamps

    def copies(k: int) -> Numbers:
        moves = np.eye(size, size * last, size * (k - 1)) * (1j * _IMAGINARY)
        return np.asarray(weights.flat[:, np.newaxis] + moves)

    found = costs(experiment, copies).imag / _IMAGINARY
    parts = np.broadcast_to(found, size * last).reshape(last, size)
    at = [experiment.layout.unpack(part) for part in parts]
    return {name: np.array([values[name] for values in at]) for name in weights}


def costs(experiment: Experiment, flat: Numbers | Callable[[int], Numbers]) -> Numbers:
    """Return E for each of W sets of weights, or 1 where it depends on none of them.

    A column of ``flat``, shape (size, W), is one set in the order of the layout; it may be made
    for each timestamp anew.
    """
    shapes = experiment.layout.shapes
    ends = [*accumulate(map(math.prod, shapes.values()))]

    def weights(k: int) -> dict[str, Numbers]:
        rows = np.split(flat(k) if callable(flat) else flat, ends[:-1])
        pairs = zip(shapes.items(), rows, strict=True)
        return {name: row.reshape(*shape, 1, row.shape[-1]) for (name, shape), row in pairs}

    with np.errstate(all="ignore"):
        return np.asarray(Passes(experiment, weights).losses().sum(axis=0))

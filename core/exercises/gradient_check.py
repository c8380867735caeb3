"""Two ways to the gradient without back-propagation, and how far each is to be trusted.

The central difference (E(w + h) - E(w - h)) / (2h) leaves out terms in h**2 and loses digits
to rounding, about eps / h: its error against h is a V, lowest near eps**(1/3). The complex-step
derivative Im(E(w + ih)) / h subtracts nothing, so its h may be as small as one likes (W. Squire
and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review
40, 1998).

Both need a forward pass alone, and take it from the equations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.code.trace import Trace
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
_MOST_NUMBERS, _MOST_PARTS = 40_000, 500_000


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
    return passes * _numbers_of(experiment) <= 2 * _MOST_PARTS


def _numbers_of(experiment: Experiment) -> int:
    """Count the numbers that a forward pass computes."""
    by_timestamp = sum(int(np.prod(_shape(experiment, q))) for q in experiment.cell.quantities)
    return experiment.sequences * experiment.timestamps * by_timestamp


def _shape(experiment: Experiment, name: str) -> tuple[int, ...]:
    return tuple(experiment.sizes[letter] for letter in experiment.cell.shapes[name])


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
    size = experiment.layout.size
    chosen = np.arange(size) if components is None else np.array(components, dtype=np.intp)
    moves = _units(experiment.layout.shapes, size)
    sides = []
    for by in (steps, -steps):
        moved = {
            name: np.kron(unit[..., chosen], by) + _column(weights[name])
            for name, unit in moves.items()
        }
        with np.errstate(all="ignore"):
            costs = Passes(experiment, lambda _k, moved=moved: moved).losses().sum(axis=0)  # type: ignore[misc]
        sides.append(costs.reshape(len(chosen), len(steps)))
    with np.errstate(all="ignore"):
        made: Array = (sides[0] - sides[1]) / (2.0 * steps)
    return made


def complex_step(experiment: Experiment, weights: Values) -> Values:
    """Im(E(w + ih)) / h by every number of every weight: dE/dW with hardly a rounding error."""
    moves = _units(experiment.layout.shapes, experiment.layout.size)
    moved = {name: _column(weights[name]) + unit * _STEP for name, unit in moves.items()}
    with np.errstate(all="ignore"):
        losses = Passes(experiment, lambda _k: moved).losses()
        found = losses.imag.sum(axis=0) / _IMAGINARY
    return experiment.layout.unpack(np.broadcast_to(found, experiment.layout.size))


def complex_step_parts(experiment: Experiment, weights: Values) -> dict[str, Array]:
    """Find what each timestamp adds to dE/d of each weight: by name, of shape (T, …).

    In the unrolled network each timestamp has a copy of every weight of its own, and what it
    adds is the derivative with respect to its copy.
    """
    found = [
        complex_step_at(experiment, weights, k, quantities=False)
        for k in range(1, experiment.timestamps + 1)
    ]
    return {name: np.array([at[name] for at in found]) for name in experiment.cell.weights}


def complex_step_at(
    experiment: Experiment, weights: Values, k: int, *, quantities: bool = True
) -> dict[str, Array]:
    """Differentiate E by everything of timestamp k: by its copy of each weight, of the weight's
    shape, and by each quantity that it computes, of shape (N, …), by name."""
    with np.errstate(all="ignore"):
        losses = _losses_at(experiment, weights, k, _STEP, quantities)
        return _taken_apart(losses.imag / _IMAGINARY, experiment, k, quantities)


def central_differences_at(
    experiment: Experiment, weights: Values, k: int, step: float = USUAL_STEP
) -> dict[str, Array]:
    """Take (E(q + h) - E(q - h)) / (2h) by everything of timestamp k, as `complex_step_at` does."""
    with np.errstate(all="ignore"):
        more, less = (_losses_at(experiment, weights, k, by, True) for by in (step, -step))
        return _taken_apart((more - less) / (2.0 * step), experiment, k, True)


def _losses_at(
    experiment: Experiment, weights: Values, k: int, by: complex, quantities: bool
) -> Numbers:
    """Return the losses, shape (N, columns); in each column one number of timestamp k is moved.

    The sequences are independent, so a quantity is moved in all of them at once.
    """
    shapes = _shapes_at(experiment, k, quantities)
    columns = sum(int(np.prod(shape)) for shape in shapes.values())
    moves = _units(shapes, columns)
    still = {name: _column(weights[name]) for name in experiment.cell.weights}
    moved = {name: value + by * moves[name] for name, value in still.items()}

    def move(name: str, at: int, value: Numbers) -> Numbers:
        return value + by * moves[name] if quantities and at == k else value

    losses = Passes(experiment, lambda at: moved if at == k else still, move).losses()
    return np.broadcast_to(losses, (experiment.sequences, columns))


def _shapes_at(experiment: Experiment, k: int, quantities: bool) -> dict[str, tuple[int, ...]]:
    """List the shapes of all weights, and of the quantities of a timestamp, by name."""
    made = experiment.cell.at(k == experiment.timestamps) if quantities else ()
    return experiment.layout.shapes | {e.left: _shape(experiment, e.left) for e in made}


_STEP = 1j * _IMAGINARY


def _units(shapes: Mapping[str, tuple[int, ...]], size: int) -> dict[str, Array]:
    """Make for each name an array (…, 1, size) with a 1 where a column moves one of its numbers."""
    units, start = {}, 0
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        unit = np.zeros((count, 1, size))
        unit[np.arange(count), 0, start + np.arange(count)] = 1.0
        units[name] = unit.reshape(*shape, 1, size)
        start += count
    return units


def _column(value: float | Array) -> Array:
    """Give a weight the axes of sequences and of sets of weights, both of length 1."""
    return np.asarray(value)[..., np.newaxis, np.newaxis]


def _taken_apart(
    slopes: Array, experiment: Experiment, k: int, quantities: bool
) -> dict[str, Array]:
    """Take slopes, shape (N, columns), apart by names; those of weights summed over sequences."""
    found, start = {}, 0
    for name, shape in _shapes_at(experiment, k, quantities).items():
        end = start + int(np.prod(shape))
        rows = slopes[:, start:end].reshape(-1, *shape)
        found[name] = rows.sum(axis=0) if name in experiment.cell.weights else rows
        start = end
    return found


def largest_error(trace: Trace) -> float:
    """Compare every number of a backward pass with its complex step.

    Return the largest difference, relative to the largest number of its kind: of that quantity,
    or that weight, at all timestamps.
    """
    e, cell = trace.experiment, trace.cell
    errors, sizes = dict[str, float](), dict[str, float]()

    def compare(kind: str, found: object, exact: Array) -> None:
        differences = np.abs(np.asarray(found) - exact)
        errors[kind] = max(errors.get(kind, 0.0), float(differences.max()))
        sizes[kind] = max(sizes.get(kind, 0.0), float(np.abs(exact).max()))

    for name, total in complex_step(e, trace.weights).items():
        compare(name, trace.gradient[name], np.asarray(total))
    for k in range(1, e.timestamps + 1):
        exact = complex_step_at(e, trace.weights, k)
        for line in cell.backward(k == e.timestamps):
            name = line.left.name
            is_part = name in cell.weights
            found = trace.part(name, k) if is_part else trace.gradients(name, k)
            compare(name, found, exact[name])
    return max(error / (sizes[kind] or 1.0) for kind, error in errors.items())

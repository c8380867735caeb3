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
from typing import NamedTuple

import numpy as np

from core.cell.expression import leaves, operations
from core.cell.names import sequence_name
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.notation import number
from core.data.values import Array, Values
from core.epoch.glossary import called, upper
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
        return relative_errors(self.differences, self.complex_step[:, np.newaxis])

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


def relative_errors(one: Array, other: Array) -> Array:
    """|one - other| / max(|one|, |other|): 0 where both are 0, nan where one is not finite."""
    largest = np.maximum(np.abs(one), np.abs(other))
    with np.errstate(invalid="ignore"):
        # The difference itself might overflow.
        return np.where(largest == 0.0, 0.0, np.abs(one / largest - other / largest))


def relative_error(one: float, other: float) -> float:
    """Return the relative error of one number beside another, as `relative_errors` does."""
    return float(relative_errors(np.asarray(one), np.asarray(other)))


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


# --- sentences --------------------------------------------------------------------------------

_USELESS = 0.1  # an error from which on not one digit is right
_NAMED = 3  # so many numbers are named in a sentence
_NOT_FINITE = (
    "The cost is not finite here, so there is no derivative to compare: take smaller weights, "
    "or go back an epoch."
)


def valley_sentence(found: Valley, digits: int = 2) -> str:
    """Say for which h each number's error is lowest; of many, between which h these lie."""
    right, wrong = [], []
    for row, name in enumerate(found.names):
        best = found.best(row)
        if best is not None and best[1] < _USELESS:
            right.append((name, *best))
        elif best is not None:
            wrong.append(name)
    if not right and not wrong:
        return _NOT_FINITE
    said = []
    if len(right) > _NAMED:
        low, high = (number(f(h for _, h, _ in right)) for f in (min, max))
        error = number(max(error for *_, error in right), digits)
        where = f"is {low}" if low == high else f"lies between {low} and {high}"
        said.append(f"The best h {where} (error {error} at most).")
    elif right:
        each = (f"{number(h)} for {name} (error {number(e, digits)})" for name, h, e in right)
        said.append(f"The best h is {' and '.join(each)}.")
    if wrong:
        more = f" and {len(wrong) - _NAMED} others" * (len(wrong) > _NAMED)
        named = (" and ", ", ")[bool(more)].join(wrong[:_NAMED])
        said.append(f"No h is right for {named}{more}.")
    return " ".join(said)


def why_a_v(experiment: Experiment) -> str:
    """Explain the two arms of the V; some have one."""
    left = f"To the left its error grows like {number(EPSILON, 2)}/h, by rounding"
    right = "to the right like h², by what the difference leaves out"
    straight = parabolas(experiment)
    if straight:
        right += (
            f"; not for {' and '.join(straight)}, where E is a parabola and nothing is left out"
        )
    return (
        f"{left}; {right}. Theory puts the lowest point near {number(THEORY, 1)}. "
        "The complex step subtracts nothing, so it loses no digits."
    )


class Kink(NamedTuple):
    """A quantity that is exactly 0 at relu()'s kink; ``sequence`` counts from 0."""

    name: str
    timestamp: int
    sequence: int
    part: tuple[int, ...] = ()


def kinks(trace: Trace) -> list[Kink]:
    """List the quantities that relu() is taken of and that are exactly 0."""
    cell, last = trace.cell, trace.experiment.timestamps
    found = []
    for k in range(1, last + 1):
        taken = dict.fromkeys(
            x.name
            for e in cell.at(k == last)
            for op in operations(e.right)
            for x in leaves(op)
            if op.op == "relu" and x.shift == 0 and x.name in cell.quantities
        )
        for name in taken:
            at = np.argwhere(trace.values(name, k) == 0.0)
            found += [Kink(name, k, int(n), tuple(map(int, part))) for n, *part in at]
    return found


def kink_sentence(trace: Trace) -> str:
    """Say why the ways may differ at a kink of relu(); empty where nothing stands at one."""
    found = kinks(trace)
    if not found:
        return ""
    name, k, sequence, part = found[0]
    component = f"component {part[0] + 1} of " if part else ""
    return (
        f"{upper(component + called(trace.cell, name, k))} of sequence "
        f"{sequence_name(sequence)} is exactly 0, where relu() has no derivative: "
        "back-propagation and the complex step take 0, the central difference the mean of both "
        "sides, so they may differ."
    )


# --- where the cost is a parabola -------------------------------------------------------------

_DRAWS = 16  # more: one of them is nearly sure to meet what bends the cost
_STRAIGHT = 1e-9  # of the largest cost: what rounding leaves of a third difference


def parabolas(experiment: Experiment) -> list[str]:
    """List the weights along which the cost is a parabola, wherever one looks: third differences
    of it are 0."""
    layout, draw = experiment.layout, np.random.default_rng(1)
    start, end = draw.uniform(-1.0, 1.0, (2, layout.size, _DRAWS, 1))
    found = []
    for weight in layout.names:
        moving = np.array([name == weight for name, _ in layout.components])[:, None, None]
        points = start + moving * (end - start) * np.linspace(0.0, 1.0, 4)
        at = costs(experiment, points.reshape(layout.size, -1)) * np.ones(_DRAWS * 4)
        third = at.reshape(_DRAWS, 4) @ [-1.0, 3.0, -3.0, 1.0]
        if np.all(np.abs(third) <= _STRAIGHT * np.max(np.abs(at))):
            found.append(weight)
    return found

"""Two ways to the gradient without back-propagation, and how far each is to be trusted.

The central difference (E(w + h) - E(w - h)) / (2h) leaves out terms in h**2 and loses digits
to rounding, about eps / h: its error against h is a V, lowest near eps**(1/3). The complex-step
derivative Im(E(w + ih)) / h subtracts nothing, so its h may be as small as one likes (W. Squire
and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review
40, 1998).

Both need a forward pass alone; this one has its own, for real and complex numbers alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.activations import IDENTITY, LOGISTIC, RELU, TANH, Array
from core.experiment import WEIGHT_NAMES, Experiment, Weights, sequence_name
from core.notation import number
from core.trace import Trace

_USELESS = 0.1  # an error from which on not one digit is right
_NOT_FINITE = (
    "The cost is not finite here, so there is no derivative to compare: take smaller weights, "
    "or go back an epoch."
)
Numbers = NDArray[Any]  # of floats or of complex numbers

STEP_SIZES = tuple(float(f"1e-{power}") for power in range(1, 16))
EPSILON = float(np.finfo(np.float64).eps)
THEORY = EPSILON ** (1 / 3)  # where the V is lowest, as far as its order of magnitude goes
USUAL_STEP = 1e-5  # the step size nearest to it
# Its square must vanish beside 1, and its product with a small gradient must not underflow.
_IMAGINARY = 1e-100
# Numbers that one check may go through: beyond, one would wait for it at every epoch.
MOST_CELLS, MOST_PARTS = 10_000, 500_000


@dataclass(frozen=True, eq=False)
class Valley:
    """The central difference at every step size, beside the complex-step derivative.

    ``differences`` and ``errors`` have a row for Wx and one for Wrec, and a column for each of
    ``steps``; an error is relative to the complex-step derivative.
    """

    experiment: Experiment
    weights: Weights
    steps: Array
    differences: Array
    complex_step: Weights

    @cached_property
    def errors(self) -> Array:
        pairs = zip(self.differences.tolist(), self.complex_step, strict=True)
        return np.array([[relative_error(d, exact) for d in row] for row, exact in pairs])

    def best(self, weight: int) -> tuple[float, float] | None:
        """The step size with the smallest error, and that error; None without finite ones.

        Among equals it is the largest.
        """
        errors = self.errors[weight]
        if not np.isfinite(errors).any():
            return None
        column = int(np.nanargmin(errors))
        return float(self.steps[column]), float(errors[column])

    def belongs_to(self, experiment: Experiment, weights: Weights) -> bool:
        """Whether this is the valley of these numbers."""
        return self.weights == weights and self.experiment.same_costs(experiment)


def relative_error(one: float, other: float) -> float:
    """|one - other| / max(|one|, |other|): 0 where both are 0, nan where one is not finite."""
    if not (np.isfinite(one) and np.isfinite(other)):
        return float("nan")
    largest = max(abs(one), abs(other))
    if largest == 0.0:
        return 0.0
    return abs(one / largest - other / largest)  # the difference itself might overflow


def within_reach(experiment: Experiment) -> bool:
    """Whether a check takes no longer than a moment."""
    return experiment.inputs.size <= MOST_CELLS


def parts_within_reach(experiment: Experiment) -> bool:
    """The same for the parts of the single timestamps: each has a forward pass of its own."""
    return 2 * experiment.timestamps * experiment.inputs.size <= MOST_PARTS


def valley(experiment: Experiment, weights: Weights) -> Valley:
    """The central difference of both weights at all `STEP_SIZES`."""
    steps = np.array(STEP_SIZES)
    differences = central_differences(experiment, weights, steps)
    return Valley(experiment, weights, steps, differences, complex_step(experiment, weights))


def central_differences(experiment: Experiment, weights: Weights, steps: Array) -> Array:
    """(E(w + h) - E(w - h)) / (2h), a row for each of the two weights, a column for each h."""
    zero = np.zeros_like(steps)
    with np.errstate(over="ignore", invalid="ignore"):
        rows = [
            costs(experiment, weights.wx + wx, weights.wrec + wrec)
            - costs(experiment, weights.wx - wx, weights.wrec - wrec)
            for wx, wrec in ((steps, zero), (zero, steps))
        ]
        made: Array = np.array(rows) / (2.0 * steps)
    return made


def complex_step(experiment: Experiment, weights: Weights) -> Weights:
    """Im(E(w + ih)) / h of both weights: dE/dWx and dE/dWrec with hardly a rounding error."""
    sides = _IMAGINARY * 1j * np.eye(2)
    found = costs(experiment, weights.wx + sides[0], weights.wrec + sides[1]).imag / _IMAGINARY
    return Weights(float(found[0]), float(found[1]))


def complex_step_parts(experiment: Experiment, weights: Weights) -> tuple[Array, Array]:
    """What each timestamp adds to dE/dWx and to dE/dWrec, row k - 1 for timestamp k.

    In the unrolled network each timestamp has a copy of both weights of its own, and what it
    adds is the derivative with respect to its copies.
    """
    steps = experiment.timestamps
    side, none = _IMAGINARY * 1j * np.eye(steps), np.zeros((steps, steps))
    wx = costs(experiment, weights.wx + side, weights.wrec + none)
    wrec = costs(experiment, weights.wx + none, weights.wrec + side)
    return wx.imag / _IMAGINARY, wrec.imag / _IMAGINARY


def costs(experiment: Experiment, wx: Numbers, wrec: Numbers) -> Numbers:
    """E of many networks at once, shape (M,), real or complex as the weights are.

    Weights of shape (M,) are those of all timestamps; of shape (T, M), row k - 1 is used at
    timestamp k alone. Sums that overflow become infinite or no number without a warning.
    """
    steps = experiment.timestamps
    kind = np.result_type(wx, wrec)
    wx, wrec = (np.broadcast_to(w, (steps, w.shape[-1])) for w in (wx, wrec))
    state = np.full((wx.shape[1], experiment.sequences), experiment.initial_state, dtype=kind)
    with np.errstate(over="ignore", invalid="ignore"):
        for row in range(steps):
            drive = experiment.inputs[:, row] * wx[row][:, np.newaxis]
            state_in = state * wrec[row][:, np.newaxis] + drive
            state = _FUNCTIONS[experiment.activation(row + 1).key](state_in)
        errors = state - experiment.targets
        total: Numbers = np.sum(errors * errors, axis=1) / experiment.sequences
    return total


def kinks(trace: Trace) -> list[tuple[int, int]]:
    """Timestamp and sequence (from 0) of the states that stand exactly at the kink of ReLU."""
    steps = trace.experiment.timestamps
    rows = [k for k in range(1, steps + 1) if trace.experiment.activation(k) is RELU]
    return [(k, int(n)) for k in rows for n in np.flatnonzero(trace.state_in[k - 1] == 0.0)]


def valley_sentence(found: Valley, digits: int = 2) -> str:
    """Where each weight's error is lowest, in words."""
    right, wrong = [], []
    for weight, name in enumerate(WEIGHT_NAMES.values()):
        best = found.best(weight)
        if best is not None and best[1] < _USELESS:
            right.append(f"{number(best[0])} for {name} (error {number(best[1], digits)})")
        elif best is not None:
            wrong.append(name)
    if not right and not wrong:
        return _NOT_FINITE
    said = [f"The best h is {' and '.join(right)}."] if right else []
    return " ".join([*said, *([f"No h is right for {' and '.join(wrong)}."] if wrong else [])])


def why_a_v(experiment: Experiment) -> str:
    """The two arms of the V; some have one."""
    left = f"To the left its error grows like {number(EPSILON, 2)}/h, by rounding"
    right = "to the right like h², by what the difference leaves out"
    straight = _parabolas(experiment)
    if straight:
        right += (
            f"; not for {' and '.join(straight)}, where E is a parabola and nothing is left out"
        )
    return (
        f"{left}; {right}. Theory puts the lowest point near {number(THEORY, 1)}. "
        "The complex step subtracts nothing, so it loses no digits."
    )


def kink_sentence(trace: Trace) -> str:
    """Why the ways may differ at a kink of ReLU; empty where no state stands at one."""
    found = kinks(trace)
    if not found:
        return ""
    timestamp, sequence = found[0]
    return (
        f"State {timestamp} (In) of sequence {sequence_name(sequence)} is exactly 0, where relu() "
        "has no derivative: back-propagation and the complex step take 0, the central "
        "difference the mean of both sides, so they may differ."
    )


def _parabolas(experiment: Experiment) -> list[str]:
    """The weights in which every prediction is linear, and so the cost a parabola."""
    steps = experiment.timestamps
    if any(experiment.activation(k) is not IDENTITY for k in (1, steps)):
        return []
    one_factor = steps == 1 or (steps == 2 and experiment.initial_state == 0.0)
    return list(WEIGHT_NAMES.values())[: 1 + one_factor]


def _logistic(z: Numbers) -> Numbers:
    right = z.real >= 0
    decay = np.exp(np.where(right, -z, z))  # never above 1
    found: Numbers = np.where(right, 1.0, decay) / (1.0 + decay)
    return found


def _relu(z: Numbers) -> Numbers:
    """It has no derivative at 0; like back-propagation here, this takes 0."""
    return np.where(z.real <= 0, 0.0, z)


_FUNCTIONS: dict[str, Callable[[Numbers], Numbers]] = {
    LOGISTIC.key: _logistic,
    TANH.key: np.tanh,
    RELU.key: _relu,
    IDENTITY.key: lambda z: z,
}

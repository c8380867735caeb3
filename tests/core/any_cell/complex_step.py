"""The gradient of the cost without back-propagation: the complex-step derivative.

An analytic function of w + ih has the imaginary part h * f'(w), and nothing cancels. Written
with scalars, and sharing nothing with the core but the meaning of the activations' names.
"""

from __future__ import annotations

import cmath

from core.experiment import Experiment, Weights

_H = 1e-40


def logistic(z: complex) -> complex:
    if z.real < 0:
        return cmath.exp(z) / (1 + cmath.exp(z))
    return 1 / (1 + cmath.exp(-z))


FUNCTIONS = {
    "logistic": logistic,
    "tanh": cmath.tanh,
    "relu": lambda z: z if z.real > 0 else 0j,
    "identity": lambda z: z,
}


def states_in(experiment: Experiment, row: int, wx: complex, wrec: complex) -> list[complex]:
    """State k (In) of one sequence, k = 1…T."""
    out: complex = experiment.initial_state
    states = []
    for x in experiment.inputs[row].tolist():
        states.append(out * wrec + x * wx)
        out = FUNCTIONS[experiment.hidden_activation](states[-1])
    return states


def cost(experiment: Experiment, wx: complex, wrec: complex) -> complex:
    total = 0j
    for row, target in enumerate(experiment.targets.tolist()):
        last = states_in(experiment, row, wx, wrec)[-1]
        total += (FUNCTIONS[experiment.last_activation](last) - target) ** 2
    return total / len(experiment.targets)


def gradient(experiment: Experiment, weights: Weights) -> Weights:
    wx, wrec = weights
    return Weights(
        cost(experiment, wx + _H * 1j, wrec).imag / _H,
        cost(experiment, wx, wrec + _H * 1j).imag / _H,
    )


def sizes(experiment: Experiment, weights: Weights) -> Weights:
    """What a rounding error is measured by: the gradient with nothing cancelling in its sums."""
    wx = wrec = 1.0
    for row, target in enumerate(experiment.targets.tolist()):
        states = [z.real for z in states_in(experiment, row, *weights)]
        outs = [FUNCTIONS[experiment.hidden_activation](z).real for z in states[:-1]]
        befores = [experiment.initial_state, *outs]
        back = abs(FUNCTIONS[experiment.last_activation](states[-1])) + abs(target)
        for x, before in reversed(list(zip(experiment.inputs[row], befores, strict=True))):
            wx += back * abs(x)
            wrec += back * abs(before)
            back *= abs(weights.wrec)  # no slope of an activation is above 1
    return Weights(wx, wrec)


def away_from_kinks(experiment: Experiment, weights: Weights) -> bool:
    """Whether no ReLU of the network is near 0, where its derivative jumps."""
    kinks: list[complex] = []
    for row in range(experiment.sequences):
        states = states_in(experiment, row, *weights)
        kinks += states[:-1] if experiment.hidden_activation == "relu" else []
        kinks += states[-1:] if experiment.last_activation == "relu" else []
    return all(abs(z.real) > 1e-6 for z in kinks)

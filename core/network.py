"""Forward and backward pass of the network: the formulas, for all sequences at once.

Arrays are time-major: row k - 1 of a (T, N) array belongs to timestamp k. Sums that
overflow become infinite without a warning; whoever looks at them says so.
"""

from __future__ import annotations

import numpy as np

from core.activations import Array
from core.experiment import Experiment, Weights


def forward(experiment: Experiment, weights: Weights) -> tuple[Array, Array]:
    """State (In), shape (T, N), and State (Out), shape (T + 1, N) with State 0 first.

    Equation (E) of the tutorial: S_k(In) = S_{k-1}(Out) * Wrec + X_k * Wx.
    """
    steps, sequences = experiment.timestamps, experiment.sequences
    state_in = np.empty((steps, sequences))
    state_out = np.empty((steps + 1, sequences))
    state_out[0] = experiment.initial_state
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(1, steps + 1):
            drive = experiment.inputs[:, k - 1] * weights.wx
            state_in[k - 1] = state_out[k - 1] * weights.wrec + drive
            state_out[k] = experiment.activation(k).apply(state_in[k - 1])
    return state_in, state_out


def mean_squared_error(predictions: Array, targets: Array) -> float:
    """The cost E = sum((S_T(Out) - y)**2) / N."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sum((predictions - targets) ** 2) / len(targets))


def slopes(experiment: Experiment, state_in: Array) -> Array:
    """f'(S_k(In)) of every state, shape (T, N)."""
    with np.errstate(over="ignore", invalid="ignore"):
        rows = enumerate(state_in, start=1)
        return np.array([experiment.activation(k).slope(row) for k, row in rows])


def backward(
    experiment: Experiment, weights: Weights, predictions: Array, slope: Array
) -> tuple[Array, Array]:
    """dE/dS_k(Out) and dE/dS_k(In), both of shape (T, N).

    Starts from dE/dS_T(Out) = 2/N * (S_T(Out) - y) and goes back by
    dE/dS_k(In) = dE/dS_k(Out) * f'(S_k(In)) and dE/dS_{k-1}(Out) = dE/dS_k(In) * Wrec.
    """
    d_state_out = np.empty_like(slope)
    d_state_in = np.empty_like(slope)
    with np.errstate(over="ignore", invalid="ignore"):
        d_out = 2.0 / experiment.sequences * (predictions - experiment.targets)
        for row in range(experiment.timestamps - 1, -1, -1):
            d_state_out[row] = d_out
            d_state_in[row] = d_out * slope[row]
            d_out = d_state_in[row] * weights.wrec
    return d_state_out, d_state_in

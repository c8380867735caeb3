"""The loss surface by naive broadcasting: every weight pair and every sequence at once."""

from __future__ import annotations

import numpy as np

from benchmarks.yardsticks.history import start_of
from core.data.experiment import Experiment
from core.data.values import Array


def cost_and_gradients(experiment: Experiment, wx: Array, wrec: Array) -> tuple[Array, ...]:
    """The cost, dE/dWx and dE/dWrec, each of the shape of ``wx`` and ``wrec``."""
    x, y, timestamps = experiment.inputs, experiment.targets, experiment.timestamps
    wx, wrec = wx[..., None], wrec[..., None]  # the sequences come last
    state = np.full(np.broadcast_shapes(wx.shape, y.shape), start_of(experiment).state_0)
    states = [state]
    for k in range(timestamps):
        state_in = states[-1] * wrec + x[:, k] * wx
        states.append(state_in if k == timestamps - 1 else 1 / (1 + np.exp(-state_in)))
    error = states[-1] - y
    cost = np.mean(error**2, axis=-1)
    d_in = 2 / len(y) * error
    d_wx, d_wrec = np.zeros_like(cost), np.zeros_like(cost)
    for k in range(timestamps - 1, -1, -1):
        d_wx += np.sum(d_in * x[:, k], axis=-1)
        d_wrec += np.sum(d_in * states[k], axis=-1)
        d_in = d_in * wrec * (states[k] * (1 - states[k]))
    return cost, d_wx, d_wrec

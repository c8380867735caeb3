"""Clear NumPy: one epoch for any number of sequences and timestamps, in two layouts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.yardsticks.history import History, start_of
from core.data.experiment import Experiment
from core.data.values import Array

Epoch = tuple[float, float, float]


def epoch_by_rows(x: Array, y: Array, state_0: float, wx: float, wrec: float) -> Epoch:
    """The cost, dE/dWx and dE/dWrec, with a row of ``x`` for each sequence: shape (N, T)."""
    sequences, timestamps = x.shape
    states = np.empty((sequences, timestamps + 1))
    states[:, 0] = state_0
    for k in range(timestamps):
        state_in = states[:, k] * wrec + x[:, k] * wx
        last = k == timestamps - 1
        states[:, k + 1] = state_in if last else 1 / (1 + np.exp(-state_in))
    error = states[:, -1] - y
    d_state_in = np.empty_like(x)
    d_state_in[:, -1] = 2 / sequences * error
    for k in range(timestamps - 1, 0, -1):
        slope = states[:, k] * (1 - states[:, k])
        d_state_in[:, k - 1] = d_state_in[:, k] * wrec * slope
    cost = np.mean(error**2)
    return float(cost), float(np.sum(d_state_in * x)), float(np.sum(d_state_in * states[:, :-1]))


def epoch_by_timestamps(x: Array, y: Array, state_0: float, wx: float, wrec: float) -> Epoch:
    """The same with a row of ``x`` for each timestamp, shape (T, N): rows lie in one piece."""
    timestamps, sequences = x.shape
    states = np.empty((timestamps + 1, sequences))
    states[0] = state_0
    for k in range(timestamps):
        state_in = states[k] * wrec + x[k] * wx
        states[k + 1] = state_in if k == timestamps - 1 else 1 / (1 + np.exp(-state_in))
    error = states[-1] - y
    d_in = 2 / sequences * error
    d_wx = d_wrec = 0.0
    for k in range(timestamps - 1, -1, -1):
        d_wx += d_in @ x[k]
        d_wrec += d_in @ states[k]
        s = states[k]
        d_in = d_in * wrec * (s * (1 - s))
    return float(error @ error / sequences), float(d_wx), float(d_wrec)


def trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    x, y = np.ascontiguousarray(experiment.inputs), experiment.targets
    state_0, wx_0, wrec_0, rate_wx, rate_wrec = start_of(experiment)

    def train() -> History:
        wx, wrec = wx_0, wrec_0
        history = History([], [], [])
        for _ in range(epochs):
            cost, d_wx, d_wrec = epoch_by_rows(x, y, state_0, wx, wrec)
            history.costs.append(cost)
            history.wx.append(wx)
            history.wrec.append(wrec)
            wx, wrec = wx - rate_wx * d_wx, wrec - rate_wrec * d_wrec
        return history

    return train


def epochs_until(
    experiment: Experiment, start: tuple[float, float], goal: float, limit: int
) -> int | None:
    """How many epochs from this start until the cost is at most ``goal``; None if not by then."""
    x, y = np.ascontiguousarray(experiment.inputs), experiment.targets
    state_0, _, _, rate_wx, rate_wrec = start_of(experiment)
    wx, wrec = start
    for epoch in range(limit + 1):
        cost, d_wx, d_wrec = epoch_by_rows(x, y, state_0, wx, wrec)
        if cost <= goal:
            return epoch
        wx, wrec = wx - rate_wx * d_wx, wrec - rate_wrec * d_wrec
    return None

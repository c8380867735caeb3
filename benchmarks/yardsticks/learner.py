"""The tutorial's loop, as a learner writes it: three timestamps, one line for each formula."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.yardsticks.history import History, start_of
from core.data.experiment import Experiment
from core.data.values import Array


def log(x: Array) -> Array:
    return 1 / (1 + np.exp(-1 * x))


def d_log(x: Array) -> Array:
    return log(x) * (1 - log(x))


def trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    x, y, n = np.ascontiguousarray(experiment.inputs), experiment.targets, experiment.sequences
    start, wx_0, wrec_0, rate_wx, rate_wrec = start_of(experiment)
    state_0 = np.full(n, start)

    def train() -> History:
        wx, wrec = wx_0, wrec_0
        history = History([], [], [])
        for _ in range(epochs):
            state_1_in = state_0 * wrec + x[:, 0] * wx
            state_1_out = log(state_1_in)
            state_2_in = state_1_out * wrec + x[:, 1] * wx
            state_2_out = log(state_2_in)
            state_3_out = state_2_out * wrec + x[:, 2] * wx
            cost = np.sum((state_3_out - y) ** 2) / n

            d_state_3 = 2 / n * (state_3_out - y)
            d_wx_3 = np.sum(d_state_3 * x[:, 2])
            d_wrec_3 = np.sum(d_state_3 * state_2_out)
            d_state_2 = d_state_3 * wrec * d_log(state_2_in)
            d_wx_2 = np.sum(d_state_2 * x[:, 1])
            d_wrec_2 = np.sum(d_state_2 * state_1_out)
            d_state_1 = d_state_2 * wrec * d_log(state_1_in)
            d_wx_1 = np.sum(d_state_1 * x[:, 0])
            d_wrec_1 = np.sum(d_state_1 * state_0)

            history.costs.append(cost)
            history.wx.append(wx)
            history.wrec.append(wrec)
            wx = wx - rate_wx * (d_wx_1 + d_wx_2 + d_wx_3)
            wrec = wrec - rate_wrec * (d_wrec_1 + d_wrec_2 + d_wrec_3)
        return history

    return train

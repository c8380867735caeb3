"""All numbers of one epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core import network
from core.activations import Array
from core.experiment import Experiment, Weights


@dataclass(frozen=True, eq=False)
class Trace:
    """One epoch from the first state to the gradient. Row k - 1 belongs to timestamp k.

    ``state_out`` alone has T + 1 rows: row k is State k (Out), row 0 the initial state.
    ``d_wx_terms`` and ``d_wrec_terms`` hold each sequence's part of what a timestamp adds;
    ``running_d_wx`` and ``running_d_wrec`` sum from timestamp T down to k, so that their
    first row is the gradient.
    """

    weights: Weights
    state_in: Array
    state_out: Array
    slopes: Array
    cost: float
    d_state_out: Array
    d_state_in: Array
    d_wx_terms: Array
    d_wrec_terms: Array
    d_wx_by_timestamp: Array
    d_wrec_by_timestamp: Array
    running_d_wx: Array
    running_d_wrec: Array

    @property
    def gradient(self) -> Weights:
        """dE/dWx and dE/dWrec, the sums over timestamps and sequences."""
        return Weights(float(self.running_d_wx[0]), float(self.running_d_wrec[0]))


def trace_epoch(experiment: Experiment, weights: Weights) -> Trace:
    """Forward pass, cost and backward pass of one epoch with these weights."""
    state_in, state_out = network.forward(experiment, weights)
    slope = network.slopes(experiment, state_in)
    d_state_out, d_state_in = network.backward(experiment, weights, state_out[-1], slope)
    with np.errstate(over="ignore", invalid="ignore"):
        d_wx_terms = d_state_in * experiment.inputs.T
        d_wrec_terms = d_state_in * state_out[:-1]
        d_wx, d_wrec = d_wx_terms.sum(axis=1), d_wrec_terms.sum(axis=1)
        trace = Trace(
            weights=weights,
            state_in=state_in,
            state_out=state_out,
            slopes=slope,
            cost=network.mean_squared_error(state_out[-1], experiment.targets),
            d_state_out=d_state_out,
            d_state_in=d_state_in,
            d_wx_terms=d_wx_terms,
            d_wrec_terms=d_wrec_terms,
            d_wx_by_timestamp=d_wx,
            d_wrec_by_timestamp=d_wrec,
            running_d_wx=np.cumsum(d_wx[::-1])[::-1],
            running_d_wrec=np.cumsum(d_wrec[::-1])[::-1],
        )
    for value in vars(trace).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
    return trace

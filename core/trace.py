"""All numbers of one epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core import network
from core.activations import Array
from core.blocks import blocks_of
from core.experiment import Experiment, Weights
from core.network import Part, Room


@dataclass(frozen=True, eq=False)
class Trace:
    """One epoch from the first state to the gradient. Row k - 1 belongs to timestamp k.

    ``state_out`` alone has T + 1 rows: row k is State k (Out), row 0 the initial state.
    ``d_wx_terms`` and ``d_wrec_terms`` hold each sequence's part of what a timestamp adds;
    ``running_d_wx`` and ``running_d_wrec`` sum from timestamp T down to k, so that their
    first row is the gradient.

    Each pass is made when one of its numbers is asked for first: there can be millions of them.
    """

    experiment: Experiment
    weights: Weights

    @property
    def state_in(self) -> Array:
        return self._forward[0]

    @property
    def state_out(self) -> Array:
        return self._forward[1]

    @property
    def slopes(self) -> Array:
        """f'(S_k(In)) of every state."""
        return self._forward[2]

    @cached_property
    def cost(self) -> float:
        """E = sum((S_T(Out) - y)**2) / N."""
        with np.errstate(over="ignore", invalid="ignore"):
            errors = self.state_out[-1] - self.experiment.targets
            return float(np.sum(errors * errors) / len(errors))

    @property
    def d_state_out(self) -> Array:
        return self._backward[0]

    @property
    def d_state_in(self) -> Array:
        return self._backward[1]

    @property
    def d_wx_by_timestamp(self) -> Array:
        return self._backward[2]

    @property
    def d_wrec_by_timestamp(self) -> Array:
        return self._backward[3]

    @cached_property
    def d_wx_terms(self) -> Array:
        return _terms(self.d_state_in, self.experiment.inputs.T)

    @cached_property
    def d_wrec_terms(self) -> Array:
        return _terms(self.d_state_in, self.state_out[:-1])

    @cached_property
    def running_d_wx(self) -> Array:
        return _running(self.d_wx_by_timestamp)

    @cached_property
    def running_d_wrec(self) -> Array:
        return _running(self.d_wrec_by_timestamp)

    @property
    def gradient(self) -> Weights:
        """dE/dWx and dE/dWrec, the sums over timestamps and sequences."""
        return Weights(float(self.running_d_wx[0]), float(self.running_d_wrec[0]))

    @cached_property
    def _forward(self) -> tuple[Array, ...]:
        tables = (self._table(), self._table(1), self._table())
        for part in self._parts(*tables):
            network.forward(self.experiment, self.weights, part)
        return _read_only(*tables)

    @cached_property
    def _backward(self) -> tuple[Array, ...]:
        tables = (self._table(), self._table())
        added = np.zeros((2, self.experiment.timestamps))
        with np.errstate(over="ignore", invalid="ignore"):
            for part in self._parts(*self._forward, *tables):
                added += network.backward(self.experiment, self.weights, part)
        return _read_only(*tables, *added)

    def _table(self, more: int = 0) -> Array:
        return np.empty((self.experiment.timestamps + more, self.experiment.sequences))

    def _parts(self, *tables: Array) -> Iterator[Part]:
        room = Room(*map(list, tables))
        for block in blocks_of(self.experiment):
            yield network.part_of(self.experiment, block, room.cut(block))


def trace_epoch(experiment: Experiment, weights: Weights) -> Trace:
    """Forward pass, cost and backward pass of one epoch with these weights."""
    return Trace(experiment, weights)


def _terms(d_state_in: Array, factors: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return _read_only(d_state_in * factors)[0]


def _running(by_timestamp: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return _read_only(np.cumsum(by_timestamp[::-1])[::-1])[0]


def _read_only(*arrays: Array) -> tuple[Array, ...]:
    for array in arrays:
        array.flags.writeable = False
    return arrays

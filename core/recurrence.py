"""Real-time recurrent learning over a tree of sequences, for a block of weights at once.

A state and its derivatives by Wx and by Wrec go forward together (Williams and Zipser, 1989):

    S_k(In)          = S_{k-1}(Out) * Wrec + X_k * Wx
    dS_k(In)/dWx     = dS_{k-1}(Out)/dWx   * Wrec + X_k
    dS_k(In)/dWrec   = dS_{k-1}(Out)/dWrec * Wrec + S_{k-1}(Out)

and S_k(Out) = f(S_k(In)) multiplies both derivatives by f'(S_k(In)). With two weights that costs
as much as back-propagation through time and needs no states but the latest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

import numpy as np

from core.activations import IDENTITY, Activation, Array
from core.experiment import Experiment
from core.prefixes import Level, PrefixTree


class Buffers:
    """Memory that one recurrence after another may use; it grows with what they need.

    ``kept`` says whose states of the first level, and of which wx, are still there.
    """

    def __init__(self) -> None:
        self.kept: tuple[object, object] = (None, None)
        self.first = self.states = self.carried = self.state_in = self.slope = np.empty(0)

    def make_room(self, tree: PrefixTree, width: int) -> None:
        """Have room for each level of the tree, and for the first one to be kept."""
        first, *others = (len(level.inputs) * width for level in tree.levels)
        widest = max(first, *others) if others else first
        if 3 * first > len(self.first):
            self.first = np.empty(3 * first)
        if widest > len(self.slope):
            self.states, self.carried = np.empty(3 * widest), np.empty(3 * widest)
            self.state_in, self.slope = np.empty(widest), np.empty(widest)


class Recurrence:
    """The way through a tree for ``width`` pairs of weights.

    States stand together with their two derivatives, in arrays of shape (3, P, width).
    """

    def __init__(
        self, experiment: Experiment, tree: PrefixTree, width: int, buffers: Buffers
    ) -> None:
        self._initial_state = experiment.initial_state
        self._shares = tree.counts / experiment.sequences
        self._targets = tree.targets[:, np.newaxis]
        self._leftover, self._by_sequence = tree.leftover, 1.0 / experiment.sequences
        self._hops = []
        self._buffers = buffers
        buffers.make_room(tree, width)
        before = 1
        for k, level in enumerate(tree.levels, start=1):
            states = buffers.first if k == 1 else buffers.states
            self._hops.append(_Hop(level, before, width, experiment.activation(k), states, buffers))
            before = len(level.inputs)
        self._of_wx = np.empty((2, width))
        self._result = np.empty((3, width))

    def costs(self, wx: Array, wrec: Array) -> Iterator[Array | None]:
        """Yields None after each timestamp, and then the tree's part of cost, dE/dWx and dE/dWrec
        for these weights, each of shape (width,): one array of shape (3, width)."""
        first, *others = self._hops
        # From State 0 = 0 the first hop knows Wx alone, which all rows of a grid have in common.
        recurrence, kept_wx = self._buffers.kept
        if recurrence is not self or kept_wx is not wx or self._initial_state != 0.0:
            first.carried[0] = self._initial_state * wrec
            first.carried[1] = 0.0
            first.carried[2] = self._initial_state
            first.fan_out(wx)
            self._take_leftover(wx)
            yield None
        # Those of a first hop that is the last, too, are used up.
        self._buffers.kept = (self, wx if others else None)
        states = first.states
        for hop in others:
            np.multiply(states, wrec, out=hop.carried)
            hop.carried[2] += states[0]
            hop.fan_out(wx)
            states = hop.states
            yield None
        yield self._costs_of(states)

    def _take_leftover(self, wx: Array) -> None:
        curvature, lowest, rest = astuple(self._leftover)
        off = wx - lowest
        self._of_wx[0] = (curvature * off * off + rest) * self._by_sequence
        self._of_wx[1] = 2.0 * self._by_sequence * curvature * off

    def _costs_of(self, states: Array) -> Array:
        """The sums over the sequences of e**2 / N, 2e / N * de/dWx and 2e / N * de/dWrec, where
        the error e = S_T(Out) - y changes with a weight as S_T(Out) does."""
        error = states[0]
        error -= self._targets
        states[1:] *= error
        error *= error
        np.matmul(self._shares, states[0], out=self._result[0])
        np.matmul(2.0 * self._shares, states[1:], out=self._result[1:])
        self._result[:2] += self._of_wx
        return self._result


class _Hop:
    """From the states of one level, times Wrec, to those of the next."""

    def __init__(
        self,
        level: Level,
        before: int,
        width: int,
        activation: Activation,
        states: Array,
        buffers: Buffers,
    ) -> None:
        count = len(level.inputs)
        groups, siblings = (before, level.siblings) if level.siblings else (count, 1)
        self._activation, self._parents = activation, level.parents
        self._inputs = level.inputs.reshape(groups, siblings, 1)
        self.carried = buffers.carried[: 3 * before * width].reshape(3, before, width)
        self.states = states[: 3 * count * width].reshape(3, count, width)
        self._slope = buffers.slope[: count * width].reshape(groups, siblings, width)
        self._in = buffers.state_in[: count * width].reshape(groups, siblings, width)
        self._out, self._by_wx, self._by_wrec = self.states.reshape(3, groups, siblings, width)

    def fan_out(self, wx: Array) -> None:
        """Hand what is carried on to all that follow, add their inputs, and apply f."""
        carried = self.carried
        if self._parents is not None:
            # Without a mode other than "raise" NumPy would go through a buffer of its own.
            carried = np.take(carried, self._parents, axis=1, out=self.states, mode="clip")
        state, by_wx, by_wrec = carried[:, :, np.newaxis, :]
        drive = np.multiply(self._inputs, wx, out=self._in)
        if self._activation is IDENTITY:
            np.add(state, drive, out=self._out)
            np.add(by_wx, self._inputs, out=self._by_wx)
            np.copyto(self._by_wrec, by_wrec)
            return
        drive += state
        self._activation.into(self._in, self._out, self._slope)
        np.add(by_wx, self._inputs, out=self._by_wx)
        self._by_wx *= self._slope
        np.multiply(by_wrec, self._slope, out=self._by_wrec)

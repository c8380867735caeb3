"""Forward and backward pass of the network: the formulas, for many sequences at once.

Everything goes by timestamps: row k - 1 belongs to timestamp k. Sums that overflow become
infinite without a warning; whoever looks at them says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.activations import Array
from core.experiment import Experiment, Weights

Rows = Sequence[Array]

# BLAS spreads a longer product over threads, and waking them takes longer than the product.
_PIECE = 8192


class Room(NamedTuple):
    """Where the numbers of some sequences go, for each kind a row for each timestamp.

    ``state_out`` has a row more: State 0 comes first. Rows of a kind that nobody looks at
    afterwards may be one and the same row; so may those of ``d_state_out`` and ``d_state_in``.
    """

    state_in: Rows
    state_out: Rows
    slopes: Rows
    d_state_out: Rows = ()
    d_state_in: Rows = ()

    def cut(self, place: slice) -> Room:
        """The room of the sequences at ``place``."""
        return Room(*([row[place] for row in rows] for rows in self))


class Part(NamedTuple):
    """Sequences that are computed together: their data, and room for their numbers."""

    inputs: Rows
    targets: Array
    room: Room


def part_of(experiment: Experiment, block: slice, room: Room) -> Part:
    """The sequences of ``block``, with room for them."""
    return Part(list(experiment.inputs.T[:, block]), experiment.targets[block], room)


def forward(experiment: Experiment, weights: Weights, part: Part) -> None:
    """State (In), State (Out) and the slopes f'(S_k(In)).

    Equation (E) of the tutorial: S_k(In) = S_{k-1}(Out) * Wrec + X_k * Wx.
    """
    room, steps = part.room, experiment.timestamps
    hidden, last = experiment.activation(0), experiment.activation(steps)
    room.state_out[0].fill(experiment.initial_state)
    with np.errstate(over="ignore", invalid="ignore"):
        for row in range(steps):
            state_in, slope = room.state_in[row], room.slopes[row]
            np.multiply(room.state_out[row], weights.wrec, out=state_in)
            drive = np.multiply(part.inputs[row], weights.wx, out=slope)  # its place is free yet
            np.add(state_in, drive, out=state_in)
            activation = hidden if row + 1 < steps else last
            activation.into(state_in, room.state_out[row + 1], slope)


def squared_errors(part: Part) -> float:
    """sum((S_T(Out) - y)**2); the room of dE/dS_T(Out) holds the errors meanwhile."""
    room = part.room
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.subtract(room.state_out[-1], part.targets, out=room.d_state_out[-1])
        return _product(errors, errors)


def backward(
    experiment: Experiment, weights: Weights, part: Part
) -> tuple[list[float], list[float]]:
    """dE/dS_k(Out) and dE/dS_k(In), and what each timestamp adds to dE/dWx and to dE/dWrec.

    Starts from dE/dS_T(Out) = 2/N * (S_T(Out) - y) and goes back by
    dE/dS_k(In) = dE/dS_k(Out) * f'(S_k(In)) and dE/dS_{k-1}(Out) = dE/dS_k(In) * Wrec.
    """
    room, steps = part.room, experiment.timestamps
    d_wx, d_wrec = [0.0] * steps, [0.0] * steps
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.subtract(room.state_out[-1], part.targets, out=room.d_state_out[-1])
        np.multiply(errors, 2.0 / experiment.sequences, out=errors)
        for row in reversed(range(steps)):
            d_in = np.multiply(room.d_state_out[row], room.slopes[row], out=room.d_state_in[row])
            d_wx[row] = _product(d_in, part.inputs[row])
            d_wrec[row] = _product(d_in, room.state_out[row])
            if row > 0:
                np.multiply(d_in, weights.wrec, out=room.d_state_out[row - 1])
    return d_wx, d_wrec


def _product(one: Array, other: Array) -> float:
    """The sum of the products, number by number."""
    if len(one) <= _PIECE:
        return float(one @ other)
    pieces = (slice(start, start + _PIECE) for start in range(0, len(one), _PIECE))
    return sum(float(one[piece] @ other[piece]) for piece in pieces)

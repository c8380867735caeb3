"""An epoch's cost and gradient for many sequences, in blocks that fit the processor's cache.

The numbers of a block are gone as soon as its sums are taken, so however many sequences there
are, an epoch needs room for the states of one block only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core import network
from core.experiment import Experiment, Weights
from core.network import Room

# More sequences than this do not stay in the cache; of fewer, calling NumPy costs too much.
_SEQUENCES = 32_768
# Numbers in all buffers: 13 MB.
_NUMBERS = 1_600_000


class Sums(NamedTuple):
    """What a block of sequences adds to an epoch."""

    squared_errors: float
    d_wx: float
    d_wrec: float


def blocks_of(experiment: Experiment, numbers: int = _NUMBERS) -> list[slice]:
    """The sequences, cut into blocks of which each needs at most so many numbers of room."""
    count, size = experiment.sequences, _block_size(experiment, numbers)
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def gradient_in_blocks(
    experiment: Experiment, numbers: int = _NUMBERS
) -> Callable[[Weights], tuple[float, Weights]]:
    """A function from weights to the cost and its gradient, by way of all states."""
    blocks = blocks_of(experiment, numbers)
    steps, size = experiment.timestamps, blocks[0].stop

    def gradient(weights: Weights) -> tuple[float, Weights]:
        room = _taken(steps, size) or _made(steps, size)
        sums = [_sums_of(experiment, weights, block, room) for block in blocks]
        _left.append((steps, size, room))
        squared_errors, d_wx, d_wrec = map(sum, zip(*sums, strict=True))
        return squared_errors / experiment.sequences, Weights(d_wx, d_wrec)

    return gradient


def _sums_of(experiment: Experiment, weights: Weights, block: slice, room: Room) -> Sums:
    part = network.part_of(experiment, block, room.cut(slice(block.stop - block.start)))
    network.forward(experiment, weights, part)
    squared_errors = network.squared_errors(part)
    d_wx, d_wrec = network.backward(experiment, weights, part)
    return Sums(squared_errors, sum(reversed(d_wx)), sum(reversed(d_wrec)))


def _block_size(experiment: Experiment, numbers: int) -> int:
    # States and slopes of every timestamp, State 0, and two rows that are used again and again.
    of_one_sequence = 2 * experiment.timestamps + 3
    return max(1, min(_SEQUENCES, experiment.sequences, numbers // of_one_sequence))


def _made(steps: int, size: int) -> Room:
    state_in, d_state = [np.empty(size)] * steps, [np.empty(size)] * steps
    states, slopes = list(np.empty((steps + 1, size))), list(np.empty((steps, size)))
    return Room(state_in, states, slopes, d_state, d_state)


# The buffers of the last epoch, for the next one. Each run of an undo stack could keep its own,
# but only one at a time is trained. Whoever uses them takes them away meanwhile.
_left: list[tuple[int, int, Room]] = []


def _taken(steps: int, size: int) -> Room | None:
    try:
        *shape, room = _left.pop()
    except IndexError:
        return None
    if shape == [steps, size]:
        return room
    _left.clear()
    return None

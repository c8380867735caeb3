"""An epoch's cost and gradient for many sequences, in blocks that fit the processor's cache.

The numbers of a block are gone as soon as its sums are taken, so however many sequences there
are, an epoch needs room for the states of one block only, or of two where two threads share
the blocks: NumPy lets both compute at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numpy as np

from core import network
from core.experiment import Experiment, Weights
from core.network import Room

# More sequences than this do not stay in the cache.
_SEQUENCES = 16_384
# With fewer, calling NumPy takes longer than its arithmetic, and two threads stand in a queue.
_SEQUENCES_FOR_TWO = 4096
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
    """A function from weights to the cost and its gradient, as fast as NumPy allows.

    It gives the same bits whether one thread or two compute it.
    """
    halves = blocks_of(experiment, numbers // 2)
    two = len(halves) > 1 and halves[0].stop >= _SEQUENCES_FOR_TWO and _cores() > 1
    blocks = halves if two else blocks_of(experiment, numbers)

    def gradient(weights: Weights) -> tuple[float, Weights]:
        todo, done = iter(blocks), dict[int, Sums]()
        work = experiment, weights, blocks[0].stop, todo, done
        helper = _helper().submit(_work, *work) if two else None
        _work(*work)
        if helper is not None:
            helper.result()
        squared_errors, d_wx, d_wrec = map(sum, zip(*(done[b.start] for b in blocks), strict=True))
        return squared_errors / experiment.sequences, Weights(d_wx, d_wrec)

    return gradient


def _work(
    experiment: Experiment,
    weights: Weights,
    size: int,
    todo: Iterator[slice],
    done: dict[int, Sums],
) -> None:
    """Take blocks as long as there are any; what a block adds goes by where it starts."""
    room = _taken(experiment.timestamps, size) or _made(experiment.timestamps, size)
    for block in todo:
        count = block.stop - block.start
        part = network.part_of(experiment, block, room if count == size else room.cut(slice(count)))
        network.forward(experiment, weights, part)
        squared_errors = network.squared_errors(part)
        d_wx, d_wrec = network.backward(experiment, weights, part)
        done[block.start] = Sums(squared_errors, sum(reversed(d_wx)), sum(reversed(d_wrec)))
    _left.append((experiment.timestamps, size, room))


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


def _cores() -> int:
    return os.cpu_count() or 1


@cache
def _helper() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "blocks")

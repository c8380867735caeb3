"""Random sequences of ones and zeros, and how much data an experiment may be given at once."""

from __future__ import annotations

import numpy as np

from core.data.values import Array

MOST_SEQUENCES = 1_000_000
MOST_TIMESTAMPS = 1_000
MOST_CELLS = 10_000_000


def random_sequences(sequences: int, timestamps: int, share_of_ones: float, seed: int) -> Array:
    """Draw ones and zeros, shape (N, T); each cell is 1 with the probability ``share_of_ones``.

    More sequences of the same seed begin with the same ones. Raises `ValueError` with one
    sentence for sizes below 1 or too large, a share outside 0…1, and a negative seed.
    """
    if problem := _problem(sequences, timestamps, share_of_ones, seed):
        raise ValueError(problem)
    cells = np.random.Generator(np.random.PCG64(seed)).random((sequences, timestamps))
    # In place: ten million draws need no second array for the ones.
    np.less(cells, share_of_ones, out=cells)
    return cells


def _problem(sequences: int, timestamps: int, share_of_ones: float, seed: int) -> str:
    if sequences < 1 or timestamps < 1:
        return "There must be at least one sequence and one timestamp."
    if not 0.0 <= share_of_ones <= 1.0:
        return f"The share of ones must be from 0 to 1, not {share_of_ones!r}."
    if seed < 0:
        return f"The seed must be 0 or more, not {seed}."
    return why_too_large(sequences, timestamps)


def why_too_large(sequences: int, timestamps: int, components: int = 1) -> str:
    """Say in one sentence why so many cells are too many; empty where they are not.

    ``components`` is how many numbers the input of one timestamp has.
    """
    for count, what, most in (
        (sequences, "sequences", MOST_SEQUENCES),
        (timestamps, "timestamps", MOST_TIMESTAMPS),
    ):
        if count > most:
            return f"{count:,} {what} are too many: {most:,} is the most."
    cells = sequences * timestamps * components
    if cells > MOST_CELLS:
        fewer = MOST_CELLS // (timestamps * components)
        return f"{cells:,} cells are too many: take {fewer:,} sequences or fewer timestamps."
    return ""

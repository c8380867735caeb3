"""Whether two ways of computing the same numbers agree; nothing is timed before they do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

TOLERANCE = 1e-12


class Disagreement(Exception):
    """A yardstick computes other numbers than the program."""


def difference(ours: Sequence[ArrayLike], theirs: Sequence[ArrayLike]) -> float:
    """The largest difference, relative to the number, or to 1 where that is smaller than 1."""
    largest = 0.0
    for mine, other in zip(ours, theirs, strict=True):
        a, b = np.asarray(mine, dtype=np.float64), np.asarray(other, dtype=np.float64)
        if a.shape != b.shape:
            raise Disagreement(f"shapes differ: {a.shape} and {b.shape}")
        gaps = np.abs(a - b) / np.maximum(np.abs(a), 1.0)
        largest = float(np.maximum(largest, np.max(gaps)))  # what is not a number stays so
    return largest


def agreed(name: str, ours: Sequence[ArrayLike], theirs: Sequence[ArrayLike]) -> float:
    """The largest difference; raises `Disagreement` where it is above the tolerance."""
    gap = difference(ours, theirs)
    if not gap <= TOLERANCE:  # not a number is no agreement
        raise Disagreement(f"{name} differs from ours by {gap:.2g}, more than {TOLERANCE:g}")
    return gap

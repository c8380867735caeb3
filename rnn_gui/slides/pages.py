"""The lines of a step divided over pages, where one slide does not hold them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from core.epoch.equation import Equation
from rnn_gui.slides.scene import numbers_in
from rnn_gui.tutorial_cell import WEIGHTS

Fits = Callable[[range], bool]


def pages_of(equations: Sequence[Equation], fits: Fits) -> tuple[range, ...]:
    """Which lines stand on each page: as few pages as fit, with about as many lines on each.

    The same line of both weights stays on one page, unless even that one does not fit.
    """
    singly = range(1, len(equations))
    together = [i for i in singly if not _of_both_weights(equations[i - 1], equations[i])]
    for cuts in (together, list(singly)):
        for count in range(1, len(cuts) + 2):
            made = _divided(len(equations), cuts, count)
            if all(map(fits, made)):
                return made
    return made


def numbers_of(equations: Sequence[Equation], lines: range) -> range:
    """Which numbers of all equations stand in these lines, results too."""
    counts = [numbers_in(equation) + 1 for equation in equations]
    return range(sum(counts[: lines.start]), sum(counts[: lines.stop]))


def _divided(lines: int, cuts: Sequence[int], count: int) -> tuple[range, ...]:
    """Cut where the nearest cut to an even division is."""
    even = (lines * i / count for i in range(1, count))
    chosen = sorted({min(cuts, key=lambda cut: abs(cut - at)) for at in even})
    return tuple(range(a, b) for a, b in pairwise((0, *chosen, lines)))


def _of_both_weights(one: Equation, other: Equation) -> bool:
    wx, wrec = WEIGHTS
    return one.same_for(wx, other, wrec)

"""Mistakes of the catalogue, planted in the whole backward pass, to be found by their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Node, leaves, operations
from core.cell.operations import slope_of
from core.code.listing import Instead
from core.code.trace import Listing, Trace
from core.epoch.frame import Frame, retraced
from core.exercises.mistakes import Mistake, Slip
from core.exercises.naming import Naming
from core.exercises.slips import ZERO, Slips

# Relative, of any number among the gradients: a difference that one sees in three digits.
_SHOWS = 1e-3
_SAME = 1e-9


class Told(NamedTuple):
    """One of the tutorial's mistakes: how it is called, and which slips it is."""

    title: str
    sentence: str
    of: str  # the quantity or weight in whose lines it is made
    mistake: Mistake
    at: tuple[bool, ...] = (False, True)  # at the timestamps before T, at T


# By the keys that lessons and files give them.
TUTORIAL: dict[str, Told] = {
    "slope-forgotten": Told(
        "f' of the hidden states forgotten",
        "dE/dState k (In) was taken to be dE/dState k (Out) for k < T: the factor "
        "f'(State k (In)) of the hidden states was forgotten.",
        "S(In)",
        Mistake.SLOPE_MISSING,
        (False,),
    ),
    "slope-before": Told(
        "f' of the state before",
        "dE/dState k (In) was multiplied by f'(State k−1 (In)) in place of f'(State k (In)).",
        "S(In)",
        Mistake.OTHER_SLOPE,
    ),
    "last-slope-forgotten": Told(
        "f' of State T forgotten",
        "State T has an activation, but dE/dState T (In) was taken to be dE/dState T (Out): "
        "its f' was forgotten.",
        "S(In)",
        Mistake.SLOPE_MISSING,
        (True,),
    ),
    "wrec-forgotten": Told(
        "Wrec forgotten in the hop",
        "dE/dState k−1 (Out) was taken to be dE/dState k (In): the hop to the state before "
        "forgot the factor Wrec.",
        "S(Out)",
        Mistake.FACTOR_MISSING,
        (False,),
    ),
    "wx-for-wrec": Told(
        "Wx in place of Wrec",
        "The hop from State k (In) to State k−1 (Out) was multiplied by Wx in place of Wrec.",
        "S(Out)",
        Mistake.OTHER_WEIGHT,
        (False,),
    ),
    "sign": Told(
        "Sign of the error turned",
        "dE/dState T (Out) was started from y − State T (Out) in place of State T (Out) − y: "
        "every sign is turned.",
        "S(Out)",
        Mistake.SIGN,
        (True,),
    ),
    "mean-forgotten": Told(
        "Mean forgotten: 2 in place of 2/N",
        "dE/dState T (Out) was started with the factor 2 in place of 2/N: the cost is a mean "
        "over the N sequences.",
        "S(Out)",
        Mistake.MEAN,
        (True,),
    ),
    "input-before": Told(
        "Input of the timestamp before",
        "For dE/dWx, dE/dState k (In) was multiplied by the input of timestamp k−1 in place "
        "of the input of timestamp k.",
        "Wx",
        Mistake.OTHER_PARTNER,
    ),
    "in-for-out": Told(
        "State (In) in place of State (Out)",
        "For dE/dWrec, dE/dState k (In) was multiplied by State k−1 (In) in place of "
        "State k−1 (Out).",
        "Wrec",
        Mistake.IN_FOR_OUT,
    ),
}
# What people do wrong in a whole backward pass of any cell.
_PLANTED = (
    Mistake.SIGN,
    Mistake.TERM_MISSING,
    Mistake.FACTOR_MISSING,
    Mistake.PARTNER_MISSING,
    Mistake.OTHER_PARTNER,
    Mistake.SLOPE_MISSING,
    Mistake.FUNCTION_FOR_SLOPE,
    Mistake.OTHER_SLOPE,
    Mistake.OTHER_TIMESTAMP,
    Mistake.IN_FOR_OUT,
    Mistake.OTHER_WEIGHT,
    Mistake.TRANSPOSED,
    Mistake.MEAN,
)


@dataclass(frozen=True, eq=False)
class Planted:
    """A mistake to be planted: ``title`` among the answers, ``sentence`` after the answer.

    ``instead`` are the lines that stand in place of right ones, before T and at T.
    """

    key: str
    title: str
    sentence: str
    cell: Cell
    last: int
    instead: Instead = field(repr=False)

    @cached_property
    def listing(self) -> Listing:
        """The listing with the mistake in it."""
        return Listing(self.cell, self.last, self.instead)

    def trace(self, trace: Trace) -> Trace:
        """Return the same epoch with this mistake in its backward pass."""
        return Trace(trace.experiment, trace.weights, self._in(trace).listing)

    def _in(self, trace: Trace) -> Planted:
        """Find the mistake in the cell of a trace, which an edit may have changed."""
        place = trace.cell, trace.experiment.timestamps
        if place == (self.cell, self.last):
            return self
        if place not in self._elsewhere:
            right = Planted(self.key, self.title, self.sentence, *place, {})
            self._elsewhere[place] = mistakes_of(*place).get(self.key, right)
        return self._elsewhere[place]

    @cached_property
    def _elsewhere(self) -> dict[tuple[Cell, int], Planted]:
        return {}


def mistakes_of(cell: Cell, last: int) -> dict[str, Planted]:
    """List the mistakes that can be planted in a cell over ``last`` timestamps, by their keys."""
    if cell.key in ("tutorial", "tutorial-with-bias"):
        return {key: _told(key, told, cell, last) for key, told in TUTORIAL.items()}
    found: dict[tuple[str, ...], Planted] = {}
    for at_last in (False, True)[last == 1 :]:
        for line in cell.backward(at_last):
            for slip, instead in _of_line(cell, line, at_last, last):
                alike = line.left.name, slip.mistake.name, slip.it
                if alike not in found:
                    key = f"{len(found) + 1}-{line.left.name}-{slip.mistake.name}".lower()
                    key = re.sub("[^a-z0-9]+", "-", key)
                    found[alike] = _planted(key, slip, instead, line, cell, last)
    return {planted.key: planted for planted in found.values()}


def _told(key: str, told: Told, cell: Cell, last: int) -> Planted:
    instead: dict[tuple[Line, bool], Line] = {}
    for at_last in told.at:
        line = next(x for x in cell.backward(at_last) if x.left.name == told.of)
        if told.mistake is Mistake.OTHER_SLOPE and (last == 1 or not _has_slope(line)):
            continue  # no state before, or no slope to take
        for slip in _slips(cell, line, at_last, last):
            if slip.mistake is told.mistake and (wrong := _early(slip.node, line, cell)):
                instead.setdefault((line, at_last), line._replace(right=wrong))
    return Planted(key, told.title, told.sentence, cell, last, instead)


def _has_slope(line: Line) -> bool:
    return any(map(slope_of, operations(line.right)))


def _of_line(
    cell: Cell, line: Line, at_last: bool, last: int
) -> Iterator[tuple[Slip, dict[tuple[Line, bool], Line]]]:
    """Plant each slip of a line wherever the line stands, at T and before it."""
    places = [x for x in (False, True) if line in cell.backward(x)]
    for slip in _slips(cell, line, at_last, last):
        wrong = _early(slip.node, line, cell)
        same = [x for x in leaves(slip.node) if x.d] == [x for x in leaves(line.right) if x.d]
        if (
            slip.mistake in _PLANTED
            and wrong is not None
            and (same or slip.mistake is Mistake.TERM_MISSING)
        ):
            yield slip, {(line, place): line._replace(right=wrong) for place in places}


def _slips(cell: Cell, line: Line, at_last: bool, last: int) -> Iterator[Slip]:
    k = last if at_last else max(last - 1, 1)
    return Slips(cell, line, max(k, 2), max(last, 3 - at_last), symbolic=True).all()


def _planted(key: str, slip: Slip, instead: Instead, line: Line, cell: Cell, last: int) -> Planted:
    name = Naming(cell, None)
    left = name(line.left) if line.left.name not in cell.weights else f"dE/d{line.left.name}"
    title, why = f"{left}: {slip.title}", f"; {slip.why}" if slip.why else ""
    sentence = f"The mistake is in the line for {left}: {slip.title}{why}."
    return Planted(key, title, sentence, cell, last, instead)


def _early(node: Node, line: Line, cell: Cell) -> Node | None:
    """Put something in place of what is not there at timestamp 1; None for what never is.

    No input stands before timestamp 1, and no state: there the line adds nothing, or is right.
    """
    if node == line.right:
        return None
    missing = [x for x in leaves(node) if x.shift == -1 and (x.d or x.name not in cell.states)]
    if not missing:
        return node
    of_input = any(x.name == cell.input for x in missing)
    first = (
        Apply("sum", (ZERO * next(x for x in leaves(line.right) if x.d),))
        if of_input and cell.is_plain
        else line.right
    )
    return Apply("from 2 on", (node, first))


# --- planting ---------------------------------------------------------------------------------


def planted_frame(frame: Frame, mistake: Planted) -> Frame:
    """Return the same place of the run as this mistake would have it; its update is wrong, too."""
    return retraced(frame, mistake.trace(frame.trace))


def tell_apart(mistake: Planted, trace: Trace) -> bool:
    """Tell whether the mistake shows in these numbers: in three digits of some gradient."""
    right = Trace(trace.experiment, trace.weights)  # the trace may be planted itself
    return _shows(mistake, right)


def _shows(mistake: Planted, right: Trace) -> bool:
    if not mistake.instead:
        return False
    try:
        wrong = mistake.trace(right).gradient.flat
    except (ValueError, TypeError, IndexError):
        return False  # of another shape, or what is not computed yet: nobody can do that
    truth = right.gradient.flat
    if wrong.shape != truth.shape or not (np.isfinite(wrong) & np.isfinite(truth)).all():
        return False
    largest = np.maximum(np.abs(wrong), np.abs(truth))
    largest[largest == 0.0] = 1.0
    return bool(np.max(np.abs(wrong / largest - truth / largest)) > _SHOWS)


def plantable(trace: Trace) -> list[Planted]:
    """List the mistakes that show in these numbers."""
    right = Trace(trace.experiment, trace.weights)
    known = mistakes_of(trace.cell, trace.experiment.timestamps)
    return [mistake for mistake in known.values() if _shows(mistake, right)]


def plant(trace: Trace, draw: np.random.Generator, last: Planted | None = None) -> Planted | None:
    """Choose one of those that show, by chance, another than ``last`` if there is one."""
    right = Trace(trace.experiment, trace.weights)
    known = [*mistakes_of(trace.cell, trace.experiment.timestamps).values()]
    for place in draw.permutation(len(known)):
        mistake = known[int(place)]
        if (last is None or mistake.key != last.key) and _shows(mistake, right):
            return mistake
    return last if last is not None and _shows(last, right) else None


def same_numbers(one: Planted, other: Planted, trace: Trace) -> bool:
    """Tell whether both mistakes give the same sums at every timestamp: nobody can say which it
    was."""
    if one.key == other.key:
        return True
    first, second = one.trace(trace), other.trace(trace)
    return all(
        np.allclose(first.parts(w), second.parts(w), rtol=_SAME, atol=0.0, equal_nan=True)
        for w in trace.cell.weights
    )

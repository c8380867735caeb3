"""Mistakes of the catalogue, planted in the whole backward pass, to be found by their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Node, leaves
from core.code.listing import NOTHING, Instead
from core.code.trace import Listing, Trace
from core.epoch.frame import Frame, retraced
from core.epoch.glossary import upper
from core.exercises.gradient_check import relative_errors
from core.exercises.mistakes import Mistake, Naming, Slip
from core.exercises.slips import ZERO, Slips

# Relative, of any number among the gradients: a difference that one sees in three digits.
_SHOWS = 1e-3
_SAME = 1e-9
_BEFORE, _AT_LAST, _EVERYWHERE = (False,), (True,), (False, True)


class Told(NamedTuple):
    """One of the tutorial's mistakes: how it is called, and which slips it is."""

    words: str
    of: str  # the quantity or weight in whose lines it is made
    mistake: Mistake
    at: tuple[bool, ...] = _EVERYWHERE

    @property
    def title(self) -> str:
        """Title of the mistake among the answers."""
        return upper(self.words)


# By the keys that lessons and files give them.
TUTORIAL: dict[str, Told] = {
    "slope-forgotten": Told(
        "f' of the hidden states forgotten", "S(In)", Mistake.SLOPE_MISSING, _BEFORE
    ),
    "slope-before": Told("f' of the state before", "S(In)", Mistake.OTHER_SLOPE),
    "last-slope-forgotten": Told(
        "f' of State T forgotten", "S(In)", Mistake.SLOPE_MISSING, _AT_LAST
    ),
    "wrec-forgotten": Told("Wrec forgotten in the hop", "S(Out)", Mistake.FACTOR_MISSING, _BEFORE),
    "wx-for-wrec": Told("Wx in place of Wrec", "S(Out)", Mistake.OTHER_WEIGHT, _BEFORE),
    "sign": Told("sign of the error turned", "S(Out)", Mistake.SIGN, _AT_LAST),
    "mean-forgotten": Told("mean forgotten, 2 in place of 2/N", "S(Out)", Mistake.MEAN, _AT_LAST),
    "input-before": Told("input of the timestamp before", "Wx", Mistake.OTHER_PARTNER),
    "in-for-out": Told("State (In) in place of State (Out)", "Wrec", Mistake.IN_FOR_OUT),
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
    _listings: dict[tuple[Cell, int], Listing] = field(default_factory=dict, init=False, repr=False)

    def trace(self, trace: Trace) -> Trace:
        """Return the same epoch with this mistake in its backward pass.

        An edit may have given the trace another cell: the mistake of the same key is made there.
        """
        place = trace.cell, trace.experiment.timestamps
        if place not in self._listings:
            there = {self.key: self} if place == (self.cell, self.last) else mistakes_of(*place)
            instead = there[self.key].instead if self.key in there else NOTHING
            self._listings[place] = Listing(*place, instead)
        return Trace(trace.experiment, trace.weights, self._listings[place])


class _Made(NamedTuple):
    """A slip in a line of timestamp T, or of those before it, and the line it makes of it."""

    slip: Slip
    line: Line
    at_last: bool
    wrong: Line


def mistakes_of(cell: Cell, last: int) -> dict[str, Planted]:
    """List the mistakes that can be planted in a cell over ``last`` timestamps, by their keys."""
    if cell.key in ("tutorial", "tutorial-with-bias"):
        made = [*_made(cell, last, _EVERYWHERE)]
        return {key: _told(key, told, made, cell, last) for key, told in TUTORIAL.items()}
    found: dict[tuple[str, ...], Planted] = {}
    for one in _made(cell, last, _EVERYWHERE[last == 1 :]):
        alike = one.line.left.name, one.slip.mistake.name, one.slip.it
        if alike not in found and _can_be_planted(one):
            places = [at for at in _EVERYWHERE if one.line in cell.backward(at)]
            instead = {(one.line, at): one.wrong for at in places}
            key = re.sub("[^a-z0-9]+", "-", "-".join([str(len(found) + 1), *alike[:2]]).lower())
            title = f"{_named(cell, one.line)}: {one.slip.title}"
            sentence = _sentence(cell, one, one.slip.title)
            found[alike] = Planted(key, title, sentence, cell, last, instead)
    return {planted.key: planted for planted in found.values()}


def _made(cell: Cell, last: int, places: tuple[bool, ...]) -> Iterator[_Made]:
    for at_last in places:
        k = max(last if at_last else last - 1, 2)
        for line in cell.backward(at_last):
            for slip in Slips(cell, line, k, max(last, 3 - at_last), symbolic=True).all():
                if (wrong := _early(slip.node, line, cell)) is not None:
                    yield _Made(slip, line, at_last, line._replace(right=wrong))


def _told(key: str, told: Told, made: list[_Made], cell: Cell, last: int) -> Planted:
    meant = [x for x in made if (x.slip.mistake, x.line.left.name) == (told.mistake, told.of)]
    instead: dict[tuple[Line, bool], Line] = {}
    for one in meant:
        if one.at_last in told.at:
            instead.setdefault((one.line, one.at_last), one.wrong)
    sentence = _sentence(cell, meant[0], told.words) if meant else ""
    return Planted(key, told.title, sentence, cell, last, instead)


def _can_be_planted(one: _Made) -> bool:
    """Tell whether people do that, and all gradients that come back still stand there."""
    slip = one.slip
    same = [x for x in leaves(slip.node) if x.d] == [x for x in leaves(one.line.right) if x.d]
    return slip.mistake in _PLANTED and (same or slip.mistake is Mistake.TERM_MISSING)


def _sentence(cell: Cell, one: _Made, what: str) -> str:
    why = f"; {one.slip.why}" if one.slip.why else ""
    return f"The mistake is in the line for {_named(cell, one.line)}: {what}{why}."


def _named(cell: Cell, line: Line) -> str:
    return Naming(cell, None).leaf(line.left)


def _early(node: Node, line: Line, cell: Cell) -> Node | None:
    """Put something in place of what is not there at timestamp 1; None for what never is wrong.

    No input stands before timestamp 1, and no state: there the line adds nothing, or is right.
    """
    if node == line.right:
        return None
    missing = [x for x in leaves(node) if x.shift == -1 and (x.d or x.name not in cell.states)]
    if not missing:
        return node
    first = line.right
    if cell.is_plain and any(x.name == cell.input for x in missing):
        first = Apply("sum", (ZERO * next(x for x in leaves(line.right) if x.d),))
    return Apply("from 2 on", (node, first))


# --- planting ---------------------------------------------------------------------------------


def planted_frame(frame: Frame, mistake: Planted) -> Frame:
    """Return the same place of the run as this mistake would have it; its update is wrong, too."""
    return retraced(frame, mistake.trace(frame.trace))


def tell_apart(mistake: Planted, trace: Trace) -> bool:
    """Tell whether the mistake shows in these numbers: in three digits of some gradient."""
    try:
        wrong = mistake.trace(trace).gradient.flat
    except (ValueError, TypeError, IndexError):
        return False  # of another shape, or what is not computed yet: nobody can do that
    truth = Trace(trace.experiment, trace.weights).gradient.flat  # it may be planted itself
    if wrong.shape != truth.shape or not (np.isfinite(wrong) & np.isfinite(truth)).all():
        return False
    return bool(np.max(relative_errors(wrong, truth)) > _SHOWS)


def plant(trace: Trace, draw: np.random.Generator, last: Planted | None = None) -> Planted | None:
    """Choose one of those that show, by chance, another than ``last`` if there is one."""
    known = [*mistakes_of(trace.cell, trace.experiment.timestamps).values()]
    drawn = [known[int(place)] for place in draw.permutation(len(known))]
    others = [mistake for mistake in drawn if last is None or mistake.key != last.key]
    candidates = others if last is None else [*others, last]
    return next((mistake for mistake in candidates if tell_apart(mistake, trace)), None)


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

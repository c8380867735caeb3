"""The order of the steps of an epoch, in one table, and the ways through it.

Buttons, keys, time line, equations and narration all follow this order. A step computes
what a learner would write on one line of paper; for T timestamps an epoch has 5T + 3.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Phase(Enum):
    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"


class Kind(Enum):
    """What a step computes, for all sequences at once."""

    STATE_IN = "S{}(In)"
    STATE_OUT = "S{}(Out)"
    COST = "cost"
    D_STATE_OUT = "dS{}(Out)"
    D_STATE_IN = "dS{}(In)"
    D_WEIGHTS = "dW @ {}"
    SUMS = "Σ"
    UPDATE = "update"


# Phase, what is computed there, and in which order the timestamps are visited.
_UP, _DOWN, _ONCE = "1…T", "T…1", ""
TABLE: tuple[tuple[Phase, tuple[Kind, ...], str], ...] = (
    (Phase.FORWARD, (Kind.STATE_IN, Kind.STATE_OUT), _UP),
    (Phase.FORWARD, (Kind.COST,), _ONCE),
    (Phase.BACKWARD, (Kind.D_STATE_OUT, Kind.D_STATE_IN, Kind.D_WEIGHTS), _DOWN),
    (Phase.BACKWARD, (Kind.SUMS,), _ONCE),
    (Phase.UPDATE, (Kind.UPDATE,), _ONCE),
)


@dataclass(frozen=True)
class Step:
    """One step: its number in the epoch from 1, what it computes, and where.

    ``timestamp`` is 1…T, or 0 for the steps that belong to no timestamp: cost, sums, update.
    """

    number: int
    phase: Phase
    kind: Kind
    timestamp: int

    @property
    def label(self) -> str:
        """The step as the time line writes it."""
        return self.kind.value.format(self.timestamp)

    @property
    def place(self) -> tuple[Kind, int]:
        return self.kind, self.timestamp


@lru_cache(maxsize=8)
def steps_of(timestamps: int) -> tuple[Step, ...]:
    """The 5T + 3 steps of an epoch, in order."""
    visits = {_UP: range(1, timestamps + 1), _DOWN: range(timestamps, 0, -1), _ONCE: range(1)}
    places = [
        (phase, kind, k) for phase, kinds, order in TABLE for k in visits[order] for kind in kinds
    ]
    return tuple(Step(number, *place) for number, place in enumerate(places, start=1))


@lru_cache(maxsize=8)
def _numbers(timestamps: int) -> dict[tuple[Kind, int], int]:
    return {step.place: step.number for step in steps_of(timestamps)}


def step_number(timestamps: int, kind: Kind, timestamp: int = 0) -> int:
    """How many steps are done once this one is."""
    return _numbers(timestamps)[kind, timestamp]


def epoch_length(timestamps: int) -> int:
    """All steps of an epoch, the update included: 5T + 3."""
    return len(steps_of(timestamps))


def before_update(timestamps: int) -> int:
    """The steps of an epoch that are done when only the update is left: 5T + 2."""
    return step_number(timestamps, Kind.UPDATE) - 1


@lru_cache(maxsize=64)
def _visits(timestamps: int, kind: Kind) -> tuple[int, ...]:
    """The numbers of the steps of this kind, in their order."""
    return tuple(step.number for step in steps_of(timestamps) if step.kind is kind)


def known_timestamps(timestamps: int, kind: Kind, done: int) -> range:
    """The timestamps, ascending, whose value of this kind is computed after ``done`` steps."""
    known = bisect_right(_visits(timestamps, kind), done)
    if steps_of(timestamps)[_visits(timestamps, kind)[0] - 1].timestamp == 1:
        return range(1, known + 1)
    return range(timestamps - known + 1, timestamps + 1)


def same_step(done: int, timestamps: int, new_timestamps: int) -> int:
    """Where ``done`` steps of an epoch of T timestamps stand in one of another T.

    The same kind of step at the same timestamp, else the nearest before it.
    """
    numbers = _numbers(new_timestamps)
    for step in reversed(steps_of(timestamps)[:done]):
        if step.place in numbers:
            return numbers[step.place]
    return 0


class Position(NamedTuple):
    """Where the program stands: the epoch, and how many of its steps are done, 0…5T + 3."""

    epoch: int
    step: int

    def next(self, timestamps: int) -> Position:
        """One step on; after the update comes the first step of the next epoch."""
        if self.step == epoch_length(timestamps):
            return Position(self.epoch + 1, 1)
        return Position(self.epoch, self.step + 1)

    def previous(self, timestamps: int) -> Position | None:
        """One step back; None at the very beginning."""
        if self.step > 1 or self == (0, 1):
            return Position(self.epoch, self.step - 1)
        if self.epoch == 0:
            return None
        # Step 0 of an epoch and the update before it are one moment: nothing lies between.
        return Position(self.epoch - 1, epoch_length(timestamps) - (1 - self.step))

    def stride(self, timestamps: int, phase: Phase) -> Position | None:
        """To the end of the next timestamp of this phase; None where another phase is next."""
        coming = self.next(timestamps)
        steps = steps_of(timestamps)
        first = steps[coming.step - 1]
        if first.phase is not phase:
            return None
        group = (s.number for s in steps[coming.step - 1 :][:3] if _stride(s) == _stride(first))
        return Position(coming.epoch, max(group))


BEGINNING = Position(0, 0)


def _stride(step: Step) -> tuple[Phase, int]:
    return step.phase, step.timestamp

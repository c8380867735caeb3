"""Mistakes of the backward pass, to be planted and found.

There is one backward pass here, made of five parts, and a mistake replaces one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.activations import IDENTITY, Array
from core.frame import Frame
from core.gradient_check import relative_error
from core.trace import Trace, trace_epoch
from core.training import update

# Relative, of either sum: a difference that one sees in three digits.
_SHOWS = 1e-3
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The parts of a backward pass; k is a timestamp, 1…T.

    - ``first(trace)``: dE/dS_T(Out) of each sequence;
    - ``slope(trace, k)``: dE/dS_k(In) = dE/dS_k(Out) * slope;
    - ``hop(trace)``: dE/dS_{k-1}(Out) = dE/dS_k(In) * hop;
    - ``x(trace, k)`` and ``before(trace, k)``: what dE/dS_k(In) is multiplied by for dE/dWx and
      for dE/dWrec.
    """

    first: Callable[[Trace], Array]
    slope: Callable[[Trace, int], Array]
    hop: Callable[[Trace], float]
    x: Callable[[Trace, int], Array]
    before: Callable[[Trace, int], Array]


@dataclass(frozen=True)
class Mistake:
    """One thing done wrong: ``title`` among the answers, ``sentence`` after the answer."""

    key: str
    title: str
    sentence: str
    rule: Rule


def backward(trace: Trace, rule: Rule) -> tuple[Array, Array, Array, Array]:
    """dE/dS_k(Out), dE/dS_k(In), and each sequence's part of what timestamp k adds to dE/dWx
    and to dE/dWrec: four arrays of shape (T, N), by this rule.
    """
    steps, sequences = trace.experiment.timestamps, trace.experiment.sequences
    d_out, d_in, d_wx, d_wrec = np.empty((4, steps, sequences))
    with np.errstate(over="ignore", invalid="ignore"):
        d_out[-1] = rule.first(trace)
        for k in range(steps, 0, -1):
            d_in[k - 1] = d_out[k - 1] * rule.slope(trace, k)
            d_wx[k - 1] = d_in[k - 1] * rule.x(trace, k)
            d_wrec[k - 1] = d_in[k - 1] * rule.before(trace, k)
            if k > 1:
                d_out[k - 2] = d_in[k - 1] * rule.hop(trace)
    return d_out, d_in, d_wx, d_wrec


@dataclass(frozen=True, eq=False)
class PlantedTrace(Trace):
    """A trace whose backward pass goes by another rule; its forward pass is right."""

    rule: Rule

    @cached_property
    def _backward(self) -> tuple[Array, ...]:
        d_out, d_in, d_wx, d_wrec = self._tables
        with np.errstate(over="ignore", invalid="ignore"):
            return d_out, d_in, d_wx.sum(axis=1), d_wrec.sum(axis=1)

    @cached_property
    def d_wx_terms(self) -> Array:
        return self._tables[2]

    @cached_property
    def d_wrec_terms(self) -> Array:
        return self._tables[3]

    @cached_property
    def _tables(self) -> tuple[Array, Array, Array, Array]:
        tables = backward(self, self.rule)
        for table in tables:
            table.flags.writeable = False
        return tables


def planted_trace(trace: Trace, mistake: Mistake) -> PlantedTrace:
    """The same epoch with this mistake in its backward pass."""
    return PlantedTrace(trace.experiment, trace.weights, mistake.rule)


def planted_frame(frame: Frame, mistake: Mistake) -> Frame:
    """The same place of the run as this mistake would have it; its update is wrong, too."""
    trace = planted_trace(frame.trace, mistake)
    after, numbers = None, None
    if frame.after_update is not None:
        now, epoch = frame.numbers, frame.position.epoch
        after, numbers = update(frame.experiment, trace.weights, trace.gradient, now, epoch)
    return replace(frame, trace=trace, after_update=after, numbers_after=numbers, unactivated=None)


def tell_apart(mistake: Mistake, trace: Trace) -> bool:
    """Whether the mistake shows in these numbers: in three digits of dE/dWx or of dE/dWrec."""
    wrong = planted_trace(trace, mistake).gradient
    right = trace_epoch(trace.experiment, trace.weights).gradient  # the trace may be planted itself
    pairs = zip(wrong, right, strict=True)
    errors = [relative_error(one, other) for one, other in pairs]
    return bool(np.isfinite(errors).all() and max(errors) > _SHOWS)


def plantable(trace: Trace) -> list[Mistake]:
    """The mistakes that show in these numbers."""
    return [mistake for mistake in MISTAKES.values() if tell_apart(mistake, trace)]


def plant(trace: Trace, draw: np.random.Generator, last: Mistake | None = None) -> Mistake | None:
    """One of those that show, by chance, and another than ``last`` if there is one."""
    shown = plantable(trace)
    others = [mistake for mistake in shown if mistake is not last] or shown
    return others[int(draw.integers(len(others)))] if others else None


def same_numbers(one: Mistake, other: Mistake, trace: Trace) -> bool:
    """Whether both mistakes give the same sums at every timestamp: nobody can tell which it was."""
    if one is other:
        return True
    first, second = planted_trace(trace, one), planted_trace(trace, other)
    return all(
        np.allclose(a, b, rtol=_SAME, atol=0.0, equal_nan=True)
        for a, b in (
            (first.d_wx_by_timestamp, second.d_wx_by_timestamp),
            (first.d_wrec_by_timestamp, second.d_wrec_by_timestamp),
        )
    )


# The right parts


def _first(trace: Trace) -> Array:
    errors: Array = trace.state_out[-1] - trace.experiment.targets
    return errors * (2.0 / trace.experiment.sequences)


def _slope(trace: Trace, k: int) -> Array:
    slope: Array = trace.slopes[k - 1]
    return slope


def _x(trace: Trace, k: int) -> Array:
    column: Array = trace.experiment.inputs[:, k - 1]
    return column


def _before(trace: Trace, k: int) -> Array:
    out: Array = trace.state_out[k - 1]
    return out


RIGHT = Rule(first=_first, slope=_slope, hop=lambda trace: trace.weights.wrec, x=_x, before=_before)


# The wrong ones


def _no_slope(trace: Trace, k: int) -> Array:
    return (
        np.ones(trace.experiment.sequences) if k < trace.experiment.timestamps else _slope(trace, k)
    )


def _no_last_slope(trace: Trace, k: int) -> Array:
    return (
        _slope(trace, k) if k < trace.experiment.timestamps else np.ones(trace.experiment.sequences)
    )


def _slope_before(trace: Trace, k: int) -> Array:
    """At timestamp 1 there is no state before it, and without activation no f' to take."""
    taken = k == 1 or trace.experiment.activation(k) is IDENTITY
    return _slope(trace, k if taken else k - 1)


def _x_before(trace: Trace, k: int) -> Array:
    """No input stands before timestamp 1."""
    return _x(trace, k - 1) if k > 1 else np.zeros(trace.experiment.sequences)


def _before_in(trace: Trace, k: int) -> Array:
    """State 0 has no In."""
    before: Array = trace.state_in[k - 2] if k > 1 else trace.state_out[0]
    return before


MISTAKES = {
    mistake.key: mistake
    for mistake in (
        Mistake(
            "slope-forgotten",
            "f' of the hidden states forgotten",
            "dE/dState k (In) was taken to be dE/dState k (Out) for k < T: the factor "
            "f'(State k (In)) of the hidden states was forgotten.",
            replace(RIGHT, slope=_no_slope),
        ),
        Mistake(
            "slope-before",
            "f' of the state before",
            "dE/dState k (In) was multiplied by f'(State k−1 (In)) in place of f'(State k (In)).",
            replace(RIGHT, slope=_slope_before),
        ),
        Mistake(
            "last-slope-forgotten",
            "f' of State T forgotten",
            "State T has an activation, but dE/dState T (In) was taken to be dE/dState T (Out): "
            "its f' was forgotten.",
            replace(RIGHT, slope=_no_last_slope),
        ),
        Mistake(
            "wrec-forgotten",
            "Wrec forgotten in the hop",
            "dE/dState k−1 (Out) was taken to be dE/dState k (In): the hop to the state before "
            "forgot the factor Wrec.",
            replace(RIGHT, hop=lambda _: 1.0),
        ),
        Mistake(
            "wx-for-wrec",
            "Wx in place of Wrec",
            "The hop from State k (In) to State k−1 (Out) was multiplied by Wx in place of Wrec.",
            replace(RIGHT, hop=lambda trace: trace.weights.wx),
        ),
        Mistake(
            "sign",
            "Sign of the error turned",
            "dE/dState T (Out) was started from y − State T (Out) in place of State T (Out) − y: "
            "every sign is turned.",
            replace(RIGHT, first=lambda trace: -_first(trace)),
        ),
        Mistake(
            "mean-forgotten",
            "Mean forgotten: 2 in place of 2/N",
            "dE/dState T (Out) was started with the factor 2 in place of 2/N: the cost is a mean "
            "over the N sequences.",
            replace(RIGHT, first=lambda trace: _first(trace) * trace.experiment.sequences),
        ),
        Mistake(
            "input-before",
            "Input of the timestamp before",
            "For dE/dWx, dE/dState k (In) was multiplied by the input of timestamp k−1 in place "
            "of the input of timestamp k.",
            replace(RIGHT, x=_x_before),
        ),
        Mistake(
            "in-for-out",
            "State (In) in place of State (Out)",
            "For dE/dWrec, dE/dState k (In) was multiplied by State k−1 (In) in place of "
            "State k−1 (Out).",
            replace(RIGHT, before=_before_in),
        ),
    )
}

"""Training as a plain loop over floats: the fastest way while there are few numbers.

A NumPy call costs more than all the arithmetic of a small network. This loop runs as it stands
on lists of floats, and where Numba is installed it is compiled as it stands (`core.compiled`),
with the same numbers bit for bit. The functions that it calls are handed to it, so that the same
lines serve every activation and every update rule, compiled or not.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import Any, NamedTuple

from core.update_rules import RuleSettings

Column = Any  # a list of floats, or a one-dimensional array


class Data(NamedTuple):
    """What a network is trained on: ``inputs`` are N rows of T - 1 numbers, the last apart."""

    inputs: Any
    last_inputs: Column
    targets: Column
    state_0: float


class Updating(NamedTuple):
    """How weights are updated; ``clip_norm`` is infinite where no gradient is clipped."""

    rate_wx: float
    rate_wrec: float
    clip_norm: float
    settings: RuleSettings


class Point(NamedTuple):
    """Where an epoch stands before its update; a rule keeps two numbers for each weight."""

    wx: float
    wrec: float
    d_wx: float
    d_wrec: float
    first_wx: float
    first_wrec: float
    second_wx: float
    second_wrec: float


class Functions(NamedTuple):
    """What the loop is made of, compiled or not; ``gradient`` is called with the two after it."""

    train: Any
    gradient: Any
    hidden: Any
    last: Any
    update: Any
    clip_factor: Any


def cost_and_gradient(
    hidden: Any, last: Any, data: Data, wx: float, wrec: float
) -> tuple[float, float, float]:
    """E, dE/dWx and dE/dWrec.

    ``hidden`` and ``last`` give an activation and its slope (`Activation.of_number`). With two
    weights only, the derivatives of each state by them are carried along with it: forward mode,
    in recurrent networks real-time recurrent learning (Williams and Zipser, 1989). It needs no
    second pass and no memory of the first; the sums are those of back-propagation.
    """
    inputs, last_inputs, targets, state_0 = data
    cost = d_wx = d_wrec = 0.0
    for n in range(len(targets)):
        out, out_by_wx, out_by_wrec = state_0, 0.0, 0.0
        for x in inputs[n]:
            in_by_wx = out_by_wx * wrec + x
            in_by_wrec = out_by_wrec * wrec + out
            out, slope = hidden(out * wrec + x * wx)
            out_by_wx = slope * in_by_wx
            out_by_wrec = slope * in_by_wrec
        x = last_inputs[n]
        prediction, slope = last(out * wrec + x * wx)
        error = prediction - targets[n]
        cost += error * error
        error *= slope
        d_wx += error * (out_by_wx * wrec + x)
        d_wrec += error * (out_by_wrec * wrec + out)
    share = 1.0 / len(targets)
    return share * cost, 2.0 * share * d_wx, 2.0 * share * d_wrec


def train(
    gradient: Any,
    hidden: Any,
    last: Any,
    data: Any,
    update: Any,
    clip_factor: Any,
    updating: Updating,
    point: Point,
    epoch: int,
    columns: tuple[Column, ...],
) -> tuple[int, Point]:
    """Train from ``point``, which stands at ``epoch``, until the columns are full.

    ``columns`` take the cost, Wx, Wrec and the rule's numbers of each epoch that follows; the
    latter have length 0 where the rule keeps none. It stops before the first epoch whose cost
    or weights are not finite. Returns how many epochs were done, and where it stands then.
    """
    rate_wx, rate_wrec, clip_norm, settings = updating
    wx, wrec, d_wx, d_wrec, first_wx, first_wrec, second_wx, second_wrec = point
    costs, all_wx, all_wrec, firsts_wx, firsts_wrec, seconds_wx, seconds_wrec = columns
    keeps_numbers = len(firsts_wx) > 0
    done = 0
    for i in range(len(costs)):
        if clip_norm < inf:
            factor = clip_factor(d_wx, d_wrec, clip_norm)
            d_wx, d_wrec = factor * d_wx, factor * d_wrec
        t = epoch + i
        wx, first_wx, second_wx = update(wx, d_wx, rate_wx, first_wx, second_wx, t, settings)
        wrec, first_wrec, second_wrec = update(
            wrec, d_wrec, rate_wrec, first_wrec, second_wrec, t, settings
        )
        cost, d_wx, d_wrec = gradient(hidden, last, data, wx, wrec)
        if not (isfinite(cost) and isfinite(wx) and isfinite(wrec)):
            break
        point = Point(wx, wrec, d_wx, d_wrec, first_wx, first_wrec, second_wx, second_wrec)
        costs[i] = cost
        all_wx[i] = wx
        all_wrec[i] = wrec
        if keeps_numbers:
            firsts_wx[i] = first_wx
            firsts_wrec[i] = first_wrec
            seconds_wx[i] = second_wx
            seconds_wrec[i] = second_wrec
        done += 1
    return done, point

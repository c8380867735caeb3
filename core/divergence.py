"""Why a run diverged, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.activations import Array
from core.experiment import WEIGHT_NAMES, Experiment, Weights
from core.notation import number
from core.trace import Trace
from core.training import Run
from core.update_rules import rprop

_DIGITS = 2
_CLIP_NORM = 1.0
# Smaller rates are tried out over so many epochs, and so many cells times epochs.
_AHEAD, _TRIED = 100, 200_000
_POWERS = 12


@dataclass(frozen=True)
class WayOut:
    """One thing to try: what a button says, what it means, and the changed experiment."""

    title: str
    about: str
    change: Callable[[Experiment], Experiment]


@dataclass(frozen=True)
class Divergence:
    """What happened to a run that left the finite numbers, in one sentence, and what to try."""

    sentence: str
    ways_out: tuple[WayOut, ...]


def diagnose(run: Run) -> Divergence | None:
    """None for a run that has not diverged."""
    if not run.diverged:
        return None
    stopped = (
        f"Training stopped at epoch {run.last:,}, the last one whose cost and weights are finite "
        "numbers"
    )
    return Divergence(f"{stopped}: {_reason(run)}.", tuple(_ways_out(run)))


def _reason(run: Run) -> str:
    """Which factor grew, and at which timestamp: that of a hop, or else the step of a weight."""
    with np.errstate(over="ignore", invalid="ignore"):
        first, last = run.trace(0), run.trace(run.last)
        hops = np.abs(_hop_factors(last))
        if hops.size and np.nanmax(hops) > 1.0:
            return _grown_hop(hops, _hop_factors(first), _hop_factors(last))
        return _grown_step(run, first, last)


def _hop_factors(trace: Trace) -> Array:
    """Wrec * f'(S_k(In)) of each hop and sequence, shape (T - 1, N)."""
    factors: Array = trace.weights.wrec * trace.slopes[:-1]
    return factors


def _grown_hop(hops: Array, first: Array, last: Array) -> str:
    row, sequence = np.unravel_index(np.nanargmax(hops), hops.shape)
    before, after = float(first[row, sequence]), float(last[row, sequence])
    count = len(hops)
    everywhere = np.all(hops == hops[row, sequence]) and count > 1
    where = f"every timestamp from {count} to 1" if everywhere else f"timestamp {row + 1}"
    times = f", and the gradient is multiplied by it {count} times" if everywhere else ""
    return f"the factor Wrec · f' at {where} went from {_text(before)} to {_text(after)}{times}"


def _grown_step(run: Run, first: Trace, last: Trace) -> str:
    steps = {
        name: (
            getattr(run.experiment.learning_rates, key) * getattr(first.gradient, key),
            getattr(run.experiment.learning_rates, key) * getattr(last.gradient, key),
        )
        for key, name in WEIGHT_NAMES.items()
    }
    name = max(steps, key=lambda name: abs(steps[name][1]))
    before, after = steps[name]
    return (
        f"the step rate · dE/d{name} went from {_text(before)} to {_text(after)}, so that each "
        "update overshot farther than the one before"
    )


def _text(value: float) -> str:
    return number(value, _DIGITS)


def _ways_out(run: Run) -> list[WayOut]:
    ways = []
    if run.experiment.rule.apply is not rprop:
        divisor = _helpful_divisor(run)
        ways += [_smaller_rates(run.experiment, divisor)] if divisor else []
        ways += [_rprop()]
    if run.experiment.clip_norm is None:
        ways.insert(len(ways) - 1, _clipping())
    return ways


def _helpful_divisor(run: Run) -> int:
    """The least power of ten with which training gets well past where it stopped, tried out;
    0 if there is none."""
    ahead = min(2 * run.last + _AHEAD, _TRIED // run.experiment.inputs.size + 1)
    for power in range(1, _POWERS + 1):
        divisor = int(10.0**power)
        if Run(_with_rates(run.experiment, divisor)).extend(ahead):
            return divisor
    return 0


def _with_rates(experiment: Experiment, divisor: int) -> Experiment:
    rates = Weights(*(rate / divisor for rate in experiment.learning_rates))
    return replace(experiment, learning_rates=rates)


def _smaller_rates(experiment: Experiment, divisor: int) -> WayOut:
    rates = _with_rates(experiment, divisor).learning_rates
    return WayOut(
        f"Rates divided by {divisor:,}",
        f"Start again with the rates {number(rates.wx)} and {number(rates.wrec)}",
        lambda e: replace(e, learning_rates=rates),
    )


def _clipping() -> WayOut:
    return WayOut(
        f"Clip at norm {_CLIP_NORM:g}",
        f"Start again with every gradient shortened to a norm of {_CLIP_NORM:g} at most",
        lambda e: replace(e, clip_norm=_CLIP_NORM),
    )


def _rprop() -> WayOut:
    return WayOut(
        "Rprop",
        "Start again with Rprop, which looks at the sign of the gradient alone",
        lambda e: replace(e, update_rule="rprop"),
    )

"""Why a run diverged, and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.cell.expression import Leaf, Node, Number, factors_of
from core.cell.operations import slope_of
from core.code.hop import hop_quantities
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.notation import number
from core.data.values import Array
from core.training.run import Run

_DIGITS = 2
_CLIP_NORM = 1.0
# Smaller rates are tried out over so many epochs, and so many cells times epochs.
_AHEAD, _TRIED = 100, 200_000
_POWERS = 12
_LISTED = 3  # so many rates are told one by one


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
    """Say why a run has diverged; None for one that has not."""
    if not run.diverged:
        return None
    stopped = (
        f"Training stopped at epoch {run.last:,}, the last one whose cost and weights are finite "
        "numbers"
    )
    return Divergence(f"{stopped}: {_reason(run)}.", tuple(_ways_out(run)))


def _reason(run: Run) -> str:
    """Say which factor grew, and at which timestamp: that of a hop, or else a weight's step."""
    with np.errstate(all="ignore"):
        first, last = run.trace(0), run.trace(run.last)
        hops = {
            factor: _factors(last, factor)
            for factor in hop_quantities(run.experiment.cell).values()
            if run.experiment.timestamps > 1
        }
        largest = {factor: np.nanmax(np.abs(found), initial=0.0) for factor, found in hops.items()}
        factor = max(largest, key=lambda f: largest[f], default=None)
        if factor is None or not largest[factor] > 1.0:
            return _grown_step(run, first, last)
        return _grown_hop(factor, _factors(first, factor), hops[factor])


def _factors(trace: Trace, factor: Node) -> Array:
    """Work out the factor of each hop and sequence: shape (T - 1, N), or (T - 1, N, H)."""
    e = trace.experiment
    values = [np.asarray(trace.value(factor, k)) for k in range(1, e.timestamps)]
    return np.stack([np.broadcast_to(v, v.shape or (e.sequences,)) for v in values])


def _grown_hop(factor: Node, first: Array, last: Array) -> str:
    hops = np.abs(last)
    place = np.unravel_index(np.nanargmax(hops), hops.shape)
    before, after, count = float(first[place]), float(last[place]), len(hops)
    everywhere = np.all(hops == hops[place]) and count > 1
    where = f"every timestamp from {count} to 1" if everywhere else f"timestamp {place[0] + 1}"
    times = f", and the gradient is multiplied by it {count} times" if everywhere else ""
    name = " · ".join(map(_named, factors_of(factor)))
    return f"the factor {name} at {where} went from {_text(before)} to {_text(after)}{times}"


def _named(factor: Node) -> str:
    """Name a factor of a hop; a state without activation has the slope 1."""
    if isinstance(factor, Leaf):
        return factor.name
    return "f'" if slope_of(factor) or isinstance(factor, Number) else "(…)"


def _grown_step(run: Run, first: Trace, last: Trace) -> str:
    e = run.experiment
    before, after = (e.rates * e.layout.pack(trace.gradient) for trace in (first, last))
    i = max(range(e.layout.size), key=lambda i: abs(after[i]))
    return (
        f"the step rate · dE/d{e.layout.component_names[i]} went from {_text(float(before[i]))} to "
        f"{_text(float(after[i]))}, so that each update overshot farther than the one before"
    )


def _text(value: float) -> str:
    return number(value, _DIGITS)


def _ways_out(run: Run) -> Iterator[WayOut]:
    takes_rates = not run.experiment.rule.why_no_rates
    if takes_rates and (divisor := _helpful_divisor(run)):
        yield _smaller_rates(run.experiment, divisor)
    if run.experiment.clip_norm is None:
        yield WayOut(
            f"Clip at norm {_CLIP_NORM:g}",
            f"Start again with every gradient shortened to a norm of {_CLIP_NORM:g} at most",
            lambda e: e.changed(clip_norm=_CLIP_NORM),
        )
    if takes_rates:
        yield WayOut(
            "Rprop",
            "Start again with Rprop, which looks at the sign of the gradient alone",
            lambda e: e.changed(update_rule="rprop"),
        )


def _helpful_divisor(run: Run) -> int:
    """Find the least power of ten with which training gets well past where it stopped, tried out;
    0 if there is none."""
    ahead = min(2 * run.last + _AHEAD, _TRIED // run.experiment.inputs.size + 1)
    for power in range(1, _POWERS + 1):
        divisor = int(10.0**power)
        if Run(_with_rates(run.experiment, divisor)).extend(ahead):
            return divisor
    return 0


def _with_rates(experiment: Experiment, divisor: int) -> Experiment:
    rates = {name: rate / divisor for name, rate in experiment.learning_rates.items()}
    return experiment.changed(learning_rates=rates)


def _smaller_rates(experiment: Experiment, divisor: int) -> WayOut:
    rates = _with_rates(experiment, divisor).learning_rates
    texts = [number(rate) for rate in rates.values()]
    if len(texts) <= _LISTED:
        listed = f"the rate{'s' * (len(texts) > 1)} {', '.join(texts)}"
        said = " and ".join(listed.rsplit(", ", 1))
    elif len({*texts}) == 1:
        said = f"the rate {texts[0]} for every weight"
    else:
        said = f"every rate divided by {divisor:,}"
    return WayOut(
        f"Rates divided by {divisor:,}",
        f"Start again with {said}",
        lambda e: e.changed(learning_rates=rates),
    )

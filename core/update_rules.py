"""The update rules: plain functions whose lines are their formulas.

A rule takes one weight, the gradient of the cost by it, its learning rate, and the rule's own two
numbers for it; it returns the new weight and the new two numbers. All of them may be floats, or
arrays of one shape. A rule that needs fewer numbers hands the others on as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from core.activations import Array

# One number, or an array of them.
Real = TypeVar("Real", float, Array)


class Setting(NamedTuple):
    """One number that can be set: how it is called, the default, and what is allowed."""

    title: str
    default: float
    needed: str
    allows: Callable[[float], bool]


# Those of the rules, called as in a session file.
SETTINGS: dict[str, Setting] = {
    "momentum": Setting("momentum", 0.9, "from 0 to below 1", lambda v: 0 <= v < 1),
    "rprop_start": Setting("first size", 0.001, "above 0", lambda v: v > 0),
    "rprop_up": Setting("growth factor", 1.2, "at least 1", lambda v: v >= 1),
    "rprop_down": Setting("shrink factor", 0.5, "above 0 and at most 1", lambda v: 0 < v <= 1),
    "adam_beta1": Setting("beta 1", 0.9, "from 0 to below 1", lambda v: 0 <= v < 1),
    "adam_beta2": Setting("beta 2", 0.999, "from 0 to below 1", lambda v: 0 <= v < 1),
    "adam_epsilon": Setting("epsilon", 1e-8, "above 0", lambda v: v > 0),
}
CLIP_NORM = Setting("clip norm", 1.0, "above 0", lambda v: v > 0)  # of every rule, and optional


class RuleSettings(NamedTuple):
    """The numbers of `SETTINGS`."""

    momentum: float = SETTINGS["momentum"].default
    rprop_start: float = SETTINGS["rprop_start"].default
    rprop_up: float = SETTINGS["rprop_up"].default
    rprop_down: float = SETTINGS["rprop_down"].default
    adam_beta1: float = SETTINGS["adam_beta1"].default
    adam_beta2: float = SETTINGS["adam_beta2"].default
    adam_epsilon: float = SETTINGS["adam_epsilon"].default


def gradient_descent(
    weight: Real,
    gradient: Real,
    rate: float,
    first: Real,
    second: Real,
    epoch: int,
    _: RuleSettings,
) -> tuple[Real, Real, Real]:
    """W = W - rate * dE/dW."""
    return weight - rate * gradient, first, second


def momentum(
    weight: Real,
    gradient: Real,
    rate: float,
    velocity: Real,
    second: Real,
    epoch: int,
    settings: RuleSettings,
) -> tuple[Real, Real, Real]:
    """v = momentum * v + dE/dW; W = W - rate * v."""
    velocity = settings.momentum * velocity + gradient
    return weight - rate * velocity, velocity, second


def rprop(
    weight: Real,
    gradient: Real,
    rate: float,
    size: Real,
    sign_before: Real,
    epoch: int,
    settings: RuleSettings,
) -> tuple[Real, Real, Real]:
    """W = W - sign * size, where size grows as long as the sign of dE/dW stays.

    The rates play no part. The epoch before the first counts as one of sign 0.
    """
    sign = (gradient > 0) * 1.0 - (gradient < 0) * 1.0
    same = (sign == sign_before) * 1.0
    size = size * (settings.rprop_up * same + settings.rprop_down * (1.0 - same))
    return weight - sign * size, size, sign


def adam(
    weight: Real,
    gradient: Real,
    rate: float,
    mean: Real,
    square: Real,
    epoch: int,
    settings: RuleSettings,
) -> tuple[Real, Real, Real]:
    """m and s are running means of dE/dW and of its square; W = W - rate * m' / (sqrt(s') + eps).

    m' and s' are corrected for having started at 0 (Kingma and Ba, 2015, algorithm 1).
    """
    beta1, beta2, epochs = settings.adam_beta1, settings.adam_beta2, epoch + 1.0
    mean = beta1 * mean + (1.0 - beta1) * gradient
    square = beta2 * square + (1.0 - beta2) * gradient * gradient
    mean_corrected = mean / (1.0 - beta1**epochs)
    square_corrected = square / (1.0 - beta2**epochs)
    step = rate * mean_corrected / (square_corrected**0.5 + settings.adam_epsilon)
    return weight - step, mean, square


Rule = Callable[..., tuple[Any, Any, Any]]


@dataclass(frozen=True, kw_only=True)
class UpdateRule:
    """A rule, how it is called, and the two numbers that it keeps for each weight.

    ``numbers`` names those that it really keeps, as its formula calls them.
    """

    key: str  # in session files
    title: str
    formula: str  # its lines, with the names of `SETTINGS` in braces
    apply: Rule
    remark: str = ""
    numbers: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()  # those of `SETTINGS` that are its own
    why_no_rates: str = ""  # of a rule in which the learning rates play no part

    def start(self, settings: RuleSettings) -> tuple[float, float]:
        """The rule's two numbers at epoch 0."""
        return (settings.rprop_start, 0.0) if self.apply is rprop else (0.0, 0.0)


_ALL = (
    UpdateRule(
        key="gradient-descent",
        title="gradient descent",
        formula="W = W − rate · dE/dW",
        apply=gradient_descent,
    ),
    UpdateRule(
        key="momentum",
        title="momentum",
        formula="v = {momentum} · v + dE/dW\nW = W − rate · v",
        apply=momentum,
        numbers=("v",),
        settings=("momentum",),
    ),
    UpdateRule(
        key="rprop",
        title="Rprop",
        formula="size = size · {rprop_up} where the sign stays,\nelse size · {rprop_down}\n"
        "W = W − sign · size",
        remark="The sign is that of dE/dW.",
        apply=rprop,
        numbers=("size", "sign"),
        settings=("rprop_start", "rprop_up", "rprop_down"),
        why_no_rates="Rprop takes no rates: its step sizes grow and shrink by themselves.",
    ),
    UpdateRule(
        key="adam",
        title="Adam",
        formula="m = {adam_beta1} · m + (1 − {adam_beta1}) · dE/dW\n"
        "s = {adam_beta2} · s + (1 − {adam_beta2}) · (dE/dW)²\n"
        "m′ = m / (1 − {adam_beta1}ᵗ), s′ = s / (1 − {adam_beta2}ᵗ)\n"
        "W = W − rate · m′ / (√s′ + {adam_epsilon})",
        remark="m′ and s′ are m and s corrected for their start at 0; t counts the updates from 1.",
        apply=adam,
        numbers=("m", "s"),
        settings=("adam_beta1", "adam_beta2", "adam_epsilon"),
    ),
)
UPDATE_RULES: dict[str, UpdateRule] = {rule.key: rule for rule in _ALL}


def clip_factor(d_wx: float, d_wrec: float, limit: float) -> float:
    """What both gradients are multiplied by, so that their norm is at most ``limit``."""
    larger, smaller = max(abs(d_wx), abs(d_wrec)), min(abs(d_wx), abs(d_wrec))
    if not larger > 0.0:
        return 1.0
    # Squares of very large gradients would overflow, their ratio does not.
    ratio = smaller / larger
    norm = larger * math.sqrt(1.0 + ratio * ratio)
    return limit / norm if norm > limit else 1.0

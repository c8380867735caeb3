"""The update rules: each is a text, and all that is shown, run and said of it follows from that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.cell.expression import Leaf, Node, rewritten
from core.cell.operations import NUMPY, written
from core.cell.rule_code import (
    CLIPPING,
    GRADIENT,
    RATE,
    UPDATES,
    WEIGHT,
    RuleText,
    Statement,
    arithmetic,
    variable,
)

Array = NDArray[np.float64]


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


@dataclass(frozen=True, kw_only=True)
class UpdateRule(RuleText):
    """A rule: its text (`core.cell.rule_code` says how to read one) and how it is called.

    ``formula`` is what the screen shows, with the names of `SETTINGS` in braces.
    """

    key: str  # in session files
    title: str
    formula: str
    sentence: str
    remark: str = ""
    why_no_rates: str = ""  # of a rule in which the learning rates play no part

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """Names of those of `SETTINGS` that are the rule's own."""
        return tuple(name for name in SETTINGS if name in self.constants)

    def steps(self, *, clips: bool) -> tuple[Statement, ...]:
        """List the statements of an update, those that clip first."""
        return self._clipped if clips else self.statements

    @cached_property
    def _clipped(self) -> tuple[Statement, ...]:
        """The statements with the clipped gradient in place of dE/dW."""

        def clipped(x: Leaf) -> Leaf:
            return CLIPPED.left if x == GRADIENT else x

        own = (s._replace(right=rewritten(s.right, clipped)) for s in self.statements)
        return (*CLIPPING.statements, *own)

    def first_numbers(self, settings: Mapping[str, float], shape: tuple[int, ...]) -> Array:
        """Return what the rule keeps of weights of this shape at epoch 0: (numbers, *shape)."""
        numbers = np.zeros((len(self.numbers), *shape))
        for row, start in zip(numbers, self.start.values(), strict=True):
            row[...] = settings[start] if start in SETTINGS else float(start)
        return numbers


_ALL = (
    UpdateRule(
        key="gradient-descent",
        title="gradient descent",
        text="W = W - rate * dW",
        formula="W = W − rate · dE/dW",
        sentence="Each weight steps against its gradient, as far as its learning rate says.",
    ),
    UpdateRule(
        key="momentum",
        title="momentum",
        text="v = momentum * v + dW\nW = W - rate * v",
        formula="v = {momentum} · v + dE/dW\nW = W − rate · v",
        sentence="Each weight steps against its velocity v, in which earlier gradients live on.",
    ),
    UpdateRule(
        key="rprop",
        title="Rprop",
        text="""
start: size = rprop_start
sign = sign(dW)
same = stays(sign)  # the sign is that of the epoch before; the sign has turned
size = size * where(same, rprop_up, rprop_down)
W = W - sign * size
""",
        formula="size = size · {rprop_up} where the sign stays,\nelse size · {rprop_down}\n"
        "W = W − sign · size",
        sentence="Each weight steps against the sign of its gradient; the size of the step grows "
        "while the sign stays, and shrinks when it turns.",
        remark="The sign is that of dE/dW.",
        why_no_rates="Rprop takes no rates: its step sizes grow and shrink by themselves.",
    ),
    # Kingma and Ba, 2015, algorithm 1.
    UpdateRule(
        key="adam",
        title="Adam",
        text="""
m_lead = 1 - adam_beta1**t  # both means started at 0
s_lead = 1 - adam_beta2**t
m = adam_beta1 * m + (1 - adam_beta1) * dW
s = adam_beta2 * s + (1 - adam_beta2) * dW**2
paper: step = rate * (m / m_lead)
root = sqrt(s / s_lead)
W = W - step / (root + adam_epsilon)
""",
        formula="m = {adam_beta1} · m + (1 − {adam_beta1}) · dE/dW\n"
        "s = {adam_beta2} · s + (1 − {adam_beta2}) · (dE/dW)²\n"
        "m′ = m / (1 − {adam_beta1}ᵗ), s′ = s / (1 − {adam_beta2}ᵗ)\n"
        "W = W − rate · m′ / (√s′ + {adam_epsilon})",
        sentence="Each weight steps against the running mean m of its gradients, divided by the "
        "root of s, the running mean of their squares.",
        remark="m′ and s′ are m and s corrected for their start at 0; t counts the updates from 1.",
    ),
)
UPDATE_RULES: dict[str, UpdateRule] = {rule.key: rule for rule in _ALL}


def names_in_programs(weights: Iterable[str]) -> set[str]:
    """Return what the lines of all updates call variables, for these variables of weights."""
    names = {*SETTINGS, "clip_norm", "gradients"}
    for rule in (CLIPPING, *UPDATE_RULES.values()):
        kept = [Leaf(name, shift) for name in rule.numbers for shift in (-1, 0)]
        names |= {variable(rule, x, weight) for x in kept for weight in weights}
        made = {s.left.name for s in rule.statements if not s.only_named}
        names |= made - {"W", "g", *rule.numbers}
    return names


Known = dict[str, Any]  # by `spelled` names: floats, or arrays of one shape
LIMIT = Leaf("clip_norm")
NORM, FACTOR, CLIPPED = CLIPPING.statements


def updated(
    rule: UpdateRule,
    weights: Array,
    gradient: Array,
    rates: Array | float,
    numbers: Array,
    settings: Mapping[str, float],
    clip_norm: float | None,
    epoch: int,
) -> tuple[Array, Array]:
    """Return the weights, and the numbers that the rule keeps, after the update of an epoch.

    Weights and gradient are (n,), or (n, M) for M runs side by side; ``rates`` is (n,) or one
    number for all, and ``numbers`` (numbers of the rule, n[, M]). Nothing is changed in place.
    """
    rates = np.reshape(rates, (-1, *(1,) * (np.ndim(weights) - 1)))
    before = weights, gradient, rates, numbers
    known = known_of(rule, *before, settings, clip_norm, epoch, gradient)
    with np.errstate(all="ignore"):
        for statement in rule.steps(clips=clip_norm is not None):
            if statement is not NORM:  # that is known of all weights
                known[spelled(statement.left)] = evaluated(statement.right, known)
    kept = [known[spelled(Leaf(name, 0))] for name in rule.numbers]
    return known[spelled(Leaf("W", 0))], np.stack(kept) if kept else numbers


def clip_factor(gradient: Array, limit: float) -> Any:
    """Return what a gradient is multiplied by, so that its norm is at most ``limit``.

    It is one number for a gradient of shape (n,), and M of them for (n, M).
    """
    with np.errstate(all="ignore"):
        factor = evaluated(
            FACTOR.right, {spelled(LIMIT): limit, spelled(NORM.left): norm(gradient)}
        )
    return factor if np.ndim(factor) else float(factor)


def norm(gradient: Array) -> Any:
    """Return the Euclidean norm along the first axis, so that no square overflows."""
    largest = np.max(np.abs(gradient), axis=0)
    with np.errstate(all="ignore"):
        ratios = gradient / largest
        norms = np.where(largest > 0, largest * np.sqrt(np.sum(ratios * ratios, axis=0)), largest)
    return norms if np.ndim(norms) else float(norms)


def evaluated(node: Node, known: Known) -> Any:
    """Work an expression of a rule out, of floats or of arrays of one shape."""
    return eval(_compiled(node), {"np": np}, known)  # noqa: S307 (the program's own text)


@lru_cache(maxsize=256)
def _compiled(node: Node) -> CodeType:
    return compile(written(arithmetic(node), spelled, _OF_ARRAYS, ""), "update", "eval")


_OF_ARRAYS = NUMPY | {"shortened": "np.fmin(1.0, np.divide({0}, {1}))"}


def spelled(x: Leaf) -> str:
    """Spell a name of a rule so that old numbers and gradients have names of their own."""
    return f"{x.name}{'_before' * (x.shift == -1)}{'_gradient' * x.d}"


def known_of(
    rule: UpdateRule,
    weight: Any,
    gradient: Any,
    rate: Any,
    numbers: Iterable[Any],
    settings: Mapping[str, float],
    clip_norm: float | None,
    epoch: int,
    whole: Array,
) -> Known:
    """Return what is known of a weight before its update; ``numbers`` are those that the rule
    keeps of it, and the gradient by all weights, ``whole``, is (n,) or (n, M)."""
    kept = {Leaf(name, -1): old for name, old in zip(rule.numbers, numbers, strict=True)}
    own = {WEIGHT: weight, GRADIENT: gradient, RATE: rate, UPDATES: epoch + 1.0, **kept}
    clipping = {} if clip_norm is None else {LIMIT: clip_norm, NORM.left: norm(whole)}
    known = own | {Leaf(name): settings[name] for name in rule.settings} | clipping
    return {spelled(x): value for x, value in known.items()}

"""The experiment: all that a run starts from, frozen and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import ArrayLike

from core.activations import ACTIVATIONS, IDENTITY, LOGISTIC, Activation, Array
from core.update_rules import SETTINGS, UPDATE_RULES, RuleSettings, UpdateRule

# The tutorial's names of the two fields of `Weights`.
WEIGHT_NAMES = {"wx": "Wx", "wrec": "Wrec"}


class ExperimentError(ValueError):
    """A part of an experiment is not usable. The text names the part and what is needed."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field


class Weights(NamedTuple):
    """One number for each of the two weights: the weights, their rates, or their gradients."""

    wx: float
    wrec: float

    @property
    def finite(self) -> bool:
        return math.isfinite(self.wx) and math.isfinite(self.wrec)


@dataclass(frozen=True, eq=False, kw_only=True)
class Experiment:
    """Data, start weights, learning rates and activations of a two-weight recurrent network.

    ``inputs`` is N rows by T columns: N sequences of T numbers. ``targets`` holds one number
    for each sequence; with ``targets_count_ones`` they must count the ones. Arrays are copied
    and made read-only. Anything not usable raises `ExperimentError`.
    """

    inputs: Array
    targets: Array
    weights: Weights
    learning_rates: Weights
    targets_count_ones: bool = False
    initial_state: float = 0.0
    hidden_activation: str = LOGISTIC.key
    last_activation: str = IDENTITY.key
    update_rule: str = "gradient-descent"
    momentum: float = SETTINGS["momentum"].default
    rprop_start: float = SETTINGS["rprop_start"].default
    rprop_up: float = SETTINGS["rprop_up"].default
    rprop_down: float = SETTINGS["rprop_down"].default
    adam_beta1: float = SETTINGS["adam_beta1"].default
    adam_beta2: float = SETTINGS["adam_beta2"].default
    adam_epsilon: float = SETTINGS["adam_epsilon"].default
    clip_norm: float | None = None

    def __post_init__(self) -> None:
        inputs = matrix("inputs", self.inputs)
        targets = _vector("targets", self.targets)
        if len(targets) != len(inputs):
            raise ExperimentError(
                "targets",
                f"must hold one number for each sequence: {len(inputs)}, not {len(targets)}",
            )
        if self.targets_count_ones and not np.array_equal(targets, count_ones(inputs)):
            row = int(np.argmax(targets != count_ones(inputs)))
            raise ExperimentError(
                "targets",
                f"must be the number of ones while targets_count_ones is true: "
                f"sequence {row + 1} has {int(count_ones(inputs)[row])}, "
                f"its target is {float(targets[row])!r}",
            )
        for name, known in (
            ("hidden_activation", ACTIVATIONS),
            ("last_activation", ACTIVATIONS),
            ("update_rule", UPDATE_RULES),
        ):
            _choice(name, getattr(self, name), known)
        freeze = object.__setattr__
        freeze(self, "inputs", inputs)
        freeze(self, "targets", targets)
        freeze(self, "initial_state", _number("initial_state", self.initial_state))
        for name in ("weights", "learning_rates"):
            pair = getattr(self, name)
            checked = (_number(f"{name}.{part}", getattr(pair, part)) for part in Weights._fields)
            freeze(self, name, Weights(*checked))
        for name in SETTINGS:
            freeze(self, name, _setting(name, getattr(self, name)))
        if self.clip_norm is not None:
            freeze(self, "clip_norm", _above_0("clip_norm", self.clip_norm))

    @property
    def sequences(self) -> int:
        """N, the number of sequences."""
        return len(self.inputs)

    @property
    def timestamps(self) -> int:
        """T, the number of timestamps."""
        return int(self.inputs.shape[1])

    @property
    def rule(self) -> UpdateRule:
        """The update rule."""
        return UPDATE_RULES[self.update_rule]

    @property
    def rule_settings(self) -> RuleSettings:
        """The numbers that the update rules are set by."""
        return RuleSettings(*(getattr(self, name) for name in RuleSettings._fields))

    def activation(self, timestamp: int) -> Activation:
        """The activation of State ``timestamp``, 1…T."""
        last = timestamp == self.timestamps
        return ACTIVATIONS[self.last_activation if last else self.hidden_activation]

    def without_activation(self) -> Experiment:
        """The same experiment with no activation on any state."""
        return replace(self, hidden_activation=IDENTITY.key, last_activation=IDENTITY.key)

    def with_data(self, inputs: ArrayLike, targets: ArrayLike | None = None) -> Experiment:
        """Other sequences; the targets follow where they count the ones."""
        inputs = matrix("inputs", inputs)
        if self.targets_count_ones or targets is None:
            return replace(self, inputs=inputs, targets=count_ones(inputs))
        return replace(self, inputs=inputs, targets=_vector("targets", targets))

    def same_as(self, other: Experiment) -> bool:
        """Whether both hold the same numbers and choices."""
        return self._agrees(other, self.__dataclass_fields__)

    def same_costs(self, other: Experiment) -> bool:
        """Whether all weights cost the same in both, however training and its start differ."""
        return self._agrees(other, _OF_COSTS)

    def _agrees(self, other: Experiment, names: Iterable[str]) -> bool:
        # An edit of anything else leaves the arrays as they are: no need to look into them.
        pairs = ((getattr(self, name), getattr(other, name)) for name in names)
        return all(mine is yours or np.array_equal(mine, yours) for mine, yours in pairs)


_OF_COSTS = ("initial_state", "hidden_activation", "last_activation", "targets", "inputs")


def count_ones(inputs: Array) -> Array:
    """The number of cells equal to 1 in each row: shape (N, T) to (N,)."""
    ones: Array = np.sum(inputs == 1, axis=1, dtype=np.float64)
    return ones


def sequence_name(index: int) -> str:
    """What a sequence is called on screen: a, b, c … z, then 27, 28 …"""
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def matrix(field: str, values: Any) -> Array:
    """A checked, read-only copy of shape (N, T), with N and T at least 1.

    Each column lies in one piece in memory, for the network goes by timestamps. What was
    checked before is not copied again. Raises `ExperimentError` naming ``field`` for what is
    ragged, empty, no number, not finite.
    """
    try:
        # An array is never ragged: no need to look at every row of a large one.
        first = values[:1] if isinstance(values, np.ndarray) else values
        rows, lengths = len(values), {len(row) for row in first}
    except (TypeError, IndexError):
        raise ExperimentError(field, "must be rows of numbers") from None
    if rows == 0 or lengths == {0}:
        raise ExperimentError(field, "must have at least one row and one column")
    if len(lengths) > 1:
        raise ExperimentError(field, "must have the same number of columns in every row")
    return _numbers(field, values, 2, "must be rows of numbers")


def _vector(field: str, values: Any) -> Array:
    return _numbers(field, values, 1, "must be one row of numbers")


# Arrays that were checked, as long as somebody holds them: an edit of the weights need not copy
# a million inputs, and all runs of an undo stack that have the same ones share them.
_CHECKED: WeakValueDictionary[int, Array] = WeakValueDictionary()


def _numbers(field: str, values: Any, dimensions: int, needed: str) -> Array:
    known = _CHECKED.get(id(values))
    if known is not None and known is values and known.ndim == dimensions:
        return known
    try:
        array = np.array(values, dtype=np.float64, order="F")
    except (TypeError, ValueError, OverflowError):
        raise ExperimentError(field, needed) from None
    if array.ndim != dimensions:
        raise ExperimentError(field, needed)
    return _finite(field, array)


def _finite(field: str, array: Array) -> Array:
    finite = np.isfinite(array)
    if not finite.all():
        bad = np.argwhere(~finite)[0]
        place = ", ".join(
            f"{axis} {i + 1}" for axis, i in zip(("row", "column"), bad, strict=False)
        )
        raise ExperimentError(field, f"must be finite numbers; {place} is not")
    array.flags.writeable = False
    _CHECKED[id(array)] = array
    return array


def _number(field: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ExperimentError(field, "must be a number") from None
    if not math.isfinite(number):
        raise ExperimentError(field, "must be a finite number")
    return number


def _setting(field: str, value: Any) -> float:
    number = _number(field, value)
    if not SETTINGS[field].allows(number):
        raise ExperimentError(field, f"must be {SETTINGS[field].needed}")
    return number


def _above_0(field: str, value: Any) -> float:
    number = _number(field, value)
    if not number > 0:
        raise ExperimentError(field, "must be above 0")
    return number


def _choice(field: str, value: object, known: dict[str, Any]) -> None:
    if not isinstance(value, str) or value not in known:
        raise ExperimentError(field, f"must be one of {', '.join(known)}")

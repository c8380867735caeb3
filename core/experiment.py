"""The experiment: all that a run starts from, frozen and checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.activations import ACTIVATIONS, IDENTITY, LOGISTIC, Activation, Array

# The tutorial's names of the two fields of `Weights`.
WEIGHT_NAMES = {"wx": "Wx", "wrec": "Wrec"}
UPDATE_RULES = {"gradient-descent": "gradient descent"}


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

    @property
    def sequences(self) -> int:
        """N, the number of sequences."""
        return len(self.inputs)

    @property
    def timestamps(self) -> int:
        """T, the number of timestamps."""
        return int(self.inputs.shape[1])

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
        return all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in self.__dataclass_fields__
        )


def count_ones(inputs: Array) -> Array:
    """The number of cells equal to 1 in each row: shape (N, T) to (N,)."""
    ones: Array = np.sum(inputs == 1, axis=1, dtype=np.float64)
    return ones


def sequence_name(index: int) -> str:
    """What a sequence is called on screen: a, b, c … z, then 27, 28 …"""
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def matrix(field: str, values: Any) -> Array:
    """A checked, read-only copy of shape (N, T), with N and T at least 1.

    Raises `ExperimentError` naming ``field`` for what is ragged, empty, no number, not finite.
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


def _numbers(field: str, values: Any, dimensions: int, needed: str) -> Array:
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError, OverflowError):
        raise ExperimentError(field, needed) from None
    if array.ndim != dimensions:
        raise ExperimentError(field, needed)
    return _finite(field, array)


def _finite(field: str, array: Array) -> Array:
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ", ".join(
            f"{axis} {i + 1}" for axis, i in zip(("row", "column"), bad[0], strict=False)
        )
        raise ExperimentError(field, f"must be finite numbers; {place} is not")
    array.flags.writeable = False
    return array


def _number(field: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ExperimentError(field, "must be a number") from None
    if not math.isfinite(number):
        raise ExperimentError(field, "must be a finite number")
    return number


def _choice(field: str, value: object, known: dict[str, Any]) -> None:
    if not isinstance(value, str) or value not in known:
        raise ExperimentError(field, f"must be one of {', '.join(known)}")

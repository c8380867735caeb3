"""The experiment: all that a run starts from, frozen and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.cell.description import Cell
from core.cell.known import ACTIVATIONS, two_weights
from core.cell.parsing import TARGET
from core.cell.steps import Steps
from core.cell.update_rules import CLIP_NORM, SETTINGS, UPDATE_RULES, Setting, UpdateRule
from core.data.values import Array, Layout, Values

DEFAULTS: Mapping[str, float] = MappingProxyType({n: s.default for n, s in SETTINGS.items()})


class ExperimentError(ValueError):
    """A part of an experiment is not usable. The text names the part and what is needed."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field


@dataclass(frozen=True, eq=False, kw_only=True)
class Experiment:
    """A cell, its data, its start weights and how it is trained.

    ``inputs`` is N sequences by T timestamps, of numbers (N, T) or of vectors (N, T, I);
    ``targets`` one for each sequence, (N,) or (N, O), or, where the cell has a loss at every
    timestamp, (N, T) or (N, T, O). ``learning_rates`` is one number for all weights or one for
    each; ``initial_state`` holds what each state starts from, 0 where it is left out. With
    ``targets_count_ones`` the targets must count the ones. Arrays are copied and made read-only.
    Anything not usable raises `ExperimentError`.
    """

    cell: Cell
    inputs: Array
    targets: Array
    weights: Values
    learning_rates: Mapping[str, float]
    targets_count_ones: bool = False
    initial_state: Values = field(default_factory=lambda: Values({}))
    update_rule: str = "gradient-descent"
    settings: Mapping[str, float] = field(default_factory=lambda: DEFAULTS)
    clip_norm: float | None = None
    sizes: Mapping[str, int] = field(init=False)  # components of each letter of the description

    def __post_init__(self) -> None:
        self._check({f.name for f in fields(self)})

    def changed(self, **changes: Any) -> Experiment:
        """Return the experiment with some fields changed; the others are not checked again."""
        made = object.__new__(Experiment)
        made.__dict__.update({f.name: getattr(self, f.name) for f in fields(self)} | changes)
        if not changes.keys() & {"cell", "inputs"} and "steps" in self.__dict__:
            made.__dict__["steps"] = self.steps  # of many timestamps, they take a while
        made._check(set(changes))
        return made

    @property
    def sequences(self) -> int:
        """N, the number of sequences."""
        return len(self.inputs)

    @property
    def timestamps(self) -> int:
        """T, the number of timestamps."""
        return int(self.inputs.shape[1])

    @cached_property
    def steps(self) -> Steps:
        """The steps of an epoch."""
        return Steps(self.cell, self.timestamps)

    @cached_property
    def layout(self) -> Layout:
        """The weights, and how their numbers stand one after the other."""
        return Layout({name: np.shape(self.weights[name]) for name in self.cell.weights})

    @cached_property
    def rates(self) -> Array:
        """The learning rate of each number among the weights: shape (layout.size,)."""
        return np.array([self.learning_rates[name] for name, _ in self.layout.components])

    @property
    def rule(self) -> UpdateRule:
        """The update rule."""
        return UPDATE_RULES[self.update_rule]

    @property
    def hidden_activation(self) -> str:
        """The activation of States 1…T-1, as files call it; empty where it cannot be chosen."""
        return self.cell.activations[0] if self.cell.activations else ""

    @property
    def last_activation(self) -> str:
        """The activation of State T, as files call it; empty where it cannot be chosen."""
        return self.cell.activations[1] if self.cell.activations else ""

    def with_activations(self, hidden: str = "", last: str = "") -> Experiment:
        """Choose the activations of a cell that lets one choose them; "" leaves one as it is."""
        chosen = hidden or self.hidden_activation, last or self.last_activation
        for name, key in zip(("hidden_activation", "last_activation"), chosen, strict=True):
            _choice(name, key, ACTIVATIONS)
        return self.changed(cell=two_weights(*chosen, like=self.cell.key))

    def without_activation(self) -> Experiment:
        """Return the experiment with no activation on any state."""
        return self.with_activations("identity", "identity")

    def with_data(self, inputs: ArrayLike, targets: ArrayLike | None = None) -> Experiment:
        """Change the sequences; the targets follow where they count the ones."""
        if self.targets_count_ones or targets is None:
            checked = _numbers("inputs", inputs, self._input_dimensions)
            return self.changed(inputs=checked, targets=self.counted(checked))
        return self.changed(inputs=inputs, targets=targets)

    def counted(self, inputs: Array) -> Array:
        """Count the ones in each sequence, or, with a loss everywhere, the ones so far."""
        ones = inputs == 1
        return (
            ones.cumsum(axis=1).astype(float) if self.cell.costs_everywhere else count_ones(inputs)
        )

    def same_as(self, other: Experiment) -> bool:
        """Tell whether both hold the same numbers and choices."""
        return all(self._agrees(other, f.name) for f in fields(self) if f.init)

    def same_costs(self, other: Experiment) -> bool:
        """Tell whether all weights cost the same in both, however training and its start differ."""
        return all(self._agrees(other, n) for n in ("cell", "initial_state", "targets", "inputs"))

    def _agrees(self, other: Experiment, name: str) -> bool:
        mine, yours = getattr(self, name), getattr(other, name)
        if isinstance(mine, np.ndarray):
            return mine is yours or np.array_equal(mine, yours)
        return bool(mine is yours or mine == yours)

    @property
    def _input_dimensions(self) -> int:
        return 2 + len(self.cell.shapes[self.cell.input])

    def _check(self, changed: set[str]) -> None:
        """Check the fields that changed, and what has to agree with them."""
        for name, needs, checked in _CHECKS:
            if changed & {"cell", name, *needs}:
                self.__dict__[name] = checked(self)

    def _checked_targets(self) -> Array:
        cell = self.cell
        dimensions = 1 + cell.costs_everywhere + len(cell.shapes[TARGET])
        targets = _numbers("targets", self.targets, dimensions)
        if len(targets) != self.sequences:
            raise ExperimentError(
                "targets",
                f"must hold one number for each sequence: {self.sequences}, not {len(targets)}",
            )
        if cell.costs_everywhere and targets.shape[1] != self.timestamps:
            raise ExperimentError(
                "targets",
                f"must hold one number for each timestamp: {self.timestamps}, "
                f"not {targets.shape[1]}",
            )
        if self.targets_count_ones:
            self._check_counting(targets)
        return targets

    def _check_counting(self, targets: Array) -> None:
        if self.cell.shapes[TARGET] or self.cell.shapes[self.cell.input]:
            raise ExperimentError("targets_count_ones", "must be false where inputs are vectors")
        counted = self.counted(self.inputs)
        if not np.array_equal(targets, counted):
            row, *_ = np.argwhere(targets != counted)[0]
            raise ExperimentError(
                "targets",
                "must be the number of ones while targets_count_ones is true: "
                f"sequence {row + 1} has {_shown(counted[row])}, "
                f"its target is {_shown(targets[row], whole=False)}",
            )

    def _checked_values(
        self, place: str, values: Mapping[str, Any], names: tuple[str, ...]
    ) -> Values:
        _same_names(place, values, names)
        shapes = self.cell.shapes
        return Values(
            {name: _value(f"{place}.{name}", values[name], len(shapes[name])) for name in names}
        )

    def _checked_rates(self) -> Mapping[str, float]:
        rates, names = self.learning_rates, self.cell.weights
        if not isinstance(rates, Mapping):
            rates = dict.fromkeys(names, _number("learning_rates", rates))
        _same_names("learning_rates", rates, names)
        checked = {name: _number(f"learning_rates.{name}", rates[name]) for name in names}
        return MappingProxyType(checked)

    def _checked_states(self) -> Values:
        states, given = self.cell.states, self.initial_state
        shapes = {s: tuple(self.sizes[letter] for letter in self.cell.shapes[s]) for s in states}
        for name in given:
            if name not in states:
                raise ExperimentError("initial_state", f"has no {name}: write {_listed(states)}")
        values = {
            name: _value(f"initial_state.{name}", given[name], len(shapes[name]))
            if name in given
            else np.zeros(shapes[name])
            for name in states
        }
        for name, value in values.items():
            if np.shape(value) != shapes[name]:
                raise ExperimentError(
                    f"initial_state.{name}", f"must have {shapes[name][0]} numbers"
                )
        return Values(values)


# Each field that is checked, what else it has to agree with, and how it is read.
_CHECKS: tuple[tuple[str, tuple[str, ...], Callable[[Experiment], Any]], ...] = (
    ("inputs", (), lambda e: _numbers("inputs", e.inputs, e._input_dimensions)),
    ("targets", ("inputs", "targets_count_ones"), Experiment._checked_targets),
    ("weights", (), lambda e: e._checked_values("weights", e.weights, e.cell.weights)),
    ("learning_rates", (), Experiment._checked_rates),
    ("sizes", ("inputs", "targets", "weights"), lambda e: _checked_sizes(e)),
    ("initial_state", ("weights",), Experiment._checked_states),
    ("update_rule", (), lambda e: _choice("update_rule", e.update_rule, UPDATE_RULES)),
    ("settings", (), lambda e: _checked_settings(e.settings)),
    ("clip_norm", (), lambda e: _checked_clipping(e.clip_norm)),
)


def count_ones(inputs: Array) -> Array:
    """Count the cells equal to 1 in each row: shape (N, T) to (N,)."""
    ones: Array = np.sum(inputs == 1, axis=1, dtype=np.float64)
    return ones


# --- checking one field -----------------------------------------------------------------------


def _checked_sizes(e: Experiment) -> Mapping[str, int]:
    """Find how many components each letter stands for, the same everywhere."""
    shapes = e.cell.shapes
    arrays = {
        "inputs": (shapes[e.cell.input], e.inputs.shape[2:]),
        "targets": (shapes[TARGET], e.targets.shape[1 + e.cell.costs_everywhere :]),
        **{f"weights.{name}": (shapes[name], np.shape(value)) for name, value in e.weights.items()},
    }
    sizes: dict[str, int] = {}
    for place, (letters, shape) in arrays.items():
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                wanted = " by ".join(str(sizes.get(letter, letter)) for letter in letters)
                raise ExperimentError(
                    place,
                    f"must be {wanted} ({' by '.join(letters)}), "
                    f"and is {' by '.join(map(str, shape))}",
                )
    return MappingProxyType(sizes)


def _checked_clipping(value: Any) -> float | None:
    return None if value is None else _setting("clip_norm", value, CLIP_NORM)


def matrix(place: str, values: Any) -> Array:
    """Return a checked, read-only copy of shape (N, T), N and T at least 1.

    Raises `ExperimentError` naming ``place`` for what is ragged, empty, no number, not finite.
    """
    return _numbers(place, values, 2)


def _numbers(place: str, values: Any, dimensions: int) -> Array:
    """Copy numbers into an array in which each timestamp lies in one piece of memory."""
    needed = ("one row of numbers", "rows of numbers", "rows of timestamps of numbers")
    if dimensions > 1:
        _check_rows(place, values)
    try:
        array = np.array(values, dtype=np.float64, order="F")
    except (TypeError, ValueError, OverflowError):
        array = np.empty(())
    if array.ndim != dimensions or not array.size:
        raise ExperimentError(place, f"must be {needed[dimensions - 1]}")
    finite = np.isfinite(array)
    if not finite.all():
        bad = np.argwhere(~finite)[0]
        axes = ("row", "column", "component")
        where = ", ".join(f"{axis} {i + 1}" for axis, i in zip(axes, bad, strict=False))
        raise ExperimentError(place, f"must be finite numbers; {where} is not")
    array.flags.writeable = False
    return array


def _check_rows(place: str, values: Any) -> None:
    try:
        # An array is never ragged: no need to look at every row of a large one.
        first = values[:1] if isinstance(values, np.ndarray) else values
        rows, lengths = len(values), {len(row) for row in first}
    except (TypeError, IndexError):
        raise ExperimentError(place, "must be rows of numbers") from None
    if rows == 0 or lengths == {0}:
        raise ExperimentError(place, "must have at least one row and one column")
    if len(lengths) > 1:
        raise ExperimentError(place, "must have the same number of columns in every row")


def _value(place: str, value: Any, dimensions: int) -> Any:
    if dimensions == 0:
        return _number(place, value)
    return _numbers(place, value, dimensions)


def _number(place: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ExperimentError(place, "must be a number") from None
    if not math.isfinite(number):
        raise ExperimentError(place, "must be a finite number")
    return number


def _same_names(place: str, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name not in values:
            raise ExperimentError(f"{place}.{name}", "is missing: add it")
    for name in values:
        if name not in names:
            raise ExperimentError(place, f"has no {name}: write {_listed(names)}")


def _listed(names: tuple[str, ...]) -> str:
    return f"one of {', '.join(names)}" if names else "nothing there"


def _checked_settings(given: Mapping[str, Any]) -> Mapping[str, float]:
    for name in given:
        if name not in SETTINGS:
            raise ExperimentError(name, "is no setting of an update rule")
    merged = {**DEFAULTS, **given}
    return MappingProxyType({name: _setting(name, merged[name], SETTINGS[name]) for name in merged})


def _setting(name: str, value: Any, setting: Setting) -> float:
    number = _number(name, value)
    if not setting.allows(number):
        raise ExperimentError(name, f"must be a number {setting.needed}")
    return number


def _choice(place: str, value: object, known: Mapping[str, Any]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ExperimentError(place, f"must be one of {', '.join(known)}")
    return value


def _shown(value: Any, *, whole: bool = True) -> str:
    if np.ndim(value):
        return str(np.asarray(value).tolist())
    return str(int(value)) if whole else repr(float(value))

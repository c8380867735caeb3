"""Numbers, vectors and matrices by name: weights, their gradients, initial states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.cell.names import component_name

Array = NDArray[np.float64]
Value = float | Array


class Values(Mapping[str, Any]):
    """An immutable mapping from names to floats and read-only arrays; equal if all numbers are."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name: _frozen(value) for name, value in values.items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping) or [*self] != [*other]:
            return False
        return all(np.array_equal(self[name], other[name]) for name in self)

    def __hash__(self) -> int:
        return hash(tuple((name, np.asarray(value).tobytes()) for name, value in self.items()))

    def __repr__(self) -> str:
        return f"Values({self._values!r})"

    @cached_property
    def flat(self) -> Array:
        """All numbers one after the other, matrices row by row: shape (n,)."""
        if not self._values:
            return np.empty(0)
        return np.concatenate([np.ravel(value) for value in self._values.values()])

    @property
    def finite(self) -> bool:
        """Whether all numbers are finite."""
        return bool(np.isfinite(self.flat).all())


def _frozen(value: Any) -> Value:
    if np.ndim(value) == 0:
        return float(value)
    array: Array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array


class Layout:
    """How the numbers of some values stand one after the other: names with their shapes."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.shapes = dict(shapes)
        self.names = tuple(shapes)

    @cached_property
    def components(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Name and place, from 0, of each number; a plain number's place is ()."""
        return tuple((n, part) for n, shape in self.shapes.items() for part in np.ndindex(shape))

    @cached_property
    def component_names(self) -> tuple[str, ...]:
        """Each number as files call it: Wx, bi[1], Wi[1;2]."""
        return tuple(component_name(name, part) for name, part in self.components)

    @property
    def size(self) -> int:
        """The number of numbers."""
        return len(self.components)

    def pack(self, values: Mapping[str, Any]) -> Array:
        """Put the numbers one after the other: shape (size,)."""
        return np.concatenate([np.ravel(values[name]).astype(np.float64) for name in self.names])

    def unpack(self, flat: Array) -> Values:
        """Take numbers of shape (size,) apart by their names."""
        return Values({name: flat[part].reshape(self.shapes[name]) for name, part in self.parts})

    @cached_property
    def parts(self) -> list[tuple[str, slice]]:
        """Slices of the numbers of each name."""
        ends = [*accumulate(map(math.prod, self.shapes.values()))]
        return [(n, slice(*part)) for n, part in zip(self.names, pairwise([0, *ends]), strict=True)]

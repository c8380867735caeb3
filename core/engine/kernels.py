"""What programs over arrays are written with: operations, and sums over rows.

Rows are sequences, or beginnings of sequences; behind them come components, or many weights.
Their caller ignores overflow.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from core.data.values import Array
from core.engine.tree import Indices, Level
from core.engine.writing import ATOM, Dialect

# BLAS spreads a longer product over threads, and waking them takes longer than the product.
_PIECE = 8192
_FEW = 16  # parents whose children are added parent by parent


def logistic(z: Any) -> tuple[Any, Any]:
    """Return f = 1 / (1 + exp(-z)) and 1 - f, without a difference of nearly equal numbers."""
    growth = np.exp(np.minimum(z, 700.0))  # of more, infinity times 0 would be no number
    rest = 1.0 / (growth + 1.0)
    growth *= rest
    return growth, rest


def sech(z: Any) -> Any:
    """Return 1 / cosh(z), whose square is the slope of tanh."""
    growth = np.exp(z)
    return 2.0 / (growth + 1.0 / growth)


def relu(z: Any) -> tuple[Any, Any]:
    """Return max(z, 0) and its slope: 1 above 0, 0 at 0; what is no number stays none."""
    value = np.maximum(z, 0.0)
    return value, np.sign(value)


def sqrt(z: Any) -> tuple[Any, Any]:
    """Return the root of z and its slope."""
    value = np.sqrt(z)
    return value, np.divide(0.5, value)


def softmax(z: Array) -> Array:
    """Return shares that sum to 1."""
    growth = np.exp(z - np.max(z, axis=-1, keepdims=True))
    shares: Array = growth / np.sum(growth, axis=-1, keepdims=True)
    return shares


def dot(one: Array, other: Array) -> Array:
    """Return the product of two vectors, for each row: shape (…, 1)."""
    product: Array = np.sum(one * other, axis=-1, keepdims=True)
    return product


def total(rows: Any) -> Any:
    """Sum over the rows."""
    return np.add.reduce(rows, 0)


def product(one: Any, other: Any) -> Any:
    """Multiply, and sum over the rows."""
    if one.ndim > 1:
        return np.einsum("i...,i...->...", one, other)
    if len(one) <= _PIECE:
        return one @ other
    starts = range(0, len(one), _PIECE)
    return math.fsum(one[i : i + _PIECE] @ other[i : i + _PIECE] for i in starts)


def inner(one: Any, other: Any) -> Any:
    """Sum the products of all numbers."""
    return np.sum(one * other)


class Link(NamedTuple):
    """How the rows of a level hang on those of the level before.

    ``parents`` is None where each goes on from its own. ``starts`` tells where the children of
    each begin, ``ranks`` which have a second child, a third one, …; of few parents it is empty.
    """

    parents: Indices | None
    starts: Indices
    ranks: tuple[Indices, ...]

    @classmethod
    def of(cls, level: Level, before: int) -> Link:
        """Make the link of a level to one of so many rows."""
        children = np.bincount(level.parents, minlength=before)
        if children.max() == children.min() == 1:
            return UNLINKED
        ranks = (np.flatnonzero(children > j) for j in range(1, int(children.max())))
        is_wide = before > max(_FEW, children.max())
        starts = np.cumsum(children) - children
        return cls(level.parents, starts, tuple(ranks) if is_wide else ())

    def spread(self, rows: Any) -> Any:
        """Hand rows on to all their children."""
        return rows if self.parents is None else rows.take(self.parents, 0)

    def gather(self, rows: Any) -> Any:
        """Sum rows over siblings."""
        if self.parents is None or not np.ndim(rows):
            return rows
        if rows.ndim == 1:
            return np.add.reduceat(rows, self.starts)
        if not self.ranks:
            sums = np.empty((len(self.starts), *rows.shape[1:]))
            ends = [*self.starts[1:].tolist(), len(rows)]
            for i, (start, end) in enumerate(zip(self.starts.tolist(), ends, strict=True)):
                np.add.reduce(rows[start:end], 0, None, sums[i])
            return sums
        whole = rows.take(self.starts, 0)
        for j, places in enumerate(self.ranks, start=1):
            whole[places] += rows.take(self.starts[places] + j, 0)
        return whole


UNLINKED = Link(None, np.empty(0, dtype=np.intp), ())

_CALLED: dict[str, Any] = {"ln": np.log, "exp": np.exp, "tanh": np.tanh, "sech": sech}
_CALLED |= {"softmax": softmax, "total": total}
_PAIRS: dict[str, Any] = {"logistic": logistic, "relu": relu, "sqrt": sqrt}
_SUMS: dict[str, Any] = {"dot": dot, "product": product, "inner": inner}

ARRAYS = Dialect(
    {
        "+": ("{} + {}", 1, (1, 1)),
        "-": ("{} - {}", 1, (1, 2)),
        "*": ("{} * {}", 3, (3, 4)),
        "neg": ("-{}", 2, (4,)),
        # Plain numbers by 0 would raise.
        "/": ("_divide({}, {})", ATOM, (0, 0)),
        "@": ("{1} @ {0}.T", 3, (ATOM, 3)),
        "T@": ("{1} @ {0}", 3, (4, 3)),
        **{op: (f"_links[_i].{op}({{}})", ATOM, (0,)) for op in ("spread", "gather")},
        **{op: (f"_{op}({{}})", ATOM, (0,)) for op in _CALLED},
        **{op: (f"_{op}({{}}, {{}})", ATOM, (0, 0)) for op in _SUMS},
        # Products with many matrices at once, and one of the results.
        "bundle": ("_bundle([{all}])", ATOM, ()),
        "bundle @": ("{1} @ {0}.swapaxes(1, 2)", 3, (ATOM, 3)),
        "part": ("{}[{}]", ATOM, (ATOM, 0)),
        "sum outer": ("{0}.T @ {1}", 3, (ATOM, 4)),
    },
    {f: f"{{f}}, {{s}} = _{f}({{z}})" for f in _PAIRS},
    {f"_{op}": f for op, f in (_CALLED | _PAIRS | _SUMS).items()}
    | {"_divide": np.divide, "_bundle": np.stack},
)

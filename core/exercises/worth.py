"""What an expression is worth, in many epochs at once.

Every value has the axes trials, sequences, components: shape (trials, N, …), with 1 in place of
trials or of N for what these share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from core.cell.expression import Apply, Leaf, Node, Number
from core.cell.operations import function_of, slope_of
from core.cell.parsing import TARGET
from core.code.functions import FUNCTION_LINES
from core.code.trace import Trace
from core.data.values import Array

Worth = Mapping[Leaf, Array]  # by name and timestamp; dE/d of quantities, too
COUNT = Leaf("N")


def values_of(trace: Trace) -> dict[Leaf, Array]:
    """Return the values of all names in one epoch: one trial."""
    cell, e = trace.cell, trace.experiment
    found: dict[Leaf, Any] = {COUNT: [float(e.sequences)]}
    found |= {Leaf(name): np.asarray(trace.weights[name])[None] for name in cell.weights}
    found |= {Leaf(name, 0): trace.values(name, 0) for name in cell.states}
    if not cell.costs_everywhere:
        found[Leaf(TARGET)] = e.targets
    for k in range(1, e.timestamps + 1):
        found[Leaf(cell.input, k)] = e.inputs[:, k - 1]
        if cell.costs_everywhere:
            found[Leaf(TARGET, k)] = e.targets[:, k - 1]
        for equation in cell.at(k == e.timestamps):
            found[Leaf(equation.left, k)] = trace.values(equation.left, k)
            if trace.gradients(equation.left, k) is not None:
                found[Leaf(equation.left, k, d=True)] = trace.gradients(equation.left, k)
    return {leaf: np.asarray(value, dtype=np.float64)[None] for leaf, value in found.items()}


def worth(node: Node, values: Worth, k: int = 0) -> Array:
    """Work an expression out at timestamp k: shape (trials, N, …).

    Raises `KeyError` for what is not there, and `ValueError` for shapes that do not fit.
    """
    return _Worth(values, k).of(node)


def size(node: Node, values: Worth, k: int = 0) -> Array:
    """Return how large the parts of a sum are, which rounding errors go by: as `worth`, with all
    signs positive, and 1 in place of what is 0."""
    return _Size(values, k).of(node)


class _Worth:
    def __init__(self, values: Worth, k: int) -> None:
        self._values, self._k = values, k

    def of(self, node: Node) -> Array:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Number):
            number = np.full((1, 1), node.value)
            return number / self._values[COUNT] if node.mean else number
        assert isinstance(node, Apply)
        return self._applied(node)

    def _leaf(self, x: Leaf) -> Array:
        return self._values[Leaf(x.name, None if x.shift is None else x.shift + self._k, x.d)]

    def _applied(self, node: Apply) -> Array:
        args = [self.of(arg) for arg in node.args]
        if node.op in _FUNCTIONS:
            return np.asarray(_FUNCTIONS[node.op](*args))
        if node.op in _ALIGNED:
            one, other = _aligned(*args)
            return np.asarray(_ALIGNED[node.op](one, other))
        return np.asarray(_OTHERS[node.op](*args))


class _Size(_Worth):
    def _leaf(self, x: Leaf) -> Array:
        return _positive(super()._leaf(x))

    def _applied(self, node: Apply) -> Array:
        if function_of(node) or slope_of(node):
            return _positive(_Worth(self._values, self._k).of(node))
        op = {"-": "+", "neg": "+"}.get(node.op, node.op)
        if op == "+" and len(node.args) == 1:
            return self.of(node.args[0])
        return super()._applied(Apply(op, node.args))


def _positive(values: Array) -> Array:
    return np.where(values == 0, 1.0, np.abs(values))


def _aligned(one: Array, other: Array) -> tuple[Array, Array]:
    """Give a number as many axes of components as the vector has that it goes with."""
    most = max(one.ndim, other.ndim)
    first, second = (a.reshape(a.shape + (1,) * (most - a.ndim)) for a in (one, other))
    return first, second


def _matrix_times(w: Array, x: Array) -> Array:
    if w.ndim != 4 or x.ndim != 3:
        raise ValueError("no matrix times a vector")
    return np.asarray(np.matmul(w, x[..., None])[..., 0])


def _outer(a: Array, b: Array) -> Array:
    if a.ndim != 3 or b.ndim != 3:
        raise ValueError("no two vectors")
    return np.asarray(a[..., :, None] * b[..., None, :])


def _softmax(z: Array) -> Array:
    growth = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(growth / growth.sum(axis=-1, keepdims=True))


def _made() -> dict[str, Callable[..., Any]]:
    """Compile the functions and slopes of the listing."""
    space: dict[str, Any] = {"np": np}
    exec("\n".join(line for lines in FUNCTION_LINES.values() for line in lines), space)  # noqa: S102 (the program's own lines)
    return {name: space[name] for name in FUNCTION_LINES} | {"softmax": _softmax}


_FUNCTIONS = _made()
_ALIGNED: dict[str, Callable[[Array, Array], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
}
_OTHERS: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "@": _matrix_times,
    "T@": lambda w, g: _matrix_times(np.swapaxes(w, -1, -2), g),
    "outer": _outer,
    "dot": lambda a, b: (a * b).sum(axis=-1, keepdims=True),
    "sum": lambda a: a.sum(axis=1, keepdims=True),
    "sum outer": lambda a, b: _outer(a, b).sum(axis=1, keepdims=True),
}

"""The passes of a cell for many weights at once, number by number as its equations stand.

Arrays end with two axes: the sequences, and W sets of weights; components come before them. What
has no sequences, or is the same for all weights, has the length 1 there. Weights may be complex:
then a complex step goes through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.cell.description import Line
from core.cell.expression import Apply, Leaf, Node, Number
from core.cell.operations import FUNCTIONS
from core.cell.parsing import TARGET
from core.code.functions import FUNCTION_LINES
from core.data.experiment import Experiment

Numbers = NDArray[Any]  # of floats or of complex numbers
Move = Callable[[str, int, Numbers], Numbers]  # a quantity, a timestamp, its value: what is used


def _softmax(z: Numbers) -> Numbers:
    growth: Numbers = np.exp(z - np.max(np.real(z), axis=0))
    shares: Numbers = growth / np.sum(growth, axis=0)
    return shares


def _functions() -> dict[str, Callable[..., Numbers]]:
    """Make the functions of the listing, and their slopes: they go number by number."""
    space: dict[str, Any] = {"np": np}
    names = [name for f in FUNCTIONS for name in (f, f"d_{f}")]
    for name in names:
        exec("\n".join(FUNCTION_LINES[name]), space)  # noqa: S102 (the program's own lines)
    return {name: space[name] for name in names}


def _over_components(value: Numbers) -> Numbers:
    whole: Numbers = value.reshape(-1, *value.shape[-2:]).sum(axis=0)
    return whole


# How each operation goes through such arrays; the losses stay apart by sequences.
WORKED: dict[str, Callable[..., Numbers]] = {
    **_functions(),
    "+": np.add,
    "-": np.subtract,
    "neg": np.negative,
    "*": np.multiply,
    "/": np.divide,
    "**": lambda a, n: a**n,
    "@": lambda w, x: (w * x).sum(axis=1),
    "T@": lambda w, g: (w * g[:, np.newaxis]).sum(axis=0),
    "outer": lambda g, x: g[:, np.newaxis] * x,
    "dot": lambda p, g: (p * g).sum(axis=0),
    "softmax": _softmax,
    "squares": lambda u: _over_components(u * u),
    "entropy": lambda p, y: -_over_components(y * np.log(p)),
    "sum": lambda g: g.sum(axis=-2, keepdims=True),
    "sum outer": lambda g, x: (g[:, np.newaxis] * x).sum(axis=-2, keepdims=True),
}


class Passes:
    """A forward pass of an experiment, and a backward pass where it is asked for.

    ``weights`` gives those of a timestamp: arrays of shape (…, 1, W) by name. ``move`` may change
    each quantity as soon as it is computed.
    """

    def __init__(
        self,
        experiment: Experiment,
        weights: Callable[[int], Mapping[str, Numbers]],
        move: Move = lambda _name, _k, value: value,
    ) -> None:
        self._experiment, self._cell = experiment, experiment.cell
        self._weights, self._move = weights, move
        self._found: dict[tuple[str, int, bool], Numbers] = {}

    def losses(self) -> Numbers:
        """Return what each sequence adds to E: shape (N, W)."""
        e, cell = self._experiment, self._cell
        for name, start in e.initial_state.items():
            self._found[name, 0, False] = np.asarray(start)[..., np.newaxis, np.newaxis]
        total: Any = 0.0
        for k in range(1, e.timestamps + 1):
            self._found[cell.input, k, False] = _columns(e.inputs[:, k - 1])
            for equation in cell.at(k == e.timestamps):
                value = self._move(equation.left, k, self._value(equation.right, k))
                self._found[equation.left, k, False] = value
            if cell.cost.holds(k == e.timestamps):
                total = total + self._value(cell.cost.right, k) / e.sequences
        losses: Numbers = np.asarray(total)
        return losses

    def gradient(self) -> dict[str, Numbers]:
        """Return dE/d of every weight, each of shape (…, W); `losses` come first."""
        sums: dict[str, Any] = {}
        for k in range(self._experiment.timestamps, 0, -1):
            for left, value in self._back(k):
                if left.name in self._cell.weights:
                    sums[left.name] = sums.get(left.name, 0.0) + value[..., 0, :]
                else:
                    self._found[left.name, k, True] = value
        return sums

    def _back(self, k: int) -> Iterator[tuple[Leaf, Numbers]]:
        lines: tuple[Line, ...] = self._cell.backward(k == self._experiment.timestamps)
        for line in lines:
            yield line.left, self._value(line.right, k)

    def _value(self, node: Node, k: int) -> Any:
        if isinstance(node, Leaf):
            return self._leaf(node, k)
        if isinstance(node, Number):
            return node.value / self._experiment.sequences if node.mean else node.value
        assert isinstance(node, Apply)
        return WORKED[node.op](*(self._value(arg, k) for arg in node.args))

    def _leaf(self, leaf: Leaf, k: int) -> Numbers:
        e = self._experiment
        if leaf.name == TARGET:
            return _columns(e.targets[:, k - 1] if self._cell.costs_everywhere else e.targets)
        if leaf.shift is None:
            return self._weights(k)[leaf.name]
        return self._found[leaf.name, k + leaf.shift, leaf.d]


def _columns(rows: Numbers) -> Numbers:
    """Turn an array with a row for each sequence, (N, …), into one of shape (…, N, 1)."""
    return np.moveaxis(rows, 0, -1)[..., np.newaxis]

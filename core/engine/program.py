"""The training of a plain cell as one Python program over floats, written for a cell and its data.

A NumPy call costs more than all the arithmetic of a small network. The program goes over the tree
of the sequences' beginnings, back through them by reverse accumulation, and updates the weights.
It runs as it stands, and `core.engine.compiled` compiles it as it stands, with the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from core.cell.expression import Leaf
from core.cell.rule_code import float_lines, variable
from core.data.experiment import Experiment
from core.data.values import Array
from core.engine.floats import NAMES, rolled, straight
from core.engine.tree import nodes_of
from core.engine.writing import executed

# Longer programs are rolled into loops: it takes too long to compile them, or to read them in.
_STRAIGHT = 150


class Program:
    """The source of ``train`` and ``gradient`` for an experiment, and both as functions."""

    def __init__(self, experiment: Experiment, longest: int = _STRAIGHT) -> None:
        nodes = nodes_of(experiment)
        self._epoch = straight(experiment, nodes, longest) or rolled(experiment, nodes)
        self._experiment = experiment

    @cached_property
    def source(self) -> str:
        """The function ``train``.

        It goes on from ``point``, the weights, their gradients and what the rule keeps at
        ``epoch``, until the columns are full of the cost, the weights and what the rule keeps of
        each epoch that follows. It stops before the first epoch whose cost or weights are not
        finite, and returns how many epochs were done and where it stands then.
        """
        e, weights = self._experiment, self._weights
        kept = self._kept
        point = _listed([*weights, *(f"d_{w}" for w in weights), *kept])
        columns = ["_cost", *weights, *kept]
        numbers = [*(f"rate_{w}" for w in weights), *e.rule.settings]
        numbers += ["clip_norm"] * (e.clip_norm is not None)
        total = " + ".join(["_cost", *weights])
        each = " and ".join(f"_isfinite({name})" for name in ["_cost", *weights])
        return "\n".join(
            [
                "def _train(_columns, _point, _start, _numbers, _data, _room):",
                f"    {_listed(f'_column{i}' for i in range(len(columns)))} = _columns",
                f"    {point} = _point",
                f"    {_listed(numbers)} = _numbers",
                *(f"    {line}" for line in self._unpacked),
                "    for _n in range(len(_column0)):",
                "        epoch = _start + _n",
                *(
                    f"        {line}"
                    for line in float_lines(e.rule, weights, clips=e.clip_norm is not None)
                ),
                *(f"        {line}" for line in self._epoch.lines),
                f"        if not _isfinite({total}):",  # once for all; then only if it overflowed
                f"            if not ({each}):",
                f"                return _n, ({point})",
                *(f"        _column{i}[_n] = {name}" for i, name in enumerate(columns)),
                f"    return len(_column0), ({point})\n",
            ]
        )

    @property
    def gradient_source(self) -> str:
        """The function ``gradient``: from weights to the cost and its gradient."""
        weights = self._weights
        return "\n".join(
            [
                f"def _gradient({', '.join(weights)}, _data, _room):",
                *(f"    {line}" for line in [*self._unpacked, *self._epoch.lines]),
                f"    return _cost, ({_listed(f'd_{w}' for w in weights)})\n",
            ]
        )

    @property
    def instructions(self) -> int:
        """About how many instructions an epoch takes."""
        nodes = len(self._epoch.data[0]) if self._epoch.data else 1
        return nodes * len(self._epoch.lines)

    @property
    def columns(self) -> int:
        """How many columns ``train`` fills."""
        return 1 + len(self._weights) + len(self._kept)

    @property
    def point_size(self) -> int:
        """How many numbers ``train`` goes on from."""
        return 2 * len(self._weights) + len(self._kept)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """Rates, settings and the clip norm, as ``train`` takes them."""
        e = self._experiment
        numbers = [e.learning_rates[w] for w in e.cell.weights]
        numbers += [e.settings[name] for name in e.rule.settings]
        return (*numbers, *([] if e.clip_norm is None else [e.clip_norm]))

    def train(
        self, table: Array, point: Sequence[float], epoch: int, compiled: Any = None
    ) -> tuple[int, Sequence[float]]:
        """Fill a table, a row for each of the columns of ``train``, by way of its compiled form
        where there is one. Returns how many epochs were done, and where it stands then."""
        if compiled is not None:
            done, reached = compiled(tuple(table), point, epoch, self.numbers, *self.arrays)
            return done, reached
        columns = [[0.0] * table.shape[1] for _ in table]
        done, reached = self._train(columns, point, epoch, self.numbers, *self._epoch[1:])
        table[:, :done] = np.array(columns)[:, :done]
        return done, reached

    def gradient(self, flat: Array) -> tuple[float, Array]:
        """Return the cost and its gradient, shape (n,), at weights of shape (n,)."""
        # One np.float64 among floats would halve the speed.
        cost, gradient = self._gradient(*flat.tolist(), *self._epoch[1:])
        return cost, np.array(gradient)

    @cached_property
    def arrays(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Data and room for a compiled program."""
        data, room = (
            tuple(np.array(x) for x in part) for part in (self._epoch.data, self._epoch.room)
        )
        return data, room

    @cached_property
    def _train(self) -> Any:
        return executed(self.source, "_train", NAMES)

    @cached_property
    def _gradient(self) -> Any:
        return executed(self.gradient_source, "_gradient", NAMES)

    @property
    def _weights(self) -> list[str]:
        return [f"_w{i}" for i in range(len(self._experiment.cell.weights))]

    @property
    def _kept(self) -> list[str]:
        rule = self._experiment.rule
        return [variable(rule, Leaf(n, -1), w) for n in rule.numbers for w in self._weights]

    @property
    def _unpacked(self) -> Iterator[str]:
        if self._epoch.data:
            yield "_parents, _inputs, _targets, _shares = _data"
        if self._epoch.room:
            yield f"{_listed(f'_r{i}' for i in range(len(self._epoch.room)))} = _room"


def _listed(names: Any) -> str:
    return "".join(f"{name}, " for name in names)

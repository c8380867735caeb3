"""The values of all names in one epoch, as formulas take them."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.cell.expression import Leaf
from core.cell.parsing import TARGET
from core.code.trace import Trace
from core.data.values import Array
from core.exercises.random_epochs import COUNT


def values_of(trace: Trace) -> dict[Leaf, Array]:
    """Return the values of all names in one epoch: of the sequences shape (…, N, 1)."""
    cell, e = trace.cell, trace.experiment
    found: dict[Leaf, Any] = {Leaf(name, 0): trace.values(name, 0) for name in cell.states}
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
    rows = {leaf: np.moveaxis(value, 0, -1)[..., np.newaxis] for leaf, value in found.items()}
    weights = {Leaf(w): np.asarray(trace.weights[w])[..., None, None] for w in cell.weights}
    return {COUNT: np.full((1, 1), float(e.sequences)), **weights, **rows}

"""The gradient check of every number of a backward pass: weights' copies and quantities alike."""

from __future__ import annotations

import math

import numpy as np

from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.values import Array, Layout, Values
from core.exercises.gradient_check import USUAL_STEP, complex_step
from core.landscape.passes import Numbers, Passes

_IMAGINARY = 1e-100


def complex_step_at(experiment: Experiment, weights: Values, k: int) -> dict[str, Array]:
    """Differentiate E by everything of timestamp k: by its copy of each weight, of the weight's
    shape, and by each quantity that it computes, of shape (N, …), by name."""
    losses = _losses_at(experiment, weights, k, 1j * _IMAGINARY)
    return _taken_apart(losses.imag / _IMAGINARY, experiment, k)


def central_differences_at(experiment: Experiment, weights: Values, k: int) -> dict[str, Array]:
    """Take (E(q + h) - E(q - h)) / (2h) by everything of timestamp k, as `complex_step_at` does."""
    more, less = (_losses_at(experiment, weights, k, h) for h in (USUAL_STEP, -USUAL_STEP))
    return _taken_apart((more - less) / (2.0 * USUAL_STEP), experiment, k)


def largest_error(trace: Trace) -> float:
    """Compare every number of a backward pass with its complex step.

    Return the largest difference, relative to the largest number of its kind: of that quantity,
    or that weight, at all timestamps.
    """
    e, cell = trace.experiment, trace.cell
    errors, sizes = dict[str, float](), dict[str, float]()

    def compare(kind: str, found: object, exact: Array) -> None:
        differences = np.abs(np.asarray(found) - exact)
        errors[kind] = max(errors.get(kind, 0.0), float(differences.max()))
        sizes[kind] = max(sizes.get(kind, 0.0), float(np.abs(exact).max()))

    for name, total in complex_step(e, trace.weights).items():
        compare(name, trace.gradient[name], np.asarray(total))
    for k in range(1, e.timestamps + 1):
        exact = complex_step_at(e, trace.weights, k)
        for line in cell.backward(k == e.timestamps):
            name = line.left.name
            is_part = name in cell.weights
            found = trace.part(name, k) if is_part else trace.gradients(name, k)
            compare(name, found, exact[name])
    return max(error / (sizes[kind] or 1.0) for kind, error in errors.items())


def _losses_at(experiment: Experiment, weights: Values, k: int, by: complex) -> Numbers:
    """Return the losses, shape (N, columns); in each column one number of timestamp k is moved.

    The sequences are independent, so a quantity is moved in all of them at once.
    """
    layout = _layout_at(experiment, k)
    units, start = {}, 0
    for name, shape in layout.shapes.items():
        count = math.prod(shape)
        units[name] = np.eye(count, layout.size, start).reshape(*shape, 1, layout.size)
        start += count
    still = {name: np.asarray(weights[name])[..., None, None] for name in weights}
    moved = {name: value + by * units[name] for name, value in still.items()}

    def move(name: str, at: int, value: Numbers) -> Numbers:
        return value + by * units[name] if at == k else value

    losses = Passes(experiment, lambda at: moved if at == k else still, move).losses()
    return np.broadcast_to(losses, (experiment.sequences, layout.size))


def _layout_at(experiment: Experiment, k: int) -> Layout:
    made = [e.left for e in experiment.cell.at(k == experiment.timestamps)]
    shapes = experiment.cell.shapes
    sizes = {q: tuple(experiment.sizes[letter] for letter in shapes[q]) for q in made}
    return Layout(experiment.layout.shapes | sizes)


def _taken_apart(slopes: Array, experiment: Experiment, k: int) -> dict[str, Array]:
    """Take slopes, shape (N, columns), apart by names; those of weights summed over sequences."""
    layout = _layout_at(experiment, k)
    rows = [layout.unpack(row) for row in slopes]
    stacked = {name: np.array([row[name] for row in rows]) for name in layout.names}
    weights = experiment.cell.weights
    return {name: v.sum(axis=0) if name in weights else v for name, v in stacked.items()}

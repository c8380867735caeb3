"""Every edit of the data: a new experiment from an old one, which stays as it was.

Rows and columns count from 0 here; the numbers of a vector stand in columns of their own, side by
side. Targets that count the ones follow the inputs; others move and go with their rows, and with
their timestamps where there is a loss at each, and a new one is 0. What cannot be done raises
`ExperimentError`. Initial states, weights, rates, activations and update rule need no function
of their own: ``experiment.changed(clip_norm=1.0)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.data.experiment import Experiment, ExperimentError, matrix
from core.data.values import Array

Indices = NDArray[np.intp]


def set_inputs(experiment: Experiment, row: int, column: int, block: ArrayLike) -> Experiment:
    """Put a block of inputs, shape (n, columns), with its first cell at (row, column)."""
    inputs = _put("inputs", experiment.inputs, row, column, block)
    return experiment.with_data(inputs, experiment.targets)


def set_targets(experiment: Experiment, row: int, block: ArrayLike, column: int = 0) -> Experiment:
    """Put a block of targets, shape (n, columns), with its first cell at (row, column)."""
    if experiment.targets_count_ones:
        raise ExperimentError(
            "targets", "follow the inputs: switch off “y = number of ones” to edit them"
        )
    return experiment.changed(targets=_put("targets", experiment.targets, row, column, block))


def set_counting(experiment: Experiment, counting: bool) -> Experiment:
    """Switch whether the targets count the ones; off leaves them as they are."""
    targets = experiment.counted(experiment.inputs) if counting else experiment.targets
    return experiment.changed(targets=targets, targets_count_ones=counting)


def insert_rows(experiment: Experiment, at: int, count: int = 1) -> Experiment:
    """Insert sequences of zeros before row ``at``; ``at = N`` adds them below."""
    return _in_rows(experiment, lambda cells: np.insert(cells, [at] * count, 0.0, axis=0))


def remove_rows(experiment: Experiment, rows: Collection[int]) -> Experiment:
    """Remove these sequences."""
    kept = _kept("sequence", experiment.sequences, rows)
    return _in_rows(experiment, lambda cells: cells[kept])


def move_row(experiment: Experiment, row: int, to: int) -> Experiment:
    """Make the sequence of ``row`` that of row ``to``; the ones between make room."""
    order = _moved(experiment.sequences, row, to)
    return _in_rows(experiment, lambda cells: cells[order])


def insert_timestamps(experiment: Experiment, at: int, count: int = 1) -> Experiment:
    """Insert timestamps with inputs of zero before column ``at``; ``at = T`` adds them last."""
    return _in_time(experiment, lambda cells: np.insert(cells, [at] * count, 0.0, axis=1))


def remove_timestamps(experiment: Experiment, columns: Collection[int]) -> Experiment:
    """Remove the timestamps of these columns."""
    kept = _kept("timestamp", experiment.timestamps, columns)
    return _in_time(experiment, lambda cells: cells[:, kept])


def move_timestamp(experiment: Experiment, column: int, to: int) -> Experiment:
    """Make the timestamp of ``column`` that of column ``to``; the ones between make room."""
    order = _moved(experiment.timestamps, column, to)
    return _in_time(experiment, lambda cells: cells[:, order])


def _in_rows(experiment: Experiment, edit: Callable[[Array], Array]) -> Experiment:
    return experiment.with_data(edit(experiment.inputs), edit(experiment.targets))


def _in_time(experiment: Experiment, edit: Callable[[Array], Array]) -> Experiment:
    targets = experiment.targets
    timed = edit(targets) if experiment.cell.costs_everywhere else targets
    return experiment.with_data(edit(experiment.inputs), timed)


def _put(field: str, cells: Array, row: int, column: int, block: ArrayLike) -> Array:
    part = matrix(field, block)
    height, width = part.shape
    changed = cells.reshape(len(cells), -1).copy(order="K")
    below, right = changed.shape[0] - row, changed.shape[1] - column
    if height > below or width > right:
        raise ExperimentError(
            field,
            f"have no room for {height} × {width} cells from row {row + 1}, column {column + 1} "
            f"on, only for {below} × {right}: copy fewer cells, or add rows or timestamps first",
        )
    changed[row : row + height, column : column + width] = part
    return changed.reshape(cells.shape)


def _kept(what: str, count: int, removed: Collection[int]) -> Indices:
    kept = np.delete(np.arange(count), list(removed))
    if not len(kept):
        raise ExperimentError("inputs", f"need at least one {what}: keep one of them")
    return kept


def _moved(count: int, index: int, to: int) -> Indices:
    return np.insert(np.delete(np.arange(count), index), to, index)

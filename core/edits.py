"""Every edit of the data: a new experiment from an old one, which stays as it was.

Rows and columns count from 0 here. Targets that count the ones follow the inputs; others
move and go with their rows, and a new row's target is 0. What cannot be done raises
`ExperimentError`. State 0, weights, rates, activations and update rule need no function of
their own: ``dataclasses.replace(experiment, initial_state=0.5)``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.activations import Array
from core.experiment import Experiment, ExperimentError, count_ones, matrix

Indices = NDArray[np.intp]


def set_inputs(experiment: Experiment, row: int, column: int, block: ArrayLike) -> Experiment:
    """Put a block of inputs, shape (n, t), with its first cell at (row, column)."""
    inputs = _put("inputs", experiment.inputs, row, column, block)
    return experiment.with_data(inputs, experiment.targets)


def set_targets(experiment: Experiment, row: int, block: ArrayLike) -> Experiment:
    """Put one column of targets, shape (n, 1), with its first cell at ``row``."""
    if experiment.targets_count_ones:
        raise ExperimentError(
            "targets", "follow the inputs: switch off “y = number of ones” to edit them"
        )
    column = _put("targets", experiment.targets[:, np.newaxis], row, 0, block)
    return replace(experiment, targets=column[:, 0])


def set_counting(experiment: Experiment, counting: bool) -> Experiment:
    """Switch whether the targets count the ones; off leaves them as they are."""
    targets = count_ones(experiment.inputs) if counting else experiment.targets
    return replace(experiment, targets=targets, targets_count_ones=counting)


def insert_rows(experiment: Experiment, at: int, count: int = 1) -> Experiment:
    """New sequences of zeros before row ``at``; ``at = N`` adds them below."""
    zeros = [at] * count
    return experiment.with_data(
        np.insert(experiment.inputs, zeros, 0.0, axis=0),
        np.insert(experiment.targets, zeros, 0.0),
    )


def remove_rows(experiment: Experiment, rows: Collection[int]) -> Experiment:
    """Without these sequences."""
    kept = _kept("sequence", experiment.sequences, rows)
    return experiment.with_data(experiment.inputs[kept], experiment.targets[kept])


def move_row(experiment: Experiment, row: int, to: int) -> Experiment:
    """The sequence of ``row`` becomes that of row ``to``; the ones between make room."""
    order = _moved(experiment.sequences, row, to)
    return experiment.with_data(experiment.inputs[order], experiment.targets[order])


def insert_timestamps(experiment: Experiment, at: int, count: int = 1) -> Experiment:
    """New timestamps with inputs of zero before column ``at``; ``at = T`` adds them last."""
    inputs = np.insert(experiment.inputs, [at] * count, 0.0, axis=1)
    return experiment.with_data(inputs, experiment.targets)


def remove_timestamps(experiment: Experiment, columns: Collection[int]) -> Experiment:
    """Without the timestamps of these columns."""
    kept = _kept("timestamp", experiment.timestamps, columns)
    return experiment.with_data(experiment.inputs[:, kept], experiment.targets)


def move_timestamp(experiment: Experiment, column: int, to: int) -> Experiment:
    """The timestamp of ``column`` becomes that of column ``to``; the ones between make room."""
    order = _moved(experiment.timestamps, column, to)
    return experiment.with_data(experiment.inputs[:, order], experiment.targets)


def _put(field: str, cells: Array, row: int, column: int, block: ArrayLike) -> Array:
    part = matrix(field, block)
    height, width = part.shape
    below, right = cells.shape[0] - row, cells.shape[1] - column
    if height > below or width > right:
        raise ExperimentError(
            field,
            f"have no room for {height} × {width} cells from row {row + 1}, column {column + 1} "
            f"on, only for {below} × {right}: copy fewer cells, or add rows or timestamps first",
        )
    changed = cells.copy(order="K")
    changed[row : row + height, column : column + width] = part
    return changed


def _kept(what: str, count: int, removed: Collection[int]) -> Indices:
    kept = np.delete(np.arange(count), list(removed))
    if not len(kept):
        raise ExperimentError("inputs", f"need at least one {what}: keep one of them")
    return kept


def _moved(count: int, index: int, to: int) -> Indices:
    return np.insert(np.delete(np.arange(count), index), to, index)

"""Every edit makes a new experiment, leaves the old one, and carries the targets along."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.data import edits
from core.data.experiment import Experiment, ExperimentError
from core.data.presets import PRESETS

COUNTED = PRESETS["part-2"].experiment
FREE = COUNTED.changed(targets=[7.0, 8.0, 9.0], targets_count_ones=False)

Edit = Callable[[Experiment], Experiment]
ROWS: list[tuple[Edit, list[list[int]], list[int]]] = [
    (lambda e: edits.set_inputs(e, 0, 1, [[1, 1], [0, 2]]),
     [[1, 1, 1], [1, 0, 2], [1, 1, 1]], [7, 8, 9]),
    (lambda e: edits.insert_rows(e, 3), [[1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0]], [7, 8, 9, 0]),
    (lambda e: edits.insert_rows(e, 1, 2),
     [[1, 0, 0], [0, 0, 0], [0, 0, 0], [1, 1, 0], [1, 1, 1]], [7, 0, 0, 8, 9]),
    (lambda e: edits.remove_rows(e, [0, 2]), [[1, 1, 0]], [8]),
    (lambda e: edits.move_row(e, 2, 0), [[1, 1, 1], [1, 0, 0], [1, 1, 0]], [9, 7, 8]),
    (lambda e: edits.move_row(e, 0, 2), [[1, 1, 0], [1, 1, 1], [1, 0, 0]], [8, 9, 7]),
    (lambda e: edits.insert_timestamps(e, 0),
     [[0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1]], [7, 8, 9]),
    (lambda e: edits.insert_timestamps(e, 3, 2),
     [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0]], [7, 8, 9]),
    (lambda e: edits.remove_timestamps(e, {0, 1}), [[0], [0], [1]], [7, 8, 9]),
    (lambda e: edits.move_timestamp(e, 2, 0), [[0, 1, 0], [0, 1, 1], [1, 1, 1]], [7, 8, 9]),
    (lambda e: edits.move_timestamp(e, 0, 2), [[0, 0, 1], [1, 0, 1], [1, 1, 1]], [7, 8, 9]),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "inputs", "targets"), ROWS)
def test_free_targets_go_with_their_rows(
    edit: Edit, inputs: list[list[int]], targets: list[int]
) -> None:
    edited = edit(FREE)
    assert edited.inputs.tolist() == inputs
    assert edited.targets.tolist() == targets
    assert edited.inputs.T.flags.c_contiguous
    assert FREE.inputs.tolist() == COUNTED.inputs.tolist()


@pytest.mark.parametrize(("edit", "inputs", "targets"), ROWS)
def test_counted_targets_follow_the_inputs(
    edit: Edit, inputs: list[list[int]], targets: list[int]
) -> None:
    edited = edit(COUNTED)
    assert edited.inputs.tolist() == inputs
    assert edited.targets.tolist() == [row.count(1) for row in inputs]


def test_targets_set_and_counted_again() -> None:
    edited = edits.set_targets(FREE, 1, [[4.5], [-1.0]])
    assert edited.targets.tolist() == [7.0, 4.5, -1.0]
    assert edits.set_counting(edited, True).same_as(COUNTED)
    assert edits.set_counting(COUNTED, False).targets.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda: edits.remove_rows(FREE, range(3)), "at least one sequence"),
        (lambda: edits.remove_timestamps(FREE, [0, 1, 2]), "at least one timestamp"),
        (lambda: edits.set_inputs(FREE, 2, 1, [[1, 1, 1], [0, 0, 0]]),
         "no room for 2 × 3 cells from row 3, column 2 on, only for 1 × 2"),
        (lambda: edits.set_targets(FREE, 1, [[1], [2], [3]]), "no room for 3 × 1 cells"),
        (lambda: edits.set_targets(FREE, 0, [[1, 2]]), "no room for 1 × 2 cells"),
        (lambda: edits.set_targets(COUNTED, 0, [[1]]), "“y = number of ones”"),
        (lambda: edits.set_inputs(FREE, 0, 0, [[1], [2, 3]]), "same number of columns"),
        (lambda: edits.set_inputs(FREE, 0, 0, [["x"]]), "must be rows of numbers"),
        (lambda: edits.set_inputs(FREE, 0, 0, [[np.inf]]), "must be finite numbers"),
        (lambda: edits.set_targets(FREE, 0, np.empty((0, 1))), "at least one row"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_so(edit: Callable[[], Experiment], sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        edit()


RUNNING = PRESETS["running-count"].experiment
VECTORS = PRESETS["lstm"].experiment


def test_targets_of_every_timestamp_go_with_it() -> None:
    free = edits.set_counting(RUNNING, False)
    assert free.targets[0].tolist() == [1, 1, 2, 3, 3]
    assert edits.insert_timestamps(free, 1).targets[0].tolist() == [1, 0, 1, 2, 3, 3]
    assert edits.remove_timestamps(free, [0, 4]).targets[0].tolist() == [1, 2, 3]
    assert edits.move_timestamp(free, 4, 0).targets[2].tolist() == [4, 1, 2, 3, 3]
    assert edits.set_targets(free, 1, [[8, 9]], 3).targets[1].tolist() == [0, 1, 1, 8, 9]
    assert edits.set_counting(free, True).same_as(RUNNING)
    assert edits.set_inputs(RUNNING, 0, 1, [[1]]).targets[0].tolist() == [1, 2, 3, 4, 4]


def test_the_numbers_of_a_vector_stand_side_by_side() -> None:
    edited = edits.set_inputs(VECTORS, 2, 3, [[7, 8], [5, 6]])
    assert edited.inputs[2:4, 1, 1].tolist() == [7, 5]
    assert edited.inputs[2:4, 2, 0].tolist() == [8, 6]
    assert (edited.inputs != VECTORS.inputs).sum() <= 4
    assert edits.set_targets(VECTORS, 7, [[0.5]]).targets[7].tolist() == [0.5]
    grown = edits.insert_timestamps(edits.insert_rows(VECTORS, 8), 0, 2)
    assert grown.inputs.shape == (9, 6, 2)
    assert grown.targets.shape == (9, 1)

"""Every edit makes a new experiment, leaves the old one, and carries the targets along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.experiment import Experiment, ExperimentError
from core.presets import PRESETS

COUNTED = PRESETS["part-2"].experiment
FREE = replace(COUNTED, targets=np.array([7.0, 8.0, 9.0]), targets_count_ones=False)

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

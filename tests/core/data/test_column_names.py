"""Columns that leave the program under names are known by them when they come back."""

from __future__ import annotations

import pytest

from core.data.column_names import column_names, known_columns


def test_the_names() -> None:
    assert column_names(2) == ["x1", "x2", "y", "S_2", "error"]


@pytest.mark.parametrize("timestamps", [1, 2, 3, 12, 1000])
def test_any_part_that_tells_the_number_of_timestamps_is_known(timestamps: int) -> None:
    names = column_names(timestamps)
    for first in {0, timestamps - 1, timestamps}:
        for last in range(timestamps + 2, timestamps + 4):
            found = known_columns(names[first:last])
            assert found is not None
            assert found.timestamps == timestamps
            kinds = [*found.inputs, found.target, *found.computed]
            assert kinds == list(range(last - first))
            assert len(found.inputs) == timestamps - first


def test_inputs_alone_and_results_alone() -> None:
    assert known_columns(["x2", "x3"]) == (3, range(2), None, range(2, 2))
    assert known_columns(["S_3", "error"]) == (3, range(0), None, range(2))


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["y"],
        ["error"],
        ["1", "0"],
        ["x1", "x3"],
        ["x0", "x1"],
        ["X1", "y"],
        ["x1", "x2", "y", "S_3", "error"],
        ["x1", "y", "error"],
        ["x1", "y", "S_1", "error", "z"],
        ["x99999", "y"],
    ],
)
def test_other_names_are_not_ours(names: list[str]) -> None:
    assert known_columns(names) is None

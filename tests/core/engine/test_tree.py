"""The tree of the sequences: what begins alike is there once, and nothing gets lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN
from core.data.experiment import Experiment
from core.engine import tree
from core.engine.tree import Level, most_nodes, tree_of
from tests.core.experiments import PART_2, made, of_ones

ROWS = st.lists(
    st.lists(st.sampled_from([0.0, 1.0, -0.5, 2.0]), min_size=3, max_size=3), min_size=1
)


def paths(levels: tuple[Level, ...]) -> list[tuple[list[tuple[float, ...]], float]]:
    """List what each leaf of the tree goes through, and how many sequences it stands for."""
    found = []
    for leaf, count in enumerate(levels[-1].counts.tolist()):
        path, node = [], leaf
        for level in reversed(levels):
            compared = () if level.targets is None else (float(level.targets[node]),)
            path.append((float(level.inputs[node]), *compared))
            node = int(level.parents[node])
        found.append((path[::-1], count))
    return found


def wanted(experiment: Experiment) -> list[tuple[list[tuple[float, ...]], float]]:
    everywhere = experiment.cell.costs_everywhere
    counts: dict[tuple[tuple[float, ...], ...], int] = {}
    for x, y in zip(experiment.inputs.tolist(), experiment.targets.tolist(), strict=True):
        last = len(x) - 1
        path = tuple(
            (value, y[k]) if everywhere else (value, y) if k == last else (value,)
            for k, value in enumerate(x)
        )
        counts[path] = counts.get(path, 0) + 1
    return [([*path], count) for path, count in counts.items()]


@given(ROWS, st.sampled_from(["tutorial", "running-count"]), st.data())
def test_every_sequence_is_there_once(
    rows: list[list[float]], key: str, data: st.DataObject
) -> None:
    numbers = st.sampled_from([0.0, 1.0, 7.5])
    shape = (len(rows), 3) if KNOWN[key]().costs_everywhere else (len(rows),)
    size = int(np.prod(shape))
    targets = np.reshape(data.draw(st.lists(numbers, min_size=size, max_size=size)), shape)
    experiment = made(KNOWN[key](), len(rows), 3, inputs=rows, targets=targets)
    levels = tree_of(experiment)
    assert sorted(paths(levels)) == sorted(wanted(experiment))
    assert all(level.counts.sum() == len(rows) for level in levels)
    assert all((np.diff(level.parents) >= 0).all() for level in levels)
    assert sum(len(level.inputs) for level in levels) <= most_nodes(experiment)


def test_the_tutorials_sequences_have_six_beginnings() -> None:
    assert [level.inputs.tolist() for level in tree_of(PART_2)] == [[1], [0, 1], [0, 0, 1]]
    assert [level.parents.tolist() for level in tree_of(PART_2)] == [[0], [0, 0], [0, 1, 1]]


def test_many_sequences_of_ones_are_few_nodes() -> None:
    experiment = of_ones("tutorial", 5000, 8)
    assert sum(len(level.inputs) for level in tree_of(experiment)) == 2**9 - 2


@pytest.mark.parametrize("value_range", [1, 2**16])
def test_sorted_or_counted_through_the_tree_is_the_same(
    value_range: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = of_ones("running-count", 50, 6)
    expected = sorted(paths(tree_of(experiment)))
    monkeypatch.setattr(tree, "_RANGE", value_range)
    assert sorted(paths(tree_of(experiment))) == expected

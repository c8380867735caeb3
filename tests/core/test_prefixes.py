"""The tree holds every sequence, each beginning once, and merging loses nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import prefixes
from core.activations import Array
from core.experiment import Experiment, Weights
from core.prefixes import Leftover, PrefixTree, prefix_tree
from core.presets import PRESETS
from tests.core.sampling import EXTREMES, MODERATE, experiments

PART_2 = PRESETS["part-2"].experiment
# With an activation on the last state no sequences are merged but equal ones.
PLAIN = PRESETS["why-no-log-on-the-last-state"].experiment


@st.composite
def alike(draw: st.DrawFn) -> Experiment:
    """Up to 12 sequences with few different numbers, so that many begin alike or are equal."""
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    few = st.sampled_from(draw(st.lists(MODERATE, min_size=1, max_size=3)))
    cells = draw(st.lists(few, min_size=height * width, max_size=height * width))
    targets = draw(st.lists(MODERATE, min_size=height, max_size=height))
    start = Weights(draw(MODERATE), draw(MODERATE))
    return replace(
        PLAIN,
        inputs=np.reshape(cells, (height, width)),
        targets=np.array(targets),
        targets_count_ones=False,
        initial_state=draw(MODERATE),
        weights=start,
    )


def sequences_of(tree: PrefixTree) -> Array:
    """The whole sequences that the last level's entries stand for, read from the end."""
    rows = np.arange(len(tree.counts))
    columns = []
    for level in reversed(tree.levels):
        columns.append(level.inputs[rows])
        rows = level.parents_of(0, len(level.inputs))[rows]
    assert not rows.any()  # all begin at State 0
    return np.column_stack(columns[::-1])


def check_tree(experiment: Experiment) -> None:
    tree, inputs = prefix_tree(experiment), experiment.inputs
    for k, level in enumerate(tree.levels, start=1):
        assert len(level.inputs) == len(np.unique(inputs[:, :k], axis=0))
    rows, counts = np.unique(inputs, axis=0, return_counts=True)
    assert np.array_equal(sequences_of(tree), rows)
    assert np.array_equal(tree.counts, counts)
    for row, target in zip(rows, tree.targets, strict=True):
        same = experiment.targets[(inputs == row).all(axis=1)]
        assert target == pytest.approx(np.mean(same), 1e-13, 1e-13)


@given(alike() | experiments().map(lambda e: replace(e, last_activation="logistic")))
def test_every_sequence_is_there_and_each_beginning_once(experiment: Experiment) -> None:
    check_tree(experiment)


@pytest.mark.parametrize("columns", [1, 2, 10])
def test_wide_ranges_of_numbers(columns: int) -> None:
    rng = np.random.default_rng(columns)
    whole = rng.integers(-30_000, 30_000, (200, columns))
    real = rng.normal(size=(200, columns))
    for inputs in (whole, real, np.hstack([real, whole])):
        twice = np.vstack([inputs, inputs[::3]]).astype(float)
        check_tree(PLAIN.with_data(twice))


def test_more_different_numbers_than_a_column_is_counted_through_for() -> None:
    inputs = np.random.default_rng(2).normal(size=(70_000, 3))
    tree = prefix_tree(PLAIN.with_data(inputs))
    assert [level.siblings for level in tree.levels] == [70_000, 1, 1]
    assert np.array_equal(sequences_of(tree), inputs[np.argsort(inputs[:, 0])])


def test_a_hundred_thousand_sequences_of_zeros_and_ones_are_two_thousand_states() -> None:
    inputs = np.random.default_rng(3).integers(0, 2, (100_000, 10)).astype(float)
    assert prefix_tree(PLAIN.with_data(inputs)).states == 2**11 - 2
    # Without activation on the last state the last input makes no branches of its own.
    assert prefix_tree(PART_2.with_data(inputs)).states == 2**10 - 2 + 2**9


@given(alike(), st.integers(1, 5))
def test_parts_together_are_the_tree(experiment: Experiment, size: int) -> None:
    tree = prefix_tree(experiment)
    parts = list(tree.parts(size))
    assert all(len(part.counts) <= size for part in parts)
    assert np.array_equal(np.vstack([sequences_of(p) for p in parts]), sequences_of(tree))
    assert np.array_equal(np.concatenate([p.counts for p in parts]), tree.counts)
    assert np.array_equal(np.concatenate([p.targets for p in parts]), tree.targets)
    assert [p.leftover for p in parts[1:]] == [Leftover()] * (len(parts) - 1)
    assert parts[0].leftover is tree.leftover


def squares(tree: PrefixTree, carried: float, wx: float) -> Fraction:
    """The sum of the squared errors c + x * Wx - y that a tree of one timestamp stands for."""
    (level,) = tree.levels
    total = Fraction(tree.leftover.rest)
    total += (
        Fraction(tree.leftover.curvature) * (Fraction(wx) - Fraction(tree.leftover.lowest)) ** 2
    )
    for x, y, count in zip(level.inputs, tree.targets, tree.counts, strict=True):
        total += (
            Fraction(count) * (Fraction(carried) + Fraction(x) * Fraction(wx) - Fraction(y)) ** 2
        )
    return total


@given(alike(), MODERATE, MODERATE)
def test_merging_keeps_the_sum_of_squares(
    experiment: Experiment, carried: float, wx: float
) -> None:
    inputs = experiment.inputs[:, :1]
    one = replace(experiment, inputs=inputs, last_activation="identity")
    exact = sum(
        (Fraction(carried) + Fraction(x) * Fraction(wx) - Fraction(y)) ** 2
        for x, y in zip(inputs[:, 0], one.targets, strict=True)
    )
    tree = prefix_tree(one)
    assert len(tree.counts) == 1
    assert float(squares(tree, carried, wx)) == pytest.approx(float(exact), 1e-13, 1e-13)


def test_merging_does_not_cancel() -> None:
    """Errors that are all 0, of sequences whose targets are large, merge to a sum of 0."""
    inputs = np.array([[0.0], [1.0], [1.0], [3.0]])
    targets = 1e8 + 2.0 * inputs[:, 0]
    one = replace(PART_2, inputs=inputs, targets=targets, targets_count_ones=False)
    assert float(squares(prefix_tree(one), 1e8, 2.0)) < 1e-12


def test_equal_sequences_with_equal_targets_leave_nothing_over() -> None:
    inputs = np.random.default_rng(5).integers(0, 2, (500, 3)).astype(float)
    assert prefix_tree(PLAIN.with_data(inputs)).leftover == Leftover()


def test_equal_sequences_with_different_targets() -> None:
    experiment = replace(
        PLAIN,
        inputs=np.array([[1.0, 0.0]] * 3),
        targets=np.array([1.0, 2.0, 6.0]),
        targets_count_ones=False,
    )
    tree = prefix_tree(experiment)
    assert tree.counts.tolist() == [3]
    assert tree.targets.tolist() == [3]
    assert tree.leftover == Leftover(rest=4 + 1 + 9)


@given(experiments(EXTREMES, EXTREMES))
def test_extremes_neither_warn_nor_raise(experiment: Experiment) -> None:
    assert prefix_tree(experiment).counts.sum() == experiment.sequences


def test_numbers_too_large_to_merge_are_left_apart() -> None:
    wide = replace(
        PART_2,
        inputs=np.array([[1e200], [-1e200]]),
        targets=np.zeros(2),
        targets_count_ones=False,
    )
    tree = prefix_tree(wide)
    assert tree.counts.tolist() == [1, 1]
    assert tree.leftover == Leftover()


def test_a_key_that_forgets_a_column_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = PLAIN.with_data([[1, 0, 1], [0, 1, 1], [1, 0, 0], [0, 0, 1], [1, 1, 0]])
    check_tree(experiment)
    right = prefixes._sorted_rows
    monkeypatch.setattr(prefixes, "_sorted_rows", lambda inputs: right(inputs[:, 1:]))
    with pytest.raises(AssertionError):
        check_tree(experiment)

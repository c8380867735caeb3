"""Random sequences: ones and zeros, the same for the same seed, and not too many."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.random_data import (
    MOST_CELLS,
    MOST_SEQUENCES,
    MOST_TIMESTAMPS,
    random_sequences,
    why_too_large,
)


def test_the_same_seed_gives_the_same_ones_and_zeros() -> None:
    cells = random_sequences(50, 7, 0.3, 42)
    assert cells.shape == (50, 7)
    assert cells.dtype == np.float64
    assert set(np.unique(cells)) == {0.0, 1.0}
    assert cells.tobytes() == random_sequences(50, 7, 0.3, 42).tobytes()
    assert cells.tobytes() != random_sequences(50, 7, 0.3, 43).tobytes()


def test_they_are_the_generators_draws_below_the_share() -> None:
    draws = np.random.Generator(np.random.PCG64(5)).random((4, 6))
    assert random_sequences(4, 6, 0.5, 5).tolist() == (draws < 0.5).tolist()


def test_more_sequences_begin_with_the_same_ones() -> None:
    assert random_sequences(9, 5, 0.5, 1)[:4].tolist() == random_sequences(4, 5, 0.5, 1).tolist()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_share_of_ones_is_as_asked(share: float) -> None:
    found = random_sequences(1000, 100, share, 3).mean()
    assert found == pytest.approx(share, abs=0.01 * (0 < share < 1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((0, 3, 0.5, 1), "There must be at least one sequence and one timestamp."),
        ((3, 0, 0.5, 1), "There must be at least one sequence and one timestamp."),
        ((3, 3, 1.5, 1), "The share of ones must be from 0 to 1, not 1.5."),
        ((3, 3, float("nan"), 1), "The share of ones must be from 0 to 1, not nan."),
        ((3, 3, 0.5, -1), "The seed must be 0 or more, not -1."),
        ((3, 1001, 0.5, 1), "1,001 timestamps are too many: 1,000 is the most."),
    ],
)
def test_what_cannot_be_made_is_told_in_one_sentence(
    arguments: tuple[int, int, float, int], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        random_sequences(*arguments)


@pytest.mark.parametrize(
    ("sequences", "timestamps", "said"),
    [
        (MOST_SEQUENCES, 10, ""),
        (MOST_CELLS // MOST_TIMESTAMPS, MOST_TIMESTAMPS, ""),
        (MOST_SEQUENCES + 1, 1, "1,000,001 sequences are too many: 1,000,000 is the most."),
        (1, MOST_TIMESTAMPS + 1, "1,001 timestamps are too many: 1,000 is the most."),
        (
            100_000,
            101,
            "10,100,000 cells are too many: take 99,009 sequences or fewer timestamps.",
        ),
    ],
)
def test_the_limits_name_what_fits(sequences: int, timestamps: int, said: str) -> None:
    assert why_too_large(sequences, timestamps) == said

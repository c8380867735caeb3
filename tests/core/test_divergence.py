"""Why a run diverged: the factor that grew is named, and every way out leads out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.divergence import diagnose
from core.experiment import Experiment, Weights
from core.presets import PRESETS
from core.training import Run
from core.update_rules import UPDATE_RULES
from tests.core.sampling import EXTREMES, experiments

PART_1 = replace(PRESETS["part-1"].experiment, learning_rates=Weights(0.1, 0.1))
# ReLU lets nothing of timestamp 1 through.
SILENT_AT_1 = replace(PART_1.with_data([[0.0, 2.0, 3.0]]), hidden_activation="relu")
ONE_TIMESTAMP = PART_1.with_data([[1.0], [3.0]])


def diverged(experiment: Experiment) -> Run:
    run = Run(experiment)
    run.extend(3000)
    assert run.diverged
    return run


def test_a_run_that_goes_on_has_no_divergence() -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.extend(50)
    assert diagnose(run) is None


def test_without_activation_the_factor_is_the_same_at_every_timestamp() -> None:
    run = diverged(PART_1)
    found = diagnose(run)
    assert found is not None
    assert found.sentence.startswith(f"Training stopped at epoch {run.last}, the last one whose")
    assert "the factor Wrec · f' at every timestamp from 2 to 1 went from 1.5 to " in found.sentence
    assert found.sentence.endswith(", and the gradient is multiplied by it 2 times.")


def test_with_an_activation_the_timestamp_of_the_largest_factor_is_named() -> None:
    run = diverged(SILENT_AT_1)
    found = diagnose(run)
    assert found is not None
    assert run.trace(run.last).slopes[:, 0].tolist() == [0.0, 1.0, 1.0]
    assert "the factor Wrec · f' at timestamp 2 went from 1.5 to " in found.sentence


def test_with_one_timestamp_it_is_the_step_that_overshoots() -> None:
    found = diagnose(diverged(replace(ONE_TIMESTAMP, learning_rates=Weights(2.0, 2.0))))
    assert found is not None
    assert "the step rate · dE/dWx went from" in found.sentence


@pytest.mark.parametrize("way", range(3))
def test_each_way_out_leads_out(way: int) -> None:
    found = diagnose(diverged(PART_1))
    assert found is not None
    assert len(found.ways_out) == 3
    run = Run(found.ways_out[way].change(PART_1))
    assert run.extend(3000)
    assert run.costs[-1] < run.costs[0]


def test_the_rates_are_divided_by_as_much_as_it_takes() -> None:
    exploding = PRESETS["exploding"].experiment
    found = diagnose(diverged(exploding))
    assert found is not None
    way = next(way for way in found.ways_out if way.title.startswith("Rates divided by"))
    assert way.title == "Rates divided by 100,000"
    assert Run(way.change(exploding)).extend(3000)
    less = Weights(*(10.0 * rate for rate in way.change(exploding).learning_rates))
    assert not Run(replace(exploding, learning_rates=less)).extend(3000)


def test_a_way_that_is_taken_already_is_not_offered() -> None:
    found = diagnose(diverged(replace(PART_1, clip_norm=1e300)))
    assert found is not None
    assert [way.title for way in found.ways_out] == ["Rates divided by 10", "Rprop"]


@given(experiments(EXTREMES, EXTREMES), st.integers(0, 5))
def test_the_wildest_numbers_are_told_in_one_sentence(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    run.extend(epochs)
    found = diagnose(run)
    assert (found is not None) == run.diverged
    if found is not None:
        assert found.sentence.count(". ") == 0
        assert found.sentence.endswith(".")
        assert experiment.update_rule in UPDATE_RULES

"""Why a run diverged: the factor that grew is named, and every way out leads out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN
from core.data.experiment import Experiment
from core.training.divergence import Divergence, diagnose
from core.training.run import Run
from tests.core.experiments import DIVERGING, EXTREMES, PART_2, experiments, made

WILD = st.sampled_from(EXTREMES)
# ReLU lets nothing of timestamp 1 through.
SILENT_AT_1 = DIVERGING.changed(
    inputs=[[0.0, 2.0, 3.0]], targets=[2.0], targets_count_ones=False
).with_activations("relu")
ONE_TIMESTAMP = DIVERGING.changed(
    inputs=[[1.0], [3.0]], targets=[1.0, 3.0], targets_count_ones=False, learning_rates=2.0
)


def diverged(experiment: Experiment) -> tuple[Run, Divergence]:
    run = Run(experiment)
    run.extend(3000)
    assert run.diverged
    found = diagnose(run)
    assert found is not None
    return run, found


def test_a_run_that_goes_on_has_no_divergence() -> None:
    run = Run(PART_2)
    run.extend(50)
    assert diagnose(run) is None


def test_without_activation_the_factor_is_the_same_at_every_timestamp() -> None:
    run, found = diverged(DIVERGING)
    assert found.sentence.startswith(f"Training stopped at epoch {run.last}, the last one whose")
    assert "the factor Wrec · f' at every timestamp from 2 to 1 went from 1.5 to " in found.sentence
    assert found.sentence.endswith(", and the gradient is multiplied by it 2 times.")


def test_with_an_activation_the_timestamp_of_the_largest_factor_is_named() -> None:
    _, found = diverged(SILENT_AT_1)
    assert "the factor Wrec · f' at timestamp 2 went from 1.5 to " in found.sentence


def test_with_one_timestamp_it_is_the_step_that_overshoots() -> None:
    _, found = diverged(ONE_TIMESTAMP)
    assert "the step rate · dE/dWx went from" in found.sentence


def test_vectors_are_told_by_component() -> None:
    _, found = diverged(made(KNOWN["lstm"](), learning_rates=1e9))
    assert "the step rate · dE/d" in found.sentence
    assert "[" in found.sentence


@pytest.mark.parametrize("way", range(3))
def test_each_way_out_leads_out(way: int) -> None:
    _, found = diverged(DIVERGING)
    assert len(found.ways_out) == 3
    run = Run(found.ways_out[way].change(DIVERGING))
    assert run.extend(3000)
    assert run.costs[-1] < run.costs[0]


def test_the_rates_are_divided_by_as_much_as_it_takes() -> None:
    exploding = DIVERGING.changed(
        inputs=[[0] * 9 + [1], [1] * 10], targets=[1, 10], learning_rates=0.01
    )
    _, found = diverged(exploding)
    way = next(way for way in found.ways_out if way.title.startswith("Rates divided by"))
    assert way.about.startswith("Start again with the rates ")
    changed = way.change(exploding)
    assert Run(changed).extend(100)
    less = {name: 10.0 * rate for name, rate in changed.learning_rates.items()}
    assert not Run(exploding.changed(learning_rates=less)).extend(100)


def test_a_way_that_is_taken_already_is_not_offered() -> None:
    _, found = diverged(DIVERGING.changed(clip_norm=1e300))
    assert [way.title for way in found.ways_out] == ["Rates divided by 10", "Rprop"]


@given(experiments(WILD, WILD), st.integers(0, 5))
def test_the_wildest_numbers_are_told_in_one_sentence(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    run.extend(epochs)
    found = diagnose(run)
    assert (found is not None) == run.diverged
    if found is not None:
        assert found.sentence.count(". ") == 0
        assert found.sentence.endswith(".")

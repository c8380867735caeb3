"""A run: one engine, the same numbers in any chunks, and a clear end."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import training
from core.experiment import Experiment, Weights
from core.presets import PRESETS
from core.trace import trace_epoch
from core.training import RuleNumbers, Run, gradient_of, update
from core.update_rules import UPDATE_RULES
from tests.core import complex_step
from tests.core.sampling import EXTREMES, experiments, reals

PART_2 = PRESETS["part-2"].experiment
DIVERGING = replace(PRESETS["part-1"].experiment, learning_rates=Weights(0.1, 0.1))
CHUNKS = st.lists(st.integers(0, 70), max_size=8)


def table(run: Run) -> list[list[float]]:
    numbers = [np.ravel(run.rule_numbers(epoch)) for epoch in range(run.last + 1)]
    return np.column_stack([run.costs, run.wx, run.wrec, numbers]).tolist()


@given(experiments())
def test_the_plain_loop_and_numpy_agree(experiment: Experiment) -> None:
    cost, gradient = gradient_of(experiment)(experiment.weights)
    trace = trace_epoch(experiment, experiment.weights)
    room = np.array(complex_step.sizes(experiment, experiment.weights)) * 1e-12
    assert np.all(np.abs(np.subtract(gradient, trace.gradient)) <= room)
    assert cost == pytest.approx(trace.cost, rel=1e-12, abs=1e-12)


def test_a_large_experiment_trains_with_the_numbers_of_its_trace() -> None:
    rows = np.random.default_rng(1).normal(size=(40, 10))
    experiment = PART_2.with_data(rows)
    trace = trace_epoch(experiment, experiment.weights)
    cost, gradient = gradient_of(experiment)(experiment.weights)
    assert cost == pytest.approx(trace.cost, rel=1e-14)
    assert gradient == pytest.approx(trace.gradient, rel=1e-14)


@given(experiments(), st.integers(1, 40))
def test_each_epoch_is_the_update_of_the_one_before(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    run.extend(epochs)
    gradient = gradient_of(experiment)
    for epoch in range(run.last):
        weights, numbers = run.weights(epoch), run.rule_numbers(epoch)
        cost, slope = gradient(weights)
        assert run.costs[epoch] == cost
        after = update(experiment, weights, slope, numbers, epoch)
        assert after == (run.weights(epoch + 1), run.rule_numbers(epoch + 1))


def test_the_update_takes_each_rate_for_its_weight() -> None:
    experiment = replace(PART_2, learning_rates=Weights(0.1, 2.0))
    nothing = RuleNumbers(Weights(0.0, 0.0), Weights(0.0, 0.0))
    new, _ = update(experiment, Weights(1.0, 2.0), Weights(0.5, -0.25), nothing, 0)
    assert new == (1.0 - 0.1 * 0.5, 2.0 + 2.0 * 0.25)


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_a_clipped_gradient_keeps_its_direction(rule: str) -> None:
    clipped = replace(PART_2, update_rule=rule, clip_norm=0.5)
    numbers = Run(clipped).rule_numbers(0)
    long = update(clipped, PART_2.weights, Weights(-30.0, 40.0), numbers, 0)
    short = update(clipped, PART_2.weights, Weights(-0.3, 0.4), numbers, 0)
    free = replace(clipped, clip_norm=None)
    assert np.allclose(long[0], short[0], rtol=1e-15)
    assert short == update(free, PART_2.weights, Weights(-0.3, 0.4), numbers, 0)


@given(experiments(rates=reals(2.0)), CHUNKS)
def test_in_chunks_or_in_one_go_is_bit_for_bit_the_same(
    experiment: Experiment, chunks: list[int]
) -> None:
    chunked, whole = Run(experiment), Run(experiment)
    for epochs in chunks:
        chunked.extend(epochs)
    whole.extend(sum(chunks))
    assert table(chunked) == table(whole)
    assert chunked.ending == whole.ending


def test_reach_trains_no_more_than_it_must() -> None:
    run = Run(PART_2)
    assert [run.reach(5), run.last, run.reach(3), run.last] == [True, 5, True, 5]


def test_a_trace_is_recomputed_from_the_weights_of_its_epoch() -> None:
    run = Run(PART_2)
    run.extend(20)
    for epoch in (20, 3, 20):
        assert run.trace(epoch).weights == run.weights(epoch)
        assert run.trace(epoch).cost == pytest.approx(run.costs[epoch], rel=1e-12)


@pytest.mark.parametrize("name", ["costs", "wx", "wrec"])
def test_what_a_run_shows_cannot_be_written(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(Run(PART_2), name)[0] = 1.0


def test_a_view_taken_earlier_keeps_its_numbers() -> None:
    run = Run(PART_2)
    run.extend(10)
    early = run.costs
    kept = early.tolist()
    run.extend(5_000)
    assert early.tolist() == kept == run.costs[:11].tolist()


def test_a_diverging_run_ends_within_ten_epochs_and_keeps_all() -> None:
    run = Run(DIVERGING)
    assert not run.extend(15_000)
    assert 0 < run.last <= 10
    assert np.isfinite(table(run)).all()
    assert run.ending.startswith(f"Training stopped at epoch {run.last}, the last one whose")
    assert run.ending.endswith("; try smaller learning rates.")
    before = table(run)
    assert not run.extend(1)
    assert not run.reach(run.last + 1)
    assert run.reach(run.last)
    assert table(run) == before


@given(experiments(EXTREMES, EXTREMES), st.integers(0, 5))
def test_overflow_neither_warns_nor_raises(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    assert run.extend(epochs) == (not run.ending)
    assert np.isfinite(table(run)[1:]).all()
    assert bool(run.ending) or run.last == epochs


def test_a_start_that_is_not_finite_says_so() -> None:
    run = Run(replace(PART_2, weights=Weights(1e308, 1e308)))
    assert not math.isfinite(run.costs[0])
    assert run.ending.startswith("The cost is not a finite number")
    assert not run.extend(1)
    assert run.last == 0


def test_weights_that_overflow_end_a_run_though_its_cost_stays_finite() -> None:
    experiment = Experiment(
        inputs=np.array([[1.0, 1.0]]),
        targets=np.array([10.0]),
        weights=Weights(1.0, 1.0),
        learning_rates=Weights(1e308, 1e308),
        last_activation="logistic",
    )
    gradient = gradient_of(experiment)
    _, slope = gradient(experiment.weights)
    after, _ = update(experiment, experiment.weights, slope, Run(experiment).rule_numbers(0), 0)
    assert not after.finite
    assert math.isfinite(gradient(after)[0])
    run = Run(experiment)
    assert not run.extend(1)
    assert run.last == 0
    assert run.ending.startswith("Training stopped at epoch 0")


@given(EXTREMES)
def test_large_inputs_to_the_logistic_neither_warn_nor_overflow(wx: float) -> None:
    experiment = replace(PART_2, last_activation="logistic", weights=Weights(wx, 0.5))
    cost, gradient = gradient_of(experiment)(experiment.weights)
    assert math.isfinite(cost)
    assert gradient.finite


def test_the_limit_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "EPOCH_LIMIT", 7)
    run = Run(PART_2)
    assert run.extend(7)
    assert not run.extend(1)
    assert run.ending == ("This run is full, since it holds 7 epochs: any edit starts a new one.")
    assert run.last == 7

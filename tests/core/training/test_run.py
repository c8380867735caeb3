"""A run: the same numbers in any chunks, and a clear end."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.known import KNOWN, two_weights
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.data.values import Values
from core.engine.batches import Batches
from core.engine.program import Program
from core.training import run as run_module
from core.training.run import Run, gradient_of, update
from tests.core.experiments import (
    DIVERGING,
    EXTREMES,
    PART_2,
    experiments,
    made,
    of_ones,
    random_experiments,
    reals,
    table,
)
from tests.core.experiments import experiment as made_of

CASES = json.loads((Path(__file__).parents[2] / "reference" / "tutorial.json").read_text("utf-8"))[
    "cases"
]
WILD = st.sampled_from(EXTREMES)
CHUNKS = st.lists(st.integers(0, 70), max_size=8)


def both(numbers: dict[str, float]) -> dict[str, float]:
    return {"Wx": numbers["wx"], "Wrec": numbers["wrec"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_tutorials_runs(case: dict[str, Any]) -> None:
    experiment = made_of(
        cell=two_weights(case["hidden_activation"], case["last_activation"]),
        inputs=case["inputs"],
        targets=case["targets"],
        weights=both(case["start"]),
        learning_rates=both(case["learning_rate"]),
        initial_state={"S(Out)": case.get("initial_state", 0.0)},
    )
    first = case["first_epoch"]
    cost, gradient = gradient_of(experiment)(experiment.weights)
    assert cost == pytest.approx(first["cost"], rel=1e-12)
    assert gradient["Wx"] == pytest.approx(first["d_wx"], rel=1e-12)
    assert gradient["Wrec"] == pytest.approx(first["d_wrec"], rel=1e-12)
    run = Run(experiment)
    for row in case["epochs"]:
        if run.reach(row["epoch"]):
            weights = run.weights(row["epoch"])
            assert run.costs[row["epoch"]] == pytest.approx(row["cost"], rel=1e-9, abs=1e-15)
            assert weights["Wx"] == pytest.approx(row["wx"], rel=1e-9)
            assert weights["Wrec"] == pytest.approx(row["wrec"], rel=1e-9)


@given(random_experiments(), st.integers(1, 10))
def test_each_epoch_is_the_update_of_the_one_before(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    run.extend(epochs)
    gradient = gradient_of(experiment)
    for epoch in range(run.last):
        weights, numbers = run.weights(epoch), run.rule_numbers(epoch)
        cost, slope = gradient(weights)
        assert run.costs[epoch] == cost
        after, kept = update(experiment, weights, slope, numbers, epoch)
        assert after == run.weights(epoch + 1)
        assert kept.tolist() == run.rule_numbers(epoch + 1).tolist()


def test_the_update_takes_each_rate_for_its_weight() -> None:
    experiment = PART_2.changed(learning_rates={"Wx": 0.1, "Wrec": 2.0})
    nothing = Run(experiment).rule_numbers(0)
    slope = Values({"Wx": 0.5, "Wrec": -0.25})
    new, _ = update(experiment, Values({"Wx": 1.0, "Wrec": 2.0}), slope, nothing, 0)
    assert new == {"Wx": 1.0 - 0.1 * 0.5, "Wrec": 2.0 + 2.0 * 0.25}


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


def test_numbers_in_chunks_by_numpy_are_the_same() -> None:
    experiment = made(KNOWN["lstm"](), update_rule="adam")
    chunked, whole = Run(experiment), Run(experiment)
    for epochs in (3, 1, 0, 8):
        chunked.extend(epochs)
    whole.extend(12)
    assert isinstance(whole._engine, Batches)
    assert table(chunked) == table(whole)


def test_few_beginnings_are_trained_by_a_program_and_many_by_numpy() -> None:
    assert isinstance(Run(of_ones("tutorial", 500, 4))._engine, Program)
    assert isinstance(Run(made(two_weights(), 40, 4))._engine, Batches)


def test_reach_trains_no_more_than_it_must() -> None:
    run = Run(PART_2)
    assert [run.reach(5), run.last, run.reach(3), run.last] == [True, 5, True, 5]


def test_a_trace_is_recomputed_from_the_weights_of_its_epoch() -> None:
    run = Run(PART_2)
    run.extend(20)
    for epoch in (20, 3, 20):
        assert run.trace(epoch).weights == run.weights(epoch)
        assert run.trace(epoch).cost == pytest.approx(run.costs[epoch], rel=1e-12)
    assert run.trace(3) is run.trace(3)
    assert run.trace(4).listing is run.trace(5).listing


def test_the_same_epoch_without_activation() -> None:
    run = Run(PART_2)
    run.extend(4)
    found = run.trace_without_activation(4)
    assert found.experiment.hidden_activation == "identity"
    assert found.weights == run.weights(4)
    run.forget_trace()
    assert run.trace_without_activation(4) is not found


def test_columns_are_the_numbers_among_the_weights() -> None:
    run = Run(made(KNOWN["elman"]()))
    run.extend(7)
    for i, (name, part) in enumerate(run.experiment.layout.components):
        expected = [np.asarray(run.weights(epoch)[name])[part] for epoch in range(8)]
        assert run.column(i).tolist() == expected
    with pytest.raises(IndexError):
        run.column(run.experiment.layout.size)


def test_what_a_run_shows_cannot_be_written() -> None:
    run = Run(PART_2)
    for column in (run.costs, run.column(0), run.column(1)):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1.0


def test_a_view_taken_earlier_keeps_its_numbers() -> None:
    run = Run(PART_2)
    run.extend(10)
    early = run.costs
    kept = early.tolist()
    run.extend(5_000)
    assert early.tolist() == kept == run.costs[:11].tolist()


@pytest.mark.parametrize("key", ["tutorial", "elman"])
def test_a_diverging_run_ends_and_keeps_all(key: str) -> None:
    experiment = DIVERGING if key == "tutorial" else made(KNOWN[key](), learning_rates=1e9)
    run = Run(experiment)
    assert not run.extend(15_000)
    assert np.isfinite(table(run)).all()
    assert run.diverged
    assert run.ending.startswith(f"Training stopped at epoch {run.last}, the last one whose")
    assert run.ending.endswith("; try smaller learning rates.")
    before = table(run)
    assert not run.extend(1)
    assert not run.reach(run.last + 1)
    assert run.reach(run.last)
    assert table(run) == before


@given(experiments(WILD, WILD), st.integers(0, 5))
def test_overflow_neither_warns_nor_raises(experiment: Experiment, epochs: int) -> None:
    run = Run(experiment)
    assert run.extend(epochs) == (not run.ending)
    for epoch in range(1, run.last + 1):
        assert math.isfinite(run.costs[epoch])
        assert run.weights(epoch).finite
    assert bool(run.ending) or run.last == epochs


WILDEST = """
a = exp(W * x + h[k-1])
b = sqrt(a * W) / (x * U)
h = (a / b)**3 - tanh(b) + relu(b) * sigmoid(a)
E = mean((h - y)**2)
weights: W U  inputs: x
"""


@given(st.lists(WILD, min_size=10, max_size=10))
def test_no_function_raises_and_infinities_are_those_of_numpy(numbers: list[float]) -> None:
    from core.cell.reading import read_cell

    experiment = made_of(
        cell=read_cell(WILDEST),
        inputs=np.reshape(numbers[:4], (2, 2)),
        targets=np.reshape(numbers[4:8], (2, 2)),
        weights={"W": numbers[8], "U": numbers[9]},
        learning_rates=1.0,
    )
    run = Run(experiment)
    run.extend(3)
    cost = Program(experiment, longest=0).gradient(experiment.weights.flat)[0]
    expected = run.trace(0).cost
    assert cost == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_a_start_that_is_not_finite_says_so() -> None:
    run = Run(PART_2.changed(weights={"Wx": 1e308, "Wrec": 1e308}))
    assert not math.isfinite(run.costs[0])
    assert run.ending.startswith("The cost is not a finite number")
    assert not run.extend(1)
    assert run.last == 0
    assert not run.diverged


def test_weights_that_overflow_end_a_run_though_its_cost_stays_finite() -> None:
    experiment = made_of(
        cell=two_weights("logistic", "logistic"),
        inputs=[[1.0, 1.0]],
        targets=[10.0],
        weights={"Wx": 1.0, "Wrec": 1.0},
        learning_rates=1e308,
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


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_the_limit_of_a_run(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "EPOCH_LIMIT", 7)
    run = Run(PART_2.changed(update_rule=rule))
    assert run.extend(7)
    assert not run.extend(1)
    assert run.ending == "This run is full, since it holds 7 epochs: any edit starts a new one."
    assert run.last == 7


def test_many_weights_have_a_lower_limit() -> None:
    run = Run(made(KNOWN["lstm"]()))
    assert Run(PART_2).limit == 10_000_000
    assert run.limit == 400_000_000 // 8 // (1 + run.experiment.layout.size)

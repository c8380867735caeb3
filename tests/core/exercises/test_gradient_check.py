"""Three ways to one gradient: they agree where they can, and the V is a V."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from core.cell import description
from core.cell.description import Cell
from core.cell.expression import Node, total
from core.cell.known import KNOWN, two_weights
from core.cell.operations import OPERATIONS
from core.cell.reading import read_cell
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.exercises.every_number import (
    central_differences_at,
    complex_step_at,
    largest_error,
)
from core.exercises.gradient_check import (
    EPSILON,
    STEP_SIZES,
    Kink,
    central_differences,
    complex_step,
    complex_step_parts,
    kink_sentence,
    kinks,
    parabolas,
    parts_within_reach,
    relative_error,
    valley,
    valley_sentence,
    why_a_v,
    within_reach,
)
from tests.core.random_cells import random_data, random_text
from tests.tutorial import pair, tutorial

PART_2 = PRESETS["part-2"].experiment


def made(cell: Cell, N: int, T: int, seed: int = 0) -> Experiment:  # noqa: N803
    """Draw an experiment of a cell."""
    data = random_data(cell, np.random.default_rng(seed), N, T)
    return Experiment(**{"cell": cell, "learning_rates": 0.1, **data})


def error_of(experiment: Experiment) -> float:
    return largest_error(Trace(experiment, experiment.weights))


# -- every number of the backward pass -----------------------------------------------------------


@pytest.mark.parametrize("key", KNOWN)
def test_every_number_of_the_known_cells(key: str) -> None:
    cell = KNOWN[key]()
    for sequences in range(1, 6):
        for last in range(1, 7):
            assert error_of(made(cell, sequences, last, 10 * sequences + last)) < 1e-12


@pytest.mark.parametrize("hidden", ["logistic", "tanh", "relu", "identity"])
@pytest.mark.parametrize("like", ["tutorial", "tutorial-with-bias", "running-count"])
def test_every_choice_of_activations(hidden: str, like: str) -> None:
    for last in ("logistic", "tanh", "relu", "identity"):
        assert error_of(made(two_weights(hidden, last, like), 3, 4)) < 1e-12


def random_experiment(seed: int) -> Experiment:
    text = random_text(Random(seed))  # noqa: S311
    return made(read_cell(text), 1 + seed % 5, 1 + seed // 5 % 6, seed)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_every_number_of_random_cells(first: int) -> None:
    for seed in range(first, first + 50):
        experiment = random_experiment(seed)
        assert error_of(experiment) < 1e-12, experiment.cell.text


# Text in which each operation stands where a gradient passes it.
OF_NUMBERS = """\
a = {} + X*w
h = a*h[k-1] + a
E = mean((h - y)**2) for k = T
weights: w
inputs: X
"""
OF_VECTORS = """\
h = {}
E = {} for k = T
weights: W: H I, U: H H, b: H
vectors: x: I, h: H, y: H
"""
_STATE = "tanh(W @ x + U @ h[k-1] + b)"
PASSED = {
    "+": OF_NUMBERS.format("1"),
    "-": OF_NUMBERS.format("1 - X*w"),
    "neg": OF_NUMBERS.format("-(X*w)"),
    "*": OF_NUMBERS.format("1"),
    "/": OF_NUMBERS.format("X*w / (2 + tanh(X*w))"),
    "**": OF_NUMBERS.format("(X*w)**3"),
    "@": OF_VECTORS.format(_STATE, "mean((h - y)**2)"),
    "softmax": OF_VECTORS.format("softmax(W @ x + U @ h[k-1] + b)", "mean((h - y)**2)"),
    "squares": OF_NUMBERS.format("1"),
    "entropy": OF_VECTORS.format("softmax(W @ x + U @ h[k-1] + b)", "mean(cross_entropy(h, y))"),
    **{
        f: OF_NUMBERS.format(f"{f}(2 + X*w)")
        for f in ("log", "sigmoid", "logistic", "tanh", "relu", "exp", "sqrt")
    },
}


def test_there_is_a_text_for_each_row_with_a_pull() -> None:
    assert PASSED.keys() == {op for op, row in OPERATIONS.items() if row.pull}


@pytest.mark.parametrize("op", PASSED)
def test_a_mistake_in_any_row_of_the_table_is_found(
    op: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PASSED[op]
    assert error_of(made(read_cell(text), 3, 3, 1)) < 1e-12
    row = OPERATIONS[op]

    def doubled(g: Node, *args: Any) -> tuple[Node | None, ...]:
        assert row.pull is not None
        return tuple(back and back + back for back in row.pull(g, *args))

    monkeypatch.setitem(OPERATIONS, op, replace(row, pull=doubled))
    assert error_of(made(read_cell(text), 3, 3, 1)) > 0.01


def test_a_way_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = KNOWN["gru-1"]()
    monkeypatch.setattr(description, "total", lambda terms: total([*terms][:1]))
    assert error_of(made(read_cell(cell.text), 3, 3, 1)) > 0.01


@pytest.mark.parametrize("key", ["tutorial", "lstm", "running-count", "gru-1"])
def test_central_differences_are_near_and_parts_sum_up(key: str) -> None:
    e = made(KNOWN[key](), 3, 3, 2)
    differences = central_differences(e, e.weights, np.array([1e-5]))[:, 0]
    exact = complex_step(e, e.weights)
    np.testing.assert_allclose(differences, exact.flat, rtol=1e-5, atol=1e-8)
    for name, parts in complex_step_parts(e, e.weights).items():
        np.testing.assert_allclose(parts.sum(axis=0), exact[name], rtol=1e-12, atol=1e-14)
    for k in (1, 2, 3):
        found, near = complex_step_at(e, e.weights, k), central_differences_at(e, e.weights, k)
        assert found.keys() == near.keys()
        for name, value in found.items():
            np.testing.assert_allclose(near[name], value, rtol=1e-5, atol=1e-8)


# -- the V -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["part-2", "part-2-zeros", "why-no-log-on-the-last-state"])
def test_the_error_is_a_v(name: str) -> None:
    experiment = PRESETS[name].experiment
    found = valley(experiment, experiment.weights)
    assert found.names == ("Wx", "Wrec")
    cost = Trace(experiment, experiment.weights).cost
    for weight, errors in enumerate(found.errors):
        best = found.best(weight)
        assert best is not None
        step, error = best
        assert 1e-8 <= step <= 1e-3
        assert error < 1e-8
        assert errors.min() == error
        # By h squared on the right: a hundredth for a tenth of h.
        assert errors[0] / errors[1] == pytest.approx(100.0, rel=0.1)
        assert errors[-1] > 1e4 * error
        # Rounding stays within what it is thought to be, up to the size of E over the slope.
        size = cost / abs(found.complex_step[weight]) + 1.0
        assert np.all(errors[6:] <= 20.0 * EPSILON / found.steps[6:] * size)


def test_the_valley_of_chosen_numbers() -> None:
    e = made(KNOWN["lstm"](), 2, 3)
    whole, chosen = valley(e, e.weights), valley(e, e.weights, (3, 1))
    assert chosen.names == tuple(e.layout.component_names[i] for i in (3, 1))
    np.testing.assert_array_equal(chosen.complex_step, whole.complex_step[[3, 1]])
    np.testing.assert_allclose(chosen.differences[:, :6], whole.differences[[3, 1], :6], rtol=1e-9)
    assert valley_sentence(chosen).startswith("The best h is ")
    assert "The best h lies between " in valley_sentence(whole)


def test_a_parabola_has_one_arm() -> None:
    linear = PRESETS["part-1"].experiment
    found = valley(linear, linear.weights)
    assert found.errors[0, 0] < 1e-14  # in Wx nothing is left out
    assert found.errors[1, 0] > 1e-4
    assert "not for Wx," in why_a_v(linear)
    assert "not for" not in why_a_v(PART_2)
    one = linear.with_data(np.ones((2, 1)))
    assert "not for Wx and Wrec" in why_a_v(one)
    assert parabolas(linear.with_data(np.ones((2, 2)))) == ["Wx", "Wrec"]
    assert parabolas(linear.changed(initial_state={"S(Out)": 1.0})) == ["Wx"]


def test_parabolas_of_other_cells() -> None:
    assert parabolas(made(KNOWN["lstm"](), 2, 3)) == ["V", "bp"]
    assert parabolas(made(KNOWN["running-count"](), 2, 3)) == ["Wx"]
    assert parabolas(made(two_weights("identity", like="tutorial-with-bias"), 2, 3)) == ["Wx", "b"]
    assert parabolas(made(read_cell(PASSED["entropy"]), 2, 2)) == []


def test_relative_errors() -> None:
    assert relative_error(0.0, 0.0) == 0.0
    assert relative_error(1.0, 0.0) == relative_error(0.0, -1.0) == 1.0
    assert relative_error(3.0, 4.0) == pytest.approx(0.25)
    assert relative_error(1e308, -1e308) == 2.0
    assert np.isnan(relative_error(np.inf, np.inf))
    assert np.isnan(relative_error(1.0, np.nan))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e308, -1e200, 1e80])
def test_numbers_that_overflow_raise_no_warning(size: float) -> None:
    e = PRESETS["part-1"].experiment.changed(weights={"Wx": size, "Wrec": size})
    found = valley(e, e.weights)
    for weight, exact in enumerate(found.complex_step):
        finite = np.isfinite(found.differences[weight]) & np.isfinite(exact)
        assert np.array_equal(np.isfinite(found.errors[weight]), finite)
        assert (found.best(weight) is None) == (not finite.any())
    assert valley_sentence(found).startswith("The cost is not finite here")
    complex_step_parts(e, e.weights)


def test_at_the_kink_of_relu_the_ways_differ_and_it_is_said() -> None:
    experiment = tutorial(
        last_activation="relu",
        inputs=[[1.0]],
        targets=[1.0],
        weights=pair(0.0, 0.5),
        learning_rates=0.1,
    )
    trace = Trace(experiment, experiment.weights)
    assert kinks(trace) == [Kink("S(In)", 1, 0)]
    assert "State 1 (In) of sequence a is exactly 0" in kink_sentence(trace)
    found = valley(experiment, experiment.weights)
    assert trace.gradient["Wx"] == found.complex_step[0] == 0.0
    column = STEP_SIZES.index(1e-5)
    assert found.differences[0, column] == pytest.approx(-1.0, rel=1e-4)  # half of -2
    assert found.errors[0, column] == 1.0
    assert valley_sentence(found) == "The best h is 0.1 for Wrec (error 0). No h is right for Wx."
    away = Trace(experiment, experiment.changed(weights={"Wx": 0.1, "Wrec": 0.5}).weights)
    assert kinks(away) == []
    assert kink_sentence(away) == ""


def test_a_kink_of_one_component() -> None:
    text = OF_VECTORS.format("relu(W @ x + U @ h[k-1] + b)", "mean((h - y)**2)")
    e = made(read_cell(text), 2, 1)
    e = e.changed(weights={name: np.zeros_like(value) for name, value in e.weights.items()})
    e = e.changed(weights={**e.weights, "b": np.arange(len(e.weights["b"]), dtype=float)})
    assert "Component 1 of h1(In) of sequence a is exactly 0" in kink_sentence(Trace(e, e.weights))


def test_a_valley_belongs_to_what_the_cost_depends_on() -> None:
    found, weights = valley(PART_2, PART_2.weights), PART_2.weights
    assert found.belongs_to(PART_2.changed(learning_rates=1.0), weights)
    assert not found.belongs_to(PART_2.changed(initial_state={"S(Out)": 1.0}), weights)
    assert not found.belongs_to(PART_2, PART_2.layout.unpack(np.zeros(2)))


def test_small_gradients_are_not_lost() -> None:
    e = PRESETS["vanishing"].experiment.changed(weights={"Wx": 1e-3, "Wrec": 1e-5})
    first = complex_step_parts(e, e.weights)["Wx"][0]
    assert 0.0 < abs(first) < 1e-90
    assert first == pytest.approx(Trace(e, e.weights).part("Wx", 1), rel=1e-12)


def test_much_data_is_out_of_reach() -> None:
    many, long = PART_2.with_data(np.ones((4000, 3))), PART_2.with_data(np.ones((1, 1000)))
    assert not within_reach(many)
    assert within_reach(long)
    assert not parts_within_reach(long)
    assert parts_within_reach(PART_2.with_data(np.ones((30, 50))))
    lstm = made(KNOWN["lstm"](), 5, 20)
    assert not within_reach(lstm)
    assert within_reach(lstm, components=2)

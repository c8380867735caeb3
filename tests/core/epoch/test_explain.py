"""Equations of any cell: their numbers make their results, and nothing is told too early."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cell.description import Cell
from core.cell.known import KNOWN
from core.cell.reading import read_cell
from core.cell.steps import Kind, Position
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.epoch.equation import Derivative, Equation, Name, Token, joined
from core.epoch.explain import explain
from core.epoch.frame import Frame
from core.epoch.spoken import spoken, spoken_steps
from tests.core.epoch.frames import experiment_of, frame_of, frames_of
from tests.core.random_cells import random_cells, random_sizes

RELATIVE = 1e-12


def logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


FUNCTIONS: dict[str, Any] = {
    **dict.fromkeys(("log", "sigmoid", "logistic"), logistic),
    "tanh": math.tanh,
    "exp": math.exp,
    "ln": math.log,
    "root": math.sqrt,
    "sqrt": math.sqrt,
    "relu": lambda z: max(z, 0.0),
    "min": min,
    "sign": np.sign,
}
WRITTEN = {"·": "*", "−": "-", ")²": ")**2", "²": "**2", "^": "**", "√(": "root("}


def worked_out(equation: Equation) -> tuple[float, float]:
    """Work out what the tokens make, and how large the terms are that they sum."""
    exact = "".join(code(token, token.value) for token in equation.tokens)
    sizes = "".join(code(t, None if t.value is None else abs(t.value)) for t in equation.tokens)
    return evaluated(exact), abs(evaluated(sizes.replace("-", "+")))


def code(token: Token, value: float | None) -> str:
    if value is not None:
        assert isinstance(value, float)
        return f"({value!r})"
    return WRITTEN.get(str(token.symbol), str(token.symbol))


def evaluated(text: str) -> float:
    try:
        return float(eval(text, {"__builtins__": {}}, FUNCTIONS))  # noqa: S307 (our own tokens)
    except (OverflowError, ValueError, ZeroDivisionError):
        return math.inf  # of sizes alone


def check(equation: Equation) -> None:
    value, size = worked_out(equation)
    text = f"{equation.symbols} | {joined(equation.numbers())} | {equation.result} {value}"
    assert abs(value - equation.result) <= RELATIVE * max(abs(value), size, 1.0), text
    if equation.ways:
        whole = sum(share.value for share in equation.ways)
        assert math.isclose(whole, equation.result, rel_tol=1e-9, abs_tol=1e-12)
    assert (equation.whole is None) == ("[" not in str(equation.left))
    if equation.whole is not None:
        assert "[" not in equation.whole.symbols
        assert equation.whole.numbers()


@pytest.mark.parametrize("key", KNOWN)
def test_every_step_of_every_cell_is_explained(key: str) -> None:
    experiment = experiment_of(KNOWN[key](), N=2)
    said = set()
    for frame in frames_of(experiment, sequence=1):
        explanation = explain(frame, (1, 1))
        assert explanation.sentence.removesuffix(" (E)").removesuffix(" (F)").endswith(".")
        assert spoken(frame).endswith(".")
        said |= {explanation.sentence, spoken(frame)}
        for equation in explanation.equations:
            check(equation)
    assert len(said) >= 2 * len(experiment.steps) - 8


@settings(max_examples=30)
@given(random_cells(), st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 4), st.data())
def test_the_numbers_make_the_result_in_any_cell(
    cell: Cell,
    seed: int,
    N: int,  # noqa: N803
    T: int,  # noqa: N803
    data: st.DataObject,
) -> None:
    experiment = any_experiment(cell, seed, N, T)
    part = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    for frame in frames_of(experiment, sequence=N - 1):
        explanation = explain(frame, part)
        assert "\n" not in explanation.sentence
        assert spoken(frame)
        for equation in explanation.equations:
            check(equation)


def any_experiment(cell: Cell, seed: int, N: int, T: int) -> Experiment:  # noqa: N803
    sizes = random_sizes(cell, np.random.default_rng(seed))
    return experiment_of(cell, seed, N, T, sizes=sizes)


@pytest.mark.parametrize("clip_norm", [None, 0.5, 1e6])
@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize("key", ["tutorial", "gru"])
def test_the_lines_of_every_rule_follow_from_each_other(
    key: str, rule: str, clip_norm: float | None
) -> None:
    experiment = experiment_of(KNOWN[key](), update_rule=rule, clip_norm=clip_norm)
    frame = frame_of(experiment, len(experiment.steps), 5)
    lines = explain(frame, (1, 0)).equations
    for equation in lines:
        check(equation)
    new = {str(e.left): e.result for e in lines if not e.leads_on}
    assert len(new) == len(experiment.weights)
    assert frame.after_update is not None
    for name, value in frame.after_update.items():
        part = f"[{','.join('21'[: np.ndim(value)])}]" if np.ndim(value) else ""
        assert new[f"new {name}{part}"] == np.asarray(value)[(1, 0)[: np.ndim(value)]]


@pytest.mark.parametrize("key", ["tutorial", "lstm", "running-count"])
def test_equations_use_only_what_is_known_then(key: str) -> None:
    experiment = experiment_of(KNOWN[key](), N=2, T=2)
    for frame in frames_of(experiment):
        known = known_values(frame)
        for equation in explain(frame).equations:
            if frame.step.kind is not Kind.UPDATE:
                assert {t.value for t in equation.tokens if is_quantity(t)} <= known
                assert equation.result in known


def is_quantity(token: Token) -> bool:
    return isinstance(token.symbol, Name | Derivative) and not token.boxed


def known_values(frame: Frame) -> set[float]:
    """All numbers that are known after the step, or given."""
    e, cell = frame.experiment, frame.experiment.cell
    arrays: list[Any] = [e.inputs, e.targets, e.weights.flat, e.initial_state.flat]
    arrays.append([frame.cost or 0.0])
    for name in cell.quantities:
        arrays += [frame.block(Kind.VALUE, name), frame.block(Kind.GRADIENT, name)]
    for k in frame.known(Kind.PARTS):
        added = frame.added(k)
        arrays += [added.flat] if added else []
    arrays += [frame.gradient.flat] if frame.gradient else []
    return {float(v) for array in arrays for v in np.ravel(array)}


@pytest.mark.parametrize("key", KNOWN)
def test_no_number_of_a_step_to_come_is_told(key: str) -> None:
    experiment = experiment_of(KNOWN[key](), T=2)
    for done, frame in enumerate(frames_of(experiment)):
        frame = replace(frame, position=Position(0, done), after_update=None, asked=True)
        assert explain(frame).announced
        assert "." not in spoken(frame).removesuffix(".")
        assert spoken(frame).endswith(("comes first.", "comes next."))
        texts = [text for _, text in spoken_steps(replace(frame, asked=False))]
        assert [bool(text) for text in texts] == [s.number <= done for s in experiment.steps]


@pytest.mark.parametrize("key", KNOWN)
def test_two_epochs_of_one_step_can_be_compared(key: str) -> None:
    experiment = experiment_of(KNOWN[key](), T=2, update_rule="adam")
    for one, same, other in zip(*(frames_of(experiment, n) for n in (0, 0, 1)), strict=True):
        assert explain(one) == explain(same)
        if one.step.kind is Kind.COST:
            assert explain(one) != explain(other)


def test_a_gradient_that_comes_back_on_several_ways() -> None:
    experiment = experiment_of(KNOWN["lstm"]())
    number = experiment.steps.number(Kind.GRADIENT, "c", 2)
    explanation = explain(frame_of(experiment, number))
    assert explanation.sentence == (
        "Cell state c2 goes on to 2 places, and the gradient comes back from both: from hidden "
        "state h2, times o2 and the slope of tanh(), and from cell state c3, times f3. "
        "These add up."
    )
    (equation,) = explanation.equations
    assert equation.symbols == (
        "dE/dc_2[1] = dE/dh_2[1] · o_2[1] · d_tanh(c_2[1]) + dE/dc_3[1] · f_3[1]"
    )
    assert equation.whole is not None
    assert equation.whole.symbols == "dE/dc_2 = dE/dh_2 ∘ o_2 ∘ d_tanh(c_2) + dE/dc_3 ∘ f_3"
    assert [(s.equation, s.later) for s in equation.ways] == [(9, 0), (8, 1)]


ENTROPY = """\
h = tanh(W @ x + U @ h[k-1])
p = softmax(V @ h)
E = mean(cross_entropy(p, y))
weights: W: H I, U: H H, V: O H
vectors: x: I, h: H, y: O
"""


def test_softmax_and_cross_entropy_in_plain_numbers() -> None:
    experiment = experiment_of(read_cell(ENTROPY), N=1, T=2)
    texts = [explain(frame) for frame in frames_of(experiment)]
    symbols = [equation.symbols for text in texts for equation in text.equations]
    assert "p_1[1] = exp(p_1(In)[1]) / (exp(p_1(In)[1]) + exp(p_1(In)[2]))" in symbols
    assert symbols[8].startswith("E = − 1/N · (y_1,a[1] · ln(p_1,a[1]) + y_1,a[2]")
    assert texts[8].sentence.endswith("mean of the cross-entropies, summed over the timestamps.")


def test_a_long_sum_shows_the_first_terms_and_the_rest() -> None:
    experiment = experiment_of(KNOWN["tutorial"](), N=9, T=4)
    frame = frame_of(experiment, experiment.steps.number(Kind.PARTS, "", 4))
    tokens = explain(frame).equations[0].tokens
    assert str(tokens[-1].symbol) == "… 6 more"
    assert len([t for t in tokens if t.symbol == "+"]) == 3


def test_in_full_has_all_digits() -> None:
    equation = Equation(Name("h"), (Token(Name("a"), -0.1), Token("·"), Token("b", -2.5)), 0.25)
    assert equation.in_full() == "h = a · b\n= -0.1 · (-2.5)\n= 0.25"


def test_before_the_first_step_the_first_one_is_announced() -> None:
    frame = frame_of(experiment_of(KNOWN["tutorial"]()), 0)
    assert explain(frame).announced
    assert explain(frame).title == "Forward, timestamp 1"
    assert spoken(frame) == "Epoch 0 begins: State 1 (In) comes first."


@pytest.mark.parametrize("key", ["tutorial", "lstm", "gru"])
def test_numbers_that_overflow_are_explained_without_a_warning(key: str) -> None:
    experiment = experiment_of(KNOWN[key]())
    huge = {name: np.full(np.shape(v), 1e200) for name, v in experiment.weights.items()}
    experiment = experiment.changed(weights=huge)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for frame in frames_of(experiment):
            assert all(equation.numbers() for equation in explain(frame).equations)
            assert spoken(frame)


@pytest.mark.parametrize("key", KNOWN)
def test_every_symbol_of_every_equation_has_words(key: str) -> None:
    for rule in UPDATE_RULES:
        experiment = experiment_of(KNOWN[key](), update_rule=rule, clip_norm=0.1)
        for frame in [*frames_of(experiment)][0 if rule == "adam" else -1 :]:
            for equation in explain(frame).equations:
                symbols = [equation.left, *(token.symbol for token in equation.tokens)]
                assert all(s.words for s in symbols if not isinstance(s, str)), equation.symbols

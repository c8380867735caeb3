"""Equations: their symbols, their numbers, and that the numbers make the result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activations import ACTIVATIONS, Activation
from core.equation import Derivative, Equation, Name, Token
from core.experiment import Experiment
from core.explain import explain
from core.frame import Frame, frame_at
from core.notation import number
from core.presets import PRESETS
from core.steps import Kind, Position, epoch_length, step_number, steps_of
from core.training import Run
from core.update_rules import SETTINGS, UPDATE_RULES
from tests.core.sampling import EXTREMES, experiments

RELATIVE = 1e-12


def frame_of(preset: str, step: int, epoch: int = 0, sequence: int = 0) -> Frame:
    run = Run(PRESETS[preset].experiment, preset)
    run.reach(epoch + 1)
    epoch = min(epoch, run.last - 1)  # the one called exploding ends at once
    return frame_at(run, Position(epoch, step), sequence)


def worked_out(equation: Equation) -> tuple[float, float]:
    """What the tokens make with all their digits, and how large the terms are that they sum."""
    exact = "".join(_code(token, token.value) for token in equation.tokens)
    sizes = "".join(_code(t, None if t.value is None else abs(t.value)) for t in equation.tokens)
    return _evaluated(exact), abs(_evaluated(sizes.replace(")-(", ")+(")))


def _code(token: Token, value: float | None) -> str:
    if value is not None:
        return f"({value!r})"
    written = {"·": "*", "−": "-", ")²": ")**2", "²": "**2", "√(": "sqrt("}
    return written.get(str(token.symbol), str(token.symbol))


def _evaluated(code: str) -> float:
    functions = {a.symbol: _numbers_of(a) for a in ACTIVATIONS.values() if a.symbol}
    others: dict[str, Any] = {"sqrt": math.sqrt, "min": min, "sign": np.sign}
    return float(eval(code, {"__builtins__": {}}, functions | others))  # noqa: S307  (our own tokens)


def _numbers_of(activation: Activation) -> Callable[[float], float]:
    return lambda z: activation.of_number(z)[0]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("sequence", range(3))
def test_the_numbers_of_each_step_make_its_result(preset: str, sequence: int) -> None:
    for step in range(1, epoch_length(PRESETS[preset].experiment.timestamps) + 1):
        for equation in explain(frame_of(preset, step, 400, sequence)).equations:
            value, _ = worked_out(equation)
            assert math.isclose(value, equation.result, rel_tol=RELATIVE, abs_tol=0), equation


@given(experiments(), st.data())
def test_the_numbers_make_the_result_in_any_experiment(
    experiment: Experiment, data: st.DataObject
) -> None:
    run = Run(experiment)
    run.extend(1)
    last = epoch_length(experiment.timestamps) - (run.last == 0)
    step = data.draw(st.integers(1, last))
    sequence = data.draw(st.integers(0, experiment.sequences - 1))
    for equation in explain(frame_at(run, Position(0, step), sequence)).equations:
        value, size = worked_out(equation)
        room = RELATIVE * max(size, abs(value)) + 1e-300  # the smallest numbers have fewer digits
        assert abs(value - equation.result) <= room


@pytest.mark.parametrize("clip_norm", [None, 0.5, 1e6])
@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_the_lines_of_every_rule_follow_from_each_other(rule: str, clip_norm: float | None) -> None:
    run = Run(replace(PRESETS["part-2"].experiment, update_rule=rule, clip_norm=clip_norm))
    run.extend(31)
    frame = frame_at(run, Position(30, epoch_length(3)))
    equations = explain(frame).equations
    known = known_values(frame) | {getattr(frame.experiment, name) for name in SETTINGS}
    known |= {frame.experiment.clip_norm or 0.0, *np.ravel(frame.numbers)}
    for equation in equations:
        names = [t for t in equation.tokens if isinstance(t.symbol, Name | Derivative)]
        allowed = {t.value for t in names if str(t.symbol).startswith("lead")} | known
        assert {t.value for t in names} <= allowed
        known.add(equation.result)
    assert [e.result for e in equations if str(e.left).startswith("new W")] == [*frame.weights]
    assert (len(equations) > 2) == (rule != "gradient-descent" or clip_norm is not None)


def test_a_planted_mistake_is_found() -> None:
    equation = explain(frame_of("part-2", step_number(3, Kind.D_STATE_IN, 2))).equations[0]
    wrong = Equation(equation.left, equation.tokens[:-2], equation.result)
    value, _ = worked_out(wrong)
    assert not math.isclose(value, wrong.result, rel_tol=RELATIVE)


def known_values(frame: Frame) -> set[float]:
    """All numbers that are known after the step, or given."""
    e, trace = frame.experiment, frame.trace
    values = [e.inputs, e.targets, trace.state_out[0], np.array([*e.learning_rates])]
    values += [np.array([*trace.weights, *frame.weights])]
    kinds = (Kind.STATE_IN, Kind.STATE_OUT, Kind.D_STATE_OUT, Kind.D_STATE_IN)
    values += [frame.block(kind) for kind in kinds]
    values += [np.array(pair) for k in frame.known(Kind.D_WEIGHTS) if (pair := frame.added(k))]
    values += [np.array(frame.gradient or ()), np.array([frame.cost or 0.0])]
    return {float(v) for array in values for v in np.ravel(array)}


@pytest.mark.parametrize("step", range(1, 19))
def test_equations_use_only_what_is_known_then(step: int) -> None:
    frame = frame_of("part-2", step, 12, 1)
    known = known_values(frame)
    constants = {1 / 3, 2 / 3, 1.0, 0.0, *map(float, np.ravel(frame.trace.slopes))}
    for equation in explain(frame).equations:
        assert equation.result in known
        values = {token.value for token in equation.tokens if token.value is not None}
        assert values <= known | constants


def test_lines_as_they_stand_on_screen() -> None:
    equation = explain(frame_of("part-2", step_number(3, Kind.D_STATE_IN, 2))).equations[0]
    assert equation.symbols == "dE/dS_2(In) = dE/dS_2(Out) · d_log(S_2(In))"
    assert equation.numbers(4) == ["1.101", "·", "0.2192"]
    assert number(equation.result) == "0.2413"
    assert [token.boxed for token in equation.tokens] == [False, False, True]


def test_negative_numbers_behind_an_operator_stand_in_brackets() -> None:
    equation = explain(frame_of("part-2", step_number(3, Kind.STATE_IN, 1))).equations[0]
    assert equation.numbers(4) == ["0", "·", "(−1.191)", "+", "1", "·", "0.4714"]


def test_in_full_has_all_digits() -> None:
    equation = explain(frame_of("part-2", step_number(3, Kind.STATE_IN, 1))).equations[0]
    assert "-1.1909756947064645" in equation.in_full()
    assert equation.in_full().splitlines()[-1] == "= 0.47143516373249306"


def test_contributions_and_update_have_two_results() -> None:
    for kind, k in ((Kind.D_WEIGHTS, 2), (Kind.SUMS, 0), (Kind.UPDATE, 0)):
        frame = frame_of("part-2", step_number(3, kind, k))
        assert len(explain(frame).equations) == 2


def test_a_long_sum_shows_the_first_terms_and_the_rest() -> None:
    inputs = np.tri(9)
    experiment = PRESETS["part-1"].experiment.with_data(inputs)
    run = Run(experiment)
    frame = frame_at(run, Position(0, step_number(9, Kind.D_WEIGHTS, 4)))
    tokens = explain(frame).equations[0].tokens
    assert str(tokens[-1].symbol) == "… 6 more"
    assert tokens[-1].value == frame.trace.d_wx_terms[3, 3:].sum()
    assert len([t for t in tokens if t.value is None and t.symbol == "+"]) == 3


def test_before_the_first_step_the_first_one_is_announced() -> None:
    explanation = explain(frame_of("part-2", 0))
    assert explanation.announced
    assert explanation.title == "Forward, timestamp 1"


def test_each_step_says_something_of_its_own() -> None:
    sentences = [explain(frame_of("part-2", s.number)).sentence for s in steps_of(3)]
    assert len(set(sentences)) == len(sentences)


def test_the_zero_of_timestamp_1_is_explained_only_while_state_0_is_0() -> None:
    step = step_number(3, Kind.D_WEIGHTS, 1)
    assert "adds nothing to dE/dWrec" in explain(frame_of("part-2", step)).sentence


@given(experiments(EXTREMES, EXTREMES), st.data())
def test_numbers_that_overflow_are_explained_without_a_warning(
    experiment: Experiment, data: st.DataObject
) -> None:
    step = data.draw(st.integers(0, epoch_length(experiment.timestamps) - 1))
    explanation = explain(frame_at(Run(experiment), Position(0, step)))
    assert all(equation.numbers(4) for equation in explanation.equations)


def test_a_gradient_of_0_is_not_divided_by() -> None:
    at_rest = replace(PRESETS["part-2"].experiment.with_data([[0.0]]), clip_norm=1.0)
    run = Run(at_rest)
    run.extend(1)
    explanation = explain(frame_at(run, Position(0, 8)))
    factor = next(e for e in explanation.equations if str(e.left) == "factor")
    assert (factor.symbols, factor.result) == ("factor = 1", 1.0)

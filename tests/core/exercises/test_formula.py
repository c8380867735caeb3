"""Formulas: what is read, what it is worth, how it is typeset, and that nothing else gets in."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.expression import Apply, Leaf
from core.cell.known import KNOWN, two_weights
from core.code.trace import Trace
from core.data.presets import PRESETS
from core.data.values import Array
from core.epoch.equation import Derivative, Name, Token
from core.exercises.formula import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_OPERATORS,
    Formula,
    FormulaError,
    parse,
    typeset,
)
from core.exercises.vocabulary import Vocabulary
from tests.core.exercises.values import values_of

EXPERIMENT = PRESETS["part-2"].experiment
TRACE = Trace(EXPERIMENT, EXPERIMENT.weights)
VALUES = values_of(TRACE)
OURS = Vocabulary(two_weights(), 3)

S_IN = [TRACE.values("S(In)", k) for k in (1, 2, 3)]
S_OUT = [TRACE.values("S(Out)", k) for k in (0, 1, 2, 3)]
X, Y = EXPERIMENT.inputs.T, EXPERIMENT.targets
WX, WREC = EXPERIMENT.weights["Wx"], EXPERIMENT.weights["Wrec"]


def slope(z: Array) -> Array:
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def value(text: str) -> float:
    return evaluated(parse(text, OURS), VALUES).item()


def evaluated(formula: Formula, values: Mapping[Leaf, Array]) -> Array:
    """What differs between the sequences is summed over them."""
    return np.asarray(formula.of_sequences(values).sum(axis=-2))


def refusal(text: str, known: Vocabulary = OURS) -> str:
    with pytest.raises(FormulaError) as refused:
        parse(text, known)
    return str(refused.value)


def is_one_sentence(text: str) -> bool:
    return (
        text.endswith((".", "?")) and "\n" not in text and text[0].isprintable() and len(text) < 250
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2/3*(S3 - y)*X3", np.sum(2 / 3 * (S_OUT[3] - Y) * X[2])),
        ("2/N*(S3_out − y)·X3", np.sum(2 / 3 * (S_OUT[3] - Y) * X[2])),
        ("d_log(S2_in)", np.sum(slope(S_IN[1]))),
        ("log(S2_in) - S2", 0.0),
        ("tanh(S1_in) + d_tanh(y)", np.sum(np.tanh(S_IN[0]) + 1 / np.cosh(Y) ** 2)),
        ("relu(S1_in) + d_relu(X1 - 1)", np.sum(np.maximum(S_IN[0], 0) + (X[0] > 1))),
        ("X1*Wx + S0*Wrec - S1_in", 0.0),
        ("S2_out*y", np.sum(S_OUT[2] * Y)),
        ("S0_out", 0.0),
        ("Wrec**2*Wx", WREC**2 * WX),
        ("N", 3.0),
        ("sum(y)", np.sum(Y)),
        ("sum(X2)*sum(y)", np.sum(X[1]) * np.sum(Y)),
        ("sum(sum(y))", np.sum(Y)),
        ("sum(7)", 7.0),
        ("sum(Wrec)", WREC),
        ("-2**2", -4.0),
        ("2**-1", 0.5),
        ("2**3**2", 512.0),
        ("+.5 - 1.*007", -6.5),
        (" \t 1 ", 1.0),
        ("0", 0.0),
    ],
)
def test_a_formula_is_worth_what_numpy_says(text: str, expected: float) -> None:
    assert math.isclose(value(text), expected, rel_tol=1e-12, abs_tol=1e-15)


def test_what_differs_between_sequences_is_summed_and_what_they_share_is_not() -> None:
    assert value("y") == sum(Y)
    assert value("Wx") == WX


def test_many_experiments_are_worked_out_at_once() -> None:
    stacked = {name: np.concatenate([one, 2 * one], axis=-1) for name, one in VALUES.items()}
    both = evaluated(parse("sum(y)*Wx", OURS), stacked)
    assert both == pytest.approx([sum(Y) * WX, 4 * sum(Y) * WX])


@pytest.mark.parametrize("text", ["1/0", "1/S0", "y/(Wx - Wx)", "(0-1)**0.5", "1000**100*1000**9"])
def test_no_number_is_no_warning(text: str) -> None:
    assert not np.isfinite(value(text))


HOSTILE = {
    "": "no formula yet",
    "   ": "no formula yet",
    "S3.shape": "“.”",
    "S3.__class__": "“.”",
    "1 .real": "“.”",
    "__import__('os')": "“'”",
    "__import__": "__import__",
    "print(y)": "print",
    "eval(y)": "eval",
    "exec": "exec",
    "9**9**9": "±100",
    "10**10**10": "±100",
    "y**(9**9)": "±100",
    "2**101": "±100",
    "2**-101": "±100",
    "2**(1/0)": "±100",
    "2**y": "must be a number",
    "2**N": "must be a number",
    "9" * 400: "too large",
    "1000001": "too large",
    "1e400": "e400",
    "(" * 1_000_000: "1,000,000 characters",
    "(" * 500_000 + ")" * 500_000: "1,000,000 characters",
    "y" * 1_000_000: "1,000,000 characters",
    "(" * 41 + "y" + ")" * 41: "nested too deep",
    "sum(" * 41 + "y" + ")" * 41: "nested too deep",
    "-" * 151 + "y": "151 operators",
    "1" + "+1" * 200: "200 operators",
    "(y": "not closed",
    "y)": "closes nothing",
    ")(": "closes nothing",
    "()": "after ( and before )",
    "log()": "after ( and before )",
    "log": "log needs",
    "log*2": "log needs",
    "log(S1_in, 2)": "“,”",
    "0,5": "decimal point",
    "sum(y, axis=0)": "“,”",
    "sum(y=1)": "“=”",
    "*y": "before *",
    "2*": "after *",
    "S3 // 2": "after / and before /",
    "S3 * * 2": "after * and before *",
    "2 S3": "Between 2 and S3",
    "S3(2)": "Between S3 and (",
    "(y)(y)": "Between ) and (",
    "2y": "Between 2 and y",
    "1.2.3": "Between 1.2 and .3",
    "2^2": "write ** for a power",
    "y²": "“²”",
    "S₂": "“₂”",
    "ｙ": "“ｙ”",
    "é": "“é”",
    "٣": "“٣”",
    "y\0": "'\\x00'",
    "\ud800": "'\\ud800'",
    "y\n*2": "line break",
    "y # all": "“#”",
    "'y'": "“'”",
    'f"{y}"': '“"”',
    "y == 2": "“=”",
    "y < 2": "“<”",
    "y := 2": "“:”",
    "lambda: y": "“:”",
    "y if y else y": "if",
    "y and y": "and",
    "not y": "not",
    "True": "True",
    "None": "None",
    "y[0]": "“[”",
    "{y}": "“{”",
    "y; y": "“;”",
    "y @ y": "“@”",
    "y % 2": "“%”",
    "~y": "“~”",
    "y\\": "“\\”",
    "import os": "import",
    "S4": "S0 to S3",
    "S4_in": "S0 to S3",
    "X0": "X1 to X3",
    "X4": "X1 to X3",
    "S03": "S0 to S3",
    "S0_in": "State 0 has no (In)",
    "dE/dS3": "itself a derivative",
    "s2": "did you mean S2",
    "WREC": "did you mean Wrec",
    "D_LOG(S1_in)": "did you mean d_log",
    "W": "The name W",
}


@pytest.mark.parametrize(("text", "names_it"), HOSTILE.items(), ids=lambda text: repr(text[:20]))
def test_whatever_is_no_formula_ends_at_once_in_a_sentence(text: str, names_it: str) -> None:
    start = time.perf_counter()
    sentence = refusal(text)
    assert time.perf_counter() - start < 1.0
    assert names_it in sentence
    assert is_one_sentence(sentence)


def test_what_is_just_within_the_bounds_is_read() -> None:
    assert value("(" * MOST_DEPTH + "2" + ")" * MOST_DEPTH) == 2
    assert value("-" * MOST_OPERATORS + "2") == 2
    assert value("1" + "+1" * MOST_OPERATORS) == MOST_OPERATORS + 1
    assert value("2" + " " * (MOST_CHARACTERS - 1)) == 2
    assert value("sum(" * MOST_DEPTH + "-" * MOST_OPERATORS + "2" + ")" * MOST_DEPTH) == 2
    assert value("1000000") == 1e6


# Pieces of formulas come nearer to being read than letters do.
PIECES = st.lists(
    st.sampled_from(
        [*OURS.known, *"0123456789.+-*/()", "**", "log(", "d_log(", "sum(", " ", "e", ","]
    )
).map("".join)


@given(st.text() | PIECES)
def test_any_text_is_a_formula_or_ends_in_a_sentence(text: str) -> None:
    sentence = ""
    try:
        formula = parse(text, OURS)
    except FormulaError as refused:
        sentence = str(refused)
    if sentence:
        assert is_one_sentence(sentence)
    else:
        assert evaluated(formula, VALUES).shape == (1,)
        assert formula.tokens == typeset(text, OURS)


def symbols(tokens: tuple[Token, ...]) -> list[str]:
    return [str(token.symbol) for token in tokens]


def test_a_formula_is_typeset_in_the_names_of_the_equations() -> None:
    tokens = parse("2/3*(S3 - y)*Wrec**2*d_log(S2_in)*log(S1_in)*X2/N", OURS).tokens
    assert symbols(tokens) == [
        *("2/3", "·", "(", "S_3(Out)", "−", "y", ")", "·", "Wrec", "²", "·"),
        *("d_log(S_2(In))", "·", "log(", "S_1(In)", ")", "·", "X_2", "/", "N"),
    ]
    assert [str(token.symbol) for token in tokens if token.boxed] == ["d_log(S_2(In))"]
    assert tokens[11].symbol == Name("S", "2", "(In)", "d_log")
    assert tokens[3].symbol == Name("S", "3", "(Out)")
    assert all(token.value is None for token in tokens)


def test_a_slope_of_more_than_a_state_is_no_box_of_one_name() -> None:
    assert symbols(typeset("d_log(S1*Wrec)", OURS)) == ["d_log(", "S_1(Out)", "·", "Wrec", ")"]
    assert symbols(typeset("2/N*y/N", OURS)) == ["2/N", "·", "y", "/", "N"]
    assert symbols(typeset("y**(2)", OURS)) == ["y", "^", "(", "2", ")"]


def test_an_unfinished_formula_is_typeset_as_far_as_it_goes() -> None:
    assert symbols(typeset("2/3*(S3 − y)·Wr", OURS))[-2:] == ["·", "Wr"]
    assert symbols(typeset("d_log(S2_i", OURS)) == ["d_log(", "S2_i"]
    assert typeset("S3.shape", OURS) == ()
    assert typeset("(" * 1_000_000, OURS) == ()


def test_a_formula_is_its_text_and_its_tokens() -> None:
    assert parse(" y ", OURS) == parse("y", OURS)
    assert isinstance(hash(parse("y", OURS)), int)
    assert parse("y", OURS) != parse("X1", OURS)
    assert isinstance(parse("y", OURS), Formula)


def test_every_name_has_a_value() -> None:
    assert {*OURS.known.values()} == {x for x in VALUES if not x.d}
    one = ("S0", "S0_out", "S1", "S1_in", "S1_out", "X1", "y", "Wx", "Wrec", "N")
    brackets = ("S0(Out)", "S1(In)", "S1(Out)")
    assert {*Vocabulary(two_weights(), 1).known} == {*one, *brackets}


def test_names_as_lessons_have_them_are_read_too() -> None:
    assert parse("S2(In)*S1(Out)", OURS).node == parse("S2_in*S1", OURS).node


# --- other cells ------------------------------------------------------------------------------

LSTM = Vocabulary(KNOWN["lstm"](), 3, gradients=True)


def test_gradients_and_matrices_are_read_where_there_are_any() -> None:
    formula = parse("Ui.T @ di3(In) + dE/dc2*o2", LSTM)
    assert symbols(formula.tokens) == [*("Ui", "ᵀ", "·", "dE/di_3(In)", "+", "dE/dc_2", "·", "o_2")]
    assert formula.tokens[3].symbol == Derivative(Name("i", "3", "(In)"))
    assert parse("di2_in @ x2.T", LSTM).node == Apply(
        "outer", (Leaf("i(In)", 2, d=True), Leaf("x", 2))
    )


@pytest.mark.parametrize(
    ("text", "names_it"),
    {
        "x2.T": "transposed",
        ".T": "before .T",
        "Ui.T.T": "Something is missing",
        "c4": "c0 to c3",
        "f0": "f1 to f3",
        "dc0": "dc0",
        "p1": "p1",
        "q": "The name q",
    }.items(),
)
def test_other_cells_refuse_in_a_sentence_too(text: str, names_it: str) -> None:
    sentence = refusal(text, LSTM)
    assert names_it in sentence
    assert is_one_sentence(sentence)

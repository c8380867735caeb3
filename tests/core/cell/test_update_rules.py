"""Each rule against its formula written once more; its lines on paper and in programs."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.expression import Leaf
from core.cell.formula import CellError
from core.cell.known import KNOWN
from core.cell.reading import read_cell
from core.cell.rule_code import float_lines, shown_lines, start_lines, variable
from core.cell.update_rules import SETTINGS, UPDATE_RULES, Array, UpdateRule, clip_factor, updated
from core.epoch.equation import Equation
from core.epoch.update_lines import update_equations

DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()}
RULES = list(UPDATE_RULES.values())
ADAGRAD = UpdateRule(
    key="adagrad",
    title="AdaGrad",
    text="s = s + dW**2\nW = W - rate * dW / (sqrt(s) + adam_epsilon)",
    formula="",
    sentence="",
)
NESTEROV = UpdateRule(
    key="nesterov",
    title="Nesterov momentum",
    text="v = momentum * v + dW\nW = W - rate * (dW + momentum * v)",
    formula="",
    sentence="",
)
ALL = [*RULES, ADAGRAD, NESTEROV]
SPAN = st.floats(-1e3, 1e3, allow_subnormal=False)
EXTREMES = st.sampled_from([1e308, -1e308, 1.5e154, -1e200, 800.0, -800.0, 1.0, 0.0, -0.0, 1e-300])
ANY = SPAN | EXTREMES


# --- the formulas, once more, as version 0.1.0 had them ----------------------------------------

Numbers = tuple[Any, ...]


def gradient_descent(w: Any, g: Any, rate: Any, _: Numbers, epoch: int) -> tuple[Any, Numbers]:
    return w - rate * g, ()


def momentum(w: Any, g: Any, rate: Any, kept: Numbers, epoch: int) -> tuple[Any, Numbers]:
    v = 0.9 * kept[0] + g
    return w - rate * v, (v,)


def rprop(w: Any, g: Any, rate: Any, kept: Numbers, epoch: int) -> tuple[Any, Numbers]:
    size, before = kept
    sign = (g > 0) * 1.0 - (g < 0) * 1.0
    same = (sign == before) * 1.0
    size = size * (1.2 * same + 0.5 * (1.0 - same))
    return w - sign * size, (size, sign)


def adam(w: Any, g: Any, rate: Any, kept: Numbers, epoch: int) -> tuple[Any, Numbers]:
    mean, square = kept
    epochs = epoch + 1.0
    mean = 0.9 * mean + (1.0 - 0.9) * g
    square = 0.999 * square + (1.0 - 0.999) * g * g
    mean_corrected = mean / (1.0 - 0.9**epochs)
    square_corrected = square / (1.0 - 0.999**epochs)
    step = rate * mean_corrected / (square_corrected**0.5 + 1e-8)
    return w - step, (mean, square)


def adagrad(w: Any, g: Any, rate: Any, kept: Numbers, epoch: int) -> tuple[Any, Numbers]:
    square = kept[0] + g * g
    return w - rate * g / (square**0.5 + 1e-8), (square,)


def nesterov(w: Any, g: Any, rate: Any, kept: Numbers, epoch: int) -> tuple[Any, Numbers]:
    v = 0.9 * kept[0] + g
    return w - rate * (g + 0.9 * v), (v,)


FORMULAS: dict[str, Callable[..., tuple[Any, Numbers]]] = {
    "gradient-descent": gradient_descent,
    "momentum": momentum,
    "rprop": rprop,
    "adam": adam,
    "adagrad": adagrad,
    "nesterov": nesterov,
}


def old_clip_factor(d_wx: float, d_wrec: float, limit: float) -> float:
    larger, smaller = max(abs(d_wx), abs(d_wrec)), min(abs(d_wx), abs(d_wrec))
    if not larger > 0.0:
        return 1.0
    ratio = smaller / larger
    norm = larger * math.sqrt(1.0 + ratio * ratio)
    return limit / norm if norm > limit else 1.0


def first(rule: UpdateRule) -> Numbers:
    return tuple(DEFAULTS.get(start, 0.0) for start in rule.start.values())


def bits(value: float) -> bytes:
    return b"nan" if math.isnan(value) else struct.pack("d", value)


# --- plain floats ------------------------------------------------------------------------------


def trained(rule: UpdateRule, gradients: list[tuple[float, float]], clip: float | None) -> Any:
    """Train two weights by the lines of a program."""
    weights = ["wx", "wrec"]
    lines = float_lines(rule, weights, clips=clip is not None)
    body = "".join(f"    {line}\n" for line in lines)
    source = "\n".join(
        [*start_lines(rule, weights), f"for epoch, (d_wx, d_wrec) in steps:\n{body}"]
    )
    space: dict[str, Any] = {"sqrt": math.sqrt, "clip_norm": clip, **DEFAULTS}
    space |= {"wx": 0.5, "wrec": -1.2, "rate_wx": 0.1, "rate_wrec": 0.02}
    exec(source, space | {"steps": enumerate(gradients)}, space)  # noqa: S102
    kept = [space[variable(rule, Leaf(n, -1), w)] for w in weights for n in rule.numbers]
    return space["wx"], space["wrec"], *kept


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
@given(
    gradients=st.lists(st.tuples(ANY, ANY), min_size=1, max_size=5),
    clip=st.none() | st.floats(1e-3, 1e3),
)
def test_programs_over_floats_have_the_bits_of_the_formulas(
    rule: UpdateRule, gradients: list[tuple[float, float]], clip: float | None
) -> None:
    of_wx, of_wrec = (0.5, first(rule)), (-1.2, first(rule))
    for epoch, (d_wx, d_wrec) in enumerate(gradients):
        factor = 1.0 if clip is None else old_clip_factor(d_wx, d_wrec, clip)
        formula = FORMULAS[rule.key]
        of_wx = formula(of_wx[0], factor * d_wx, 0.1, of_wx[1], epoch)
        of_wrec = formula(of_wrec[0], factor * d_wrec, 0.02, of_wrec[1], epoch)
    expected = of_wx[0], of_wrec[0], *of_wx[1], *of_wrec[1]
    found = trained(rule, gradients, clip)
    assert [*map(type, found)] == [float] * len(expected)
    assert [*map(bits, found)] == [*map(bits, expected)]


@pytest.mark.parametrize("rule", RULES[2:], ids=lambda rule: rule.key)
def test_compiled_programs_have_the_same_bits(rule: UpdateRule) -> None:
    numba = pytest.importorskip("numba")
    weights = ["wx", "wrec"]
    kept = [variable(rule, Leaf(n, -1), w) for w in weights for n in rule.numbers]
    inside = [*weights, "d_wx", "d_wrec", "rate_wx", "rate_wrec", *kept, *SETTINGS, "clip_norm"]
    source = f"def train({', '.join(inside)}, epoch):\n"
    source += "".join(f"    {line}\n" for line in float_lines(rule, weights, clips=True))
    source += f"    return {', '.join([*weights, *kept])}\n"
    space: dict[str, Any] = {"sqrt": math.sqrt}
    exec(source, space)  # noqa: S102
    train, compiled = space["train"], numba.njit(space["train"])
    numbers = [0.5, -1.2, 1.7, -0.3, 0.1, 0.02, *first(rule), *first(rule), *DEFAULTS.values(), 0.5]
    for epoch in range(3):
        assert [*map(bits, train(*numbers, epoch))] == [*map(bits, compiled(*numbers, epoch))]


# --- arrays ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
@given(
    seed=st.integers(0, 99),
    clip=st.none() | st.floats(1e-2, 1e2),
    shape=st.sampled_from([(5,), (3, 4)]),
)
def test_arrays_take_the_way_of_their_numbers(
    rule: UpdateRule, seed: int, clip: float | None, shape: tuple[int, ...]
) -> None:
    chance = np.random.default_rng(seed)
    weights, rates = chance.normal(size=shape), chance.uniform(0, 1, shape[0])
    columns = np.reshape(rates, (-1, *(1,) * (len(shape) - 1)))
    numbers = rule.first_numbers(DEFAULTS, shape)
    expected, kept = weights, tuple(numbers)
    for epoch in range(4):
        gradient = chance.normal(size=shape) * chance.integers(-1, 2, shape)
        norm = np.sqrt(np.sum(gradient**2, axis=0))
        factor = 1.0 if clip is None else np.minimum(1.0, clip / np.maximum(norm, 1e-300))
        expected, kept = FORMULAS[rule.key](expected, gradient * factor, columns, kept, epoch)
        weights, numbers = updated(rule, weights, gradient, rates, numbers, DEFAULTS, clip, epoch)
    assert weights.shape == shape
    assert numbers.shape == (len(rule.numbers), *shape)
    assert np.allclose(weights, expected, rtol=1e-12, atol=1e-14)
    assert len(kept) == len(numbers)
    assert all(
        np.allclose(a, b, rtol=1e-12, atol=1e-14) for a, b in zip(numbers, kept, strict=True)
    )


def test_nothing_is_changed_in_place() -> None:
    weights, gradient = np.ones(3), np.ones(3)
    for rule in RULES:
        numbers = rule.first_numbers(DEFAULTS, (3,))
        before = numbers.copy()
        updated(rule, weights, gradient, 0.1, numbers, DEFAULTS, 1e-3, 0)
        assert np.array_equal(numbers, before)
        assert (weights == 1).all()
        assert (gradient == 1).all()


def test_rprop_by_hand() -> None:
    # The epoch before the first counts as one of sign 0, so the first size is 0.001 * 0.5.
    rule, weights = UPDATE_RULES["rprop"], np.ones(1)
    numbers = rule.first_numbers(DEFAULTS, (1,))
    assert dict(zip(rule.numbers, numbers[:, 0], strict=True)) == {"size": 0.001, "sign": 0.0}
    expected = 1.0
    steps = [(3.0, 0.0005), (0.1, 0.0006), (-7.0, -0.0003), (0.0, 0.0), (0.0, 0.0)]
    for epoch, (gradient, step) in enumerate(steps):
        weights, numbers = updated(
            rule, weights, np.array([gradient]), 99.0, numbers, DEFAULTS, None, epoch
        )
        expected -= step
        assert weights == pytest.approx([expected], rel=1e-15)
    assert numbers[0] == pytest.approx([0.00018])


# --- clipping ----------------------------------------------------------------------------------


@given(st.lists(SPAN, min_size=1, max_size=9), st.floats(1e-3, 1e3))
def test_clipping_shortens_to_the_limit_and_never_lengthens(
    gradient: list[float], limit: float
) -> None:
    factor, norm = clip_factor(np.array(gradient), limit), math.hypot(*gradient)
    assert factor * norm == pytest.approx(min(norm, limit), rel=1e-14)
    assert 0 < factor <= 1


@given(st.lists(EXTREMES, min_size=1, max_size=5))
def test_clipping_bears_the_largest_gradients(gradient: list[float]) -> None:
    factor = clip_factor(np.array(gradient), 1.0)
    assert math.hypot(*(factor * part for part in gradient)) <= 1.0 + 1e-12
    many = np.array([gradient, gradient[::-1]]).T
    assert np.allclose(clip_factor(many, 1.0), factor, rtol=1e-12, atol=0)


@pytest.mark.parametrize("clips_numbers", [True, False])
def test_shown_clipping_bears_huge_gradients(clips_numbers: bool) -> None:
    weights = {"a": not clips_numbers, "b": False, "c": False}
    space: dict[str, Any] = {"np": np, "clip_norm": 1.0, "a": 0.0, "b": 0.0, "c": 0.0}
    space |= {"rate_a": 1.0, "rate_b": 1.0, "rate_c": 1.0}
    space |= {"d_a": 3e200 if clips_numbers else np.array([[3e200, 0.0]]), "d_b": 4e200, "d_c": 0.0}
    exec("\n".join(shown_lines(RULES[0], weights, clips=True)), space)  # noqa: S102
    assert np.max(-space["a"]) == pytest.approx(0.6)
    assert space["b"] == pytest.approx(-0.8)


# --- programs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
@pytest.mark.parametrize("clip", [None, 0.7])
def test_the_lines_that_are_shown_do_what_the_rule_does(
    rule: UpdateRule, clip: float | None
) -> None:
    chance = np.random.default_rng(1)
    weights: dict[str, Any] = {
        "Wi": chance.normal(size=(2, 3)),
        "b": chance.normal(size=2),
        "p": 0.3,
    }
    sizes = [np.size(weight) for weight in weights.values()]
    space: dict[str, Any] = {"np": np, "clip_norm": clip, **DEFAULTS, **weights}
    space |= {f"rate_{name}": 0.1 for name in weights}
    exec("\n".join(start_lines(rule, weights)), space)  # noqa: S102
    flat: Array = np.concatenate([np.ravel(weight) for weight in weights.values()])
    numbers = rule.first_numbers(DEFAULTS, flat.shape)
    kinds = {name: np.ndim(weight) > 0 for name, weight in weights.items()}
    source = "\n".join(shown_lines(rule, kinds, clips=clip is not None))
    for epoch in range(4):
        gradient = chance.normal(size=flat.shape)
        parts = np.split(gradient, np.cumsum(sizes)[:-1])
        for part, (name, weight) in zip(parts, weights.items(), strict=True):
            space[f"d_{name}"] = part.reshape(np.shape(weight)) if np.ndim(weight) else part[0]
        space["epoch"] = epoch
        exec(source, space)  # noqa: S102
        flat, numbers = updated(rule, flat, gradient, 0.1, numbers, DEFAULTS, clip, epoch)
    found = np.concatenate([np.ravel(space[name]) for name in weights])
    assert np.allclose(found, flat, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ["momentum", "norm", "same", "m_lead", "v_Wx", "sign_before_Wx"])
def test_no_cell_takes_the_names_of_an_update(name: str) -> None:
    text = "{0} = tanh(Wx*x)\nE = mean(({0} - y)**2)\nweights: Wx\ninputs: x"
    assert read_cell(text.format("m")).quantities == ("m(In)", "m")
    with pytest.raises(CellError, match="how programs call something else"):
        read_cell(text.format(name))


def test_a_long_list_of_gradients_is_broken() -> None:
    lines = shown_lines(RULES[0], {f"W{i}": True for i in range(40)}, clips=True)
    assert max(map(len, lines)) <= 96
    compile("\n".join(lines), "update", "exec")


# What version 0.1.0 shows: the lines of code of an update, then those of paper.
CODE = {
    "gradient-descent": """\
wx = wx - rate_wx * d_wx
wrec = wrec - rate_wrec * d_wrec""",
    "momentum": """\
v_wx = momentum * v_wx + d_wx
wx = wx - rate_wx * v_wx
v_wrec = momentum * v_wrec + d_wrec
wrec = wrec - rate_wrec * v_wrec""",
    "rprop": """\
sign_wx = np.sign(d_wx)
same = sign_wx == sign_before_wx
size_wx = size_wx * (rprop_up if same else rprop_down)
wx = wx - sign_wx * size_wx
sign_before_wx = sign_wx
sign_wrec = np.sign(d_wrec)
same = sign_wrec == sign_before_wrec
size_wrec = size_wrec * (rprop_up if same else rprop_down)
wrec = wrec - sign_wrec * size_wrec
sign_before_wrec = sign_wrec""",
    "adam": """\
m_lead = 1 - adam_beta1 ** (epoch + 1)  # both means started at 0
s_lead = 1 - adam_beta2 ** (epoch + 1)
m_wx = adam_beta1 * m_wx + (1 - adam_beta1) * d_wx
s_wx = adam_beta2 * s_wx + (1 - adam_beta2) * d_wx**2
root = np.sqrt(s_wx / s_lead)
wx = wx - rate_wx * (m_wx / m_lead) / (root + adam_epsilon)
m_wrec = adam_beta1 * m_wrec + (1 - adam_beta1) * d_wrec
s_wrec = adam_beta2 * s_wrec + (1 - adam_beta2) * d_wrec**2
root = np.sqrt(s_wrec / s_lead)
wrec = wrec - rate_wrec * (m_wrec / m_lead) / (root + adam_epsilon)""",
}
CLIPPING_CODE = """\
norm = np.hypot(d_wx, d_wrec)
factor = clip_norm / norm if norm > clip_norm else 1.0
d_wx, d_wrec = factor * d_wx, factor * d_wrec
"""
PAPER = {
    "gradient-descent": """\
new Wx = Wx − rate · dE/dWx
new Wrec = Wrec − rate · dE/dWrec""",
    "momentum": """\
new v_Wx = momentum · v_Wx + dE/dWx
new v_Wrec = momentum · v_Wrec + dE/dWrec
new Wx = Wx − rate · new v_Wx
new Wrec = Wrec − rate · new v_Wrec""",
    "rprop": """\
sign_Wx = sign(dE/dWx)
sign_Wrec = sign(dE/dWrec)
new size_Wx = size_Wx · up
new size_Wrec = size_Wrec · down
new Wx = Wx − sign_Wx · new size_Wx
new Wrec = Wrec − sign_Wrec · new size_Wrec""",
    "adam": """\
new m_Wx = β_1 · m_Wx + (1 − β₁) · dE/dWx
new m_Wrec = β_1 · m_Wrec + (1 − β₁) · dE/dWrec
new s_Wx = β_2 · s_Wx + (1 − β₂) · dE/dWx ²
new s_Wrec = β_2 · s_Wrec + (1 − β₂) · dE/dWrec ²
step_Wx = rate · new m_Wx / lead_1
step_Wrec = rate · new m_Wrec / lead_1
root_Wx = √(new s_Wx / lead_2)
root_Wrec = √(new s_Wrec / lead_2)
new Wx = Wx − step_Wx / (root_Wx + ε)
new Wrec = Wrec − step_Wrec / (root_Wrec + ε)""",
    "adagrad": """\
new s_Wx = s_Wx + dE/dWx ²
new s_Wrec = s_Wrec + dE/dWrec ²
new Wx = Wx − rate · dE/dWx / (√(new s_Wx) + ε)
new Wrec = Wrec − rate · dE/dWrec / (√(new s_Wrec) + ε)""",
    "nesterov": """\
new v_Wx = momentum · v_Wx + dE/dWx
new v_Wrec = momentum · v_Wrec + dE/dWrec
new Wx = Wx − rate · (dE/dWx + momentum · new v_Wx)
new Wrec = Wrec − rate · (dE/dWrec + momentum · new v_Wrec)""",
}
CLIPPING_ON_PAPER = """\
norm = √(dE/dWx ² + dE/dWrec ²)
factor = min(1, clip norm / norm)
g_Wx = factor · dE/dWx
g_Wrec = factor · dE/dWrec
"""


@pytest.mark.parametrize("key", CODE)
def test_the_tutorials_lines_of_code(key: str) -> None:
    weights = {"wx": False, "wrec": False}
    assert "\n".join(shown_lines(UPDATE_RULES[key], weights, clips=False)) == CODE[key]
    clipped = "\n".join(shown_lines(UPDATE_RULES[key], weights, clips=True))
    assert clipped == CLIPPING_CODE + CODE[key]


# --- paper -------------------------------------------------------------------------------------


def equations(
    rule: UpdateRule,
    clip: float | None = None,
    weights: Mapping[str, Any] | None = None,
    gradient: Mapping[str, Any] | None = None,
    kept: float = -1.0,
) -> list[Equation]:
    """Write the lines of an update; those of vectors and matrices as they stand, whole."""
    weights = weights or {"Wx": 0.5, "Wrec": -1.2}
    gradient = gradient or {"Wx": -1.3, "Wrec": 1.1}
    before = {n: {w: v * 0 + abs(kept) for w, v in weights.items()} for n in rule.numbers}
    if "sign" in before:
        before["sign"] = {w: v * 0 + kept for w, v in weights.items()}
    numbers = weights, gradient, dict.fromkeys(weights, 0.001), before, DEFAULTS, clip, 3
    cell = KNOWN["tutorial"]()
    with np.errstate(all="ignore"):
        return [line.whole or line for line in update_equations(cell, rule, *numbers)]


def on_paper(lines: list[Equation]) -> str:
    return "\n".join(line.symbols for line in lines)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
def test_lines_on_paper(rule: UpdateRule) -> None:
    assert on_paper(equations(rule)) == PAPER[rule.key]
    clipped = PAPER[rule.key].replace("dE/d", "g_")
    assert on_paper(equations(rule, 0.5)) == CLIPPING_ON_PAPER + clipped


def worth(line: Equation) -> Any:
    """Work out what stands on paper, with the numbers that stand there."""
    texts = [
        SIGNS.get(str(token.symbol), str(token.symbol)) if token.value is None else f"v[{i}]"
        for i, token in enumerate(line.tokens)
    ]
    space = {"v": [token.value for token in line.tokens], "root": np.sqrt, "sign": np.sign}
    return eval("".join(texts), space)  # noqa: S307 (our own tokens)


SIGNS = {"·": "*", "∘": "*", "−": "-", "²": "**2", "√(": "root("}


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
@pytest.mark.parametrize("clip", [None, 0.5, 50.0])
@pytest.mark.parametrize("vectors", [False, True])
def test_paper_counts_up_to_the_new_weights(
    rule: UpdateRule, clip: float | None, vectors: bool
) -> None:
    weights: dict[str, Any] = {"Wx": 0.5, "Wrec": -1.2}
    gradient: dict[str, Any] = {"Wx": -1.3, "Wrec": 1.1}
    if vectors:
        weights["Wx"], gradient["Wx"] = np.eye(2), np.array([[1.0, -2.0], [0.0, 3.0]])
    lines = equations(rule, clip, weights, gradient)
    for line in lines:
        assert np.allclose(worth(line), line.result, rtol=1e-14, atol=0)
    flat, whole = (np.concatenate([*map(np.ravel, x.values())]) for x in (weights, gradient))
    numbers = rule.first_numbers(DEFAULTS, flat.shape) * 0 + 1.0
    if "sign" in rule.numbers:
        numbers[1] = -1.0
    new, _ = updated(rule, flat, whole, 0.001, numbers, DEFAULTS, clip, 3)
    results = np.concatenate([np.ravel(line.result) for line in lines[-2:]])
    assert np.allclose(results, new, rtol=1e-14, atol=0)


def test_a_gradient_of_zero_has_nothing_to_shorten() -> None:
    lines = equations(RULES[0], 0.5, gradient={"Wx": 0.0, "Wrec": 0.0})
    assert on_paper(lines[1:2]) == "factor = 1"
    assert [line.result for line in lines] == [0.0, 1.0, 0.0, 0.0, 0.5, -1.2]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.key)
@pytest.mark.parametrize("clip", [None, 0.5])
def test_huge_gradients_have_lines_too(rule: UpdateRule, clip: float | None) -> None:
    huge = {"Wx": 1e200, "Wrec": np.array([-1e308, 1e308])}
    lines = equations(rule, clip, {"Wx": 0.5, "Wrec": np.ones(2)}, huge)
    assert clip is None or np.isfinite(lines[-1].result).all()


def test_factors_of_many_signs_stand_together() -> None:
    gradient = {"Wi": np.array([1.0, -1.0]), "b": np.array([-1.0, -2.0])}
    weights = {"Wi": np.ones(2), "b": np.ones(2)}
    lines = equations(UPDATE_RULES["rprop"], None, weights, gradient)
    assert on_paper(lines[2:4]) == "new size_Wi = size_Wi ∘ up or down\nnew size_b = size_b · up"
    assert str(lines[2].tokens[-1].symbol) == "up or down"
    assert np.array_equal(lines[2].tokens[-1].value, [0.5, 1.2])


def test_tips_say_why() -> None:
    def tips(rule: str) -> dict[str, str]:
        tokens = (token for line in equations(UPDATE_RULES[rule]) for token in line.tokens)
        return {str(token.symbol): token.tip for token in tokens if token.tip}

    assert tips("rprop") == {
        "up": "the sign is that of the epoch before",
        "down": "the sign has turned",
    }
    assert tips("adam")["lead_2"] == "1 − β₂ to the power of 4: both means started at 0"


# --- the rules as texts ------------------------------------------------------------------------


def test_what_follows_from_the_texts() -> None:
    assert [rule.numbers for rule in RULES] == [(), ("v",), ("size", "sign"), ("m", "s")]
    assert {name for rule in RULES for name in rule.settings} == SETTINGS.keys()
    for rule in ALL:
        assert rule.constants <= {*SETTINGS, "rate", "t"}
        assert bool(rule.why_no_rates) == ("rate" not in rule.constants)
    assert ADAGRAD.settings == ("adam_epsilon",)
    assert ADAGRAD.start == {"s": "0.0"}


def test_formulas_take_their_settings() -> None:
    numbers = {name: f"{value:g}" for name, value in DEFAULTS.items()}
    shown = [rule.formula.format(**numbers) for rule in RULES]
    assert shown[0] == "W = W − rate · dE/dW"
    assert shown[1] == "v = 0.9 · v + dE/dW\nW = W − rate · v"
    assert (
        shown[2] == "size = size · 1.2 where the sign stays,\nelse size · 0.5\nW = W − sign · size"
    )
    assert "√s′ + 1e-08" in shown[3]


@pytest.mark.parametrize("text", ["W = W - rate * tanh(dW)", "W = W[k-1]", "W = open(dW)"])
def test_what_no_rule_has_is_refused(text: str) -> None:
    rule = UpdateRule(key="", title="", text=text, formula="", sentence="")
    with pytest.raises(CellError):
        _ = rule.statements

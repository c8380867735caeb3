"""Each rule against its formula, worked out by hand or written once more; floats and arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.update_rules import UPDATE_RULES, RuleSettings, clip_factor
from tests.core.sampling import EXTREMES, reals

RULES = list(UPDATE_RULES.values())
GRADIENTS = st.lists(reals(5.0), min_size=1, max_size=12)


def walk(key: str, gradients: list[float], rate: float = 0.1) -> list[float]:
    """The weights that a rule goes through from 1.0 on."""
    rule, settings = UPDATE_RULES[key], RuleSettings()
    first, second = rule.start(settings)
    weights = [1.0]
    for epoch, gradient in enumerate(gradients):
        new, first, second = rule.apply(weights[-1], gradient, rate, first, second, epoch, settings)
        weights.append(new)
    return weights


def test_gradient_descent_by_hand() -> None:
    assert walk("gradient-descent", [1.0, -2.0]) == pytest.approx([1.0, 0.9, 1.1])


def test_momentum_by_hand() -> None:
    # v: 1, then 0.9 * 1 - 2 = -1.1
    assert walk("momentum", [1.0, -2.0]) == pytest.approx([1.0, 0.9, 1.01])


def test_rprop_by_hand() -> None:
    # The epoch before the first counts as sign 0, so the first size is 0.001 * 0.5.
    sizes = [0.0005, 0.0006, 0.0003, 0.00015, 0.00018]
    signs = [1, 1, -1, 0, 0]
    expected = [1.0]
    for size, sign in zip(sizes, signs, strict=True):
        expected.append(expected[-1] - sign * size)
    assert walk("rprop", [3.0, 0.1, -7.0, 0.0, 0.0], rate=99.0) == pytest.approx(
        expected, rel=1e-15
    )


@given(GRADIENTS)
def test_adam_against_the_sums_that_its_means_stand_for(gradients: list[float]) -> None:
    weight, weights = 1.0, [1.0]
    for t in range(1, len(gradients) + 1):
        shares = [0.1 * 0.9 ** (t - 1 - i) for i in range(t)]
        squares = [0.001 * 0.999 ** (t - 1 - i) for i in range(t)]
        mean = math.fsum(a * g for a, g in zip(shares, gradients, strict=False))
        square = math.fsum(a * g * g for a, g in zip(squares, gradients, strict=False))
        root = math.sqrt(square / (1 - 0.999**t))
        weight -= 0.1 * (mean / (1 - 0.9**t)) / (root + 1e-8)
        weights.append(weight)
    assert walk("adam", gradients) == pytest.approx(weights, rel=1e-9, abs=1e-9)


@given(GRADIENTS, st.sampled_from(RULES))
def test_arrays_take_the_same_way_as_floats(gradients: list[float], rule: object) -> None:
    assert rule in RULES
    settings = RuleSettings()
    for rule_ in RULES:
        first, second = rule_.start(settings)
        count = len(gradients)
        ones = np.ones(count)
        together = rule_.apply(
            ones, np.array(gradients), 0.1, first * ones, second * ones, 3, settings
        )
        alone = [rule_.apply(1.0, g, 0.1, first, second, 3, settings) for g in gradients]
        assert np.allclose(np.transpose(together), alone, rtol=1e-15, atol=0)


@given(reals(1e3), reals(1e3), st.floats(1e-3, 1e3))
def test_clipping_shortens_to_the_limit_and_never_lengthens(
    wx: float, wrec: float, limit: float
) -> None:
    factor = clip_factor(wx, wrec, limit)
    norm = math.hypot(wx, wrec)
    assert factor * norm == pytest.approx(min(norm, limit), rel=1e-14)
    assert 0 < factor <= 1


@given(EXTREMES, EXTREMES)
def test_clipping_bears_the_largest_gradients(wx: float, wrec: float) -> None:
    factor = clip_factor(wx, wrec, 1.0)
    assert math.hypot(factor * wx, factor * wrec) <= 1.0 + 1e-12

"""Each activation beside its slope, for one number and for arrays, however large."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activations import ACTIVATIONS, IDENTITY, LOGISTIC, RELU, TANH, Activation
from tests.core.complex_step import FUNCTIONS

EACH = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
EXTREMES = [-math.inf, -1e308, -746.0, -710.0, -0.0, 0.0, 710.0, 1e308, math.inf]


def check_slope(activation: Activation, z: float) -> None:
    expected = FUNCTIONS[activation.key](complex(z, 1e-40)).imag / 1e-40
    assert float(activation.slope(np.array(z))) == pytest.approx(expected, rel=1e-13)


@EACH
@given(z=st.floats(-30, 30).filter(lambda z: abs(z) > 1e-6))
def test_the_slope_is_the_derivative(activation: Activation, z: float) -> None:
    check_slope(activation, z)


@pytest.mark.parametrize(
    ("activation", "other"), [(LOGISTIC, TANH), (TANH, RELU), (RELU, IDENTITY)]
)
def test_the_slope_of_another_function_is_caught(activation: Activation, other: Activation) -> None:
    with pytest.raises(AssertionError):
        check_slope(replace(activation, into=other.into), -0.5)


@EACH
@given(z=st.floats(-800, 800))
def test_one_number_and_arrays_agree(activation: Activation, z: float) -> None:
    array = np.array([z])
    expected = activation.apply(array).item(), activation.slope(array).item()
    assert activation.of_number(z) == pytest.approx(expected, rel=1e-14, abs=1e-300)


@EACH
@pytest.mark.parametrize("z", EXTREMES)
def test_extremes_neither_warn_nor_raise(activation: Activation, z: float) -> None:
    array = np.array([z])
    found = activation.apply(array).item(), activation.slope(array).item()
    assert activation.of_number(z) == pytest.approx(found, rel=0, abs=1e-307)
    assert not any(map(math.isnan, found))


@EACH
def test_what_is_computed_leaves_its_argument(activation: Activation) -> None:
    z = np.linspace(-3.0, 3.0, 7)
    out, slope = np.full(7, np.nan), np.full(7, np.nan)
    activation.into(z, out, slope)
    assert z.tolist() == np.linspace(-3.0, 3.0, 7).tolist()
    assert out.tolist() == activation.apply(z).tolist()
    assert slope.tolist() == activation.slope(z).tolist()


@EACH
def test_not_a_number_stays_one(activation: Activation) -> None:
    assert math.isnan(activation.of_number(math.nan)[0])
    assert np.isnan(activation.apply(np.array([math.nan]))).all()
    assert np.isnan(activation.slope(np.array([math.nan]))).all() == (activation is not IDENTITY)


@pytest.mark.parametrize(
    ("z", "out", "slope"), [(-1e4, 0.0, 0.0), (0.0, 0.5, 0.25), (1e4, 1.0, 0.0)]
)
def test_logistic_far_out(z: float, out: float, slope: float) -> None:
    assert LOGISTIC.of_number(z) == (out, slope)


def test_slope_of_relu_at_its_corner_is_0() -> None:
    assert RELU.of_number(0.0) == RELU.of_number(-0.0) == (0.0, 0.0)
    assert RELU.slope(np.array([0.0, -0.0])).tolist() == [0.0, 0.0]


def test_identity_keeps_the_sign_of_zero() -> None:
    assert math.copysign(1.0, IDENTITY.of_number(-0.0)[0]) == -1.0


def test_logistic_of_overflow_beside_what_is_no_number() -> None:
    z = np.array([math.nan, 800.0, -800.0, 0.0, math.inf, -math.inf])
    out = ACTIVATIONS["logistic"].apply(z)
    assert math.isnan(out[0])
    assert out[1:].tolist() == [1.0, 0.0, 0.5, 1.0, 0.0]
    slopes = ACTIVATIONS["logistic"].slope(z)
    assert math.isnan(slopes[0])
    assert slopes[1:].tolist() == [0.0, 0.0, 0.25, 0.0, 0.0]

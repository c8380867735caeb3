"""The four activations, each beside its derivative and the way it is written.

The tutorial writes the logistic sigmoid ``log()`` and its derivative ``d_log()``;
it is not a logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Activation:
    """A function f, its slope f', and how both are written.

    ``into(z, out, slope)`` puts f(z) and f'(z) into two other arrays of z's shape, and takes
    no room besides; where z may be large its caller ignores overflow. ``of_number(z)`` returns
    ``(f(z), f'(z))`` for one float: at three sequences by three timestamps a NumPy call costs
    ten times the arithmetic in it.
    """

    key: str  # in session files
    symbol: str  # in equations: symbol(z), empty for the identity
    slope_symbol: str
    title: str  # in menus and legends
    formula: str
    slope_formula: str
    into: Callable[[Array, Array, Array], None]
    of_number: Callable[[float], tuple[float, float]]

    def apply(self, z: Array) -> Array:
        """f(z), for an array of any shape."""
        return self._both(z)[0]

    def slope(self, z: Array) -> Array:
        """f'(z), for an array of any shape."""
        return self._both(z)[1]

    def _both(self, z: Array) -> tuple[Array, Array]:
        out, slope = np.empty_like(z), np.empty_like(z)
        with np.errstate(over="ignore", invalid="ignore"):
            self.into(z, out, slope)
        return out, slope


def _logistic(z: Array, out: Array, slope: Array) -> None:
    growth = np.exp(z, out=out)  # infinite from about 710 on
    finite = growth.max() < np.inf
    # 1 - log(z) = log(-z) = 1 / (1 + exp(z)) does not cancel for large z, as the difference would.
    rest = np.divide(1.0, np.add(growth, 1.0, out=slope), out=slope)
    np.multiply(growth, rest, out=out)
    if not finite:  # infinity times 0 is no number; log(z) is 1 long before
        np.copyto(out, 1.0, where=z > 700.0)
    np.multiply(out, rest, out=slope)


def _logistic_number(z: float) -> tuple[float, float]:
    if z >= 0.0:
        decay = math.exp(-z)
        out = 1.0 / (1.0 + decay)
        return out, out * (decay * out)
    growth = math.exp(z)
    rest = 1.0 / (1.0 + growth)
    out = growth * rest
    return out, out * rest


def _tanh(z: Array, out: Array, slope: Array) -> None:
    # 1 - tanh(z)**2 without the cancellation: 1 / cosh(z)**2, with exp that only falls.
    decay = np.exp(np.multiply(np.abs(z, out=slope), -2.0, out=slope), out=slope)
    below = np.add(decay, 1.0, out=out)
    np.divide(np.divide(decay, below, out=slope), below, out=slope)
    np.multiply(slope, 4.0, out=slope)
    np.tanh(z, out=out)


def _tanh_number(z: float) -> tuple[float, float]:
    decay = math.exp(-abs(z))
    root = 2.0 * decay / (1.0 + decay * decay)
    return math.tanh(z), root * root


def _relu(z: Array, out: Array, slope: Array) -> None:
    np.maximum(z, 0.0, out=out)
    np.sign(out, out=slope)  # 1 above 0, 0 at 0, and what is not a number stays one


def _relu_number(z: float) -> tuple[float, float]:
    if z > 0:
        return z, 1.0
    return (0.0, 0.0) if z <= 0 else (z, z)  # not a number stays one


def _identity(z: Array, out: Array, slope: Array) -> None:
    np.copyto(out, z)
    slope.fill(1.0)


LOGISTIC = Activation(
    key="logistic",
    symbol="log",
    slope_symbol="d_log",
    title="log() — logistic",
    formula="log(z) = 1 / (1 + exp(−z))",
    slope_formula="d_log(z) = log(z) · (1 − log(z))",
    into=_logistic,
    of_number=_logistic_number,
)
TANH = Activation(
    key="tanh",
    symbol="tanh",
    slope_symbol="d_tanh",
    title="tanh()",
    formula="tanh(z)",
    slope_formula="d_tanh(z) = 1 − tanh(z)²",
    into=_tanh,
    of_number=_tanh_number,
)
RELU = Activation(
    key="relu",
    symbol="relu",
    slope_symbol="d_relu",
    title="ReLU",
    formula="relu(z) = max(z, 0)",
    slope_formula="d_relu(z) = 1 where z > 0, else 0",
    into=_relu,
    of_number=_relu_number,
)
IDENTITY = Activation(
    key="identity",
    symbol="",
    slope_symbol="",
    title="none — linear",
    formula="Out = In",
    slope_formula="slope 1 everywhere",
    into=_identity,
    of_number=lambda z: (z, 1.0),
)

ACTIVATIONS: dict[str, Activation] = {a.key: a for a in (LOGISTIC, TANH, RELU, IDENTITY)}

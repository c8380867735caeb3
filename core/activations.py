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

    ``apply(z)`` and ``slope(z)`` take and return arrays of any shape.
    ``of_number(z)`` returns ``(f(z), f'(z))`` for one float: at three sequences by three
    timestamps a NumPy call costs ten times the arithmetic in it.
    """

    key: str  # in session files
    symbol: str  # in equations: symbol(z), empty for the identity
    slope_symbol: str
    title: str  # in menus and legends
    formula: str
    slope_formula: str
    apply: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    of_number: Callable[[float], tuple[float, float]]


def _logistic(z: Array) -> Array:
    # exp only of what is not positive: no overflow, however large z is.
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, decay) / (1.0 + decay)


def _logistic_slope(z: Array) -> Array:
    # log(z) * (1 - log(z)), with 1 - log(z) = log(-z), which does not cancel for large z.
    return _logistic(z) * _logistic(-z)


def _logistic_number(z: float) -> tuple[float, float]:
    if z >= 0.0:
        decay = math.exp(-z)
        out = 1.0 / (1.0 + decay)
        return out, out * (decay * out)
    growth = math.exp(z)
    rest = 1.0 / (1.0 + growth)
    out = growth * rest
    return out, out * rest


def _tanh_slope(z: Array) -> Array:
    # 1 - tanh(z)**2 without the cancellation: 1 / cosh(z)**2, again with exp that only falls.
    decay = np.exp(-np.abs(z))
    return (2.0 * decay / (1.0 + decay * decay)) ** 2


def _tanh_number(z: float) -> tuple[float, float]:
    decay = math.exp(-abs(z))
    root = 2.0 * decay / (1.0 + decay * decay)
    return math.tanh(z), root * root


def _relu_number(z: float) -> tuple[float, float]:
    if z > 0:
        return z, 1.0
    return (0.0, 0.0) if z <= 0 else (z, z)  # not a number stays one


LOGISTIC = Activation(
    key="logistic",
    symbol="log",
    slope_symbol="d_log",
    title="log() — logistic",
    formula="log(z) = 1 / (1 + exp(−z))",
    slope_formula="d_log(z) = log(z) · (1 − log(z))",
    apply=_logistic,
    slope=_logistic_slope,
    of_number=_logistic_number,
)
TANH = Activation(
    key="tanh",
    symbol="tanh",
    slope_symbol="d_tanh",
    title="tanh()",
    formula="tanh(z)",
    slope_formula="d_tanh(z) = 1 − tanh(z)²",
    apply=np.tanh,
    slope=_tanh_slope,
    of_number=_tanh_number,
)
RELU = Activation(
    key="relu",
    symbol="relu",
    slope_symbol="d_relu",
    title="ReLU",
    formula="relu(z) = max(z, 0)",
    slope_formula="d_relu(z) = 1 where z > 0, else 0",
    apply=lambda z: np.maximum(z, 0.0),
    slope=lambda z: np.where(np.isnan(z), z, (z > 0).astype(np.float64)),
    of_number=_relu_number,
)
IDENTITY = Activation(
    key="identity",
    symbol="",
    slope_symbol="",
    title="none — linear",
    formula="Out = In",
    slope_formula="slope 1 everywhere",
    apply=lambda z: z,
    slope=lambda z: np.ones_like(z),
    of_number=lambda z: (z, 1.0),
)

ACTIVATIONS: dict[str, Activation] = {a.key: a for a in (LOGISTIC, TANH, RELU, IDENTITY)}

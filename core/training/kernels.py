"""What a program over arrays calls: functions with their slopes, and sums of products.

Functions put value and slope into two arrays of z's shape, and take no room besides; their caller
ignores overflow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.data.values import Array

# BLAS spreads a longer product over threads, and waking them takes longer than the product.
_PIECE = 8192


def logistic(z: Array, out: Array, slope: Array) -> None:
    """Put 1 / (1 + exp(-z)) and its slope there; no difference of nearly equal numbers is taken."""
    growth = np.exp(
        np.minimum(z, 700.0, out=out), out
    )  # of more, infinity times 0 would be no number
    rest = np.divide(1.0, np.add(growth, 1.0, slope), slope)
    np.multiply(growth, rest, out)
    np.multiply(out, rest, slope)


def tanh(z: Array, out: Array, slope: Array) -> None:
    """Put tanh(z) and 1 / cosh(z)**2 there."""
    growth = np.exp(z, slope)
    np.add(growth, np.divide(1.0, growth, out), slope)
    np.divide(2.0, slope, slope)
    np.multiply(slope, slope, slope)
    np.tanh(z, out)


def relu(z: Array, out: Array, slope: Array) -> None:
    """Put max(z, 0) and its slope there: 1 above 0, 0 at 0; what is no number stays none."""
    np.sign(np.maximum(z, 0.0, out=out), slope)


def sqrt(z: Array, out: Array, slope: Array) -> None:
    """Put the root of z and its slope there."""
    np.divide(0.5, np.sqrt(z, out), slope)


def softmax(z: Array, out: Array) -> Array:
    """Put shares that sum to 1 there."""
    np.exp(np.subtract(z, np.max(z, axis=1, keepdims=True), out), out)
    np.divide(out, np.sum(out, axis=1, keepdims=True), out)
    return out


def dot(one: Array, other: Array, out: Array) -> Array:
    """Put the product of two vectors there, for each sequence: shape (N, 1)."""
    np.sum(one * other, axis=1, keepdims=True, out=out)
    return out


def product(one: Any, other: Any) -> float:
    """Sum the products of all numbers."""
    if np.ndim(other) != np.ndim(one):
        return float(np.sum(one * other))
    one, other = one.ravel(), other.ravel()
    if len(one) <= _PIECE:
        return float(one @ other)
    pieces = (slice(start, start + _PIECE) for start in range(0, len(one), _PIECE))
    return sum(float(one[piece] @ other[piece]) for piece in pieces)


NAMES = {f"_{f.__name__}": f for f in (logistic, tanh, relu, sqrt, softmax, dot, product)} | {
    "_exp": np.exp,
    "_ln": np.log,
    "_add": np.add,
    "_subtract": np.subtract,
    "_multiply": np.multiply,
    "_divide": np.divide,
    "_negative": np.negative,
    "_matmul": np.matmul,
    "_copy": np.copyto,
    "_concatenate": np.concatenate,
    "_take": np.take,
}

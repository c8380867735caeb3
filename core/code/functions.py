"""The functions of a listing, in the lines that are shown and that run.

They take real and complex numbers alike, so that a complex step goes through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.expression import operations
from core.cell.operations import LOGISTIC, slope_of

_LOGISTIC = '''
def log(z):
    """The logistic function."""
    decay = np.exp(np.where(np.real(z) < 0, z, -z))  # at most 1: it never overflows
    return np.where(np.real(z) < 0, decay, 1) / (1 + decay)

def d_log(z):
    """Its slope, log(z) * (1 - log(z)), with all its digits."""
    return log(z) * log(-z)
'''
_OTHERS = '''
def tanh(z):
    return np.tanh(z)

def d_tanh(z):
    """Its slope, 1 - tanh(z)**2, which is 1 / cosh(z)**2 with all its digits."""
    return (1 / np.cosh(z)) ** 2

def relu(z):
    return np.where(np.real(z) <= 0, 0.0, z)

def d_relu(z):
    """Its slope: 1 above 0, else 0."""
    return np.where(np.real(z) > 0, 1.0, 0.0)

def exp(z):
    return np.exp(z)

def d_exp(z):
    return np.exp(z)

def sqrt(z):
    return np.sqrt(z)

def d_sqrt(z):
    return 1 / (2 * np.sqrt(z))

def softmax(z):
    """Shares that sum to 1; taking the largest z off keeps them small."""
    growth = np.exp(z - np.max(np.real(z), axis=1, keepdims=True))
    return growth / np.sum(growth, axis=1, keepdims=True)
'''
_LOGISTICS = [
    _LOGISTIC.replace("function.", "function: not a logarithm.")
    if name == "log"
    else _LOGISTIC.replace("log(", f"{name}(")
    for name in LOGISTIC
]
FUNCTION_LINES = {
    text.partition("(")[0]: tuple(f"def {text}".split("\n"))
    for text in "".join([*_LOGISTICS, _OTHERS]).strip().removeprefix("def ").split("\n\ndef ")
}


def _called() -> dict[str, Any]:
    space: dict[str, Any] = {"np": np}
    for lines in FUNCTION_LINES.values():
        exec("\n".join(lines), space)  # noqa: S102 (the program's own lines)
    return space


CALLED = MappingProxyType(_called())  # the functions of all listings, by name, and np


def functions_of(cell: Cell) -> list[str]:
    """List the functions and slopes that an epoch of a cell calls, in the order of the table."""
    rights = [e.right for e in (*cell.equations, cell.cost)]
    rights += [line.right for at_last in (False, True) for line in cell.backward(at_last)]
    used = {apply.op for right in rights for apply in operations(right)}
    # A slope is written with its function.
    used |= {slope_of(a) for right in rights for a in operations(right)}
    return [name for name in FUNCTION_LINES if name in used]


def function_lines(cell: Cell) -> Iterator[str]:
    """Write the functions of a cell, two blank lines before each."""
    for name in functions_of(cell):
        yield from ("", "", *FUNCTION_LINES[name])

"""The functions of a listing, in the lines that are shown and that run.

They take real and complex numbers alike, so that a complex step goes through them.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.cell.description import Cell
from core.cell.expression import operations
from core.cell.operations import LOGISTIC, slope_of


def _logistic(name: str) -> dict[str, tuple[str, ...]]:
    says = "The logistic function: not a logarithm." if name == "log" else "The logistic function."
    return {
        name: (
            f"def {name}(z):",
            f'    """{says}"""',
            "    decay = np.exp(np.where(np.real(z) < 0, z, -z))  # at most 1: it never overflows",
            "    return np.where(np.real(z) < 0, decay, 1) / (1 + decay)",
        ),
        f"d_{name}": (
            f"def d_{name}(z):",
            f'    """Its slope, {name}(z) * (1 - {name}(z)), with all its digits."""',
            f"    return {name}(z) * {name}(-z)",
        ),
    }


FUNCTION_LINES: dict[str, tuple[str, ...]] = {
    **{name: lines for key in LOGISTIC for name, lines in _logistic(key).items()},
    "tanh": ("def tanh(z):", "    return np.tanh(z)"),
    "d_tanh": (
        "def d_tanh(z):",
        '    """Its slope, 1 - tanh(z)**2, which is 1 / cosh(z)**2 with all its digits."""',
        "    return (1 / np.cosh(z)) ** 2",
    ),
    "relu": ("def relu(z):", "    return np.where(np.real(z) <= 0, 0.0, z)"),
    "d_relu": (
        "def d_relu(z):",
        '    """Its slope: 1 above 0, else 0."""',
        "    return np.where(np.real(z) > 0, 1.0, 0.0)",
    ),
    "exp": ("def exp(z):", "    return np.exp(z)"),
    "d_exp": ("def d_exp(z):", "    return np.exp(z)"),
    "sqrt": ("def sqrt(z):", "    return np.sqrt(z)"),
    "d_sqrt": ("def d_sqrt(z):", "    return 1 / (2 * np.sqrt(z))"),
    "softmax": (
        "def softmax(z):",
        '    """Shares that sum to 1; taking the largest z off keeps them small."""',
        "    growth = np.exp(z - np.max(np.real(z), axis=1, keepdims=True))",
        "    return growth / np.sum(growth, axis=1, keepdims=True)",
    ),
}


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

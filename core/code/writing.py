"""An expression as Python, for NumPy and for plain floats alike."""

from __future__ import annotations

from collections.abc import Callable

from core.cell.description import Cell
from core.cell.expression import ONE, Apply, Leaf, Node, Number
from core.cell.names import variable
from core.cell.operations import ATOM, OPERATIONS

NameOf = Callable[[Leaf], str]


def written(node: Node, name: NameOf) -> str:
    """Write an expression as NumPy does it; ``name`` writes its quantities."""
    if isinstance(node, Leaf):
        return name(node)
    if isinstance(node, Number):
        return f"{node.value:g} / N" if node.mean else f"{node.value:g}"
    assert isinstance(node, Apply)
    if node.op == "*" and node.args[1] == ONE:
        return written(node.args[0], name)  # a copy: the factor 1 is for paper
    texts = [_bracketed(written(arg, name), arg, node, i) for i, arg in enumerate(node.args)]
    return OPERATIONS[node.op].numpy.format(*texts)


def binds(node: Node) -> int:
    """Tell how tightly an expression holds together."""
    if isinstance(node, Number):
        return OPERATIONS["*"].binds if node.mean else ATOM
    return OPERATIONS[node.op].binds if isinstance(node, Apply) else ATOM


def _bracketed(text: str, arg: Node, node: Apply, place: int) -> str:
    outside = OPERATIONS[node.op]
    if outside.binds == ATOM or node.op in _WITH_BRACKETS:
        return text
    if isinstance(arg, Apply) and arg.op == "*" and arg.args[1] == ONE:
        arg = arg.args[0]  # written as a copy
    inside = binds(arg)
    same = inside == outside.binds and (place == 1 or node.op in _MATRIX)
    return (
        f"({text})" if inside < outside.binds or same or (text.startswith("-") and place) else text
    )


_WITH_BRACKETS = ("squares", "sum", "over time")  # their text brings brackets of its own
_MATRIX = ("@", "T@", "sum outer", "outer", "**", "entropy")


def numpy_name(cell: Cell) -> NameOf:
    """Make the writer of quantities as the listing calls them: d_state_in[k + 1], d_wx_at[k]."""

    def name(x: Leaf) -> str:
        text = "d_" * x.d + variable(cell, x.name)
        if x.shift is None:
            return text
        if x.name in cell.weights:
            return f"{text}_at[k]"
        return f"{text}[k{f' {x.shift:+d}'.replace('+', '+ ').replace('-', '- ') * bool(x.shift)}]"

    return name

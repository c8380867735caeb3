"""An expression as a line of a program, for NumPy and for plain floats alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.cell.expression import ONE, Apply, Leaf, Node, Number
from core.cell.operations import ATOM, OPERATIONS

NameOf = Callable[[Leaf], str]
NUMPY = {op: row.numpy for op, row in OPERATIONS.items()}

_WITH_BRACKETS = ("squares", "sum", "over time")  # their text brings brackets of its own
_MATRIX = ("@", "T@", "sum outer", "outer", "**", "entropy")


def written(node: Node, name: NameOf, table: Mapping[str, str] = NUMPY, number: str = "g") -> str:
    """Write an expression as the templates of a table say it.

    ``name`` writes its quantities, and ``number`` is the format of its numbers.
    """
    node = _shown(node)
    if isinstance(node, Leaf):
        return name(node)
    if isinstance(node, Number):
        return f"{node.value:{number}}" + " / N" * node.mean
    assert isinstance(node, Apply)
    texts = []
    for place, arg in enumerate(node.args):
        text = written(arg, name, table, number)
        texts.append(f"({text})" if _is_loose(text, _shown(arg), node, place) else text)
    line = table[node.op].format(*texts)
    # A power of a mere name stands close to it.
    tight = node.op == "**" and texts[0].isidentifier() and " " not in texts[1]
    return line.replace(" ** ", "**") if tight else line


def binds(node: Node) -> int:
    """Tell how tightly an expression holds together."""
    if isinstance(node, Number):
        return OPERATIONS["*"].binds if node.mean else ATOM
    return OPERATIONS[node.op].binds if isinstance(node, Apply) else ATOM


def _shown(node: Node) -> Node:
    """Return what a copy copies: the factor 1 is for paper."""
    is_copy = isinstance(node, Apply) and node.op == "*" and node.args[1] == ONE
    return node.args[0] if is_copy and isinstance(node, Apply) else node


def _is_loose(text: str, arg: Node, node: Apply, place: int) -> bool:
    inside, outside = binds(arg), OPERATIONS[node.op].binds
    if outside == ATOM or node.op in _WITH_BRACKETS:
        return False
    same = inside == outside and (place == 1 or node.op in _MATRIX)
    return inside < outside or same or (text.startswith("-") and place > 0)

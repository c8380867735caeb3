"""How the listing calls what a cell computes with."""

from __future__ import annotations

from core.cell.description import Cell
from core.cell.expression import Leaf
from core.cell.names import variable
from core.cell.writing import NameOf
from core.cell.writing import binds as binds


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

"""A description, read and checked: from its text to a `Cell`, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from core.cell.checking import check, the_input
from core.cell.description import Cell
from core.cell.parsing import parse
from core.cell.shapes import completed_shapes


def read_cell(
    text: str,
    title: str = "your own",
    *,
    key: str = "",
    words: Mapping[str, str] | None = None,
    code: Mapping[str, str] | None = None,
    activations: tuple[str, str] | None = None,
) -> Cell:
    """Read a description. Raises `CellError` for the first thing in it that is wrong."""
    parsed = parse(text)
    *sources, cost = parsed.sources
    given = the_input(parsed)
    cell = Cell(
        key,
        title,
        text,
        tuple(source.equation for source in sources),
        cost.equation,
        tuple(parsed.weights.shapes),
        given,
        completed_shapes(parsed, given),
        words or {},
        code or {},
        activations,
    )
    check(cell, parsed)
    return cell

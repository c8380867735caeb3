"""Blocks of cells to and from text, as spreadsheets exchange them."""

from __future__ import annotations

from typing import NamedTuple

from rnn_gui.fields.cell_text import NotANumber, RaggedBlock, exact, read_block, read_number
from rnn_gui.grid.block_selection import Block, Cell
from rnn_gui.grid.sequence_model import SequenceModel


class Refused(Exception):
    """What cannot be done, as one sentence, and the cell that it is about."""

    def __init__(self, sentence: str, cell: Cell) -> None:
        super().__init__(sentence)
        self.cell = cell


class Numbers(NamedTuple):
    """Numbers for the cells from ``corner`` on, row by row."""

    corner: Cell
    rows: list[list[float]]


def copied(model: SequenceModel, block: Block) -> str:
    """The block with all digits, columns apart by tabs; empty where nothing is computed yet."""
    rows = ([model.value(row, column) for column in block.columns] for row in block.rows)
    return "\n".join(
        "\t".join("" if value is None else exact(value) for value in row) for row in rows
    )


def pasted(model: SequenceModel, block: Block, text: str) -> Numbers:
    """The numbers that ``text`` puts into the grid at ``block``; one number fills all of it.

    Raises `Refused` for what is ragged, no number, or reaches where nothing can be typed.
    """
    corner = Cell(block.rows[0], block.columns[0])
    if not text.strip():
        raise Refused("There is no text to paste: copy some numbers first.", corner)
    try:
        rows = read_block(text)
    except RaggedBlock as problem:
        raise Refused(str(problem), corner) from None
    if len(rows) == len(rows[0]) == 1:
        rows = [rows[0] * len(block.columns) for _ in block.rows]
    _check_room(model, corner, len(rows), len(rows[0]))
    return Numbers(corner, [_numbers(model, corner, down, row) for down, row in enumerate(rows)])


def typed(model: SequenceModel, cell: Cell, text: str) -> Numbers:
    """The number that was typed into a cell. Raises `Refused`."""
    return Numbers(cell, [[_number(model, cell, text)]])


def cleared(model: SequenceModel, block: Block) -> Numbers:
    """Zeros for all of the block that can be edited. Raises `Refused` where nothing can."""
    corner = Cell(block.rows[0], block.columns[0])
    columns = [column for column in block.columns if not model.locked(column)]
    if not columns:
        raise Refused(why_locked(model, corner.column), corner)
    return Numbers(Cell(corner.row, columns[0]), [[0.0] * len(columns) for _ in block.rows])


def why_locked(model: SequenceModel, column: int) -> str:
    """The sentence for a column that cannot be edited; empty for one that can."""
    reason = model.locked(column)
    return reason and f"{model.title(column)} {reason}."


def _check_room(model: SequenceModel, corner: Cell, height: int, width: int) -> None:
    below, right = model.rowCount() - corner.row, model.columnCount() - corner.column
    size = f"The pasted block of {height} × {width} cells"
    for column in range(corner.column, corner.column + min(width, right)):
        if model.locked(column):
            reason = f"{size} covers {model.title(column)}, which {model.locked(column)}."
            raise Refused(reason, corner)
    if height > below or width > right:
        place = model.place(*corner)
        place = place[0].lower() + place[1:]
        raise Refused(
            f"{size} does not fit at {place}: add rows or timestamps, or copy fewer cells.", corner
        )


def _numbers(model: SequenceModel, corner: Cell, down: int, texts: list[str]) -> list[float]:
    row = corner.row + down
    return [
        _number(model, Cell(row, column), text)
        for column, text in enumerate(texts, start=corner.column)
    ]


def _number(model: SequenceModel, cell: Cell, text: str) -> float:
    try:
        return read_number(text)
    except NotANumber as problem:
        raise Refused(f"{model.place(*cell)}: {problem}.", cell) from None

"""Blocks of cells to and from text, as spreadsheets exchange them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.data.column_names import NamedColumns, column_names, known_columns
from core.data.experiment import count_ones
from core.data.values import Array
from rnn_gui.fields.cell_text import NotANumber, RaggedBlock, exact, read_block, read_number
from rnn_gui.grid.block_selection import Block, Cell
from rnn_gui.grid.sequence_model import SequenceModel


class Refused(Exception):
    """What cannot be done, as one sentence, and the cell that it is about."""

    def __init__(self, sentence: str, cell: Cell) -> None:
        super().__init__(sentence)
        self.cell = cell


class Numbers(NamedTuple):
    """Numbers for the cells from ``corner`` on."""

    corner: Cell
    cells: Array


def copied(model: SequenceModel, block: Block) -> str:
    """The block with all digits, columns apart by tabs; empty where nothing is computed yet.

    Columns of more than one kind come under their names, by which they are known again.
    """
    columns = model.numbers(block.rows, block.columns).T.tolist()
    unknown = [model.value(block.rows[0], column) is None for column in block.columns]
    texts = [
        [""] * len(block.rows) if missing else map(exact, column)
        for column, missing in zip(columns, unknown, strict=True)
    ]
    lines = map("\t".join, zip(*texts, strict=True))
    mixed = block.columns[-1] >= model.y_column and len(block.columns) > 1
    names = column_names(model.y_column)[block.columns.start : block.columns.stop]
    return "\n".join(["\t".join(names), *lines] if mixed else lines)


def pasted(model: SequenceModel, block: Block, text: str) -> Numbers:
    """The numbers that ``text`` puts into the grid at ``block``; one number fills all of it.

    Cells that were copied under their names come back without what the network computes.
    Raises `Refused` for what is ragged, no number, or reaches where nothing can be typed.
    """
    corner = block.corner
    if not text.strip():
        raise Refused("There is no text to paste: copy some numbers first.", corner)
    try:
        rows = read_block(text)
    except RaggedBlock as problem:
        raise Refused(str(problem), corner) from None
    if known := known_columns(rows[0]):
        rows = _editable(model, corner, known, rows[1:])
    fills = len(rows) == len(rows[0]) == 1
    _check_room(model, corner, *(block.shape if fills else (len(rows), len(rows[0]))))
    cells = np.array(_numbers(model, corner, rows))
    return Numbers(corner, np.broadcast_to(cells, block.shape) if fills else cells)


def typed(model: SequenceModel, cell: Cell, text: str) -> Numbers:
    """The number that was typed into a cell. Raises `Refused`."""
    return Numbers(cell, np.array([[_number(model, cell, text)]]))


def cleared(model: SequenceModel, block: Block) -> Numbers:
    """Zeros for all of the block that can be edited. Raises `Refused` where nothing can."""
    columns = [column for column in block.columns if not model.locked(column)]
    if not columns:
        raise Refused(why_locked(model, block.columns[0]), block.corner)
    return Numbers(Cell(block.rows[0], columns[0]), np.zeros((len(block.rows), len(columns))))


def why_locked(model: SequenceModel, column: int) -> str:
    """The sentence for a column that cannot be edited; empty for one that can."""
    reason = model.locked(column)
    return reason and f"{model.title(column)} {reason}."


def _editable(
    model: SequenceModel, corner: Cell, known: NamedColumns, rows: list[list[str]]
) -> list[list[str]]:
    """The inputs and targets of cells under names. Raises `Refused` where they cannot go here."""
    width, target = len(known.inputs), known.target
    if not rows or (target is None and not width):
        raise Refused("There are no numbers of x or y to paste: copy some cells of them.", corner)
    if target is None:
        return [row[:width] for row in rows]
    if corner.column + target != model.y_column:
        raise Refused(
            f"The copied y would not come to y: paste at {model.title(model.y_column - target)}, "
            "or choose “Paste as new sequences” in the Edit menu."
            if target <= model.y_column
            else "There are more timestamps in the copied cells: choose “Paste as new sequences” "
            "in the Edit menu.",
            corner,
        )
    if model.locked(model.y_column) and width and _count_the_ones(model, corner, rows, width):
        return [row[:width] for row in rows]  # y follows by itself
    return [row[: width + 1] for row in rows]


def _count_the_ones(model: SequenceModel, corner: Cell, rows: list[list[str]], width: int) -> bool:
    """Whether the targets after ``width`` inputs are what the grid will count with them."""
    height = min(len(rows), model.rowCount() - corner.row)
    inputs = model.numbers(range(corner.row, corner.row + height), range(model.y_column)).copy()
    numbers = np.array(_numbers(model, corner, [row[: width + 1] for row in rows[:height]]))
    inputs[:, corner.column :] = numbers[:, :width]
    return bool(np.array_equal(count_ones(inputs), numbers[:, width]))


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
            f"{size} does not fit at {place}: add rows or timestamps, copy fewer cells, or choose "
            "“Paste as new sequences” in the Edit menu.",
            corner,
        )


def _numbers(model: SequenceModel, corner: Cell, rows: list[list[str]]) -> list[list[float]]:
    read: dict[str, float] = {}  # the same few texts come again and again

    def number(row: int, column: int, text: str) -> float:
        if text not in read:
            read[text] = _number(model, Cell(row, column), text)
        return read[text]

    return [
        [number(row, column, text) for column, text in enumerate(texts, start=corner.column)]
        for row, texts in enumerate(rows, start=corner.row)
    ]


def _number(model: SequenceModel, cell: Cell, text: str) -> float:
    try:
        return read_number(text)
    except NotANumber as problem:
        raise Refused(f"{model.place(*cell)}: {problem}.", cell) from None

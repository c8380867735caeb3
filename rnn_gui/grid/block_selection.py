"""The selection of the grid: one rectangle of cells, from an anchor to the current cell."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from rnn_gui.grid.sequence_model import SequenceModel

_Flag = QItemSelectionModel.SelectionFlag


class Cell(NamedTuple):
    row: int
    column: int


class Block(NamedTuple):
    rows: range
    columns: range

    @property
    def corner(self) -> Cell:
        """The first cell."""
        return Cell(self.rows[0], self.columns[0])

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)


class BlockSelection(QItemSelectionModel):
    """What both parts of the grid share, so that a block may reach across them."""

    def __init__(self, model: SequenceModel) -> None:
        super().__init__(model)
        self._table = model
        # Kept here too: a reset of the model forgets the current index.
        self._anchor = self._cell = Cell(0, 0)

    @property
    def cell(self) -> Cell:
        """The current cell."""
        return self._inside(self._cell)

    @property
    def block(self) -> Block:
        """The selected cells."""
        return self._between(self._anchor, self.cell)

    def go_to(self, cell: Cell, *, extend: bool = False) -> None:
        """Make a cell the current one; ``extend`` stretches the block to it."""
        cell = self._inside(cell)
        if not extend:
            self._anchor = cell
        self._select(self._between(self._anchor, cell), cell)

    def select_rows(self, first: int, last: int) -> None:
        self._span(Cell(first, self._last.column), Cell(last, 0))

    def select_columns(self, first: int, last: int) -> None:
        self._span(Cell(self._last.row, first), Cell(0, last))

    def select_all(self) -> None:
        self._span(self._last, Cell(0, 0))

    @property
    def _last(self) -> Cell:
        return Cell(self._table.rowCount() - 1, self._table.columnCount() - 1)

    def _span(self, anchor: Cell, cell: Cell) -> None:
        self._anchor = anchor
        self._select(self._between(anchor, cell), cell)

    def _select(self, block: Block, cell: Cell) -> None:
        self._cell, table = cell, self._table
        corners = (
            table.index(block.rows[0], block.columns[0]),
            table.index(block.rows[-1], block.columns[-1]),
        )
        self.setCurrentIndex(table.index(*cell), _Flag.NoUpdate)
        self.select(QItemSelection(*corners), _Flag.ClearAndSelect)

    def _inside(self, cell: Cell) -> Cell:
        last = self._last
        return Cell(max(0, min(cell.row, last.row)), max(0, min(cell.column, last.column)))

    def _between(self, one: Cell, other: Cell) -> Block:
        one, other = self._inside(one), self._inside(other)
        rows, columns = sorted((one.row, other.row)), sorted((one.column, other.column))
        return Block(range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1))

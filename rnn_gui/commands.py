"""Edits as undo commands. An edit changes which run is shown, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QUndoCommand

from core.cell.steps import Position
from core.training.run import Run


class Standing(NamedTuple):
    """What undo brings back: a run with all its epochs, the position, the chosen sequence."""

    run: Run
    position: Position
    sequence: int


class Edit(QUndoCommand):
    """One named edit. Undone and redone it keeps where the run stood when it was left.

    ``cell`` names the one place that was edited, if it was one: consecutive edits of the same
    place become one entry, unless the run went on between them.
    """

    def __init__(
        self,
        text: str,
        before: Standing,
        after: Standing,
        cell: int,
        stand: Callable[[], Standing],
        restore: Callable[[Standing], None],
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._cell = before, after, cell
        self._stand, self._restore = stand, restore

    def redo(self) -> None:
        self._before = self._stand()
        self._restore(self._after)

    def undo(self) -> None:
        self._after = self._stand()
        self._restore(self._before)

    def id(self) -> int:
        return self._cell

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Edit) or other._before != self._after:
            return False
        self._after = other._after
        return True

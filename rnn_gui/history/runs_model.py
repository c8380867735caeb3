"""The runs of a session as a table: the present one first, then those that edits have left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from core.cell.update_rules import SETTINGS
from core.data.experiment import Experiment
from core.data.notation import number
from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.fields.plain_tip import plain_tip
from rnn_gui.theme import SMALL_SIZE, Look, text_font
from rnn_gui.tutorial_cell import WEIGHTS

UNKNOWN = "·"
CURRENT = "▸"
NAME, RULE, START, EPOCHS, COST = range(5)
HEADS = ("run", "rule, rates", "start", "epochs", "last cost")
_HEAD_TIPS = (
    "Checked: drawn in the plots; a run of other data or activations only if you check it",
    "The update rule with its settings, learning rates, and clipping of the gradient's norm",
    "Wx over Wrec at epoch 0",
    "The last epoch of the run",
    "The cost at the last epoch",
)
Index = QModelIndex | QPersistentModelIndex


class Row(NamedTuple):
    """A run with its name. ``ghost`` is None for the present one."""

    run: Run
    name: str
    ghost: Ghost | None


_NOT_SHOWN = (
    "Check it to draw it in the plots, too; a run of other data or other activations is drawn "
    "only then, since its costs answer another question."
)


class RunsModel(QAbstractTableModel):
    """Two short lines in a cell, so that all columns fit side by side."""

    shown_requested = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self.rows: list[Row] = []
        self._frame: Frame | None = None
        self._name = ""
        self._ghosts: tuple[Ghost, ...] = ()
        self.present: tuple[str, ...] = ()  # what the first row shows

    def show_frame(self, frame: Frame) -> None:
        """The present run grows with every epoch; the others stand still."""
        before, self._frame = self._frame, frame
        if before is None or before.run is not frame.run:
            self._renew()
        texts = tuple(self.text(0, column) for column in range(len(HEADS)))
        if texts != self.present:
            self.present = texts
            self.dataChanged.emit(self.index(0, 0), self.index(0, COST))

    def show_ghosts(self, ghosts: tuple[Ghost, ...], present: str) -> None:
        self._ghosts, self._name = ghosts, present
        self._renew()

    def set_look(self, look: Look) -> None:
        self.look = look
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, COST))

    def row_of(self, run: Run) -> int:
        """The row of a run; -1 where it is gone."""
        return next((i for i, row in enumerate(self.rows) if row.run is run), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(HEADS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME and self.rows[index.row()].ghost is not None:
            return usual | Qt.ItemFlag.ItemIsUserCheckable
        return usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(row, column).replace("\n", ", ")
        if role == Qt.ItemDataRole.CheckStateRole and column == NAME:
            return self._check_state(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tip(row, column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if column >= START else Qt.AlignmentFlag.AlignLeft
            return int(across | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return text_font(SMALL_SIZE, bold=self.rows[row].ghost is None and column == NAME)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A check box asks; whether it is checked comes back with the runs."""
        if role != Qt.ItemDataRole.CheckStateRole or self.rows[index.row()].ghost is None:
            return False
        shown = Qt.CheckState(value) is Qt.CheckState.Checked
        self.shown_requested.emit(self.rows[index.row()].run, shown)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | QFont | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HEAD_TIPS[section]
        if role == Qt.ItemDataRole.FontRole:
            return text_font(SMALL_SIZE)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if section >= START else Qt.AlignmentFlag.AlignLeft
            return int(across | Qt.AlignmentFlag.AlignVCenter)
        return None

    def text(self, row: int, column: int) -> str:
        """A cell as it is printed."""
        run, name, ghost = self.rows[row]
        digits = self.look.digits
        if column == NAME:
            return name if ghost else f"{CURRENT} {name}"
        if column == RULE:
            return f"{rule_in_short(run.experiment)}\n{rates_in_short(run.experiment)}"
        if column == START:
            return "\n".join(number(weight, digits) for weight in run.experiment.weights.values())
        if column == EPOCHS:
            return f"{run.last:,}" + ("\nnot finite" if run.diverged else "")
        cost = self.last_cost(row)
        return UNKNOWN if cost is None else number(cost, digits)

    def tip(self, row: int, column: int) -> str:
        """The same with all digits."""
        run, name, ghost = self.rows[row]
        if column == START:
            return (
                f"Wx = {run.experiment.weights['Wx']!r}, Wrec = {run.experiment.weights['Wrec']!r}"
            )
        if column == EPOCHS:
            return run.ending
        if column == COST:
            cost = self.last_cost(row)
            return "" if cost is None else repr(cost)
        if column == RULE:
            return _rule_in_full(run.experiment)
        return name if ghost is None or ghost.shown else f"{name}. {_NOT_SHOWN}"

    def last_cost(self, row: int) -> float | None:
        """None where the present run's last epoch has not come to its cost yet."""
        run, _, ghost = self.rows[row]
        frame = self._frame
        if ghost is None and frame and frame.position.epoch == run.last and frame.cost is None:
            return None
        return float(run.costs[run.last])

    def in_full(self, rows: Iterable[int]) -> str:
        """Rows with all digits, tab-separated, under a header."""
        lines = [_FULL_HEADS, *(self._full_row(row) for row in rows)]
        return "\n".join("\t".join(line) for line in lines) + "\n"

    def _full_row(self, row: int) -> tuple[str, ...]:
        run, name, _ = self.rows[row]
        e, cost = run.experiment, self.last_cost(row)
        return (
            *(name, e.rule.title, _settings_of(e), *map(repr, e.learning_rates.values())),
            *("" if e.clip_norm is None else repr(e.clip_norm), *map(repr, e.weights.values())),
            *(str(run.last), "" if cost is None else repr(cost)),
            "not finite after it" if run.diverged else "",
        )

    def _check_state(self, row: int) -> Qt.CheckState | None:
        ghost = self.rows[row].ghost
        if ghost is None:
            return None
        return Qt.CheckState.Checked if ghost.shown else Qt.CheckState.Unchecked

    def _renew(self) -> None:
        self.beginResetModel()
        present = [Row(self._frame.run, self._name, None)] if self._frame else []
        self.rows = [*present, *(Row(ghost.run, ghost.name, ghost) for ghost in self._ghosts)]
        self.present = ()
        self.endResetModel()


_FULL_HEADS = (
    *("run", "update rule", "settings", "rate of Wx", "rate of Wrec", "clip norm"),
    *("start Wx", "start Wrec", "epochs", "last cost", "ended"),
)


_SHORT = {"gradient-descent": "GD", "momentum": "Momentum", "rprop": "Rprop", "adam": "Adam"}


def rule_in_short(experiment: Experiment) -> str:
    """The rule, and those of its own settings that are not the usual ones."""
    changed = [
        f"{SETTINGS[key].title} {number(experiment.settings[key])}"
        for key in experiment.rule.settings
        if experiment.settings[key] != SETTINGS[key].default
    ]
    return ", ".join([_SHORT[experiment.update_rule], *changed])


def rates_in_short(experiment: Experiment) -> str:
    """Both learning rates, once where they are equal, and the clipping where there is one."""
    wx, wrec = (number(experiment.learning_rates[w]) for w in WEIGHTS)
    rates = wx if wx == wrec else f"{wx}, {wrec}"
    if experiment.update_rule == "rprop":  # where they play no part
        rates = ""
    clip = "" if experiment.clip_norm is None else f"norm ≤ {number(experiment.clip_norm)}"
    return " · ".join(part for part in (rates, clip) if part)


def _rule_in_full(experiment: Experiment) -> str:
    wx, wrec = (experiment.learning_rates[w] for w in WEIGHTS)
    clip = experiment.clip_norm
    parts = [experiment.rule.title, _settings_of(experiment), f"rates {wx!r}, {wrec!r}"]
    parts += [] if clip is None else [f"norm of the gradient at most {clip!r}"]
    return "; ".join(part for part in parts if part)


def _settings_of(experiment: Experiment) -> str:
    return ", ".join(
        f"{SETTINGS[key].title} {experiment.settings[key]!r}" for key in experiment.rule.settings
    )

"""The gradient ledger as a table: what each timestamp adds, as printed, told and copied."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont

from core.cell.names import sequence_name
from core.data.notation import number, signed
from core.data.values import Values
from core.epoch.frame import Frame
from core.epoch.glossary import WORDS
from rnn_gui.theme import SMALL_SIZE, Look, text_font
from rnn_gui.tutorial_cell import GLOSSARY, PARTS, WEIGHTS

UNKNOWN, NO_HOP = "·", "—"
WITHOUT = "without the activation"
TIMESTAMP, WX, WREC, FACTOR = range(4)
Index = QModelIndex | QPersistentModelIndex


class LedgerModel(QAbstractTableModel):
    """A frame's ledger. Row 0 is timestamp T."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = Look()
        self.frame: Frame | None = None

    @property
    def compared(self) -> bool:
        return self.frame is not None and self.frame.unactivated is not None

    @property
    def current_row(self) -> int:
        """The row of the current step's timestamp; -1 where it belongs to none."""
        if self.frame is None or self.frame.step.timestamp == 0:
            return -1
        return self.frame.timestamps - self.frame.step.timestamp

    def show_frame(self, frame: Frame) -> None:
        resized = self.frame is None or self.frame.timestamps != frame.timestamps
        if resized:
            self.beginResetModel()
        renamed = self.frame is None or self.frame.sequence != frame.sequence
        self.frame = frame
        if resized:
            self.endResetModel()
        elif renamed:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, FACTOR, FACTOR)
        self._changed()

    def set_look(self, look: Look) -> None:
        self.look = look
        self._changed()

    def timestamp(self, row: int) -> int:
        assert self.frame is not None
        return self.frame.timestamps - row

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if self.frame is None or (parent and parent.isValid()) else self.frame.timestamps

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | int | None:
        if self.frame is None or not index.isValid():
            return None
        timestamp, column = self.timestamp(index.row()), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(self.frame, timestamp, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(self.frame, timestamp, column)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | QFont | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = sequence_name(self.frame.sequence) if self.frame else "a"
            return (
                "timestamp",
                "adds to\ndE/dWx",
                "adds to\ndE/dWrec",
                f"× Wrec · f′\nof {name}",
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _HEADER_TIPS[section]
        if role == Qt.ItemDataRole.FontRole:
            return text_font(SMALL_SIZE)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignHCenter
            return int(across | Qt.AlignmentFlag.AlignVCenter)
        return None

    def text(self, frame: Frame, timestamp: int, column: int) -> str:
        """A cell as it is printed, of this frame or of the one without activation."""
        if column == TIMESTAMP:
            return str(timestamp)
        if column == FACTOR:
            if timestamp == frame.timestamps:
                return NO_HOP
            factor = frame.hop_factor(timestamp)
            return UNKNOWN if factor is None else number(factor, self.look.digits)
        return printed(frame.added(timestamp), column, self.look.digits)

    def _changed(self) -> None:
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def printed(pair: Values | None, column: int, digits: int) -> str:
    """What stands in the column of a weight; a dot where it is not computed yet."""
    return UNKNOWN if pair is None else signed(pair[WEIGHTS[column - WX]], digits)


def ledger_text(frame: Frame, timestamps: Iterable[int]) -> str:
    """Rows of the ledger with all digits, tab-separated, under a header; unknown cells empty."""
    frames = [(frame, "")]
    if frame.unactivated is not None:
        frames.append((frame.unactivated, f" {WITHOUT}"))
    name = sequence_name(frame.sequence)
    heads = (
        *("adds to dE/dWx", "adds to dE/dWrec", f"Wrec * f' of sequence {name}"),
        *("sum so far of dE/dWx", "sum so far of dE/dWrec"),
    )
    lines = [["timestamp", *(head + suffix for _, suffix in frames for head in heads)]]
    lines += (
        [str(k), *(cell for shown, _ in frames for cell in _cells(shown, k))] for k in timestamps
    )
    return "\n".join("\t".join(line) for line in lines) + "\n"


def _cells(frame: Frame, timestamp: int) -> list[str]:
    added, sums = frame.added(timestamp), frame.running_sum(timestamp)
    values = (*_pair(added), frame.hop_factor(timestamp), *_pair(sums))
    return ["" if value is None else repr(value) for value in values]


def _pair(values: Values | None) -> tuple[float | None, ...]:
    return (None, None) if values is None else tuple(values[w] for w in WEIGHTS)


_HOP = "What the gradient of the selected sequence is multiplied by on the hop back to this State"
_HEADER_TIPS = (
    f"Timestamps ({WORDS['timestamp']}s) in the order of the backward pass, the last one first",
    f"What each timestamp adds to dE/dWx, summed over the sequences\n{GLOSSARY.gradient('Wx')}",
    f"What each timestamp adds to dE/dWrec, summed over the sequences\n{GLOSSARY.gradient('Wrec')}",
    f"{_HOP}\n{GLOSSARY.words('Wrec')}, times the derivative of the activation",
)


def _tip(frame: Frame, timestamp: int, column: int) -> str | None:
    lines = [_sentence(frame, timestamp, column)]
    if frame.unactivated is not None:
        other = _sentence(frame.unactivated, timestamp, column)
        lines.append(other and f"{WITHOUT}: {other}")
    return "\n".join(line for line in lines if line) or None


def _sentence(frame: Frame, timestamp: int, column: int) -> str:
    if column == FACTOR:
        factor = frame.hop_factor(timestamp)
        hop = f"State {timestamp + 1} to State {timestamp}: Wrec * f'(S_{timestamp}(In))"
        return "" if factor is None else f"{hop} = {factor!r}"
    added, sums = frame.added(timestamp), frame.running_sum(timestamp)
    if column == TIMESTAMP or added is None or sums is None:
        return ""
    part = WEIGHTS[column - WX]
    return f"adds {added[part]!r}, sum so far {sums[part]!r}"


def sums_so_far(frame: Frame) -> Values | None:
    """What the timestamps that are done have added together."""
    known = frame.known(*PARTS)
    return frame.running_sum(known[0]) if known else None

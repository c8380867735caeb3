"""The dialog for random sequences: how many, how long, how many ones, and from which seed."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRandomGenerator, QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.cell.update_rules import Setting
from core.data.random_data import MOST_SEQUENCES, MOST_TIMESTAMPS, why_too_large
from rnn_gui.fields.entry_field import EntryField, EntryProblem

_MOST_SEED = 2**31 - 1
_DRAWN_SEEDS = 1_000_000  # short enough to be noted down


def _whole(title: str, default: int, least: int, most: int) -> Setting:
    needed = f"a whole number from {least:,} to {most:,}"
    return Setting(title, default, needed, lambda v: least <= v <= most)


_SEQUENCES = _whole("Sequences", 100, 1, MOST_SEQUENCES)
_TIMESTAMPS = _whole("Timestamps", 10, 1, MOST_TIMESTAMPS)
_SHARE = Setting("Share of ones", 0.5, "from 0 to 1", lambda v: 0 <= v <= 1)
_SEED = _whole("Seed", 42, 0, _MOST_SEED)


class RandomData(NamedTuple):
    """What random sequences are made of."""

    sequences: int
    timestamps: int
    share_of_ones: float
    seed: int


class RandomDataDialog(QDialog):
    """Asks for random sequences; says what will come, and why it cannot where it is too much."""

    data_requested = Signal(object)  # RandomData

    def __init__(self, start: RandomData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Random sequences")
        self._make_fields(start)
        self._make_buttons()
        self._lay_out()
        for field in (self.sequences, self.timestamps, self.share, self.seed):
            field.textChanged.connect(self._show_plan)
        self.new_seed_button.clicked.connect(self._draw_seed)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._show_plan()
        self.sequences.setFocus()
        self.sequences.selectAll()

    def request(self) -> RandomData:
        """What the fields say now. Raises `EntryProblem` for the first that cannot be used."""
        return RandomData(
            int(self.sequences.number),
            int(self.timestamps.number),
            self.share.number,
            int(self.seed.number),
        )

    def sizeHint(self) -> QSize:
        return QSize(420, super().sizeHint().height())

    def _make_fields(self, start: RandomData) -> None:
        self.sequences = EntryField(_SEQUENCES, start.sequences)
        self.timestamps = EntryField(_TIMESTAMPS, start.timestamps)
        self.share = EntryField(_SHARE, start.share_of_ones, 0.05)
        self.share.setToolTip("The probability of each cell to be 1")
        self.seed = EntryField(_SEED, start.seed)
        self.seed.setToolTip("The same seed gives the same sequences")
        self.plan = QLabel()
        self.plan.setWordWrap(True)
        self.plan.setMinimumHeight(2 * self.plan.fontMetrics().lineSpacing())
        self.plan.setAccessibleName("What will come")

    def _make_buttons(self) -> None:
        self.new_seed_button = QPushButton("Ne&w seed")
        self.new_seed_button.setToolTip("Draw another seed, for other sequences")
        self.new_seed_button.setAutoDefault(False)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.ok_button = self.buttons.button(standard.Ok)
        self.ok_button.setText("&Replace the sequences")
        self.buttons.button(standard.Cancel).setAutoDefault(False)

    def _lay_out(self) -> None:
        rows = QGridLayout()
        rows.setHorizontalSpacing(10)
        rows.setVerticalSpacing(8)
        for row, (text, field) in enumerate(
            (
                ("Se&quences", self.sequences),
                ("&Timestamps", self.timestamps),
                ("Share of &ones", self.share),
                ("&Seed", self.seed),
            )
        ):
            label = QLabel(text)
            label.setBuddy(field)
            rows.addWidget(label, row, 0)
            rows.addWidget(field, row, 1)
        rows.addWidget(self.new_seed_button, 3, 2)
        rows.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(12)
        layout.addLayout(rows)
        layout.addWidget(self.plan)
        layout.addWidget(self.buttons)

    def _show_plan(self) -> None:
        """What will come, or why it cannot."""
        try:
            sequences, timestamps, *_ = self.request()
            plan = _plan(sequences, timestamps)
            problem = why_too_large(sequences, timestamps)
        except EntryProblem as refused:
            plan, problem = "", str(refused)
        self.plan.setProperty("role", "problem" if problem else "muted")
        self.plan.style().polish(self.plan)
        self.plan.setText(problem or plan)
        self.ok_button.setEnabled(not problem)

    def _draw_seed(self) -> None:
        drawn = before = self.seed.text().strip()
        while drawn == before:
            drawn = str(QRandomGenerator.global_().bounded(_DRAWN_SEEDS))
        self.seed.setText(drawn)

    def _accept(self) -> None:
        request = self.request()
        self.accept()
        self.data_requested.emit(request)


def _plan(sequences: int, timestamps: int) -> str:
    cells = _count(sequences * timestamps, "cell")
    sizes = f"{_count(sequences, 'sequence')} of {_count(timestamps, 'timestamp')}"
    return f"{sizes}: {cells}\nThe targets count the ones."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"

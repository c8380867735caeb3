"""The dialog for random sequences: how many, how long, how many ones, and from which seed."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QLocale, QRandomGenerator, QSize, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.limits import MOST_SEQUENCES, MOST_TIMESTAMPS, why_too_large

_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
_MOST_SEED = 2**31 - 1  # of a box for whole numbers
_DRAWN_SEEDS = 1_000_000  # short enough to be noted down


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
        for box in (self.sequences, self.timestamps):
            box.valueChanged.connect(self._show_plan)
        self.new_seed_button.clicked.connect(self._draw_seed)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._show_plan()
        self.sequences.setFocus()
        self.sequences.selectAll()

    def request(self) -> RandomData:
        """What the fields say now."""
        return RandomData(
            self.sequences.value(), self.timestamps.value(), self.share.value(), self.seed.value()
        )

    def sizeHint(self) -> QSize:
        return QSize(420, super().sizeHint().height())

    def _make_fields(self, start: RandomData) -> None:
        self.sequences = _whole(1, MOST_SEQUENCES, start.sequences, "Sequences")
        self.timestamps = _whole(1, MOST_TIMESTAMPS, start.timestamps, "Timestamps")
        self.share = _Share(start.share_of_ones)
        self.seed = _whole(0, _MOST_SEED, start.seed, "Seed")
        self.seed.setGroupSeparatorShown(False)
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
        for row, (text, box) in enumerate(
            (
                ("Se&quences", self.sequences),
                ("&Timestamps", self.timestamps),
                ("Share of &ones", self.share),
                ("&Seed", self.seed),
            )
        ):
            label = QLabel(text)
            label.setBuddy(box)
            rows.addWidget(label, row, 0)
            rows.addWidget(box, row, 1)
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
        sequences, timestamps = self.sequences.value(), self.timestamps.value()
        problem = why_too_large(sequences, timestamps)
        self.plan.setProperty("role", "problem" if problem else "muted")
        self.plan.style().polish(self.plan)
        self.plan.setText(
            problem
            or f"{sequences:,} sequence{'' if sequences == 1 else 's'} of {timestamps:,}: "
            f"{sequences * timestamps:,} cell{'' if sequences * timestamps == 1 else 's'}\n"
            "The targets count the ones."
        )
        self.ok_button.setEnabled(not problem)

    def _draw_seed(self) -> None:
        drawn = self.seed.value()
        while drawn == self.seed.value():
            drawn = QRandomGenerator.global_().bounded(_DRAWN_SEEDS)
        self.seed.setValue(drawn)

    def _accept(self) -> None:
        request = self.request()
        self.accept()
        self.data_requested.emit(request)


class _Share(QDoubleSpinBox):
    """From 0 to 1, with a decimal point or comma."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.setLocale(_ENGLISH)
        self.setDecimals(3)
        self.setRange(0.0, 1.0)
        self.setSingleStep(0.05)
        self.setValue(value)
        self.setAccessibleName("Share of ones")
        self.setToolTip("The probability of each cell to be 1")

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        return super().validate(text.replace(",", "."), place)  # type: ignore[return-value]


def _whole(least: int, most: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setLocale(_ENGLISH)
    box.setGroupSeparatorShown(True)
    box.setRange(least, most)
    box.setValue(value)
    box.setAccessibleName(name)
    return box

"""The step bar: the buttons that walk through the epochs, and where one stands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from core.frame import Frame
from core.steps import epoch_length
from core.training import EPOCH_LIMIT
from rnn_gui.fields.plain_keys import keep_plain_keys

_GROUPS = (("start", "previous", "next"), ("forward", "backward", "update"), ("epoch",), ("train",))
_EPOCHS_WIDTH = 164
_PHASES = {"forward", "backward", "update"}


class StepBar(QWidget):
    """Buttons for the given actions, the number of epochs to train, progress and position."""

    leave_requested = Signal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("step-bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 2)
        layout.setSpacing(4)
        for group in _GROUPS:
            for key in group:
                layout.addWidget(_button(key, actions[key]))
            layout.addSpacing(2)
        self.epochs = _epochs_box()
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Training progress")
        self._epochs_or_progress = QStackedWidget()
        self._epochs_or_progress.addWidget(self.epochs)
        self._epochs_or_progress.addWidget(self._progress)
        self._epochs_or_progress.setFixedWidth(_EPOCHS_WIDTH)
        layout.addWidget(self._epochs_or_progress)
        keep_plain_keys(self.epochs, self.leave_requested.emit)
        layout.addStretch(1)
        self._position = QLabel()
        self._position.setObjectName("position")
        self._position.setAccessibleName("Position")
        self._position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._position)

    def show_frame(self, frame: Frame) -> None:
        self._position.setText(position_text(frame))

    def show_progress(self, done: int, goal: int) -> None:
        """``done`` of ``goal`` epochs of the training; 0 of 0 when there is none."""
        self._epochs_or_progress.setCurrentWidget(self._progress if goal else self.epochs)
        if goal:
            self._progress.setRange(0, goal)
            self._progress.setValue(done)
            self._progress.setFormat(f"{done:,} of {goal:,}")


def position_text(frame: Frame) -> str:
    """Where one stands, as rich text: the epoch above phase, timestamp and step."""
    step, position = frame.step, frame.position
    where = ["start" if frame.announced else step.phase.value]
    if step.timestamp and not frame.announced:
        where.append(f"timestamp {step.timestamp} of {frame.timestamps}")
    where.append(f"step {position.step} / {epoch_length(frame.timestamps)}")
    return f"<b>Epoch {position.epoch:,}</b><br>{' · '.join(where)}"


def _epochs_box() -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, EPOCH_LIMIT)
    box.setValue(15_000)
    box.setSingleStep(1000)
    box.setGroupSeparatorShown(True)
    box.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    box.setSuffix(" epochs")
    box.setAccessibleName("Epochs to train")
    box.setToolTip("How many epochs Train runs")
    return box


def _button(key: str, action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(f"step-{key}")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if key in _PHASES:
        button.setProperty("phase", key)
    return button

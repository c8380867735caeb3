"""The step bar: the buttons that walk through the epochs, and where one stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from core.data.notation import number
from core.epoch.frame import Frame
from rnn_gui.fields.goal_field import GoalField
from rnn_gui.fields.steady_label import SteadyLabel
from rnn_gui.theme import Look

_GROUPS = (("start", "previous", "next"), ("forward", "backward", "update"), ("epoch",), ("train",))
_GOAL_WIDTH = 258
_PHASES = {"forward", "backward", "update"}
_TRAINING = ("epoch", "train")


class StepBar(QWidget):
    """Buttons for the given actions, how far to train, progress and position."""

    leave_requested = Signal()
    problem_reported = Signal(str)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("step-bar")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 2)
        layout.setSpacing(3)
        buttons = {key: _button(key, actions[key]) for group in _GROUPS for key in group}
        for group in _GROUPS:
            for key in group:
                layout.addWidget(buttons[key])
            layout.addSpacing(2)
        self.goal = GoalField()
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Training progress")
        self._goal_or_progress = QStackedWidget()
        self._goal_or_progress.addWidget(self.goal)
        self._goal_or_progress.addWidget(self._progress)
        self._goal_or_progress.setFixedWidth(_GOAL_WIDTH)
        layout.addWidget(self._goal_or_progress)
        # What can be hidden.
        self.training = (*(buttons[key] for key in _TRAINING), self._goal_or_progress)
        self.goal.leave_requested.connect(self.leave_requested)
        self.goal.problem_reported.connect(self.problem_reported)
        layout.addStretch(1)
        self._position = SteadyLabel()
        self._position.setObjectName("position")
        self._position.setAccessibleName("Position")
        self._position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._position)

    def show_frame(self, frame: Frame) -> None:
        self._position.setText(position_text(frame))

    def set_look(self, look: Look) -> None:
        self.goal.set_look(look)

    def show_progress(self, progress: Progress | None) -> None:
        """How far the training is, or None where there is none."""
        self._goal_or_progress.setCurrentWidget(self._progress if progress else self.goal)
        if progress:
            # Where nobody knows how far it is the bar stays empty: Qt's way to show that, a
            # block that moves, paints the window again and again.
            self._progress.setRange(0, progress.goal or 1)
            self._progress.setValue(progress.done if progress.goal else 0)
            self._progress.setFormat(progress.text)


class Progress(NamedTuple):
    """So many epochs done; the goal is 0 where nobody knows how many it takes."""

    done: int
    goal: int
    speed: float  # epochs per second
    seconds_left: float

    @property
    def text(self) -> str:
        """What stands on the progress bar."""
        speed = number(self.speed, 2) if self.speed < 10 else f"{self.speed:,.0f}"
        speed = f"{speed} epochs/s"
        if not self.goal:
            return f"{self.done:,} epochs · {speed}"
        return f"{100 * self.done // self.goal} % · {speed} · {_time(self.seconds_left)} left"


def _time(seconds: float) -> str:
    """As people say it: 8 s, 3 min, 2 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.0f} h"


def position_text(frame: Frame) -> str:
    """Where one stands, as rich text on two lines of about the same length."""
    step, position = frame.step, frame.position
    steps = f"step {position.step} / {len(frame.experiment.steps)}"
    where = "start" if frame.announced else step.phase.value
    if step.timestamp and not frame.announced:
        where += f" · timestamp {step.timestamp} / {frame.timestamps}"
    return f"<b>Epoch {position.epoch:,}</b> · {steps}<br>{where}"


def _button(key: str, action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(f"step-{key}")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if key in _PHASES:
        button.setProperty("phase", key)
    return button

"""The left column of the window: the experiment, all of it to be edited."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.activations import ACTIVATIONS
from core.experiment import UPDATE_RULES
from core.frame import Frame
from core.presets import PRESETS
from core.steps import Kind
from rnn_gui.theme import Look
from rnn_gui.views.choice_field import ChoiceField
from rnn_gui.views.number_field import NumberField
from rnn_gui.views.plain_keys import keep_plain_keys
from rnn_gui.views.sequence_grid import SequenceGrid

_MARGIN, _GAP, _SECTION = 8, 4, 10


class ExperimentPanel(QWidget):
    """Preset, sequences, weights, rates, activations. It asks for edits and makes none.

    The requests for the data are those of `SequenceGrid`, which is ``grid``.
    """

    preset_chosen = Signal(str)
    counting_requested = Signal(bool)
    initial_state_requested = Signal(float)
    weight_requested = Signal(str, float)  # "wx" or "wrec"
    rate_requested = Signal(str, float)
    hidden_activation_requested = Signal(str)
    last_activation_requested = Signal(str)
    update_rule_requested = Signal(str)
    compare_requested = Signal(bool)
    problem_reported = Signal(str)
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._make_fields()
        self._lay_out()
        self._connect()

    def show_frame(self, frame: Frame) -> None:
        """Show what the frame holds, wherever a request left something else."""
        self._frame = frame
        self.grid.show_frame(frame)
        experiment, name = frame.experiment, frame.run.name
        self.preset.show_choice(name, name)
        self.counting.setChecked(experiment.targets_count_ones)
        self.initial_state.set_number(experiment.initial_state)
        updating = frame.step.kind is Kind.UPDATE
        for key, field in self.weights.items():
            field.set_number(getattr(frame.weights, key))
            field.set_marked(updating)
        for key, field in self.rates.items():
            field.set_number(getattr(experiment.learning_rates, key))
        self.hidden_activation.show_choice(experiment.hidden_activation)
        self.last_activation.show_choice(experiment.last_activation)
        self.update_rule.show_choice(experiment.update_rule)
        self.compare.setChecked(frame.unactivated is not None)
        self._show_what_can_be_done(frame)

    def set_look(self, look: Look) -> None:
        self.grid.set_look(look)
        for field in self._numbers:
            field.set_look(look)

    # -- built once ----------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.grid = SequenceGrid()
        self.preset = ChoiceField("Preset", [(p.key, p.title) for p in PRESETS.values()])
        self.counting = _check_box("y = number of ones", "The targets count the ones of each row")
        self.initial_state = NumberField("State 0")
        names = {"wx": "Wx", "wrec": "Wrec"}
        self.weights = {key: NumberField(name) for key, name in names.items()}
        self.rates = {key: NumberField(f"Learning rate of {name}") for key, name in names.items()}
        activations = [(a.key, a.title) for a in ACTIVATIONS.values()]
        self.hidden_activation = ChoiceField("Activation of States 1…T−1", activations)
        self.last_activation = ChoiceField("Activation of State T", activations)
        self.update_rule = ChoiceField("Update rule", UPDATE_RULES.items())
        self.compare = _check_box(
            "with and without the activation",
            "Lay the same network without activation beside this one",
        )
        self._numbers = (self.initial_state, *self.weights.values(), *self.rates.values())
        self._choices = (
            *(self.preset, self.hidden_activation, self.last_activation, self.update_rule),
        )

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(_GAP)
        column.addWidget(_title("EXPERIMENT"))
        column.addWidget(self.preset)
        column.addSpacing(_GAP)
        column.addWidget(self.grid)
        column.addLayout(self._button_rows())
        column.addWidget(self.counting)
        column.addSpacing(_SECTION)
        column.addWidget(_title("WEIGHTS AND LEARNING RATES"))
        column.addLayout(self._weight_rows())
        column.addSpacing(_SECTION)
        column.addWidget(_title("NETWORK"))
        column.addLayout(self._network_rows())
        column.addWidget(self.compare)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(content)
        self._content = content
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _button_rows(self) -> QGridLayout:
        grid = self.grid
        self.buttons = {
            "add_row": _button("+ row", "Add a sequence below the selected one", grid.add_row),
            "remove_row": _button("− row", "Remove the selected sequences", grid.remove_rows),
            "row_up": _button("↑", "Move the sequence up (Alt+Up)", lambda: grid.move_row(-1)),
            "row_down": _button("↓", "Move the sequence down (Alt+Down)", lambda: grid.move_row(1)),
            "add_timestamp": _button("+ time", "Add a last timestamp", grid.add_timestamp),
            "remove_timestamp": _button(
                "− time", "Remove the last timestamp", grid.remove_timestamp
            ),
        }
        return QGridLayout()

"""The left column of the window: the experiment, all of it to be edited."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from core.cell.steps import Kind
from core.cell.update_rules import UPDATE_RULES
from core.code.curve import ACTIVATIONS, Activation
from core.data.presets import PRESETS
from core.epoch.frame import Frame
from core.epoch.glossary import WORDS
from core.training.run import Run
from rnn_gui.fields.choice_field import ChoiceField
from rnn_gui.fields.number_field import NumberField
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.fields.rule_fields import RuleFields
from rnn_gui.grid.sequence_buttons import SequenceButtons
from rnn_gui.grid.sequence_grid import SequenceGrid
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import GLOSSARY, WEIGHTS, can_draw, initial_state

_MARGIN, _GAP, _SECTION = 8, 4, 8
_LEAST_HEIGHT = 240  # what needs more scrolls
_ONE_TIMESTAMP = "With one timestamp there is only State T."


class ExperimentPanel(QWidget):
    """Preset, sequences, weights, rates, activations. It asks for edits and makes none.

    The requests for the data, rows and timestamps are signals of ``grid``.
    """

    preset_chosen = Signal(str)
    counting_requested = Signal(bool)
    initial_state_requested = Signal(float)
    weight_requested = Signal(str, float)  # "Wx" or "Wrec"
    rate_requested = Signal(str, float)
    hidden_activation_requested = Signal(str)
    last_activation_requested = Signal(str)
    update_rule_requested = Signal(str)
    setting_requested = Signal(str, float)  # a number of the update rule
    clip_requested = Signal(object)  # a norm, or None
    compare_requested = Signal(bool)
    problem_reported = Signal(str)
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._preset = ""
        self._make_fields()
        self._lay_out()
        self._connect()

    @property
    def parts(self) -> dict[str, tuple[QWidget, ...]]:
        """What can be hidden, by name: the grid alone has to stay."""
        return {"edits": (self.preset, self.buttons, self.counting), **self._sections}

    def show_frame(self, frame: Frame) -> None:
        if self._frame is None or frame.run is not self._frame.run:
            self._preset = _preset_of(frame.run)
        self._frame = frame
        experiment = frame.experiment
        self.grid.show_frame(frame)
        self.initial_state.set_number(initial_state(experiment))
        for key in WEIGHTS:
            self.weights[key].set_number(frame.weights[key])
            self.weights[key].set_marked(frame.step.kind is Kind.UPDATE)
            self.rates[key].set_number(experiment.learning_rates[key])
        self._show_choices()

    def set_look(self, look: Look) -> None:
        self.grid.set_look(look)
        self.rule_fields.set_look(look)
        for field in self._number_fields:
            field.set_look(look)

    def reveal(self, section: str) -> None:
        """Scroll to one of `parts`, or to the grid, where it has not the room that it needs."""
        widget = self.parts[section][0] if section in self.parts else self.grid
        self._area.ensureWidgetVisible(widget, 0, _GAP)

    @property
    def needed_height(self) -> int:
        """Pixels with which nothing of what is shown has to be scrolled."""
        return self._content.sizeHint().height()

    def minimumSizeHint(self) -> QSize:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        height = min(self.needed_height, _LEAST_HEIGHT)
        return QSize(self._content.minimumSizeHint().width() + bar, height)

    def _show_choices(self) -> None:
        """What the frame holds; a request that was not granted leaves no trace either."""
        frame = self._frame
        if frame is None:
            return
        experiment = frame.experiment
        self.preset.show_choice(self._preset, otherwise=frame.run.name)
        self.counting.setChecked(experiment.targets_count_ones)
        self.hidden_activation.show_choice(experiment.hidden_activation)
        self.last_activation.show_choice(experiment.last_activation)
        self.update_rule.show_choice(experiment.update_rule)
        self.rule_fields.show_experiment(experiment)
        for key, field in self.rates.items():
            field.set_unused(experiment.rule.why_no_rates)
            self._rate_labels[key].setEnabled(not experiment.rule.why_no_rates)
        self.compare.setChecked(frame.unactivated is not None)
        self.hidden_activation.setEnabled(experiment.timestamps > 1)
        if experiment.timestamps == 1:
            self.hidden_activation.setToolTip(_ONE_TIMESTAMP)

    # -- built once ----------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.grid = SequenceGrid()
        self.buttons = SequenceButtons(self.grid)
        presets = [
            (p.key, p.title, p.about) for p in PRESETS.values() if can_draw(p.experiment.cell)
        ]
        self.preset = ChoiceField("Preset", presets)
        self.counting = _check_box(
            "y = number of ones", "Each target is the number of cells equal to 1 in its row."
        )
        self.initial_state = NumberField("State 0", WORDS["State 0"])
        self.weights = {name: NumberField(name, GLOSSARY.words(name)) for name in WEIGHTS}
        self.rates = {
            name: NumberField(
                f"Learning rate of {name}", f"learning rate of the {GLOSSARY.words(name)}"
            )
            for name in WEIGHTS
        }
        self._rate_labels = {key: _label("rate", self.rates[key]) for key in WEIGHTS}
        pairs = (*self.weights.values(), *self.rates.values())
        self._number_fields = (self.initial_state, *pairs)
        activations = [(a.key, a.title, _about(a)) for a in ACTIVATIONS.values()]
        self.hidden_activation = ChoiceField("Activation of States 1…T−1", activations)
        self.last_activation = ChoiceField("Activation of State T", activations)
        rules = [(key, rule.title, "") for key, rule in UPDATE_RULES.items()]
        self.update_rule = ChoiceField("Update rule", rules)
        self.rule_fields = RuleFields()
        self.compare = _check_box(
            "with and without the activation",
            "Lay the same network without activation beside this one.",
        )

    def _lay_out(self) -> None:
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(_GAP)
        column.addWidget(_title("EXPERIMENT"))
        for widget in (self.preset, self.grid, self.buttons, self.counting):
            column.addWidget(widget)
        self._sections = {
            "weights": (_section("WEIGHTS AND LEARNING RATES", self._weight_rows()),),
            "settings": (_section("NETWORK", self._network_rows(), self.compare),),
            "rule": (_section("UPDATE", self._update_rows(), self.rule_fields),),
        }
        for (section,) in self._sections.values():
            column.addWidget(section)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = _scrolled(self._content)
        outer.addWidget(self._area)

    def _weight_rows(self) -> QGridLayout:
        rows = _rows()
        for row, key in enumerate(WEIGHTS):
            rows.addWidget(_label(key, self.weights[key], bold=True), row, 0)
            rows.addWidget(self.weights[key], row, 1)
            rows.addWidget(self._rate_labels[key], row, 2)
            rows.addWidget(self.rates[key], row, 3)
        rows.setColumnStretch(1, 1)
        rows.setColumnStretch(3, 1)
        return rows

    def _network_rows(self) -> QGridLayout:
        rows = _rows()
        fields = {
            "State 0": self.initial_state,
            "States 1…T−1": self.hidden_activation,
            "State T": self.last_activation,
        }
        for row, (name, field) in enumerate(fields.items()):
            rows.addWidget(_label(name, field), row, 0)
            rows.addWidget(field, row, 1)
        rows.setColumnStretch(1, 1)
        return rows

    def _update_rows(self) -> QGridLayout:
        rows = _rows()
        rows.addWidget(_label("Update rule", self.update_rule), 0, 0)
        rows.addWidget(self.update_rule, 0, 1)
        rows.setColumnStretch(1, 1)
        return rows

    def _connect(self) -> None:
        for choice, request in (
            (self.preset, self.preset_chosen),
            (self.hidden_activation, self.hidden_activation_requested),
            (self.last_activation, self.last_activation_requested),
            (self.update_rule, self.update_rule_requested),
        ):
            choice.choice_requested.connect(request)
            choice.choice_requested.connect(self._show_choices)
            choice.leave_requested.connect(self.leave_requested)
        for box, asked in (
            (self.counting, self.counting_requested),
            (self.compare, self.compare_requested),
        ):
            box.clicked.connect(asked)
            box.clicked.connect(self._show_choices)
            keep_keys(box, BUTTON_KEYS, self.leave_requested.emit)
        self.initial_state.number_requested.connect(self.initial_state_requested)
        for key in WEIGHTS:
            self.weights[key].number_requested.connect(
                lambda value, key=key: self.weight_requested.emit(key, value)
            )
            self.rates[key].number_requested.connect(
                lambda value, key=key: self.rate_requested.emit(key, value)
            )
        self.rule_fields.setting_requested.connect(self.setting_requested)
        self.rule_fields.clip_requested.connect(self.clip_requested)
        parts: list[SequenceGrid | NumberField | RuleFields] = [self.grid, self.rule_fields]
        parts += self._number_fields
        for part in parts:
            part.problem_reported.connect(self.problem_reported)
            part.leave_requested.connect(self.leave_requested)


def _preset_of(run: Run) -> str:
    """The preset that a run is of; a file may have its name and hold something else."""
    preset = PRESETS.get(run.name)
    return preset.key if preset and preset.experiment.same_as(run.experiment) else ""


def _about(activation: Activation) -> str:
    words = WORDS[f"{activation.symbol}()"]
    return f"{words}\n{activation.formula}"


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "panel-title")
    return label


def _section(title: str, rows: QGridLayout, *below: QWidget) -> QWidget:
    """A title, rows and what stands below them, with the distance from what stands above."""
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, _SECTION, 0, 0)
    column.setSpacing(_GAP)
    column.addWidget(_title(title))
    column.addLayout(rows)
    for widget in below:
        column.addWidget(widget)
    return section


def _label(text: str, field: QWidget, *, bold: bool = False) -> QLabel:
    label = QLabel(f"<b>{text}</b>" if bold else text)
    label.setBuddy(field)
    return label


def _check_box(text: str, tip: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
    box.setToolTip(tip)
    return box


def _rows() -> QGridLayout:
    rows = QGridLayout()
    rows.setHorizontalSpacing(6)
    rows.setVerticalSpacing(_GAP)
    return rows


def _scrolled(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(content)
    for widget in (content, area.viewport()):
        widget.setAutoFillBackground(False)  # the card behind shows
    return area

"""What belongs to the update rule: its formula, its settings, and the clipping of the gradient."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from core.cell.update_rules import CLIP_NORM, SETTINGS, UPDATE_RULES
from core.data.experiment import Experiment
from core.data.notation import number
from rnn_gui.fields.number_field import NumberField
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.theme import Look


class RuleFields(QWidget):
    """Shows the settings of the chosen rule only. It asks for changes and makes none."""

    setting_requested = Signal(str, float)  # a name in `SETTINGS`
    clip_requested = Signal(object)  # a norm, or None for no clipping
    problem_reported = Signal(str)
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._clip_norm: float | None = None
        self.settings = {
            name: NumberField(_name_of(name), f"{setting.title}: {setting.needed}", setting=setting)
            for name, setting in SETTINGS.items()
        }
        self.clips = QCheckBox("Clip the gradient at norm")
        self.clips.setToolTip("Shorten the gradient of both weights where it is longer than this")
        self.clips.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        about = f"gradient clipping threshold: {CLIP_NORM.needed}"
        self.clip_norm = NumberField("Clip norm", about, setting=CLIP_NORM)
        self.formula = QLabel()
        self.formula.setProperty("role", "note")
        self._labels = {name: QLabel(setting.title) for name, setting in SETTINGS.items()}
        self._lay_out()
        self._connect()

    def show_experiment(self, experiment: Experiment) -> None:
        rule = experiment.rule
        values = {name: experiment.settings[name] for name in SETTINGS}
        self.formula.setText(rule.formula.format(**{k: number(v) for k, v in values.items()}))
        self.formula.setToolTip(rule.remark)
        for name, field in self.settings.items():
            field.set_number(values[name])
            for widget in (field, self._labels[name]):
                widget.setVisible(name in rule.settings)
        self._clip_norm = experiment.clip_norm
        self._show_clipping()

    def set_look(self, look: Look) -> None:
        for field in (*self.settings.values(), self.clip_norm):
            field.set_look(look)

    def _show_clipping(self) -> None:
        """As it is; a request that was not granted leaves no trace."""
        clips = self._clip_norm is not None
        self.clips.setChecked(clips)
        self.clip_norm.setEnabled(clips)
        norm = CLIP_NORM.default if self._clip_norm is None else self._clip_norm
        self.clip_norm.set_number(norm)

    def _lay_out(self) -> None:
        rows = QGridLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(6)
        rows.setVerticalSpacing(4)
        rows.addWidget(self.formula, 0, 0, 1, 2)
        for row, (name, field) in enumerate(self.settings.items(), start=1):
            self._labels[name].setBuddy(field)
            rows.addWidget(self._labels[name], row, 0)
            rows.addWidget(field, row, 1)
        rows.addWidget(self.clips, len(self.settings) + 1, 0)
        rows.addWidget(self.clip_norm, len(self.settings) + 1, 1)
        rows.setColumnStretch(1, 1)

    def _connect(self) -> None:
        for name, field in self.settings.items():
            field.number_requested.connect(
                lambda value, name=name: self.setting_requested.emit(name, value)
            )
        self.clip_norm.number_requested.connect(self.clip_requested.emit)
        self.clips.clicked.connect(self._ask_for_clipping)
        keep_keys(self.clips, BUTTON_KEYS, self.leave_requested.emit)
        for field in (*self.settings.values(), self.clip_norm):
            field.problem_reported.connect(self.problem_reported)
            field.leave_requested.connect(self.leave_requested)

    def _ask_for_clipping(self, wanted: bool) -> None:
        self.clip_requested.emit(self.clip_norm.value if wanted else None)
        self._show_clipping()


def _name_of(setting: str) -> str:
    rule = next(rule for rule in UPDATE_RULES.values() if setting in rule.settings)
    return f"{rule.title}: {SETTINGS[setting].title}"

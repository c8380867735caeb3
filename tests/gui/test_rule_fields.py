"""The settings of the update rule, and the clipping."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.cell.update_rules import SETTINGS, UPDATE_RULES
from core.data.presets import PRESETS
from rnn_gui.fields.balloon import Balloon
from rnn_gui.fields.rule_fields import RuleFields
from tests.tutorial import changed

PART_2 = PRESETS["part-2"].experiment


@pytest.fixture
def fields(qtbot: QtBot) -> RuleFields:
    made = RuleFields()
    qtbot.addWidget(made)
    made.show_experiment(PART_2)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_a_rule_shows_its_own_settings_and_its_formula(fields: RuleFields, rule: str) -> None:
    fields.show_experiment(changed(PART_2, update_rule=rule, momentum=0.8))
    shown = tuple(name for name in SETTINGS if not fields.settings[name].isHidden())
    assert shown == UPDATE_RULES[rule].settings
    assert "{" not in fields.formula.text()
    assert ("0.8 · v" in fields.formula.text()) == (rule == "momentum")


def test_a_typed_setting_is_asked_for(fields: RuleFields, qtbot: QtBot) -> None:
    fields.show_experiment(changed(PART_2, update_rule="momentum"))
    _type(qtbot, fields.settings["momentum"], "0.5")
    with qtbot.waitSignal(fields.setting_requested) as asked:
        qtbot.keyClick(fields.settings["momentum"], Qt.Key.Key_Return)
    assert asked.args == ["momentum", 0.5]


def test_clipping_is_asked_for_and_shown_only_when_granted(
    fields: RuleFields, qtbot: QtBot
) -> None:
    fields.clips.setFocus()
    with qtbot.waitSignal(fields.clip_requested) as asked:
        qtbot.keyClick(fields.clips, Qt.Key.Key_Space)
    assert asked.args == [1.0]
    assert not fields.clips.isChecked()
    fields.show_experiment(changed(PART_2, clip_norm=2.5))
    assert fields.clips.isChecked()
    assert fields.clip_norm.value == 2.5
    with qtbot.waitSignal(fields.clip_requested) as asked:
        qtbot.keyClick(fields.clips, Qt.Key.Key_Space)
    assert asked.args == [None]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("adam_beta1", "1", "Adam: beta 1 must be from 0 to below 1; type a number such as 0.9."),
        ("adam_epsilon", "0", "Adam: epsilon must be above 0; type a number such as 1e-08."),
        ("", "-1", "Clip norm must be above 0; type a number such as 1."),
    ],
)
def test_out_of_range_is_told_at_the_field_and_not_asked_for(
    fields: RuleFields, qtbot: QtBot, name: str, text: str, said: str
) -> None:
    fields.show_experiment(changed(PART_2, update_rule="adam", clip_norm=2.0))
    asked: list[object] = []
    told: list[str] = []
    fields.setting_requested.connect(lambda *values: asked.append(values))
    fields.clip_requested.connect(asked.append)
    fields.problem_reported.connect(told.append)
    field = fields.settings[name] if name else fields.clip_norm
    _type(qtbot, field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (asked, told) == ([], [said])
    (balloon,) = (b for b in fields.findChildren(Balloon) if b.isVisible())
    assert balloon.text() == said


def test_the_formula_of_adam_defines_all_its_signs(fields: RuleFields) -> None:
    fields.show_experiment(changed(PART_2, update_rule="adam", adam_beta1=0.8))
    lines = fields.formula.text().splitlines()
    assert "m′ = m / (1 − 0.8ᵗ), s′ = s / (1 − 0.999ᵗ)" in lines
    assert "t counts the updates from 1" in fields.formula.toolTip()


def _type(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    qtbot.keyClicks(field, text)

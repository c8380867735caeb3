"""The settings of the update rule, and the clipping."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.presets import PRESETS
from core.update_rules import SETTINGS, UPDATE_RULES
from rnn_gui.fields.rule_fields import RuleFields

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
    fields.show_experiment(replace(PART_2, update_rule=rule, momentum=0.8))
    shown = tuple(name for name in SETTINGS if not fields.settings[name].isHidden())
    assert shown == UPDATE_RULES[rule].settings
    assert "{" not in fields.formula.text()
    assert ("0.8 · v" in fields.formula.text()) == (rule == "momentum")


def test_a_typed_setting_is_asked_for(fields: RuleFields, qtbot: QtBot) -> None:
    fields.show_experiment(replace(PART_2, update_rule="momentum"))
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
    fields.show_experiment(replace(PART_2, clip_norm=2.5))
    assert fields.clips.isChecked()
    assert fields.clip_norm.value == 2.5
    with qtbot.waitSignal(fields.clip_requested) as asked:
        qtbot.keyClick(fields.clips, Qt.Key.Key_Space)
    assert asked.args == [None]


def _type(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    qtbot.keyClicks(field, text)

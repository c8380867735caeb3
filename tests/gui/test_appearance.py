"""Theme and digits: remembered, and sound whatever the settings hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from core.data.notation import DIGITS
from rnn_gui.appearance import DIGIT_CHOICES, Appearance
from rnn_gui.theme import DARK, LIGHT, Look, Theme


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application, which afterwards looks as it did before."""
    before = qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setPalette(before)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def again(application: QApplication, settings: QSettings) -> Appearance:
    """As at the next start of the program: what is read is what the file holds."""
    settings.sync()
    read = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    return Appearance(application, read)


@pytest.mark.parametrize(("choice", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_a_choice_is_applied_told_and_remembered(
    application: QApplication, settings: QSettings, choice: str, theme: Theme
) -> None:
    appearance = Appearance(application, settings)
    appearance.choose("light" if choice == "dark" else "dark")
    told: list[Look] = []
    appearance.look_changed.connect(told.append)
    appearance.choose(choice)
    assert told == [Look(theme, DIGITS)] == [appearance.look]
    assert application.palette().color(QPalette.ColorRole.Window).name() == theme.window
    assert theme.panel in application.styleSheet()
    appearance.choose(choice)
    assert len(told) == 1
    later = again(application, settings)
    assert (later.choice, later.look) == (choice, appearance.look)


@pytest.mark.parametrize("digits", DIGIT_CHOICES)
def test_digits_are_told_and_remembered(
    application: QApplication, settings: QSettings, digits: int
) -> None:
    appearance = Appearance(application, settings)
    appearance.choose("dark")
    told: list[Look] = []
    appearance.look_changed.connect(told.append)
    appearance.choose_digits(digits)
    assert appearance.look == Look(DARK, digits)
    assert told == ([] if digits == DIGITS else [appearance.look])
    assert again(application, settings).look == Look(DARK, digits)


@pytest.mark.parametrize("stored", ["sepia", "", 7, ["light", "dark"], "0", "-3", "1e9", "five"])
def test_unknown_settings_fall_back(
    application: QApplication, settings: QSettings, stored: object
) -> None:
    settings.setValue("appearance", stored)
    settings.setValue("digits", stored)
    appearance = again(application, settings)
    assert appearance.choice == "system"
    assert appearance.look.digits == DIGITS

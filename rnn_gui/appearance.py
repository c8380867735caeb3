"""Light, dark or as the system is; and how many digits numbers show. Remembered in settings."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6 import QtCore
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication

from core.data.notation import DIGITS
from rnn_gui.theme import DARK, LIGHT, Look, Theme, palette, style_sheet

CHOICES = {"system": "As the &system is", "light": "&Light", "dark": "&Dark"}
DIGIT_CHOICES = (3, 4, 5, 6, 8, 12, 17)


class Appearance(QObject):
    """The look of the whole application; who shows something hears of a change."""

    look_changed = Signal(object)

    def __init__(
        self, application: QApplication, settings: QSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application, self._settings = application, settings
        self.choice = _stored_choice(settings)
        digits = _known(str(settings.value("digits", DIGITS)), map(str, DIGIT_CHOICES), str(DIGITS))
        self.look = Look(self._theme(), int(digits))
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def show(self) -> None:
        """Dress the whole application.

        Once there are its widgets: while they are put together, each would be dressed anew with
        every other that it is put into.
        """
        theme, application = self.look.theme, self._application
        application.setPalette(palette(theme))
        sheet = style_sheet(theme)
        if sheet != application.styleSheet():
            application.setStyleSheet(sheet)

    def choose(self, choice: str) -> None:
        """One of `CHOICES`."""
        self.choice = choice
        self._settings.setValue("appearance", choice)
        self._change(Look(self._theme(), self.look.digits))

    def choose_digits(self, digits: int) -> None:
        self._settings.setValue("digits", digits)
        self._change(Look(self.look.theme, digits))

    def _follow_system(self) -> None:
        self._change(Look(self._theme(), self.look.digits))

    def _change(self, look: Look) -> None:
        if look == self.look:
            return
        self.look = look
        self.show()
        self.look_changed.emit(look)

    def _theme(self) -> Theme:
        if self.choice == "system":
            dark = self._application.styleHints().colorScheme() == QtCore.Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self.choice == "dark" else LIGHT


def stored_theme(application: QApplication, settings: QSettings) -> Theme:
    """The theme at the start, before there is an `Appearance`.

    The system's palette tells what its colour scheme does; to ask for that one loads all of
    Qt's enumerations, which takes longer than to paint a window.
    """
    choice = _stored_choice(settings)
    if choice == "system":
        choice = "dark" if application.palette().window().color().lightness() < _DARK else "light"
    return DARK if choice == "dark" else LIGHT


_DARK = 128  # of 255


def _stored_choice(settings: QSettings) -> str:
    return _known(str(settings.value("appearance", "system")), CHOICES, "system")


def _known(value: str, choices: Iterable[str], otherwise: str) -> str:
    """A setting that an older or newer version wrote may hold anything."""
    return value if value in set(choices) else otherwise

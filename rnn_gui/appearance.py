"""Light, dark or as the system is; and how many digits numbers show. Remembered in settings."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from core.notation import DIGITS
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
        self.choice = _known(str(settings.value("appearance", "system")), CHOICES, "system")
        digits = _known(str(settings.value("digits", DIGITS)), map(str, DIGIT_CHOICES), str(DIGITS))
        self.look = Look(self._theme(), int(digits))
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

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
        self._apply()
        self.look_changed.emit(look)

    def _apply(self) -> None:
        self._application.setPalette(palette(self.look.theme))
        sheet = style_sheet(self.look.theme)
        if sheet != self._application.styleSheet():
            self._application.setStyleSheet(sheet)

    def _theme(self) -> Theme:
        if self.choice == "system":
            dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self.choice == "dark" else LIGHT


def _known(value: str, choices: Iterable[str], otherwise: str) -> str:
    """A setting that an older or newer version wrote may hold anything."""
    return value if value in set(choices) else otherwise

"""What a lecturer chose: panels, covering, the disc around the pointer. Remembered in settings;
whether the gradients are shown as sizes on a log axis is as the window has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QSettings

from rnn_gui.slides.arrangement import EQUATION, NETWORK
from rnn_gui.slides.slide import PANELS

_PANELS, _COVERING, _DISC = "lecture-panels", "lecture-covering", "lecture-disc"


@dataclass(frozen=True)
class Choices:
    """As at the first start."""

    panels: tuple[str, ...] = (NETWORK, EQUATION)
    covering: bool = True
    disc: bool = True
    sizes: bool = False

    def with_toggled(self, panel: str) -> Choices:
        """One panel more or one less; the last one stays."""
        shown = tuple(name for name in PANELS if (name in self.panels) != (name == panel))
        return replace(self, panels=shown or self.panels)


def stored_choices(settings: QSettings) -> Choices:
    """A setting that an older or newer version wrote may hold anything."""
    first = Choices()
    stored = str(settings.value(_PANELS, "")).split(",")
    return Choices(
        tuple(name for name in PANELS if name in stored) or first.panels,
        settings.value(_COVERING, "on") != "off",
        settings.value(_DISC, "on") != "off",
    )


def store_choices(settings: QSettings, choices: Choices) -> None:
    settings.setValue(_PANELS, ",".join(choices.panels))
    settings.setValue(_COVERING, "on" if choices.covering else "off")
    settings.setValue(_DISC, "on" if choices.disc else "off")

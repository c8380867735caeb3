"""Presets about vanishing and exploding gradients show these where they are seen at a glance."""

from __future__ import annotations

from PySide6.QtCore import QObject

from core.data.presets import PRESETS
from rnn_gui.views.time_canvas import TimeCanvas


class LogGradients(QObject):
    """Switches the canvas when a preset is loaded; what a person chooses afterwards stands."""

    def __init__(self, canvas: TimeCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._by_preset = False  # and not by a person
        canvas.sizes_shown_changed.connect(self._forget)

    def follow_preset(self, key: str) -> None:
        """On for a preset that wants it; off again only where another one switched it on."""
        if PRESETS[key].log_gradients and not self._canvas.sizes_shown:
            self._canvas.show_sizes(True)
            self._by_preset = True
        elif not PRESETS[key].log_gradients and self._by_preset:
            self._canvas.show_sizes(False)

    def _forget(self, _shown: bool) -> None:
        self._by_preset = False

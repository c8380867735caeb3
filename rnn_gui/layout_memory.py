"""The layout of the window, remembered from one start to the next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

_GEOMETRY = "geometry"


class LayoutMemory:
    """Stores where the window and its splitters stand, and knows how they stood at first."""

    def __init__(
        self, window: QMainWindow, splitters: Mapping[str, QSplitter], settings: QSettings
    ) -> None:
        self._window, self._splitters, self._settings = window, splitters, settings
        self._default = self._present()

    def restore(self) -> None:
        """As it was left, as far as that was stored."""
        stored = {name: self._settings.value(name) for name in self._default}
        self._apply({name: s for name, s in stored.items() if isinstance(s, QByteArray)})

    def reset(self) -> None:
        """As at the first start."""
        self._apply(self._default)

    def store(self) -> None:
        for name, state in self._present().items():
            self._settings.setValue(name, state)

    def _present(self) -> dict[str, QByteArray]:
        states = {name: splitter.saveState() for name, splitter in self._splitters.items()}
        return {_GEOMETRY: self._window.saveGeometry(), **states}

    def _apply(self, states: Mapping[str, QByteArray]) -> None:
        for name, state in states.items():
            if name == _GEOMETRY:
                self._window.restoreGeometry(state)
            else:
                self._splitters[name].restoreState(state)

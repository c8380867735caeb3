"""The layout of the window, remembered from one start to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

_GEOMETRY = "geometry"
_SIZES = "-sizes"


class LayoutMemory:
    """Stores where the window and its splitters stand, and knows how they stood at first."""

    def __init__(self, window: QMainWindow, settings: QSettings) -> None:
        self._window, self._settings = window, settings
        self._splitters: dict[str, QSplitter] = {}
        self._default = {_GEOMETRY: window.saveGeometry()}
        self._restore(self._default)

    def include(self, splitters: Mapping[str, QSplitter]) -> None:
        """These belong to the window, too; they are restored as they were left."""
        self._splitters.update(splitters)
        added = {name: splitter.saveState() for name, splitter in splitters.items()}
        self._default |= added
        self._restore(added)

    def sizes(self, name: str, default: Sequence[int]) -> list[int]:
        """How the parts of a splitter were left, before there is that splitter."""
        stored = self._settings.value(name + _SIZES)
        try:
            sizes = [int(size) for size in stored]
        except (TypeError, ValueError):
            return list(default)
        sound = len(sizes) == len(default) and min(sizes) > 0
        return sizes if sound else list(default)

    def reset(self) -> None:
        """As at the first start."""
        self._apply(self._default)

    def store(self) -> None:
        self._settings.setValue(_GEOMETRY, self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            self._settings.setValue(name, splitter.saveState())
            self._settings.setValue(name + _SIZES, splitter.sizes())

    def _restore(self, names: Iterable[str]) -> None:
        """As it was left, as far as that was stored."""
        stored = {name: self._settings.value(name) for name in names}
        self._apply({name: s for name, s in stored.items() if isinstance(s, QByteArray)})

    def _apply(self, states: Mapping[str, QByteArray]) -> None:
        for name, state in states.items():
            if name == _GEOMETRY:
                self._window.restoreGeometry(state)
            else:
                self._splitters[name].restoreState(state)

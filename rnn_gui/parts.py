"""What of the window is shown: all of it, a beginner's three parts, or what a lesson names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QObject, QSettings, QSignalBlocker, Signal
from PySide6.QtWidgets import QApplication, QWidget

from rnn_gui.main_window import MainWindow

# All others but the tabs of `Learning`, as the View menu calls them, in its order.
TITLES = {
    "edits": "&Preset and buttons of the grid",
    "weights": "&Weights and learning rates",
    "settings": "&Network settings",
    "rule": "&Update rule",
    "states": "&States",
    "gradients": "&Gradients",
    "ledger": "Gradient &ledger",
    "history": "Cost &history",
    "surface": "Loss sur&face",
    "curve": "&Curve of the activation",
    "steps": "T&ime line",
    "training": "&Epoch and Train",
    "try": "&Try a sequence",
}
LEARNING = ("code", "check", "derive")  # at most one of them at a time
PARTS = ("data", "network", "equation", *TITLES, *LEARNING)
BEGINNERS = frozenset(PARTS[:3])  # always shown
_ALL = BEGINNERS | frozenset(TITLES)
_TABS = ("history", "surface", "curve")
IN_TABS = (*_TABS, *LEARNING)  # the parts that are tabs
_PANELS = ("states", "gradients")
_HIDDEN = "hidden-parts"


class _Lent(NamedTuple):
    """What was shown, what Ctrl+B led back to, and the tab in front."""

    shown: frozenset[str]
    beginners: frozenset[str]
    front: QWidget


class Parts(QObject):
    """Shows and hides the parts of the window, which are called as in a lesson.

    What the user chose is remembered from one start to the next. While it is lent, a lesson
    decides, and nothing is remembered.
    """

    changed = Signal()

    def __init__(self, window: MainWindow, settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._shown = _ALL  # of those that are no tabs of `Learning`
        self._before_beginners = _ALL
        self._lent: _Lent | None = None  # what comes back
        panel = window.experiment
        self._widgets: dict[str, tuple[QWidget, ...]] = {
            **panel.parts,
            "steps": (window.time_line,),
            "training": window.step_bar.training,
            "try": (window.trial,),
        }
        window.learning.changed.connect(self._follow_learning)
        stored = _stored(settings)
        if stored != _ALL:
            self._change(stored)

    @property
    def shown(self) -> frozenset[str]:
        """The names of all parts that are shown."""
        learning = self._window.learning.open
        return self._shown | {learning} if learning else self._shown

    @property
    def for_beginners(self) -> bool:
        """Whether these are a beginner's parts alone."""
        return self._shown == BEGINNERS

    def show(self, names: Iterable[str]) -> None:
        """Exactly these and a beginner's."""
        wanted = BEGINNERS | frozenset(names)
        learning = next((key for key in LEARNING if key in wanted), "")
        self._change(wanted & _ALL, learning)
        self.bring_forward(learning)

    def set_shown(self, name: str, shown: bool) -> None:
        """Show one part, a tab in front of the others; or hide it."""
        if shown:
            learning = name if name in LEARNING else self._window.learning.open
            self._change(self._shown | ({name} & _ALL), learning)
            self.bring_forward(name)
        else:
            left = self.shown - {name}
            self._change(left & _ALL, "".join(left.intersection(LEARNING)))

    def show_all(self) -> None:
        """All but the tabs that come when asked for; one that is there stays."""
        self._change(_ALL, self._window.learning.open)

    def toggle_beginners(self) -> None:
        """A beginner's parts alone; or what was shown before, and a tab of `Learning` that was
        opened since then stays.
        """
        if self.for_beginners:
            self._change(self._before_beginners, self._window.learning.open)
        else:
            self._before_beginners = self._shown
            self.show(())

    def bring_forward(self, name: str) -> None:
        """Where this is one of the tabs, let it be the one that is looked at."""
        if name in self.shown.intersection(_TABS):
            self._window.tabs.setCurrentIndex(_TABS.index(name))
        elif name and name == self._window.learning.open:
            self._window.learning.show(name)

    def lend(self) -> None:
        """From now on a lesson decides what is shown."""
        if self._lent is None:
            front = self._window.tabs.currentWidget()
            self._lent = _Lent(self.shown, self._before_beginners, front)

    def give_back(self) -> None:
        """Show again what the user had chosen."""
        if self._lent is not None:
            before, self._lent = self._lent, None
            self.show(before.shown)
            self._before_beginners = before.beginners
            if self._window.tabs.indexOf(before.front) >= 0:
                self._window.tabs.setCurrentWidget(before.front)

    # -- how -----------------------------------------------------------------------------

    def _change(self, shown: frozenset[str], learning: str = "") -> None:
        if (shown, learning) == (self._shown, self._window.learning.open):
            return
        focused = QApplication.focusWidget()
        self._shown = shown
        for name, widgets in self._widgets.items():
            for widget in widgets:
                widget.setVisible(name in shown)
        self._window.canvas.show_panels([name for name in _PANELS if name in shown])
        self._show_tabs(learning)
        self._leave_hidden(focused)
        if self._lent is None:
            self._settings.setValue(_HIDDEN, sorted(_ALL - shown))
        self.changed.emit()

    def _follow_learning(self) -> None:
        """A key or a cross has opened or closed one of the tabs."""
        focused = QApplication.focusWidget()
        self._show_tabs(self._window.learning.open)
        self._leave_hidden(focused)
        self.changed.emit()

    def _show_tabs(self, learning: str) -> None:
        """First the one to look at: Qt would go through the others, and each would be made."""
        window, tabs = self._window, self._window.tabs
        wanted = [index for index, name in enumerate(_TABS) if name in self._shown]
        window.right_column.show_parts(
            ledger="ledger" in self._shown, tabs=bool(wanted or learning)
        )
        with QSignalBlocker(window.learning):
            if learning and learning != window.learning.open:
                window.learning.show(learning)
            for index in wanted:
                tabs.setTabVisible(index, True)
            stays = [*wanted, len(_TABS)] if learning else wanted
            if tabs.currentIndex() not in stays:
                tabs.setCurrentIndex(stays[0] if stays else 0)
            if stays:
                for index in range(len(_TABS)):
                    tabs.setTabVisible(index, index in wanted)
            if not learning:
                window.learning.show("")

    def _leave_hidden(self, focused: QWidget | None) -> None:
        """The keyboard does not stay in what is hidden: Qt would hand it to any button."""
        window = self._window
        if focused and window.isAncestorOf(focused) and not focused.isVisibleTo(window):
            window.canvas.setFocus()


def _stored(settings: QSettings) -> frozenset[str]:
    """A setting that an older or newer version wrote may hold anything."""
    hidden = settings.value(_HIDDEN)
    names = [hidden] if isinstance(hidden, str) else hidden if isinstance(hidden, list) else []
    return _ALL - (frozenset(map(str, names)) - BEGINNERS)

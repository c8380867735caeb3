"""A tab that comes when it is asked for and goes again: what not everybody needs all the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QTabBar, QTabWidget, QToolButton, QWidget

_CLOSE_SIDE = QTabBar.ButtonPosition.RightSide


class Extra(NamedTuple):
    """What a tab is called, and what makes its view when somebody first asks for it."""

    title: str
    make: Callable[[], QWidget]


class ExtraTabs(QObject):
    """One at a time stands behind the tabs that are always there: for more there is no room in a
    bar. A view that was closed keeps its state.
    """

    changed = Signal()  # another one is there, or none
    leave_requested = Signal()  # the keyboard was in what goes

    def __init__(self, tabs: QTabWidget, extras: Mapping[str, Extra]) -> None:
        super().__init__(tabs)
        self._tabs, self._extras = tabs, extras
        self._views: dict[str, QWidget] = {}

    @property
    def open(self) -> str:
        """Which one is there, in front or not; empty where none is."""
        return next((k for k, view in self._views.items() if self._tabs.indexOf(view) >= 0), "")

    def view(self, key: str) -> QWidget:
        """The view, made if it has to be, in front or not."""
        if key not in self._views:
            made = self._extras[key].make()
            made.setParent(self._tabs)
            made.hide()
            self._views[key] = made
        return self._views[key]

    def toggle(self, key: str) -> None:
        """Bring a tab in front, with the keyboard; the one that is in front goes."""
        if self.open == key and self._tabs.currentWidget() is self.view(key):
            self.close()
        else:
            self.show(key)
            self.view(key).setFocus()

    def show(self, key: str) -> None:
        """Bring a tab in front. The keyboard stays where it is."""
        view = self.view(key)
        come = self.open != key
        if come:
            self._take_away()
            title = self._extras[key].title
            index = self._tabs.addTab(view, title)
            self._tabs.tabBar().setTabButton(index, _CLOSE_SIDE, self._close_button(title))
        self._tabs.setCurrentWidget(view)
        if come:
            self.changed.emit()

    def close(self) -> None:
        """Take the tab away that is there, if there is one."""
        if self.open:
            self._take_away()
            self.changed.emit()

    def _take_away(self) -> None:
        if self.open:
            view = self._views[self.open]
            focused = QApplication.focusWidget()
            if focused is not None and (focused is view or view.isAncestorOf(focused)):
                self.leave_requested.emit()
            self._tabs.removeTab(self._tabs.indexOf(view))
            view.hide()

    def _close_button(self, title: str) -> QToolButton:
        button = QToolButton()
        button.setText("×")
        button.setProperty("role", "close-tab")
        button.setAutoRaise(True)
        button.setToolTip(f"Close {title}")
        button.setAccessibleName(f"Close {title}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the key that brought it closes it, too
        button.clicked.connect(self.close)
        return button

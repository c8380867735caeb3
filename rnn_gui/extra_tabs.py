"""A tab that comes when it is asked for and goes again: what not everybody needs all the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget

_CLOSE_SIDE = QTabBar.ButtonPosition.RightSide


class Extra(NamedTuple):
    """What a tab is called, and what makes its view when somebody first asks for it."""

    title: str
    make: Callable[[], QWidget]


class ExtraTabs(QObject):
    """One at a time stands behind the tabs that are always there: for more there is no room in a
    bar. A view that was closed keeps its state.
    """

    def __init__(self, tabs: QTabWidget, extras: Mapping[str, Extra]) -> None:
        super().__init__(tabs)
        self._tabs, self._extras = tabs, extras
        self._views: dict[str, QWidget] = {}

    def view(self, key: str) -> QWidget:
        """The view, made if it has to be, in front or not."""
        if key not in self._views:
            made = self._extras[key].make()
            made.setParent(self._tabs)
            made.hide()
            self._views[key] = made
        return self._views[key]

    def toggle(self, key: str) -> None:
        """Bring a tab in front; the one that is in front goes."""
        view = self.view(key)
        if self._tabs.currentWidget() is view:
            self._close(view)
            return
        if self._tabs.indexOf(view) < 0:
            for other in self._views.values():
                self._close(other)
            title = self._extras[key].title
            index = self._tabs.addTab(view, title)
            self._tabs.tabBar().setTabButton(index, _CLOSE_SIDE, self._close_button(title, view))
        self._tabs.setCurrentWidget(view)
        view.setFocus()

    def _close(self, view: QWidget) -> None:
        index = self._tabs.indexOf(view)
        if index >= 0:
            self._tabs.removeTab(index)
            view.hide()

    def _close_button(self, title: str, view: QWidget) -> QToolButton:
        button = QToolButton()
        button.setText("×")
        button.setProperty("role", "close-tab")
        button.setAutoRaise(True)
        button.setToolTip(f"Close {title}")
        button.setAccessibleName(f"Close {title}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the key that brought it closes it, too
        button.clicked.connect(lambda: self._close(view))
        return button

"""A tab whose view is made when somebody first looks at it: the window opens the sooner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QTabWidget, QWidget


class LateTab:
    """The place of a view among the tabs. Looking at it calls ``fill``, which puts the view in."""

    def __init__(self, tabs: QTabWidget, title: str, fill: Callable[[], object]) -> None:
        self._tabs, self._fill = tabs, fill
        self._page = QWidget()  # until there is the view
        self.index = tabs.addTab(self._page, title)
        tabs.currentChanged.connect(self._look)

    def put_in(self, view: QWidget) -> None:
        """The view takes its place, in front or not."""
        tabs, index = self._tabs, self.index
        text, shown, visible = tabs.tabText(index), tabs.currentIndex(), tabs.isTabVisible(index)
        with QSignalBlocker(tabs):  # for others no tab has come or gone
            tabs.insertTab(index, view, text)
            tabs.removeTab(index + 1)
            tabs.setTabVisible(index, visible)
            tabs.setCurrentIndex(shown)
        self._page.deleteLater()

    def _look(self, index: int) -> None:
        if self._tabs.widget(index) is self._page:
            self._fill()

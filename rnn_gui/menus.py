"""The menu bar: every action from the table, and the choices that are made from lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from core.data.presets import PRESETS
from rnn_gui.actions import ACTIONS
from rnn_gui.appearance import CHOICES, DIGIT_CHOICES, Appearance
from rnn_gui.documents import Documents
from rnn_gui.main_window import MainWindow
from rnn_gui.parts import TITLES
from rnn_gui.takeaway import FIGURE_NAMES, Takeaway
from rnn_gui.tutorial_cell import TABLES

_MENUS = ("File", "Edit", "Step", "View", "Learn", "Help")
# An action that begins a new group of its menu.
_GROUP_STARTS = {
    "save",
    "import",
    "quit",
    "cut",
    "counting",
    "add_row",
    "add_timestamp",
    "forward",
    "start",
    "epoch",
    "train",
    "compare",
    "enlarge",
    "canvas",
    "beginner",
    "reset_layout",
    "predict",
    "about",
}


class Menus(QObject):
    """What is chosen from a list goes to the part of the program that does it."""

    def __init__(
        self,
        window: MainWindow,
        actions: Mapping[str, QAction],
        documents: Documents,
        takeaway: Takeaway,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._documents = window, actions, documents
        menus = self._of_table()
        self._add_sessions(menus["File"])
        _add_copies(menus["Edit"], takeaway)
        self.panels = self._add_panels(menus["View"])  # the tick of each part of the window
        _add_looks(menus["View"], appearance)
        documents.recent_changed.connect(self._fill_recent)

    def _of_table(self) -> dict[str, QMenu]:
        """The menus with all actions of the table, by name."""
        bar = self._window.menuBar()
        menus = {name: bar.addMenu(f"&{name}") for name in _MENUS}
        for menu in menus.values():
            menu.setToolTipsVisible(True)
        for spec in ACTIONS:
            if spec.key in _GROUP_STARTS:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self._actions[spec.key])
        return menus

    def _add_sessions(self, menu: QMenu) -> None:
        presets = _submenu(menu, "&New from preset", before=self._actions["open"])
        titles = ((key, preset.title) for key, preset in PRESETS.items())
        _add_entries(presets, titles, self._documents.new_from_preset)
        self._window.recent_menu = _submenu(menu, "Open &recent", before=self._actions["save"])
        self._fill_recent()

    def _fill_recent(self) -> None:
        """The sessions opened last; a menu without any is disabled."""
        menu, documents = self._window.recent_menu, self._documents
        menu.clear()
        for path in documents.recent():
            action = menu.addAction(str(path))
            action.triggered.connect(lambda _=False, path=path: documents.open_file(path))
        menu.setEnabled(not menu.isEmpty())

    def _add_panels(self, menu: QMenu) -> dict[str, QAction]:
        panels = _submenu(menu, "Pa&nels", before=self._actions["reset_layout"])
        ticks = {name: panels.addAction(title) for name, title in TITLES.items()}
        show = self._window.parts.set_shown
        for name, tick in ticks.items():
            tick.setCheckable(True)
            tick.triggered.connect(lambda ticked, name=name: show(name, ticked))
        return ticks


def _add_copies(menu: QMenu, takeaway: Takeaway) -> None:
    menu.addSeparator()
    figures = ((name, name.capitalize()) for name in FIGURE_NAMES)
    _add_entries(_submenu(menu, "&Copy plot"), figures, takeaway.copy_figure)
    tables = ((name, name.capitalize()) for name in TABLES)
    _add_entries(_submenu(menu, "Copy ta&ble"), tables, takeaway.copy_table)


def _add_looks(menu: QMenu, appearance: Appearance) -> None:
    menu.addSeparator()
    themes = _submenu(menu, "A&ppearance")
    _add_choices(themes, CHOICES.items(), appearance.choice, appearance.choose)
    digits = _submenu(menu, "&Digits")
    counts = ((str(count), str(count)) for count in DIGIT_CHOICES)
    now = str(appearance.look.digits)
    _add_choices(digits, counts, now, lambda count: appearance.choose_digits(int(count)))


def _submenu(menu: QMenu, text: str, before: QAction | None = None) -> QMenu:
    made = QMenu(text, menu)
    menu.insertMenu(before, made) if before else menu.addMenu(made)
    return made


def _add_entries(
    menu: QMenu, entries: Iterable[tuple[str, str]], chosen: Callable[[str], object]
) -> dict[str, QAction]:
    """Entries by their keys; each calls ``chosen`` with its own."""
    made = {key: menu.addAction(text) for key, text in entries}
    for key, action in made.items():
        action.triggered.connect(lambda _=False, key=key: chosen(key))
    return made


def _add_choices(
    menu: QMenu,
    entries: Iterable[tuple[str, str]],
    current: str,
    chosen: Callable[[str], object],
) -> None:
    """The same where always one of them is ticked."""
    group = QActionGroup(menu)
    for key, action in _add_entries(menu, entries, chosen).items():
        action.setCheckable(True)
        action.setChecked(key == current)
        group.addAction(action)

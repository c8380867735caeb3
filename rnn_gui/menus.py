"""The menu bar: every action from the table, and the choices that are made from lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from rnn_gui.actions import ACTIONS

MENUS = ("File", "Edit", "Step", "View", "Learn", "Help")
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

Choice = tuple[str, str]  # key, text


def build_menus(window: QMainWindow, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """The menus of the table, by name; sub-menus are added by `choices` and `submenu`."""
    bar = window.menuBar()
    menus = {name: bar.addMenu(f"&{name}") for name in MENUS}
    for menu in menus.values():
        menu.setToolTipsVisible(True)
    for spec in ACTIONS:
        if spec.key in _GROUP_STARTS:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(actions[spec.key])
    return menus


def submenu(
    menu: QMenu,
    text: str,
    entries: Iterable[Choice],
    chosen: Callable[[str], object],
    before: QAction | None = None,
) -> QMenu:
    """A sub-menu whose entries each call ``chosen`` with their key."""
    made = QMenu(text, menu)
    for key, label in entries:
        made.addAction(label).triggered.connect(lambda _=False, key=key: chosen(key))
    menu.insertMenu(before, made) if before else menu.addMenu(made)
    return made


def choices(
    menu: QMenu, text: str, entries: Iterable[Choice], current: str, chosen: Callable[[str], object]
) -> QMenu:
    """A sub-menu of which one entry is ticked."""
    made = submenu(menu, text, (), chosen)
    group = QActionGroup(made)
    for key, label in entries:
        action = made.addAction(label)
        action.setCheckable(True)
        action.setChecked(key == current)
        action.triggered.connect(lambda _=False, key=key: chosen(key))
        group.addAction(action)
    return made


def ticks(
    menu: QMenu,
    text: str,
    entries: Iterable[Choice],
    chosen: Callable[[str, bool], object],
    before: QAction,
) -> dict[str, QAction]:
    """A sub-menu of which each entry can be ticked; the entries by their keys."""
    made = submenu(menu, text, (), str, before)
    actions = {}
    for key, label in entries:
        action = actions[key] = made.addAction(label)
        action.setCheckable(True)
        action.triggered.connect(lambda ticked, key=key: chosen(key, ticked))
    return actions


def fill_recent(menu: QMenu, paths: Iterable[Path], chosen: Callable[[Path], object]) -> None:
    """The sessions opened last; a menu without any is disabled."""
    menu.clear()
    for path in paths:
        menu.addAction(str(path)).triggered.connect(lambda _=False, path=path: chosen(path))
    menu.setEnabled(not menu.isEmpty())

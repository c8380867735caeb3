"""Everything has a name to be read aloud, and Tab reaches everything."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QTableView, QWidget

from rnn_gui.actions import ACTIONS
from tests.journeys.conftest import Key, Program


def is_ours(widget: QWidget) -> bool:
    """Qt's own parts of a widget speak for the whole of it."""
    return widget.isVisible() and not widget.objectName().startswith("qt_")


def takes_focus(widget: QWidget) -> bool:
    reachable = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_ours(widget) and widget.isEnabled() and reachable


def test_whatever_takes_the_focus_has_a_name(program: Program) -> None:
    for widget in program.window.findChildren(QWidget):
        if takes_focus(widget):
            read_aloud = QAccessible.queryAccessibleInterface(widget)
            assert read_aloud.text(QAccessible.Text.Name), widget


def test_every_button_has_a_text_or_a_name(program: Program) -> None:
    for button in program.window.findChildren(QAbstractButton):
        if is_ours(button):
            assert button.text() or button.accessibleName(), button


def test_tab_reaches_everything_and_comes_round(program: Program) -> None:
    wanted = {w for w in program.window.findChildren(QWidget) if takes_focus(w)}
    reached = set()
    for _ in range(3 * len(wanted)):
        program.press(Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    missed = {w for w in wanted - reached if not _has_focus_proxy_among(w, reached)}
    assert not [(type(w.parent()), w.objectName()) for w in missed]


def test_every_action_stands_in_a_menu_and_in_the_list_of_keys(program: Program) -> None:
    bar = program.window.menuBar()
    menus = [menu for menu in bar.findChildren(QMenu) if menu.parent() is bar]
    in_menus = {action.objectName() for menu in menus for action in menu.actions()}
    assert {spec.key for spec in ACTIONS} <= in_menus
    program.press(Key.Key_F1)
    dialog = program.dialog()
    table = dialog.findChild(QTableView, "keys")
    assert table is not None
    texts = {table.model().index(row, 1).data() for row in range(table.model().rowCount())}
    assert len(texts) == len(ACTIONS)
    program.press(Key.Key_Escape)


def test_the_buttons_of_the_step_bar_have_icons(program: Program) -> None:
    for button in program.window.step_bar.findChildren(QAbstractButton):
        assert isinstance(button.icon(), QIcon)
        assert not button.icon().isNull(), button.text()


def _has_focus_proxy_among(widget: QWidget, reached: set[QWidget | None]) -> bool:
    return widget.focusProxy() in reached or any(parent in reached for parent in _ancestors(widget))


def _ancestors(widget: QWidget) -> list[QWidget]:
    above = widget.parentWidget()
    return [] if above is None else [above, *_ancestors(above)]

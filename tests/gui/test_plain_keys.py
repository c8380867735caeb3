"""Plain keys belong to who types or uses them, all others and those with Ctrl to the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.fields.plain_keys import ARROW_KEYS, BUTTON_KEYS, keep_keys, keep_plain_keys

SINGLE = (
    *("Right", "Left", "F", "B", "U", "E", "Shift+E", "T", "G"),
    *("Home", "End", "PgUp", "PgDown", "Esc", "1", "Space", "Shift+Right"),
)


class Window(QMainWindow):
    """Every single key is a shortcut, as in the program's window."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []
        for keys in [*SINGLE, "Ctrl+Right", "F1"]:
            action = QAction(keys, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, keys=keys: self.taken.append(keys))
            self.addAction(action)
        self.resize(300, 200)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    return window


def shown(qtbot: QtBot, window: Window, widget: QWidget) -> QWidget:
    widget.setParent(window)
    with qtbot.waitActive(window):
        window.show()
    widget.setFocus()
    assert widget.hasFocus()
    return widget


def press(widget: QWidget, keys: str) -> None:
    QTest.keySequence(widget, QKeySequence(keys))


@pytest.mark.parametrize("keys", SINGLE)
def test_a_combo_box_leaves_its_keys_to_the_window_unless_it_keeps_them(
    qtbot: QtBot, window: Window, keys: str
) -> None:
    combo = QComboBox()
    combo.addItems(["one", "two"])
    shown(qtbot, window, combo)
    press(combo, keys)
    assert window.taken == [keys]  # so the keys of this test do reach the shortcuts
    keep_plain_keys(combo)
    press(combo, keys)
    assert window.taken == [keys]


def test_keys_with_ctrl_and_function_keys_stay_the_windows(qtbot: QtBot, window: Window) -> None:
    combo = QComboBox()
    keep_plain_keys(combo)
    shown(qtbot, window, combo)
    press(combo, "Ctrl+Right")
    press(combo, "F1")
    assert window.taken == ["Ctrl+Right", "F1"]


def test_letters_are_typed(qtbot: QtBot, window: Window) -> None:
    field = QLineEdit()
    keep_plain_keys(field)
    shown(qtbot, window, field)
    qtbot.keyClicks(field, "fbueTg1 ")
    assert field.text() == "fbueTg1 "
    press(field, "Home")
    press(field, "Right")
    assert field.cursorPosition() == 1
    assert window.taken == []


def test_esc_leaves(qtbot: QtBot, window: Window) -> None:
    left: list[bool] = []
    combo = QComboBox()
    keep_plain_keys(combo, lambda: left.append(True))
    shown(qtbot, window, combo)
    qtbot.keyClick(combo, Qt.Key.Key_Escape)
    assert left == [True]
    assert window.taken == []


@pytest.mark.parametrize("keys", SINGLE)
def test_what_keeps_some_keys_leaves_all_others_to_the_window(
    qtbot: QtBot, window: Window, keys: str
) -> None:
    combo = QComboBox()
    combo.addItems(["one", "two"])
    keep_keys(combo, ARROW_KEYS)
    shown(qtbot, window, combo)
    press(combo, keys)
    assert window.taken == ([] if "Left" in keys or "Right" in keys else [keys])


def test_a_button_keeps_what_presses_it_and_esc_leaves_it(qtbot: QtBot, window: Window) -> None:
    left: list[bool] = []
    pressed: list[bool] = []
    button = QToolButton()
    button.clicked.connect(lambda: pressed.append(True))
    keep_keys(button, BUTTON_KEYS, lambda: left.append(True))
    shown(qtbot, window, button)
    for keys in ("Space", "T", "Esc", "Home"):
        press(button, keys)
    assert (pressed, left, window.taken) == ([True], [True], ["T", "Home"])

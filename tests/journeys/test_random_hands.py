"""Thousands of random clicks, drags and keys on the real window: nothing breaks, nothing is lost.

The same seed does the same again: a failure can be repeated.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget

from core.training.run import Run
from tests.journeys.conftest import ALT, CTRL, SHIFT, Program

EVENTS = 1500
Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton

_LETTERS = [Key(code) for code in range(Key.Key_A, Key.Key_Z + 1)]
_DIGITS = [Key(code) for code in range(Key.Key_0, Key.Key_9 + 1)]
_OTHERS = [
    *(Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End),
    *(Key.Key_PageUp, Key.Key_PageDown, Key.Key_Return, Key.Key_Escape, Key.Key_Space),
    *(Key.Key_Tab, Key.Key_Delete, Key.Key_Backspace, Key.Key_Minus, Key.Key_Period, Key.Key_Plus),
    *(Key.Key_F4, Key.Key_F5, Key.Key_F6, Key.Key_F7, Key.Key_F8, Key.Key_F9),
]
# Keys that open the file dialogs of the system, or leave.
_KEPT_AWAY = {Key.Key_O, Key.Key_Q, Key.Key_S, Key.Key_E, Key.Key_I, Key.Key_W, Key.Key_F4}


class Hands:
    """What somebody does who looks away."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program, self.chance = program, random.Random(seed)  # noqa: S311  (to be repeated)
        self.kept: dict[Run, list[bytes]] = {}
        self._dismissing = QTimer(program.window)
        self._dismissing.timeout.connect(_dismiss)
        self._dismissing.start(5)

    def do_something(self) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (self._press_key, 10),
            (self._press_command, 3),
            (self._click, 6),
            (self._drag, 3),
            (self._turn_wheel, 1),
            (lambda: QTest.qWait(self.chance.randint(0, 12)), 2),
        ]
        act = self.chance.choices([act for act, _ in acts], [often for _, often in acts])[0]
        act()
        QApplication.processEvents()
        _dismiss()

    def check_history(self) -> None:
        """What a run has shown once, it shows for ever."""
        session = self.program.session
        for run in (session.run, *(ghost.run for ghost in session.ghosts)):
            columns = [column.tobytes() for column in (run.costs, run.column(0), run.column(1))]
            for before, now in zip(self.kept.get(run, columns), columns, strict=True):
                assert now.startswith(before)
            self.kept[run] = columns

    def _press_key(self) -> None:
        key = self.chance.choice([*_LETTERS, *_DIGITS, *_OTHERS, *_OTHERS])
        QTest.keyClick(self._focused(), key, self.chance.choice([NONE, NONE, NONE, SHIFT]))

    def _press_command(self) -> None:
        keys = [key for key in (*_LETTERS, *_OTHERS, *_DIGITS) if key not in _KEPT_AWAY]
        QTest.keyClick(self._focused(), self.chance.choice(keys), self.chance.choice([CTRL, ALT]))

    def _click(self) -> None:
        widget = self._any_widget()
        button = self.chance.choice([LEFT, LEFT, LEFT, Qt.MouseButton.RightButton])
        QTest.mouseClick(widget, button, NONE, self._any_point(widget))

    def _drag(self) -> None:
        widget = self._any_widget()
        QTest.mousePress(widget, LEFT, NONE, self._any_point(widget))
        for _ in range(self.chance.randint(1, 6)):
            QTest.mouseMove(widget, self._any_point(widget))
            QApplication.processEvents()
        QTest.mouseRelease(widget, LEFT, NONE, self._any_point(widget))

    def _turn_wheel(self) -> None:
        widget = self._any_widget()
        at = widget.mapTo(widget.window(), self._any_point(widget))
        handle = widget.window().windowHandle()
        turned = self.chance.choice([-240, -120, 120, 240])
        QTest.wheelEvent(handle, at, QPoint(0, turned))

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.program.window

    def _any_widget(self) -> QWidget:
        widgets = [
            widget
            for widget in self.program.window.findChildren(QWidget)
            if not (widget.visibleRegion().isEmpty() or isinstance(widget, QMenuBar))
        ]
        return self.chance.choice(widgets)

    def _any_point(self, widget: QWidget) -> QPoint:
        """Where somebody can see it."""
        seen = widget.visibleRegion().boundingRect()
        at = self.chance.randrange
        point = seen.topLeft() + QPoint(at(max(seen.width(), 1)), at(max(seen.height(), 1)))
        window = widget.window()  # in the middle of a drag a widget may be moved out of it
        there = widget.mapTo(window, point)
        x = max(0, min(there.x(), window.width() - 1))
        y = max(0, min(there.y(), window.height() - 1))
        return widget.mapFrom(window, QPoint(x, y))


def _dismiss() -> None:
    """Whatever asks gets Escape."""
    for asking in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if asking is not None:
            QTest.keyClick(asking, Key.Key_Escape)
            if asking.isVisible():
                asking.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1, 2])
def test_random_hands_break_nothing(program: Program, seed: int) -> None:
    hands = Hands(program, seed)
    for number in range(EVENTS):
        if number % 150 == 0:  # now and then somebody trains, and looks at another tab
            program.session.train(20_000)
            program.window.tabs.setCurrentIndex(number // 150 % program.window.tabs.count())
        hands.do_something()
        hands.check_history()
    stack = program.session.undo_stack
    while stack.canUndo():
        stack.undo()
        hands.check_history()
    while stack.canRedo():
        stack.redo()
    hands.check_history()

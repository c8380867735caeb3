"""A loss surface to play in: mouse and keys move the present point and the window."""

from __future__ import annotations

import math
from decimal import Decimal
from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from core.landscape.surface import Window
from rnn_gui.fields.plain_keys import ARROW_KEYS, keep_keys
from rnn_gui.plots.surface_panel import SurfacePanel
from rnn_gui.plots.widget import KeyedPanelWidget
from rnn_gui.tutorial_cell import Point

_NEAR = 13.0  # pixels around the present point that mean it
_ZOOM = 1.25  # by one notch of the wheel, or one key
_NOTCH = 120.0
_STEPS, _LARGE_STEPS = 100, 20  # of the present point over the window
_PANS = 8
_LEAST, _MOST = 1e-6, 1e4  # a window's span: its numbers can be told apart, and written
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


# With Ctrl the arrows are kept, too, and Esc leaves; letters stay the window's.
_KEYS = (
    *(*ARROW_KEYS, Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus),
    *(Qt.Key.Key_0, Qt.Key.Key_Home),
)


class _Hold(Enum):
    """What the pressed mouse button holds."""

    NOTHING = 0
    POINT = 1
    SURFACE = 2  # a click, until it moves
    WINDOW = 3


class SurfaceWidget(KeyedPanelWidget):
    """A click sets the weights, the present point is dragged; the surface is dragged and zoomed.

    With the focus, arrows move the present point (with Shift further), Ctrl and arrows the
    window, + and - zoom, Home or 0 fits the run, Esc leaves.
    """

    weights_requested = Signal(float, float)
    window_changed = Signal()
    hovered = Signal(object)  # `Point` under the pointer, None where there are none
    leave_requested = Signal()

    def __init__(self, panel: SurfacePanel) -> None:
        super().__init__(panel)
        self.panel = panel
        self._hold = _Hold.NOTHING
        self._pressed = QPointF()
        self._wanted: Point | None = None
        # Many movements in one turn of the event loop are one request.
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        for part in (self, self.viewport()):
            part.setMouseTracking(True)
        keep_keys(self, _KEYS, self.leave_requested.emit)

    def focus_frame(self) -> QRectF:
        return self._plot().adjusted(-1, -1, 1, 1)

    def fit(self) -> None:
        """The window around the run."""
        self.panel.set_window(None)
        self.window_changed.emit()

    def zoom(self, factor: float, around: Point) -> None:
        """A window so many times as large, in which ``around`` stays where it is."""
        low, high = self.panel.window[::2], self.panel.window[1::2]
        spans = [(h - lo) * factor for lo, h in zip(low, high, strict=True)]
        if min(spans) >= _LEAST and max(spans) <= _MOST:
            (x, x_end), (y, y_end) = (
                (at + (lo - at) * factor, at + (h - at) * factor)
                for lo, h, at in zip(low, high, around, strict=True)
            )
            self._look_at(Window(x, x_end, y, y_end))

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._inside(event.position()):
            return
        self._pressed = event.position()
        on_point = self._distance(event.position()) <= _NEAR
        self._hold = _Hold.POINT if on_point else _Hold.SURFACE
        self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._hold is _Hold.SURFACE and self._moved(at):
            self._hold = _Hold.WINDOW
        if self._hold is _Hold.POINT and (self._wanted or self._moved(at) or at != self._pressed):
            self._want(self._bounded(at))
        elif self._hold is _Hold.WINDOW:
            self._drag_window(at)
        self._show_cursor(at)
        self.hovered.emit(self.panel.weights_at(at) if self._inside(at) else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        held, self._hold = self._hold, _Hold.NOTHING
        if held is _Hold.SURFACE:
            self._want(event.position())
        self._ask()
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.panel.frame is None or not self._inside(event.position()):
            event.ignore()
            return
        notches = event.angleDelta().y() / _NOTCH
        self.zoom(_ZOOM**-notches, self.panel.exactly_at(event.position()))
        event.accept()

    # The keyboard

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _pans(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if self.panel.frame is None:
            event.ignore()
        elif _pans(event):
            self._pan(*_ARROWS[Qt.Key(key)])
        elif key in _ARROWS:
            large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._nudge(*_ARROWS[Qt.Key(key)], _LARGE_STEPS if large else _STEPS)
        elif text in ("+", "="):
            self.zoom(1.0 / _ZOOM, self._middle())
        elif text in ("-", "−"):
            self.zoom(_ZOOM, self._middle())
        elif text == "0" or key == Qt.Key.Key_Home:
            self.fit()
        else:
            event.ignore()

    # What they do

    def _want(self, at: QPointF) -> None:
        self._wanted = self.panel.weights_at(at)
        self._asking.start()

    def _ask(self) -> None:
        self._asking.stop()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._request(wanted)

    def _nudge(self, across: int, up: int, steps: int) -> None:
        """A step of the present point, in round numbers."""
        frame, window = self.panel.frame, self.panel.window
        assert frame is not None
        wx = _stepped(frame.weights["Wx"], across, (window.x_high - window.x_low) / steps)
        wrec = _stepped(frame.weights["Wrec"], up, (window.y_high - window.y_low) / steps)
        self._request(Point(wx, wrec))

    def _request(self, weights: Point) -> None:
        self.panel.expect(weights)
        self.weights_requested.emit(*weights)

    def _pan(self, across: float, up: float) -> None:
        """By a part of the window."""
        window = self.panel.window
        by_wx = across * (window.x_high - window.x_low) / _PANS
        by_wrec = up * (window.y_high - window.y_low) / _PANS
        self._look_at(_shifted(window, by_wx, by_wrec))

    def _drag_window(self, at: QPointF) -> None:
        wide, high = self.panel.pixel
        by = at - self._pressed
        self._pressed = at
        self._look_at(_shifted(self.panel.window, -by.x() * wide, by.y() * high))

    def _look_at(self, window: Window) -> None:
        self.panel.set_window(window)
        self.window_changed.emit()

    def _middle(self) -> Point:
        """What stays where it is when a key zooms: the present point, else the middle."""
        frame, window = self.panel.frame, self.panel.window
        assert frame is not None
        if self.panel.sees_present:
            return Point.of(frame.weights)
        return Point((window.x_low + window.x_high) / 2, (window.y_low + window.y_high) / 2)

    # Where things are

    def _plot(self) -> QRectF:
        """The part that holds data; the panel fills the widget, so their pixels are the same."""
        return self.panel.plot_rect

    def _inside(self, at: QPointF) -> bool:
        return self.panel.frame is not None and self._plot().contains(at)

    def _bounded(self, at: QPointF) -> QPointF:
        plot = self._plot()
        return QPointF(
            min(max(at.x(), plot.left()), plot.right()), min(max(at.y(), plot.top()), plot.bottom())
        )

    def _distance(self, at: QPointF) -> float:
        by = at - self.panel.present_place
        return math.hypot(by.x(), by.y())

    def _moved(self, at: QPointF) -> bool:
        by = at - self._pressed
        return abs(by.x()) + abs(by.y()) >= QApplication.startDragDistance() / 2

    def _show_cursor(self, at: QPointF) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._hold is _Hold.WINDOW:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._hold is _Hold.POINT or (self._inside(at) and self._distance(at) <= _NEAR):
            shape = Qt.CursorShape.SizeAllCursor
        elif self._inside(at):
            shape = Qt.CursorShape.CrossCursor
        self.viewport().setCursor(shape)


def _pans(event: QKeyEvent) -> bool:
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in _ARROWS


def _shifted(window: Window, by_wx: float, by_wrec: float) -> Window:
    return Window(
        window.x_low + by_wx,
        window.x_high + by_wx,
        window.y_low + by_wrec,
        window.y_high + by_wrec,
    )


def _stepped(value: float, direction: int, size: float) -> float:
    """A step of a round size further; in decimal, so that the step back leads back."""
    if not direction:
        return value
    power = math.floor(math.log10(size))
    step = max(Decimal(f"{m}e{power}") for m in (1, 2, 5) if m * 10.0**power <= size * (1 + 1e-9))
    return float(Decimal(repr(value)) + direction * step)

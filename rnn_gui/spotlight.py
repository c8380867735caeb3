"""Frames around places of the window that somebody should look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from rnn_gui.theme import SMALL_SIZE, Look, pen, text_font

# A place: the widget that it is in, and where in it; all of it if that is not said.
Spot = tuple[QWidget, QRect | None]
Spots = Sequence[Spot | None]  # None: nowhere to be seen at this moment

_MARGIN, _WIDTH, _ROUND, _BADGE = 3, 3.0, 7.0, 18
_MOVING = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.Paint,
    QEvent.Type.ParentChange,
}


class Spotlight(QWidget):
    """Lies over the whole window, takes no click, and paints frames with numbers.

    ``find`` tells where the places are at this moment: they move with every layout.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._look = Look()
        self._find: Callable[[], Spots] = tuple
        self._frames: dict[int, QRect] = {}  # by the number of the place
        self._count = 0
        self._watched: list[QObject] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._follow)
        self.hide()

    def point_at(self, find: Callable[[], Spots]) -> None:
        """At these places, from now on."""
        self._find = find
        self._follow()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    @property
    def frames(self) -> list[QRect]:
        """Where the frames are, in pixels of the window."""
        return list(self._frames.values())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING and not self._later.isActive():
            self._later.start(0)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        for number, frame in self._frames.items():
            painter.setPen(pen(theme.mark, _WIDTH))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(frame), _ROUND, _ROUND)
            if self._count > 1:
                self._paint_number(painter, number, frame)
        painter.end()

    def _paint_number(self, painter: QPainter, number: int, frame: QRect) -> None:
        theme = self._look.theme
        badge = QRectF(frame.right() - _BADGE / 2, frame.top() - _BADGE / 2, _BADGE, _BADGE)
        badge.moveRight(min(badge.right(), self.width() - 1.0))
        badge.moveTop(max(badge.top(), 0.0))
        painter.setBrush(pen(theme.mark).color())
        painter.drawEllipse(badge)
        painter.setPen(pen(theme.panel))
        painter.setFont(text_font(SMALL_SIZE, bold=True))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(number))

    def _follow(self) -> None:
        """Where everything is now."""
        spots = self._find()
        window = self.window()
        frames: dict[int, QRect] = {}
        for number, spot in enumerate(spots, start=1):
            frame = _frame(spot, window) if spot else None
            if frame is not None:
                frames[number] = frame
        self._watch([spot[0] for spot in spots if spot])
        self._count = len(spots)
        if frames != self._frames or self.geometry() != window.rect():
            self._frames = frames
            self.setGeometry(window.rect())
            self.setVisible(bool(frames))
            self.raise_()
            self.update()

    def _watch(self, widgets: list[QWidget]) -> None:
        """These and all that holds them."""
        watched: list[QObject] = []
        for widget in widgets:
            around: QWidget | None = widget
            while around not in (None, self.window(), *watched):
                assert around is not None
                watched.append(around)
                around = around.parentWidget()
        if widgets:
            watched.append(self.window())
        if watched != self._watched:
            for old in self._watched:
                if isValid(old):
                    old.removeEventFilter(self)
            for new in watched:
                new.installEventFilter(self)
            self._watched = watched


def _frame(spot: Spot, window: QWidget) -> QRect | None:
    """Around a place, as far as it can be seen in the window."""
    widget, inside = spot
    if not widget.isVisible() or not window.isAncestorOf(widget):
        return None
    seen = QRect(widget.rect() if inside is None else inside)
    around: QWidget | None = widget
    while around is not None and around is not window:
        seen = seen.intersected(around.rect()).translated(around.pos())
        around = around.parentWidget()
    if seen.isEmpty():
        return None
    return seen.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN).intersected(
        window.rect().adjusted(1, 1, -1, -1)
    )

"""What the window shows while its views are being made: the same cards, empty."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from rnn_gui.layout_memory import LayoutMemory

# Pixels of the window: the first sizes of the splitters, their handles, and what stands above
# and below them. The middle column takes what the others leave.
COLUMNS, ROWS = (330, 730, 380), (290, 210, 280)
HANDLE = 6
_ABOVE, _BELOW, _TABS = 94, 22, 25


class Skeleton(QWidget):
    """Stands in the window until that is filled, and tells once that it is on screen.

    The style paints it: a painter of our own would load all of Qt's enumerations first, which
    takes longer than all the rest.
    """

    painted = Signal()

    def __init__(self, memory: LayoutMemory) -> None:
        super().__init__()
        self._columns, self._rows = memory.sizes("across", COLUMNS), memory.sizes("right", ROWS)
        self._cards = [QFrame(self) for _ in range(2 + len(self._rows))]
        for card in self._cards:
            card.setProperty("role", "card")
        self._told = False

    def resizeEvent(self, _event: QResizeEvent) -> None:
        for card, place in zip(self._cards, self._places(), strict=True):
            card.setGeometry(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self.painted.emit)  # what is painted reaches the screen first

    def _places(self) -> Iterator[QRect]:
        left, _, right = self._columns
        height = self.height() - _ABOVE - _BELOW
        yield QRect(0, _ABOVE, left, height)
        yield QRect(left + HANDLE, _ABOVE, self.width() - left - right - 2 * HANDLE, height)
        share = (height - HANDLE * (len(self._rows) - 1)) / sum(self._rows)
        top, last = float(_ABOVE), len(self._rows) - 1
        for index, row in enumerate(self._rows):
            place = QRect(self.width() - right, round(top), right, round(row * share))
            yield place.adjusted(0, _TABS, 0, 0) if index == last else place
            top += row * share + HANDLE

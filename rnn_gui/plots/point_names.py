"""The names of states beside their points, where there is room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from core.data.notation import subscript
from rnn_gui.plots.ink import metrics, text_width
from rnn_gui.plots.panel import Panel
from rnn_gui.theme import SMALL_SIZE, Look, text_font

# Where a name may stand around its point, the best place first.
_AROUND = ((0, -14), (0, 15), (-15, -12), (15, 12), (15, -12), (-15, 12), (0, -27))


class PointNames:
    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._items: list[QGraphicsSimpleTextItem] = []
        self._drawn: dict[int, tuple[str, QPointF, bool, Look]] = {}

    def show(self, places: dict[int, QPointF], others: list[QPointF], current: int) -> None:
        """Name the points at these pixels, the current one in any case."""
        taken = [_around(at, 11, 11) for at in places.values()]
        taken += [_around(at, 8, 8) for at in others]
        shown = 0
        for k, at in places.items():
            bold = k == current
            text = f"S{subscript(k)}"
            size = QSizeF(text_width(text, SMALL_SIZE, bold), metrics(SMALL_SIZE).height())
            place = self._free_place(at, size, [] if bold else taken)
            if place is not None:
                taken.append(place)
                self._write(shown, text, place, bold)
                shown += 1
        for item in self._items[shown:]:
            item.hide()

    def _free_place(self, at: QPointF, size: QSizeF, taken: list[QRectF]) -> QRectF | None:
        room = self._panel.plot_rect.adjusted(0, -8, 0, 4)
        places = (_around(at + QPointF(*by), size.width(), size.height()) for by in _AROUND)
        free = (p for p in places if room.contains(p) and not any(map(p.intersects, taken)))
        return next(free, None)

    def _write(self, index: int, text: str, place: QRectF, bold: bool) -> None:
        if index == len(self._items):
            self._items.append(QGraphicsSimpleTextItem(self._panel))
        item, drawn = self._items[index], (text, place.topLeft(), bold, self._panel.look)
        item.show()
        if self._drawn.get(index) == drawn:
            return
        self._drawn[index] = drawn
        item.setText(text)
        item.setFont(text_font(SMALL_SIZE, bold=bold))
        item.setBrush(QColor(self._panel.look.theme.text))
        item.setPos(place.topLeft())


def _around(at: QPointF, width: float, height: float) -> QRectF:
    return QRectF(at.x() - width / 2, at.y() - height / 2, width, height)

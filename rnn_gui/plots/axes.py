"""Axes of the plots: pyqtgraph's, with tick marks and texts in the style of all numbers here."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsSceneResizeEvent

from core.data.notation import MINUS, number
from rnn_gui.plots.ink import solid_pen, text_width
from rnn_gui.plots.ranges import nice_step
from rnn_gui.theme import SMALL_SIZE, Theme, text_font

_FEWEST, _CLOSER = 3, 1.7
_EVERY_FEW = 5  # powers of ten: beyond, only every tenth, twentieth, …
_Levels = list[tuple[float, list[float]]]


class ValueAxis(pg.AxisItem):
    """Round values, about ``spacing`` pixels apart. The side named "left" has grid lines."""

    def __init__(self, side: str, spacing: float = 30) -> None:
        super().__init__(side)
        self._spacing = spacing
        self.enableAutoSIPrefix(False)
        self.setStyle(
            tickFont=text_font(SMALL_SIZE),
            tickLength=4 if side == "bottom" else 0,
            tickTextOffset=3 if side == "bottom" else 6,
            tickAlpha=255,
            maxTickLevel=0,
            hideOverlappingLabels=40,  # pixels that a text may reach beyond the end
        )
        self.setGrid(255 if side == "left" else False)

    def set_theme(self, theme: Theme) -> None:
        line = solid_pen(theme.border)
        self.setPen(line if self.orientation == "bottom" else None)
        self.setTickPen(solid_pen(theme.grid) if self.orientation == "left" else line)
        self.setTextPen(theme.muted)

    def name(self, text: str) -> None:
        """Write the name of the axis beside it, or none."""
        self.setLabel(text, **{"font-size": f"{SMALL_SIZE}px"})
        self.resizeEvent()  # another name has its middle elsewhere

    def show_numbers(self, shown: bool) -> None:
        """With the grid lines that belong to them, or neither."""
        if self.style["showValues"] != shown:
            self.setStyle(showValues=shown)
            self.setGrid(255 if shown and self.orientation == "left" else False)
            self.setTicks(None if shown else [])

    def show_ticks(self, ticks: list[tuple[float, str]]) -> None:
        """These ticks and no other."""
        if [ticks] != self._tickLevels:
            self.setTicks([ticks])

    def show_offset(self, pixels: int) -> None:
        """How far from the plot the texts stand."""
        if self.style["tickTextOffset"][0] != pixels:
            self.setStyle(tickTextOffset=pixels)

    def resizeEvent(self, event: QGraphicsSceneResizeEvent | None = None) -> None:
        """The name stands inside the axis, not half out of it."""
        super().resizeEvent(event)
        self.label.moveBy(5 if self.orientation == "left" else 0, -4)

    def boundingRect(self) -> QRectF:
        """The numbers at both ends reach half a line beyond the axis."""
        return QRectF(super().boundingRect().adjusted(0, -8, 0, 8))

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Closer together where there would be fewer than three, which tell no scale."""
        if high <= low:
            return []
        step = nice_step(high - low, size / self._spacing)
        if math.floor(high / step) - math.ceil(low / step) < _FEWEST - 1:
            step = nice_step(high - low, _CLOSER * size / self._spacing)
        return [(step, 0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [_short(10.0**v) for v in values]
        decimals = max(0, -math.floor(math.log10(spacing * scale) + 1e-9))
        return [_tick_text(v * scale, decimals) for v in values]

    def logTickValues(self, low: float, high: float, size: float, _levels: _Levels) -> _Levels:
        """Powers of ten, and where there are few of them, 2 and 5 times those."""
        first, last = math.ceil(low), math.floor(high)
        room = size / self._spacing
        step = max(1, math.ceil((last - first + 1) / max(room, 1)))
        step = step if step <= _EVERY_FEW else round(nice_step(last - first + 1, room))
        decades = range(math.ceil(first / step) * step, last + 1, step)  # with 1 among them
        if len(decades) < 2:
            decades = range(first, last + 1, step)
        factors = (1, 2, 5) if step == 1 and len(decades) < 3 else (1,)
        logs = [math.log10(m) + d for d in (decades.start - step, *decades) for m in factors]
        shown = [v for v in logs if low <= v <= high]
        return [(float(step), shown if len(shown) > 1 else self._within_a_decade(low, high, size))]

    def _within_a_decade(self, low: float, high: float, size: float) -> list[float]:
        """Round values, where no two powers of ten are near."""
        step = nice_step(10.0**high - 10.0**low, size / self._spacing)
        first, last = math.ceil(10.0**low / step), math.floor(10.0**high / step)
        return [math.log10(i * step) for i in range(first, last + 1)]


class WholeAxis(ValueAxis):
    """Whole numbers, as many as have room for their texts."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        widest = text_width(f"{high:,.0f}", SMALL_SIZE) + 12
        return [(max(1.0, nice_step(high - low, size / widest)), 0)] if high > low else []

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return [f"{value:,.0f}" for value in values]


def _tick_text(value: float, decimals: int) -> str:
    text = f"{abs(value):.{decimals}f}"
    if len(text) > 6 or decimals > 4:
        return _short(value)
    grouped = f"{float(text):,.{decimals}f}"
    return (MINUS if value < 0 and float(text) else "") + grouped


def _short(value: float) -> str:
    """With three digits, and in groups where it is written out."""
    rounded = float(f"{value:.2e}")
    if 1e3 <= abs(rounded) < 1e6:
        return (MINUS if rounded < 0 else "") + f"{abs(rounded):,.0f}"
    return number(rounded, 3) if rounded else "0"

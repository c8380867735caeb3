"""A plot of the program on a slide."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from core.cell.steps import Kind
from core.epoch.frame import Frame
from rnn_gui.plots.header import Entry
from rnn_gui.plots.network_panel import NetworkPanel
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.widget import Page
from rnn_gui.slides.part import Part
from rnn_gui.slides.scene import Scene
from rnn_gui.theme import Look

_COLUMN = 64.0  # units: with fewer the network has no room for its numbers
_MARGINS = 120.0  # of a plot with columns
_SQUEEZED = 0.9  # of its usual least height: boxes of the network may lose their names
_BEYOND = 0.03  # of a column: room for the dots that say that it goes on


class SlideNetwork(NetworkPanel):
    """The network without the legend that a class knows by heart; remarks on weights stay, and
    of a long sequence it says which timestamps are shown.
    """

    def legend_entries(self, frame: Frame) -> list[Entry]:
        remarks = [entry for entry in super().legend_entries(frame) if entry.mark is None]
        first = max(math.ceil(self.x_range.low), 1)
        last = min(math.floor(self.x_range.high), frame.timestamps)
        if last - first + 1 < frame.timestamps:
            remarks.append(Entry(f"timestamps {first:,} to {last:,} of {frame.timestamps:,}"))
        return remarks


class PlotPart(Part):
    """A panel, kept from step to step. ``before`` tells that it knows nothing of a step asked for,
    and so shows where the program stands.
    """

    def __init__(self, panel: Panel, least: float, *, before: bool = False) -> None:
        self._panel, self._least, self._before = panel, least, before
        self._page = Page(panel)
        self._look: Look | None = None

    def show_scene(self, scene: Scene, look: Look) -> None:
        if look != self._look:
            self._look = look
            self._panel.set_look(look)
        frame = scene.done if self._before else scene.frame
        if frame is not self._panel.frame:
            self._panel.show_frame(frame)

    def least_height(self, _width: float) -> float:
        return self._least * (_SQUEEZED if self.squeezed else 1.0)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        frame = self._panel.frame
        if isinstance(self._panel, NetworkPanel) and frame is not None:
            self._panel.show_columns(columns_for(frame, rect.width()))
        painter.save()
        painter.translate(rect.topLeft())
        self._page.paint(painter, rect.size().toSize())
        painter.restore()

    def close(self) -> None:
        self._page.close()


def columns_for(frame: Frame, width: float) -> Range | None:
    """As many columns as can be read, around that of the step spoken of; None for all."""
    count = max(int((width - _MARGINS) / _COLUMN), 2)
    last = frame.timestamps
    if last + 1 <= count:
        return None
    centre = frame.step.timestamp or (1 if frame.step.kind is Kind.UPDATE else last)
    first = min(max(centre - count // 2, 0), last + 1 - count)
    end = first + count - 0.5
    return Range(first - 0.5 - _BEYOND * (first > 0), end + _BEYOND * (end < last))

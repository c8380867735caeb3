"""The table of all figures, and how a frame becomes one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter

from core.data.notation import DIGITS
from core.epoch.explain import explain
from core.epoch.frame import Frame
from rnn_gui.equation_layout import layout_explanation
from rnn_gui.figures.figure import COLUMN_WIDTH, Figure
from rnn_gui.figures.recording import RecordingDevice
from rnn_gui.figures.titles import MARGIN, Title, moment_of
from rnn_gui.plots.curve_panel import CurvePanel
from rnn_gui.plots.gradients_panel import GradientsPanel
from rnn_gui.plots.history_panel import HistoryPanel
from rnn_gui.plots.network_panel import NetworkPanel
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.sizes_panel import SizesPanel
from rnn_gui.plots.states_panel import StatesPanel
from rnn_gui.plots.surface_panel import SurfacePanel
from rnn_gui.plots.widget import Page
from rnn_gui.theme import PRINT, Look

PAGE_WIDTH = 790  # 7 inches: both columns of a page
_ANY = sys.maxsize  # timestamps: those that do not run along the axis need no width


def draw(name: str, frame: Frame, *, digits: int = DIGITS, log_gradients: bool = False) -> Figure:
    """One of `FIGURES`, of this frame. Needs a QApplication, but no screen.

    With ``log_gradients`` the figure "gradients" shows their sizes on a log axis.
    """
    figure = _SIZES if log_gradients and name == SizesPanel.figure else FIGURES[name]
    return figure(frame, Look(PRINT, digits))


@dataclass(frozen=True)
class _Plot:
    """A plot panel of the window, on a page of its own."""

    panel: type[Panel]
    heading: str  # {} stands for the panel's own title
    height: int
    column_timestamps: int  # more than these need the width of both columns

    def __call__(self, frame: Frame, look: Look) -> Figure:
        panel = self.panel(standalone=True)
        panel.set_look(look)
        panel.set_title("")
        panel.show_frame(frame)
        narrow = frame.timestamps <= self.column_timestamps
        size = QSize(COLUMN_WIDTH if narrow else PAGE_WIDTH, self.height)
        page = Page(panel)
        title = Title(self.heading.format(panel.own_title(frame)), moment_of(frame))
        try:
            return _titled(title, size, look, lambda painter: page.paint(painter, size))
        finally:
            page.close()


def _equation(frame: Frame, look: Look) -> Figure:
    layout = layout_explanation(
        explain(frame),
        look,
        COLUMN_WIDTH - 2 * MARGIN,
        without=None if frame.unactivated is None else explain(frame.unactivated),
        titled=True,
    )

    def paint(painter: QPainter) -> None:
        painter.translate(MARGIN, MARGIN)
        layout.paint(painter)

    size = QSize(COLUMN_WIDTH, round(layout.height) + 2 * MARGIN)
    return _titled(Title("Equation of the step", moment_of(frame)), size, look, paint)


FIGURES: dict[str, Callable[[Frame, Look], Figure]] = {
    "network": _Plot(NetworkPanel, "Unrolled network", 200, 3),
    "states": _Plot(StatesPanel, "State (In) and State (Out)", 230, 12),
    "gradients": _Plot(GradientsPanel, "Gradients, and what each timestamp adds", 230, 12),
    "history": _Plot(HistoryPanel, "Cost history", 220, _ANY),
    "curve": _Plot(CurvePanel, "Activation: {}", 270, _ANY),
    "surface": _Plot(SurfacePanel, "Cost over the weights", 330, _ANY),
    "equation": _equation,
}
_SIZES = _Plot(SizesPanel, "{}", 260, 12)


def _titled(title: Title, body: QSize, look: Look, paint: Callable[[QPainter], None]) -> Figure:
    """A figure with its title above what ``paint`` draws."""
    top = title.height(body.width())
    device = RecordingDevice(QSize(body.width(), top + body.height()))
    painter = QPainter(device)
    title.paint(painter, body.width(), look.theme)
    painter.translate(0, top)
    paint(painter)
    painter.end()
    return Figure(str(title), device.recording)

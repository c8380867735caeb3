"""A slide: where one stands, and the chosen panels, in type for the last row.

It is drawn in units, the pixels of a small window, and then played as large as the screen is:
a screen of 1280 by 720 has 704 by 396 of them, so that the 11 units of the smallest label are
20 pixels there; with more than two panels 880 by 495, and 16 pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from core.experiment import sequence_name
from core.steps import epoch_length
from rnn_gui.figures.recording import Recording, RecordingDevice
from rnn_gui.plots.gradients_panel import GradientsPanel
from rnn_gui.plots.history_panel import HistoryPanel
from rnn_gui.plots.ink import RIGHT, Ink, elided, text_width
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.states_panel import StatesPanel
from rnn_gui.slides.arrangement import EQUATION, FEW, NETWORK, arranged
from rnn_gui.slides.equation_part import EquationPart
from rnn_gui.slides.ledger_part import LedgerPart
from rnn_gui.slides.part import Part
from rnn_gui.slides.plot_part import PlotPart, SlideNetwork
from rnn_gui.slides.scene import Scene
from rnn_gui.slides.small_plots import SmallGradients, SmallHistory, SmallStates
from rnn_gui.theme import Look

# In the order of their keys, 1…6.
PANELS = {
    NETWORK: "Network",
    "states": "States",
    "gradients": "Gradients",
    EQUATION: "Equation",
    "ledger": "Ledger",
    "history": "Cost history",
}
_FEW_UNITS, _MANY_UNITS = QSize(704, 396), QSize(880, 495)
_SMALLER_EQUATION = 1.2  # its subscripts are smaller than any label
_MARGIN, _TOP, _NOTE = 8.0, 25.0, 18.0
_TITLE_SIZE, _TEXT_SIZE = 17, 13


def unit_of(size: QSize, panels: int) -> float:
    """The pixels of a unit, on a screen of this size."""
    units = _FEW_UNITS if panels <= FEW else _MANY_UNITS
    return min(size.width() / units.width(), size.height() / units.height())


class Slide:
    """Keeps its panels from step to step, since making them anew takes longer than a step may."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, bool], Part] = {}
        self._look = Look()
        self._scene: Scene | None = None
        self.left_out: tuple[str, ...] = ()  # panels without room, at the last recording

    def record(self, scene: Scene, look: Look, panels: Sequence[str], size: QSize) -> Recording:
        """The slide for a screen of so many pixels; in its own units."""
        unit = unit_of(size, len(panels))
        whole = QRectF(0, 0, size.width() / unit, size.height() / unit)
        device = RecordingDevice(whole.size().toSize())
        painter = QPainter(device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scene, self._look = scene, look
        parts = {name: self._part(name, len(panels) > FEW) for name in panels}
        for part in parts.values():
            part.show_scene(scene, look)
        inside = whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self._paint_top(painter, inside)
        self._paint_panels(painter, parts, inside.adjusted(0, _TOP, 0, 0))
        painter.end()
        return device.recording

    def close(self) -> None:
        for part in self._parts.values():
            part.close()
        self._parts.clear()

    def _part(self, name: str, crowded: bool) -> Part:
        if (name, crowded) not in self._parts:
            self._parts[name, crowded] = _made(name, crowded)
        return self._parts[name, crowded]

    def _paint_panels(self, painter: QPainter, panels: Mapping[str, Part], room: QRectF) -> None:
        places = _arranged(panels, room)
        self.left_out = tuple(name for name in panels if name not in places)
        if self.left_out:
            places = _arranged(panels, room.adjusted(0, 0, 0, -_NOTE))
            self.left_out = tuple(name for name in panels if name not in places)
            text = f"No room now for {', '.join(PANELS[name].lower() for name in self.left_out)}."
            if len(panels) > FEW:
                text += " Fewer panels (keys 1 to 6) leave more room."
            ink = Ink(painter, self._look)
            y = room.bottom() - _NOTE / 2 + 2
            text = elided(text, _TEXT_SIZE, room.width())
            ink.text(room.left(), y, text, ink.theme.muted, _TEXT_SIZE)
        for name, place in places.items():
            panels[name].paint(painter, place)

    def _paint_top(self, painter: QPainter, inside: QRectF) -> None:
        """What the step is, and where one stands."""
        assert self._scene is not None
        frame, ink = self._scene.frame, Ink(painter, self._look)
        middle = inside.top() + _TITLE_SIZE / 2
        explanation = self._scene.explanation
        name = explanation.sequence or (sequence_name(0) if frame.sequences == 1 else "")
        where = " · ".join(
            (
                f"epoch {frame.position.epoch:,}",
                f"step {frame.step.number:,} of {epoch_length(frame.timestamps):,}",
                f"sequence {name}" if name else "all sequences",
            )
        )
        ink.text(inside.right(), middle, where, ink.theme.muted, _TEXT_SIZE, RIGHT)
        room = inside.width() - text_width(where, _TEXT_SIZE) - 20
        title = f"Next: {explanation.title}" if frame.announced else explanation.title
        title = elided(title, _TITLE_SIZE, room)
        colour = ink.theme.phase(explanation.phase)
        ink.text(inside.left(), middle, title, colour, _TITLE_SIZE, bold=True)


def _arranged(parts: Mapping[str, Part], room: QRectF) -> dict[str, QRectF]:
    return arranged(
        parts,
        room,
        lambda name, width: parts[name].least_height(width),
        lambda name: parts[name].stretch,
    )


def _made(name: str, crowded: bool) -> Part:
    if name == EQUATION:
        return EquationPart(_SMALLER_EQUATION if crowded else 1.0)
    if name == "ledger":
        return LedgerPart()
    if name == NETWORK:
        network = SlideNetwork(standalone=True)
        network.set_title("")  # the line above says whose it is
        return PlotPart(network, _LEAST_NETWORK)
    alone, beside = _PLOTS[name]
    panel = (beside if crowded else alone)(standalone=True)
    return PlotPart(panel, _LEAST_PLOT, before=name == "history")


_PLOTS: dict[str, tuple[type[Panel], type[Panel]]] = {
    "states": (StatesPanel, SmallStates),
    "gradients": (GradientsPanel, SmallGradients),
    "history": (HistoryPanel, SmallHistory),
}
_LEAST_NETWORK, _LEAST_PLOT = 162.0, 128.0

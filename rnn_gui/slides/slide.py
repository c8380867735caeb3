"""A slide: where one stands, and the chosen panels, in type for the last row.

It is drawn in units, the pixels of a small window, and then played as large as the screen is:
a screen of 1280 by 720 has 704 by 396 of them, so that the 11 units of the smallest label are
20 pixels there; with more than two panels 880 by 495, and 16 pixels. At the bottom there is a
strip for what is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from core.cell.names import sequence_name
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
from rnn_gui.slides.small_plots import (
    SlideSizes,
    SmallGradients,
    SmallHistory,
    SmallSizes,
    SmallStates,
)
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
_MARGIN, _TOP = 8.0, 24.0
STRIP = 36.0  # pixels on a screen of 720 lines
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

    def record(
        self,
        scene: Scene,
        look: Look,
        panels: Sequence[str],
        size: QSize,
        *,
        sizes: bool = False,
        told: float = 0.0,
    ) -> Recording:
        """The slide for a screen of so many pixels; in its own units.

        The gradients as ``sizes`` on a log axis. What is ``told`` has so many pixels at the
        bottom, where the strip is not high enough.
        """
        unit = unit_of(size, len(panels))
        device = RecordingDevice(QSize(round(size.width() / unit), round(size.height() / unit)))
        painter = QPainter(device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._scene, self._look = scene, look
        parts = {name: self._part(name, len(panels) > FEW, sizes) for name in panels}
        inside = _inside(size, unit)
        self._show(parts, inside)
        room = inside.adjusted(0, _TOP, 0, -max(told - strip_of(size), 0.0) / unit)
        places = self._placed(parts, room)
        self._paint_top(painter, inside, NETWORK in places)
        self._paint_note(painter, inside, len(panels))
        for name, place in places.items():
            parts[name].paint(painter, place)
        painter.end()
        return device.recording

    def pages(
        self, scene: Scene, look: Look, panels: Sequence[str], size: QSize
    ) -> tuple[range, ...]:
        """The numbers on each page of the step's lines; none where there is no equation."""
        if EQUATION not in panels:
            return ()
        self._scene, self._look = scene, look
        part = self._part(EQUATION, len(panels) > FEW)
        self._show({EQUATION: part}, _inside(size, unit_of(size, len(panels))))
        assert isinstance(part, EquationPart)
        return part.pages()

    def close(self) -> None:
        for part in self._parts.values():
            part.close()
        self._parts.clear()

    def _part(self, name: str, crowded: bool, sizes: bool = False) -> Part:
        name = _SIZES if sizes and name == "gradients" else name
        if (name, crowded) not in self._parts:
            self._parts[name, crowded] = _made(name, crowded)
        return self._parts[name, crowded]

    def _show(self, parts: Mapping[str, Part], inside: QRectF) -> None:
        assert self._scene is not None
        for part in parts.values():
            part.show_scene(self._scene, self._look)
            if isinstance(part, EquationPart):
                part.divide(inside.adjusted(0, _TOP, 0, 0).size())

    def _placed(self, parts: Mapping[str, Part], room: QRectF) -> dict[str, QRectF]:
        """Rather all of them smaller than one of them not at all."""
        for squeezed in (False, True):
            for part in parts.values():
                part.squeezed = squeezed
            places = _arranged(parts, room)
            self.left_out = tuple(name for name in parts if name not in places)
            if not self.left_out:
                break
        return places

    def _paint_note(self, painter: QPainter, inside: QRectF, panels: int) -> None:
        """In the strip: which panels have no room."""
        if not self.left_out:
            return
        text = f"No room now for {', '.join(PANELS[name].lower() for name in self.left_out)}."
        if panels > FEW:
            text += " Fewer panels (keys 1 to 6) leave more room."
        ink, y = Ink(painter, self._look), inside.bottom() + _TEXT_SIZE
        text = elided(text, _TEXT_SIZE, inside.width())
        ink.text(inside.left(), y, text, ink.theme.muted, _TEXT_SIZE)

    def _paint_top(self, painter: QPainter, inside: QRectF, network: bool) -> None:
        """What the step is, and where one stands; of a step of all sequences, whose network."""
        assert self._scene is not None
        frame, ink = self._scene.frame, Ink(painter, self._look)
        middle = inside.top() + _TITLE_SIZE / 2
        explanation = self._scene.explanation
        name = explanation.sequence or (sequence_name(0) if frame.sequences == 1 else "")
        parts = [
            f"epoch {frame.position.epoch:,}",
            f"step {frame.step.number:,} of {len(frame.experiment.steps):,}",
            f"sequence {name}" if name else "all sequences",
        ]
        if network and not name:
            parts.append(f"network: {frame.name_of(frame.sequence)}")
        where = " · ".join(parts)
        ink.text(inside.right(), middle, where, ink.theme.muted, _TEXT_SIZE, RIGHT)
        room = inside.width() - text_width(where, _TEXT_SIZE) - 20
        title = f"Next: {explanation.title}" if frame.announced else explanation.title
        title = elided(title, _TITLE_SIZE, room)
        colour = ink.theme.phase(explanation.phase)
        ink.text(inside.left(), middle, title, colour, _TITLE_SIZE, bold=True)


def strip_of(size: QSize) -> float:
    """The pixels at the bottom that no panel has."""
    return STRIP * min(size.width() / 1280, size.height() / 720)


def _inside(size: QSize, unit: float) -> QRectF:
    whole = QRectF(0, 0, size.width() / unit, size.height() / unit)
    return whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -strip_of(size) / unit)


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
    least = _LEAST_SIZES if name == _SIZES else _LEAST_PLOT
    return PlotPart(panel, least, before=name == "history")


_SIZES = "sizes"  # instead of the gradients


_PLOTS: dict[str, tuple[type[Panel], type[Panel]]] = {
    "states": (StatesPanel, SmallStates),
    "gradients": (GradientsPanel, SmallGradients),
    _SIZES: (SlideSizes, SmallSizes),
    "history": (HistoryPanel, SmallHistory),
}
_LEAST_NETWORK, _LEAST_PLOT, _LEAST_SIZES = 162.0, 128.0, 150.0

"""What a panel paints, as words with their places: tests read plots instead of comparing pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter

from core.cell.steps import Position
from core.data.experiment import count_ones
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.figures.recording import Recording, RecordingDevice, Words
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.widget import Page
from tests.tutorial import pair, tutorial

EPOCH = 3


@cache
def run_of(timestamps: int = 3, sequences: int = 3, hidden: str = "logistic") -> Run:
    """Part 2, or another size of the same task; a few epochs long."""
    if (timestamps, sequences, hidden) == (3, 3, "logistic"):
        run = Run(PRESETS["part-2"].experiment, "part-2")
    else:
        draw = np.random.default_rng(timestamps * 100 + sequences)
        inputs = draw.integers(0, 2, (sequences, timestamps)).astype(float)
        experiment = tutorial(
            inputs=inputs,
            targets=count_ones(inputs),
            weights=pair(0.47, 0.9),
            learning_rates=pair(1e-9, 1e-9),
            hidden_activation=hidden,
        )
        run = Run(experiment, "made")
    run.reach(EPOCH + 2)
    return run


def frame(
    step: int,
    timestamps: int = 3,
    sequences: int = 3,
    *,
    hidden: str = "logistic",
    sequence: int = 0,
    compare: bool = False,
) -> Frame:
    run = run_of(timestamps, sequences, hidden)
    return frame_at(run, Position(EPOCH, step), sequence, compare=compare)


def overflowing(timestamps: int = 5) -> Run:
    """A run whose first trace overflows at State 2."""
    return Run(
        tutorial(
            inputs=np.ones((2, timestamps)),
            targets=np.zeros(2),
            weights=pair(1e200, 1e200),
            learning_rates=pair(0.1, 0.1),
            hidden_activation="identity",
        )
    )


@dataclass(frozen=True)
class Word:
    text: str
    rect: QRectF
    bold: bool
    colour: str


def recorded(panel: Panel, width: int, height: int) -> Recording:
    """What the panel paints at this size; the letters and strokes of a figure."""
    device = RecordingDevice(QSize(width, height))
    painter = QPainter(device)
    page_of(panel).paint(painter, QSize(width, height))
    painter.end()
    return device.recording


def sized(panel: Panel, width: int, height: int) -> None:
    """Give it a size, as a window would."""
    recorded(panel, width, height)


def page_of(panel: Panel) -> Page:
    if panel not in _pages:
        _pages[panel] = Page(panel)
    return _pages[panel]


def close_pages() -> None:
    while _pages:
        _pages.popitem()[1].close()


_pages: dict[Panel, Page] = {}


def words(panel: Panel, width: int = 660, height: int = 200) -> list[Word]:
    """Everything the panel writes, with the place of its letters on screen."""
    found = []
    for item in recorded(panel, width, height).items:
        ink = item.ink
        if isinstance(ink, Words):
            metrics = QFontMetricsF(ink.font)
            high = metrics.capHeight()
            rect = ink.where.mapRect(QRectF(0, -high, metrics.horizontalAdvance(ink.text), high))
            found.append(Word(ink.text, rect, ink.font.bold(), ink.colour.name()))
    return found


def texts(panel: Panel, width: int = 660, height: int = 200) -> list[str]:
    return [word.text for word in words(panel, width, height)]


def collisions(found: list[Word]) -> list[tuple[str, str]]:
    """Pairs of words that cover each other."""
    return [
        (a.text, b.text)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.rect.adjusted(0.5, 0.5, -0.5, -0.5).intersects(b.rect)
    ]


def outside(found: list[Word], width: int, height: int) -> list[str]:
    """Words that do not fit into the panel."""
    whole = QRectF(0, 0, width, height).adjusted(-0.5, -0.5, 0.5, 0.5)
    return [word.text for word in found if not whole.contains(word.rect)]

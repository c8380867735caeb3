"""What a step leaves on screen is what a whole repaint would show."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.training.run import Run
from rnn_gui.views.time_canvas import TimeCanvas
from tests.tutorial import epoch_length

MOVES = 25


def on_screen(canvas: TimeCanvas) -> np.ndarray:
    """The pixels as they stand, nothing painted for it, shape (height, width, 4)."""
    for _ in range(3):
        QApplication.processEvents()
    image = canvas.screen().grabWindow(canvas.winId()).toImage()
    image.convertTo(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).astype(int)
    return pixels.reshape(image.height(), image.width(), 4)


@pytest.mark.parametrize(("timestamps", "sequences"), [(1, 1), (3, 3), (12, 2), (60, 30)])
def test_after_any_steps_the_canvas_is_painted_as_if_anew(
    qtbot: QtBot, timestamps: int, sequences: int
) -> None:
    chance = random.Random(timestamps)  # noqa: S311  (to be repeated)
    inputs = np.random.default_rng(1).integers(0, 2, (sequences, timestamps)).astype(float)
    run = Run(PRESETS["part-2"].experiment.with_data(inputs))
    run.extend(3)
    canvas = TimeCanvas()
    canvas.resize(700, 640)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    position = Position(0, 0)
    for _ in range(MOVES):
        step = position.step + chance.choice([-2, -1, 1, 1, 1, 2, 7])
        step = min(max(step, 0), epoch_length(timestamps))
        position = Position(chance.choice([position.epoch] * 9 + [1]), step)
        canvas.show_frame(frame_at(run, position))
        seen = on_screen(canvas)
        for panel in canvas.panels:
            panel.scene().update()
        canvas.repaint()
        # Edges that are cut at another place come out a shade apart.
        assert np.abs(seen - on_screen(canvas)).max() <= 4, position

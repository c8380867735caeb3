"""The V: both weights against the step size, the best ones ringed, the chosen one marked."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.epoch.frame import Frame, frame_at
from core.exercises.gradient_check import STEP_SIZES, valley
from core.training.run import Run
from rnn_gui.plots.difference_panel import NOT_FINITE, TITLE, TOO_LARGE, DifferencePanel
from rnn_gui.theme import DARK, Look
from tests.gui import painted
from tests.tutorial import pair, tutorial

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def panel() -> DifferencePanel:
    panel = DifferencePanel()
    panel.show_frame(painted.frame(0))
    return panel


def large() -> Frame:
    experiment = tutorial(
        inputs=np.ones((10_001, 1)),
        targets=np.zeros(10_001),
        weights=pair(1.0, 1.0),
        learning_rates=pair(0.0, 0.0),
    )
    return frame_at(Run(experiment), Position(0, 0))


def test_the_lines_are_the_errors_from_the_smallest_step_up(panel: DifferencePanel) -> None:
    frame = painted.frame(0)
    expected = valley(frame.experiment, frame.trace.weights)
    for weight, series in enumerate(panel.series):
        assert series.x.tolist() == pytest.approx(list(range(-15, 0)))
        assert series.y[::-1].tolist() == expected.errors[weight].tolist()
    strokes = [series.stroke for series in panel.series]
    assert len({s.colour for s in strokes}) == len({s.symbol for s in strokes}) == 2
    assert strokes[0].dash != strokes[1].dash


def test_rings_stand_at_the_lowest_points(panel: DifferencePanel) -> None:
    for ring, series in zip(panel.rings, panel.series, strict=True):
        lowest = int(np.argmin(series.y))
        assert (ring.x[0], ring.y[0]) == pytest.approx((series.x[lowest], series.y[lowest]))


def test_the_chosen_step_is_marked_and_found_again(panel: DifferencePanel) -> None:
    painted.sized(panel, 400, 240)
    for step in STEP_SIZES:
        panel.choose(step)
        assert panel._cursor.value() == pytest.approx(np.log10(step))
        assert panel.step_at(panel.place(np.log10(step) + 0.2, -5.0)) == step
    assert panel.step_at(QPointF(-1000.0, 0.0)) == STEP_SIZES[-1]


@pytest.mark.parametrize("size", [(340, 170), (700, 400), (1600, 900)])
@pytest.mark.parametrize("standalone", [False, True])
def test_its_words_fit(size: tuple[int, int], standalone: bool) -> None:
    panel = DifferencePanel(standalone=standalone)
    panel.set_look(Look(DARK))
    panel.show_frame(painted.frame(0))
    found = painted.words(panel, *size)
    assert painted.collisions(found) == []
    assert painted.outside(found, *size) == []
    texts = [word.text.strip() for word in found]
    for word in (TITLE, "Wx", "Wrec", "best", "h = 1e−5", "step size h", "0.1"):
        assert word in texts


def test_it_is_computed_once_for_all_steps_of_an_epoch(panel: DifferencePanel) -> None:
    before = panel.valley
    panel.show_frame(painted.frame(17))
    assert panel.valley is before
    panel.show_frame(painted.frame(0, 5, 3))
    assert panel.valley is not before


@pytest.mark.filterwarnings("error")
def test_what_cannot_be_shown_is_said(panel: DifferencePanel, qtbot: QtBot) -> None:
    for frame, said in (
        (frame_at(painted.overflowing(), Position(0, 0)), NOT_FINITE),
        (large(), TOO_LARGE),
    ):
        panel.show_frame(frame)
        assert panel.message(frame) == said
        assert painted.texts(panel, 500, 240)
        assert panel.rings == []
    panel.show_frame(painted.frame(0))
    assert panel.message(painted.frame(0)) == ""
    assert len(panel.rings) == 2


def test_an_error_of_zero_stands_on_the_axis() -> None:
    panel = DifferencePanel()
    panel.show_frame(painted.frame(0, 3, 3, hidden="identity"))
    for series in panel.series:
        assert (series.y > 0).all()
    assert painted.texts(panel, 400, 240)

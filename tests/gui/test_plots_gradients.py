"""The gradients: known from the right to the left, bars on an axis of their own."""

import numpy as np
import pytest

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.training.run import Run
from rnn_gui.plots.gradients_panel import EMPTY, OVERFLOWN, GradientsPanel
from rnn_gui.plots.ranges import Range
from tests.gui import painted
from tests.tutorial import D_STATE_IN, PARTS, epoch_length, pair

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_exactly_the_known_points_and_bars_are_drawn(step: int) -> None:
    frame, panel = painted.frame(step), GradientsPanel()
    panel.show_frame(frame)
    for series in panel.series:
        assert series.x.tolist() == list(frame.known(*D_STATE_IN))
        rows = [int(k) - 1 for k in series.x]
        assert np.array_equal(series.y, frame.trace.gradient_table("S(In)")[rows, series.sequence])
    at, d_wx, d_wrec = panel.bars
    assert at.tolist() == list(frame.known(*PARTS))
    for k, wx, wrec in zip(at.tolist(), d_wx, d_wrec, strict=True):
        assert frame.added(int(k)) == pair(wx, wrec)


def test_before_the_backward_pass_it_says_why_it_is_empty() -> None:
    panel = GradientsPanel()
    for step, empty in ((0, True), (7, True), (8, True), (9, False)):
        panel.show_frame(painted.frame(step))
        assert (EMPTY in painted.texts(panel)) is empty


@pytest.mark.parametrize("step", [10, 13, 16])
def test_zero_stands_at_the_same_height_on_both_axes(step: int) -> None:
    panel = GradientsPanel()
    panel.show_frame(painted.frame(step))
    left, right = panel.y_range, panel.bar_range
    assert right.span > 0
    assert -left.low / left.span == pytest.approx(-right.low / right.span)


def test_every_value_fits_into_its_axis() -> None:
    panel = GradientsPanel()
    panel.show_frame(painted.frame(17))
    for series in panel.series:
        assert panel.y_range.low <= series.y.min()
        assert series.y.max() <= panel.y_range.high
    for bars in panel.bars[1:]:
        assert panel.bar_range.low <= bars.min()
        assert bars.max() <= panel.bar_range.high


@pytest.mark.filterwarnings("error")
def test_overflown_gradients_are_said_to_be() -> None:
    panel = GradientsPanel()
    panel.show_frame(frame_at(painted.overflowing(), Position(0, 27)))
    assert OVERFLOWN in painted.texts(panel)


def test_the_range_fits_the_columns_in_view() -> None:
    panel = GradientsPanel()
    panel.show_frame(painted.frame(252, 50, 3))
    whole = panel.y_range
    panel.show_columns(Range(9.5, 14.5))
    assert panel.y_range.span < whole.span / 1000


@pytest.mark.parametrize("width", [380, 660, 1400])
@pytest.mark.parametrize(("timestamps", "sequences"), [(1, 1), (3, 3), (3, 8), (50, 30)])
def test_no_word_covers_another_or_is_cut(width: int, timestamps: int, sequences: int) -> None:
    panel = GradientsPanel(joined=(True, False))
    panel.show_frame(painted.frame(epoch_length(timestamps) - 1, timestamps, sequences))
    for height in (130, 220, 500):
        found = painted.words(panel, width, height)
        assert painted.collisions(found) == []
        assert painted.outside(found, width, height) == []


def test_without_the_activation_there_are_thin_lines_of_the_known_gradients() -> None:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    frame = frame_at(run, Position(0, 12), compare=True)
    panel = GradientsPanel()
    panel.show_frame(frame)
    assert frame.unactivated is not None
    known = frame.unactivated.block(*D_STATE_IN)
    assert [line.y.tolist() for line in panel.thin] == [known[:, i].tolist() for i in (1, 2, 0)]
    assert "without activation" in painted.texts(panel, 700, 200)
    panel.show_frame(frame_at(run, Position(0, 12)))
    assert panel.thin == []


def test_gradients_without_the_activation_beyond_the_range_are_told_of() -> None:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    run.reach(9000)
    panel = GradientsPanel()
    panel.show_frame(frame_at(run, Position(9000, 12), compare=True))
    assert all((abs(line.y) > panel.y_range.high).all() for line in panel.thin)
    assert "without activation: beyond this range" in painted.texts(panel, 900, 200)

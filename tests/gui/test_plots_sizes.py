"""The sizes of the gradients on a log axis: what vanishes, what explodes, and what is 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from core.cell.steps import Position
from core.data.experiment import count_ones
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.epoch.hops import hop_products
from core.training.run import Run
from rnn_gui.figures.recording import Recording
from rnn_gui.plots.gradients_panel import EMPTY, OVERFLOWN
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.sizes_panel import TITLE, SizesPanel
from tests.gui import painted
from tests.journeys.test_nothing_early import scrambled
from tests.tutorial import D_STATE_IN, before_update, epoch_length, pair, step_number, tutorial

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.filterwarnings("error")]


def preset(key: str, step: int = 102, sequence: int = 0) -> Frame:
    return frame_at(Run(PRESETS[key].experiment, key), Position(0, step), sequence)


def shown(frame: Frame) -> SizesPanel:
    panel = SizesPanel(joined=(True, False))
    panel.show_frame(frame)
    return panel


def relu(timestamps: int = 5) -> Frame:
    """Every state is 0, and so is the slope of each but the last."""
    experiment = tutorial(
        inputs=np.ones((2, timestamps)),
        targets=np.array([1.0, 2.0]),
        hidden_activation="relu",
        weights=pair(-1.0, 0.5),
        learning_rates=pair(0.1, 0.1),
    )
    return frame_at(Run(experiment), Position(0, before_update(timestamps)))


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_exactly_the_known_sizes_are_drawn(step: int) -> None:
    frame = painted.frame(step)
    panel = shown(frame)
    known = list(frame.known(*D_STATE_IN))
    rows = [k - 1 for k in known]
    for series in panel.series:
        assert series.x.tolist() == known
        assert np.array_equal(
            series.y, np.abs(frame.trace.gradient_table("S(In)")[rows, series.sequence])
        )
    assert panel.product.x.tolist() == known
    assert np.array_equal(panel.product.y, np.abs(hop_products(frame)))


@pytest.mark.parametrize("step", range(7, 18))
def test_what_is_not_known_leaves_no_mark(step: int) -> None:
    frame = painted.frame(step, compare=True)
    assert frame.unactivated is not None
    other = replace(frame.unactivated, trace=scrambled(frame.unactivated.trace, step))
    hidden = replace(frame, trace=scrambled(frame.trace, step), unactivated=other)
    honest, blind = (painted.recorded(shown(f), 660, 220) for f in (frame, hidden))
    assert pixels(honest) == pixels(blind)


def pixels(recording: Recording) -> bytes:
    image = QImage(recording.size, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    recording.play(painter)
    painter.end()
    return bytes(image.constBits())


def test_filled_markers_are_above_0_and_hollow_ones_below() -> None:
    frame = painted.frame(17)
    panel = shown(frame)
    painted.sized(panel, 660, 220)
    gradients = frame.trace.gradient_table("S(In)")
    for series in panel.signs:
        signs = gradients[series.x.astype(int) - 1, series.sequence]
        assert (signs > 0).all() if series.stroke.filled else (signs < 0).all()
    assert sum(len(series.x) for series in panel.signs) == gradients.size


@pytest.mark.parametrize(("key", "word"), [("vanishing", "vanishes"), ("exploding", "explodes")])
def test_presets_say_what_they_are_for(key: str, word: str) -> None:
    found = painted.texts(shown(preset(key)), 690, 230)
    assert word in found
    assert any(text.endswith(f": it {word}.") and "timestamp 20" in text for text in found)
    assert TITLE not in found


def test_no_word_is_said_before_the_product_is_that_small() -> None:
    panel = shown(preset("vanishing", step_number(20, D_STATE_IN, 15)))
    found = painted.texts(panel, 690, 230)
    assert "vanishes" not in found
    assert "From timestamp 20 back to 15 the gradient is multiplied by 0.5⁵ = 0.031." in found


def test_a_narrow_panel_keeps_the_verdict() -> None:
    found = painted.texts(shown(preset("vanishing")), 380, 200)
    assert "Multiplied by 1.9e−6 in all: it vanishes." in found


def test_the_product_begins_at_the_line_of_1() -> None:
    panel = shown(preset("exploding"))
    painted.sized(panel, 690, 230)
    assert panel.product.y[-1] == 1.0
    assert panel.drawn(panel.product)[-1, 1] == pytest.approx(
        panel.place(0, 0.0).y() - panel.plot_rect.top()
    )


def test_an_exact_0_is_a_gap_and_a_mark_on_the_floor() -> None:
    panel = shown(relu())
    chosen = panel.zeros[-1]
    assert chosen.x.tolist() == [1, 2, 3, 4]
    assert "0" in painted.texts(panel, 690, 230)
    assert np.isnan(panel.drawn(panel.series[-1])[:4, 1]).all()
    [zero] = [w for w in painted.words(panel, 690, 230) if w.text == "0" and w.bold]
    assert zero.rect.bottom() > panel.plot_rect.bottom() - 20


def test_before_the_backward_pass_it_says_why_it_is_empty() -> None:
    for step, empty in ((0, True), (8, True), (9, False)):
        found = painted.texts(shown(painted.frame(step)))
        assert (EMPTY in found) is empty
        assert TITLE in found


def test_overflown_gradients_show_what_is_finite() -> None:
    run = painted.overflowing()
    first, all_ = (frame_at(run, Position(0, step)) for step in (13, 27))
    assert OVERFLOWN in painted.texts(shown(first))
    panel = shown(all_)
    assert OVERFLOWN not in painted.texts(panel)
    assert np.isfinite(panel.y_range).all()


@pytest.mark.parametrize("height", [130, 150, 230, 500])
@pytest.mark.parametrize("width", [380, 660, 1400])
@pytest.mark.parametrize(
    ("timestamps", "sequences"), [(1, 1), (3, 3), (3, 8), (20, 3), (50, 30), (1000, 3)]
)
def test_no_word_covers_another_or_is_cut(
    width: int, height: int, timestamps: int, sequences: int
) -> None:
    panel = shown(painted.frame(before_update(timestamps), timestamps, sequences))
    found = painted.words(panel, width, height)
    assert painted.collisions(found) == []
    assert painted.outside(found, width, height) == []


@pytest.mark.parametrize("key", ["vanishing", "exploding"])
def test_the_axis_has_powers_of_ten_at_150_pixels(key: str) -> None:
    found = painted.texts(shown(preset(key)), 690, 150)
    assert "1" in found
    assert sum(text in {"0.0001", "1e−6", "0.001", "1,000", "10,000", "1e6"} for text in found)


def test_many_sequences_are_a_spread_found_once() -> None:
    draw = np.random.default_rng(5)
    inputs = draw.integers(0, 2, (5000, 4)).astype(float)
    experiment = tutorial(
        inputs=inputs,
        targets=count_ones(inputs),
        weights=pair(0.5, 0.9),
        learning_rates=pair(0.1, 0.1),
    )
    frame = frame_at(Run(experiment), Position(0, before_update(4)), 7)
    panel = shown(frame)
    assert [series.sequence for series in panel.series] == [7]
    others = np.abs(np.delete(frame.trace.gradient_table("S(In)"), 7, axis=1))
    spread = panel.spread.spread
    assert spread is not None
    assert spread.middle.tolist() == np.median(others, axis=1).tolist()
    assert spread.high.tolist() == others.max(axis=1).tolist()


def test_the_pointer_means_the_line_under_it() -> None:
    frame = painted.frame(17, sequence=1)
    panel = shown(frame)
    painted.sized(panel, 660, 220)
    at = panel.place(1.0, float(np.log10(abs(frame.trace.gradient_table("S(In)")[0, 2]))))
    assert panel.sequence_at(at) == 2
    assert panel.sequence_at(QPointF(at.x(), panel.plot_rect.top())) is None


def test_the_range_fits_the_columns_in_view() -> None:
    panel = shown(painted.frame(before_update(50), 50, 3))
    whole = panel.y_range.span
    panel.show_columns(Range(44.5, 50.5))
    assert panel.y_range.span < whole / 3


def test_without_the_activation_there_are_thin_lines() -> None:
    frame = painted.frame(17, compare=True)
    assert frame.unactivated is not None
    panel = shown(frame)
    wanted = np.abs(frame.unactivated.block(*D_STATE_IN))
    assert [line.y.tolist() for line in panel.thin] == [wanted[:, i].tolist() for i in (1, 2, 0)]
    assert "without activation" in painted.texts(panel, 700, 220)

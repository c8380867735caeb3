"""The axis of epochs: places, ticks, and what is drawn of a long run on a logarithmic scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_gui.history.epoch_view import EpochView
from rnn_gui.plots.epochs import EpochScale
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.thinning import Thinning

pytestmark = pytest.mark.usefixtures("qapp")

LINEAR, LOG = EpochScale(), EpochScale(logarithmic=True)
EPOCHS = st.integers(0, 10_000_000)
SCALES = st.sampled_from([LINEAR, LOG])


def test_epoch_0_has_a_place_on_the_log_scale_and_its_label_says_how() -> None:
    assert [LOG.place(epoch) for epoch in (0, 9, 99)] == [0.0, 1.0, 2.0]
    assert "epoch + 1" in LOG.label
    assert LINEAR.label == "epoch"


@given(SCALES, EPOCHS)
def test_every_epoch_is_found_at_its_place(scale: EpochScale, epoch: int) -> None:
    assert round(scale.epoch_at(scale.place(epoch))) == epoch
    assert scale.places(np.array([float(epoch)]))[0] == pytest.approx(scale.place(epoch))


@given(SCALES, EPOCHS)
def test_the_whole_axis_holds_the_first_and_the_last_epoch(scale: EpochScale, last: int) -> None:
    shown = scale.whole(last)
    assert shown.low < 0 <= scale.place(last) < shown.high
    assert scale.seen(shown, last + 1) == (0, last + 1)


def test_a_run_that_grows_moves_the_axis_now_and_then() -> None:
    axes = {LINEAR.whole(last) for last in range(10_000, 20_000, 10)}
    assert 5 < len(axes) < 50


@given(st.integers(1, 10_000_000), st.integers(80, 900))
def test_log_ticks_stand_where_the_epochs_do_and_apart(last: int, width: int) -> None:
    shown = LOG.whole(last)
    ticks = LOG.ticks(shown, width)
    assert ticks[0] == (0.0, "0")
    for place, text in ticks:
        assert place == pytest.approx(LOG.place(int(text.replace(",", ""))))
        assert shown.low <= place <= shown.high
    gaps = np.diff([place for place, _ in ticks]) * width / shown.span
    assert (gaps > 10).all()


def test_a_narrow_view_of_late_epochs_has_ticks_too() -> None:
    shown = Range(LOG.place(900_000), LOG.place(900_040))
    texts = [text for _, text in LOG.ticks(shown, 400)]
    assert len(texts) >= 3
    assert "900,020" in texts


@pytest.mark.parametrize("scale", [LINEAR, LOG])
def test_thinned_keeps_ends_and_extremes_in_order(scale: EpochScale) -> None:
    column = np.random.default_rng(3).standard_normal(300_000)
    column[123_456] = 99.0
    density = 400 / scale.whole(len(column)).span
    x, y = scale.thinned(Thinning(), column, 0, len(column), density)
    assert len(x) < 3500
    assert (np.diff(x) > 0).all()
    assert (y[0], y[-1]) == (column[0], column[-1])
    assert (y.min(), y.max()) == (column.min(), 99.0)
    assert x[np.argmax(y)] == pytest.approx(scale.place(123_456))


def test_on_the_log_scale_no_early_epoch_is_lost_that_has_room() -> None:
    column = np.random.default_rng(3).standard_normal(1_000_000)
    x, _ = LOG.thinned(Thinning(), column, 0, len(column), 400 / LOG.whole(len(column)).span)
    pixels = x * 400 / LOG.whole(len(column)).span
    assert np.diff(pixels).max() < LOG.place(1) * 70
    assert set(LOG.places(np.arange(60.0))) <= set(x)


def test_zooming_keeps_the_place_and_ends_at_all() -> None:
    whole = LINEAR.whole(1000)
    view = EpochView().zoomed(4.0, 300.0, whole)
    assert view.shown is not None
    assert view.shown.span == pytest.approx(whole.span / 4)
    share = (300.0 - whole.low) / whole.span
    assert (300.0 - view.shown.low) / view.shown.span == pytest.approx(share)
    assert view.zoomed(1e-3, 300.0, whole).shown is None
    nearest = view.zoomed(1e9, 300.0, whole)
    assert nearest.shown is not None
    assert nearest.shown.span == pytest.approx(4.0)


@given(SCALES, st.integers(0, 1000), st.integers(0, 900))
def test_following_brings_an_epoch_into_view(scale: EpochScale, epoch: int, first: int) -> None:
    view = EpochView(scale).around(first, first + 50)
    assert view.shown is not None
    moved = view.following(epoch, scale.whole(1000)).shown
    assert moved is not None
    assert moved.low <= scale.place(epoch) <= moved.high
    assert moved.span == pytest.approx(view.shown.span)


def test_another_scale_shows_the_same_epochs() -> None:
    view = EpochView(LINEAR).around(100, 200)
    there = view.on(LOG)
    assert view.shown is not None
    assert there.shown is not None
    assert [LOG.epoch_at(place) for place in there.shown] == pytest.approx(list(view.shown))
    assert EpochView(LINEAR).on(LOG).shown is None

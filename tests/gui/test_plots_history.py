"""Cost and weights over epochs: up to now, now, what was already run, and earlier runs."""

from dataclasses import replace

import numpy as np
import pytest

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots.epoch_panel import EpochPanel
from rnn_gui.plots.epochs import EpochScale
from rnn_gui.plots.ghost_lines import ghost_stroke
from rnn_gui.plots.history_panel import ALL_ZERO, EMPTY, NO_ZERO, HistoryPanel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.weights_panel import WeightsPanel
from rnn_gui.theme import DARK, LIGHT, Look
from tests.gui import painted
from tests.tutorial import changed, pair

pytestmark = pytest.mark.usefixtures("qapp")

PART_2 = PRESETS["part-2"].experiment


def run_of(epochs: int, rate: float = 0.001) -> Run:
    run = Run(replace(PART_2, learning_rates=pair(rate, rate)))
    run.reach(epochs)
    return run


def diverged() -> Run:
    run = Run(changed(PRESETS["part-1"].experiment, learning_rates=pair(0.1, 0.1)))
    run.reach(100)
    assert run.diverged
    return run


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(20)


def shown(run: Run, epoch: int, step: int) -> HistoryPanel:
    panel = HistoryPanel()
    panel.show_frame(frame_at(run, Position(epoch, step)))
    return panel


def weights_of(run: Run, epoch: int, step: int) -> WeightsPanel:
    panel = WeightsPanel()
    panel.show_frame(frame_at(run, Position(epoch, step)))
    return panel


def long_run(epochs: int) -> Run:
    run = Run(PART_2)
    rows = np.exp(-np.linspace(0, 5, epochs))
    run._table = np.vstack([rows, rows, -rows])
    run._length = epochs
    return run


def test_the_present_cost_shows_only_once_it_is_known(run: Run) -> None:
    before, after = shown(run, 8, 6), shown(run, 8, 7)
    assert before.past.x.tolist() == list(range(8))
    assert len(before.present.x) == 0
    assert after.past.x.tolist() == list(range(9))
    assert after.present.y.tolist() == [run.costs[8]]
    for panel in (before, after):
        assert panel.later.x.tolist() == list(range(9, 21))
        assert np.array_equal(panel.later.y, run.costs[9:])
        assert "already run" in painted.texts(panel, 500, 200)


def test_at_the_last_epoch_nothing_lies_ahead(run: Run) -> None:
    panel = shown(run, 20, 17)
    assert len(panel.later.x) == 0
    assert "already run" not in painted.texts(panel, 500, 200)


def test_one_epoch_alone_is_a_point_once_its_cost_is_known() -> None:
    panel = shown(Run(PART_2), 0, 7)
    assert len(panel.present.y) == 1
    assert "now 5.848" in painted.texts(panel, 600, 200)


def test_before_the_first_cost_it_says_when_there_will_be_one() -> None:
    panel = shown(Run(PART_2), 0, 6)
    assert EMPTY in painted.texts(panel, 600, 200)
    narrow = painted.words(panel, 340, 200)
    assert painted.outside(narrow, 340, 200) == []


def test_log_scale_leaves_out_a_cost_of_zero() -> None:
    run = run_of(3)
    run._table[0, 2] = 0.0  # a cost that no logarithm can show
    panel = HistoryPanel(logarithmic=True)
    panel.show_frame(frame_at(run, Position(3, 7)))
    assert NO_ZERO in painted.texts(panel, 400, 200)
    across, down = panel.drawn(panel.past).T
    assert np.isfinite(down).tolist() == [True, True, False, True]
    assert np.isfinite(across).all()
    assert np.isfinite(panel.y_range).all()


def test_log_scale_of_nothing_but_zeros_says_so() -> None:
    run = run_of(3)
    run._table[0] = 0.0
    panel = HistoryPanel(logarithmic=True)
    panel.show_frame(frame_at(run, Position(3, 17)))
    assert ALL_ZERO in " ".join(painted.texts(panel, 400, 200))
    assert panel.y_range == (0.0, 1.0)
    panel.set_logarithmic(False)
    assert ALL_ZERO not in painted.texts(panel, 400, 200)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_million_epochs_are_thinned(logarithmic: bool) -> None:
    run = long_run(1_000_000)
    panel = shown(run, 900_000, 7)
    panel.show_epochs(EpochScale(logarithmic), None)
    painted.sized(panel, 400, 240)
    past, later = panel.past, panel.later
    assert 100 < len(past.x) + len(later.x) < 5000
    assert past.y.max() == run.costs[:900_001].max()
    assert past.x[-1] == pytest.approx(panel.scale.place(900_000))


def test_the_last_number_and_the_last_marker_are_whole() -> None:
    panel = shown(run_of(15_000), 15_000, 17)
    for width in (340, 380, 400):
        found = painted.words(panel, width, 240)
        assert "15,000" in [word.text for word in found]
        assert painted.outside(found, width, 240) == []
        assert painted.collisions(found) == []
        assert panel.place(15_000, 0).x() + 5 <= panel.plot_rect.right() + panel.vb.overhang[2]


def test_weights_stand_up_to_the_epoch_that_starts_from_them(run: Run) -> None:
    before, after = weights_of(run, 8, 17), weights_of(run, 8, 18)
    for panel, now in ((before, 8), (after, 9)):
        for column, values in enumerate((run.column(0), run.column(1))):
            assert panel.past[column].y.tolist() == values[: now + 1].tolist()
            assert panel.later[column].y.tolist() == values[now:].tolist()
            assert panel.present[column].x.tolist() == [now]
            assert panel.present[column].y.tolist() == [values[now]]


def test_both_weights_are_named_and_drawn_apart(run: Run) -> None:
    panel = weights_of(run, 20, 17)
    written = painted.texts(panel, 400, 200)
    assert {"Wx", "Wrec"} <= set(written)
    wx, wrec = (series.stroke for series in panel.past)
    assert wx.dash != wrec.dash
    assert wx.symbol != wrec.symbol


@pytest.mark.parametrize("kind", [HistoryPanel, WeightsPanel])
def test_earlier_runs_lie_under_the_present_one(kind: type[EpochPanel], run: Run) -> None:
    ghosts = (
        Ghost(run_of(50, 0.01), "1 · part-2"),
        Ghost(run_of(30, 0.02), "2 · rate of Wx"),
        Ghost(run_of(40, 0.03), "3 · rate of Wrec", shown=False),
    )
    panel = kind()
    panel.show_frame(frame_at(run, Position(20, 17)))
    panel.show_ghosts(ghosts)
    painted.sized(panel, 500, 240)
    assert {ghost.name for ghost, _ in panel.ghost_lines} == {"1 · part-2", "2 · rate of Wx"}
    lines = panel.lines()
    assert lines[: len(panel.ghost_lines)] == [series for _, series in panel.ghost_lines]
    written = painted.texts(panel, 500, 240)
    assert {"1", "2"} <= set(written)  # at the ends of their lines
    assert "3" not in written
    first, second = (ghost_stroke(panel.look, ghost) for ghost in ghosts[:2])
    assert first.dash != second.dash
    assert panel.x_range.high < 25  # as long as the present run
    panel.show_epochs(EpochScale(), None, everything=True)
    assert panel.x_range.high > 50


@pytest.mark.parametrize("apart", [0.0, 1e-4, 0.02, -0.02, 5.0])
def test_both_weights_are_named_however_near_they_are(apart: float) -> None:
    near = Run(changed(PART_2, weights=pair(1.0, 1.0 + apart)))
    near.reach(3)
    panel = weights_of(near, 3, 17)
    panel.show_ghosts([Ghost(run_of(50, 0.01 * i), f"{i} · part-2") for i in range(1, 10)])
    for height in (90, 240):
        found = painted.words(panel, 380, height)
        assert {"Wx", "Wrec"} <= {word.text for word in found}
        assert painted.collisions(found) == []
        assert painted.outside(found, 380, height) == []


def test_the_legend_names_earlier_runs_where_there_is_room(run: Run) -> None:
    panel = shown(run, 20, 17)
    panel.show_ghosts([Ghost(run_of(50, 0.01), "1 · part-2")])
    assert "1 · part-2" in painted.texts(panel, 600, 240)


def test_an_earlier_run_that_diverged_does_not_squeeze_the_present_one(run: Run) -> None:
    panel = shown(run, 20, 17)
    alone = panel.y_range
    panel.show_ghosts([Ghost(diverged(), "1 · part-1")])
    assert panel.y_range == alone
    painted.sized(panel, 500, 240)


def test_lines_of_earlier_runs_are_thinned_once(run: Run) -> None:
    panel = shown(run, 8, 7)
    panel.show_ghosts([Ghost(run_of(3000, 0.01), "1 · part-2")])
    painted.sized(panel, 400, 240)
    before = panel.ghost_lines
    panel.show_frame(frame_at(run, Position(9, 7)))
    assert panel.ghost_lines is before
    panel.set_look(Look(DARK))
    assert panel.ghost_lines is not before
    assert panel.ghost_lines[0][1].stroke.colour == DARK.muted != LIGHT.muted


def test_the_end_of_a_diverged_run_is_marked(run: Run) -> None:
    end = diverged()
    sentence = f"not finite after epoch {end.last}"
    for logarithmic in (False, True):
        panel = HistoryPanel(logarithmic=logarithmic)
        panel.show_frame(frame_at(end, Position(end.last, 17)))
        found = painted.words(panel, 400, 240)
        assert sentence in [word.text for word in found]
        assert painted.outside(found, 400, 240) == []
        assert np.isfinite(panel.y_range).all()
    assert sentence not in painted.texts(shown(run, 20, 17), 400, 240)


def test_the_end_shows_nothing_of_a_cost_that_is_not_known() -> None:
    end = diverged()
    panel = shown(end, end.last, 3)
    before = painted.words(panel, 400, 240)
    assert len(panel.present.x) == 0
    end._table[0, end.last] = 1e9
    assert painted.words(shown(end, end.last, 3), 400, 240) == before


def test_the_log_axis_of_epochs_says_what_it_is(run: Run) -> None:
    panel = shown(run, 20, 17)

    def written() -> list[str]:
        return [text.strip() for text in painted.texts(panel, 400, 240)]

    assert "epoch" in written()
    panel.show_epochs(EpochScale(True), None)
    assert {EpochScale(True).label, "0", "1", "10"} <= set(written())
    assert "epoch" not in written()
    assert panel.past.x[0] == 0.0
    panel.show_epochs(EpochScale(False), None)
    assert "epoch" in written()
    assert panel.past.x.tolist() == list(range(21))


def test_a_part_of_the_epochs_has_its_own_range() -> None:
    run = run_of(5000)
    panel = shown(run, 5000, 17)
    painted.sized(panel, 400, 240)
    whole = panel.y_range
    panel.show_epochs(EpochScale(), Range(4900.0, 5000.0))
    assert panel.y_range.span < whole.span / 100
    assert panel.past.x.min() >= 4898
    assert panel.epoch_at(panel.place_of(4950)) == 4950

"""The cost history: up to now, now, and what was already run."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.frame import frame_at
from core.presets import PRESETS
from core.steps import Position
from core.training import Run
from rnn_gui.plots.history_panel import EMPTY, HistoryPanel
from rnn_gui.views.history_view import HistoryView
from tests.gui import painted

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def run() -> Run:
    run = Run(PRESETS["part-2"].experiment)
    run.reach(20)
    return run


def shown(run: Run, epoch: int, step: int) -> HistoryPanel:
    panel = HistoryPanel()
    panel.show_frame(frame_at(run, Position(epoch, step)))
    return panel


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
    panel = shown(Run(PRESETS["part-2"].experiment), 0, 7)
    assert len(panel.present.y) == 1
    assert "now 5.848" in painted.texts(panel, 600, 200)


def test_before_the_first_cost_it_says_when_there_will_be_one() -> None:
    panel = shown(Run(PRESETS["part-2"].experiment), 0, 6)
    assert EMPTY in painted.texts(panel, 600, 200)
    narrow = painted.words(panel, 340, 200)
    assert painted.outside(narrow, 340, 200) == []


def test_log_scale_leaves_out_a_cost_of_zero() -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.reach(3)
    run._table[2, 0] = 0.0  # a cost that no logarithm can show
    panel = HistoryPanel(logarithmic=True)
    panel.show_frame(frame_at(run, Position(3, 7)))
    _, drawn = panel.item_of(panel.past).getData()
    assert drawn[:2] == pytest.approx(np.log10(run.costs[:2]))
    assert np.isnan(drawn[2])
    assert np.isfinite(panel.y_range).all()
    assert painted.texts(panel, 400, 200)


def test_a_million_epochs_are_thinned() -> None:
    run = Run(PRESETS["part-2"].experiment)
    rows = np.exp(-np.linspace(0, 5, 1_000_000))
    run._append(np.column_stack([rows, rows, rows]).tolist())
    panel = shown(run, 900_000, 7)
    painted.sized(panel, 400, 240)
    past, later = (panel.item_of(part).getData() for part in (panel.past, panel.later))
    assert 100 < len(past[0]) + len(later[0]) < 5000
    assert past[1].max() == run.costs[:900_001].max()


def test_the_last_number_and_the_last_marker_are_whole() -> None:
    run = Run(PRESETS["part-2"].experiment)
    run.reach(15_000)
    panel = shown(run, 15_000, 17)
    for width in (340, 380, 400):
        found = painted.words(panel, width, 240)
        assert "15,000" in [word.text for word in found]
        assert painted.outside(found, width, 240) == []
        assert painted.collisions(found) == []
        assert panel.place(15_000, 0).x() + 5 <= panel.plot_rect.right() + panel.vb.overhang[2]


def test_the_check_box_switches_the_scale(qtbot: QtBot, run: Run) -> None:
    view = HistoryView()
    qtbot.addWidget(view)
    view.resize(360, 240)
    view.show()
    view.show_frame(frame_at(run, Position(8, 7)))
    view.log_scale.click()
    assert view.panel.logarithmic
    assert view.panel.y_range.high < 1
    view.log_scale.click()
    assert not view.panel.logarithmic

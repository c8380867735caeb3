"""The states: exactly the known points, the others' spread, the targets."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core.cell.steps import Position
from core.data.values import Array
from core.epoch.frame import frame_at
from rnn_gui.plots.ink import data_pen, solid_pen
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.series import Series
from rnn_gui.plots.states_panel import StatesPanel
from tests.gui import painted
from tests.tutorial import STATE_IN, STATE_OUT, epoch_length

pytestmark = pytest.mark.usefixtures("qapp")


def lines(panel: StatesPanel, sequence: int) -> tuple[Series, Series]:
    """State (In) and State (Out) of a sequence."""
    first, second = (s for s in panel.series if s.sequence == sequence)
    return first, second


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_exactly_the_known_points_are_drawn(step: int) -> None:
    frame, panel = painted.frame(step), StatesPanel()
    panel.show_frame(frame)
    for i in range(3):
        state_in, state_out = lines(panel, i)
        assert state_in.x.tolist() == list(frame.known(*STATE_IN))
        assert state_out.x.tolist() == [0, *frame.known(*STATE_OUT)]
        assert np.array_equal(state_in.y, frame.trace.table("S(In)")[: len(state_in.x), i])
        assert np.array_equal(state_out.y, frame.trace.history("S(Out)")[: len(state_out.x), i])


def test_the_range_hints_at_nothing_unknown() -> None:
    run = painted.overflowing()
    panel = StatesPanel()
    panel.show_frame(frame_at(run, Position(0, 0)))
    assert panel.y_range.span < 3
    panel.show_frame(frame_at(run, Position(0, 1)))
    assert panel.y_range.high > 1e200


def test_the_chosen_sequence_is_on_top_and_stronger() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(6, sequence=1))
    assert [s.sequence for s in panel.series] == [0, 0, 2, 2, 1, 1]
    assert lines(panel, 1)[1].stroke.width > lines(panel, 0)[1].stroke.width


def test_many_sequences_are_one_line_and_a_spread() -> None:
    frame, panel = painted.frame(40, 50, 30, sequence=7), StatesPanel()
    panel.show_frame(frame)
    assert {s.sequence for s in panel.series} == {7}
    spread = panel.spread.spread
    assert spread is not None
    others = np.delete(frame.trace.history("S(Out)")[:21], 7, axis=1)
    assert np.array_equal(spread.low, others.min(axis=1))
    assert np.array_equal(spread.high, others.max(axis=1))


def test_a_spread_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(40, 50, 30))
    asked: list[int] = []
    median = np.median

    def counted(values: Array) -> Array:
        asked.append(len(values))
        return np.asarray(median(values))

    monkeypatch.setattr(np, "median", counted)
    panel.show_frame(painted.frame(44, 50, 30))
    assert asked == [29, 29], "two more states are known"
    panel.show_frame(painted.frame(20, 50, 30))
    spread = panel.spread.spread
    assert spread is not None
    assert (len(asked), len(spread.x)) == (2, 11), "going back shows what is known, no more"
    panel.show_frame(painted.frame(20, 50, 30, sequence=3))
    assert len(asked) == 13, "without another one all is new"


def test_colour_is_never_the_only_sign() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(6, 3, 8))
    painted.sized(panel, 660, 200)
    outs = [lines(panel, i)[1].stroke for i in range(8)]
    assert len({(s.symbol, s.dash) for s in outs}) == 8
    state_in, state_out = (s.stroke for s in lines(panel, 0))
    assert state_out.filled
    assert not state_in.filled
    assert state_in.dash
    assert not state_out.dash


def test_without_activation_lies_beside_as_far_as_known() -> None:
    frame, panel = painted.frame(3, compare=True), StatesPanel()
    panel.show_frame(frame)
    thin = [s for s in panel.series if s.sequence < 0]
    assert len(thin) == 3
    assert frame.unactivated is not None
    assert np.array_equal(thin[0].y, frame.unactivated.trace.history("S(Out)")[:2, 1])
    assert "without activation" in painted.texts(panel)


def test_exploding_lines_without_activation_leave_the_plot() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(252, 50, 3))
    alone = panel.y_range
    run = painted.run_of(50, 3)
    wild = frame_at(run, Position(0, 252), compare=True)
    panel.show_frame(wild)
    assert panel.y_range.span < 5 * alone.span


def test_targets_and_whose_they_are_stand_in_the_margin() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(0))
    written = painted.texts(panel)
    assert {"y = 1  a", "y = 2  b", "y = 3  c"} <= set(written)


def test_a_place_near_a_line_means_its_sequence() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(6))
    painted.sized(panel, 660, 200)
    out = lines(panel, 1)[1]
    at = panel.place(3.0, float(out.y[-1])) + QPointF(0, 2)
    assert panel.sequence_at(at) == 1
    assert panel.sequence_at(panel.place(0.0, panel.y_range.high)) is None


@pytest.mark.filterwarnings("error")
def test_what_overflows_leaves_a_gap() -> None:
    panel = StatesPanel()
    panel.show_frame(frame_at(painted.overflowing(), Position(0, 27), compare=True))
    assert "1e200" in painted.texts(panel)


def test_the_range_fits_the_columns_in_view() -> None:
    panel = StatesPanel()
    panel.show_frame(painted.frame(252, 50, 3))
    whole = panel.y_range
    panel.show_columns(Range(4.5, 9.5))
    assert panel.y_range.span < whole.span / 2
    panel.show_columns(None)
    assert panel.y_range == whole


@pytest.mark.parametrize("width", [380, 660, 1400])
@pytest.mark.parametrize(("timestamps", "sequences"), [(1, 1), (3, 3), (3, 8), (50, 30)])
def test_no_word_covers_another_or_is_cut(width: int, timestamps: int, sequences: int) -> None:
    panel = StatesPanel(joined=(True, False))
    panel.show_frame(painted.frame(2 * timestamps, timestamps, sequences))
    for height in (130, 220, 500):
        found = painted.words(panel, width, height)
        assert painted.collisions(found) == []
        assert painted.outside(found, width, height) == []


def test_pens_are_as_wide_on_a_fine_screen() -> None:
    plain = solid_pen("#000000", 1.5, (6.0, 3.0))
    for ratio in (1.0, 2.0):
        made = data_pen(plain, ratio)
        assert made.isCosmetic()
        assert made.widthF() == 1.5 * ratio
        assert made.dashPattern() == plain.dashPattern()  # in widths of the pen

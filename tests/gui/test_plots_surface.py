"""The loss surface as it is painted: colours, lines, hatching, the thinned way, the legend."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.landscape.costs import Landscape
from core.landscape.surface import Surface, SurfaceWork, Window
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots.surface_hatch import hatching
from rnn_gui.plots.surface_layers import View
from rnn_gui.plots.surface_legend import gradient_entry
from rnn_gui.plots.surface_marks import AHEAD, DONE, Mark, Trail, around, arrow_length
from rnn_gui.plots.surface_panel import SurfacePanel
from rnn_gui.plots.surface_path import WayOfRun
from rnn_gui.plots.surface_picture import OVERFLOW, cost_picture
from rnn_gui.plots.surface_runs import EarlierRuns, OnSurface, on_surface
from rnn_gui.plots.surface_scale import COST, Scale, scale_of_costs
from rnn_gui.tutorial_cell import Point
from tests import tutorial
from tests.gui import painted
from tests.tutorial import changed, pair, step_number

pytestmark = pytest.mark.usefixtures("qapp")

WINDOW = Window(-1.0, 3.0, -2.0, 2.0)
VIEW = View(WINDOW, 400.0, 200.0)
SUMS = step_number(3, tutorial.SUMS)


def surface_of(preset: str = "part-2", window: Window = WINDOW) -> Surface:
    work = SurfaceWork(Landscape(PRESETS[preset].experiment), window)
    work.work(math.inf)
    assert work.surface is not None
    return work.surface


def run_of(epochs: int, **changes: Any) -> Run:
    run = Run(changed(PRESETS["part-2"].experiment, **changes), "part-2")
    run.reach(epochs)
    return run


def shown(frame: Frame, *ghosts: Ghost, view: View = VIEW) -> OnSurface:
    return on_surface(frame, view, EarlierRuns(ghosts, "now"), "#ff0000")


def kinds(found: OnSurface) -> list[str]:
    return [mark.kind for mark in found.marks]


def inside(window: Window, weights: Mapping[str, float]) -> bool:
    low, high = window[::2], window[1::2]
    return all(lo < w < hi for lo, w, hi in zip(low, weights.values(), high, strict=True))


def arrow_of(found: OnSurface) -> Mark:
    return next(mark for mark in found.marks if mark.kind == "arrow")


def moved(run: Run, *way: tuple[float, float]) -> Run:
    """A run that has gone on along a made-up way."""
    gone = [[1.0] * len(way), *zip(*way, strict=True)]
    run._table = np.hstack([run._table[:, : run.last + 1], gone])
    run._length = run._table.shape[1]
    return run


def wandering(epochs: int) -> Run:
    """A spiral, which gets slower and slower."""
    t = np.linspace(0.0, 12.0, epochs - 1)
    wx, wrec = 1 + np.exp(-t) * np.cos(9 * t), np.exp(-t) * np.sin(9 * t)
    return moved(run_of(0), *zip(wx.tolist(), wrec.tolist(), strict=True))


def fast(epochs: int, **changes: Any) -> Run:
    return run_of(epochs, learning_rates=pair(0.05, 0.05), **changes)


# -- colours ---------------------------------------------------------------------------------


def test_each_weight_has_the_colour_of_its_cost() -> None:
    surface = surface_of()
    picture = cost_picture(surface)
    rows = picture.image.height()
    for row, column in ((0, 0), (199, 0), (0, 199), (120, 77)):
        share = picture.scale.share(float(surface.cost[row, column]))
        expected = COST.colour(share)
        found = picture.image.pixelColor(column, rows - 1 - row)
        assert abs(found.red() - expected.red()) + abs(found.blue() - expected.blue()) <= 4
    low = np.unravel_index(surface.cost.argmin(), surface.cost.shape)
    assert picture.image.pixelColor(int(low[1]), rows - 1 - int(low[0])).lightnessF() < 0.4


def test_contour_lines_lie_where_the_cost_is_theirs() -> None:
    surface = surface_of()
    picture = cost_picture(surface)
    scale = picture.scale
    assert len(picture.contours) == len(scale.lines) >= 4
    landscape = Landscape(PRESETS["part-2"].experiment)
    for cost, (_, path) in zip(scale.lines, picture.contours, strict=True):
        point = path.elementAt(path.elementCount() // 2)
        cells = picture.window
        wx = cells.x_low + point.x * (cells.x_high - cells.x_low)
        wrec = cells.y_low + point.y * (cells.y_high - cells.y_low)
        assert landscape.at_points(np.array([wx]), np.array([wrec]))[0, 0] == pytest.approx(
            cost, rel=0.02
        )


def test_what_overflows_is_an_area_of_its_own() -> None:
    surface = surface_of("exploding", Window(-1e30, 1e30, -1e30, 1e30))
    picture = cost_picture(surface)
    ((flat, mask),) = picture.areas
    assert flat is OVERFLOW
    assert np.array_equal(mask, ~np.isfinite(surface.cost))
    row, column = np.argwhere(mask)[0]
    assert picture.image.pixelColor(int(column), 199 - int(row)).name() == OVERFLOW.colour


@pytest.mark.parametrize("zero", [True, False])
def test_the_floor_is_named_where_the_cost_reaches_0(zero: bool) -> None:
    costs = np.logspace(-3, 2, 50)
    if zero:
        costs[3] = 0.0
    surface = replace(surface_of(), cost=costs.reshape(5, 10))
    scale = scale_of_costs(surface.cost, surface.scale)
    lowest = scale.text(scale.marks(5)[0])
    assert lowest.startswith("≤") == zero
    assert scale.share(0.0) == 0.0


@pytest.mark.parametrize("count", [2, 3, 5, 8, 20])
def test_the_marks_of_a_scale_are_round_and_few(count: int) -> None:
    for low, high in ((0.05, 10.0), (1e-12, 1e-11), (1e-3, 1e17), (1.0, 2000.0)):
        marks = Scale(COST, low, high, below=True, above=True).marks(count)
        assert marks[0] == low
        assert marks[-1] == high
        assert len(marks) <= count + 2
        assert marks == sorted(set(marks))


def test_a_surface_without_any_number_is_all_overflow() -> None:
    surface = replace(surface_of(), cost=np.full((200, 200), np.nan))
    picture = cost_picture(surface)
    assert picture.areas[0][1].all()
    assert picture.contours == ()


# -- hatching --------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", [1, -1])
def test_hatching_covers_what_is_marked_and_nothing_else(direction: int) -> None:
    mask = np.zeros((4, 4), dtype=np.bool_)
    mask[0, 3] = True  # at the bottom right
    target = QRectF(10, 20, 200, 100)
    lines = hatching(mask, target, target, direction)
    assert len(lines) > 5
    cell = QRectF(160, 95, 50, 25).adjusted(-2, -2, 2, 2)
    for left, top, right, bottom in lines.tolist():
        assert cell.contains(QPointF(left, top))
        assert cell.contains(QPointF(right, bottom))
        assert (right - left) * (bottom - top) * direction <= 1e-9
    assert not len(hatching(~mask & False, target, target, direction))


# -- the way ---------------------------------------------------------------------------------


def test_a_short_way_has_all_its_points() -> None:
    run = run_of(40)
    way = WayOfRun(run).seen(run, WINDOW, 0.01)
    assert way.epochs.tolist() == list(range(41))
    assert np.array_equal(way.points[:, 0], run.column(0))
    assert len(way.up_to(10)) == 10
    assert len(way.after(10)) == 30


@pytest.mark.parametrize("span", [4.0, 0.1, 1e-4])
def test_a_long_way_is_drawn_to_the_pixel_by_few_points(span: float) -> None:
    run = wandering(1_000_000)
    window = Window(1 - span / 2, 1 + span / 2, -span / 2, span / 2)
    pixel = span / 400
    way = WayOfRun(run).seen(run, window, pixel)
    assert len(way.epochs) < 8000
    assert way.epochs[0] == 0
    assert way.epochs[-1] == run.last
    inside = (np.abs(run.column(0) - 1) < span / 2) & (np.abs(run.column(1)) < span / 2)
    epochs = np.flatnonzero(inside)[::997]
    along = [np.interp(epochs, way.epochs, way.points[:, i]) for i in (0, 1)]
    # Between two points the way is drawn straight; where it lies on it, time does not tell.
    place = np.searchsorted(way.epochs, epochs)
    before, behind = way.points[place - 1], way.points[np.minimum(place, len(way.epochs) - 1)]
    reach = np.hypot(*(behind - before).T)
    gaps = np.hypot(along[0] - run.column(0)[epochs], along[1] - run.column(1)[epochs])
    assert (gaps <= np.maximum(reach, pixel)).all()
    assert np.quantile(reach, 0.99) <= 3 * pixel


def test_a_way_that_grows_is_that_of_a_new_look() -> None:
    grown, run = wandering(5000), run_of(0)
    way = WayOfRun(run)
    for end in (100, 2000, 2001, 4999):
        part = slice(run.last + 1, end + 1)
        moved(run, *zip(*(grown.column(i)[part].tolist() for i in (0, 1)), strict=True))
        seen = way.seen(run, WINDOW, 0.01)
        assert np.array_equal(seen.epochs, WayOfRun(run).seen(run, WINDOW, 0.01).epochs)
    assert way.seen(run, WINDOW, 0.01) is way.seen(run, WINDOW, 0.01)


def test_a_way_that_stays_or_runs_away_is_drawn_too() -> None:
    run = moved(run_of(0), *[Point.of(run_of(0).weights(0))] * 5000)
    assert len(WayOfRun(run).seen(run, WINDOW, 0.01).epochs) == 2
    moved(run, *((2.0**n, -(2.0**n)) for n in range(1000)))
    assert 10 < len(WayOfRun(run).seen(run, WINDOW, 0.01).epochs) < 6000


# -- what is known ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(19))
def test_the_arrow_appears_with_the_gradient(step: int) -> None:
    found = shown(frame_at(run_of(5), Position(3, step)))
    assert ("arrow" in kinds(found)) == (step >= SUMS)


def test_the_arrow_points_where_gradient_descent_goes() -> None:
    frame = frame_at(run_of(5), Position(3, SUMS))
    assert frame.gradient is not None
    arrow, gradient = arrow_of(shown(frame)), Point.of(frame.gradient)
    across, down = arrow.tip.x() - arrow.at.x(), arrow.tip.y() - arrow.at.y()
    wide, high = VIEW.pixel
    cosine = (-gradient.wx * across * wide + gradient.wrec * down * high) / (
        math.hypot(*gradient) * math.hypot(across * wide, down * high)
    )
    assert cosine == pytest.approx(1.0)
    assert 20 <= math.hypot(across, down) <= 64


def test_the_arrow_gets_shorter_with_the_gradient_until_there_is_none() -> None:
    lengths = [arrow_length(10.0**power) for power in range(-9, 9)]
    assert lengths == sorted(lengths)
    assert lengths[:5] == [0.0] * 5  # as small as 1e-5
    assert lengths[5] < 15 < 35 < arrow_length(1.0) < 45
    assert max(lengths) == 64
    assert arrow_length(0.0) == arrow_length(math.inf) == arrow_length(math.nan) == 0.0
    assert gradient_entry(Point(1e-9, 0.0)).text == "gradient almost 0"
    assert gradient_entry(Point(1e-2, 0.0)).text == "−gradient"


def test_the_way_ahead_is_another_line_that_starts_at_the_present_point() -> None:
    run = fast(5)
    ahead, done = shown(frame_at(run, Position(3, 4))).trails
    assert (ahead.line, done.line) == (AHEAD, DONE)
    assert len(done.dots) == 4
    assert len(ahead.dots) == 3
    here = VIEW.pixels(np.array([Point.of(run.weights(3))]))
    assert np.array_equal(done.points[-1:], here)
    assert np.array_equal(ahead.points[:1], here)
    (last,) = shown(frame_at(run, Position(4, 18))).trails
    assert last.line is DONE
    assert len(last.dots) == 6  # the update's new weights with it


def test_weights_beyond_the_window_have_a_sign_at_its_edge() -> None:
    frame = frame_at(run_of(5), Position(0, 0))
    view = View(Window(2.0, 3.0, -2.0, 2.0), 400.0, 200.0)
    assert kinds(shown(frame, view=view)) == ["beyond"]
    (mark,) = shown(frame, view=view).marks
    assert view.rect.contains(mark.at)
    assert mark.tip.x() < mark.at.x()


def test_only_ghosts_that_are_shown_lie_on_the_surface() -> None:
    first, second = fast(40, weights=pair(2.0, -1.0)), fast(40, weights=pair(0.0, 1.0))
    frame = frame_at(fast(5), Position(3, 4))
    ghosts = (Ghost(first, "1 · start"), Ghost(second, "2 · start", shown=False))
    found = shown(frame, *ghosts)
    assert [name for name, _ in found.names] == ["now", "1 · start"]
    assert kinds(found) == ["end", "start", "now"]
    assert len({trail.line for trail in found.trails}) == 3
    assert shown(frame, Ghost(frame.run, "itself")).names == []


@pytest.mark.parametrize(
    "changes",
    [
        {"initial_state": 0.5},
        {"hidden_activation": "tanh"},
        {"targets_count_ones": False, "targets": [1.0, 2.0, 0.0]},
    ],
)
def test_ghosts_of_another_surface_do_not_lie_on_this_one(changes: dict[str, Any]) -> None:
    ghost = Ghost(fast(40, weights=pair(2.0, -1.0), **changes), "1")
    found = shown(frame_at(fast(5), Position(3, 4)), ghost)
    assert found.names == []
    assert "end" not in kinds(found)
    panel = SurfacePanel()
    panel.show_ghosts((ghost,), "2")
    for run, beside in ((fast(5), False), (fast(5, **changes), True)):
        frame = frame_at(run, Position(3, 4))
        panel.show_frame(frame)
        assert ("earlier runs" in [entry.text for entry in panel.legend_entries(frame)]) == beside


def test_few_names_stand_beside_the_runs_and_none_over_a_point() -> None:
    ghosts = [Ghost(fast(400, weights=pair(2.0 - n / 8, -1.0)), str(n)) for n in range(8)]
    frame = frame_at(fast(400), Position(390, 17))
    assert [name for name, _ in shown(frame, *ghosts).names] == ["now", "7", "6", "5"]
    panel = SurfacePanel()
    panel.show_ghosts(tuple(ghosts), "the present run")
    panel.show_frame(frame)
    picture = cost_picture(surface_of(window=panel.window))
    panel.show_picture(picture)
    plates = painted.words(panel, 500, 400)
    assert picture.lowest is not None
    names = [word for word in plates if word.text in ("the present run", "7", "6", "5")]
    assert names
    for point in (picture.lowest, Point.of(frame.weights)):
        assert not [w.text for w in names if w.rect.contains(panel.place(*point))]


def test_the_lowest_cost_is_where_the_core_finds_it() -> None:
    surface = surface_of()
    row, column = divmod(int(surface.cost.argmin()), surface.resolution)
    lowest = cost_picture(surface).lowest
    assert lowest == (surface.x[column], surface.y[row])
    nowhere = replace(surface, cost=np.full((200, 200), np.nan))
    assert cost_picture(nowhere).lowest is None


def test_ghosts_are_worked_out_once() -> None:
    earlier = EarlierRuns((Ghost(run_of(40, weights=pair(2.0, -1.0)), "1"),), "now")
    run = run_of(5)
    assert earlier.on_surface(run, VIEW) is earlier.on_surface(run, VIEW)


def test_dashes_leave_gaps() -> None:
    points = np.array([[0.0, 0.0], [60.0, 0.0]])
    lines = Trail(points, AHEAD)._lines
    assert len(lines) == 10
    assert sum(line.length() for line in lines) == pytest.approx(30.0)


# -- the panel -------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(370, 190), (370, 350), (790, 640)])
@pytest.mark.parametrize("preset", ["part-1", "part-2", "exploding"])
def test_nothing_written_is_cut_off_or_covered(preset: str, width: int, height: int) -> None:
    run = Run(PRESETS[preset].experiment, preset)
    run.reach(2)
    panel = SurfacePanel()
    panel.show_frame(frame_at(run, Position(0, 5 * run.experiment.timestamps + 2)))
    panel.show_picture(cost_picture(surface_of(preset, panel.window)))
    panel._bar.setCacheMode(panel._bar.CacheMode.NoCache)  # letters, not their picture
    found = painted.words(panel, width, height)
    written = {word.text.strip() for word in found}
    assert {"now", "start", "−gradient", "Wx", "Wrec", "cost"} <= written
    assert painted.collisions(found) == []
    assert painted.outside(found, width, height) == []


def test_the_plot_keeps_its_size_while_signs_come_and_go() -> None:
    panel, run = SurfacePanel(), run_of(5)
    sizes = set()
    for epoch, step in ((0, 0), (0, 17), (3, 0), (3, 17), (4, 18)):
        panel.show_frame(frame_at(run, Position(epoch, step)))
        painted.sized(panel, 370, 240)
        sizes.add(panel.plot_rect.height())
    assert len(sizes) == 1


def test_the_window_follows_a_run_that_leaves_it_and_no_other() -> None:
    panel, run = SurfacePanel(), run_of(0)
    panel.show_frame(frame_at(run, Position(0, 0)))
    first = panel.window
    run.reach(3000)
    panel.show_frame(frame_at(run, Position(2, 0)))
    assert panel.window != first
    assert panel.window.y_high > run.column(1).max()
    second = panel.window
    inside = run_of(0, weights=pair(1.0, 1.0))
    panel.show_frame(frame_at(inside, Position(0, 0)))
    assert panel.window == second
    panel.set_window(WINDOW)
    panel.show_frame(frame_at(run, Position(2, 0)))
    assert panel.window == WINDOW
    panel.set_window(None)
    assert panel.window == second


def test_other_data_has_its_own_window_however_large_the_one_before() -> None:
    panel, run = SurfacePanel(), run_of(0)
    panel.show_frame(frame_at(run, Position(0, 0)))
    moved(run, (8.0, 8.0), (16.0, 16.0))
    panel.show_frame(frame_at(run, Position(0, 0)))
    large = panel.window
    assert large.x_high > 16
    panel.show_ghosts((Ghost(run, "1"),), "2")
    for other in (run_of(0), Run(PRESETS["vanishing"].experiment)):
        panel.show_frame(frame_at(run, Position(0, 0)))
        panel.show_frame(frame_at(other, Position(0, 0)))
        assert panel.window.x_high - panel.window.x_low < 5
        assert inside(panel.window, other.weights(0))


def test_other_data_takes_back_a_window_that_somebody_set() -> None:
    panel = SurfacePanel()
    panel.show_frame(frame_at(run_of(0), Position(0, 0)))
    panel.set_window(Window(-30.0, 30.0, -30.0, 30.0))
    panel.show_frame(frame_at(run_of(0, hidden_activation="tanh"), Position(0, 0)))
    assert panel.window.x_high == 30.0  # to compare two activations in one window
    panel.show_frame(frame_at(Run(PRESETS["vanishing"].experiment), Position(0, 0)))
    assert panel.window.x_high < 5


def test_a_start_chosen_on_a_large_picture_leaves_it_in_place() -> None:
    panel, run = SurfacePanel(), moved(run_of(0), (8.0, 8.0), (16.0, 16.0))
    panel.show_frame(frame_at(run, Position(0, 0)))
    large = panel.window
    panel.expect(Point(3.0, 3.0))
    panel.show_frame(frame_at(run_of(0, weights=pair(3.0, 3.0)), Position(0, 0)))
    assert panel.window == large
    panel.show_frame(frame_at(run_of(0, weights=pair(3.0, 2.5)), Position(0, 0)))
    assert panel.window != large


@pytest.mark.parametrize("wrec", [-1.9, 0.0, 1.9])
@pytest.mark.parametrize(("width", "height"), [(380, 190), (380, 520)])
def test_a_sentence_instead_of_a_picture_lies_over_nothing(
    wrec: float, width: int, height: int
) -> None:
    run = fast(40, weights=pair(1.0, wrec))
    panel = SurfacePanel()
    panel.show_ghosts((Ghost(fast(40, weights=pair(2.0, -1.0)), "1 · start"),), "2")
    panel.set_window(WINDOW)
    panel.show_frame(frame_at(run, Position(0, 17)))
    panel.show_picture(None, otherwise="Compute trains a run from each of 60 × 60 starts")
    painted.sized(panel, width, height)
    told = panel._message.mapRectToParent(panel._message.boundingRect())
    assert panel.plot_rect.adjusted(-1, -1, 1, 1).contains(told)
    assert not told.intersects(around(panel.present_place))
    assert (panel._trails._trails, panel._trails._names) == ([], [])
    assert [mark.kind for mark in panel._trails._marks] == ["now"]


@pytest.mark.filterwarnings("error")
def test_weights_without_measure_have_a_window() -> None:
    for weights in (pair(1e200, 1e200), pair(-1e12, 1e-12), pair(0.0, 0.0)):
        panel = SurfacePanel(standalone=True)
        panel.show_frame(frame_at(run_of(0, weights=weights), Position(0, 17)))
        assert inside(panel.window, weights)
        assert painted.texts(panel, 370, 240)


def test_weights_at_a_pixel_are_short_numbers() -> None:
    panel = SurfacePanel()
    panel.show_frame(frame_at(run_of(0), Position(0, 0)))
    painted.sized(panel, 370, 240)
    at = panel.place(0.5, -1.0)
    found = panel.weights_at(at)
    assert found == pytest.approx((0.5, -1.0), abs=max(panel.pixel))
    assert all(len(repr(abs(weight))) <= 6 for weight in found)

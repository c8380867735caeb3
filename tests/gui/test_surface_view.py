"""The loss surface as a person plays in it: pointer, wheel, keyboard; and what is computed when."""

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.random_data import random_sequences
from core.data.values import Values
from core.epoch.frame import Frame, frame_at
from core.landscape import basin
from core.landscape.basin import BasinMap
from core.landscape.surface import SurfaceWork, Window
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots import surface_tasks
from rnn_gui.plots.surface_panel import SurfacePanel
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.views.surface_view import SurfaceView
from tests.tutorial import changed, pair

EXPERIMENT = PRESETS["part-2"].experiment
LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Player:
    """The view with a session of the simplest kind: weights that are asked for are set."""

    def __init__(self, view: SurfaceView) -> None:
        self.view = view
        self.frame = frame_at(Run(EXPERIMENT, "part-2"), Position(0, 17))
        self.asked: list[tuple[float, float]] = []
        view.weights_requested.connect(self._set)
        self.show(self.frame)
        self.wait()

    @property
    def panel(self) -> SurfacePanel:
        return self.view.panel

    @property
    def window(self) -> Window:
        return self.panel.window

    def show(self, frame: Frame) -> None:
        self.frame = frame
        self.view.show_frame(frame)

    def edit(self, **changes: Any) -> None:
        experiment = changed(self.frame.experiment, **changes)
        self.show(frame_at(Run(experiment), Position(0, 17)))

    def wait(self) -> None:
        """Until the surface is there."""
        until = time.monotonic() + 30
        while self.view.tasks.waiting and time.monotonic() < until:
            QApplication.processEvents()
        assert not self.view.tasks.waiting
        QApplication.processEvents()

    def at(self, wx: float, wrec: float) -> QPoint:
        return self.panel.place(wx, wrec).toPoint()

    def press(
        self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.view.plot.setFocus()
        QTest.keyClick(self.view.plot, key, keys)
        QApplication.processEvents()

    def click(self, at: QPoint) -> None:
        QTest.mouseClick(self.view.plot.viewport(), LEFT, pos=at)
        QApplication.processEvents()

    def drag(self, *way: QPoint) -> None:
        target = self.view.plot.viewport()
        QTest.mousePress(target, LEFT, pos=way[0])
        for at in way[1:]:
            QTest.mouseMove(target, at)
            QApplication.processEvents()
        QTest.mouseRelease(target, LEFT, pos=way[-1])
        QApplication.processEvents()

    def hover(self, at: QPoint) -> None:
        QTest.mouseMove(self.view.plot.viewport(), at)
        QApplication.processEvents()

    def turn(self, at: QPoint, delta: int) -> None:
        viewport, where = self.view.plot.viewport(), QPointF(at)
        event = QWheelEvent(
            where,
            QPointF(viewport.mapToGlobal(at)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    def compute(self, goal: float = 0.2, limit: int = 300) -> None:
        bar = self.view.basin_bar
        self.view.layers["basins"].click()
        for field, text in ((bar.goal, str(goal)), (bar.limit, str(limit))):
            field.setFocus()
            field.selectAll()
            QTest.keyClicks(field, text)
            QTest.keyClick(field, Qt.Key.Key_Return)
        bar.button.click()

    def _set(self, wx: float, wrec: float) -> None:
        self.asked.append((wx, wrec))
        self.edit(weights=pair(wx, wrec))


@pytest.fixture
def player(qtbot: QtBot) -> Player:
    view = SurfaceView()
    qtbot.addWidget(view)
    view.resize(380, 300)
    view.set_look(Look(LIGHT))
    view.show()
    QApplication.processEvents()
    return Player(view)


# -- the present point -----------------------------------------------------------------------


def test_a_click_sets_the_weights(player: Player) -> None:
    player.click(player.at(1.5, -0.5))
    ((wx, wrec),) = player.asked
    assert (wx, wrec) == pytest.approx((1.5, -0.5), abs=2 * max(player.panel.pixel))
    assert player.panel.present_place.toPoint() == player.at(wx, wrec)


def test_the_present_point_is_dragged_and_asks_all_the_way(player: Player) -> None:
    start = player.at(*EXPERIMENT.weights.values())
    window = player.window
    player.drag(start, start + QPoint(20, -4), start + QPoint(40, -8), start + QPoint(60, -12))
    assert len(player.asked) >= 3
    across = [wx for wx, _ in player.asked]
    assert across == sorted(across)
    wide, high = player.panel.pixel
    moved = np.subtract(player.asked[-1], [*EXPERIMENT.weights.values()])
    assert moved == pytest.approx((60 * wide, 12 * high), abs=1.5 * max(wide, high))
    assert player.window == window


def test_a_point_that_is_pressed_and_not_moved_stays(player: Player) -> None:
    player.click(player.at(*EXPERIMENT.weights.values()))
    assert player.asked == []


def test_many_movements_in_one_turn_are_one_request(player: Player) -> None:
    target, start = player.view.plot.viewport(), player.at(*EXPERIMENT.weights.values())
    QTest.mousePress(target, LEFT, pos=start)
    plot = player.view.plot
    for x in range(10, 60):
        plot._want(QPointF(start + QPoint(x, 0)))
    QApplication.processEvents()
    assert len(player.asked) == 1
    QTest.mouseRelease(target, LEFT, pos=start + QPoint(60, 0))


@pytest.mark.parametrize(
    ("key", "direction"),
    [
        (Qt.Key.Key_Left, (-1, 0)),
        (Qt.Key.Key_Right, (1, 0)),
        (Qt.Key.Key_Up, (0, 1)),
        (Qt.Key.Key_Down, (0, -1)),
    ],
)
def test_arrows_move_the_weights_and_shift_moves_them_further(
    player: Player, key: Qt.Key, direction: tuple[int, int]
) -> None:
    before = [*EXPERIMENT.weights.values()]
    player.press(key)
    small = np.subtract(player.asked[-1], before)
    player.press(key, SHIFT)
    large = np.subtract(player.asked[-1], before) - small
    assert np.sign(small).tolist() == list(direction)
    assert np.abs(large).max() > 3 * np.abs(small).max()


def test_steps_back_lead_back(player: Player) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        player.press(key)
    assert player.asked[-1] == pytest.approx([*EXPERIMENT.weights.values()], rel=1e-15)


# -- the window ------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_pointer(player: Player) -> None:
    before, at = player.window, player.at(1.0, 0.0)
    under = player.panel.weights_at(QPointF(at))
    player.turn(at, 120)
    assert player.window.x_high - player.window.x_low == pytest.approx(
        (before.x_high - before.x_low) / 1.25
    )
    assert player.panel.weights_at(QPointF(at)) == pytest.approx(under, abs=0.02)
    player.turn(at, -120)
    assert tuple(player.window) == pytest.approx(tuple(before))


@pytest.mark.parametrize("done", [False, True])  # with the picture of the window before, or its own
def test_after_the_wheel_the_screen_is_that_of_a_new_view(
    player: Player, qtbot: QtBot, done: bool
) -> None:
    view, picture = player.view, player.panel.picture
    first = view.plot.viewport().grab().toImage()
    player.turn(player.at(1.0, 0.0), 360)
    if done:
        player.wait()
    else:
        view.tasks.set_awake(False)
    fresh = SurfaceView()
    qtbot.addWidget(fresh)
    fresh.resize(view.size())
    fresh.set_look(Look(LIGHT))
    fresh.tasks.set_awake = lambda _awake: None  # type: ignore[method-assign, assignment]
    fresh.panel.set_window(player.window)
    fresh.show()
    fresh.show_frame(player.frame)
    fresh.panel.show_picture(player.panel.picture)
    QApplication.processEvents()
    seen, expected = (part.plot.viewport().grab().toImage() for part in (view, fresh))
    assert (player.panel.picture is picture) != done
    assert seen != first
    assert seen == expected


def test_a_window_is_not_zoomed_out_of_measure(player: Player) -> None:
    at = player.at(1.0, 0.0)
    for delta in (120, -120):
        for _ in range(200):
            player.turn(at, delta)
        assert 1e-7 < player.window.x_high - player.window.x_low < 1e5


def test_the_surface_is_dragged_without_setting_weights(player: Player) -> None:
    before, start = player.window, player.at(1.5, -2.0)
    wide, high = player.panel.pixel
    player.drag(start, start + QPoint(10, 5), start + QPoint(40, 20))
    assert player.asked == []
    assert player.window.x_low == pytest.approx(before.x_low - 40 * wide)
    assert player.window.y_low == pytest.approx(before.y_low + 20 * high)


def test_keys_move_zoom_and_fit_the_window(player: Player) -> None:
    first = player.window
    player.press(Qt.Key.Key_Right, CONTROL)
    assert player.window.x_low > first.x_low
    player.press(Qt.Key.Key_Left, CONTROL)
    assert tuple(player.window) == pytest.approx(tuple(first))
    player.press(Qt.Key.Key_Plus)
    assert player.window.x_low > first.x_low
    player.press(Qt.Key.Key_Minus)
    assert tuple(player.window) == pytest.approx(tuple(first))
    player.press(Qt.Key.Key_Up, CONTROL)
    player.press(Qt.Key.Key_Home)
    assert player.window == first
    player.press(Qt.Key.Key_Up, CONTROL)
    player.view.fit.click()
    assert player.window == first
    assert player.asked == []


def test_escape_leaves(player: Player, qtbot: QtBot) -> None:
    with qtbot.waitSignal(player.view.leave_requested):
        player.press(Qt.Key.Key_Escape)


def test_a_click_gives_the_plot_the_keyboard(player: Player) -> None:
    player.view.fit.setFocus()
    player.click(player.at(1.5, -0.5))
    assert player.view.plot.hasFocus()


def test_the_menu_is_that_of_the_figure(player: Player, qtbot: QtBot) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(50, 90), QPoint(50, 90))
    with qtbot.waitSignal(player.view.menu_requested) as told:
        QApplication.sendEvent(player.view, event)
    assert told.args is not None
    assert told.args[0] == "surface"


# -- hovering --------------------------------------------------------------------------------


def test_hovering_tells_cost_and_gradient_of_the_core(player: Player) -> None:
    at = player.at(1.3, -0.7)
    player.hover(at)
    weights = player.panel.weights_at(QPointF(at))
    trace = Trace(EXPERIMENT, Values(pair(*weights)))
    assert f"({weights.wx:g}, −{-weights.wrec:g}): cost" in player.view.told.text()
    assert f"cost {trace.cost:.3f}, gradient" in player.view.told.text()
    _, _, cost, d_wx, d_wrec = (
        float(line.split(" = ")[1]) for line in player.view.told.toolTip().splitlines()
    )
    assert (cost, d_wx, d_wrec) == pytest.approx((trace.cost, *trace.gradient.values()), rel=1e-12)
    player.hover(QPoint(3, 3))
    assert "cost" not in player.view.told.text()


def test_nothing_is_told_of_weights_nobody_points_at(player: Player) -> None:
    assert player.view.told.text().startswith("Click or drag")


# -- what is computed ------------------------------------------------------------------------


@pytest.fixture
def surfaces(monkeypatch: pytest.MonkeyPatch) -> list[Window]:
    """The windows of all surfaces that are begun."""
    begun: list[Window] = []

    class Counted(SurfaceWork):
        def __init__(self, landscape: object, window: Window) -> None:
            begun.append(window)
            super().__init__(landscape, window)  # type: ignore[arg-type]

    monkeypatch.setattr(surface_tasks, "SurfaceWork", Counted)
    return begun


def test_the_surface_is_computed_once_per_edit_of_the_data(
    surfaces: list[Window], player: Player
) -> None:
    assert len(surfaces) == 1
    player.frame.run.reach(9)
    for epoch in range(9):
        player.show(frame_at(player.frame.run, Position(epoch, 2 * epoch)))
    player.edit(learning_rates=pair(0.5, 0.5))
    player.edit(weights=pair(1.0, 0.5))
    player.wait()
    assert len(surfaces) == 1
    before = player.panel.picture
    player.edit(initial_state=0.5)
    player.wait()
    player.edit(hidden_activation="tanh")
    player.wait()
    assert len(surfaces) == 3
    assert player.panel.picture is not before


def test_the_old_surface_is_pale_until_the_new_one_is_there(player: Player) -> None:
    player.edit(initial_state=0.5)
    assert player.panel._shown[1]
    player.wait()
    assert not player.panel._shown[1]


def test_nothing_is_computed_in_a_hidden_tab(surfaces: list[Window], qtbot: QtBot) -> None:
    view = SurfaceView()
    qtbot.addWidget(view)
    view.show_frame(frame_at(Run(EXPERIMENT), Position(0, 4)))
    QTest.qWait(30)
    assert surfaces == []
    assert view.panel.frame is None
    view.show()
    qtbot.waitUntil(lambda: view.panel.picture is not None)
    view.hide()
    view.show_frame(frame_at(Run(changed(EXPERIMENT, initial_state=0.5)), Position(0, 4)))
    QTest.qWait(30)
    assert len(surfaces) == 1
    view.show()
    qtbot.waitUntil(lambda: len(surfaces) == 2)


def test_another_window_stretches_the_picture_until_its_own_is_there(player: Player) -> None:
    before = player.panel.picture
    player.turn(player.at(1.0, 0.0), 120)
    assert player.panel.picture is before
    player.wait()
    after = player.panel.picture
    assert after is not None
    assert after.window.x_low == pytest.approx(player.window.x_low, abs=0.02)


def large(sequences: int, timestamps: int, seed: int = 1) -> Experiment:
    inputs = random_sequences(sequences, timestamps, 0.5, seed)
    return changed(EXPERIMENT.with_data(inputs), weights=pair(0.5, 0.5))


def test_large_data_comes_coarse_first_and_keeps_the_window_awake(player: Player) -> None:
    seen: list[int] = []
    player.view.tasks.surface_refined.connect(lambda surface: seen.append(surface.resolution))
    player.show(frame_at(Run(large(20_000, 12)), Position(0, 0)))
    assert player.view.tasks._landscape is None  # it is being made aside
    player.wait()
    assert seen == sorted(seen)
    assert len(seen) > 2


def test_data_edited_while_its_landscape_is_made(player: Player) -> None:
    player.show(frame_at(Run(large(20_000, 12)), Position(0, 0)))
    player.view.tasks._slice()
    player.edit(initial_state=3.0)
    player.wait()
    landscape = player.view.tasks._landscape
    assert landscape is not None
    assert landscape.experiment.same_costs(player.frame.experiment)


def test_a_slice_has_a_fair_share_beside_what_keeps_the_window_busy() -> None:
    assert surface_tasks._fair(1e-4) == 0.006
    assert surface_tasks._fair(0.016) == 0.004  # T = 3 goes on at 50 frames per second and more
    assert surface_tasks._fair(0.1) == 0.025
    assert surface_tasks._fair(5.0) == 0.1


def test_a_surface_of_large_data_gets_done_while_something_else_is_always_due(
    player: Player,
) -> None:
    busy = QTimer(player.view, interval=0)
    busy.timeout.connect(lambda: time.sleep(0.03))
    busy.start()
    slices: list[bool] = []
    player.view.tasks.worked.connect(lambda: slices.append(True))
    player.show(frame_at(Run(large(3, 1000)), Position(0, 0)))
    assert player.panel._shown[1]  # what is of other data is pale
    assert player.view.told.text() == "Computing the surface; the pale one is of before the edit."
    QTest.qWait(1000)
    assert len(slices) > 10
    assert player.view.tasks.surface is not None
    resolution = player.view.tasks.surface.resolution
    assert not player.panel._shown[1]
    if player.view.tasks.waiting:
        text = player.view.told.text()
        assert text == f"The cost at {resolution} × {resolution} weights; 200 × 200 to come."


@pytest.mark.parametrize("sequences", [4, 20_000])  # made at once, and beside the window
def test_a_surface_that_needs_too_much_memory_says_so_and_gives_up(
    player: Player, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, sequences: int
) -> None:
    def refuse(_experiment: Experiment) -> None:
        raise MemoryError

    before = player.frame
    with monkeypatch.context() as patched:
        patched.setattr(surface_tasks, "Landscape", refuse)
        player.show(frame_at(Run(large(sequences, 12)), Position(0, 0)))
        qtbot.waitUntil(lambda: not player.view.tasks.waiting)
        assert player.panel.picture is None
        sentence = "Too little memory for this surface: fewer sequences need less."
        assert player.panel._shown[2] == sentence
        assert not player.view.tasks._timer.isActive()
        with qtbot.waitSignal(player.view.problem_reported) as told:
            player.compute()
        assert told.args == [sentence]
    player.view.layers["cost"].click()
    player.show(before)
    player.wait()
    assert player.panel.picture is not None
    assert player.panel._shown[2] == ""


# -- the basin map ---------------------------------------------------------------------------


def test_the_basin_map_is_that_of_the_core(player: Player, qtbot: QtBot) -> None:
    player.compute(goal=3.0, limit=40)
    tasks = player.view.tasks
    qtbot.waitUntil(lambda: not tasks.basins_working, timeout=20_000)
    made = BasinMap(EXPERIMENT, *player.window.axes(60, 60), 3.0, 40)
    while made.work(1.0):
        pass
    assert tasks.basins is not None
    assert np.array_equal(tasks.basins.epochs, made.epochs)
    picture = player.panel.picture
    assert picture is not None
    assert picture.name == "epochs"
    assert {flat.text for flat, _ in picture.areas} == {"not there in time"}
    assert "of the starts get to cost 3" in player.view.told.text()
    row, column = 30, 30
    player.hover(player.at(float(made.x[column]), float(made.y[row])))
    epochs = made.epochs[row, column]
    words = f"{epochs} epoch" if epochs >= 0 else "not there after 40 epochs"
    assert words in player.view.told.text()


def test_starts_that_diverge_are_marked(player: Player, qtbot: QtBot) -> None:
    player.show(frame_at(Run(PRESETS["part-1"].experiment), Position(0, 0)))
    player.edit(learning_rates=pair(0.5, 0.5))
    player.compute(goal=1e-9, limit=50)
    qtbot.waitUntil(lambda: not player.view.tasks.basins_working, timeout=20_000)
    picture, basins = player.panel.picture, player.view.tasks.basins
    assert picture is not None
    assert basins is not None
    masks = {flat.text: mask for flat, mask in picture.areas}
    assert np.array_equal(masks["diverges"], basins.epochs == basin.DIVERGED)
    assert masks["diverges"].any()


def test_what_is_asked_for_and_how_far_it_is_stand_in_the_progress(player: Player) -> None:
    player.compute(goal=1e-9, limit=100_000)
    QTest.qWait(50)
    bar = player.view.basin_bar
    assert bar.progress.text().startswith("To cost 1e−9 in 100,000 epochs: ")
    assert bar.progress.text().endswith("%")
    assert bar.progress.width() > 0.7 * player.view.width()
    assert not bar.goal.isVisible()
    bar.button.click()
    assert bar.goal.isVisible()
    player.view.plot.setFocus()
    assert bar.limit.text() == "100,000"


def test_the_map_is_canceled_at_once(player: Player) -> None:
    player.compute(goal=1e-9, limit=100_000)
    QTest.qWait(50)
    bar = player.view.basin_bar
    assert bar.button.text() == "Cancel"
    assert bar.progress.isVisible()
    bar.button.click()
    assert bar.button.text() == "Compute"
    assert not bar.progress.isVisible()
    assert player.view.tasks.basins is None
    assert not player.view.tasks._timer.isActive()


def test_a_map_says_how_far_it_is(player: Player, qtbot: QtBot) -> None:
    player.compute(goal=1e-9, limit=100_000)
    qtbot.waitUntil(lambda: player.view.told.text().startswith("So far "), timeout=20_000)
    player.view.basin_bar.button.click()
    assert "So far" not in player.view.told.text()


def test_a_map_of_another_task_is_put_away(player: Player, qtbot: QtBot) -> None:
    player.compute(goal=3.0, limit=20)
    qtbot.waitUntil(lambda: not player.view.tasks.basins_working, timeout=20_000)
    player.edit(initial_state=0.5)
    assert player.view.tasks.basins is not None
    player.edit(hidden_activation="tanh")
    assert player.view.tasks.basins is None
    assert "Compute" in player.panel.message(player.frame)


def test_a_map_of_before_an_edit_says_so(player: Player, qtbot: QtBot) -> None:
    player.compute(goal=3.0, limit=20)
    qtbot.waitUntil(lambda: not player.view.tasks.basins_working, timeout=20_000)
    player.edit(weights=pair(1.0, 0.0))  # every start has weights of its own
    player.wait()
    assert "before the edit" not in player.view.told.text()
    player.edit(learning_rates=pair(0.1, 0.1))
    assert player.view.told.text() == "This map is of before the edit: Compute again."
    assert player.panel._shown[1]
    player.press(Qt.Key.Key_Right, CONTROL)
    player.view.basin_bar.button.click()
    qtbot.waitUntil(lambda: not player.view.tasks.basins_working, timeout=20_000)
    assert "before the edit" not in player.view.told.text()
    player.press(Qt.Key.Key_Right, CONTROL)
    assert player.view.told.text().startswith("This map is of another window")


def test_the_map_waits_in_a_hidden_tab(player: Player) -> None:
    player.compute(goal=1e-9, limit=100_000)
    QTest.qWait(30)
    player.view.hide()
    basins = player.view.tasks.basins
    assert basins is not None
    share = basins.done_share
    QTest.qWait(40)
    assert basins.done_share == share
    player.view.show()
    QTest.qWait(60)
    assert basins.done_share > share


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("goal", "0", "must be above 0"), ("limit", "1.5", "whole number"), ("limit", "0", "whole")],
)
def test_what_makes_no_map_is_refused(
    player: Player, qtbot: QtBot, field: str, text: str, words: str
) -> None:
    player.view.layers["basins"].click()
    edited = getattr(player.view.basin_bar, field)
    before = edited.value
    edited.setFocus()
    edited.selectAll()
    QTest.keyClicks(edited, text)
    with qtbot.waitSignal(player.view.problem_reported) as told:
        QTest.keyClick(edited, Qt.Key.Key_Return)
    assert told.args is not None
    assert words in told.args[0]
    assert edited.value == before


def test_the_cost_to_reach_is_within_reach_until_somebody_chooses_one(player: Player) -> None:
    bar, surface = player.view.basin_bar, player.view.tasks.surface
    assert surface is not None
    assert surface.cost.min() < bar.goal.value < np.median(surface.cost)
    player.compute(goal=0.7, limit=1)
    player.edit(initial_state=2.0)
    player.wait()
    assert bar.goal.value == 0.7


# -- looks -----------------------------------------------------------------------------------


def test_ghosts_and_themes_can_come_before_the_first_frame(qtbot: QtBot) -> None:
    view = SurfaceView()
    qtbot.addWidget(view)
    run = Run(changed(EXPERIMENT, learning_rates=pair(0.05, 0.05)))
    run.reach(50)
    view.show_ghosts((Ghost(run, "1 · start"),), "2")
    view.set_look(Look(DARK))
    view.resize(380, 260)
    view.show()
    view.show_frame(frame_at(Run(EXPERIMENT), Position(0, 4)))
    qtbot.waitUntil(lambda: view.panel.picture is not None)
    assert len(view.panel._trails._trails) == 1
    assert view.minimumSizeHint().width() <= 380

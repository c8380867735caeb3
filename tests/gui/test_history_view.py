"""The history tab as a person uses it: the cursor, the view, the plots, the end of a run."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots.epoch_panel import EpochPanel
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.views.history_view import LAST_EPOCHS, HistoryView
from tests.tutorial import changed, pair

PART_2 = PRESETS["part-2"].experiment
RUN = Run(PART_2)
RUN.reach(1000)
GHOST = Run(replace(PART_2, learning_rates=pair(0.01, 0.01)))
GHOST.reach(400)


def frame(epoch: int, step: int = 17, run: Run = RUN) -> Frame:
    return frame_at(run, Position(epoch, step))


def diverging(before: int) -> Run:
    """A run that is not finite after so many epochs."""
    run = Run(changed(PART_2, weights=pair(0.5, 0.9)))
    run.reach(before)
    run.diverged, run.ending = True, "Training stopped."
    return run


@pytest.fixture
def view(qtbot: QtBot) -> HistoryView:
    view = HistoryView()
    qtbot.addWidget(view)
    view.resize(380, 300)
    view.set_look(Look(LIGHT))
    view.show()
    view.show_frame(frame(400))
    view.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is view)
    QApplication.processEvents()
    return view


def at(view: HistoryView, epoch: int, panel: EpochPanel | None = None) -> QPoint:
    """Where an epoch stands, in the widget that takes the pointer."""
    panel = panel or view.plots.cost
    there = QPointF(panel.place_of(epoch), panel.plot_rect.center().y())
    return view.plots._plots.mapFromScene(panel.mapToScene(there))


def on_numbers(view: HistoryView, epoch: int) -> QPoint:
    panel = view.plots.weights
    there = QPointF(panel.place_of(epoch), panel.plot_rect.bottom() + 10)
    return view.plots._plots.mapFromScene(panel.mapToScene(there))


def press(view: HistoryView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view.plots, key)


def turn(view: HistoryView, delta: int, epoch: int, *, shift: bool = False) -> None:
    viewport, there = view.plots._plots.viewport(), QPointF(at(view, epoch))
    event = QWheelEvent(
        there,
        QPointF(viewport.mapToGlobal(there.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def obeying(view: HistoryView, run: Run = RUN) -> list[int]:
    """Goes where the view asks to, as the window does; gives what was asked for."""
    asked: list[int] = []

    def go(epoch: int) -> None:
        asked.append(epoch)
        view.show_frame(frame(epoch, run=run))

    view.epoch_requested.connect(go)
    return asked


def test_a_click_in_either_plot_asks_for_its_epoch(view: HistoryView) -> None:
    asked = obeying(view)
    width = view.plots.cost.pixel[0]
    for panel, epoch in ((view.plots.cost, 700), (view.plots.weights, 100)):
        QTest.mouseClick(
            view.plots._plots.viewport(), Qt.MouseButton.LeftButton, pos=at(view, epoch, panel)
        )
        assert asked[-1] == pytest.approx(epoch, abs=width)
    assert len(asked) == 2


def test_the_cursor_is_dragged_and_stops_at_the_ends(view: HistoryView) -> None:
    asked, target = obeying(view), view.plots._plots.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=at(view, 400) + QPoint(3, 0))
    assert asked == []  # taking hold of it moves nothing
    for epoch in (500, 650, 900):
        QTest.mouseMove(target, at(view, epoch))
    QTest.mouseMove(target, at(view, 1000) + QPoint(300, 0))
    assert asked[-1] == 1000
    QTest.mouseMove(target, at(view, 0) - QPoint(60, 0))
    assert asked[-1] == 0
    assert len(asked) == 5
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=at(view, 0))
    QTest.mouseMove(target, at(view, 300))
    assert len(asked) == 5


def test_the_shape_of_the_pointer_tells_what_it_does(view: HistoryView) -> None:
    viewport = view.plots._plots.viewport()

    def shape_at(place: QPoint) -> Qt.CursorShape:
        QTest.mouseMove(viewport, place)
        return viewport.cursor().shape()

    assert shape_at(at(view, 400)) is Qt.CursorShape.SizeHorCursor
    assert shape_at(at(view, 700)) is Qt.CursorShape.PointingHandCursor
    assert shape_at(on_numbers(view, 500)) is Qt.CursorShape.ArrowCursor
    view.plots.zoom(4)
    assert shape_at(on_numbers(view, 400)) is Qt.CursorShape.OpenHandCursor


@pytest.mark.parametrize(
    ("key", "epoch"),
    [
        (Qt.Key.Key_Left, 399),
        (Qt.Key.Key_Right, 401),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 1000),
    ],
)
def test_keys_move_the_cursor(view: HistoryView, key: Qt.Key, epoch: int) -> None:
    asked = obeying(view)
    press(view, key)
    assert asked == [epoch]


def test_a_page_is_a_tenth_of_what_is_in_view(view: HistoryView) -> None:
    asked = obeying(view)
    press(view, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
    assert asked == [504, 400]
    view.plots.show_between(390, 410)
    press(view, Qt.Key.Key_PageDown)
    assert asked[-1] == 402
    view.log_epoch.click()
    view.plots.show_between(398, 404)
    press(view, Qt.Key.Key_PageDown)
    assert asked[-1] == 403  # never less than an epoch


def test_at_the_ends_nothing_is_asked_for(view: HistoryView, qtbot: QtBot) -> None:
    for epoch, key in ((0, Qt.Key.Key_Left), (1000, Qt.Key.Key_Right), (1000, Qt.Key.Key_End)):
        view.show_frame(frame(epoch))
        with qtbot.assertNotEmitted(view.epoch_requested):
            press(view, key)


def test_only_its_own_keys_are_kept_from_the_window(view: HistoryView) -> None:
    def kept(key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, keys)
        event.ignore()
        QApplication.sendEvent(view.plots, event)
        return event.isAccepted()

    for key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_Plus):
        assert kept(key)
    assert not kept(Qt.Key.Key_T)
    assert not kept(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)


def test_letters_reach_the_window_from_every_control(view: HistoryView, qtbot: QtBot) -> None:
    taken: list[str] = []
    for letter in "TUF0":
        QShortcut(QKeySequence(letter), view, lambda letter=letter: taken.append(letter))
    view.resize(380, 600)
    view.plots.zoom(3)
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2")
    view.runs_button.click()
    runs = view.runs
    buttons = (view.log_cost, view.log_epoch, view.all_button, view.runs_button, runs.copy_button)
    for widget in (*buttons, view.choice, runs.table, view.plots):
        taken.clear()
        widget.setFocus()
        assert QApplication.focusWidget() is widget
        QTest.keyClicks(widget, "tuf")
        assert taken == ["T", "U", "F"]
        QTest.keyClick(widget, Qt.Key.Key_0)
        assert ("0" in taken) == (widget is not view.plots)  # which uses it itself
    assert view.choice.currentData() == "both"


def test_escape_leaves(view: HistoryView, qtbot: QtBot) -> None:
    view.plots.zoom(3)
    for widget in (view.plots, view.log_cost, view.choice, view.all_button, view.runs_button):
        with qtbot.waitSignal(view.leave_requested):
            QTest.keyClick(widget, Qt.Key.Key_Escape)


def test_the_wheel_magnifies_around_the_pointer_and_all_comes_back(view: HistoryView) -> None:
    whole, place = view.plots.shown, at(view, 700)
    assert not view.all_button.isVisible()
    turn(view, 960, 700)
    assert view.plots.shown.span < whole.span / 4
    assert abs(at(view, 700).x() - place.x()) <= 5  # what was a pixel is now four
    assert {panel.x_range for panel in view.plots.panels} == {view.plots.shown}
    view.all_button.click()
    assert view.plots.shown == whole
    turn(view, 960, 700)
    press(view, Qt.Key.Key_0)
    assert view.plots.shown == whole


def test_plus_and_minus_magnify_around_the_present_epoch(view: HistoryView) -> None:
    place = at(view, 400)
    press(view, Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    assert view.plots.zoomed
    assert abs(at(view, 400).x() - place.x()) <= 1
    press(view, Qt.Key.Key_Minus, Qt.Key.Key_Minus)
    assert not view.plots.zoomed


def test_the_numbers_are_dragged_and_a_double_click_shows_all(
    view: HistoryView, qtbot: QtBot
) -> None:
    view.plots.show_between(300, 500)
    before, target = view.plots.shown, view.plots._plots.viewport()
    start = on_numbers(view, 400)
    with qtbot.assertNotEmitted(view.epoch_requested):
        QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(target, start - QPoint(50, 0))
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start - QPoint(50, 0))
    moved = 50 * view.plots.cost.pixel[0]
    assert view.plots.shown.low == pytest.approx(before.low + moved)
    turn(view, -120, 420, shift=True)
    assert view.plots.shown.low > before.low + moved
    QTest.mouseDClick(target, Qt.MouseButton.LeftButton, pos=start)
    assert not view.plots.zoomed


def test_what_is_in_view_follows_the_present_epoch(view: HistoryView) -> None:
    view.plots.show_between(380, 420)
    before = view.plots.shown
    view.show_frame(frame(410))
    assert view.plots.shown == before
    view.show_frame(frame(900))
    assert view.plots.shown.low <= 900 <= view.plots.shown.high
    assert view.plots.shown.span == pytest.approx(before.span)


def test_another_run_is_shown_whole(view: HistoryView) -> None:
    view.plots.show_between(380, 420)
    view.show_frame(frame(100, run=GHOST))
    assert not view.plots.zoomed
    assert view.plots.shown.high > 400


LONG = Run(PART_2)
LONG.reach(20_000)


def test_a_longer_run_does_not_squeeze_the_present_one(view: HistoryView) -> None:
    view.show_ghosts((Ghost(LONG, "1 · part-2"),), "2")
    view.show_frame(frame(400, run=GHOST))
    assert view.plots.shown.high < 420
    view.show_frame(frame(0, run=Run(PART_2)))
    assert view.plots.shown.high < 25


def test_all_shows_this_run_and_then_all_runs(view: HistoryView) -> None:
    view.show_ghosts((Ghost(LONG, "1 · part-2"),), "2")
    turn(view, 960, 700)
    for text, high in (("This run", 1000), ("All runs", 20_000), ("This run", 1000)):
        assert view.all_button.isVisible()
        assert view.all_button.text() == text
        press(view, Qt.Key.Key_0)
        assert high <= view.plots.shown.high <= 1.1 * high
    assert view.all_button.text() == "All runs"
    view.all_button.click()
    assert view.plots.shown.high > 20_000
    view.show_frame(frame(400, run=GHOST))
    assert view.plots.shown.high < 420
    view.show_ghosts((), "2")
    assert not view.all_button.isVisible()


def test_runs_that_are_cut_off_above_can_be_seen_whole(view: HistoryView) -> None:
    higher = Run(replace(PART_2, targets=np.full(3, 30.0), targets_count_ones=False))
    higher.reach(1000)
    alone = view.plots.cost.y_range
    view.show_ghosts((Ghost(higher, "1 · targets"),), "2")
    assert view.plots.cost.y_range.high <= 2 * alone.high
    assert view.all_button.text() == "All runs"
    view.all_button.click()
    assert view.plots.cost.y_range.high > higher.costs.max()


def test_the_check_boxes_switch_the_scales(view: HistoryView) -> None:
    view.log_cost.click()
    assert view.plots.cost.logarithmic
    assert view.plots.cost.y_range.high < 1
    view.log_epoch.click()
    assert {panel.scale.logarithmic for panel in view.plots.panels} == {True}
    assert view.plots.shown.high < 4
    asked = obeying(view)
    QTest.mouseClick(view.plots._plots.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 30))
    assert asked == [pytest.approx(30, abs=2)]
    view.log_cost.click()
    view.log_epoch.click()
    assert not view.plots.cost.logarithmic
    assert view.plots.shown.high > 1000


def test_where_there_is_no_room_for_both_the_cost_comes_first(view: HistoryView) -> None:
    view.resize(370, 200)
    QApplication.processEvents()
    assert view.choice.currentData() == "cost"
    assert not view.plots.weights.isVisible()
    assert view.plots.cost.plot_rect.height() > 80
    view.choice.choice_requested.emit("both")  # somebody insists
    view.resize(370, 190)
    QApplication.processEvents()
    assert view.plots.weights.isVisible()


@pytest.mark.parametrize(
    ("key", "cost", "weights"),
    [("both", True, True), ("cost", True, False), ("weights", False, True)],
)
def test_one_plot_or_both(view: HistoryView, key: str, cost: bool, weights: bool) -> None:
    view.choice.choice_requested.emit(key)
    QApplication.processEvents()
    assert view.choice.currentData() == key
    panels = {view.plots.cost: cost, view.plots.weights: weights}
    assert {panel: panel.isVisible() for panel in panels} == panels
    seen = [panel for panel, shown in panels.items() if shown]
    assert all(panel.plot_rect.height() > 50 for panel in seen)
    assert [panel.below.isVisible() for panel in seen] == [False] * (len(seen) - 1) + [True]
    asked = obeying(view)
    target = view.plots._plots.viewport()
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=at(view, 700, seen[0]))
    assert len(asked) == 1
    assert asked[0] == pytest.approx(700, abs=5)


def test_the_name_of_the_axis_stays_where_it_is(view: HistoryView) -> None:
    def place(panel: EpochPanel) -> tuple[float, ...]:
        QApplication.processEvents()
        label = panel.below.label
        where = label.sceneBoundingRect()
        assert panel.look.theme.muted in label.toHtml()
        return where.left(), where.top()

    there = place(view.plots.weights)
    for key in ("cost", "weights", "cost", "both"):
        view.choice.choice_requested.emit(key)
        lowest = view.plots.cost if key == "cost" else view.plots.weights
        assert place(lowest) == there
        for _ in range(2):
            view.log_epoch.click()
        assert place(lowest) == there


def test_both_plots_have_the_same_places(view: HistoryView) -> None:
    for epoch in (0, 400, 1000):
        assert len({at(view, epoch, panel).x() for panel in view.plots.panels}) == 1


def widths(view: HistoryView) -> set[tuple[float, float]]:
    """Where the data of each plot begins, and how wide it is."""
    QApplication.processEvents()
    rects = [panel.plot_rect for panel in view.plots.panels]
    return {(rect.left(), rect.width()) for rect in rects}


def test_colours_changed_while_a_plot_is_hidden_leave_both_as_wide(view: HistoryView) -> None:
    before = widths(view)
    assert len(before) == 1
    for key in ("cost", "weights"):
        view.choice.choice_requested.emit(key)
        QApplication.processEvents()
        view.set_look(Look(DARK, 9))
        view.choice.choice_requested.emit("both")
        assert widths(view) == before
        assert len({at(view, 700, panel).x() for panel in view.plots.panels}) == 1


@pytest.mark.parametrize("key", ["both", "cost"])
def test_colours_changed_before_the_first_cost_leave_both_as_wide(
    view: HistoryView, key: str
) -> None:
    before, run = widths(view), Run(PART_2)
    view.choice.choice_requested.emit(key)
    view.show_frame(frame(0, 0, run))
    view.set_look(Look(DARK))
    view.show_frame(frame(0, 17, run))
    QApplication.processEvents()
    assert view.plots.cost.below.size().height() > (20 if key == "cost" else -1)
    view.choice.choice_requested.emit("both")
    assert widths(view) == before


@pytest.mark.parametrize(("height", "plots"), [(250, 0), (316, 1), (600, 2)])
def test_above_the_table_stand_the_plots_that_have_room(
    view: HistoryView, height: int, plots: int
) -> None:
    view.resize(380, height)
    assert not view.runs.isVisible()
    view.runs_button.click()
    QApplication.processEvents()
    assert view.runs.isVisible()
    assert view.plots.isVisible() == (plots > 0)
    seen = [panel for panel in view.plots.panels if panel.isVisible()]
    if plots:
        assert seen == list(view.plots.panels)[:plots]
        assert all(panel.plot_rect.height() > 40 for panel in seen)
        assert view.plots.height() >= 140
    view.runs_button.click()
    assert not view.runs.isVisible()
    assert all(panel.isVisible() for panel in view.plots.panels)


def test_earlier_runs_reach_plots_and_table_and_requests_come_out(
    view: HistoryView, qtbot: QtBot
) -> None:
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2 · rate of Wx")
    assert view.runs_button.text() == "Runs: 2"
    assert [ghost.name for ghost in view.plots.cost.ghosts] == ["1 · part-2"]
    view.runs_button.click()
    view.runs.table.selectRow(1)
    wanted: list[tuple[Callable[[], object], object]] = [
        (view.runs.back.click, view.ghost_return_requested),
        (view.runs.forget.click, view.ghost_forget_requested),
    ]
    for click, signal in wanted:
        with qtbot.waitSignal(signal) as asked:
            click()
        assert asked.args == [GHOST]
    with qtbot.waitSignal(view.ghost_shown_requested) as asked:
        view.runs.model.setData(
            view.runs.model.index(1, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole
        )
    assert asked.args == [GHOST, False]
    with qtbot.waitSignal(view.copied):
        view.runs.copy_button.click()
    view.show_ghosts((Ghost(GHOST, "1 · part-2", shown=False),), "2 · rate of Wx")
    assert view.plots.cost.ghosts == ()


def test_a_run_that_ends_shows_its_last_epochs_once(view: HistoryView) -> None:
    end = diverging(300)
    view.show_frame(frame(300, run=end))
    assert view.log_cost.isChecked()
    shown = view.plots.shown
    assert (round(shown.low), round(shown.high)) == (300 - LAST_EPOCHS - 1, 301)
    view.log_cost.click()
    view.all_button.click()
    view.show_frame(frame(299, run=end))
    assert not view.log_cost.isChecked()
    assert not view.plots.zoomed


def test_a_short_run_that_ends_needs_no_magnifying(view: HistoryView) -> None:
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2")
    view.show_frame(frame(20, run=diverging(20)))
    assert view.log_cost.isChecked()
    assert not view.plots.zoomed
    assert view.plots.shown.high < 25


def test_back_at_a_run_that_ended_its_end_is_shown_again(view: HistoryView) -> None:
    end = diverging(300)
    view.show_frame(frame(300, run=end))
    shown = view.plots.shown
    view.show_frame(frame(10))
    assert not view.log_cost.isChecked()
    view.show_frame(frame(300, run=end))
    assert view.log_cost.isChecked()
    assert view.plots.shown == shown
    view.show_frame(frame(10))
    view.show_frame(frame(40, run=end))  # where it was left is more than its end
    assert view.plots.shown.low <= 40 <= view.plots.shown.high


@pytest.mark.parametrize("change", ["log_cost", "all_button"])
def test_what_a_person_chose_to_see_of_an_end_is_left_alone(view: HistoryView, change: str) -> None:
    end = diverging(300)
    view.plots.zoom(4)  # before the run: that tells nothing of its end
    view.show_frame(frame(300, run=end))
    assert view.plots.shown.low > 200
    getattr(view, change).click()
    view.show_frame(frame(10))
    assert not view.plots.zoomed
    view.show_frame(frame(300, run=end))
    assert view.plots.zoomed == (change != "all_button")
    assert view.plots.cost.logarithmic == (change != "log_cost")


@pytest.mark.parametrize("touched", [False, True])
def test_the_next_run_has_the_scale_that_was_chosen(view: HistoryView, touched: bool) -> None:
    view.show_frame(frame(300, run=diverging(300)))
    if touched:
        view.log_cost.click()
        view.log_cost.click()
    view.show_frame(frame(10))
    assert view.log_cost.isChecked() == touched
    assert view.plots.cost.logarithmic == touched


def test_the_tip_has_all_digits_of_what_is_known(view: HistoryView) -> None:
    view.show_ghosts((Ghost(GHOST, "1 · a<b"),), "2")
    view.plots.show_between(395, 405)
    view.show_frame(frame(400, 3))
    tips = {e: view.plots._plots.tip_at(QPointF(at(view, e))) for e in (399, 400)}
    assert repr(float(RUN.costs[399])) in tips[399]
    assert repr(float(RUN.costs[400])) not in tips[400]
    assert repr(float(RUN.column(0)[400])) in tips[400]
    assert "1 · a&lt;b: cost E = " in tips[400]


def test_the_menu_is_asked_for_the_figure(view: HistoryView, qtbot: QtBot) -> None:
    viewport = view.plots._plots.viewport()
    there = at(view, 200)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, there, viewport.mapToGlobal(there))
    with qtbot.waitSignal(view.menu_requested) as asked:
        QApplication.sendEvent(viewport, event)
    assert asked.args[0] == "history"


def test_a_click_brings_the_keyboard(view: HistoryView, qtbot: QtBot) -> None:
    view.log_cost.setFocus()
    QTest.mouseClick(view.plots._plots.viewport(), Qt.MouseButton.LeftButton, pos=at(view, 700))
    qtbot.waitUntil(view.plots.hasFocus)
    assert view.plots.accessibleName()
    assert view.plots.accessibleDescription() == "epoch 400 of 1,000"


def test_behind_another_tab_it_waits(view: HistoryView) -> None:
    view.hide()
    view.show_frame(frame(700))
    assert view.plots.cost.frame is not None
    assert view.plots.cost.frame.position.epoch == 400
    view.show()
    assert view.plots.cost.frame.position.epoch == 700


def _picture(view: HistoryView, shown: Frame) -> bytes:
    view.show_frame(shown)
    QApplication.processEvents()
    image = view.grab().toImage()  # has to live until its bytes are copied
    return bytes(image.constBits())


def test_going_back_shows_the_same_picture(view: HistoryView) -> None:
    forth = [_picture(view, frame(epoch, step)) for epoch in (0, 500) for step in (0, 7, 18)]
    back = [_picture(view, frame(e, s)) for e in (500, 0) for s in (18, 7, 0)]
    assert back == forth[::-1]


@pytest.mark.parametrize("control", ["", "log_cost", "log_epoch", "runs_button"])
def test_a_cost_that_is_not_known_leaves_no_mark(view: HistoryView, control: str) -> None:
    view.resize(500, 600)
    run = Run(PART_2)
    run.reach(40)
    run.diverged = True
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2")
    view.show_frame(frame(40, run=run))
    if control:
        getattr(view, control).click()
    known = _picture(view, frame(40, 7, run))
    honest = _picture(view, frame(40, 6, run))
    assert honest != known
    run._table[0, 40] = 777.25
    view.show_frame(frame(39, 6, run))  # so that the next one is drawn anew
    assert _picture(view, frame(40, 6, run)) == honest
    assert _picture(view, frame(40, 7, run)) != known


def test_after_jumps_the_cursor_stands_where_the_frame_does(view: HistoryView) -> None:
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2")
    there = ((1000, RUN), (0, RUN), (400, GHOST), (3, GHOST), (999, RUN))
    at_once = [_picture(view, frame(epoch, run=run)) for epoch, run in there]
    for _ in range(2):
        for picture, (epoch, run) in reversed(list(zip(at_once, there, strict=True))):
            assert _picture(view, frame(epoch, run=run)) == picture
            [cursor] = {panel._marks._shown.cursor for panel in view.plots.panels}
            assert cursor == view.plots.cost.place_of(epoch)
    assert len(set(at_once)) == len(there)


def test_the_controls_fit_into_the_narrowest_tab(view: HistoryView) -> None:
    view.plots.zoom(3)
    view.show_ghosts((Ghost(GHOST, "1 · part-2"),), "2")
    for height in (260, 700):
        view.resize(330, height)
        view.runs_button.click()
        QApplication.processEvents()
        assert view.minimumSizeHint().width() <= 350

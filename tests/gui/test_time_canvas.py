"""The canvas as a person uses it: pointer, wheel and keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.epoch.frame import Frame
from rnn_gui.plots.columns import ColumnPanel
from rnn_gui.theme import DARK, LIGHT, Look, Theme
from rnn_gui.views.time_canvas import TimeCanvas
from tests.gui import painted
from tests.tutorial import D_STATE_OUT, STATE_IN


@pytest.fixture
def canvas(qtbot: QtBot) -> TimeCanvas:
    canvas = TimeCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(660, 560)
    canvas.set_look(Look(LIGHT))
    canvas.show()
    canvas.show_frame(painted.frame(11))
    QApplication.processEvents()
    return canvas


def place(canvas: TimeCanvas, panel: ColumnPanel, x: float, y: float | None = None) -> QPoint:
    """A place of a panel in pixels of the widget that takes the pointer."""
    middle = (panel.y_range.low + panel.y_range.high) / 2
    at = canvas.point_of(panel, x, middle if y is None else y)
    return canvas._plots.viewport().mapFrom(canvas, at)


def click(canvas: TimeCanvas, panel: ColumnPanel, x: float, y: float | None = None) -> None:
    target = canvas._plots.viewport()
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=place(canvas, panel, x, y))


def turn(canvas: TimeCanvas, delta: int, x: float, *, control: bool = False) -> None:
    at = QPointF(place(canvas, canvas.network, x))
    viewport = canvas._plots.viewport()
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        QPointF(viewport.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_columns_of_all_panels_stand_under_each_other(canvas: TimeCanvas) -> None:
    for timestamp in range(4):
        xs = {canvas.point_of(panel, timestamp, 0.0).x() for panel in canvas.panels}
        assert len(xs) == 1


def test_a_click_on_a_curve_chooses_its_sequence(canvas: TimeCanvas, qtbot: QtBot) -> None:
    canvas.show_frame(painted.frame(11, sequence=2))
    frame = painted.frame(11, sequence=2)
    values = frame.row(*STATE_IN, 2)
    assert values is not None
    with qtbot.waitSignal(canvas.sequence_chosen) as chosen:
        click(canvas, canvas.states, 2.0, float(values[0]))
    assert chosen.args == [0]


def test_the_wheel_with_control_zooms_around_the_pointer(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(11, 50))
    before = place(canvas, canvas.network, 30.0)
    turn(canvas, 480, 30.0, control=True)
    assert canvas.columns.span < 40
    assert abs(place(canvas, canvas.network, 30.0).x() - before.x()) <= 1
    assert {panel.x_range for panel in canvas.panels} == {canvas.columns}


def test_the_wheel_alone_scrolls_only_what_is_zoomed(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(11, 50))
    whole = canvas.columns
    turn(canvas, -120, 10.0)
    assert canvas.columns == whole
    canvas.zoom(5, 10)
    before = canvas.columns
    turn(canvas, -120, 10.0)
    assert canvas.columns.low > before.low
    assert canvas.columns.span == pytest.approx(before.span)


def test_dragging_moves_the_columns_and_is_no_click(canvas: TimeCanvas, qtbot: QtBot) -> None:
    canvas.show_frame(painted.frame(11, 50))
    canvas.zoom(5, 25)
    before, target = canvas.columns, canvas._plots.viewport()
    start = place(canvas, canvas.network, 25.0)
    with qtbot.assertNotEmitted(canvas.sequence_chosen):
        QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=start)
        for part in (20, 60, 100):
            QTest.mouseMove(target, start - QPoint(part, 40))
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=start - QPoint(100, 40))
    width = canvas.network.plot_rect.width() / before.span
    assert canvas.columns.low == pytest.approx(before.low + 100 / width)
    assert canvas.network.y_range == (0.0, 1.0)


def test_zoom_stays_within_the_columns(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(11, 50))
    for _ in range(30):
        canvas.zoom_in()
    assert canvas.columns.span == pytest.approx(2)
    canvas.scroll_by(-1000)
    assert canvas.columns.low == -0.5
    canvas.scroll_by(1000)
    assert canvas.columns.high == 50.5
    for _ in range(30):
        canvas.zoom_out()
    assert canvas.columns == (-0.5, 50.5)


def test_fit_and_another_number_of_timestamps_show_all(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(11, 50))
    canvas.zoom_in()
    canvas.fit()
    assert canvas.columns == (-0.5, 50.5)
    canvas.zoom_in()
    canvas.show_frame(painted.frame(11, 3))
    assert canvas.columns == (-0.5, 3.5)


def test_the_current_column_is_kept_in_view(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(1, 50))
    canvas.zoom(10, 1)
    for step in range(3, 101):
        frame = painted.frame(step, 50)
        canvas.show_frame(frame)
        timestamp = frame.step.timestamp
        assert canvas.columns.low <= timestamp - 0.5 + 1e-9
        assert timestamp + 0.5 <= canvas.columns.high + 1e-9


def test_a_drag_is_not_undone_by_a_step_of_the_same_column(canvas: TimeCanvas) -> None:
    canvas.show_frame(painted.frame(1, 50))
    canvas.zoom(10, 1)
    canvas.scroll_by(30)
    away = canvas.columns
    canvas.show_frame(painted.frame(2, 50))
    assert canvas.columns == away


def _bands(canvas: TimeCanvas, timestamp: float) -> Iterator[str]:
    image = canvas.grab().toImage()
    x = canvas.point_of(canvas.network, timestamp + 0.46, 0).x()
    top = canvas.point_of(canvas.network, timestamp, 1.0).y()
    bottom = canvas.point_of(canvas.gradients, timestamp, canvas.gradients.y_range.low).y()
    for y in range(top, bottom, 3):
        yield image.pixelColor(x, y).name()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_band_runs_through_all_panels(canvas: TimeCanvas, theme: Theme) -> None:
    canvas.set_look(Look(theme))
    canvas.show_frame(painted.frame(11))  # dE/dS_2(Out)
    colours = list(_bands(canvas, 2))
    here = sum(colour == theme.band for colour in colours)
    assert here > 0.85 * len(colours)
    assert theme.band not in set(_bands(canvas, 1))


def test_steps_without_timestamp_have_no_band(canvas: TimeCanvas) -> None:
    for step in (7, 17, 18):
        canvas.show_frame(painted.frame(step))
        for timestamp in (0, 1, 2, 3):
            assert LIGHT.band not in set(_bands(canvas, timestamp))


def test_the_tip_has_all_digits_of_what_is_known(canvas: TimeCanvas) -> None:
    frame = painted.frame(11)
    at = QPointF(place(canvas, canvas.network, 2.0, 0.95))
    tip = canvas._plots.tip_at(at)
    values = frame.row(*D_STATE_OUT, 2)
    assert values is not None
    assert f"dE/dS₂(Out) = {float(values[0])!r}" in tip
    assert "dE/dS₂(In)" not in tip
    assert "added" not in tip
    last = canvas._plots.tip_at(QPointF(place(canvas, canvas.network, 3.0, 0.95)))
    assert f"cost E = {frame.cost!r}" in last
    assert "added to dE/dWrec" in last


@pytest.mark.parametrize(
    "key",
    [
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home),
        *(Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F, Qt.Key.Key_Space),
    ],
)
def test_keys_are_left_to_the_window(canvas: TimeCanvas, key: Qt.Key) -> None:
    canvas.setFocus()
    for widget in (canvas, canvas._plots):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)
        assert not event.isAccepted()


def test_a_click_brings_the_keyboard(canvas: TimeCanvas, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    canvas.activateWindow()
    click(canvas, canvas.network, 1.4, 0.9)
    qtbot.waitUntil(canvas.hasFocus)
    assert canvas.accessibleName() == "Time canvas"


def test_the_menu_is_asked_for_the_panel_under_the_pointer(
    canvas: TimeCanvas, qtbot: QtBot
) -> None:
    for panel in canvas.panels:
        at = place(canvas, panel, 1.0)
        viewport = canvas._plots.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
        with qtbot.waitSignal(canvas.menu_requested) as asked:
            QApplication.sendEvent(viewport, event)
        assert asked.args[0] == panel.figure


def _shown(canvas: TimeCanvas, frame: Frame) -> bytes:
    canvas.show_frame(frame)
    image = canvas.grab().toImage()
    return bytes(image.constBits())


def test_stepping_back_shows_the_same_picture(canvas: TimeCanvas) -> None:
    forth = [_shown(canvas, painted.frame(step)) for step in range(19)]
    back = [_shown(canvas, painted.frame(step)) for step in range(18, -1, -1)]
    assert back == forth[::-1]
    assert len(set(forth)) == 19

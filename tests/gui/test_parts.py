"""The pieces that let parts of the window be hidden, each by itself."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.extra_tabs import Extra, ExtraTabs
from rnn_gui.late_tab import LateTab
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.views.time_canvas import TimeCanvas
from tests.gui import painted
from tests.gui.test_right_column import Column, drag_first_handle, opened

SUBSETS = [("states", "gradients"), ("states",), ("gradients",), ()]


@pytest.fixture
def canvas(qtbot: QtBot) -> TimeCanvas:
    canvas = TimeCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(660, 560)
    canvas.set_look(Look(LIGHT))
    canvas.show()
    canvas.show_frame(painted.frame(11))
    return canvas


@pytest.mark.parametrize(("before", "after"), list(product(SUBSETS, SUBSETS)))
def test_panels_share_the_height_and_the_last_one_has_the_axis(
    canvas: TimeCanvas, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    for below in (before, after):
        canvas.show_panels(below)
        QApplication.processEvents()
    assert [panel.figure for panel in canvas.panels] == ["network", *after]
    assert all(panel.isVisible() for panel in canvas.panels)
    tops = [panel.mapToScene(0.0, 0.0).y() for panel in canvas.panels]
    heights = [panel.size().height() for panel in canvas.panels]
    expected = [sum(heights[:index]) for index in range(len(heights))]
    assert tops == pytest.approx(expected, abs=1.5)
    assert sum(heights) == pytest.approx(canvas._plots.height(), abs=2)
    named = [panel.below.label.isVisible() for panel in canvas.panels]
    assert named == [False] * len(after) + [True]


def test_a_panel_that_was_hidden_is_up_to_date(canvas: TimeCanvas) -> None:
    canvas.show_panels(())
    canvas.set_look(Look(DARK))
    canvas.show_frame(painted.frame(60, 50))
    canvas.zoom(5, 30.0)
    canvas.show_panels(("gradients", "states"))
    for panel in canvas.panels:
        assert panel.frame is canvas.network.frame
        assert panel.look.theme is DARK
        assert panel.x_range == canvas.columns


def test_the_band_goes_on_through_those_that_are_shown(canvas: TimeCanvas) -> None:
    frame = painted.frame(11)
    for below in SUBSETS:
        canvas.show_panels(below)
        QApplication.processEvents()
        for panel, after in zip(canvas.panels, canvas.panels[1:], strict=False):
            assert panel.band_rect(frame).bottom() == panel.size().height()
            assert after.band_rect(frame).top() == 0
        last = canvas.panels[-1]
        assert last.band_rect(frame).bottom() == last.plot_rect.bottom()


@pytest.mark.parametrize(("ledger", "tabs"), list(product([False, True], repeat=2)))
def test_a_column_with_any_parts_is_full(qtbot: QtBot, ledger: bool, tabs: bool) -> None:
    column = opened(qtbot)
    column.show_parts(ledger=ledger, tabs=tabs)
    QApplication.processEvents()
    shown = [True, ledger, tabs]
    assert [size > 0 for size in column.sizes()] == shown
    assert sum(column.sizes()) == column.height() - 6 * (sum(shown) - 1)
    column.equation.ask(330)
    assert column.sizes()[0] >= 330
    column.show_parts(ledger=True, tabs=True)
    QApplication.processEvents()
    assert all(column.sizes())


@pytest.fixture
def column(qtbot: QtBot) -> Column:
    return opened(qtbot)


def test_sizes_that_somebody_chose_come_back(column: Column) -> None:
    drag_first_handle(column, -90)
    chosen = column.sizes()
    column.set_enlarged(True)
    column.set_enlarged(False)
    QApplication.processEvents()
    assert column.sizes() == chosen
    state = column.saveState()
    column.show_parts(ledger=False, tabs=False)
    QApplication.processEvents()
    column.show_parts(ledger=True, tabs=True)
    assert column.restoreState(state)
    QApplication.processEvents()
    assert column.sizes() == chosen


def test_what_is_hidden_stays_so_while_tabs_are_enlarged(column: Column) -> None:
    column.set_enlarged(True)
    column.show_parts(ledger=False, tabs=True)
    column.set_enlarged(False)
    assert not column.ledger.isVisible()
    column.set_enlarged(True)
    column.show_parts(ledger=True, tabs=True)
    assert not column.ledger.isVisible()
    column.show_parts(ledger=True, tabs=False)
    assert not column.enlarged
    assert column.ledger.isVisible()


class Tabs(QTabWidget):
    def __init__(self) -> None:
        super().__init__()
        self.addTab(QWidget(), "always")
        self.extra = ExtraTabs(self, {key: Extra(key, QLineEdit) for key in "ab"})
        self.told: list[str] = []
        self.extra.changed.connect(lambda: self.told.append(self.extra.open))


def test_extra_tabs_tell_which_one_is_there(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    tabs.show()
    extra = tabs.extra
    extra.close()
    extra.show("a")
    tabs.setCurrentIndex(0)
    extra.show("a")
    assert tabs.currentWidget() is extra.view("a")
    extra.toggle("b")
    extra.toggle("b")
    assert tabs.told == ["a", "b", ""]


def test_the_keyboard_leaves_an_extra_tab_before_it_goes(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    tabs.show()
    qtbot.waitExposed(tabs)
    tabs.activateWindow()
    tabs.extra.toggle("a")
    qtbot.waitUntil(tabs.extra.view("a").hasFocus)
    with qtbot.waitSignal(tabs.extra.leave_requested):
        tabs.extra.toggle("a")
    tabs.extra.show("a")
    with qtbot.assertNotEmitted(tabs.extra.leave_requested):
        tabs.extra.close()


def test_a_late_tab_that_is_hidden_stays_so_when_its_view_is_made(qtbot: QtBot) -> None:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(QWidget(), "always")
    late = LateTab(tabs, "late", lambda: None)
    tabs.setTabVisible(late.index, False)
    late.put_in(QWidget())
    assert not tabs.isTabVisible(late.index)

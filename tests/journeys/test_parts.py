"""What is shown of the window: by a lesson's list, by the beginner's key, by the View menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.lessons import lesson
from rnn_gui.main_window import MainWindow
from rnn_gui.parts import BEGINNERS, LEARNING, PARTS, TITLES
from tests.journeys.conftest import CTRL, Key, Program, has_focus

ALL = BEGINNERS | frozenset(TITLES)
TAB_NAMES = ("history", "surface", "curve")
LEFT = Qt.MouseButton.LeftButton


def on_screen(window: MainWindow) -> frozenset[str]:
    """The parts that can be seen, as the widgets tell: each wholly or not at all."""
    QApplication.processEvents()
    panel, canvas, tabs = window.experiment, window.canvas, window.tabs
    goal, seen = window.step_bar.goal, {}
    widgets: dict[str, list[QWidget]] = {
        "data": [panel.grid],
        "edits": [panel.preset, panel.buttons, panel.counting],
        "weights": [*panel.weights.values(), *panel.rates.values()],
        "settings": [panel.initial_state, panel.hidden_activation, panel.compare],
        "rule": [panel.update_rule, panel.rule_fields],
        "equation": [window.equation],
        "ledger": [window.ledger],
        "steps": [window.time_line],
        "training": [button(window, "step-epoch"), button(window, "step-train"), goal],
        "try": [window.trial],
    }
    for name, parts in widgets.items():
        [seen[name]] = {not part.visibleRegion().isEmpty() for part in parts}
    for shown in (canvas.network, canvas.states, canvas.gradients):
        seen[shown.figure] = shown.isVisible()
        assert shown.isVisible() == (shown in canvas.panels)
    for index, name in enumerate(TAB_NAMES):
        seen[name] = tabs.isVisible() and tabs.isTabVisible(index)
    for name in LEARNING:
        seen[name] = tabs.isVisible() and tabs.tabText(tabs.count() - 1).lower() == name
    return frozenset(name for name, visible in seen.items() if visible)


def button(window: MainWindow, name: str) -> QToolButton:
    found = window.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def panel_entries(program: Program) -> dict[str, QAction]:
    [menu] = [m for m in program.window.findChildren(QMenu) if m.title() == "Pa&nels"]
    return dict(zip(TITLES, menu.actions(), strict=True))


def choose_panel(program: Program, name: str) -> None:
    """With the pointer, as the menu is open."""
    menu = panel_entries(program)[name].parent()
    assert isinstance(menu, QMenu)
    menu.popup(QPoint(0, 0))
    place = menu.actionGeometry(panel_entries(program)[name]).center()
    QTest.mouseClick(menu, LEFT, pos=place)
    assert not menu.isVisible()
    program.window.activateWindow()  # without a window manager nobody else does
    program.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def ticked(program: Program) -> frozenset[str]:
    return frozenset(n for n, entry in panel_entries(program).items() if entry.isChecked())


def beginner_ticked(program: Program) -> bool:
    action = program.window.findChild(QAction, "beginner")
    assert isinstance(action, QAction)
    return action.isChecked()


def check(program: Program, wanted: frozenset[str]) -> None:
    window = program.window
    assert on_screen(window) == window.parts.shown == wanted
    assert ticked(program) == wanted & frozenset(TITLES)
    assert beginner_ticked(program) == (wanted & ALL == BEGINNERS)
    least = window.minimumSizeHint()
    assert (least.width() <= 1280, least.height() <= 720) == (True, True)
    heights = [panel.size().height() for panel in window.canvas.panels]
    assert min(heights) > 100
    used = window.canvas._plots.height()
    assert sum(heights) == pytest.approx(used, abs=3)  # no gap between them
    assert [panel.x_named for panel in window.canvas.panels][:-1] == [False] * (len(heights) - 1)
    assert window.canvas.panels[-1].x_named
    focused = QApplication.focusWidget()
    assert focused is not None
    assert not focused.visibleRegion().isEmpty()


def test_a_lesson_calls_the_parts_by_the_same_names() -> None:
    assert lesson.BEGINNERS == BEGINNERS
    assert set(lesson.PARTS) == set(PARTS)
    assert len(PARTS) == len(set(PARTS))


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_each_part_alone_and_none_and_all(program: Program, size: tuple[int, int]) -> None:
    program.window.resize(*size)
    check(program, ALL)
    for name in (*TITLES, *LEARNING):
        program.window.parts.show([name])
        check(program, BEGINNERS | {name})
        if name in (*TAB_NAMES, *LEARNING):
            assert program.window.tabs.currentWidget().isVisible()
    program.window.parts.show(())
    check(program, BEGINNERS)
    program.window.parts.show_all()
    check(program, ALL)


@pytest.mark.timeout(300)
def test_any_parts_one_after_the_other(program: Program) -> None:
    program.window.resize(1280, 720)
    some = st.sets(st.sampled_from(sorted(TITLES)))
    learning = st.sampled_from(["", *LEARNING])

    @given(st.lists(st.tuples(some, learning), min_size=1, max_size=4))
    @examples(max_examples=30)
    def turn_pages(pages: list[tuple[set[str], str]]) -> None:
        for names, tab in pages:
            wanted = frozenset(names) | ({tab} if tab else frozenset())
            program.window.parts.show(wanted)
            check(program, BEGINNERS | wanted)

    turn_pages()


def test_tabs_that_nobody_looks_at_are_not_made(program: Program) -> None:
    parts, made = program.window.parts, vars(program.window.tabs)
    for names in ({"code"}, (), {"history"}, {"history", "surface"}, {"ledger"}, {"derive"}, ()):
        parts.show(names)
        QApplication.processEvents()
        assert not {"surface", "curve"} & set(made)
    parts.show({"curve"})
    assert "curve" in made
    assert "surface" not in made


def test_a_tab_that_is_made_while_hidden_stays_hidden(program: Program) -> None:
    program.window.parts.show({"history"})
    assert program.window.surface is not None  # as an export makes it
    check(program, BEGINNERS | {"history"})


def test_a_key_shows_the_beginners_layout_and_the_way_back(program: Program) -> None:
    choose_panel(program, "ledger")
    program.press(Key.Key_B, modifiers=CTRL)
    check(program, BEGINNERS)
    program.press(Key.Key_B, modifiers=CTRL)
    check(program, ALL - {"ledger"})


@pytest.mark.parametrize("name", LEARNING)
def test_a_tab_opened_in_the_beginners_layout_stays_after_it(program: Program, name: str) -> None:
    window = program.window
    program.press(Key.Key_B, modifiers=CTRL)
    window.learning.toggle(name)
    check(program, BEGINNERS | {name})
    program.press(Key.Key_B, modifiers=CTRL)
    check(program, ALL | {name})
    assert window.tabs.currentWidget() is window.learning.view(name)
    window.learning.toggle(name)
    check(program, ALL)


def test_the_choice_is_there_at_the_next_start(
    qtbot: QtBot, settings: QSettings, qapp: QApplication
) -> None:
    first = Program(qtbot, settings, qapp)
    first.press(Key.Key_B, modifiers=CTRL)
    first.window.close()
    second = Program(qtbot, settings, qapp)
    check(second, BEGINNERS)
    choose_panel(second, "states")
    second.window.close()
    third = Program(qtbot, settings, qapp)
    check(third, BEGINNERS | {"states"})
    third.press(Key.Key_B, modifiers=CTRL)
    third.press(Key.Key_B, modifiers=CTRL)
    check(third, BEGINNERS | {"states"})
    action = third.window.findChild(QAction, "reset_layout")
    assert isinstance(action, QAction)
    action.trigger()
    third.window.close()
    check(Program(qtbot, settings, qapp), ALL)


@pytest.mark.parametrize(
    ("stored", "hidden"),
    [
        ("ledger", {"ledger"}),
        (["try", "nothing", "data", "equation"], {"try"}),
        (17, set()),
        ({"a": 1}, set()),
    ],
)
def test_what_another_version_stored_does_no_harm(
    qtbot: QtBot, settings: QSettings, qapp: QApplication, stored: object, hidden: set[str]
) -> None:
    settings.setValue("hidden-parts", stored)
    check(Program(qtbot, settings, qapp), ALL - hidden)


def test_the_menu_shows_and_hides_each(program: Program) -> None:
    wanted = ALL
    for name in TITLES:
        choose_panel(program, name)
        wanted = wanted - {name}
        check(program, wanted)
    for name in reversed(TITLES):
        choose_panel(program, name)
        wanted = wanted | {name}
        check(program, wanted)
        if name in TAB_NAMES:
            assert program.window.tabs.currentIndex() == TAB_NAMES.index(name)


def test_a_lesson_decides_and_gives_back_what_was_chosen(
    program: Program, settings: QSettings
) -> None:
    parts = program.window.parts
    choose_panel(program, "rule")
    program.press(Key.Key_F6)
    mine = ALL - {"rule"} | {"code"}
    check(program, mine)
    stored = settings.value("hidden-parts")
    for page in ({"states", "check"}, (), {"derive", *TITLES}):
        parts.lend()
        parts.show(page)
        check(program, BEGINNERS | set(page))
    program.press(Key.Key_B, modifiers=CTRL)  # on this page alone
    check(program, BEGINNERS)
    assert settings.value("hidden-parts") == stored
    parts.give_back()
    check(program, mine)
    parts.give_back()
    check(program, mine)


KEYS = {"code": Key.Key_F6, "check": Key.Key_F7, "derive": Key.Key_F8}


@pytest.mark.parametrize("name", LEARNING)
def test_the_tabs_appear_with_the_one_that_a_key_brings(program: Program, name: str) -> None:
    window = program.window
    window.parts.show(())
    program.press(KEYS[name])
    check(program, BEGINNERS | {name})
    assert has_focus(window.learning.view(name))
    program.press(KEYS[name])
    check(program, BEGINNERS)
    assert has_focus(window.canvas)


def test_the_cross_of_the_only_tab_hides_the_tabs(program: Program) -> None:
    window = program.window
    window.parts.show(())
    program.press(Key.Key_F7, Key.Key_F6)
    check(program, BEGINNERS | {"code"})
    bar = window.tabs.tabBar()
    cross = bar.tabButton(window.tabs.count() - 1, QTabBar.ButtonPosition.RightSide)
    assert isinstance(cross, QWidget)
    QTest.mouseClick(cross, LEFT)
    check(program, BEGINNERS)
    assert has_focus(window.canvas)


def fields(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    yield "weights", window.experiment.weights["Wx"]
    yield "edits", window.experiment.preset
    yield "settings", window.experiment.compare
    yield "rule", window.experiment.update_rule
    yield "training", window.step_bar.goal
    yield "try", window.trial.line
    yield "ledger", window.ledger.table
    yield "history", window.history.runs_button


def test_the_keyboard_never_stays_in_what_is_hidden(program: Program) -> None:
    window = program.window
    for name, field in fields(window):
        field.setFocus()
        assert has_focus(field)
        window.parts.set_shown(name, False)
        assert has_focus(window.canvas), name
    for name in LEARNING:
        window.parts.set_shown(name, True)
        window.learning.view(name).setFocus()
        window.parts.show(())
        assert has_focus(window.canvas), name


def test_where_it_is_shown_the_keyboard_stays(program: Program) -> None:
    field = program.window.experiment.weights["Wrec"]
    field.setFocus()
    program.window.parts.show({"weights", "code"})
    assert has_focus(field)


def test_what_is_typed_counts_even_where_its_field_is_hidden(program: Program) -> None:
    window = program.window
    window.experiment.weights["Wx"].setFocus()
    program.press(Key.Key_A, modifiers=CTRL)
    program.type("2.5")
    program.press(Key.Key_B, modifiers=CTRL)
    check(program, BEGINNERS)
    assert program.session.frame.weights["Wx"] == 2.5


def test_training_goes_on_where_its_buttons_are_hidden(program: Program) -> None:
    program.window.parts.show(())
    program.press(Key.Key_T)
    assert program.session.training is not None
    check(program, BEGINNERS)
    program.press(Key.Key_T)
    assert program.session.training is None
    program.press(Key.Key_E)
    assert program.position[0] > 0


def test_a_sequence_that_is_tried_goes_with_its_line(program: Program) -> None:
    window = program.window
    window.trial.line.setFocus()
    program.type("10110")
    assert window.canvas.network.frame is window.trial.trial
    window.parts.show({"states"})
    assert window.canvas.network.frame is program.session.frame
    program.session.next_step()
    assert window.canvas.network.frame is program.session.frame
    assert window.canvas.states.frame is program.session.frame
    window.parts.show_all()
    assert window.canvas.network.frame is window.trial.trial


def test_gradient_sizes_bring_their_panel_along(program: Program) -> None:
    canvas = program.window.canvas
    program.window.parts.show(())
    program.press(Key.Key_L, modifiers=CTRL)
    action = program.window.findChild(QAction, "log_gradients")
    assert isinstance(action, QAction)
    for shown in (True, False):
        assert canvas.sizes_shown is shown is action.isChecked()
        assert [panel.figure for panel in canvas.panels] == ["network", "gradients"]
        assert (canvas.panels[-1] is canvas.gradients) is not shown
        assert canvas.panels[-1].frame is program.session.frame
        program.press(Key.Key_L, modifiers=CTRL)
    program.window.parts.show(())
    assert action.isChecked()
    program.press(Key.Key_L, modifiers=CTRL)
    assert canvas.sizes_shown
    assert action.isChecked()
    assert len(canvas.panels) == 2


def test_there_is_nothing_to_enlarge_without_tabs(program: Program) -> None:
    window = program.window
    program.press(Key.Key_M, modifiers=CTRL)
    assert window.right_column.enlarged
    window.parts.show({"ledger"})
    check(program, BEGINNERS | {"ledger"})
    assert not window.right_column.enlarged
    program.press(Key.Key_M, modifiers=CTRL)
    assert not window.right_column.enlarged
    assert program.sentence == "No tab is shown: choose one under View, Panels."
    window.parts.show({"history"})
    program.press(Key.Key_M, modifiers=CTRL)
    assert not window.equation.isVisible()
    window.parts.show({"ledger", "history"})  # still enlarged
    assert not window.ledger.isVisible()
    program.press(Key.Key_M, modifiers=CTRL)
    check(program, BEGINNERS | {"ledger", "history"})


def test_a_hidden_section_leaves_no_gap(program: Program) -> None:
    """Each section stands as far below the one before it as in the whole panel."""
    experiment = program.window.experiment

    def top(widget: QWidget) -> int:
        QApplication.processEvents()
        return widget.mapTo(experiment, QPoint(0, 0)).y()

    between = top(experiment.initial_state) - top(experiment.rates["Wrec"])
    program.window.parts.show({"settings"})
    grid = experiment.grid
    assert top(experiment.initial_state) - top(grid) - grid.height() < between
    program.window.parts.show({"settings", "weights"})
    assert top(experiment.initial_state) - top(experiment.rates["Wrec"]) == between


def test_the_network_alone_stands_above(program: Program) -> None:
    """Large where there is room, and not stretched."""
    canvas = program.window.canvas
    program.window.parts.show(())
    for width, height in ((1280, 720), (1440, 900), (3840, 2160)):
        program.window.resize(width, height)
        QApplication.processEvents()
        panel = canvas.network
        assert canvas.point_of(panel, 0.0, 1.0).y() < 80
        assert panel.size().height() <= max(0.64 * canvas.width(), 420) + 1
    assert panel._placed().text == 32
    program.window.parts.show({"states"})
    QApplication.processEvents()
    assert panel._placed().text == 16
    xs = [canvas.point_of(each, 2.0, 0.0).x() for each in canvas.panels]
    assert xs[0] == xs[1]


def test_a_click_means_the_same_wherever_a_panel_stands(program: Program) -> None:
    window, canvas = program.window, program.window.canvas
    program.press(Key.Key_End)
    for parts in ((), {"gradients"}, {"states"}):
        window.parts.show(parts)
        QApplication.processEvents()
        for panel in canvas.panels:
            at = canvas.point_of(panel, 1.0, sum(panel.y_range) / 2)
            there = canvas._plots.mapFrom(canvas, at)
            scene = canvas._plots.mapToScene(there)
            assert canvas.panel_at(scene) is panel
            assert "timestamp 1" in canvas._plots.tip_at(there.toPointF()).lower()
    chosen = program.session.frame.sequence
    value = program.session.frame.trace.history("S(Out)")[3, 2 if chosen != 2 else 0]
    at = canvas.point_of(canvas.states, 3.0, float(value))
    QTest.mouseClick(canvas._plots.viewport(), LEFT, pos=canvas._plots.mapFrom(canvas, at))
    assert program.session.frame.sequence != chosen

"""Vanishing and exploding gradients, from the preset to the clipboard, by the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from core.cell.steps import Position
from core.epoch.frame import Frame
from rnn_gui.plots.gradients_panel import GradientsPanel
from rnn_gui.plots.sizes_panel import SizesPanel
from tests.journeys.conftest import CTRL, Key, Program
from tests.journeys.test_nothing_early import EPOCH, picture, scramble


def choose_preset(program: Program, down: int) -> None:
    """So many presets further down the list, by its arrow keys."""
    program.window.experiment.preset.setFocus()
    program.press(*[Key.Key_Down if down > 0 else Key.Key_Up] * abs(down))
    program.press(Key.Key_Escape)


def new_from_preset(program: Program, title: str) -> None:
    menus = program.window.menuBar().findChildren(QMenu)
    [menu] = [m for m in menus if m.title() == "&New from preset"]
    [action] = [a for a in menu.actions() if a.text().startswith(title)]
    action.trigger()


def shown(program: Program) -> type:
    """Which panel of gradients the canvas shows, as the action says."""
    canvas = program.window.canvas
    action = program.window.findChild(QAction, "log_gradients")
    assert action is not None
    panel = canvas.panels[-1]
    assert panel.isVisible()
    assert canvas.gradients.isVisible() is (panel is canvas.gradients)
    assert action.isChecked() is isinstance(panel, SizesPanel)
    return type(panel)


def test_the_preset_shows_it_and_a_key_switches_it(program: Program) -> None:
    assert shown(program) is GradientsPanel
    choose_preset(program, 3)
    assert program.session.run.name == "vanishing"
    assert shown(program) is SizesPanel
    program.press(Key.Key_End)
    assert "0.5¹⁹ = 1.9e−6: it vanishes." in program.window.canvas.accessibleDescription()
    program.press(Key.Key_L, modifiers=CTRL)
    assert shown(program) is GradientsPanel
    assert "vanishes" not in program.window.canvas.accessibleDescription()
    program.press(Key.Key_L, modifiers=CTRL)
    assert shown(program) is SizesPanel


def test_the_panels_share_the_height_as_before(program: Program) -> None:
    def heights() -> list[float]:
        QApplication.processEvents()
        return [panel.size().height() for panel in program.window.canvas.panels]

    before = heights()
    program.press(Key.Key_L, modifiers=CTRL)
    assert heights() == pytest.approx(before, abs=1.5)
    program.press(Key.Key_L, modifiers=CTRL)
    assert heights() == pytest.approx(before, abs=1.5)


def test_what_a_preset_switched_on_another_one_switches_off(program: Program) -> None:
    choose_preset(program, 4)
    assert program.session.run.name == "exploding"
    assert shown(program) is SizesPanel
    program.answer("Discard")
    new_from_preset(program, "Part 1")
    assert shown(program) is GradientsPanel
    new_from_preset(program, "Vanishing")
    assert shown(program) is SizesPanel


def test_what_a_person_chose_stands(program: Program) -> None:
    program.press(Key.Key_L, modifiers=CTRL)
    new_from_preset(program, "Vanishing")
    new_from_preset(program, "Part 1")
    assert shown(program) is SizesPanel
    new_from_preset(program, "Exploding")
    program.press(Key.Key_L, modifiers=CTRL)
    program.press(Key.Key_F, Key.Key_E)
    program.press(Key.Key_R, modifiers=CTRL)  # an edit: not a preset any more
    assert shown(program) is GradientsPanel
    program.press(Key.Key_Z, modifiers=CTRL)  # nor is this one loaded
    assert shown(program) is GradientsPanel


def copied(program: Program) -> str:
    """The title of the last plot, copied from its context menu."""
    canvas = program.window.canvas
    canvas.menu_requested.emit(canvas.panels[-1].figure, QPoint())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    return QGuiApplication.clipboard().text()


def test_the_copied_plot_is_what_is_seen(program: Program) -> None:
    new_from_preset(program, "Vanishing")
    program.press(Key.Key_End)
    assert "it vanishes" in copied(program)
    program.press(Key.Key_L, modifiers=CTRL)
    assert "vanishes" not in copied(program)


@pytest.fixture
def sized(program: Program) -> Program:
    """The sizes on a middle epoch of a run, compared with those without activation."""
    program.window.resize(1440, 900)
    program.session.choose_sequence(2)
    program.session.set_compare(True)
    program.session.run.reach(EPOCH)
    program.press(Key.Key_L, modifiers=CTRL)
    return program


@pytest.mark.parametrize("step", [0, 7, 8, 9, 11, 12, 14, 15, 17])
def test_what_is_not_known_leaves_no_mark(
    sized: Program, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    picture(sized, Position(EPOCH, 17))
    honest = picture(sized, Position(EPOCH, step))
    scramble(monkeypatch, sized.session.run, step)
    assert picture(sized, Position(EPOCH, step)) == honest


def test_a_size_that_is_shown_too_early_is_found(
    sized: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Frame, "known", lambda *_: range(1, 4))
    canvas = sized.window.canvas

    def drawn() -> list[bytes]:
        sized.session.go_to(Position(EPOCH, 9))
        panel = canvas.panels[-1]
        assert isinstance(panel, SizesPanel)
        return [line.y.tobytes() for line in panel.lines()]

    honest = drawn()
    scramble(monkeypatch, sized.session.run, 9)
    assert drawn() != honest

"""What helps to learn, in the whole window: by its keys, and what it leads to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from core.cell.steps import Position
from rnn_gui.equation_canvas import lines_of
from rnn_gui.views.check_view import CheckView
from rnn_gui.views.code_view import CodeView
from rnn_gui.views.derive_view import DeriveView
from tests.journeys.conftest import Key, Program, has_focus

KEYS = {"code": Key.Key_F6, "check": Key.Key_F7, "derive": Key.Key_F8}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_brings_a_view_and_takes_it_away(program: Program, key: str) -> None:
    tabs = program.window.tabs
    program.press(KEYS[key])
    view = program.window.learning.view(key)
    assert tabs.currentWidget() is view
    assert view.isVisible()
    program.press(KEYS[key])
    assert tabs.count() == 3
    assert not view.isVisible()


def test_the_code_follows_every_step(program: Program) -> None:
    program.press(Key.Key_F6)
    view = program.window.learning.view("code")
    assert isinstance(view, CodeView)
    seen = set()
    program.window.canvas.setFocus()
    for _ in range(18):
        program.press(Key.Key_Right)
        seen.add(view.step_text)
    assert len(seen) == 18


def test_beside_a_derivation_the_equation_has_its_results_and_a_whole_line(
    program: Program,
) -> None:
    program.window.resize(1280, 700)  # of 720 a frame of the system takes some
    program.press(KEYS["derive"])
    program.window.canvas.setFocus()
    canvas = program.window.equation.equations
    scrolled = 0
    for _ in range(18):
        program.press(Key.Key_Right)
        QApplication.processEvents()
        first = lines_of(canvas._layout)[0]
        assert canvas.needed_height <= canvas.height() or canvas.seen.top == first.top
        assert canvas.seen.bottom >= first.bottom
        scrolled += canvas.verticalScrollBar().maximum() > 0
    assert scrolled > 3


def test_the_check_agrees_after_the_sums(program: Program) -> None:
    program.press(Key.Key_F7)
    view = program.window.learning.view("check")
    assert isinstance(view, CheckView)
    assert view.note.isVisible()
    program.session.go_to(Position(0, 17))
    assert not view.note.isVisible()
    view.plant()
    assert view.strip.isVisible()


def test_a_formula_is_typed_at_once_and_steps_go_on_after_escape(program: Program) -> None:
    program.press(Key.Key_F8)
    view = program.window.learning.view("derive")
    assert isinstance(view, DeriveView)
    program.type("2/N*(S3 - y)*Wrec*d_log(S2_in)*Wrec*d_log(S1_in)*X1")
    program.press(Key.Key_Return)
    assert "✓" in view.told.text()
    program.press(Key.Key_Escape)
    assert has_focus(program.window.canvas)
    program.press(Key.Key_Right)
    assert program.position == (0, 1)


def test_the_exported_script_prints_the_numbers_on_screen(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    program.session.train(25)
    program.until_trained()
    program.press(Key.Key_F6)
    view = program.window.learning.view("code")
    assert isinstance(view, CodeView)
    view.save_requested.emit()
    assert str(path) in program.sentence
    printed = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    numbers = dict(line.split() for line in printed.splitlines())
    frame = program.session.frame
    assert frame.cost is not None
    assert int(numbers["epoch"]) == frame.position.epoch == 25
    assert float(numbers["cost"]) == pytest.approx(frame.cost, rel=1e-12)
    assert float(numbers["Wrec"]) == pytest.approx(frame.trace.weights["Wrec"], rel=1e-12)


def test_a_script_that_cannot_be_written_is_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path), ""))  # a folder
    told: list[str] = []
    monkeypatch.setattr("rnn_gui.takeaway.show_problem", lambda _window, *said: told.extend(said))
    program.press(Key.Key_F6)
    view = program.window.learning.view("code")
    assert isinstance(view, CodeView)
    view.save_requested.emit()
    assert told[0] == "No script was written."
    assert told[1].startswith(f"{tmp_path} cannot be written")


def test_a_planted_mistake_is_on_all_of_the_screen_and_clearly_marked(program: Program) -> None:
    window = program.window
    program.session.go_to(Position(0, 17))
    right = window.equation.text_in_full()
    program.press(Key.Key_F7)
    view = window.learning.view("check")
    assert isinstance(view, CheckView)
    assert not window.planted.isVisible()
    view.plant()
    assert window.planted.isVisible()
    assert window.equation.text_in_full() != right
    kept = program.session.frame.gradient  # the session, and so training, knows of nothing
    assert kept == program.session.run.trace(0).gradient
    view.stop_finding()
    assert not window.planted.isVisible()
    assert window.equation.text_in_full() == right


def test_each_step_asks_before_it_shows(program: Program) -> None:
    program.press(Key.Key_F9)
    bar = program.window.predict
    assert bar.isVisible()
    program.type("0,471")
    program.press(Key.Key_Return)
    assert program.position == (0, 1)
    assert "✓" in bar.told.text()
    program.press(Key.Key_F9)
    assert not bar.isVisible()
    assert has_focus(program.window.canvas)

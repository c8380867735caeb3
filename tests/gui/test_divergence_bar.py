"""The bar that says why a run diverged, and offers ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.training.run import Run
from rnn_gui.views.divergence_bar import DivergenceBar
from tests.tutorial import changed, pair

FAST = changed(PRESETS["part-1"].experiment, learning_rates=pair(0.1, 0.1))


def test_it_stands_there_while_the_end_of_a_diverged_run_is_shown(qtbot: QtBot) -> None:
    bar = DivergenceBar()
    qtbot.addWidget(bar)
    run = Run(FAST)
    bar.show_frame(frame_at(run, Position(0, 0)))
    assert bar.isHidden()
    run.extend(100)
    bar.show_frame(frame_at(run, Position(run.last, 17)))
    assert not bar.isHidden()
    sentence = bar.findChildren(QLabel)[0].text()
    assert "the factor Wrec · f' at every timestamp" in sentence
    bar.show_frame(frame_at(run, Position(1, 17)))
    assert bar.isHidden()


def test_each_button_asks_for_its_way_out(qtbot: QtBot) -> None:
    bar = DivergenceBar()
    qtbot.addWidget(bar)
    run = Run(FAST)
    run.extend(100)
    bar.show_frame(frame_at(run, Position(run.last, 17)))
    with qtbot.waitActive(bar):
        bar.show()
    chosen: list[str] = []
    bar.way_out_chosen.connect(lambda way: chosen.append(way.title))
    for button in bar.buttons:
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert chosen == ["Rates divided by 10", "Clip at norm 1", "Rprop"]

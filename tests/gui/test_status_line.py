"""The status line: what is known, in both vocabularies, and sentences as they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.notation import number, signed
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.epoch.spoken import spoken
from core.training.run import Run
from rnn_gui.theme import LIGHT, Look
from rnn_gui.views import status_line
from rnn_gui.views.status_line import StatusLine
from tests.tutorial import COST, STATE_IN, STATE_OUT, SUMS, Quantity, step_number

RUN = Run(PRESETS["part-2"].experiment, "part-2")


def frame(kind: Quantity, timestamp: int = 0) -> Frame:
    return frame_at(RUN, Position(0, step_number(3, kind, timestamp)))


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_frame(frame(SUMS))
    line.show()
    return line


def shown(line: StatusLine) -> list[QLabel]:
    return [label for label in line.findChildren(QLabel) if label.isVisible()]


def test_only_what_is_known_is_shown(line: StatusLine) -> None:
    line_frame = frame(STATE_OUT, 3)
    line.show_frame(line_frame)
    texts = ["cost ·", "dE/dWx ·", "dE/dWrec ·", "3 sequences × 3 timestamps", spoken(line_frame)]
    assert [label.text() for label in shown(line)] == texts
    line.show_frame(frame(SUMS))
    cost, (wx, wrec) = RUN.costs[0], RUN.trace(0).gradient.values()
    texts[:3] = f"cost {number(cost)}", f"dE/dWx {signed(wx)}", f"dE/dWrec {signed(wrec)}"
    texts[-1] = spoken(frame(SUMS))
    assert [label.text() for label in shown(line)] == texts


def test_tool_tips_have_all_digits_and_the_standard_words(line: StatusLine) -> None:
    wx, wrec = RUN.trace(0).gradient.values()
    assert [label.toolTip() for label in shown(line)[:4]] == [
        f"cost: {RUN.trace(0).cost!r}\nmean squared error",
        f"dE/dWx: {wx!r}\ngradient with respect to the input weight",
        f"dE/dWrec: {wrec!r}\ngradient with respect to the recurrent weight",
        "input sequences × time steps",
    ]
    line.show_frame(frame(STATE_IN, 1))
    tip = "cost: not computed yet at this step\nmean squared error"
    assert shown(line)[0].toolTip() == tip


def test_the_step_is_said_to_a_screen_reader_once_it_rests(
    line: StatusLine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    replaced = {
        "isActive": staticmethod(lambda: True),
        "updateAccessibility": staticmethod(lambda event: said.append(event.message())),
    }
    reader = type("Reader", (QAccessible,), replaced)
    monkeypatch.setattr(status_line, "QAccessible", reader)
    for kind in (COST, SUMS, COST):  # as fast as training goes
        line.show_frame(frame(kind))
    assert not said
    qtbot.waitUntil(lambda: bool(said), timeout=3000)
    assert said == [spoken(frame(COST))]


def test_digits_follow_the_look(line: StatusLine) -> None:
    line.set_look(Look(LIGHT, 8))
    assert shown(line)[0].text() == f"cost {number(RUN.trace(0).cost, 8)}"


def test_a_sentence_takes_the_place_until_the_next_frame(line: StatusLine) -> None:
    line.say_problem("Something is wrong.")
    assert [label.text() for label in shown(line)] == [line.sentence] == ["Something is wrong."]
    line.set_look(Look())
    assert line.sentence == "Something is wrong."
    line.show_frame(frame(COST))
    assert line.sentence == ""
    assert len(shown(line)) == 5


def test_a_sentence_is_shown_as_it_is(line: StatusLine) -> None:
    line.say("<b>mine</b>.rnn.json cannot be read.")
    [label] = shown(line)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.toolTip() == "<p>&lt;b&gt;mine&lt;/b&gt;.rnn.json cannot be read.</p>"

"""What is not computed yet leaves no mark on the window: scrambled, it changes no pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from core.activations import Array
from core.frame import Frame
from core.steps import Kind, Position, known_timestamps
from core.trace import Trace
from core.training import Run
from tests.journeys.conftest import Program

EPOCH, WRONG = 3, 777.25


def scrambled(trace: Trace, step: int) -> Trace:
    """The same trace with another number wherever none is known after ``step`` steps."""

    def hidden(array: Array, kind: Kind, first_row: int = 1) -> Array:
        made = array.copy()
        known = known_timestamps(len(trace.state_in), kind, step)
        for row in range(len(array)):
            if row + first_row not in known and row + first_row > 0:
                made[row] = WRONG
        return made

    changed: dict[str, Any] = {
        "state_in": hidden(trace.state_in, Kind.STATE_IN),
        "state_out": hidden(trace.state_out, Kind.STATE_OUT, first_row=0),
        "slopes": hidden(trace.slopes, Kind.D_STATE_IN),
        "d_state_out": hidden(trace.d_state_out, Kind.D_STATE_OUT),
        "d_state_in": hidden(trace.d_state_in, Kind.D_STATE_IN),
        **{
            name: hidden(getattr(trace, name), Kind.D_WEIGHTS)
            for name in (
                *("d_wx_terms", "d_wrec_terms", "d_wx_by_timestamp", "d_wrec_by_timestamp"),
                *("running_d_wx", "running_d_wrec"),
            )
        },
        "cost": trace.cost if step >= 7 else WRONG,
    }
    return replace(trace, **changed)


def picture(program: Program, position: Position) -> QImage:
    program.session.go_to(position)
    for _ in range(3):
        QApplication.processEvents()
    return program.window.grab().toImage()


@pytest.fixture(params=[False, True], ids=["alone", "compared"])
def stepped(program: Program, request: pytest.FixtureRequest) -> Program:
    """On a middle epoch of a run that ends there, with a sequence that has all inputs 1."""
    program.window.resize(1440, 900)
    program.session.choose_sequence(2)
    program.session.set_compare(request.param)
    program.session.run.reach(EPOCH)
    return program


def scramble(monkeypatch: pytest.MonkeyPatch, run: Run, step: int) -> None:
    for name in ("trace", "trace_without_activation"):
        real = getattr(run, name)(EPOCH)
        monkeypatch.setattr(run, name, lambda _epoch, real=real: scrambled(real, step))
    if step < 7:
        table = run._table.copy()
        table[EPOCH, 0] = WRONG
        monkeypatch.setattr(run, "_table", table)


@pytest.mark.parametrize("step", range(18))
def test_what_is_not_known_leaves_no_mark(
    stepped: Program, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    picture(stepped, Position(EPOCH, 17))  # every view has its widest numbers once
    honest = picture(stepped, Position(EPOCH, step))
    scramble(monkeypatch, stepped.session.run, step)
    assert picture(stepped, Position(EPOCH, step)) == honest


def test_a_view_that_shows_the_cost_too_early_is_found(
    stepped: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Frame, "cost", property(lambda frame: frame.trace.cost))
    honest = picture(stepped, Position(EPOCH, 4))
    scramble(monkeypatch, stepped.session.run, 4)
    assert picture(stepped, Position(EPOCH, 4)) != honest


def test_a_state_that_is_shown_too_early_is_found(
    stepped: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = dict.fromkeys(Kind, range(1, 4))
    monkeypatch.setattr(Frame, "_known", everything)
    honest = picture(stepped, Position(EPOCH, 4))
    scramble(monkeypatch, stepped.session.run, 4)
    assert picture(stepped, Position(EPOCH, 4)) != honest


def test_known_numbers_are_not_scrambled(stepped: Program) -> None:
    trace = stepped.session.run.trace(EPOCH)
    whole = scrambled(trace, 17)
    for name, value in vars(trace).items():
        assert np.array_equal(getattr(whole, name), value), name

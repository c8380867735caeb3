"""What is not computed yet leaves no mark on the window: scrambled, it changes no pixel."""

from __future__ import annotations

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
BY_TIMESTAMP = ("d_wx_by_timestamp", "d_wrec_by_timestamp")
ADDED = ("d_wx_terms", "d_wrec_terms", "running_d_wx", "running_d_wrec")


def scrambled(trace: Trace, step: int) -> Trace:
    """The same trace with another number wherever none is known after ``step`` steps."""

    def hidden(array: Array, kind: Kind, first_row: int = 1) -> Array:
        made = array.copy()
        known = known_timestamps(len(trace.state_in), kind, step)
        for row in range(len(array)):
            if row + first_row not in known and row + first_row > 0:
                made[row] = WRONG
        return made

    added = {name: hidden(getattr(trace, name), Kind.D_WEIGHTS) for name in ADDED}
    made = Trace(trace.experiment, trace.weights)
    # What a trace has computed it keeps under these names.
    vars(made).update(
        added,
        cost=trace.cost if step >= 7 else WRONG,
        _forward=(
            hidden(trace.state_in, Kind.STATE_IN),
            hidden(trace.state_out, Kind.STATE_OUT, first_row=0),
            hidden(trace.slopes, Kind.D_STATE_IN),
        ),
        _backward=(
            hidden(trace.d_state_out, Kind.D_STATE_OUT),
            hidden(trace.d_state_in, Kind.D_STATE_IN),
            *(hidden(getattr(trace, name), Kind.D_WEIGHTS) for name in BY_TIMESTAMP),
        ),
    )
    return made


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
        table[0, EPOCH] = WRONG
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
    tables = ("state_in", "state_out", "slopes", "cost", "d_state_out", "d_state_in")
    for name in (*tables, *BY_TIMESTAMP, *ADDED):
        assert np.array_equal(getattr(whole, name), getattr(trace, name)), name


@pytest.mark.parametrize("step", [0, 6, 12, 16])
def test_on_the_loss_surface_neither(
    stepped: Program, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    stepped.window.tabs.setCurrentWidget(stepped.window.surface)
    stepped.session.go_to(Position(EPOCH, 17))
    stepped.qtbot.wait(600)  # the surface comes in pieces
    honest = picture(stepped, Position(EPOCH, step))
    scramble(monkeypatch, stepped.session.run, step)
    assert picture(stepped, Position(EPOCH, step)) == honest

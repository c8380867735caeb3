"""What is not computed yet leaves no mark on the window: scrambled, it changes no pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from core.cell.names import variable
from core.cell.steps import Kind, Position
from core.code.trace import Trace
from core.epoch.frame import Frame
from core.training.run import Run
from tests.journeys.conftest import Program

EPOCH, WRONG = 3, 777.25


def scrambled(trace: Trace, step: int) -> Trace:
    """The same trace with another number wherever none is known after ``step`` steps."""
    made = Trace(trace.experiment, trace.weights, trace.listing)
    real = trace._after_backward
    space = {name: [*value] if isinstance(value, list) else value for name, value in real.items()}
    steps, cell = trace.experiment.steps, trace.cell

    def hide(name: str, kind: Kind, quantity: str) -> None:
        for k in range(1, steps.timestamps + 1):
            if not steps.is_known(kind, quantity, k, step):
                space[name][k] = np.full_like(space[name][k], WRONG)

    for quantity in cell.quantities:
        hide(variable(cell, quantity), Kind.VALUE, quantity)
        hide(f"d_{variable(cell, quantity)}", Kind.GRADIENT, quantity)
    for weight in cell.weights:
        hide(f"d_{variable(cell, weight)}_at", Kind.PARTS, "")
        if not steps.is_known(Kind.SUMS, "", 0, step):
            space[f"d_{variable(cell, weight)}"] = WRONG
    if not steps.is_known(Kind.COST, "", 0, step):
        space[variable(cell, cell.cost.left)] = WRONG
    # What a trace has computed it keeps under these names.
    vars(made).update(_after_forward=space, _after_backward=space)
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
    monkeypatch.setattr(Frame, "known", lambda *_: range(1, 4))
    honest = picture(stepped, Position(EPOCH, 4))
    scramble(monkeypatch, stepped.session.run, 4)
    assert picture(stepped, Position(EPOCH, 4)) != honest


def test_known_numbers_are_not_scrambled(stepped: Program) -> None:
    trace = stepped.session.run.trace(EPOCH)
    whole = scrambled(trace, 17)
    assert whole.cost == trace.cost
    assert whole.gradient == trace.gradient
    for name in trace.cell.quantities:
        assert np.array_equal(whole.table(name), trace.table(name)), name
        assert np.array_equal(whole.gradient_table(name), trace.gradient_table(name)), name
    for weight in trace.cell.weights:
        assert np.array_equal(whole.parts(weight), trace.parts(weight)), weight


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

"""What is not computed yet leaves no mark on the window: scrambled, it changes no pixel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from core.cell.expression import Apply, Leaf, Node, leaves, operations
from core.cell.names import variable
from core.cell.operations import slope_of
from core.cell.steps import Kind, Position
from core.code.trace import Trace
from core.data.presets import PRESETS
from core.epoch.frame import Frame
from core.training.run import Run
from tests.journeys.conftest import Program

EPOCH, WRONG = 3, 777.25
SLOPE = Apply("d_log", (Leaf("S(In)", 0),))
D_STATE_IN = Leaf("S(Out)", 0, d=True) * SLOPE
TERM = Leaf("S(In)", 0, d=True) * Leaf("X", 0)
ADDS = {"X", "S(Out)"}  # what dE/dS(In) is multiplied by in what a timestamp adds


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
    value = partial(scrambled_value, made, step)
    vars(made).update(_after_forward=space, _after_backward=space, value=value)
    return made


def scrambled_value(trace: Trace, step: int, node: Node, k: int) -> Any:
    """What can be worked out of known numbers is not known before its own step is done."""
    found, steps = Trace.value(trace, node, k), trace.experiment.steps
    known = all(steps.is_known(*place, step) for place in belongs_to(node, k))
    return found if known else np.full_like(found, WRONG)


def belongs_to(node: Node, k: int) -> list[tuple[Kind, str, int]]:
    """The steps that a slope, and what one sequence adds to the weights, are known with."""
    slopes = [leaf for one in operations(node) if slope_of(one) for leaf in leaves(one)]
    found = [(Kind.GRADIENT, leaf.name, k + (leaf.shift or 0)) for leaf in slopes]
    gradients, values = ({x.name for x in leaves(node) if x.d is d} for d in (True, False))
    if "S(In)" in gradients and values & ADDS:
        found.append((Kind.PARTS, "", k))
    return found


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


@pytest.mark.parametrize("step", range(18))
def test_all_that_is_not_known_is_scrambled_and_nothing_else(step: int) -> None:
    trace = Run(PRESETS["part-2"].experiment, "part-2").trace(0)
    made = scrambled(trace, step)
    pairs = zip(numbers_by_step(made), numbers_by_step(trace), strict=True)
    for (known_at, found), (_, honest) in pairs:
        same = np.equal(found, honest)
        assert same.all() if known_at <= step else not same.any()


def numbers_by_step(trace: Trace) -> Iterator[tuple[int, Any]]:
    """All numbers of three timestamps, each with the step that it is known after."""
    yield 7, trace.cost
    yield 17, trace.gradient.flat
    for row, k in enumerate((1, 2, 3)):
        yield 2 * k - 1, trace.values("S(In)", k)
        yield 2 * k - 1, trace.table("S(In)")[row]
        yield 2 * k, trace.values("S(Out)", k)
        yield 2 * k, trace.history("S(Out)")[k]
        at = 17 - 3 * k
        yield at, trace.gradients("S(Out)", k)
        yield at + 1, trace.gradients("S(In)", k)
        yield at + 1, trace.gradient_table("S(In)")[row]
        yield at + 1, trace.value(SLOPE, k)
        yield at + 2, trace.value(TERM, k)
        yield at + 1, trace.value(D_STATE_IN, k)
        for weight in ("Wx", "Wrec"):
            yield at + 2, trace.part(weight, k)
            yield at + 2, trace.parts(weight)[row]
            yield at + 2, trace.running_sums(weight)[row]


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

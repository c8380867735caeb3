"""A cell that nothing in the program knows: one text, and all the rest follows from it."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from core.cell.reading import read_cell
from core.cell.steps import Position
from core.data.experiment import Experiment
from core.epoch.explain import explain
from core.epoch.frame import Frame, asking, frame_at
from core.epoch.script import script
from core.exercises.derivation import Derivations
from core.exercises.every_number import largest_error
from core.exercises.planted import mistakes_of
from core.exercises.predict import judge, question
from core.files.session import dumps, loads
from core.files.tables import tables_of
from core.landscape.costs import Landscape
from core.lessons.quantity import quantity
from core.training.run import Run
from tests.core.experiments import made

# Zhou, Wu, Zhang and Zhou, 2016: a GRU with one gate.
MINIMAL_GATED_UNIT = """\
f = sigmoid(Wf*x + Uf*h[k-1] + bf)     # The forget gate of timestamp {k}.
n = tanh(Wn*x + Un*(f * h[k-1]) + bn)
h = (1 - f) * h[k-1] + f * n
E = mean((h - y)**2)  for k = T
weights: Wf Uf bf Wn Un bn
inputs: x
"""


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return made(read_cell(MINIMAL_GATED_UNIT, "minimal gated unit"), 3, 4)


@pytest.fixture(scope="module")
def run(experiment: Experiment) -> Run:
    run = Run(experiment)
    assert run.reach(60)
    return run


@pytest.fixture(scope="module")
def frames(run: Run) -> list[Frame]:
    return [frame_at(run, Position(2, k)) for k in range(len(run.experiment.steps) + 1)]


def test_it_learns(run: Run) -> None:
    assert run.costs[60] < 0.5 * run.costs[0]


def test_its_gradients_are_right(run: Run) -> None:
    assert largest_error(run.trace(60)) < 1e-12


def test_every_step_has_its_equations_and_a_sentence(frames: list[Frame]) -> None:
    for frame in frames[1:]:
        told = explain(frame)
        assert told.equations
        assert told.sentence.endswith(".")
    gate = next(f for f in frames if f.position.step and f.step.label == "f2")
    assert explain(gate).sentence.startswith("The forget gate of timestamp 2.")


def test_every_question_knows_its_answer_and_mistakes(frames: list[Frame]) -> None:
    asked = [found for frame in frames[:-1] if (found := question(asking(frame)))]
    assert len(asked) > 20
    for one in asked:
        assert judge(one, repr(one.value), 4).right
    assert any(one.mistakes for one in asked)


def test_formulas_are_derived_and_mistakes_are_planted(experiment: Experiment, run: Run) -> None:
    derivations = Derivations(experiment)
    task = derivations.tasks[0]
    assert derivations.check(task, derivations.solution(task)[-1][0]).right
    planted = mistakes_of(experiment.cell, experiment.timestamps)
    assert len(planted) > 10
    right = run.trace(0)
    for mistake in planted.values():
        assert mistake.trace(right).gradient != right.gradient


def test_the_script_prints_the_numbers(run: Run) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(script(run, 7).text, {})  # noqa: S102 (our own lines)
    cost = next(line for line in printed.getvalue().splitlines() if line.startswith("cost "))
    assert float(cost.split()[1]) == pytest.approx(run.costs[7], rel=1e-12)


def test_it_is_kept_in_a_file_and_in_tables(experiment: Experiment) -> None:
    read, _ = loads(dumps(experiment, Position(0, 0)))
    assert read.cell == experiment.cell
    assert read.same_as(experiment)
    assert "values" in tables_of(experiment.cell)


def test_the_surface_is_its_cost(experiment: Experiment, run: Run) -> None:
    names = experiment.layout.component_names
    axis = {name: np.array([float(experiment.weights[name])]) for name in names[:2]}
    found = Landscape(experiment).on_grid(*axis.values())
    assert np.ravel(found)[0] == pytest.approx(run.costs[0], rel=1e-12)


def test_lessons_call_its_numbers_by_name(frames: list[Frame]) -> None:
    last = frames[-1]
    found = quantity("f2 b", last.experiment).value(last)
    assert found == last.trace.values("f", 2)[1]

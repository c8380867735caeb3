"""Compiled or not, the same numbers; without Numba, or if it fails, the program runs as it is."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from core.cell.known import KNOWN
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.engine import compiled
from core.engine.compiled import Compiler
from core.engine.program import Program
from core.training.run import Run
from tests.core.experiments import PART_2, made, of_ones, table

MUCH = 10**9


def program_of(run: Run) -> Program:
    assert isinstance(run._engine, Program)
    return run._engine


def compare(experiment: Experiment, longest: int) -> None:
    compiler = Compiler()
    plain, run = Run(experiment), Run(experiment, compiler=compiler)
    for each in (plain, run):
        each._engine = Program(experiment, longest)
    plain.extend(3000)
    run.extend(700)
    thread = compiler.prepare(program_of(run), MUCH)
    if thread is not None:
        thread.join()
    assert compiler.problem == ""
    assert (compiler.ready(program_of(run)) is not None) == (find_spec("numba") is not None)
    run.extend(2300)
    assert table(run) == table(plain)


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_compiled_or_not_bit_for_bit_the_same(rule: str) -> None:
    compare(PART_2.changed(update_rule=rule, clip_norm=0.5), 150)


@pytest.mark.parametrize("key", ["tutorial-with-bias", "running-count", "elman-1"])
def test_in_loops_too(key: str) -> None:
    compare(of_ones(key, 4, 3, learning_rates=0.01), 0)


def test_any_function_is_compiled() -> None:
    text = "h = exp(W*x) / (2 + sqrt(x**2 + h[k-1]**2)) + relu(W - h[k-1])\nE = mean((h - y)**2)\n"
    from core.cell.reading import read_cell

    compare(made(read_cell(f"{text}weights: W  inputs: x"), 2, 2, learning_rates=0.01), 150)


def test_runs_that_share_a_compiler_share_what_is_compiled() -> None:
    compiler = Compiler()
    one, other = Run(PART_2, compiler=compiler), Run(PART_2, compiler=compiler)
    thread = compiler.prepare(program_of(one), MUCH)
    if thread is not None:
        thread.join()
    faster = PART_2.changed(learning_rates=0.002)
    assert compiler.prepare(program_of(other), MUCH) is None
    assert compiler.prepare(program_of(Run(faster)), MUCH) is None
    assert Run(PART_2).compiler is not compiler


def test_little_work_is_not_worth_compiling() -> None:
    compiler = Compiler()
    assert compiler.prepare(program_of(Run(PART_2)), 1000) is None
    run = Run(made(KNOWN["lstm"]()), compiler=compiler)
    run.expect(MUCH)
    assert compiler.problem == ""


def test_a_compiler_that_fails_leaves_the_program_as_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Program) -> None:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(compiled, "_compiled", fail)
    compiler = Compiler()
    compiler.installed = True
    run = Run(PART_2, compiler=compiler)
    thread = compiler.prepare(program_of(run), MUCH)
    assert thread is not None
    thread.join()
    assert compiler.problem == "RuntimeError: no such instruction"
    assert compiler.ready(program_of(run)) is None
    assert compiler.prepare(program_of(run), MUCH) is None
    assert run.extend(10)

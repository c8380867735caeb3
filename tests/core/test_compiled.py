"""Compiled or not, the same numbers; without Numba, or if it fails, the loop runs as it stands."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from core import compiled, training
from core.compiled import Compiler
from core.plain_loop import Functions
from core.presets import PRESETS
from core.training import Run
from core.update_rules import UPDATE_RULES

PART_2 = PRESETS["part-2"].experiment
MUCH = 10**9


def functions_of(run: Run) -> Functions:
    return run._functions


def table(run: Run) -> list[list[float]]:
    numbers = [np.ravel(run.rule_numbers(epoch)) for epoch in range(run.last + 1)]
    return np.column_stack([run.costs, run.wx, run.wrec, numbers]).tolist()


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_compiled_or_not_bit_for_bit_the_same(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = Compiler()
    experiment = replace(PART_2, update_rule=rule, clip_norm=0.5)
    plain = Run(experiment)
    plain.extend(3000)
    monkeypatch.setattr(training, "COMPILED", compiler)
    run = Run(experiment)
    run.extend(700)
    thread = compiler.prepare(functions_of(run), MUCH)
    if thread is not None:
        thread.join()
    assert compiler.problem == ""
    assert (compiler.ready(functions_of(run)) is not None) == (find_spec("numba") is not None)
    run.extend(2300)
    assert table(run) == table(plain)


def test_little_work_is_not_worth_compiling() -> None:
    assert Compiler().prepare(functions_of(Run(PART_2)), 1000) is None


def test_a_compiler_that_fails_leaves_the_loop_as_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Functions) -> Functions:
        raise RuntimeError("no such instruction")

    monkeypatch.setattr(compiled, "_compiled", fail)
    compiler = Compiler()
    compiler.installed = True
    functions = functions_of(Run(PART_2))
    thread = compiler.prepare(functions, MUCH)
    assert thread is not None
    thread.join()
    assert compiler.problem == "RuntimeError: no such instruction"
    assert compiler.ready(functions) is None
    assert compiler.prepare(functions, MUCH) is None

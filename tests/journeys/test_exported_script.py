"""The script of a run, run as a process by a Python that has NumPy and nothing else."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from core.cell.known import ACTIVATIONS
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.script import script
from core.training.run import Run
from tests.core.epoch.frames import numbers_of
from tests.tutorial import pair, tutorial

# Alone, apart from this project and its surroundings, and a warning would end it.
PYTHON = (sys.executable, "-I", "-W", "error")
_RUNNER = """
import runpy, sys
for path in sys.argv[1:]:
    print("script", path)
    runpy.run_path(path)
"""

Numbers = dict[str, float]


def run_alone(*arguments: str, folder: Path) -> list[str]:
    """The lines that it prints; it says nothing else."""
    done = subprocess.run(
        [*PYTHON, *arguments], capture_output=True, text=True, cwd=folder, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def read(lines: list[str]) -> Numbers:
    return {name: float(value) for name, value in (line.split(" ") for line in lines)}


def program(run: Run, epoch: int) -> Numbers:
    """The program's numbers: the trace's, and the cost also as training kept it."""
    assert run.trace(epoch).cost == pytest.approx(run.costs[epoch], rel=1e-12, abs=0)
    return numbers_of(run, epoch)


def same(numbers: Numbers) -> object:
    return pytest.approx(numbers, rel=1e-12, abs=0)


def trained(experiment: Experiment, epoch: int) -> Run:
    run = Run(experiment)
    assert run.reach(epoch), run.ending
    return run


@pytest.mark.parametrize("key", PRESETS)
def test_each_preset(key: str, tmp_path: Path) -> None:
    run = Run(PRESETS[key].experiment)
    run.reach(200)
    epoch = run.last  # the gradients of one preset explode at once
    (tmp_path / "run.py").write_text(script(run, epoch).text, encoding="utf-8")
    assert read(run_alone("run.py", folder=tmp_path)) == same(program(run, epoch))


def _experiments() -> dict[str, Experiment]:
    """Every rule, clipped and not, for every pair of activations; real data, State 0 not 0."""
    draw = np.random.default_rng(3)
    inputs, targets = draw.normal(size=(3, 4)), draw.normal(size=3)
    combinations = product(UPDATE_RULES, (None, 0.1), ACTIVATIONS, ACTIVATIONS)
    return {
        f"{rule}-{clip_norm}-{hidden}-{last}": tutorial(
            inputs=inputs,
            targets=targets,
            initial_state=-0.6,
            hidden_activation=hidden,
            last_activation=last,
            weights=pair(0.9, 0.7),
            learning_rates=pair(0.02, 0.01),
            update_rule=rule,
            clip_norm=clip_norm,
        )
        for rule, clip_norm, hidden, last in combinations
    }


def test_every_rule_with_every_pair_of_activations(tmp_path: Path) -> None:
    runs = {name: trained(experiment, 15) for name, experiment in _experiments().items()}
    for name, run in runs.items():
        (tmp_path / f"{name}.py").write_text(script(run, 15).text, encoding="utf-8")
    lines = run_alone("-c", _RUNNER, *(f"{name}.py" for name in runs), folder=tmp_path)
    blocks = "\n".join(lines).split("script ")[1:]
    found = {path: read(rest) for path, *rest in map(str.splitlines, blocks)}
    assert found == {f"{name}.py": same(program(run, 15)) for name, run in runs.items()}
    assert len(found) == 4 * 2 * 4 * 4


def test_it_needs_nothing_of_this_project(tmp_path: Path) -> None:
    run = Run(PRESETS["part-2"].experiment)
    text = f"{script(run, 0).text}import sys\nprint([m for m in sys.modules if m in {_OURS}])\n"
    assert run_alone("-c", text, folder=tmp_path)[-1] == "[]"


_OURS = ("core", "rnn_gui", "resources", "PySide6", "pyqtgraph")

"""The script of a run: its lines belong to their steps, and run alone they give the numbers."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import warnings
from typing import Any

import numpy as np
import pytest

from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.reading import read_cell
from core.cell.steps import Kind
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.data.values import Values
from core.epoch.script import (
    MOST_CELLS,
    Script,
    ScriptError,
    epoch_script,
    is_chaotic,
    script,
)
from core.training.run import Run
from tests.core.epoch.frames import experiment_of, numbers_of

TUTORIAL = KNOWN["tutorial"]()


def execute(text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the names that a script leaves and the lines that it prints."""
    text.encode("ascii")
    out, names = io.StringIO(), {"__name__": "__main__"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(out), np.errstate():
        warnings.simplefilter("error")
        exec(compile(text, "script.py", "exec"), names)  # noqa: S102 (our own lines)
    return names, out.getvalue().splitlines()


def printed(text: str) -> dict[str, float]:
    rows = [line.split(" ") for line in execute(text)[1]]
    assert all(repr(float(value)) == value for _, value in rows[1:])
    return {name: float(value) for name, value in rows}


def run_of(experiment: Experiment, epoch: int) -> Run:
    run = Run(experiment)
    assert run.reach(epoch)
    return run


def check(experiment: Experiment, *epochs: int) -> None:
    run = run_of(experiment, max(epochs))
    for epoch in epochs:
        wanted = pytest.approx(numbers_of(run, epoch), rel=1e-11, abs=0)
        assert printed(script(run, epoch).text) == wanted


@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize("clip_norm", [None, 0.05])
@pytest.mark.parametrize("key", ["tutorial", "lstm-1", "gru"])
def test_it_prints_the_numbers_of_the_program(key: str, rule: str, clip_norm: float | None) -> None:
    check(experiment_of(KNOWN[key](), update_rule=rule, clip_norm=clip_norm), 0, 1, 9)


@pytest.mark.parametrize("key", KNOWN)
def test_every_cell_has_a_script(key: str) -> None:
    check(experiment_of(KNOWN[key](), N=4, T=5), 0, 3)


@pytest.mark.parametrize(("sequences", "timestamps"), [(1, 1), (1, 4), (3, 1), (30, 2), (2, 150)])
def test_any_size(sequences: int, timestamps: int) -> None:
    experiment = experiment_of(TUTORIAL, N=sequences, T=timestamps, clip_norm=1.0)
    check(experiment, 3)
    text = script(run_of(experiment, 3), 3).text
    assert max(map(len, text.splitlines())) <= 100


def test_only_what_is_needed_is_written() -> None:
    for key, symbol in ACTIVATIONS.items():
        text = script(Run(experiment_of(two_weights(key))), 0).text
        defined = re.findall(r"^def (\w+)", text, re.MULTILINE)
        assert defined == ([symbol, f"d_{symbol}"] if symbol else [])
        assert "clip_norm" not in text
        assert "momentum" not in text
    assert "rate" not in script(Run(experiment_of(TUTORIAL, update_rule="rprop")), 0).text


def test_numpy_is_all_that_is_imported() -> None:
    tree = ast.parse(script(Run(experiment_of(TUTORIAL)), 0).text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import numpy as np"]


def assigned(code: Script, lines: list[int]) -> set[str]:
    """Return the names that these lines give a value to."""
    texts = [code.lines[i].text.strip() for i in lines]
    return {name.split("[")[0] for text in texts for name in text.split(" = ")[0].split(", ")}


@pytest.mark.parametrize("timestamps", [1, 3])
@pytest.mark.parametrize("key", KNOWN)
def test_each_step_has_its_lines(key: str, timestamps: int) -> None:
    experiment = experiment_of(KNOWN[key](), T=timestamps)
    code = epoch_script(experiment)
    for step in experiment.steps:
        lines = code.lines_of(step)
        assert set(lines) <= set(code.epoch_lines)
        assert len(assigned(code, lines)) >= len(step.lines) > 0 or step.kind is Kind.UPDATE
        assert lines


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_the_update_is_marked_with_clipping_and_all_that_the_rule_keeps(rule: str) -> None:
    experiment = experiment_of(TUTORIAL, update_rule=rule, clip_norm=1.0)
    code = epoch_script(experiment)
    names = assigned(code, code.lines_of(experiment.steps[-1]))
    assert names >= {"norm", "factor", "d_wx", "d_wrec", "wx", "wrec"}
    assert names >= {f"{n}_{w}" for n in UPDATE_RULES[rule].numbers for w in ("wx", "wrec")} - {
        f"sign_before_{w}" for w in ("wx", "wrec")
    }


def test_the_lines_on_show_are_those_of_the_script() -> None:
    experiment = experiment_of(TUTORIAL, update_rule="adam", clip_norm=1.0)
    whole, shown = script(Run(experiment), 0), epoch_script(experiment)
    start = whole.epoch_lines.start
    assert whole.lines[start : whole.epoch_lines.stop] == shown.lines
    assert whole.text.splitlines() == [line.text for line in whole.lines]
    for step in experiment.steps:
        assert whole.lines_of(step) == [start + i for i in shown.lines_of(step)]


def test_the_numbers_of_the_experiment_lose_nothing() -> None:
    settings = {"momentum": 1 / 3}
    experiment = experiment_of(
        TUTORIAL, N=30, T=40, update_rule="momentum", settings=settings, clip_norm=0.1 + 0.2
    )
    names, _ = execute(script(Run(experiment), 0).text)
    assert np.array_equal(names["x"], experiment.inputs)
    assert np.array_equal(names["y"], experiment.targets)
    assert (names["momentum"], names["clip_norm"]) == (1 / 3, 0.1 + 0.2)
    assert [names["wx"], names["wrec"]] == experiment.weights.flat.tolist()
    assert names["state_out_0"] == experiment.initial_state["S(Out)"]


def test_too_much_data_ends_in_a_sentence_with_the_way_out() -> None:
    small = experiment_of(TUTORIAL)
    data = np.ones((MOST_CELLS // 100 + 1, 100))
    large = small.with_data(data, np.ones(len(data)))
    with pytest.raises(ScriptError, match=r"20,100 inputs .* take 200 sequences or fewer"):
        script(Run(large), 0)
    assert epoch_script(large).lines == epoch_script(small).lines


def test_a_name_that_the_script_needs_itself() -> None:
    cell = read_cell("h = w * x + u * h[k-1]\nE = mean((h - y)**2)\nweights: w u\ninputs: x\n")
    taken = read_cell(re.sub(r"\bh\b", "names", cell.text))
    with pytest.raises(ScriptError, match="give names another name"):
        script(Run(experiment_of(taken)), 0)
    check(experiment_of(cell), 0, 2)


def test_where_training_is_chaotic_it_starts_at_the_epoch() -> None:
    inputs = np.array([[1.0] + [0.0] * 19, [1.0, 0.0] * 10, [1.0] * 20])
    experiment = Experiment(
        cell=two_weights("identity", "identity"),
        inputs=inputs,
        targets=inputs.sum(axis=1),
        weights=Values({"Wx": 1.0, "Wrec": 0.5}),
        learning_rates=dict.fromkeys(("Wx", "Wrec"), 1e-4),
    )
    run = run_of(experiment, 400)
    assert is_chaotic(run, 400)
    code = script(run, 400)
    assert code.first_epoch == 400
    assert "chaotic" in code.text
    assert printed(code.text) == pytest.approx(numbers_of(run, 400), rel=1e-12, abs=0)
    assert script(run, 20).first_epoch == 0


@pytest.mark.parametrize("epoch", [-1, 1])
def test_an_epoch_that_the_run_has_not(epoch: int) -> None:
    with pytest.raises(IndexError):
        script(Run(experiment_of(TUTORIAL)), epoch)

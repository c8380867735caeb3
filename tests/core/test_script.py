"""The script of a run: its lines belong to their steps, and run alone they give the numbers."""

import ast
import contextlib
import io
import re
import runpy
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.experiment import Experiment, Weights
from core.presets import PRESETS
from core.script import (
    MOST_CELLS,
    Script,
    ScriptError,
    epoch_script,
    is_chaotic,
    script,
)
from core.steps import Kind, steps_of
from core.training import Run
from core.update_rules import UPDATE_RULES

PART_2 = PRESETS["part-2"].experiment


def execute(text: str) -> tuple[dict[str, Any], list[str]]:
    """The names that a script leaves and the lines that it prints; a warning would end it."""
    out = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        np.errstate(),  # the script chooses its own, which are the process's
    ):
        warnings.simplefilter("error")
        path = Path(folder) / "script.py"
        path.write_text(text, encoding="ascii")
        names = runpy.run_path(str(path))
    return names, out.getvalue().splitlines()


def printed(text: str) -> dict[str, float]:
    """The numbers that it prints, each with all its digits."""
    rows = [line.split(" ") for line in execute(text)[1]]
    assert all(repr(float(value)) == value for _, value in rows[1:])
    return {name: float(value) for name, value in rows}


def numbers_of(run: Run, epoch: int) -> dict[str, float]:
    trace = run.trace(epoch)
    gradient = {"dE/dWx": trace.gradient.wx, "dE/dWrec": trace.gradient.wrec}
    weights = {"Wx": trace.weights.wx, "Wrec": trace.weights.wrec}
    names = [*"abcdefghijklmnopqrstuvwxyz", *map(str, range(27, 999))]
    predictions = zip(names, trace.state_out[-1].tolist(), strict=False)
    named = {f"prediction_{name}": value for name, value in predictions}
    return {"epoch": epoch, "cost": trace.cost, **weights, **gradient, **named}


def run_of(experiment: Experiment, epoch: int) -> Run:
    run = Run(experiment)
    assert run.reach(epoch)
    return run


def real(sequences: int = 4, timestamps: int = 5) -> Experiment:
    """Real inputs and targets, and a State 0 that is not 0."""
    draw = np.random.default_rng(7)
    return Experiment(
        inputs=draw.normal(size=(sequences, timestamps)),
        targets=draw.normal(size=sequences),
        initial_state=0.37,
        weights=Weights(0.8, -0.7),
        learning_rates=Weights(0.03, 0.02),
    )


@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize("clip_norm", [None, 0.05])
def test_it_prints_the_numbers_of_the_program(rule: str, clip_norm: float | None) -> None:
    run = run_of(replace(real(), update_rule=rule, clip_norm=clip_norm), 20)
    for epoch in (0, 1, 20):
        assert printed(script(run, epoch).text) == pytest.approx(
            numbers_of(run, epoch), rel=1e-12, abs=0
        )


@pytest.mark.parametrize(("sequences", "timestamps"), [(1, 1), (1, 4), (3, 1), (30, 2), (2, 150)])
def test_any_size(sequences: int, timestamps: int) -> None:
    run = run_of(replace(real(sequences, timestamps), clip_norm=1.0), 3)
    text = script(run, 3).text
    assert printed(text) == pytest.approx(numbers_of(run, 3), rel=1e-12, abs=0)
    assert max(map(len, text.splitlines())) <= 100


def test_what_is_too_large_becomes_infinite_without_a_word() -> None:
    for hidden in ACTIVATIONS:
        last = "logistic" if hidden in {"relu", "identity"} else "identity"
        run = Run(
            replace(
                PART_2,
                inputs=np.array([[1e308, -1e308, 1.0], [-1e308, 900.0, -800.0]]),
                targets=np.array([0.0, 1.0]),
                targets_count_ones=False,
                weights=Weights(5.0, 0.5),
                hidden_activation=hidden,
                last_activation=last,
            )
        )
        assert printed(script(run, 0).text) == pytest.approx(
            numbers_of(run, 0), rel=1e-12, abs=0, nan_ok=True
        )


def test_only_what_is_needed_is_written() -> None:
    texts = {
        key: script(Run(replace(PART_2, hidden_activation=key)), 0).text for key in ACTIVATIONS
    }
    for key, text in texts.items():
        defined = re.findall(r"^def (\w+)", text, re.MULTILINE)
        symbols = ACTIVATIONS[key].symbol, ACTIVATIONS[key].slope_symbol
        assert defined == [symbol for symbol in symbols if symbol]
        assert "clip_norm" not in text
        assert "momentum" not in text
    one = replace(PART_2.with_data(np.ones((2, 1))), hidden_activation="tanh")
    assert "def " not in script(Run(one), 0).text
    assert "rate" not in script(Run(replace(PART_2, update_rule="rprop")), 0).text


def test_numpy_is_all_that_is_imported() -> None:
    tree = ast.parse(script(Run(PART_2), 0).text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["import numpy as np"]


_ASSIGNED = {
    Kind.STATE_IN: {"state_in"},
    Kind.STATE_OUT: {"state_out"},
    Kind.COST: {"cost"},
    Kind.D_STATE_OUT: {"d_state_out"},
    Kind.D_STATE_IN: {"d_state_in"},
    Kind.D_WEIGHTS: {"d_wx_at", "d_wrec_at"},
    Kind.SUMS: {"d_wx", "d_wrec"},
}


def assigned(code: Script, lines: range) -> set[str]:
    """The names that these lines give a value to."""
    targets = []
    for i in lines:
        [statement] = ast.parse(code.lines[i].text.strip()).body
        assert isinstance(statement, ast.Assign)
        targets += [ast.unparse(target) for target in statement.targets]
    return {name.split("[")[0].strip("()") for target in targets for name in target.split(", ")}


@pytest.mark.parametrize("timestamps", [1, 3])
@pytest.mark.parametrize("hidden", ["logistic", "identity"])
def test_each_step_has_its_lines(timestamps: int, hidden: str) -> None:
    experiment = replace(real(2, timestamps), hidden_activation=hidden)
    code = script(Run(experiment), 0)
    for step in steps_of(timestamps):
        lines = code.lines_of(*step.place)
        assert set(lines) <= set(code.epoch_lines)
        names = assigned(code, lines)
        assert names == _ASSIGNED.get(step.kind, {"wx", "wrec"}), step.label


def test_the_lines_of_timestamp_t_are_its_own() -> None:
    code = epoch_script(PART_2)

    def text(kind: Kind, timestamp: int) -> str:
        [line] = [code.lines[i].text.strip() for i in code.lines_of(kind, timestamp)]
        return line

    assert text(Kind.STATE_OUT, 2) == "state_out[k] = log(state_in[k])"
    assert text(Kind.STATE_OUT, 3) == "state_out[k] = state_in[k]"
    assert text(Kind.D_STATE_OUT, 3) == "d_state_out[k] = 2 / N * (state_out[k] - y)"
    assert text(Kind.D_STATE_OUT, 2) == "d_state_out[k] = d_state_in[k + 1] * wrec"
    assert text(Kind.D_STATE_IN, 1).endswith("* d_log(state_in[k])")


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_the_update_is_marked_with_clipping_and_all_that_the_rule_keeps(rule: str) -> None:
    code = epoch_script(replace(PART_2, update_rule=rule, clip_norm=1.0))
    lines = code.lines_of(Kind.UPDATE)
    assert lines.stop == code.epoch_lines.stop
    names = assigned(code, lines)
    assert names >= {"norm", "factor", "d_wx", "d_wrec", "wx", "wrec"}
    kept = {f"{name}_{w}" for name in UPDATE_RULES[rule].numbers for w in ("wx", "wrec")}
    assert kept <= names


def test_the_lines_on_show_are_those_of_the_script() -> None:
    experiment = replace(PART_2, update_rule="adam", clip_norm=1.0)
    whole, shown = script(Run(experiment), 0), epoch_script(experiment)
    assert whole.lines[whole.epoch_lines.start : whole.epoch_lines.stop] == shown.lines
    assert whole.text.splitlines() == [line.text for line in whole.lines]
    start = whole.epoch_lines.start
    for step in steps_of(3):
        lines = shown.lines_of(*step.place)
        assert whole.lines_of(*step.place) == range(start + lines.start, start + lines.stop)


_MARKED = [i for i, line in enumerate(epoch_script(real()).lines) if line.kind]


@pytest.mark.parametrize("number", _MARKED)
def test_a_wrong_sign_in_any_marked_line_shows_in_the_numbers(number: int) -> None:
    run = run_of(real(), 2)
    code = script(run, 2)
    lines = code.text.splitlines()
    name, expression = lines[code.epoch_lines.start + number].split(" = ")
    lines[code.epoch_lines.start + number] = f"{name} = -({expression})"
    assert printed("\n".join(lines)) != pytest.approx(numbers_of(run, 2), rel=1e-6, abs=0)


def test_the_numbers_of_the_experiment_lose_nothing() -> None:
    experiment = replace(real(30, 40), update_rule="momentum", momentum=1 / 3, clip_norm=0.1 + 0.2)
    names, _ = execute(script(Run(experiment), 0).text)
    assert np.array_equal(names["x"], experiment.inputs)
    assert np.array_equal(names["y"], experiment.targets)
    assert (names["momentum"], names["clip_norm"]) == (1 / 3, 0.1 + 0.2)
    assert (names["wx"], names["wrec"]) == experiment.weights
    assert (names["rate_wx"], names["rate_wrec"]) == experiment.learning_rates
    assert names["state_0"] == experiment.initial_state


def test_too_much_data_ends_in_a_sentence_with_the_way_out() -> None:
    most = Run(PART_2.with_data(np.ones((MOST_CELLS // 100, 100))))
    assert len(script(most, 0).text) < 300_000
    experiment = PART_2.with_data(np.ones((MOST_CELLS // 100 + 1, 100)))
    with pytest.raises(ScriptError, match=r"20,100 inputs .* take 200 sequences or fewer"):
        script(Run(experiment), 0)
    assert epoch_script(experiment).lines == epoch_script(PART_2).lines


def test_where_training_is_chaotic_it_starts_at_the_epoch() -> None:
    run = run_of(PRESETS["vanishing"].experiment, 400)
    assert is_chaotic(run, 400)
    code = script(run, 400)
    assert code.first_epoch == 400
    assert "chaotic" in code.text
    assert printed(code.text) == pytest.approx(numbers_of(run, 400), rel=1e-12, abs=0)
    assert script(run, 20).first_epoch == 0


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_ordinary_training_is_not_chaotic(rule: str) -> None:
    run = run_of(replace(PART_2, update_rule=rule), 2000)
    assert not any(is_chaotic(run, epoch) for epoch in (0, 1, 100, 412, 2000))


@pytest.mark.parametrize("epoch", [-1, 1])
def test_an_epoch_that_the_run_has_not(epoch: int) -> None:
    with pytest.raises(IndexError):
        script(Run(PART_2), epoch)

"""`rnn-gui export` of any cell: its tables and its script, and no figure that cannot be drawn."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from core.cell.reading import read_cell
from core.cell.steps import Position
from core.data.presets import PRESETS
from core.files.session import save
from rnn_gui.__main__ import main
from tests.core.experiments import experiment

TABLES = {"history.csv", "values.csv", "weights.csv", "steps.csv"}
OTHERS = [key for key, preset in PRESETS.items() if preset.experiment.cell.key != "tutorial"]
OWN = "h = tanh(W*x + U*h[k-1])\nE = mean((h - y)**2) for k = T\nweights: W U\ninputs: x\n"


def written(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that ends with status 2 says; it is one line."""
    status = main([*arguments])
    said = capsys.readouterr()
    assert status != 0
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("key", OTHERS)
def test_tables_and_script_of_a_preset(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_states = PRESETS[key].experiment.cell.activations is not None
    expected = TABLES | ({"states.csv", "gradients.csv"} if of_states else set())
    assert main(["export", key, "--out", str(tmp_path / "a"), "--epochs", "2"]) == 0
    assert written(tmp_path / "a") == expected
    command = ["export", key, "--out", str(tmp_path / "b"), "--formats", "csv,script"]
    assert main(command) == 0
    assert written(tmp_path / "b") == expected | {"script.py"}
    capsys.readouterr()
    runpy.run_path(str(tmp_path / "b" / "script.py"))
    assert capsys.readouterr().out.startswith("epoch 0\n")


def test_a_session_of_ones_own_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = experiment(
        cell=read_cell(OWN, "mine"),
        inputs=[[1.0, 2.0]],
        targets=[0.5],
        weights={"W": 0.5, "U": -0.25},
        learning_rates={"W": 0.1, "U": 0.1},
    )
    path = tmp_path / "own.rnn.json"
    save(path, own, Position(3, 2))
    assert main(["export", str(path), "--out", str(tmp_path / "out"), "--formats", "csv"]) == 0
    assert written(tmp_path / "out") == TABLES
    capsys.readouterr()
    said = refusal(
        capsys, "export", str(path), "--out", str(tmp_path / "no"), "--formats", "csv,pdf"
    )
    assert "there is no pdf of the cell “mine”" in said
    assert not (tmp_path / "no").exists()


def test_steps_and_sequences_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def export(*options: str) -> list[str]:
        common = ("--out", str(tmp_path), "--formats", "csv")
        assert main(["export", "gru", *common, *options]) == 0
        return (tmp_path / "steps.csv").read_text(encoding="utf-8").splitlines()

    number = next(s.number for s in PRESETS["gru"].experiment.steps if s.label == "h2")
    assert export("--step", "h2") == export("--step", str(number))
    assert export("--sequence", "c") == export("--sequence", "3")
    for options, sentence in (
        (("--step", "S2(In)"), "--step: needs a whole number or the name of a step such as r1(In)"),
        (("--sequence", "z"), "--sequence: needs a letter or a whole number from 1 to 8, not “z”"),
    ):
        capsys.readouterr()
        assert sentence in refusal(capsys, "export", "gru", "--out", str(tmp_path), *options)


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [*PRESETS]


def test_what_is_no_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, sentence in (
        ("week3.md", "is a lesson and no session"),
        ("n" * 300, "is neither a preset nor a file"),
        ("lstn", "did you mean lstm?"),
        ("a\nb.rnn.json", "cannot be opened (no such file or directory)"),
    ):
        assert sentence in refusal(capsys, "export", name, "--out", str(tmp_path))


def test_a_session_whose_cost_is_not_finite_can_be_begun(tmp_path: Path) -> None:
    from rnn_gui.sources import begun

    experiment = PRESETS["part-2"].experiment.changed(weights={"Wx": 1e308, "Wrec": 1e308})
    path = tmp_path / "large.rnn.json"
    save(path, experiment.without_activation(), Position(0, 0))
    run, position, _ = begun(str(path), ())
    assert run.ending
    assert position == (0, 0)

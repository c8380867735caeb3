"""What version 0.1.0 said of every step of the tutorial's networks, word for word."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.data.experiment import Experiment
from core.data.notation import number
from core.data.presets import PRESETS
from core.epoch.equation import joined
from core.epoch.explain import explain
from core.epoch.script import epoch_script
from core.epoch.spoken import spoken
from tests.core.epoch.frames import frames_of

GOLDEN = json.loads((Path(__file__).parents[2] / "reference" / "golden.json").read_text("utf-8"))
CASES: dict[str, list[dict[str, Any]]] = GOLDEN["cases"]
CHANGES: dict[str, dict[str, Any]] = {
    "part-2, momentum, epoch 3": {"update_rule": "momentum"},
    "part-2, rprop, epoch 3": {"update_rule": "rprop"},
    "part-2, adam, epoch 3": {"update_rule": "adam"},
    "part-2, clipped at 0.5, epoch 2": {"clip_norm": 0.5},
    "part-2, tanh and relu, State 0 = 0.3, epoch 1": {"initial_state": {"S(Out)": 0.3}},
}


@cache
def experiment_of(case: str) -> Experiment:
    experiment = PRESETS[case.split(", ")[0]].experiment
    if "tanh and relu" in case:
        experiment = experiment.with_activations("tanh", "relu")
    return experiment.changed(**CHANGES.get(case, {}))


@pytest.mark.parametrize("case", CASES)
def test_every_step_says_what_it_said(case: str) -> None:
    experiment, epoch = experiment_of(case), int(case.split("epoch ")[1])
    assert len(experiment.steps) == len(CASES[case])
    code = epoch_script(experiment)
    frames = {n: [*frames_of(experiment, epoch, int(n) - 1)] for n in CASES[case][0]["sequences"]}
    for golden, step in zip(CASES[case], experiment.steps, strict=True):
        lines = [code.lines[i].text.strip() for i in code.lines_of(step)]
        assert lines == golden["code"]
        assert (step.number, step.phase.value) == (golden["step"], golden["phase"])
        for sequence, said in golden["sequences"].items():
            frame = frames[sequence][step.number - 1]
            explanation = explain(frame)
            assert explanation.title == golden["title"]
            assert explanation.sentence == said["sentence"]
            assert spoken(frame) == said["spoken"]
            for equation, then in zip(explanation.equations, said["equations"], strict=True):
                assert equation.symbols == then["symbols"]
                assert joined(equation.numbers(4)) == then["numbers"]
                assert number(equation.result) == number(then["result"])
                assert math.isclose(equation.result, then["result"], rel_tol=1e-12)

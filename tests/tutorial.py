"""The tutorial's network for tests: its steps by number, experiments and changes in short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.cell.known import two_weights
from core.cell.steps import Kind, Steps
from core.data.experiment import Experiment
from core.data.values import Values

Quantity = tuple[Kind, str]

STATE_IN: Quantity = (Kind.VALUE, "S(In)")
STATE_OUT: Quantity = (Kind.VALUE, "S(Out)")
COST: Quantity = (Kind.COST, "")
D_STATE_OUT: Quantity = (Kind.GRADIENT, "S(Out)")
D_STATE_IN: Quantity = (Kind.GRADIENT, "S(In)")
PARTS: Quantity = (Kind.PARTS, "")
SUMS: Quantity = (Kind.SUMS, "")
UPDATE: Quantity = (Kind.UPDATE, "")

_CELL = two_weights()
_STEPS: dict[int, Steps] = {}


def steps_of(timestamps: int) -> Steps:
    """All steps of an epoch."""
    return _STEPS.setdefault(timestamps, Steps(_CELL, timestamps))


def step_number(timestamps: int, quantity: Quantity, timestamp: int = 0) -> int:
    """How many steps are done once this one is."""
    return steps_of(timestamps).number(*quantity, timestamp)


def epoch_length(timestamps: int) -> int:
    """All steps of an epoch, the update included."""
    return len(steps_of(timestamps))


def before_update(timestamps: int) -> int:
    """The steps that are done when only the update is left."""
    return steps_of(timestamps).before_update


def pair(wx: float, wrec: float) -> dict[str, float]:
    """One number for each weight."""
    return {"Wx": wx, "Wrec": wrec}


def tutorial(
    *,
    hidden_activation: str = "logistic",
    last_activation: str = "identity",
    initial_state: float = 0.0,
    **fields: Any,
) -> Experiment:
    """An experiment with the tutorial's network."""
    cell = two_weights(hidden_activation, last_activation)
    return Experiment(cell=cell, initial_state=Values({"S(Out)": initial_state}), **fields)


def changed(
    experiment: Experiment,
    *,
    hidden_activation: str = "",
    last_activation: str = "",
    initial_state: float | None = None,
    **fields: Any,
) -> Experiment:
    """The experiment with some of its parts changed."""
    if hidden_activation or last_activation:
        experiment = experiment.with_activations(hidden_activation, last_activation)
    if initial_state is not None:
        fields["initial_state"] = {"S(Out)": initial_state}
    settings = {name: fields.pop(name) for name in [*fields] if name in experiment.settings}
    if settings:
        fields["settings"] = {**experiment.settings, **settings}
    return experiment.changed(**fields)


def tutorial_cases() -> list[dict[str, Any]]:
    """The numbers that must come out, as the tutorial's script gave them."""
    reference = Path(__file__).parent / "reference" / "tutorial.json"
    cases: list[dict[str, Any]] = json.loads(reference.read_text(encoding="utf-8"))["cases"]
    return cases

"""The quantities of the tutorial's network, which is what the window draws: kind and name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from core.cell.description import Cell
from core.cell.known import two_weights
from core.cell.steps import Kind
from core.code.curve import ACTIVATIONS, Activation
from core.data.experiment import Experiment
from core.epoch.glossary import Glossary
from core.files.tables import tables_of

Quantity = tuple[Kind, str]

STATE_IN: Quantity = (Kind.VALUE, "S(In)")
STATE_OUT: Quantity = (Kind.VALUE, "S(Out)")
D_STATE_OUT: Quantity = (Kind.GRADIENT, "S(Out)")
D_STATE_IN: Quantity = (Kind.GRADIENT, "S(In)")
COST: Quantity = (Kind.COST, "")
PARTS: Quantity = (Kind.PARTS, "")

WEIGHTS = ("Wx", "Wrec")
GLOSSARY = Glossary(two_weights())
TABLES = tables_of(two_weights())


class Point(NamedTuple):
    """A place on the loss surface, or the gradient there: one number for each weight."""

    wx: float
    wrec: float

    @property
    def finite(self) -> bool:
        """Whether both numbers are finite."""
        return math.isfinite(self.wx) and math.isfinite(self.wrec)

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Point:
        """Take the two numbers out of weights or gradients."""
        return cls(*(values[name] for name in WEIGHTS))


def activation_at(experiment: Experiment, timestamp: int) -> Activation:
    """Return the activation of State ``timestamp``, 1…T."""
    last = timestamp == experiment.timestamps
    key = experiment.last_activation if last else experiment.hidden_activation
    return ACTIVATIONS[key]


def initial_state(experiment: Experiment) -> float:
    """Return State 0, one number for all sequences."""
    return float(experiment.initial_state["S(Out)"])


def can_draw(cell: Cell) -> bool:
    """Tell whether the window can show a cell: it draws the tutorial's network."""
    return cell.key == "tutorial"


def why_not_drawn(cell: Cell) -> str:
    """Say why the window cannot open an experiment of a cell, and the way out; or nothing."""
    if can_draw(cell):
        return ""
    return (
        f"it has the cell “{cell.title}”, and the window draws the tutorial's network only. "
        "Its tables and its script can be had with: rnn-gui export FILE --out FOLDER "
        "--formats csv,script"
    )

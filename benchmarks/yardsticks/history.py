"""What training starts from, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from core.data.experiment import Experiment


class Start(NamedTuple):
    """The numbers of the tutorial's network."""

    state_0: float
    wx: float
    wrec: float
    rate_wx: float
    rate_wrec: float


def start_of(experiment: Experiment) -> Start:
    """Take them out of an experiment with the tutorial's network."""
    e = experiment
    rates = e.learning_rates["Wx"], e.learning_rates["Wrec"]
    return Start(e.initial_state["S(Out)"], e.weights["Wx"], e.weights["Wrec"], *rates)


class History(NamedTuple):
    """The cost of every epoch, and the weights that it started from."""

    costs: Any
    wx: Any
    wrec: Any


Trainer = Callable[[Experiment, int], Callable[[], History]]

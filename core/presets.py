"""Experiments ready to start from: the tutorial's, then some that show one thing well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import IDENTITY, LOGISTIC, Array
from core.experiment import Experiment, Weights, count_ones

_ONES = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
_ZEROS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
_RATES = Weights(0.001, 0.001)
# The first two draws of numpy.random.seed(1234); randn(), as in the tutorial's script.
_PART_2_WEIGHTS = Weights(0.47143516373249306, -1.1909756947064645)


def _far_back() -> Array:
    """Three sequences of 20: a one at timestamp 1 alone, at 1, 3, 5 … 19, and everywhere."""
    inputs = np.zeros((3, 20))
    inputs[0, 0] = 1.0
    inputs[1, ::2] = 1.0
    inputs[2] = 1.0
    return inputs


def _linear(inputs: Array, wrec: float) -> Experiment:
    """No activation, so that the factor of each hop is Wrec alone."""
    return Experiment(
        inputs=inputs,
        targets=count_ones(inputs),
        targets_count_ones=True,
        hidden_activation=IDENTITY.key,
        weights=Weights(1.0, wrec),
        learning_rates=Weights(1e-4, 1e-4),
    )


# np.around(rand(10)) for each row, with rand that of numpy.random.RandomState(1).
_ROELANTS = np.array(
    [
        [0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
        [0, 1, 0, 1, 0, 1, 0, 1, 0, 0],
        [1, 1, 0, 1, 1, 1, 0, 0, 0, 1],
        [0, 0, 1, 1, 1, 0, 1, 1, 0, 1],
        [1, 1, 0, 1, 0, 0, 1, 0, 0, 0],
        [0, 1, 0, 0, 0, 0, 1, 0, 1, 1],
        [0, 0, 1, 0, 0, 1, 1, 1, 1, 1],
        [1, 0, 0, 1, 0, 0, 1, 0, 1, 1],
        [1, 1, 1, 0, 0, 1, 0, 1, 1, 1],
        [0, 1, 0, 1, 0, 0, 1, 1, 0, 1],
        [0, 1, 1, 0, 1, 1, 0, 1, 1, 1],
        [0, 0, 1, 1, 0, 1, 1, 1, 1, 0],
        [0, 0, 0, 0, 1, 1, 1, 1, 0, 0],
        [1, 1, 1, 0, 1, 0, 1, 0, 1, 1],
        [1, 0, 0, 0, 0, 0, 0, 1, 1, 0],
        [0, 1, 1, 0, 0, 1, 0, 1, 1, 1],
        [0, 0, 1, 1, 0, 0, 0, 0, 1, 1],
        [0, 1, 1, 0, 1, 1, 1, 0, 0, 0],
        [1, 0, 1, 0, 0, 1, 0, 1, 1, 1],
        [0, 0, 1, 1, 1, 1, 0, 0, 1, 1],
    ],
    dtype=np.float64,
)


@dataclass(frozen=True)
class Preset:
    key: str
    title: str
    about: str
    experiment: Experiment
    log_gradients: bool = False  # what it shows is seen best in the sizes of the gradients


_ALL = (
    Preset(
        "part-1",
        "Part 1 — no activation, count the ones",
        "The tutorial's first part: both weights learn to be 1.",
        Experiment(
            inputs=_ONES,
            targets=count_ones(_ONES),
            targets_count_ones=True,
            hidden_activation=IDENTITY.key,
            weights=Weights(0.2, 1.5),
            learning_rates=Weights(0.02, 0.0006),
        ),
    ),
    Preset(
        "part-2",
        "Part 2 — with log(), count the ones",
        "log() on every state but the last: the predictions round to 1, 2 and 3.",
        Experiment(
            inputs=_ONES,
            targets=count_ones(_ONES),
            targets_count_ones=True,
            weights=_PART_2_WEIGHTS,
            learning_rates=_RATES,
        ),
    ),
    Preset(
        "part-2-zeros",
        "Part 2 — with log(), count the zeros",
        "The data of the tutorial's published script, whose targets count the zeros.",
        Experiment(
            inputs=_ZEROS,
            targets=3.0 - count_ones(_ZEROS),
            weights=_PART_2_WEIGHTS,
            learning_rates=_RATES,
        ),
    ),
    Preset(
        "why-no-log-on-the-last-state",
        "Why no log() on the last state?",
        "With log() on State 3 too no prediction can pass 1, so the cost stays above 5/3.",
        Experiment(
            inputs=_ONES,
            targets=count_ones(_ONES),
            targets_count_ones=True,
            last_activation=LOGISTIC.key,
            weights=_PART_2_WEIGHTS,
            learning_rates=_RATES,
        ),
    ),
    Preset(
        "vanishing",
        "Vanishing gradients — Wrec = 0.5",
        "20 timestamps: each hop back halves the gradient; 19 hops leave 0.000002 of it.",
        _linear(_far_back(), 0.5),
        log_gradients=True,
    ),
    Preset(
        "exploding",
        "Exploding gradients — Wrec = 1.5",
        "20 timestamps: each hop back makes it 1.5 times as large; 19 hops, 2,200 times.",
        _linear(_far_back(), 1.5),
        log_gradients=True,
    ),
    Preset(
        "roelants",
        "Roelants — count the ones with Rprop",
        "The data of Peter Roelants' notebook: 20 random sequences of 10; "
        "both weights learn to be 1.",
        # The rates play no part in Rprop; these are for whoever changes the rule.
        Experiment(
            inputs=_ROELANTS,
            targets=count_ones(_ROELANTS),
            targets_count_ones=True,
            hidden_activation=IDENTITY.key,
            weights=Weights(-1.5, 2.0),
            learning_rates=_RATES,
            update_rule="rprop",
        ),
    ),
)

PRESETS: dict[str, Preset] = {preset.key: preset for preset in _ALL}
FIRST_PRESET = "part-2"

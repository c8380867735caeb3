"""The experiments of the tutorial, ready to start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import IDENTITY, LOGISTIC
from core.experiment import Experiment, Weights, count_ones

_ONES = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
_ZEROS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
_RATES = Weights(0.001, 0.001)
# The first two draws of numpy.random.seed(1234); randn(), as in the tutorial's script.
_PART_2_WEIGHTS = Weights(0.47143516373249306, -1.1909756947064645)


@dataclass(frozen=True)
class Preset:
    key: str
    title: str
    about: str
    experiment: Experiment


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
)

PRESETS: dict[str, Preset] = {preset.key: preset for preset in _ALL}
FIRST_PRESET = "part-2"

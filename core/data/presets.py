"""Experiments ready to start from: the tutorial's, then some that show one thing well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import RandomState

from core.cell.known import KNOWN, two_weights
from core.data.experiment import Experiment, count_ones
from core.data.values import Array

_ONES = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
_ZEROS = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
# The first two draws of numpy.random.seed(1234); randn(), as in the tutorial's script.
_PART_2_WEIGHTS = {"Wx": 0.47143516373249306, "Wrec": -1.1909756947064645}

# np.around(rand(10)) for each row, as in the notebook.
_ROELANTS = np.around(RandomState(1).rand(20, 10))


def _tutorial(
    inputs: Array,
    weights: Mapping[str, float],
    rates: float | Mapping[str, float] = 0.001,
    activations: tuple[str, str] = ("logistic", "identity"),
    **fields: Any,
) -> Experiment:
    """Make an experiment of the tutorial's network, whose targets count the ones unless said."""
    made: dict[str, Any] = {
        "targets": count_ones(inputs),
        "targets_count_ones": True,
        "weights": weights,
        "learning_rates": rates,
    }
    return Experiment(cell=two_weights(*activations), inputs=inputs, **made | fields)


_LINEAR = ("identity", "identity")


def _far_back(wrec: float) -> Experiment:
    """Make three sequences of 20: a one at timestamp 1 alone, at 1, 3, 5 … 19, and everywhere.

    There is no activation, so that the factor of each hop is Wrec alone.
    """
    inputs = np.zeros((3, 20))
    inputs[0, 0] = inputs[1, ::2] = inputs[2] = 1.0
    return _tutorial(inputs, {"Wx": 1.0, "Wrec": wrec}, 1e-4, _LINEAR)


# --- other cells ------------------------------------------------------------------------------


def _drawn(key: str, seed: int, **sizes: int) -> dict[str, Any]:
    """Draw start weights from -1 to 1, with two digits; `RandomState` draws alike everywhere."""
    cell, random = KNOWN[key](), RandomState(seed)
    shapes = {name: tuple(sizes[letter] for letter in cell.shapes[name]) for name in cell.weights}
    return {name: np.around(random.uniform(-1.0, 1.0, shapes[name]), 2) for name in shapes}


def _of_cell(key: str, inputs: Array, targets: Array, weights: Any, **fields: Any) -> Experiment:
    return Experiment(cell=KNOWN[key](), inputs=inputs, targets=targets, weights=weights, **fields)


def _marked(sequences: int, timestamps: int, seed: int) -> tuple[Array, Array]:
    """Draw numbers of which two in each sequence are marked: the target is the sum of the two.

    Inputs have two components, the number and its mark (Hochreiter and Schmidhuber, 1997).
    """
    random = RandomState(seed)
    inputs = np.zeros((sequences, timestamps, 2))
    inputs[..., 0] = np.around(random.uniform(0.0, 1.0, (sequences, timestamps)), 1)
    for row in inputs:
        row[random.permutation(timestamps)[:2], 1] = 1.0
    return inputs, np.sum(inputs[..., 0] * inputs[..., 1], axis=1)[:, np.newaxis]


_FOUR = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1]])
_FIVE = np.array([[0.0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1], [1, 1, 1, 1]])
_RUNNING = np.array([[1.0, 0, 1, 1, 0], [0, 1, 0, 0, 1], [1, 1, 1, 0, 1]])


def _with_bias() -> Experiment:
    weights = {"Wx": 0.2, "Wrec": 1.5, "b": 0.5}
    rates = {"Wx": 0.02, "Wrec": 0.002, "b": 0.02}
    targets = 3.0 + count_ones(_FOUR)
    experiment = _of_cell("tutorial-with-bias", _FOUR, targets, weights, learning_rates=rates)
    return experiment.without_activation()


def _running_count() -> Experiment:
    return _of_cell(
        "running-count",
        _RUNNING,
        _RUNNING.cumsum(axis=1),
        {"Wx": 0.2, "Wrec": 1.5},
        learning_rates={"Wx": 0.01, "Wrec": 0.0006},
        targets_count_ones=True,
    )


def _elman() -> Experiment:
    inputs, targets = _FIVE[..., np.newaxis], count_ones(_FIVE)[:, np.newaxis]
    return _of_cell(
        "elman", inputs, targets, _drawn("elman", 2, I=1, H=2, O=1), learning_rates=0.05
    )


def _adding(key: str, seed: int) -> Experiment:
    weights = _drawn(key, seed, I=2, H=2, O=1)
    return _of_cell(key, *_marked(8, 4, 1), weights, learning_rates=0.02, update_rule="adam")


def _one_unit() -> Experiment:
    weights = _drawn("lstm-1", 2)
    return _of_cell("lstm-1", _ONES, count_ones(_ONES), weights, learning_rates=0.05)


def _remembering(key: str, **started: Array) -> Experiment:
    """Make eight sequences of 12 ones and zeros, whose first is wanted at the end."""
    inputs = RandomState(0).randint(0, 2, (8, 12)).astype(np.float64)
    inputs[:, 0] = [0, 1] * 4
    weights = _drawn(key, 3, I=1, H=2, O=1) | started
    return _of_cell(
        key,
        inputs[..., np.newaxis],
        inputs[:, :1],
        weights,
        learning_rates=0.02,
        update_rule="adam",
    )


@dataclass(frozen=True)
class Preset:
    """An experiment ready to start from, and how it is called and told of."""

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
        _tutorial(
            _ONES, {"Wx": 0.2, "Wrec": 1.5}, {"Wx": 0.02, "Wrec": 0.0006}, activations=_LINEAR
        ),
    ),
    Preset(
        "part-2",
        "Part 2 — with log(), count the ones",
        "log() on every state but the last: the predictions round to 1, 2 and 3.",
        _tutorial(_ONES, _PART_2_WEIGHTS),
    ),
    Preset(
        "part-2-zeros",
        "Part 2 — with log(), count the zeros",
        "The data of the tutorial's published script, whose targets count the zeros.",
        _tutorial(
            _ZEROS, _PART_2_WEIGHTS, targets=3.0 - count_ones(_ZEROS), targets_count_ones=False
        ),
    ),
    Preset(
        "why-no-log-on-the-last-state",
        "Why no log() on the last state?",
        "With log() on State 3 too no prediction can pass 1, so the cost stays above 5/3.",
        _tutorial(_ONES, _PART_2_WEIGHTS, activations=("logistic", "logistic")),
    ),
    Preset(
        "vanishing",
        "Vanishing gradients — Wrec = 0.5",
        "20 timestamps: each hop back halves the gradient; 19 hops leave 0.000002 of it.",
        _far_back(0.5),
        log_gradients=True,
    ),
    Preset(
        "exploding",
        "Exploding gradients — Wrec = 1.5",
        "20 timestamps: each hop back makes it 1.5 times as large; 19 hops, 2,200 times.",
        _far_back(1.5),
        log_gradients=True,
    ),
    Preset(
        "roelants",
        "Roelants — count the ones with Rprop",
        "The data of Peter Roelants' notebook: 20 random sequences of 10; "
        "both weights learn to be 1.",
        # The rates play no part in Rprop; these are for whoever changes the rule.
        _tutorial(_ROELANTS, {"Wx": -1.5, "Wrec": 2.0}, activations=_LINEAR, update_rule="rprop"),
    ),
    Preset(
        "with-bias",
        "A bias — count the ones, and the timestamps",
        "Every timestamp counts 1, and a one counts 1 more: Wx, Wrec and the bias learn to be 1.",
        _with_bias(),
    ),
    Preset(
        "running-count",
        "Running count — a loss at every timestamp",
        "The target at each timestamp is the number of ones so far: both weights learn to be 1.",
        _running_count(),
    ),
    Preset(
        "elman",
        "Elman network — count the ones",
        "Two units with tanh and an output layer: the predictions round to the numbers of ones.",
        _elman(),
    ),
    Preset(
        "lstm",
        "LSTM — add the two marked numbers",
        "Four numbers, two of them marked: two units learn to keep those, and to add them.",
        _adding("lstm", 3),
    ),
    Preset(
        "lstm-one-unit",
        "LSTM with one unit — count the ones",
        "Plain numbers alone: every gate can be followed by hand.",
        _one_unit(),
    ),
    Preset(
        "gru",
        "GRU — add the two marked numbers",
        "The data of the LSTM, for a cell with two gates and no cell state of its own.",
        _adding("gru", 0),
    ),
    Preset(
        "remember-the-first",
        "Remember the first of 12 — Elman network",
        "The target is the first input, 11 hops back; compare with the LSTM on the same data.",
        _remembering("elman"),
        log_gradients=True,
    ),
    Preset(
        "remember-the-first-lstm",
        "Remember the first of 12 — LSTM",
        "The forget gates start nearly open, and the cost falls long before the Elman network's.",
        _remembering("lstm", bf=np.array([2.0, 2.0])),
        log_gradients=True,
    ),
)

PRESETS: dict[str, Preset] = {preset.key: preset for preset in _ALL}
FIRST_PRESET = "part-2"

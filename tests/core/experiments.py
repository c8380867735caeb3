"""Experiments of known and of random cells, for training."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.cell.description import Cell
from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.reading import read_cell
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.training.run import Run
from tests.core import random_cells


def experiment(**fields: Any) -> Experiment:
    """Make an experiment of plain lists and mappings."""
    return Experiment(**fields)


PART_2 = experiment(
    cell=two_weights(),
    inputs=[[1, 0, 0], [1, 1, 0], [1, 1, 1]],
    targets=[1, 2, 3],
    targets_count_ones=True,
    weights={"Wx": 0.47, "Wrec": -1.19},
    learning_rates=0.001,
)
PART_1 = PART_2.without_activation().changed(weights={"Wx": 0.2, "Wrec": 1.5})
DIVERGING = PART_1.changed(learning_rates=0.1)
PLAIN = [key for key in KNOWN if KNOWN[key]().is_plain]
# Numbers whose sums and products overflow, underflow, and meet with both signs.
EXTREMES = [1e308, -1e308, 1.5e154, -1e200, 800.0, -800.0, 1.0, 0.0, -0.0, 1e-300]


def made(cell: Cell, sequences: int = 4, timestamps: int = 5, **fields: Any) -> Experiment:
    """Make an experiment of a cell from moderate random numbers."""
    rng = np.random.default_rng(sequences)
    data = random_cells.random_data(cell, rng, sequences, timestamps)
    return Experiment(cell=cell, **{"learning_rates": 0.05, **data, **fields})


def of_ones(key: str, sequences: int, timestamps: int, **fields: Any) -> Experiment:
    """Make an experiment of a plain cell whose inputs are zeros and ones, and targets their sum."""
    rng = np.random.default_rng(timestamps)
    inputs = rng.integers(0, 2, (sequences, timestamps)).astype(float)
    everywhere = KNOWN[key]().costs_everywhere
    targets = inputs.cumsum(axis=1) if everywhere else inputs.sum(axis=1)
    return made(KNOWN[key](), sequences, timestamps, inputs=inputs, targets=targets, **fields)


def table(run: Run) -> list[list[float]]:
    """List cost, weights and the numbers of the rule, a row for each epoch."""
    numbers = [run.rule_numbers(epoch).ravel() for epoch in range(run.last + 1)]
    columns = [run.column(i) for i in range(run.experiment.layout.size)]
    return np.column_stack([run.costs, *columns, numbers]).tolist()


@st.composite
def random_experiments(draw: st.DrawFn, plain: bool = False) -> Experiment:
    """Draw a random cell, N from 1 to 4, T from 1 to 5, any rule, inputs real or 0 and 1."""
    texts = random_cells.random_texts()
    text = draw(texts.filter(lambda text: "vectors:" not in text) if plain else texts)
    cell = read_cell(text)
    ones = draw(st.booleans()) and cell.is_plain
    sequences, timestamps = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    e = made(
        cell,
        sequences,
        timestamps,
        update_rule=draw(st.sampled_from(list(UPDATE_RULES))),
        clip_norm=draw(st.none() | st.floats(1e-3, 10.0)),
    )
    return e.changed(inputs=(e.inputs > 0).astype(float)) if ones else e


def reals(size: float) -> st.SearchStrategy[float]:
    """Draw a number that is not absurdly small."""
    return st.floats(-size, size, allow_subnormal=False)


MODERATE, SMALL = reals(2.0), reals(0.1)


@st.composite
def experiments(
    draw: st.DrawFn,
    numbers: st.SearchStrategy[float] = MODERATE,
    rates: st.SearchStrategy[float] = SMALL,
) -> Experiment:
    """Draw two weights, N from 1 to 5, T from 1 to 8, any activations and rule."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    cells = st.lists(numbers, min_size=height * width, max_size=height * width)
    return experiment(
        cell=two_weights(*(draw(st.sampled_from(list(ACTIVATIONS))) for _ in range(2))),
        inputs=np.reshape(np.array(draw(cells)), (height, width)),
        targets=draw(st.lists(numbers, min_size=height, max_size=height)),
        initial_state={"S(Out)": draw(numbers)},
        weights={"Wx": draw(numbers), "Wrec": draw(numbers)},
        learning_rates={"Wx": draw(rates), "Wrec": draw(rates)},
        update_rule=draw(st.sampled_from(list(UPDATE_RULES))),
        clip_norm=draw(st.none() | st.floats(1e-3, 10.0)),
    )

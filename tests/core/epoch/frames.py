"""Frames of any experiment at any epoch and step, trained by the update rules alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.names import sequence_name
from core.cell.steps import Position
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.epoch.frame import Frame
from core.training.run import Run, update
from tests.core.random_cells import random_data


def frame_of(experiment: Experiment, step: int, epoch: int = 0, sequence: int = 0) -> Frame:
    """Make the frame of an epoch with so many steps done."""
    return list(frames_of(experiment, epoch, sequence, first=0))[step]


def frames_of(
    experiment: Experiment, epoch: int = 0, sequence: int = 0, *, first: int = 1
) -> Iterator[Frame]:
    """Go through the frames of an epoch, which share one trace, from so many steps done on."""
    e, weights = experiment, experiment.weights
    numbers = e.rule.first_numbers(e.settings, weights.flat.shape)
    for at in range(epoch + 1):
        trace, before = Trace(e, weights), numbers
        weights, numbers = update(e, weights, trace.gradient, numbers, at)
    no_run: Any = None  # nothing here asks for it
    for step in range(first, len(e.steps)):
        yield Frame(no_run, e, Position(epoch, step), trace, before, sequence=sequence)
    position = Position(epoch, len(e.steps))
    yield Frame(no_run, e, position, trace, before, weights, numbers, sequence)


def experiment_of(cell: Cell, seed: int = 0, N: int = 3, T: int = 3, **rest: Any) -> Experiment:  # noqa: N803
    """Make an experiment of a cell with drawn data."""
    rng = np.random.default_rng(seed)
    sizes = dict.fromkeys(cell.sizes, 2)
    data = random_data(cell, rng, N, T, rest.pop("sizes", sizes))
    rates = dict.fromkeys(cell.weights, 0.1)
    return Experiment(cell=cell, learning_rates=rates, **{**data, **rest})


def numbers_of(run: Run, epoch: int) -> dict[str, float]:
    """Return the numbers of the program under the names that a script prints."""
    trace, experiment = run.trace(epoch), run.experiment
    names = experiment.layout.component_names
    weights, gradient = (experiment.layout.pack(v) for v in (trace.weights, trace.gradient))
    found = {"epoch": epoch, "cost": trace.cost, **dict(zip(names, weights, strict=True))}
    found |= {f"dE/d{name}": value for name, value in zip(names, gradient, strict=True)}
    for n, row in enumerate(trace.values(experiment.cell.prediction, experiment.timestamps)):
        for place in np.ndindex(np.shape(row)):
            part = f"[{place[0] + 1}]" if place else ""
            found[f"prediction_{sequence_name(n)}{part}"] = row[place]
    return {name: float(value) for name, value in found.items()}

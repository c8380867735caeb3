"""A sequence that nobody trained on, typed as one line: what the network makes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite

import numpy as np

from core.activations import Array
from core.experiment import Experiment, count_ones
from core.frame import Frame, frame_at
from core.notation import MINUS
from core.steps import Kind, Position, step_number
from core.training import Run

LONGEST = 10_000
TRIAL = "trial"  # what its run is called


class TrialError(ValueError):
    """Not a sequence. The text is one sentence that says where and what is needed."""


def read_sequence(text: str) -> Array:
    """The numbers of a line, shape (T,).

    They stand apart by spaces, semicolons or, where there are none of these, by commas; zeros
    and ones may stand close together: 1 0 1, 1;0;0,5, 1,0,1 and 101 are all sequences.
    """
    cells = _cells(text.strip())
    if not cells:
        raise TrialError("Type a sequence of numbers, such as 1 0 1 1.")
    if len(cells) > LONGEST:
        raise TrialError(f"A sequence has at most {LONGEST:,} numbers here, not {len(cells):,}.")
    return np.array([_number(cell, place) for place, cell in enumerate(cells, start=1)])


def trial_frame(frame: Frame, sequence: Array) -> Frame:
    """Its forward pass with the weights that the frame shows, all states done."""
    inputs = sequence[np.newaxis]
    experiment: Experiment = replace(
        frame.experiment,
        inputs=inputs,
        targets=count_ones(inputs),
        targets_count_ones=True,
        weights=frame.weights,
    )
    steps = experiment.timestamps
    position = Position(0, step_number(steps, Kind.STATE_OUT, steps))
    compare = frame.unactivated is not None
    return replace(frame_at(Run(experiment, TRIAL), position, compare=compare), tried=True)


def _cells(text: str) -> list[str]:
    if re.fullmatch("[01]+", text):
        return list(text)
    if re.search(r"[;\s]", text):
        apart = re.split(r"\s*;\s*|\s+", text.strip("; "))
        return [cell.removesuffix(",").replace(",", ".") for cell in apart]
    return text.strip(",").split(",") if text.strip(",") else []


def _number(cell: str, place: int) -> float:
    try:
        value = float(cell.replace(MINUS, "-"))
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in cell:
        raise TrialError(f"“{cell[:20]}” (place {place}) is no number; type for example 1 0 1 1.")
    return value

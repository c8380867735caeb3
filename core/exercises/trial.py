"""A sequence that nobody trained on, typed as one line: what the network makes of it."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np

from core.cell.description import Cell
from core.cell.parsing import TARGET
from core.cell.steps import Kind, Position
from core.data.reading import number_in, quoted
from core.data.values import Array
from core.epoch.frame import Frame, frame_at
from core.training.run import Run

LONGEST = 10_000
TRIAL = "trial"  # what its run is called


class TrialError(ValueError):
    """A text is no sequence. The error's text is one sentence: where, and what is needed."""


def why_no_trial(cell: Cell) -> str:
    """Say why no sequence can be typed for a cell; empty where one can."""
    if not cell.shapes[cell.input]:
        return ""
    return (
        f"Each timestamp of this cell takes a vector, {cell.input}, which one line of numbers "
        "does not hold: change a sequence of the data instead."
    )


def read_sequence(text: str) -> Array:
    """Read the numbers of a line: shape (T,). Raises `TrialError`.

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
    """Pass a sequence, shape (T,), forward with the weights that the frame shows, all states done.

    Raises `TrialError` where the cell takes vectors.
    """
    before, cell = frame.experiment, frame.experiment.cell
    if problem := why_no_trial(cell):
        raise TrialError(problem)
    inputs, counts = sequence[np.newaxis], not cell.shapes[TARGET]
    # Nobody compares a vector with anything here; ones are counted, as in the data.
    whole = (1, len(sequence))[: 1 + cell.costs_everywhere]
    nothing = np.zeros(whole + before.targets.shape[len(whole) :])
    experiment = before.changed(
        inputs=inputs,
        targets=before.counted(inputs) if counts else nothing,
        targets_count_ones=counts,
        weights=frame.weights,
    )
    last = experiment.timestamps
    made = cell.at(at_last=True)[-1].left
    position = Position(0, experiment.steps.number(Kind.VALUE, made, last))
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
    value = number_in(cell)
    if not math.isfinite(value):
        raise TrialError(f"{quoted(cell)} (place {place}) is no number; type for example 1 0 1 1.")
    return value

"""What the columns of the sequences are called where copied cells leave the program.

By these names they are known again when they come back: inputs as inputs, predictions as none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

TARGET, ERROR = "y", "error"

_NUMBERED = re.compile(r"(?:x|S_)([1-9]\d{0,3})")


class NamedColumns(NamedTuple):
    """Columns under our own names, and which of them hold what."""

    timestamps: int
    inputs: range
    target: int | None
    computed: range  # the prediction and its error


def column_names(timestamps: int) -> list[str]:
    """Name the columns: x1…xT, y, S_T, error."""
    inputs = [f"x{k}" for k in range(1, timestamps + 1)]
    return [*inputs, TARGET, f"S_{timestamps}", ERROR]


def known_columns(names: Sequence[str]) -> NamedColumns | None:
    """Tell what these names say if they are ours, all or some in a row; None if they are not."""
    numbers = [int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name))]
    if not numbers:
        return None
    timestamps = numbers[-1]
    ours = column_names(timestamps)
    first = ours.index(names[0]) if names[0] in ours else 0
    if list(names) != ours[first : first + len(names)]:
        return None
    inputs = range(max(0, timestamps - first))
    target = timestamps - first
    known = range(len(names))
    return NamedColumns(
        timestamps,
        inputs,
        target if target in known else None,
        range(max(0, target + 1), len(names)),
    )

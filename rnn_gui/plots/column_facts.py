"""Everything known of one column, with all digits, for the tool tip."""

from __future__ import annotations

from core.data.notation import subscript
from core.epoch.frame import Frame
from rnn_gui.tutorial_cell import (
    D_STATE_IN,
    D_STATE_OUT,
    STATE_IN,
    STATE_OUT,
    WEIGHTS,
    initial_state,
)

_ROWS = (
    (STATE_IN, "S{}(In)"),
    (STATE_OUT, "S{}(Out)"),
    (D_STATE_OUT, "dE/dS{}(Out)"),
    (D_STATE_IN, "dE/dS{}(In)"),
)


def column_facts(frame: Frame, timestamp: int, sequence: int) -> str:
    """One line for each value of this sequence that is known at this timestamp."""
    k = timestamp
    if k == 0:
        return f"Timestamp 0, all sequences\nS₀(Out) = {initial_state(frame.experiment)!r}"
    lines = [
        f"Timestamp {k}, sequence {frame.name_of(sequence)}",
        f"X{subscript(k)} = {float(frame.experiment.inputs[sequence, k - 1])!r}",
    ]
    for kind, name in _ROWS:
        values = frame.row(*kind, k)
        if values is not None:
            lines.append(f"{name.format(subscript(k))} = {float(values[sequence])!r}")
    if k == frame.timestamps:
        lines.append(f"y = {float(frame.experiment.targets[sequence])!r}")
        if frame.cost is not None:
            lines.append(f"cost E = {frame.cost!r}, over all sequences")
    added = frame.added(k)
    if added is not None:
        lines += [f"added to dE/d{w} = {added[w]!r}, over all sequences" for w in WEIGHTS]
    return "\n".join(lines)

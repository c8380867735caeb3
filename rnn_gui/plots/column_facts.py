"""Everything known of one column, with all digits, for the tool tip."""

from __future__ import annotations

from core.frame import Frame
from core.notation import subscript
from core.steps import Kind

_ROWS = (
    (Kind.STATE_IN, "S{}(In)"),
    (Kind.STATE_OUT, "S{}(Out)"),
    (Kind.D_STATE_OUT, "dE/dS{}(Out)"),
    (Kind.D_STATE_IN, "dE/dS{}(In)"),
)


def column_facts(frame: Frame, timestamp: int, sequence: int) -> str:
    """One line for each value of this sequence that is known at this timestamp."""
    k = timestamp
    if k == 0:
        return f"Timestamp 0, all sequences\nS₀(Out) = {frame.experiment.initial_state!r}"
    lines = [
        f"Timestamp {k}, sequence {frame.name_of(sequence)}",
        f"X{subscript(k)} = {float(frame.experiment.inputs[sequence, k - 1])!r}",
    ]
    for kind, name in _ROWS:
        values = frame.values(kind, k)
        if values is not None:
            lines.append(f"{name.format(subscript(k))} = {float(values[sequence])!r}")
    if k == frame.timestamps:
        lines.append(f"y = {float(frame.experiment.targets[sequence])!r}")
        if frame.cost is not None:
            lines.append(f"cost E = {frame.cost!r}, over all sequences")
    added = frame.added(k)
    if added is not None:
        lines.append(f"added to dE/dWx = {added.wx!r}, over all sequences")
        lines.append(f"added to dE/dWrec = {added.wrec!r}, over all sequences")
    return "\n".join(lines)

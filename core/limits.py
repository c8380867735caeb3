"""How much data an experiment may be given at once: what a window shows and a run trains."""

from __future__ import annotations

MOST_SEQUENCES = 1_000_000
MOST_TIMESTAMPS = 1_000
MOST_CELLS = 10_000_000


def why_too_large(sequences: int, timestamps: int) -> str:
    """One sentence on why so many cells are too many; empty where they are not."""
    for count, what, most in (
        (sequences, "sequences", MOST_SEQUENCES),
        (timestamps, "timestamps", MOST_TIMESTAMPS),
    ):
        if count > most:
            return f"{count:,} {what} are too many: {most:,} is the most."
    cells = sequences * timestamps
    if cells > MOST_CELLS:
        fewer = MOST_CELLS // timestamps
        return f"{cells:,} cells are too many: take {fewer:,} sequences or fewer timestamps."
    return ""

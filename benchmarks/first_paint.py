"""From the start of the process to the first paint and to the complete window."""

from __future__ import annotations

from benchmarks import start
from benchmarks.table import Row, Wanted

_ROUNDS = 7


_WHY = "Importing NumPy and pyqtgraph takes longer than the bare widget as a whole."


def rows() -> list[Row]:
    seconds = start.measure(_ROUNDS)
    bare = seconds["bare"]
    return [
        Row(
            what=f"start of the program: {name}",
            yardstick="first paint of a bare QWidget",
            ours=seconds[name],
            theirs=bare,
            result=seconds[name].over(bare),
            wanted=Wanted(limit, at_least=False),
            why=_WHY,
        )
        for name, limit in (("first paint", 1.5), ("complete", 5.0))
    ]

"""Runs that an edit has left: they stay beside the present one, to be compared and returned to."""

from __future__ import annotations

from dataclasses import dataclass

from core.training.run import Run


@dataclass(frozen=True, eq=False)
class Ghost:
    """A run that is not the present one; ``shown`` in plots or not.

    ``name`` is short and its own among the runs of a session: "2 · rate of Wx".
    """

    run: Run
    name: str
    shown: bool = True

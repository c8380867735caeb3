"""The runs of a session: how they are called, where they were left, which of them are shown."""

from __future__ import annotations

from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.commands import Standing


class Runs:
    """Remembers every trained run that an edit has left, in the order of their leaving.

    A run that was never trained is not worth remembering: nothing happened in it.
    """

    def __init__(self, first: Run) -> None:
        self._reasons: dict[Run, str] = {first: first.name}
        self._numbers: dict[Run, int] = {}
        self._left: dict[Run, Standing] = {}
        self._ticked: dict[Run, bool] = {}  # by a person: shown or not
        self._forgotten: set[Run] = set()

    def began(self, run: Run, why: str) -> None:
        """A run that an edit begins; a run returned to keeps its first reason."""
        self._reasons.setdefault(run, why)

    def leave(self, standing: Standing) -> None:
        """An edit, or its undoing, leaves this run."""
        run = standing.run
        if run.last > 0:
            self._numbers.setdefault(run, len(self._numbers) + 1)
            self._left[run] = standing
            self._forgotten.discard(run)

    def name(self, run: Run) -> str:
        """Short, and its own: the number of the run and what it began with."""
        number = self._numbers.get(run, len(self._numbers) + 1)
        return f"{number} · {self._reasons.get(run, run.name)}"

    def left_at(self, run: Run) -> Standing:
        return self._left[run]

    def show(self, run: Run, shown: bool) -> None:
        self._ticked[run] = shown

    def forget(self, run: Run) -> None:
        self._forgotten.add(run)

    def ghosts(self, present: Run) -> tuple[Ghost, ...]:
        return tuple(
            Ghost(run, self.name(run), self._shown(run, present))
            for run in self._left
            if run is not present and run not in self._forgotten
        )

    def _shown(self, run: Run, present: Run) -> bool:
        """Nobody having said so, one that can be compared with the present run."""
        ticked = self._ticked.get(run)
        return run.experiment.same_costs(present.experiment) if ticked is None else ticked

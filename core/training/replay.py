"""Training by the clock: a slice at a time, and the replay of a session up to its position."""

from __future__ import annotations

from time import perf_counter

from core.cell.steps import Position
from core.training.run import Run

# How often at least it looks at the clock.
_LOOKS = 16


def train_for(run: Run, goal: int, seconds: float) -> bool:
    """Train towards epoch ``goal`` for about so long; True while there is more to do."""
    now = perf_counter()
    end, chunk = now + seconds, 1
    while run.last < goal and now < end:
        if not run.extend(min(chunk, goal - run.last)):
            return False
        before, now = now, perf_counter()
        if now - before < seconds / _LOOKS:
            chunk *= 2
    return run.last < goal


def epochs_needed(run: Run, position: Position) -> int:
    """Tell the last epoch that a run must reach to stand there: an update makes the next one's."""
    return position.epoch + (position.step == len(run.experiment.steps))


def why_not_reached(run: Run, position: Position) -> str:
    """Tell why a run that has ended does not get to where its session file says it stands."""
    where = f"{run.name} stands at epoch {position.epoch:,}"
    return f"{where}, which its run does not reach: {run.ending}"

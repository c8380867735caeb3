"""Training by the clock: a slice at a time, and the replay of a session up to its position."""

from __future__ import annotations

from time import perf_counter

from core.steps import Position, epoch_length
from core.training import Run


def train_for(run: Run, goal: int, seconds: float) -> bool:
    """Train towards epoch ``goal`` for about so long; True while there is more to do."""
    end = perf_counter() + seconds
    chunk = 1
    while run.last < goal and perf_counter() < end:
        if not run.extend(min(chunk, goal - run.last)):
            return False
        chunk = min(2 * chunk, 256)
    return run.last < goal


def epochs_needed(run: Run, position: Position) -> int:
    """The last epoch that a run must reach to stand there: an update makes the next one's."""
    return position.epoch + (position.step == epoch_length(run.experiment.timestamps))


def why_not_reached(run: Run, position: Position) -> str:
    """Why a run that has ended does not get to where its session file says it stands."""
    where = f"{run.name} stands at epoch {position.epoch:,}"
    return f"{where}, which its run does not reach: {run.ending}"

"""What a command names to begin with: a session file."""

from __future__ import annotations

import os
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.reading import quoted, shown_path
from core.files import session as session_file
from core.training.replay import epochs_needed, train_for, why_not_reached
from core.training.run import Run
from rnn_gui.console import Mistake
from rnn_gui.tutorial_cell import why_not_drawn

_PATIENCE_SECONDS = 1.0


def begun(file: str, commands: Collection[str]) -> tuple[Run, Position, Path]:
    """Begin the run of a session file; the window shows the rest of a long one."""
    experiment, position, path = read_session(file, "command", commands)
    if why := why_not_drawn(experiment.cell):
        raise Mistake(f"{shown_path(path)} cannot be opened: {why}")
    run = Run(experiment, session_file.session_name(path))
    needed = epochs_needed(run, position)
    # A run whose cost is no finite number ends at epoch 0: there it can stand.
    if not train_for(run, needed, _PATIENCE_SECONDS) and run.last < needed:
        raise Mistake(f"{shown_path(path)}: {why_not_reached(run, position)}")
    return run, position, path


def read_session(name: str, kind: str, known: Collection[str]) -> tuple[Experiment, Position, Path]:
    """Read the session in a file, unless it is rather a ``known`` word of some ``kind``, misspelt.

    Raises `Mistake`.
    """
    path = Path(name)
    if path.suffix.lower() == ".md":
        raise Mistake(
            f"{shown_path(path)} is a lesson and no session: open it in the window, in Lessons."
        )
    if path.name == name and not path.suffix and not os.path.exists(path):
        near = get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise Mistake(
            f"{quoted(name, 60)} is neither a {kind} nor a file{hint}: "
            f"the {kind}s are {', '.join(known)}."
        )
    try:
        return *session_file.load(path), path
    except session_file.SessionFileError as problem:
        raise Mistake(str(problem)) from None

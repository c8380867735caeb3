"""What a command names to begin with: a session file."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from core import session_file
from core.experiment import Experiment
from core.replay import epochs_needed, train_for, why_not_reached
from core.steps import Position
from core.training import Run
from rnn_gui.console import Mistake

_PATIENCE_SECONDS = 1.0


def begun(file: str, commands: Collection[str]) -> tuple[Run, Position, Path]:
    """The run of a session file, on its way; the window shows the rest of a long one."""
    experiment, position, path = read_session(file, "command", commands)
    run = Run(experiment, session_file.session_name(path))
    if not train_for(run, epochs_needed(run, position), _PATIENCE_SECONDS) and run.ending:
        raise Mistake(f"{path}: {why_not_reached(run, position)}")
    return run, position, path


def read_session(name: str, kind: str, known: Collection[str]) -> tuple[Experiment, Position, Path]:
    """The session in a file, unless it is rather a ``known`` word of some ``kind``, misspelt."""
    path = Path(name)
    if path.name == name and not path.suffix and not path.exists():
        near = get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise Mistake(
            f"“{name}” is neither a {kind} nor a file{hint}: the {kind}s are {', '.join(known)}."
        )
    try:
        return *session_file.load(path), path
    except session_file.SessionFileError as problem:
        raise Mistake(str(problem)) from None

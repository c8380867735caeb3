"""What `rnn-gui` understands, and what each command does. Qt is loaded as late as can be."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import NamedTuple, NoReturn

from core import session_file
from core.experiment import Experiment
from core.files import FileProblem
from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.replay import epochs_needed, train_for, why_not_reached
from core.steps import Position, before_update, epoch_length
from core.tables import TABLES
from core.training import EPOCH_LIMIT, Run
from rnn_gui import __version__, preflight
from rnn_gui.exporting import FORMATS, TABLE_FORMAT, ExportRequest, export

_PATIENCE_SECONDS = 1.0


class Mistake(Exception):
    """Something in the command, a file or the surroundings. The text says the way out."""


def run(arguments: Sequence[str]) -> int:
    """Do what the command says; the exit status. Raises `Mistake`."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name may be in no character set
        sys.stdout.reconfigure(errors="backslashreplace")
    command = arguments[0] if arguments else ""
    if command in _COMMANDS:
        return _COMMANDS[command](arguments[1:])
    return _window(arguments)


class _Parser(argparse.ArgumentParser):
    """Tells a mistake in one sentence instead of printing how the command is used."""

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        message = re.sub(r"^argument ([^:]+): ", r"\1: ", message)
        raise Mistake(f"{message}; `{self.prog} --help` shows what it takes.")


def _window(arguments: Sequence[str]) -> int:
    parser = _Parser("rnn-gui", _ABOUT, _OTHER_COMMANDS)
    parser.add_argument("file", metavar="FILE", nargs="?", help="a session to open: *.rnn.json")
    parser.add_argument("--version", action="version", version=f"RNN Stepper {__version__}")
    chosen = _parsed(parser, arguments)
    if chosen is None:
        return 0
    session = None if chosen.file is None else _begun(chosen.file)
    _require(preflight.window_problem())
    from rnn_gui.app import run_window

    return run_window(session)


def _begun(file: str) -> tuple[Run, Position, Path]:
    """The run of a session file, on its way; the window shows the rest of a long one."""
    experiment, position, path = _session(file, "command", _COMMANDS)
    run = Run(experiment, session_file.session_name(path))
    if not train_for(run, epochs_needed(run, position), _PATIENCE_SECONDS) and run.ending:
        raise Mistake(f"{path}: {why_not_reached(run, position)}")
    return run, position, path


def _presets(arguments: Sequence[str]) -> int:
    if _parsed(_Parser("rnn-gui presets", "List the presets."), arguments) is not None:
        width = max(map(len, PRESETS))
        _say(f"{key:{width}}  {preset.title}" for key, preset in PRESETS.items())
    return 0


def _export(arguments: Sequence[str]) -> int:
    chosen = _parsed(_export_parser(), arguments)
    if chosen is None:
        return 0
    frame = _frame(_start(chosen.source), chosen)
    write = _write_tables if chosen.formats == (TABLE_FORMAT,) else _write_all
    try:
        written = write(frame, chosen.out, chosen.formats)
    except FileProblem as problem:
        raise Mistake(str(problem)) from None
    _say(map(str, written))
    return 0


def _write_tables(frame: Frame, folder: Path, formats: Sequence[str]) -> list[Path]:
    return export(frame, ExportRequest(folder, (), tuple(TABLES), formats))


def _write_all(frame: Frame, folder: Path, formats: Sequence[str]) -> list[Path]:
    _require(preflight.offscreen_problem())
    preflight.use_offscreen()
    os.environ.setdefault("QT_HASH_SEED", "0")  # else a PDF lists its fonts in another order
    from PySide6.QtWidgets import QApplication

    from rnn_gui.figures import FIGURES

    application = QApplication.instance() or QApplication(["rnn-gui"])
    try:
        return export(frame, ExportRequest(folder, tuple(FIGURES), tuple(TABLES), formats))
    finally:
        del application  # it must live as long as figures are drawn


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"presets": _presets, "export": _export}

_ABOUT = """\
Open the window of RNN Stepper: back-propagation through time, one step at a time."""

_OTHER_COMMANDS = """\
other commands:
  rnn-gui presets                    list the presets
  rnn-gui export SOURCE --out DIR    write figures and tables; needs no screen
                                     (rnn-gui export --help shows its options)

A file that is called like a command is opened by its path: rnn-gui ./export"""


def _parsed(parser: _Parser, arguments: Sequence[str]) -> argparse.Namespace | None:
    """The arguments, or None where all there was to do was to print help or the version."""
    try:
        return parser.parse_args(arguments)
    except SystemExit:
        _say(())
        return None


def _export_parser() -> _Parser:
    parser = _Parser("rnn-gui export", "Write the figures and tables of one position of a run.")
    add = parser.add_argument
    add("source", metavar="SOURCE", help="a preset (rnn-gui presets lists them) or a session file")
    add("--out", metavar="DIR", type=_folder, required=True, help="where to; made if missing")
    add(
        "--epochs",
        metavar="N",
        type=_whole_number,
        help="go to this epoch (else where the session stands; a preset stands at epoch 0)",
    )
    add(
        "--step",
        metavar="K",
        type=_whole_number,
        help="steps done in that epoch, 0 to 5T + 3 (else the session's own, "
        "or with --epochs or a preset 5T + 2, all but the update)",
    )
    add(
        "--sequence",
        metavar="I",
        type=_whole_number,
        default=1,
        help="the sequence that network and equation show, counted from 1 (1)",
    )
    add(
        "--formats",
        metavar="LIST",
        type=_formats,
        default=FORMATS,
        help=f"which of {','.join(FORMATS)} to write (all)",
    )
    return parser


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("needs the name of a folder")
    return Path(text)


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"needs a whole number from 0 on, not “{text}”")
    return int(text)


def _formats(text: str) -> tuple[str, ...]:
    chosen = [part.strip().lower() for part in text.split(",")]
    for one in chosen:
        if one not in FORMATS:
            raise argparse.ArgumentTypeError(
                f"“{one}” is no format; choose from {','.join(FORMATS)}"
            )
    return tuple(dict.fromkeys(chosen))


class _Start(NamedTuple):
    """What an export begins with; ``step`` is None where the source stands at none."""

    run: Run
    epoch: int
    step: int | None


def _start(source: str) -> _Start:
    if source in PRESETS:
        return _Start(Run(PRESETS[source].experiment, source), 0, None)
    experiment, position, path = _session(source, "preset", PRESETS)
    return _Start(Run(experiment, session_file.session_name(path)), *position)


def _session(name: str, kind: str, known: Collection[str]) -> tuple[Experiment, Position, Path]:
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


def _frame(start: _Start, chosen: argparse.Namespace) -> Frame:
    """The frame that the options ask for. Raises `Mistake` for one that there is not."""
    run, timestamps = start.run, start.run.experiment.timestamps
    step = chosen.step
    if step is None:
        own = chosen.epochs is None and start.step is not None
        step = start.step if own else before_update(timestamps)
    epoch = start.epoch if chosen.epochs is None else chosen.epochs
    last_step = epoch_length(timestamps)
    _check("--step", step, 0, last_step, f" with {timestamps} timestamps")
    # The update of an epoch is the weights that the next one starts from.
    updated = step == last_step
    where = " with the update done" if updated else ""
    _check("--epochs", epoch, 0, EPOCH_LIMIT - updated, where)
    _check("--sequence", chosen.sequence, 1, run.experiment.sequences)
    if not run.reach(epoch + updated) or not isfinite(run.costs[epoch]):
        raise Mistake(run.ending)
    return frame_at(run, Position(epoch, step), chosen.sequence - 1)


def _check(option: str, value: int, low: int, high: int, where: str = "") -> None:
    if not low <= value <= high:
        raise Mistake(f"{option}: needs a whole number from {low} to {high:,}{where}, not {value}.")


def _say(lines: Iterable[str]) -> None:
    """Print. That nobody reads it to the end is no mistake; that it has no room is one."""
    if sys.stdout is None:  # as it is where the terminal has gone
        return
    try:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
    except OSError as problem:
        # What is left goes nowhere, instead of failing once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(problem, BrokenPipeError):
            raise Mistake(
                f"the output cannot be written ({problem.strerror}): send it elsewhere."
            ) from None


def _require(problem: str | None) -> None:
    if problem:
        raise Mistake(problem)

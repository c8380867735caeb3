"""The commands `rnn-gui presets` and `rnn-gui export`. Qt is loaded as late as can be."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from core.files import FileProblem
from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.session_file import session_name
from core.steps import Position, before_update, epoch_length
from core.tables import TABLES
from core.training import EPOCH_LIMIT, Run
from rnn_gui import preflight
from rnn_gui.console import Mistake, Parser, parsed, require, say
from rnn_gui.exporting import FORMATS, TABLE_FORMAT, ExportRequest, export
from rnn_gui.sources import read_session


def list_presets(arguments: Sequence[str]) -> int:
    """`rnn-gui presets`; the exit status. Raises `Mistake`."""
    if parsed(Parser("rnn-gui presets", "List the presets."), arguments) is not None:
        width = max(map(len, PRESETS))
        say(f"{key:{width}}  {preset.title}" for key, preset in PRESETS.items())
    return 0


def export_source(arguments: Sequence[str]) -> int:
    """`rnn-gui export`; the exit status. Raises `Mistake`."""
    chosen = parsed(_export_parser(), arguments)
    if chosen is None:
        return 0
    frame = _frame(_start(chosen.source), chosen)
    write = _write_tables if chosen.formats == (TABLE_FORMAT,) else _write_all
    try:
        written = write(frame, chosen.out, chosen.formats)
    except FileProblem as problem:
        raise Mistake(str(problem)) from None
    say(map(str, written))
    return 0


def _write_tables(frame: Frame, folder: Path, formats: Sequence[str]) -> list[Path]:
    return export(frame, ExportRequest(folder, (), tuple(TABLES), formats))


def _write_all(frame: Frame, folder: Path, formats: Sequence[str]) -> list[Path]:
    require(preflight.offscreen_problem())
    preflight.use_offscreen()
    os.environ.setdefault("QT_HASH_SEED", "0")  # else a PDF lists its fonts in another order
    from PySide6.QtWidgets import QApplication

    from rnn_gui.figures import FIGURES

    application = QApplication.instance() or QApplication(["rnn-gui"])
    try:
        return export(frame, ExportRequest(folder, tuple(FIGURES), tuple(TABLES), formats))
    finally:
        del application  # it must live as long as figures are drawn


def _export_parser() -> Parser:
    parser = Parser("rnn-gui export", "Write the figures and tables of one position of a run.")
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
    experiment, position, path = read_session(source, "preset", PRESETS)
    return _Start(Run(experiment, session_name(path)), *position)


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

"""The commands `rnn-gui presets` and `rnn-gui export`. Qt is loaded as late as can be."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.data.reading import quoted
from core.epoch.frame import Frame, frame_at
from core.files.session import session_name
from core.files.tables import tables_of
from core.files.writing import Content, FileProblem
from core.training.run import EPOCH_LIMIT, Run
from rnn_gui import preflight
from rnn_gui.console import Mistake, Parser, parsed, require, say
from rnn_gui.exporting import FIGURE_FORMATS, FORMATS, TABLE_FORMAT, ExportRequest, export
from rnn_gui.sources import read_session
from rnn_gui.tutorial_cell import can_draw

SCRIPT_FORMAT = "script"
_ALL_FORMATS = (*FORMATS, SCRIPT_FORMAT)


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
    start = _start(chosen.source)
    formats = _drawable(start.run, chosen.formats)
    frame = _frame(start, chosen)
    others = _script(frame) if SCRIPT_FORMAT in formats else {}
    tables = tables_of(frame.experiment.cell)
    request = ExportRequest(chosen.out, (), tables, formats, others)
    write = _write_figures if request.figure_formats else export
    try:
        written = write(frame, request, log_gradients=start.log_gradients)
    except FileProblem as problem:
        raise Mistake(str(problem)) from None
    say(map(str, written))
    return 0


def _drawable(run: Run, asked: Sequence[str] | None) -> Sequence[str]:
    """Choose the formats; a figure of a cell that cannot be drawn is no choice."""
    cell = run.experiment.cell
    if can_draw(cell):
        return FORMATS if asked is None else asked
    refused = [kind for kind in asked or () if kind in FIGURE_FORMATS]
    if refused:
        others = f"{TABLE_FORMAT} or {SCRIPT_FORMAT}"
        raise Mistake(
            f"--formats: there is no {refused[0]} of the cell “{cell.title}”, for figures show "
            f"the tutorial's network; choose {others}."
        )
    return (TABLE_FORMAT,) if asked is None else asked


def _script(frame: Frame) -> dict[str, Content]:
    from core.epoch.script import ScriptError, script

    try:
        return {"script.py": script(frame.run, frame.position.epoch).text.encode()}
    except ScriptError as problem:
        raise Mistake(str(problem)) from None


def _write_figures(frame: Frame, request: ExportRequest, *, log_gradients: bool) -> list[Path]:
    require(preflight.offscreen_problem())
    preflight.use_offscreen()
    os.environ.setdefault("QT_HASH_SEED", "0")  # else a PDF lists its fonts in another order
    from PySide6.QtWidgets import QApplication

    from rnn_gui.figures import FIGURES

    application = QApplication.instance() or QApplication(["rnn-gui"])
    try:
        request = replace(request, figures=tuple(FIGURES))
        return export(frame, request, log_gradients=log_gradients)
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
        help="steps done in that epoch, a number or a name as in S2(In) (else the session's own, "
        "or with --epochs or a preset all but the update)",
    )
    add(
        "--sequence",
        metavar="I",
        default="a",
        help="the sequence that network and equation show, a letter or a number from 1 on (a)",
    )
    add(
        "--formats",
        metavar="LIST",
        type=_formats,
        help=f"which of {','.join(_ALL_FORMATS)} to write (all but the script; of other cells "
        "than the tutorial's there are no figures)",
    )
    return parser


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("needs the name of a folder")
    return Path(text)


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"needs a whole number from 0 on, not {quoted(text)}")
    return int(text)


def _formats(text: str) -> tuple[str, ...]:
    chosen = [part.strip().lower() for part in text.split(",")]
    for one in chosen:
        if one not in _ALL_FORMATS:
            raise argparse.ArgumentTypeError(
                f"{quoted(one)} is no format; choose from {','.join(_ALL_FORMATS)}"
            )
    return tuple(dict.fromkeys(chosen))


class _Start(NamedTuple):
    """What an export begins with; ``step`` is None where the source stands at none."""

    run: Run
    epoch: int
    step: int | None
    log_gradients: bool = False


def _start(source: str) -> _Start:
    if source in PRESETS:
        preset = PRESETS[source]
        return _Start(Run(preset.experiment, source), 0, None, preset.log_gradients)
    experiment, position, path = read_session(source, "preset", PRESETS)
    return _Start(Run(experiment, session_name(path)), *position)


def _frame(start: _Start, chosen: argparse.Namespace) -> Frame:
    """Make the frame that the options ask for. Raises `Mistake` for one that there is not."""
    run, steps = start.run, start.run.experiment.steps
    if chosen.step is not None:
        step = _step(chosen.step, run)
    elif chosen.epochs is None and start.step is not None:
        step = start.step
    else:
        step = steps.before_update
    epoch = start.epoch if chosen.epochs is None else chosen.epochs
    # The update of an epoch is the weights that the next one starts from.
    updated = step == len(steps)
    where = " with the update done" if updated else ""
    _check("--epochs", epoch, 0, EPOCH_LIMIT - updated, where)
    sequence = _sequence(chosen.sequence, run.experiment.sequences)
    if not run.reach(epoch + updated) or not isfinite(run.costs[epoch]):
        raise Mistake(run.ending)
    return frame_at(run, Position(epoch, step), sequence)


def _step(text: str, run: Run) -> int:
    steps = run.experiment.steps
    named = {step.label: step.number for step in steps}
    if text in named:
        return named[text]
    if not re.fullmatch(r"[0-9]{1,18}", text):
        first = steps[0].label
        raise Mistake(
            f"--step: needs a whole number or the name of a step such as {first}, "
            f"not {quoted(text)}."
        )
    where = f" with {run.experiment.timestamps} timestamps"
    _check("--step", int(text), 0, len(steps), where)
    return int(text)


def _sequence(text: str, sequences: int) -> int:
    """Read the name of a sequence, or its number from 1; return it counted from 0."""
    if re.fullmatch("[a-z]", text) and ord(text) - ord("a") < sequences:
        return ord(text) - ord("a")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise Mistake(
            f"--sequence: needs a letter or a whole number from 1 to {sequences:,}, "
            f"not {quoted(text)}."
        )
    _check("--sequence", int(text), 1, sequences)
    return int(text) - 1


def _check(option: str, value: int, low: int, high: int, where: str = "") -> None:
    if not low <= value <= high:
        raise Mistake(f"{option}: needs a whole number from {low} to {high:,}{where}, not {value}.")

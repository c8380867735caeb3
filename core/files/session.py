"""The session file: an experiment as it stood at epoch 0, and the position in its run.

Version 1 is that of the tutorial's network, version 2 that of every other cell. Reading is
strict: a number is a JSON number, whole or not; ``true`` is none, and an epoch or a step is
written without a decimal point. A byte order mark before the text is passed over.
"""

from __future__ import annotations

import errno
import math
from pathlib import Path
from typing import Any

from core.cell.description import Cell
from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.parsing import TARGET, CellError
from core.cell.reading import read_cell
from core.cell.steps import Position
from core.data.experiment import DEFAULTS, Experiment, ExperimentError
from core.data.random_data import why_too_large
from core.data.reading import ReadProblem, printable, read_file, shown_path
from core.files.session_fields import (
    OfAnyCell,
    Own,
    Session,
    SessionFileError,
    Tutorial,
    check_names,
    check_numbers,
    described,
    read_fields,
    shown_json,
    wrong,
)
from core.files.session_json import parsed
from core.files.session_text import text_of
from core.files.writing import FileProblem, write_file
from core.training.run import EPOCH_LIMIT

__all__ = ["SUFFIX", "SessionFileError", "dumps", "load", "loads", "save", "session_name"]

SUFFIX = ".rnn.json"
MOST_BYTES = 50_000_000
MOST_IN_WEIGHTS = 100_000
_MOST_IN_TITLE = 80


def session_name(path: Path) -> str:
    """Call a session by its file's name without the ending, in letters that can be seen."""
    return printable(path.name.removesuffix(SUFFIX).removesuffix(".json"))


def save(path: str | Path, experiment: Experiment, position: Position) -> None:
    """Write a session file, whole or not at all. Raises `core.files.writing.FileProblem`."""
    contents = dumps(experiment, position).encode()
    if len(contents) > MOST_BYTES:
        size = OSError(errno.EFBIG, f"it would have more than {MOST_BYTES // 10**6} MB")
        raise FileProblem(Path(path), size, "take fewer sequences")
    write_file(path, contents)


def load(path: str | Path) -> tuple[Experiment, Position]:
    """Read a session file. Raises `SessionFileError`, whose text names the file."""
    try:
        contents = read_file(
            path, MOST_BYTES, verb="opened", kind="a session file", too_large="take a smaller one"
        )
    except ReadProblem as problem:
        raise SessionFileError(str(problem)) from None
    try:
        return loads(contents)
    except SessionFileError as error:
        raise SessionFileError(f"{shown_path(path)} cannot be opened: {error}") from None


def dumps(experiment: Experiment, position: Position) -> str:
    """Write the text of a session file, laid out to be read; the same session, the same bytes."""
    return text_of(experiment, position)


def loads(text: str | bytes) -> tuple[Experiment, Position]:
    """Read the experiment and the position in the text of a session file.

    Raises `SessionFileError`, and never anything else, for whatever is not usable.
    """
    session = read_fields(parsed(text), Session)
    if session.format != "rnn-stepper":
        raise wrong("format", '"rnn-stepper"', session.format, ": choose a session file")
    read = {1: _tutorial, 2: _of_any_cell}.get(session.version)
    if read is None:
        raise wrong("version", "1 or 2", session.version, ": open it with the program it is from")
    try:
        experiment = read(session.experiment)
    except ExperimentError as error:
        raise SessionFileError(_refusal(error, session.experiment)) from None
    return experiment, _position(session, experiment)


def _refusal(error: ExperimentError, fields: Any) -> str:
    """Say what is wrong with an experiment, and what stands there where that is one value."""
    value = fields.get(error.field)
    is_one = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return f"experiment.{error}{f', and it is {described(value)}' if is_one else ''}."


def _position(session: Session, experiment: Experiment) -> Position:
    position, length = Position(session.epoch, session.step), len(experiment.steps)
    if position.step > length:
        raise SessionFileError(
            f"step must be at most {length} with {experiment.timestamps} timestamps, "
            f"and it is {described(position.step)}."
        )
    if position == (EPOCH_LIMIT, length):
        raise SessionFileError(
            f"step must be at most {length - 1} in epoch {EPOCH_LIMIT:,}: "
            "a run holds no epoch after it."
        )
    return position


# --- the experiment ---------------------------------------------------------------------------


def _tutorial(value: Any) -> Experiment:
    """Read an experiment of version 1."""
    fields = read_fields(value, Tutorial, "experiment")
    cell = _with_activations("tutorial", fields)
    return _experiment(
        cell,
        fields,
        weights={"Wx": fields.weights.wx, "Wrec": fields.weights.wrec},
        learning_rates={"Wx": fields.learning_rates.wx, "Wrec": fields.learning_rates.wrec},
        initial_state={"S(Out)": fields.initial_state},
    )


def _of_any_cell(value: Any) -> Experiment:
    """Read an experiment of version 2."""
    fields = read_fields(value, OfAnyCell, "experiment")
    cell = _cell(fields)
    _check_sizes(fields.sizes, cell)
    _check_each("weights", fields.weights, cell, cell.weights, cell.weights)
    _check_each("initial_state", fields.initial_state, cell, cell.states)
    rates = fields.learning_rates
    if isinstance(rates, dict):
        check_names(rates, "experiment.learning_rates", cell.weights, cell.weights)
    for name, rate in rates.items() if isinstance(rates, dict) else [("", rates)]:
        place = f"experiment.learning_rates{f'.{name}' if name else ''}"
        check_numbers(rate, place, 0)
    experiment = _experiment(
        cell,
        fields,
        weights=fields.weights,
        learning_rates=rates,
        initial_state=fields.initial_state,
    )
    for letter, size in fields.sizes.items():
        if size != experiment.sizes[letter]:
            place, needed = f"experiment.sizes.{letter}", experiment.sizes[letter]
            raise wrong(place, f"{needed}, as weights, inputs and targets have it", size)
    return experiment


def _experiment(cell: Cell, fields: Tutorial | OfAnyCell, **others: Any) -> Experiment:
    vectors = len(cell.shapes[cell.input])
    check_numbers(fields.inputs, "experiment.inputs", 2 + vectors)
    dimensions = 1 + cell.costs_everywhere + len(cell.shapes[TARGET])
    check_numbers(fields.targets, "experiment.targets", dimensions)
    first = fields.inputs[0]
    components = len(first[0]) if vectors else 1
    if why := why_too_large(len(fields.inputs), len(first), components):
        raise SessionFileError(f"experiment.inputs: {why}")
    return Experiment(
        cell=cell,
        inputs=fields.inputs,  # type: ignore[arg-type]  # rows are read by the experiment
        targets=fields.targets,  # type: ignore[arg-type]
        targets_count_ones=fields.targets_count_ones,
        update_rule=fields.update_rule,
        settings={name: getattr(fields, name) for name in DEFAULTS},
        clip_norm=fields.clip_norm,
        **others,
    )


def _cell(fields: OfAnyCell) -> Cell:
    described_cell = fields.cell
    if isinstance(described_cell, str):
        if described_cell not in KNOWN:
            names = " or ".join(map(shown_json, KNOWN))
            needed = f"{names}, or an object with title and text"
            raise wrong("experiment.cell", needed, described_cell)
        cell = KNOWN[described_cell]()
        if cell.activations is not None:
            return _with_activations(described_cell, fields)
    else:
        cell = _own(described_cell)
    for name in ("hidden_activation", "last_activation"):
        if getattr(fields, name):
            raise SessionFileError(f"experiment.{name} belongs to the tutorial's cells: remove it.")
    return cell


def _own(own: Own) -> Cell:
    title = own.title
    if not title.strip() or not title.isprintable() or len(title) > _MOST_IN_TITLE:
        needed = f"one line of at most {_MOST_IN_TITLE} characters that can be seen"
        raise wrong("experiment.cell.title", needed, title)
    try:
        return read_cell(own.text, title)
    except CellError as error:
        place = f"experiment.cell.text, line {error.line}, column {error.column}"
        raise SessionFileError(f"{place}: {error.sentence}") from None


def _with_activations(key: str, fields: Tutorial | OfAnyCell) -> Cell:
    default = KNOWN[key]().activations or ("", "")
    chosen = fields.hidden_activation or default[0], fields.last_activation or default[1]
    for name, activation in zip(("hidden_activation", "last_activation"), chosen, strict=True):
        if activation not in ACTIVATIONS:
            needed = " or ".join(map(shown_json, ACTIVATIONS))
            raise wrong(f"experiment.{name}", needed, activation)
    return two_weights(*chosen, like=key)


def _check_sizes(sizes: dict[str, Any], cell: Cell) -> None:
    check_names(sizes, "experiment.sizes", cell.sizes, cell.sizes)
    for letter, size in sizes.items():
        if type(size) is not int or size < 1:
            raise wrong(f"experiment.sizes.{letter}", "a whole number from 1 on", size)
    counts = [math.prod(sizes[letter] for letter in cell.shapes[name]) for name in cell.weights]
    if sum(counts) > MOST_IN_WEIGHTS:
        raise SessionFileError(
            f"experiment.sizes make {sum(counts):,} numbers among the weights: "
            f"{MOST_IN_WEIGHTS:,} is the most."
        )


def _check_each(
    field: str,
    values: dict[str, Any],
    cell: Cell,
    known: tuple[str, ...],
    required: tuple[str, ...] = (),
) -> None:
    check_names(values, f"experiment.{field}", known, required)
    for name, value in values.items():
        check_numbers(value, f"experiment.{field}.{name}", len(cell.shapes[name]))

"""The session file: an experiment as it stood at epoch 0, and the position in its run.

Reading is strict. A number is a JSON number, whole or not; ``true`` is none, and an epoch or
a step is written without a decimal point. A byte order mark before the text is passed over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from core.activations import ACTIVATIONS
from core.experiment import UPDATE_RULES, Experiment, ExperimentError, Weights
from core.files import write_file
from core.steps import Position, epoch_length
from core.training import EPOCH_LIMIT

SUFFIX = ".rnn.json"
_REQUIRED = object()
_CELLS_ON_ONE_LINE = 12


class SessionFileError(ValueError):
    """Not a usable session file. The text is one sentence: which field, and what is needed."""


class _Field(NamedTuple):
    """``read(value, place)`` checks what stands in the file and says where it is wrong."""

    name: str
    read: Callable[[Any, str], Any]
    default: Any = _REQUIRED


def save(path: str | Path, experiment: Experiment, position: Position) -> None:
    """Write a session file, whole or not at all. Raises `core.files.FileProblem`."""
    write_file(path, dumps(experiment, position).encode())


def load(path: str | Path) -> tuple[Experiment, Position]:
    """Read a session file. Raises `SessionFileError`, whose text names the file."""
    try:
        if Path(path).exists() and not Path(path).is_file():  # reading a pipe would wait for ever
            raise SessionFileError("it is not an ordinary file: choose a session file.")
        return loads(Path(path).read_bytes())
    except SessionFileError as error:
        raise SessionFileError(f"{path} cannot be opened: {error}") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character in it
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SessionFileError(
            f"{path} cannot be opened ({why[:1].lower()}{why[1:]}): choose another file."
        ) from error


def dumps(experiment: Experiment, position: Position) -> str:
    """The text of a session file, laid out to be read; the same session, the same bytes."""
    rows = [f"[{_short(row)}]" for row in experiment.inputs.tolist()]
    between = ", " if experiment.inputs.size <= _CELLS_ON_ONE_LINE else ",\n   "
    return (
        f'{{"format": "rnn-stepper", "version": 1,\n'
        f' "experiment": {{\n'
        f'  "inputs": [{between.join(rows)}], "targets": [{_short(experiment.targets.tolist())}],'
        f' "targets_count_ones": {json.dumps(experiment.targets_count_ones)},\n'
        f'  "initial_state": {experiment.initial_state!r},'
        f' "hidden_activation": "{experiment.hidden_activation}",'
        f' "last_activation": "{experiment.last_activation}",\n'
        f'  "weights": {_pair_text(experiment.weights)},'
        f' "learning_rates": {_pair_text(experiment.learning_rates)},\n'
        f'  "update_rule": "{experiment.update_rule}"}},\n'
        f' "epoch": {position.epoch}, "step": {position.step}}}\n'
    )


def loads(text: str | bytes) -> tuple[Experiment, Position]:
    """The experiment and the position in the text of a session file.

    Raises `SessionFileError`, and never anything else, for whatever is not usable.
    """
    session = _read_fields(_parse(text), "", _SESSION)
    try:
        experiment = Experiment(**session["experiment"])
    except ExperimentError as error:
        raise SessionFileError(f"experiment.{error}.") from None
    position = Position(session["epoch"], session["step"])
    length = epoch_length(experiment.timestamps)
    if position.step > length:
        raise SessionFileError(
            f"step must be a whole number from 0 to {length} "
            f"with {experiment.timestamps} timestamps, and it is {position.step}."
        )
    if position == (EPOCH_LIMIT, length):
        raise SessionFileError(f"step must be below {length} in the last epoch that a run holds.")
    return experiment, position


def _short(numbers: list[float]) -> str:
    """Data is read more easily as 1 than as 1.0; the 0 of -0.0 alone would lose its sign."""
    return ", ".join(
        str(int(number)) if number.is_integer() and abs(number) < 1e6 and str(number) != "-0.0"
        else repr(number)
        for number in numbers
    )


def _pair_text(pair: Weights) -> str:
    return f'{{"wx": {pair.wx!r}, "wrec": {pair.wrec!r}}}'


def _parse(text: str | bytes) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        if not text.strip():
            raise SessionFileError("the file is empty: choose a session file.")
        return json.loads(text, parse_int=_whole_number, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise SessionFileError(
            f"it is not UTF-8 text (byte {error.start + 1}): choose a session file."
        ) from None
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = "the file is cut off" if cut_off else "it is not JSON"
        raise SessionFileError(
            f"{what} at line {error.lineno}, column {error.colno}: "
            "correct that place, or take a copy that is whole."
        ) from None
    except RecursionError:
        raise SessionFileError("its brackets are nested too deeply: choose a session file.") from None


def _whole_number(digits: str) -> int | float:
    # Longer ones are beyond every float, and int() itself refuses thousands of digits.
    return int(digits) if len(digits) <= 300 else float(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SessionFileError(f"the field {_quoted(twice)} stands there twice: keep one of them.")
    return fields


def _read_fields(value: Any, place: str, fields: tuple[_Field, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place or "the file", f"an object with {_listed(fields)}", value)
    prefix = f"{place}." if place else ""
    checked = {}
    for name, read, default in fields:
        if name not in value and default is _REQUIRED:
            raise SessionFileError(f"{prefix}{name} is missing: add it.")
        checked[name] = read(value[name], prefix + name) if name in value else default
    for name in value:
        if name not in checked:
            raise SessionFileError(
                f"{prefix or 'the file '}has a field {_quoted(name)} that is not known: "
                f"remove it; the fields are {_listed(fields)}."
            )
    return checked


def _listed(fields: tuple[_Field, ...]) -> str:
    return ", ".join(field.name for field in fields)

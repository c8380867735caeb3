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
from core.experiment import Experiment, ExperimentError, Weights
from core.files import write_file
from core.steps import Position, epoch_length
from core.training import EPOCH_LIMIT
from core.update_rules import SETTINGS, UPDATE_RULES

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


def session_name(path: Path) -> str:
    """What a session is called: its file's name without the ending."""
    return path.name.removesuffix(SUFFIX).removesuffix(".json")


def save(path: str | Path, experiment: Experiment, position: Position) -> None:
    """Write a session file, whole or not at all. Raises `core.files.FileProblem`."""
    write_file(path, dumps(experiment, position).encode())


def load(path: str | Path) -> tuple[Experiment, Position]:
    """Read a session file. Raises `SessionFileError`, whose text names the file."""
    try:
        return loads(_contents(Path(path)))
    except SessionFileError as error:
        raise SessionFileError(f"{path} cannot be opened: {error}") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null character in it
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SessionFileError(
            f"{path} cannot be opened ({why[:1].lower()}{why[1:]}): choose another file."
        ) from error


def _contents(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise SessionFileError("it is a folder or a device: choose a session file.")
    return path.read_bytes()


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
        f"  {', '.join(_rule_texts(experiment))}}},\n"
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
            f"step must be at most {length} with {experiment.timestamps} timestamps, "
            f"and it is {_described(position.step)}."
        )
    if position == (EPOCH_LIMIT, length):
        raise SessionFileError(
            f"step must be at most {length - 1} in epoch {EPOCH_LIMIT:,}: "
            "a run holds no epoch after it."
        )
    return experiment, position


def _rule_texts(experiment: Experiment) -> list[str]:
    """The update rule, its own settings, and others that were changed."""
    texts = [f'"update_rule": "{experiment.update_rule}"']
    for name, setting in SETTINGS.items():
        value = getattr(experiment, name)
        if name in experiment.rule.settings or value != setting.default:
            texts.append(f'"{name}": {value!r}')
    if experiment.clip_norm is not None:
        texts.append(f'"clip_norm": {experiment.clip_norm!r}')
    return texts


def _short(numbers: list[float]) -> str:
    """Data is read more easily as 1 than as 1.0; only -0.0 would lose its sign by that."""
    texts = map(repr, numbers)
    return ", ".join(text if text == "-0.0" else text.removesuffix(".0") for text in texts)


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
        raise SessionFileError(
            "its brackets are nested too deeply: choose a session file."
        ) from None


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
        raise _wrong(place or "the file", "an object in braces", value)
    prefix = f"{place}." if place else ""
    checked = {}
    for name, read, default in fields:
        if name not in value and default is _REQUIRED:
            raise SessionFileError(f"{prefix}{name} is missing: add it.")
        checked[name] = read(value[name], prefix + name) if name in value else default
    for name in value:
        if name not in checked:
            known = ", ".join(field.name for field in fields)
            raise SessionFileError(
                f"{place or 'the file'} has an unknown field {_quoted(name)}: "
                f"remove it, or write one of {known}."
            )
    return checked


def _number(value: Any, place: str) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise _wrong(place, "a finite number", value)
    return float(value)


def _setting(name: str) -> _Field:
    setting = SETTINGS[name]

    def read(value: Any, place: str) -> float:
        number = _number(value, place)
        if not setting.allows(number):
            raise _wrong(place, f"a number {setting.needed}", value)
        return number

    return _Field(name, read, setting.default)


def _norm(value: Any, place: str) -> float | None:
    if value is None:
        return None
    number = _number(value, place)
    if not number > 0:
        raise _wrong(place, "null or a number above 0", value)
    return number


def _numbers(value: Any, place: str) -> list[float]:
    if not isinstance(value, list) or not value:
        raise _wrong(place, "a list of numbers", value)
    if {*map(type, value)} <= {int, float} and all(map(math.isfinite, value)):
        return [*map(float, value)]  # naming the place of a million good numbers takes a second
    return [_number(cell, f"{place}, column {i}") for i, cell in enumerate(value, start=1)]


def _rows(value: Any, place: str) -> list[list[float]]:
    if not isinstance(value, list) or not value:
        raise _wrong(place, "a list of rows of numbers", value)
    rows = [_numbers(row, f"{place}, row {i}") for i, row in enumerate(value, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise SessionFileError(
                f"{place}, row {number} must have as many columns as row 1, {len(rows[0])}, "
                f"and it has {len(row)}."
            )
    return rows


def _truth(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(place, "true or false", value)
    return value


def _pair(value: Any, place: str) -> Weights:
    return Weights(**_read_fields(value, place, _PAIR))


def _choice(known: Mapping[str, Any]) -> Callable[[Any, str], str]:
    def read(value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise _wrong(place, " or ".join(map(_quoted, known)), value)
        return value

    return read


def _exactly(expected: str | int, way_out: str) -> Callable[[Any, str], Any]:
    def read(value: Any, place: str) -> Any:
        if type(value) is not type(expected) or value != expected:
            raise _wrong(place, json.dumps(expected), value, f": {way_out}")
        return value

    return read


def _count(most: int | None = None) -> Callable[[Any, str], int]:
    needed = "a whole number from 0 " + ("on" if most is None else f"to {most:,}")

    def read(value: Any, place: str) -> int:
        if type(value) is not int or value < 0 or (most is not None and value > most):
            raise _wrong(place, needed, value)
        return value

    return read


def _wrong(place: str, needed: str, value: Any, way_out: str = "") -> SessionFileError:
    return SessionFileError(f"{place} must be {needed}, and it is {_described(value)}{way_out}.")


def _described(value: Any) -> str:
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "an object" if isinstance(value, dict) else _quoted(value)


def _quoted(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


_PAIR = (_Field("wx", _number), _Field("wrec", _number))
_EXPERIMENT = (
    _Field("inputs", _rows),
    _Field("targets", _numbers),
    _Field("targets_count_ones", _truth, False),
    _Field("initial_state", _number, 0.0),
    _Field("hidden_activation", _choice(ACTIVATIONS), "logistic"),
    _Field("last_activation", _choice(ACTIVATIONS), "identity"),
    _Field("weights", _pair),
    _Field("learning_rates", _pair),
    _Field("update_rule", _choice(UPDATE_RULES), "gradient-descent"),
    *map(_setting, SETTINGS),
    _Field("clip_norm", _norm, None),
)
_SESSION = (
    _Field("format", _exactly("rnn-stepper", "choose a session file")),
    _Field("version", _exactly(1, "open it with the program that saved it")),
    _Field("experiment", lambda value, place: _read_fields(value, place, _EXPERIMENT)),
    _Field("epoch", _count(EPOCH_LIMIT), 0),
    _Field("step", _count(), 0),
)

"""The fields of a session file as typed structs, and what is said of a wrong one."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from core.data.experiment import DEFAULTS
from core.training.run import EPOCH_LIMIT


class SessionFileError(ValueError):
    """Not a usable session file. The text is one sentence: which field, and what is needed."""


class NoNumber:
    """A number in a file that is no finite one: how it is written there."""

    def __init__(self, text: str) -> None:
        self.text = text


class Session(Struct, forbid_unknown_fields=True):
    """A session file; ``experiment`` depends on the version."""

    format: str
    version: int
    experiment: dict[str, Any]
    epoch: Annotated[int, Meta(ge=0, le=EPOCH_LIMIT)] = 0
    step: Annotated[int, Meta(ge=0)] = 0


class _Common(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the experiments of both versions have."""

    inputs: list[Any]
    targets: list[Any]
    targets_count_ones: bool = False
    hidden_activation: str = ""
    last_activation: str = ""
    update_rule: str = "gradient-descent"
    momentum: float = DEFAULTS["momentum"]
    rprop_start: float = DEFAULTS["rprop_start"]
    rprop_up: float = DEFAULTS["rprop_up"]
    rprop_down: float = DEFAULTS["rprop_down"]
    adam_beta1: float = DEFAULTS["adam_beta1"]
    adam_beta2: float = DEFAULTS["adam_beta2"]
    adam_epsilon: float = DEFAULTS["adam_epsilon"]
    clip_norm: float | None = None


class Pair(Struct, forbid_unknown_fields=True):
    """A number for each of the tutorial's weights."""

    wx: float
    wrec: float


class Tutorial(_Common, forbid_unknown_fields=True, kw_only=True):
    """An experiment of version 1: that of the tutorial's network."""

    weights: Pair
    learning_rates: Pair
    initial_state: float = 0.0
    hidden_activation: str = "logistic"
    last_activation: str = "identity"


class Own(Struct, forbid_unknown_fields=True):
    """A cell that does not come with the program."""

    title: str
    text: str


class OfAnyCell(_Common, forbid_unknown_fields=True, kw_only=True):
    """An experiment of version 2."""

    cell: str | Own
    weights: dict[str, Any]
    sizes: dict[str, Any] = {}
    initial_state: dict[str, Any] = {}
    learning_rates: Any = 0.1


Fields = TypeVar("Fields", bound=Struct)
_WITHIN = {"weights": Pair, "learning_rates": Pair, "cell": Own}
_NEEDED = {
    "version": "1 or 2",
    "epoch": f"a whole number from 0 to {EPOCH_LIMIT:,}",
    "step": "a whole number from 0 on",
    "clip_norm": "null or a finite number above 0",
    "cell": "a name or an object with title and text",
    "inputs": "a list of rows of numbers",
    "targets": "a list of numbers",
}
_KINDS = {
    "float": "a finite number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "a text",
    "array": "a list",
    "object": "an object in braces",
}


def read_fields(value: Any, kind: type[Fields], place: str = "") -> Fields:
    """Read an object of a file. Raises `SessionFileError` for the first field that is wrong."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), value, kind, place) from None


def _refusal(message: str, value: Any, kind: Any, place: str) -> SessionFileError:
    """Say what msgspec found in a sentence of ours."""
    what, _, path = message.rpartition(" - at `$")
    names = [name for name in path.rstrip("`").split(".") if name] if what else []
    for name in names:
        value, kind = value[name], _WITHIN.get(name, kind)
        place = f"{place}.{name}" if place else name
    if isinstance(value, dict) and message.startswith("Object "):
        check_names(value, place, kind.__struct_fields__, _required(kind))
    found = re.match(r"Expected `([^`]*)`", message)
    needed = _KINDS.get(found[1], "something else") if found else "something else"
    return wrong(place or "the file", _NEEDED.get(names[-1] if names else "", needed), value)


def _required(kind: Any) -> list[str]:
    return [field.name for field in msgspec.structs.fields(kind) if field.required]


def check_names(
    value: Mapping[str, Any], place: str, known: Collection[str], required: Collection[str] = ()
) -> None:
    """Check which fields an object has. Raises `SessionFileError`."""
    for name in required:
        if name not in value:
            raise SessionFileError(f"{f'{place}.' if place else ''}{name} is missing: add it.")
    for name in value:
        if name not in known:
            way_out = f"remove it, or write one of {', '.join(known)}" if known else "remove it"
            raise SessionFileError(
                f"{place or 'the file'} has an unknown field {shown_json(name)}: {way_out}."
            )


_AXES = {1: ("column",), 2: ("row", "column"), 3: ("row", "column", "component")}
_LISTS = (
    "a finite number",
    "a list of numbers",
    "a list of rows of numbers",
    "a list of rows of timestamps of numbers",
)


def check_numbers(value: Any, place: str, dimensions: int) -> None:
    """Check that a value is a number, or lists of numbers in so many dimensions, none ragged.

    Raises `SessionFileError` naming the place of the first that is not.
    """
    _check_numbers(value, place, dimensions, [])


def _check_numbers(value: Any, place: str, dimensions: int, path: list[int]) -> None:
    left = dimensions - len(path)
    if left == 0:
        if type(value) not in (int, float):
            raise wrong_in_lists(place, path, dimensions, value)
        return
    if not isinstance(value, list) or not value:
        raise wrong_in_lists(place, path, dimensions, value)
    if left == 1 and {*map(type, value)} <= {int, float}:
        return  # naming the place of a million good numbers takes a second
    for index, part in enumerate(value):
        _check_numbers(part, place, dimensions, [*path, index])
        if left > 1 and len(part) != len(value[0]):
            axes = _AXES[dimensions][len(path) :]
            raise SessionFileError(
                f"{place_in_lists(place, [*path, index], dimensions)} must have as many {axes[1]}s "
                f"as {axes[0]} 1, {len(value[0])}, and it has {len(part)}."
            )


def wrong_in_lists(
    place: str, path: Sequence[int], dimensions: int, value: Any
) -> SessionFileError:
    """Make the sentence on what stands at a path, indices from 0, in nested lists of numbers."""
    needed = _LISTS[min(max(dimensions - len(path), 0), len(_LISTS) - 1)]
    return wrong(place_in_lists(place, path, dimensions), needed, value)


def place_in_lists(place: str, path: Sequence[int], dimensions: int) -> str:
    """Spell a path in nested lists: experiment.inputs, row 2, column 1."""
    axes = _AXES.get(dimensions, _AXES[max(_AXES)])
    return ", ".join([place, *(f"{axis} {i + 1}" for axis, i in zip(axes, path, strict=False))])


def wrong(place: str, needed: str, value: Any, way_out: str = "") -> SessionFileError:
    """Make the sentence on a field that is not what is needed."""
    return SessionFileError(f"{place} must be {needed}, and it is {described(value)}{way_out}.")


def described(value: Any) -> str:
    """Say what stands in a file: a list, an object, or the value itself."""
    if isinstance(value, NoNumber):
        return _cut(value.text)
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "an object" if isinstance(value, dict) else shown_json(value)


def shown_json(value: Any) -> str:
    """Quote a value as JSON has it, in plain letters, shortened."""
    return _cut(json.dumps(value[:50] if isinstance(value, str) else value))


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}..."

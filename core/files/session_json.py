"""The text of a session file, taken apart: JSON, and none that is hostile."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NamedTuple

import msgspec

from core.data.random_data import MOST_CELLS, why_too_large
from core.data.reading import shortened
from core.files.session_fields import NoNumber, SessionFileError, shown_json, wrong_in_lists

# A session has no more of these: objects, lists and texts would take all memory.
_MOST_OF = {"{": 50_000, "[": 3_000_000, '"': 200_000}
# A text that is longer is read in two parts: its long lists of numbers, and the rest of it.
_LONG, _MOST_BESIDE = 1_000_000, 5_000_000
_DATA = ("inputs", "targets")
_LISTS = (list[float], list[list[float]], list[list[list[float]]])
_IN_LISTS, _BRACKETS = re.compile(r"[][0-9.,eE+\-\s]*"), re.compile(rb"[\[\s]*")
# A number that may be beyond all floats, or beyond exact whole numbers.
_LARGE = re.compile(r"[0-9]{19}|[eE][+]?[0-9]{3}")


class _Numbers(NamedTuple):
    """Lists of numbers that stand in a text from ``start`` to ``end``, replaced by a null."""

    name: str
    start: int
    end: int
    values: list[Any]


def parsed(text: str | bytes) -> Any:
    """Take the text of a session file apart; a number that is no finite one is a `NoNumber`.

    Raises `SessionFileError` for what is no JSON, or holds a name twice.
    """
    text = _decoded(text)
    if len(text) <= _LONG:
        return _parsed(text, text, [])
    short, taken = text, []
    for name in _DATA:
        found = re.search(rf'"{name}"\s*:\s*(?=\[)', text)
        if found:
            taken.append(_numbers(text, name, found.end()))
    for numbers in sorted(taken, key=lambda one: one.start, reverse=True):
        short = f"{short[: numbers.start]}null{short[numbers.end :]}"
    if len(short) > _MOST_BESIDE:
        raise SessionFileError(
            f"it has more than {_MOST_BESIDE / 10**6:g} MB beside its inputs and targets: "
            "choose a session file."
        )
    fields = _parsed(short, text, taken)
    experiment = fields.get("experiment") if isinstance(fields, dict) else None
    for numbers in taken:
        if isinstance(experiment, dict) and numbers.name in experiment:
            experiment[numbers.name] = numbers.values
    return fields


def _parsed(text: str, whole: str, taken: list[_Numbers]) -> Any:
    try:
        # Looking at each of many numbers takes seconds.
        looks: dict[str, Any] = {"parse_int": _whole_number, "parse_float": _real_number}
        if not _LARGE.search(text):
            looks = {}
        return json.loads(text, parse_constant=NoNumber, object_pairs_hook=_object, **looks)
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        at = error.pos
        for numbers in sorted(taken, key=lambda one: one.start):
            at += numbers.end - numbers.start - len("null") if at > numbers.start else 0
        raise _no_json(whole, at, cut_off=cut_off) from None
    except RecursionError:
        raise SessionFileError(
            "its brackets are nested too deeply: choose a session file."
        ) from None


def _no_json(text: str, at: int, *, cut_off: bool) -> SessionFileError:
    what = "the file is cut off" if cut_off else "it is not JSON"
    line, column = _line_and_column(text, at)
    return SessionFileError(
        f"{what} at line {line}, column {column}: correct that place, or take a copy that is whole."
    )


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _numbers(text: str, name: str, start: int) -> _Numbers:
    """Read lists of numbers: ten million of them in a second, and too many not at all."""
    place = f"experiment.{name}"
    found = _IN_LISTS.match(text, start)
    stop = found.end() if found else start
    end = max(text.rfind("]", start, stop), start) + 1
    block = text[start:end].encode()
    brackets = _BRACKETS.match(block)
    depth = min(len(b"".join(brackets[0].split())) if brackets else 1, len(_LISTS))
    if why := _why_too_many(block, depth):
        raise SessionFileError(f"{place}: {why}")
    try:
        lists = msgspec.json.decode(block, type=msgspec.Raw)  # is it JSON at all?
        return _Numbers(name, start, end, msgspec.json.decode(lists, type=_LISTS[depth - 1]))
    except msgspec.ValidationError as error:
        path = [int(index) for index in re.findall(r"\[([0-9]+)\]", str(error))]
        raise wrong_in_lists(place, path, depth, _at(block, path)) from None
    except msgspec.DecodeError as error:
        if byte := re.search(r"byte ([0-9]+)", str(error)):
            raise _no_json(text, start + int(byte[1]), cut_off=False) from None
    if stop >= len(text.rstrip()):
        raise _no_json(text, len(text), cut_off=True)
    line, column = _line_and_column(text, stop)
    raise SessionFileError(
        f"{place} must be lists of finite numbers, and at line {line}, column {column} stands "
        f"{shortened(text[stop : stop + 40])}: write a number there."
    )


def _why_too_many(block: bytes, depth: int) -> str:
    """Say why lists hold too many numbers to read them at all; empty where they do not."""
    if depth == 2:
        columns = block.count(b",", 0, block.index(b"]")) + 1
        return why_too_large(block.count(b"[") - 1, columns)
    cells = block.count(b",") + 1
    return f"{cells:,} numbers are too many: {MOST_CELLS:,} is the most." * (cells > MOST_CELLS)


def _at(block: bytes, path: list[int]) -> Any:
    """Find what stands at a place in nested lists: a list, or what is no finite number."""
    found = msgspec.Raw(block)
    for index in path:
        found = msgspec.json.decode(found, type=list[msgspec.Raw])[index]
    text = bytes(found).decode()
    return [...] if text.startswith("[") else NoNumber(text[:50])


def _decoded(text: str | bytes) -> str:
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise SessionFileError(
            f"it is not UTF-8 text (byte {error.start + 1}): choose a session file."
        ) from None
    if not text.strip():
        raise SessionFileError("the file is empty: choose a session file.")
    for mark, most in _MOST_OF.items():
        if text.count(mark) > most:
            raise SessionFileError(
                f"it has more than {most:,} times {mark}: choose a smaller session file."
            )
    return text


def _whole_number(digits: str) -> int | float | NoNumber:
    # Longer ones are exact as no float, and int() itself refuses thousands of digits.
    return int(digits) if len(digits) <= 18 else _real_number(digits)


def _real_number(digits: str) -> float | NoNumber:
    value = float(digits)
    return value if math.isfinite(value) else NoNumber(digits[:50])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            twice = shown_json(name)
            raise SessionFileError(f"the field {twice} stands there twice: keep one of them.")
        if not name.isprintable():
            raise SessionFileError(f"the file has an unknown field {shown_json(name)}: remove it.")
        fields[name] = value
    return fields

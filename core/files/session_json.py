"""The text of a session file, taken apart: JSON, and none that is hostile."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from core.files.session_fields import NoNumber, SessionFileError, shown_json

# A session has no more of these: objects, lists, texts and numbers would take all memory.
_MOST_OF = {"{": 50_000, "[": 3_000_000, '"': 200_000, ",": 12_000_000}
# A number that may be beyond all floats, or beyond exact whole numbers.
_LARGE = re.compile(r"[0-9]{19}|[eE][+]?[0-9]{3}")


def parsed(text: str | bytes) -> Any:
    """Take the text of a session file apart; a number that is no finite one is a `NoNumber`.

    Raises `SessionFileError` for what is no JSON, or holds a name twice.
    """
    text = _decoded(text)
    try:
        # Looking at each of ten million numbers takes seconds.
        looks: dict[str, Any] = {"parse_int": _whole_number, "parse_float": _real_number}
        if not _LARGE.search(text):
            looks = {}
        return json.loads(text, parse_constant=NoNumber, object_pairs_hook=_object, **looks)
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

"""How what people bring is read and spoken of: numbers, files, and quotations of either."""

from __future__ import annotations

import math
import os
import stat
from pathlib import Path

MINUS = "−"
_QUOTED = 24  # characters of what was read, in a sentence
_LONGEST_PATH = 200

# A pipe without a writer is opened at once instead of being waited for; Windows has none.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class ReadProblem(ValueError):
    """A file cannot be read. The text is one sentence: which file, why, what to do."""


def number_in(text: str) -> float:
    """Read the number that a text writes, with an ordinary minus or a typographical one.

    What is no number becomes nan, and what is too large for one infinite; 0 has no minus.
    """
    plain = text.strip().replace(MINUS, "-")
    try:
        return float("?" if "_" in plain else plain) + 0.0  # Python reads 1_0 as ten
    except ValueError:
        return math.nan


def printable(text: str) -> str:
    """Show what cannot be seen in a text as blanks: control characters, halves of characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def shortened(text: str, most: int = _QUOTED) -> str:
    """Return a text in one printable line of at most so many characters."""
    line = " ".join(printable(text[: 8 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def quoted(text: str, most: int = _QUOTED) -> str:
    """Quote what was read in a sentence: in one line, shortened, printable."""
    return f"“{shortened(text, most)}”"


def shown_path(path: str | Path) -> str:
    """Show a path in a sentence, with the middle of a very long one left out."""
    text = printable(str(path))
    half = _LONGEST_PATH // 2
    return text if len(text) <= _LONGEST_PATH else f"{text[:half]}…{text[-half:]}"


def reason(error: Exception) -> str:
    """Say why the system refused, as it goes on in a sentence: no such file or directory."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"{why[:1].lower()}{why[1:]}"


def read_file(
    path: str | Path, most_bytes: int, *, verb: str, kind: str, too_large: str = "take a part of it"
) -> bytes:
    """Read a regular file, never a pipe or a device, of at most so many bytes.

    Raises `ReadProblem`: PATH cannot be ``verb`` ("opened"), why, and what to do instead, with
    ``kind`` ("a session file") for what to choose and ``too_large`` for what to do about its size.
    """
    start = f"{shown_path(path)} cannot be {verb}"
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            found = os.fstat(descriptor)
            is_regular, is_small = stat.S_ISREG(found.st_mode), found.st_size <= most_bytes
            contents = _read(descriptor, most_bytes) if is_regular and is_small else b""
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a path with a null character in it
        raise ReadProblem(f"{start} ({reason(error)}): choose another file.") from error
    if not is_regular:
        raise ReadProblem(f"{start}: it is a folder or a device: choose {kind}.")
    if not is_small:
        raise ReadProblem(f"{start}: it has more than {most_bytes / 10**6:g} MB: {too_large}.")
    return contents


def _read(descriptor: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(descriptor, min(most, 1 << 24))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)

"""How the command line speaks: arguments, one sentence for a mistake, printed lines."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn


class Mistake(Exception):
    """Something in the command, a file or the surroundings. The text says the way out."""


class Parser(argparse.ArgumentParser):
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


def parsed(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace | None:
    """The arguments, or None where all there was to do was to print help or the version."""
    try:
        return parser.parse_args(arguments)
    except SystemExit:
        say(())
        return None


def say(lines: Iterable[str]) -> None:
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


def require(problem: str | None) -> None:
    if problem:
        raise Mistake(problem)

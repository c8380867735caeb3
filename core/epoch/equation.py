"""An equation as plain data: symbols, numbers in the same places, and the result.

It is a row of tokens. A token with a value is written twice, as its symbol and as its number, in
the same place; a token without one is an operator, the same in both lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from core.data.notation import DIGITS, MINUS, number

_SHOWN = 4  # numbers of a vector; of a longer one the first three


@dataclass(frozen=True)
class Name:
    """A quantity as it is typeset: base with subscript and mark, within a function if any.

    ``part`` picks one component, counted from 1: [2] or [1,2]. ``words`` are what the field calls
    it, ``role`` says what it is: a value, a weight, new, or nothing of these.
    """

    base: str
    subscript: str = ""
    mark: str = ""
    function: str = ""
    part: str = ""
    words: str = field(default="", compare=False)
    role: str = field(default="", compare=False)

    def __str__(self) -> str:
        subscript = f"_{self.subscript}" if self.subscript else ""
        plain = f"{self.base}{subscript}{self.mark}{self.part}"
        return f"{self.function}({plain})" if self.function else plain


@dataclass(frozen=True)
class Derivative:
    """dE/d``by``; for a weight at one timestamp ``at`` says which."""

    by: Name
    at: str = ""
    words: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"dE/d{self.by}" + (f" at {self.at}" if self.at else "")


Symbol = str | Name | Derivative


@dataclass(frozen=True)
class Token:
    """A place in an equation: an operator, or a symbol with its value.

    The value is a number, or in a line of vectors an array. ``printed`` replaces the rounded value
    where another way of writing it is exact, 2/3. ``boxed`` marks the slope of a function.
    """

    symbol: Symbol
    value: Any = None
    printed: str = ""
    boxed: bool = False
    tip: str = ""

    def number(self, digits: int) -> str:
        """Print the value with so many digits; an operator as it stands."""
        if self.value is None:
            return str(self.symbol)
        return self.printed or numbers(self.value, digits)


@dataclass(frozen=True)
class Share:
    """What comes back to a quantity on one of several ways.

    It comes through the cell's equation with this index, the cost being the one behind the last,
    so many timestamps ``later``.
    """

    equation: int
    later: int
    value: Any


@dataclass(frozen=True)
class Equation:
    """``left`` = the tokens, in symbols and in numbers, = ``result``.

    One that ``leads_on`` is on the way: the lines after it go on with its result. Of a vector or a
    matrix it is one component, and ``whole`` is the line of the whole, whose arrays ``==`` leaves
    out. The ``ways`` of a gradient that comes back on several add up to the result.
    """

    left: Symbol
    tokens: tuple[Token, ...]
    result: Any
    leads_on: bool = False
    whole: Equation | None = field(default=None, compare=False)
    ways: tuple[Share, ...] = ()

    @cached_property
    def symbols(self) -> str:
        """The line with the symbols."""
        return f"{self.left} = " + joined(str(token.symbol) for token in self.tokens)

    def numbers(self, digits: int = DIGITS) -> list[str]:
        """Print what stands in each token's place in the line with the numbers.

        A negative number behind an operator, or before a power, gets brackets of its own.
        """
        return self._bracketed([token.number(digits) for token in self.tokens], MINUS)

    def same_for(self, name: str, other: Equation, other_name: str) -> bool:
        """Tell whether the other says of ``other_name`` what this one says of ``name``."""
        return self.symbols.replace(name, other_name) == other.symbols

    def in_full(self) -> str:
        """Write all three lines with all digits, for copying."""
        texts = [
            str(t.symbol) if t.value is None else t.printed or repr(t.value) for t in self.tokens
        ]
        factors = joined(self._bracketed(texts, "-"))
        return f"{self.symbols}\n= {factors}\n= {self.result!r}"

    def _bracketed(self, texts: list[str], minus: str) -> list[str]:
        signs = [str(token.symbol) if token.value is None else "" for token in self.tokens]
        bracketed = []
        for text, sign, before, behind in zip(
            texts, signs, ["", *signs], [*signs[1:], ""], strict=False
        ):
            follows_operator = bool(before) and not before.endswith("(")
            negative = text.startswith(minus) and not sign
            exposed = follows_operator or behind.startswith(("²", "^"))
            bracketed.append(f"({text})" if negative and exposed else text)
        return bracketed


def joined(parts: Iterable[str]) -> str:
    """Put the texts of tokens on one line."""
    return re.sub(r"(?<=\() | (?=[)ᵀ])", "", " ".join(parts))


def numbers(value: Any, digits: int = DIGITS) -> str:
    """Print a number; of a vector or a matrix those of its first numbers, in brackets."""
    if not np.ndim(value):
        return number(float(value), digits)
    shown = len(value) if len(value) <= _SHOWN else _SHOWN - 1
    texts = [numbers(v, digits) for v in value[:shown]]
    more = [f"… {len(value) - shown:,} more"] if shown < len(value) else []
    return f"({', '.join(texts + more)})"

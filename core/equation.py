"""An equation as plain data: symbols, numbers in the same places, and the result.

It is a row of tokens. A token with a value is written twice, as its symbol and as its number, in
the same place; a token without one is an operator, the same in both lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.glossary import WORDS, at_timestamp, gradient
from core.notation import MINUS, number


@dataclass(frozen=True)
class Name:
    """A quantity as it is typeset: base with subscript and mark, within a function if any."""

    base: str
    subscript: str = ""
    mark: str = ""
    function: str = ""

    def __str__(self) -> str:
        subscript = f"_{self.subscript}" if self.subscript else ""
        plain = f"{self.base}{subscript}{self.mark}"
        return f"{self.function}({plain})" if self.function else plain

    @property
    def words(self) -> str:
        """What the field calls it."""
        if self.function:
            return at_timestamp("derivative of the activation", self.timestamp)
        return at_timestamp(WORDS[self.term], self.timestamp)

    @property
    def term(self) -> str:
        """Its entry in the glossary."""
        if self.base == "S":
            return f"State {self.mark}" if self.timestamp else "State 0"
        return self.base

    @property
    def timestamp(self) -> int:
        """Where it stands; 0 for State 0 and for what belongs to no timestamp."""
        first = self.subscript.partition(",")[0]
        return int(first) if self.base in ("S", "X") else 0


@dataclass(frozen=True)
class Derivative:
    """dE/d``by``; for a weight at one timestamp ``at`` says which."""

    by: Name
    at: str = ""

    def __str__(self) -> str:
        return f"dE/d{self.by}" + (f" at {self.at}" if self.at else "")

    @property
    def words(self) -> str:
        """What the field calls it."""
        words = gradient(self.by.term)
        if self.at:
            return at_timestamp(f"part of the {words}", int(self.at))
        return at_timestamp(words, self.by.timestamp)


Symbol = str | Name | Derivative


@dataclass(frozen=True)
class Token:
    """A place in an equation: an operator, or a symbol with its value.

    ``printed`` replaces the rounded value where another way of writing it is exact, 2/3.
    ``boxed`` marks the factor that comes from the activation.
    """

    symbol: Symbol
    value: float | None = None
    printed: str = ""
    boxed: bool = False
    tip: str = ""

    def number(self, digits: int) -> str:
        if self.value is None:
            return str(self.symbol)
        return self.printed or number(self.value, digits)


@dataclass(frozen=True)
class Equation:
    """``left`` = the tokens, in symbols and in numbers, = ``result``.

    One that ``leads_on`` is on the way: the lines after it go on with its result.
    """

    left: Symbol
    tokens: tuple[Token, ...]
    result: float
    leads_on: bool = False

    @property
    def symbols(self) -> str:
        return f"{self.left} = " + _joined(str(token.symbol) for token in self.tokens)

    def numbers(self, digits: int) -> list[str]:
        """What stands in each token's place in the line with the numbers.

        A negative number behind an operator gets brackets of its own.
        """
        return self._bracketed([token.number(digits) for token in self.tokens], MINUS)

    def same_for(self, name: str, other: Equation, other_name: str) -> bool:
        """Whether the other says of ``other_name`` what this one says of ``name``."""
        return self.symbols.replace(name, other_name) == other.symbols

    def in_full(self) -> str:
        """All three lines with all digits, for copying."""
        texts = [
            str(t.symbol) if t.value is None else t.printed or repr(t.value) for t in self.tokens
        ]
        factors = _joined(self._bracketed(texts, "-"))
        return f"{self.symbols}\n= {factors}\n= {self.result!r}"

    def _bracketed(self, texts: list[str], minus: str) -> list[str]:
        signs = [str(token.symbol) if token.value is None else "" for token in self.tokens]
        bracketed = []
        for text, sign, before, behind in zip(
            texts, signs, ["", *signs], [*signs[1:], ""], strict=False
        ):
            follows_operator = bool(before) and not before.endswith("(")
            negative = text.startswith(minus) and not sign
            exposed = follows_operator or behind.startswith("²")
            bracketed.append(f"({text})" if negative and exposed else text)
        return bracketed


def _joined(parts: Iterable[str]) -> str:
    text = " ".join(parts)
    return text.replace("( ", "(").replace(" )", ")")

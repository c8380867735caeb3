"""The lexemes of a formula, and how they are typeset in the names of the equations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.epoch.equation import Symbol, Token
from core.exercises.vocabulary import Vocabulary


class Lexeme(NamedTuple):
    """The smallest piece of a formula that means something."""

    kind: str  # number, name, function, operator, open, close, turned
    text: str

    @property
    def starts_value(self) -> bool:
        """Whether a value begins here."""
        return self.kind in ("number", "name", "function", "open")

    @property
    def ends_value(self) -> bool:
        """Whether a value ends here."""
        return self.kind in ("number", "name", "close", "turned")


_SIGNS = {"*": "·", "@": "·", "-": "−", "**": "^", ".T": "ᵀ"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def tokens(lexemes: Sequence[Lexeme], known: Vocabulary) -> tuple[Token, ...]:
    """Typeset lexemes: d_log(S2_in) is one boxed factor, **2 one superscript."""
    return tuple(_tokens(list(lexemes), known))


def _tokens(rest: list[Lexeme], known: Vocabulary) -> Iterator[Token]:
    while rest:
        lexeme, ahead = rest[0], rest[1:4]
        kinds = [x.kind for x in ahead]
        slope = lexeme.kind == "function" and lexeme.text.startswith("d_")
        symbol: Symbol
        if lexeme.kind == "number" and _is_divisor(ahead):
            taken, symbol = 3, f"{lexeme.text}/{ahead[1].text}"  # 2/3 and 2/N stay together
        elif slope and kinds == ["open", "name", "close"]:
            taken, symbol = 4, known.symbol(ahead[1].text, lexeme.text)
        elif lexeme.kind == "function" and kinds[:1] == ["open"]:
            taken, symbol = 2, f"{lexeme.text}("
        elif lexeme.text == "**" and ahead and ahead[0].text.isdigit():
            taken, symbol = 2, ahead[0].text.translate(_SUPERSCRIPTS)
        elif lexeme.kind == "name":
            taken, symbol = 1, known.symbol(lexeme.text)
        else:
            taken, symbol = 1, _SIGNS.get(lexeme.text, lexeme.text)
        yield Token(symbol, boxed=taken == 4)
        del rest[:taken]


def _is_divisor(lexemes: Sequence[Lexeme]) -> bool:
    """Tell whether the first two of these divide by a number or by N."""
    return (
        len(lexemes) > 1
        and lexemes[0].text == "/"
        and (lexemes[1].kind == "number" or lexemes[1].text == "N")
    )

"""A learner's formula such as ``2/3*(S3 - y)*Wrec*d_log(S2_in)*X2``: read, typeset, worked out.

It is read as the equations of a cell are, so it can do nothing but arithmetic. Before that it is
cut into lexemes, bounded in length, depth and operators: any text, however hostile, ends at once
in a formula or in a `FormulaError`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.formula import CellError, Reader
from core.cell.operations import FUNCTIONS
from core.data.values import Array
from core.epoch.equation import Symbol, Token
from core.exercises.random_epochs import Values, worth
from core.exercises.vocabulary import Vocabulary

# The way back through 50 timestamps needs just over 1,000 characters and 103 operators.
MOST_CHARACTERS = 1_200
MOST_OPERATORS = 150
MOST_DEPTH = 40
MOST_EXPONENT = 100
LARGEST_NUMBER = 1e6
CALLED = ("sum", *FUNCTIONS, *(f"d_{f}" for f in FUNCTIONS))


class FormulaError(ValueError):
    """A text is no formula. One sentence names what stands in the way, and the way out."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read. ``text`` is how it was typed; ``tokens`` are to be typeset;
    ``node`` has its quantities at their timestamps."""

    text: str
    tokens: tuple[Token, ...]
    node: Node = field(repr=False, compare=False)

    def of_sequences(self, values: Values) -> Array:
        """Work it out for each sequence, or once for what they share: shape (…, N, W).

        Dividing by 0 gives infinity or no number (nan). Raises `FormulaError` where the shapes of
        vectors and matrices do not fit.
        """
        try:
            with np.errstate(all="ignore"):
                return worth(self.node, values)
        except ValueError:
            raise FormulaError(_NO_SHAPE) from None


_NO_SHAPE = "The shapes do not fit: look what is a number, a vector or a matrix, and how long."


def parse(text: str, known: Vocabulary) -> Formula:
    """Read a formula in these names. Raises `FormulaError` for whatever is anything else."""
    lexemes = _lexemes(text, known)
    _check_bounds(lexemes, known)
    for lexeme in lexemes:
        _check_lexeme(lexeme, known)
    _check_order(lexemes, known)
    code = " ".join(_coded(x, place) for place, x in enumerate(lexemes))
    names = {f"q{place}": known.known.get(x.text) for place, x in enumerate(lexemes)}
    try:
        node = _FormulaReader(names).read(code, 0)
    except CellError as error:
        raise FormulaError(error.sentence[0].upper() + error.sentence[1:]) from None
    return Formula(text.strip(), _tokens(lexemes, known), node)


def typeset(text: str, known: Vocabulary) -> tuple[Token, ...]:
    """Typeset a text that may be unfinished, for showing it while it is typed.

    Unknown names stand as they are. A text with anything that no formula holds gives nothing.
    """
    try:
        return _tokens(_lexemes(text, known), known)
    except FormulaError:
        return ()


class _FormulaReader(Reader):
    """Reads what lexemes let through: names stand as q0, q1, … by their places."""

    def __init__(self, names: Mapping[str, Leaf | None]) -> None:
        super().__init__(1, frozenset(), {})
        self._leaves = names

    def _node(self, tree: ast.expr) -> Node:
        return self._read(tree)  # its depth and length are bounded already

    def _read(self, tree: ast.expr) -> Node:
        match tree:
            case ast.BinOp(base, ast.Pow(), exponent):
                return Apply("**", (self._node(base), _exponent(self._node(exponent))))
            case ast.BinOp(ast.Attribute(matrix, "T"), ast.MatMult(), vector):
                return Apply("T@", (self._node(matrix), self._node(vector)))
            case ast.BinOp(left, ast.MatMult(), ast.Attribute(right, "T")):
                return Apply("outer", (self._node(left), self._node(right)))
            case ast.Attribute():
                raise FormulaError(
                    "What is transposed, .T, stands beside @: U.T @ dc2, or dc2 @ x2.T."
                )
        return super()._read(tree)

    def _number(self, tree: ast.expr, value: float) -> Number:  # noqa: ARG002
        return Number(float(value))

    def _call(self, tree: ast.expr, name: str, args: list[ast.expr]) -> Node:  # noqa: ARG002
        return Apply(name, tuple(map(self._node, args)))

    def _leaf(self, tree: ast.expr, name: str) -> Leaf:  # noqa: ARG002
        leaf = self._leaves[name]
        assert leaf is not None  # its lexeme was looked up
        return leaf


def _exponent(node: Node) -> Number:
    if leaves(node):
        raise FormulaError("The exponent after ** must be a number, as in S2**2.")
    with np.errstate(all="ignore"):
        value = worth(node, {}).item()
    if not abs(value) <= MOST_EXPONENT:
        raise FormulaError(f"The exponent after ** must lie between ±{MOST_EXPONENT}.")
    return Number(value)


def _coded(lexeme: Lexeme, place: int) -> str:
    if lexeme.kind == "number":
        # As floats numbers never grow beyond all memory, and 007 is a number to people.
        return repr(float(lexeme.text))
    return f"q{place}" if lexeme.kind == "name" else lexeme.text


# --- lexemes ---------------------------------------------------------------------------------


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


_FRIENDLY = str.maketrans({"·": "*", "⋅": "*", "×": "*", "−": "-"})
_PATTERN = re.compile(
    r"(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*(\((In|Out)\))?)"
    r"|(?P<operator>\*\*|[-+*/])|(?P<open>\()|(?P<close>\))|[ \t]+"
)
_MATRIX = re.compile(r"(?P<operator>@)|(?P<turned>\.T\b)")
_ADVICE = {
    "^": "write ** for a power",
    ",": "write a decimal point, as in 0.5, and give each function one argument",
    ".": "a point stands only inside a number, as in 0.5",
    "=": "write only what stands on the right of the equals sign",
    "[": "write round brackets",
    "]": "write round brackets",
    "\n": "write it on one line",
    "\r": "write it on one line",
}
_ALLOWED = "only names, numbers, + - * / ** and round brackets may"


def _lexemes(text: str, known: Vocabulary) -> list[Lexeme]:
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"This formula has {len(text):,} characters: {MOST_CHARACTERS:,} are the most."
        )
    return list(_cut(known.shortened(text.strip().translate(_FRIENDLY)), known))


def _cut(text: str, known: Vocabulary) -> Iterator[Lexeme]:
    place = 0
    while place < len(text):
        match = _PATTERN.match(text, place)
        if not match and not known.cell.is_plain:
            match = _MATRIX.match(text, place)
        if not match:
            raise FormulaError(_why_not(text[place]))
        place = match.end()
        kind, found = match.lastgroup, match.group()
        if kind == "name" and found in CALLED:
            kind = "function"
        if kind:
            yield Lexeme(kind, found)


def _why_not(character: str) -> str:
    shown = f"“{character}”" if character.isprintable() else f"The character {character!a}"
    if character in "\r\n":
        shown = "A line break"
    return f"{shown} cannot stand in a formula: {_ADVICE.get(character, _ALLOWED)}."


def _check_bounds(lexemes: Sequence[Lexeme], known: Vocabulary) -> None:
    if not lexemes:
        raise FormulaError(f"There is no formula yet: write one such as {known.example}.")
    operators = sum(lexeme.kind == "operator" for lexeme in lexemes)
    if operators > MOST_OPERATORS:
        raise FormulaError(f"This formula has {operators} operators: {MOST_OPERATORS} are most.")
    depth = 0
    for lexeme in lexemes:
        depth += (lexeme.kind == "open") - (lexeme.kind == "close")
        if depth < 0:
            raise FormulaError("A bracket ) closes nothing: remove it, or open one before it.")
        if depth > MOST_DEPTH:
            raise FormulaError(f"The brackets are nested too deep: {MOST_DEPTH} are the most.")
    if depth:
        raise FormulaError("A bracket ( is not closed: add ) where it ends.")


def _check_lexeme(lexeme: Lexeme, known: Vocabulary) -> None:
    if lexeme.kind == "number" and float(lexeme.text) > LARGEST_NUMBER:
        shown = lexeme.text if len(lexeme.text) <= 12 else f"{lexeme.text[:12]}…"
        raise FormulaError(
            f"The number {shown} is too large: {LARGEST_NUMBER:,.0f} is the largest."
        )
    if lexeme.kind == "name" and lexeme.text not in known.known:
        raise FormulaError(known.why_unknown(lexeme.text, CALLED))


_EDGE = Lexeme("edge", "")


def _check_order(lexemes: Sequence[Lexeme], known: Vocabulary) -> None:
    for before, after in pairwise((_EDGE, *lexemes, _EDGE)):
        if before.kind == "function" and after.kind != "open":
            raise FormulaError(
                f"{before.text} needs something in brackets: "
                f"write {before.text}({known.example_name})."
            )
        if before.ends_value and after.starts_value:
            raise FormulaError(
                f"Between {before.text} and {after.text} an operator is missing: write * for times."
            )
        misplaced = after.kind == "turned" and before.kind not in ("name", "close")
        sign = after.text in ("+", "-")
        if misplaced or not (before.ends_value or after.starts_value or sign):
            raise FormulaError(_what_is_missing(before, after))


def _what_is_missing(before: Lexeme, after: Lexeme) -> str:
    places = [f"after {before.text}"] * (before is not _EDGE)
    places += [f"before {after.text}"] * (after is not _EDGE)
    return f"Something is missing {' and '.join(places)}: a name, a number or a bracket."


# --- typeset ----------------------------------------------------------------------------------

_SIGNS = {"*": "·", "@": "·", "-": "−", "**": "^", ".T": "ᵀ"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _tokens(lexemes: Sequence[Lexeme], known: Vocabulary) -> tuple[Token, ...]:
    """Typeset lexemes: d_log(S2_in) is one boxed factor, **2 one superscript."""
    found, place = [], 0
    while place < len(lexemes):
        lexeme, ahead = lexemes[place], lexemes[place + 1 : place + 4]
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
        found.append(Token(symbol, boxed=taken == 4))
        place += taken
    return tuple(found)


def _is_divisor(lexemes: Sequence[Lexeme]) -> bool:
    """Tell whether the first two of these divide by a number or by N."""
    return (
        len(lexemes) > 1
        and lexemes[0].text == "/"
        and (lexemes[1].kind == "number" or lexemes[1].text == "N")
    )

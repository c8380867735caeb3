"""A learner's formula such as ``2/3*(S3 - y)*Wrec*d_log(S2_in)*X2``: read, typeset, worked out.

What is not in the short list of names, functions and operators never gets as far as a parser:
a formula is cut into lexemes first, bounded in length, depth and operators. So any text, however
hostile, ends at once in a formula or in a `FormulaError`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from simpleeval import SimpleEval

from core.activations import ACTIVATIONS, Array
from core.equation import Name, Symbol, Token
from core.trace import Trace

# The way back through 50 timestamps needs just over 1,000 characters and 103 operators.
MOST_CHARACTERS = 1_200
MOST_OPERATORS = 150
MOST_DEPTH = 40
MOST_EXPONENT = 100
LARGEST_NUMBER = 1e6

Values = Mapping[str, Array]


class FormulaError(ValueError):
    """A text is no formula. One sentence names what stands in the way, and the way out."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read. ``text`` is how it was typed; ``tokens`` are to be typeset."""

    text: str
    tokens: tuple[Token, ...]
    _node: ast.expr = field(repr=False, compare=False)

    def evaluate(self, values: Values) -> Array:
        """Its value; what differs between the sequences is summed over them.

        In ``values`` the last axis of every array is the sequences: N long, or 1 for what they
        share. Axes before it, one for each experiment, stay: shape (..., N) gives (...).
        Dividing by 0 gives infinity or no number (nan). Raises `FormulaError` for an exponent
        that is not a small number.
        """
        terms = self.terms(values)
        with np.errstate(all="ignore"):
            return np.asarray(terms.sum(axis=-1) if terms.ndim else terms)

    def terms(self, values: Values) -> Array:
        """Its value before it is summed over the sequences."""
        evaluator = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names=dict(values))
        with np.errstate(all="ignore"):
            return np.asarray(evaluator.eval(self.text, self._node), dtype=np.float64)


def parse(text: str, timestamps: int) -> Formula:
    """Read a formula in the names of a network of so many timestamps.

    Raises `FormulaError` for whatever is anything else.
    """
    lexemes = _lexemes(text)
    _check_bounds(lexemes)
    known = names(timestamps)
    for lexeme in lexemes:
        _check_lexeme(lexeme, known, timestamps)
    _check_order(lexemes)
    # Numbers as floats: they never grow beyond all memory, and 007 is a number to people.
    code = " ".join(repr(float(x.text)) if x.kind == "number" else x.text for x in lexemes)
    formula = Formula(text.strip(), _typeset(lexemes), ast.parse(code, mode="eval").body)
    formula.evaluate(dict.fromkeys(known, np.ones(1)))  # an exponent out of bounds shows here
    return formula


def typeset(text: str, timestamps: int) -> tuple[Token, ...]:
    """The tokens of a text that may be unfinished, for showing it while it is typed.

    Unknown names stand as they are. A text with anything that no formula holds gives nothing.
    """
    try:
        return _typeset(_lexemes(text), names(timestamps))
    except FormulaError:
        return ()


def names(timestamps: int) -> tuple[str, ...]:
    """The names that a formula may use: S0…ST and their (In), X1…XT, y, the weights and N."""
    states = (f"S{k}{mark}" for k in range(1, timestamps + 1) for mark in ("", "_in", "_out"))
    inputs = (f"X{k}" for k in range(1, timestamps + 1))
    return ("S0", "S0_out", *states, *inputs, "y", "Wx", "Wrec", "N")


def values_of(trace: Trace) -> dict[str, Array]:
    """The values of all names in one epoch: shape (N,), or (1,) for what sequences share."""
    experiment = trace.experiment
    shared = {
        "S0": experiment.initial_state,
        "S0_out": experiment.initial_state,
        "Wx": trace.weights.wx,
        "Wrec": trace.weights.wrec,
        "N": float(experiment.sequences),
    }
    values = {name: np.array([value]) for name, value in shared.items()}
    values["y"] = experiment.targets
    for k in range(1, experiment.timestamps + 1):
        values[f"S{k}_in"] = trace.state_in[k - 1]
        values[f"S{k}"] = values[f"S{k}_out"] = trace.state_out[k]
        values[f"X{k}"] = experiment.inputs[:, k - 1]
    return values


# --- what a formula is worked out with -------------------------------------------------------


def _sum(value: Array) -> Array:
    """Over the sequences; what they share is one number already."""
    value = np.asarray(value)
    return value.sum(axis=-1, keepdims=True) if value.ndim else value


def _power(base: Array, exponent: Array) -> Array:
    if np.ndim(exponent):
        raise FormulaError("The exponent after ** must be a number, as in S2**2.")
    if not abs(exponent) <= MOST_EXPONENT:
        raise FormulaError(f"The exponent after ** must lie between ±{MOST_EXPONENT}.")
    return np.asarray(np.power(base, exponent))[()]


_OPERATORS: dict[type, Callable[..., object]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: _power,
    ast.UAdd: np.positive,
    ast.USub: np.negative,
}
_FUNCTIONS: dict[str, Callable[[Array], Array]] = {"sum": _sum}
for _activation in ACTIVATIONS.values():
    if _activation.symbol:
        _FUNCTIONS[_activation.symbol] = _activation.apply
        _FUNCTIONS[_activation.slope_symbol] = _activation.slope


# --- reading ---------------------------------------------------------------------------------


class _Lexeme(NamedTuple):
    kind: str  # number, name, function, operator, open, close
    text: str

    @property
    def starts_value(self) -> bool:
        return self.kind in ("number", "name", "function", "open")

    @property
    def ends_value(self) -> bool:
        return self.kind in ("number", "name", "close")


_FRIENDLY = str.maketrans({"·": "*", "⋅": "*", "×": "*", "−": "-"})
_PATTERN = re.compile(
    r"(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/])|(?P<open>\()|(?P<close>\))|[ \t]+"
)
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


def _lexemes(text: str) -> list[_Lexeme]:
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"This formula has {len(text):,} characters: {MOST_CHARACTERS:,} are the most."
        )
    return list(_cut(text.strip().translate(_FRIENDLY)))


def _cut(text: str) -> Iterator[_Lexeme]:
    place = 0
    while place < len(text):
        match = _PATTERN.match(text, place)
        if not match:
            raise FormulaError(_why_not(text[place]))
        place = match.end()
        kind, found = match.lastgroup, match.group()
        if kind == "name" and found in _FUNCTIONS:
            kind = "function"
        if kind:
            yield _Lexeme(kind, found)


def _why_not(character: str) -> str:
    shown = f"“{character}”" if character.isprintable() else f"The character {character!a}"
    if character in "\r\n":
        shown = "A line break"
    return f"{shown} cannot stand in a formula: {_ADVICE.get(character, _ALLOWED)}."


def _check_bounds(lexemes: Sequence[_Lexeme]) -> None:
    if not lexemes:
        raise FormulaError("There is no formula yet: write one such as 2/N*(S3 - y)*X3.")
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


def _check_lexeme(lexeme: _Lexeme, known: Sequence[str], timestamps: int) -> None:
    if lexeme.kind == "number" and float(lexeme.text) > LARGEST_NUMBER:
        shown = lexeme.text if len(lexeme.text) <= 12 else f"{lexeme.text[:12]}…"
        raise FormulaError(
            f"The number {shown} is too large: {LARGEST_NUMBER:,.0f} is the largest."
        )
    if lexeme.kind == "name" and lexeme.text not in known:
        raise FormulaError(_why_unknown(lexeme.text, known, timestamps))


def _why_unknown(name: str, known: Sequence[str], timestamps: int) -> str:
    shown = name if len(name) <= 20 else f"{name[:20]}…"
    plain = name.lower().replace("_", "")
    for other in (*known, *_FUNCTIONS):
        if plain == other.lower().replace("_", ""):
            return f"The name {shown} is not known: did you mean {other}?"
    if name == "S0_in":
        return "State 0 has no (In): it is given, so write S0."
    if name[:2] == "dE" or name[:2] in ("dS", "dW"):
        return f"{shown}… is itself a derivative: write it out in states, inputs and weights."
    if re.fullmatch(r"S[0-9]+(_in|_out)?|X[0-9]+", name):
        first = 0 if name[0] == "S" else 1
        return f"There is no {shown}: {name[0]}{first} to {name[0]}{timestamps} are there."
    last = f"S{timestamps}"
    return (
        f"The name {shown} is not known: write S0 to {last}, S1_in to {last}_in, "
        f"X1 to X{timestamps}, y, Wx, Wrec, N or a function such as d_log()."
    )


_EDGE = _Lexeme("edge", "")


def _check_order(lexemes: Sequence[_Lexeme]) -> None:
    for before, after in pairwise((_EDGE, *lexemes, _EDGE)):
        if before.kind == "function" and after.kind != "open":
            raise FormulaError(
                f"{before.text} needs something in brackets: write {before.text}(S1_in)."
            )
        if before.ends_value and after.starts_value:
            raise FormulaError(
                f"Between {before.text} and {after.text} an operator is missing: write * for times."
            )
        if not before.ends_value and not after.starts_value and after.text not in ("+", "-"):
            raise FormulaError(_what_is_missing(before, after))


def _what_is_missing(before: _Lexeme, after: _Lexeme) -> str:
    places = [f"after {before.text}"] * (before is not _EDGE)
    places += [f"before {after.text}"] * (after is not _EDGE)
    return f"Something is missing {' and '.join(places)}: a name, a number or a bracket."


# --- typesetting -----------------------------------------------------------------------------

_SIGNS = {"*": "·", "-": "−", "**": "^"}
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _typeset(lexemes: Sequence[_Lexeme], known: Sequence[str] | None = None) -> tuple[Token, ...]:
    return tuple(_tokens(list(lexemes), known))


def _tokens(rest: list[_Lexeme], known: Sequence[str] | None) -> Iterator[Token]:
    """From left to right: d_log(S2_in) is one boxed factor, **2 one superscript."""
    while rest:
        lexeme, ahead = rest[0], rest[1:4]
        kinds = [x.kind for x in ahead]
        slope = lexeme.kind == "function" and lexeme.text.startswith("d_")
        symbol: Symbol
        if lexeme.kind == "number" and _is_divisor(ahead):
            taken, symbol = 3, f"{lexeme.text}/{ahead[1].text}"  # 2/3 and 2/N stay together
        elif slope and kinds == ["open", "name", "close"]:
            taken, symbol = 4, _named(ahead[1].text, known, lexeme.text)
        elif lexeme.kind == "function" and kinds[:1] == ["open"]:
            taken, symbol = 2, f"{lexeme.text}("
        elif lexeme.text == "**" and ahead and ahead[0].text.isdigit():
            taken, symbol = 2, ahead[0].text.translate(_SUPERSCRIPTS)
        elif lexeme.kind == "name":
            taken, symbol = 1, _named(lexeme.text, known)
        else:
            taken, symbol = 1, _SIGNS.get(lexeme.text, lexeme.text)
        yield Token(symbol, boxed=taken == 4)
        del rest[:taken]


def _is_divisor(lexemes: Sequence[_Lexeme]) -> bool:
    """Whether the first two of these divide by a number or by N."""
    return (
        len(lexemes) > 1
        and lexemes[0].text == "/"
        and (lexemes[1].kind == "number" or lexemes[1].text == "N")
    )


def _named(name: str, known: Sequence[str] | None, function: str = "") -> Symbol:
    """A name as the equations on screen have it: S2_in is S_2(In)."""
    if name == "N" or (known is not None and name not in known):
        return f"{function}({name})" if function else name
    letter = name[0]
    if letter not in "SX":
        return Name(name, function=function)
    number, _, side = name[1:].partition("_")
    mark = "" if letter == "X" else "(In)" if side == "in" else "(Out)"
    return Name(letter, number, mark, function)

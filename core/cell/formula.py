"""A formula, read: from the right side of an equation to an expression.

Formulas go through Python's own parser, with a white list behind it, and are never evaluated.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from dataclasses import replace
from typing import NamedTuple

from core.cell.expression import Apply, Leaf, Node, Number, operations
from core.cell.operations import FUNCTIONS

MOST_DEPTH, MOST_TERMS, MOST_POWER, LARGEST_NUMBER, MOST_IN_NAME = 30, 40, 10, 1e6, 30
TARGET = "y"
LONG_NAME = f"the name is longer than {MOST_IN_NAME} characters: shorten it."
FUNCTION_NAMES = (*FUNCTIONS, "softmax", "mean", "cross_entropy")
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
}
_LETTERS = re.compile(r"[A-Za-z0-9_ .,()\[\]+\-*/@=]*")
_LIKE_NUMBERS = re.compile(r"(?<![\w.])[\d.](?:[eE][+-]?\d|[\w.])*")
_NUMBER = re.compile(r"((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WAYS_OUT = {
    ":": "a colon stands behind weights, inputs and vectors alone: look how the word is spelt.",
    "^": "write a power as z**2.",
    "²": "write a power as z**2.",
}


class CellError(ValueError):
    """A text describes no cell. One sentence says what is wrong and the way out; ``line`` and
    ``column``, from 1, say where."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(f"Line {line}, column {column}: {sentence}")
        self.line, self.column, self.sentence = line, column, sentence


class Place(NamedTuple):
    """A place in a text: line and column, both from 1."""

    line: int
    column: int

    def error(self, sentence: str) -> CellError:
        """Make the error that points here."""
        return CellError(self.line, self.column, sentence)


def shown(text: str) -> str:
    """Cut a text, so that a sentence can say it."""
    return text if len(text) <= MOST_IN_NAME else f"{text[:MOST_IN_NAME]}…"


def quoted(text: str) -> str:
    """Put a text in quotes, without what cannot be printed."""
    return f"“{shown(''.join(x if x.isprintable() else '�' for x in text))}”"


def check_letters(formula: str, line: int) -> None:
    """Check that an equation is made of nothing but what formulas are made of.

    It is short, and what passes here is shallow, too. Raises `CellError`.
    """
    good = _LETTERS.match(formula)
    if good is not None and good.end() < len(formula):
        letter = formula[good.end()]
        name = "" if letter.isascii() else f" ({unicodedata.name(letter, 'a sign').lower()})"
        way_out = _WAYS_OUT.get(letter, "type it anew in plain letters, digits and + - * / @ **.")
        sentence = f"{quoted(letter)}{name} cannot stand in a formula: {way_out}"
        raise CellError(line, good.end() + 1, sentence)
    for found in _LIKE_NUMBERS.finditer(formula):
        if not _NUMBER.fullmatch(found[0]):
            raise Place(line, found.start() + 1).error(
                f"{quoted(found[0])} is no number: write one such as 0.5 or 1e-3."
            )
    depth = 0
    for column, letter in enumerate(formula, start=1):
        depth += (letter in "([") - (letter in ")]")
        if depth > MOST_DEPTH:
            raise CellError(
                line, column, f"the brackets are nested deeper than {MOST_DEPTH}: name a part."
            )


class Reader:
    """Reads the right side of an equation: one walk over the tree that Python's parser gives."""

    def __init__(self, line: int, fixed: frozenset[str], names: dict[str, Place]) -> None:
        self._line, self._fixed, self._names = line, fixed, names
        self._offset = self._depth = 0
        self._top: ast.expr | None = None

    def read(self, text: str, offset: int) -> Node:
        """Read a text that stands ``offset`` letters behind the start of its line."""
        self._offset = offset + len(text) - len(text.lstrip())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # Python would warn of 1or2, on standard error
                self._top = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            column = self._offset + (error.offset or 1)
            at = Place(self._line, min(max(column, offset + 1), offset + len(text) + 1))
            raise at.error("this cannot be read as a formula: look at what stands here.") from None
        except (ValueError, RecursionError, MemoryError, Warning):
            at = Place(self._line, self._offset + 1)
            raise at.error("this cannot be read as a formula: make it simpler.") from None
        return self._node(self._top)

    def _at(self, tree: ast.expr) -> Place:
        return Place(self._line, self._offset + tree.col_offset + 1)

    def _node(self, tree: ast.expr) -> Node:
        self._depth += 1
        if self._depth > MOST_TERMS:
            raise Place(self._line, self._offset + 1).error(
                f"the formula goes on for more than {MOST_TERMS} terms: name a part of it."
            )
        node = self._read(tree)
        self._depth -= 1
        return node

    def _read(self, tree: ast.expr) -> Node:  # noqa: C901 (the grammar, a case a line)
        match tree:
            case ast.Constant(int() | float() as value) if not isinstance(value, bool):
                return self._number(tree, value)
            case ast.UnaryOp(ast.USub(), operand):
                return -self._node(operand)
            case ast.UnaryOp(ast.UAdd(), operand):
                return self._node(operand)
            case ast.BinOp(left, ast.Pow(), right):
                return Apply("**", (self._node(left), self._exponent(right)))
            case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
                return Apply(_OPERATORS[type(op)], (self._node(left), self._node(right)))
            case ast.Subscript(value, index):
                return self._at_timestamp(value, index)
            case ast.Call(ast.Name("mean"), [inner], []):
                return self._mean(tree, inner)
            case ast.Call(ast.Name(base), [ast.Name("In" | "Out" as mark)], []):
                return self._leaf(tree, f"{base}({mark})")
            case ast.Call(ast.Name(name), args, []):
                return self._call(tree, name, args)
            case ast.Name(name):
                return self._leaf(tree, name)
        raise self._at(tree).error(
            "no equation has this: write names, numbers, + - * / @ **, brackets and functions."
        )

    def _number(self, tree: ast.expr, value: float) -> Number:
        if not abs(value) <= LARGEST_NUMBER:
            raise self._at(tree).error(
                f"the number is too large: {LARGEST_NUMBER:,.0f} is the largest."
            )
        if float(f"{value:g}") != value:  # it stands with six digits on screen and in programs
            raise self._at(tree).error("the number has more than six digits: round it.")
        return Number(float(value))

    def _exponent(self, tree: ast.expr) -> Number:
        if not isinstance(tree, ast.Constant) or type(tree.value) is not int:
            raise self._at(tree).error("the power is no whole number: write one, as in z**2.")
        if not 1 <= tree.value <= MOST_POWER:
            raise self._at(tree).error(
                f"the power is out of range: write one from 1 to {MOST_POWER}."
            )
        return Number(float(tree.value))

    def _at_timestamp(self, value: ast.expr, index: ast.expr) -> Leaf:
        leaf = self._node(value)
        shift = {"k": 0, "k - 1": -1}.get(ast.unparse(index))
        if shift is None:
            raise self._at(index).error(
                f"{quoted(f'[{ast.unparse(index)}]')} is no timestamp: write [k-1] for the one "
                "before, and nothing for timestamp k itself."
            )
        if not isinstance(leaf, Leaf) or leaf.name in self._fixed or leaf.shift == -1:
            raise self._at(value).error(
                "this has no timestamps, only quantities, the input and targets have: "
                "write it without brackets behind it."
            )
        return replace(leaf, shift=shift)

    def _mean(self, tree: ast.expr, inner: ast.expr) -> Node:
        if tree is not self._top:
            raise self._at(tree).error(
                "mean() makes the cost and stands alone on the right: write E = mean(…)."
            )
        match inner:
            case ast.BinOp(error, ast.Pow(), ast.Constant(2)):
                return Apply("squares", (self._node(error),))
            case ast.Call(ast.Name("cross_entropy"), [p, y], []):
                prediction, target = self._node(p), self._node(y)
                if isinstance(target, Leaf) and target.name == TARGET:
                    return Apply("entropy", (prediction, target))
                raise self._at(y).error(
                    f"cross_entropy() takes the prediction, then the target: write {TARGET} here."
                )
        raise self._at(inner).error(
            "mean() makes the cost: write mean((h - y)**2) or mean(cross_entropy(p, y))."
        )

    def _call(self, tree: ast.expr, name: str, args: list[ast.expr]) -> Node:
        if name in ("mean", "cross_entropy"):
            raise self._at(tree).error(
                f"{name}() belongs to the cost: write mean((h - y)**2) or "
                "mean(cross_entropy(p, y))."
            )
        if name not in FUNCTION_NAMES:
            raise self._at(tree).error(
                f"there is no function {shown(name)}(): "
                f"write one of {', '.join(FUNCTION_NAMES[:-2])}, or * to multiply."
            )
        if len(args) != 1:
            raise self._at(tree).error(f"{name}() takes one argument: write {name}(z).")
        inside = self._node(args[0])
        # Each softmax() doubles what passes through it on the way back.
        if name == "softmax" and any(apply.op == "softmax" for apply in operations(inside)):
            raise self._at(tree).error("softmax() stands in softmax(): name the inner one.")
        return Apply(name, (inside,))

    def _leaf(self, tree: ast.expr, name: str) -> Leaf:
        if name in FUNCTION_NAMES:
            raise self._at(tree).error(f"{name} is a function: write {name}(…).")
        if len(name) > MOST_IN_NAME:
            raise self._at(tree).error(LONG_NAME)
        self._names.setdefault(name, self._at(tree))
        return Leaf(name, None if name in self._fixed else 0)

"""Lines of paper: one walk over an expression gives the tokens of an equation.

Vectors are written twice: as a line of vectors, and as one component in plain numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from core.cell.description import Line
from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.names import apart, sequence_name
from core.cell.operations import ATOM, FUNCTIONS, OPERATIONS, POWER, PRODUCT, SUM, slope_of
from core.cell.parsing import TARGET
from core.code.trace import Trace
from core.epoch.equation import Derivative, Equation, Name, Symbol, Token, joined
from core.epoch.glossary import WORDS, Glossary
from core.epoch.sums import BIG, LOWERED, Part, Written, lowered_binds
from core.epoch.update_lines import RuleLine


class Writer(ABC):
    """Writes expressions; how leaves are written and what they stand for, its kinds know.

    ``part`` picks a component; None leaves a vector or a matrix whole.
    """

    glossary: Glossary
    sums: ClassVar[Mapping[str, Written]] = {}
    lowered: ClassVar[Mapping[str, Written]] = {}  # where one component is asked for
    tips: Mapping[Leaf, str] = MappingProxyType({})

    @abstractmethod
    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        """Write a quantity, with its component where it is a vector or a matrix."""

    @abstractmethod
    def value(self, node: Node, part: Part | None) -> Any:
        """Return what an expression stands for: a float, or an array of it whole."""

    @abstractmethod
    def is_array(self, node: Node) -> bool:
        """Tell whether an expression has a vector or a matrix for its value."""

    def constant(self, node: Number) -> Token:
        """Write a number that stands in the equation itself."""
        short = f"{node.value:g}"
        return Token(short if float(short) == node.value else repr(node.value), node.value)

    def write(self, left: Leaf, right: Node, value: Any, part: Part) -> Equation:
        """Write a line: as it stands, or one component of it, the nearest there is to ``part``,
        beside the whole."""

        def line(part: Part | None, value: Any) -> Equation:
            return Equation(self.symbol(left, part), tuple(self.tokens(right, part)), value)

        if not np.ndim(value):
            return line((), float(value))
        there = nearest(part, value)
        return replace(line(there, float(value[there])), whole=line(None, value))

    def tokens(self, node: Node, part: Part | None, least: int = 0) -> Iterator[Token]:
        """Write an expression, in brackets where it binds less tightly than ``least``."""
        bracketed = self._binds(node, part) < least
        yield from _signs("(" * bracketed)
        if isinstance(node, Number):
            yield self.constant(node)
        elif isinstance(node, Leaf):
            yield Token(
                self.symbol(node, part), self.value(node, part), tip=self.tips.get(node, "")
            )
        elif isinstance(node, Apply):
            yield from self._applied(node, part)
        yield from _signs(")" * bracketed)

    def _applied(self, node: Apply, part: Part | None) -> Iterator[Token]:
        if slope := slope_of(node):
            yield self._slope(node, slope, part)
        elif node.op in ("**", "squared"):
            yield from self._power(node, part)
        elif node.op == "sum of squares":
            (leaf,) = leaves(node)
            squares = np.square(self.value(leaf, None))
            yield Token(f"Σ{self.symbol(leaf, None)}²", float(np.sum(squares)))
        else:
            lowered = None if part is None else self.lowered.get(node.op)
            written = self.sums.get(node.op) or lowered
            yield from written(self, node, part) if written else self._around(node, part)

    def _binds(self, node: Node, part: Part | None) -> int:
        """Tell how tightly the tokens of an expression hold together."""
        if not isinstance(node, Apply):
            return ATOM
        if part is not None and node.op in self.lowered:
            return lowered_binds(self, node)
        return SUM if node.op in self.sums else OPERATIONS[node.op].binds

    def _slope(self, node: Apply, function: str, part: Part | None) -> Token:
        """Write the slope of a function: one number in a box, whatever stands in the function."""
        symbols = [token.symbol for token in self.tokens(node.args[0], part)]
        name = symbols[0] if len(symbols) == 1 and isinstance(symbols[0], Name) else None
        name = name or Name(joined(map(str, symbols)), words=WORDS["slope"])
        _, place, timestamp = name.words.partition(" at ")
        words = WORDS["slope"] + place + timestamp
        symbol = replace(name, function=f"d_{function}", words=words, role="slope")
        return Token(symbol, self.value(node, part), boxed=True, tip=FUNCTIONS[function].slope)

    def _power(self, node: Apply, part: Part | None) -> Iterator[Token]:
        base, *exponent = node.args
        tokens = [*self.tokens(base, part, POWER + 1)]
        if exponent and exponent[0] != Number(2.0):
            yield from (*tokens, Token("^"), *self.tokens(exponent[0], part))
        elif tokens[-1] == Token(")") and tokens[0] == Token("("):
            yield from (*tokens[:-1], Token(")²"))
        else:
            yield from (*tokens, Token("²"))

    def _around(self, node: Apply, part: Part | None) -> Iterator[Token]:
        before, between, behind = OPERATIONS[node.op].paper
        if node.op == "*" and part is None and all(map(self.is_array, node.args)):
            between = "∘"  # component by component
        yield from _signs(before)
        for index, arg in enumerate(node.args):
            yield from _signs(between * (index > 0))
            yield from self.tokens(arg, part, _least(node, arg, index))
        yield from _signs(behind)


def nearest(part: Part, value: Any) -> Part:
    """Return the component of an array that is there and nearest to ``part``."""
    return tuple(min(i, size - 1) for i, size in zip(part, np.shape(value), strict=False))


def _least(node: Apply, arg: Node, index: int) -> int:
    """Tell how tightly an argument must bind to stand without brackets."""
    outside = PRODUCT if node.op == "dot" else OPERATIONS[node.op].binds
    if outside in (0, ATOM):  # a function brings its brackets
        return 0
    if isinstance(arg, Apply) and arg.op == "neg":
        return ATOM if index or node.op == "neg" else 0
    tight = (index and node.op in ("-", "/", "dot")) or node.op in ("outer", "T@")
    return outside + bool(tight)


def _signs(sign: str) -> Iterator[Token]:
    if sign:
        yield Token(sign)


def _indices(part: Part | None) -> str:
    return f"[{','.join(str(i + 1) for i in part)}]" if part else ""


def _taken(found: Any, part: Part | None) -> Any:
    found = found if part is None or not np.ndim(found) else found[part]
    return found if np.ndim(found) else float(found)


@dataclass(frozen=True)
class Page(Writer):
    """Quantities of a trace at timestamp ``k``, of sequence ``n``, which may be ``named``."""

    trace: Trace
    glossary: Glossary
    k: int
    n: int = 0
    named: bool = False
    sums = BIG
    lowered = LOWERED

    @property
    def timestamps(self) -> int:
        """T, the number of timestamps."""
        return self.trace.experiment.timestamps

    def line(self, line: Line, part: Part) -> Equation:
        """Write a line of the cell and its result."""
        return self.write(*line, self.value(line.left, None), part)

    def value(self, node: Node, part: Part | None) -> Any:
        found = self.of_all(node, self.k)
        return _taken(found[self.n] if self._is_of_each(node) else found, part)

    def of_all(self, node: Node, k: int) -> Any:
        """Work out an expression at a timestamp for all sequences at once."""
        return self.trace.value(node, k)

    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        cell, is_weight = self.trace.cell, x.name in self.trace.cell.weights
        base, mark = apart(x.name)
        timestamp = "" if x.shift is None else str(self.k + x.shift)
        sequence = sequence_name(self.n) if self.named and self._is_of_each(x) else ""
        plain = replace(x, d=False, shift=None if is_weight else x.shift)
        name = Name(
            base,
            "" if is_weight else ",".join(filter(None, (timestamp, sequence))),
            mark,
            part=_indices(part) if self.is_array(x) else "",
            words=self.glossary.at(plain, self.k),
            role="weight" if is_weight else "" if x.name in (TARGET, cell.cost.left) else "value",
        )
        at = timestamp if is_weight else ""
        return Derivative(name, at, words=self.glossary.at(x, self.k)) if x.d else name

    def is_array(self, node: Node) -> bool:
        if isinstance(node, Apply):
            is_number = node.op in ("dot", "squares", "entropy")
            return not is_number and any(map(self.is_array, node.args))
        return isinstance(node, Leaf) and bool(self.trace.cell.shapes.get(node.name))

    def constant(self, node: Number) -> Token:
        token, count = super().constant(node), self.trace.experiment.sequences
        if not node.mean:
            return token
        printed = f"{token.symbol}/{count}"
        return Token(f"{token.symbol}/N", node.value / count, printed=printed)

    def at(self, k: int, n: int | None = None) -> Page:
        """Turn to another timestamp, and to a sequence that is named."""
        return replace(self, k=k) if n is None else replace(self, k=k, n=n, named=True)

    def adding(self, node: Node) -> list[int]:
        """List the timestamps, the last first, at which what is summed over time is there."""
        cell, last = self.trace.cell, self.timestamps
        names = [x.name for x in leaves(node) if x.name in cell.weights]
        return [k for k in range(last, 0, -1) if all(cell.ways(w, k == last) for w in names)]

    def _is_of_each(self, node: Node) -> bool:
        """Tell whether each sequence has a value of its own; weights and sums are for all."""
        if isinstance(node, Apply):
            return node.op not in BIG and any(map(self._is_of_each, node.args))
        of_all = (*self.trace.cell.weights, self.trace.cell.cost.left)
        return isinstance(node, Leaf) and node.name not in of_all


class RulePage(Writer):
    """Quantities of one line of an update rule."""

    def __init__(self, rule_line: RuleLine, glossary: Glossary) -> None:
        self.rule_line, self.glossary, self.tips = rule_line, glossary, rule_line.tips

    def line(self, part: Part) -> Equation:
        """Write the line and its result."""
        left, right, _, result, _ = self.rule_line
        return self.write(left, right, result, part)

    def value(self, node: Node, part: Part | None) -> Any:
        (leaf,) = leaves(node)
        return _taken(self.rule_line.values[leaf], part)

    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        words, weights = self.glossary, self.glossary.cell.weights
        index = _indices(part) if self.is_array(x) else ""
        if x.d:
            name = Name(x.name, part=index, words=words.words(x.name), role="weight")
            return Derivative(name, words=words.gradient(x.name))
        if x.name.startswith("(") or " or " in x.name:
            return x.name
        role = "weight" if x.name in weights else "new" if x.name.startswith("new ") else ""
        if x.name.removeprefix("new ") in weights:
            return Name(x.name, part=index, words=words.words(x.name), role=role)
        base, _, subscript = x.name.partition("_")
        return Name(base, subscript, part=index, words=WORDS[base], role=role)

    def is_array(self, node: Node) -> bool:
        line = self.rule_line
        return any(np.ndim(line.result if x == line.left else line.values[x]) for x in leaves(node))

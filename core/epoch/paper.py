"""Lines of paper: one walk over an expression gives the tokens of an equation.

Vectors are written twice: as a line of vectors, and as one component in plain numbers, in which
every sum is written out. What stands on paper follows from the cell, its sizes and the place, so
a line is laid out once, with a `Reading` for each value, and `filled` as often as one looks at it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.expression import TWO, Apply, Leaf, Node, Number, leaves
from core.cell.names import apart, sequence_name
from core.cell.operations import ATOM, FUNCTIONS, OPERATIONS, POWER, PRODUCT, SUM, slope_of
from core.cell.parsing import TARGET
from core.epoch.equation import Derivative, Equation, Name, Symbol, Token, joined
from core.epoch.glossary import WORDS, Glossary

Part = tuple[int, ...]  # which component, from 0
# Takes a value from a trace, or from the values of a line of an update rule.
Reading = Callable[[Any], Any]
# A sum of more terms than this shows the first ones, the rest in one number, and the total.
_TERMS, _FIRST_TERMS = 4, 3
_PLUS, _MINUS, _TIMES, _OPEN, _CLOSE = (Token(sign) for sign in "+−·()")
_SUMS = ("sum", "sum outer", "over time", "squares", "entropy")
_ROWS = ("@", "T@", "dot")


def filled(equation: Equation, source: Any, *, leads_on: bool = False) -> Equation:
    """Put the numbers of a source into a line that was laid out."""
    return Equation(
        equation.left,
        tuple(
            token if token.value is None else _filled(token, source) for token in equation.tokens
        ),
        equation.result(source),
        leads_on,
        equation.whole and filled(equation.whole, source),
        tuple(replace(way, value=way.value(source)) for way in equation.ways),
    )


def _filled(token: Token, source: Any) -> Token:
    tip = token.tip if isinstance(token.tip, str) else token.tip(source)
    return Token(token.symbol, token.value(source), token.printed, token.boxed, tip)


class Writer(ABC):
    """Writes expressions; how leaves are written and what they stand for, its kinds know.

    ``part`` picks a component; None leaves a vector or a matrix whole.
    """

    @abstractmethod
    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        """Write a quantity, with its component where it is a vector or a matrix."""

    @abstractmethod
    def reading(self, node: Node, part: Part | None) -> Reading:
        """Return what takes the value of an expression, a float or an array, from a source."""

    @abstractmethod
    def shape(self, node: Node) -> tuple[int, ...]:
        """Return the shape of an expression's value."""

    def tip(self, _: Leaf) -> Any:
        """Say more of a quantity than its name in words, or return what says it of a source."""
        return ""

    def constant(self, node: Number) -> Token:
        """Write a number that stands in the equation itself."""
        short = f"{node.value:g}"
        exact = short if float(short) == node.value else repr(node.value)
        return Token(exact, lambda _: node.value)

    def line(self, left: Leaf, right: Node, part: Part) -> Equation:
        """Lay out a line: as it stands, or one component of it, the nearest there is to ``part``,
        beside the whole."""
        there = nearest(part, self.shape(left))

        def laid_out(part: Part | None) -> Equation:
            tokens = tuple(self.tokens(right, part))
            return Equation(self.symbol(left, part), tokens, self.reading(left, part))

        return replace(laid_out(there), whole=laid_out(None)) if there else laid_out(there)

    def tokens(self, node: Node, part: Part | None, least: int = 0) -> Iterator[Token]:
        """Write an expression, in brackets where it binds less tightly than ``least``."""
        if isinstance(node, Number):
            yield self.constant(node)
        elif isinstance(node, Leaf):
            yield Token(self.symbol(node, part), self.reading(node, part), tip=self.tip(node))
        elif isinstance(node, Apply):
            bracketed = self._binds(node, part) < least
            yield from (*[_OPEN] * bracketed, *self._applied(node, part), *[_CLOSE] * bracketed)

    def _applied(self, node: Apply, part: Part | None) -> Iterable[Token]:
        if slope := slope_of(node):
            return [self._slope(node, slope, part)]
        if node.op == "**":
            return self._power(node, part)
        return self._around(node, part)

    def _binds(self, node: Apply, part: Part | None) -> int:
        """Tell how tightly the tokens of an expression hold together."""
        if node.op in _ROWS and part is not None:
            return SUM if self.shape(node.args[1]) != (1,) else PRODUCT
        if node.op == "softmax" and part is not None:
            return PRODUCT
        return SUM if node.op in _SUMS else OPERATIONS[node.op].binds

    def _slope(self, node: Apply, function: str, part: Part | None) -> Token:
        """Write the slope of a function: one number in a box, whatever stands in the function."""
        symbols = [token.symbol for token in self.tokens(node.args[0], part)]
        name = symbols[0] if len(symbols) == 1 and isinstance(symbols[0], Name) else None
        name = name or Name(joined(map(str, symbols)), words=WORDS["slope"])
        _, place, timestamp = name.words.partition(" at ")
        words = WORDS["slope"] + place + timestamp
        symbol = replace(name, function=f"d_{function}", words=words, role="slope")
        return Token(symbol, self.reading(node, part), boxed=True, tip=FUNCTIONS[function].slope)

    def _power(self, node: Apply, part: Part | None) -> Iterable[Token]:
        base, exponent = node.args
        tokens = [*self.tokens(base, part, POWER + 1)]
        if exponent != TWO:
            return (*tokens, Token("^"), *self.tokens(exponent, part))
        if tokens[0] == _OPEN and tokens[-1] == _CLOSE:
            return (*tokens[:-1], Token(")²"))
        return (*tokens, Token("²"))

    def _around(self, node: Apply, part: Part | None) -> Iterator[Token]:
        before, between, behind = OPERATIONS[node.op].paper
        if node.op == "*" and part is None and all(map(self.shape, node.args)):
            between = "∘"  # component by component
        yield from [Token(before)] * bool(before)
        for index, arg in enumerate(node.args):
            yield from [Token(between)] * (index > 0 and bool(between))
            yield from self.tokens(arg, part, _least(node, arg, index))
        yield from [Token(behind)] * bool(behind)


def nearest(part: Part, shape: Sequence[int]) -> Part:
    """Return the component of an array that is there and nearest to ``part``."""
    return tuple(min(i, size - 1) for i, size in zip(part, shape, strict=False))


def _least(node: Apply, arg: Node, index: int) -> int:
    """Tell how tightly an argument must bind to stand without brackets."""
    outside = PRODUCT if node.op == "dot" else OPERATIONS[node.op].binds
    if outside in (0, ATOM):  # a function brings its brackets
        return 0
    if isinstance(arg, Apply) and arg.op == "neg":
        return ATOM if index or node.op == "neg" else 0
    tight = (index and node.op in ("-", "/", "dot")) or node.op in ("outer", "T@")
    return outside + bool(tight)


def indices(part: Part | None) -> str:
    return f"[{','.join(str(i + 1) for i in part)}]" if part else ""


def taken(found: Any, part: Part | None) -> Any:
    found = found[part] if part and np.ndim(found) else found
    return found if np.ndim(found) else float(found)


def _sum_of(count: int, values: Reading, term: Callable[[int], Iterable[Token]]) -> Iterator[Token]:
    """Write terms with plus signs between; of many the first ones, then what the others make."""
    shown = count if count <= _TERMS else _FIRST_TERMS
    if not count:
        yield Token("0", lambda _: 0.0)
    for i in range(shown):
        first, *others = term(i)
        yield from [_PLUS] * (i > 0 and first != _MINUS)
        yield from (first, *others)
    if shown < count:
        more = f"{count - shown:,} more"
        yield _PLUS
        yield Token(
            f"… {more}",
            lambda source: taken(np.sum(values(source)[shown:], axis=0), None),
            tip=f"{more} terms, summed",
        )


glossary_of = lru_cache(maxsize=8)(Glossary)


@dataclass(frozen=True)
class Page(Writer):
    """Quantities of a cell at timestamp ``k``, of sequence ``n``, which may be ``named``.

    ``sizes`` are those of the letters in the cell's shapes. Values are read from a trace.
    """

    cell: Cell
    sizes: tuple[tuple[str, int], ...]
    timestamps: int
    sequences: int
    k: int
    n: int = 0
    named: bool = False
    _numbers: Mapping[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", dict(self.sizes))

    def shape(self, node: Node) -> tuple[int, ...]:
        if isinstance(node, Leaf):
            return tuple(self._numbers[size] for size in self.cell.shapes.get(node.name, ()))
        if not isinstance(node, Apply) or node.op in ("dot", "squares", "entropy"):
            return ()
        shapes = [*map(self.shape, node.args)]
        match node.op:
            case "@":
                return shapes[0][:1]
            case "T@":
                return shapes[0][1:]
            case "outer" | "sum outer":
                return shapes[0] + shapes[1]
        return max(shapes, key=len)

    def reading(self, node: Node, part: Part | None) -> Reading:
        k, n = self.k, self.n
        if self._is_of_each(node):
            return lambda trace: taken(trace.value(node, k)[n], part)
        return lambda trace: taken(trace.value(node, k), part)

    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        cell, glossary, is_weight = self.cell, glossary_of(self.cell), x.name in self.cell.weights
        base, mark = apart(x.name)
        timestamp = "" if x.shift is None else str(self.k + x.shift)
        sequence = sequence_name(self.n) if self.named and self._is_of_each(x) else ""
        plain = replace(x, d=False, shift=None if is_weight else x.shift)
        name = Name(
            base,
            "" if is_weight else ",".join(filter(None, (timestamp, sequence))),
            mark,
            part=indices(part) if self.shape(x) else "",
            words=glossary.at(plain, self.k),
            role="weight" if is_weight else "" if x.name in (TARGET, cell.cost.left) else "value",
        )
        at = timestamp if is_weight else ""
        return Derivative(name, at, words=glossary.at(x, self.k)) if x.d else name

    def constant(self, node: Number) -> Token:
        token, count = super().constant(node), self.sequences
        if not node.mean:
            return token
        printed = f"{token.symbol}/{count}"
        return Token(f"{token.symbol}/N", lambda _: node.value / count, printed=printed)

    def at(self, k: int, n: int | None = None) -> Page:
        """Turn to another timestamp, and to a sequence that is named."""
        return replace(self, k=k) if n is None else replace(self, k=k, n=n, named=True)

    def _is_of_each(self, node: Node) -> bool:
        """Tell whether each sequence has a value of its own; weights and sums are for all."""
        if isinstance(node, Apply):
            return node.op not in _SUMS and any(map(self._is_of_each, node.args))
        of_all = (*self.cell.weights, self.cell.cost.left)
        return isinstance(node, Leaf) and node.name not in of_all

    # --- sums, written out ------------------------------------------------------------------------

    def _applied(self, node: Apply, part: Part | None) -> Iterable[Token]:
        match node.op:
            case "sum" | "sum outer":
                return self._over_sequences(node, part)
            case "over time":
                return self._over_time(node.args[0], part)
            case "squares" | "entropy":
                return self._mean(node, (self.k,))
        return super()._applied(node, part) if part is None else self._component(node, part)

    def _component(self, node: Apply, part: Part) -> Iterable[Token]:
        match node.op:
            case "@" | "T@" | "dot":
                return self._products(node, part)
            case "softmax":
                return self._share(node.args[0], part)
            case "outer":
                return self._times(node, part[:1], part[1:])
        return super()._applied(node, part)

    def _over_sequences(self, node: Apply, part: Part | None) -> Iterable[Token]:
        term, k = node.args[0] if node.op == "sum" else Apply("outer", node.args), self.k
        return _sum_of(
            self.sequences,
            lambda trace: trace.value(term, k)[(slice(None), *(part or ()))],
            lambda n: self.at(k, n).tokens(term, part),
        )

    def _over_time(self, term: Node, part: Part | None) -> Iterable[Token]:
        """Write what the timestamps at which it is there make together, the last one first."""
        if isinstance(term, Apply) and term.op in ("squares", "entropy"):
            return self._mean(term, range(1, self.timestamps + 1))
        names = [x.name for x in leaves(term) if x.name in self.cell.weights]
        used = [all(self.cell.ways(w, at_last) for w in names) for at_last in (False, True)]
        pages = [self.at(k) for k in range(self.timestamps, 0, -1) if used[k == self.timestamps]]
        readings = [page.reading(term, part) for page in pages]
        return _sum_of(
            len(pages),
            lambda trace: [reading(trace) for reading in readings],
            lambda i: pages[i].tokens(term, part),
        )

    def _mean(self, node: Apply, ks: Sequence[int]) -> Iterable[Token]:
        """Write the mean over the sequences of squared errors, or of cross-entropies."""
        made, *targets = node.args
        shape = (len(ks), self.sequences, *self.shape(made))

        def terms(trace: Any) -> Any:
            values = [np.stack([trace.value(arg, k) for k in ks]) for arg in node.args]
            return np.ravel(np.log(values[0]) * values[1] if targets else values[0] ** 2)

        def term(i: int) -> Iterator[Token]:
            k, n, *part = map(int, np.unravel_index(i, shape))
            there, at = self.at(ks[k], n), tuple(part)
            if targets:
                yield from (*there.tokens(targets[0], at, PRODUCT), _TIMES)
                yield from (Token("ln(", tip="natural logarithm"), *there.tokens(made, at), _CLOSE)
            else:
                yield from (_OPEN, *there.tokens(made, at), Token(")²"))

        yield from (*[_MINUS] * len(targets), self.constant(Number(1.0, mean=True)), _TIMES)
        yield from (_OPEN, *_sum_of(int(np.prod(shape)), terms, term), _CLOSE)

    def _products(self, node: Apply, part: Part) -> Iterable[Token]:
        """Write one component of a matrix times a vector, or all of two vectors."""
        one, other = (self.reading(arg, None) for arg in node.args)
        row = part if node.op != "dot" else ()

        def products(trace: Any) -> Any:
            factors = one(trace).T if node.op == "T@" else one(trace)
            return factors[row] * other(trace)

        def term(j: int) -> Iterable[Token]:
            return self._times(node, (j, *row) if node.op == "T@" else (*row, j), (j,))

        return _sum_of(self.shape(node.args[1])[0], products, term)

    def _times(self, node: Apply, one: Part, other: Part) -> Iterable[Token]:
        factors = zip(node.args, (one, other), strict=True)
        first, second = ([*self.tokens(arg, part, PRODUCT)] for arg, part in factors)
        return (*first, _TIMES, *second)

    def _share(self, z: Node, part: Part) -> Iterable[Token]:
        """Write one component of softmax(): exp(z_1) / (exp(z_1) + exp(z_2))."""
        whole = self.reading(z, None)

        def grown(i: int) -> Iterable[Token]:
            return (Token("exp("), *self.tokens(z, (i,)), _CLOSE)

        total = _sum_of(self.shape(z)[0], lambda trace: np.exp(whole(trace)), grown)
        return (*grown(*part), Token("/"), _OPEN, *total, _CLOSE)

"""The language of update rules, and how a rule is written in Python.

A rule is a text in the language of cells, about any one weight: ``W`` is the weight, ``dW`` the
gradient of the cost by it, ``rate`` its learning rate, and ``t`` counts the updates from 1. A name
that is used before its line makes it new is a number that the rule keeps from epoch to epoch; it
starts at 0 unless a line ``start:`` says otherwise. All other names are settings.

``stays(x)`` holds where x is what it was an epoch before, and the remark behind it is what a tip
says where it holds; where it does not. A line ``paper:`` names a part of the next ones on paper,
where it has a line of its own; programs write it where it is used.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import NamedTuple

from core.cell.expression import ONE, Apply, Leaf, Node, Number, leaves, product, rewritten
from core.cell.formula import Reader
from core.cell.operations import NUMPY, written

_Write = Callable[[Node, str], str]

WEIGHT, GRADIENT, RATE, UPDATES = Leaf("W", -1), Leaf("W", d=True), Leaf("rate"), Leaf("t")
_GIVEN = {"W": WEIGHT, "dW": GRADIENT, "rate": RATE, "t": UPDATES}
_STATEMENT = re.compile(r"^(paper: )?(\w+) = ([^#\n]+)(?:# (.*))?$", re.MULTILINE)
_START = re.compile(r"^start: (\w+) = (\w+)$", re.MULTILINE)
_FUNCTIONS = {"sign": "sign", "sqrt": "root", "where": "where"}
_FUNCTIONS |= {"length": "length", "shortened": "shortened"}  # those of clipping

_OF_NUMBERS = NUMPY | {"where": "({1} if {0} else {2})"}
# One place on paper: 1 − β₁ to the power of t.
PAPER = NUMPY | {"-": "{0} − {1}", "*": "{0} · {1}", "**": "{0} to the power of {1}"}


class Statement(NamedTuple):
    """One line of a rule: ``left`` becomes ``right``; an old number has the shift -1, a new one 0.

    ``says`` is the remark behind it; a statement that is ``only_named`` stands on paper alone.
    """

    left: Leaf
    right: Node
    says: str
    only_named: bool


@dataclass(frozen=True)
class RuleText:
    """The text of a rule, and what follows from it. Raises `CellError` where it cannot be read."""

    text: str = field(repr=False)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The lines of the text in their order."""
        found = _STATEMENT.findall(self.text)
        made = dict.fromkeys((left for _, left, _, _ in found), False)
        statements = []
        for number, (named, left, right, says) in enumerate(found, start=1):
            node = _RuleReader(number, made).read(right, 0)
            made[left] = True
            statements.append(Statement(Leaf(left, 0), node, says, bool(named)))
        return tuple(statements)

    @cached_property
    def start(self) -> dict[str, str]:
        """What the numbers that the rule keeps start from, by name: a setting, or 0.0."""
        old = {x.name for x in self._leaves if x.shift == -1} - {"W"}
        given = dict(_START.findall(self.text))
        kept = [s.left.name for s in self.statements if s.left.name in old - given.keys()]
        return given | dict.fromkeys(kept, "0.0")

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the numbers that the rule keeps for each weight."""
        return tuple(self.start)

    @cached_property
    def constants(self) -> frozenset[str]:
        """Names of the settings, of the rate and of t, where they occur."""
        found = {x.name for x in self._leaves if x.shift is None and not x.d}
        return frozenset(found | {*self.start.values()} - {"0.0"})

    @cached_property
    def fixed(self) -> frozenset[Leaf]:
        """What statements make of settings and the epoch alone."""
        made: set[Leaf] = set()
        for s in self.statements:
            known = {*made, *map(Leaf, self.constants - {"rate"})}
            made |= {s.left} if known.issuperset(leaves(s.right)) else set()
        return frozenset(made)

    def is_set_aside(self, name: str) -> bool:
        """Tell whether a kept number's old value is asked for once the new one is there."""
        made = [s.left.name for s in self.statements].index(name)
        return any(Leaf(name, -1) in leaves(s.right) for s in self.statements[made + 1 :])

    @property
    def _leaves(self) -> Iterator[Leaf]:
        return (x for s in self.statements for x in leaves(s.right))


class _RuleReader(Reader):
    """Reads a formula of a rule; ``made`` tells of each name that a line makes whether it has."""

    def __init__(self, line: int, made: Mapping[str, bool]) -> None:
        super().__init__(line, frozenset(), {})
        self._made = made

    def _read(self, tree: ast.expr) -> Node:
        match tree:
            case ast.BinOp(base, ast.Pow(), ast.Name() as exponent):
                return Apply("**", (self._node(base), self._node(exponent)))
        return super()._read(tree)

    def _call(self, tree: ast.expr, name: str, args: list[ast.expr]) -> Node:
        inside = tuple(map(self._node, args))
        if name == "stays" and isinstance(inside[0], Leaf):
            return Apply("==", (inside[0], Leaf(inside[0].name, -1)))
        if name not in _FUNCTIONS:
            raise self._at(tree).error(f"an update rule has no function {name}().")
        return Apply(_FUNCTIONS[name], inside)

    def _leaf(self, tree: ast.expr, name: str) -> Leaf:
        shift = (0 if self._made[name] else -1) if name in self._made else None
        return _GIVEN.get(name) or replace(super()._leaf(tree, name), shift=shift)


CLIPPING = RuleText("""
norm = length(dW)
factor = shortened(clip_norm, norm)
g = factor * dW
""")


def arithmetic(node: Node) -> Node:
    """Return an expression of + - * / ** and comparisons alone, for floats and arrays alike."""
    match node:
        case Apply("*", (left, Apply("**", (base, Number(power))))):  # c * x**2 is c * x * x
            return product(map(arithmetic, [left, *[base] * int(power)]))
        case Apply("**", (base, Number(power))):
            return product(map(arithmetic, [base] * int(power)))
        case Apply("sign", (z,)):
            positive, negative = (Apply(op, (arithmetic(z), Number(0.0))) for op in "><")
            return ONE * positive - ONE * negative
        case Apply("where", (condition, one, other)):
            holds, one, other = map(arithmetic, (condition, one, other))
            return one * holds + other * (ONE - holds)
        case Apply("root", (z,)):
            return Apply("**", (arithmetic(z), Number(0.5)))
        case Apply("==", _):
            return ONE * node
        case Apply(op, args):
            return Apply(op, tuple(map(arithmetic, args)))
    return node


def start_lines(rule: RuleText, weights: Iterable[str]) -> list[str]:
    """Write what a rule keeps of each weight at epoch 0; one number suits arrays, too."""
    return [
        f"{variable(rule, Leaf(name, -1), weight)} = {start}"
        for weight in weights
        for name, start in rule.start.items()
    ]


def shown_lines(rule: RuleText, weights: Mapping[str, bool], *, clips: bool) -> list[str]:
    """Write the update in NumPy, for variables of weights; True is said of vectors and matrices.

    The variable ``wx`` has the gradient ``d_wx``, the rate ``rate_wx`` and, say, ``v_wx``.
    Settings, ``clip_norm`` and ``epoch`` are variables, too.
    """

    def write(node: Node, weight: str) -> str:
        table = NUMPY if weights.get(weight) else _OF_NUMBERS
        return written(node, partial(variable, rule, weight=weight), table)

    clipping = [*_norm_lines(weights), *_clip_lines([*weights])] if clips else []
    return [*clipping, *_lines(rule, weights, write)]


def float_lines(rule: RuleText, weights: Sequence[str], *, clips: bool) -> list[str]:
    """Write the update of plain numbers in floats, for variables as in `shown_lines`.

    Sums and products keep their order. Where it clips, ``sqrt`` is that of `math`.
    """

    def write(node: Node, weight: str) -> str:
        name = partial(variable, rule, weight=weight, updates="(epoch + 1.0)")
        return written(arithmetic(node), name, _OF_NUMBERS, "")

    clipping = [*_float_norm_lines(weights), *_clip_lines(weights)] if clips else []
    return [*clipping, *_lines(rule, weights, write)]


def variable(rule: RuleText, x: Leaf, weight: str, updates: str = "(epoch + 1)") -> str:
    """Spell a name of a rule as a variable of a program, for the variable of a weight."""
    if x.name in rule.numbers:
        aside = x.shift == -1 and rule.is_set_aside(x.name)
        return f"{x.name}{'_before' * aside}_{weight}"
    special = {WEIGHT: weight, GRADIENT: f"d_{weight}", RATE: f"rate_{weight}", UPDATES: updates}
    return special.get(x, weight if x.name == "W" else x.name)


def _lines(rule: RuleText, weights: Iterable[str], write: _Write) -> Iterator[str]:
    """Write what is fixed, then all of one weight, then all of the next one."""
    named = {s.left: s.right for s in rule.statements if s.only_named}
    fixed = [s for s in rule.statements if s.left in rule.fixed]
    for s in fixed:
        yield f"{s.left.name} = {write(s.right, '')}" + f"  # {s.says}" * bool(s.says)
    own = [s for s in rule.statements if s not in fixed and not s.only_named]
    for weight in weights:
        for s in own:
            right = rewritten(s.right, lambda x: named.get(x, x))
            yield f"{variable(rule, s.left, weight)} = {write(right, weight)}"
        for name in filter(rule.is_set_aside, rule.numbers):
            old, new = (variable(rule, Leaf(name, shift), weight) for shift in (-1, 0))
            yield f"{old} = {new}"


def _clip_lines(weights: Sequence[str]) -> Iterator[str]:
    _, factor, clipped = CLIPPING.statements
    write = partial(written, table=_OF_NUMBERS)
    yield f"factor = {write(factor.right, lambda x: x.name)}"
    lefts = [f"d_{weight}" for weight in weights]
    rights = [write(clipped.right, partial(variable, CLIPPING, weight=w)) for w in weights]
    if len(weights) == 2:
        lefts, rights = [", ".join(lefts)], [", ".join(rights)]
    yield from (f"{left} = {right}" for left, right in zip(lefts, rights, strict=True))


def _norm_lines(weights: Mapping[str, bool]) -> list[str]:
    listed = ", ".join(f"d_{weight}" for weight in weights)
    if not any(weights.values()):
        plain = f"hypot({listed})" if len(weights) == 2 else f"hypot.reduce([{listed}])"
        return [f"norm = np.{plain}"]
    return [
        *textwrap.wrap(f"gradients = [{listed}]", 96, subsequent_indent=" " * 13),
        "norm = np.hypot.reduce(np.hstack([np.ravel(d) for d in gradients]))",
    ]


def _float_norm_lines(weights: Sequence[str]) -> list[str]:
    """Write the norm so that no square overflows: all is divided by the largest."""
    sizes = ", ".join(f"abs(d_{weight})" for weight in weights)
    squares = " + ".join(f"(d_{weight} / norm) * (d_{weight} / norm)" for weight in weights)
    return [
        f"norm = max({sizes})" if len(weights) > 1 else f"norm = {sizes}",
        "if norm > 0.0:",
        f"    norm = norm * sqrt({squares})",
    ]

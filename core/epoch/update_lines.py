"""The update in symbols and numbers: clipping, then the lines of the update rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.expression import Apply, Leaf, Node, Number, leaves, operations
from core.cell.operations import written
from core.cell.rule_code import GRADIENT, PAPER, UPDATES, Statement
from core.cell.update_rules import (
    FACTOR,
    NORM,
    SETTINGS,
    Known,
    UpdateRule,
    evaluated,
    known_of,
    spelled,
)
from core.epoch.equation import Derivative, Equation, Name, Symbol, Token
from core.epoch.glossary import WORDS
from core.epoch.paper import Part, Reading, Writer, filled, glossary_of, indices, taken

# How paper calls what programs call otherwise.
_SYMBOLS = {
    "rprop_up": "up",
    "rprop_down": "down",
    "adam_beta1": "β_1",
    "adam_beta2": "β_2",
    "adam_epsilon": "ε",
    "m_lead": "lead_1",
    "s_lead": "lead_2",
    "clip_norm": "clip norm",
}
_LOW = str.maketrans({"_": "", "1": "₁", "2": "₂"})


def update_equations(
    cell: Cell,
    rule: UpdateRule,
    weights: Mapping[str, Any],
    gradient: Mapping[str, Any],
    rates: Mapping[str, float],
    numbers: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, float],
    clip_norm: float | None,
    epoch: int,
    part: Part = (0, 0),
) -> Iterator[Equation]:
    """Write the lines of the update of an epoch, all as it stands before it.

    Weights and gradient are floats or arrays by name, ``numbers`` those of each number that the
    rule keeps. One line of every weight comes before the next one, so the new weights come last.
    """
    whole = np.concatenate([np.ravel(gradient[name]) for name in weights])
    pages: dict[RulePage, Known] = {}
    for name, weight in weights.items():
        kept = [numbers[number][name] for number in rule.numbers]
        own = weight, gradient[name], rates[name], kept
        known = known_of(rule, *own, settings, clip_norm, epoch, whole)
        pages[RulePage(cell, rule, name, np.shape(weight))] = known
    for statement in rule.steps(clips=clip_norm is not None):
        if statement is NORM:
            yield _norm_line(pages)
            continue
        for known in pages.values():
            known[spelled(statement.left)] = evaluated(statement.right, known)
        if _has_line(rule, statement):
            with_line = [*pages.items()][: 1 if statement is FACTOR else None]
            yield from (_line(page, known, statement, part) for page, known in with_line)


def _has_line(rule: UpdateRule, statement: Statement) -> bool:
    """Tell whether a statement has a line: leads and conditions are told where they are used."""
    is_condition = isinstance(statement.right, Apply) and statement.right.op == "=="
    return not is_condition and statement.left not in rule.fixed


def _line(page: RulePage, known: Known, statement: Statement, part: Part) -> Equation:
    """Write the line of a statement that is worked out."""
    left, right = statement.left, _chosen(statement.right, known)
    # Of a gradient of 0 there is nothing to shorten, and nothing to divide by.
    right = Number(1.0) if statement is FACTOR and not known[spelled(NORM.left)] else right
    return filled(_laid_out(page, left, right, part), known, leads_on=left.name != "W")


@lru_cache(maxsize=1024)
def _laid_out(page: RulePage, left: Leaf, right: Node, part: Part) -> Equation:
    return page.line(left, right, part)


def _chosen(node: Node, known: Known) -> Node:
    """Put what stands there in place of each choice, unless that differs from number to number."""
    if not isinstance(node, Apply):
        return node
    if node.op == "where":
        (holds, *choice), args = np.unique(evaluated(node.args[0], known)), node.args[1:]
        return node if choice else args[0 if holds else 1]
    return Apply(node.op, tuple(_chosen(arg, known) for arg in node.args))


def _norm_line(pages: Mapping[RulePage, Known]) -> Equation:
    """Write the norm of the gradient by all weights together."""
    squares = [_square(page, known[spelled(GRADIENT)]) for page, known in pages.items()]
    tokens = [token for square in squares for token in (Token("+"), *square)][1:]
    (page, known), *_ = pages.items()
    whole = (Token("√("), *tokens, Token(")"))
    return Equation(page.symbol(NORM.left, ()), whole, known[spelled(NORM.left)], leads_on=True)


def _square(page: RulePage, gradient: Any) -> list[Token]:
    symbol = page.symbol(GRADIENT, None)
    if np.ndim(gradient):
        return [Token(f"Σ{symbol}²", float(np.sum(np.square(gradient))))]
    return [Token(symbol, float(gradient)), Token("²")]


@dataclass(frozen=True)
class RulePage(Writer):
    """The lines of one weight of a cell; values are read from what is `Known` of it.

    ``size`` is the shape of the weight.
    """

    cell: Cell
    rule: UpdateRule
    weight: str
    size: tuple[int, ...]

    def shape(self, node: Node) -> tuple[int, ...]:
        if isinstance(node, Apply):
            return max(map(self.shape, node.args), key=len)
        is_own = isinstance(node, Leaf) and (node.d or self._is_own(node))
        return self.size if is_own else ()

    def reading(self, node: Node, part: Part | None) -> Reading:
        return lambda known: taken(evaluated(node, known), part)

    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        words, weight = glossary_of(self.cell), self.weight
        index = indices(part) if self.shape(x) else ""
        if x == GRADIENT:
            name = Name(weight, part=index, words=words.words(weight), role="weight")
            return Derivative(name, words=words.gradient(weight))
        new = "new " * (x.shift == 0 and x.name in {"W", *self._old})
        role = "new" * bool(new)
        if x.name == "W":
            called = f"{new}{weight}"
            return Name(called, part=index, words=words.words(called), role=role or "weight")
        base, _, subscript = _SYMBOLS.get(x.name, x.name).partition("_")
        if self._is_own(x):
            base, subscript = f"{new}{x.name}", weight
        return Name(base, subscript, part=index, words=WORDS[base], role=role)

    def _is_own(self, x: Leaf) -> bool:
        """Tell whether something belongs to this weight, not to all of them."""
        return x.shift is not None and x not in {*self.rule.fixed, FACTOR.left, NORM.left}

    @cached_property
    def _old(self) -> set[str]:
        """Names of the kept numbers whose old values stand in a line: the others are called new."""
        shown = [s.right for s in self.rule.statements if _has_line(self.rule, s)]
        return {x.name for right in shown for x in leaves(right) if x.shift == -1}

    def tip(self, x: Leaf) -> Any:
        if x in self.rule.fixed:
            return lambda known: _lead(self.rule, x, known[spelled(UPDATES)])
        says: dict[Node, list[str]] = {s.left: s.says.split("; ") for s in self.rule.statements}
        for choice in (a for s in self.rule.statements for a in operations(s.right)):
            if choice.op == "where" and x in choice.args[1:]:
                return says[choice.args[0]][0 if x == choice.args[1] else -1]
        return ""

    def tokens(self, node: Node, part: Part | None, least: int = 0) -> Iterator[Token]:
        if isinstance(node, Apply) and node.op == "where":
            yield Token(" or ".join(map(_text, node.args[1:])), self.reading(node, part))
        elif isinstance(node, Apply) and _is_setting(node):  # one place for 1 − β₁
            yield Token(f"({_text(node)})", self.reading(node, part))
        else:
            yield from super().tokens(node, part, least)


def _is_setting(node: Node) -> bool:
    names = {x.name for x in leaves(node)}
    return bool(names) and names <= SETTINGS.keys()


@lru_cache(maxsize=64)
def _lead(rule: UpdateRule, x: Leaf, updates: float) -> str:
    """Say what a name stands for that has no line: 1 − β₁ to the power of 4."""
    fixed = {s.left: s for s in rule.statements if s.left in rule.fixed}
    says = next((s.says for s in fixed.values() if s.says), "")
    return _text(fixed[x].right, updates) + f": {says}" * bool(says)


def _text(node: Node, updates: float = 0.0) -> str:
    """Write what is made of settings, and of the number of updates, in one place."""

    def name(x: Leaf) -> str:
        text = f"{updates:,.0f}" if x == UPDATES else _SYMBOLS.get(x.name, x.name)
        return text.translate(_LOW)

    return written(node, name, PAPER)

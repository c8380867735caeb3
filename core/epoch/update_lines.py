"""The update in symbols and numbers: clipping, then the lines of the update rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.rule_code import GRADIENT, PAPER, UPDATES, Statement, arithmetic
from core.cell.update_rules import (
    FACTOR,
    NORM,
    SETTINGS,
    Known,
    UpdateRule,
    evaluated,
    known_of,
)
from core.cell.writing import written
from core.epoch.equation import Derivative, Equation, Name, Symbol, Token
from core.epoch.glossary import WORDS, Glossary
from core.epoch.paper import Part, Reading, Writer, filled, indices, taken

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
    glossary: Glossary,
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
    pages = []
    for name, weight in weights.items():
        kept = [numbers[number][name] for number in rule.numbers]
        own = weight, gradient[name], rates[name], kept
        known = known_of(rule, *own, settings, clip_norm, epoch, whole)
        pages.append(RulePage(glossary, rule, name, known))
    for statement in rule.steps(clips=clip_norm is not None):
        if statement is NORM:
            yield _norm_line(pages)
            continue
        for page in pages:
            page.known[statement.left] = evaluated(statement.plain, page.known)
        if _has_line(rule, statement):
            with_line = pages[:1] if statement is FACTOR else pages
            yield from (page.equation(statement, part) for page in with_line)


def _has_line(rule: UpdateRule, statement: Statement) -> bool:
    """Tell whether a statement has a line: leads and conditions are told where they are used."""
    is_condition = isinstance(statement.right, Apply) and statement.right.op == "=="
    return not is_condition and statement.left not in rule.fixed


def _norm_line(pages: list[RulePage]) -> Equation:
    """Write the norm of the gradient by all weights together."""
    first, *others = (page.square_of_gradient() for page in pages)
    squares = (*first, *(token for square in others for token in (Token("+"), *square)))
    tokens = (Token("√("), *squares, Token(")"))
    norm = pages[0].known[NORM.left]
    return Equation(pages[0].symbol(NORM.left, ()), tokens, norm, leads_on=True)


class RulePage(Writer):
    """The lines of one weight: statements of a rule, with the names and values of that weight."""

    def __init__(self, glossary: Glossary, rule: UpdateRule, weight: str, known: Known) -> None:
        self.known = known
        self._glossary, self._rule, self._weight = glossary, rule, weight
        shown = [s.right for s in rule.statements if _has_line(rule, s)]
        self._both = {"W", *(x.name for right in shown for x in leaves(right) if x.shift == -1)}
        self._shared = {*rule.fixed, FACTOR.left, NORM.left}

    def equation(self, statement: Statement, part: Part) -> Equation:
        """Write the line of a statement that is worked out."""
        left, right = statement.left, statement.right
        # Of a gradient of 0 there is nothing to shorten, and nothing to divide by.
        is_nothing = statement is FACTOR and not self.known[NORM.left]
        line = self.line(left, Number(1.0) if is_nothing else right, part)
        return filled(line, None, leads_on=left.name != "W")

    def square_of_gradient(self) -> Iterable[Token]:
        """Write what this weight adds to the square of the norm."""
        symbol, value = self.symbol(GRADIENT, None), self.known[GRADIENT]
        if np.ndim(value):
            return [Token(f"Σ{symbol}²", float(np.sum(np.square(value))))]
        return [Token(symbol, float(value)), Token("²")]

    def shape(self, node: Node) -> tuple[int, ...]:
        if isinstance(node, Leaf):
            return np.shape(self.known[node])
        if not isinstance(node, Apply):
            return ()
        holds = self._holds(node) if node.op == "where" else None
        args = node.args if holds is None else [node.args[1 if holds else 2]]
        return max(map(self.shape, args), key=len)

    def reading(self, node: Node, part: Part | None) -> Reading:
        return lambda _: taken(evaluated(arithmetic(node), self.known), part)

    def symbol(self, x: Leaf, part: Part | None) -> Symbol:
        words, weight, index = self._glossary, self._weight, indices(part) if self.shape(x) else ""
        if x == GRADIENT:
            name = Name(weight, part=index, words=words.words(weight), role="weight")
            return Derivative(name, words=words.gradient(weight))
        new = "new " * (x.shift == 0 and x.name in self._both)
        role = "new" * bool(new)
        if x.name == "W":
            called = f"{new}{weight}"
            return Name(called, part=index, words=words.words(called), role=role or "weight")
        base, _, subscript = _SYMBOLS.get(x.name, x.name).partition("_")
        if x.shift is not None and x not in self._shared:
            base, subscript = f"{new}{x.name}", weight
        return Name(base, subscript, part=index, words=WORDS[base], role=role)

    def tip(self, x: Leaf) -> str:
        return _lead(self._rule, x, self.known[UPDATES]) if x in self._rule.fixed else ""

    def tokens(self, node: Node, part: Part | None, least: int = 0) -> Iterator[Token]:
        if isinstance(node, Apply) and node.op == "where":
            yield from self._chosen(node, part, least)
        elif isinstance(node, Apply) and _is_setting(node):  # one place for 1 − β₁
            yield Token(f"({_text(node)})", self.reading(node, part))
        else:
            yield from super().tokens(node, part, least)

    def _chosen(self, node: Apply, part: Part | None, least: int) -> Iterator[Token]:
        """Write what stands where the condition holds, or what else; both where numbers differ."""
        holds, (condition, *choice) = self._holds(node), node.args
        if holds is None:
            yield Token(" or ".join(map(_text, choice)), self.reading(node, part))
            return
        place = 0 if holds else -1
        first, *others = self.tokens(choice[place], part, least)
        says = next(s.says for s in self._rule.statements if s.left == condition)
        tip = says.split("; ")[place] if isinstance(choice[place], Leaf) else first.tip
        yield from (Token(first.symbol, first.value, tip=tip), *others)

    def _holds(self, choice: Apply) -> bool | None:
        """Tell whether the condition of a choice holds; None where that differs by number."""
        holds = np.asarray(evaluated(arithmetic(choice.args[0]), self.known)) == 1.0
        return bool(holds.all()) if holds.any() == holds.all() else None


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

"""The update in symbols and numbers: clipping, then the lines of the update rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.rule_code import (
    GRADIENT,
    PAPER,
    UPDATES,
    Statement,
    arithmetic,
    written,
)
from core.cell.update_rules import (
    CLIPPED,
    FACTOR,
    NORM,
    SETTINGS,
    Known,
    UpdateRule,
    evaluated,
    known_of_all,
    known_of_one,
    statements_of,
    work_out,
)

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


class RuleLine(NamedTuple):
    """One line of an update on paper: ``left`` = ``right`` = ``result``.

    Operations are those of `core.cell.operations`. ``values`` tells for each leaf on
    the right what it stands for, and ``tips`` says more of some; leaves are called as paper calls
    them: ``new v_Wx``, ``(1 − β₁)``, and ``Leaf("Wx", d=True)`` is dE/dWx.
    """

    left: Leaf
    right: Node
    values: Mapping[Leaf, Any]
    result: Any
    tips: Mapping[Leaf, str]


def update_equations(
    rule: UpdateRule,
    weights: Mapping[str, Any],
    gradient: Mapping[str, Any],
    rates: Mapping[str, float],
    numbers: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, float],
    clip_norm: float | None,
    epoch: int,
) -> list[RuleLine]:
    """Return the lines of the update of an epoch, all as it stands before it.

    Weights and gradient are floats or arrays by name, ``numbers`` those of each number that the
    rule keeps. One line of every weight comes before the next one, so the new weights come last.
    """
    whole = np.concatenate([np.ravel(gradient[name]) for name in weights])
    of_all = known_of_all(rule, settings, clip_norm, epoch, whole)
    papers = []
    for name, weight in weights.items():
        kept = [numbers[number][name] for number in rule.numbers]
        known = of_all | known_of_one(rule, weight, gradient[name], rates[name], kept)
        papers.append(_Paper(rule, name, known))
    lines = []
    with np.errstate(all="ignore"):
        for statement in statements_of(rule, clip_norm):
            made = [paper.line(statement) for paper in papers if statement is not NORM]
            if statement is NORM:
                made = [_norm_line(gradient, of_all[NORM.left])]
            if _has_line(rule, statement):
                lines += made[:1] if statement is FACTOR else made
    return lines


def _has_line(rule: UpdateRule, statement: Statement) -> bool:
    """Tell whether a statement has a line: leads and conditions are told where they are used."""
    is_condition = isinstance(statement.right, Apply) and statement.right.op == "=="
    return not is_condition and statement.left not in rule.fixed


def _norm_line(gradient: Mapping[str, Any], result: float) -> RuleLine:
    values = {Leaf(name, d=True): value for name, value in gradient.items()}
    ops = ["sum of squares" if np.ndim(value) else "squared" for value in values.values()]
    squares = [Apply(op, (leaf,)) for op, leaf in zip(ops, values, strict=True)]
    return RuleLine(NORM.left, Apply("root", (reduce(Apply.__add__, squares),)), values, result, {})


class _Paper:
    """What one weight's lines are made of: statements, with the names and values of that weight."""

    def __init__(self, rule: UpdateRule, weight: str, known: Known) -> None:
        self._rule, self._weight, self._known = rule, weight, known
        shown = [s.right for s in rule.statements if _has_line(rule, s)]
        self._both = {x.name for right in shown for x in leaves(right) if x.shift == -1}
        self._gradient = Leaf(weight, d=True)
        self._values: Known = {}
        self._tips: dict[Leaf, str] = {}

    def line(self, statement: Statement) -> RuleLine:
        """Work a statement out, and put it on paper."""
        self._values, self._tips = {}, {}
        # Of a gradient of 0 there is nothing to shorten, and nothing to divide by.
        is_nothing = statement is FACTOR and not self._known[NORM.left]
        right = Number(1.0) if is_nothing else self._node(statement.right)
        work_out(statement, self._known)
        left = self._named(statement.left)
        if statement is CLIPPED:
            self._gradient = left
        return RuleLine(left, right, self._values, self._known[statement.left], self._tips)

    def _named(self, x: Leaf) -> Leaf:
        """Call a name of the rule as paper does."""
        if x == GRADIENT:
            return self._gradient
        if x.shift is None or x in {*self._rule.fixed, NORM.left, FACTOR.left}:
            return Leaf(_SYMBOLS.get(x.name, x.name))
        new = "new " if x.shift == 0 and x.name in self._both | {"W"} else ""
        return Leaf(f"{new}{self._weight}" if x.name == "W" else f"{new}{x.name}_{self._weight}")

    def _node(self, node: Node) -> Node:
        if isinstance(node, Leaf):
            return self._place(self._named(node), node, self._lead(node))
        names = {x.name for x in leaves(node)}
        if names and names <= SETTINGS.keys():  # one place for 1 − β₁
            return self._place(Leaf(f"({self._text(node)})"), node)
        match node:
            case Apply("where", (Leaf() as condition, one, other)):
                return self._chosen(node, condition, one, other)
            case Apply("**", (base, Number(2.0))):
                return Apply("squared", (self._node(base),))
            case Apply("*", (a, Apply("/", (b, c)))):  # paper needs no brackets there
                return self._node(a * b / c)
            case Apply(op, args):
                return Apply(op, tuple(map(self._node, args)))
        return node

    def _place(self, named: Leaf, node: Node, tip: str = "") -> Leaf:
        self._values[named] = evaluated(arithmetic(node), self._known)
        if tip:
            self._tips[named] = tip
        return named

    def _chosen(self, node: Node, condition: Leaf, one: Node, other: Node) -> Node:
        """Return what stands where the condition holds, or what else; both where numbers differ."""
        holds = np.asarray(self._known[condition]) == 1.0
        if holds.any() != holds.all():
            return self._place(Leaf(f"{self._text(one)} or {self._text(other)}"), node)
        chosen = self._node(one if holds.all() else other)
        says = next(s.says for s in self._rule.statements if s.left == condition)
        if isinstance(chosen, Leaf):
            self._tips[chosen] = says.split("; ")[0 if holds.all() else -1]
        return chosen

    def _lead(self, x: Leaf) -> str:
        """Say what a name stands for that has no line: 1 − β₁ to the power of 4."""
        if x not in self._rule.fixed:
            return ""
        fixed = {s.left: s for s in self._rule.statements if s.left in self._rule.fixed}
        says = next((s.says for s in fixed.values() if s.says), "")
        return self._text(fixed[x].right) + f": {says}" * bool(says)

    def _text(self, node: Node) -> str:
        def name(x: Leaf) -> str:
            text = f"{self._known[x]:,.0f}" if x == UPDATES else self._named(x).name
            return text.translate(_LOW)

        return written(node, name, PAPER)

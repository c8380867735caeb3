"""How sentences of the exercises call what stands in a line, and why a factor stands there."""

from __future__ import annotations

from dataclasses import replace

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf, Node, Number, leaves, moved, operations
from core.cell.names import label
from core.cell.operations import ATOM, OPERATIONS, slope_of
from core.code.writing import binds
from core.epoch.glossary import called


class Naming:
    """Names for a cell's expressions at timestamp k, or, without one, relative to it: f[k+1]."""

    def __init__(self, cell: Cell, k: int | None) -> None:
        self.cell, self.k = cell, k

    def __call__(self, node: Node) -> str:
        """Name an expression as a sentence does: State 1 (Out), the slope of log(), h1 − n2."""
        if isinstance(node, Leaf):
            return self.leaf(node)
        if slope := slope_of(node):
            return f"the slope of {slope}()"
        if isinstance(node, Number):
            return f"{node.value:g}" + "/N" * node.mean
        assert isinstance(node, Apply)
        if node.op in ("sum", "over time", "sum outer", "outer"):
            return "the product" if "outer" in node.op else self(node.args[0])
        before, between, behind = OPERATIONS[node.op].paper
        between = f" {between} " if len(between) == 1 else f"{between} " * bool(between)
        texts = [self._bracketed(arg, node) for arg in node.args]
        return f"{before}{between.join(texts)}{behind}"

    def _bracketed(self, arg: Node, node: Apply) -> str:
        text = self.leaf(arg, in_words=False) if isinstance(arg, Leaf) else self(arg)
        return f"({text})" if binds(arg) < OPERATIONS[node.op].binds < ATOM else text

    def leaf(self, x: Leaf, *, in_words: bool = True) -> str:
        """Name a quantity, an input, a weight or dE/d of one of them."""
        gradient = "dE/d" * x.d
        if x.shift is None or (x.name in self.cell.weights and not x.d):
            return gradient + x.name
        if self.k is None:
            place = f"[k{x.shift:+d}]".replace("-", "−") if x.shift else ""
            return gradient + x.name + place
        words = self.quantity(x.name, self.k + x.shift)
        if words[0].islower() and (x.d or not in_words):
            return gradient + label(x.name, self.k + x.shift)
        if not in_words or x.d:
            return gradient + words
        if x.name == self.cell.input:
            return f"the input {words}"
        return f"the {words}" if " " in words and words[0].islower() else words

    def quantity(self, name: str, k: int) -> str:
        """Call a quantity as sentences do; an initial state is State 0, whichever side of it."""
        base = name.partition("(")[0]
        return called(self.cell, base if k == 0 and base in self.cell.words else name, k)


def typed(cell: Cell, x: Leaf, k: int) -> str:
    """Spell a quantity as formulas are typed: S2_in, S2, X1, dc2, Wrec."""
    if x.shift is None or (x.name in cell.weights and not x.d):
        return x.name
    text = label(x.name, k + x.shift).replace("(Out)", "").replace("(In)", "_in")
    return "d" * x.d + text


def reason(line: Line, factor: Node, name: Naming, *, it: str = "it") -> str:
    """Say why a factor stands in the gradient of a line; empty where no equation tells it."""
    left, slope = line.left, slope_of(factor)
    if not left.d:
        return ""
    here = _here(left, name)
    back = next((x for x in leaves(line.right) if x.d), None)
    if back and here.shift is None and isinstance(factor, Leaf) and it == "it":
        may = ", which may be 0" if factor.name == name.cell.input else ""
        each = name(factor).removeprefix("the input ")
        return f"multiply each {name(back)} by its {each}{may}"
    for shift in (0, 1):
        for equation in name.cell.equations:
            right, into = moved(equation.right, shift), name(Leaf(equation.left, shift))
            if isinstance(factor, Apply) and slope and right == Apply(slope, factor.args):
                return f"{into} has {slope}(), and the gradient passes it times its slope there"
            products = (a for a in operations(right) if a.op in ("*", "@") and not slope)
            if any({factor, here} <= {*operations(a), *leaves(a)} for a in products):
                return f"in the equation for {into}, {name(here)} is multiplied by {it}"
    return f"the gradient passes {slope}() times its slope" if slope else ""


def reason_added(line: Line, term: Node, name: Naming) -> str:
    """Say why a term stands in a gradient: c2 goes into c3, too; empty in a forward line."""
    left, back = line.left, next((x for x in leaves(term) if x.d), None)
    if not left.d or back is None:
        return ""
    return f"{name(_here(left, name))} goes into {name(replace(back, d=False))}, too"


def _here(left: Leaf, name: Naming) -> Leaf:
    """Return what a gradient is by, as the equations have it."""
    return replace(left, d=False, shift=None if left.name in name.cell.weights else left.shift)

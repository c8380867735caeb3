"""The one catalogue of mistakes: each is the right expression with one thing in it changed.

As values they tell what is wrong with an answer or a formula, as lines they are planted in a
backward pass. They follow from the equations, whatever the cell is, and so does what is said of
them: what to look at, and why the thing belongs there.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf, Node, Number, leaves, moved, operations
from core.cell.names import label
from core.cell.operations import ATOM, OPERATIONS, binds, slope_of
from core.epoch.glossary import called, place

_COUNT = "{{it}} stands there too {}: count how often the gradient passes it on the way back to "
_FEW, _MANY = (f"{_COUNT.format(how)}{{end}}." for how in ("seldom", "often"))
_END = "Look at the end of the way: what is {left} multiplied by in the equation that it stands in?"
_SLOPE = (
    "Each activation on the way back to {end} multiplies the gradient by its slope f': "
    "look for one whose slope is missing."
)
_SLOPES = (
    "There is a slope f' too many: ask which activations are on the way back, and how often "
    "the gradient passes each."
)
_ACROSS = (
    "(In) and (Out) are mixed up: ask at each activation whether the value before or after "
    "it belongs there."
)
_FRONT = (
    "Look at the front: the cost is the mean of squares, so which number does its derivative "
    "begin with?"
)
_SIGNS = "Look at the signs: what is subtracted from what in the error that the cost squares?"


class Mistake(Enum):
    """A kind of mistake: what is said of a wrong value, and the hint for a wrong formula, which
    gives no answer away; where that is all the same there is but one."""

    sentence: str
    hint: str

    def __init__(self, sentence: str, hint: str = "") -> None:
        self.sentence, self.hint = sentence, hint or sentence

    SIGN = "Look at the sign.", _SIGNS
    TERM_SIGN = (
        "Look at the sign of {it}.",
        "Look at the signs: what is added, and what is subtracted from what?",
    )
    TERM_MISSING = (
        "One part of the sum is missing: {it}{why}.",
        "A part of the sum is missing: find every equation that {left} stands in.",
    )
    FACTOR_MISSING = "{it} is missing{why}.", _FEW
    FACTOR_TWICE = "There is one {bare} too many{why}.", _MANY
    PARTNER_MISSING = "{it} is missing{why}.", _END
    OTHER_PARTNER = "This is with {other}; {it} belongs there{why}.", _END
    SLOPE_MISSING = "The slope f' of the activation is missing{why}.", _SLOPE
    SLOPE_TWICE = "There is a slope f' too many{why}.", _SLOPES
    FUNCTION_FOR_SLOPE = "This is with the activation itself, not with its slope{why}.", _SLOPE
    OTHER_SLOPE = (
        "This is with the slope f' at {other}: the one at {it} belongs there.",
        "A slope f' is taken at the wrong state: for each one ask which value the gradient passes.",
    )
    SLOPE_ZERO = (
        "The slope is not 0: {it} changes with {other}.",
        "The slope is not 0: one changes with the other.",
    )
    NO_ACTIVATION = "{it} has no {other}(): look at what its activation is.", _SLOPES
    FUNCTION_MISSING = (
        "{it} is taken for {left}: the {other}() between them is missing.",
        "An activation is missing: which values are given out by one?",
    )
    SLOPE_FOR_FUNCTION = (
        "This is the slope of the activation, not the activation itself.",
        "A slope stands where the activation itself belongs.",
    )
    OTHER_TIMESTAMP = (
        "This is with {other}, of another timestamp: {it} belongs there.",
        "A value is taken at the wrong timestamp: ask for each one when it went in.",
    )
    IN_FOR_OUT = "{other} is taken for {it}: the activation is between them.", _ACROSS
    GRADIENT_ACROSS = (
        "{other} is taken for {it}: the slope f' of the activation is missing between them.",
        _SLOPE,
    )
    OTHER_WEIGHT = (
        "This is with {other}; {it} belongs there{why}.",
        "A weight is taken for another one: ask for each which values it stands between.",
    )
    WEIGHTS_SWAPPED = (
        "The two weights have changed places: {it} and {other}.",
        "Two weights have changed places.",
    )
    TRANSPOSED = (
        "{it} lies the other way round: on the way back a matrix is transposed, forward not.",
        "Look at the matrix: which way round does it lie on the way back?",
    )
    MEAN = "The mean is missing: 1/N, as the cost is a mean over the sequences.", _FRONT
    SQUARE = "The square gives a factor of 2.", _FRONT
    ERROR_ALONE = (
        "This is the error alone: 2/N is missing, 2 of the square and 1/N of the mean.",
        _FRONT,
    )
    NOT_SQUARED = "The errors are not squared."
    ALONE = "This is sequence {sequence} alone: add the others."
    AVERAGED = "The {it} are summed, not averaged."
    LAST_ALONE = "This is the part of the last timestamp alone."
    SIZES = "Look at the signs: the parts are not all {it}."
    OTHER_LINE = "This is how it goes at {other}: what differs there?"
    OTHER_END = (
        "This is what another timestamp adds: at which state does the way back end for "
        "timestamp {k}?"
    )


class Slip(NamedTuple):
    """An expression with a mistake in it: ``it`` belongs where ``other`` stands."""

    mistake: Mistake
    node: Node
    it: str = ""
    other: str = ""
    why: str = ""

    def said(self, text: str, **words: str) -> str:
        """Fill a sentence of the catalogue in; ``words`` are what it may say besides: ``left``,
        what the line is of, ``end``, where the way back ends, and the ``sequence``."""
        why = f": {self.why}" if self.why else ""
        bare = self.it.removeprefix("the ")
        filled = text.format(it=self.it, other=self.other, why=why, bare=bare, **words)
        return filled[0].upper() + filled[1:] if filled.startswith("the ") else filled

    @property
    def title(self) -> str:
        """Title of the mistake among planted ones: factor missing, f[k+1]."""
        of = f"{self.other} for {self.it}" if self.other and self.it else self.it or self.other
        kind = self.mistake.name.lower().replace("_", " ")
        kind = "sign turned" if self.mistake is Mistake.SIGN else kind
        return f"{kind}, {of}" if of else kind


# --- how sentences call what stands in a line, and why a factor stands there ------------------


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
        return called(self.cell, name, k) if k else place(self.cell, name, 0)


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

"""Each step as one sentence to be read aloud: what was computed, and from what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core.cell.expression import ONE, Apply, Leaf, Node, Number
from core.cell.names import apart
from core.cell.operations import slope_of
from core.cell.parsing import TARGET
from core.cell.steps import Kind, Position, Step
from core.cell.update_rules import clip_factor, norm
from core.data.notation import DIGITS
from core.epoch.equation import numbers
from core.epoch.frame import Frame
from core.epoch.glossary import called, gradient_called, listed, place, put, upper
from core.epoch.sentences import FEW


def spoken(frame: Frame, digits: int = DIGITS) -> str:
    """Say the step that the frame's position speaks of; numbers have so many digits.

    Of a step that is still to come it tells no number.
    """
    if frame.announced:
        return _announced(frame)
    words = _Words(frame, digits)
    with np.errstate(all="ignore"):
        return _SPOKEN[frame.step.kind](words, frame.step)


def spoken_steps(frame: Frame, digits: int = DIGITS) -> Iterator[tuple[Step, str]]:
    """Go through all steps of the frame's epoch; one that is not done yet has an empty sentence."""
    for step in frame.experiment.steps:
        done = step.number <= frame.position.step
        at = replace(frame, position=Position(frame.position.epoch, step.number))
        yield step, spoken(at, digits) if done else ""


def _announced(frame: Frame) -> str:
    step, cell = frame.step, frame.experiment.cell
    what = {
        Kind.COST: "The cost",
        Kind.PARTS: f"What timestamp {step.timestamp} adds to the gradients",
        Kind.SUMS: "The sum over the timestamps",
        Kind.UPDATE: "The update of the weights",
        Kind.GRADIENT: gradient_called(cell, step.name, step.timestamp),
    }.get(step.kind) or called(cell, step.name, step.timestamp)
    if step.number > 1:
        return f"{upper(what)} comes next."
    return f"Epoch {frame.position.epoch:,} begins: {what} comes first."


class _Words:
    """Quantities of a frame by name and number, as they are said of its chosen sequence."""

    def __init__(self, frame: Frame, digits: int) -> None:
        self.frame, self.cell, self.trace = frame, frame.experiment.cell, frame.trace
        self.k = frame.step.timestamp or frame.timestamps
        self._digits = digits
        count = frame.sequences
        self.sequences = "of its one sequence" if count == 1 else f"over the {count:,} sequences"

    def printed(self, value: Any) -> str:
        """Print a number, or the first ones of a vector."""
        return numbers(value, self._digits)

    def value(self, node: Node) -> str:
        """Work out an expression for the chosen sequence, and print it."""
        found = self.trace.value(node, self.k)
        shared = isinstance(node, Leaf) and node.name in self.cell.weights
        return self.printed(found if shared else found[self.frame.sequence])

    def result(self, left: Leaf) -> str:
        """Say what the step computed."""
        of = f"of sequence {self.frame.name_of(self.frame.sequence)}"
        return f"{upper(self.name(left))} {of} is {self.value(left)}"

    def name(self, x: Leaf) -> str:
        """Name a quantity without its number."""
        if x.name in self.cell.weights:
            return "dE/d" * x.d + x.name
        if x.name in (self.cell.input, TARGET):
            return "the target" if x.name == TARGET else "the input"
        at = self.k + (x.shift or 0)
        if x.d:
            return gradient_called(self.cell, x.name, at)
        return called(self.cell, x.name, at) if at else place(self.cell, x.name, 0)

    def said(self, node: Node) -> str:
        """Put an expression into words, each number beside its name; of vectors the names."""
        return re.sub(",(?=[,)]|$)", "", put(node, self._word))

    def _word(self, node: Node) -> str:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Number) and node.mean:
            return f"{node.value:g}/{self.frame.sequences:,}"
        if slope := slope_of(node):
            (inner,) = node.args if isinstance(node, Apply) else ()
            which = "" if self._is_vector(inner) else self.value(node)
            if not isinstance(inner, Leaf):
                return f"the slope {which} of {slope}()"
            return f"d_{slope}() of {self.name(inner)}{which and f', which is {which}'}"
        match node:
            case Apply("-", (made, Leaf(name) as target)) if name == TARGET:
                return self._error(made, target)
        return ""

    def _leaf(self, x: Leaf) -> str:
        if self._is_vector(x):
            return self.name(x)
        if x.name in (self.cell.input, TARGET):
            return f"{self.name(x).removeprefix('the ')} {self.value(x)}"
        if x.shift is not None and not self.k + x.shift:  # an initial state
            return f"{self.name(x)}, which is {self.value(x)},"
        return f"{self.name(x)} {self.value(x)}"

    def _error(self, made: Node, target: Leaf) -> str:
        text = self.said(made)
        if isinstance(made, Leaf) and not self._is_vector(made) and "prediction" not in text:
            text = f"prediction {self.value(made)}"
        return f"the error, {text} minus {self._leaf(target)}"

    def _is_vector(self, node: Node) -> bool:
        return np.ndim(self.trace.value(node, self.k)) > 1 or (
            isinstance(node, Leaf) and bool(self.cell.shapes[node.name])
        )


def _value(words: _Words, step: Step) -> str:
    """Say a value or a gradient: what it is made of, or what it is a copy of."""
    left, right = step.lines[0]
    result = words.result(left)
    if isinstance(right, Apply) and right.op == "*" and right.args[1] == ONE:
        right = right.args[0]
    if not isinstance(right, Leaf):
        return f"{result}: {words.said(right)}."
    alike = right.shift == 0 and apart(left.name)[0] == apart(right.name)[0]
    return f"{result}, the same as {words.name(right)}{': there is no activation' * alike}."


def _cost(words: _Words, _: Step) -> str:
    what = "mean squared error" if words.cell.is_squared else "mean cross-entropy"
    summed = ", summed over the timestamps" * words.cell.costs_everywhere
    cost = words.printed(words.trace.cost)
    return f"The cost is {cost}: the {what} {words.sequences}{summed}."


def _parts(words: _Words, step: Step) -> str:
    k = step.timestamp
    if len(step.lines) > FEW or not words.cell.is_plain:
        what = f"to the gradients of {len(step.lines)} weights"
        return f"Timestamp {k} adds its part {what}, summed {words.sequences}."
    added = [
        f"{words.printed(words.trace.part(weight, k))} to dE/d{weight}"
        for weight in (line.left.name for line in step.lines)
    ]
    terms = [_term(words, line.right) for line in step.lines]
    gradients = {gradient for gradient, _ in terms}
    how = ""
    if len(gradients) == 1 and gradients != {""}:
        times = [f"times {other}" if other else "alone" for _, other in terms]
        how = f"{gradients.pop()} {listed(times, ', and')}, "
    return f"Timestamp {k} adds {listed(added)}: {how}summed {words.sequences}."


def _term(words: _Words, right: Node) -> tuple[str, str]:
    """Name the gradient and the other factor of what is summed over the sequences, if these."""
    match right:
        case Apply("sum", (Leaf(d=True) as gradient,)):
            return words.name(gradient), ""
        case Apply("sum", (Apply("*", (Leaf(d=True) as gradient, Leaf() as other)),)):
            return words.name(gradient), words.name(other)
    return "", ""


def _sums(words: _Words, _: Step) -> str:
    gradient, count = words.trace.gradient, words.frame.timestamps
    of = "what the one timestamp adds" if count == 1 else f"the sums over the {count:,} timestamps"
    if len(gradient) > FEW or not words.cell.is_plain:
        length = words.printed(norm(gradient.flat))
        whose = f"The gradients of the {len(gradient)} weights"
        return f"{whose} are {of}: together their norm is {length}."
    found = [f"dE/d{weight} is {words.printed(value)}" for weight, value in gradient.items()]
    return f"{listed(found)}: {of}."


def _update(words: _Words, _: Step) -> str:
    frame, old = words.frame, words.trace.weights
    new = frame.after_update
    assert new is not None  # the step is done
    limit, rule = frame.experiment.clip_norm, frame.experiment.rule.title
    clipped = limit is not None and clip_factor(words.trace.gradient.flat, limit) < 1.0
    how = f", with the gradient clipped at norm {words.printed(limit or 0.0)}" * clipped
    if len(new) > FEW or not words.cell.is_plain:
        most = words.printed(float(np.max(np.abs(new.flat - old.flat))))
        return f"All {len(new)} weights change, by {most} at most, by {rule}{how}."
    changes = [f"{w} {words.printed(old[w])} becomes {words.printed(new[w])}" for w in new]
    return f"{listed(changes)}, by {rule}{how}."


_SPOKEN: Mapping[Kind, Callable[[_Words, Step], str]] = {
    Kind.VALUE: _value,
    Kind.COST: _cost,
    Kind.GRADIENT: _value,
    Kind.PARTS: _parts,
    Kind.SUMS: _sums,
    Kind.UPDATE: _update,
}

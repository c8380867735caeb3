"""Predict, then reveal: what the next step will show, asked before it is shown, and judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np

from core.cell.description import Line
from core.cell.expression import Apply, Leaf, Node
from core.cell.names import component_name
from core.cell.steps import Kind, Step
from core.data.notation import number
from core.epoch.frame import Frame, answered, asking
from core.exercises.naming import Naming
from core.exercises.slips import Slips

# With fewer digits an answer is a guess.
_LEAST_DIGITS = 2
_LAST_DIGITS = 2  # so many units of it may be missed by who calculates with rounded numbers
_SAME = 1e-12  # relative: rounding makes no difference
Part = tuple[int, ...]
# What is not there, or has another shape: nobody can have calculated that.
_NO_SUCH_VALUE = (ValueError, TypeError, IndexError)


class Rough(Enum):
    """A first taste of an answer: how the value is, beside another one."""

    LARGER = "larger"
    SMALLER = "smaller"
    SAME = "same"


@dataclass(frozen=True)
class Question:
    """The value of the next step, by name; ``beside`` and ``reference`` are what it can be
    compared with, ``mistakes`` the values that known mistakes give, each with what to look at.
    """

    asked: str
    value: float
    beside: str
    reference: float
    mistakes: tuple[tuple[float, str], ...]

    @property
    def rough(self) -> Rough:
        """How the value is beside the reference."""
        if _same(self.value, self.reference):
            return Rough.SAME
        return Rough.LARGER if self.value > self.reference else Rough.SMALLER


@dataclass(frozen=True)
class Judgement:
    """Whether an answer is right, and one sentence with answer and truth side by side."""

    right: bool
    sentence: str


def question(frame: Frame, part: Part | None = None) -> Question | None:
    """Ask what the step after the frame's position will show; None where that is not finite.

    Of a vector or a matrix ``part`` picks a component, left out the first; of several weights it
    is the first weight.
    """
    ahead = asking(frame)
    with np.errstate(all="ignore"):
        made = _QUESTIONS[ahead.step.kind](ahead, part)
    finite = math.isfinite(made.value) and math.isfinite(made.reference)
    return made if finite else None


def judge(asked: Question, text: str, digits: int) -> Judgement:
    """Judge a number as it was typed.

    It is right if it is the value, rounded to the digits shown or to those typed, two at least;
    or what the rounded numbers on screen lead to, which may miss the last digit shown by a
    little. Raises `ValueError` for what is no number.
    """
    answer = float(text)
    truth = number(asked.value, digits)
    if _is_right(answer, text, asked.value, digits):
        return Judgement(True, f"Right: {asked.asked} is {truth}.")
    said = f"You said {number(answer, digits)}, {asked.asked} is {truth}."
    for wrong, sentence in asked.mistakes:
        if _is_right(answer, text, wrong, digits):
            return Judgement(False, f"{said} {sentence}")
    typed = _typed_digits(text)
    if typed < _LEAST_DIGITS and _rounded(answer, 1) == _rounded(asked.value, 1):
        return Judgement(False, f"{said} Near: say two digits at least.")
    return Judgement(False, said)


def judge_roughly(asked: Question, answer: Rough, digits: int) -> Judgement:
    """Judge larger, smaller or the same; what looks the same at the digits shown is the same."""
    value, reference = number(asked.value, digits), number(asked.reference, digits)
    alike = value == reference
    shown = f"{asked.asked} is {value}, {asked.beside} is {reference}"
    if asked.beside == reference:  # compared with a mere number
        same = alike or asked.rough is Rough.SAME
        than = "the same as" if same else f"{asked.rough.value} than"
        shown = f"{asked.asked} is {value}, {than} {reference}"
    if answer is asked.rough or (alike and answer is Rough.SAME):
        return Judgement(True, f"Right: {shown}.")
    return Judgement(False, f"You said {answer.value}: {shown}.")


def _is_right(answer: float, text: str, value: float, digits: int) -> bool:
    typed = _typed_digits(text)
    return (
        _same(answer, value)
        or _rounded(answer, digits) == _rounded(value, digits)
        or (typed >= _LEAST_DIGITS and _rounded(answer, typed) == _rounded(value, typed))
        or (typed >= digits and abs(answer - value) <= _LAST_DIGITS * _unit(value, digits))
    )


def _unit(value: float, digits: int) -> float:
    """Return the unit of the last digit that is shown; 0 for 0."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 0.0


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _typed_digits(text: str) -> int:
    """Count the significant digits that a number was typed with."""
    return len(Decimal(text.strip()).as_tuple().digits)


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_SAME)


# --- the questions ----------------------------------------------------------------------------


def _of_line(ahead: Frame, part: Part | None) -> Question:
    """Ask for a value, the cost, a gradient, or what is added to a weight's."""
    step, trace = ahead.step, ahead.trace
    at, line = _At(ahead, step, part), step.lines[0]
    mistakes = [*at.mistakes(line), *_siblings(at, step, line)]
    if step.kind is Kind.COST:
        return _asked("the cost", trace.cost, "1", 1.0, mistakes)
    value, name = at.number(line.left), at.name(line.left) + at.component
    if line.left.name in trace.cell.weights:
        name = component_name(line.left.name, at.part)
        adds = step.kind is Kind.PARTS
        asked = f"what timestamp {step.timestamp} adds to dE/d{name}" if adds else f"dE/d{name}"
        return _asked(asked, value, "0", 0.0, mistakes)
    of = f"{name} of sequence {ahead.name_of(ahead.sequence)}"
    if (beside := _beside(at, line)) is None:
        return _asked(of, value, "0", 0.0, mistakes)
    return _asked(of, value, at.name(beside) + at.component, at.number(beside), mistakes)


def _siblings(at: _At, step: Step, line: Line) -> Iterator[tuple[float, str]]:
    what = "what it adds to " if step.kind is Kind.PARTS else ""
    for other in step.lines:
        if other != line and (value := at.wrong(other.left)) is not None:
            yield value, f"This is {what}dE/d{other.left.name}."


def _update(ahead: Frame, part: Part | None) -> Question:
    cell, trace = ahead.experiment.cell, ahead.trace
    after = answered(ahead).after_update
    assert after is not None
    weight = cell.weights[0]
    part = part or (0,) * np.ndim(trace.weights[weight])
    old, new, d = (
        float(v[weight][part]) if part else float(v[weight])
        for v in (trace.weights, after, trace.gradient)
    )
    name = component_name(weight, part)
    mistakes = [
        (2.0 * old - new, "Look at the sign: the weight steps against its gradient."),
        (old - d, "The learning rate is missing."),
    ]
    for other in cell.weights[1:]:
        if cell.shapes[other] == cell.shapes[weight]:
            value = float(after[other][part]) if part else float(after[other])
            mistakes.append((value, f"This is the new {component_name(other, part)}."))
    return _asked(f"the new {name}", new, name, old, mistakes)


def _asked(
    asked: str, value: float, beside: str, reference: float, found: list[tuple[float, str]]
) -> Question:
    """Leave out the mistakes that make no difference here, and those that another one hides."""
    kept: dict[float, str] = {}
    for wrong, sentence in found:
        if math.isfinite(wrong) and not _same(wrong, value):
            kept.setdefault(wrong, sentence)
    return Question(asked, value, beside, reference, tuple(kept.items()))


class _At:
    """Numbers of one sequence and one component, where the next step stands."""

    def __init__(self, ahead: Frame, step: Step, part: Part | None) -> None:
        self.cell, self.trace, self.last = ahead.experiment.cell, ahead.trace, ahead.timestamps
        self.k = step.timestamp or self.last
        self.sequence, self.sequence_name = ahead.sequence, ahead.name_of(ahead.sequence)
        self.name = Naming(self.cell, self.k)
        left = step.lines[0].left
        shape = self.cell.shapes.get(left.name, ()) if step.kind is not Kind.COST else ()
        self.dimensions = len(shape)
        self.part = part or (0,) * self.dimensions
        self.component = component_name("", self.part)

    def number(self, node: Node) -> float:
        """Return the value of an expression."""
        found = np.asarray(self.trace.value(node, self.k))
        if found.ndim > self.dimensions:
            found = found[self.sequence]
        if found.ndim > self.dimensions:
            raise ValueError("of another shape")
        return float(found[self.part] if found.ndim else found)

    def wrong(self, node: Node, shape: tuple[int, ...] | None = None) -> float | None:
        """Return the value of a mistaken expression; None where it has none, or not this shape."""
        try:
            found = np.shape(self.trace.value(node, self.k))
            if shape is None or found in ((), shape, (len(self.trace.experiment.inputs), *shape)):
                return self.number(node)
        except _NO_SUCH_VALUE:
            pass
        return None

    def mistakes(self, line: Line) -> Iterator[tuple[float, str]]:
        """List the values that known mistakes give."""
        words = {"left": self.name(line.left), "sequence": self.sequence_name}
        shape = np.shape(self.trace.value(line.left, self.k))
        for slip in Slips(self.cell, line, self.k, self.last).all():
            if (value := self.wrong(slip.node, shape)) is not None:
                yield value, slip.said(slip.mistake.sentence, **words)


def _beside(at: _At, line: Line) -> Leaf | None:
    """Find what a value can be compared with: what it is made of, number by number.

    A gradient is compared with the one that comes back, a value with an earlier one of its own
    name, or else with the first there is.
    """
    found = list(_number_by_number(line.right))
    if line.left.d:
        return next((x for x in found if x.d), None)
    quantities = [x for x in found if x.name in at.cell.quantities]
    own = [x for x in quantities if x.name.partition("(")[0] == line.left.name.partition("(")[0]]
    return next(iter([*own, *quantities]), None)


def _number_by_number(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Apply) and node.op not in ("@", "T@"):
        for arg in node.args:
            yield from _number_by_number(arg)
    elif isinstance(node, Leaf):
        yield node


_QUESTIONS: dict[Kind, Callable[[Frame, Part | None], Question]] = {
    **dict.fromkeys(Kind, _of_line),
    Kind.UPDATE: _update,
}

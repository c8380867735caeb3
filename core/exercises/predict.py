"""Predict, then reveal: what the next step will show, asked before it is shown, and judged."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

import numpy as np

from core.cell.description import Cell, Line
from core.cell.expression import Apply, Leaf, Node
from core.cell.names import apart, component_name
from core.cell.steps import Kind, Step
from core.data.notation import number
from core.epoch.frame import Frame, answered, asking
from core.exercises.mistakes import Naming
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
        made = (_update if ahead.step.kind is Kind.UPDATE else _of_line)(ahead, part)
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
    step, trace, line = ahead.step, ahead.trace, ahead.step.lines[0]
    at, left = _At(ahead, part), line.left
    mistakes = [*at.mistakes(line), *at.siblings(step)]
    if step.kind is Kind.COST:
        return _asked("the cost", trace.cost, "1", 1.0, mistakes)
    if left.name in trace.cell.weights:
        asked = f"{at.added}dE/d{component_name(left.name, at.part)}"
        return _asked(asked, at.number(left), "0", 0.0, mistakes)
    asked = f"{at.named(left)} of sequence {ahead.name_of(ahead.sequence)}"
    beside = _beside(trace.cell, line)
    if beside is None:
        return _asked(asked, at.number(left), "0", 0.0, mistakes)
    return _asked(asked, at.number(left), at.named(beside), at.number(beside), mistakes)


def _update(ahead: Frame, part: Part | None) -> Question:
    cell, trace, after = ahead.experiment.cell, ahead.trace, answered(ahead).after_update
    assert after is not None
    weight, *others = cell.weights
    part = part or (0,) * len(cell.shapes[weight])
    old, new, d = (_picked(v[weight], part) for v in (trace.weights, after, trace.gradient))
    mistakes = [
        (2.0 * old - new, "Look at the sign: the weight steps against its gradient."),
        (old - d, "The learning rate is missing."),
    ]
    mistakes += [
        (_picked(after[other], part), f"This is the new {component_name(other, part)}.")
        for other in others
        if cell.shapes[other] == cell.shapes[weight]
    ]
    name = component_name(weight, part)
    return _asked(f"the new {name}", new, name, old, mistakes)


def _picked(value: object, part: Part) -> float:
    return float(np.asarray(value)[part])


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

    def __init__(self, ahead: Frame, part: Part | None) -> None:
        step, self.trace, self.sequence = ahead.step, ahead.trace, ahead.sequence
        self.k, self.last = step.timestamp or ahead.timestamps, ahead.timestamps
        self.name = Naming(self.trace.cell, self.k)
        self.added = f"what timestamp {self.k} adds to " if step.kind is Kind.PARTS else ""
        self._shape = np.shape(self.trace.value(step.lines[0].left, self.k))
        self._dimensions = len(self.trace.cell.shapes.get(step.lines[0].left.name, ()))
        self.part = part or (0,) * self._dimensions
        self._sequence_name = ahead.name_of(ahead.sequence)

    def named(self, x: Leaf) -> str:
        """Name the component of a quantity."""
        return component_name(self.name(x), self.part)

    def number(self, node: Node) -> float:
        """Return the value of an expression."""
        found = np.asarray(self.trace.value(node, self.k))
        if found.ndim > self._dimensions:
            found = found[self.sequence]
        if found.ndim > self._dimensions:
            raise ValueError("of another shape")
        return float(found[self.part] if found.ndim else found)

    def mistakes(self, line: Line) -> Iterator[tuple[float, str]]:
        """List the values that known mistakes give, each with what to look at."""
        words = {"left": self.name(line.left), "sequence": self._sequence_name}
        shapes = ((), self._shape, (len(self.trace.experiment.inputs), *self._shape))
        for slip in Slips(self.trace.cell, line, self.k, self.last).all():
            try:
                if np.shape(self.trace.value(slip.node, self.k)) in shapes:
                    yield self.number(slip.node), slip.said(slip.mistake.sentence, **words)
            except _NO_SUCH_VALUE:
                continue

    def siblings(self, step: Step) -> Iterator[tuple[float, str]]:
        """List what the same step shows of other weights."""
        shapes, first = self.trace.cell.shapes, step.lines[0].left.name
        for name in (line.left.name for line in step.lines[1:]):
            if shapes[name] == shapes[first]:
                what = "what it adds to " if self.added else ""
                yield (
                    self.number(replace(step.lines[0].left, name=name)),
                    f"This is {what}dE/d{name}.",
                )


def _beside(cell: Cell, line: Line) -> Leaf | None:
    """Find what a value can be compared with: what it is made of, number by number.

    A gradient is compared with the one that comes back, a value with an earlier one of its own
    name, or else with the first there is.
    """
    found = list(_number_by_number(line.right))
    if line.left.d:
        return next((x for x in found if x.d), None)
    quantities = [x for x in found if x.name in cell.quantities]
    own = [x for x in quantities if apart(x.name)[0] == apart(line.left.name)[0]]
    return next(iter([*own, *quantities]), None)


def _number_by_number(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Apply) and node.op not in ("@", "T@"):
        for arg in node.args:
            yield from _number_by_number(arg)
    elif isinstance(node, Leaf):
        yield node

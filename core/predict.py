"""Predict, then reveal: what the next step will show, asked before it is shown, and judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

import numpy as np

from core.activations import LOGISTIC
from core.frame import Frame
from core.notation import number
from core.steps import Kind, Step, epoch_length, steps_of
from core.trace import Trace, trace_epoch
from core.training import update

# With fewer digits an answer is a guess.
_LEAST_DIGITS = 2
_LAST_DIGITS = 2  # so many units of it may be missed by who calculates with rounded numbers
_SAME = 1e-12  # relative: rounding makes no difference


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


def question(frame: Frame) -> Question | None:
    """What the step after the frame's position will show; None where that is no finite number."""
    position, steps = frame.position, steps_of(frame.timestamps)
    again = position.step == epoch_length(frame.timestamps)
    trace = trace_epoch(frame.experiment, frame.weights) if again else frame.trace
    with np.errstate(over="ignore", invalid="ignore"):
        step = steps[0 if again else position.step]
        made = _QUESTIONS[step.kind](_Ahead(frame, trace, step))
        finite = math.isfinite(made.value) and math.isfinite(made.reference)
        return _without_right_ones(made) if finite else None


def judge(asked: Question, text: str, digits: int) -> Judgement:
    """A number as it was typed. It is right if it is the value, rounded to the digits shown or
    to those typed, two at least; or what the rounded numbers on screen lead to, which may miss
    the last digit shown by a little. Raises `ValueError` for what is no number."""
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
    """Larger, smaller or the same."""
    truth = f"{asked.asked} is {number(asked.value, digits)}"
    reference = number(asked.reference, digits)
    shown = f"{truth}, {asked.beside} is {reference}"
    if asked.beside == reference:  # compared with a mere number
        than = "the same as" if asked.rough is Rough.SAME else f"{asked.rough.value} than"
        shown = f"{truth}, {than} {reference}"
    if answer is asked.rough:
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
    """Of the last digit that is shown; 0 for 0."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 0.0


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _typed_digits(text: str) -> int:
    """How many significant digits a number was typed with."""
    return len(Decimal(text.strip()).as_tuple().digits)


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_SAME)


def _without_right_ones(asked: Question) -> Question:
    """A mistake that makes no difference here is none."""
    kept = tuple(m for m in asked.mistakes if not _same(m[0], asked.value))
    return replace(asked, mistakes=kept)


# --- the questions, with what goes wrong at each kind of step ----------------------------------

_SIGN = "Look at the sign."
_SLOPE = "The slope f' of the activation is missing."
_WRONG_SLOPE = "This is with the slope f' of another state."
_WREC = "Wrec is missing: the gradient comes back through it."
_WREC_TWICE = "There is one Wrec too many."
_INPUT = "This is with the input of another timestamp."
_IN_FOR_OUT = "State (In) is taken for State (Out)."
_MEAN = "The mean is missing: 1/N."


class _Ahead:
    """The chosen sequence's numbers of the epoch that the next step belongs to."""

    def __init__(self, frame: Frame, trace: Trace, step: Step) -> None:
        self.frame, self.trace, self.k = frame, trace, step.timestamp
        self.n, self.last = frame.sequence, frame.timestamps
        self.wx, self.wrec = trace.weights

    def name(self, quantity: str) -> str:
        return f"{quantity} of sequence {self.frame.name_of(self.n)}"

    def x(self, k: int) -> float:
        return float(self.frame.experiment.inputs[self.n, k - 1])

    def state_in(self, k: int) -> float:
        return float(self.trace.state_in[k - 1, self.n])

    def out(self, k: int) -> float:
        return float(self.trace.state_out[k, self.n])

    def slope(self, k: int) -> float:
        return float(self.trace.slopes[k - 1, self.n])

    def d_out(self, k: int) -> float:
        return float(self.trace.d_state_out[k - 1, self.n])

    def d_in(self, k: int) -> float:
        return float(self.trace.d_state_in[k - 1, self.n])

    def beside(self) -> Iterator[int]:
        """The timestamps before and after."""
        yield from (k for k in (self.k - 1, self.k + 1) if 1 <= k <= self.last)


def _state_in(a: _Ahead) -> Question:
    k, before = a.k, a.out(a.k - 1)
    mistakes = [
        (-before * a.wrec + a.x(k) * a.wx, "Look at the sign of Wrec."),
        (
            before + a.x(k) * a.wx,
            "Wrec is missing: the state before goes times it.",
        ),
        (before * a.wrec + a.x(k), "Wx is missing: the input goes times it."),
        (before * a.wx + a.x(k) * a.wrec, "The two weights have changed places."),
        *((before * a.wrec + a.x(other) * a.wx, _INPUT) for other in a.beside()),
    ]
    if k > 1:
        mistakes.append((a.state_in(k - 1) * a.wrec + a.x(k) * a.wx, _IN_FOR_OUT))
    name = f"State {k - 1} (Out)" if k > 1 else "State 0"
    return Question(a.name(f"State {k} (In)"), a.state_in(k), name, before, tuple(mistakes))


def _state_out(a: _Ahead) -> Question:
    k = a.k
    mistakes = (
        (a.state_in(k), _IN_FOR_OUT),
        (a.slope(k), "This is the slope of the activation, not the activation itself."),
        (LOGISTIC.of_number(a.state_in(k))[0], "This state has no log()."),
    )
    name = f"State {k} (In)"
    return Question(a.name(f"State {k} (Out)"), a.out(k), name, a.state_in(k), mistakes)


def _cost(a: _Ahead) -> Question:
    count, errors = a.frame.sequences, a.trace.state_out[-1] - a.frame.experiment.targets
    mistakes = (
        (a.trace.cost * count, _MEAN),
        (float(np.mean(errors)), "The errors are not squared."),
        (float(np.mean(np.abs(errors))), "The errors are not squared."),
    )
    return Question("the cost", a.trace.cost, "1", 1.0, mistakes)


def _d_state_out(a: _Ahead) -> Question:
    k = a.k
    value = a.d_out(k)
    if k == a.last:
        error = a.out(k) - float(a.frame.experiment.targets[a.n])
        mistakes = [
            (-value, _SIGN),
            (2.0 * error, _MEAN),
            (error, "This is the error alone: 2/N is missing."),
            (value / 2.0, "The square gives a factor of 2."),
        ]
        name, reference = "0", 0.0
    else:
        mistakes = [
            (-value, _SIGN),
            (a.d_in(k + 1), _WREC),
            (a.d_in(k + 1) * a.wrec * a.wrec, _WREC_TWICE),
            (a.d_out(k + 1) * a.wrec, _SLOPE),
            (a.d_in(k + 1) * a.wx, "This is with Wx: between states stands Wrec."),
        ]
        name, reference = f"dE/dState {k + 1} (In)", a.d_in(k + 1)
    return Question(a.name(f"dE/dState {k} (Out)"), value, name, reference, tuple(mistakes))


def _d_state_in(a: _Ahead) -> Question:
    k = a.k
    mistakes = [
        (-a.d_in(k), _SIGN),
        (a.d_out(k), _SLOPE),
        (0.0, "The slope is not 0: State (Out) changes with State (In)."),
        *((a.d_out(k) * a.slope(other), _WRONG_SLOPE) for other in a.beside()),
        (a.d_out(k) * a.out(k), "This is with the activation itself, not with its slope."),
        (
            a.d_out(k) * LOGISTIC.of_number(a.state_in(k))[1],
            f"State {k} has no log(): look at what its activation is.",
        ),
    ]
    name = f"dE/dState {k} (Out)"
    return Question(a.name(f"dE/dState {k} (In)"), a.d_in(k), name, a.d_out(k), tuple(mistakes))


def _d_weights(a: _Ahead) -> Question:
    row = a.k - 1
    value = float(a.trace.d_wx_by_timestamp[row])
    inputs, d_in = a.frame.experiment.inputs, a.trace.d_state_in[row]
    alone = a.frame.name_of(a.n)
    mistakes = [
        (-value, _SIGN),
        (
            float(d_in.sum()),
            f"The input is missing: multiply each dE/dS{a.k}(In) by its X{a.k}, which may be 0.",
        ),
        (a.d_in(a.k) * a.x(a.k), f"This is sequence {alone} alone: add the others."),
        *((float(d_in @ inputs[:, other - 1]), _INPUT) for other in a.beside()),
        (float(a.trace.d_state_out[row] @ inputs[:, row]), _SLOPE),
        (float(a.trace.d_wrec_by_timestamp[row]), "This is what it adds to dE/dWrec."),
    ]
    return Question(f"what timestamp {a.k} adds to dE/dWx", value, "0", 0.0, tuple(mistakes))


def _sums(a: _Ahead) -> Question:
    value = a.trace.gradient.wx
    added = a.trace.d_wx_by_timestamp
    size = float(np.abs(added).sum())
    mistakes = (
        (-value, _SIGN),
        (size, "Look at the signs: the parts are not all positive."),
        (-size, "Look at the signs: the parts are not all negative."),
        (float(added[-1]), "This is the part of the last timestamp alone."),
        (float(np.mean(added)), "The parts are summed, not averaged."),
        (a.trace.gradient.wrec, "This is dE/dWrec."),
    )
    return Question("dE/dWx", value, "0", 0.0, mistakes)


def _update(a: _Ahead) -> Question:
    frame, trace = a.frame, a.trace
    epoch = frame.position.epoch
    new, _ = update(frame.experiment, trace.weights, trace.gradient, frame.numbers, epoch)
    mistakes = (
        (2.0 * a.wx - new.wx, "Look at the sign: the weight steps against its gradient."),
        (a.wx - trace.gradient.wx, "The learning rate is missing."),
        (new.wrec, "This is the new Wrec."),
    )
    return Question("the new Wx", new.wx, "Wx", a.wx, mistakes)


_QUESTIONS: dict[Kind, Callable[[_Ahead], Question]] = {
    Kind.STATE_IN: _state_in,
    Kind.STATE_OUT: _state_out,
    Kind.COST: _cost,
    Kind.D_STATE_OUT: _d_state_out,
    Kind.D_STATE_IN: _d_state_in,
    Kind.D_WEIGHTS: _d_weights,
    Kind.SUMS: _sums,
    Kind.UPDATE: _update,
}

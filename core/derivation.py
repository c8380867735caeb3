"""Derive it yourself: what a timestamp adds to dE/dWx or dE/dWrec, as a formula that is checked.

Everything comes from one list, the factors of the right product: the hints, the solution, and the
known mistakes. A formula is right if it has the right value, whatever its form, on many random
experiments; so it is compared as numbers, never as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.activations import ACTIVATIONS, RELU, Array
from core.equation import Name
from core.experiment import WEIGHT_NAMES, Experiment, Weights
from core.formula import Formula, parse, values_of
from core.mistakes import Factor, Mistake, Part, Shape, is_0, swaps, way_back
from core.trace import Trace, trace_epoch

TRIALS = 60  # random experiments; more than there are timestamps, see `_pre_activations`
RELATIVE = 1e-9
MOST_TIMESTAMPS = 50  # a formula for more is longer than `core.formula` reads
LARGEST_INITIAL_STATE = 1_000.0
_MOST_SEQUENCES = 30  # of a random experiment: they stand for all sequences of a larger one


@dataclass(frozen=True)
class Task:
    """To derive what timestamp ``timestamp`` adds to dE/d``weight``: ``wx`` or ``wrec``."""

    weight: str
    timestamp: int

    def __str__(self) -> str:
        return f"dE/d{self.weight_name} at timestamp {self.timestamp}"

    @property
    def weight_name(self) -> str:
        return WEIGHT_NAMES[self.weight]

    def true_value(self, trace: Trace) -> float:
        """What back-propagation gives in an epoch."""
        return float(_derivatives(trace, self.weight)[self.timestamp - 1])


@dataclass(frozen=True)
class Verdict:
    """Whether a formula is right, and one sentence; a wrong one may be a known mistake."""

    right: bool
    sentence: str
    formula: Formula
    mistake: Mistake | None = None


def tasks(experiment: Experiment) -> list[Task]:
    """All derivatives of a network, in the order of the backward pass."""
    timestamps = range(experiment.timestamps, 0, -1)
    return [Task(weight, k) for k in timestamps for weight in WEIGHT_NAMES]


def why_not(experiment: Experiment) -> str:
    """One sentence on why formulas cannot be checked for this experiment; empty if they can."""
    if experiment.timestamps > MOST_TIMESTAMPS:
        return (
            f"A formula can be derived for up to {MOST_TIMESTAMPS} timestamps: "
            f"there are {experiment.timestamps:,}, so remove some."
        )
    if abs(experiment.initial_state) > LARGEST_INITIAL_STATE:
        return (
            "A formula can be derived for a State 0 within "
            f"±{LARGEST_INITIAL_STATE:,.0f}: set it to a smaller number."
        )
    return ""


def check(task: Task, experiment: Experiment, text: str) -> Verdict:
    """Compare a formula with the true derivative on many random experiments.

    N, T, State 0 and the activations are those of ``experiment``, for which `why_not` must be
    empty. Raises `FormulaError` for a text that is no formula.
    """
    formula, shape = parse(text, experiment.timestamps), _shape_of(experiment)
    expected = _expected(task, shape)
    found = np.broadcast_to(formula.evaluate(expected.values), (TRIALS,))
    if expected.is_right(found):
        return Verdict(True, _praise(task, shape), formula)
    return _diagnosed(task, found, expected, formula)


def hints(task: Task, experiment: Experiment) -> tuple[str, ...]:
    """What helps to find the formula, from coarse to fine."""
    last, k = experiment.timestamps, task.timestamp
    parts = [factor.part for factor in factors(task, experiment)]
    hops, slopes = _count(parts, Part.HOP, "hop"), _count(parts, Part.SLOPE, "activation")
    begin = (
        "The formula is a product: go back from the cost to where the weight is used, and write "
        "one factor for each thing that the gradient passes."
    )
    cost = (
        f"The way begins at the cost, sum((S{last} - y)**2)/N: derive the square, and keep what "
        "makes it a mean."
    )
    way = (
        f"On the way back to State {k} you pass {hops} between states and {slopes}: a hop "
        "multiplies the gradient by Wrec, an activation by its slope f' at State (In)."
    )
    end = (
        f"The way ends in equation (E), S{k}_in = S{k - 1}*Wrec + X{k}*Wx: what is "
        f"{task.weight_name} multiplied by there?"
    )
    if is_0(task.weight, k, _shape_of(experiment)):
        end += " And which value has it?"
    return begin, cost, way, end


def solution(task: Task, experiment: Experiment) -> list[tuple[str, str]]:
    """The formula, built up factor by factor, with a sentence for each; the last is the whole."""
    steps, text = [], ""
    for factor in factors(task, experiment):
        text = f"{text}*{factor.text}" if text else factor.text
        steps.append((text, factor.reason))
    return steps


def factors(task: Task, experiment: Experiment) -> tuple[Factor, ...]:
    """The factors of the right product, on the way back from the cost to the weight."""
    return tuple(way_back(task.weight, task.timestamp, _shape_of(experiment)))


# --- the verdict -----------------------------------------------------------------------------


def _praise(task: Task, shape: Shape) -> str:
    if is_0(task.weight, task.timestamp, shape):
        return (
            "Right, it is 0: State 0 is 0, so nothing passes through Wrec at timestamp 1, and "
            "it adds nothing to dE/dWrec."
        )
    return f"Right: this is {task}, on each of {TRIALS} random experiments."


def _diagnosed(task: Task, found: Array, expected: _Expected, formula: Formula) -> Verdict:
    """A wrong formula: what is known of its mistake."""
    if not np.isfinite(found).all():
        return Verdict(False, _NOT_FINITE, formula)
    if not any(isinstance(token.symbol, Name) for token in formula.tokens):
        return Verdict(False, f"A number alone is not {task}: it depends on the states.", formula)
    for mistake in expected.mistakes_that_give(found):
        sentence = mistake.sentence(task.weight, task.timestamp)
        return Verdict(False, sentence, formula, mistake)
    return Verdict(False, f"This is not {task} yet: a hint shows how to go on.", formula)


_NOT_FINITE = (
    "This formula divides by 0 or grows beyond all numbers: look at what it divides by, and at "
    "its powers."
)


def _count(parts: list[Part], part: Part, noun: str) -> str:
    number = parts.count(part)
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


# --- many random experiments -----------------------------------------------------------------


def _shape_of(experiment: Experiment) -> Shape:
    return Shape(*(getattr(experiment, name) for name in Shape._fields))


class _Trials(NamedTuple):
    """Random experiments: the values of all names, and the derivatives by timestamp.

    Values have the shape (trials, sequences), or (trials, 1) for what sequences share;
    derivatives the shape (trials, timestamps).
    """

    values: Mapping[str, Array]
    derivatives: Mapping[str, Array]


class _Expected(NamedTuple):
    """The right value of a task in each trial, and those of all known mistakes, row by row.

    Sizes are the sums of the absolute terms, which rounding errors go by.
    """

    values: Mapping[str, Array]
    right: Array
    size: Array
    mistakes: tuple[Mistake, ...]
    wrong: Array
    wrong_size: Array

    def is_right(self, found: Array) -> bool:
        return bool((np.abs(found - self.right) <= RELATIVE * self.size).all())

    def mistakes_that_give(self, found: Array) -> list[Mistake]:
        same = np.abs(found - self.wrong) <= RELATIVE * self.wrong_size
        return [self.mistakes[row] for row in np.flatnonzero(same.all(axis=1))]


def _derivatives(trace: Trace, weight: str) -> Array:
    return trace.d_wx_by_timestamp if weight == "wx" else trace.d_wrec_by_timestamp


@lru_cache(maxsize=4)
def _trials(shape: Shape) -> _Trials:
    random = np.random.default_rng(20171223)
    experiments = [_random_experiment(shape, trial, random) for trial in range(TRIALS)]
    traces = [trace_epoch(experiment, experiment.weights) for experiment in experiments]
    each = [values_of(trace) for trace in traces]
    values = {name: np.stack([one[name] for one in each]) for name in each[0]}
    # Fewer sequences stand for many: the mean is still taken over as many as there are.
    share = experiments[0].sequences / shape.sequences
    values["N"] = np.full((TRIALS, 1), float(shape.sequences))
    derivatives = {
        weight: share * np.stack([_derivatives(trace, weight) for trace in traces])
        for weight in WEIGHT_NAMES
    }
    return _Trials(values, derivatives)


def _random_experiment(shape: Shape, trial: int, random: np.random.Generator) -> Experiment:
    """Real-valued, with its states in the range where activations are neither flat nor straight.

    So the states are drawn first, and the inputs are those that lead to them by (E).
    """
    state_in = _pre_activations(shape, trial, random)
    weights = Weights(*map(float, _spread(random, 2, 0.5, 1.5)))
    activation = ACTIVATIONS[shape.hidden_activation]
    before = np.full_like(state_in, shape.initial_state)
    before[:, 1:] = activation.apply(state_in)[:, :-1]
    return Experiment(
        inputs=(state_in - before * weights.wrec) / weights.wx,
        targets=_spread(random, len(state_in), 0.5, 3.0),
        initial_state=shape.initial_state,
        hidden_activation=shape.hidden_activation,
        last_activation=shape.last_activation,
        weights=weights,
        learning_rates=Weights(0.0, 0.0),
    )


def _pre_activations(shape: Shape, trial: int, random: np.random.Generator) -> Array:
    """S_k(In) of each sequence: shape (sequences, timestamps), in either sign.

    With ReLU a single dead state ends the way back and hides every other factor, so in each
    sequence at most one is dead: another one in each, so that all have their turn.
    """
    count = min(shape.sequences, _MOST_SEQUENCES)
    drawn = _spread(random, (count, shape.timestamps), 0.3, 2.0)
    hidden = shape.hidden_activation == RELU.key
    relu = [hidden] * (shape.timestamps - 1) + [shape.last_activation == RELU.key]
    dead = (trial * count + np.arange(count)) % (shape.timestamps + 1)
    turned = np.where(dead[:, None] == np.arange(1, shape.timestamps + 1), -1.0, 1.0)
    return np.where(relu, np.abs(drawn) * turned, drawn)


def _spread(
    random: np.random.Generator, shape: int | tuple[int, ...], least: float, most: float
) -> Array:
    """Numbers of either sign, none of them near 0."""
    return random.choice([-1.0, 1.0], shape) * random.uniform(least, most, shape)


@lru_cache(maxsize=16)
def _expected(task: Task, shape: Shape) -> _Expected:
    trials, product = _trials(shape), _Product(task, shape)
    known = list(swaps(product.factors))
    wrong = [product.summed(swap.places, swap.texts) for swap in known]
    mistakes = [swap.mistake for swap in known]
    for k in {*range(1, shape.timestamps + 1)} - {task.timestamp}:
        wrong.append(_Product(Task(task.weight, k), shape).summed())
        mistakes.append(Mistake.WRONG_TIMESTAMP)
    wrong_values, wrong_sizes = np.stack(wrong, axis=1)
    return _Expected(
        trials.values,
        right=trials.derivatives[task.weight][:, task.timestamp - 1],
        size=product.summed()[1],
        mistakes=tuple(mistakes),
        wrong=wrong_values,
        wrong_size=wrong_sizes,
    )


class _Product:
    """A task's product in all trials, with or without a mistake in it: its value and its size.

    With many timestamps there are thousands of mistakes, and most replace the same factor.
    """

    def __init__(self, task: Task, shape: Shape) -> None:
        self.factors = tuple(way_back(task.weight, task.timestamp, shape))
        self._shape = shape
        self._kept: dict[tuple[int, ...], Array] = {}

    def summed(self, places: tuple[int, ...] = (), texts: tuple[str, ...] = ()) -> Array:
        """Value and size over all sequences, shape (2, trials), with these texts at the places."""
        if places not in self._kept:
            kept = [f.text for i, f in enumerate(self.factors) if i not in places]
            self._kept[places] = self._product_of(kept)
        return np.asarray((self._kept[places] * self._product_of(texts)).sum(axis=-1))

    def _product_of(self, texts: Iterable[str]) -> Array:
        product = np.ones((2, 1, 1))
        for text in texts:
            product = product * _factor(text, self._shape)
        return product


@lru_cache(maxsize=512)
def _factor(text: str, shape: Shape) -> Array:
    """Its value and its size in all trials: shape (2, trials or 1, sequences or 1).

    A factor of 0 has the size 1: what is equal to it in another form may miss 0 by a rounding.
    """
    value = np.atleast_2d(parse(text, shape.timestamps).terms(_trials(shape).values))
    return np.stack([value, np.where(value == 0, 1.0, np.abs(value))])

"""Training: a run that remembers every epoch it went through."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from core import plain_loop
from core.activations import ACTIVATIONS, Array
from core.compiled import COMPILED
from core.experiment import Experiment, Weights
from core.gradient import gradient_of_many
from core.plain_loop import Data, Functions, Point, Updating
from core.trace import Trace, trace_epoch
from core.update_rules import clip_factor

EPOCH_LIMIT = 10_000_000

# Up to so many sequences plain floats beat NumPy, whose calls cost more than their arithmetic.
_PLAIN_LOOP_SEQUENCES = 30
# Epochs that are trained before the run's table takes them.
_CHUNK = 4096

Gradient = Callable[[Weights], tuple[float, Weights]]


class RuleNumbers(NamedTuple):
    """The two numbers that an update rule keeps, each for both weights."""

    first: Weights
    second: Weights


def gradient_of(experiment: Experiment) -> Gradient:
    """A function from weights to the cost and its gradient, as fast as the size allows."""
    functions, data = _functions_of(experiment), _data_of(experiment)
    hidden, last = functions.hidden, functions.last

    def gradient(weights: Weights) -> tuple[float, Weights]:
        cost, *derivatives = functions.gradient(hidden, last, data, *weights)
        return cost, Weights(*derivatives)

    return gradient


def update(
    experiment: Experiment, weights: Weights, gradient: Weights, numbers: RuleNumbers, epoch: int
) -> tuple[Weights, RuleNumbers]:
    """One update by the experiment's rule: the new weights, and the numbers that the rule keeps."""
    settings, rule = experiment.rule_settings, experiment.rule.apply
    clip_norm = inf if experiment.clip_norm is None else experiment.clip_norm
    factor = clip_factor(*gradient, clip_norm)
    wx, wrec = (
        rule(weight, factor * slope, rate, first, second, epoch, settings)
        for weight, slope, rate, first, second in zip(
            weights, gradient, experiment.learning_rates, *numbers, strict=True
        )
    )
    new, first, second = map(Weights, wx, wrec)
    return new, RuleNumbers(first, second)


class Run:
    """The weights and the cost of every epoch of one training, from epoch 0 on.

    A run only grows. It ends at the last epoch whose cost and weights are finite, or at
    `EPOCH_LIMIT`; ``ending`` then says why, and is empty before. ``name`` is what the run
    is called in titles.
    """

    def __init__(self, experiment: Experiment, name: str = "") -> None:
        self.experiment = experiment
        self.name = name
        self.ending = ""
        self.diverged = False
        self._functions = _functions_of(experiment)
        self._data = _data_of(experiment)
        self._updating = _updating_of(experiment)
        # A row for the cost, Wx, Wrec, and those of the rule's numbers; a column for each epoch.
        self._table = np.empty((7 if experiment.rule.numbers else 3, 64))
        self._length = 0
        self._point = self._begin()
        self._traces: dict[Experiment, tuple[int, Trace]] = {}

    @property
    def last(self) -> int:
        """The last epoch reached so far."""
        return self._length - 1

    @property
    def costs(self) -> Array:
        """The cost of every epoch, shape (last + 1,)."""
        return self._column(0)

    @property
    def wx(self) -> Array:
        """Wx at the start of every epoch, shape (last + 1,)."""
        return self._column(1)

    @property
    def wrec(self) -> Array:
        """Wrec at the start of every epoch, shape (last + 1,)."""
        return self._column(2)

    def weights(self, epoch: int) -> Weights:
        """The weights that an epoch starts from."""
        return Weights(*self._table[1:3, : self._length][:, epoch].tolist())

    def rule_numbers(self, epoch: int) -> RuleNumbers:
        """What the update rule keeps, as it stands at the start of an epoch."""
        kept = self._table[3:, : self._length][:, epoch].tolist() or [0.0] * 4
        return RuleNumbers(Weights(*kept[:2]), Weights(*kept[2:]))

    def trace(self, epoch: int) -> Trace:
        """All numbers of an epoch, recomputed from its weights; the last one stays at hand."""
        return self._trace_of(self.experiment, epoch)

    def trace_without_activation(self, epoch: int) -> Trace:
        """The same epoch, of the same network with no activation on any state."""
        return self._trace_of(self.without_activation, epoch)

    @cached_property
    def without_activation(self) -> Experiment:
        return self.experiment.without_activation()

    def _trace_of(self, experiment: Experiment, epoch: int) -> Trace:
        at_hand = self._traces.get(experiment)
        if at_hand is None or at_hand[0] != epoch:
            at_hand = epoch, trace_epoch(experiment, self.weights(epoch))
            self._traces[experiment] = at_hand
        return at_hand[1]

    def forget_trace(self) -> None:
        """Let go of the trace at hand; it is recomputed where somebody looks at it again."""
        self._traces.clear()

    def reach(self, epoch: int) -> bool:
        """Train as far as ``epoch``; False where the run ends before it."""
        return epoch <= self.last or self.extend(epoch - self.last)

    def expect(self, epochs: int) -> None:
        """So many epochs are about to be trained: where it pays, the loop is compiled aside."""
        if self._functions.gradient is plain_loop.cost_and_gradient:
            COMPILED.prepare(self._functions, epochs * self.experiment.inputs.size)

    def extend(self, epochs: int) -> bool:
        """Train this many epochs more; False where the run ends before that."""
        while epochs > 0 and not self.ending:
            chunk = min(epochs, _CHUNK, EPOCH_LIMIT - self.last)
            self._train(chunk)
            epochs -= chunk
            if epochs > 0 and self.last == EPOCH_LIMIT:
                self.ending = (
                    f"This run is full, since it holds {EPOCH_LIMIT:,} epochs: "
                    "any edit starts a new one."
                )
        return epochs <= 0 and not self.ending

    def _begin(self) -> Point:
        """Epoch 0: its cost and gradient, and the numbers that the rule starts with."""
        functions, weights = self._functions, self.experiment.weights
        cost, d_wx, d_wrec = functions.gradient(
            functions.hidden, functions.last, self._data, *weights
        )
        first, second = self.experiment.rule.start(self._updating.settings)
        point = Point(*weights, d_wx, d_wrec, first, first, second, second)
        row = (cost, *weights, first, first, second, second)
        self._table[:, 0] = row[: len(self._table)]
        self._length = 1
        if not isfinite(cost):
            self.ending = (
                "The cost is not a finite number with these inputs and weights; "
                "make the weights or the inputs smaller."
            )
        return point

    def _train(self, epochs: int) -> None:
        """Train so many epochs, and take them into the run."""
        self._make_room(epochs)
        table = self._table[:, self._length : self._length + epochs]
        compiled = COMPILED.ready(self._functions)
        if compiled is not None:
            inputs, last_inputs, targets, state_0 = self._data
            data = Data(np.array(inputs), np.array(last_inputs), np.array(targets), state_0)
            done, self._point = self._loop(compiled, data, _seven(list(table), np.empty(0)))
        else:
            columns = [[0.0] * epochs for _ in table]
            done, self._point = self._loop(self._functions, self._data, _seven(columns, []))
            table[:, :done] = np.array(columns)[:, :done]
        self._length += done
        if done < epochs:
            self.diverged = True
            rates = not self.experiment.rule.why_no_rates
            self.ending = (
                f"Training stopped at epoch {self.last:,}, the last one whose cost and weights are "
                f"finite numbers; try {'smaller learning rates' if rates else 'other weights'}."
            )

    def _loop(self, f: Functions, data: Data, columns: tuple[Any, ...]) -> tuple[int, Point]:
        done, point = f.train(
            *(f.gradient, f.hidden, f.last, data, f.update, f.clip_factor),
            *(self._updating, self._point, self.last, columns),
        )
        return done, Point(*point)

    def _make_room(self, epochs: int) -> None:
        end, room = self._length + epochs, self._table.shape[1]
        if end > room:
            grown = np.empty((len(self._table), max(end, 2 * room)))
            grown[:, : self._length] = self._table[:, : self._length]
            self._table = grown

    def _column(self, index: int) -> Array:
        column = self._table[index, : self._length]
        column.flags.writeable = False
        return column


def _seven(columns: list[Any], missing: Any) -> tuple[Any, ...]:
    """The columns that the loop fills; those for numbers that the rule does not keep are empty."""
    return (*columns, *[missing] * (7 - len(columns)))


def _functions_of(experiment: Experiment) -> Functions:
    """What the loop calls for this experiment: for many cells, NumPy for the gradient."""
    return Functions(
        plain_loop.train,
        plain_loop.cost_and_gradient if _is_small(experiment) else _gradient_by_numpy(experiment),
        ACTIVATIONS[experiment.hidden_activation].of_number,
        ACTIVATIONS[experiment.last_activation].of_number,
        experiment.rule.apply,
        clip_factor,
    )


def _is_small(experiment: Experiment) -> bool:
    return experiment.sequences <= _PLAIN_LOOP_SEQUENCES


def _gradient_by_numpy(experiment: Experiment) -> Callable[..., tuple[float, float, float]]:
    epoch = gradient_of_many(experiment)

    def gradient(_hidden: Any, _last: Any, _data: Data, wx: float, wrec: float) -> Any:
        cost, slope = epoch(Weights(wx, wrec))
        return cost, *slope

    return gradient


def _data_of(experiment: Experiment) -> Data:
    if not _is_small(experiment):
        return Data((), (), (), experiment.initial_state)
    inputs, targets = experiment.inputs, experiment.targets
    return Data(
        inputs[:, :-1].tolist(), inputs[:, -1].tolist(), targets.tolist(), experiment.initial_state
    )


def _updating_of(experiment: Experiment) -> Updating:
    clip_norm = inf if experiment.clip_norm is None else experiment.clip_norm
    return Updating(*experiment.learning_rates, clip_norm, experiment.rule_settings)

"""Training: a run that remembers every epoch it went through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import isfinite

import numpy as np

from core.cell.update_rules import updated
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.values import Array, Values
from core.engine.batches import Batches
from core.engine.compiled import Compiler
from core.engine.program import Program
from core.engine.tree import most_nodes

EPOCH_LIMIT = 10_000_000
_MOST_BYTES = 400_000_000

# Up to so many sequences that differ, plain floats beat NumPy, whose calls cost more than their
# arithmetic.
_PLAIN_LOOP_SEQUENCES = 30
# Epochs, and numbers, that are trained before the run's table takes them.
_CHUNK, _CHUNK_NUMBERS = 4096, 1_000_000

Gradient = Callable[[Values], tuple[float, Values]]


def gradient_of(experiment: Experiment) -> Gradient:
    """Make a function from weights to the cost and its gradient, as fast as the size allows."""
    engine, layout = _engine_of(experiment), experiment.layout

    def gradient(weights: Values) -> tuple[float, Values]:
        cost, flat = engine.gradient(layout.pack(weights))
        return cost, layout.unpack(flat)

    return gradient


def update(
    experiment: Experiment, weights: Values, gradient: Values, numbers: Array, epoch: int
) -> tuple[Values, Array]:
    """Return the weights after one update by the experiment's rule, and what the rule keeps.

    The latter has shape (numbers of the rule, numbers among the weights).
    """
    e, pack = experiment, experiment.layout.pack
    flat, kept = updated(
        *(e.rule, pack(weights), pack(gradient), e.rates, numbers),
        *(e.settings, e.clip_norm, epoch),
    )
    return e.layout.unpack(flat), kept


class Run:
    """The weights and the cost of every epoch of one training, from epoch 0 on.

    A run only grows. It ends at the last epoch whose cost and weights are finite, or where it is
    full; ``ending`` then says why, and is empty before. ``name`` is what the run is called in
    titles. Runs that share a ``compiler`` share what is compiled.
    """

    def __init__(
        self, experiment: Experiment, name: str = "", compiler: Compiler | None = None
    ) -> None:
        self.experiment = experiment
        self.name = name
        self.compiler = compiler or Compiler()
        self.ending = ""
        self.diverged = False
        self._engine = _engine_of(experiment)
        self._rule_shape = len(experiment.rule.numbers), experiment.layout.size
        # A row for the cost, each number among the weights, and each that the rule keeps; a
        # column for each epoch.
        rows = 1 + (1 + self._rule_shape[0]) * self._rule_shape[1]
        self._table = np.empty((rows, 64))
        self._length = 0
        self._point = self._begin()
        self._traces: dict[bool, tuple[int, Trace]] = {}

    @property
    def last(self) -> int:
        """The last epoch reached so far."""
        return self._length - 1

    @property
    def limit(self) -> int:
        """The last epoch that a run of this experiment holds."""
        return min(EPOCH_LIMIT, _MOST_BYTES // self._table[:, :1].nbytes)

    @property
    def costs(self) -> Array:
        """The cost of every epoch: shape (last + 1,)."""
        return self._row(0)

    def column(self, index: int) -> Array:
        """Return one number among the weights at the start of every epoch: shape (last + 1,).

        It is counted from 0, as in ``experiment.layout``.
        """
        return self._row(1 + range(self.experiment.layout.size)[index])

    def weights(self, epoch: int) -> Values:
        """Return the weights that an epoch starts from."""
        size = self.experiment.layout.size
        return self.experiment.layout.unpack(self._table[1 : 1 + size, : self._length][:, epoch])

    def rule_numbers(self, epoch: int) -> Array:
        """Return what the update rule keeps, as it stands at the start of an epoch.

        The shape is (numbers of the rule, numbers among the weights).
        """
        kept = self._table[1 + self.experiment.layout.size :, : self._length][:, epoch]
        return kept.reshape(self._rule_shape)

    def trace(self, epoch: int) -> Trace:
        """Return all numbers of an epoch, recomputed from its weights; the last stays at hand."""
        return self._trace_of(epoch, without_activation=False)

    def trace_without_activation(self, epoch: int) -> Trace:
        """Return the same epoch of the same network with no activation on any state."""
        return self._trace_of(epoch, without_activation=True)

    @cached_property
    def without_activation(self) -> Experiment:
        """The experiment with no activation on any state."""
        return self.experiment.without_activation()

    def forget_trace(self) -> None:
        """Let go of the traces at hand; they are made again where somebody looks."""
        self._traces.clear()

    def reach(self, epoch: int) -> bool:
        """Train as far as ``epoch``; False where the run ends before it."""
        return epoch <= self.last or self.extend(epoch - self.last)

    def expect(self, epochs: int) -> None:
        """Prepare for so many epochs: where it pays, the program is compiled aside."""
        if isinstance(self._engine, Program):
            self.compiler.prepare(self._engine, epochs)

    def extend(self, epochs: int) -> bool:
        """Train this many epochs more; False where the run ends before that."""
        most = max(1, min(_CHUNK, _CHUNK_NUMBERS // len(self._table)))
        while epochs > 0 and not self.ending:
            chunk = min(epochs, most, self.limit - self.last)
            self._train(chunk)
            epochs -= chunk
            if epochs > 0 and self.last == self.limit:
                self.ending = (
                    f"This run is full, since it holds {self.limit:,} epochs: "
                    "any edit starts a new one."
                )
        return epochs <= 0 and not self.ending

    def _begin(self) -> Sequence[float]:
        """Work out epoch 0, and what the rule starts with."""
        e = self.experiment
        flat = e.layout.pack(e.weights)
        cost, gradient = self._engine.gradient(flat)
        kept = e.rule.first_numbers(e.settings, flat.shape).ravel()
        self._table[:, 0] = np.concatenate([[cost], flat, kept])
        self._length = 1
        if not isfinite(cost):
            self.ending = (
                "The cost is not a finite number with these inputs and weights; "
                "make the weights or the inputs smaller."
            )
        return [*flat.tolist(), *gradient.tolist(), *kept.tolist()]

    def _train(self, epochs: int) -> None:
        """Train so many epochs, and take them into the run."""
        self._make_room(epochs)
        table = self._table[:, self._length : self._length + epochs]
        compiled = self.compiler.ready(self._engine) if isinstance(self._engine, Program) else None
        done, self._point = self._engine.train(table, self._point, self.last, compiled)
        self._length += done
        if done < epochs:
            self.diverged = True
            rates = not self.experiment.rule.why_no_rates
            self.ending = (
                f"Training stopped at epoch {self.last:,}, the last one whose cost and weights are "
                f"finite numbers; try {'smaller learning rates' if rates else 'other weights'}."
            )

    def _make_room(self, epochs: int) -> None:
        end, room = self._length + epochs, self._table.shape[1]
        if end > room:
            grown = np.empty((len(self._table), min(max(end, 2 * room), self.limit + 1)))
            grown[:, : self._length] = self._table[:, : self._length]
            self._table = grown

    def _row(self, index: int) -> Array:
        row = self._table[index, : self._length]
        row.flags.writeable = False
        return row

    def _trace_of(self, epoch: int, *, without_activation: bool) -> Trace:
        at_hand = self._traces.get(without_activation)
        if at_hand is None or at_hand[0] != epoch:
            experiment = self.without_activation if without_activation else self.experiment
            listing = at_hand[1].listing if at_hand else None
            at_hand = epoch, Trace(experiment, self.weights(epoch), listing)
            self._traces[without_activation] = at_hand
        return at_hand[1]


def _engine_of(experiment: Experiment) -> Program | Batches:
    """Choose what trains this experiment: one program over floats, or NumPy for many numbers."""
    most = _PLAIN_LOOP_SEQUENCES * experiment.timestamps
    is_small = experiment.cell.is_plain and most_nodes(experiment) <= most
    return Program(experiment) if is_small else Batches(experiment)

"""A frame: the experiment, the position, and every value known there. Views show frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.cell.expression import Node
from core.cell.names import sequence_name
from core.cell.steps import Kind, Position, Step
from core.code.hop import hop_quantities
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.values import Array, Values
from core.training.run import Run, update


@dataclass(frozen=True, eq=False)
class Frame:
    """What there is to see at one position of a run; made by `frame_at`, never changed.

    A value that is not computed yet at this position is ``None``. ``sequence`` counts from 0
    and is the one that network and equation show. ``numbers`` are those that the update rule
    keeps, as the epoch starts from them; ``numbers_after`` as its update leaves them.
    ``unactivated`` is the same place of the same network without activation, where that
    comparison is wanted. ``tried`` says that nobody trains on the sequence: it has no backward
    pass. ``asked`` says that the step after the position is spoken of, and its value asked for.
    """

    run: Run
    experiment: Experiment
    position: Position
    trace: Trace
    numbers: Any
    after_update: Values | None = None
    numbers_after: Any = None
    sequence: int = 0
    unactivated: Frame | None = None
    tried: bool = False
    asked: bool = False

    def name_of(self, sequence: int) -> str:
        """Name a sequence as it is called on screen."""
        return "tried" if self.tried else sequence_name(sequence)

    @property
    def timestamps(self) -> int:
        """T, the number of timestamps."""
        return self.experiment.timestamps

    @property
    def sequences(self) -> int:
        """N, the number of sequences."""
        return self.experiment.sequences

    @property
    def announced(self) -> bool:
        """Whether the step spoken of is still to come: at step 0, or where it is asked for."""
        return self.asked or self.position.step == 0

    @property
    def step(self) -> Step:
        """The step that band, equation and narration speak of."""
        return self.experiment.steps[self.position.step - 1 + self.announced]

    def knows(self, kind: Kind, name: str = "", timestamp: int = 0) -> bool:
        """Tell whether a step is done; one that the epoch does not have never is."""
        return self.experiment.steps.is_known(kind, name, timestamp, self.position.step)

    def known(self, kind: Kind, name: str = "") -> range:
        """List the timestamps, ascending, at which steps of this kind and name are done."""
        return self.experiment.steps.known(kind, name, self.position.step)

    def values(self, name: str, timestamp: int) -> Array | None:
        """Return a quantity of each sequence, shape (N, …); at timestamp 0 the initial state."""
        if timestamp and not self.knows(Kind.VALUE, name, timestamp):
            return None
        return self.trace.values(name, timestamp)

    def gradients(self, name: str, timestamp: int) -> Array | None:
        """Return dE/d of a quantity of each sequence, shape (N, …)."""
        if not self.knows(Kind.GRADIENT, name, timestamp):
            return None
        return self.trace.gradients(name, timestamp)

    def row(self, kind: Kind, name: str, timestamp: int) -> Array | None:
        """Return values or gradients of each sequence, shape (N, …), by the kind of their step."""
        if kind is Kind.GRADIENT:
            return self.gradients(name, timestamp)
        return self.values(name, timestamp)

    def block(self, kind: Kind, name: str) -> Array:
        """Return all known values or gradients of a quantity, a row for each of the timestamps
        ``known(kind, name)``: shape (·, N, …)."""
        known = self.known(kind, name)
        table = self.trace.gradient_table if kind is Kind.GRADIENT else self.trace.table
        if not known:
            return np.empty((0, self.sequences))
        return table(name)[known.start - 1 : known.stop - 1]

    @property
    def predictions(self) -> Array | None:
        """What the cost compares with the targets at timestamp T, shape (N,) or (N, O)."""
        return self.values(self.experiment.cell.prediction, self.timestamps)

    @property
    def errors(self) -> Array | None:
        """Predictions minus targets at timestamp T, shape (N,) or (N, O)."""
        predictions, targets = self.predictions, self.experiment.targets
        if self.experiment.cell.costs_everywhere:
            targets = targets[:, -1]
        with np.errstate(over="ignore", invalid="ignore"):
            return None if predictions is None else predictions - targets

    @property
    def cost(self) -> float | None:
        """E, the cost."""
        return self.trace.cost if self.knows(Kind.COST) else None

    def added(self, timestamp: int) -> Values | None:
        """Return what a timestamp adds to dE/d of each weight, summed over the sequences."""
        return self._of_weights(self.trace.parts, timestamp)

    def running_sum(self, timestamp: int) -> Values | None:
        """Return what the timestamps from T down to this one have added so far."""
        return self._of_weights(self.trace.running_sums, timestamp)

    def _of_weights(self, table: Callable[[str], Array], timestamp: int) -> Values | None:
        if not self.knows(Kind.PARTS, "", timestamp):
            return None
        return Values({w: table(w)[timestamp - 1] for w in self.experiment.cell.weights})

    @property
    def hops(self) -> dict[str, Node]:
        """Which quantities have a hop of plain factors, each with the factor at timestamp k."""
        return hop_quantities(self.experiment.cell)

    @property
    def hop(self) -> str:
        """Name of the first of `hops`, the one that is shown; empty where the cell has none."""
        return next(iter(self.hops), "")

    def hop_factor(self, timestamp: int) -> Any:
        """Return the chosen sequence's factor of the hop from timestamp k + 1 to k; None where
        it is not known, and where the cell has none."""
        if timestamp >= self.timestamps or not self.knows(Kind.GRADIENT, self.hop, timestamp):
            return None
        factor = np.asarray(self.trace.value(self.hops[self.hop], timestamp))
        factor = factor[self.sequence] if factor.ndim else factor
        return factor if factor.ndim else float(factor)

    @property
    def gradient(self) -> Values | None:
        """dE/d of every weight."""
        return self.trace.gradient if self.knows(Kind.SUMS) else None

    @property
    def weights(self) -> Values:
        """The weights shown: those of the epoch, and after its update the new ones."""
        return self.trace.weights if self.after_update is None else self.after_update


def frame_at(run: Run, position: Position, sequence: int = 0, *, compare: bool = False) -> Frame:
    """Make the frame of a position that the run reaches; ``compare`` adds the one without
    activation, for a cell whose activations can be chosen.

    Raises `IndexError` where the run does not reach the position, or has no such sequence.
    """
    experiment, epoch = run.experiment, position.epoch
    updated = position.step == len(experiment.steps)
    if not (
        0 <= position.step <= len(experiment.steps)
        and 0 <= epoch <= run.last - updated
        and 0 <= sequence < experiment.sequences
    ):
        raise IndexError(f"no frame at {position} of sequence {sequence + 1}")
    frame = Frame(
        run,
        experiment,
        position,
        run.trace(epoch),
        run.rule_numbers(epoch),
        run.weights(epoch + 1) if updated else None,
        run.rule_numbers(epoch + 1) if updated else None,
        sequence,
    )
    compare = compare and experiment.cell.activations is not None
    return replace(frame, unactivated=_without_activation(frame)) if compare else frame


def _without_activation(frame: Frame) -> Frame:
    """Take the weights and the numbers of the rule into the network without activation."""
    trace = frame.run.trace_without_activation(frame.position.epoch)
    return retraced(replace(frame, experiment=trace.experiment), trace)


def retraced(frame: Frame, trace: Trace) -> Frame:
    """Return the same place of another trace; where the update is done, it is that trace's."""
    found = replace(frame, trace=trace, unactivated=None)
    return found if frame.after_update is None else _updated(found)


def _updated(frame: Frame) -> Frame:
    """Do the update of the frame's epoch."""
    trace, epoch = frame.trace, frame.position.epoch
    after, numbers = update(frame.experiment, trace.weights, trace.gradient, frame.numbers, epoch)
    return replace(frame, after_update=after, numbers_after=numbers)


def asking(frame: Frame) -> Frame:
    """Return what is known before the next step, which is asked for. After an update the next
    epoch begins, without the run having to go there."""
    if frame.after_update is not None:
        frame = replace(
            frame,
            position=Position(frame.position.epoch + 1, 0),
            trace=Trace(frame.experiment, frame.after_update, frame.trace.listing),
            numbers=frame.numbers_after,
            after_update=None,
            numbers_after=None,
        )
    return replace(frame, unactivated=None, asked=True)


def answered(asked: Frame) -> Frame:
    """Return the frame with the step done that was asked for: all that it shows."""
    position = Position(asked.position.epoch, asked.position.step + 1)
    frame = replace(asked, position=position, asked=False, unactivated=None)
    return _updated(frame) if position.step == len(asked.experiment.steps) else frame

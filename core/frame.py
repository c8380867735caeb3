"""A frame: the experiment, the position, and every value known there. Views show frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.activations import Array
from core.experiment import Experiment, Weights, sequence_name
from core.steps import (
    Kind,
    Position,
    Step,
    epoch_length,
    known_timestamps,
    step_number,
    steps_of,
)
from core.trace import Trace
from core.training import RuleNumbers, Run, update


@dataclass(frozen=True, eq=False)
class Frame:
    """What there is to see at one position of a run; made by `frame_at`, never changed.

    A value that is not computed yet at this position is ``None``. ``sequence`` counts from 0
    and is the one that network and equation show. ``numbers`` are those that the update rule
    keeps, as the epoch starts from them; ``numbers_after`` as its update leaves them.
    ``unactivated`` is the same place of the same network without activation, where that
    comparison is wanted. ``tried`` says that nobody trains on the sequence: it has no backward
    pass.
    """

    run: Run
    experiment: Experiment
    position: Position
    trace: Trace
    numbers: RuleNumbers
    after_update: Weights | None
    numbers_after: RuleNumbers | None = None
    sequence: int = 0
    unactivated: Frame | None = None
    tried: bool = False

    def name_of(self, sequence: int) -> str:
        """What a sequence is called on screen."""
        return "tried" if self.tried else sequence_name(sequence)

    @property
    def timestamps(self) -> int:
        return self.experiment.timestamps

    @property
    def sequences(self) -> int:
        return self.experiment.sequences

    @property
    def announced(self) -> bool:
        """At step 0 the step spoken of is the first one to come."""
        return self.position.step == 0

    @property
    def step(self) -> Step:
        """The step that band, equation and narration speak of."""
        return steps_of(self.timestamps)[max(self.position.step, 1) - 1]

    def knows(self, kind: Kind, timestamp: int = 0) -> bool:
        return step_number(self.timestamps, kind, timestamp) <= self.position.step

    def known(self, kind: Kind) -> range:
        """The timestamps, ascending, at which values of this kind are known."""
        return self._known[kind]

    def values(self, kind: Kind, timestamp: int) -> Array | None:
        """A value of each sequence, shape (N,): State k (In) or (Out), or a derivative of them."""
        if timestamp == 0 and kind is Kind.STATE_OUT:
            initial: Array = self.trace.state_out[0]
            return initial
        if not self.knows(kind, timestamp):
            return None
        row: Array = self._table(kind)[timestamp - 1]
        return row

    def block(self, kind: Kind) -> Array:
        """All known values of a kind: a row for each timestamp of ``known(kind)``, shape (·, N)."""
        known = self.known(kind)
        return self._table(kind)[known.start - 1 : known.stop - 1]

    @property
    def predictions(self) -> Array | None:
        """S_T(Out) of each sequence, shape (N,)."""
        return self.values(Kind.STATE_OUT, self.timestamps)

    @property
    def errors(self) -> Array | None:
        """S_T(Out) - y of each sequence, shape (N,)."""
        predictions = self.predictions
        with np.errstate(over="ignore", invalid="ignore"):
            return None if predictions is None else predictions - self.experiment.targets

    @property
    def cost(self) -> float | None:
        return self.trace.cost if self.knows(Kind.COST) else None

    def added(self, timestamp: int) -> Weights | None:
        """What this timestamp adds to dE/dWx and dE/dWrec, summed over the sequences."""
        if not self.knows(Kind.D_WEIGHTS, timestamp):
            return None
        row = timestamp - 1
        return Weights(
            float(self.trace.d_wx_by_timestamp[row]), float(self.trace.d_wrec_by_timestamp[row])
        )

    def running_sum(self, timestamp: int) -> Weights | None:
        """What the timestamps from T down to this one have added so far."""
        if not self.knows(Kind.D_WEIGHTS, timestamp):
            return None
        row = timestamp - 1
        return Weights(float(self.trace.running_d_wx[row]), float(self.trace.running_d_wrec[row]))

    def hop_factor(self, timestamp: int) -> float | None:
        """Wrec * f'(S_k(In)) of the chosen sequence, for the hop from State k + 1 to State k."""
        if timestamp >= self.timestamps or not self.knows(Kind.D_STATE_IN, timestamp):
            return None
        return self.trace.weights.wrec * float(self.trace.slopes[timestamp - 1, self.sequence])

    @property
    def gradient(self) -> Weights | None:
        """dE/dWx and dE/dWrec."""
        return self.trace.gradient if self.knows(Kind.SUMS) else None

    @property
    def weights(self) -> Weights:
        """The weights shown: those of the epoch, and after its update the new ones."""
        return self.trace.weights if self.after_update is None else self.after_update

    @cached_property
    def _known(self) -> dict[Kind, range]:
        step, steps = self.position.step, self.timestamps
        per_timestamp = (Kind.STATE_IN, Kind.STATE_OUT, Kind.D_STATE_OUT, Kind.D_STATE_IN)
        return {
            kind: known_timestamps(steps, kind, step) for kind in (*per_timestamp, Kind.D_WEIGHTS)
        }

    def _table(self, kind: Kind) -> Array:
        """The (T, N) array of a kind, of which a frame shows the known part."""
        trace = self.trace
        return {
            Kind.STATE_IN: trace.state_in,
            Kind.STATE_OUT: trace.state_out[1:],
            Kind.D_STATE_OUT: trace.d_state_out,
            Kind.D_STATE_IN: trace.d_state_in,
        }[kind]


def frame_at(run: Run, position: Position, sequence: int = 0, *, compare: bool = False) -> Frame:
    """The frame of a position that the run reaches; ``compare`` adds the one without activation.

    Raises `IndexError` where the run does not reach the position, or has no such sequence.
    """
    experiment = run.experiment
    updated = position.step == epoch_length(experiment.timestamps)
    if not (
        0 <= position.step <= epoch_length(experiment.timestamps)
        and 0 <= position.epoch <= run.last - updated
        and 0 <= sequence < experiment.sequences
    ):
        raise IndexError(f"no frame at {position} of sequence {sequence + 1}")
    epoch = position.epoch
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
    return replace(frame, unactivated=_without_activation(frame)) if compare else frame


def _without_activation(frame: Frame) -> Frame:
    """The same weights and the same numbers of the rule, in the network without activation."""
    experiment, epoch = frame.run.without_activation, frame.position.epoch
    trace = frame.run.trace_without_activation(epoch)
    after, numbers = None, None
    if frame.after_update is not None:
        after, numbers = update(experiment, trace.weights, trace.gradient, frame.numbers, epoch)
    return replace(
        frame, experiment=experiment, trace=trace, after_update=after, numbers_after=numbers
    )

"""The step still to come, asked for: what is known before it, and what it will show."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from core.frame import Frame
from core.steps import Position, Step, epoch_length, steps_of
from core.trace import trace_epoch
from core.training import update


class Asking(Frame):
    """A frame that speaks of the step after its position; the value of that is asked for.

    What explains that step is the frame that `answered` makes of it.
    """

    @property
    def announced(self) -> bool:
        return True

    @property
    def step(self) -> Step:
        return steps_of(self.timestamps)[self.position.step]


def asking(frame: Frame) -> Asking:
    """What is known before the next step. After an update the next epoch begins, without the run
    having to go there.
    """
    if frame.after_update is not None and frame.numbers_after is not None:
        frame = replace(
            frame,
            position=Position(frame.position.epoch + 1, 0),
            trace=trace_epoch(frame.experiment, frame.after_update),
            numbers=frame.numbers_after,
            after_update=None,
            numbers_after=None,
            unactivated=None,
        )
    return Asking(**_parts(frame))


def answered(asked: Asking) -> Frame:
    """The same with the step done: all that it shows."""
    epoch, step = asked.position.epoch, asked.position.step + 1
    frame = Frame(**_parts(asked) | {"position": Position(epoch, step), "unactivated": None})
    if step < epoch_length(asked.timestamps):
        return frame
    trace, before = asked.trace, asked.numbers
    after, numbers = update(asked.experiment, trace.weights, trace.gradient, before, epoch)
    return replace(frame, after_update=after, numbers_after=numbers)


def _parts(frame: Frame) -> dict[str, Any]:
    return {part.name: getattr(frame, part.name) for part in fields(frame)}

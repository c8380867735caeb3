"""Each step as one sentence to be read aloud: what was computed, and from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.experiment import WEIGHT_NAMES
from core.frame import Frame
from core.notation import number
from core.steps import Kind, Position, Step, steps_of
from core.update_rules import clip_factor

_DIGITS = 4


def spoken(frame: Frame, digits: int = _DIGITS) -> str:
    """The sentence of the step that the frame's position speaks of; numbers have so many digits.

    Of a step that is still to come it tells no number.
    """
    if frame.announced:
        return f"Epoch {frame.position.epoch:,} begins: State 1 (In) comes first."
    return _SPOKEN[frame.step.kind](_Words(frame, digits), frame.step.timestamp)


def spoken_steps(frame: Frame, digits: int = _DIGITS) -> Iterator[tuple[Step, str]]:
    """All steps of the frame's epoch; the sentence of one that is not done yet is empty."""
    for step in steps_of(frame.timestamps):
        done = step.number <= frame.position.step
        at = replace(frame, position=Position(frame.position.epoch, step.number))
        yield step, spoken(at, digits) if done else ""


class _Words:
    """Quantities of a frame by name and number, as they are said of its chosen sequence."""

    def __init__(self, frame: Frame, digits: int) -> None:
        self.frame, self._digits = frame, digits
        self.of = f"of sequence {frame.name_of(frame.sequence)}"

    def printed(self, value: float) -> str:
        return number(value, self._digits)

    def value(self, kind: Kind, timestamp: int) -> str:
        values = self.frame.values(kind, timestamp)
        assert values is not None  # the step is done, and so are those that it builds on
        return self.printed(float(values[self.frame.sequence]))

    def state(self, timestamp: int, kind: Kind) -> str:
        """Its name and its number."""
        return f"{_name(kind, timestamp)} {self.value(kind, timestamp)}"

    @property
    def initial_state(self) -> str:
        return f"State 0, which is {self.value(Kind.STATE_OUT, 0)},"

    def result(self, kind: Kind, timestamp: int) -> str:
        return f"{_name(kind, timestamp)} {self.of} is {self.value(kind, timestamp)}"

    def weight(self, key: str) -> str:
        return f"{WEIGHT_NAMES[key]} {self.printed(getattr(self.frame.trace.weights, key))}"

    @property
    def sequences(self) -> str:
        count = self.frame.sequences
        return "of its one sequence" if count == 1 else f"over the {count:,} sequences"


def _name(kind: Kind, timestamp: int) -> str:
    return _NAMES[kind].format(timestamp) if timestamp else "State 0"


_NAMES = {
    Kind.STATE_IN: "State {} (In)",
    Kind.STATE_OUT: "State {} (Out)",
    Kind.D_STATE_IN: "dE/dState {} (In)",
    Kind.D_STATE_OUT: "dE/dState {} (Out)",
}


def _state_in(words: _Words, k: int) -> str:
    frame = words.frame
    cell = words.printed(float(frame.experiment.inputs[frame.sequence, k - 1]))
    state = words.state(k - 1, Kind.STATE_OUT) if k > 1 else words.initial_state
    before = f"{state} times {words.weight('wrec')}"
    now = f"input {cell} times {words.weight('wx')}"
    return f"{words.result(Kind.STATE_IN, k)}: {before}, plus {now}."


def _state_out(words: _Words, k: int) -> str:
    symbol, result = words.frame.experiment.activation(k).symbol, words.result(Kind.STATE_OUT, k)
    if symbol:
        return f"{result}: {symbol}() of {words.state(k, Kind.STATE_IN)}."
    return f"{result}, the same as {_name(Kind.STATE_IN, k)}: there is no activation."


def _cost(words: _Words, _: int) -> str:
    of = words.sequences
    return f"The cost is {words.printed(words.frame.trace.cost)}: the mean squared error {of}."


def _d_state_out(words: _Words, k: int) -> str:
    frame, result = words.frame, words.result(Kind.D_STATE_OUT, k)
    if k < frame.timestamps:
        return f"{result}: {words.state(k + 1, Kind.D_STATE_IN)} times {words.weight('wrec')}."
    target = words.printed(float(frame.experiment.targets[frame.sequence]))
    prediction = words.value(Kind.STATE_OUT, k)
    share = f"2/{frame.sequences:,}"
    return f"{result}: {share} times the error, prediction {prediction} minus target {target}."


def _d_state_in(words: _Words, k: int) -> str:
    frame, result = words.frame, words.result(Kind.D_STATE_IN, k)
    symbol = frame.experiment.activation(k).slope_symbol
    if not symbol:
        return f"{result}, the same as {_name(Kind.D_STATE_OUT, k)}: there is no activation."
    slope = words.printed(float(frame.trace.slopes[k - 1, frame.sequence]))
    factor = f"{symbol}() of {_name(Kind.STATE_IN, k)}, which is {slope}"
    return f"{result}: {words.state(k, Kind.D_STATE_OUT)} times {factor}."


def _d_weights(words: _Words, k: int) -> str:
    added = words.frame.added(k)
    assert added is not None
    d_in, before = _name(Kind.D_STATE_IN, k), _name(Kind.STATE_OUT, k - 1)
    return (
        f"Timestamp {k} adds {words.printed(added.wx)} to dE/dWx and {words.printed(added.wrec)} "
        f"to dE/dWrec: {d_in} times the input, and times {before}, summed {words.sequences}."
    )


def _sums(words: _Words, _: int) -> str:
    frame = words.frame
    d_wx, d_wrec = map(words.printed, frame.trace.gradient)
    count = frame.timestamps
    of = "what the one timestamp adds" if count == 1 else f"the sums over the {count:,} timestamps"
    return f"dE/dWx is {d_wx} and dE/dWrec is {d_wrec}: {of}."


def _update(words: _Words, _: int) -> str:
    frame = words.frame
    new = frame.after_update
    assert new is not None
    changes = (
        f"{words.weight(key)} becomes {words.printed(getattr(new, key))}" for key in WEIGHT_NAMES
    )
    clip_norm, rule = frame.experiment.clip_norm, frame.experiment.rule.title
    clipped = clip_norm is not None and clip_factor(*frame.trace.gradient, clip_norm) < 1.0
    how = f", with the gradient clipped at norm {words.printed(clip_norm or 0.0)}"
    return f"{' and '.join(changes)}, by {rule}{how if clipped else ''}."


_SPOKEN: dict[Kind, Callable[[_Words, int], str]] = {
    Kind.STATE_IN: _state_in,
    Kind.STATE_OUT: _state_out,
    Kind.COST: _cost,
    Kind.D_STATE_OUT: _d_state_out,
    Kind.D_STATE_IN: _d_state_in,
    Kind.D_WEIGHTS: _d_weights,
    Kind.SUMS: _sums,
    Kind.UPDATE: _update,
}

"""A derivative as a product of factors, and what people write in their place.

Every known mistake is a swap: one factor of the right product, or all factors of a kind at once,
replaced by something else. So mistakes are made by the same rules as the right answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from core.activations import ACTIVATIONS, Activation
from core.experiment import WEIGHT_NAMES


class Mistake(Enum):
    """A known mistake; its value is the sentence that says what to look at."""

    SLOPE_FORGOTTEN = (
        "Each activation on the way back to State {k} multiplies the gradient by its slope f': "
        "look for one whose slope is missing."
    )
    SLOPE_OF_WRONG_STATE = (
        "A slope f' is taken at the wrong state: for each one ask which State (In) the "
        "gradient passes there."
    )
    SLOPE_TOO_MANY = (
        "There is a slope f' too many: ask which states on the way back have an activation, "
        "and how often the gradient passes each."
    )
    WREC_FORGOTTEN = (
        "Wrec stands there too seldom: count the hops from state to state on the way back to "
        "State {k}."
    )
    WREC_TOO_MANY = (
        "Wrec stands there too often: count the hops from state to state on the way back to "
        "State {k}."
    )
    WRONG_INPUT = (
        "Look at the end of the way, timestamp {k}: what is {weight} multiplied by in "
        "equation (E) for S_{k}(In)?"
    )
    WRONG_TIMESTAMP = (
        "This is what another timestamp adds: at which state does the way back end for "
        "timestamp {k}?"
    )
    SIGN = "Look at the signs: what is subtracted from what in the error that the cost squares?"
    MEAN = (
        "Look at the front: the cost is the mean of squares, so which number does its "
        "derivative begin with?"
    )
    IN_FOR_OUT = (
        "State (In) and State (Out) are mixed up: ask at each state whether the value before "
        "or after its activation belongs there."
    )

    def sentence(self, weight: str, timestamp: int) -> str:
        """With the names of a derivative in it: ``wx`` or ``wrec``, at a timestamp."""
        return self.value.format(weight=WEIGHT_NAMES[weight], k=timestamp)


class Part(Enum):
    """What a factor of the derivative stands for."""

    MEAN = "mean"
    ERROR = "error"
    SLOPE = "slope"
    HOP = "hop"
    INPUT = "input"


class Slip(NamedTuple):
    """What a mistake puts in a factor's place; ``1`` leaves it out."""

    mistake: Mistake
    text: str


@dataclass(frozen=True)
class Factor:
    """One factor: as it is typed, why it stands there, and what stands there by mistake.

    Of the slips with one mistake the first is the one that people make everywhere at once.
    """

    part: Part
    text: str
    reason: str
    slips: tuple[Slip, ...]


class Swap(NamedTuple):
    """A mistaken product: the factors at these places are replaced by these texts."""

    mistake: Mistake
    places: tuple[int, ...]
    texts: tuple[str, ...]

    def product(self, factors: Sequence[Factor]) -> str:
        """The whole formula with the mistake in it."""
        kept = dict(enumerate(factor.text for factor in factors))
        replaced = kept | dict(zip(self.places, self.texts, strict=True))
        return "*".join(f"({text})" for text in replaced.values())


def swaps(factors: Sequence[Factor]) -> Iterator[Swap]:
    """All mistakes that are known of a product: each in one place, then each in all places."""
    for place, factor in enumerate(factors):
        for slip in factor.slips:
            yield Swap(slip.mistake, (place,), (slip.text,))
    for part in Part:
        for mistake in Mistake:
            places, texts = _everywhere(factors, part, mistake)
            if len(places) > 1:
                yield Swap(mistake, places, texts)


def _everywhere(
    factors: Sequence[Factor], part: Part, mistake: Mistake
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    first = {
        place: next(slip.text for slip in factor.slips if slip.mistake is mistake)
        for place, factor in enumerate(factors)
        if factor.part is part and any(slip.mistake is mistake for slip in factor.slips)
    }
    return tuple(first), tuple(first.values())


class Shape(NamedTuple):
    """All that the formula of a derivative depends on: no data, no weights."""

    sequences: int
    timestamps: int
    initial_state: float
    hidden_activation: str
    last_activation: str

    def activation(self, timestamp: int) -> Activation:
        """The activation of State ``timestamp``, 1…T."""
        last = timestamp == self.timestamps
        return ACTIVATIONS[self.last_activation if last else self.hidden_activation]


def is_0(weight: str, timestamp: int, shape: Shape) -> bool:
    """Whether a timestamp adds nothing, because what it multiplies the weight by is State 0."""
    return weight == "wrec" and timestamp == 1 and shape.initial_state == 0


def way_back(weight: str, timestamp: int, shape: Shape) -> Iterator[Factor]:
    """The factors of what a timestamp adds to dE/d``weight``, from the cost to the weight."""
    last = shape.timestamps
    yield Factor(
        Part.MEAN,
        f"2/{shape.sequences}",
        "The cost is the sum of squares divided by N: a square gives 2, the mean gives 1/N.",
        tuple(Slip(Mistake.MEAN, text) for text in ("1", "2", "1/N")),
    )
    yield _error(shape)
    for k in range(last, timestamp - 1, -1):
        if k < last:
            yield Factor(
                Part.HOP,
                "Wrec",
                f"In (E), State {k} (Out) is multiplied by Wrec on its way into State {k + 1}.",
                (Slip(Mistake.WREC_FORGOTTEN, "1"), Slip(Mistake.WREC_TOO_MANY, "Wrec**2")),
            )
        if shape.activation(k).slope_symbol:
            yield _slope(shape, k)
    yield _input(weight, timestamp, shape)


def _error(shape: Shape) -> Factor:
    last = shape.timestamps
    text = f"(S{last} - y)"
    slips = [
        Slip(Mistake.SIGN, f"-{text}"),
        Slip(Mistake.SIGN, f"(S{last} + y)"),
        Slip(Mistake.IN_FOR_OUT, f"(S{last}_in - y)"),
    ]
    hidden = shape.activation(1).slope_symbol
    if hidden and not shape.activation(last).slope_symbol:
        slips.append(Slip(Mistake.SLOPE_TOO_MANY, f"{text}*{hidden}(S{last}_in)"))
    reason = f"The square of the error gives the error itself: State {last} (Out) minus y."
    return Factor(Part.ERROR, text, reason, tuple(slips))


def _slope(shape: Shape, k: int) -> Factor:
    activation, last = shape.activation(k), shape.timestamps
    f, slope = activation.symbol, activation.slope_symbol
    # First the neighbours: people are off by one.
    others = sorted({*range(1, last + 1)} - {k}, key=lambda other: (abs(other - k), -other))
    return Factor(
        Part.SLOPE,
        f"{slope}(S{k}_in)",
        f"State {k} has {f}(): the gradient passes it times its slope at State {k} (In).",
        (
            Slip(Mistake.SLOPE_FORGOTTEN, "1"),
            Slip(Mistake.SLOPE_FORGOTTEN, f"{f}(S{k}_in)"),
            Slip(Mistake.SLOPE_TOO_MANY, f"{slope}(S{k}_in)**2"),
            Slip(Mistake.IN_FOR_OUT, f"{slope}(S{k})"),
            *(Slip(Mistake.SLOPE_OF_WRONG_STATE, f"{slope}(S{other}_in)") for other in others),
        ),
    )


def _input(weight: str, k: int, shape: Shape) -> Factor:
    timestamps = shape.timestamps
    inputs = [f"X{j}" for j in range(1, timestamps + 1)]
    states = [f"S{j}" for j in range(timestamps + 1)]
    text = inputs[k - 1] if weight == "wx" else states[k - 1]
    slips = [Slip(Mistake.WREC_TOO_MANY, f"{text}*Wrec")]
    if text in states[1:]:
        slips.append(Slip(Mistake.IN_FOR_OUT, f"{text}_in"))
    slips += [Slip(Mistake.WRONG_INPUT, other) for other in ("1", *inputs, *states, "S0")]
    reason = f"In (E), {WEIGHT_NAMES[weight]} is multiplied by {text} on the way into State {k}."
    if is_0(weight, k, shape):
        reason += " State 0 is 0, so the whole product is 0."
    return Factor(Part.INPUT, text, reason, tuple(slip for slip in slips if slip.text != text))

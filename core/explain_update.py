"""The update in symbols and numbers: clipping, then the lines of the update rule."""

from __future__ import annotations

import math
from itertools import chain
from typing import NamedTuple

from core.equation import Derivative, Equation, Name, Token
from core.experiment import WEIGHT_NAMES
from core.frame import Frame
from core.update_rules import clip_factor

_PLUS, _MINUS, _TIMES, _OVER = Token("+"), Token("−"), Token("·"), Token("/")
_SQUARED, _CLOSE = Token("²"), Token(")")
_LOW = "₀₁₂"

_SENTENCES = {
    "gradient-descent": "Each weight steps against its gradient, as far as its learning rate says.",
    "momentum": "Each weight steps against its velocity v, in which earlier gradients live on.",
    "rprop": "Each weight steps against the sign of its gradient; the size of the step grows "
    "while the sign stays, and shrinks when it turns.",
    "adam": "Each weight steps against the running mean m of its gradients, divided by the root "
    "of s, the running mean of their squares.",
}


class _Weight(NamedTuple):
    """What the update knows of one weight; ``gradient`` is the clipped one, where one is."""

    name: str
    value: float
    rate: float
    gradient: Token
    first: float
    second: float
    new_first: float
    new_second: float
    new_value: float

    def quantity(self, base: str, value: float) -> Token:
        """A number that belongs to this weight."""
        return Token(Name(base, self.name), value)

    def new(self, *step: Token) -> Equation:
        """The last line of every rule: the weight minus its step."""
        return Equation(
            Name(f"new {self.name}"), (Token(Name(self.name), self.value), *step), self.new_value
        )


def explain_update(frame: Frame) -> tuple[str, list[Equation]]:
    """One sentence and all lines, for a frame whose update is done."""
    sentence = _SENTENCES[frame.experiment.update_rule]
    lines, gradients = _clipping(frame)
    if lines:
        factor = lines[1]
        what = "is shortened to the clip norm" if factor.result < 1 else "is short enough to stay"
        sentence = f"The gradient {what}. {sentence}"
    of_each = [
        _LINES[frame.experiment.update_rule](frame, _weight(frame, key, gradient))
        for key, gradient in gradients.items()
    ]
    # The same line of both weights, then the next one: the new weights come together, last.
    lines += chain.from_iterable(zip(*of_each, strict=True))
    return sentence, lines


def _weight(frame: Frame, key: str, gradient: Token) -> _Weight:
    before, after = frame.numbers, frame.numbers_after
    assert after is not None  # the update is done
    pairs = (before.first, before.second, after.first, after.second, frame.weights)
    return _Weight(
        WEIGHT_NAMES[key],
        getattr(frame.trace.weights, key),
        getattr(frame.experiment.learning_rates, key),
        gradient,
        *(getattr(pair, key) for pair in pairs),
    )


def _clipping(frame: Frame) -> tuple[list[Equation], dict[str, Token]]:
    """The lines of the clipping, and for each weight the gradient that the rule goes on with."""
    gradient, limit = frame.trace.gradient, frame.experiment.clip_norm
    whole = {
        key: Token(Derivative(Name(name)), getattr(gradient, key))
        for key, name in WEIGHT_NAMES.items()
    }
    if limit is None:
        return [], whole
    norm = Token(Name("norm"), math.hypot(*gradient))
    squares = (whole["wx"], _SQUARED, _PLUS, whole["wrec"], _SQUARED)
    factor = Token(Name("factor"), clip_factor(*gradient, limit))
    clip_norm = Token(Name("clip norm"), limit)
    clipped = {
        key: Token(Name("g", WEIGHT_NAMES[key]), _value(factor) * _value(token))
        for key, token in whole.items()
    }
    # Of a gradient of 0 there is nothing to shorten, and nothing to divide by.
    smaller = (Token("min(1,"), clip_norm, _OVER, norm, _CLOSE) if _value(norm) else (Token("1"),)
    lines = [
        _line(norm, Token("√("), *squares, _CLOSE),
        _line(factor, *smaller),
        *(_line(clipped[key], factor, _TIMES, token) for key, token in whole.items()),
    ]
    return lines, clipped


def _gradient_descent(_: Frame, weight: _Weight) -> list[Equation]:
    rate = Token(Name("rate"), weight.rate)
    return [weight.new(_MINUS, rate, _TIMES, weight.gradient)]


def _momentum(frame: Frame, weight: _Weight) -> list[Equation]:
    rate = Token(Name("rate"), weight.rate)
    share = Token(Name("momentum"), frame.experiment.momentum)
    velocity = weight.quantity("new v", weight.new_first)
    return [
        _line(velocity, share, _TIMES, weight.quantity("v", weight.first), _PLUS, weight.gradient),
        weight.new(_MINUS, rate, _TIMES, velocity),
    ]


def _rprop(frame: Frame, weight: _Weight) -> list[Equation]:
    stays = weight.new_second == weight.second
    factor = (
        Token(Name("up"), frame.experiment.rprop_up, tip="the sign is that of the epoch before")
        if stays
        else Token(Name("down"), frame.experiment.rprop_down, tip="the sign has turned")
    )
    sign = weight.quantity("sign", weight.new_second)
    size = weight.quantity("new size", weight.new_first)
    return [
        _line(sign, Token("sign("), weight.gradient, _CLOSE),
        _line(size, weight.quantity("size", weight.first), _TIMES, factor),
        weight.new(_MINUS, sign, _TIMES, size),
    ]


def _adam(frame: Frame, weight: _Weight) -> list[Equation]:
    beta1, beta2 = frame.experiment.adam_beta1, frame.experiment.adam_beta2
    mean = weight.quantity("new m", weight.new_first)
    square = weight.quantity("new s", weight.new_second)
    gradient, old_mean = weight.gradient, weight.quantity("m", weight.first)
    old_square = weight.quantity("s", weight.second)
    epochs = frame.position.epoch + 1.0
    lead1 = Token(Name("lead", "1"), 1.0 - beta1**epochs, tip=_lead(1, epochs))
    lead2 = Token(Name("lead", "2"), 1.0 - beta2**epochs, tip=_lead(2, epochs))
    root = _over(square, lead2) ** 0.5
    step = weight.quantity("step", weight.rate * _over(mean, lead1))
    return [
        _line(mean, *_running(1, beta1, old_mean), gradient),
        _line(square, *_running(2, beta2, old_square), gradient, _SQUARED),
        _line(step, Token(Name("rate"), weight.rate), _TIMES, mean, _OVER, lead1),
        _line(weight.quantity("root", root), Token("√("), square, _OVER, lead2, _CLOSE),
        weight.new(
            *(_MINUS, step, _OVER, Token("("), weight.quantity("root", root), _PLUS),
            *(Token(Name("ε"), frame.experiment.adam_epsilon), _CLOSE),
        ),
    ]


_LINES = {
    "gradient-descent": _gradient_descent,
    "momentum": _momentum,
    "rprop": _rprop,
    "adam": _adam,
}


def _running(index: int, beta: float, old: Token) -> tuple[Token, ...]:
    """beta times the old mean, plus 1 - beta times what follows."""
    rest = Token(f"(1 − β{_LOW[index]})", 1.0 - beta)
    return Token(Name("β", str(index)), beta), _TIMES, old, _PLUS, rest, _TIMES


def _lead(index: int, epochs: float) -> str:
    return f"1 − β{_LOW[index]} to the power of {epochs:,.0f}: the mean started at 0"


def _line(left: Token, *tokens: Token) -> Equation:
    return Equation(left.symbol, tokens, _value(left), leads_on=True)


def _over(above: Token, below: Token) -> float:
    return _value(above) / _value(below)


def _value(token: Token) -> float:
    assert token.value is not None
    return token.value

"""A step in symbols, numbers and words, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from core.activations import Activation, Array
from core.equation import Derivative, Equation, Name, Token
from core.experiment import sequence_name
from core.explain_update import explain_update
from core.frame import Frame
from core.steps import Kind, Phase

# A sum of more terms than this shows the first ones, the rest in one number, and the total.
_TERMS, _FIRST_TERMS = 4, 3


@dataclass(frozen=True)
class Explanation:
    """What a step does: a title, one sentence, and its equations.

    ``sequence`` is the sequence that the numbers belong to, empty where they belong to all.
    An ``announced`` step is still to come: its numbers are not to be shown.
    """

    title: str
    sentence: str
    equations: tuple[Equation, ...]
    sequence: str
    announced: bool
    phase: Phase


def explain(frame: Frame) -> Explanation:
    """The step that the frame's position speaks of."""
    step = frame.step
    with np.errstate(over="ignore", invalid="ignore"):  # infinite numbers are shown as such
        sentence, equations = _EXPLAINED[step.kind](frame, step.timestamp)
    title = step.phase.value.capitalize()
    if step.timestamp:
        title += f", timestamp {step.timestamp}"
    elif step.kind is not Kind.UPDATE:
        title += ", the cost" if step.kind is Kind.COST else ", the sums"
    return Explanation(
        title=title,
        sentence=sentence,
        equations=tuple(equations),
        sequence=sequence_name(frame.sequence) if step.kind in _OF_ONE_SEQUENCE else "",
        announced=frame.announced,
        phase=step.phase,
    )


_OF_ONE_SEQUENCE = {Kind.STATE_IN, Kind.STATE_OUT, Kind.D_STATE_OUT, Kind.D_STATE_IN}
_WX, _WREC = Name("Wx"), Name("Wrec")
_PLUS, _MINUS, _TIMES = Token("+"), Token("−"), Token("·")
_OPEN, _CLOSE = Token("("), Token(")")

_Explained = tuple[str, list[Equation]]


def state(timestamp: int, mark: str, sequence: str = "", function: str = "") -> Name:
    """S_k(In) or S_k(Out), of one sequence where it is named."""
    subscript = f"{timestamp},{sequence}" if sequence else str(timestamp)
    return Name("S", subscript, f"({mark})", function)


def _state_in(frame: Frame, k: int) -> _Explained:
    trace, n = frame.trace, frame.sequence
    before = "the initial state" if k == 1 else f"what State {k - 1} gave out"
    tokens = (
        Token(state(k - 1, "Out"), float(trace.state_out[k - 1, n])),
        _TIMES,
        Token(_WREC, trace.weights.wrec),
        _PLUS,
        Token(Name("X", str(k)), float(frame.experiment.inputs[n, k - 1])),
        _TIMES,
        Token(_WX, trace.weights.wx),
    )
    return (
        f"State {k} takes in {before}, times Wrec, and the input at timestamp {k}, times Wx. (E)",
        [Equation(state(k, "In"), tokens, float(trace.state_in[k - 1, n]))],
    )


def _state_out(frame: Frame, k: int) -> _Explained:
    trace, n = frame.trace, frame.sequence
    activation = frame.experiment.activation(k)
    inner = Token(state(k, "In"), float(trace.state_in[k - 1, n]))
    tokens: tuple[Token, ...]
    if activation.symbol:
        tokens = (Token(f"{activation.symbol}("), inner, _CLOSE)
        sentence = f"State {k} gives out {activation.symbol}() of what it took in. (F)"
    else:
        tokens = (inner,)
        sentence = f"State {k} has no {_missing(frame)}: it gives out what it took in. (F)"
    return sentence, [Equation(state(k, "Out"), tokens, float(trace.state_out[k, n]))]


def _cost(frame: Frame, _: int) -> _Explained:
    count, last = frame.sequences, frame.timestamps
    predictions, targets = frame.trace.state_out[-1], frame.experiment.targets

    def squared_error(n: int) -> Iterator[Token]:
        name = sequence_name(n)
        yield _OPEN
        yield Token(state(last, "Out", name), float(predictions[n]))
        yield _MINUS
        yield Token(Name("y", name), float(targets[n]))
        yield Token(")²")

    squares = (predictions - targets) ** 2
    tokens = (
        Token("1/N", 1.0 / count, printed=f"1/{count}"),
        _TIMES,
        _OPEN,
        *_sum_of(squared_error, squares),
        _CLOSE,
    )
    sentence = "The cost is the mean of the squared errors" + (
        f" of the {count:,} sequences." if count > 1 else "."
    )
    return sentence, [Equation(Name("E"), tokens, frame.trace.cost)]


def _d_state_out(frame: Frame, k: int) -> _Explained:
    trace, n, count = frame.trace, frame.sequence, frame.sequences
    tokens: tuple[Token, ...]
    if k == frame.timestamps:
        sentence = "The gradient starts at the prediction: its error, times 2/N."
        tokens = (
            Token("2/N", 2.0 / count, printed=f"2/{count}"),
            _TIMES,
            _OPEN,
            Token(state(k, "Out"), float(trace.state_out[k, n])),
            _MINUS,
            Token(Name("y"), float(frame.experiment.targets[n])),
            _CLOSE,
        )
    else:
        sentence = f"The gradient comes back from State {k + 1} through Wrec."
        tokens = (
            Token(Derivative(state(k + 1, "In")), float(trace.d_state_in[k, n])),
            _TIMES,
            Token(_WREC, trace.weights.wrec),
        )
    left = Derivative(state(k, "Out"))
    return sentence, [Equation(left, tokens, float(trace.d_state_out[k - 1, n]))]


def _d_state_in(frame: Frame, k: int) -> _Explained:
    trace, n = frame.trace, frame.sequence
    activation = frame.experiment.activation(k)
    if activation.symbol:
        sentence = (
            f"The gradient passes the {activation.symbol}() of State {k}: times its slope, "
            "the coloured box."
        )
    else:
        sentence = f"State {k} has no {_missing(frame)}: the gradient passes unchanged, times 1."
    tokens = (
        Token(Derivative(state(k, "Out")), float(trace.d_state_out[k - 1, n])),
        _TIMES,
        _slope(activation, k, float(trace.slopes[k - 1, n])),
    )
    left = Derivative(state(k, "In"))
    return sentence, [Equation(left, tokens, float(trace.d_state_in[k - 1, n]))]


def _slope(activation: Activation, k: int, slope: float) -> Token:
    if not activation.slope_symbol:
        return Token("1", slope)
    symbol = state(k, "In", function=activation.slope_symbol)
    return Token(symbol, slope, boxed=True, tip=activation.slope_formula)


def _d_weights(frame: Frame, k: int) -> _Explained:
    trace, row = frame.trace, k - 1
    d_in = trace.d_state_in[row]

    def added(weight: Name, factor: Callable[[int], Token], terms: Array, total: float) -> Equation:
        def term(n: int) -> Iterator[Token]:
            yield Token(Derivative(state(k, "In", sequence_name(n))), float(d_in[n]))
            yield _TIMES
            yield factor(n)

        tokens = tuple(_sum_of(term, terms))
        return Equation(Derivative(weight, at=str(k)), tokens, total)

    def input_of(n: int) -> Token:
        return Token(Name("X", f"{k},{sequence_name(n)}"), float(frame.experiment.inputs[n, row]))

    def state_before(n: int) -> Token:
        return Token(state(k - 1, "Out", sequence_name(n)), float(trace.state_out[row, n]))

    sentence = f"What timestamp {k} adds to dE/dWx and dE/dWrec, summed over the sequences."
    if k == 1 and frame.experiment.initial_state == 0:
        sentence += " State 0 is 0, so it adds nothing to dE/dWrec."
    return sentence, [
        added(_WX, input_of, trace.d_wx_terms[row], float(trace.d_wx_by_timestamp[row])),
        added(_WREC, state_before, trace.d_wrec_terms[row], float(trace.d_wrec_by_timestamp[row])),
    ]


def _sums(frame: Frame, _: int) -> _Explained:
    trace, count = frame.trace, frame.timestamps
    gradient = trace.gradient

    def summed(weight: Name, by_timestamp: Array, total: float) -> Equation:
        downwards = by_timestamp[::-1]

        def term(i: int) -> Iterator[Token]:
            yield Token(Derivative(weight, at=str(count - i)), float(downwards[i]))

        return Equation(Derivative(weight), tuple(_sum_of(term, downwards)), total)

    return (
        "All timestamps share the two weights, so each gradient is the sum of what they add.",
        [
            summed(_WX, trace.d_wx_by_timestamp, gradient.wx),
            summed(_WREC, trace.d_wrec_by_timestamp, gradient.wrec),
        ],
    )


def _update(frame: Frame, _: int) -> _Explained:
    return explain_update(frame)


_EXPLAINED: dict[Kind, Callable[[Frame, int], _Explained]] = {
    Kind.STATE_IN: _state_in,
    Kind.STATE_OUT: _state_out,
    Kind.COST: _cost,
    Kind.D_STATE_OUT: _d_state_out,
    Kind.D_STATE_IN: _d_state_in,
    Kind.D_WEIGHTS: _d_weights,
    Kind.SUMS: _sums,
    Kind.UPDATE: _update,
}


def _missing(frame: Frame) -> str:
    """What a state without activation lacks: log() where others have it."""
    hidden = frame.experiment.activation(1) if frame.timestamps > 1 else None
    return f"{hidden.symbol}()" if hidden and hidden.symbol else "activation"


def _sum_of(term: Callable[[int], Iterable[Token]], values: Array) -> Iterator[Token]:
    """The terms with plus signs between; of many the first ones, then what the others make."""
    count = len(values)
    shown = count if count <= _TERMS else _FIRST_TERMS
    for n in range(shown):
        if n:
            yield _PLUS
        yield from term(n)
    if shown < count:
        yield _PLUS
        others = f"{count - shown:,} more"
        yield Token(f"… {others}", float(values[shown:].sum()), tip=f"{others} terms, summed")

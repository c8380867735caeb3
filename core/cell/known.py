"""The cells that come with the program: each is its text and its words, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from core.cell.description import Cell
from core.cell.operations import FUNCTIONS
from core.cell.reading import read_cell

# Activations as files call them, and as equations do; "identity" is no function at all.
ACTIVATIONS = {"logistic": "log", "tanh": "tanh", "relu": "relu", "identity": ""}

_STATES = {"S": "State {k}", "S(In)": "State {k} (In)", "S(Out)": "State {k} (Out)"}
_TUTORIAL_CODE = {
    "S(In)": "state_in",
    "S(Out)": "state_out",
    "Wx": "wx",
    "Wrec": "wrec",
    "b": "bias",
    "E": "cost",
}


class _Variant(NamedTuple):
    """A network of the tutorial's kind."""

    title: str
    bias: bool = False
    costs_everywhere: bool = False


_VARIANTS = {
    "tutorial": _Variant("the tutorial's network"),
    "tutorial-with-bias": _Variant("the tutorial's network with a bias", bias=True),
    "running-count": _Variant("running count", costs_everywhere=True),
}


def two_weights(hidden: str = "logistic", last: str = "identity", like: str = "tutorial") -> Cell:
    """Make the tutorial's network, or one of its kind, with these activations of States 1…T-1
    and of State T."""
    title, bias, everywhere = _VARIANTS[like]
    functions = ACTIVATIONS[hidden], ACTIVATIONS[last]
    plus, said = (" + b", ", plus b") if bias else ("", "")
    at_last = "" if everywhere else "  for k = T"
    text = f"""\
S(In) = S(Out)[k-1]*Wrec + X*Wx{plus}  # State {{k}} takes in [the initial state|what \
State {{k-1}} gave out], times Wrec, and the input at timestamp {{k}}, times Wx{said}. (E)
{_gives_out(functions[0], functions[0], "k < T")}
{_gives_out(functions[1], functions[0], "k = T")}
E = mean((S(Out) - y)**2){at_last}
weights: Wx Wrec{" b" * bias}
inputs: X
"""
    return read_cell(
        text, title, key=like, words=_STATES, code=_TUTORIAL_CODE, activations=(hidden, last)
    )


def _gives_out(function: str, hidden: str, when: str) -> str:
    if function:
        says = f"State {{k}} gives out {function}() of what it took in. (F)"
    else:
        # What a state without activation lacks: log() where others have it.
        lacks = f"{hidden}()" if hidden and when == "k = T" else "activation"
        says = f"State {{k}} has no {lacks}: it gives out what it took in. (F)"
    return f"S(Out) = {f'{function}(S(In))' if function else 'S(In)'}  for {when}  # {says}"


_GATES = {"h": "hidden state h{k}", "p": "prediction p{k}"}
_OUTPUT = """\
p = V @ h + bp                      for k = T
E = mean((p - y)**2)                for k = T
"""
_ELMAN = f"""\
h = tanh(Wx @ x + Wrec @ h[k-1] + b)
{_OUTPUT}weights: Wx: H I, Wrec: H H, b: H, V: O H, bp: O
vectors: x: I, h: H, y: O
"""
_LSTM = f"""\
i = sigmoid(Wi @ x + Ui @ h[k-1] + bi)
f = sigmoid(Wf @ x + Uf @ h[k-1] + bf)
g = tanh(Wg @ x + Ug @ h[k-1] + bg)
o = sigmoid(Wo @ x + Uo @ h[k-1] + bo)
c = f * c[k-1] + i * g
h = o * tanh(c)
{_OUTPUT}weights: Wi Wf Wg Wo: H I, Ui Uf Ug Uo: H H, bi bf bg bo: H, V: O H, bp: O
vectors: x: I, h c: H, y: O
"""
_GRU = f"""\
r = sigmoid(Wr @ x + Ur @ h[k-1] + br)
z = sigmoid(Wz @ x + Uz @ h[k-1] + bz)
m = Um @ h[k-1] + bm
n = tanh(Wn @ x + bn + r * m)
h = (1 - z) * n + z * h[k-1]
{_OUTPUT}weights: Wr Wz Wn: H I, Ur Uz Um: H H, br bz bm bn: H, V: O H, bp: O
vectors: x: I, h: H, y: O
"""
_WORDS = {
    "elman": _GATES,
    "lstm": _GATES
    | {
        "i": "input gate i{k}",
        "f": "forget gate f{k}",
        "g": "candidate g{k}",
        "o": "output gate o{k}",
        "c": "cell state c{k}",
    },
    "gru": _GATES
    | {
        "r": "reset gate r{k}",
        "z": "update gate z{k}",
        "m": "proposal m{k}",
        "n": "candidate n{k}",
    },
}


def _vectors(key: str, title: str, text: str) -> Cell:
    return read_cell(text, title, key=key, words=_WORDS[key])


def _numbers(key: str, title: str, text: str) -> Cell:
    """Make the same cell with one unit: plain numbers, so that @ becomes *."""
    equations, _, declared = text.replace(" @ ", " * ").partition("weights: ")
    weights, _, _ = declared.partition("\n")
    names = re.sub(r":[^,]*", "", weights).replace(",", "")
    plain = f"{equations}weights: {names}\ninputs: x\n"
    return read_cell(plain, title, key=f"{key}-1", words=_WORDS[key])


# How each known cell is made, by the name that files give it.
KNOWN: dict[str, Callable[[], Cell]] = {
    "tutorial": two_weights,
    "tutorial-with-bias": partial(two_weights, like="tutorial-with-bias"),
    "running-count": partial(two_weights, "identity", "identity", "running-count"),
    "elman": partial(_vectors, "elman", "Elman network", _ELMAN),
    "lstm": partial(_vectors, "lstm", "LSTM", _LSTM),
    "gru": partial(_vectors, "gru", "GRU", _GRU),
    "elman-1": partial(_numbers, "elman", "Elman network, one unit", _ELMAN),
    "lstm-1": partial(_numbers, "lstm", "LSTM, one unit", _LSTM),
    "gru-1": partial(_numbers, "gru", "GRU, one unit", _GRU),
}

assert set(ACTIVATIONS.values()) - {""} <= FUNCTIONS.keys()

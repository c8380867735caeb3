"""The field's standard words for the tutorial's, which stand on screen.

Tool tips show them beside the tutorial's words, so that a reader of either finds the other.
"""

from __future__ import annotations

from core.steps import Kind

WORDS = {
    "x": "input sequences",
    "X": "input",
    "y": "target (ground truth)",
    "timestamp": "time step",
    "State (In)": "pre-activation",
    "State (Out)": "hidden state (activation)",
    "State 0": "initial state",
    "prediction": "prediction: hidden state of the last time step",
    "log()": "logistic sigmoid, not a logarithm",
    "tanh()": "hyperbolic tangent",
    "relu()": "rectified linear unit",
    "()": "identity: no activation",
    "Wx": "input weight",
    "Wrec": "recurrent weight",
    "rate": "learning rate of this weight",
    "rate of Wx": "learning rate of the input weight",
    "rate of Wrec": "learning rate of the recurrent weight",
    "new Wx": "new input weight",
    "new Wrec": "new recurrent weight",
    "E": "mean squared error",
    "norm": "length of the gradient (Euclidean norm)",
    "clip norm": "gradient clipping threshold",
    "factor": "clipping factor",
    "g": "clipped gradient",
    "momentum": "momentum coefficient",
    "v": "velocity, as the epoch before left it",
    "new v": "velocity",
    "sign": "sign of the gradient",
    "size": "step size, as the epoch before left it",
    "new size": "step size",
    "up": "increase factor of the step size",
    "down": "decrease factor of the step size",
    "m": "first moment, as the epoch before left it",
    "new m": "first moment: running mean of the gradients",
    "s": "second moment, as the epoch before left it",
    "new s": "second moment: running mean of the squared gradients",
    "β": "decay rate of a moment",
    "lead": "bias correction",
    "step": "learning rate times the bias-corrected first moment",
    "root": "root of the bias-corrected second moment",
    "ε": "small number that keeps the denominator above 0",
}


def gradient(word: str) -> str:
    """The standard words for dE/d of something, by its word in the table above."""
    return f"gradient with respect to the {WORDS[word]}"


def at_timestamp(words: str, timestamp: int) -> str:
    """With the place, unless it is 0: State 0, and what belongs to no timestamp."""
    return f"{words} at {WORDS['timestamp']} {timestamp}" if timestamp else words


def step_words(kind: Kind, timestamp: int) -> str:
    """What a step computes; ``timestamp`` is 0 for a step that belongs to none."""
    return at_timestamp(_STEPS[kind], timestamp)


_BOTH_WEIGHTS = f"{WORDS['Wx']} and the {WORDS['Wrec']}"
_STEPS = {
    Kind.STATE_IN: WORDS["State (In)"],
    Kind.STATE_OUT: WORDS["State (Out)"],
    Kind.COST: WORDS["E"],
    Kind.D_STATE_OUT: gradient("State (Out)"),
    Kind.D_STATE_IN: gradient("State (In)"),
    Kind.D_WEIGHTS: f"parts of the gradients with respect to the {_BOTH_WEIGHTS}",
    Kind.SUMS: f"gradients with respect to the {_BOTH_WEIGHTS}",
    Kind.UPDATE: f"new {_BOTH_WEIGHTS}",
}

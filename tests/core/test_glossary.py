"""Every quantity that stands on screen has the field's words beside it."""

from __future__ import annotations

import pytest

from core.activations import ACTIVATIONS
from core.equation import Derivative, Name, Symbol
from core.explain import explain
from core.frame import frame_at
from core.glossary import WORDS, step_words
from core.presets import PRESETS
from core.steps import Kind, Position, epoch_length, steps_of
from core.training import Run

GRADIENT = "gradient with respect to the "


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        (Name("S", "2", "(In)"), "pre-activation at time step 2"),
        (Name("S", "2,a", "(Out)"), "hidden state (activation) at time step 2"),
        (Name("S", "0,a", "(Out)"), "initial state"),
        (Name("S", "2", "(In)", "d_log"), "derivative of the activation at time step 2"),
        (Name("X", "3,b"), "input at time step 3"),
        (Name("y", "a"), "target (ground truth)"),
        (Name("Wrec"), "recurrent weight"),
        (Name("rate"), "learning rate of this weight"),
        (Name("E"), "mean squared error"),
        (Derivative(Name("Wx")), GRADIENT + "input weight"),
        (Derivative(Name("Wx"), at="2"), f"part of the {GRADIENT}input weight at time step 2"),
        (Derivative(Name("S", "1", "(In)")), GRADIENT + "pre-activation at time step 1"),
    ],
)
def test_a_symbol_has_the_words_of_the_field(symbol: Name | Derivative, words: str) -> None:
    assert symbol.words == words


@pytest.mark.parametrize("preset", PRESETS)
def test_every_symbol_of_every_equation_has_words(preset: str) -> None:
    run = Run(PRESETS[preset].experiment)
    run.reach(1)
    symbols: set[Symbol] = set()
    for step in range(epoch_length(run.experiment.timestamps) + 1):
        for equation in explain(frame_at(run, Position(0, step))).equations:
            symbols |= {equation.left, *(token.symbol for token in equation.tokens)}
    named = [symbol for symbol in symbols if not isinstance(symbol, str)]
    assert all(symbol.words for symbol in named)
    assert len(named) > 30


def test_every_step_has_words_of_its_own() -> None:
    words = {step_words(step.kind, step.timestamp) for step in steps_of(3)}
    assert len(words) == epoch_length(3)
    assert step_words(Kind.COST, 0) == "mean squared error"


def test_every_activation_has_words() -> None:
    assert len({WORDS[f"{a.symbol}()"] for a in ACTIVATIONS.values()}) == len(ACTIVATIONS)

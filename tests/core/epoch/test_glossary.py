"""Every quantity that stands on screen has the field's words beside it."""

from __future__ import annotations

from itertools import chain

import pytest

from core.cell.known import ACTIVATIONS, KNOWN
from core.cell.steps import Kind
from core.epoch.equation import Name
from core.epoch.explain import explain
from core.epoch.glossary import WORDS, Glossary
from tests.core.epoch.frames import experiment_of, frames_of

GRADIENT = "gradient with respect to the "


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """Words of all symbols of an epoch of the tutorial's network, and of the LSTM."""
    found = {}
    for key in ("lstm", "tutorial"):
        for frame in frames_of(experiment_of(KNOWN[key]())):
            for equation in explain(frame).equations:
                symbols = (token.symbol for token in equation.tokens)
                for symbol in chain((equation.left,), symbols):
                    found[str(symbol)] = "" if isinstance(symbol, str) else symbol.words
    return found


@pytest.mark.parametrize(
    ("symbol", "said"),
    [
        ("S_2(In)", "pre-activation at time step 2"),
        ("S_2,a(Out)", "hidden state (activation) at time step 2"),
        ("S_0,a(Out)", "initial state"),
        ("d_log(S_2(In))", "derivative of the activation at time step 2"),
        ("X_3,b", "input at time step 3"),
        ("y_a", "target (ground truth)"),
        ("Wrec", "recurrent weight"),
        ("new Wx", "new input weight"),
        ("rate", "learning rate of this weight"),
        ("E", "mean squared error"),
        ("dE/dWx", GRADIENT + "input weight"),
        ("dE/dWx at 2", f"part of the {GRADIENT}input weight at time step 2"),
        ("dE/dS_1(In)", GRADIENT + "pre-activation at time step 1"),
        ("i_2(In)[1]", "pre-activation of the input gate at time step 2"),
        ("c_0[1]", "initial cell state"),
        ("Uf[1,2]", "recurrent weight of the forget gate"),
        ("d_tanh(c_2[1])", "derivative of the activation at time step 2"),
        ("dE/dV[1,1] at 3", f"part of the {GRADIENT}output weight at time step 3"),
    ],
)
def test_a_symbol_has_the_words_of_the_field(words: dict[str, str], symbol: str, said: str) -> None:
    assert words[symbol] == said


def test_every_name_has_words(words: dict[str, str]) -> None:
    signs = {symbol for symbol, said in words.items() if not said}
    assert signs <= set("+−·/()1∘²") | {"1/N", "2/N", ")²", "tanh(", "log(", "sigmoid("} | {
        symbol for symbol in signs if symbol.startswith("…")
    }


def test_a_number_of_a_rule_is_not_taken_for_a_quantity_of_the_cell() -> None:
    experiment = experiment_of(KNOWN["gru"](), update_rule="adam")
    *_, last = frames_of(experiment)
    (token,) = [t for t in explain(last).equations[0].tokens if str(t.symbol).startswith("m_")]
    assert isinstance(token.symbol, Name)
    assert token.symbol.words == WORDS["m"]


@pytest.mark.parametrize("key", KNOWN)
def test_every_step_has_words_of_its_own(key: str) -> None:
    experiment = experiment_of(KNOWN[key]())
    glossary = Glossary(experiment.cell)
    assert len({glossary.step(step) for step in experiment.steps}) == len(experiment.steps)
    cost = experiment.steps[experiment.steps.number(Kind.COST) - 1]
    assert glossary.step(cost) == "mean squared error"


def test_every_activation_has_words() -> None:
    assert len({WORDS[f"{function}()"] for function in ACTIVATIONS.values()}) == len(ACTIVATIONS)

"""The cells that come with the program."""

import itertools
import re

import pytest

from core.cell.description import Cell
from core.cell.expression import Apply
from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.operations import function_of
from core.cell.reading import read_cell

PLAIN = ("tutorial", "tutorial-with-bias", "running-count", "elman-1", "lstm-1", "gru-1")
PAIRS = list(itertools.product(ACTIVATIONS, ACTIVATIONS))

# What version 0.1.0 says of each forward step: part 2 of the tutorial, sequence a.
SENTENCES = {
    ("S(In)", 1): "State 1 takes in the initial state, times Wrec, and the input at timestamp 1, "
    "times Wx. (E)",
    ("S(In)", 2): "State 2 takes in what State 1 gave out, times Wrec, and the input at timestamp "
    "2, times Wx. (E)",
    ("S(Out)", 1): "State 1 gives out log() of what it took in. (F)",
    ("S(Out)", 3): "State 3 has no log(): it gives out what it took in. (F)",
}


def said(cell: Cell, name: str, k: int, last: int = 3) -> str:
    """Fill the sentence of an equation in, as a learner reads it at timestamp k."""
    (equation,) = (e for e in cell.at(k == last) if e.left == name)
    chosen = re.sub(r"\[(.*?)\|(.*?)\]", r"\1" if k == 1 else r"\2", equation.says)
    return chosen.replace("{k}", str(k)).replace("{k-1}", str(k - 1))


def test_there_are_nine() -> None:
    assert [*KNOWN] == [
        *("tutorial", "tutorial-with-bias", "running-count"),
        *("elman", "lstm", "gru", "elman-1", "lstm-1", "gru-1"),
    ]


@pytest.mark.parametrize("key", KNOWN)
def test_a_known_cell_is_its_text(key: str) -> None:
    cell = KNOWN[key]()
    assert cell.key == key
    assert cell.title
    assert cell.is_plain == (key in PLAIN)
    again = read_cell(
        cell.text,
        cell.title,
        key=key,
        words=cell.words,
        code=cell.code,
        activations=cell.activations,
    )
    assert again == cell == KNOWN[key]()
    for at_last in (False, True):
        assert again.at(at_last) == cell.at(at_last)
        assert again.backward(at_last) == cell.backward(at_last)
    assert (again.cost, again.weights, again.input) == (cell.cost, cell.weights, cell.input)
    assert (again.shapes, again.states) == (cell.shapes, cell.states)
    assert set(cell.words) <= {*cell.quantities, "S"}
    assert set(cell.code) <= {*cell.quantities, *cell.weights, cell.cost.left, "b"}


@pytest.mark.parametrize(
    ("key", "states", "weights", "prediction"),
    [
        ("tutorial", ("S(Out)",), 2, "S(Out)"),
        ("tutorial-with-bias", ("S(Out)",), 3, "S(Out)"),
        ("running-count", ("S(Out)",), 2, "S(Out)"),
        ("elman", ("h",), 5, "p"),
        ("lstm", ("c", "h"), 14, "p"),
        ("gru", ("h",), 12, "p"),
        ("elman-1", ("h",), 5, "p"),
        ("lstm-1", ("c", "h"), 14, "p"),
        ("gru-1", ("h",), 12, "p"),
    ],
)
def test_what_a_known_cell_is_made_of(
    key: str, states: tuple[str, ...], weights: int, prediction: str
) -> None:
    cell = KNOWN[key]()
    assert (cell.states, len(cell.weights), cell.prediction) == (states, weights, prediction)
    assert cell.costs_everywhere == (key == "running-count")


@pytest.mark.parametrize(("hidden", "last"), PAIRS)
def test_both_activations_of_the_tutorial_can_be_chosen(hidden: str, last: str) -> None:
    cell = two_weights(hidden, last)
    assert cell.activations == (hidden, last)
    for at_last, activation in ((False, hidden), (True, last)):
        taken_in, given_out = cell.at(at_last)
        assert (taken_in.left, given_out.left) == ("S(In)", "S(Out)")
        assert function_of(given_out.right) == ACTIVATIONS[activation]
        assert isinstance(given_out.right, Apply) == (activation != "identity")
        assert f"{ACTIVATIONS[activation] or 'no'}" in given_out.says
    assert len({two_weights(*pair).text for pair in PAIRS}) == 16
    assert read_cell(cell.text).equations == cell.equations


@pytest.mark.parametrize("place", SENTENCES)
def test_the_tutorials_own_sentences_stand_in_its_text(place: tuple[str, int]) -> None:
    assert said(KNOWN["tutorial"](), *place) == SENTENCES[place]


def test_sentences_of_other_activations() -> None:
    cell = two_weights("tanh", "relu")
    assert said(cell, "S(Out)", 1) == "State 1 gives out tanh() of what it took in. (F)"
    assert said(cell, "S(Out)", 3) == "State 3 gives out relu() of what it took in. (F)"
    without = two_weights("identity", "identity")
    assert said(without, "S(Out)", 1) == (
        "State 1 has no activation: it gives out what it took in. (F)"
    )
    assert said(KNOWN["tutorial-with-bias"](), "S(In)", 2).endswith("times Wx, plus b. (E)")

"""The way back that is derived from a cell, line by line, against complex steps."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cell.description import Cell
from core.cell.expression import Apply, Leaf, Node, leaves
from core.cell.known import KNOWN
from core.cell.reading import read_cell
from tests.core.random_cells import (
    FUNCTIONS,
    Data,
    Forward,
    gradient,
    random_cells,
    random_data,
    random_text,
)

_SMALL = 1e-30


def _slope(name: str, z: Any) -> Any:
    return FUNCTIONS[name](z + 1j * _SMALL).imag / _SMALL


class Backward(Forward):
    """The lines of the way back, worked out one after the other; ``total`` is dE/d of weights."""

    def __init__(self, cell: Cell, data: Data) -> None:
        super().__init__(cell, data)
        self.total: dict[str, Any] = dict.fromkeys(cell.weights, 0.0)
        self.slopes: dict[tuple[str, int], Any] = {}
        for k in range(self.timestamps, 0, -1):
            for line in cell.backward(k == self.timestamps):
                value = self.value(line.right, k)
                assert line.left.d
                assert line.left.shift == 0
                if line.left.name in cell.weights:
                    self.total[line.left.name] += value
                else:
                    assert np.shape(value) == np.shape(self.values[line.left.name, k])
                    self.slopes[line.left.name, k] = value

    def leaf(self, leaf: Leaf, k: int) -> Any:
        if leaf.d:
            return self.slopes[leaf.name, k + (leaf.shift or 0)]
        return super().leaf(leaf, k)

    def applied(self, op: str, args: list[Any]) -> Any:
        others: dict[str, Callable[..., Any]] = {
            "T@": lambda w, g: np.einsum("oi,no->ni", w, g),
            "outer": lambda g, x: np.einsum("no,ni->noi", g, x),
            "sum outer": lambda g, x: np.einsum("no,ni->oi", g, x),
            "sum": lambda terms: np.sum(terms, axis=0),
            "dot": lambda p, g: np.sum(p * g, axis=-1, keepdims=True),
        }
        if op in others:
            return others[op](*args)
        return _slope(op[2:], args[0]) if op.startswith("d_") else super().applied(op, args)


def check_gradient(cell: Cell, seed: int, last: int) -> None:
    data = random_data(cell, np.random.default_rng(seed), 3, last)
    found, right = Backward(cell, data).total, gradient(cell, data)
    for name in cell.weights:
        np.testing.assert_allclose(found[name], right[name], rtol=1e-9, atol=1e-11, err_msg=name)


@settings(max_examples=100)
@given(random_cells(), st.integers(0, 99), st.integers(1, 4))
def test_the_way_back_agrees_with_complex_steps(cell: Cell, seed: int, last: int) -> None:
    check_gradient(cell, seed, last)


@pytest.mark.parametrize("key", KNOWN)
def test_the_way_back_of_known_cells_agrees_with_complex_steps(key: str) -> None:
    for last in (1, 2, 5):
        check_gradient(KNOWN[key](), 1, last)


def test_a_way_back_with_a_mistake_does_not_agree() -> None:
    cell = read_cell(KNOWN["lstm"]().text)
    lines = cell.backward(at_last=False)
    line = next(x for x in lines if x.left.name == "c")
    wrong = tuple(x._replace(right=-x.right) if x is line else x for x in lines)
    cell.__dict__["_backward"] = (wrong, cell.backward(at_last=True))
    with pytest.raises(AssertionError):
        check_gradient(cell, 1, 3)


@pytest.fixture(scope="module")
def drawn() -> list[Cell]:
    random = Random(1)  # noqa: S311 (to be repeated)
    return [read_cell(random_text(random)) for _ in range(300)]


def test_300_drawn_cells_are_read(drawn: list[Cell]) -> None:
    for cell in drawn:
        assert cell.prediction in cell.quantities
        assert set(cell.states) <= set(cell.quantities)
        assert cell.is_plain != ("vectors:" in cell.text)
        assert read_cell(cell.text) == cell


def test_drawn_cells_have_all_that_a_description_may_have(drawn: list[Cell]) -> None:
    """What is never drawn is never tested."""
    ops = {op for cell in drawn for e in (*cell.equations, cell.cost) for op in _ops(e.right)}
    assert ops >= {*FUNCTIONS, "softmax", "squares", "entropy", *"+-*/@", "**", "neg"}
    assert {(cell.costs_everywhere, cell.is_plain, bool(cell.states)) for cell in drawn} == {
        (everywhere, plain, recurs)
        for everywhere in (False, True)
        for plain in (False, True)
        for recurs in (False, True)
    }
    assert {e.when for cell in drawn for e in cell.equations} == {"", "k < T", "k = T"}
    assert {len(cell.shapes[w]) for cell in drawn for w in cell.weights} == {0, 1, 2}


def _ops(node: Node) -> set[str]:
    inner = [_ops(arg) for arg in node.args] if isinstance(node, Apply) else []
    return set().union(*inner, {node.op} if isinstance(node, Apply) else set())


@settings(max_examples=60)
@given(random_cells())
def test_each_line_of_the_way_back_takes_what_is_there(cell: Cell) -> None:
    for at_last in (False, True):
        done: set[str] = set()
        for line in cell.backward(at_last):
            for leaf in leaves(line.right):
                if leaf.d and leaf.shift == 0 and leaf.name != cell.cost.left:
                    assert leaf.name in done
                assert not (at_last and leaf.shift == 1)
            done.add(line.left.name)
        made = {e.left for e in cell.at(at_last)}
        assert done - {*cell.weights} == made, "every quantity has a gradient where it has a value"


@settings(max_examples=60)
@given(random_cells())
def test_the_lines_gather_the_ways(cell: Cell) -> None:
    for at_last in (False, True):
        for line in cell.backward(at_last):
            ways = cell.ways(line.left.name, at_last)
            assert ways
            assert all(way.later in (0, 1) for way in ways)
            assert all(way.equation.holds(at_last) or way.later for way in ways)


def test_two_cells_with_one_text_are_the_same() -> None:
    cell = KNOWN["gru"]()
    assert cell == KNOWN["gru"]()
    assert hash(cell) == hash(KNOWN["gru"]())
    assert cell != read_cell(cell.text), "one comes with the program, one is one's own"
    assert cell != KNOWN["elman"]()

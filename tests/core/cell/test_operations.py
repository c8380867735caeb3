"""Each row of the table of operations: how its gradient passes it, against complex steps."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.operations import FUNCTIONS, OPERATIONS, Pull
from core.code.functions import FUNCTION_LINES

N, SMALL = 4, 1e-30
WITH_PULL = [op for op, row in OPERATIONS.items() if row.pull is not None]
COSTS = ("squares", "entropy")
# Shapes of the arguments of one operation, on vectors; the others take and give (N, 3).
SHAPES = {"@": ((2, 3), (N, 3))}
NAMES = ("a", "b")


def functions() -> dict[str, Any]:
    """Run the functions of a listing."""
    space: dict[str, Any] = {"np": np, "N": N}
    exec("\n".join(line for lines in FUNCTION_LINES.values() for line in lines), space)  # noqa: S102
    return space


def value(node: Node, space: dict[str, Any]) -> Any:
    """Work an expression out by what the table says of NumPy, with all brackets."""
    return eval(text_of(node), dict(space))  # noqa: S307 (our own)


def text_of(node: Node) -> str:
    if isinstance(node, Leaf):
        return node.name
    if isinstance(node, Number):
        return f"({node.value!r} / N)" if node.mean else f"({node.value!r})"
    assert isinstance(node, Apply)
    return f"({OPERATIONS[node.op].numpy.format(*(f'({text_of(arg)})' for arg in node.args))})"


def arguments(op: str, vectors: bool, rng: np.random.Generator) -> dict[str, Any]:
    """Draw positive arguments, and for a function of one number some below 0."""
    count = 1 + max(OPERATIONS[op].numpy.find("{1}") > 0, OPERATIONS[op].numpy.startswith("{1}"))
    shapes = SHAPES.get(op, (((N, 3) if vectors else (N,)),) * count)
    below = op in FUNCTIONS and op != "sqrt"
    return {
        name: rng.uniform(0.3, 1.5, shape) * (rng.choice((-1, 1), shape) if below else 1)
        for name, shape in zip(NAMES, shapes, strict=False)
    }


def mistakes(op: str) -> list[str]:
    """List the arguments to which a row takes a gradient that is not the true one."""
    return [
        name
        for vectors in (True, False)
        if vectors or op not in ("@", "softmax", "entropy")
        for name in _mistakes(op, vectors)
    ]


def _mistakes(op: str, vectors: bool) -> Iterator[str]:
    rng = np.random.default_rng(5)
    given = arguments(op, vectors, rng)
    args: list[Node] = [Leaf(name) for name in given]
    args = [args[0], Number(3.0)] if op == "**" else args
    node, space = Apply(op, tuple(args)), {**functions(), **given}
    found = np.asarray(value(node, space))
    space["g"] = np.ones(()) if op in COSTS else rng.uniform(0.5, 1.5, found.shape)
    pull = OPERATIONS[op].pull
    assert pull is not None
    for arg, back in zip(args, pull(Leaf("g"), *args), strict=True):
        if not isinstance(arg, Leaf) or back is None:
            continue
        pulled = np.asarray(value(back, space))
        if pulled.ndim > space[arg.name].ndim:  # of a weight: a part from each sequence
            pulled = pulled.sum(axis=0)
        if not np.allclose(pulled, _by_steps(node, arg.name, space), rtol=1e-9, atol=1e-12):
            yield arg.name


def _by_steps(node: Node, name: str, space: dict[str, Any]) -> Any:
    slopes = np.empty(space[name].shape)
    for part in np.ndindex(slopes.shape):
        moved = space[name].astype(complex)
        moved[part] += 1j * SMALL
        slopes[part] = np.sum(space["g"] * value(node, {**space, name: moved})).imag / SMALL
    return slopes


@pytest.mark.parametrize("op", WITH_PULL)
def test_each_row_passes_a_gradient_as_complex_steps_do(op: str) -> None:
    assert mistakes(op) == []


def plants() -> Iterator[tuple[str, int, str]]:
    """List the mistakes to plant: in each row, for each argument that has a gradient."""
    for op in WITH_PULL:
        pull = OPERATIONS[op].pull
        assert pull is not None
        args = [Leaf("a"), Number(3.0) if op == "**" else Leaf("b")]
        count = len(arguments(op, True, np.random.default_rng(1))) + (op == "**")
        for place, back in enumerate(pull(Leaf("g"), *args[:count])):
            if back is not None:
                yield from ((op, place, what) for what in ("sign", "factor", "nothing"))


def planted(pull: Pull, place: int, what: str) -> Pull:
    def wrong(g: Node, *args: Node) -> tuple[Node | None, ...]:
        backs = list(pull(g, *args))
        back = backs[place]
        assert back is not None
        made = {"sign": -back, "factor": Number(2.0) * back, "nothing": Number(0.0) * back}
        backs[place] = made[what]
        return tuple(backs)

    return wrong


@pytest.mark.parametrize(("op", "place", "what"), [*plants()])
def test_a_mistake_in_a_row_is_noticed(
    op: str, place: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = OPERATIONS[op]
    assert row.pull is not None
    monkeypatch.setitem(OPERATIONS, op, replace(row, pull=planted(row.pull, place, what)))
    assert set(mistakes(op)) == {NAMES[place]}


@pytest.mark.parametrize("op", WITH_PULL)
def test_a_gradient_passes_by_rows_that_are_there(op: str) -> None:
    pull = OPERATIONS[op].pull
    assert pull is not None
    count = len(arguments(op, True, np.random.default_rng(1))) + (op == "**")
    args = (Leaf("a"), Number(3.0) if op == "**" else Leaf("b"))[:count]
    for back in pull(Leaf("g"), *args):
        if back is not None:
            assert op in COSTS or Leaf("g") in leaves(back)
            assert text_of(back)


def test_functions_and_their_slopes_have_all_that_a_listing_needs() -> None:
    for name in FUNCTIONS:
        assert {name, f"d_{name}"} <= {*OPERATIONS} & {*FUNCTION_LINES}
        assert FUNCTIONS[name].formula.startswith(f"{name}(z)")
        assert FUNCTIONS[name].slope.startswith(f"d_{name}(z) = ")
    assert "softmax" in FUNCTION_LINES

"""Each step as one sentence: forward by its equation, backward by the way the gradient came."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from core.cell.description import Cell
from core.cell.description import Equation as CellEquation
from core.cell.expression import ONE, Apply, Leaf, Node, leaves, summands, total
from core.cell.names import apart
from core.cell.operations import function_of
from core.cell.parsing import TARGET
from core.cell.steps import Kind, Step
from core.cell.update_rules import clip_factor
from core.epoch.frame import Frame
from core.epoch.glossary import called, filled, listed, place, said, upper

FEW = 3  # weights that a sentence names

WayBack = tuple[CellEquation, int, Node]


def together(cell: Cell, name: str, at_last: bool) -> list[WayBack]:
    """List the ways back to a quantity, one for each equation that it goes into."""
    terms: dict[tuple[CellEquation, int], list[Node]] = {}
    for way in cell.ways(name, at_last):
        terms.setdefault((way.equation, way.later), []).append(way.term)
    return [(equation, later, total(found)) for (equation, later), found in terms.items()]


def sentence(frame: Frame) -> str:
    """Say what the frame's step does, without a number that is computed."""
    step, cell = frame.step, frame.experiment.cell
    match step.kind:
        case Kind.VALUE:
            equations = cell.at(step.timestamp == frame.timestamps)
            equation = next(e for e in equations if e.left == step.name)
            return _forward(cell, equation, step.timestamp)
        case Kind.COST:
            return _cost(frame)
        case Kind.GRADIENT:
            return _backward(cell, frame.timestamps, step.name, step.timestamp)
        case Kind.PARTS:
            return _parts(frame, step)
        case Kind.SUMS:
            return _sums(cell)
    return _clipping(frame) + frame.experiment.rule.sentence


def _forward(cell: Cell, equation: CellEquation, k: int) -> str:
    if equation.says:
        return _ended(filled(equation.says, k))
    left, right = upper(called(cell, equation.left, k)), equation.right
    same = "the same as " * isinstance(right, Leaf)
    return f"{left} is {same}{said(cell, right, k)}."


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."


def _cost(frame: Frame) -> str:
    cell, count = frame.experiment.cell, frame.sequences
    if cell.cost.says:
        return _ended(filled(cell.cost.says, frame.timestamps))
    summed = ", summed over the timestamps" * cell.costs_everywhere
    what = "squared errors" if cell.is_squared else "cross-entropies"
    of = f" of the {count:,} sequences" * (count > 1)
    return f"The cost is the mean of the {what}{of}{summed}."


@lru_cache(maxsize=512)
def _backward(cell: Cell, last: int, name: str, k: int) -> str:
    ways = together(cell, name, k == last)
    if len(ways) == 1:
        return _one_way(cell, last, name, k, ways[0])
    back = [f"from {_there(cell, way, k)}{_how(cell, way, k)}" for way in ways]
    both = "both" if len(ways) == 2 else "all of them"
    return (
        f"{upper(place(cell, name, k))} goes on to {len(ways)} places, and the gradient comes back "
        f"from {both}: {listed(back, ', and')}. These add up."
    )


def _one_way(cell: Cell, last: int, name: str, k: int, way: WayBack) -> str:
    equation, _, _ = way
    there, function = _there(cell, way, k), function_of(equation.right)
    if equation is cell.cost:
        return f"The gradient starts at the prediction: {_of_cost(cell)}."
    if equation.right == Leaf(name, 0) and apart(equation.left)[0] == apart(name)[0]:
        missing = _missing(cell, equation) if last > 1 else "activation"
        here = upper(place(cell, name, k))
        return f"{here} has no {missing}: the gradient passes unchanged, times 1."
    if function and Leaf(name, 0) in _arguments(equation.right):
        how = "times its slope, the coloured box"
        if function == "softmax":
            how = "what raises one share lowers the others"
        return f"The gradient passes the {function}() of {there}: {how}."
    return f"The gradient comes back from {there}{_how(cell, way, k)}."


def _missing(cell: Cell, equation: CellEquation) -> str:
    """Say what a state without activation lacks: log() where others have it."""
    others = [e for e in cell.at(at_last=False) if e.left == equation.left]
    functions = [f"{function_of(e.right)}()" for e in others if function_of(e.right)]
    return functions[0] if functions else "activation"


def _there(cell: Cell, way: WayBack, k: int) -> str:
    equation, later, _ = way
    return "the cost" if equation is cell.cost else place(cell, equation.left, k + later)


def _of_cost(cell: Cell) -> str:
    if not cell.is_squared:
        return "the slope of the cross-entropy"
    (error,) = _arguments(cell.cost.right)
    names = [x.name for x in _arguments(error) if isinstance(x, Leaf)]
    direct = names[1:] == [TARGET]
    return "its error, times 2/N" if direct else "the slope of the squared error"


def _arguments(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Apply) else ()


def _how(cell: Cell, way: WayBack, k: int) -> str:
    """Say what the gradient of one way is multiplied by."""
    equation, _, term = way
    if equation is cell.cost:
        return f", {_of_cost(cell)}"
    found = [_factors(cell, part, k, minus) for minus, part in summands(term)]
    return " and".join(text.removeprefix("," * (i > 0)) for i, text in enumerate(found))


def _factors(cell: Cell, term: Node, k: int, minus: bool) -> str:
    above: list[Node] = []
    below: list[Node] = []
    minus ^= _take_apart(term, above, below)
    weights = [x.name for node in above for x in leaves(node) if x.name in cell.weights]
    if len(weights) == 1 and len(above) == 1 and not below and not minus:
        return f" through {weights[0]}"
    hidden = [node for node in above if any(x.d for x in leaves(node))]
    words = [said(cell, node, k) for node in above if node not in hidden and node != ONE]
    words += [name for node in hidden for x in leaves(node) if (name := x.name) in cell.weights]
    text = f", times {listed(words)}" if words else ", unchanged" * (not below and not minus)
    text += f", divided by {listed([said(cell, node, k) for node in below])}" if below else ""
    return text + ", with its sign turned" * minus


def _take_apart(node: Node, above: list[Node], below: list[Node]) -> bool:
    """List the factors of a term, without the gradient itself; tell whether it has a minus sign."""
    match node:
        case Apply("neg", (one,)):
            return not _take_apart(one, above, below)
        case Apply("*", (one, other)):
            return _take_apart(one, above, below) ^ _take_apart(other, above, below)
        case Apply("/", (one, other)):
            below.append(other)
            return _take_apart(one, above, below)
        case Leaf(d=True):
            return False
    above.append(node)
    return False


def _parts(frame: Frame, step: Step) -> str:
    names = [f"dE/d{line.left.name}" for line in step.lines]
    what = listed(names) if len(names) <= FEW else f"the {len(names)} gradients"
    text = f"What timestamp {step.timestamp} adds to {what}, summed over the sequences."
    cell = frame.experiment.cell
    for state in cell.states if step.timestamp == 1 else ():
        nothing = [f"dE/d{x.left.name}" for x in step.lines if _takes(x.right, Leaf(state, -1))]
        if nothing and not np.any(frame.experiment.initial_state[state]):
            here = upper(place(cell, state, 0))
            text += f" {here} is 0, so it adds nothing to {listed(nothing)}."
    return text


def _takes(node: Node, factor: Leaf) -> bool:
    """Tell whether all that is summed in an expression is multiplied by a quantity."""
    if isinstance(node, Apply) and node.op in ("+", "-"):
        return all(_takes(arg, factor) for arg in node.args)
    inside = isinstance(node, Apply) and node.op in ("sum", "sum outer", "*", "neg")
    return node == factor or (inside and any(_takes(arg, factor) for arg in _arguments(node)))


def _sums(cell: Cell) -> str:
    shared = [w for w in cell.weights if cell.ways(w, at_last=False)]
    count, all_of = len(shared), len(cell.weights)
    if count == all_of:
        many = f"the {'two' if count == 2 else count} weights, so each"
        whose = "the weight, so its" if count == 1 else many
        return f"All timestamps share {whose} gradient is the sum of what they add."
    return (
        f"All timestamps share {count} of the {all_of} weights, so each of their gradients is the "
        "sum of what they add; the others are used at timestamp T alone."
    )


def _clipping(frame: Frame) -> str:
    limit = frame.experiment.clip_norm
    if limit is None:
        return ""
    shortened = clip_factor(frame.trace.gradient.flat, limit) < 1.0
    what = "is shortened to the clip norm" if shortened else "is short enough to stay"
    return f"The gradient {what}. "

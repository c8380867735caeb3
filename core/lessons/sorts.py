"""The sorts of quantities that a cell has, each with its name in lessons: all of them derived."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from core.cell.description import Cell, Shape
from core.cell.expression import Apply, Leaf, Node, operations
from core.cell.names import apart, label
from core.cell.operations import FUNCTIONS
from core.cell.parsing import TARGET
from core.cell.steps import Kind
from core.code.hop import hop_quantities
from core.data.experiment import Experiment
from core.epoch.frame import Frame

Value = Callable[[Frame, int, int], Any]
_PLACES = {
    "{k}": "(?P<k>[0-9]+)",
    "{p}": r"(?P<p>\[[0-9]+(?:;[0-9]+)*\])",
    "{s}": "(?P<s>[a-z]|[0-9]+)",
}


class Sort(NamedTuple):
    """A sort of quantities: how they are written, their value, and where they are known.

    In the ``form`` {k} stands for a timestamp, {p} for a component and {s} for a sequence.
    ``value`` takes the frame, a timestamp and a sequence, and gives a number, or an array of this
    ``shape``. The timestamps are those of the step ``at``, 1…T - ``before_last`` without one.
    """

    form: str
    value: Value
    at: tuple[Kind, str] | None = None
    shape: Shape = ()
    before_last: int = 0
    shown: Callable[[Frame], Any] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of its names."""
        parts = re.split(r"(\{[kps]\})", self.form)
        expressions = [_PLACES.get(part) or re.escape(part) for part in parts]
        if len(self.shape) == 2:
            expressions = [x.replace(")*", ")") for x in expressions]
        elif self.shape:
            expressions = [x.replace("(?:;[0-9]+)*", "") for x in expressions]
        return re.compile("".join(expressions))

    def is_known(self, frame: Frame, k: int) -> bool:
        """Tell whether the step is done that computes it."""
        if self.at is None:
            return True
        kind, name = self.at
        at_last = not k and kind is Kind.VALUE
        return frame.knows(kind, name, frame.timestamps if at_last else k)

    def timestamps(self, experiment: Experiment) -> range:
        """Tell at which timestamps it is there."""
        last = experiment.timestamps - self.before_last
        if self.at is None or "{k}" not in self.form:
            return range(1, last + 1)
        there = [k for k in range(1, last + 1) if experiment.steps.has(*self.at, k)]
        return range(there[0], there[-1] + 1) if there else range(1, 1)

    def sizes(self, experiment: Experiment) -> tuple[int, ...]:
        """Tell how many components it has along each axis."""
        return tuple(experiment.sizes[letter] for letter in self.shape)


def sorts_of(cell: Cell) -> list[Sort]:
    """List all sorts of quantities of a cell."""
    return [*_of_the_epoch(cell), *_of_weights(cell), *_of_sequences(cell), *_factors(cell)]


def _of_the_epoch(cell: Cell) -> Iterator[Sort]:
    yield Sort("cost", lambda f, _k, _n: f.trace.cost, (Kind.COST, ""))
    yield Sort("epoch", lambda f, _k, _n: f.position.epoch)
    yield Sort("T", lambda f, _k, _n: f.timestamps)
    yield Sort("N", lambda f, _k, _n: f.sequences)
    for state in cell.states:
        base, mark = apart(state)
        called = cell.words.get(base, "").format(k=0) if mark else ""
        yield _sort(called or label(state, 0), _start, state, shape=cell.shapes[state])


def _start(name: str, frame: Frame, _k: int, _n: int) -> Any:
    return frame.experiment.initial_state[name]


def _of_weights(cell: Cell) -> Iterator[Sort]:
    for w in cell.weights:
        shape = cell.shapes[w]
        shown = partial(lambda name, f: f.weights[name], w)
        yield _sort(w, lambda w, f, _k, _n: f.trace.weights[w], w, shape=shape, shown=shown)
        yield _sort(f"rate of {w}", lambda w, f, _k, _n: f.experiment.learning_rates[w], w)
        gradient, at = f"dE/d{w}{_p(shape)}", " at {k}"
        yield Sort(gradient, partial(_gradient, w), (Kind.SUMS, ""), shape)
        yield Sort(gradient + at, partial(_part, w), (Kind.PARTS, ""), shape)


def _gradient(name: str, frame: Frame, _k: int, _n: int) -> Any:
    return frame.trace.gradient[name]


def _part(name: str, frame: Frame, k: int, _n: int) -> Any:
    return frame.trace.parts(name)[k - 1]


def _of_sequences(cell: Cell) -> Iterator[Sort]:
    x, everywhere = cell.input, cell.costs_everywhere
    yield _sort(label(x, "{k}"), _input, x, " {s}", shape=cell.shapes[x])
    target = TARGET + "{k}" * everywhere
    yield _sort(target, _target, everywhere, " {s}", shape=cell.shapes[TARGET])
    for q in cell.quantities:
        shape, called = cell.shapes[q], label(q, "{k}")
        yield _sort(called, _value, q, " {s}", shape=shape, at=(Kind.VALUE, q))
        yield _sort(f"d{called}", _back, q, " {s}", shape=shape, at=(Kind.GRADIENT, q))
    at_end = (Kind.VALUE, cell.prediction)
    yield _sort("error", _error, cell.prediction, " {s}", shape=cell.shapes[TARGET], at=at_end)


def _input(_name: str, frame: Frame, k: int, n: int) -> Any:
    return frame.experiment.inputs[n, k - 1]


def _target(everywhere: bool, frame: Frame, k: int, n: int) -> Any:
    targets = frame.experiment.targets
    return targets[n, k - 1] if everywhere else targets[n]


def _value(name: str, frame: Frame, k: int, n: int) -> Any:
    return frame.trace.values(name, k)[n]


def _back(name: str, frame: Frame, k: int, n: int) -> Any:
    return frame.trace.gradients(name, k)[n]


def _error(name: str, frame: Frame, _k: int, n: int) -> Any:
    """The prediction minus the target at timestamp T."""
    e = frame.experiment
    target = e.targets[n, -1] if e.cell.costs_everywhere else e.targets[n]
    return frame.trace.values(name, e.timestamps)[n] - target


def _factors(cell: Cell) -> Iterator[Sort]:
    """Make the sorts of slopes and hops, which are shown as factors of gradients."""
    if cell.activations:
        yield Sort("slope {k} {s}", _slope, (Kind.GRADIENT, "S(In)"))
    for function, inner in _applied(cell):
        slope = Apply(f"d_{function}", (Leaf(inner, 0),))
        called = f"d_{function}({label(inner, '{k}')}"
        at, shape = (Kind.GRADIENT, inner), cell.shapes[inner]
        value = partial(_worked, slope, len(shape))
        yield Sort(f"{called}{_p(shape)}) {{s}}", value, at, shape)
    for place, (name, node) in enumerate(hop_quantities(cell).items()):
        for called in [f"hop of {name} {{k}}", *["hop {k}"] * (place == 0)]:
            at, shape = (Kind.GRADIENT, name), cell.shapes[name]
            value = partial(_worked, node, len(shape))
            yield Sort(f"{called}{_p(shape)} {{s}}", value, at, shape, before_last=1)


def _applied(cell: Cell) -> list[tuple[str, str]]:
    """List which functions are taken of which quantities."""
    found = [
        (apply.op, x.name)
        for e in cell.equations
        for apply in operations(e.right)
        for x in apply.args[:1]
        if apply.op in FUNCTIONS and isinstance(x, Leaf) and x.name in cell.quantities
    ]
    return list(dict.fromkeys(found))


def _worked(node: Node, dimensions: int, frame: Frame, k: int, n: int) -> Any:
    found = np.asarray(frame.trace.value(node, k))
    # What is made of weights alone has no rows of sequences.
    return found[n] if found.ndim > dimensions else found


def _slope(frame: Frame, k: int, n: int) -> Any:
    """Return the slope of whatever activation State k has; 1 where it has none."""
    cell = frame.experiment.cell
    right = next(e.right for e in cell.at(k == frame.timestamps) if e.left == "S(Out)")
    if not isinstance(right, Apply):
        return 1.0
    return _worked(Apply(f"d_{right.op}", right.args), 0, frame, k, n)


def _sort(form: str, value: Callable[..., Any], about: object, end: str = "", **rest: Any) -> Sort:
    """Put the place of a component behind a name, where there are components."""
    return Sort(f"{form}{_p(rest.get('shape', ()))}{end}", partial(value, about), **rest)


def _p(shape: Shape) -> str:
    return "{p}" * bool(shape)

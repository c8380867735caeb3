"""What stands in a frame as tables: RFC 4180, UTF-8, each number as its `repr`.

A table comes in pieces, so that a long run needs no room of its own. What is not computed yet at
the position of the frame is empty, and no 0 has a minus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.expression import Node, total
from core.cell.steps import Kind
from core.epoch.frame import Frame
from core.epoch.spoken import spoken_steps

Row = Iterable[object]
Table = Callable[[Frame], Iterator[bytes]]
_EPOCHS_AT_ONCE = 4096
_LINE_END = "\r\n"


def history_csv(frame: Frame) -> Iterator[bytes]:
    """Write the cost of every epoch up to this one, and the weights that each starts from."""
    names = frame.experiment.layout.component_names
    if frame.experiment.cell.key == "tutorial":
        names = tuple(name.lower() for name in names)
    yield _lines([("epoch", "cost", *names)])
    run, end = frame.run, frame.position.epoch + 1
    for start in range(0, end, _EPOCHS_AT_ONCE):
        epochs = range(start, min(start + _EPOCHS_AT_ONCE, end))
        here = slice(epochs.start, epochs.stop)
        costs: list[float | None] = run.costs[here].tolist()
        if epochs.stop == end and frame.cost is None:
            costs[-1] = None
        columns = (run.column(index)[here].tolist() for index in range(len(names)))
        yield _lines(zip(epochs, costs, *columns, strict=True))


def states_csv(frame: Frame) -> Iterator[bytes]:
    """Write input, State (In) and State (Out) of every sequence at every timestamp."""
    yield _lines([("sequence", "timestamp", "input", "state_in", "state_out")])
    inputs, start = frame.experiment.inputs, frame.experiment.initial_state["S(Out)"]
    columns = [_numbers(frame, Kind.VALUE, name) for name in ("S(In)", "S(Out)")]
    for n in range(frame.sequences):
        yield _lines([(n + 1, 0, None, None, start)])
        yield _lines(
            (n + 1, k, inputs[n, k - 1], *(_of(column, n, k) for column in columns))
            for k in range(1, frame.timestamps + 1)
        )


def gradients_csv(frame: Frame) -> Iterator[bytes]:
    """Write the derivatives, and each sequence's part of what a timestamp adds to each weight's."""
    cell = frame.experiment.cell
    names = ("d_state_out", "d_state_in", *(f"d_{name.lower()}" for name in cell.weights))
    yield _lines([("sequence", "timestamp", *names)])
    columns = [_numbers(frame, Kind.GRADIENT, name) for name in ("S(Out)", "S(In)")]
    columns += [
        {
            k: np.broadcast_to(frame.trace.value(_added(cell, w, k == frame.timestamps), k), n)
            for k in frame.known(Kind.PARTS)
        }
        for n in [frame.sequences]
        for w in cell.weights
    ]
    for n in range(frame.sequences):
        yield _lines(
            (n + 1, k, *(_of(column, n, k) for column in columns))
            for k in range(1, frame.timestamps + 1)
        )


def _added(cell: Cell, weight: str, at_last: bool) -> Node:
    """Return what a timestamp adds to dE/d of a weight, for each sequence alone."""
    return total([way.term for way in cell.ways(weight, at_last)])


def values_csv(frame: Frame) -> Iterator[bytes]:
    """Write every quantity that an equation computes, and dE/d of it, number by number."""
    yield _lines([("sequence", "timestamp", "quantity", "component", "value", "gradient")])
    cell, last = frame.experiment.cell, frame.timestamps
    places = [
        (k, name)
        for k in range(1, last + 1)
        for name in dict.fromkeys(equation.left for equation in cell.at(k == last))
    ]
    found = [(k, name, frame.values(name, k), frame.gradients(name, k)) for k, name in places]
    for n in range(frame.sequences):
        rows = []
        for k, name, values, gradients in found:
            shape = tuple(frame.experiment.sizes[letter] for letter in cell.shapes[name])
            for part in np.ndindex(shape):
                pair = (None if x is None else x[(n, *part)] for x in (values, gradients))
                rows.append((n + 1, k, name, _component(part), *pair))
        yield _lines(rows)


def weights_csv(frame: Frame) -> Iterator[bytes]:
    """Write what each timestamp adds to dE/d of each number among the weights, and the whole.

    A weight that only timestamp T uses has no part elsewhere.
    """
    yield _lines([("weight", "component", "timestamp", "gradient")])
    cell, last = frame.experiment.cell, frame.timestamps
    used = {w: [k for k in range(1, last + 1) if cell.ways(w, k == last)] for w in cell.weights}
    added = {k: frame.added(k) for k in range(1, last + 1)}
    for name, part in frame.experiment.layout.components:
        places = [(k, added[k]) for k in used[name]]
        yield _lines(
            (name, _component(part), k, None if values is None else _at(values[name], part))
            for k, values in [*places, (None, frame.gradient)]
        )


def steps_csv(frame: Frame) -> Iterator[bytes]:
    """Write every step of the epoch with the sentence that says what it computed from what."""
    yield _lines([("step", "phase", "timestamp", "sentence")])
    yield _lines(
        (step.number, step.phase.value, step.timestamp or None, _text(sentence))
        for step, sentence in spoken_steps(frame)
    )


TABLES: Mapping[str, Table] = {
    "history": history_csv,
    "states": states_csv,
    "gradients": gradients_csv,
    "values": values_csv,
    "weights": weights_csv,
    "steps": steps_csv,
}
_OF_TUTORIAL_CELLS = ("states", "gradients")


def tables_of(cell: Cell) -> tuple[str, ...]:
    """List which of `TABLES` there are of a cell."""
    return tuple(name for name in TABLES if cell.activations or name not in _OF_TUTORIAL_CELLS)


def _numbers(frame: Frame, kind: Kind, name: str) -> Mapping[int, Any]:
    """Return what is known of a quantity of plain numbers by timestamp, each of shape (N,)."""
    get = frame.gradients if kind is Kind.GRADIENT else frame.values
    return {k: get(name, k) for k in frame.known(kind, name)}


def _of(column: Mapping[int, Any], sequence: int, timestamp: int) -> Any:
    return column[timestamp][sequence] if timestamp in column else None


def _at(value: Any, part: tuple[int, ...]) -> Any:
    return value[part] if part else value


def _component(part: tuple[int, ...]) -> str:
    return ";".join(str(index + 1) for index in part)


def _text(sentence: str) -> str | None:
    doubled = sentence.replace('"', '""')
    return f'"{doubled}"' if sentence else None


def _lines(rows: Iterable[Row]) -> bytes:
    return "".join(",".join(map(_cell, row)) + _LINE_END for row in rows).encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return repr(float(value) + 0.0) if isinstance(value, float) else str(value)

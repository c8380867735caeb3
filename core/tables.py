"""What stands in a frame as three tables: RFC 4180, UTF-8, each number as its `repr`.

A table comes in pieces, so that a long run needs no room of its own. A cell that is not
computed yet at the position of the frame is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from core.activations import Array
from core.frame import Frame
from core.spoken import spoken_steps
from core.steps import Kind

_EPOCHS_AT_ONCE = 4096
_LINE_END = "\r\n"


def history_csv(frame: Frame) -> Iterator[bytes]:
    """The cost of every epoch up to this one, and the weights that each starts from."""
    yield _lines([("epoch", "cost", "wx", "wrec")])
    run, end = frame.run, frame.position.epoch + 1
    for start in range(0, end, _EPOCHS_AT_ONCE):
        epochs = range(start, min(start + _EPOCHS_AT_ONCE, end))
        here = slice(epochs.start, epochs.stop)
        costs: list[float | None] = run.costs[here].tolist()
        if epochs.stop == end and frame.cost is None:
            costs[-1] = None
        yield _lines(
            zip(epochs, costs, run.wx[here].tolist(), run.wrec[here].tolist(), strict=True)
        )


def states_csv(frame: Frame) -> Iterator[bytes]:
    """Input, State (In) and State (Out) of every sequence at every timestamp."""
    yield _lines([("sequence", "timestamp", "input", "state_in", "state_out")])
    trace, state_0 = frame.trace, frame.experiment.initial_state
    for index in range(frame.sequences):
        columns = (
            frame.experiment.inputs[index].tolist(),
            _cells(frame, Kind.STATE_IN, trace.state_in, index),
            _cells(frame, Kind.STATE_OUT, trace.state_out[1:], index),
        )
        yield _lines([(index + 1, 0, None, None, state_0), *_rows(index, columns)])


def gradients_csv(frame: Frame) -> Iterator[bytes]:
    """The derivatives, and each sequence's part of what a timestamp adds to dE/dWx and dE/dWrec."""
    yield _lines([("sequence", "timestamp", "d_state_out", "d_state_in", "d_wx", "d_wrec")])
    trace = frame.trace
    for index in range(frame.sequences):
        columns = (
            _cells(frame, Kind.D_STATE_OUT, trace.d_state_out, index),
            _cells(frame, Kind.D_STATE_IN, trace.d_state_in, index),
            _cells(frame, Kind.D_WEIGHTS, trace.d_wx_terms, index),
            _cells(frame, Kind.D_WEIGHTS, trace.d_wrec_terms, index),
        )
        yield _lines(_rows(index, columns))


def steps_csv(frame: Frame) -> Iterator[bytes]:
    """Every step of the epoch with the sentence that says what it computed from what."""
    yield _lines([("step", "phase", "timestamp", "sentence")])
    yield _lines(
        (
            step.number,
            step.phase.value,
            step.timestamp or None,
            f'"{sentence}"' if sentence else None,
        )
        for step, sentence in spoken_steps(frame)
    )


TABLES: dict[str, Callable[[Frame], Iterator[bytes]]] = {
    "history": history_csv,
    "states": states_csv,
    "gradients": gradients_csv,
    "steps": steps_csv,
}


def _cells(frame: Frame, kind: Kind, table: Array, sequence: int) -> list[float | None]:
    """One sequence's column of a (T, N) table, with None where nothing is known yet."""
    known = frame.known(kind)
    cells: list[float | None] = [None] * frame.timestamps
    rows = slice(known.start - 1, known.stop - 1)
    cells[rows] = table[rows, sequence].tolist()
    return cells


def _rows(index: int, columns: Iterable[list[float | None]]) -> Iterable[tuple[object, ...]]:
    return (
        (index + 1, timestamp, *cells)
        for timestamp, cells in enumerate(zip(*columns, strict=True), start=1)
    )


def _lines(rows: Iterable[tuple[object, ...]]) -> bytes:
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "".join(line + _LINE_END for line in lines).encode()

"""The tables hold what is known at a position, in full digits, in the order promised."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from core.frame import Frame, frame_at
from core.presets import PRESETS
from core.spoken import spoken
from core.steps import Kind, Position, steps_of
from core.tables import TABLES
from core.training import Run

EXPERIMENT = replace(
    PRESETS["part-2"].experiment.with_data([[1, 0.5, -0.0], [0, 1, 1e-300]]), initial_state=-0.25
)
EACH_STEP = pytest.mark.parametrize("step", range(19))


def frame_of(step: int, epoch: int = 2) -> Frame:
    run = Run(EXPERIMENT)
    run.extend(epoch + 1)
    return frame_at(run, Position(epoch, step))


def rows_of(name: str, frame: Frame) -> list[list[str]]:
    """The data rows; the header is checked by the way, and that lines end as RFC 4180 says."""
    text = b"".join(TABLES[name](frame)).decode()
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert header == HEADERS[name].split(",")
    return rows


HEADERS = {
    "history": "epoch,cost,wx,wrec",
    "states": "sequence,timestamp,input,state_in,state_out",
    "gradients": "sequence,timestamp,d_state_out,d_state_in,d_wx,d_wrec",
    "steps": "step,phase,timestamp,sentence",
}


def shown(known: bool, number: float) -> str:
    return repr(float(number)) if known else ""


def test_there_are_four_tables() -> None:
    assert list(TABLES) == list(HEADERS)


@EACH_STEP
def test_steps(step: int) -> None:
    frame = frame_of(step)
    rows = rows_of("steps", frame)
    assert [row[:3] for row in rows] == [
        [str(s.number), s.phase.value, str(s.timestamp or "")] for s in steps_of(3)
    ]
    sentences = [spoken(frame_of(number)) for number in range(1, step + 1)]
    assert [row[3] for row in rows] == [*sentences, *[""] * (18 - step)]


@EACH_STEP
def test_history(step: int) -> None:
    frame = frame_of(step)
    costs = [shown(e < 2 or frame.knows(Kind.COST), frame.run.costs[e]) for e in range(3)]
    assert rows_of("history", frame) == [
        [str(e), costs[e], *map(repr, frame.run.weights(e))] for e in range(3)
    ]


@pytest.mark.parametrize("step", [0, 17])
@pytest.mark.parametrize("epochs", [0, 4095, 4096, 10_000])
def test_a_long_history_comes_whole(epochs: int, step: int) -> None:
    rows = rows_of("history", frame_of(step, epochs))
    assert [row[0] for row in rows] == [str(epoch) for epoch in range(epochs + 1)]
    assert all(map(all, rows[:-1]))
    assert bool(rows[-1][1]) == (step == 17)


@EACH_STEP
def test_states(step: int) -> None:
    frame = frame_of(step)
    expected = []
    for n in range(2):
        expected.append([str(n + 1), "0", "", "", "-0.25"])
        for k in range(1, 4):
            state_in = shown(frame.knows(Kind.STATE_IN, k), frame.trace.state_in[k - 1, n])
            state_out = shown(frame.knows(Kind.STATE_OUT, k), frame.trace.state_out[k, n])
            cell = repr(float(EXPERIMENT.inputs[n, k - 1]))
            expected.append([str(n + 1), str(k), cell, state_in, state_out])
    assert rows_of("states", frame) == expected


@EACH_STEP
def test_gradients(step: int) -> None:
    frame, trace = frame_of(step), frame_of(step).trace
    expected = []
    for n in range(2):
        for k in range(1, 4):
            added = frame.knows(Kind.D_WEIGHTS, k)
            cells = [
                shown(frame.knows(Kind.D_STATE_OUT, k), trace.d_state_out[k - 1, n]),
                shown(frame.knows(Kind.D_STATE_IN, k), trace.d_state_in[k - 1, n]),
                shown(added, trace.d_state_in[k - 1, n] * EXPERIMENT.inputs[n, k - 1]),
                shown(added, trace.d_state_in[k - 1, n] * trace.state_out[k - 1, n]),
            ]
            expected.append([str(n + 1), str(k), *cells])
    assert rows_of("gradients", frame) == expected


def test_the_columns_of_gradients_sum_to_the_gradient() -> None:
    frame = frame_of(17)
    sums = np.array(rows_of("gradients", frame), dtype=np.float64)[:, 4:].sum(axis=0)
    assert frame.gradient is not None
    assert sums == pytest.approx(np.array(frame.gradient), rel=1e-12)


def test_numbers_keep_all_their_bits() -> None:
    inputs = [float(row[2]) for row in rows_of("states", frame_of(0)) if row[2]]
    assert np.array(inputs).tobytes() == EXPERIMENT.inputs.tobytes()

"""The tables hold what is known at a position, in full digits, in the order promised."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest

from core.cell.known import KNOWN
from core.cell.names import component_name
from core.cell.steps import Kind, Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.epoch.spoken import spoken
from core.files.tables import TABLES, tables_of
from core.training.run import Run

EXPERIMENT = PRESETS["part-2"].experiment.with_data([[1, 0.5, -0.0], [0, 1, 1e-300]])
EXPERIMENT = EXPERIMENT.changed(initial_state={"S(Out)": -0.25})
VALUE, GRADIENT = Kind.VALUE, Kind.GRADIENT
EACH_STEP = pytest.mark.parametrize("step", range(19))


def frame_of(step: int, epoch: int = 2, experiment: Experiment = EXPERIMENT) -> Frame:
    run = Run(experiment)
    run.extend(epoch + 1)
    return frame_at(run, Position(epoch, step))


def rows_of(name: str, frame: Frame) -> list[list[str]]:
    """The data rows; the header is checked by the way, and that lines end as RFC 4180 says."""
    text = b"".join(TABLES[name](frame)).decode()
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    if frame.experiment.cell.key == "tutorial":
        assert header == HEADERS[name].split(",")
    return rows


HEADERS = {
    "history": "epoch,cost,wx,wrec",
    "states": "sequence,timestamp,input,state_in,state_out",
    "gradients": "sequence,timestamp,d_state_out,d_state_in,d_wx,d_wrec",
    "values": "sequence,timestamp,quantity,component,value,gradient",
    "weights": "weight,component,timestamp,gradient",
    "steps": "step,phase,timestamp,sentence",
}


def shown(known: bool, number: float) -> str:
    return repr(float(number) + 0.0) if known else ""


def test_the_tables_of_each_cell() -> None:
    assert list(TABLES) == list(HEADERS)
    for key, cell in KNOWN.items():
        of_states = key in ("tutorial", "tutorial-with-bias", "running-count")
        assert ("states" in tables_of(cell())) == ("gradients" in tables_of(cell())) == of_states
        assert {"history", "values", "weights", "steps"} <= {*tables_of(cell())}


@EACH_STEP
def test_steps(step: int) -> None:
    frame = frame_of(step)
    rows = rows_of("steps", frame)
    assert [row[:3] for row in rows] == [
        [str(s.number), s.phase.value, str(s.timestamp or "")] for s in EXPERIMENT.steps
    ]
    sentences = [spoken(frame_of(number)) for number in range(1, step + 1)]
    assert [row[3] for row in rows] == [*sentences, *[""] * (18 - step)]


@EACH_STEP
def test_history(step: int) -> None:
    frame = frame_of(step)
    costs = [shown(e < 2 or frame.knows(Kind.COST), frame.run.costs[e]) for e in range(3)]
    assert rows_of("history", frame) == [
        [str(e), costs[e], *map(repr, frame.run.weights(e).flat.tolist())] for e in range(3)
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
            state_in = shown(frame.knows(VALUE, "S(In)", k), frame.trace.values("S(In)", k)[n])
            state_out = shown(frame.knows(VALUE, "S(Out)", k), frame.trace.values("S(Out)", k)[n])
            cell = shown(True, EXPERIMENT.inputs[n, k - 1])
            expected.append([str(n + 1), str(k), cell, state_in, state_out])
    assert rows_of("states", frame) == expected


@EACH_STEP
def test_gradients(step: int) -> None:
    frame, trace = frame_of(step), frame_of(step).trace
    expected = []
    for n in range(2):
        for k in range(1, 4):
            added = frame.knows(Kind.PARTS, "", k)
            d_in, before = trace.gradients("S(In)", k)[n], trace.values("S(Out)", k - 1)[n]
            cells = [
                shown(frame.knows(GRADIENT, "S(Out)", k), trace.gradients("S(Out)", k)[n]),
                shown(frame.knows(GRADIENT, "S(In)", k), d_in),
                shown(added, d_in * EXPERIMENT.inputs[n, k - 1]),
                shown(added, d_in * before),
            ]
            expected.append([str(n + 1), str(k), *cells])
    assert rows_of("gradients", frame) == expected


def test_the_columns_of_gradients_sum_to_the_gradient() -> None:
    frame = frame_of(17)
    sums = np.array(rows_of("gradients", frame), dtype=np.float64)[:, 4:].sum(axis=0)
    assert frame.gradient is not None
    assert sums == pytest.approx(frame.gradient.flat, rel=1e-12)


def test_numbers_keep_all_their_bits_but_the_minus_of_zero() -> None:
    inputs = [row[2] for row in rows_of("states", frame_of(0)) if row[2]]
    assert inputs == ["1.0", "0.5", "0.0", "0.0", "1.0", "1e-300"]


# --- any cell ---------------------------------------------------------------------------------

OTHERS = ("with-bias", "running-count", "elman", "lstm", "lstm-one-unit", "gru")


@pytest.mark.parametrize("key", OTHERS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8, 1.0])
def test_values_are_all_that_the_frame_knows(key: str, share: float) -> None:
    experiment = PRESETS[key].experiment
    frame = frame_of(round(share * len(experiment.steps)), 1, experiment)
    cell, expected = experiment.cell, []
    for n in range(experiment.sequences):
        for k in range(1, experiment.timestamps + 1):
            for name in (e.left for e in cell.at(k == experiment.timestamps)):
                for part in np.ndindex(*(experiment.sizes[x] for x in cell.shapes[name])):
                    values, gradients = frame.values(name, k), frame.gradients(name, k)
                    pair = [
                        "" if x is None else shown(True, x[(n, *part)]) for x in (values, gradients)
                    ]
                    component = component_name("", part)[1:-1]
                    expected.append([str(n + 1), str(k), name, component, *pair])
    assert rows_of("values", frame) == expected


@pytest.mark.parametrize("key", [*OTHERS, "part-2"])
def test_what_timestamps_add_sums_to_the_gradient(key: str) -> None:
    experiment = PRESETS[key].experiment
    frame = frame_of(experiment.steps.before_update, 1, experiment)
    assert frame.gradient is not None
    sums: dict[str, float] = {}
    wholes: dict[str, float] = {}
    for weight, component, timestamp, gradient in rows_of("weights", frame):
        name = f"{weight}[{component}]" if component else weight
        if timestamp:
            sums[name] = sums.get(name, 0.0) + float(gradient)
        else:
            wholes[name] = float(gradient)
    assert tuple(wholes) == experiment.layout.component_names
    assert list(wholes.values()) == (experiment.layout.pack(frame.gradient) + 0.0).tolist()
    assert sums == pytest.approx(wholes, rel=1e-9, abs=1e-12)


def test_a_weight_of_the_last_timestamp_has_no_other_part() -> None:
    rows = rows_of("weights", frame_of(0, 0, PRESETS["lstm"].experiment))
    assert [row[2] for row in rows if row[:2] == ["V", "1;2"]] == ["4", ""]
    assert {row[3] for row in rows} == {""}


@pytest.mark.parametrize("key", OTHERS)
def test_histories_and_steps_of_any_cell(key: str) -> None:
    experiment = PRESETS[key].experiment
    frame = frame_of(len(experiment.steps), 2, experiment)
    header = b"".join(TABLES["history"](frame)).decode().partition("\r\n")[0]
    assert header.split(",") == ["epoch", "cost", *experiment.layout.component_names]
    assert rows_of("history", frame) == [
        shown_row(e, [frame.run.costs[e], *frame.run.weights(e).flat]) for e in range(3)
    ]
    steps = rows_of("steps", frame)
    assert len(steps) == len(experiment.steps)
    assert all(map(all, (row[:2] + row[3:] for row in steps)))


def shown_row(epoch: int, numbers: list[Any]) -> list[str]:
    return [str(epoch), *(shown(True, number) for number in numbers)]


def test_with_bias_the_parts_of_all_three_are_there() -> None:
    experiment = PRESETS["with-bias"].experiment
    frame = frame_of(experiment.steps.before_update, 0, experiment)
    text = b"".join(TABLES["gradients"](frame)).decode()
    assert text.startswith("sequence,timestamp,d_state_out,d_state_in,d_wx,d_wrec,d_b\r\n")
    assert frame.gradient is not None
    sums = np.array(rows_of("gradients", frame), dtype=np.float64)[:, 4:].sum(axis=0)
    assert sums == pytest.approx(frame.gradient.flat, rel=1e-12)

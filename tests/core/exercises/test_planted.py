"""Planted mistakes: each is its own formula written by hand, and is planted where it shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.cell.known import KNOWN, two_weights
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.values import Array, Values
from core.exercises.planted import (
    TUTORIAL,
    Planted,
    mistakes_of,
    plant,
    planted_frame,
    same_numbers,
    tell_apart,
)
from tests.core.epoch.frames import experiment_of, frame_of

PART_2 = PRESETS["part-2"].experiment
WITH_LAST = PRESETS["why-no-log-on-the-last-state"].experiment


def trace_of(experiment: Experiment) -> Trace:
    return Trace(experiment, experiment.weights)


def plantable(trace: Trace) -> list[Planted]:
    """List the mistakes that show in these numbers."""
    known = mistakes_of(trace.cell, trace.experiment.timestamps)
    return [mistake for mistake in known.values() if tell_apart(mistake, trace)]


def mistake_of(key: str, trace: Trace) -> Planted:
    return mistakes_of(trace.cell, trace.experiment.timestamps)[key]


def by_hand(key: str, trace: Trace) -> tuple[list[Array], list[Array]]:
    """What timestamps 1, 2 and 3 add for each sequence, T = 3: every line written out."""
    x1, x2, x3 = trace.experiment.inputs.T
    s0, s1, s2, s3 = (trace.values("S(Out)", k) for k in range(4))
    in1, in2, in3 = (trace.values("S(In)", k) for k in (1, 2, 3))
    f1, f2 = (np.exp(-z) / (1 + np.exp(-z)) ** 2 for z in (in1, in2))
    f3 = 1 / np.cosh(in3) ** 2
    wx, wrec = trace.weights["Wx"], trace.weights["Wrec"]
    y, n = trace.experiment.targets, trace.experiment.sequences
    error = 2 / n * (s3 - y)
    zero = np.zeros(n)
    # dE/dS_3(In), dE/dS_2(In), dE/dS_1(In), as they should be
    d3, d2, d1 = error * f3, error * f3 * wrec * f2, error * f3 * wrec * f2 * wrec * f1
    xs, befores = (x1, x2, x3), (s0, s1, s2)
    wrong = {
        "slope-forgotten": (error * f3 * wrec * wrec, error * f3 * wrec, d3),
        "slope-before": (error * f2 * wrec * f1 * wrec * f1, error * f2 * wrec * f1, error * f2),
        "last-slope-forgotten": (error * wrec * f2 * wrec * f1, error * wrec * f2, error),
        "wrec-forgotten": (error * f3 * f2 * f1, error * f3 * f2, d3),
        "wx-for-wrec": (error * f3 * wx * f2 * wx * f1, error * f3 * wx * f2, d3),
        "sign": (-d1, -d2, -d3),
        "mean-forgotten": (n * d1, n * d2, n * d3),
        "input-before": (d1, d2, d3),
        "in-for-out": (d1, d2, d3),
    }
    d_ins = wrong[key]
    if key == "input-before":
        xs = (zero, x1, x2)
    if key == "in-for-out":
        befores = (s0, in1, in2)
    return (
        [d * x for d, x in zip(d_ins, xs, strict=True)],
        [d * s for d, s in zip(d_ins, befores, strict=True)],
    )


@pytest.mark.parametrize("key", TUTORIAL)
def test_each_mistake_is_its_formula(key: str) -> None:
    experiment = Experiment(
        cell=two_weights("logistic", "tanh"),
        inputs=np.random.default_rng(3).normal(size=(4, 3)),
        initial_state=Values({"S(Out)": 0.3}),
        targets=np.arange(4.0),
        weights=Values({"Wx": 0.7, "Wrec": -1.1}),
        learning_rates={"Wx": 0.1, "Wrec": 0.1},
    )
    trace = trace_of(experiment)
    mistake = mistake_of(key, trace)
    wrong = mistake.trace(trace)
    for name, parts in zip(("Wx", "Wrec"), by_hand(key, trace), strict=True):
        expected = [part.sum() for part in parts]
        np.testing.assert_allclose(wrong.parts(name), expected, rtol=1e-12)
    assert tell_apart(mistake, trace)


@pytest.mark.parametrize("key", TUTORIAL)
def test_a_planted_trace_hangs_together(key: str) -> None:
    trace = trace_of(WITH_LAST)
    wrong = mistake_of(key, trace).trace(trace)
    assert np.array_equal(wrong.table("S(Out)"), trace.table("S(Out)"))
    assert wrong.cost == trace.cost
    for name in ("Wx", "Wrec"):
        assert wrong.gradient[name] == pytest.approx(float(wrong.parts(name).sum()))


def test_what_shows_is_told_from_a_planted_trace_too() -> None:
    trace = trace_of(PART_2)
    planted = mistake_of("sign", trace).trace(trace)
    assert keys(plantable(planted)) == keys(plantable(trace))


def keys(mistakes: list[Planted]) -> list[str]:
    return [mistake.key for mistake in mistakes]


def without(experiment: Experiment) -> set[str]:
    """The mistakes that change nothing."""
    trace = trace_of(experiment)
    known = mistakes_of(trace.cell, experiment.timestamps)
    hidden = {k for k, m in known.items() if m.trace(trace).gradient == trace.gradient}
    assert hidden.isdisjoint(keys(plantable(trace)))
    return hidden


def test_what_cannot_show() -> None:
    assert without(PART_2) == {"last-slope-forgotten"}
    assert without(WITH_LAST) == set()
    slopes = {"slope-forgotten", "slope-before", "last-slope-forgotten"}
    assert without(PRESETS["part-1"].experiment) == {*slopes, "in-for-out"}
    one = PART_2.changed(inputs=[[1.0], [1.0]], targets=[1, 1])
    assert without(one) == {*slopes, "wrec-forgotten", "wx-for-wrec", "in-for-out"}
    single = PART_2.changed(inputs=[[1.0, 1.0, 1.0]], targets=[3])
    assert "mean-forgotten" in without(single)


def test_chance_plants_another_one_among_those_that_show() -> None:
    trace, draw = trace_of(PART_2), np.random.default_rng(1)
    last: Planted | None = None
    seen = set()
    for _ in range(60):
        found = plant(trace, draw, last)
        assert found is not None
        assert last is None or found.key != last.key
        assert tell_apart(found, trace)
        last = found
        seen.add(found.key)
    assert seen == set(TUTORIAL) - {"last-slope-forgotten"}
    again = [plant(trace, np.random.default_rng(5)) for _ in range(2)]
    assert again[0] is not None
    assert again[1] is not None
    assert again[0].key == again[1].key


def test_where_nothing_shows_nothing_is_planted() -> None:
    settled = PART_2.changed(targets_count_ones=False, targets=trace_of(PART_2).values("S(Out)", 3))
    assert not trace_of(settled).gradient.flat.any()
    assert plantable(trace_of(settled)) == []
    assert plant(trace_of(settled), np.random.default_rng(1)) is None


@pytest.mark.filterwarnings("error")
def test_numbers_that_overflow_have_no_mistake() -> None:
    experiment = PRESETS["part-1"].experiment.changed(weights={"Wx": 1e200, "Wrec": 1e200})
    assert plantable(trace_of(experiment)) == []


def test_two_mistakes_may_give_the_same_numbers() -> None:
    trace = trace_of(PART_2.changed(weights={"Wx": 1.0, "Wrec": 0.5}))
    wrec, wx = (mistake_of(key, trace) for key in ("wrec-forgotten", "wx-for-wrec"))
    assert same_numbers(wrec, wx, trace)
    assert not same_numbers(wrec, mistake_of("sign", trace), trace)
    assert not same_numbers(wrec, wx, trace_of(PART_2))


def test_a_frame_runs_on_the_wrong_numbers() -> None:
    done = frame_of(PART_2, len(PART_2.steps))
    mistake = mistake_of("sign", done.trace)
    wrong = planted_frame(done, mistake)
    assert wrong.gradient is not None
    np.testing.assert_allclose(wrong.gradient.flat, -done.trace.gradient.flat, rtol=1e-12)
    moves = [frame.weights.flat - PART_2.weights.flat for frame in (done, wrong)]
    np.testing.assert_allclose(moves[1], -moves[0], rtol=1e-9)
    before = planted_frame(frame_of(PART_2, 3), mistake)
    assert before.gradient is None
    assert before.after_update is None


@pytest.mark.parametrize("key", sorted({*KNOWN} - {"tutorial", "tutorial-with-bias"}))
def test_mistakes_of_any_cell_are_planted(key: str) -> None:
    cell: Any = KNOWN[key]()
    trace = trace_of(experiment_of(cell))
    last = None
    for seed in range(5):
        found = plant(trace, np.random.default_rng(seed), last)
        assert found is not None
        assert last is None or found.key != last.key
        assert tell_apart(found, trace)
        assert found.title.startswith("dE/d")
        assert found.sentence.startswith("The mistake is in the line for dE/d")
        last = found
    known = mistakes_of(cell, 3)
    assert len(known) == len({mistake.title for mistake in known.values()})

"""The numbers of one epoch hang together as the formulas say, and cannot be written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from core import network
from core.experiment import Experiment
from core.presets import PRESETS
from core.trace import Trace, trace_epoch
from tests.core.sampling import experiments


def trace_of(experiment: Experiment) -> Trace:
    return trace_epoch(experiment, experiment.weights)


@given(experiments())
def test_each_timestamp_follows_from_its_neighbour(experiment: Experiment) -> None:
    trace, (wx, wrec) = trace_of(experiment), experiment.weights
    assert np.all(trace.state_out[0] == experiment.initial_state)
    for row in range(experiment.timestamps):
        x = experiment.inputs[:, row]
        activation = experiment.activation(row + 1)
        assert np.array_equal(trace.state_in[row], trace.state_out[row] * wrec + x * wx)
        assert np.array_equal(trace.state_out[row + 1], activation.apply(trace.state_in[row]))
        assert np.array_equal(trace.slopes[row], activation.slope(trace.state_in[row]))
        assert np.array_equal(trace.d_state_in[row], trace.d_state_out[row] * trace.slopes[row])
        assert np.array_equal(trace.d_wx_terms[row], trace.d_state_in[row] * x)
        assert np.array_equal(trace.d_wrec_terms[row], trace.d_state_in[row] * trace.state_out[row])
    assert np.array_equal(trace.d_state_out[:-1], trace.d_state_in[1:] * wrec)


@given(experiments())
def test_sums_run_from_the_last_timestamp_to_the_gradient(experiment: Experiment) -> None:
    trace = trace_of(experiment)
    for name in ("wx", "wrec"):
        by_timestamp = getattr(trace, f"d_{name}_by_timestamp")
        running, total = getattr(trace, f"running_d_{name}"), 0.0
        terms = getattr(trace, f"d_{name}_terms")
        room = 1e-14 * np.abs(terms).sum(axis=1)
        assert np.all(np.abs(by_timestamp - terms.sum(axis=1)) <= room)
        for row in reversed(range(experiment.timestamps)):
            total += by_timestamp[row]
            assert running[row] == total
        assert getattr(trace.gradient, name) == total


@given(experiments())
def test_shapes(experiment: Experiment) -> None:
    trace, (n, t) = trace_of(experiment), experiment.inputs.shape
    assert trace.state_out.shape == (t + 1, n)
    assert {trace.state_in.shape, trace.d_state_out.shape, trace.d_wx_terms.shape} == {(t, n)}
    assert {trace.d_wx_by_timestamp.shape, trace.running_d_wrec.shape} == {(t,)}


def test_no_array_can_be_written() -> None:
    trace = trace_of(PRESETS["part-2"].experiment)
    numbers = (getattr(trace, name) for name in dir(trace) if not name.startswith("_"))
    arrays = [value for value in numbers if isinstance(value, np.ndarray)]
    assert len(arrays) == 11
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_pass_is_made_when_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name in ("forward", "backward"):
        right = getattr(network, name)

        def counted(*given: Any, name: str = name, right: Any = right) -> Any:
            made.append(name)
            return right(*given)

        monkeypatch.setattr(network, name, counted)
    trace = trace_of(PRESETS["part-2"].experiment)
    assert made == []
    assert [trace.state_out.shape, trace.slopes.shape] == [(4, 3), (3, 3)]
    assert trace.cost > 0
    assert made == ["forward"]
    assert trace.gradient.finite
    assert trace.d_wx_terms.shape == (3, 3)
    assert made == ["forward", "backward"]


def test_many_sequences_have_the_numbers_that_each_of_them_has_alone() -> None:
    rows = np.random.default_rng(3).normal(size=(40_000, 2))
    many = replace(PRESETS["part-2"].experiment.with_data(rows), initial_state=0.3)
    trace = trace_of(many)
    for n in (0, 16_383, 16_384, 39_999):
        alone = trace_of(many.with_data(rows[n : n + 1]))
        for name in ("state_in", "state_out", "slopes"):
            found, expected = getattr(trace, name)[:, n], getattr(alone, name)[:, 0]
            np.testing.assert_allclose(found, expected, rtol=1e-14)
        expected = alone.d_state_in[:, 0] / many.sequences
        np.testing.assert_allclose(trace.d_state_in[:, n], expected, rtol=1e-12)


def test_the_same_numbers_bit_for_bit_each_time() -> None:
    rows = np.random.default_rng(3).normal(size=(20_000, 3))
    many = PRESETS["part-2"].experiment.with_data(rows)
    one, again = trace_of(many), trace_of(many)
    for name in ("state_in", "d_state_in", "d_wx_by_timestamp", "running_d_wrec"):
        assert getattr(one, name).tobytes() == getattr(again, name).tobytes()


def test_the_sign_of_zero_goes_through() -> None:
    experiment = replace(PRESETS["part-1"].experiment.with_data([[-0.0, 0.0]]), initial_state=-0.0)
    assert np.signbit(trace_of(experiment).state_in[:, 0]).tolist() == [True, False]

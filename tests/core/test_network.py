"""Back-propagation against the complex-step derivative, and proof that the check can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from core import network
from core.activations import ACTIVATIONS, Array
from core.experiment import Experiment, Weights
from core.network import Part, Rows
from core.presets import PRESETS
from core.trace import trace_epoch
from core.training import gradient_of
from tests.core import complex_step
from tests.core.sampling import experiments, tutorial_cases

PART_2 = PRESETS["part-2"].experiment


def check_gradient(experiment: Experiment) -> None:
    """The trace's gradient and the training engine's are the derivative of the cost."""
    weights = experiment.weights
    trace = trace_epoch(experiment, weights)
    expected = complex_step.gradient(experiment, weights)
    room = np.array(complex_step.sizes(experiment, weights)) * 1e-12
    assert np.all(np.abs(np.subtract(trace.gradient, expected)) <= room)
    cost, gradient = gradient_of(experiment)(weights)
    assert np.all(np.abs(np.subtract(gradient, expected)) <= room)
    assert cost == pytest.approx(complex_step.cost(experiment, *weights).real, 1e-12, 1e-12)
    assert trace.cost == pytest.approx(cost, 1e-12, 1e-12)


@given(experiments())
def test_gradient_is_the_derivative_of_the_cost(experiment: Experiment) -> None:
    assume(complex_step.away_from_kinks(experiment, experiment.weights))
    check_gradient(experiment)


@pytest.mark.parametrize("last", ACTIVATIONS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_gradient_with_each_pair_of_activations(hidden: str, last: str) -> None:
    check_gradient(
        replace(
            PART_2,
            hidden_activation=hidden,
            last_activation=last,
            initial_state=0.3,
            weights=Weights(0.7, 0.9),
        )
    )


@pytest.mark.parametrize("case", tutorial_cases(), ids=lambda case: case["name"])
def test_every_number_of_the_tutorials_first_epoch(case: dict[str, Any]) -> None:
    experiment = PRESETS[case["name"]].experiment
    trace = trace_epoch(experiment, experiment.weights)
    for name, expected in case["first_epoch"].items():
        found = getattr(trace.gradient, name[2:]) if name in ("d_wx", "d_wrec") else None
        np.testing.assert_allclose(
            getattr(trace, name) if found is None else found, expected, rtol=1e-12, atol=1e-15
        )


RIGHT = network.backward
Added = tuple[list[float], list[float]]
# Each of these is what a learner gets wrong: all as the formulas say, but for one thing.
MISTAKES: dict[str, Callable[[Experiment, Weights, Part], Added]] = {
    "the slope forgotten": lambda e, w, p: RIGHT(e, w, sloping(p, [np.ones(3)] * 3)),
    "Wrec forgotten": lambda e, w, p: RIGHT(e, w._replace(wrec=1.0), p),
    "Wx in place of Wrec": lambda e, w, p: RIGHT(e, w._replace(wrec=w.wx), p),
    "the mean forgotten": lambda e, w, p: times(e.sequences, RIGHT(e, w, p)),
    "the 2 of the square forgotten": lambda e, w, p: times(0.5, RIGHT(e, w, p)),
    "the sign turned": lambda e, w, p: times(-1.0, RIGHT(e, w, p)),
    "another timestamp's slope": lambda e, w, p: RIGHT(
        e, w, sloping(p, [*p.room.slopes[1:], p.room.slopes[0]])
    ),
}


def sloping(part: Part, slopes: Rows) -> Part:
    return part._replace(room=part.room._replace(slopes=slopes))


def times(factor: float, added: Added) -> Added:
    d_wx, d_wrec = ([factor * term for term in terms] for terms in added)
    return d_wx, d_wrec


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_gradient(PART_2)
    monkeypatch.setattr(network, "backward", MISTAKES[mistake])
    with pytest.raises(AssertionError):
        check_gradient(PART_2)


@pytest.mark.parametrize("key", ["logistic", "tanh", "relu"])
@pytest.mark.parametrize("engine", ["trace", "training"])
def test_a_wrong_slope_is_caught(key: str, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ACTIVATIONS[key]

    def into(z: Array, out: Array, slope: Array) -> None:
        right.into(z, out, slope)
        slope.fill(0.5)

    wrong = {
        "trace": replace(right, into=into),
        "training": replace(right, of_number=lambda z: (right.of_number(z)[0], 0.5)),
    }[engine]
    experiment = replace(PART_2, hidden_activation=key, weights=Weights(0.7, 0.9))
    check_gradient(experiment)
    monkeypatch.setitem(ACTIVATIONS, key, wrong)
    with pytest.raises(AssertionError):
        check_gradient(experiment)

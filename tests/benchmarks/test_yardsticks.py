"""Every yardstick computes what the core computes, or it would measure nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import lstm, ours
from benchmarks.agreement import Disagreement, agreed
from benchmarks.training import COMPILED, PLAIN, compared
from benchmarks.yardsticks import broadcast, c_loop, clear_numpy, learner
from benchmarks.yardsticks.history import History, Trainer, start_of
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.values import Values
from core.training.run import Run
from tests.tutorial import pair, tutorial

MODERATE, SMALL = (st.floats(-size, size, allow_subnormal=False) for size in (2.0, 0.1))
PART_2 = PRESETS["part-2"].experiment
EPOCHS = 5


def installed() -> dict[str, Trainer]:
    """The yardsticks that can train here; two of them can everywhere."""
    found: dict[str, Trainer] = {}
    for name, contender in (PLAIN | COMPILED).items():
        try:
            contender.trainer(PART_2, 1)
        except (ImportError, c_loop.NoCompiler):
            continue
        found[name] = contender.trainer
    return found


TRAINERS = installed()


def pairs(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[dict[str, float]]:
    """Any number for each weight."""
    return st.builds(pair, numbers, numbers)


@st.composite
def tutorials(draw: st.DrawFn, timestamps: int = 0) -> Experiment:
    """Draw any data and initial state in the tutorial's network, and T from 1 to 8 unless given."""
    rows = draw(st.integers(1, 5))
    timestamps = timestamps or draw(st.integers(1, 8))
    cells = st.lists(MODERATE, min_size=rows * timestamps, max_size=rows * timestamps)
    return tutorial(
        inputs=np.reshape(draw(cells), (rows, timestamps)),
        targets=np.array(draw(st.lists(MODERATE, min_size=rows, max_size=rows))),
        initial_state=draw(MODERATE),
        weights=draw(pairs(MODERATE)),
        learning_rates=draw(pairs(SMALL)),
    )


ANY = tutorials()


def test_the_yardsticks_that_need_nothing_are_there() -> None:
    assert TRAINERS.keys() >= {"the tutorial's loop", "clear NumPy"}


@pytest.mark.parametrize("name", TRAINERS)
@settings(max_examples=10)  # some compile for each experiment
@given(tutorials(3))
def test_it_trains_with_the_numbers_of_a_run(name: str, experiment: Experiment) -> None:
    theirs = TRAINERS[name](experiment, EPOCHS)()
    agreed(name, ours.trainer(experiment, EPOCHS)(), theirs)


@pytest.mark.parametrize("name", [name for name in TRAINERS if name != "the tutorial's loop"])
@settings(max_examples=10)
@given(ANY)
def test_it_trains_any_number_of_timestamps(name: str, experiment: Experiment) -> None:
    theirs = TRAINERS[name](experiment, EPOCHS)()
    agreed(name, ours.trainer(experiment, EPOCHS)(), theirs)


@given(ANY)
def test_both_layouts_compute_the_epoch_of_the_trace(experiment: Experiment) -> None:
    trace = Trace(experiment, experiment.weights)
    numbers = experiment.targets, *start_of(experiment)[:3]
    mine = (trace.cost, *trace.gradient.flat)
    agreed("batch-major", mine, clear_numpy.epoch_by_rows(experiment.inputs, *numbers))
    agreed("time-major", mine, clear_numpy.epoch_by_timestamps(experiment.inputs.T, *numbers))


@given(ANY, st.lists(pairs(MODERATE), min_size=1, max_size=4))
def test_the_broadcast_computes_the_traces_of_all_weights(
    experiment: Experiment, weights: list[dict[str, float]]
) -> None:
    wx, wrec = np.array([[*one.values()] for one in weights]).T
    traces = [Trace(experiment, Values(one)) for one in weights]
    mine = np.transpose([(trace.cost, *trace.gradient.flat) for trace in traces])
    agreed("broadcast", [*mine], broadcast.cost_and_gradients(experiment, wx, wrec))


def test_the_epochs_until_a_cost_are_those_of_a_run() -> None:
    run = Run(PART_2)
    run.extend(300)
    goal = float(run.costs[200])
    wx, wrec = PART_2.weights.values()
    assert clear_numpy.epochs_until(PART_2, (wx, wrec), goal, 300) == 200
    assert clear_numpy.epochs_until(PART_2, (wx, wrec), goal, 200) == 200
    assert clear_numpy.epochs_until(PART_2, (wx, wrec), goal, 199) is None


def test_the_clear_lstms_compute_the_epoch_of_the_trace() -> None:
    experiment = lstm.lstm()
    trace = Trace(experiment, experiment.weights)
    for name, epoch in lstm.epochs_of(experiment).items():
        cost, gradient = epoch()
        assert gradient.keys() == trace.gradient.keys()
        theirs = [gradient[weight] for weight in trace.gradient]
        agreed(name, [trace.cost, *trace.gradient.values()], [cost, *theirs])


def test_a_yardstick_with_a_mistake_is_not_timed() -> None:
    def careless(experiment: Experiment, epochs: int) -> Callable[[], History]:
        def train() -> History:
            costs, wx, wrec = learner.trainer(experiment, epochs)()
            return History(costs, wx, [*wrec[:-1], wrec[-1] * (1 + 1e-11)])

        return train

    careful = {"clear NumPy": PLAIN["clear NumPy"]._replace(epochs=1)}
    [row] = compared("training", PART_2, 1, careful)
    assert row.result is not None
    wrong = {"clear NumPy": careful["clear NumPy"]._replace(trainer=careless)}
    with pytest.raises(Disagreement, match="clear NumPy differs from ours by"):
        compared("training", PART_2, 1, wrong)


def test_a_yardstick_that_is_not_installed_is_named_so() -> None:
    def missing(_experiment: Experiment, _epochs: int) -> Callable[[], History]:
        raise ImportError

    contenders = {
        "JAX, one scan": COMPILED["JAX, one scan"]._replace(trainer=missing),
        "clear NumPy": PLAIN["clear NumPy"]._replace(epochs=1),
    }
    absent, there = compared("training", PART_2, 1, contenders)
    assert (absent.yardstick, absent.verdict, absent.result) == (
        "JAX, one scan",
        "not installed",
        None,
    )
    assert str(absent.wanted) == "≥ 1.3 ×"
    assert there.result is not None

"""Cost and gradient by whatever way are those of the listing that is shown: the trace."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from core.cell.known import ACTIVATIONS, KNOWN, two_weights
from core.cell.update_rules import UPDATE_RULES
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.values import Array
from core.engine import batches
from core.engine.batches import Batches
from core.engine.program import Program
from core.training.run import Run
from tests.core.experiments import (
    PART_2,
    PLAIN,
    made,
    of_ones,
    random_experiments,
    table,
)


def straight(experiment: Experiment) -> Program:
    return Program(experiment, longest=100_000)


def rolled(experiment: Experiment) -> Program:
    return Program(experiment, longest=0)


def trees(experiment: Experiment) -> Batches:
    """NumPy over the tree, however few nodes it has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "_MANY", 0)
        patch.setattr(batches, "_SAVED", 0)
        engine = Batches(experiment)
        assert len(engine._blocks) == 1
        return engine


WAYS: list[Callable[[Experiment], Any]] = [straight, rolled, trees, Batches]


def check(engine: Any, experiment: Experiment, flat: Array | None = None) -> None:
    """Compare with the trace, to 1e-12 of the size of what is summed."""
    flat = experiment.weights.flat if flat is None else flat
    trace = Trace(experiment, experiment.layout.unpack(flat))
    cost, gradient = engine.gradient(flat)
    sizes = [
        np.abs(trace.parts(w)).sum(axis=0).ravel() * experiment.timestamps
        for w in experiment.cell.weights
    ]
    room = 1e-12 * (np.concatenate(sizes) + abs(trace.cost) + 1.0)
    assert abs(cost - trace.cost) <= 1e-12 * (1.0 + abs(trace.cost))
    assert np.all(np.abs(gradient - trace.gradient.flat) <= room)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("key", PLAIN)
@pytest.mark.parametrize(("sequences", "timestamps"), [(1, 1), (3, 1), (1, 4), (6, 5)])
def test_plain_cells(way: Any, key: str, sequences: int, timestamps: int) -> None:
    experiment = made(KNOWN[key](), sequences, timestamps)
    check(way(experiment), experiment)
    experiment = of_ones(key, sequences, timestamps)
    check(way(experiment), experiment)


@pytest.mark.parametrize("key", [key for key in KNOWN if key not in PLAIN])
@pytest.mark.parametrize(("sequences", "timestamps"), [(1, 1), (3, 1), (1, 4), (6, 5)])
def test_cells_of_vectors(key: str, sequences: int, timestamps: int) -> None:
    experiment = made(KNOWN[key](), sequences, timestamps)
    check(Batches(experiment), experiment)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pair", [*product(ACTIVATIONS, ACTIVATIONS)])
def test_all_activations(way: Any, pair: tuple[str, str]) -> None:
    for like in ("tutorial", "tutorial-with-bias", "running-count"):
        experiment = made(two_weights(*pair, like=like), 5, 4)
        check(way(experiment), experiment)


@given(random_experiments(plain=True))
def test_random_plain_cells(experiment: Experiment) -> None:
    for way in WAYS:
        check(way(experiment), experiment)


@given(random_experiments())
def test_random_cells_in_arrays(experiment: Experiment) -> None:
    check(Batches(experiment), experiment)


@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize("key", KNOWN)
def test_every_epoch_has_the_cost_of_its_trace(key: str, rule: str) -> None:
    run = Run(made(KNOWN[key](), 3, 3, update_rule=rule, clip_norm=1.0))
    assert run.extend(20)
    engine = run._engine
    for epoch in range(21):
        assert run.costs[epoch] == pytest.approx(run.trace(epoch).cost, rel=1e-12)
        check(engine, run.experiment, run.weights(epoch).flat)


@pytest.mark.parametrize("key", PLAIN)
def test_straight_or_rolled_each_epoch_is_the_same(key: str) -> None:
    tables = []
    for way in (straight, rolled):
        run = Run(of_ones(key, 5, 4, learning_rates=0.002))
        run._engine = way(run.experiment)
        assert run.extend(100)
        tables.append(table(run))
    assert np.allclose(tables[0], tables[1], rtol=1e-11, atol=1e-13)


def test_blocks_are_as_good_as_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("tutorial", "lstm"):
        experiment = made(KNOWN[key](), 70, 4)
        whole = Batches(experiment)
        monkeypatch.setattr(batches, "_SEQUENCES", 32)
        cost, gradient = Batches(experiment).gradient(experiment.weights.flat)
        monkeypatch.undo()
        expected = whole.gradient(experiment.weights.flat)
        assert cost == pytest.approx(expected[0], rel=1e-13)
        assert np.allclose(gradient, expected[1], rtol=1e-12, atol=1e-14)


def test_names_of_a_cell_never_meet_those_of_the_program() -> None:
    program = Program(PART_2)
    for name in ("wx", "Wx", "state_in", "S("):
        assert name not in program.source

"""An epoch of an LSTM: its cost and all of its gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

import numpy as np

from benchmarks.agreement import agreed
from benchmarks.measuring import Sample, Task, side_by_side
from benchmarks.table import NOT_INSTALLED, Row, Wanted
from benchmarks.yardsticks import clear_lstm, torch_cells
from core.cell.known import KNOWN
from core.data.experiment import Experiment
from core.data.values import Array, Values
from core.training.run import gradient_of

Epoch = tuple[float, Mapping[str, Array]]

_SEQUENCES, _TIMESTAMPS = 32, 20
_SIZES = {"H": 8, "I": 8, "O": 1}
_WHAT = f"epoch of an LSTM, H = I = {_SIZES['H']}, {_SEQUENCES} × {_TIMESTAMPS}"
_GATES, _STACKED = "clear NumPy, gate by gate", "clear NumPy, gates stacked"
_TORCH = "PyTorch, eager"
_WANTED = Wanted(1.5, at_least=False)
_WHY = (
    "The way back goes gate by gate, and no gate's slope is a difference of nearly equal numbers: "
    "both are calls of NumPy, and at this size it is the calls that cost."
)
_TIMES, _ROUNDS = 20, 15


def rows() -> list[Row]:
    experiment = lstm()
    gradient, weights = gradient_of(experiment), experiment.weights
    stacked = clear_lstm.stacked(weights)
    tasks: dict[str, Task] = {
        "ours": lambda: gradient(weights),
        _GATES: lambda: clear_lstm.epoch_by_gates(experiment),
        _STACKED: lambda: clear_lstm.epoch_stacked(experiment, stacked),
    }
    epochs = epochs_of(experiment)
    tasks |= {_TORCH: epochs[_TORCH]} if _TORCH in epochs else {}
    gaps = {name: _gap(name, gradient(weights), epoch()) for name, epoch in epochs.items()}
    seconds = side_by_side({name: _times(task) for name, task in tasks.items()}, _ROUNDS)
    samples = {name: sample.per(_TIMES) for name, sample in seconds.items()}
    mine = samples.pop("ours")
    better = min((_GATES, _STACKED), key=lambda name: samples[name].median)
    found = [
        _slower(name, mine, theirs, gaps[name], _WANTED if name == better else None)
        for name, theirs in samples.items()
    ]
    absent = Row(what=_WHAT, yardstick=_TORCH, absent=NOT_INSTALLED)
    return found if _TORCH in samples else [*found, absent]


def lstm() -> Experiment:
    """Random numbers, always the same ones."""
    cell, draw = KNOWN["lstm"](), np.random.default_rng(7).uniform

    def drawn(names: tuple[str, ...]) -> Values:
        shapes = {name: [_SIZES[letter] for letter in cell.shapes[name]] for name in names}
        return Values({name: draw(-0.5, 0.5, shape) for name, shape in shapes.items()})

    return Experiment(
        cell=cell,
        inputs=draw(-1, 1, (_SEQUENCES, _TIMESTAMPS, _SIZES["I"])),
        targets=draw(-1, 1, (_SEQUENCES, _SIZES["O"])),
        weights=drawn(cell.weights),
        initial_state=drawn(cell.states),
        learning_rates=dict.fromkeys(cell.weights, 0.01),
    )


def epochs_of(experiment: Experiment) -> dict[str, Callable[[], Epoch]]:
    """The cost and the gradients by name, from each yardstick that is there."""
    stacked = clear_lstm.stacked(experiment.weights)

    def taken_apart() -> Epoch:
        cost, gradient = clear_lstm.epoch_stacked(experiment, stacked)
        return cost, clear_lstm.taken_apart(gradient)

    epochs: dict[str, Callable[[], Epoch]] = {
        _GATES: lambda: clear_lstm.epoch_by_gates(experiment),
        _STACKED: taken_apart,
    }
    with suppress(ImportError):
        epochs[_TORCH] = torch_cells.epoch_of(experiment)
    return epochs


def _gap(name: str, ours: Epoch, theirs: Epoch) -> float:
    (cost, mine), (other, yours) = ours, theirs
    return agreed(name, [cost, *mine.values()], [other, *(yours[weight] for weight in mine)])


def _slower(what: str, mine: Sample, theirs: Sample, gap: float, wanted: Wanted | None) -> Row:
    """A row that tells how many times as long as the yardstick the program takes."""
    return Row(
        what=_WHAT,
        yardstick=what,
        ours=mine,
        theirs=theirs,
        result=mine.over(theirs),
        wanted=wanted,
        difference=gap,
        remark="" if wanted else "The result is how many times as long ours takes.",
        why=_WHY,
    )


def _times(task: Task) -> Task:
    def work() -> None:
        for _ in range(_TIMES):
            task()

    return work

"""PyTorch's own cells in float64, eager: what torch.nn makes of an experiment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from core.data.experiment import Experiment
from core.data.values import Array

Epoch = tuple[float, dict[str, Array]]

# The cells that PyTorch has too: its module, what its rows of weights are called in ours, for
# inputs and for states, and their biases; of two that are only added ours has one.
_MODULES = {
    "elman": ("RNN", ["Wx"], ["Wrec"], ["b"], [""]),
    "lstm": (
        *("LSTM", ["Wi", "Wf", "Wg", "Wo"], ["Ui", "Uf", "Ug", "Uo"]),
        *(["bi", "bf", "bg", "bo"], [""] * 4),
    ),
    "gru": (
        *("GRU", ["Wr", "Wz", "Wn"], ["Ur", "Uz", "Um"]),
        *(["br", "bz", "bn"], ["", "", "bm"]),
    ),
}


def epoch_of(experiment: Experiment) -> Callable[[], Epoch]:
    """Make a function that gives the cost and its gradient by every weight, from autograd.

    Raises ImportError where PyTorch is not installed.
    """
    import torch

    torch.set_num_threads(1)  # for products so small, waking other threads takes longer
    e, weights = experiment, experiment.weights
    kind, *rows = _MODULES[e.cell.key]
    sizes = e.sizes["I"], e.sizes["H"]
    cell = getattr(torch.nn, str(kind))(*sizes, batch_first=True, dtype=torch.float64)
    output = torch.nn.Linear(e.sizes["H"], e.sizes["O"], dtype=torch.float64)
    parameters = dict(zip(cell.parameters(), rows, strict=True))
    parameters |= dict(zip(output.parameters(), (["V"], ["bp"]), strict=True))
    with torch.no_grad():
        for parameter, names in parameters.items():
            height = len(parameter) // len(names)
            parts = [weights.get(name, np.zeros(height)) for name in names]
            parameter.copy_(torch.tensor(np.concatenate(parts)))
    inputs, targets = torch.tensor(e.inputs), torch.tensor(e.targets)
    states = [torch.tensor(np.tile(s, (1, e.sequences, 1))) for s in _states(e)]
    start = tuple(states) if len(states) > 1 else states[0]

    def epoch() -> Epoch:
        found, _ = cell(inputs, start)
        cost = ((output(found[:, -1]) - targets) ** 2).sum() / e.sequences
        gradients = torch.autograd.grad(cost, [*parameters])
        parts = zip(parameters.values(), gradients, strict=True)
        return cost.item(), dict(_named(parts))

    return epoch


def _states(experiment: Experiment) -> list[Any]:
    """List the initial states as PyTorch takes them: h, and c where there is one."""
    return [experiment.initial_state[s] for s in ("h", "c") if s in experiment.initial_state]


def _named(parts: Iterable[tuple[list[str], Any]]) -> Iterable[tuple[str, Array]]:
    for names, gradient in parts:
        for name, rows in zip(names, np.split(gradient.numpy(), len(names)), strict=True):
            if name:
                yield name, rows

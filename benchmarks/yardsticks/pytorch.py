"""PyTorch, eager: the forward pass as written, the gradients from autograd."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.yardsticks.history import History, start_of
from core.data.experiment import Experiment


def trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    """Raises ImportError where PyTorch is not installed."""
    import torch

    columns = [torch.tensor(column) for column in experiment.inputs.T]
    targets = torch.tensor(experiment.targets)
    start = start_of(experiment)
    state_0 = torch.full_like(targets, start.state_0)

    def train() -> History:
        wx, wrec = (
            torch.tensor(weight, dtype=torch.float64, requires_grad=True)
            for weight in (start.wx, start.wrec)
        )
        history = History([], [], [])
        for _ in range(epochs):
            state = state_0
            for column in columns[:-1]:
                state = torch.sigmoid(state * wrec + column * wx)
            prediction = state * wrec + columns[-1] * wx
            cost = torch.mean((prediction - targets) ** 2)
            d_wx, d_wrec = torch.autograd.grad(cost, (wx, wrec))
            history.costs.append(cost.item())
            history.wx.append(wx.item())
            history.wrec.append(wrec.item())
            with torch.no_grad():
                wx -= start.rate_wx * d_wx
                wrec -= start.rate_wrec * d_wrec
        return history

    return train

"""JAX in float64: each epoch a compiled step, or the whole loop one compiled scan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.yardsticks.history import History, start_of
from core.data.experiment import Experiment

Pair = tuple[Any, Any]


def step_trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    """Raises ImportError where JAX is not installed."""
    import jax
    from jax import numpy as jnp

    step, start = _step(experiment)

    def stacked(weights: Pair) -> tuple[Pair, Any]:
        following, row = step(weights)
        return following, jnp.stack(row)  # one array is sooner fetched than three

    compiled = jax.jit(stacked)  # called once below: what `compile()` gives is slower to call
    compiled(start)

    def train() -> History:
        weights, rows = start, []
        for _ in range(epochs):
            weights, row = compiled(weights)
            rows.append(row)
        return History(*np.transpose(jax.device_get(rows)))

    return train


def scan_trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    """Raises ImportError where JAX is not installed."""
    import jax

    step, start = _step(experiment)

    def loop(weights: Pair) -> Any:
        return jax.lax.scan(lambda carry, _: step(carry), weights, length=epochs)[1]

    compiled = jax.jit(loop).lower(start).compile()
    return lambda: History(*jax.block_until_ready(compiled(start)))


def _step(experiment: Experiment) -> tuple[Callable[[Pair], tuple[Pair, Any]], Pair]:
    """One epoch: from its weights to the next ones, and its row of the history."""
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_enable_x64", True)
    columns = [jnp.array(column) for column in experiment.inputs.T]
    targets = jnp.array(experiment.targets)
    state_0, wx_0, wrec_0, rate_wx, rate_wrec = start_of(experiment)

    def cost_of(weights: Pair) -> Any:
        wx, wrec = weights
        state = jnp.full_like(targets, state_0)
        for column in columns[:-1]:
            state = jax.nn.sigmoid(state * wrec + column * wx)
        prediction = state * wrec + columns[-1] * wx
        return jnp.mean((prediction - targets) ** 2)

    def step(weights: Pair) -> tuple[Pair, Any]:
        wx, wrec = weights
        cost, (d_wx, d_wrec) = jax.value_and_grad(cost_of)(weights)
        return (wx - rate_wx * d_wx, wrec - rate_wrec * d_wrec), (cost, wx, wrec)

    return step, (jnp.float64(wx_0), jnp.float64(wrec_0))

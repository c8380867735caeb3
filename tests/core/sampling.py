"""Random experiments, and the tutorial's numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.experiment import Experiment, Weights

REFERENCE = Path(__file__).parents[1] / "reference" / "tutorial.json"


def tutorial_cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    return cases


def reals(size: float) -> st.SearchStrategy[float]:
    return st.floats(-size, size, allow_subnormal=False)


def pairs(size: float) -> st.SearchStrategy[Weights]:
    return st.builds(Weights, reals(size), reals(size))


@st.composite
def experiments(draw: st.DrawFn, size: float = 2.0, rates: float = 0.1) -> Experiment:
    """N from 1 to 5, T from 1 to 8, any activations; real inputs, weights and State 0."""
    width = draw(st.integers(1, 8))
    rows = st.lists(reals(size), min_size=width, max_size=width)
    inputs = draw(st.lists(rows, min_size=1, max_size=5))
    return Experiment(
        inputs=inputs,  # type: ignore[arg-type]
        targets=draw(st.lists(reals(size), min_size=len(inputs), max_size=len(inputs))),  # type: ignore[arg-type]
        initial_state=draw(reals(size)),
        hidden_activation=draw(st.sampled_from(list(ACTIVATIONS))),
        last_activation=draw(st.sampled_from(list(ACTIVATIONS))),
        weights=draw(pairs(size)),
        learning_rates=draw(pairs(rates)),
    )

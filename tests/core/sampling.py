"""Random experiments, and the tutorial's numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.cell.known import ACTIVATIONS, two_weights
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment

REFERENCE = Path(__file__).parents[1] / "reference" / "tutorial.json"


def tutorial_cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    return cases


def reals(size: float) -> st.SearchStrategy[float]:
    return st.floats(-size, size, allow_subnormal=False)


MODERATE, SMALL = reals(2.0), reals(0.1)
# Numbers whose sums and products overflow, underflow, and meet with both signs.
EXTREMES = st.sampled_from([1e308, -1e308, 1.5e154, -1e200, 800.0, -800.0, 1.0, 0.0, -0.0, 1e-300])


def pairs(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"Wx": numbers, "Wrec": numbers})


@st.composite
def experiments(
    draw: st.DrawFn,
    numbers: st.SearchStrategy[float] = MODERATE,
    rates: st.SearchStrategy[float] = SMALL,
) -> Experiment:
    """N from 1 to 5, T from 1 to 8, any activations and rule; real inputs, weights and State 0."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 8))
    cells = st.lists(numbers, min_size=height * width, max_size=height * width)
    activations = st.sampled_from(list(ACTIVATIONS))
    return Experiment(
        cell=two_weights(draw(activations), draw(activations)),
        inputs=np.reshape(draw(cells), (height, width)),
        targets=np.array(draw(st.lists(numbers, min_size=height, max_size=height))),
        initial_state=draw(st.fixed_dictionaries({"S(Out)": numbers})),  # type: ignore[arg-type]
        weights=draw(pairs(numbers)),
        learning_rates=draw(pairs(rates)),
        update_rule=draw(st.sampled_from(list(UPDATE_RULES))),
        clip_norm=draw(st.none() | st.floats(1e-3, 10.0)),
    )

"""What training gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from core.experiment import Experiment


class History(NamedTuple):
    """The cost of every epoch, and the weights that it started from."""

    costs: Any
    wx: Any
    wrec: Any


Trainer = Callable[[Experiment, int], Callable[[], History]]

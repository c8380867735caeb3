"""The activations that one can choose, as curves: the function, its slope, how both are written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.cell.known import ACTIVATIONS as NAMES
from core.cell.operations import FUNCTIONS
from core.code.functions import CALLED
from core.data.values import Array


@dataclass(frozen=True)
class Activation:
    """An activation: ``key`` in files, ``symbol`` in equations, empty for the identity."""

    key: str
    symbol: str
    title: str

    @property
    def slope_symbol(self) -> str:
        """How equations write the slope; empty for the identity."""
        return f"d_{self.symbol}" if self.symbol else ""

    @property
    def formula(self) -> str:
        """The function, written out."""
        return FUNCTIONS[self.symbol].formula if self.symbol else "Out = In"

    def apply(self, z: Array) -> Array:
        """Return f(z), for an array of any shape."""
        return self._called(self.symbol, z) if self.symbol else np.copy(z)

    def slope(self, z: Array) -> Array:
        """Return f'(z), for an array of any shape."""
        return self._called(self.slope_symbol, z) if self.symbol else np.ones_like(z)

    def _called(self, name: str, z: Array) -> Array:
        with np.errstate(all="ignore"):
            found: Array = CALLED[name](z)
        return found


_TITLES = {
    "logistic": "log() — logistic",
    "tanh": "tanh()",
    "relu": "ReLU",
    "identity": "none — linear",
}
ACTIVATIONS = {key: Activation(key, NAMES[key], title) for key, title in _TITLES.items()}
LOGISTIC, RELU, IDENTITY = (ACTIVATIONS[key] for key in ("logistic", "relu", "identity"))

"""How often something is shown while training runs."""

from __future__ import annotations

from time import monotonic


class Pace:
    """Says when it is time again."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def due(self) -> bool:
        """Whether so much time has passed since it was due last."""
        now = monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True

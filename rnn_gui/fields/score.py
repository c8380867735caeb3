"""Right answers among all: what is kept of answers, and nothing is sent anywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Score:
    """Counts answers; its text is empty until there is one."""

    right: int = 0
    tries: int = 0

    def count(self, right: bool) -> None:
        self.tries += 1
        self.right += right

    def __str__(self) -> str:
        tries = "try" if self.tries == 1 else "tries"
        return f"{self.right} right in {self.tries} {tries}" if self.tries else ""

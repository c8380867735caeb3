"""Times taken side by side, and what is told of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

Task = Callable[[], object]


@dataclass(frozen=True)
class Sample:
    """What was measured in every round, in one unit: s, ×, MB, fps or %."""

    values: tuple[float, ...]
    unit: str = "s"

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between them lies the middle half of the rounds."""
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        low, _, high = quantiles(self.values, n=4, method="inclusive")
        return low, high

    def over(self, other: Sample) -> Sample:
        """The ratio of each round: what disturbs a round disturbs both sides of it."""
        pairs = zip(self.values, other.values, strict=True)
        return Sample(tuple(mine / theirs for mine, theirs in pairs), "×")

    def per(self, count: float) -> Sample:
        return Sample(tuple(value / count for value in self.values), self.unit)


def side_by_side(tasks: Mapping[str, Task], rounds: int) -> dict[str, Sample]:
    """The seconds that each task took in each round, all of them once a round.

    Every second round goes the other way around. Each task runs once before the clock starts,
    and the garbage collector rests while it runs.
    """
    for task in tasks.values():
        task()
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds):
        for name in list(tasks)[:: -1 if number % 2 else 1]:
            seconds[name].append(seconds_of(tasks[name]))
    return {name: Sample(tuple(values)) for name, values in seconds.items()}


def seconds_of(task: Task) -> float:
    """How long the task takes once."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        task()
        return perf_counter() - start
    finally:
        gc.enable()


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]

"""How the time of an epoch grows with the size of the data."""

from __future__ import annotations

from benchmarks.measuring import Task, side_by_side
from benchmarks.ours import random_numbers
from benchmarks.table import Row, Wanted, quantity
from core.training.run import gradient_of

_TIMESTAMPS = 10
_SIZES = tuple(10**power for power in range(3, 8))  # N * T
_ROUNDS = 7


def rows() -> list[Row]:
    seconds = side_by_side({str(size): _epochs(size) for size in _SIZES}, _ROUNDS)
    each = [seconds[str(size)].per(max(size, _SIZES[-1] // 10)) for size in _SIZES]
    first, last = each[0], each[-1]
    steps = ", ".join(
        f"{size:,}: {quantity(sample.median, 's')}"
        for size, sample in zip(_SIZES, each, strict=True)
    )
    return [
        Row(
            what="time for each element, 10⁷ of them",
            yardstick="10³ of them",
            ours=last,
            theirs=first,
            result=last.over(first),
            wanted=Wanted(1.0, at_least=False),
            remark=f"Time of an epoch, divided by N × T: {steps}.",
        )
    ]


def _epochs(size: int) -> Task:
    """As many epochs as make 10⁶ elements, at least one."""
    experiment = random_numbers(size // _TIMESTAMPS, _TIMESTAMPS)
    gradient, weights = gradient_of(experiment), experiment.weights
    times = range(max(1, _SIZES[-1] // 10 // size))

    def work() -> None:
        for _ in times:
            gradient(weights)

    return work

"""A run of 1,000,000 epochs in the window: what it needs, and going to any epoch of it."""

from __future__ import annotations

import resource
import sys
from time import perf_counter

import numpy as np
from PySide6.QtCore import QCoreApplication

from benchmarks.measuring import Sample, percentile
from benchmarks.program import come_to_rest, opened, train
from benchmarks.table import Row, Wanted
from core.data.presets import PRESETS
from rnn_gui.session import Session

_EPOCHS = 1_000_000
_PLACES = 200


def rows() -> list[Row]:
    """Runs in a process of its own: what it needs is measured over the whole of it."""
    with opened(PRESETS["part-2"].experiment) as (_, session):
        train(session, _EPOCHS)
        come_to_rest(0.2)
        seconds = [_go(session, epoch) for epoch in _places()]
    memory = Sample((_most_memory(),), "MB")
    return [
        Row(
            what="going to any of 1,000,000 epochs, 95th percentile",
            ours=Sample(tuple(seconds)),
            result=Sample((percentile(seconds, 95),)),
            wanted=Wanted(0.016, "s", at_least=False),
            why="What takes the time is the painting of the window, not the way to the epoch.",
        ),
        Row(
            what="memory of the process with 1,000,000 epochs",
            ours=memory,
            result=memory,
            wanted=Wanted(400, "MB", at_least=False),
        ),
    ]


def _places() -> list[int]:
    numbers = np.random.default_rng(3).integers(0, _EPOCHS, _PLACES)
    return [int(number) for number in numbers]


def _go(session: Session, epoch: int) -> float:
    """The seconds until the whole window shows another epoch."""
    start = perf_counter()
    session.go_to_epoch(epoch)
    QCoreApplication.processEvents()
    seconds = perf_counter() - start
    come_to_rest(0.01)
    return seconds


def _most_memory() -> float:
    """The most that the process held at any time, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6

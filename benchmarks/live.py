"""Training with live plots: frames a second, and what it leaves of free running."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGraphicsView

from benchmarks import ours
from benchmarks.measuring import Sample
from benchmarks.program import Events, opened, part, train
from benchmarks.table import NOT_INSTALLED, Row, Wanted
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.engine.compiled import Compiler
from core.training.run import EPOCH_LIMIT, Run
from rnn_gui.views.history_view import HistoryView

_ROUNDS = 7
_SECONDS = 1.5
# More would be compiled on the way where the extra is installed.
_EPOCHS = 1_000_000
_FRAMES, _SHARE = Wanted(55, "fps"), Wanted(45, "%")
_FAST = "live plots, extra `fast`"
_WHY = (
    "A frame is a slice of training and one painting of the plots, which is Python's work; "
    "both limits can be met only where painting takes less than 10 ms."
)


def rows() -> list[Row]:
    experiment = PRESETS["part-2"].experiment
    found = _measured("live plots", experiment, _EPOCHS)
    with suppress(ImportError):
        compiler = ours.compiler_for(experiment)
        return [*found, *_measured(_FAST, experiment, EPOCH_LIMIT, compiler)]
    absent = (Row(what=_FAST, wanted=wanted, absent=NOT_INSTALLED) for wanted in (_FRAMES, _SHARE))
    return [*found, *absent]


def _measured(
    what: str, experiment: Experiment, epochs: int, compiler: Compiler | None = None
) -> list[Row]:
    live, free, frames = [], [], []
    with opened(experiment) as (window, session):
        plot = part(QGraphicsView, part(HistoryView, window))
        paints = Events(plot.viewport(), QEvent.Type.Paint)
        for _ in range(_ROUNDS):
            session.start_new(Run(experiment, "benchmark", compiler))
            paints.count = 0
            seconds = train(session, epochs, _SECONDS)
            done = session.run.last
            live.append(seconds / done)
            frames.append(paints.count / seconds)
            free.append(_free(experiment, done, compiler) / done)
    with_plots, without = Sample(tuple(live)), Sample(tuple(free))
    share = Sample(tuple(100 * ratio for ratio in without.over(with_plots).values), "%")
    rate = Sample(tuple(frames), "fps")
    return [
        Row(what=f"{what}: frames a second", ours=rate, result=rate, wanted=_FRAMES, why=_WHY),
        Row(
            what=f"{what}: speed",
            yardstick="free running",
            ours=with_plots,
            theirs=without,
            result=share,
            wanted=_SHARE,
            why=_WHY,
        ),
    ]


def _free(experiment: Experiment, epochs: int, compiler: Compiler | None) -> float:
    run = Run(experiment, compiler=compiler)
    start = perf_counter()
    run.extend(epochs)
    return perf_counter() - start

"""Redrawing the cost history of a very long run, beside that of a common one."""

from __future__ import annotations

from contextlib import suppress

import shiboken6
from PySide6.QtWidgets import QGraphicsView

from benchmarks import ours
from benchmarks.measuring import Task, side_by_side
from benchmarks.program import part
from benchmarks.table import Row, Wanted
from core.cell.steps import Position
from core.data.presets import PRESETS
from core.engine.compiled import Compiler
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.app import make_application
from rnn_gui.theme import LIGHT, Look
from rnn_gui.views.history_view import HistoryView

_LONG, _COMMON = 1_000_000, 15_000
_PLACES = 20  # epochs that the marker goes to in a round
_ROUNDS = 15


def rows() -> list[Row]:
    experiment = PRESETS["part-2"].experiment
    compiler = Compiler()
    with suppress(ImportError):
        compiler = ours.compiler_for(experiment)
    make_application()
    views: dict[int, HistoryView] = {}
    tasks: dict[str, Task] = {}
    for epochs in (_LONG, _COMMON):
        run = Run(experiment, compiler=compiler)
        run.reach(epochs)
        views[epochs] = view = _shown()
        tasks[str(epochs)] = _redraws(view, _frames(run, epochs))
    seconds = side_by_side(tasks, _ROUNDS)
    for view in views.values():
        shiboken6.delete(view)
    long, common = (sample.per(_PLACES) for sample in seconds.values())
    return [
        Row(
            what=f"history of {_LONG:,} epochs redrawn",
            yardstick=f"of {_COMMON:,} epochs",
            ours=long,
            theirs=common,
            result=long.over(common),
            wanted=Wanted(2, at_least=False),
        )
    ]


def _shown() -> HistoryView:
    view = HistoryView()
    view.set_look(Look(LIGHT))
    view.resize(600, 300)
    view.show()
    return view


def _frames(run: Run, epochs: int) -> list[Frame]:
    """Frames all over the run."""
    step = run.experiment.steps.before_update
    places = (epochs * place // _PLACES for place in range(1, _PLACES + 1))
    return [frame_at(run, Position(epoch, step), 0) for epoch in places]


def _redraws(view: HistoryView, frames: list[Frame]) -> Task:
    viewport = part(QGraphicsView, view).viewport()

    def redraw() -> None:
        for frame in frames:
            view.show_frame(frame)
            viewport.repaint()

    return redraw

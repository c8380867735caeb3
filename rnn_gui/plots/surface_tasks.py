"""What a loss surface has to have computed, in slices of time between which the window answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.data.experiment import Experiment
from core.landscape.basin import STARTS, BasinMap
from core.landscape.costs import Landscape, Sweep, work_through
from core.landscape.surface import Surface, SurfaceWork, Window
from rnn_gui.tutorial_cell import Point

_SLICE = 0.006  # seconds
# While something else is busy, above all training, slices come less often and take this part
# of the time between them, within limits: T = 3 goes on at 60 frames per second, and a surface
# of large data, whose frames take long, does not wait for the end of the training.
_SHARE, _LEAST, _MOST = 0.25, 0.002, 0.1
_AT_ONCE = 0.003  # seconds within which a number is there without waiting for a slice
# Cells of data whose landscape is made within a slice; that of more is made beside the window.
_FEW_CELLS = 100_000
_TOO_LARGE = "Too little memory for this surface: fewer sequences need less."


class SurfaceTasks(QObject):
    """The surface of the experiment and window that it was last asked for, the cost at one pair
    of weights, a basin map: in this order, and only while it is awake.
    """

    surface_refined = Signal(object)  # a `Surface` that is finer than the one before
    failed = Signal()  # ``problem`` says why; nothing more is computed of this
    told = Signal(object, float, object)  # weights, the cost there, and its gradient
    basins_grown = Signal()  # more is known of ``basins``, or it is done, or canceled
    worked = Signal()  # at the end of each slice

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.surface: Surface | None = None
        self.basins: BasinMap | None = None
        self.basins_working = False
        self.problem = ""
        self._experiment: Experiment | None = None
        self._trained_by: Experiment | None = None  # what the basins are of
        self._landscape: Landscape | None = None
        self._coming: _Coming | None = None
        self._window: Window | None = None
        self._work: SurfaceWork | None = None
        self._question: tuple[Point, Sweep, Iterator[None]] | None = None
        self._awake = False
        self._paused = perf_counter()  # at the end of the last slice
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._slice)

    def set_awake(self, awake: bool) -> None:
        self._awake = awake
        self._go_on()

    def look_at(self, experiment: Experiment, window: Window) -> bool:
        """See to the surface of these; whether it has other costs than the one before."""
        before = self._experiment
        other = before is not None and not before.same_costs(experiment)
        self._experiment = experiment
        if other:
            self._landscape, self._question = None, None
            if not _comparable(before, experiment):
                self.cancel_basins()
        if other or window != self._window:
            self._window, self._work, self.problem = window, None, ""
            self._go_on()
        return other

    @property
    def waiting(self) -> bool:
        """Whether there is more of the surface to compute."""
        if self._window is None or self.problem:
            return False
        return self._work is None or self._work.done_share < 1.0

    @property
    def progress(self) -> tuple[int, int]:
        """Weights along each axis of the surface that is there, and of the one to come."""
        if self._work is None or self._work.surface is None:
            return 0, 0
        return self._work.surface.resolution, self._work.resolution

    def ask(self, weights: Point | None) -> None:
        """Tell the cost at these weights, as soon as may be; of the last question alone."""
        self._question = None
        if weights is not None and self._landscape is not None:
            sweep = Sweep(self._landscape)
            pieces = sweep.points(np.array([weights.wx]), np.array([weights.wrec]))
            self._question = weights, sweep, pieces
            self._answer(_AT_ONCE)
            self._go_on()

    def compute_basins(self, goal: float, limit: int) -> None:
        """A map of the window and the experiment as they are now."""
        assert self._experiment is not None
        assert self._window is not None
        axes = self._window.axes(STARTS, STARTS)
        self.basins = BasinMap(self._experiment, *axes, goal, limit, self._landscape)
        self._trained_by = self._experiment
        self.basins_working = True
        self._go_on()
        self.basins_grown.emit()

    def cancel_basins(self) -> None:
        """Nothing is kept of a map that is not done."""
        self.basins, self.basins_working = None, False
        self._go_on()
        self.basins_grown.emit()

    @property
    def basins_old(self) -> bool:
        """Whether an edit since then makes the starts train otherwise. Their weights are theirs."""
        before, now = self._trained_by, self._experiment
        if before is None or now is None or before is now:
            return False
        return not now.same_as(before.changed(weights=now.weights))

    def _go_on(self) -> None:
        asked = self._question is not None or self.basins_working
        if not (self._awake and (asked or self.waiting)):
            self._timer.stop()
        elif not self._timer.isActive():
            self._paused = perf_counter()
            self._timer.start()

    def _slice(self) -> None:
        try:
            self._work_for(_fair(perf_counter() - self._paused))
        except MemoryError:
            self._fail()
        self._paused = perf_counter()
        self._go_on()
        self.worked.emit()

    def _work_for(self, seconds: float) -> None:
        if self.waiting:
            self._refine(seconds)
        elif self._question is not None:
            self._answer(seconds)
        elif self.basins is not None and self.basins_working:
            self.basins_working = self.basins.work(seconds)
            self.basins_grown.emit()

    def _fail(self) -> None:
        """Nothing is kept of what was begun: that is what takes the memory."""
        self._landscape = self._coming = self._work = self._question = self.basins = None
        self.basins_working, self.problem = False, _TOO_LARGE
        self.failed.emit()

    def _refine(self, seconds: float) -> None:
        assert self._window is not None
        landscape = self._made_landscape()
        if landscape is None:
            return
        if self._work is None:
            self._work = SurfaceWork(landscape, self._window)
        before = self._work.surface
        self._work.work(seconds)
        if self._work.surface is not None and self._work.surface is not before:
            self.surface = self._work.surface
            self.surface_refined.emit(self.surface)

    def _made_landscape(self) -> Landscape | None:
        """None while it is being made."""
        experiment = self._experiment
        assert experiment is not None
        if self._landscape is None and experiment.inputs.size <= _FEW_CELLS:
            self._landscape = Landscape(experiment)
        elif self._landscape is None and self._coming is None:
            self._coming = _Coming(experiment)
            self._coming.start()
        elif self._landscape is None and self._coming is not None:
            self._coming.join(_LEAST)
            if not self._coming.is_alive():
                coming, self._coming = self._coming, None
                # The data may have been edited meanwhile.
                if coming.experiment.same_costs(experiment):
                    self._landscape = coming.made
        return self._landscape

    def _answer(self, seconds: float) -> None:
        assert self._question is not None
        weights, sweep, pieces = self._question
        if not work_through(pieces, seconds):
            self._question = None
            cost, d_wx, d_wrec = sweep.result[:, 0].tolist()
            self.told.emit(weights, cost, Point(d_wx, d_wrec))


class _Coming(Thread):
    """A landscape that is made beside the window; NumPy does the work, and lets others run."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(daemon=True)
        self.experiment = experiment
        self._made: Landscape | None = None

    @property
    def made(self) -> Landscape:
        """Once the thread has ended; raises `MemoryError` where it came to nothing."""
        if self._made is None:
            raise MemoryError
        return self._made

    def run(self) -> None:
        with suppress(MemoryError):
            self._made = Landscape(self.experiment)


def _comparable(before: Experiment | None, now: Experiment) -> bool:
    """Whether an old map still says something: a cell is another one, not the whole task."""
    if before is None:
        return False
    one, other = ((e.inputs.shape, e.hidden_activation, e.last_activation) for e in (before, now))
    return one == other


def _fair(since: float) -> float:
    """How long a slice may take, so many seconds after the one before."""
    return _SLICE if since < _LEAST else min(max(_SHARE * since, _LEAST), _MOST)

"""What is on screen of a session: each of its frames goes to all views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from core.epoch.frame import Frame
from core.training.run import EPOCH_LIMIT
from rnn_gui.action_states import ActionStates
from rnn_gui.main_window import MainWindow
from rnn_gui.pace import Pace
from rnn_gui.session import Session
from rnn_gui.theme import Look
from rnn_gui.training import Training
from rnn_gui.views.step_bar import Progress

if TYPE_CHECKING:  # loaded with the first planted mistake
    from core.exercises.planted import Planted


class View(Protocol):
    """What is shown frames, in its own look."""

    def show_frame(self, frame: Frame) -> None: ...

    def set_look(self, look: Look) -> None: ...


class Showing(QObject):
    """All of a frame at once; while training runs, curves with every slice, the rest less often.

    The canvas, the one view that is not among ``views``, can show a tried sequence instead.
    """

    def __init__(
        self, window: MainWindow, session: Session, views: Sequence[View], actions: ActionStates
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._views, self._actions = views, actions
        # A planted mistake is not shown to a class, nor asked for: it would not be marked there.
        # What helps to find it works it out by itself.
        self._right = (window.lecture, window.predict, window.learning)
        self._planted: Planted | None = None
        self._reading = Pace(0.1)  # texts that change faster cannot be read

    def show_frame(self, frame: Frame) -> None:
        window = self._window
        if self._session.training is not None and not self._reading.due():
            window.tabs.show_run(frame)
            window.trial.show_frame(frame)
            self.show_canvas(curves_alone=True)
            return
        shown = self._with_mistake(frame)
        for view in self._views:
            view.show_frame(frame if view in self._right else shown)
        self.show_canvas()
        self._actions.show_frame(frame)
        self.show_training()
        self.show_document()

    def show_canvas(self, *, curves_alone: bool = False) -> None:
        """The states of the run, or those of a sequence that is tried."""
        window = self._window
        tried = None if window.trial.isHidden() else window.trial.canvas_frame
        shown = tried or self._with_mistake(self._session.frame)
        window.canvas.show_frame(shown, curves_alone=curves_alone)

    def show_training(self) -> None:
        self._window.step_bar.show_progress(_progress(self._session.training))

    def show_document(self) -> None:
        """Its name, and whether it is as in its file."""
        name = self._session.path.name if self._session.path else self._session.run.name
        self._window.setWindowTitle(f"{name}[*] — RNN Stepper")
        self._window.setWindowModified(self._session.modified)

    def plant(self, mistake: Planted | None) -> None:
        """From now on the backward pass on screen does something wrong, or right again."""
        self._planted = mistake
        self._window.planted.setVisible(mistake is not None)
        self.show_frame(self._session.frame)

    def set_look(self, look: Look) -> None:
        self._actions.set_look(look)
        for view in (self._window.canvas, *self._views):
            view.set_look(look)

    def _with_mistake(self, frame: Frame) -> Frame:
        if self._planted is None:
            return frame
        from core.exercises.planted import planted_frame

        return planted_frame(frame, self._planted)


def _progress(training: Training | None) -> Progress | None:
    if training is None:
        return None
    known = training.until is None and training.goal < EPOCH_LIMIT
    goal = training.goal - training.start if known else 0
    return Progress(training.epoch - training.start, goal, training.speed, training.seconds_left)

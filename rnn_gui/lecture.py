"""Lecture mode: comes and goes with one key, and leaves the window as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QWidget

from core.cell.steps import Phase
from core.epoch.frame import Frame
from rnn_gui.actions import why_not
from rnn_gui.session import Session
from rnn_gui.theme import Look

if TYPE_CHECKING:  # the view is loaded with the first lecture
    from rnn_gui.main_window import MainWindow
    from rnn_gui.views.lecture_view import LectureView


class Lecture(QObject):
    """Wires a lecture to the session, while there is one."""

    toggled = Signal(bool)

    def __init__(
        self, window: MainWindow, session: Session, settings: QSettings, look: Look
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings
        self._frame, self._look = session.frame, look
        self._focused: QWidget | None = None
        self.view: LectureView | None = None

    def toggle(self) -> None:
        if self.view is None:
            self._enter()
        else:
            self._leave()

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        if self.view is not None:
            self.view.show_frame(frame)

    def set_look(self, look: Look) -> None:
        self._look = look
        if self.view is not None:
            self.view.set_look(look)

    def _enter(self) -> None:
        from rnn_gui.slides.choices import store_choices, stored_choices
        from rnn_gui.views.lecture_view import LectureView

        self._focused = QApplication.focusWidget()
        canvas = self._window.canvas
        choices = replace(stored_choices(self._settings), sizes=canvas.sizes_shown)
        view = self.view = LectureView(choices, self._window)
        view.set_look(self._look)
        view.show_frame(self._frame)
        self._connect(view)
        view.choices_changed.connect(partial(store_choices, self._settings))
        view.setGeometry(self._window.screen().geometry())  # on the same screen
        view.showFullScreen()
        view.activateWindow()
        view.setFocus()
        self.toggled.emit(True)

    def _connect(self, view: LectureView) -> None:
        session = self._session
        view.next_requested.connect(session.next_step)
        view.previous_requested.connect(partial(self._do, "previous", session.previous_step))
        view.stride_requested.connect(self._stride)
        view.start_requested.connect(partial(session.go_to_step, 0))
        view.end_requested.connect(self._go_to_end)
        view.epoch_requested.connect(self._go_to_epoch)
        view.sequence_requested.connect(session.choose_sequence)
        view.leave_requested.connect(self._leave)
        session.said.connect(view.tell)
        self._window.canvas.sizes_shown_changed.connect(view.show_sizes)

    def _stride(self, phase: Phase) -> None:
        self._do(phase.value, partial(self._session.stride, phase))

    def _go_to_end(self) -> None:
        self._session.go_to_step(self._session.frame.experiment.steps.before_update)

    def _go_to_epoch(self, by: int) -> None:
        epoch = self._session.position.epoch + by
        key = "epoch" if by > 0 else "epoch_back"
        self._do(key, partial(self._session.go_to_epoch, epoch))

    def _do(self, action: str, handler: Callable[[], object]) -> None:
        """What cannot be done now is told why, as in the window."""
        reason = why_not(self._session.frame).get(action, "")
        if not reason:
            handler()
        elif self.view is not None:
            self.view.tell(reason)

    def _leave(self) -> None:
        view, self.view = self.view, None
        if view is None:
            return
        self._session.said.disconnect(view.tell)
        self._window.canvas.sizes_shown_changed.disconnect(view.show_sizes)
        view.close_slide()
        view.hide()
        view.deleteLater()  # it is in the middle of an event of its own
        self._window.activateWindow()
        focused = self._focused
        if focused and shiboken6.isValid(focused) and focused.isVisibleTo(self._window):
            focused.setFocus()
        else:
            self._window.canvas.setFocus()
        self._focused = None
        self.toggled.emit(False)

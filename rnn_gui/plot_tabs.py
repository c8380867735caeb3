"""The tabs of the right column: plots of the run and of the activation."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QApplication, QTabWidget

from core.epoch.frame import Frame
from rnn_gui.fields.plain_keys import ARROW_KEYS, keep_keys
from rnn_gui.late_tab import LateTab
from rnn_gui.session import Session
from rnn_gui.theme import Look
from rnn_gui.views.curve_view import CurveView, curve_title
from rnn_gui.views.history_view import HistoryView

if TYPE_CHECKING:  # loaded with its tab
    from rnn_gui.views.surface_view import SurfaceView


class PlotTabs(QTabWidget):
    """The history is there at once, surface and curve when somebody first looks at them."""

    weights_requested = Signal(float, float)  # Wx and Wrec
    menu_requested = Signal(str, QPoint)
    leave_requested = Signal()
    problem_reported = Signal(str)

    def __init__(self, history: HistoryView, session: Session, look: Look) -> None:
        super().__init__()
        self.setAccessibleName("Plots of the run and of the activation")
        self._session, self._look = session, look
        self._of_runs: list[HistoryView | SurfaceView] = [history]
        self._of_activation: list[CurveView] = []
        self.addTab(history, "Cost history")
        self._surface_tab = LateTab(self, "Loss surface", lambda: self.surface)
        self._curve_tab = LateTab(self, "", lambda: self.curve)
        keep_keys(self.tabBar(), ARROW_KEYS, self.leave_requested.emit)
        self.tabBarClicked.connect(self._leave_hidden)

    @cached_property
    def surface(self) -> SurfaceView:
        """Made when somebody first looks at its tab, or asks for it."""
        from rnn_gui.views.surface_view import SurfaceView

        view = SurfaceView()
        view.weights_requested.connect(self.weights_requested)
        view.leave_requested.connect(self.leave_requested)
        view.problem_reported.connect(self.problem_reported)
        view.show_ghosts(self._session.ghosts, self._session.run_name)
        self._of_runs.append(view)
        self._put_in(view, self._surface_tab)
        return view

    @cached_property
    def curve(self) -> CurveView:
        """Made as late as the surface."""
        view = CurveView()
        self._of_activation.append(view)
        self._put_in(view, self._curve_tab)
        return view

    def show_frame(self, frame: Frame) -> None:
        self.show_run(frame)
        for view in self._of_activation:
            view.show_frame(frame)
        title = curve_title(frame)
        if self.tabText(self._curve_tab.index) != title:  # setting it lays out all tabs
            self.setTabText(self._curve_tab.index, title)

    def show_run(self, frame: Frame) -> None:
        """How far the run has come, in the plots of whole runs alone."""
        for view in self._of_runs:
            view.show_frame(frame)

    def show_ghosts(self) -> None:
        """The runs that an edit has left, beside the present one."""
        for view in self._of_runs:
            view.show_ghosts(self._session.ghosts, self._session.run_name)

    def set_look(self, look: Look) -> None:
        self._look = look
        for view in (*self._of_runs, *self._of_activation):
            view.set_look(look)

    def _put_in(self, view: CurveView | SurfaceView, tab: LateTab) -> None:
        view.menu_requested.connect(self.menu_requested)
        view.set_look(self._look)
        view.show_frame(self._session.frame)
        tab.put_in(view)

    def _leave_hidden(self) -> None:
        """The keyboard does not stay in what another tab hides: Qt would hand it to any button."""
        focused = QApplication.focusWidget()
        if focused is not None and self.currentWidget().isAncestorOf(focused):
            self.leave_requested.emit()

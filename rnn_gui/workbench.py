"""All that stands in the main window: the views are made and wired here.

Requests of views and actions go to the session, and what the session makes of them to
`rnn_gui.showing`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from core.cell.steps import Position
from core.training.run import Run
from rnn_gui.action_states import ActionStates
from rnn_gui.actions import make_actions
from rnn_gui.appearance import Appearance
from rnn_gui.documents import Documents
from rnn_gui.drops import Drops
from rnn_gui.editing import Editing
from rnn_gui.handlers import Handlers
from rnn_gui.icons import program_icon
from rnn_gui.intake import Intake
from rnn_gui.layout import lay_out
from rnn_gui.learning import Learning
from rnn_gui.lecture import Lecture
from rnn_gui.log_gradients import LogGradients
from rnn_gui.main_window import MainWindow
from rnn_gui.menus import Menus
from rnn_gui.parts import Parts
from rnn_gui.plot_tabs import PlotTabs
from rnn_gui.session import Session
from rnn_gui.showing import Showing, View
from rnn_gui.takeaway import Takeaway
from rnn_gui.views.divergence_bar import DivergenceBar
from rnn_gui.views.equation_view import EquationView
from rnn_gui.views.experiment_panel import ExperimentPanel
from rnn_gui.views.history_view import HistoryView
from rnn_gui.views.ledger_view import LedgerView
from rnn_gui.views.planted_notice import PlantedNotice
from rnn_gui.views.predict_bar import PredictBar
from rnn_gui.views.status_line import StatusLine
from rnn_gui.views.step_bar import StepBar
from rnn_gui.views.time_canvas import TimeCanvas
from rnn_gui.views.time_line import TimeLine
from rnn_gui.views.trial_bar import TrialBar

if TYPE_CHECKING:  # loaded when they are asked for
    from rnn_gui.lessons import Lessons


class Workbench(QObject):
    """The window's content, made in one go; the window answers again when it is complete."""

    def __init__(self, window: MainWindow, session: Session, application: QApplication) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        settings = window.settings
        window.appearance = self._appearance = Appearance(application, settings, window)
        self._documents = Documents(session, settings, window)
        self._takeaway = Takeaway(session, self._appearance, settings, window)
        views = self._make_views()
        self._editing = Editing(session, window.experiment)
        self._intake = Intake(session, settings, window)
        by_ending = {
            ".json": self._documents.open_file,
            ".md": lambda path: window.lessons.open_file(path),
        }
        Drops(window, by_ending, self._intake.import_file)
        self._handlers = Handlers(
            window, session, self._documents, self._takeaway, self._editing, self._intake
        )
        self._documents.leaving.connect(self._handlers.commit_typing)
        self._actions = make_actions(window, self._handlers.table())
        window.step_bar = StepBar(self._actions)
        content = lay_out(window)
        window.parts = Parts(window, settings)
        # They take room from the content: it is laid out once.
        menus = Menus(window, self._actions, self._documents, self._takeaway, self._appearance)
        self._appearance.show()
        window.setCentralWidget(content)
        window.layout_memory.include({"across": window.across, "right": window.right_column})
        self._states = ActionStates(window, session, self._actions, menus.panels)
        self._showing = Showing(window, session, (window.step_bar, *views), self._states)
        self._connect()
        window.setWindowIcon(program_icon())
        self._showing.set_look(self._appearance.look)
        self._showing.show_frame(session.frame)
        window.fill(self)
        window.canvas.setFocus()

    def open_loaded(self, run: Run, position: Position, path: Path) -> None:
        """Replay the run of a session file, and show it."""
        self._documents.open_loaded(run, position, path)

    # -- what the window asks ------------------------------------------------------------

    def pause(self) -> None:
        """Stop the training, if there is one."""
        self._session.pause()

    def may_close(self) -> bool:
        """Whether nothing is lost, or is meant to be."""
        self._handlers.commit_typing()
        leaving = self._documents.may_leave()
        if leaving:
            if self._window.lecture.view is not None:
                self._window.lecture.toggle()
            self._window.right_column.set_enlarged(False)  # the layout to remember is the other
        return leaving

    def explain_refused(self, key: QKeyEvent) -> bool:
        """Say why the action of this key cannot be done now, if it is one."""
        reason = self._states.refusal(key)
        if reason:
            self._window.status.say_problem(reason)
        return bool(reason)

    # -- what there is -------------------------------------------------------------------

    def _make_views(self) -> list[View]:
        """All views but the step bar, which needs the actions; those that are shown every frame."""
        window, session, look = self._window, self._session, self._appearance.look
        window.time_line = TimeLine()
        window.experiment = ExperimentPanel()
        window.canvas = TimeCanvas()
        window.equation = EquationView()
        window.ledger = LedgerView()
        window.history = HistoryView()
        window.divergence = DivergenceBar()
        window.trial = TrialBar()
        window.planted = PlantedNotice()
        window.predict = PredictBar()
        window.status = StatusLine()
        window.tabs = PlotTabs(window.history, session, look)
        window.learning = Learning(window.tabs, session.frame, look)
        window.lecture = Lecture(window, session, window.settings, look)
        window.make_lessons = self._make_lessons
        return [
            *(window.time_line, window.experiment, window.divergence, window.trial),
            *(window.predict, window.equation, window.ledger, window.status),
            *(window.tabs, window.learning, window.lecture),
        ]

    def _make_lessons(self) -> Lessons:
        from rnn_gui.lessons import Lessons

        window = self._window
        lessons = Lessons(window, self._session, self._documents, window.settings)
        lessons.set_look(self._appearance.look)
        self._appearance.look_changed.connect(lessons.set_look)
        self._states.follow_lessons(lessons)
        return lessons

    # -- wiring --------------------------------------------------------------------------

    def _connect(self) -> None:
        window, session = self._window, self._session
        self._connect_showing()
        self._connect_runs()
        self._connect_said()
        panel, column = window.experiment, window.right_column
        window.time_line.step_requested.connect(session.go_to_step)
        for sequences in (panel.grid, window.canvas):
            sequences.sequence_chosen.connect(session.choose_sequence)
        panel.compare_requested.connect(session.set_compare)
        column.enlarge_requested.connect(self._actions["enlarge"].trigger)
        window.canvas.sizes_shown_changed.connect(self._takeaway.show_log_gradients)
        session.preset_loaded.connect(LogGradients(window.canvas).follow_preset)
        window.learning.script_requested.connect(self._takeaway.export_script)
        for plots in (window.canvas, window.history, window.tabs):
            plots.menu_requested.connect(self._takeaway.open_menu)
        bars = (window.step_bar, window.trial, window.divergence, window.predict)
        for part in (panel, window.history, window.tabs, window.learning, column, *bars):
            part.leave_requested.connect(window.canvas.setFocus)

    def _connect_showing(self) -> None:
        """What is shown of the session."""
        window, session, showing = self._window, self._session, self._showing
        session.frame_changed.connect(showing.show_frame)
        session.training_changed.connect(showing.show_training)
        session.document_changed.connect(showing.show_document)
        session.runs_changed.connect(window.tabs.show_ghosts)
        self._appearance.look_changed.connect(showing.set_look)
        window.learning.planted_changed.connect(showing.plant)
        window.trial.trial_changed.connect(showing.show_canvas)
        window.parts.changed.connect(showing.show_canvas)  # tried where its line is shown

    def _connect_runs(self) -> None:
        """What leads to another epoch, another run, or other weights."""
        session, history = self._session, self._window.history
        history.epoch_requested.connect(session.look_at_epoch)
        history.ghost_shown_requested.connect(session.show_ghost)
        history.ghost_return_requested.connect(session.return_to)
        history.ghost_forget_requested.connect(session.forget_ghost)
        self._window.tabs.weights_requested.connect(self._editing.set_weights)
        self._window.divergence.way_out_chosen.connect(self._editing.take_way_out)
        self._window.predict.answered.connect(session.next_step)
        self._window.predict.back_requested.connect(session.previous_step)

    def _connect_said(self) -> None:
        """What the status line says."""
        window = self._window
        said = self._takeaway.said, self._documents.said, self._intake.said, window.learning.said
        copied = window.equation.copied, window.ledger.copied, window.history.copied
        for news in (self._session.noted, *said, *copied):
            news.connect(window.status.say)
        parts = window.experiment, window.step_bar, window.trial, window.predict, window.tabs
        reported = (part.problem_reported for part in parts)
        for problem in (self._session.said, self._intake.refused, *reported):
            problem.connect(window.status.say_problem)

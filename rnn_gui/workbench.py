"""All that stands in the main window: views, menus and the wiring between them, nothing else.

Requests of views and actions go to the session; every frame that the session makes goes to
all views.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QMainWindow,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.frame import Frame
from core.presets import PRESETS
from core.steps import Phase, Position
from core.tables import TABLES
from core.training import EPOCH_LIMIT, Run
from rnn_gui import menus
from rnn_gui.actions import (
    make_actions,
    refused_key,
    show_availability,
    why_not,
)
from rnn_gui.appearance import CHOICES, DIGIT_CHOICES, Appearance
from rnn_gui.documents import Documents
from rnn_gui.drops import Drops
from rnn_gui.editing import Editing
from rnn_gui.fields.plain_keys import ARROW_KEYS, keep_keys
from rnn_gui.handlers import Handlers
from rnn_gui.icons import icon, program_icon
from rnn_gui.intake import Intake
from rnn_gui.late_tab import LateTab
from rnn_gui.learning import Learning
from rnn_gui.lecture import Lecture
from rnn_gui.log_gradients import LogGradients
from rnn_gui.main_window import MainWindow
from rnn_gui.pace import Pace
from rnn_gui.parts import TITLES, Parts
from rnn_gui.right_column import RightColumn
from rnn_gui.session import Session
from rnn_gui.skeleton import COLUMNS, HANDLE
from rnn_gui.takeaway import FIGURE_NAMES, Takeaway
from rnn_gui.theme import Look
from rnn_gui.training import Training
from rnn_gui.views.curve_view import CurveView, curve_title
from rnn_gui.views.divergence_bar import DivergenceBar
from rnn_gui.views.equation_view import EquationView
from rnn_gui.views.experiment_panel import ExperimentPanel
from rnn_gui.views.history_view import HistoryView
from rnn_gui.views.ledger_view import LedgerView
from rnn_gui.views.predict_bar import PredictBar
from rnn_gui.views.status_line import StatusLine
from rnn_gui.views.step_bar import Progress, StepBar
from rnn_gui.views.time_canvas import TimeCanvas
from rnn_gui.views.time_line import TimeLine
from rnn_gui.views.trial_bar import TrialBar

if TYPE_CHECKING:  # loaded with its tab
    from core.planted import Mistake
    from rnn_gui.lessons import Lessons
    from rnn_gui.views.surface_view import SurfaceView

PLANTED = (
    "PLANTED MISTAKE: the backward pass on screen does one thing wrong. "
    "Find it by the gradient check (F7); training goes on with the right one."
)
_ACTION_ICONS = (
    *("start", "previous", "next", "end", "forward", "backward", "update", "epoch", "train"),
)


class Workbench(QObject):
    """The window's content, made in one go; the window answers again when it is complete."""

    def __init__(self, window: MainWindow, session: Session, application: QApplication) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        settings = window.settings
        window.appearance = self._appearance = Appearance(application, settings, window)
        self._documents = Documents(session, settings, window)
        self._takeaway = Takeaway(session, self._appearance, settings, window)
        self._planted: Mistake | None = None
        self._lessons: Lessons | None = None  # made when they are asked for
        self._reading = Pace(0.1)  # texts that change faster cannot be read
        self._make_views()
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
        self._actions = make_actions(window, self._handlers.table())
        window.step_bar = StepBar(self._actions)
        content = self._lay_out()
        window.parts = Parts(window, settings)
        self._build_menus()  # they take room from the content: it is laid out once
        self._appearance.show()
        window.setCentralWidget(content)
        window.layout_memory.include({"across": window.across, "right": window.right_column})
        self._connect()
        window.setWindowIcon(program_icon())
        self._set_look(self._appearance.look)
        self._show_frame(session.frame)
        self._show_document()
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
        reason = refused_key(key, self._actions, self._reasons)
        if reason:
            self._window.status.say_problem(reason)
        return bool(reason)

    # -- what there is -------------------------------------------------------------------

    def _make_views(self) -> None:
        window = self._window
        window.time_line = TimeLine()
        window.experiment = ExperimentPanel()
        window.canvas = TimeCanvas()
        window.equation = EquationView()
        window.ledger = LedgerView()
        window.history = HistoryView()
        window.divergence = DivergenceBar()
        window.trial = TrialBar()
        window.planted = _notice(PLANTED)
        window.predict = PredictBar()
        window.status = StatusLine()
        self._drawn: list[Any] = [
            *(window.time_line, window.experiment, window.divergence, window.trial),
            window.predict,
            *(window.canvas, window.equation, window.ledger),
            *(window.history, window.status),
        ]
        # A planted mistake is not shown to a class: it would not be marked there.
        look = self._appearance.look
        window.lecture = Lecture(window, self._session, window.settings, look)
        self._drawn.append(window.lecture)
        self._beside_ghosts: list[HistoryView | SurfaceView] = [window.history]

    def _lay_out(self) -> QWidget:
        window = self._window
        tabs = window.tabs = QTabWidget()
        tabs.setAccessibleName("Plots of the run and of the activation")
        tabs.addTab(window.history, "Cost history")
        self._surface_tab = LateTab(tabs, "Loss surface", lambda: window.surface)
        self._curve_tab = LateTab(tabs, "", lambda: window.curve)
        window.make_lessons = self._make_lessons
        window.make_surface, window.make_curve = self._make_surface, self._make_curve
        learning = window.learning = Learning(tabs, self._session.frame, self._appearance.look)
        learning.leave_requested.connect(window.canvas.setFocus)
        self._drawn.append(learning)
        keep_keys(tabs.tabBar(), ARROW_KEYS, window.canvas.setFocus)
        tabs.tabBarClicked.connect(self._leave_tab)
        right = window.right_column = RightColumn(
            (_card(window.equation), _card(window.ledger)), tabs
        )
        window.holder = _holder()
        across = window.across = QSplitter(Qt.Orientation.Horizontal)
        across.setChildrenCollapsible(False)
        across.setHandleWidth(HANDLE)
        for part in (_card(window.experiment), self._middle_card(), right):
            across.addWidget(part)
        across.setStretchFactor(1, 1)
        across.setSizes(COLUMNS)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(window.step_bar)
        layout.addWidget(window.time_line)
        layout.addWidget(window.holder, 1)
        window.holder.setCentralWidget(across)
        window.statusBar().addWidget(window.status, 1)
        return middle

    def _leave_tab(self) -> None:
        """The keyboard does not stay in what another tab hides: Qt would hand it to any button."""
        focused = QApplication.focusWidget()
        if focused is not None and self._window.tabs.currentWidget().isAncestorOf(focused):
            self._window.canvas.setFocus()

    # -- made when somebody first looks at it ----------------------------------------------

    def _make_lessons(self) -> Lessons:
        from rnn_gui.lessons import Lessons

        window = self._window
        self._lessons = lessons = Lessons(window, self._session, self._documents, window.settings)
        lessons.set_look(self._appearance.look)
        lessons.changed.connect(self._show_reasons)
        return lessons

    def _make_surface(self) -> SurfaceView:
        from rnn_gui.views.surface_view import SurfaceView

        view = SurfaceView()
        view.weights_requested.connect(self._editing.set_weights)
        view.leave_requested.connect(self._window.canvas.setFocus)
        view.problem_reported.connect(self._window.status.say_problem)
        view.show_ghosts(self._session.ghosts, self._session.run_name)
        self._beside_ghosts.append(view)
        self._add_late(view, self._surface_tab)
        return view

    def _make_curve(self) -> CurveView:
        view = CurveView()
        self._add_late(view, self._curve_tab)
        return view

    def _add_late(self, view: CurveView | SurfaceView, tab: LateTab) -> None:
        view.menu_requested.connect(self._takeaway.open_menu)
        view.set_look(self._appearance.look)
        view.show_frame(self._session.frame)
        self._drawn.append(view)
        tab.put_in(view)

    def _middle_card(self) -> QFrame:
        """The time canvas between what is to be said and the line to try a sequence."""
        window = self._window
        card = _card(window.canvas)
        column = card.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, window.divergence)
        column.insertWidget(0, window.planted)
        column.insertWidget(0, window.predict)
        column.addWidget(window.trial)
        column.setStretchFactor(window.canvas, 1)
        return card

    def _build_menus(self) -> None:
        made = menus.build_menus(self._window, self._actions)
        presets = [(key, preset.title) for key, preset in PRESETS.items()]
        menus.submenu(
            made["File"],
            "&New from preset",
            presets,
            self._documents.new_from_preset,
            before=self._actions["open"],
        )
        self._window.recent_menu = menus.submenu(
            made["File"], "Open &recent", (), str, before=self._actions["save"]
        )
        made["Edit"].addSeparator()
        figures = [(name, name.capitalize()) for name in FIGURE_NAMES]
        menus.submenu(made["Edit"], "&Copy plot", figures, self._takeaway.copy_figure)
        tables = [(name, name.capitalize()) for name in TABLES]
        menus.submenu(made["Edit"], "Copy ta&ble", tables, self._takeaway.copy_table)
        self._panel_ticks = menus.ticks(
            made["View"],
            "Pa&nels",
            TITLES.items(),
            self._window.parts.set_shown,
            before=self._actions["reset_layout"],
        )
        made["View"].addSeparator()
        look = self._appearance
        menus.choices(made["View"], "A&ppearance", CHOICES.items(), look.choice, look.choose)
        digits = [(str(count), str(count)) for count in DIGIT_CHOICES]
        menus.choices(
            made["View"],
            "&Digits",
            digits,
            str(look.look.digits),
            lambda count: look.choose_digits(int(count)),
        )
        self._fill_recent()

    # -- wiring --------------------------------------------------------------------------

    def _connect(self) -> None:
        window, session = self._window, self._session
        session.frame_changed.connect(self._show_frame)
        session.training_changed.connect(self._show_training)
        session.document_changed.connect(self._show_document)
        session.said.connect(window.status.say_problem)
        session.noted.connect(window.status.say)
        learning = window.learning
        for said in (self._takeaway.said, self._documents.said, self._intake.said, learning.said):
            said.connect(window.status.say)
        learning.planted_changed.connect(self._plant)
        learning.script_requested.connect(self._takeaway.export_script)
        self._intake.refused.connect(window.status.say_problem)
        for copied in (window.equation.copied, window.ledger.copied):
            copied.connect(window.status.say)
        edits, undo, redo = session.edits, self._actions["undo"], self._actions["redo"]
        for signal, show in (
            (edits.canUndoChanged, undo.setEnabled),
            (edits.canRedoChanged, redo.setEnabled),
            (edits.undoTextChanged, self._show_undo),
            (edits.redoTextChanged, self._show_redo),
        ):
            signal.connect(show)
        undo.setEnabled(False)
        redo.setEnabled(False)
        self._documents.recent_changed.connect(self._fill_recent)
        self._appearance.look_changed.connect(self._set_look)
        window.time_line.step_requested.connect(session.go_to_step)
        self._connect_runs()
        self._connect_layout()
        panel = window.experiment
        panel.grid.sequence_chosen.connect(session.choose_sequence)
        panel.compare_requested.connect(session.set_compare)
        bars = (window.step_bar, window.trial, window.divergence, window.predict)
        for part in (panel, window.history, *bars):
            part.leave_requested.connect(window.canvas.setFocus)
        window.predict.answered.connect(session.next_step)
        for part in (panel, window.step_bar, window.trial, window.predict):
            part.problem_reported.connect(window.status.say_problem)
        window.canvas.sequence_chosen.connect(session.choose_sequence)
        for plots in (window.canvas, window.history):
            plots.menu_requested.connect(self._takeaway.open_menu)

    def _connect_layout(self) -> None:
        column, action = self._window.right_column, self._actions["enlarge"]
        column.enlarge_requested.connect(action.trigger)
        column.enlarged_changed.connect(action.setChecked)
        column.leave_requested.connect(self._window.canvas.setFocus)
        canvas = self._window.canvas
        canvas.sizes_shown_changed.connect(self._actions["log_gradients"].setChecked)
        canvas.sizes_shown_changed.connect(self._takeaway.show_log_gradients)
        self._session.preset_loaded.connect(LogGradients(canvas).follow_preset)
        self._window.parts.changed.connect(self._show_parts)
        self._tick_parts()

    def _connect_runs(self) -> None:
        """What leads to another epoch, another run, or other weights."""
        window, session = self._window, self._session
        history = window.history
        session.runs_changed.connect(self._show_runs)
        history.epoch_requested.connect(session.look_at_epoch)
        history.ghost_shown_requested.connect(session.show_ghost)
        history.ghost_return_requested.connect(session.return_to)
        history.ghost_forget_requested.connect(session.forget_ghost)
        history.copied.connect(window.status.say)
        window.divergence.way_out_chosen.connect(self._editing.take_way_out)
        window.trial.trial_changed.connect(lambda: self._show_canvas())

    # -- showing -------------------------------------------------------------------------

    def _show_frame(self, frame: Frame) -> None:
        """All of it; while training runs, curves with every slice, the rest less often."""
        window, training = self._window, self._session.training
        if training is not None and not self._reading.due():
            for view in (*self._beside_ghosts, window.trial):
                view.show_frame(frame)
            self._show_canvas(curves_alone=True)
            return
        shown = self._with_mistake(frame)
        for view in (window.step_bar, *self._drawn):
            if view is not window.canvas:
                right = view in (window.learning, window.predict, window.lecture)
                view.show_frame(frame if right else shown)
        self._show_canvas()
        self._show_reasons()
        self._actions["counting"].setChecked(frame.experiment.targets_count_ones)
        self._actions["compare"].setChecked(frame.unactivated is not None)
        self._actions["predict"].setChecked(not window.predict.isHidden())
        window.step_bar.show_progress(_progress(training))
        title = curve_title(frame)
        if window.tabs.tabText(self._curve_tab.index) != title:  # setting it lays out all tabs
            window.tabs.setTabText(self._curve_tab.index, title)
        self._show_document()

    def _show_reasons(self) -> None:
        session, tabs = self._session, not self._window.tabs.isHidden()
        training = session.training is not None
        self._reasons = why_not(session.frame, training=training, tabs=tabs)
        self._reasons |= self._page_reasons()
        show_availability(self._actions, self._reasons)

    def _page_reasons(self) -> dict[str, str]:
        lessons = self._lessons
        self._actions["lessons"].setChecked(lessons is not None and lessons.dock is not None)
        closed = dict.fromkeys(("next_page", "previous_page"), "Open the lessons first (F4).")
        return closed if lessons is None else lessons.why_not()

    def _show_parts(self) -> None:
        """Other parts of the window are shown, or hidden."""
        self._tick_parts()
        self._show_reasons()
        self._show_canvas()  # a sequence is tried where its line is shown

    def _tick_parts(self) -> None:
        parts = self._window.parts
        for name, action in self._panel_ticks.items():
            action.setChecked(name in parts.shown)
        self._actions["beginner"].setChecked(parts.for_beginners)
        self._actions["log_gradients"].setChecked(self._window.canvas.sizes_shown)

    def _plant(self, mistake: Mistake | None) -> None:
        """From now on the backward pass on screen does something wrong, or right again."""
        self._planted = mistake
        self._window.planted.setVisible(mistake is not None)
        self._show_frame(self._session.frame)

    def _with_mistake(self, frame: Frame) -> Frame:
        if self._planted is None:
            return frame
        from core.planted import planted_frame

        return planted_frame(frame, self._planted)

    def _show_training(self) -> None:
        training = self._session.training
        action = self._actions["train"]
        action.setText("&Pause" if training else "&Train")
        action.setIconText("Pause T" if training else "Train T")
        self._show_icon("train", "pause" if training else "train", self._appearance.look)
        self._window.step_bar.show_progress(_progress(training))

    def _show_canvas(self, *, curves_alone: bool = False) -> None:
        """The states of the run, or those of a sequence that is tried."""
        window = self._window
        tried = None if window.trial.isHidden() else window.trial.canvas_frame
        shown = tried or self._with_mistake(self._session.frame)
        window.canvas.show_frame(shown, curves_alone=curves_alone)

    def _show_runs(self) -> None:
        ghosts, present = self._session.ghosts, self._session.run_name
        for view in self._beside_ghosts:
            view.show_ghosts(ghosts, present)

    def _show_undo(self, what: str) -> None:
        self._actions["undo"].setText(f"&Undo {what}".rstrip())

    def _show_redo(self, what: str) -> None:
        self._actions["redo"].setText(f"&Redo {what}".rstrip())

    def _show_document(self) -> None:
        name = self._session.path.name if self._session.path else self._session.run.name
        self._window.setWindowTitle(f"{name}[*] — RNN Stepper")
        self._window.setWindowModified(self._session.modified)

    def _set_look(self, look: Look) -> None:
        for name in _ACTION_ICONS:
            self._show_icon(name, name, look)
        for view in (self._window.step_bar, *self._drawn):
            view.set_look(look)
        if self._lessons is not None:
            self._lessons.set_look(look)

    def _show_icon(self, key: str, name: str, look: Look) -> None:
        theme = look.theme
        colour = theme.on_accent if key in _PHASES else theme.text
        self._actions[key].setIcon(icon(name, colour, theme.muted))
        self._actions[key].setIconVisibleInMenu(False)

    def _fill_recent(self) -> None:
        menus.fill_recent(
            self._window.recent_menu, self._documents.recent(), self._documents.open_file
        )


_PHASES = {phase.value for phase in Phase}


def _progress(training: Training | None) -> Progress | None:
    if training is None:
        return None
    known = training.until is None and training.goal < EPOCH_LIMIT
    goal = training.goal - training.start if known else 0
    return Progress(training.epoch - training.start, goal, training.speed, training.seconds_left)


def _card(view: QWidget) -> QFrame:
    """A view on a panel with a border."""
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(8, 6, 8, 8)
    layout.addWidget(view)
    return card


def _holder() -> QMainWindow:
    """Around the three columns, so that a dock can stand beside them, below the time line."""
    holder = QMainWindow()
    holder.setWindowFlags(Qt.WindowType.Widget)
    holder.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return holder


def _notice(text: str) -> QLabel:
    """A sentence above the canvas that cannot be overlooked; hidden until it is true."""
    made = QLabel(text)
    made.setProperty("role", "notice")
    made.setAccessibleName(text)
    made.setWordWrap(True)
    made.setMargin(6)
    made.hide()
    return made

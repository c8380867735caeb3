"""The main window: layout and wiring, nothing else.

Requests of views and actions go to the session; every frame that the session makes goes to
all views.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
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
from core.training import Run
from rnn_gui import menus
from rnn_gui.actions import (
    make_actions,
    refused_key,
    show_availability,
    why_not,
)
from rnn_gui.appearance import CHOICES, DIGIT_CHOICES, Appearance
from rnn_gui.documents import Documents
from rnn_gui.editing import Editing
from rnn_gui.fields.plain_keys import keep_plain_keys
from rnn_gui.figures import FIGURES
from rnn_gui.handlers import Handlers
from rnn_gui.icons import icon, program_icon
from rnn_gui.layout_memory import LayoutMemory
from rnn_gui.session import Session
from rnn_gui.takeaway import Takeaway
from rnn_gui.theme import Look
from rnn_gui.views.curve_view import CurveView
from rnn_gui.views.equation_view import EquationView
from rnn_gui.views.experiment_panel import ExperimentPanel
from rnn_gui.views.history_view import HistoryView
from rnn_gui.views.ledger_view import LedgerView
from rnn_gui.views.status_line import StatusLine
from rnn_gui.views.step_bar import StepBar
from rnn_gui.views.time_canvas import TimeCanvas
from rnn_gui.views.time_line import TimeLine

_ACTION_ICONS = (
    *("start", "previous", "next", "end", "forward", "backward", "update", "epoch", "train"),
)


class MainWindow(QMainWindow):
    def __init__(self, session: Session, settings: QSettings, application: QApplication) -> None:
        super().__init__()
        self._session = session
        self._appearance = Appearance(application, settings, self)
        self._documents = Documents(session, settings, self)
        self._takeaway = Takeaway(session, self._appearance, settings, self)
        self._make_views()
        self._editing = Editing(session, self.experiment)
        self._handlers = Handlers(self, session, self._documents, self._takeaway, self._editing)
        self._actions = make_actions(self, self._handlers.table())
        self.step_bar = StepBar(self._actions)
        self._lay_out()
        self._build_menus()
        self._connect()
        self.setWindowIcon(program_icon())
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _WINDOW_FRAME))
        splitters = {"across": self._across, "right": self._right}
        self._layout = LayoutMemory(self, splitters, settings)
        self._layout.restore()
        self._set_look(self._appearance.look)
        self._show_frame(session.frame)
        self._show_document()
        self.canvas.setFocus()

    def open_loaded(self, run: Run, position: Position, path: Path) -> None:
        """Replay the run of a session file, and show it."""
        self._documents.open_loaded(run, position, path)

    def pause(self) -> None:
        """Stop the training, if there is one."""
        self._session.pause()

    def choose_appearance(self, choice: str) -> None:
        """One of `rnn_gui.appearance.CHOICES`."""
        self._appearance.choose(choice)

    # -- what there is -------------------------------------------------------------------

    def _make_views(self) -> None:
        self.time_line = TimeLine()
        self.experiment = ExperimentPanel()
        self.canvas = TimeCanvas()
        self.equation = EquationView()
        self.ledger = LedgerView()
        self.history = HistoryView()
        self.curve = CurveView()
        self.status = StatusLine()
        # The step bar needs no look of its own: the style draws its buttons.
        self._drawn = (
            *(self.time_line, self.experiment, self.canvas, self.equation),
            *(self.ledger, self.history, self.curve, self.status),
        )

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Plots of the run and of the activation")
        self.tabs.addTab(self.history, "Cost history")
        self.tabs.addTab(self.curve, "")
        keep_plain_keys(self.tabs.tabBar(), self.canvas.setFocus)
        self._right = _splitter(Qt.Orientation.Vertical)
        for part in (_card(self.equation), _card(self.ledger), self.tabs):
            self._right.addWidget(part)
        self._across = _splitter(Qt.Orientation.Horizontal)
        for part in (_card(self.experiment), _card(self.canvas), self._right):
            self._across.addWidget(part)
        self._across.setStretchFactor(1, 1)
        self._across.setSizes([330, 730, 380])
        self._right.setSizes([320, 230, 230])
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.step_bar)
        layout.addWidget(self.time_line)
        layout.addWidget(self._across, 1)
        self.setCentralWidget(middle)
        self.statusBar().addWidget(self.status, 1)

    def _build_menus(self) -> None:
        made = menus.build_menus(self, self._actions)
        presets = [(key, preset.title) for key, preset in PRESETS.items()]
        menus.submenu(
            made["File"],
            "&New from preset",
            presets,
            self._documents.new_from_preset,
            before=self._actions["open"],
        )
        self.recent_menu = menus.submenu(
            made["File"], "Open &recent", (), str, before=self._actions["save"]
        )
        made["Edit"].addSeparator()
        figures = [(name, name.capitalize()) for name in FIGURES]
        menus.submenu(made["Edit"], "&Copy plot", figures, self._takeaway.copy_figure)
        tables = [(name, name.capitalize()) for name in TABLES]
        menus.submenu(made["Edit"], "Copy ta&ble", tables, self._takeaway.copy_table)
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
        session = self._session
        session.frame_changed.connect(self._show_frame)
        session.training_changed.connect(self._show_training)
        session.document_changed.connect(self._show_document)
        session.said.connect(self.status.say_problem)
        for said in (self._takeaway.said, self._documents.said):
            said.connect(self.status.say)
        for copied in (self.equation.copied, self.ledger.copied):
            copied.connect(self.status.say)
        stack, undo, redo = session.undo_stack, self._actions["undo"], self._actions["redo"]
        for signal, show in (
            (stack.canUndoChanged, undo.setEnabled),
            (stack.canRedoChanged, redo.setEnabled),
            (stack.undoTextChanged, self._show_undo),
            (stack.redoTextChanged, self._show_redo),
        ):
            signal.connect(show)
        undo.setEnabled(False)
        redo.setEnabled(False)
        self._documents.recent_changed.connect(self._fill_recent)
        self._appearance.look_changed.connect(self._set_look)
        self.time_line.step_requested.connect(session.go_to_step)
        panel = self.experiment
        panel.grid.sequence_chosen.connect(session.choose_sequence)
        panel.compare_requested.connect(session.set_compare)
        for part in (panel, self.step_bar):
            part.leave_requested.connect(self.canvas.setFocus)
        panel.problem_reported.connect(self.status.say_problem)
        self.canvas.sequence_chosen.connect(session.choose_sequence)
        for plots in (self.canvas, self.history, self.curve):
            plots.menu_requested.connect(self._takeaway.open_menu)

    # -- showing -------------------------------------------------------------------------

    def _show_frame(self, frame: Frame) -> None:
        for view in (self.step_bar, *self._drawn):
            view.show_frame(frame)
        training = self._session.training
        self._reasons = why_not(frame, training=training is not None)
        show_availability(self._actions, self._reasons)
        self._actions["counting"].setChecked(frame.experiment.targets_count_ones)
        self._actions["compare"].setChecked(frame.unactivated is not None)
        if training is not None:
            done = frame.position.epoch - training.start
            self.step_bar.show_progress(done, training.goal - training.start)
        self.tabs.setTabText(self.tabs.indexOf(self.curve), self.curve.title)
        self._show_document()

    def _show_training(self) -> None:
        training = self._session.training
        action = self._actions["train"]
        action.setText("&Pause" if training else "&Train")
        action.setIconText("Pause T" if training else "Train T")
        self._show_icon("train", "pause" if training else "train", self._appearance.look)
        if not training:
            self.step_bar.show_progress(0, 0)

    def _show_undo(self, what: str) -> None:
        self._actions["undo"].setText(f"&Undo {what}".rstrip())

    def _show_redo(self, what: str) -> None:
        self._actions["redo"].setText(f"&Redo {what}".rstrip())

    def _show_document(self) -> None:
        name = self._session.path.name if self._session.path else self._session.run.name
        self.setWindowTitle(f"{name}[*] — RNN Stepper")
        self.setWindowModified(self._session.modified)

    def _set_look(self, look: Look) -> None:
        for name in _ACTION_ICONS:
            self._show_icon(name, name, look)
        for view in self._drawn:
            view.set_look(look)

    def _show_icon(self, key: str, name: str, look: Look) -> None:
        theme = look.theme
        colour = theme.on_accent if key in _PHASES else theme.text
        self._actions[key].setIcon(icon(name, colour, theme.muted))
        self._actions[key].setIconVisibleInMenu(False)

    def _fill_recent(self) -> None:
        menus.fill_recent(self.recent_menu, self._documents.recent(), self._documents.open_file)

    # -- what is asked of the window -----------------------------------------------------

    def reset_layout(self) -> None:
        """All panels as at the first start."""
        self._layout.reset()
        self.canvas.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that nobody took may be that of an action that cannot be done now."""
        if reason := refused_key(event, self._actions, self._reasons):
            self.status.say_problem(reason)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._handlers.commit_typing()
        if not self._documents.may_leave():
            event.ignore()
            return
        self._layout.store()
        event.accept()


_PHASES = {phase.value for phase in Phase}
_FIRST_SIZE = QSize(1440, 900)
_WINDOW_FRAME = QSize(16, 48)  # what a window manager may add around it


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(6)
    return made


def _card(view: QWidget) -> QFrame:
    """A view on a panel with a border."""
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(8, 6, 8, 8)
    layout.addWidget(view)
    return card

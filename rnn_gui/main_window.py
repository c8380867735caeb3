"""The main window as it stands at once: empty cards, and its part in closing and keys.

It loads neither NumPy nor plots. `rnn_gui.workbench` puts the views in once the empty window
has been painted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSettings, QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSplitter

from rnn_gui.appearance import stored_theme
from rnn_gui.layout_memory import LayoutMemory
from rnn_gui.skeleton import Skeleton
from rnn_gui.theme import card_style, palette

if TYPE_CHECKING:
    from rnn_gui.appearance import Appearance
    from rnn_gui.learning import Learning
    from rnn_gui.lecture import Lecture
    from rnn_gui.lessons import Lessons
    from rnn_gui.parts import Parts
    from rnn_gui.plot_tabs import PlotTabs
    from rnn_gui.right_column import RightColumn
    from rnn_gui.views.curve_view import CurveView
    from rnn_gui.views.divergence_bar import DivergenceBar
    from rnn_gui.views.equation_view import EquationView
    from rnn_gui.views.experiment_panel import ExperimentPanel
    from rnn_gui.views.history_view import HistoryView
    from rnn_gui.views.ledger_view import LedgerView
    from rnn_gui.views.planted_notice import PlantedNotice
    from rnn_gui.views.predict_bar import PredictBar
    from rnn_gui.views.status_line import StatusLine
    from rnn_gui.views.step_bar import StepBar
    from rnn_gui.views.surface_view import SurfaceView
    from rnn_gui.views.time_canvas import TimeCanvas
    from rnn_gui.views.time_line import TimeLine
    from rnn_gui.views.trial_bar import TrialBar


class Content(Protocol):
    """What fills the window: it is asked this."""

    def may_close(self) -> bool:
        """Whether nothing is lost, or is meant to be."""
        ...

    def pause(self) -> None:
        """Stop what is running, if there is anything."""
        ...

    def explain_refused(self, key: QKeyEvent) -> bool:
        """Whether this key is that of an action that cannot be done now, and was told why."""
        ...


class MainWindow(QMainWindow):
    """Remembers how it was left; keys and closing are the matter of what fills it."""

    painted = Signal()  # once: the empty window is on screen

    # The workbench puts them in.
    appearance: Appearance
    step_bar: StepBar
    time_line: TimeLine
    experiment: ExperimentPanel
    canvas: TimeCanvas
    equation: EquationView
    ledger: LedgerView
    holder: QMainWindow
    across: QSplitter
    right_column: RightColumn
    tabs: PlotTabs
    learning: Learning
    lecture: Lecture
    parts: Parts
    history: HistoryView
    make_lessons: Callable[[], Lessons]
    divergence: DivergenceBar
    trial: TrialBar
    planted: PlantedNotice
    predict: PredictBar
    status: StatusLine
    recent_menu: QMenu

    def __init__(self, settings: QSettings, application: QApplication) -> None:
        super().__init__()
        self.settings = settings
        self._content: Content | None = None
        self.setWindowTitle("RNN Stepper")
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _WINDOW_FRAME))
        self.layout_memory = LayoutMemory(self, settings)
        theme = stored_theme(application, settings)
        application.setPalette(palette(theme))
        skeleton = Skeleton(self.layout_memory)
        skeleton.setStyleSheet(card_style(theme))
        skeleton.painted.connect(self.painted)
        self.setCentralWidget(skeleton)

    @cached_property
    def lessons(self) -> Lessons:
        """Made when somebody first asks for them."""
        return self.make_lessons()

    @property
    def surface(self) -> SurfaceView:
        """Made when somebody first looks at its tab, or asks for it."""
        return self.tabs.surface

    @property
    def curve(self) -> CurveView:
        """Made as late as the surface."""
        return self.tabs.curve

    def fill(self, content: Content) -> None:
        """From now on ``content`` is asked about keys and closing."""
        self._content = content

    def pause(self) -> None:
        """Stop what is running, if there is anything."""
        if self._content:
            self._content.pause()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that nobody took may be that of an action that cannot be done now."""
        if not (self._content and self._content.explain_refused(event)):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """While the window is empty, nothing can be lost."""
        if self._content and not self._content.may_close():
            event.ignore()
            return
        self.layout_memory.store()
        event.accept()


_FIRST_SIZE = QSize(1440, 900)
_WINDOW_FRAME = QSize(16, 48)  # what a window manager may add around it

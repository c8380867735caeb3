"""The dock that lessons stand in, with the experiment below them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QSplitter, QWidget

from rnn_gui.card import MARGINS, card
from rnn_gui.fields.balloon import Balloon
from rnn_gui.main_window import MainWindow
from rnn_gui.views.lesson_view import LessonView

_WIDTHS = 330, 460
_WIDTH_SHARE = 0.25  # of the window, between these
_SHARE = 0.45  # of the height, which the experiment has at most at first


class LessonDock(QDockWidget):
    """Page above, experiment below. It stands beside canvas and equation, below the time line, and
    can be moved to the other side or out of the window, for the second screen of a teacher.
    """

    closed = Signal()
    settled = Signal()  # the sections have their room

    def __init__(self, view: LessonView, window: MainWindow) -> None:
        super().__init__("Lesson")
        self.setObjectName("lesson-dock")
        self.setAccessibleName("Lesson")
        self.view, self._window = view, window
        self.setAllowedAreas(
            Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
        )
        self._across = window.across
        first = self._across.widget(0)
        assert first is not None
        self._experiment: QWidget = first
        self._sizes: QByteArray = self._across.saveState()
        self._holder = window.holder
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(card(view))
        self._parts.addWidget(self._experiment)
        self._parts.setStretchFactor(0, 1)
        self.setWidget(self._parts)
        self._holder.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self)
        least, most = _WIDTHS
        width = min(max(round(_WIDTH_SHARE * window.width()), least), most)
        self._holder.resizeDocks([self], [width], Qt.Orientation.Horizontal)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._give_room)

    def give_room(self) -> None:
        """The experiment gets what its visible sections need, the page all the rest; once the
        sections have been laid out.
        """
        self._later.start(0)

    def _give_room(self) -> None:
        height = self._parts.height()
        self._window.experiment.updateGeometry()  # what is hidden now needs nothing
        needed = self._window.experiment.needed_height + MARGINS
        below = min(needed, round(_SHARE * height)) if height > 0 else needed
        self._parts.setSizes([max(height - below, 1), below])
        self.settled.emit()

    def take_down(self) -> None:
        """Everything back to where it stood."""
        for balloon in self.findChildren(Balloon):
            balloon.dismiss()
        self._across.insertWidget(0, self._experiment)
        self._holder.removeDockWidget(self)
        self._across.restoreState(self._sizes)
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """By its own button, or with the whole program while it floats."""
        self.closed.emit()
        event.accept()

"""What is to be said and done when a run has diverged."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from core.epoch.frame import Frame
from core.training.divergence import Divergence, diagnose
from core.training.run import Run
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.theme import Look


class DivergenceBar(QFrame):
    """The reason in one sentence, and a button for each way out; hidden where there is no need.

    It stands there as long as the end of the diverged run is shown.
    """

    way_out_chosen = Signal(object)  # a core.divergence.WayOut
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._run: Run | None = None
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAccessibleName("Why training stopped")
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self._sentence)
        layout.addLayout(self._row)
        self.hide()

    def show_frame(self, frame: Frame) -> None:
        at_end = frame.run.diverged and frame.position.epoch == frame.run.last
        if at_end and frame.run is not self._run:
            self._run = frame.run
            found = diagnose(frame.run)
            assert found is not None  # it has diverged
            self._show(found)
        self.setVisible(at_end)

    def set_look(self, look: Look) -> None:
        """The style sheet draws all of it."""

    def _show(self, found: Divergence) -> None:
        self._sentence.setText(found.sentence)
        for button in self.buttons:
            button.deleteLater()
        self.buttons = []
        for way in found.ways_out:
            button = QPushButton(way.title)
            button.setToolTip(way.about)
            button.setAccessibleDescription(way.about)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, way=way: self.way_out_chosen.emit(way))
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
            self._row.insertWidget(len(self.buttons), button)
            self.buttons.append(button)

"""The history: cost and weights against the epoch, a cursor through time, earlier runs."""

from __future__ import annotations

from weakref import WeakSet

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.fields.choice_field import VIEW_KEYS, ChoiceField
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.fields.small_button import small_button
from rnn_gui.history.epoch_plots import ALL_RUNS, THIS_RUN, EpochPlots
from rnn_gui.history.runs_table import RunsTable
from rnn_gui.theme import Look, panel_palette

LAST_EPOCHS = 50  # before a run stops being finite
# Heights from which one plot stays above the table, and all that are chosen.
_ROOM_FOR_ONE, _ROOM_FOR_ALL = 290, 500
# And that from which cost and weights stand one under the other without a table.
_ROOM_FOR_BOTH = 215
_ONE_PLOT = 150
_CONTROLS = 40  # what stands under plots and table, and between them
_ANY = 16_777_215  # Qt's own limit of a height
_PLOTS = (
    ("both", "Both", "Cost and weights, one under the other"),
    ("cost", "Cost", "The cost of every epoch"),
    ("weights", "Weights", "Both weights at the start of every epoch"),
)
_OFFERS = {
    THIS_RUN: "Show all epochs of the present run again (0)",
    ALL_RUNS: "Show the earlier runs from end to end, too, where they reach further (0)",
}


class HistoryView(QWidget):
    """Plots of the run over its epochs, and the table of all runs."""

    epoch_requested = Signal(int)
    ghost_shown_requested = Signal(object, bool)
    ghost_return_requested = Signal(object)
    ghost_forget_requested = Signal(object)
    menu_requested = Signal(str, QPoint)
    leave_requested = Signal()
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._frame: Frame | None = None
        self._run: Run | None = None
        self._seen: object = None
        self._ghosts = 0
        self._end_shown = False  # of the present run
        # Runs that have ended, and whose view or scale a person has chosen since then.
        self._own_view: WeakSet[Run] = WeakSet()
        self._own_scale: WeakSet[Run] = WeakSet()
        self._switched = False  # to a log axis by the end of a run, not by a person
        self._chosen = ""  # by a person; else what there is room for
        self._standing: tuple[bool, bool] | None = None
        self.plots, self.runs = EpochPlots(), RunsTable()
        self._make_controls()
        self._lay_out()
        self._connect()
        self._ghosts_wanted: tuple[tuple[Ghost, ...], str] = (), ""
        self._draw_ghosts()
        self._show_runs(False)

    def show_frame(self, frame: Frame) -> None:
        """Behind another tab the plots wait: they cost more than all else in a frame."""
        self._frame = frame
        if self.isVisible():
            self._show(frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_ghosts()
        if self._frame is not None:
            self._seen = None
            self._show(self._frame)

    def _show(self, frame: Frame) -> None:
        run = frame.run
        seen = (run, run.last, run.diverged, frame.position.epoch, frame.weights, frame.cost)
        if seen == self._seen:  # most steps of an epoch
            return
        self._seen = seen
        if frame.run is not self._run:
            self._run, self._end_shown = frame.run, False
            if self._switched:
                self.log_cost.setChecked(False)
        self.plots.show_frame(frame)
        if not self.runs.isHidden():
            self.runs.show_frame(frame)
        if frame.run.diverged and not self._end_shown:
            self._end_shown = True
            self._show_end(frame)

    def show_ghosts(self, ghosts: tuple[Ghost, ...], present: str) -> None:
        """Earlier runs, and what the present one is called."""
        self._ghosts_wanted = ghosts, present
        if self.isVisible():
            self._draw_ghosts()

    def _draw_ghosts(self) -> None:
        ghosts, present = self._ghosts_wanted
        self.plots.show_ghosts(ghosts)
        self.runs.show_ghosts(ghosts, present)
        self._ghosts = len(ghosts)
        self._name_button()
        self._share_room()

    def set_look(self, look: Look) -> None:
        self.plots.set_look(look)
        self.runs.set_look(look)
        self.setPalette(panel_palette(self.palette(), look.theme))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    # -- built once ----------------------------------------------------------------------

    def _make_controls(self) -> None:
        self.choice = ChoiceField("Which plots", _PLOTS, VIEW_KEYS)
        self.choice.setMinimumWidth(60)  # it shrinks its letters
        self.choice.setMaximumWidth(100)
        self._log = QLabel("Log")
        self.log_cost = _check_box(
            "cost", "Log cost", "Show the cost in powers of ten; a cost of 0 has no place there"
        )
        self.log_epoch = _check_box(
            "epoch",
            "Log epoch",
            "More room for the first epochs: powers of ten of epoch + 1, "
            "so that epoch 0 has a place",
        )
        self.all_button = small_button(THIS_RUN, "")
        self.runs_button = small_button("Runs", "The table of this run and the earlier ones")
        self.runs_button.setCheckable(True)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setContentsMargins(2, 0, 0, 0)
        below.setSpacing(4)
        for widget in (self.choice, self._log, self.log_cost, self.log_epoch, self.all_button):
            below.addWidget(widget)
        below.addStretch(1)
        below.addWidget(self.runs_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.plots, 3)
        layout.addWidget(self.runs, 2)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.choice.choice_requested.connect(self._choose_plots)
        self.log_cost.toggled.connect(self._set_log_cost)
        self.log_cost.clicked.connect(self._keep_scale)
        self.log_epoch.toggled.connect(self.plots.set_log_epochs)
        self.all_button.clicked.connect(self.plots.show_whole)
        self.runs_button.toggled.connect(self._show_runs)
        self.plots.view_changed.connect(self._offer_all)
        self.plots.view_chosen.connect(self._keep_view)
        self.plots.epoch_requested.connect(self.epoch_requested)
        self.plots.menu_requested.connect(self.menu_requested)
        self.runs.shown_requested.connect(self.ghost_shown_requested)
        self.runs.return_requested.connect(self.ghost_return_requested)
        self.runs.forget_requested.connect(self.ghost_forget_requested)
        self.runs.copied.connect(self.copied)
        for part in (self.choice, self.plots, self.runs):
            part.leave_requested.connect(self.leave_requested)
        for button in (self.log_cost, self.log_epoch, self.all_button, self.runs_button):
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)

    # -- what is chosen ------------------------------------------------------------------

    def _choose_plots(self, key: str) -> None:
        self._chosen = key
        self._share_room()

    def _set_log_cost(self, logarithmic: bool) -> None:
        self._switched = False
        self.plots.set_log_cost(logarithmic)

    def _keep_view(self) -> None:
        if self._run is not None and self._end_shown:
            self._own_view.add(self._run)

    def _keep_scale(self) -> None:
        self._switched = False
        if self._run is not None and self._end_shown:
            self._own_scale.add(self._run)

    def _show_runs(self, shown: bool) -> None:
        if shown and self._frame is not None:
            self.runs.show_frame(self._frame)
        self.runs.setVisible(shown)
        self._name_button()
        self._share_room()

    def _name_button(self) -> None:
        text = f"Runs: {self._ghosts + 1}" if self._ghosts else "Runs"
        self.runs_button.setText("Hide" if self.runs_button.isChecked() else text)

    def _share_room(self) -> None:
        """In a small tab the table takes the place of one plot, or of both."""
        table, height = self.runs_button.isChecked(), self.height()
        plots = not table or height >= _ROOM_FOR_ONE
        one = table and height < _ROOM_FOR_ALL
        if table:
            room = height - _ONE_PLOT - _CONTROLS
            self.runs.setMaximumHeight(min(self.runs.whole_height, room) if plots else _ANY)
        self.plots.setVisible(plots)
        chosen = self._chosen or ("both" if height >= _ROOM_FOR_BOTH else "cost")
        self.choice.show_choice(chosen)
        self._stand("cost" if one and chosen == "both" else chosen)
        self.choice.setVisible(plots and not one)
        for control in (self._log, self.log_cost, self.log_epoch):
            control.setVisible(plots)
        self._offer_all()

    def _stand(self, key: str) -> None:
        """Which plots there are, for the time being."""
        standing = key != "weights", key != "cost"
        if standing != self._standing:
            self._standing = standing
            self.plots.show_panels(cost=standing[0], weights=standing[1])

    def _offer_all(self) -> None:
        offered = self.plots.offered
        self.all_button.setText(offered or THIS_RUN)
        self.all_button.setToolTip(_OFFERS.get(offered, ""))
        self.all_button.setVisible(self.plots.isVisibleTo(self) and offered != "")

    def _show_end(self, frame: Frame) -> None:
        """The last epochs before the run stopped being finite, on a log axis; but where a
        person has chosen otherwise, that is left alone.
        """
        run, first = frame.run, max(frame.run.last - LAST_EPOCHS, 0)
        if run not in self._own_view and 0 < first <= frame.position.epoch:
            self.plots.show_between(first, run.last)
        if run not in self._own_scale and not self.log_cost.isChecked():
            self.log_cost.setChecked(True)
            self._switched = True


def _check_box(text: str, name: str, tip: str) -> QCheckBox:
    made = QCheckBox(text)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made

"""The loss surface: the cost over both weights to play in, and the map of its basins."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.data.notation import number
from core.epoch.frame import Frame
from core.landscape import basin
from core.landscape.basin import STARTS, BasinMap
from core.landscape.surface import Surface
from core.training.ghost import Ghost
from rnn_gui.fields.basin_bar import BasinBar
from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys
from rnn_gui.plots.surface_panel import SurfacePanel
from rnn_gui.plots.surface_picture import Picture, basin_picture, cost_picture
from rnn_gui.plots.surface_tasks import SurfaceTasks
from rnn_gui.plots.surface_widget import SurfaceWidget
from rnn_gui.theme import SMALL_SIZE, Look, panel_palette, text_font
from rnn_gui.tutorial_cell import Point

_REDRAWN = 0.2  # seconds from one picture of a growing map to the next
_HINT = "Click or drag to set the weights; the wheel zooms."
_KEYS = (
    "A click sets the weights, the present point can be dragged; dragging anything else moves "
    "the window, and the wheel zooms.\n"
    "Keys: arrows move the weights, with Shift further; Ctrl and arrows move the window; "
    "+ and − zoom; Home fits the run; Esc leaves."
)
_COMPUTE = f"Compute trains a run from each of {STARTS} × {STARTS} starts"
_COMPUTING = "Computing the surface…"
_COMPUTING_ANEW = "Computing the surface; the pale one is of before the edit."
_OLD = "This map is of before the edit: Compute again."
_ELSEWHERE = "This map is of another window: Compute again for this one."


class SurfaceView(QWidget):
    """Computes while it can be seen, and only what an edit or another window has changed."""

    weights_requested = Signal(float, float)  # Wx and Wrec
    menu_requested = Signal(str, QPoint)
    leave_requested = Signal()
    problem_reported = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.panel = SurfacePanel()
        self.plot = SurfaceWidget(self.panel)
        self.plot.setAccessibleName("Loss surface over Wx and Wrec")
        self.plot.setAccessibleDescription(_KEYS)
        self.tasks = SurfaceTasks(self)
        self.basin_bar = BasinBar()
        layers = {"cost": "Cost", "basins": "Epochs needed"}
        self.layers = {key: _button(text, checkable=True) for key, text in layers.items()}
        self.fit = _button("Fit")
        self.told = QLabel()
        self._frame: Frame | None = None  # the last one, on screen or not
        self._look = Look()
        self._cost: Picture | None = None
        self._basins: Picture | None = None
        self._cost_is_old = False
        self._drawn = 0.0
        self._pointer: Point | None = None
        self._answer: tuple[Point, float, Point] | None = None
        self._lay_out()
        self._connect()

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        if self.isVisible():
            self.plot.show_frame(frame)
            self._see_to_surface()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.plot.set_look(look)
        self.basin_bar.set_look(look)
        self.setPalette(panel_palette(self.palette(), look.theme))

    def show_ghosts(self, ghosts: tuple[Ghost, ...], present: str) -> None:
        """Earlier runs, and what the present one is called."""
        self.panel.show_ghosts(ghosts, present)

    @property
    def shows_basins(self) -> bool:
        return self.layers["basins"].isChecked()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tasks.set_awake(True)
        if self._frame is not None:
            self.show_frame(self._frame)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tasks.set_awake(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.panel.figure, event.globalPos())

    # Built once

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        above = QHBoxLayout()
        above.setSpacing(0)
        for button in self.layers.values():
            group.addButton(button)
            above.addWidget(button)
        above.addStretch(1)
        above.addWidget(self.fit)
        self.layers["cost"].setChecked(True)
        self.layers["basins"].setToolTip("The epochs that training needs from each start")
        self.fit.setToolTip("Show the weights around the run again (Home)")
        for button in (*self.layers.values(), self.fit):
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
        self.told.setProperty("role", "muted")
        self.told.setFont(text_font(SMALL_SIZE))
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.basin_bar.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 5, 6, 4)
        layout.setSpacing(3)
        layout.addLayout(above)
        layout.addWidget(self.basin_bar)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.told)

    def _connect(self) -> None:
        plot, tasks, bar = self.plot, self.tasks, self.basin_bar
        plot.weights_requested.connect(self.weights_requested)
        plot.window_changed.connect(self._see_to_surface)
        plot.hovered.connect(self._hover)
        tasks.surface_refined.connect(self._show_surface)
        tasks.failed.connect(self._give_up)
        tasks.told.connect(self._tell)
        tasks.basins_grown.connect(self._show_growth)
        tasks.worked.connect(self._show_told)
        bar.compute_requested.connect(self._compute)
        bar.cancel_requested.connect(tasks.cancel_basins)
        self.fit.clicked.connect(plot.fit)
        for part in (plot, bar):
            part.leave_requested.connect(self.leave_requested)
        bar.problem_reported.connect(self.problem_reported)
        for button in self.layers.values():
            button.toggled.connect(self._show_layer)

    # What is computed

    def _see_to_surface(self) -> None:
        """The frame or the window may be another one; most often the surface is the same."""
        if self._frame is None:
            return
        other = self.tasks.look_at(self._frame.experiment, self.panel.window)
        self._cost_is_old |= other
        if other and not self.panel.sees_present:
            self.plot.fit()
        self._show_picture()

    def _show_surface(self, surface: Surface) -> None:
        self._cost, self._cost_is_old = cost_picture(surface), False
        self.basin_bar.suggest_goal(_within_reach(surface))
        self._show_picture()

    def _give_up(self) -> None:
        self._cost = None
        self._show_growth()

    def _compute(self, goal: float, limit: int) -> None:
        if self.tasks.problem:
            self.problem_reported.emit(self.tasks.problem)
        elif self._frame is not None:
            self.tasks.compute_basins(goal, limit)

    def _show_growth(self) -> None:
        """Not with every slice: drawing takes time from computing."""
        tasks, now = self.tasks, perf_counter()
        basins = tasks.basins
        if basins is None:
            self._basins = None
        elif not tasks.basins_working or now - self._drawn > _REDRAWN:
            self._basins, self._drawn = basin_picture(basins), now
        working = basins is not None and tasks.basins_working
        self.basin_bar.show_progress(basins.done_share if basins and working else None)
        self._show_picture()

    # What is shown

    def _show_layer(self) -> None:
        self.basin_bar.setVisible(self.shows_basins)
        self._show_picture()

    def _show_picture(self) -> None:
        if self.shows_basins:
            self.panel.show_picture(self._basins, old=self.tasks.basins_old, otherwise=_COMPUTE)
        else:
            problem = self.tasks.problem
            self.panel.show_picture(self._cost, old=self._cost_is_old, otherwise=problem)
        self._show_told()

    def _hover(self, weights: Point | None) -> None:
        self._pointer = weights
        self.tasks.ask(None if self.shows_basins else weights)
        if weights is None or self.shows_basins:
            self._answer = None
        self._show_told()

    def _tell(self, weights: Point, cost: float, gradient: Point) -> None:
        self._answer = weights, cost, gradient
        self._show_told()

    def _show_told(self) -> None:
        text, tip = self._about_pointer() or (self._about_work(), _KEYS)
        if text != self.told.text():
            self.told.setText(text)
            self.told.setToolTip(tip)
            self.plot.viewport().setToolTip(tip)

    def _about_pointer(self) -> tuple[str, str] | None:
        """What is known of the weights under the pointer; and with all digits."""
        basins, digits = self.tasks.basins, self._look.digits
        if self.shows_basins and basins is not None and self._pointer is not None:
            words = _needed(basins, self._pointer)
            return f"{_pair(self._pointer, digits)}: {words}", f"{_exact(self._pointer)}\n{words}"
        if self._answer is None:
            return None
        weights, cost, gradient = self._answer
        text = f"{_pair(weights, digits)}: cost {number(cost, digits)}"
        text += f", gradient {_pair(gradient, digits)}"
        slopes = f"dE/dWx = {gradient.wx!r}\ndE/dWrec = {gradient.wrec!r}"
        return text, f"{_exact(weights)}\ncost = {cost!r}\n{slopes}"

    def _about_work(self) -> str:
        basins = self.tasks.basins
        if self.shows_basins and basins is not None:
            if self.tasks.basins_old:
                return _OLD
            if basins.x.tolist() != self.panel.window.axes(STARTS, STARTS)[0].tolist():
                return _ELSEWHERE
            so_far = "So far " if self.tasks.basins_working else ""
            return so_far + _summary(basins, self._look.digits)
        if not self.tasks.waiting:
            return "" if self.tasks.problem else _HINT
        there, to_come = self.tasks.progress
        if there:
            return f"The cost at {there} × {there} weights; {to_come} × {to_come} to come."
        return _COMPUTING_ANEW if self._cost and self._cost_is_old else _COMPUTING


def _button(text: str, *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    button.setProperty("role", "small")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _within_reach(surface: Surface) -> float:
    """The cost that one in twenty weights stay under, in one digit."""
    costs = np.where(np.isnan(surface.cost), np.inf, surface.cost)
    cost = float(np.quantile(costs, 0.05, method="higher"))
    return float(f"{cost:.0e}") if 0.0 < cost < np.inf else 1.0


def _needed(basins: BasinMap, start: Point) -> str:
    """What the map says of the start that is nearest to these weights."""
    column = int(np.abs(basins.x - start.wx).argmin())
    row = int(np.abs(basins.y - start.wrec).argmin())
    epochs = int(basins.epochs[row, column])
    if epochs == basin.TRAINING:
        return "still training"
    if epochs == basin.DIVERGED:
        return "training from there diverges"
    if epochs == basin.NOT_THERE:
        return f"not there after {basins.limit:,} epochs"
    return f"{epochs:,} epoch{'' if epochs == 1 else 's'}"


def _summary(basins: BasinMap, digits: int) -> str:
    there = float(np.mean(basins.epochs >= 0))
    text = f"{there:.0%} of the starts get to cost {number(basins.goal, digits)}"
    diverged = float(np.mean(basins.epochs == basin.DIVERGED))
    return f"{text}; {diverged:.0%} diverge." if diverged else f"{text}."


def _pair(weights: Point, digits: int) -> str:
    return f"({number(weights.wx, digits)}, {number(weights.wrec, digits)})"


def _exact(weights: Point) -> str:
    return f"Wx = {weights.wx!r}\nWrec = {weights.wrec!r}"

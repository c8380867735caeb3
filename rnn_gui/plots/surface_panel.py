"""The cost over Wx and Wrec, with the way that the run took over it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF

from core.data.values import Array
from core.epoch.frame import Frame
from core.landscape.costs import Landscape
from core.landscape.surface import SurfaceWork, Window, window_around
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.plots.axes import ValueAxis
from rnn_gui.plots.header import Entry, Header
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.series import Series
from rnn_gui.plots.surface_bar import WIDTH, ColourBar
from rnn_gui.plots.surface_layers import PictureLayer, TrailLayer, View
from rnn_gui.plots.surface_legend import area_entry, gradient_entry, line_entry, point_entry
from rnn_gui.plots.surface_marks import AHEAD, DONE, GHOSTS
from rnn_gui.plots.surface_path import way_of
from rnn_gui.plots.surface_picture import Picture, cost_picture
from rnn_gui.plots.surface_runs import EarlierRuns, now_of, on_surface
from rnn_gui.theme import Look
from rnn_gui.tutorial_cell import Point

_INDENT, _INDENT_ALONE = 4.0, 8.0
_LEAST_SHARE = 1e-4
_LOOSE = 3.0  # a window so many times as large as it would have to be is too large


class SurfacePanel(Panel):
    """A picture of the cost, which others compute, and on it what the frame knows: the way up to
    now, what is already run after it, the step's gradient.

    Follows the present run with its window until another one is set. Standalone it computes the
    picture itself, there and then.
    """

    figure = "surface"
    x_label = "Wx"
    y_label = "Wrec"
    left, right = 44, WIDTH
    bottom_axis = ValueAxis
    y_spacing = 34.0

    def __init__(self, *, standalone: bool = False) -> None:
        self.window = _ANYWHERE
        self._follows = True
        self._present: Run | None = None
        self._length = -1  # of the present run, when its way was looked at
        self._expected: Point | None = None
        self._earlier = EarlierRuns()
        self._shown: tuple[Picture | None, bool, str] = None, False, ""
        super().__init__(standalone=standalone)
        self.left_axis.name(self.y_label)
        self.left_axis.setWidth(self.left + 17)
        self.vb.set_overhang(8, 8, 8, 8)
        self._picture = PictureLayer(self.vb, exact=standalone)
        self._trails = TrailLayer(self.vb, exact=standalone)
        self._bar = ColourBar(self, "" if standalone else self.x_label, exact=standalone)

    # What it is told

    def set_look(self, look: Look) -> None:
        self._trails.set_look(look)
        self._bar.set_look(look)
        super().set_look(look)

    def set_window(self, window: Window | None) -> None:
        """Look at other weights; None for those around the run again."""
        self._follows = window is None
        if window is not None:
            self.window = window
        elif self.frame is not None:
            self.window = self._fitting(self.frame.run)
        self._renew()

    def expect(self, weights: Point) -> None:
        """A run that starts there was asked for on this very picture, which stays in place."""
        self._expected = weights

    def show_picture(
        self, picture: Picture | None, *, old: bool = False, otherwise: str = ""
    ) -> None:
        """The picture of any window; ``old`` pales one of what was before an edit. Without one
        the sentence ``otherwise`` stands in its place.
        """
        shown = picture, old, "" if picture else otherwise
        if shown != self._shown:
            self._shown = shown
            self._picture.show_picture(picture, old=old)
            self._renew()

    def show_ghosts(self, ghosts: tuple[Ghost, ...], present: str) -> None:
        """Runs to show beside the present one, and what that is called."""
        earlier = EarlierRuns(ghosts, present)
        if not earlier.same_as(self._earlier):
            self._earlier = earlier
            self._renew()

    # What it tells

    @property
    def picture(self) -> Picture | None:
        return self._picture.picture

    @property
    def view(self) -> View:
        rect = self.plot_rect
        return View(self.window, rect.width(), rect.height())

    @property
    def present_place(self) -> QPointF:
        """Where the present weights stand, in the panel's own pixels."""
        assert self.frame is not None
        return self.plot_rect.topLeft() + self.view.place(*Point.of(self.frame.weights))

    def exactly_at(self, at: QPointF) -> Point:
        """The weights at one of the panel's own pixels."""
        rect, (wide, high) = self.plot_rect, self.pixel
        wx = self.x_range.low + (at.x() - rect.left()) * wide
        return Point(wx, self.y_range.low + (rect.bottom() - at.y()) * high)

    def weights_at(self, at: QPointF) -> Point:
        """The same in no more digits than tell two pixels apart."""
        pairs = zip(self.exactly_at(at), self.pixel, strict=True)
        return Point(*(_short(weight, pixel) for weight, pixel in pairs))

    @property
    def sees_present(self) -> bool:
        """Whether the present weights are in the window."""
        return self.plot_rect.contains(self.present_place)

    # What is shown of a frame

    def own_title(self, _frame: Frame) -> str:
        return ""

    def prepare(self, frame: Frame) -> None:
        self._follow(frame.run)
        self.x_range = Range(self.window.x_low, self.window.x_high)
        self.y_range = Range(self.window.y_low, self.window.y_high)
        if self.standalone and self.picture is None:
            self._picture.show_picture(_computed(frame, self.window))

    def lines(self) -> list[Series]:
        return []

    def show_items(self, frame: Frame) -> None:
        view = self.view
        self._picture.place_in(view)
        shown = on_surface(frame, view, self._earlier, self.look.theme.backward)
        if self._shown[2]:
            shown = shown.present_alone
        picture, rect = self.picture, self.plot_rect
        bare = view.place(*picture.lowest) if picture and picture.lowest else None
        self._trails.show_trails(view, shown.trails, shown.marks, shown.names, bare)
        bar = QRectF(rect.right(), rect.top(), WIDTH, rect.height())
        scale, name = (picture.scale, picture.name) if picture else (None, "")
        self._bar.show_scale(scale, name, bar)

    def message(self, _frame: Frame) -> str:
        return self._shown[2]

    def _show_message(self, text: str) -> None:
        """In the half of the plot where the present point does not stand."""
        super()._show_message(text)
        if text and self.frame is not None:
            rect, told = self.plot_rect, self._message
            told.setTextWidth(min(told.textWidth(), rect.width()))
            upper = self.present_place.y() > rect.center().y()
            middle = rect.top() + (0.25 if upper else 0.75) * rect.height()
            left = rect.center().x() - told.textWidth() / 2
            told.setPos(left, middle - told.boundingRect().height() / 2)

    def legend_entries(self, frame: Frame) -> list[Entry]:
        now = now_of(frame)
        if self._shown[2]:
            return [point_entry("now", "now")]
        entries = [point_entry("now", "now"), point_entry("start", "start")]
        if now > 0:
            entries.append(line_entry("path", DONE))
        if frame.run.last > now:
            entries.append(line_entry("already run", AHEAD))
        if frame.gradient is not None:
            entries.append(gradient_entry(Point.of(frame.gradient)))
        return [*entries, *self._entries_beside(frame)]

    def _entries_beside(self, frame: Frame) -> list[Entry]:
        """Of earlier runs, and of areas without a number."""
        ghosts = self._earlier.beside(frame.run)
        entries = [line_entry("earlier runs", GHOSTS[0])] if ghosts else []
        areas = self.picture.areas if self.picture else ()
        return [*entries, *(area_entry(flat) for flat, _ in areas)]

    def _show_header(self, frame: Frame) -> None:
        """Each sign on the picture is explained, on as many rows as that may ever take: the plot
        keeps its size while signs come and go.
        """
        entries = self.legend_entries(frame)
        indent = _INDENT_ALONE if self.standalone else _INDENT
        self.header.show_header(Header(entries=tuple(entries), wrapped=True), self.look, indent)
        longest = Header(entries=(*_LONGEST_LEGEND, *self._entries_beside(frame)), wrapped=True)
        width = max(self.size().width() - indent - 8, 1)
        self.layout.setRowFixedHeight(0, longest.height(width) + 5)

    # The window

    def _fitting(self, run: Run) -> Window:
        points = way_of(run).outline(run)
        window = window_around(points[:, 0], points[:, 1])
        return Window(*_wide_enough(*window[:2]), *_wide_enough(*window[2:]))

    def _follow(self, run: Run) -> None:
        """A run that grows keeps its window until it leaves it, another one as long as it suits.

        Other data is another surface: what somebody has looked at before means nothing on it.
        """
        if run is not self._present:
            before, self._present, self._length = self._present, run, run.last
            other = before is None or not before.experiment.same_costs(run.experiment)
            if other and before and before.experiment.inputs.shape != run.experiment.inputs.shape:
                self._follows = True
            if self._follows and (other or not self._suits(run)):
                self.window = self._fitting(run)
        elif self._follows and run.last != self._length:
            self._length = run.last
            if not self._holds(run):
                self.window = self._fitting(run)

    def _suits(self, run: Run) -> bool:
        """Whether the window shows this run well enough to stay."""
        expected = Point.of(run.weights(0)) == self._expected
        large = _LOOSE * _span(self._fitting(run))
        return self._holds(run) and (expected or _span(self.window) <= large)

    def _holds(self, run: Run) -> bool:
        """Whether the run lies in the window, but for what is so far that none would follow."""
        points = way_of(run).outline(run)
        near = points[_inside(points, self._fitting(run))]
        return bool(_inside(near, self.window).all())


def _span(window: Window) -> float:
    return max(window.x_high - window.x_low, window.y_high - window.y_low)


def _inside(points: Array, window: Window) -> npt.NDArray[np.bool_]:
    wx, wrec = points.T
    inside: npt.NDArray[np.bool_] = (
        (wx >= window.x_low)
        & (wx <= window.x_high)
        & (wrec >= window.y_low)
        & (wrec <= window.y_high)
    )
    return inside


def _wide_enough(low: float, high: float) -> tuple[float, float]:
    """Around weights so large that a common window is nothing beside them."""
    least = _LEAST_SHARE * max(abs(low), abs(high))
    return (low, high) if high - low > least else (low - least, high + least)


def _computed(frame: Frame, window: Window) -> Picture:
    work = SurfaceWork(Landscape(frame.experiment), window)
    work.work(math.inf)
    assert work.surface is not None
    return cost_picture(work.surface)


def _short(value: float, pixel: float) -> float:
    """With as many decimals as tell two pixels apart."""
    return round(value, max(0, math.ceil(-math.log10(pixel / 2))))


_ANYWHERE = Window(0.0, 1.0, 0.0, 1.0)
_LONGEST_LEGEND = (
    point_entry("now", "now"),
    point_entry("start", "start"),
    line_entry("path", DONE),
    line_entry("already run", AHEAD),
    gradient_entry(Point(1.0, 1.0)),
)

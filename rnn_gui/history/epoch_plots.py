"""The plots over epochs as one widget: a cursor that is dragged, clicked or moved by keys."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.fields.plain_keys import is_plain
from rnn_gui.history.epoch_view import EpochView
from rnn_gui.plots.epoch_panel import EpochPanel, last_epoch_of, whole_axis
from rnn_gui.plots.epochs import EpochScale
from rnn_gui.plots.history_panel import HistoryPanel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.weights_panel import WeightsPanel
from rnn_gui.plots.widget import PanelWidget
from rnn_gui.theme import Look, pen

_NEAR = 6.0  # pixels around the cursor that take hold of it
_ZOOM_STEP, _PER_DEGREE = 1.4, 1.0015
_PAGE = 0.1  # of the visible epochs
_SHARES = {HistoryPanel: 0.53, WeightsPanel: 0.47}  # how they divide the height of their data
_Key = Qt.Key
THIS_RUN, ALL_RUNS = "This run", "All runs"


class EpochPlots(QWidget):
    """Cost over weights, on one axis of epochs. What the pointer and keys mean goes out."""

    epoch_requested = Signal(int)
    menu_requested = Signal(str, QPoint)
    leave_requested = Signal()
    view_changed = Signal()  # what `offered` says
    view_chosen = Signal()  # by a person: the part of the axis in view

    def __init__(self) -> None:
        super().__init__()
        self.cost, self.weights = HistoryPanel(), WeightsPanel()
        self.panels: tuple[EpochPanel, ...] = (self.cost, self.weights)
        self._view = EpochView()
        self._frame: Frame | None = None
        self._ghosts: tuple[Ghost, ...] = ()
        self._offered = ""
        self._plots = _Plots(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Cost and weights of every epoch")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self._plots)

    def show_frame(self, frame: Frame) -> None:
        before, self._frame = self._frame, frame
        if before is None or before.run is not frame.run:
            self._set_view(EpochView(self._view.scale))
        elif before.position.epoch != frame.position.epoch:
            self._set_view(self._view.following(frame.position.epoch, self._whole))
        self._show_in_panels(frame)
        self.setAccessibleDescription(f"epoch {frame.position.epoch:,} of {frame.run.last:,}")
        self._tell_offered()

    def show_ghosts(self, ghosts: tuple[Ghost, ...]) -> None:
        self._ghosts = ghosts
        for panel in self.panels:
            panel.show_ghosts(ghosts)
        self._tell_offered()

    def set_look(self, look: Look) -> None:
        self._plots.set_look(look)
        self.update()

    def show_panels(self, *, cost: bool, weights: bool) -> None:
        """Which of the two stand here; one at least."""
        self.cost.stand(topmost=True, lowest=not weights)
        self.weights.stand(topmost=not cost, lowest=True)
        self._plots.show_only({self.cost: cost, self.weights: weights})
        if self._frame is not None:
            self._show_in_panels(self._frame)
        self._tell_offered()

    # -- what is in view -----------------------------------------------------------------

    @property
    def shown(self) -> Range:
        """The part of the axis in view, in places of its scale."""
        return self._view.shown or self._whole

    @property
    def last_epoch(self) -> int:
        """The last one that the axis makes room for, where nothing is magnified."""
        return last_epoch_of(self._frame, self._ghosts, everything=self._view.everything)

    @property
    def zoomed(self) -> bool:
        return self._view.shown is not None

    def set_log_cost(self, logarithmic: bool) -> None:
        self.cost.set_logarithmic(logarithmic)
        self._tell_offered()

    def set_log_epochs(self, logarithmic: bool) -> None:
        self._set_view(self._view.on(EpochScale(logarithmic)))

    @property
    def offered(self) -> str:
        """What `show_whole` brings into view; empty where all that is drawn is in view."""
        if self.zoomed or self._view.everything:
            return THIS_RUN
        longer = self.last_epoch < last_epoch_of(self._frame, self._ghosts, everything=True)
        cut_off = any(panel.ghosts_cut_off for panel in self.panels if panel.isVisible())
        return ALL_RUNS if longer or cut_off else ""

    def show_whole(self) -> None:
        """The present run from end to end; once it is there, all runs that are drawn."""
        self._choose_view(EpochView(self._view.scale, None, self.offered == ALL_RUNS))

    def show_between(self, first: int, last: int) -> None:
        """These epochs in view."""
        self._set_view(self._view.around(first, last))

    def zoom(self, factor: float, centre: float | None = None) -> None:
        """Magnify around a place of the axis; else around the present epoch, if it is in view."""
        shown = self.shown
        if centre is None:
            now = self._view.scale.place(self._epoch)
            centre = now if shown.low <= now <= shown.high else (shown.low + shown.high) / 2
        self._choose_view(self._view.zoomed(factor, centre, self._whole))

    def move_to(self, low: float) -> None:
        """Move what is in view, as far as there are epochs."""
        self._choose_view(self._view.moved(low, self.shown.span, self._whole))

    # -- the cursor ----------------------------------------------------------------------

    def request(self, epoch: int) -> None:
        """Ask for an epoch that the run went through, unless it is the present one."""
        last = self._frame.run.last if self._frame else 0
        epoch = min(max(epoch, 0), last)
        if epoch != self._epoch:
            self.epoch_requested.emit(epoch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes(event):
            super().keyPressEvent(event)
        elif event.key() == _Key.Key_Escape:
            self.leave_requested.emit()
        elif event.key() in _VIEW_KEYS:
            self._change_view(_Key(event.key()))
        else:
            self.request(self._epoch_by(_Key(event.key())))

    def event(self, event: QEvent) -> bool:
        """The window has shortcuts on the same keys; here they move the cursor."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """By the keyboard: in the middle."""
        self.menu_requested.emit(self.cost.figure, self.mapToGlobal(self.rect().center()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A thin frame tells that the keyboard is here."""
        theme = self.cost.look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        if self.hasFocus():
            painter.setPen(pen(theme.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def _show_in_panels(self, frame: Frame) -> None:
        for panel in self.panels:
            if panel.isVisible():
                panel.show_frame(frame)
                _keep_axes_wide(panel)

    @property
    def _epoch(self) -> int:
        return self._frame.position.epoch if self._frame else 0

    @property
    def _whole(self) -> Range:
        return whole_axis(self._view.scale, self.last_epoch, self._ghosts)

    def _epoch_by(self, key: Qt.Key) -> int:
        """Where a key leads; a page is a tenth of what is in view."""
        if key in _ENDS:
            return _ENDS[key]
        if key in _STEPS:
            return self._epoch + _STEPS[key]
        scale, by = self._view.scale, _PAGES[key] * _PAGE * self.shown.span
        there = round(scale.epoch_at(scale.place(self._epoch) + by))
        return there if there != self._epoch else self._epoch + _PAGES[key]

    def _change_view(self, key: Qt.Key) -> None:
        if key == _Key.Key_0:
            self.show_whole()
        else:
            self.zoom(_VIEW_KEYS[key])

    def _takes(self, event: QKeyEvent) -> bool:
        return is_plain(event) and event.key() in _OWN_KEYS

    def _set_view(self, view: EpochView) -> None:
        self._view = view
        for panel in self.panels:
            panel.show_epochs(*view)
        self._tell_offered()

    def _choose_view(self, view: EpochView) -> None:
        self._set_view(view)
        self.view_chosen.emit()

    def _tell_offered(self) -> None:
        if self.offered != self._offered:
            self._offered = self.offered
            self.view_changed.emit()


_STEPS = {_Key.Key_Left: -1, _Key.Key_Right: 1}
_PAGES = {_Key.Key_PageUp: -1, _Key.Key_PageDown: 1}
_ENDS = {_Key.Key_Home: 0, _Key.Key_End: 1 << 40}
_VIEW_KEYS = {
    **dict.fromkeys((_Key.Key_Plus, _Key.Key_Equal), _ZOOM_STEP),
    _Key.Key_Minus: 1 / _ZOOM_STEP,
    _Key.Key_0: 1.0,
}
_OWN_KEYS = {*_STEPS, *_PAGES, *_ENDS, *_VIEW_KEYS, _Key.Key_Escape}


class _Plots(PanelWidget):
    """Both panels and what the pointer does there: in a plot it holds the cursor, on the numbers
    of the epochs it moves what is in view.
    """

    def __init__(self, whole: EpochPlots) -> None:
        self._whole = whole
        super().__init__(*whole.panels)
        self._scrubbing = False
        self._grabbed: tuple[float, float] | None = None  # pixel and left end where a drag began
        self.viewport().setMouseTracking(True)

    def show_only(self, shown: dict[EpochPanel, bool]) -> None:
        """Hidden panels take no room."""
        for panel in self.panels:
            panel.setVisible(shown[panel])
        self._share_height()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:  # as while the widget is made
            self._share_height()

    def _share_height(self) -> None:
        """So that the data has it, whatever stands around it."""
        seen = [panel for panel in self.panels if panel.isVisible()]
        spare = max(self.height() - sum(panel.height_around for panel in seen), 0)
        whole = sum(_SHARES[type(panel)] for panel in seen)
        for row, panel in enumerate(self.panels):
            share = spare * _SHARES[type(panel)] / whole + panel.height_around
            height = round(share) if panel in seen else 0  # parts of pixels blur the texts
            panel.setMaximumHeight(height)
            self.ci.layout.setRowFixedHeight(row, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._whole.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        panel, at = self._panel_at(event.position())
        if panel is not None and _in_plot(panel, at):
            self._scrubbing = True
            if not _near_cursor(panel, at):
                self._whole.request(panel.epoch_at(at.x()))
        elif panel is not None and self._whole.zoomed:
            self._grabbed = at.x(), self._whole.shown.low
        self._show_shape(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        panel = self._first
        x = panel.mapFromScene(self.mapToScene(event.position().toPoint())).x()
        if self._scrubbing:
            self._whole.request(panel.epoch_at(x))
        elif self._grabbed is not None:
            start, low = self._grabbed
            self._whole.move_to(low - (x - start) * panel.pixel[0])
        self._show_shape(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._scrubbing, self._grabbed = False, None
        self._show_shape(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the numbers it brings the whole run back into view."""
        panel, at = self._panel_at(event.position())
        if panel is not None and not _in_plot(panel, at):
            self._whole.show_whole()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """It magnifies around the pointer; sideways, or with Shift, it moves what is in view."""
        delta, panel = event.angleDelta(), self._first
        sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if sideways or abs(delta.x()) > abs(delta.y()):
            turned = delta.x() or delta.y()
            self._whole.move_to(self._whole.shown.low - turned * 0.5 * panel.pixel[0])
        else:
            at = panel.mapFromScene(self.mapToScene(event.position().toPoint()))
            self._whole.zoom(_PER_DEGREE ** delta.y(), panel.data_at(at).x())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._whole.menu_requested.emit(self._first.figure, event.globalPos())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self.viewport())
            return True
        return bool(super().viewportEvent(event))

    def tip_at(self, at: QPointF) -> str:
        """All digits of what is known of the epoch here, and of the same one in earlier runs."""
        panel, there = self._panel_at(at)
        if panel is None or panel.frame is None:
            return ""
        if not _in_plot(panel, there):
            return "Drag to move, double click for the whole run" if self._whole.zoomed else ""
        epoch = panel.epoch_at(there.x())
        lines = [f"epoch {epoch:,}", *facts(panel.frame, epoch)]
        lines += [
            f"{ghost.name}: {', '.join(_facts_of(ghost.run, epoch, True))}"
            for ghost in panel.ghosts
            if epoch <= ghost.run.last
        ]
        return f"<p style='white-space:pre'>{escape(chr(10).join(lines))}</p>"

    @property
    def _first(self) -> EpochPanel:
        return next(panel for panel in self._whole.panels if panel.isVisible())

    def _panel_at(self, at: QPointF) -> tuple[EpochPanel | None, QPointF]:
        """The panel under a place of the viewport, and the place in its own pixels."""
        there = self.mapToScene(at.toPoint())
        for panel in self._whole.panels:
            if panel.isVisible() and panel.sceneBoundingRect().contains(there):
                return panel, panel.mapFromScene(there)
        return None, QPointF()

    def _show_shape(self, at: QPointF) -> None:
        """What the pointer would do here, told by its shape."""
        panel, there = self._panel_at(at)
        shape = Qt.CursorShape.ArrowCursor
        if self._grabbed is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._scrubbing or (panel is not None and _near_cursor(panel, there)):
            shape = Qt.CursorShape.SizeHorCursor
        elif panel is not None and _in_plot(panel, there):
            shape = Qt.CursorShape.PointingHandCursor
        elif panel is not None and self._whole.zoomed and _under_plot(panel, there):
            shape = Qt.CursorShape.OpenHandCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)


def _keep_axes_wide(panel: EpochPanel) -> None:
    """Pyqtgraph takes all room from an axis whose colour changes while it is hidden, and does not
    give it back when it is shown: one plot would be wider than the other.
    """
    for axis in (panel.left_axis, panel.right_axis):
        if axis.isVisible() and axis.maximumWidth() != axis.fixedWidth:
            axis.setWidth(axis.fixedWidth)
    below = panel.below
    if below.isVisible() and below.maximumHeight() != below.fixedHeight:
        below.setHeight(below.fixedHeight)


def facts(frame: Frame, epoch: int) -> list[str]:
    """Cost and weights of an epoch with all digits; the cost only where it is known."""
    known = epoch != frame.position.epoch or frame.cost is not None
    return _facts_of(frame.run, epoch, known)


def _facts_of(run: Run, epoch: int, cost_known: bool) -> list[str]:
    weights = run.weights(epoch)
    cost = [f"cost E = {float(run.costs[epoch])!r}"] if cost_known else []
    return [*cost, f"Wx = {weights['Wx']!r}", f"Wrec = {weights['Wrec']!r}"]


def _in_plot(panel: EpochPanel, at: QPointF) -> bool:
    return not panel.empty and panel.plot_rect.adjusted(-8, -10, 8, 2).contains(at)


def _under_plot(panel: EpochPanel, at: QPointF) -> bool:
    return bool(at.y() > panel.plot_rect.bottom())


def _near_cursor(panel: EpochPanel, at: QPointF) -> bool:
    frame = panel.frame
    if frame is None or not _in_plot(panel, at):
        return False
    return abs(panel.place_of(frame.position.epoch) - at.x()) <= _NEAR

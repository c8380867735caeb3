"""The time canvas: network, states and gradients over one column per timestamp."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from core.epoch.frame import Frame
from core.epoch.hops import hop_sentence
from rnn_gui.plots.column_facts import column_facts
from rnn_gui.plots.columns import ColumnPanel, all_columns
from rnn_gui.plots.gradients_panel import GradientsPanel
from rnn_gui.plots.network_panel import NetworkPanel
from rnn_gui.plots.ranges import Range
from rnn_gui.plots.sizes_panel import SizesPanel
from rnn_gui.plots.states_panel import StatesPanel
from rnn_gui.plots.widget import PanelWidget
from rnn_gui.theme import Look, pen

_ZOOM_STEP = 1.4
_SHARES = {"network": 20, "states": 17, "gradients": 18}  # how the panels divide the height
# The network alone: from this width on it grows, so many times at most; its height by its width,
# and the most of it before it grows.
_ROOMY, _LARGEST, _SLENDER, _HIGHEST, _LOWEST = 800, 2.0, 0.64, 480, 420
_ANY_HEIGHT = 16_777_215  # Qt's own


class TimeCanvas(QWidget):
    """The three panels, zoomed and scrolled as one; what the pointer means goes out as signals."""

    sequence_chosen = Signal(int)
    menu_requested = Signal(str, QPoint)
    sizes_shown_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network = NetworkPanel(joined=(False, True))
        self.states = StatesPanel(joined=(True, True))
        self.gradients = GradientsPanel(joined=(True, False))
        self._sizes: SizesPanel | None = None  # made when it is asked for
        self._sizes_on = False
        self._below: tuple[str, ...] = (self.states.figure, self.gradients.figure)  # the network
        self._columns: Range | None = None  # what is in view; None for all
        self._frame: Frame | None = None
        self.panels: tuple[ColumnPanel, ...] = (self.network, self.states, self.gradients)
        self._plots = _Plots(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Time canvas")
        self.setMinimumSize(380, 320)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self._plots, 1)
        layout.addStretch()  # below the network, where that stands alone

    def show_frame(self, frame: Frame, *, curves_alone: bool = False) -> None:
        """``curves_alone`` leaves the network as it is: nobody reads numbers at full speed."""
        before, self._frame = self._frame, frame
        if before is None or before.timestamps != frame.timestamps:
            self._columns = None
        elif before.step.timestamp != frame.step.timestamp:
            self._columns = self._following(frame.step.timestamp)
        self._show_columns()
        for panel in self.panels:
            if panel is not self.network or not curves_alone:
                panel.show_frame(frame)
        if not curves_alone:
            self._describe(frame)

    def set_look(self, look: Look) -> None:
        self._plots.set_look(look)
        self.update()

    @property
    def sizes_shown(self) -> bool:
        """Whether they stand where else the gradients do, if anything is shown there."""
        return self._sizes_on

    def show_panels(self, below: Collection[str]) -> None:
        """The network and of "states" and "gradients" those named; they share the height."""
        self._below = tuple(below)
        self._arrange()

    def show_sizes(self, on: bool) -> None:
        """The sizes of the gradients on a log axis where else the gradients are, or these."""
        if on == self.sizes_shown:
            return
        if self._sizes is None:
            self._sizes = SizesPanel(joined=(True, False))
        self._sizes_on = on
        self._arrange()
        self.sizes_shown_changed.emit(on)

    @property
    def columns(self) -> Range:
        """The horizontal range in view, in timestamps."""
        if self._columns is not None:
            return self._columns
        return all_columns(self._frame.timestamps if self._frame else 1)

    @property
    def zoomed(self) -> Range | None:
        """What is in view; None where that is everything."""
        return self._columns

    def show_only(self, columns: Range | None) -> None:
        """Bring back what was in view."""
        self._columns = columns
        self._show_columns()

    def zoom_in(self) -> None:
        self.zoom(_ZOOM_STEP, self._centre_of_interest())

    def zoom_out(self) -> None:
        self.zoom(1 / _ZOOM_STEP, self._centre_of_interest())

    def fit(self) -> None:
        """All columns in view."""
        self._columns = None
        self._show_columns()

    def zoom(self, factor: float, centre: float) -> None:
        """Magnify around a place on the axis, which stays where it is."""
        shown, whole = self.columns, self._whole()
        span = min(max(shown.span / factor, min(2.0, whole.span)), whole.span)
        share = (centre - shown.low) / shown.span
        self._move_to(centre - share * span, span)

    def scroll_by(self, timestamps: float) -> None:
        """Move the view so many columns to the right."""
        self._move_to(self.columns.low + timestamps, self.columns.span)

    def panel_at(self, at: QPointF) -> ColumnPanel | None:
        """The panel under a place of the plots."""
        return next((p for p in self.panels if _scene_rect(p).contains(at)), None)

    def spot_of(self, figure: str, inside: QRectF | None = None) -> tuple[QWidget, QRect] | None:
        """Where a panel stands, or a place in its own pixels: in which widget, and where there."""
        panel = next((p for p in self.panels if p.figure == figure), None)
        if panel is None:
            return None
        there = panel.mapRectToScene(panel.boundingRect() if inside is None else inside)
        return self._plots.viewport(), self._plots.mapFromScene(there).boundingRect()

    def point_of(self, panel: ColumnPanel, x: float, y: float) -> QPoint:
        """Where a panel shows a place of its axes, in pixels of this widget."""
        there = panel.mapToScene(panel.place(x, y))
        return self._plots.mapTo(self, self._plots.mapFromScene(there))

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """By the keyboard: the menu of the first panel, in the middle."""
        self.menu_requested.emit(self.network.figure, self.mapToGlobal(self.rect().center()))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._make_room()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A thin frame tells that the keyboard is here."""
        theme = self.network.look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        if self.hasFocus():
            painter.setPen(pen(theme.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        self.update()

    def _arrange(self) -> None:
        """Show the panels that are wanted; the others know nothing meanwhile."""
        last = self._sizes if self._sizes_on and self._sizes else self.gradients
        below = (panel for panel in (self.states, last) if panel.figure in self._below)
        before, self.panels = self.panels, (self.network, *below)
        self._plots.show_panels(self.panels)
        for index, panel in enumerate(self.panels):
            panel.join(index > 0, index < len(self.panels) - 1)
            if panel not in before:
                panel.set_look(self.network.look)
                panel.show_columns(self._columns)
                if self._frame is not None:
                    panel.show_frame(self._frame)
        self._make_room()
        if self._frame is not None:
            self._describe(self._frame)

    def _make_room(self) -> None:
        """Alone the network is as large as it can be read well, and no higher."""
        width, alone = self.width(), len(self.panels) == 1
        factor = min(max(width / _ROOMY, 1.0), _LARGEST) if alone else 1.0
        self.network.enlarge(factor)
        height = max(min(_SLENDER * width, _HIGHEST * factor), _LOWEST)
        self._plots.setMaximumHeight(round(height) if alone else _ANY_HEIGHT)

    def _describe(self, frame: Frame) -> None:
        sequence = f"sequence {frame.name_of(frame.sequence)}"
        parts = f"{frame.step.label}, {sequence}, {frame.timestamps} timestamps"
        told = hop_sentence(frame) if self._sizes in self.panels else ""
        self.setAccessibleDescription(f"{parts}. {told}" if told else parts)

    def _whole(self) -> Range:
        return all_columns(self._frame.timestamps if self._frame else 1)

    def _move_to(self, low: float, span: float) -> None:
        whole = self._whole()
        low = min(max(low, whole.low), whole.high - span)
        everything = span >= whole.span * (1 - 1e-9)
        self._columns = None if everything else Range(low, low + span)
        self._show_columns()

    def _show_columns(self) -> None:
        for panel in self.panels:
            panel.show_columns(self._columns)

    def _following(self, timestamp: int) -> Range | None:
        """The view moved just so far that the column of the current step is in it."""
        shown = self._columns
        if shown is None or not timestamp:
            return shown
        low = min(max(shown.low, timestamp + 0.5 - shown.span), timestamp - 0.5)
        return Range(low, low + shown.span)

    def _centre_of_interest(self) -> float:
        shown = self.columns
        timestamp = self._frame.step.timestamp if self._frame else 0
        inside = timestamp and shown.low <= timestamp <= shown.high
        return float(timestamp) if inside else (shown.low + shown.high) / 2


class _Plots(PanelWidget):
    """The plots of the canvas and what the pointer does there."""

    def __init__(self, canvas: TimeCanvas) -> None:
        super().__init__(*canvas.panels)
        self._canvas = canvas
        self._pressed: QPointF | None = None
        self._grabbed: Range | None = None  # the columns in view when a drag began
        for row, panel in enumerate(canvas.panels):
            self._share_out(panel, row)
        self.viewport().setMouseTracking(True)

    def show_panels(self, panels: tuple[ColumnPanel, ...]) -> None:
        """These, one under the other. A row that is left empty between others keeps its height:
        all are put in anew.
        """
        layout = self.ci.layout
        for panel in self.panels:
            layout.removeItem(panel)
            panel.setVisible(panel in panels)
        self.panels = panels
        for row, panel in enumerate(panels):
            layout.addItem(panel, row, 0)
            self._share_out(panel, row)  # again: it goes when a row is empty
            panel.show()

    def _share_out(self, panel: ColumnPanel, row: int) -> None:
        panel.setPreferredHeight(10 * _SHARES[panel.figure])
        self.ci.layout.setRowStretchFactor(row, _SHARES[panel.figure])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._grabbed = event.position(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._show_cursor(event.position())
            return
        moved = event.position().x() - self._pressed.x()
        if self._grabbed is None and abs(moved) >= QApplication.startDragDistance():
            self._grabbed = self._canvas.columns
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._grabbed is not None:
            target = self._grabbed.low - moved / self._column_width()
            self._canvas.scroll_by(target - self._canvas.columns.low)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        if self._grabbed is None:
            self._click(event.position())
        self._grabbed = None
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl it magnifies around the pointer; alone it scrolls what is magnified."""
        delta, pixels = event.angleDelta(), event.pixelDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            panel = self._canvas.panels[0]
            at = panel.mapFromScene(self.mapToScene(event.position().toPoint()))
            self._canvas.zoom(1.0015 ** delta.y(), panel.data_at(at).x())
        elif self._canvas.columns.span < all_columns(self._timestamps()).span:
            turned = pixels.x() or pixels.y() or (delta.x() or delta.y()) * 0.5
            self._canvas.scroll_by(-turned / self._column_width())
        else:
            event.ignore()
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        panel = self._canvas.panel_at(self._scene_point(QPointF(event.pos())))
        if panel is not None:
            self._canvas.menu_requested.emit(panel.figure, event.globalPos())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return bool(super().viewportEvent(event))

    def tip_at(self, at: QPointF) -> str:
        """All digits of what is known in the column here."""
        panel, timestamp, sequence = self._meaning(at)
        frame = panel.frame if panel else None
        if frame is None or timestamp is None:
            return ""
        return column_facts(frame, timestamp, frame.sequence if sequence is None else sequence)

    def _meaning(self, at: QPointF) -> tuple[ColumnPanel | None, int | None, int | None]:
        """Panel, timestamp and sequence under a place."""
        there = self._scene_point(at)
        panel = self._canvas.panel_at(there)
        if panel is None:
            return None, None, None
        local = panel.mapFromScene(there)
        return panel, panel.timestamp_at(local.x()), panel.sequence_at(local)

    def _click(self, at: QPointF) -> None:
        panel, _, sequence = self._meaning(at)
        frame = panel.frame if panel else None
        if frame is not None and sequence is not None and sequence != frame.sequence:
            self._canvas.sequence_chosen.emit(sequence)

    def _show_cursor(self, at: QPointF) -> None:
        panel, _, sequence = self._meaning(at)
        other = panel is not None and panel.frame and sequence not in (None, panel.frame.sequence)
        shape = Qt.CursorShape.PointingHandCursor if other else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _scene_point(self, at: QPointF) -> QPointF:
        return QPointF(self.mapToScene(at.toPoint()))

    def _column_width(self) -> float:
        return float(self._canvas.panels[0].plot_rect.width() / self._canvas.columns.span)

    def _timestamps(self) -> int:
        frame = self._canvas.panels[0].frame
        return frame.timestamps if frame else 1


def _scene_rect(panel: ColumnPanel) -> QRectF:
    return QRectF(panel.mapRectToScene(panel.boundingRect()))

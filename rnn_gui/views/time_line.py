"""The time line: one cell per step of the epoch; a click means "done up to here"."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.epoch.frame import Frame
from rnn_gui.plots.ink import text_width
from rnn_gui.theme import SMALL_SIZE, Look, pen, text_font
from rnn_gui.time_cells import Cell, cell_at, layout_cells, step_label
from rnn_gui.tutorial_cell import GLOSSARY

_MARGIN = 8  # beside the cells; the one on the left stands for "nothing done"
_TOP, _CELL, _MARKER = 2, 22, 6
_HEIGHT = _TOP + _CELL + _MARKER


class TimeLine(QWidget):
    """All steps of the epoch, coloured by phase; the current one outlined and pointed at."""

    step_requested = Signal(int)  # how many steps are to be done

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._font = text_font(SMALL_SIZE)
        self._text_width = partial(text_width, size=SMALL_SIZE)
        self._frame: Frame | None = None
        self._cells: list[Cell] = []
        self._dragged_to: int | None = None
        self.setAccessibleName("Time line")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setAutoFillBackground(True)  # else all that lies behind it is painted, too

    def show_frame(self, frame: Frame) -> None:
        old, self._frame = self._frame, frame
        if old is not None and (old.timestamps, old.position.step) == (
            frame.timestamps,
            frame.position.step,
        ):
            return
        resized = old is not None and old.timestamps != frame.timestamps
        before = self._cells
        if self._dragged_to is None or resized:  # cells that moved under a drag would jump
            self._lay_out()
        self.setAccessibleDescription(self.summary())
        if old is None or self._cells != before:
            self.update()
        else:
            self.update(self._between(old.step.number, frame.step.number))

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    @property
    def cells(self) -> list[Cell]:
        """The cells now shown, in pixels from the first one's left edge."""
        return self._cells

    def summary(self) -> str:
        """Where the epoch stands, in words."""
        frame = self._frame
        if frame is None:
            return ""
        last = len(frame.experiment.steps)
        where = f"{step_label(frame.step)}, {frame.step.phase.value} phase"
        if frame.announced:
            return f"Nothing done yet; {where}, is the first of {last} steps"
        return f"{where}, step {frame.step.number} of {last}"

    def tip_at(self, x: float) -> str:
        """The tool tip at a place of the time line."""
        frame = self._frame
        if frame is None or not self._cells:
            return ""
        if x < _MARGIN:
            return "Start of the epoch: nothing done"
        return _tip(cell_at(self._cells, x - _MARGIN), frame)

    def sizeHint(self) -> QSize:
        return QSize(600, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def resizeEvent(self, _: QResizeEvent) -> None:
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_to is not None:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._dragged_to is not None:
            self._dragged_to = None
            self._lay_out()
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = self._frame
        if frame is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for cell in self._cells:
            if event.rect().intersects(_rect(cell).toAlignedRect()):
                self._paint_cell(painter, cell, frame.position.step)
        self._mark_current(painter, frame)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(self._look.theme.accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -0.5), 4, 4)
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: Cell, done: int) -> None:
        theme = self._look.theme
        rect = _rect(cell)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.phase_soft(cell.phase)))
        painter.drawRoundedRect(rect, 3, 3)
        share = (done - cell.first_step + 1) / (cell.last_step - cell.first_step + 1)
        if share > 0:
            painter.setBrush(QColor(theme.phase(cell.phase)))
            filled = QRectF(rect.topLeft(), rect.bottomRight())
            filled.setWidth(rect.width() * min(share, 1.0))
            painter.drawRoundedRect(filled, 3, 3)
        if cell.label:
            painter.setPen(QColor(theme.on_accent if share >= 1 else theme.phase(cell.phase)))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), cell.label)

    def _mark_current(self, painter: QPainter, frame: Frame) -> None:
        """An outline, and a pointer under the cell: hollow where the step is yet to come."""
        theme = self._look.theme
        current = next((c for c in self._cells if c.last_step >= frame.step.number), None)
        if current is None:
            return
        rect = _rect(current)
        painter.setPen(pen(theme.text, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 3, 3)
        middle, bottom = rect.center().x(), rect.bottom()
        pointer = [
            QPointF(middle, bottom + 1.5),
            QPointF(middle - 4, bottom + _MARKER),
            QPointF(middle + 4, bottom + _MARKER),
        ]
        painter.setPen(pen(theme.text))
        if not frame.announced:
            painter.setBrush(QColor(theme.text))
        painter.drawPolygon(QPolygonF(pointer))

    def _drag_to(self, x: float) -> None:
        if not self._cells:
            return
        step = 0 if x < _MARGIN else cell_at(self._cells, x - _MARGIN).last_step
        if step != self._dragged_to:
            self._dragged_to = step
            self.step_requested.emit(step)

    def _between(self, step: int, other: int) -> QRect:
        """The part of the line that holds the cells of both steps and all between them."""
        low, high = min(step, other), max(step, other)
        cells = [c for c in self._cells if c.last_step >= low and c.first_step <= high]
        left, right = _rect(cells[0]).left(), _rect(cells[-1]).right()
        return QRectF(left, 0, right - left, _HEIGHT).toAlignedRect().adjusted(-6, 0, 6, 0)

    def _lay_out(self) -> None:
        if self._frame is None:
            return
        self._cells = layout_cells(
            self._frame.experiment.steps,
            self._frame.position.step,
            max(self.width() - 2 * _MARGIN, 1),
            self._text_width,
        )


def _rect(cell: Cell) -> QRectF:
    """Where a cell is painted: on whole pixels, with a gap to the next."""
    left, right = round(cell.x), round(cell.x + cell.width)
    gap = 2 if cell.width > 8 else 0
    return QRectF(_MARGIN + left + gap / 2, _TOP, max(right - left - gap, 1), _CELL)


def _tip(cell: Cell, frame: Frame) -> str:
    first, last = (frame.experiment.steps[n - 1] for n in (cell.first_step, cell.last_step))
    done = frame.position.step
    state = "done" if done >= cell.last_step else "to come"
    if cell.first_step <= done < cell.last_step:
        state = "partly done"
    if first is last:
        return (
            f"{step_label(first)}: {cell.phase.value} phase, step {first.number}, {state}\n"
            f"{GLOSSARY.step(first)}"
        )
    where = f"timestamp {first.timestamp}"
    if first.timestamp != last.timestamp:
        where = f"timestamps {first.timestamp}–{last.timestamp}"
    return (
        f"{where}: {cell.phase.value} phase, steps {first.number}–{last.number}, {state}\n"
        f"{step_label(first)} … {step_label(last)}"
    )

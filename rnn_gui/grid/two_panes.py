"""Two tables side by side as one: the inputs scroll sideways, y, S_T and error stay in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle

from core.epoch.frame import Frame
from rnn_gui.grid.block_selection import BlockSelection, Cell
from rnn_gui.grid.column_widths import ColumnWidths
from rnn_gui.grid.pane import HEADER_HEIGHT, ROW_HEIGHT, GridPane
from rnn_gui.grid.sequence_delegate import Marks, SequenceDelegate
from rnn_gui.grid.sequence_model import SequenceModel
from rnn_gui.theme import Look, pen

_FEWEST_ROWS, _MOST_ROWS_HINTED = 6, 1000


class TwoPanes(QFrame):
    """Both tables share one model and one selection; the left one has the keyboard for both."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._look = Look()
        self._overflow = False
        self.model = SequenceModel()
        self.selection = BlockSelection(self.model)
        self.marks = Marks()
        self.inputs, self.results = (
            # A delegate belongs to one view: its editors are that view's.
            GridPane(self.model, self.selection, SequenceDelegate(self.model, self.marks))
            for _ in range(2)
        )
        self._widths = ColumnWidths(self.model, self.inputs.delegate)
        self._build()

    def show_frame(self, frame: Frame) -> None:
        before, self._frame = self._frame, frame
        changed = self.model.show_frame(frame)
        if before is None or before.experiment.inputs.shape != frame.experiment.inputs.shape:
            self._take_shape()
        elif before.sequence != frame.sequence and self.selection.cell.row != frame.sequence:
            self.selection.go_to(Cell(frame.sequence, self.selection.cell.column))
        if changed:
            self._fit(before)
        self._mark(frame)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.model.set_digits(look.digits)
        for header in (self.inputs.columns, self.inputs.rows, self.results.columns):
            header.set_theme(look.theme)
        for pane in (self.inputs, self.results):
            pane.delegate.set_theme(look.theme)
            pane.viewport().update()
        self._fit(None)
        self.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.marks.focused = event.type() == QEvent.Type.FocusIn
            for pane in (self.inputs, self.results):
                pane.viewport().update()
            self.update()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        if not self.inputs.hasFocus():  # else the person is at a cell, maybe far from the step
            self.inputs.reveal_column(self.marks.banded_column)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # A table that is shown for the first time scrolls to its current cell.
        self.inputs.reveal_column(self.marks.banded_column)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.window))
        painter.setPen(pen(theme.accent if self.inputs.hasFocus() else theme.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def sizeHint(self) -> QSize:
        return QSize(280, self._height_of(min(self.model.rowCount(), _MOST_ROWS_HINTED)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height_of(min(self.model.rowCount(), _FEWEST_ROWS)))

    @property
    def editing(self) -> bool:
        """Whether the editor of a cell is open."""
        state = QAbstractItemView.State.EditingState
        return state in (self.inputs.state(), self.results.state())

    def pane_of(self, cell: Cell) -> GridPane:
        return self.inputs if cell.column < self.model.y_column else self.results

    def _build(self) -> None:
        self.setAccessibleName("Sequences")
        self.inputs.setAccessibleName("Input sequences x")
        self.results.setAccessibleName("Targets y, predictions and errors")
        self.setFocusProxy(self.inputs)
        self.results.setFocusProxy(self.inputs)
        self.inputs.installEventFilter(self)
        self.results.rows.hide()
        self.results.columns.setSectionsMovable(False)
        self.inputs.setVerticalScrollBarPolicy(_policy(False))
        self.results.setHorizontalScrollBarPolicy(_policy(False))
        for pane in (self.inputs, self.results):
            pane.setParent(self)
        one, other = self.inputs.verticalScrollBar(), self.results.verticalScrollBar()
        one.valueChanged.connect(other.setValue)
        other.valueChanged.connect(one.setValue)
        # Their ranges do not change at once: who comes later goes where the other stands.
        one.rangeChanged.connect(lambda: one.setValue(other.value()))
        other.rangeChanged.connect(lambda: other.setValue(one.value()))

    def _take_shape(self) -> None:
        assert self._frame is not None
        last = self.model.y_column
        self.inputs.show_columns(range(last))
        self.results.show_columns(range(last, self.model.columnCount()))
        self.selection.go_to(Cell(self._frame.sequence, min(self.selection.cell.column, last - 1)))
        self.updateGeometry()

    def _fit(self, before: Frame | None) -> None:
        if self._frame is None:
            return
        inputs = self._frame.experiment.inputs
        if before is None or before.experiment is not self._frame.experiment:
            self._widths.measure(inputs, before.experiment.inputs if before else None)
            self._lay_out()
        elif self._widths.grow():
            self._lay_out()

    def _lay_out(self) -> None:
        if self._frame is None:
            return
        inside = self.contentsRect().adjusted(1, 1, -1, -1)
        bar = self._bar_size()
        header = self._row_header_width()
        tall = HEADER_HEIGHT + self.model.rowCount() * ROW_HEIGHT
        widths = self._widths.share(inside.width() - header)
        scrolls = tall > inside.height() - bar * widths.overflow
        if scrolls:
            widths = self._widths.share(inside.width() - header - bar)
        self._set_widths(widths.inputs, widths.results)
        right = sum(widths.results) + bar * scrolls
        below = bar * widths.overflow
        self.inputs.rows.setFixedWidth(header)
        self.inputs.setHorizontalScrollBarPolicy(_policy(widths.overflow))
        self.results.setVerticalScrollBarPolicy(_policy(scrolls))
        self.inputs.setGeometry(inside.adjusted(0, 0, -right, 0))
        self.results.setGeometry(
            inside.right() + 1 - right, inside.top(), right, inside.height() - below
        )
        if widths.overflow != self._overflow:
            self._overflow = widths.overflow
            self.updateGeometry()

    def _set_widths(self, inputs: list[int], results: list[int]) -> None:
        for column, width in enumerate(inputs):
            self.inputs.setColumnWidth(column, width)
        for column, width in enumerate(results, start=len(inputs)):
            self.results.setColumnWidth(column, width)

    def _row_header_width(self) -> int:
        names = (self.model.rowCount() - 1, min(self.model.rowCount() - 1, 25))
        font = self.fontMetrics()
        titles = (str(self.model.headerData(n, Qt.Orientation.Vertical)) for n in names)
        return 22 + max(font.horizontalAdvance(title) for title in titles)

    def _height_of(self, rows: int) -> int:
        return HEADER_HEIGHT + rows * ROW_HEIGHT + 2 + self._bar_size() * self._overflow

    def _bar_size(self) -> int:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)

    def _mark(self, frame: Frame) -> None:
        banded = frame.step.timestamp - 1
        if banded != self.marks.banded_column:
            self.inputs.update_column(self.marks.banded_column)
            self.marks.banded_column = banded
            self.inputs.columns.set_marked(banded)
            self.inputs.update_column(banded)
            if not self.editing:
                self.inputs.reveal_column(banded)
        if frame.sequence != self.marks.chosen_row:
            self.marks.chosen_row = frame.sequence
            for pane in (self.inputs, self.results):
                pane.viewport().update()
        self.inputs.rows.set_marked(frame.sequence)


def _policy(on: bool) -> Qt.ScrollBarPolicy:
    return Qt.ScrollBarPolicy.ScrollBarAlwaysOn if on else Qt.ScrollBarPolicy.ScrollBarAlwaysOff

"""The gradient ledger: what each timestamp adds to the two gradients, and the sums so far."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from core.cell.steps import Kind
from core.data.notation import number
from core.epoch.frame import Frame
from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.ledger_cells import CURRENT, CellPainter, draw_cell
from rnn_gui.ledger_model import (
    TIMESTAMP,
    WITHOUT,
    WREC,
    WX,
    LedgerModel,
    ledger_text,
    printed,
    sums_so_far,
)
from rnn_gui.theme import SMALL_SIZE, TEXT_SIZE, Look, panel_palette, pen, text_font

_PADDING = 5
_PLAIN, _COMPARED = "what each timestamp adds", "small: without activation"
# The widest numbers are rare: they may be drawn smaller before all have to be scrolled.
_LAST_RESORT = (SMALL_SIZE, 0.85)


class LedgerView(QWidget):
    """A row for each timestamp, T first, and under them the sums that never scroll away."""

    copied = Signal(str)  # what was copied, as a sentence

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel(f"GRADIENT LEDGER — {_PLAIN}")
        self._title.setProperty("role", "panel-title")
        self.model = LedgerModel(self)
        self.table = _Table(self.model)
        self.table.copied.connect(self.copied)
        self.sums = _Sums(self.table)
        self._current = (-1, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.sums)
        layout.setSpacing(2)
        self.setAutoFillBackground(True)  # else all that lies behind it is painted, too
        self.set_look(Look())

    def show_frame(self, frame: Frame) -> None:
        self.model.show_frame(frame)
        self._title.setText(f"GRADIENT LEDGER — {_COMPARED if self.model.compared else _PLAIN}")
        self.table.fit_columns()
        self.sums.show_frame(frame)
        current = self.model.current_row, self.model.compared
        if current != self._current:
            self.table.keep_in_view()
        self._current = current

    def set_look(self, look: Look) -> None:
        self.setPalette(panel_palette(self.palette(), look.theme))
        self.model.set_look(look)
        self.table.fit_columns()
        self.sums.set_look(look)

    def copy(self) -> None:
        """The selected rows, or all, with all digits, to the clipboard."""
        self.table.copy()


class _Table(QTableView):
    copied = Signal(str)

    def __init__(self, model: LedgerModel) -> None:
        super().__init__()
        self._model = model
        self._cells = CellPainter(model, self)
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setAccessibleName("Gradient ledger")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(90)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(20)
        copy_on_key(self, self.copy)

    def keep_in_view(self) -> None:
        """Scroll to the row of the current step, where there is one."""
        if self._model.current_row >= 0:
            self.updateGeometries()  # else the scroll bars know the last number of rows
            self.scrollTo(self._model.index(self._model.current_row, 0))

    def fit_columns(self) -> None:
        """Share the width out; smaller digits where they are too wide, then a scroll bar."""
        room = self.viewport().width()
        for size, share in (
            (TEXT_SIZE, 1.0),
            (TEXT_SIZE - 1, 1.0),
            (SMALL_SIZE, 1.0),
            _LAST_RESORT,
        ):
            self._cells.choose_fonts(size)
            widths = self._needed_widths(share)
            if sum(widths) <= room:
                break
        spare = max(room - sum(widths), 0)
        for column in range(4):
            # What whole pixels leave over goes to the last column.
            extra = spare * (column + 1) // 4 - spare * column // 4
            if self.columnWidth(column) != widths[column] + extra:
                self.setColumnWidth(column, widths[column] + extra)
        height = self._cells.row_height()
        if self.verticalHeader().defaultSectionSize() != height:
            self.verticalHeader().setDefaultSectionSize(height)

    def fonts(self) -> tuple[QFont, QFont]:
        """Of the sums, and of what stands under them."""
        return self._cells.bold, self._cells.small

    def sizeHint(self) -> QSize:
        return QSize(340, 34 + 3 * self._cells.row_height())

    def copy(self) -> None:
        frame = self._model.frame
        if frame is None:
            return
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        chosen = rows or range(self._model.rowCount())
        timestamps = [self._model.timestamp(row) for row in chosen]
        QGuiApplication.clipboard().setText(ledger_text(frame, timestamps))
        self.copied.emit("Copied the gradient ledger with all digits.")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.clearSelection()  # the colour of the present row shows again

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        chosen = self.selectionModel().hasSelection()
        text = "Copy selected rows" if chosen else "Copy table"
        menu.addAction(text, QKeySequence.StandardKey.Copy, self.copy)
        if chosen:
            menu.addAction("Copy table", self._copy_all)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()
        self.keep_in_view()

    def _copy_all(self) -> None:
        self.clearSelection()
        self.copy()

    def _needed_widths(self, share: float) -> list[int]:
        header = QFontMetrics(text_font(SMALL_SIZE))
        heads = [str(self._model.headerData(c, Qt.Orientation.Horizontal)) for c in range(4)]
        needed = [max(map(header.horizontalAdvance, head.split("\n"))) for head in heads]
        rows = self._model.rowCount()
        first = max(needed[0], self._cells.width_of(f"{CURRENT} {rows}"))
        figures = ceil(share * self._cells.width_of(_widest(self._model.look.digits)))
        return [width + 2 * _PADDING for width in (first, *(max(n, figures) for n in needed[1:]))]


def _widest(digits: int) -> str:
    """A number as wide as any that turns up in a ledger."""
    return max((number(-x, digits) for x in (8 / 9e4, 8 / 9e39)), key=len)


class _Sums(QWidget):
    """Under the table, in its columns: the sums so far, at the end dE/dWx and dE/dWrec."""

    def __init__(self, table: _Table) -> None:
        super().__init__()
        self._table = table
        self._look = Look()
        self._frame: Frame | None = None
        self.setAccessibleName("Sums so far")
        self._fit_height()
        table.horizontalHeader().sectionResized.connect(self.update)
        table.horizontalScrollBar().valueChanged.connect(self.update)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._fit_height()
        self.setAccessibleDescription(self.summary())
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        if self._frame is not None:
            self.show_frame(self._frame)

    def summary(self) -> str:
        """Both sums in words."""
        sums = None if self._frame is None else sums_so_far(self._frame)
        digits = self._look.digits
        return f"dE/dWx {printed(sums, WX, digits)}, dE/dWrec {printed(sums, WREC, digits)}"

    def paintEvent(self, _: QPaintEvent) -> None:
        frame = self._frame
        if frame is None:
            return
        painter = QPainter(self)
        theme = self._look.theme
        done = frame.gradient is not None
        if frame.step.kind is Kind.SUMS:
            painter.fillRect(self.rect(), QColor(theme.band))
        painter.setPen(pen(theme.border))
        painter.drawLine(0, 0, self.width(), 0)
        for column in (TIMESTAMP, WX, WREC):
            left = self._table.viewport().x() + self._table.columnViewportPosition(column)
            cell = QRect(left, 2, self._table.columnWidth(column), _LINE)
            self._paint_column(painter, frame, cell, column, done)
        painter.end()

    def _paint_column(
        self, painter: QPainter, frame: Frame, cell: QRect, column: int, done: bool
    ) -> None:
        theme, digits = self._look.theme, self._look.digits
        bold, small = self._table.fonts()
        if column == TIMESTAMP:
            mark = f"{CURRENT} " if frame.step.kind is Kind.SUMS else ""
            texts = [
                (f"{mark}sum", bold, theme.text),
                ("" if done else "so far", small, theme.muted),
            ]
        else:
            sum_text = printed(sums_so_far(frame), column, digits)
            name = ("dE/dWx", "dE/dWrec")[column - WX]
            caption = (f"= {name}" if done else "", small, theme.backward)
            texts = [(sum_text, bold, theme.text), caption]
        if frame.unactivated is not None:
            known = column != TIMESTAMP and sums_so_far(frame) is not None
            other = printed(sums_so_far(frame.unactivated), column, digits) if known else ""
            texts.insert(1 if column != TIMESTAMP else 2, (other, small, theme.muted))
        for text, font, colour in texts:
            draw_cell(painter, cell, text, font, colour, column)
            cell = cell.translated(0, cell.height() - 3)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(), self)
            return True
        return super().event(event)

    def tip(self) -> str:
        """Both sums with all digits."""
        if self._frame is None:
            return ""
        lines = [_sums_in_full(self._frame)]
        if self._frame.unactivated is not None and lines[0]:
            lines.append(f"{WITHOUT}: {_sums_in_full(self._frame.unactivated)}")
        return "\n".join(lines)

    def _fit_height(self) -> None:
        compared = self._frame is not None and self._frame.unactivated is not None
        self.setFixedHeight(2 + (3 if compared else 2) * (_LINE - 3) + 3)


_LINE = 19


def _sums_in_full(frame: Frame) -> str:
    sums = sums_so_far(frame)
    if sums is None:
        return ""
    what = "so far " if frame.gradient is None else ""
    return f"{what}dE/dWx = {sums['Wx']!r}, dE/dWrec = {sums['Wrec']!r}"

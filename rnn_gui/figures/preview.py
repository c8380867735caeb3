"""What an exported figure or table will look like."""

from __future__ import annotations

import csv
from itertools import chain, islice

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QTableWidget, QTableWidgetItem, QWidget

from core.epoch.frame import Frame
from core.files.tables import TABLES
from rnn_gui.figures.drawing import draw
from rnn_gui.figures.figure import Figure

_ROWS_SHOWN = 50
_LARGEST = 1.5  # of the figure's own size: a small one is not blown up
_EDGE = 12


class Preview(QStackedWidget):
    """Either a sheet of paper with a figure, or the first rows of a table."""

    def __init__(self, frame: Frame, digits: int, log_gradients: bool) -> None:
        super().__init__()
        self._frame, self._digits, self._log_gradients = frame, digits, log_gradients
        self.paper, self.table = _Paper(), _table()
        self.addWidget(self.paper)
        self.addWidget(self.table)

    def show_figure(self, name: str) -> None:
        figure = draw(name, self._frame, digits=self._digits, log_gradients=self._log_gradients)
        self.paper.show_figure(figure)
        self.setCurrentWidget(self.paper)

    def show_table(self, name: str) -> None:
        """The first rows of a table; a long one is not even made to its end."""
        pieces = (piece.decode().splitlines() for piece in TABLES[name](self._frame))
        header, *rows = csv.reader(islice(chain.from_iterable(pieces), _ROWS_SHOWN + 1))
        self.table.setAccessibleName(f"First rows of {name}.csv")
        self.table.setColumnCount(len(header))
        self.table.setHorizontalHeaderLabels(header)
        self.table.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeColumnsToContents()
        self.setCurrentWidget(self.table)


class _Paper(QWidget):
    """A white sheet, whatever the theme; the figure is drawn at the sheet's own sharpness."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: Figure | None = None
        self.setMinimumSize(260, 200)

    def show_figure(self, figure: Figure) -> None:
        self._figure = figure
        self.setAccessibleName(f"Preview: {figure.title}")
        self.setToolTip(figure.title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 400)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._figure is None:
            return
        size = self._figure.recording.size
        room = self.size() - QSize(2 * _EDGE, 2 * _EDGE)
        scale = min(room.width() / size.width(), room.height() / size.height(), _LARGEST)
        width, height = size.width() * scale, size.height() * scale
        left, top = (self.width() - width) / 2, (self.height() - height) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().mid().color())
        painter.setBrush(QColor(Qt.GlobalColor.white))
        painter.drawRect(QRectF(left, top, width, height).adjusted(-6, -6, 6, 6))
        painter.translate(left, top)
        painter.scale(scale, scale)
        self._figure.recording.play(painter)
        painter.end()


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    return table

"""The headers of the grid: timestamps above, and each sequence with its marker at the left."""

from __future__ import annotations

from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QHeaderView, QWidget

from core.cell.names import sequence_name
from rnn_gui.theme import LIGHT, SMALL_SIZE, Theme, faded, pen, text_font

PADDING, CENTRED_PADDING = 4, 2  # left and right of a name; a name in the middle needs less
_MARKER = 9
_BAR = 3


class GridHeader(QHeaderView):
    """Flat sections in the theme's colours, one of them marked; sections can be dragged."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self._theme = LIGHT
        self._marked = -1
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(16)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def set_marked(self, section: int) -> None:
        """Mark one section: the current timestamp, or the chosen sequence."""
        if section != self._marked:
            self._marked = section
            self.viewport().update()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        marked = section == self._marked
        painter.fillRect(rect, self._ground(marked=marked))
        painter.setPen(pen(self._theme.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setPen(pen(self._theme.grid))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setPen(QColor(self._theme.text if marked else self._theme.muted))
        painter.setFont(text_font(SMALL_SIZE, bold=marked))
        self._paint_name(painter, rect, section)
        painter.restore()

    def _ground(self, *, marked: bool) -> QColor:
        return QColor(self._theme.band if marked else self._theme.window)

    def _paint_name(self, painter: QPainter, rect: QRect, section: int) -> None:
        data, across = self.model().headerData, self.orientation()
        alignment = data(section, across, Qt.ItemDataRole.TextAlignmentRole)
        padding = CENTRED_PADDING if alignment == Qt.AlignmentFlag.AlignCenter else PADDING
        room = rect.adjusted(padding, 0, -padding - 1, 0)
        painter.drawText(room, alignment, str(data(section, across)))


class SequenceHeader(GridHeader):
    """The rows: the marker and colour that a sequence has in the plots, and its letter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)

    def _ground(self, *, marked: bool) -> QColor:
        return QColor(self._theme.field if marked else self._theme.window)

    def _paint_name(self, painter: QPainter, rect: QRect, section: int) -> None:
        style = self._theme.sequence(section)
        if section == self._marked:
            painter.fillRect(rect, faded(style.colour, 0.2))
            painter.fillRect(QRect(rect.x(), rect.y(), _BAR, rect.height()), QColor(style.colour))
            painter.setPen(QColor(self._theme.text))
        name = rect.adjusted(_BAR + _MARKER + 7, 0, -2, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, sequence_name(section))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.colour))
        centre = QRect(rect.x() + _BAR + 4, rect.y(), _MARKER, rect.height()).toRectF().center()
        place = QTransform().translate(centre.x(), centre.y()).scale(_MARKER, _MARKER)
        painter.drawPath(place.map(Symbols[style.symbol]))

"""Nothing is clipped: what each label, header, button and cell needs, against what it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from core.cell.steps import Position
from core.training.run import Run
from rnn_gui.grid.sequence_delegate import SequenceDelegate
from rnn_gui.ledger_cells import CellPainter
from tests.journeys.conftest import Program
from tests.tutorial import steps_of
from tools.pictures import (
    EPOCHS,
    SEQUENCES,
    SIZES,
    STEPS,
    THEMES,
    TIMESTAMPS,
    experiment_of,
    step_of,
)

Clipped = tuple[str, str, int, int]  # kind of widget, text, pixels needed, pixels there are


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("sequences", "timestamps"), list(product(SEQUENCES, TIMESTAMPS)))
def test_everything_has_the_room_that_it_needs(
    program: Program, size: tuple[int, int], theme: str, sequences: int, timestamps: int
) -> None:
    program.window.resize(*size)
    program.window.appearance.choose(theme)
    run = Run(experiment_of(sequences, timestamps), "part-2")
    run.reach(EPOCHS + 1)
    for step in STEPS:
        program.session.start_new(run, Position(EPOCHS, step_of(step, steps_of(timestamps))))
        QApplication.processEvents()
        assert list(clipped(program.window)) == []


def test_a_label_that_is_clipped_is_found(program: Program) -> None:
    box = program.window.experiment.counting
    box.setFixedWidth(40)
    QApplication.processEvents()
    assert [found[1] for found in clipped(program.window)] == [box.text()]


def clipped(window: QWidget) -> Iterator[Clipped]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            for text, needed, there in _rooms(widget):
                if needed.width() > there.width() or needed.height() > there.height():
                    yield type(widget).__name__, text, needed.width(), there.width()


def _rooms(widget: QWidget) -> Iterator[tuple[str, QSize, QSize]]:
    """Each text of a widget with the room that it needs and the room that it has."""
    for kind, rooms in _ROOMS.items():
        if isinstance(widget, kind):
            yield from rooms(widget)


def _label_rooms(label: QLabel) -> Iterator[tuple[str, QSize, QSize]]:
    if label.wordWrap():
        yield label.text(), QSize(0, label.heightForWidth(label.width())), label.size()
    elif label.text():
        yield label.text(), label.minimumSizeHint(), label.size()


def _button_rooms(button: QAbstractButton) -> Iterator[tuple[str, QSize, QSize]]:
    if button.text():
        yield button.text(), button.sizeHint(), button.size()


def _field_rooms(field: QLineEdit) -> Iterator[tuple[str, QSize, QSize]]:
    yield field.text(), _size(field, field.text(), 12), field.size()  # padding and border


def _choice_rooms(choice: QComboBox) -> Iterator[tuple[str, QSize, QSize]]:
    yield choice.currentText(), _size(choice, choice.currentText(), 32), choice.size()


def _tab_rooms(tabs: QTabBar) -> Iterator[tuple[str, QSize, QSize]]:
    for tab in range(tabs.count()):
        yield tabs.tabText(tab), _size(tabs, tabs.tabText(tab), 16), tabs.tabRect(tab).size()


def _header_rooms(header: QHeaderView) -> Iterator[tuple[str, QSize, QSize]]:
    for section in range(header.count()):
        text = str(header.model().headerData(section, header.orientation()) or "")
        if text and not header.isSectionHidden(section):
            lengthwise = header.orientation() == Qt.Orientation.Horizontal
            size, across = header.sectionSize(section), header.size()
            room = QSize(size, across.height()) if lengthwise else QSize(across.width(), size)
            yield text, _size(header, text, 4), room


def _cell_rooms(table: QTableView) -> Iterator[tuple[str, QSize, QSize]]:
    """The delegates of both tables choose their fonts, and know how wide a text gets in them."""
    model, delegate = table.model(), table.itemDelegate()
    assert isinstance(delegate, SequenceDelegate | CellPainter)
    rows = range(table.rowAt(0), min(table.rowAt(0) + 12, model.rowCount(QModelIndex())))
    for row, column in product(rows, range(model.columnCount(QModelIndex()))):
        index = model.index(row, column)
        text = str(index.data() or "")
        if text and not table.isColumnHidden(column):
            needed = QSize(delegate.width_of(text), table.fontMetrics().height())
            yield text, needed, QSize(table.columnWidth(column), table.rowHeight(row))


def _size(widget: QWidget, text: str, margins: int) -> QSize:
    metrics = QFontMetrics(widget.font())
    lines = text.split("\n")
    width = max(metrics.horizontalAdvance(line) for line in lines)
    return QSize(width + margins, metrics.height() * len(lines))


_ROOMS: dict[type[QWidget], Callable[..., Iterator[tuple[str, QSize, QSize]]]] = {
    QLabel: _label_rooms,
    QAbstractButton: _button_rooms,
    QLineEdit: _field_rooms,
    QComboBox: _choice_rooms,
    QTabBar: _tab_rooms,
    QHeaderView: _header_rooms,
    QTableView: _cell_rooms,
}

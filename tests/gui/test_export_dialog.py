"""The export dialog with real clicks and keys."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPalette, QPolygon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.files.tables import TABLES
from core.training.run import Run
from rnn_gui.exporting import FORMATS
from rnn_gui.figures import FIGURES
from rnn_gui.theme import DARK, LIGHT, Theme, palette, style_sheet
from rnn_gui.views.export_dialog import ExportDialog

ALL = (*FIGURES, *TABLES)


@pytest.fixture
def frame() -> Frame:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    run.reach(60)
    return frame_at(run, Position(60, 12), 2)


def opened(
    qtbot: QtBot, frame: Frame, folder: Path | str, chosen: tuple[str, ...] = ALL
) -> ExportDialog:
    dialog = ExportDialog(frame, str(folder), chosen)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    return dialog


def cell(table: QTableWidget, row: int, column: int) -> str:
    return str(table.model().index(row, column).data())


def header(table: QTableWidget) -> list[str]:
    across = Qt.Orientation.Horizontal
    return [table.model().headerData(i, across) for i in range(table.columnCount())]


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_export_writes_what_is_ticked_and_closes(
    qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    dialog = opened(qtbot, frame, tmp_path / "new", ("network", "equation"))
    click(dialog.formats["pdf"])
    with qtbot.waitSignal(dialog.exported) as told:
        click(dialog.export_button)
    names = ["network.png", "network.svg", "equation.png", "equation.svg"]
    assert told.args == [[tmp_path / "new" / name for name in names]]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)
    assert not dialog.isVisible()


def test_export_all_writes_every_figure_and_table(
    qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    with qtbot.waitSignal(dialog.exported) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert len(told.args[0]) == 3 * len(FIGURES) + len(TABLES) == len(list(tmp_path.iterdir()))


def test_a_problem_is_told_in_place_and_the_dialog_stays(
    qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    dialog = opened(qtbot, frame, tmp_path / "file")
    with qtbot.assertNotEmitted(dialog.exported):
        click(dialog.export_button)
    assert dialog.isVisible()
    assert "cannot be written" in dialog.state.text()
    assert dialog.state.property("role") == "problem"
    dialog.folder.setText(str(tmp_path / "folder"))
    assert dialog.state.property("role") == "muted"
    click(dialog.export_button)
    assert not dialog.isVisible()


def test_export_needs_something_to_write_and_a_folder(
    qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    assert dialog.export_button.isEnabled()
    click(dialog.none_button)
    assert not dialog.export_button.isEnabled()
    assert "Tick a figure or a table" in dialog.state.text()
    click(dialog.all_button)
    assert dialog.export_button.isEnabled()
    for box in dialog.formats.values():
        box.click()
    assert not dialog.export_button.isEnabled()
    assert "Tick a format" in dialog.state.text()
    dialog.formats["csv"].click()
    assert dialog.export_button.isEnabled()
    dialog.folder.setText("  ")
    assert not dialog.export_button.isEnabled()
    assert "folder" in dialog.state.text()


def test_a_figure_alone_cannot_be_csv(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path, ("network",))
    for kind in ("png", "svg", "pdf"):
        dialog.formats[kind].click()
    assert not dialog.export_button.isEnabled()
    assert "CSV is for tables" in dialog.state.text()


def test_it_says_how_many_files_are_replaced(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    (tmp_path / "network.svg").write_text("old")
    dialog = opened(qtbot, frame, tmp_path, ("network",))
    assert dialog.state.text() == "Writes 3 files; 1 of the same name there will be replaced."


def test_each_row_shows_its_preview(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    for name, item in dialog.figures.items():
        dialog.choices.setCurrentItem(item)
        image = dialog.preview.paper.grab().toImage()
        middle = QPoint(image.width() // 2, image.height() // 2)
        colours = {image.pixelColor(x, middle.y()).rgb() for x in range(image.width())}
        assert len(colours) > 3, name
        assert "step 12 of 18" in dialog.preview.paper.accessibleName()
        assert dialog.copy_button.isEnabled()
    dialog.choices.setCurrentItem(dialog.tables["states"])
    table = dialog.preview.table
    assert dialog.preview.currentWidget() is table
    assert header(table) == ["sequence", "timestamp", "input", "state_in", "state_out"]
    assert table.rowCount() == 12
    assert cell(table, 1, 3) == repr(float(frame.trace.table("S(In)")[0, 0]))
    assert not dialog.copy_button.isEnabled()


def test_a_long_table_shows_its_first_rows(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    dialog.choices.setCurrentItem(dialog.tables["history"])
    assert dialog.preview.table.rowCount() == 50
    assert cell(dialog.preview.table, 49, 0) == "49"


def test_copy_picture(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    dialog.choices.setCurrentItem(dialog.figures["curve"])
    QGuiApplication.clipboard().clear()
    click(dialog.copy_button)
    assert not QGuiApplication.clipboard().image().isNull()
    assert "clipboard" in dialog.state.text()
    assert dialog.isVisible()


def test_the_keyboard_alone_does_everything(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, "", ())
    assert dialog.choices.hasFocus()
    QTest.keyClick(dialog.choices, Qt.Key.Key_Down)
    QTest.keyClick(dialog.choices, Qt.Key.Key_Space)
    alt = Qt.KeyboardModifier.AltModifier
    for key in (Qt.Key.Key_P, Qt.Key.Key_S):
        QTest.keyClick(dialog, key, alt)
    QTest.keyClick(dialog, Qt.Key.Key_F, alt)
    assert dialog.folder.hasFocus()
    QTest.keyClicks(dialog.folder, str(tmp_path))
    with qtbot.waitSignal(dialog.exported) as told:
        QTest.keyClick(dialog, Qt.Key.Key_X, alt)
    assert told.args == [[tmp_path / "states.pdf"]]


def test_escape_writes_nothing(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert list(tmp_path.iterdir()) == []


def test_every_letter_after_alt_is_used_once(qtbot: QtBot, frame: Frame, tmp_path: Path) -> None:
    dialog = opened(qtbot, frame, tmp_path)
    texts = [button.text() for button in dialog.findChildren(QAbstractButton)]
    texts += [label.text() for label in dialog.findChildren(QLabel) if label.buddy()]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters)) >= len(FORMATS) + 6


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_boxes_are_outlined_and_ticked_ones_filled(
    theme: Theme, qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    dialog = ExportDialog(frame, str(tmp_path), ())
    qtbot.addWidget(dialog)
    dialog.setPalette(palette(theme))
    dialog.setStyleSheet(style_sheet(theme))
    dialog.open()
    item = dialog.figures["states"]

    def drawn(colour: str) -> QRect:
        image = dialog.choices.viewport().grab().toImage()
        row = dialog.choices.visualItemRect(item)
        box = product(range(row.left(), row.left() + 20), range(row.top(), row.bottom() + 1))
        points = [QPoint(x, y) for x, y in box if image.pixelColor(x, y).name() == colour]
        return QPolygon(points).boundingRect()

    assert drawn(theme.muted).size() == QSize(16, 16)
    assert drawn(theme.accent).isNull()
    item.setCheckState(Qt.CheckState.Checked)
    assert drawn(theme.accent).size() == QSize(16, 16)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_nothing_is_clipped_at_the_smallest_size(
    theme: Theme, qtbot: QtBot, frame: Frame, tmp_path: Path
) -> None:
    dialog = ExportDialog(frame, str(tmp_path), ALL)
    qtbot.addWidget(dialog)
    dialog.setPalette(palette(theme))
    dialog.setStyleSheet(style_sheet(theme))
    dialog.resize(dialog.minimumSize())
    dialog.open()
    (tmp_path / "file").write_text("")
    dialog.folder.setText(str(tmp_path / "file" / ("a-rather-long-name-" * 3)))
    click(dialog.export_button)
    QApplication.sendPostedEvents()
    for part in dialog.findChildren(QAbstractButton):
        assert part.width() >= part.sizeHint().width() or not part.text(), part.text()
    assert dialog.state.height() >= dialog.state.heightForWidth(dialog.state.width())
    rows = dialog.choices.sizeHintForColumn(0)
    assert dialog.choices.viewport().width() >= rows
    assert dialog.palette().color(QPalette.ColorRole.Window).name() == theme.window

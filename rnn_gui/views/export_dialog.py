"""The export dialog: which figures and tables, in which formats, into which folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.data.notation import DIGITS
from core.epoch.frame import Frame
from core.files.tables import tables_of
from core.files.writing import FileProblem
from rnn_gui.exporting import FORMATS, ExportRequest, export
from rnn_gui.figures import FIGURES, copy_to_clipboard
from rnn_gui.figures.preview import Preview
from rnn_gui.theme import text_font

_FORMAT_NAMES = {
    "png": ("&PNG", "Figures as pictures of 339 dots per inch"),
    "svg": ("&SVG", "Figures as drawings, for the web and for drawing programs"),
    "pdf": ("P&DF", "Figures as drawings, for LaTeX and for printing"),
    "csv": ("CS&V", "Tables, with all digits"),
}

_MARGIN = 14


class ExportDialog(QDialog):
    """Shows a frame's figures and tables, and writes those that are chosen.

    ``chosen`` are the names that are ticked at first, of figures and tables alike.
    """

    exported = Signal(list)  # the paths written

    def __init__(
        self,
        frame: Frame,
        folder: str,
        chosen: Iterable[str] = (),
        parent: QWidget | None = None,
        *,
        digits: int = DIGITS,
        log_gradients: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._frame, self._digits, self._log_gradients = frame, digits, log_gradients
        self._make_parts(folder, set(chosen))
        self._lay_out()
        self._connect()
        self.choices.setCurrentRow(1)
        self._show_state()

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def request(self) -> ExportRequest:
        """What is chosen now."""
        chosen = [kind for kind, box in self.formats.items() if box.isChecked()]
        return ExportRequest(
            os.path.expanduser(self.folder.text().strip()),
            [name for name, item in self.figures.items() if _ticked(item)],
            [name for name, item in self.tables.items() if _ticked(item)],
            chosen,
        )

    # -- parts -----------------------------------------------------------------------------

    def _make_parts(self, folder: str, chosen: set[str]) -> None:
        self.choices = QListWidget()
        self.choices.setAccessibleName("Figures and tables; Space ticks")
        self.choices.setMinimumWidth(190)
        self.choices.setSpacing(2)
        self.choices.ensurePolished()  # rows are measured before they are first shown
        self.figures = self._add_choices("Figures", FIGURES, chosen)
        self.tables = self._add_choices("Tables", tables_of(self._frame.experiment.cell), chosen)
        self.all_button, self.none_button = QPushButton("&All"), QPushButton("&None")
        self.all_button.setToolTip("Tick all figures and tables")
        self.none_button.setToolTip("Tick nothing")
        self.preview = Preview(self._frame, self._digits, self._log_gradients)
        self.formats = {kind: QCheckBox(_FORMAT_NAMES[kind][0]) for kind in FORMATS}
        for kind, box in self.formats.items():
            box.setChecked(True)
            box.setToolTip(_FORMAT_NAMES[kind][1])
        self.folder = QLineEdit(folder)
        self.folder.setAccessibleName("Folder")
        self.folder.setPlaceholderText("The folder to write into; made if it is missing")
        self.browse_button = QPushButton("&Browse…")
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)  # it names files
        self.state.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self.buttons.addButton(
            "E&xport", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.export_button.setDefault(True)
        self.copy_button = QPushButton("&Copy picture")
        self.copy_button.setToolTip("Put the figure that is shown on the clipboard")

    def _add_choices(
        self, heading: str, names: Iterable[str], chosen: set[str]
    ) -> dict[str, QListWidgetItem]:
        title = QListWidgetItem(heading, self.choices)
        title.setFont(text_font(bold=True))
        title.setFlags(Qt.ItemFlag.NoItemFlags)
        added = {}
        for name in names:
            item = QListWidgetItem(name, self.choices)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
            )
            _tick(item, name in chosen)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {heading.lower()}")
            added[name] = item
        return added

    def _lay_out(self) -> None:
        upper = QGridLayout()
        upper.addWidget(self.choices, 0, 0, 1, 2)
        upper.addWidget(self.preview, 0, 2)
        upper.addWidget(self.all_button, 1, 0)
        upper.addWidget(self.none_button, 1, 1)
        upper.addWidget(self.copy_button, 1, 2, Qt.AlignmentFlag.AlignRight)
        upper.setColumnStretch(2, 1)
        lower = QGridLayout()
        formats_label, folder_label = QLabel("Formats"), QLabel("&Folder")
        folder_label.setBuddy(self.folder)
        kinds = QHBoxLayout()
        kinds.setSpacing(18)
        for box in self.formats.values():
            kinds.addWidget(box)
        kinds.addStretch(1)
        lower.addWidget(formats_label, 0, 0)
        lower.addLayout(kinds, 0, 1, 1, 2)
        lower.addWidget(folder_label, 1, 0)
        lower.addWidget(self.folder, 1, 1)
        lower.addWidget(self.browse_button, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(10)
        layout.addLayout(upper, 1)
        layout.addLayout(lower)
        layout.addWidget(self.state)
        layout.addWidget(self.buttons)
        self.setMinimumSize(640, 460)
        self._order_focus()

    def _order_focus(self) -> None:
        """Down the left side, then down the rest; Return means Export wherever it is pressed."""
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        beside = (self.all_button, self.none_button, self.copy_button)
        for button in (*beside, self.browse_button):
            button.setAutoDefault(False)
        chain = (
            *(self.choices, *beside, self.preview.table, *self.formats.values()),
            *(self.folder, self.browse_button, self.export_button),
        )
        for first, second in pairwise(chain):
            self.setTabOrder(first, second)
        self.choices.setFocus()

    def _connect(self) -> None:
        self.choices.currentItemChanged.connect(self._show_preview)
        self.choices.itemChanged.connect(self._show_state)
        self.all_button.clicked.connect(lambda: self._tick_all(True))
        self.none_button.clicked.connect(lambda: self._tick_all(False))
        for box in self.formats.values():
            box.toggled.connect(self._show_state)
        self.folder.textChanged.connect(self._show_state)
        self.browse_button.clicked.connect(self._browse)
        self.copy_button.clicked.connect(self._copy)
        self.buttons.accepted.connect(self._export)
        self.buttons.rejected.connect(self.reject)

    # -- what the parts do -----------------------------------------------------------------

    def _tick_all(self, ticked: bool) -> None:
        for item in (*self.figures.values(), *self.tables.values()):
            _tick(item, ticked)

    def _show_preview(self, item: QListWidgetItem) -> None:
        figure = item in self.figures.values()
        self.copy_button.setEnabled(figure)
        if figure:
            self.preview.show_figure(item.text())
        else:
            self.preview.show_table(item.text())

    def _show_state(self) -> None:
        """Whether there is something to export, and what will happen."""
        request = self.request()
        names, missing = request.file_names(), ""
        if not request.figures and not request.tables:
            missing = "Tick a figure or a table to export it."
        elif not names:
            missing = "Tick a format for what is chosen: CSV is for tables, the others for figures."
        elif not request.directory:
            missing = "Name the folder to write into."
        self.export_button.setEnabled(not missing)
        self._say(missing or _plan(str(request.directory), names))

    def _say(self, text: str, *, problem: bool = False) -> None:
        self.state.setProperty("role", "problem" if problem else "muted")
        self.state.style().polish(self.state)
        self.state.setText(text)
        # A sentence with a long path in it takes its lines from the preview.
        lines = self.state.heightForWidth(self.width() - 2 * _MARGIN)
        self.state.setMinimumHeight(max(lines, 2 * self.state.fontMetrics().lineSpacing()))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Export into", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _copy(self) -> None:
        name = self.choices.currentItem().text()
        copy_to_clipboard(name, self._frame, digits=self._digits, log_gradients=self._log_gradients)
        self._say(f"The figure “{name}” is on the clipboard.")

    def _export(self) -> None:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            written = export(
                self._frame,
                self.request(),
                digits=self._digits,
                log_gradients=self._log_gradients,
            )
        except FileProblem as problem:
            self._say(str(problem), problem=True)
            return
        finally:
            QApplication.restoreOverrideCursor()
        self.accept()
        self.exported.emit(written)


def _tick(item: QListWidgetItem, ticked: bool) -> None:
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)


def _ticked(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked


def _plan(folder: str, names: list[str]) -> str:
    count = f"{len(names)} files" if len(names) > 1 else names[0]
    replaced = sum(os.path.exists(os.path.join(folder, name)) for name in names)
    there = f"; {replaced} of the same name there will be replaced" if replaced else ""
    return f"Writes {count}{there}."

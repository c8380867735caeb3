"""What a person takes away: exported files, and plots and tables on the clipboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from core.files.tables import TABLES, tables_of
from core.files.writing import FileProblem, write_file
from rnn_gui.appearance import Appearance
from rnn_gui.fields.busy import waiting
from rnn_gui.session import Session
from rnn_gui.views.problem_box import show_problem

# What stands in menus, before the figures themselves are loaded: that takes a while.
FIGURE_NAMES = ("network", "states", "gradients", "history", "curve", "equation", "surface")
# The table that holds the numbers of a figure.
_TABLE_OF = {
    "network": "states",
    "states": "states",
    "curve": "states",
    "gradients": "gradients",
    "history": "history",
}
_FIRST_CHOICE = ("network", "states", "gradients")
_FOLDER = "export-folder"
_SCRIPTS = "Python scripts (*.py)"


class Takeaway(QObject):
    """Exports and copies what the session shows, in as many digits as the window."""

    said = Signal(str)

    def __init__(
        self, session: Session, appearance: Appearance, settings: QSettings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._appearance = session, appearance
        self._settings, self._window = settings, window
        self._log_gradients = False

    def show_log_gradients(self, on: bool) -> None:
        """Whether the window shows the sizes of the gradients on a log axis: so do figures."""
        self._log_gradients = on

    def export_all(self) -> None:
        self.export((*FIGURE_NAMES, *tables_of(self._session.frame.experiment.cell)))

    def export(self, chosen: Iterable[str] = _FIRST_CHOICE) -> None:
        """Open the export dialog with these figures and tables ticked."""
        from rnn_gui.views.export_dialog import ExportDialog

        self._session.pause()
        dialog = ExportDialog(
            self._session.frame,
            str(self._folder),
            chosen,
            self._window,
            digits=self._digits,
            log_gradients=self._log_gradients,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.exported.connect(self._say_exported)
        dialog.open()

    def export_script(self) -> None:
        """Ask for a file, and write a script of its own that comes to the present epoch."""
        from core.epoch.script import ScriptError, script

        self._session.pause()
        epoch = self._session.position.epoch
        try:
            with waiting():
                made = script(self._session.run, epoch)
            name = str(self._folder.parent / f"rnn-stepper-epoch-{epoch}.py")
            path, _ = QFileDialog.getSaveFileName(self._window, "Export a script", name, _SCRIPTS)
            if path:
                write_file(path, made.text.encode())
                told = "it begins at" if made.first_epoch else "it trains up to"
                self.said.emit(f"Saved to {path}: {told} epoch {epoch:,} and prints its numbers.")
        except (ScriptError, FileProblem) as problem:
            show_problem(self._window, "No script was written.", str(problem))

    def copy_figure(self, name: str) -> None:
        from rnn_gui.figures import copy_to_clipboard

        frame, log = self._session.frame, self._log_gradients
        copy_to_clipboard(name, frame, digits=self._digits, log_gradients=log)
        self.said.emit(f"Copied the figure “{name}”.")

    @property
    def _folder(self) -> Path:
        stored = self._settings.value(_FOLDER)
        return Path(stored) if isinstance(stored, str) else Path.home() / "rnn-stepper-export"

    def copy_table(self, name: str) -> None:
        text = b"".join(TABLES[name](self._session.frame)).decode()
        QGuiApplication.clipboard().setText(text)
        self.said.emit(f"Copied the table “{name}”.")

    def open_menu(self, name: str, at: QPoint) -> None:
        """The context menu of one plot."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("&Copy this plot").triggered.connect(lambda: self.copy_figure(name))
        if table := _TABLE_OF.get(name):
            menu.addAction("Copy its &table").triggered.connect(lambda: self.copy_table(table))
        menu.addAction("&Export this plot…").triggered.connect(lambda: self.export([name]))
        menu.popup(at)

    @property
    def _digits(self) -> int:
        return self._appearance.look.digits

    def _say_exported(self, paths: Sequence[Path]) -> None:
        folder = paths[0].parent
        self._settings.setValue(_FOLDER, str(folder))
        files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
        self.said.emit(f"{files} written to {folder}.")

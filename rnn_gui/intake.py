"""Other sequences for the experiment: from a file, from the clipboard, or drawn at random."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from core.data.csv_import import CsvProblem, ImportedSequences, load_csv, read_csv
from core.data.experiment import Experiment, count_ones
from core.data.random_data import random_sequences
from core.data.values import Array
from rnn_gui.fields.busy import waiting
from rnn_gui.session import Session
from rnn_gui.views.problem_box import show_problem
from rnn_gui.views.random_data_dialog import RandomData, RandomDataDialog

_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
_FOLDER = "import-folder"


class Intake(QObject):
    """Each way in is one entry of the undo stack. A problem is one sentence; nothing changes."""

    said = Signal(str)
    refused = Signal(str)

    def __init__(self, session: Session, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._last_random: RandomData | None = None

    def import_sequences(self) -> None:
        """Ask for a file and take its sequences."""
        folder = str(self._settings.value(_FOLDER) or Path.home())
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Import sequences", folder, _FILTER)
        if chosen:
            self._settings.setValue(_FOLDER, str(Path(chosen).parent))
            self.import_file(Path(chosen))

    def import_file(self, path: Path) -> None:
        try:
            with waiting():
                self._take("import sequences", load_csv(path))
        except CsvProblem as problem:
            show_problem(self._window, "The sequences were not imported.", str(problem))

    def paste_as_new(self) -> None:
        """The cells on the clipboard become all the sequences."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self.refused.emit("There is no text to paste: copy some cells first.")
            return
        try:
            with waiting():
                self._take("paste as new sequences", read_csv(text))
        except CsvProblem as problem:
            self.refused.emit(f"Nothing was pasted: {problem}")

    def ask_random(self) -> None:
        """Ask for random sequences; begins with those asked for last."""
        present = self._session.frame
        start = self._last_random or RandomData(present.sequences, present.timestamps, 0.5, 1)
        dialog = RandomDataDialog(start, self._window)
        dialog.data_requested.connect(self._take_random)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_random(self, asked: RandomData) -> None:
        self._last_random = asked
        with waiting():
            self._replace("random sequences", random_sequences(*asked), None)
        self.said.emit(
            f"{_sizes(asked.sequences, asked.timestamps)} at random from the seed {asked.seed}, "
            "the targets count the ones."
        )

    def _take(self, name: str, found: ImportedSequences) -> None:
        self._replace(name, found.inputs, found.targets)
        column = found.target_column
        targets = f"targets from the column {column}" if column else "the targets count the ones"
        self.said.emit(f"{_sizes(*found.inputs.shape)}, {targets}.")

    def _replace(self, name: str, inputs: Array, targets: Array | None) -> None:
        def change(experiment: Experiment) -> Experiment:
            return replace(
                experiment,
                inputs=inputs,
                targets=count_ones(inputs) if targets is None else targets,
                targets_count_ones=targets is None,
            )

        self._session.edit(name, change)


def _sizes(sequences: int, timestamps: int) -> str:
    rows = f"{sequences:,} sequence{'' if sequences == 1 else 's'}"
    return f"{rows} of {timestamps:,} timestamp{'' if timestamps == 1 else 's'}"

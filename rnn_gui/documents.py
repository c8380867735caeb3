"""Sessions as files: open, replay, save, recent files, and asking about unsaved edits."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QWidget

from core.cell.steps import Position
from core.data.reading import shown_path
from core.files import session as session_file
from core.files.session import SUFFIX
from core.files.writing import FileProblem
from core.training.replay import epochs_needed, train_for, why_not_reached
from core.training.run import Run
from rnn_gui.session import Session
from rnn_gui.training import SLICE_SECONDS
from rnn_gui.tutorial_cell import why_not_drawn
from rnn_gui.views.problem_box import show_problem

_FILTER = f"RNN Stepper sessions (*{SUFFIX})"
_RECENT = "recent"
_RECENT_KEPT = 8
# A replay that takes longer than this shows its progress, with a way to cancel it.
_PATIENCE_MS = 400


class Documents(QObject):
    """Opens and saves for a window. Every problem is one sentence, and changes nothing."""

    recent_changed = Signal()
    leaving = Signal()  # somebody asks whether the present session can go
    said = Signal(str)

    def __init__(self, session: Session, settings: QSettings, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window

    def new_from_preset(self, key: str) -> None:
        if self.may_leave():
            self._session.start_preset(key)

    def open(self) -> None:
        """Ask for a file and open it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder(), _FILTER)
        if chosen:
            self.open_file(Path(chosen))

    def open_file(self, path: Path) -> None:
        """Open a session and replay its run; the present one stays where that fails."""
        self._session.pause()
        try:
            experiment, position = session_file.load(path)
        except session_file.SessionFileError as problem:
            self._forget(path)
            self._tell("The session was not opened.", str(problem))
            return
        if why := why_not_drawn(experiment.cell):
            self._tell("The session was not opened.", f"{shown_path(path)} cannot be opened: {why}")
            return
        if not self.may_leave():
            return
        self.open_loaded(Run(experiment, session_file.session_name(path)), position, path)

    def open_loaded(self, run: Run, position: Position, path: Path) -> None:
        """Replay the run of a session file that was read already, and show it."""
        if self.replay(run, position):
            self._session.start_new(run, position, path)
            self._remember(path)

    def save(self) -> bool:
        path = self._session.path
        return self._write(path) if path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a name and save; False where that is cancelled or fails."""
        path = self._session.path
        proposed = path or Path(self._folder()) / (self._session.run.name + SUFFIX)
        # The dialog would ask about the name as typed, and we complete it afterwards.
        unasked = QFileDialog.Option.DontConfirmOverwrite
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Save as", str(proposed), _FILTER, options=unasked
        )
        if not chosen:
            return False
        named = Path(chosen if chosen.endswith(".json") else chosen + SUFFIX)
        return self._may_replace(named) and self._write(named)

    def may_leave(self) -> bool:
        """Whether the present session can go: unsaved edits are asked about."""
        self._session.pause()
        self.leaving.emit()
        if not self._session.modified:
            return True
        buttons = QMessageBox.StandardButton
        answer = self._ask(
            f"Save the edits of “{self._session.run.name}”?",
            "Without saving they are lost.",
            buttons.Save | buttons.Discard | buttons.Cancel,
        )
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def replay(self, run: Run, position: Position, title: str = "Open") -> bool:
        """Train a run up to the position; False where that is cancelled or not possible."""
        goal = epochs_needed(run, position)
        dialog = QProgressDialog("Replaying the run…", "Cancel", 0, max(goal, 1), self._window)
        dialog.setWindowTitle(title)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(_PATIENCE_MS)
        while train_for(run, goal, SLICE_SECONDS) and not dialog.wasCanceled():
            dialog.setValue(run.last)  # lets the window answer
        cancelled = dialog.wasCanceled()
        dialog.hide()  # at once: the keyboard goes back to where it was
        dialog.deleteLater()
        if run.last < goal and not cancelled:
            self._tell("The session was not opened.", why_not_reached(run, position))
        return run.last >= goal

    def recent(self) -> list[Path]:
        """The sessions opened or saved last, newest first."""
        stored = self._settings.value(_RECENT) or []
        return [Path(name) for name in ([stored] if isinstance(stored, str) else stored)]

    def _write(self, path: Path) -> bool:
        try:
            self._session.save(path)
        except FileProblem as problem:
            self._tell("The session was not saved.", str(problem))
            return False
        self._remember(path)
        self.said.emit(f"Saved to {path}.")
        return True

    def _remember(self, path: Path) -> None:
        kept = [path.absolute(), *(p for p in self.recent() if p != path.absolute())]
        self._store_recent(kept)

    def _forget(self, path: Path) -> None:
        """A file that is gone is no recent session any more."""
        if not path.exists():
            self._store_recent([p for p in self.recent() if p != path])

    def _store_recent(self, paths: list[Path]) -> None:
        self._settings.setValue(_RECENT, [str(path) for path in paths[:_RECENT_KEPT]])
        self.recent_changed.emit()

    def _folder(self) -> str:
        recent = self.recent()
        return str(recent[0].parent if recent else Path.home())

    def _may_replace(self, path: Path) -> bool:
        if path == self._session.path or not path.exists():
            return True
        buttons = QMessageBox.StandardButton
        answer = self._ask(
            f"Replace “{path.name}”?",
            "There is a file of this name already; what it holds would be lost.",
            buttons.Yes | buttons.Cancel,
        )
        return answer == buttons.Yes

    def _ask(
        self, question: str, meaning: str, answers: QMessageBox.StandardButton
    ) -> QMessageBox.StandardButton:
        box = QMessageBox(QMessageBox.Icon.Question, "RNN Stepper", question, answers, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(meaning)
        answer = QMessageBox.StandardButton(box.exec())
        box.deleteLater()
        return answer

    def _tell(self, what: str, why: str) -> None:
        show_problem(self._window, what, why)

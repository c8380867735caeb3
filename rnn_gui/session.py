"""The one object that owns state: the run, the position in it, and the edits that led there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup, QUndoStack

from core.cell.steps import BEGINNING, Phase, Position, Steps
from core.data.experiment import Experiment, ExperimentError
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.files import session as session_file
from core.training.ghost import Ghost
from core.training.run import EPOCH_LIMIT, Run
from rnn_gui.commands import Edit, Standing
from rnn_gui.runs import Runs
from rnn_gui.training import Training

Change = Callable[[Experiment], Experiment]
_EDITED = ", edited"


@dataclass
class _Document:
    """What one document is: its edits, its file, its runs, and where it stands."""

    standing: Standing
    runs: Runs
    edits: QUndoStack
    path: Path | None = None
    compare: bool = False
    cells: dict[Hashable, int] = field(default_factory=dict)  # those edited, numbered


class Session(QObject):
    """Experiment, run, position and undo stack; views hear of a change by a new frame.

    Stepping is navigation and leaves the undo stack alone. A step or an edit in the middle of
    training pauses it first.

    There is one document, and for a while there may be another one in front of it: see
    `set_aside`.
    """

    frame_changed = Signal(object)
    runs_changed = Signal()  # which runs there are beside the present one, and how they are called
    training_changed = Signal()
    document_changed = Signal()  # the file's name, or whether it has unsaved edits
    preset_loaded = Signal(str)  # the key of a preset that has just begun
    said = Signal(str)  # a problem
    noted = Signal(str)

    def __init__(self, run: Run, position: Position = BEGINNING) -> None:
        super().__init__()
        self.edits = QUndoGroup(self)  # undoes and redoes what the document in front holds
        self.edits.cleanChanged.connect(self.document_changed)
        self.training: Training | None = None
        self._runs_told: object = None
        self._aside: _Document | None = None
        self._document = self._make_document(Standing(run, position, 0))
        self.edits.setActiveStack(self.undo_stack)
        self.frame = self._make_frame()

    # -- the document ------------------------------------------------------------------

    @property
    def run(self) -> Run:
        return self._document.standing.run

    @property
    def position(self) -> Position:
        return self._document.standing.position

    @property
    def compare(self) -> bool:
        return self._document.compare

    @property
    def path(self) -> Path | None:
        return self._document.path

    @property
    def undo_stack(self) -> QUndoStack:
        return self._document.edits

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    def start_new(
        self,
        run: Run,
        position: Position = BEGINNING,
        path: Path | None = None,
        *,
        sequence: int = 0,
        compare: bool | None = None,
    ) -> None:
        """Another document: nothing of the present one can be undone back to.

        ``compare`` stays as it is where it is None: how one looks, not what one looks at.
        """
        self.pause()
        document = self._make_document(Standing(run, position, sequence), path)
        document.compare = self.compare if compare is None else compare
        self._put_in_front(document)

    def start_preset(self, key: str) -> None:
        """A preset as another document."""
        self.start_new(Run(PRESETS[key].experiment, key))
        self.preset_loaded.emit(key)

    def set_aside(self) -> None:
        """From now on every new document stands in front of the present one, which waits
        untouched, with its edits, until `take_up`.
        """
        if self._aside is None:
            self.pause()
            self._aside = self._document

    def take_up(self) -> None:
        """The document that was set aside, as it was."""
        if self._aside is not None:
            self.pause()
            waiting, self._aside = self._aside, None
            if waiting is not self._document:
                self._put_in_front(waiting)

    def _make_document(self, standing: Standing, path: Path | None = None) -> _Document:
        edits = QUndoStack(self)
        self.edits.addStack(edits)
        return _Document(standing, Runs(standing.run), edits, path)

    def _put_in_front(self, document: _Document) -> None:
        """It takes the place of the one in front, which is gone unless it is the one aside."""
        left, self._document = self._document, document
        self.edits.setActiveStack(document.edits)
        if left is not self._aside:
            left.edits.clear()  # else PySide deletes its commands twice
            left.edits.deleteLater()
        self._show()
        self._tell_runs()
        self.document_changed.emit()

    def save(self, path: Path) -> None:
        """Write the session file; raises `core.files.FileProblem` and stays unsaved."""
        session_file.save(path, self.run.experiment, self.position)
        self._document.path = path
        self.undo_stack.setClean()
        self.document_changed.emit()

    # -- navigation --------------------------------------------------------------------

    def next_step(self) -> None:
        self.go_to(self.position.next(self._steps))

    def previous_step(self) -> None:
        if position := self.position.previous(self._steps):
            self.go_to(position)

    def stride(self, phase: Phase) -> None:
        """To the end of the next timestamp of a phase, if that phase is next."""
        if position := self.position.stride(self._steps, phase):
            self.go_to(position)

    def go_to_step(self, step: int) -> None:
        self.go_to(Position(self.position.epoch, step))

    def go_to_epoch(self, epoch: int) -> None:
        """The same step of another epoch."""
        self.go_to(Position(epoch, self.position.step))

    def look_at_epoch(self, epoch: int) -> None:
        """The same of an epoch that the run went through: no update that would train one more."""
        step = self.position.step
        if epoch == self.run.last:
            step = min(step, self._steps.before_update)
        self.go_to(Position(epoch, step))

    def go_to(self, position: Position) -> bool:
        """Stand there; where the run ends before, stay and say why."""
        self.pause()
        if not self._reach(self.run, position):
            self._show()  # what is next has changed: the run has an end now
            self.said.emit(self.run.ending)
            return False
        self._stand_at(position)
        return True

    def choose_sequence(self, sequence: int) -> None:
        self._document.standing = self._document.standing._replace(sequence=sequence)
        self._show()

    def set_compare(self, compare: bool) -> None:
        """Lay the same network without activation beside the present one, or not."""
        self._document.compare = compare
        self._show()

    # -- training ----------------------------------------------------------------------

    def train(self, epochs: int = EPOCH_LIMIT, until: float | None = None) -> None:
        """Go on for so many epochs from here, or until the cost falls under a value.

        Epochs that exist are kept.
        """
        self.pause()
        goal = min(self.position.epoch + epochs, EPOCH_LIMIT)
        self.training = Training(self.run, self.position.epoch, goal, until, self)
        self.training.advanced.connect(self._follow_training)
        self.training.ended.connect(self._end_training)
        self.training_changed.emit()

    def pause(self) -> None:
        if self.training is not None:
            self.training.stop()

    def _follow_training(self) -> None:
        assert self.training is not None
        self._stand_at(Position(self.training.epoch, self._steps.before_update))

    def _end_training(self) -> None:
        assert self.training is not None
        training, self.training = self.training, None
        training.deleteLater()
        self.training_changed.emit()
        self._show()
        if self.run.last == EPOCH_LIMIT:
            self.run.extend(1)  # says that it is full
        if training.until is not None and training.reached:
            where = f"epoch {self.position.epoch:,}"
            self.noted.emit(f"The cost is below {training.until:g} at {where}.")
        elif not training.reached and self.run.ending:
            self.said.emit(self.run.ending)

    # -- edits -------------------------------------------------------------------------

    def edit(
        self,
        text: str,
        change: Change,
        cell: Hashable | None = None,
    ) -> None:
        """Start a new run from the weights now shown, with ``change`` applied.

        The step stays; only from the update it goes to the step before, so that the weights
        shown stay, too.

        ``cell`` names the one place that is edited, so that its consecutive changes are one
        entry. A change that is not possible is told, and nothing happens.
        """
        self.pause()
        present = self.run.experiment.changed(weights=self.frame.weights)
        problem = None
        try:
            changed = change(present)
        except ExperimentError as refusal:
            changed, problem = present, refusal
        if changed.same_as(present):
            self._show()  # an editor that holds a refused or equal value shows the old one again
            if problem:
                self.said.emit(f"Nothing changed: {problem}.")
            return
        run = Run(changed, self.run.name.removesuffix(_EDITED) + _EDITED)
        step = self._steps.same_step(self.position.step, changed.steps)
        # After an update the weights shown are those that the new run starts from: it has not
        # done an update of its own yet.
        position = Position(0, min(step, changed.steps.before_update))
        sequence = min(self._document.standing.sequence, changed.sequences - 1)
        self._push(text, Standing(run, position, sequence), cell)

    def load_preset(self, key: str) -> None:
        """A preset from its beginning, as an edit: Undo brings back what was there."""
        self.pause()
        run = Run(PRESETS[key].experiment, key)
        self._push(f"Preset {key}", Standing(run, BEGINNING, 0), None)
        self.preset_loaded.emit(key)

    def restart(self, text: str, change: Change) -> None:
        """The present run once more from its start, with ``change`` applied: an edit."""
        self.pause()
        run = Run(change(self.run.experiment), self.run.name.removesuffix(_EDITED) + _EDITED)
        self._push(text, Standing(run, BEGINNING, self._document.standing.sequence), None)

    def _push(self, text: str, after: Standing, cell: Hashable | None) -> None:
        cells = self._document.cells
        number = -1 if cell is None else cells.setdefault(cell, len(cells))
        before = self._document.standing
        self._document.runs.began(after.run, text)
        self.undo_stack.push(
            Edit(text, before, after, number, lambda: self._document.standing, self._restore)
        )

    # -- the runs beside the present one -------------------------------------------------

    @property
    def ghosts(self) -> tuple[Ghost, ...]:
        """The trained runs that an edit has left, oldest first."""
        return self._document.runs.ghosts(self.run)

    @property
    def run_name(self) -> str:
        """How the present run is called beside them."""
        return self._document.runs.name(self.run)

    def show_ghost(self, run: Run, shown: bool) -> None:
        """In the plots, or not."""
        self._document.runs.show(run, shown)
        self._tell_runs()

    def forget_ghost(self, run: Run) -> None:
        """Off the list; Undo still brings it back where it leads there."""
        self._document.runs.forget(run)
        self._tell_runs()

    def _tell_runs(self) -> None:
        """Only what has changed: dragging the weights makes a run with every movement."""
        now = [(ghost.run, ghost.shown) for ghost in self.ghosts], self.run_name
        if now != self._runs_told:
            self._runs_told = now
            self.runs_changed.emit()

    def return_to(self, run: Run) -> None:
        """To where a run was left: an edit, so that Undo comes back here."""
        self.pause()
        runs = self._document.runs
        self._push(f"return to {runs.name(run)}", runs.left_at(run), None)

    # -- the frame ---------------------------------------------------------------------

    @property
    def _steps(self) -> Steps:
        return self.run.experiment.steps

    def _reach(self, run: Run, position: Position) -> bool:
        updated = position.step == len(run.experiment.steps)
        return run.reach(position.epoch + updated)

    def _stand_at(self, position: Position) -> None:
        self._document.standing = self._document.standing._replace(position=position)
        self._show()

    def _restore(self, standing: Standing) -> None:
        self.pause()
        left, self._document.standing = self._document.standing, standing
        if standing.run is not left.run:
            left.run.forget_trace()  # undo keeps many runs, and a trace can be large
            self._document.runs.leave(left)
        self._show()
        self._tell_runs()

    def _make_frame(self) -> Frame:
        run, position, sequence = self._document.standing
        return frame_at(run, position, sequence, compare=self.compare)

    def _show(self) -> None:
        self.frame = self._make_frame()
        self.frame_changed.emit(self.frame)

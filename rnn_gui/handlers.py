"""What each action of the table does: one handler for each key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog

from core.cell.steps import Phase
from rnn_gui.actions import ACTIONS, key_names, plain_text
from rnn_gui.documents import Documents
from rnn_gui.editing import Editing
from rnn_gui.fields.commit import end_typing
from rnn_gui.intake import Intake
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session
from rnn_gui.takeaway import Takeaway
from rnn_gui.views.keys_dialog import KeyRow, KeysDialog

Handler = Callable[[], object]


class Handlers(QObject):
    """Leads each action to the part of the program that does it."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        documents: Documents,
        takeaway: Takeaway,
        editing: Editing,
        intake: Intake,
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._documents, self._takeaway, self._editing = documents, takeaway, editing
        self._intake = intake

    def table(self) -> dict[str, Handler]:
        """The handler of each action. What is still being typed counts: it is committed first."""
        handlers = self._files() | self._edits() | self._steps() | self._views()
        committing = {key: self._after_typing(handler) for key, handler in handlers.items()}
        return {**committing, "canvas": self._window.canvas.setFocus}

    def commit_typing(self) -> None:
        """Take over what stands in an editor; the focus stays."""
        grid = self._window.experiment.grid
        focused = QApplication.focusWidget()
        in_grid = focused is not None and grid.isAncestorOf(focused)  # its editor will be gone
        if editor := end_typing():
            (grid if in_grid else editor).setFocus()

    def _after_typing(self, handler: Handler) -> Handler:
        def committed() -> None:
            self.commit_typing()
            handler()

        return committed

    def _files(self) -> dict[str, Handler]:
        documents, takeaway = self._documents, self._takeaway
        return {
            "open": documents.open,
            "save": documents.save,
            "save_as": documents.save_as,
            "import": self._intake.import_sequences,
            "export": takeaway.export,
            "export_all": takeaway.export_all,
            "script": takeaway.export_script,
            "quit": self._window.close,
        }

    def _edits(self) -> dict[str, Handler]:
        grid, edits = self._window.experiment.grid, self._session.edits
        return {
            "undo": edits.undo,
            "redo": edits.redo,
            "cut": grid.cut,
            "copy": grid.copy,
            "paste": grid.paste,
            "paste_as_new": self._intake.paste_as_new,
            "clear": grid.clear,
            "counting": self._toggle_counting,
            "random": self._intake.ask_random,
            "add_row": grid.add_row,
            "remove_row": grid.remove_rows,
            "row_up": lambda: grid.move_row(-1),
            "row_down": lambda: grid.move_row(1),
            "add_timestamp": grid.add_timestamp,
            "remove_timestamp": grid.remove_timestamp,
            "timestamp_left": lambda: grid.move_timestamp(-1),
            "timestamp_right": lambda: grid.move_timestamp(1),
        }

    def _steps(self) -> dict[str, Handler]:
        session = self._session
        return {
            "next": session.next_step,
            "previous": session.previous_step,
            "forward": lambda: session.stride(Phase.FORWARD),
            "backward": lambda: session.stride(Phase.BACKWARD),
            "update": lambda: session.stride(Phase.UPDATE),
            "start": lambda: session.go_to_step(0),
            "end": lambda: session.go_to_step(session.frame.experiment.steps.before_update),
            "epoch": lambda: session.go_to_epoch(session.position.epoch + 1),
            "epoch_back": lambda: session.go_to_epoch(session.position.epoch - 1),
            "go_to_epoch": self._ask_epoch,
            "train": self._train_or_pause,
        }

    def _views(self) -> dict[str, Handler]:
        window, session = self._window, self._session
        return {
            "zoom_in": window.canvas.zoom_in,
            "zoom_out": window.canvas.zoom_out,
            "fit": window.canvas.fit,
            "compare": lambda: session.set_compare(not session.compare),
            "log_gradients": self._sizes_or_gradients,
            "enlarge": self._enlarge_or_back,
            "beginner": lambda: window.parts.toggle_beginners(),
            "all_panels": lambda: window.parts.show_all(),
            "reset_layout": self._reset_layout,
            "lecture": window.lecture.toggle,
            "lessons": lambda: window.lessons.toggle(),
            "next_page": lambda: window.lessons.next_page(),
            "previous_page": lambda: window.lessons.previous_page(),
            "open_lesson": lambda: window.lessons.ask_file(),
            "predict": self._predict_or_not,
            "code": lambda: window.learning.toggle("code"),
            "check": lambda: window.learning.toggle("check"),
            "derive": lambda: window.learning.toggle("derive"),
            "keys": self._show_keys,
            "about": self._show_about,
        }

    def _predict_or_not(self) -> None:
        bar = self._window.predict
        bar.set_asking(bar.isHidden())
        (self._window.canvas if bar.isHidden() else bar).setFocus()

    def _sizes_or_gradients(self) -> None:
        """Where neither is shown, the sizes come."""
        window = self._window
        hidden = "gradients" not in window.parts.shown
        window.canvas.show_sizes(hidden or not window.canvas.sizes_shown)
        window.parts.set_shown("gradients", True)

    def _enlarge_or_back(self) -> None:
        column = self._window.right_column
        column.set_enlarged(not column.enlarged)

    def _reset_layout(self) -> None:
        self._window.parts.show_all()
        self._window.right_column.set_enlarged(False)
        self._window.layout_memory.reset()
        self._window.canvas.fit()

    def _toggle_counting(self) -> None:
        self._editing.set_counting(not self._session.run.experiment.targets_count_ones)

    def _train_or_pause(self) -> None:
        if self._session.training is not None:
            self._session.pause()
        else:
            self._session.train(*self._window.step_bar.goal.goal)

    def _ask_epoch(self) -> None:
        self._session.pause()
        last = self._session.run.last
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Go to epoch")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setLabelText(f"Epoch, from 0 to {last:,}:")
        dialog.setIntRange(0, last)
        dialog.setIntValue(self._session.position.epoch)
        dialog.intValueSelected.connect(self._session.look_at_epoch)
        _open(dialog)

    def _show_about(self) -> None:
        # Loaded when asked for: the versions it shows cost more to find than the other dialogs.
        from rnn_gui.views.about_dialog import AboutDialog

        _open(AboutDialog(self._window))

    def _show_keys(self) -> None:
        rows = (
            KeyRow(spec.menu, plain_text(spec), " or ".join(key_names(spec)), spec.tip)
            for spec in ACTIONS
        )
        _open(KeysDialog(rows, self._window))


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()

"""How the actions stand now: which can be done, which are ticked, their icons and their texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeyEvent

from core.cell.steps import Phase
from core.epoch.frame import Frame
from rnn_gui.actions import NO_LESSONS, refused_key, show_availability, why_not
from rnn_gui.icons import icon
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session
from rnn_gui.theme import Look

if TYPE_CHECKING:  # loaded when they are asked for
    from rnn_gui.lessons import Lessons

_PHASES = {phase.value for phase in Phase}
_ICONS = ("start", "previous", "next", "end", "forward", "backward", "update", "epoch")


class ActionStates(QObject):
    """Menus and buttons follow the actions; ``panels`` are the ticks in the menu of panels."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        actions: Mapping[str, QAction],
        panels: Mapping[str, QAction],
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._actions, self._panels = actions, panels
        self._look = window.appearance.look
        self._reasons: dict[str, str] = {}
        self._lessons: Lessons | None = None
        self._follow_edits()
        session.training_changed.connect(self._show_training)
        window.canvas.sizes_shown_changed.connect(actions["log_gradients"].setChecked)
        window.right_column.enlarged_changed.connect(actions["enlarge"].setChecked)
        window.parts.changed.connect(self._show_parts)
        self._tick_parts()

    def show_frame(self, frame: Frame) -> None:
        self.show_reasons()
        self._actions["counting"].setChecked(frame.experiment.targets_count_ones)
        self._actions["compare"].setChecked(frame.unactivated is not None)
        self._actions["predict"].setChecked(not self._window.predict.isHidden())

    def show_reasons(self) -> None:
        """What can be done now; what cannot says in its tool tip what comes first."""
        training, tabs = self._session.training is not None, not self._window.tabs.isHidden()
        self._reasons = why_not(self._session.frame, training=training, tabs=tabs)
        self._reasons |= self._page_reasons()
        show_availability(self._actions, self._reasons)

    def refusal(self, key: QKeyEvent) -> str:
        """Why the action of this key cannot be done now; empty where no action refused it."""
        return refused_key(key, self._actions, self._reasons)

    def follow_lessons(self, lessons: Lessons) -> None:
        """From now on they say which pages there are to go to."""
        self._lessons = lessons
        lessons.changed.connect(self.show_reasons)

    def set_look(self, look: Look) -> None:
        self._look = look
        for key in _ICONS:
            self._show_icon(key, key)
        self._show_training()

    # -- how -----------------------------------------------------------------------------

    def _page_reasons(self) -> dict[str, str]:
        lessons = self._lessons
        self._actions["lessons"].setChecked(lessons is not None and lessons.dock is not None)
        return NO_LESSONS if lessons is None else lessons.why_not()

    def _show_parts(self) -> None:
        self._tick_parts()
        self.show_reasons()

    def _tick_parts(self) -> None:
        parts = self._window.parts
        for name, action in self._panels.items():
            action.setChecked(name in parts.shown)
        self._actions["beginner"].setChecked(parts.for_beginners)
        self._actions["log_gradients"].setChecked(self._window.canvas.sizes_shown)

    def _show_training(self) -> None:
        training = self._session.training is not None
        action = self._actions["train"]
        action.setText("&Pause" if training else "&Train")
        action.setIconText("Pause T" if training else "Train T")
        self._show_icon("train", "pause" if training else "train")

    def _show_icon(self, key: str, name: str) -> None:
        theme = self._look.theme
        colour = theme.on_accent if key in _PHASES else theme.text
        self._actions[key].setIcon(icon(name, colour, theme.muted))
        self._actions[key].setIconVisibleInMenu(False)

    def _follow_edits(self) -> None:
        edits, undo, redo = self._session.edits, self._actions["undo"], self._actions["redo"]
        edits.canUndoChanged.connect(undo.setEnabled)
        edits.canRedoChanged.connect(redo.setEnabled)
        edits.undoTextChanged.connect(self._show_undo)
        edits.redoTextChanged.connect(self._show_redo)
        undo.setEnabled(False)
        redo.setEnabled(False)

    def _show_undo(self, what: str) -> None:
        self._actions["undo"].setText(f"&Undo {what}".rstrip())

    def _show_redo(self, what: str) -> None:
        self._actions["redo"].setText(f"&Redo {what}".rstrip())

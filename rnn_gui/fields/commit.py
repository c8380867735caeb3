"""What is still being typed."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLineEdit


def end_typing() -> QLineEdit | None:
    """Take over what stands in an editor, and which one that was; a dialog keeps its own.

    An editor that is left commits. It may stand in the dock, which may be a window of its own.
    """
    focused = QApplication.focusWidget()
    if not isinstance(focused, QLineEdit) or focused.window().isModal():
        return None
    focused.clearFocus()
    return focused

"""The right column: equation, ledger and tabs; the tabs can have all of it for a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QWidget

from rnn_gui.skeleton import HANDLE, ROWS


class RightColumn(QSplitter):
    """What stands above the tabs is hidden while they are enlarged, and comes back as it was."""

    enlarged_changed = Signal(bool)
    enlarge_requested = Signal()  # or the way back
    leave_requested = Signal()  # the keyboard was in what is hidden now

    def __init__(self, above: tuple[QWidget, ...], tabs: QTabWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._above = above
        self._sizes: list[int] | None = None  # before the tabs were enlarged
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE)
        for part in (*above, tabs):
            self.addWidget(part)
        self.setSizes(ROWS)
        tabs.tabBarDoubleClicked.connect(self.enlarge_requested)

    @property
    def enlarged(self) -> bool:
        return self._sizes is not None

    def set_enlarged(self, enlarged: bool) -> None:
        """Give the tabs the whole column, or all their places back."""
        if enlarged == self.enlarged:
            return
        if enlarged and self._has_keyboard():
            self.leave_requested.emit()
        before, self._sizes = self._sizes, self.sizes() if enlarged else None
        for part in self._above:
            part.setHidden(enlarged)
        if before is not None:
            self.setSizes(before)
        self.enlarged_changed.emit(enlarged)

    def _has_keyboard(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and any(part.isAncestorOf(focused) for part in self._above)

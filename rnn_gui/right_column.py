"""The right column: equation, ledger and tabs; the tabs can have all of it for a while."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QWidget

from rnn_gui.skeleton import HANDLE, ROWS

# What they keep: pixels of four rows and the sums; and of plots, which in a higher column keep
# a share of it. Before that the equation has a sentence, a line of fractions and its results.
_LEDGER, _TABS, _TABS_SHARE, _EQUATION = 200, 180, 0.3, 180
# Of what one is to look at.
_TABS_FIRST, _LEDGER_FIRST = 0.6, 0.45


class RightColumn(QSplitter):
    """What stands above the tabs is hidden while they are enlarged, and comes back as it was.

    As long as nobody moved a handle, the equation gets what its size hint asks for, as far as
    ledger and tabs can spare it, and keeps it: rows that come and go with each step are unrest.
    """

    enlarged_changed = Signal(bool)
    enlarge_requested = Signal()  # or the way back
    leave_requested = Signal()  # the keyboard was in what is hidden now

    def __init__(self, above: tuple[QWidget, QWidget], tabs: QTabWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._above = above
        self._tabs, self._ledger_shown = tabs, True
        self._before: QByteArray | None = None  # the tabs were enlarged
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE)
        for part in (*above, tabs):
            self.addWidget(part)
        self.setSizes(ROWS)
        self._made = super().saveState()
        self._moved = False  # by hand, now or before the last start
        self._grown = False
        self._favoured = ""
        self._lent: QByteArray | None = None  # what comes back
        self.splitterMoved.connect(self._keep)
        tabs.tabBarDoubleClicked.connect(self.enlarge_requested)

    @property
    def enlarged(self) -> bool:
        return self._before is not None

    def show_parts(self, *, ledger: bool, tabs: bool) -> None:
        """The equation always stands there; what is hidden leaves its place to the others."""
        if not tabs:
            self.set_enlarged(False)
        self._ledger_shown = ledger
        self._above[1].setHidden(self.enlarged or not ledger)
        self._tabs.setHidden(not tabs)
        self._share_out()

    def favour(self, part: str) -> None:
        """Let "tabs" or "ledger" have much of the column, as long as nobody moved a handle."""
        if part != self._favoured:
            self._favoured = part
            self._share_out()

    def lend(self) -> None:
        """From now on a lesson decides how the column is divided."""
        if self._lent is None:
            self.set_enlarged(False)
            self._lent = self.saveState()
            self.restoreState(self._made)

    def give_back(self) -> None:
        """As somebody had divided it."""
        if self._lent is not None:
            before, self._lent = self._lent, None
            self._favoured = ""
            self.restoreState(before)
            self._share_out()

    def set_enlarged(self, enlarged: bool) -> None:
        """Give the tabs the whole column, or all their places back."""
        if enlarged == self.enlarged:
            return
        if enlarged and self._has_keyboard():
            self.leave_requested.emit()
        before, self._before = self._before, super().saveState() if enlarged else None
        for part, shown in zip(self._above, (True, self._ledger_shown), strict=True):
            part.setHidden(enlarged or not shown)
        if before is not None:
            super().restoreState(before)
        self.enlarged_changed.emit(enlarged)

    def saveState(self) -> QByteArray:
        """Where somebody put the handles; what the equation took is not to be remembered."""
        return super().saveState() if self._moved else self._made

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        restored = super().restoreState(state)
        if restored:
            self._moved, self._grown = state != self._made, False
            self._make_room()
        return restored

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._grown and not self._moved and not self.enlarged:
            self.setSizes(self._rows)  # of a lower column ledger and tabs cannot spare so much
        self._make_room()

    @property
    def _rows(self) -> list[int]:
        """What is hidden gives to a plot first: the equation has what it asks for anyway."""
        equation, ledger, tabs = ROWS
        if self._favoured == "tabs" and not self._tabs.isHidden():
            rest = sum(ROWS) * (1 - _TABS_FIRST)
            ledger = min(round(rest / 2), round(rest) - _EQUATION) if self._ledger_shown else 0
            return [round(rest) - ledger, ledger, sum(ROWS) - round(rest)]
        if self._favoured == "ledger" and self._ledger_shown:
            ledger = round(_LEDGER_FIRST * sum(ROWS))
            equation = sum(ROWS) - ledger - tabs
        if self._tabs.isHidden():
            return [equation + tabs, ledger, 0]
        return [equation, ledger, tabs] if self._ledger_shown else [equation, 0, ledger + tabs]

    def _share_out(self) -> None:
        """Anew, among what is shown."""
        if not (self._moved or self.enlarged):
            self.setSizes(self._rows)
            self._make_room()

    def _keep(self) -> None:
        self._moved = True

    def _make_room(self) -> None:
        if self._moved or self.enlarged or not self.isVisible():
            return
        equation, *others = self.sizes()
        asked, given = self._above[0].sizeHint().height(), [0, 0]
        order = (1, 0) if self._favoured == "ledger" else (0, 1)  # what is looked at gives last
        for wanted, kept in ((asked, self._kept), (min(asked, _EQUATION), self._least)):
            for i in order:
                more = min(wanted - equation - sum(given), others[i] - given[i] - kept[i])
                given[i] += max(more, 0)
        if any(given):
            ledger, tabs = (size - part for size, part in zip(others, given, strict=True))
            self.setSizes([equation + sum(given), ledger, tabs])
            self._grown = True

    @property
    def _kept(self) -> tuple[int, int]:
        """What ledger and tabs keep, whatever else the equation asks for."""
        first = round(_LEDGER_FIRST * self.height()) if self._favoured == "ledger" else 0
        share = _TABS_FIRST if self._favoured == "tabs" else _TABS_SHARE
        return max(_LEDGER, first), max(_TABS, round(share * self.height()))

    @property
    def _least(self) -> tuple[int, int]:
        """Less than this they cannot be."""
        ledger, tabs = self._above[1].minimumSizeHint(), self._tabs.minimumSizeHint()
        return ledger.height(), tabs.height()

    def _has_keyboard(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and any(part.isAncestorOf(focused) for part in self._above)

"""What stands where: step bar and time line above three columns of cards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QVBoxLayout, QWidget

from rnn_gui.card import card
from rnn_gui.main_window import MainWindow
from rnn_gui.right_column import RightColumn
from rnn_gui.skeleton import COLUMNS, HANDLE


def lay_out(window: MainWindow) -> QWidget:
    """All that stands above the status line; what can be moved is then the window's, too."""
    above = card(window.equation), card(window.ledger)
    window.right_column = RightColumn(above, window.tabs)
    window.across = _columns(card(window.experiment), _middle_card(window), window.right_column)
    window.holder = _holder()
    content = QWidget()
    layout = QVBoxLayout(content)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(window.step_bar)
    layout.addWidget(window.time_line)
    layout.addWidget(window.holder, 1)
    window.holder.setCentralWidget(window.across)
    window.statusBar().addWidget(window.status, 1)
    return content


def _columns(left: QWidget, middle: QWidget, right: QWidget) -> QSplitter:
    """The middle one takes what a wider window has to give."""
    across = QSplitter(Qt.Orientation.Horizontal)
    across.setChildrenCollapsible(False)
    across.setHandleWidth(HANDLE)
    for column in (left, middle, right):
        across.addWidget(column)
    across.setStretchFactor(1, 1)
    across.setSizes(COLUMNS)
    return across


def _middle_card(window: MainWindow) -> QFrame:
    """The time canvas between what is to be said and the line to try a sequence."""
    said = window.predict, window.planted, window.divergence
    return card(window.canvas, above=said, below=[window.trial])


def _holder() -> QMainWindow:
    """Around the three columns, so that a dock can stand beside them, below the time line."""
    holder = QMainWindow()
    holder.setWindowFlags(Qt.WindowType.Widget)
    holder.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return holder

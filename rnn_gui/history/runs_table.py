"""The table of runs, and what can be done with a run in it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.epoch.frame import Frame
from core.training.ghost import Ghost
from core.training.run import Run
from rnn_gui.fields.copy_key import copy_on_key
from rnn_gui.fields.plain_keys import ARROW_KEYS, BUTTON_KEYS, keep_keys
from rnn_gui.fields.small_button import small_button
from rnn_gui.history.runs_model import COST, NAME, RULE, RunsModel
from rnn_gui.plots.ink import text_width
from rnn_gui.theme import SMALL_SIZE, Look

ALONE = "An edit starts a new run; the one before it then stands here."
_PADDING, _CHECK_BOX = 5, 20
_ROW, _BUTTONS = 34, 40  # heights of a row, and of what stands under the table
_SPREADING = {NAME: 3, RULE: 1}  # columns that share what is left of the width
_NARROWEST = {NAME: 92, RULE: 64}  # and those that give where it is too small
_MANY = 1000  # epochs that nobody forgets by a slip
_TABLE_KEYS = (
    *(*BUTTON_KEYS, *ARROW_KEYS, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)


class RunsTable(QWidget):
    """Runs side by side: shown in the plots or not, returned to, forgotten, copied."""

    shown_requested = Signal(object, bool)
    return_requested = Signal(object)
    forget_requested = Signal(object)
    leave_requested = Signal()
    copied = Signal(str)  # what was copied, as a sentence

    def __init__(self) -> None:
        super().__init__()
        self.model = RunsModel(self)
        self.table = _Table(self.model)
        self.back = _button("Return", "Go on with this run, at its last epoch")
        self.forget = _button("Forget", "Take this run off the list")
        self.copy_button = _button("Copy", "Copy the table with all digits")
        self._hint = QLabel(ALONE)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._asked: Run | None = None  # whether to forget it
        self._fitted: list[int] = []  # how long the texts of the present run were
        self._lay_out()
        self._connect()

    def show_frame(self, frame: Frame) -> None:
        chosen = self.chosen
        self.model.show_frame(frame)
        if (lengths := [len(text) for text in self.model.present]) != self._fitted:
            self._fitted = lengths
            self.table.fit_columns()
        self._choose_again(chosen)

    def show_ghosts(self, ghosts: tuple[Ghost, ...], present: str) -> None:
        chosen = self.chosen
        self.model.show_ghosts(ghosts, present)
        self._choose_again(chosen)
        self._hint.setVisible(not ghosts)
        self.table.fit_columns()

    def set_look(self, look: Look) -> None:
        self.model.set_look(look)
        self.table.fit_columns()

    @property
    def whole_height(self) -> int:
        """With room for all rows and no more."""
        around = self.table.horizontalHeader().sizeHint().height() + _BUTTONS
        return around + _ROW * max(self.model.rowCount(), 2)

    @property
    def chosen(self) -> Run | None:
        """The run of the selected row, where it is not the present one."""
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        if len(rows) != 1 or self.model.rows[rows[0]].ghost is None:
            return None
        return self.model.rows[rows[0]].run

    def copy(self) -> None:
        """All rows with all digits, to the clipboard."""
        rows = range(self.model.rowCount())
        QGuiApplication.clipboard().setText(self.model.in_full(rows))
        self.copied.emit("Copied the table of runs with all digits.")

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._hint, 1)
        below.addStretch(0)
        for button in (self.back, self.forget, self.copy_button):
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.model.shown_requested.connect(self.shown_requested)
        self.table.selectionModel().selectionChanged.connect(self._show_possible)
        self.table.return_pressed.connect(self._return)
        self.table.delete_pressed.connect(self._forget)
        self.table.menu_requested.connect(self._open_menu)
        self.table.doubleClicked.connect(self._return)
        self.back.clicked.connect(self._return)
        self.forget.clicked.connect(self._forget)
        self.copy_button.clicked.connect(self.copy)
        keep_keys(self.table, _TABLE_KEYS, self.leave_requested.emit)
        for button in (self.back, self.forget, self.copy_button):
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
        copy_on_key(self.table, self.copy)
        self._show_possible()

    def _return(self) -> None:
        if self.chosen is not None:
            self.return_requested.emit(self.chosen)

    def _forget(self) -> None:
        """At once; a long run once the button has asked and is clicked again."""
        run = self.chosen
        if run is not None and run.last > _MANY and run is not self._asked:
            self._asked = run
            self._show_possible()
        else:
            self._forget_now()

    def _forget_now(self) -> None:
        if self.chosen is not None:
            self.forget_requested.emit(self.chosen)

    def menu(self) -> QMenu:
        """What can be done here; it is gone once it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.chosen is not None:
            menu.addAction("&Return to this run", self._return)
            menu.addAction(f"&Forget its {self.chosen.last:,} epochs", self._forget_now)
            menu.addSeparator()
        menu.addAction("&Copy table", QKeySequence.StandardKey.Copy, self.copy)
        return menu

    def _open_menu(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def _show_possible(self) -> None:
        run = self.chosen
        for button in (self.back, self.forget):
            button.setEnabled(run is not None)
        if run is not self._asked:
            self._asked = None
        self.forget.setText(f"Forget {self._asked.last:,} epochs?" if self._asked else "Forget")

    def _choose_again(self, run: Run | None) -> None:
        """A run stays selected where it is still on the list."""
        row = -1 if run is None else self.model.row_of(run)
        if row >= 0 and run is not self.chosen:
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, NAME),
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
        self._show_possible()


class _Table(QTableView):
    return_pressed = Signal()
    delete_pressed = Signal()
    menu_requested = Signal(QContextMenuEvent)

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName("Runs")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(60)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)

    def fit_columns(self) -> None:
        """As wide as their texts, and what is left over goes to names and rules."""
        widths = [self._needed(column) for column in range(COST + 1)]
        missing = sum(widths) - self.viewport().width()
        for column, narrowest in _NARROWEST.items():
            given = min(max(missing, 0), max(widths[column] - narrowest, 0))
            widths[column] -= given
            missing -= given
        for column, width in enumerate(widths):
            share = _SPREADING.get(column, 0) / sum(_SPREADING.values())
            self.setColumnWidth(column, width + int(max(-missing, 0) * share))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.return_pressed.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _needed(self, column: int) -> int:
        model = self._model
        head = str(model.headerData(column, Qt.Orientation.Horizontal))
        texts = [model.text(row, column) for row in range(model.rowCount())]
        lines = [head, *(line for text in texts for line in text.split("\n"))]
        widest = max(text_width(line, SMALL_SIZE, bold=column == NAME) for line in lines)
        return round(widest) + 2 * _PADDING + (_CHECK_BOX if column == NAME else 0)


def _button(text: str, tip: str) -> QToolButton:
    made = small_button(text, tip)
    made.setAccessibleName(tip)
    return made

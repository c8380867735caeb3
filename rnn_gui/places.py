"""Where the places that a lesson names are in the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QTableView, QToolButton, QWidget

from core.lessons.lesson import Place
from rnn_gui.main_window import MainWindow
from rnn_gui.parts import IN_TABS
from rnn_gui.spotlight import Spot

_BUTTONS = ("next", "forward", "backward", "update", "epoch", "train")
_NODES = ("state", "gradient", "input", "cost")
_RESULTS = ("targets", "predictions", "errors")  # the columns at the right of the grid


def spots(window: MainWindow, places: Sequence[Place]) -> list[Spot | None]:
    """Widget and rectangle of each place; None for one that is nowhere now."""
    return [_spot(window, place) for place in places]


def reveal(window: MainWindow, places: Sequence[Place]) -> None:
    """Scroll so that the places can be seen, the first of them at all costs."""
    for place in reversed(places):
        name = "settings" if place.name == "compare" else place.name
        if name in (*window.experiment.parts, "data", "cell", *_RESULTS):
            window.experiment.reveal(name)


def _spot(window: MainWindow, place: Place) -> Spot | None:
    name = place.name
    if name in _NODES:
        return _in_network(window, place)
    if name in ("network", "states", "gradients"):
        return window.canvas.spot_of(name)
    if name in _BUTTONS:
        [button] = window.step_bar.findChildren(QToolButton, f"step-{name}")
        return button, None
    if name in _RESULTS:
        return _column(window, _RESULTS.index(name))
    if name == "cell":
        return _cell(window, place)
    if name == "ledger" and place.timestamp:
        return _ledger_row(window, place.timestamp)
    if name in IN_TABS:
        return window.tabs, None
    return _WHOLE[name](window), None


# Places that are a widget, all of it.
_WHOLE: dict[str, Callable[[MainWindow], QWidget]] = {
    "data": lambda window: window.experiment.grid,
    "edits": lambda window: window.experiment.parts["edits"][0],
    "weights": lambda window: window.experiment.parts["weights"][0],
    "settings": lambda window: window.experiment.parts["settings"][0],
    "rule": lambda window: window.experiment.parts["rule"][0],
    "compare": lambda window: window.experiment.compare,
    "equation": lambda window: window.equation,
    "ledger": lambda window: window.ledger,
    "steps": lambda window: window.time_line,
    "step bar": lambda window: window.step_bar,
    "training": lambda window: window.step_bar.goal,
    "try": lambda window: window.trial,
    "predict": lambda window: window.predict,
}


def _in_network(window: MainWindow, place: Place) -> Spot | None:
    where = window.canvas.network.place_of(place.name, place.timestamp)
    return None if where is None else window.canvas.spot_of("network", where)


def _column(window: MainWindow, offset: int) -> Spot:
    """A column of results, from its header to its last row."""
    pane = window.experiment.grid.results
    column = window.experiment.grid.model.y_column + offset
    left, width = pane.columnViewportPosition(column), pane.columnWidth(column)
    last = pane.model().rowCount() - 1
    header = pane.columns.height()
    bottom = header + pane.rowViewportPosition(last) + pane.rowHeight(last)
    inside = pane.viewport().x()
    return pane, QRect(inside + left, 0, width, min(bottom, pane.height()))


def _cell(window: MainWindow, place: Place) -> Spot:
    pane = window.experiment.grid.inputs
    return pane.viewport(), _rect(pane, place.sequence, place.timestamp - 1)


def _ledger_row(window: MainWindow, timestamp: int) -> Spot:
    table = window.ledger.table
    cell = _rect(table, table.model().rowCount() - timestamp, 0)
    return table.viewport(), QRect(0, cell.y(), table.viewport().width(), cell.height())


def _rect(table: QTableView, row: int, column: int) -> QRect:
    return table.visualRect(table.model().index(row, column))

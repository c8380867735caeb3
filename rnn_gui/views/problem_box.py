"""A message about what could not be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def show_problem(window: QWidget, what: str, why: str) -> None:
    """What was not done, and one sentence on why and what to do; waits until it is closed."""
    box = QMessageBox(QMessageBox.Icon.Warning, "RNN Stepper", what, parent=window)
    box.setTextFormat(Qt.TextFormat.PlainText)  # it names files
    box.setInformativeText(why)
    box.exec()
    box.deleteLater()

"""A view on a panel with a border."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

MARGINS = 6 + 8  # above and below a view


def card(view: QWidget, *, above: Sequence[QWidget] = (), below: Sequence[QWidget] = ()) -> QFrame:
    """Around a view; what comes and goes beside it gets no more than it needs."""
    around = QFrame()
    around.setProperty("role", "card")
    layout = QVBoxLayout(around)
    layout.setContentsMargins(8, 6, 8, 8)
    layout.addWidget(view, 1)  # first: Tab leads to it before it leads to what is above
    for part in reversed(above):
        layout.insertWidget(0, part)
    for part in below:
        layout.addWidget(part)
    return around

"""About: what this is, whom it follows, and the versions and licences of what it is built on."""

from __future__ import annotations

import platform
from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from rnn_gui import __version__

_LICENCES = (
    ("PySide6-Essentials", "Qt for Python", "LGPL-3.0"),
    ("pyqtgraph", "pyqtgraph", "MIT"),
    ("numpy", "NumPy", "BSD-3-Clause"),
)


class AboutDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About RNN Stepper")
        text = QLabel(about_text())
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(14)
        layout.addWidget(text)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)


def about_text() -> str:
    rows = "".join(
        f"<tr><td>{title}&nbsp;&nbsp;</td><td>{version(package)}&nbsp;&nbsp;</td>"
        f"<td>{licence}</td></tr>"
        for package, title, licence in _LICENCES
    )
    return f"""
        <h2>RNN Stepper {__version__}</h2>
        <p>Back-propagation through time, one line of paper at a time, in a recurrent network
        with two weights.</p>
        <p>It follows the tutorial “Only Numpy: Vanilla Recurrent Neural Network with Activation,
        Deriving Back propagation Through Time Practice, part 2/2” by Jae Duk Seo, in its words
        and with its data.</p>
        <p>MIT licence, © 2026 the RNN Stepper authors. It runs on:</p>
        <table>{rows}
        <tr><td>Python&nbsp;&nbsp;</td><td>{platform.python_version()}&nbsp;&nbsp;</td>
        <td>PSF-2.0</td></tr></table>
    """

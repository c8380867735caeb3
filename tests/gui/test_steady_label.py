"""Labels that keep their room."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from rnn_gui.fields.steady_label import SteadyLabel


def test_what_stands_beside_it_moves_for_longer_texts_alone(qtbot: QtBot) -> None:
    window, label, beside = QWidget(), SteadyLabel(), QWidget()
    layout = QHBoxLayout(window)
    layout.addWidget(label)
    layout.addWidget(beside, 1)
    qtbot.addWidget(window)
    window.show()
    places = []
    for text in ("−0.001234", "0.5", "−1.1e−20", "·", "a text that is longer"):
        label.setText(text)
        layout.activate()
        places.append(beside.x())
        assert label.width() >= label.sizeHint().width()
    assert places[0] == places[1] == places[2] == places[3] < places[4]


def test_another_font_needs_other_room(qtbot: QtBot) -> None:
    label = SteadyLabel()
    qtbot.addWidget(label)
    label.setText("0.5")
    before = label.size()
    label.setFont(QFont(label.font().family(), 40))
    assert label.height() > before.height()
    label.setFont(QFont(label.font().family(), 8))
    assert label.height() < 2 * before.height()

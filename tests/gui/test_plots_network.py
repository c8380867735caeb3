"""The unrolled network: what is known is written, nothing else, and nothing covers anything."""

import pytest
from PySide6.QtCore import QRectF

from core.cell.steps import Position
from core.data.notation import number
from core.epoch.frame import frame_at
from rnn_gui.plots.network_layout import Detail, Scale, layout
from rnn_gui.plots.network_panel import NetworkPanel
from rnn_gui.plots.ranges import Range
from rnn_gui.theme import DARK, LIGHT, Look
from tests.gui import painted
from tests.tutorial import D_STATE_IN, D_STATE_OUT, STATE_IN, STATE_OUT, Quantity, epoch_length

_KINDS = (STATE_IN, STATE_OUT, D_STATE_OUT, D_STATE_IN)

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_exactly_the_known_numbers_are_written(step: int) -> None:
    frame, panel = painted.frame(step, sequence=1), NetworkPanel()
    panel.show_frame(frame)
    written = painted.texts(panel, 900, 300)
    expected = [
        number(float(values[1]))
        for kind in _KINDS
        for k in (1, 2, 3)
        if (values := frame.row(*kind, k)) is not None
    ]
    if frame.cost is not None:
        expected.append(number(frame.cost))
    labels = {"−1.191", "0.4714", "0"}  # printed weights, State 0
    weights = {number(frame.weights["Wx"]), number(frame.weights["Wrec"])} | labels
    numbers = [text for text in written if text.lstrip("−")[:1].isdigit() and text not in weights]
    assert sorted(numbers) == sorted(text for text in expected if text not in weights)


@pytest.mark.parametrize("width", [380, 450, 560, 660, 900, 1400, 2400])
@pytest.mark.parametrize(("timestamps", "sequences"), [(1, 1), (3, 3), (5, 3), (8, 3), (50, 30)])
@pytest.mark.parametrize("part", [0.3, 0.75, 1.0])
def test_no_word_covers_another_or_is_cut(
    width: int, timestamps: int, sequences: int, part: float
) -> None:
    step = round(epoch_length(timestamps) * part)
    panel = NetworkPanel()
    panel.show_frame(painted.frame(step, timestamps, sequences))
    for height in (180, 204, 330, 700):
        found = painted.words(panel, width, height)
        assert painted.collisions(found) == []
        assert painted.outside(found, width, height) == []


def test_the_room_decides_how_much_is_written() -> None:
    def detail(columns: int, width: float) -> Detail:
        scale = Scale(QRectF(0, 0, width, 175), Range(-0.5, columns + 0.5))
        return layout(scale, 4).detail

    assert detail(3, 560) is Detail.ARROWS
    assert detail(4, 560) is Detail.WORDS
    assert detail(7, 560) is Detail.NUMBERS
    assert detail(50, 560) is Detail.MARKS
    assert detail(1000, 560) is Detail.STRIP


@pytest.mark.parametrize(("kind", "word"), [(STATE_OUT, "Out"), (D_STATE_IN, "In")])
def test_the_number_of_the_current_step_is_bold(kind: Quantity, word: str) -> None:
    step = {STATE_OUT: 4, D_STATE_IN: 12}[kind]
    frame, panel = painted.frame(step), NetworkPanel()
    panel.show_frame(frame)
    values = frame.row(*kind, 2)
    assert values is not None
    bold = [word.text for word in painted.words(panel, 900, 300) if word.bold]
    assert number(float(values[0])) in bold


def test_narrow_columns_write_the_current_numbers_above() -> None:
    panel = NetworkPanel()
    frame = painted.frame(9, 50)
    panel.show_frame(frame)
    values = frame.row(*STATE_IN, 5)
    assert values is not None
    written = painted.texts(panel, 660, 200)
    assert "State 5" in written
    assert number(float(values[0])) in written
    assert written.count("·") == 3  # Out, and both gradients, are still to come


def test_new_weights_after_the_update() -> None:
    panel = NetworkPanel()
    panel.show_frame(painted.frame(17))
    before = painted.texts(panel, 900, 300)
    frame = painted.frame(18)
    panel.show_frame(frame)
    after = painted.texts(panel, 900, 300)
    assert f"×Wx {number(painted.frame(17).weights['Wx'])}" in before
    assert f"×Wx {number(frame.weights['Wx'])}" in after
    assert before != after


def test_overflow_is_infinite_and_not_a_mistake() -> None:
    panel = NetworkPanel()
    panel.show_frame(frame_at(painted.overflowing(), Position(0, 27)))
    assert "∞" in painted.texts(panel, 660, 200)


def test_it_takes_its_colours_from_the_look() -> None:
    panel = NetworkPanel()
    panel.show_frame(painted.frame(6))
    for theme in (LIGHT, DARK):
        panel.set_look(Look(theme))
        colours = {word.colour for word in painted.words(panel)}
        assert theme.forward in colours
        assert theme.text in colours


def test_digits_follow_the_look() -> None:
    panel = NetworkPanel()
    frame = painted.frame(2)
    panel.show_frame(frame)
    panel.set_look(Look(LIGHT, 7))
    values = frame.row(*STATE_IN, 1)
    assert values is not None
    assert number(float(values[0]), 7) in painted.texts(panel, 2000, 400)

"""The activation curve: the states whose Out is known, and slopes once they are used."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.code.curve import LOGISTIC
from core.data.notation import subscript
from core.epoch.frame import frame_at
from rnn_gui.plots.curve_panel import NOT_A_LOGARITHM, CurvePanel, remarks
from rnn_gui.theme import DARK, Look
from rnn_gui.views.curve_view import CurveView, curve_title
from tests.gui import painted
from tests.tutorial import epoch_length

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("step", range(epoch_length(3) + 1))
def test_points_and_slopes_appear_when_they_are_known(step: int) -> None:
    frame, panel = painted.frame(step), CurvePanel()
    panel.show_frame(frame)
    outs = [k for k, number in ((1, 2), (2, 4)) if step >= number]
    used = [k for k, number in ((1, 15), (2, 12)) if step >= number]
    assert list(panel.points) == outs
    assert sorted(panel.slopes) == used
    written = painted.texts(panel, 400, 240)
    assert [f"S{subscript(k)}" in written for k in (1, 2, 3)] == [1 in outs, 2 in outs, False]


def test_points_lie_on_the_curve() -> None:
    panel = CurvePanel()
    panel.show_frame(painted.frame(17))
    for z, out in panel.points.values():
        assert np.interp(z, panel.curve.x, panel.curve.y) == pytest.approx(out, abs=1e-3)
        assert LOGISTIC.apply(np.array(z)) == pytest.approx(out)


def test_the_logistic_is_said_not_to_be_a_logarithm() -> None:
    assert NOT_A_LOGARITHM in remarks(painted.frame(0))
    assert "State 3 has no log(): it is not on this curve" in remarks(painted.frame(0))
    assert NOT_A_LOGARITHM not in remarks(painted.frame(0, 5, 3, hidden="tanh"))


@pytest.mark.parametrize("hidden", ["logistic", "tanh", "relu", "identity"])
@pytest.mark.parametrize("timestamps", [1, 5, 50])
def test_every_activation_has_its_curve(hidden: str, timestamps: int) -> None:
    panel = CurvePanel(standalone=True)
    panel.show_frame(painted.frame(epoch_length(timestamps), timestamps, 3, hidden=hidden))
    assert len(panel.points) >= (1 if timestamps == 1 else timestamps - 1)
    found = painted.words(panel, 384, 240)
    assert painted.collisions(found) == []
    assert painted.outside(found, 384, 240) == []


@pytest.mark.filterwarnings("error")
def test_states_far_out_move_the_curve_with_them() -> None:
    panel = CurvePanel()
    panel.show_frame(frame_at(painted.overflowing(), Position(0, 27)))
    assert list(panel.points) == [1]
    assert panel.x_range.high > 1e200
    assert painted.texts(panel, 400, 240)


def test_the_view_tells_the_current_state_and_its_tab(qtbot: QtBot) -> None:
    view = CurveView()
    qtbot.addWidget(view)
    view.set_look(Look(DARK))
    view.resize(360, 260)
    view.show()
    view.show_frame(painted.frame(4))
    assert curve_title(painted.frame(4)) == "log() curve"
    assert view._state.text().startswith("S₂ of sequence a: log(")
    assert "slope" not in view._state.text()
    view.show_frame(painted.frame(12))
    assert "slope" in view._state.text()
    view.show_frame(painted.frame(0))
    assert view._state.text() == ""

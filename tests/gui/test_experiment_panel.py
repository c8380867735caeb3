"""The panel shows what a frame holds, asks for edits, and changes nothing itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.grid.block_selection import Cell
from rnn_gui.theme import DARK, LIGHT, Look, Theme, palette, style_sheet, text_font
from rnn_gui.views.experiment_panel import ExperimentPanel
from tests.tutorial import UPDATE, changed, step_number

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
PART_2 = PRESETS["part-2"].experiment


def frame_of(
    experiment: Experiment = PART_2, name: str = "part-2", step: int = 0, *, compare: bool = False
) -> Frame:
    run = Run(experiment, name)
    run.reach(1)
    return frame_at(run, Position(0, step), compare=compare)


class Shown:
    """The panel as wide as in the window, in the program's style, and what it asked for."""

    def __init__(self, qtbot: QtBot, size: tuple[int, int] = (282, 588)) -> None:
        self.bot = qtbot
        self.window = QWidget()
        self.window.resize(*size)
        self.panel = ExperimentPanel()
        self.panel.setParent(self.window)
        self.panel.resize(*size)
        self.asked: list[tuple[object, ...]] = []
        for name in (
            *("preset_chosen", "counting_requested", "initial_state_requested"),
            *("weight_requested", "rate_requested", "hidden_activation_requested"),
            *("last_activation_requested", "update_rule_requested", "compare_requested"),
            *("problem_reported", "leave_requested"),
        ):
            getattr(self.panel, name).connect(
                lambda *values, name=name: self.asked.append((name, *values))
            )
        self.panel.show_frame(frame_of())
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()

    def type(self, field: QWidget, text: str) -> None:
        field.setFocus()
        self.bot.keyClicks(field, text)
        self.bot.keyClick(field, Key.Key_Return)


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[QApplication]:
    """The program's style, and afterwards what was there before."""
    before = qapp.style().name(), qapp.font(), qapp.palette()
    qapp.setStyle("Fusion")
    qapp.setFont(text_font())
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(before[0])
    qapp.setFont(before[1])
    qapp.setPalette(before[2])


@pytest.fixture
def shown(qtbot: QtBot, styled: QApplication) -> Shown:
    dress(styled, LIGHT)
    return Shown(qtbot)


def dress(application: QApplication, theme: Theme) -> None:
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))


# -- what is shown -----------------------------------------------------------------------


def test_it_shows_the_experiment(shown: Shown) -> None:
    panel = shown.panel
    assert panel.preset.currentData() == "part-2"
    assert panel.counting.isChecked()
    assert panel.initial_state.text() == "0"
    assert [panel.weights[key].text() for key in ("Wx", "Wrec")] == ["0.4714", "−1.191"]
    assert [panel.rates[key].text() for key in ("Wx", "Wrec")] == ["0.001", "0.001"]
    assert panel.hidden_activation.currentData() == "logistic"
    assert panel.last_activation.currentData() == "identity"
    assert panel.update_rule.currentText() == "gradient descent"
    assert not panel.compare.isChecked()


def test_an_edited_experiment_shows_its_name_instead_of_a_preset(shown: Shown) -> None:
    shown.panel.show_frame(frame_of(name="part-2, edited"))
    assert shown.panel.preset.currentIndex() == -1
    assert shown.panel.preset.placeholderText() == "part-2, edited"
    shown.panel.show_frame(frame_of())
    assert shown.panel.preset.currentText() == PRESETS["part-2"].title


def test_other_data_under_the_name_of_a_preset_are_no_preset(shown: Shown) -> None:
    other = frame_of(changed(PART_2, initial_state=0.5), name="part-1")
    shown.panel.show_frame(other)
    assert shown.panel.preset.currentIndex() == -1
    assert shown.panel.preset.placeholderText() == "part-1"
    shown.panel.show_frame(frame_of(replace(PART_2)))
    assert shown.panel.preset.currentData() == "part-2"


def test_a_preset_is_looked_for_once_in_a_run(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Experiment] = []
    same_as = Experiment.same_as

    def counted(one: Experiment, other: Experiment) -> bool:
        compared.append(other)
        return same_as(one, other)

    monkeypatch.setattr(Experiment, "same_as", counted)
    run = Run(PART_2, "part-2")
    for step in range(18):
        shown.panel.show_frame(frame_at(run, Position(0, step)))
    assert compared == [PART_2]


def test_tool_tips_tell_what_the_choices_are(shown: Shown) -> None:
    panel, role = shown.panel, Qt.ItemDataRole.ToolTipRole
    abouts = [panel.preset.itemData(index, role) for index in range(panel.preset.count())]
    assert abouts == [p.about for p in PRESETS.values() if p.experiment.cell.key == "tutorial"]
    assert panel.preset.toolTip().splitlines()[1] == PRESETS["part-2"].about
    assert "logistic sigmoid, not a logarithm" in panel.hidden_activation.toolTip()
    assert "identity: no activation" in panel.last_activation.toolTip()
    assert panel.rates["Wrec"].toolTip().endswith("\nlearning rate of the recurrent weight")
    assert panel.initial_state.toolTip() == "State 0: 0\ninitial state"


def test_a_name_is_shown_as_it_is(shown: Shown) -> None:
    shown.panel.show_frame(frame_of(name="<b>mine</b> & yours"))
    assert shown.panel.preset.toolTip() == "<p>&lt;b&gt;mine&lt;/b&gt; &amp; yours</p>"


def test_the_update_shows_and_marks_the_new_weights(shown: Shown) -> None:
    plain = shown.panel.weights["Wx"].grab().toImage()
    frame = frame_of(step=step_number(3, UPDATE))
    shown.panel.show_frame(frame)
    assert shown.panel.weights["Wx"].value == frame.weights["Wx"] != PART_2.weights["Wx"]
    assert shown.panel.weights["Wx"].grab().toImage() != plain


def test_rprop_dims_the_rates_and_says_why(shown: Shown) -> None:
    usual = shown.panel.rates["Wx"].toolTip()
    shown.panel.show_frame(frame_of(replace(PART_2, update_rule="rprop")))
    labels = [w for w in shown.panel.findChildren(QLabel) if w.text() == "rate"]
    for field in shown.panel.rates.values():
        assert not field.isEnabled()
        assert field.toolTip() == (
            "Rprop takes no rates: its step sizes grow and shrink by themselves."
        )
    assert [label.isEnabled() for label in labels] == [False, False]
    shown.panel.show_frame(frame_of())
    assert shown.panel.rates["Wx"].toolTip() == usual
    assert [label.isEnabled() for label in labels] == [True, True]
    shown.type(shown.panel.rates["Wx"], "0.5")
    assert shown.asked == [("rate_requested", "Wx", 0.5)]


def test_one_timestamp_has_no_hidden_activation(shown: Shown) -> None:
    shown.panel.show_frame(frame_of(PART_2.with_data([[1.0], [0.0]])))
    assert not shown.panel.hidden_activation.isEnabled()
    assert shown.panel.hidden_activation.toolTip() == "With one timestamp there is only State T."
    shown.panel.show_frame(frame_of())
    assert shown.panel.hidden_activation.isEnabled()


def test_the_comparison_is_shown(shown: Shown) -> None:
    shown.panel.show_frame(frame_of(compare=True))
    assert shown.panel.compare.isChecked()


def test_digits_follow_the_look(shown: Shown) -> None:
    shown.panel.set_look(Look(DARK, digits=6))
    assert shown.panel.weights["Wx"].text() == "0.471435"


# -- what is asked for -------------------------------------------------------------------


def test_numbers_are_asked_for_by_name(shown: Shown) -> None:
    panel = shown.panel
    shown.type(panel.weights["Wx"], "0,5")
    shown.type(panel.weights["Wrec"], "2")
    shown.type(panel.rates["Wx"], "1e-2")
    shown.type(panel.rates["Wrec"], ".25")
    shown.type(panel.initial_state, "-1")
    assert shown.asked == [
        ("weight_requested", "Wx", 0.5),
        ("weight_requested", "Wrec", 2.0),
        ("rate_requested", "Wx", 0.01),
        ("rate_requested", "Wrec", 0.25),
        ("initial_state_requested", -1.0),
    ]


def test_tab_goes_through_all_fields_and_commits_nothing(shown: Shown) -> None:
    seen = set()
    shown.panel.preset.setFocus()
    for _ in range(40):
        widget = QApplication.focusWidget()
        assert widget is not None
        seen.add(widget.accessibleName() or str(widget.property("text")))
        shown.bot.keyClick(widget, Key.Key_Tab)
    assert {
        *("Preset", "Input sequences x", "y = number of ones", "Wx", "Learning rate of Wx"),
        *("Wrec", "Learning rate of Wrec", "State 0", "Activation of States 1…T−1"),
        *("Activation of State T", "Update rule", "with and without the activation"),
    } <= seen
    assert shown.asked == []


@pytest.mark.parametrize(
    ("field", "request_name", "keys", "choice"),
    [
        ("hidden_activation", "hidden_activation_requested", [Key.Key_Down], "tanh"),
        ("last_activation", "last_activation_requested", [Key.Key_Up], "relu"),
        ("preset", "preset_chosen", [Key.Key_Up], "part-1"),
    ],
)
def test_choices_are_requests_and_show_what_is_granted(
    shown: Shown, field: str, request_name: str, keys: list[Qt.Key], choice: str
) -> None:
    combo = getattr(shown.panel, field)
    before = combo.currentData()
    combo.setFocus()
    for key in keys:
        shown.bot.keyClick(combo, key)
    assert shown.asked == [(request_name, choice)]
    assert combo.currentData() == before  # nobody granted it


def test_check_boxes_are_requests(shown: Shown) -> None:
    for box, name in (
        (shown.panel.counting, "counting_requested"),
        (shown.panel.compare, "compare_requested"),
    ):
        before = box.isChecked()
        shown.bot.mouseClick(box, Left, pos=QPoint(8, box.height() // 2))
        assert shown.asked.pop() == (name, not before)
        assert box.isChecked() == before


def test_a_granted_choice_stays(shown: Shown) -> None:
    def grant(key: str) -> None:
        shown.panel.show_frame(frame_of(changed(PART_2, hidden_activation=key)))

    shown.panel.hidden_activation_requested.connect(grant)
    shown.panel.hidden_activation.setFocus()
    shown.bot.keyClick(shown.panel.hidden_activation, Key.Key_Down)
    assert shown.panel.hidden_activation.currentData() == "tanh"


def test_refused_numbers_are_told_with_their_place(shown: Shown) -> None:
    shown.type(shown.panel.rates["Wrec"], "fast")
    ((name, sentence),) = shown.asked
    assert name == "problem_reported"
    assert sentence == (
        "Learning rate of Wrec: “fast” is not a number; type a number such as 1, 0 or 0.5."
    )


def test_esc_leaves_from_everywhere(shown: Shown) -> None:
    panel = shown.panel
    fields = (
        *(panel.preset, panel.grid.inputs, panel.counting, panel.weights["Wx"]),
        *(panel.rates["Wrec"], panel.initial_state, panel.last_activation, panel.compare),
    )
    for field in fields:
        field.setFocus()
        shown.bot.keyClick(field, Key.Key_Escape)
    assert shown.asked == [("leave_requested",)] * len(fields)


def test_the_wheel_over_a_choice_edits_nothing(shown: Shown) -> None:
    combo = shown.panel.hidden_activation
    middle = QPointF(combo.rect().center())
    wheel = QWheelEvent(
        middle,
        combo.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(combo, wheel)
    assert combo.currentData() == "logistic"
    assert shown.asked == []


# -- buttons -----------------------------------------------------------------------------


def test_buttons_ask_for_rows_and_timestamps(shown: Shown) -> None:
    grid, buttons = shown.panel.grid, shown.panel.buttons
    asked: list[tuple[object, ...]] = []
    for name in (
        *("row_add_requested", "rows_remove_requested", "row_move_requested"),
        *("timestamp_add_requested", "timestamps_remove_requested", "timestamp_move_requested"),
    ):
        getattr(grid, name).connect(lambda *values, name=name: asked.append((name, *values)))
    grid.selection.go_to(Cell(1, 1))
    for button in (
        *(buttons.add_row, buttons.remove_row, buttons.row_up, buttons.row_down),
        *(buttons.add_timestamp, buttons.remove_timestamp),
        *(buttons.timestamp_left, buttons.timestamp_right),
    ):
        shown.bot.mouseClick(button, Left)
    assert asked == [
        ("row_add_requested", 2),
        ("rows_remove_requested", [1]),
        ("row_move_requested", 1, 0),
        ("row_move_requested", 1, 2),
        ("timestamp_add_requested", 3),
        ("timestamps_remove_requested", [2]),
        ("timestamp_move_requested", 1, 0),
        ("timestamp_move_requested", 1, 2),
    ]


def test_a_button_commits_the_open_editor_first(shown: Shown) -> None:
    grid = shown.panel.grid
    asked: list[str] = []
    grid.input_block_requested.connect(lambda *_: asked.append("input"))
    grid.row_add_requested.connect(lambda *_: asked.append("row"))
    grid.setFocus()
    shown.bot.keyClick(grid.inputs, "7")
    shown.bot.mouseClick(shown.panel.buttons.add_row, Left)
    assert asked == ["input", "row"]


def test_buttons_that_cannot_do_anything_say_why(shown: Shown) -> None:
    buttons = shown.panel.buttons
    shown.panel.grid.selection.go_to(Cell(0, 3))
    assert buttons.row_up.toolTip() == "Sequence a is the first one."
    assert buttons.timestamp_left.toolTip() == "Select a cell of x to move its timestamp."
    shown.panel.show_frame(frame_of(PART_2.with_data([[1.0]])))
    assert buttons.remove_row.toolTip() == "At least one sequence has to stay."
    assert buttons.remove_timestamp.toolTip() == "At least one timestamp has to stay."
    disabled = (buttons.row_up, buttons.timestamp_left, buttons.remove_row)
    assert not any(button.isEnabled() for button in disabled)


def test_the_mouse_leaves_the_keyboard_focus_where_it_is(shown: Shown) -> None:
    shown.panel.weights["Wx"].setFocus()
    shown.bot.mouseClick(shown.panel.buttons.add_row, Left)
    shown.bot.mouseClick(shown.panel.compare, Left, pos=QPoint(8, 8))
    assert shown.panel.weights["Wx"].hasFocus()


# -- room --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("width", [282, 300, 330])
def test_every_text_has_its_room(
    qtbot: QtBot, styled: QApplication, theme: Theme, width: int
) -> None:
    dress(styled, theme)
    panel = Shown(qtbot, (width, 600)).panel
    for kind in (QLabel, QCheckBox, QPushButton):
        for widget in panel.findChildren(kind):
            if widget.isVisible():
                assert widget.width() >= widget.sizeHint().width(), widget.property("text")
                assert widget.height() >= widget.sizeHint().height(), widget.property("text")
    for combo in panel.findChildren(QComboBox):
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        room = combo.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            combo,
        )
        for index in range(combo.count()):
            title = combo.itemText(index)
            assert QFontMetrics(combo.font()).horizontalAdvance(title) <= room.width(), title
    for field in panel.findChildren(QLineEdit):
        text = QFontMetrics(field.font()).horizontalAdvance(field.text())
        assert text + 14 <= field.width(), field.accessibleName()


def test_it_all_fits_into_a_small_window_without_scrolling(shown: Shown) -> None:
    bottom = shown.panel.compare.mapTo(shown.panel, QPoint(0, shown.panel.compare.height())).y()
    assert bottom <= 588
    assert shown.panel.grid.height() >= 22 + 3 * 24


def test_many_sequences_take_the_room_that_is_left(shown: Shown) -> None:
    experiment = PART_2.with_data([[1.0, 0.0, 1.0]] * 30)
    shown.panel.show_frame(frame_of(experiment))
    panel = shown.panel
    shown.bot.waitUntil(lambda: panel.grid.height() >= 22 + 6 * 24)
    assert panel.compare.mapTo(panel, QPoint(0, panel.compare.height())).y() <= 588
    assert panel.grid.results.verticalScrollBar().maximum() > 0

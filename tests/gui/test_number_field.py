"""A field rounds what it shows and never what it commits."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.cell.update_rules import SETTINGS
from rnn_gui.fields.balloon import Balloon
from rnn_gui.fields.number_field import NumberField, nudged
from rnn_gui.theme import LIGHT, Look

LONG = 0.47143516373249306


class Form:
    """A field and another one to go to, and what the field asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.window.resize(300, 200)
        self.field = NumberField("Wx", "input weight", self.window)
        self.other = QLineEdit(self.window)
        self.field.setGeometry(10, 10, 120, 26)
        self.other.setGeometry(140, 10, 120, 26)
        self.asked: list[float] = []
        self.problems: list[str] = []
        self.left = 0
        self.field.number_requested.connect(self.asked.append)
        self.field.problem_reported.connect(self.problems.append)
        self.field.leave_requested.connect(self._leave)
        self.field.set_number(LONG)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.other.setFocus()

    def grant(self) -> None:
        """Show what was asked for, as the window does."""
        self.field.number_requested.connect(self.field.set_number)

    def _leave(self) -> None:
        self.left += 1


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return Form(qtbot)


def test_it_rounds_to_look_at_and_has_all_digits_to_edit(form: Form) -> None:
    assert form.field.text() == "0.4714"
    form.field.setFocus()
    assert form.field.text() == repr(LONG)
    assert form.field.selectedText() == repr(LONG)
    form.other.setFocus()
    assert form.field.text() == "0.4714"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_looking_at_a_number_commits_nothing(qtbot: QtBot, form: Form, key: Qt.Key) -> None:
    form.field.setFocus()
    qtbot.keyClick(form.field, key)
    form.other.setFocus()
    assert form.asked == []


def test_typing_replaces_and_enter_commits_and_stays(qtbot: QtBot, form: Form) -> None:
    form.grant()
    qtbot.mouseClick(form.field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(form.field, "0,25")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert form.asked == [0.25]
    assert form.field.hasFocus()
    assert form.field.selectedText() == "0.25"


def test_leaving_commits_once(qtbot: QtBot, form: Form) -> None:
    form.grant()
    form.field.setFocus()
    qtbot.keyClicks(form.field, "2")
    qtbot.keyClick(form.field, Qt.Key.Key_Tab)
    assert form.asked == [2.0]
    assert form.field.text() == "2"


def test_a_request_that_is_not_granted_leaves_the_number(qtbot: QtBot, form: Form) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, "2")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert form.field.text() == repr(LONG)


@pytest.mark.parametrize("text", ["abc", "1e999", "nan", ""])
def test_a_refused_text_says_so_at_the_field(qtbot: QtBot, form: Form, text: str) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, text or "1")
    if not text:
        qtbot.keyClick(form.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert form.asked == []
    assert form.field.value == LONG
    assert form.field.text() == repr(LONG)
    (problem,) = form.problems
    assert problem.startswith("Wx: ")
    assert "type a number such as 1, 0 or 0.5." in problem
    (balloon,) = (w for w in form.window.findChildren(QWidget) if w.accessibleName() == "Problem")
    assert balloon.isVisible()
    assert form.window.rect().contains(balloon.geometry())
    qtbot.keyClicks(form.field, "1")
    assert not balloon.isVisible()


@pytest.mark.parametrize("good", ["2", repr(LONG)])
def test_a_problem_is_over_when_a_good_number_follows(qtbot: QtBot, form: Form, good: str) -> None:
    form.grant()
    form.field.setFocus()
    for text in ("abc", good, "3"):
        qtbot.keyClicks(form.field, text)
        qtbot.keyClick(form.field, Qt.Key.Key_Return)
    assert len(form.problems) == 2  # told once, taken back once
    assert form.problems[1] == ""


def test_esc_takes_a_problem_back(qtbot: QtBot, form: Form) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, "abc")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    (balloon,) = form.window.findChildren(Balloon)
    assert not balloon.isVisible()
    assert form.problems[1:] == [""]


@pytest.fixture
def beta(form: Form) -> NumberField:
    """A field with a range, in the same window."""
    field = NumberField("beta 1", "", form.window, setting=SETTINGS["adam_beta1"])
    field.setGeometry(10, 50, 120, 26)
    field.set_number(0.9)
    field.number_requested.connect(form.asked.append)
    field.number_requested.connect(field.set_number)
    field.problem_reported.connect(form.problems.append)
    field.show()
    field.setFocus()
    return field


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1", "beta 1 must be from 0 to below 1; type a number such as 0.9."),
        ("-0.1", "beta 1 must be from 0 to below 1; type a number such as 0.9."),
        ("abc", "beta 1: “abc” is not a number; type a number such as 0.9."),
        ("1e999", "beta 1: “1e999” is not a finite number; type a number such as 0.9."),
    ],
)
def test_out_of_range_is_refused_at_the_field(
    qtbot: QtBot, form: Form, beta: NumberField, text: str, said: str
) -> None:
    qtbot.keyClicks(beta, text)
    qtbot.keyClick(beta, Qt.Key.Key_Return)
    assert form.problems == [said]
    (balloon,) = (b for b in form.window.findChildren(Balloon) if b.isVisible())
    assert balloon.text() == said
    assert (form.asked, beta.text()) == ([], "0.9")
    qtbot.keyClicks(beta, "0.5")
    qtbot.keyClick(beta, Qt.Key.Key_Return)
    assert (form.asked, form.problems[1:]) == ([0.5], [""])
    assert not balloon.isVisible()


def test_the_arrows_stop_at_the_end_of_the_range(
    qtbot: QtBot, form: Form, beta: NumberField
) -> None:
    for _ in range(20):
        qtbot.keyClick(beta, Qt.Key.Key_Up)
    assert form.asked[-1] == beta.value < 1
    assert form.problems[-1].startswith("beta 1 must be from 0 to below 1")


def test_an_unused_field_is_dimmed_and_says_why(qtbot: QtBot, form: Form) -> None:
    usual = form.field.toolTip()
    form.field.set_unused("It plays no part.")
    form.field.set_number(3.0)
    assert (form.field.isEnabled(), form.field.toolTip()) == (False, "It plays no part.")
    assert form.field.text() == "3"
    form.field.set_number(LONG)
    form.field.set_unused("")
    assert (form.field.isEnabled(), form.field.toolTip()) == (True, usual)


def test_esc_restores_first_and_then_leaves(qtbot: QtBot, form: Form) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, "9")
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert (form.field.text(), form.left) == (repr(LONG), 0)
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert form.left == 1
    assert form.asked == []


def test_a_new_number_does_not_disturb_typing(qtbot: QtBot, form: Form) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, "12")
    form.field.set_number(3.0)
    assert form.field.text() == "12"
    qtbot.keyClick(form.field, Qt.Key.Key_Escape)
    assert form.field.text() == "3"
    form.field.set_number(4.0)  # training goes on while the field is only looked at
    assert form.field.text() == "4"


def test_up_and_down_change_the_second_digit(qtbot: QtBot, form: Form) -> None:
    form.grant()
    form.field.set_number(0.3)
    form.field.setFocus()
    qtbot.keyClick(form.field, Qt.Key.Key_Up)
    qtbot.keyClick(form.field, Qt.Key.Key_Down)
    qtbot.keyClick(form.field, Qt.Key.Key_Down)
    assert form.asked == [0.31, 0.3, 0.29]


def test_a_refused_text_is_not_nudged(qtbot: QtBot, form: Form) -> None:
    form.grant()
    form.field.setFocus()
    qtbot.keyClicks(form.field, "abc")
    qtbot.keyClick(form.field, Qt.Key.Key_Up)
    assert form.asked == []
    assert form.field.text() == repr(LONG)
    assert len(form.problems) == 1
    qtbot.keyClick(form.field, Qt.Key.Key_Up)
    assert form.asked == [nudged(LONG, 1)]


def test_the_tool_tip_has_all_digits_and_the_standard_words(form: Form) -> None:
    assert form.field.toolTip() == f"Wx: {LONG!r}\ninput weight"


def test_what_was_typed_is_quoted_as_it_is(qtbot: QtBot, form: Form) -> None:
    form.field.setFocus()
    qtbot.keyClicks(form.field, "<b>1</b>")
    qtbot.keyClick(form.field, Qt.Key.Key_Return)
    (balloon,) = form.window.findChildren(Balloon)
    assert "“<b>1</b>”" in balloon.text()
    assert balloon.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("value", "direction", "result"),
    [(0.0, 1, 0.1), (0.0, -1, -0.1), (1.0, -1, 0.9), (0.001, -1, 0.0009), (-1.2, 1, -1.1)],
)
def test_nudging_is_decimal(value: float, direction: int, result: float) -> None:
    assert nudged(value, direction) == result


def test_nudging_ends_at_the_largest_number() -> None:
    assert nudged(1.7976931348623157e308, 1) == 1.7976931348623157e308


def test_ctrl_z_is_the_windows_unless_there_is_text_to_take_back(qtbot: QtBot, form: Form) -> None:
    undone: list[bool] = []
    undo = QAction("Undo", form.window)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    undo.triggered.connect(lambda: undone.append(True))
    form.window.addAction(undo)
    form.field.setFocus()
    qtbot.keyClick(form.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    qtbot.keyClicks(form.field, "12")
    qtbot.keyClick(form.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert form.field.text() != "12"


def test_digits_follow_the_look(form: Form) -> None:
    form.field.set_look(Look(LIGHT, digits=7))
    assert form.field.text() == "0.4714352"


@pytest.mark.parametrize("width", [70, 90, 200])
def test_digits_that_have_no_room_are_rounded_away(form: Form, width: int) -> None:
    form.field.set_look(Look(LIGHT, digits=12))
    form.field.resize(width, 26)
    text = form.field.text()
    assert QFontMetrics(form.field.font()).horizontalAdvance(text) + 14 <= width
    assert float(text) == pytest.approx(LONG, abs=0.5 * 10.0 ** (2 - len(text)))
    form.field.setFocus()
    assert form.field.text() == repr(LONG)


def test_the_mark_of_the_update_is_drawn(form: Form) -> None:
    plain = form.field.grab().toImage()
    form.field.set_marked(True)
    assert form.field.grab().toImage() != plain

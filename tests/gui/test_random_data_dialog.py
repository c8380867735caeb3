"""The dialog for random sequences, with real clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.data.random_data import random_sequences
from rnn_gui.views.random_data_dialog import RandomData, RandomDataDialog

Key = Qt.Key


@pytest.fixture
def dialog(qtbot: QtBot) -> RandomDataDialog:
    made = RandomDataDialog(RandomData(3, 3, 0.5, 1))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def requested(dialog: RandomDataDialog) -> list[RandomData]:
    made: list[RandomData] = []
    dialog.data_requested.connect(made.append)
    return made


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    if not text:
        QTest.keyClick(field, Key.Key_Delete)
    QTest.keyClicks(field, text)


def test_what_is_typed_is_asked_for(dialog: RandomDataDialog, requested: list[RandomData]) -> None:
    write(dialog.sequences, "100000")
    write(dialog.timestamps, "10")
    write(dialog.share, "0.25")
    write(dialog.seed, "42")
    QTest.keyClick(dialog.seed, Key.Key_Return)
    assert requested == [RandomData(100_000, 10, 0.25, 42)]
    assert not dialog.isVisible()


@pytest.mark.parametrize("text", ["0.125", "0,125"])
def test_the_share_takes_a_decimal_point_or_comma(dialog: RandomDataDialog, text: str) -> None:
    write(dialog.share, text)
    QTest.keyClick(dialog.share, Key.Key_Tab)
    assert dialog.request().share_of_ones == 0.125
    assert dialog.share.text() == text  # as it was typed


def test_the_plan_says_what_will_come(dialog: RandomDataDialog) -> None:
    assert dialog.plan.text().splitlines()[0] == "3 sequences of 3 timestamps: 9 cells"
    write(dialog.sequences, "100000")
    write(dialog.timestamps, "10")
    sizes = "100,000 sequences of 10 timestamps: 1,000,000 cells"
    assert dialog.plan.text().splitlines()[0] == sizes
    write(dialog.sequences, "1")
    write(dialog.timestamps, "1")
    assert dialog.plan.text().splitlines()[0] == "1 sequence of 1 timestamp: 1 cell"


WHOLE = "a whole number from 1 to 1,000,000"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("sequences", "1e999", "Sequences: “1e999” is not a finite number; type a number such as "),
        ("sequences", "0", f"Sequences must be {WHOLE}."),
        ("sequences", "-1", f"Sequences must be {WHOLE}."),
        ("sequences", "1000001", f"Sequences must be {WHOLE}."),
        ("sequences", "2.5", f"Sequences must be {WHOLE}."),
        ("sequences", "abc", "Sequences: “abc” is not a number; type a number such as 100."),
        ("sequences", "", "Sequences: an empty text is not a number; type a number such as 100."),
        ("timestamps", "1001", "Timestamps must be a whole number from 1 to 1,000."),
        ("share", "1.5", "Share of ones must be from 0 to 1."),
        ("share", "half", "Share of ones: “half” is not a number; type a number such as 0.5."),
        ("seed", "-1", "Seed must be a whole number from 0 to 2,147,483,647."),
    ],
)
def test_what_cannot_be_used_stays_and_is_told_at_once(
    dialog: RandomDataDialog, requested: list[RandomData], field: str, text: str, said: str
) -> None:
    typed = getattr(dialog, field)
    write(typed, text)
    assert typed.text() == text
    assert dialog.plan.text().startswith(said)
    assert dialog.plan.property("role") == "problem"
    assert not dialog.ok_button.isEnabled()
    QTest.keyClick(typed, Key.Key_Tab)
    QTest.keyClick(typed, Key.Key_Return)
    assert (typed.text(), dialog.isVisible(), requested) == (text, True, [])
    write(typed, "1")
    assert dialog.plan.property("role") == "muted"
    assert dialog.ok_button.isEnabled()


@pytest.mark.parametrize(("text", "count"), [("12,000", 12_000), ("1e4", 10_000), (" 7 ", 7)])
def test_whole_numbers_as_people_write_them(
    dialog: RandomDataDialog, text: str, count: int
) -> None:
    write(dialog.sequences, text)
    asked = dialog.request()
    assert asked.sequences == count
    assert random_sequences(*asked).shape == (count, 3)


def test_the_arrows_count_and_stop_at_the_end(dialog: RandomDataDialog) -> None:
    dialog.sequences.setFocus()
    for _ in range(5):
        QTest.keyClick(dialog.sequences, Key.Key_Down)
    assert dialog.sequences.text() == "1"
    dialog.share.setFocus()
    for _ in range(3):
        QTest.keyClick(dialog.share, Key.Key_Up)
    assert dialog.share.text() == "0.65"


def test_what_is_too_large_cannot_be_asked_for_and_says_why(
    dialog: RandomDataDialog, requested: list[RandomData]
) -> None:
    write(dialog.sequences, "1000000")
    write(dialog.timestamps, "11")
    assert dialog.plan.text() == (
        "11,000,000 cells are too many: take 909,090 sequences or fewer timestamps."
    )
    assert not dialog.ok_button.isEnabled()
    QTest.keyClick(dialog.timestamps, Key.Key_Return)
    assert dialog.isVisible()
    write(dialog.timestamps, "10")
    assert dialog.ok_button.isEnabled()
    QTest.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
    assert requested == [RandomData(1_000_000, 10, 0.5, 1)]


def test_a_new_seed_is_another_one_and_leaves_the_dialog_open(
    dialog: RandomDataDialog, requested: list[RandomData]
) -> None:
    seeds = {dialog.request().seed}
    for _ in range(5):
        before = dialog.request().seed
        QTest.mouseClick(dialog.new_seed_button, Qt.MouseButton.LeftButton)
        seeds.add(dialog.request().seed)
        assert dialog.request().seed != before
    assert len(seeds) > 2
    assert dialog.isVisible()
    assert not requested


def test_escape_asks_for_nothing(dialog: RandomDataDialog, requested: list[RandomData]) -> None:
    write(dialog.sequences, "7")
    QTest.keyClick(dialog.sequences, Key.Key_Escape)
    assert not dialog.isVisible()
    assert not requested


def test_the_plan_does_not_move_the_buttons(dialog: RandomDataDialog) -> None:
    place = dialog.buttons.geometry()
    write(dialog.sequences, "1000000")
    write(dialog.timestamps, "1000")
    assert dialog.buttons.geometry() == place

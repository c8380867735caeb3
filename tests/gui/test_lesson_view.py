"""A page: its text and pictures, what is to be done, and what its links do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rnn_gui.theme import DARK, LIGHT, Look, Theme
from rnn_gui.views.lesson_view import LessonView, Option, Shown

OPTIONS = (Option("Wx", False, "No: at the inputs."), Option("Wrec", True, "Yes."))
PAGE = Shown("A title", "Some **text** with `S1(In)`.", Path(), place="page 2 of 5")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> LessonView:
    made = LessonView()
    qtbot.addWidget(made)
    made.resize(340, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def text(view: LessonView) -> str:
    return view.page.toPlainText()


def test_a_page_of_text_alone(view: LessonView) -> None:
    view.show_page(PAGE)
    assert text(view).startswith("A title\nSome text with S1(In).")
    assert "Your turn" not in text(view)
    assert not view.words.isVisible()


def test_what_is_to_be_done_and_how_far_it_is(view: LessonView) -> None:
    view.show_page(replace(PAGE, do="Predict it.", left="still to predict: S1(In)", score="0 in 1"))
    for part in ("▸ Your turn", "Predict it.", "Still to predict: S1(In).", "0 in 1"):
        assert part in text(view)
    view.show_page(replace(PAGE, do="Predict it.", left="", score="1 right in 2 tries", done=True))
    assert "✓ Done" in text(view)
    assert "1 right in 2 tries" in text(view)


def test_a_reply_stands_below_the_choice_alone(view: LessonView) -> None:
    view.show_page(replace(PAGE, question="Which?", options=OPTIONS))
    assert "No: at" not in text(view)
    view.show_page(replace(PAGE, question="Which?", options=OPTIONS, chosen=0))
    assert "✗ No: at the inputs." in text(view)
    assert "Yes." not in text(view)


def test_words_go_out_and_the_answer_comes_after_them(view: LessonView, qtbot: QtBot) -> None:
    asked = replace(PAGE, question="Why?", answer="Because.")
    view.show_page(asked)
    assert not view.compare.isEnabled()
    with qtbot.waitSignal(view.words_written) as written:
        QTest.keyClicks(view.words, "x")
    assert written.args == ["x"]
    view.show_page(replace(asked, words="x"))
    assert view.words.toPlainText() == "x"
    assert "Because." not in text(view)
    with qtbot.waitSignal(view.compare_requested):
        QTest.mouseClick(view.compare, LEFT)
    view.show_page(replace(asked, words="x", compared=True))
    assert "Because." in text(view)
    assert not view.compare.isVisible()


def test_a_short_page_takes_no_more_room_than_its_text(view: LessonView) -> None:
    view.show_page(replace(PAGE, question="Why?"))
    settle()
    short = view.page.height()
    assert short < 250
    assert not view.page.verticalScrollBar().isVisible()
    view.show_page(replace(PAGE, title="Other", text="Long text. " * 400, question="Why?"))
    settle()
    assert view.page.height() > short
    assert view.page.verticalScrollBar().isVisible()
    assert view.page.verticalScrollBar().value() == 0
    view.show_page(replace(PAGE, question="Why?"))
    settle()
    assert view.page.height() == short


@pytest.mark.parametrize("width", [30, 3000])
def test_a_picture_is_taken_from_beside_the_lesson_and_fits(
    view: LessonView, tmp_path: Path, width: int
) -> None:
    picture = QImage(width, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(tmp_path / "red.png"))
    view.show_page(replace(PAGE, text="![red](red.png)", folder=tmp_path))
    settle()
    shown = view.page.grab().toImage()
    red = [
        x
        for x in range(shown.width())
        for y in range(shown.height())
        if shown.pixelColor(x, y) == QColor("red")
    ]
    assert len(set(red)) == min(width, 320)
    assert max(red) < shown.width() - 4


def test_links_into_the_world_are_opened_outside(
    view: LessonView, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url.toString()))
    )
    view.show_page(replace(PAGE, text="[There](https://example.org/x) [file](file:///etc/hosts)"))
    for address in ("https://example.org/x", "file:///etc/hosts"):
        view.page.anchorClicked.emit(QUrl(address))
    assert opened == ["https://example.org/x"]
    assert "Some" not in text(view)


def test_all_of_a_choice_s_row_answers(view: LessonView, qtbot: QtBot) -> None:
    view.show_page(replace(PAGE, question="Which?", options=OPTIONS))
    settle()
    cursor = view.page.document().find(OPTIONS[1].text)
    row = view.page.cursorRect(cursor).center()
    row.setX(view.page.viewport().width() - 12)  # far right of its four letters
    with qtbot.waitSignal(view.option_chosen) as chosen:
        QTest.mouseClick(view.page.viewport(), LEFT, pos=row)
    assert chosen.args == [1]
    above = view.page.cursorRect(view.page.document().find("Some")).center()
    with qtbot.assertNotEmitted(view.option_chosen):
        QTest.mouseClick(view.page.viewport(), LEFT, pos=above)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_same_text_in_any_look(view: LessonView, theme: Theme) -> None:
    view.show_page(replace(PAGE, do="Do it.", question="Which?", options=OPTIONS, chosen=1))
    before = text(view)
    view.set_look(Look(theme))
    assert text(view) == before
    assert theme.update in view.page.toHtml()  # the tick of what is right

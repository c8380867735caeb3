"""The lecture: its keys, its stages, and what lies over the slide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.cell.steps import BEGINNING, Phase, Position
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.figures.recording import Words
from rnn_gui.slides.bar import LectureBar
from rnn_gui.slides.choices import Choices
from rnn_gui.slides.disc import disc_rect
from rnn_gui.slides.slide import PANELS
from rnn_gui.theme import DARK, LIGHT, Look, Theme, style_sheet
from rnn_gui.views.lecture_view import KEYS, LectureView
from tests.tutorial import changed, steps_of

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
SIZE = (1280, 720)


@pytest.fixture
def run() -> Run:
    made = Run(PRESETS["part-2"].experiment, "part-2")
    made.reach(3)
    return made


@pytest.fixture
def view(qtbot: QtBot, run: Run) -> Iterator[LectureView]:
    made = LectureView(Choices())
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show_frame(frame_at(run, BEGINNING))
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_slide()


def follow(view: LectureView, run: Run) -> list[Position]:
    """Do what the session does: go where the view asks for; the positions gone to."""
    gone: list[Position] = []

    def go(position: Position | None) -> None:
        if position is not None:
            gone.append(position)
            view.show_frame(frame_at(run, position))

    def here() -> Frame:
        assert view.scene is not None
        return view.scene.done

    view.next_requested.connect(lambda: go(here().position.next(steps_of(3))))
    view.previous_requested.connect(lambda: go(here().position.previous(steps_of(3))))
    return gone


def press(view: LectureView, *keys: Key) -> None:
    for key in keys:
        QTest.keyClick(view, key)


def stage(view: LectureView) -> tuple[int, int | None]:
    """The step that is done, and how much of the next one is revealed."""
    assert view.scene is not None
    return view.scene.done.position.step, view.scene.revealed


FORWARDS = (Key.Key_Right, Key.Key_PageDown, Key.Key_Space, Key.Key_Return, Key.Key_Enter)


@pytest.mark.parametrize("key", FORWARDS)
def test_a_step_comes_in_stages(view: LectureView, run: Run, key: Key) -> None:
    gone = follow(view, run)
    seen = [stage(view)]
    for _ in range(8):
        press(view, key)
        seen.append(stage(view))
    one_by_one = [(0, None), (0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, None), (1, 0), (1, 1)]
    assert seen == one_by_one
    assert gone == [(0, 1)]


@pytest.mark.parametrize("key", [Key.Key_Left, Key.Key_PageUp])
def test_back_goes_the_same_way(view: LectureView, run: Run, key: Key) -> None:
    follow(view, run)
    forth = [stage(view)]
    for _ in range(30):
        press(view, Key.Key_Right)
        forth.append(stage(view))
    back = [stage(view)]
    for _ in range(30):
        press(view, key)
        back.append(stage(view))
    assert back == forth[::-1]
    press(view, key)
    assert stage(view) == (0, None)


def test_through_a_whole_epoch_and_into_the_next_and_back(view: LectureView, run: Run) -> None:
    gone = follow(view, run)
    presses = 0
    while not gone or gone[-1] != (1, 1):
        press(view, Key.Key_Right)
        presses += 1
    assert gone == [*(Position(0, step) for step in range(1, 19)), Position(1, 1)]
    assert presses > 60
    for _ in range(presses):
        press(view, Key.Key_Left)
    assert stage(view) == (0, None)


def test_without_covering_next_does_the_step(view: LectureView, run: Run) -> None:
    gone = follow(view, run)
    press(view, Key.Key_Right, Key.Key_Right, Key.Key_C)
    assert stage(view) == (0, None)  # what was asked for is not asked for any more
    press(view, Key.Key_Right, Key.Key_Space, Key.Key_Left)
    assert gone == [(0, 1), (0, 2), (0, 1)]
    assert stage(view) == (1, None)
    press(view, Key.Key_C, Key.Key_Right)
    assert stage(view) == (1, 0)


@pytest.fixture
def adam(view: LectureView) -> Run:
    """A run whose update has three pages of lines; the view stands before it."""
    experiment = changed(PRESETS["part-2"].experiment, update_rule="adam", clip_norm=0.5)
    run = Run(experiment, "adam")
    run.reach(3)
    view.show_frame(frame_at(run, Position(1, 17)))
    return run


def page(view: LectureView) -> tuple[int, int | None, str]:
    """The step that is done, how much of the next one is revealed, and which lines are shown."""
    texts = view.recording().texts()
    return (*stage(view), next((text for text in texts if text.startswith("Line")), ""))


PAGES = ["Lines 1 to 4 of 14", "Lines 5 to 10 of 14", "Lines 11 to 14 of 14"]


def test_without_covering_next_and_back_turn_the_pages(view: LectureView, adam: Run) -> None:
    gone = follow(view, adam)
    press(view, Key.Key_C)
    forth = [page(view)]
    for _ in range(4):
        press(view, Key.Key_Right)
        forth.append(page(view))
    assert forth[1:4] == [(18, None, lines) for lines in PAGES]
    assert gone == [Position(1, 18), Position(2, 1)]
    back = [page(view)]
    for _ in range(4):
        press(view, Key.Key_Left)
        back.append(page(view))
    assert back == forth[::-1]


@pytest.mark.parametrize("covering", [True, False])
def test_who_lands_at_the_update_sees_its_first_page(
    view: LectureView, adam: Run, covering: bool
) -> None:
    gone = follow(view, adam)
    if not covering:
        press(view, Key.Key_C)
    view.show_frame(frame_at(adam, Position(1, 18)))  # as U does it
    seen = [page(view)]
    for _ in range(2):
        press(view, Key.Key_Right)
        seen.append(page(view))
    assert seen == [(18, None, lines) for lines in PAGES]
    assert "?" not in view.recording().texts()
    assert gone == []
    press(view, Key.Key_Left)
    assert page(view) == seen[1]
    press(view, Key.Key_Right, Key.Key_Right)
    assert gone == ([] if covering else [Position(2, 1)])
    assert stage(view) == ((18, 0) if covering else (1, None))


def test_covered_pages_come_up_covered_and_back_goes_the_same_way(
    view: LectureView, adam: Run
) -> None:
    gone = follow(view, adam)
    press(view, Key.Key_Right)
    forth, marks = [page(view)], [view.recording().texts().count("?")]
    while not gone or stage(view) != (18, 0):
        press(view, Key.Key_Right)
        forth.append(page(view))
        marks.append(view.recording().texts().count("?"))
    assert gone == [Position(1, 18)]
    firsts = [next(i for i, (*_, lines) in enumerate(forth) if lines == p) for p in PAGES]
    assert [marks[i] for i in firsts] == [12, 28, 16]
    assert [forth[i][1] for i in firsts] == [forth[i - 1][1] if i else 0 for i in firsts]
    assert forth[-2] == (18, None, PAGES[-1])  # the new weights are shown at last
    back = [page(view)]
    for _ in forth[1:]:
        press(view, Key.Key_Left)
        back.append(page(view))
    assert back == forth[::-1]


def test_another_sequence_leaves_the_page(view: LectureView, adam: Run) -> None:
    view.show_frame(frame_at(adam, Position(1, 18)))
    press(view, Key.Key_Right)
    view.show_frame(frame_at(adam, Position(1, 18), 1))
    assert page(view) == (18, None, PAGES[1])
    press(view, Key.Key_4)  # without the equation there are no pages
    press(view, Key.Key_Right)
    assert stage(view) == (18, 0)


def test_another_place_ends_the_question_and_the_same_keeps_it(view: LectureView, run: Run) -> None:
    press(view, Key.Key_Right, Key.Key_Right)
    view.show_frame(frame_at(run, BEGINNING, 2))  # another sequence
    assert stage(view) == (0, 1)
    view.show_frame(frame_at(run, Position(0, 6)))
    assert stage(view) == (6, None)


def test_the_slide_shows_the_stage(view: LectureView, run: Run) -> None:
    follow(view, run)
    assert "?" not in view.recording().texts()
    press(view, Key.Key_Right)
    # Four numbers, the result, and the node.
    assert view.recording().texts().count("?") == 6
    press(view, Key.Key_Right)
    assert view.recording().texts().count("?") == 5
    press(view, *[Key.Key_Right] * 4)
    texts = view.recording().texts()
    assert "?" not in texts
    assert texts.count("0.4714") >= 3  # Wx, the result, the node


def test_what_is_said_aloud_tells_nothing_covered(view: LectureView, run: Run) -> None:
    follow(view, run)
    press(view, Key.Key_Right)
    told = view.accessibleDescription()
    assert told == "Next: Forward, timestamp 1. S_1(In) = S_0(Out) · Wrec + X_1 · Wx"
    press(view, *[Key.Key_Right] * 5)
    assert "is 0.4714" in view.accessibleDescription()


def test_strides_and_jumps_are_asked_for(view: LectureView) -> None:
    spies = {
        Key.Key_F: (QSignalSpy(view.stride_requested), [Phase.FORWARD]),
        Key.Key_B: (QSignalSpy(view.stride_requested), [Phase.BACKWARD]),
        Key.Key_U: (QSignalSpy(view.stride_requested), [Phase.UPDATE]),
        Key.Key_Home: (QSignalSpy(view.start_requested), []),
        Key.Key_End: (QSignalSpy(view.end_requested), []),
        Key.Key_E: (QSignalSpy(view.epoch_requested), [1]),
        Key.Key_Down: (QSignalSpy(view.sequence_requested), [1]),
        Key.Key_Up: (QSignalSpy(view.sequence_requested), [2]),
        Key.Key_F5: (QSignalSpy(view.leave_requested), []),
        Key.Key_Escape: (QSignalSpy(view.leave_requested), []),
    }
    for key, (spy, arguments) in spies.items():
        before = spy.count()
        press(view, key)
        assert spy.count() == before + 1, key
        assert spy.at(before) == arguments, key
    spy = QSignalSpy(view.epoch_requested)
    QTest.keyClick(view, Key.Key_E, SHIFT)
    assert spy.at(0) == [-1]
    leaving = QSignalSpy(view.leave_requested)
    QTest.keyClick(view, Key.Key_F5, SHIFT)  # some clickers send this
    assert leaving.count() == 1


def test_other_keys_with_modifiers_do_nothing(view: LectureView) -> None:
    for modifier in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier):
        for key in (Key.Key_Right, Key.Key_C, Key.Key_1, Key.Key_Period):
            QTest.keyClick(view, key, modifier)
    assert stage(view) == (0, None)
    assert view.choices == Choices()
    assert not view.black


@pytest.mark.parametrize(("number", "name"), list(enumerate(PANELS)))
def test_digits_choose_panels(view: LectureView, number: int, name: str) -> None:
    chosen = QSignalSpy(view.choices_changed)
    shown = name in view.choices.panels
    press(view, Key(Key.Key_1 + number))
    assert (name in view.choices.panels) != shown
    assert chosen.at(0) == [view.choices]
    press(view, Key(Key.Key_1 + number))
    assert view.choices == Choices()


def test_a_period_blackens_and_any_key_brings_it_back(view: LectureView) -> None:
    for key in (Key.Key_Period, Key.Key_Right, Key.Key_B, Key.Key_Escape, Key.Key_1):
        leaving = QSignalSpy(view.leave_requested)
        press(view, Key.Key_Period)
        image = view.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(0, 1280, 40) for y in (20, 300)}
        assert colours == {"#000000"}
        press(view, key)
        assert not view.black
        assert (stage(view), view.choices) == ((0, None), Choices())
        assert leaving.count() == 0
        assert view.grab().toImage().pixelColor(5, 360) == QColor(LIGHT.panel)


def move(view: LectureView, place: QPoint) -> None:
    """The mouse, by no button held."""
    at, none = QPointF(place), Qt.MouseButton.NoButton
    where = QPointF(view.mapToGlobal(place))
    held = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QMouseEvent(QEvent.Type.MouseMove, at, where, none, none, held))


def test_the_disc_follows_the_mouse(view: LectureView) -> None:
    place = QPoint(900, 400)  # of an empty part
    hush(view)
    plain = view.grab().toImage()
    move(view, place)
    view.repaint()
    shown = view.grab().toImage()
    rect = disc_rect(QPointF(place), 1.0)
    different = [
        (x, y)
        for x in range(0, 1280, 3)
        for y in range(0, 720, 3)
        if plain.pixel(x, y) != shown.pixel(x, y)
    ]
    assert different
    assert all(QRectF(rect).contains(QPointF(x, y)) for x, y in different)
    press(view, Key.Key_P)
    hush(view)
    assert view.grab().toImage() == plain
    assert not view.choices.disc


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ring_of_the_disc_is_seen(view: LectureView, theme: Theme) -> None:
    view.set_look(Look(theme))
    move(view, QPoint(900, 400))
    ring = view.grab().toImage().pixelColor(936, 400)
    assert abs(ring.lightness() - QColor(theme.panel).lightness()) > 60


def test_the_arrow_hides_while_the_mouse_rests(view: LectureView, qtbot: QtBot) -> None:
    resting = timer_of(view, 3000)
    move(view, QPoint(300, 300))
    assert resting.isActive()
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
    resting.setInterval(1)
    resting.start()
    qtbot.waitUntil(lambda: view.cursor().shape() == Qt.CursorShape.BlankCursor)
    move(view, QPoint(310, 300))
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def timer_of(view: LectureView, milliseconds: int) -> QTimer:
    [timer] = [t for t in view.findChildren(QTimer) if t.interval() == milliseconds]
    return timer


def told(view: LectureView) -> str:
    [label] = view.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return label.text() if label.isVisible() else ""


def test_the_keys_are_told_at_the_start_and_with_h(view: LectureView, qtbot: QtBot) -> None:
    assert told(view) == KEYS
    telling = timer_of(view, 5000)
    assert telling.isActive()
    telling.setInterval(1)
    for key in (Key.Key_H, Key.Key_F1):
        telling.start()
        qtbot.waitUntil(lambda: told(view) == "")
        telling.setInterval(5000)
        press(view, key)
        assert told(view) == KEYS
        telling.setInterval(1)


def hush(view: LectureView) -> None:
    """What is told has been told long enough."""
    timer_of(view, 5000).timeout.emit()


def test_the_keys_name_the_panels() -> None:
    panels = "1 network · 2 states · 3 gradients · 4 equation · 5 ledger · 6 cost"
    assert panels in KEYS
    for number, (words, name) in enumerate(zip(panels.split(" · "), PANELS.values(), strict=True)):
        assert words.startswith(str(number + 1))
        assert words[2:] in name.lower()


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        (Key.Key_P, ["The disc is hidden.", "The disc follows the mouse."]),
        (Key.Key_C, ["Nothing is covered.", "Numbers are covered."]),
    ],
)
def test_what_a_key_switched_is_told(view: LectureView, key: Key, texts: list[str]) -> None:
    for text in texts:
        press(view, key)
        assert told(view) == text


def test_gradients_are_shown_as_sizes_with_a_key(view: LectureView, run: Run) -> None:
    chosen = QSignalSpy(view.choices_changed)
    view.show_frame(frame_at(run, Position(1, 15)))
    press(view, Key.Key_L)
    assert told(view).endswith("Key 3 shows that panel.")
    press(view, Key.Key_3)
    assert "(log axis)" in view.recording().texts()
    press(view, Key.Key_L)
    assert told(view) == "The gradients, linear."
    assert "(log axis)" not in view.recording().texts()
    assert "Gradients" in view.recording().texts()
    bar = view.findChild(LectureBar)
    assert isinstance(bar, LectureBar)
    assert not bar.buttons["sizes"].isChecked()
    click(bar, "sizes")
    assert view.choices.sizes
    assert bar.buttons["sizes"].isChecked()
    assert chosen.count() == 4
    assert "log axis" in KEYS


@pytest.mark.parametrize("size", [SIZE, (1920, 1080), (1024, 768)])
@pytest.mark.parametrize("text", [KEYS, "Nothing is covered."])
def test_what_is_told_covers_nothing(
    view: LectureView, run: Run, text: str, size: tuple[int, int]
) -> None:
    view.resize(*size)
    label = view.findChildren(QLabel)[0]
    for step in (3, 10, 16):
        view.show_frame(frame_at(run, Position(1, step)))
        hush(view)
        before = lowest(view)
        view.tell(text)
        assert view.rect().contains(label.geometry())
        assert lowest(view) < label.y()
        assert before < view.height() - label.fontMetrics().height()
        background = view.grab().toImage().pixelColor(view.width() // 2, label.y() - 1)
        assert background == QColor(LIGHT.panel)


def test_a_short_sentence_moves_nothing(view: LectureView, run: Run) -> None:
    view.show_frame(frame_at(run, Position(1, 10)))
    hush(view)
    before = view.grab().toImage()
    view.tell("Nothing is covered.")
    label = view.findChildren(QLabel)[0]
    above = QRect(0, 0, view.width(), label.y())
    assert view.grab().toImage().copy(above) == before.copy(above)


def lowest(view: LectureView) -> float:
    """Where the letters end, in pixels, but for the note about panels without room."""
    words = [item.ink for item in view.recording().items if isinstance(item.ink, Words)]
    ends = [w.where.map(QPointF()).y() for w in words if not w.text.startswith("No room")]
    return max(ends) * view.unit


def test_the_next_key_takes_away_what_is_told(view: LectureView) -> None:
    press(view, Key.Key_Right)
    assert told(view) == ""


def test_what_is_told_is_large_and_inside(view: LectureView) -> None:
    label = view.findChildren(QLabel)[0]
    assert label.font().pixelSize() >= 20
    assert view.rect().contains(label.geometry())
    assert label.height() >= label.heightForWidth(label.width())


def test_the_bar_comes_with_the_mouse_and_does_what_keys_do(view: LectureView, run: Run) -> None:
    follow(view, run)
    bar = view.findChild(LectureBar)
    assert isinstance(bar, LectureBar)
    move(view, QPoint(600, 300))
    assert not bar.isVisible()
    move(view, QPoint(600, 715))
    assert bar.isVisible()
    for button in bar.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.font().pixelSize() >= 16
        assert button.width() >= button.sizeHint().width()
    assert view.rect().contains(bar.geometry())
    click(bar, "next")
    assert stage(view) == (0, 0)
    click(bar, "back")
    assert stage(view) == (0, None)
    click(bar, "states")
    assert view.choices.panels == ("network", "states", "equation")
    assert bar.buttons["states"].isChecked()
    click(bar, "cover")
    assert not view.choices.covering
    click(bar, "disc")
    assert not view.choices.disc
    click(bar, "keys")
    assert told(view) == KEYS
    label = view.findChildren(QLabel)[0]
    assert label.geometry().bottom() < bar.geometry().top()
    leaving = QSignalSpy(view.leave_requested)
    click(bar, "end")
    assert leaving.count() == 1
    move(view, QPoint(600, 300))
    assert not bar.isVisible()


def test_the_bar_fits_into_the_strip_as_the_program_dresses_it(view: LectureView) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = application.styleSheet()
    application.setStyleSheet(style_sheet(LIGHT))
    try:
        move(view, QPoint(600, 715))
        bar = view.findChild(LectureBar)
        assert isinstance(bar, LectureBar)
        assert lowest(view) < bar.y()
        for button in bar.findChildren(QToolButton):
            assert button.width() >= button.sizeHint().width()
            assert button.height() >= button.sizeHint().height()
    finally:
        application.setStyleSheet(before)


def click(bar: LectureBar, name: str) -> None:
    QTest.mouseClick(bar.buttons[name], Qt.MouseButton.LeftButton)


def test_a_key_that_is_held_counts_once(view: LectureView) -> None:
    press(view, Key.Key_Right)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Key.Key_Right, Qt.KeyboardModifier.NoModifier, autorep=True
    )
    QApplication.sendEvent(view, held)
    assert stage(view) == (0, 0)


def test_closing_it_asks_to_leave(view: LectureView) -> None:
    leaving = QSignalSpy(view.leave_requested)
    view.close()
    assert leaving.count() == 1


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 768), (1920, 1200)])
def test_the_slide_fills_any_screen(view: LectureView, size: tuple[int, int]) -> None:
    view.resize(*size)
    recording = view.recording()
    wide, high = recording.size.width() * view.unit, recording.size.height() * view.unit
    assert wide == pytest.approx(size[0], abs=view.unit)
    assert high == pytest.approx(size[1], abs=view.unit)


def test_the_look_changes_at_once(view: LectureView) -> None:
    assert view.grab().toImage().pixelColor(5, 360) == QColor(LIGHT.panel)
    view.set_look(Look(DARK))
    assert view.grab().toImage().pixelColor(5, 360) == QColor(DARK.panel)

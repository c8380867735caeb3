"""The lecture: the program's figures on the whole screen, in type for the last row.

With covering on, a step comes in stages: first its symbols with a question mark for each number,
then one number after the other, at last the result, with which the step is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from core.cell.steps import Phase
from core.epoch.frame import Frame
from core.epoch.spoken import spoken
from rnn_gui.figures.recording import Recording
from rnn_gui.slides.bar import LectureBar
from rnn_gui.slides.choices import Choices
from rnn_gui.slides.disc import disc_rect, paint_disc
from rnn_gui.slides.scene import Scene
from rnn_gui.slides.slide import PANELS, Slide, strip_of, unit_of
from rnn_gui.theme import Look

Key = Qt.Key

KEYS = (
    "→ ← (clicker, Space): next, back · 1 network · 2 states · 3 gradients · 4 equation · "
    "5 ledger · 6 cost · L: log axis of the gradients · C: cover · P: pointer · . black · "
    "↑ ↓ sequence · F B U E Home End: as in the window · H: these keys · Esc or F5: end"
)
_TOLD_FOR, _CURSOR_FOR = 5000, 3000  # milliseconds
_LETTERS, _AROUND, _APART = 20, 4, 4  # pixels on a screen of 720 lines


class LectureView(QWidget):
    """A window of its own over the whole screen: under it all stays as it was."""

    next_requested = Signal()
    previous_requested = Signal()
    stride_requested = Signal(Phase)
    start_requested = Signal()
    end_requested = Signal()
    epoch_requested = Signal(int)  # so many epochs on
    sequence_requested = Signal(int)
    choices_changed = Signal(Choices)
    leave_requested = Signal()

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("RNN Stepper: lecture")
        self.setAccessibleName("Lecture")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.choices = choices
        self.scene: Scene | None = None
        self.black = False
        self._look = Look()
        self._slide = Slide()
        self._picture: QPixmap | None = None  # of the slide, while it is right
        self._left_for_told = 0.0  # the height that it leaves to what is told
        self._mouse: QPointF | None = None
        self._told = QLabel(self)
        self._told.setWordWrap(True)
        self._told.setAutoFillBackground(True)
        self._told.hide()
        self._bar = LectureBar(self)
        self._bar.show_choices(choices)
        self._bar.clicked.connect(self._do)
        self._telling = self._timer(self._hush, _TOLD_FOR)
        self._resting = self._timer(self._hide_cursor, _CURSOR_FOR)
        self._keys = self._handlers()
        self.tell(KEYS)
        self._resting.start()

    # -- what it is shown ------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """What is asked for stays so only where the frame stands at the same place; elsewhere
        the first page comes first.
        """
        before = self.scene
        self.scene = Scene(frame)
        if before is not None and _same_place(before.done, frame):
            self.scene = replace(before, done=frame)
        self._renew()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._bar.set_look(look)
        self._renew()

    def show_sizes(self, on: bool) -> None:
        """The gradients as sizes on a log axis, or not."""
        self._choose(replace(self.choices, sizes=on))

    def tell(self, text: str) -> None:
        """A sentence in the strip at the lower edge, for a while."""
        self._told.setText(text)
        self._told.show()
        self._place_told()
        self._telling.start()

    def recording(self) -> Recording:
        """The slide as it is now, without what comes and goes over it."""
        assert self.scene is not None
        return self._slide.record(
            self.scene,
            self._look,
            self.choices.panels,
            self.size(),
            sizes=self.choices.sizes,
            told=self._needed_for_told,
        )

    @property
    def unit(self) -> float:
        """Pixels to a unit of the slide."""
        return unit_of(self.size(), len(self.choices.panels))

    def close_slide(self) -> None:
        """Take away what Python's collector must not; the view shows nothing any more."""
        self.scene = None
        self._slide.close()

    # -- steps ----------------------------------------------------------------------------

    def go_on(self) -> None:
        """One page or stage on: ask for the coming step, reveal its next number, or do it."""
        scene = self.scene
        if scene is None:
            return
        if more := scene.on(self._pages(scene)):
            self._show(more)
        elif self.choices.covering and not scene.asked:
            self._show(scene.ask())
        else:
            self.next_requested.emit()
            if scene.asked and (done := self._gone_from(scene)):
                self._show(self._at_end(replace(done, uncovered=True)))

    def go_back(self) -> None:
        """The same way back; from a step that is done to its last number before the result."""
        scene = self.scene
        if scene is None:
            return
        if less := scene.back(self._pages(scene)):
            self._show(less if less.asked or not scene.asked else self._at_end(less))
            return
        self.previous_requested.emit()
        if before := self._gone_from(scene):
            self._show(self._at_end(before.almost() if self.choices.covering else before))

    def _gone_from(self, scene: Scene) -> Scene | None:
        """What is shown now, if that is another place."""
        now = self.scene
        return now if now is not None and not _same_place(now.done, scene.done) else None

    def _pages(self, scene: Scene) -> tuple[range, ...]:
        return self._slide.pages(scene, self._look, self.choices.panels, self.size())

    def _at_end(self, scene: Scene) -> Scene:
        return scene.at_end(self._pages(scene))

    def _show(self, scene: Scene) -> None:
        self.scene = scene
        self._renew()

    def _renew(self) -> None:
        self._picture = None
        self.setAccessibleDescription(self._in_words())
        self.update()

    def _in_words(self) -> str:
        """Never more than the slide shows."""
        if self.scene is None:
            return ""
        if self.scene.asked:
            symbols = (equation.symbols for equation in self.scene.explanation.equations)
            return f"Next: {self.scene.explanation.title}. {'; '.join(symbols)}"
        return spoken(self.scene.done, self._look.digits)

    # -- choices --------------------------------------------------------------------------

    def toggle_panel(self, name: str) -> None:
        self._choose(self.choices.with_toggled(name))

    def _toggle_covering(self) -> None:
        """Off, a step that is asked for is not asked for any more."""
        covering = not self.choices.covering
        if self.scene is not None and not covering:
            self.scene = Scene(self.scene.done)
        self._choose(replace(self.choices, covering=covering))
        self.tell("Numbers are covered." if covering else "Nothing is covered.")

    def _toggle_disc(self) -> None:
        disc = not self.choices.disc
        self._choose(replace(self.choices, disc=disc))
        self.tell("The disc follows the mouse." if disc else "The disc is hidden.")

    def _toggle_sizes(self) -> None:
        sizes = not self.choices.sizes
        self.show_sizes(sizes)
        told = "The sizes of the gradients, on a log axis." if sizes else "The gradients, linear."
        hidden = "gradients" not in self.choices.panels
        self.tell(f"{told} Key 3 shows that panel." if hidden else told)

    def _choose(self, choices: Choices) -> None:
        self.choices = choices
        self._bar.show_choices(choices)
        self.choices_changed.emit(choices)
        self._renew()

    def _choose_sequence(self, by: int) -> None:
        if self.scene is not None:
            frame = self.scene.done
            self.sequence_requested.emit((frame.sequence + by) % frame.sequences)

    # -- keys and mouse ---------------------------------------------------------------------

    def _handlers(self) -> dict[Key, Callable[[], object]]:
        forwards = (Key.Key_Right, Key.Key_PageDown, Key.Key_Space, Key.Key_Return, Key.Key_Enter)
        made: dict[Key, Callable[[], object]] = dict.fromkeys(forwards, self.go_on)
        made |= dict.fromkeys((Key.Key_Left, Key.Key_PageUp), self.go_back)
        made |= dict.fromkeys((Key.Key_Escape, Key.Key_F5), self.leave_requested.emit)
        made |= dict.fromkeys((Key.Key_H, Key.Key_F1), lambda: self.tell(KEYS))
        for key, phase in zip((Key.Key_F, Key.Key_B, Key.Key_U), Phase, strict=True):
            made[key] = partial(self.stride_requested.emit, phase)
        for number, name in enumerate(PANELS, start=Key.Key_1):
            made[Key(number)] = partial(self.toggle_panel, name)
        return made | {
            Key.Key_Home: self.start_requested.emit,
            Key.Key_End: self.end_requested.emit,
            Key.Key_E: lambda: self.epoch_requested.emit(1),
            Key.Key_Up: lambda: self._choose_sequence(-1),
            Key.Key_Down: lambda: self._choose_sequence(1),
            Key.Key_L: self._toggle_sizes,
            Key.Key_C: self._toggle_covering,
            Key.Key_P: self._toggle_disc,
            Key.Key_Period: lambda: self._blacken(True),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifier = Key(event.key()), Qt.KeyboardModifier
        held = event.modifiers() & ~modifier.KeypadModifier
        shifted = held == modifier.ShiftModifier
        if event.isAutoRepeat():  # a key held a moment too long reveals nothing more
            return
        self._hush()
        if self.black:
            self._blacken(False)
        elif shifted and key is Key.Key_E:
            self.epoch_requested.emit(-1)
        elif key in self._keys and (not held or (shifted and key is Key.Key_F5)):
            self._keys[key]()
        else:
            super().keyPressEvent(event)

    def _do(self, name: str) -> None:
        """What a button of the bar does."""
        if name in PANELS:
            self.toggle_panel(name)
            return
        {
            "back": self.go_back,
            "next": self.go_on,
            "sizes": self._toggle_sizes,
            "cover": self._toggle_covering,
            "disc": self._toggle_disc,
            "keys": lambda: self.tell(KEYS),
            "end": self.leave_requested.emit,
        }[name]()

    def _blacken(self, black: bool) -> None:
        self.black = black
        for part in (self._told, self._bar):
            part.hide()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_disc(event.position())
        self.unsetCursor()
        self._resting.start()
        near = event.position().y() > self.height() - 1.5 * self._bar.height()
        self._bar.setVisible(near and not self.black)
        self._place_told()

    def leaveEvent(self, _: QEvent) -> None:
        self._move_disc(None)

    def _move_disc(self, place: QPointF | None) -> None:
        for at in (self._mouse, place):
            if at is not None:
                self.update(disc_rect(at, self._scale))
        self._mouse = place

    def _hide_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.BlankCursor)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.leave_requested.emit()
        event.accept()

    # -- painting -------------------------------------------------------------------------

    @property
    def _scale(self) -> float:
        """Of what lies over the slide, on a screen of 720 lines 1."""
        return min(self.width() / 1280, self.height() / 720)

    @property
    def _strip(self) -> float:
        """The height of what stands at the lower edge, a little below the slide."""
        return strip_of(self.size()) - _APART * self._scale

    @property
    def _needed_for_told(self) -> float:
        """The height at the lower edge that belongs to what is told."""
        if self._told.isHidden():
            return 0.0
        return self.height() - self._told.y() + _APART * self._scale

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.black:
            painter.fillRect(self.rect(), QColor("black"))
        else:
            if self._picture is None or self._left_for_told != self._needed_for_told:
                self._left_for_told = self._needed_for_told
                self._picture = self._painted()
            painter.drawPixmap(0, 0, self._picture)
            if self.choices.disc and self._mouse is not None:
                paint_disc(painter, self._mouse, self._scale, self._look.theme)
        painter.end()

    def _painted(self) -> QPixmap:
        """The slide in the pixels of the screen: over it only the disc moves."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(round(self.width() * ratio), round(self.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(self._look.theme.panel))
        if self.scene is not None:
            recording = self.recording()
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self.unit, self.unit)
            recording.play(painter)
            painter.end()
        return picture

    def resizeEvent(self, _: QResizeEvent) -> None:
        font = self._told.font()
        font.setPixelSize(max(round(_LETTERS * self._scale), 1))
        self._told.setFont(font)
        self._told.setMargin(round(_AROUND * self._scale))
        self._bar.set_scale(self._scale)
        high = round(self._strip)
        self._bar.setGeometry(0, self.height() - high, self.width(), high)
        self._place_told()
        self._picture = None

    def _place_told(self) -> None:
        """At the lower edge, over the bar."""
        high = max(self._told.heightForWidth(self.width()), round(self._strip))
        bottom = self.height() if self._bar.isHidden() else self._bar.y()
        self._told.setGeometry(0, bottom - high, self.width(), high)
        self.update()  # the slide leaves room for it

    def _hush(self) -> None:
        self._told.hide()
        self.update()

    def _timer(self, done: Callable[[], object], after: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after)
        timer.timeout.connect(done)
        return timer


def _same_place(one: Frame, other: Frame) -> bool:
    return one.run is other.run and one.position == other.position

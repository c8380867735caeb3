"""Where the parts of the unrolled network stand, and how much of it the room allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from PySide6.QtCore import QRectF

from core.data.values import Array
from rnn_gui.plots.ink import metrics, text_width
from rnn_gui.plots.ranges import Range
from rnn_gui.theme import SMALL_SIZE

LARGEST = 16  # size of the text among other panels


class Detail(IntEnum):
    """How much of a column is written out, from a thousand columns to a few."""

    STRIP = 0  # known or not
    MARKS = 1  # a circle for each node
    NUMBERS = 2  # the two numbers of each node
    WORDS = 3  # and what they are
    ARROWS = 4  # and the weight on each arrow


@dataclass(frozen=True)
class Scale:
    """Where timestamps stand in a rectangle of pixels."""

    rect: QRectF
    x_range: Range

    @property
    def column(self) -> float:
        """The width of one."""
        return self.rect.width() / max(self.x_range.span, 1e-9)

    def x(self, timestamp: float) -> float:
        return self.rect.left() + (timestamp - self.x_range.low) * self.column

    def xs(self, timestamps: Array) -> Array:
        return self.rect.left() + (timestamps - self.x_range.low) * self.column


@dataclass(frozen=True)
class Layout:
    """Pixels of the rows, from top to bottom: gradient boxes, state boxes, inputs."""

    detail: Detail
    scale: Scale
    text: int  # font size
    box_width: float
    row_height: float
    titled: bool  # boxes have a first line with their name
    joined: bool  # and name the function between their two numbers
    gradient_top: float
    state_top: float
    input_middle: float
    factor: float = 1.0  # of what stands in the margins

    @property
    def rect(self) -> QRectF:
        return self.scale.rect

    @property
    def box_height(self) -> float:
        title = self.row_height if self.titled else 0.0
        joint = self._joint
        return title + joint + 2 * (self.row_height + 1) + (7 if self.titled else 6)

    @property
    def _joint(self) -> float:
        """Between the two numbers: its letters are two sizes smaller, and touch neither."""
        return self.row_height + 2 if self.joined else 0.0

    @property
    def gradient_middle(self) -> float:
        return self.gradient_top + self.box_height / 2

    @property
    def state_middle(self) -> float:
        return self.state_top + self.box_height / 2

    def box(self, timestamp: int, top: float) -> QRectF:
        x = self.scale.x(timestamp)
        return QRectF(x - self.box_width / 2, top, self.box_width, self.box_height)

    def cells(self, box: QRectF) -> tuple[QRectF, QRectF]:
        """The lines of a box that hold its upper and its lower number."""
        height = self.row_height + 1
        top = box.top() + 3 + (self.row_height + 1 if self.titled else 0.0)
        joint = self._joint
        upper = QRectF(box.left() + 3, top, box.width() - 6, height)
        return upper, upper.translated(0, height + joint)


def layout(scale: Scale, digits: int, largest: int = LARGEST) -> Layout:
    """The most detail that fits, in the largest text that leaves the rows their room."""
    made = _layout(scale.rect.getRect(), scale.x_range, digits, largest)
    return made if largest == LARGEST else replace(made, factor=largest / LARGEST)


@lru_cache(maxsize=16)
def _layout(
    rect: tuple[float, float, float, float], columns: Range, digits: int, largest: int
) -> Layout:
    scale = Scale(QRectF(*rect), columns)
    column = scale.column
    for text in range(largest, SMALL_SIZE - 1, -1):
        made = _detailed(scale, column, digits, text)
        if made.detail is Detail.ARROWS and _fits(made):
            return made
    if made.detail >= Detail.NUMBERS:
        return made
    return _compact(scale, column, largest / LARGEST)


def _detailed(scale: Scale, column: float, digits: int, text: int) -> Layout:
    value = text_width(f"−0.{'0' * min(digits, 6)}", text)
    words = text_width("Out", text) + 0.5 * text
    box = value + words + 12
    arrow = text_width("×Wrec", text) + 7
    if column >= box + arrow:
        detail = Detail.ARROWS
    elif column >= box + 18:
        detail = Detail.WORDS
    else:
        # Even a long exponent, in smaller letters, must fit between the arrows.
        narrow = text_width("−9e−99", max(text - 2, SMALL_SIZE)) + 8
        detail = Detail.NUMBERS if column >= narrow + 12 else Detail.MARKS
        box = min(column - 12, value + 10)
    return _stacked(scale, detail, text, box)


def _stacked(scale: Scale, detail: Detail, text: int, box: float) -> Layout:
    """The rows spread over the height; what does not fit is left out, names first."""
    row = metrics(text).height() + (1 if text > 12 else 0)
    below = 2 * row + 12 if detail >= Detail.WORDS else row + 14
    choices = ((True, True), (True, False), (False, False))
    for titled, joined in choices if detail >= Detail.WORDS else ((True, False), (False, False)):
        made = Layout(detail, scale, text, box, row, titled, joined, 0, 0, 0)
        spare = scale.rect.height() - 2 * made.box_height - below
        if spare >= 10:
            break
    roomy = max(text / LARGEST, 1)
    gap = min(max(spare, 6) * 0.55, 46 * roomy)
    below += min(max(spare - gap, 0) * 0.6, 24 * roomy)
    used = 2 * made.box_height + gap + below
    top = scale.rect.top() + max(scale.rect.height() - used, 0) / 2
    state = top + made.box_height + gap
    middle = state + made.box_height + below - row / 2
    return Layout(detail, scale, text, box, row, titled, joined, top, state, middle)


def _fits(made: Layout) -> bool:
    bottom = made.input_middle + made.row_height / 2
    return made.titled and made.joined and bottom <= made.rect.bottom() + 1


def _compact(scale: Scale, column: float, roomy: float) -> Layout:
    """Three rows of marks, with room above them for the numbers of the current column."""
    detail = Detail.MARKS if column >= 7 else Detail.STRIP
    size = min(max(column - 3, 4.0), 14.0 * roomy)
    height = scale.rect.height()
    top = scale.rect.top() + min(64.0, height * 0.42)
    step = min((scale.rect.bottom() - top - 8) / 2.6, max(46.0 * roomy, 0.2 * height))
    half = 7 + 3  # half the height of a box of two rows of 6 pixels
    return Layout(
        detail,
        scale,
        11,
        size,
        6.0,
        False,
        False,
        top + 0.3 * step - half,
        top + 1.4 * step - half,
        top + 2.5 * step,
    )

"""What stands above a figure: what it shows, and of which moment."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from core.cell.names import sequence_name
from core.epoch.explain import explain
from core.epoch.frame import Frame
from rnn_gui.theme import SMALL_SIZE, TEXT_SIZE, Theme, text_font

MARGIN = 8
_LINES = 2  # of each part, at most
_LEADING = 1.3
_NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Title:
    """A heading and, smaller, the moment; each on one line or two."""

    heading: str
    moment: str

    def __str__(self) -> str:
        return f"{self.heading} — {self.moment}".replace(_NO_BREAK, " ")

    def height(self, width: int) -> int:
        return round(MARGIN + sum(line for *_, line in self._lines(width)) + MARGIN / 2)

    def paint(self, painter: QPainter, width: int, theme: Theme) -> None:
        y = float(MARGIN)
        for text, font, strong, height in self._lines(width):
            painter.setFont(font)
            painter.setPen(QColor(theme.text if strong else theme.muted))
            painter.drawText(QPointF(MARGIN, y + font.pixelSize()), text)
            y += height

    def _lines(self, width: int) -> list[tuple[str, QFont, bool, float]]:
        """Each line with its font, whether it is of the heading, and its height."""
        return [
            (text, font, strong, font.pixelSize() * _LEADING)
            for part, font, strong in (
                (self.heading, text_font(TEXT_SIZE, bold=True), True),
                (self.moment, text_font(SMALL_SIZE), False),
            )
            for text in wrapped(part, font, width - 2 * MARGIN)
        ]


def moment_of(frame: Frame) -> str:
    """Run, epoch, sequence and step, as in “part-2 · epoch 412 · sequence c · step 12 of 18: …”."""
    step, length = frame.position.step, len(frame.experiment.steps)
    results = " and ".join(str(equation.left) for equation in explain(frame).equations)
    coming = "next " if frame.announced else ""
    parts = (
        run_name(frame),
        f"epoch {frame.position.epoch:,}",
        f"sequence {sequence_name(frame.sequence)}",
        f"step {step} of {length}: {coming}{results}",
    )
    return " · ".join(part.replace(" ", _NO_BREAK) for part in parts)


def run_name(frame: Frame) -> str:
    return frame.run.name or "unnamed run"


def wrapped(text: str, font: QFont, width: float) -> list[str]:
    """The text on at most two lines; what does not fit at the end is left out, with a sign."""
    metrics = QFontMetricsF(font)
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(lines) < _LINES and metrics.horizontalAdvance(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    elide = Qt.TextElideMode.ElideMiddle
    return [metrics.elidedText(line.removesuffix(" ·"), elide, width) for line in lines]

"""A balloon: one sentence beside the place that it is about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from rnn_gui.theme import Theme, pen

_WIDTH = 270
_PADDING = 8
_SECONDS = 10
_GAP = 4


class Balloon(QLabel):
    """Shows a problem under a rectangle of a widget, until dismissed or for ten seconds."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self._edge = QColor()
        self.setAccessibleName("Problem")
        self.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what was typed
        self.setWordWrap(True)
        self.setMargin(_PADDING)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS * 1000)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    def show_problem(self, text: str, place: QRect, theme: Theme) -> None:
        """Show ``text`` beside ``place``, in the anchor's coordinates, inside its window."""
        window = self._anchor.window()
        if self.parent() is not window:
            self.setParent(window)
        self._dress(theme)
        self.setText(text)
        self.setFixedWidth(min(_WIDTH, window.width() - 2 * _GAP))
        self.setFixedHeight(self.heightForWidth(self.width()))
        corner = self._anchor.mapTo(window, place.bottomLeft()) + QPoint(0, _GAP)
        if corner.y() + self.height() > window.height() - _GAP:
            corner.setY(self._anchor.mapTo(window, place.topLeft()).y() - self.height() - _GAP)
        corner.setX(max(_GAP, min(corner.x(), window.width() - self.width() - _GAP)))
        self.move(corner)
        self.show()
        self.raise_()
        self._timer.start()

    def dismiss(self) -> None:
        """Away with it: the person goes on. It does not stay in a window that may go."""
        self._timer.stop()
        self.hide()
        if self.parent() is not self._anchor:
            self.setParent(self._anchor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(pen(self._edge.name()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.end()
        super().paintEvent(event)

    def _dress(self, theme: Theme) -> None:
        self._edge = QColor(theme.backward)
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Window, QColor(theme.backward_soft))
        colours.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        self.setPalette(colours)

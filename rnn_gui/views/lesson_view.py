"""A page of a lesson: its text, what is to be done, a question, and the ways to other pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QFontMetrics,
    QImageReader,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnn_gui.fields.plain_keys import BUTTON_KEYS, keep_keys, keep_plain_keys
from rnn_gui.theme import Look, Theme

_COMPARE = "Shows one good answer below the question"
_COMPARE_LATER = "First write an answer of your own: that is what helps"
_CHOICE = "choice"
_PICTURE_MARGIN = 10
_RIGHT = QTextCursor.MoveOperation.Right
_LINE_HEIGHT = 130.0  # per cent: text is read more slowly than labels
_ANSWER_LINES = 2


@dataclass(frozen=True)
class Option:
    """One answer to choose, and what is said of it once it was chosen."""

    text: str
    right: bool
    reply: str


@dataclass(frozen=True)
class Shown:
    """A page and how far somebody is with it. ``text``, ``question`` and ``answer`` are Markdown;
    ``folder`` holds the pictures. ``done`` and ``left`` speak of what is to ``do``.
    """

    title: str
    text: str
    folder: Path
    place: str = ""  # which page of how many
    do: str = ""
    done: bool = False
    left: str = ""
    score: str = ""
    question: str = ""
    options: tuple[Option, ...] = ()
    chosen: int | None = None
    answer: str = ""
    words: str = ""  # written by the learner
    compared: bool = False  # with the answer
    last: bool = False  # no page comes after it
    first: bool = False


class LessonView(QWidget):
    """Decides nothing: what is chosen, written and asked for goes out as signals."""

    lesson_chosen = Signal(int)
    next_requested = Signal()
    previous_requested = Signal()
    again_requested = Signal()  # the page as it was prepared
    option_chosen = Signal(int)
    words_written = Signal(str)
    compare_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look = Look()
        self._shown: Shown | None = None
        self.lessons = QComboBox()
        self.page = _Page()
        self.words = QPlainTextEdit()
        self.compare = QToolButton()
        self.previous, self.next, self.again = QToolButton(), QToolButton(), QToolButton()
        self._place = QLabel()
        self._make_parts()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.page)

    def show_lessons(self, titles: Sequence[str], current: int) -> None:
        """All lessons there are, by their titles, and the present one."""
        if [self.lessons.itemText(i) for i in range(self.lessons.count())] != list(titles):
            self.lessons.clear()
            self.lessons.addItems(list(titles))
        self.lessons.setCurrentIndex(current)

    def show_page(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown
        if before == shown:
            return
        same = before is not None and (before.place, before.title) == (shown.place, shown.title)
        self._show_question(shown, same=same)
        self._place.setText(shown.place)
        self.previous.setEnabled(not shown.first)
        self.next.setEnabled(not shown.last)
        revealed = before is not None and same and shown.compared and not before.compared
        self._set_type(shown, same=same, revealed=revealed)

    def set_look(self, look: Look) -> None:
        self._look = look
        if self._shown is not None:
            self._set_type(self._shown, same=True)

    def sizeHint(self) -> QSize:
        return QSize(340, 460)

    # -- built once ----------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.lessons.setAccessibleName("Lesson")
        self.lessons.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.lessons.setMinimumContentsLength(12)
        keep_plain_keys(self.lessons, self.leave_requested.emit)
        self.page.setAccessibleName("Text of the page")
        self.words.setAccessibleName("Your own words")
        self.words.setPlaceholderText("In your own words; nobody else reads them")
        self.words.setTabChangesFocus(True)
        line = QFontMetrics(self.words.font()).lineSpacing()
        self.words.setFixedHeight(_ANSWER_LINES * line + 14)
        keep_plain_keys(self.words, self.leave_requested.emit)
        for button, text, tip in (
            (self.compare, "Compare", _COMPARE_LATER),
            (self.previous, "◀ Previous", "The page before (Ctrl+PgUp)"),
            (self.again, "↺ Again", "This page as it was at first"),
            (self.next, "Next page ▶", "The next page (Ctrl+PgDown)"),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            keep_keys(button, BUTTON_KEYS, self.leave_requested.emit)
        self.compare.setProperty("role", "small")
        self._place.setProperty("role", "muted")
        self._place.setAccessibleName("Page")

    def _lay_out(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(4)
        for button in (self.previous, self.again, self.next):
            ways.addWidget(button)
        ways.insertStretch(2, 1)
        above = QHBoxLayout()
        above.addWidget(self.lessons, 1)
        above.addWidget(self._place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(above)
        layout.addLayout(ways)  # above the text: there they stay in their place
        layout.addWidget(self.page, 1)
        answer = QHBoxLayout()
        answer.setSpacing(4)
        answer.addWidget(self.words, 1)
        answer.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(answer)
        layout.addStretch(0)  # below a short page

    def _connect(self) -> None:
        self.lessons.activated.connect(self.lesson_chosen)
        self.previous.clicked.connect(self.previous_requested)
        self.again.clicked.connect(self.again_requested)
        self.next.clicked.connect(self.next_requested)
        self.compare.clicked.connect(self.compare_requested)
        self.words.textChanged.connect(self._tell_words)
        self.page.anchorClicked.connect(self._follow)
        keep_keys(self.page, BUTTON_KEYS, self.leave_requested.emit)

    # -- what is shown -------------------------------------------------------------------

    def _show_question(self, shown: Shown, *, same: bool) -> None:
        """A question without choices is answered in words."""
        asked = bool(shown.question) and not shown.options
        self.words.setVisible(asked)
        if shown.compared and self.compare.hasFocus():  # Qt would hand it to any button
            self.words.setFocus()
        self.compare.setVisible(asked and not shown.compared)
        self.compare.setEnabled(bool(shown.words.strip()))
        self.compare.setToolTip(_COMPARE if shown.words.strip() else _COMPARE_LATER)
        if not same or self.words.toPlainText() != shown.words:
            self.words.setPlainText(shown.words)

    def _set_type(self, shown: Shown, *, same: bool, revealed: bool = False) -> None:
        """``revealed``: our answer has just come, at the end of the page."""
        bar = self.page.verticalScrollBar()
        at = bar.value() if same else 0
        _write(self.page, shown, self._look.theme)
        self.page.fit()
        self.page.moveCursor(QTextCursor.MoveOperation.Start)  # a resize scrolls to the cursor
        bar.setValue(bar.maximum() if revealed else at)

    def _follow(self, link: QUrl) -> None:
        index = link.path()
        if link.scheme() == _CHOICE and index.isdecimal():
            self.option_chosen.emit(int(index))
        elif link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)

    def _tell_words(self) -> None:
        words = self.words.toPlainText()
        if self._shown is not None and words != self._shown.words:
            self.words_written.emit(words)


class _Page(QTextBrowser):
    """Read-only rich text; Tab goes from choice to choice, Enter takes one."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        # Not in the middle of a resize: the text would keep the width without a bar.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.fit)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self.setProperty("role", "page")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self) -> None:
        """No higher than its text: what belongs to that stands right below."""
        measured = self.document().clone()  # the shown one is as wide as a scroll bar leaves it
        measured.setTextWidth(self.maximumViewportSize().width())
        self.setMaximumHeight(ceil(measured.size().height()) + 2)
        self._need_bar()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """All of a choice's row answers, not its letters alone."""
        place = event.position().toPoint()
        link = "" if self.anchorAt(place) else self._choice_at(place)
        if link and not self.textCursor().hasSelection():
            self.anchorClicked.emit(QUrl(link))
        else:
            super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        if not self.anchorAt(place):
            on_choice = bool(self._choice_at(place))
            shape = Qt.CursorShape.PointingHandCursor if on_choice else Qt.CursorShape.IBeamCursor
            self.viewport().setCursor(shape)

    def _choice_at(self, place: QPoint) -> str:
        """The choice in whose row a place is; empty where it is in none."""
        cursor = self.cursorForPosition(place)
        table = cursor.currentTable()
        if table is None:
            return ""
        first = table.cellAt(cursor).firstCursorPosition()
        first.movePosition(_RIGHT)  # a cursor has the format of the letter before it
        link = first.charFormat().anchorHref()
        return link if link.startswith(f"{_CHOICE}:") else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def _need_bar(self) -> None:
        """A bar makes the text longer by what it takes of the width, and so it would stay."""
        fits = self.height() >= self.maximumHeight()
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )


def _write(page: QTextBrowser, shown: Shown, theme: Theme) -> None:
    """The whole page as one text that scrolls."""
    document = page.document()
    document.clear()
    document.setBaseUrl(QUrl.fromLocalFile(f"{shown.folder.absolute()}/"))  # of pictures
    cursor = QTextCursor(document)
    _add_text(cursor, f"### {shown.title}\n\n{shown.text}")
    if shown.do:
        _add_box(cursor, _to_do(shown, theme))
    if shown.question:
        heading = "Choose an answer" if shown.options else "Explain it to yourself"
        _add_text(cursor, f"#### {heading}\n\n{shown.question}")
        if shown.options:
            rows = (_option(i, option, shown, theme) for i, option in enumerate(shown.options))
            _add_box(cursor, f"<table width='100%' cellpadding='6'>{''.join(rows)}</table>")
        if shown.compared and shown.answer:
            _add_text(cursor, f"**One good answer.** {shown.answer}")
    _space_lines(document)
    _shrink_pictures(document, page.maximumViewportSize().width() - 2 * _PICTURE_MARGIN)


def _add_text(cursor: QTextCursor, markdown: str) -> None:
    """In paragraphs of its own: Qt would let it go on in the last one."""
    if not cursor.atStart():
        cursor.insertBlock(QTextBlockFormat())
    cursor.insertMarkdown(markdown)
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _add_box(cursor: QTextCursor, html: str) -> None:
    """Below what there is, with a line of nothing around it."""
    cursor.insertHtml(html)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertBlock(QTextBlockFormat())


def _space_lines(document: QTextDocument) -> None:
    spaced = QTextBlockFormat()
    spaced.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    everything = QTextCursor(document)
    everything.select(QTextCursor.SelectionType.Document)
    everything.mergeBlockFormat(spaced)


def _shrink_pictures(document: QTextDocument, room: int) -> None:
    """Qt shows a picture as wide as it is, and cuts off what is too much."""
    block = document.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            fragment = part.fragment()
            part += 1
            picture = fragment.charFormat().toImageFormat()
            if not picture.isValid():
                continue
            there = document.baseUrl().resolved(QUrl(picture.name())).toLocalFile()
            if QImageReader(there).size().width() > room:
                picture.setWidth(room)
                cursor = QTextCursor(document)
                cursor.setPosition(fragment.position())
                cursor.movePosition(_RIGHT, QTextCursor.MoveMode.KeepAnchor, fragment.length())
                cursor.setCharFormat(picture)
        block = block.next()


def _to_do(shown: Shown, theme: Theme) -> str:
    """A box with what is to be done, and whether it is."""
    colour, soft = (
        (theme.update, theme.update_soft) if shown.done else (theme.accent, theme.forward_soft)
    )
    head = "✓ Done" if shown.done else "▸ Your turn"
    lines = [f"<b style='color: {colour}'>{head}</b>", escape(shown.do)]
    lines += [f"<i>{escape(text)}</i>" for text in _remarks(shown)]
    return (
        f"<table width='100%' cellpadding='8' bgcolor='{soft}'><tr><td>"
        + "<br>".join(lines)
        + "</td></tr></table>"
    )


def _remarks(shown: Shown) -> Iterable[str]:
    if shown.left and not shown.done:
        yield f"{shown.left[0].upper()}{shown.left[1:]}."
    if shown.score:
        yield f"On this page: {shown.score}."


def _option(index: int, option: Option, shown: Shown, theme: Theme) -> str:
    """A row that is a link; below the chosen one stands what is said of it."""
    chosen = index == shown.chosen
    link = (
        f"<a href='{_CHOICE}:{index}' style='color: {theme.accent}; text-decoration: none'>"
        f"{'◉' if chosen else '○'}&nbsp; {escape(option.text)}</a>"
    )
    said = ""
    if chosen:
        mark, colour = ("✓", theme.update) if option.right else ("✗", theme.backward)
        said = f"<br><span style='color: {colour}'>{mark} {escape(option.reply)}</span>"
    return f"<tr><td bgcolor='{theme.window}'>{link}{said}</td></tr>"

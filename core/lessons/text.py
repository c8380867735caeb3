"""A lesson file as text: its header, its pages, their keys and sections, each with its line.

What the keys and the text mean is read elsewhere; here they are only taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeVar

from core.data.reading import quoted
from core.lessons.quantity import Unreadable, one_of

HEADER_KEYS = ("title", "about")
PAGE_KEYS = (
    *("preset", "session", "epoch", "step", "sequence", "compare"),
    *("show", "highlight", "task", "do"),
)
_MOST_LINES, _LONGEST_LINE = 5_000, 2_000
_RULE = "---"  # the line above and below the header
_QUESTION, _ANSWER = "Question", "Answer"
_HEADING = re.compile(r" {0,3}(#{1,2})(?=[ \t]|$)(.*)")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)")
_CHOICE = re.compile(r" {0,3}[-*+] \[([ xX])\](.*)")

Result = TypeVar("Result")


class Wrong(ValueError):
    """A mistake in one line of a lesson. The text is a sentence without place and full stop."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


class Passage(NamedTuple):
    """A text, and the line where it begins."""

    line: int
    text: str


class ChoiceText(NamedTuple):
    right: bool
    text: Passage
    reply: Passage


class QuestionText(NamedTuple):
    line: int  # of the heading
    text: Passage
    choices: tuple[ChoiceText, ...]
    answer: Passage | None


class PageText(NamedTuple):
    line: int  # of the title
    title: str
    keys: dict[str, Passage]
    text: Passage
    question: QuestionText | None


class LessonText(NamedTuple):
    title: str
    about: str
    pages: tuple[PageText, ...]


class Run(NamedTuple):
    """Lines that follow each other, all of them inside a code fence or none."""

    line: int  # of the first, from 0
    text: str
    code: bool


class _Line(NamedTuple):
    number: int
    text: str
    code: bool

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def heading(self) -> int:
        """Tell its level, 1 or 2, if it is a heading; 0 for all other lines."""
        found = None if self.code else _HEADING.match(self.text)
        return len(found[1]) if found else 0

    @property
    def title(self) -> str:
        return self.text.strip().lstrip("#").strip()


def take_apart(text: str) -> LessonText:
    """Take a lesson file apart. Raises `Wrong` for the first mistake."""
    texts = re.split(r"\r\n|\r|\n", text)
    _check_sizes(texts)
    header, below = _header(texts)
    lines, open_fence = _lines(texts[below:], below + 1)
    if open_fence:
        raise Wrong(open_fence, "the code that begins here has no end: close it as it is opened")
    pages = _pieces(lines, level=1)
    for line in pages[0]:
        if not line.blank:
            raise Wrong(line.number, "text stands before the first page: begin it with # Title")
    if len(pages) == 1:
        raise Wrong(len(texts), "there is no page: write # Title and a text")
    return LessonText(header["title"].text, header["about"].text, tuple(map(_page, pages[1:])))


def _check_sizes(texts: list[str]) -> None:
    if len(texts) > _MOST_LINES:
        raise Wrong(_MOST_LINES + 1, f"a lesson has at most {_MOST_LINES:,} lines: divide it")
    for number, text in enumerate(texts, start=1):
        if len(text) > _LONGEST_LINE:
            raise Wrong(number, f"a line has at most {_LONGEST_LINE:,} characters: break it")


def runs(text: str) -> Iterator[Run]:
    """Take a text apart into lines inside of code fences and lines outside of them."""
    for code, group in groupby(_lines(text.split("\n"), 0)[0], key=lambda line: line.code):
        lines = list(group)
        yield Run(lines[0].number, "\n".join(line.text for line in lines), code)


def read_at(line: int, read: Callable[[str], Result], text: str) -> Result:
    """Return ``read(text)``. Raises `Wrong` in this line where that raises `Unreadable`."""
    try:
        return read(text)
    except Unreadable as error:
        raise Wrong(line, str(error)) from None


def _header(texts: list[str]) -> tuple[dict[str, Passage], int]:
    """Read the keys of the header, and count its lines."""
    if texts[0].strip() != _RULE:
        raise Wrong(
            1, f"there is no header: begin with the lines {_RULE}, title: …, about: … and {_RULE}"
        )
    lines = [_Line(number, text, code=False) for number, text in enumerate(texts, start=1)][1:]
    end = next((line for line in lines if line.text.strip() == _RULE or line.heading), None)
    if end is None or end.heading:
        number = len(texts) if end is None else end.number
        raise Wrong(number, f"the header is not closed: write {_RULE} below its last line")
    header = _keys([line for line in lines[: end.number - 2] if not line.blank], HEADER_KEYS, "")
    for key in HEADER_KEYS:
        if key not in header:
            raise Wrong(end.number, f"the header has no {key}: add {key}: … above this line")
    return header, end.number


def _keys(lines: list[_Line], known: tuple[str, ...], or_else: str) -> dict[str, Passage]:
    keys: dict[str, Passage] = {}
    for line in lines:
        found = re.match(r"([A-Za-z]+)[ \t]*:(.*)", line.text.strip())
        if found is None:
            raise Wrong(
                line.number, f"{quoted(line.text.strip())} is no key: write key: value{or_else}"
            )
        key, value = found[1], found[2].strip()
        if key not in known:
            raise Wrong(line.number, f"there is no key {quoted(key)}: {one_of(known)}{or_else}")
        if key in keys:
            raise Wrong(line.number, f"the key {key} stands there twice: keep one of them")
        if not value:
            raise Wrong(line.number, f"the key {key} is empty: write a value, or remove the line")
        keys[key] = Passage(line.number, value)
    return keys


def _page(lines: list[_Line]) -> PageText:
    title, below = lines[0], lines[1:]
    if not title.title:
        raise Wrong(title.number, "this page has no title: write # Title")
    end = next((i for i, line in enumerate(below) if line.blank or line.heading), len(below))
    keys = _keys(below[:end], PAGE_KEYS, ", or leave a blank line before the text")
    text, *sections = _pieces(below[end:], level=2)
    if not _passage(text, title.number).text:
        raise Wrong(title.number, "this page has no text: write one below its keys, after a blank")
    return PageText(
        title.number,
        title.title,
        keys,
        _passage(text, title.number),
        _question(_named(sections)),
    )


def _named(sections: list[list[_Line]]) -> dict[str, list[_Line]]:
    """Find the sections of a page, each with its heading as the first line."""
    named: dict[str, list[_Line]] = {}
    for section in sections:
        number, title = section[0].number, section[0].title
        if title not in (_QUESTION, _ANSWER):
            raise Wrong(
                number,
                f"there is no section {quoted(title)}: write ## {_QUESTION} or ## {_ANSWER}, "
                "or a heading with ###",
            )
        if title in named:
            raise Wrong(number, f"this page has a second ## {title}: keep one of them")
        if title == _ANSWER and not named:
            raise Wrong(number, f"this answer has no question: write ## {_QUESTION} above it")
        named[title] = section
    return named


def _question(sections: dict[str, list[_Line]]) -> QuestionText | None:
    if not sections:
        return None
    heading, *lines = sections[_QUESTION]
    first = next((i for i, line in enumerate(lines) if _is_choice(line)), len(lines))
    choices = tuple(_choice(line) for line in lines[first:] if not line.blank)
    text = _passage(lines[:first], heading.number)
    if not text.text:
        raise Wrong(heading.number, "this question has no text: write it below this line")
    if choices and not any(choice.right for choice in choices):
        raise Wrong(heading.number, "none of the choices is right: mark one of them with [x]")
    if not choices and _ANSWER not in sections:
        raise Wrong(
            heading.number,
            f"this question has no answer: write ## {_ANSWER}, or choices such as - [x] text",
        )
    return QuestionText(heading.number, text, choices, _answer(sections.get(_ANSWER)))


def _answer(section: list[_Line] | None) -> Passage | None:
    if section is None:
        return None
    heading, *lines = section
    answer = _passage(lines, heading.number)
    if not answer.text:
        raise Wrong(heading.number, "this answer has no text: write it below this line")
    return answer


def _is_choice(line: _Line) -> bool:
    return not line.code and _CHOICE.match(line.text) is not None


def _choice(line: _Line) -> ChoiceText:
    found = None if line.code else _CHOICE.match(line.text)
    text, _, reply = found[2].partition(" | ") if found else ("", "", "")
    if found is None or not text.strip():
        raise Wrong(
            line.number,
            "this is no choice: write each on a line of its own, as - [ ] text | reply",
        )
    number = line.number
    return ChoiceText(
        found[1] != " ", Passage(number, text.strip()), Passage(number, reply.strip())
    )


def _lines(texts: list[str], first: int) -> tuple[list[_Line], int]:
    """Number lines from ``first`` on, and where a code fence begins that has no end; else 0.

    The lines that begin and end a fence are code, too.
    """
    lines, fence, opened = [], "", 0
    for number, text in enumerate(texts, start=first):
        found = _FENCE.fullmatch(text)
        mark = (found[1] or found[2]) if found else ""
        lines.append(_Line(number, text, code=bool(fence or mark)))
        if not fence:
            fence, opened = mark, number
        elif mark.startswith(fence) and not text.strip(" \t`~"):
            fence = ""
    return lines, opened if fence else 0


def _pieces(lines: list[_Line], level: int) -> list[list[_Line]]:
    """Cut lines before each heading of this level."""
    pieces: list[list[_Line]] = [[]]
    for line in lines:
        if line.heading == level:
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def _passage(lines: list[_Line], otherwise: int) -> Passage:
    """Join lines without blank ones around them; ``otherwise`` is the line of an empty one."""
    filled = [i for i, line in enumerate(lines) if not line.blank]
    if not filled:
        return Passage(otherwise, "")
    kept = lines[filled[0] : filled[-1] + 1]
    return Passage(kept[0].number, "\n".join(line.text for line in kept))

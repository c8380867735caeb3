"""Quantities and pictures in the texts of a lesson: checked, and filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.data.experiment import Experiment
from core.data.notation import DIGITS, UNDEFINED, number
from core.data.reading import quoted
from core.epoch.frame import Frame
from core.lessons.quantity import Quantity, Unreadable, quantity
from core.lessons.text import PageText, Passage, Wrong, read_at, runs

_MOST_QUANTITIES = 500  # of a page
_MOST_DIGITS = 17
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\(([^()\n]*)\)")


def filled(text: str, frame: Frame) -> str:
    """Put the numbers of the frame's epoch into a text, shown or not."""
    return "\n".join(
        run.text
        if run.code
        else _BRACES.sub(lambda found: _printed(found[1] or "", frame), run.text)
        for run in runs(text)
    )


def check_texts(
    raw: PageText, experiment: Experiment, check_picture: Callable[[str], object]
) -> None:
    """Check all that a page says. Raises `Wrong` where a quantity or a picture is not there."""
    passages = [*_passages(raw)]
    if sum(passage.text.count("{") for passage in passages) > _MOST_QUANTITIES:
        raise Wrong(raw.line, f"this page has more than {_MOST_QUANTITIES} braces: divide it")
    for passage in passages:
        _check(passage, experiment, check_picture)


def _passages(raw: PageText) -> Iterator[Passage]:
    """Go through all that a page says, from top to bottom."""
    if "do" in raw.keys:
        yield raw.keys["do"]
    yield raw.text
    if raw.question:
        yield raw.question.text
        for choice in raw.question.choices:
            yield choice.text
            yield choice.reply
        if raw.question.answer:
            yield raw.question.answer


def _check(
    passage: Passage, experiment: Experiment, check_picture: Callable[[str], object]
) -> None:
    for run in runs(passage.text):
        if run.code:
            continue
        first = passage.line + run.line
        for found in _BRACES.finditer(run.text):
            line = first + run.text.count("\n", 0, found.start())
            if found[1] is None:
                raise Wrong(line, f"{found[0]} stands alone: write a quantity as in {{cost}}")
            read_at(line, lambda text: _quantity(text, experiment), found[1])
        for found in _PICTURE.finditer(run.text):
            line = first + run.text.count("\n", 0, found.start(1))
            read_at(line, check_picture, _file_name(found[1]))


def _file_name(target: str) -> str:
    """Find the file of a picture: Markdown may have it in angle brackets, and a title after it."""
    return re.sub(r'\s+"[^"]*"$', "", target.strip()).removeprefix("<").removesuffix(">")


def _quantity(text: str, experiment: Experiment) -> tuple[Quantity, int]:
    """Read what stands in braces: a quantity, and how many digits it is printed with."""
    name, colon, digits = text.partition(":")
    if not colon:
        return quantity(name, experiment), DIGITS
    count = int(digits) if re.fullmatch(r" *[0-9]{1,2} *", digits) else 0
    if not 1 <= count <= _MOST_DIGITS:
        raise Unreadable(
            f"{quoted(digits.strip())} is no number of digits: write 1 to {_MOST_DIGITS}"
        )
    return quantity(name, experiment), count


def _printed(text: str, frame: Frame) -> str:
    try:
        found, digits = _quantity(text, frame.experiment)
    except Unreadable:  # edits have taken its timestamp or its sequence away
        return UNDEFINED
    return number(found.value(frame), digits)

"""A lesson: pages of text, each beside an experiment at one position, with something to do.

A lesson file is Markdown: a header, and pages that begin with their title and their keys. Reading
is strict: a mistake is told by its line, and of a file with a mistake nothing is read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.experiment import Experiment
from core.frame import Frame
from core.lesson_goals import Derive, Find, GoOn, Predict, Reach, Task, instruction, task_of
from core.lesson_places import BEGINNERS, PARTS, Place, parts_of, places_of, step_of
from core.lesson_text import (
    PageText,
    Passage,
    QuestionText,
    Result,
    Wrong,
    read_at,
    runs,
    take_apart,
)
from core.notation import DIGITS, UNDEFINED, number
from core.presets import PRESETS
from core.quantity import Quantity, Unreadable, one_of, quantity, quoted, sequence_index
from core.session_file import SessionFileError, load, session_name
from core.steps import BEGINNING, Position

__all__ = [
    "BEGINNERS",
    "PARTS",
    "Choice",
    "Derive",
    "Find",
    "GoOn",
    "Lesson",
    "LessonError",
    "Page",
    "Place",
    "Predict",
    "Question",
    "Reach",
    "Task",
    "filled",
    "read_lesson",
]

LAST_EPOCH = 1_000_000  # of a page: nobody waits for more
_MOST_BYTES = 10**6
_MOST_DIGITS = 17
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\(([^()\n]*)\)")


class LessonError(ValueError):
    """Not a usable lesson. The text is one sentence: which file and line, and what is needed."""


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; ``reply`` is said to whoever chooses it."""

    text: str
    right: bool
    reply: str


@dataclass(frozen=True)
class Question:
    """``choices`` is empty where the answer is free; ``answer`` may be, where there are some."""

    text: str
    choices: tuple[Choice, ...]
    answer: str


@dataclass(frozen=True, eq=False)
class Page:
    """A page; ``name`` is the key of its preset or what its session is called.

    ``parts`` are what the window shows, ``places`` what the page points at.
    """

    title: str
    text: str
    line: int
    experiment: Experiment
    name: str
    preset: str
    position: Position
    sequence: int
    compare: bool
    parts: frozenset[str]
    places: tuple[Place, ...]
    task: Task | None
    do: str
    question: Question | None


@dataclass(frozen=True, eq=False)
class Lesson:
    path: Path
    title: str
    about: str
    pages: tuple[Page, ...]


def read_lesson(path: str | Path) -> Lesson:
    """Read a lesson file. Raises `LessonError`, and never anything else."""
    path = Path(path)
    try:
        text = take_apart(_decoded(_contents(path)))
        folder = _Folder(path.parent)
        pages = tuple(_page(page, folder) for page in text.pages)
    except Wrong as wrong:
        raise LessonError(f"{path}, line {wrong.line}: {wrong}.") from None
    return Lesson(path, text.title, text.about, pages)


def filled(text: str, frame: Frame) -> str:
    """A text with the numbers of the frame's epoch in place of its quantities, shown or not."""
    return "\n".join(
        run.text
        if run.code
        else _BRACES.sub(lambda found: _printed(found[1] or "", frame), run.text)
        for run in runs(text)
    )


# -- the file ----------------------------------------------------------------------------------


def _contents(path: Path) -> bytes:
    try:
        why_not = _why_not(path)
        contents = b"" if why_not else path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character in it
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        why_not = f"cannot be opened ({why[:1].lower()}{why[1:]}): choose another file"
    if why_not:
        raise LessonError(f"{path} {why_not}.")
    return contents


def _why_not(path: Path) -> str:
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        return "is a folder or a device: choose a lesson file"
    if path.stat().st_size > _MOST_BYTES:
        return "has more than 1 MB: divide it into several lessons"
    return ""


def _decoded(contents: bytes) -> str:
    try:
        return contents.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", contents[: error.start])) + 1
        byte = contents[error.start]
        raise Wrong(line, f"the byte 0x{byte:02X} is not UTF-8: save it as UTF-8") from None


class _Folder:
    """The files beside a lesson; a session that several pages show is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sessions: dict[str, tuple[Experiment, Position]] = {}

    def session(self, name: str) -> tuple[Experiment, Position]:
        if name not in self._sessions:
            try:
                self._sessions[name] = load(self._beside(name))
            except SessionFileError as error:
                raise Unreadable(str(error).removesuffix(".")) from None
        return self._sessions[name]

    def check_picture(self, name: str) -> None:
        if not os.path.isfile(self._beside(name)):
            raise Unreadable(
                f"there is no picture {quoted(name)} beside the lesson: "
                "put it there, or correct its name"
            )

    def _beside(self, name: str) -> Path:
        if name.startswith("/") or ".." in PurePosixPath(name).parts or set(name) & set("\\:"):
            raise Unreadable(
                f"{quoted(name)} is not beside the lesson: write the name of a file in its folder"
            )
        return self._folder / name


# -- a page ------------------------------------------------------------------------------------


def _page(raw: PageText, folder: _Folder) -> Page:
    name, experiment, start = _experiment(raw, folder)
    timestamps = experiment.timestamps
    parts = _value(raw, "show", parts_of, BEGINNERS)
    task = _value(raw, "task", lambda text: task_of(text, experiment, parts), None)
    position = Position(
        _value(raw, "epoch", _epoch, start.epoch),
        _value(raw, "step", lambda text: step_of(text, timestamps), start.step),
    )
    for passage in _passages(raw):
        _check(passage, experiment, folder)
    return Page(
        title=raw.title,
        text=raw.text.text,
        line=raw.line,
        experiment=experiment,
        name=name,
        preset=name if "preset" in raw.keys else "",
        position=position,
        sequence=_value(raw, "sequence", lambda text: sequence_index(text, experiment), 0),
        compare=_value(raw, "compare", _yes, False),
        parts=parts,
        places=_value(raw, "highlight", lambda text: places_of(text, experiment, parts), ()),
        task=task,
        do=_do(raw, task, timestamps),
        question=_question(raw.question),
    )


def _value(raw: PageText, key: str, read: Callable[[str], Result], default: Result) -> Result:
    """What a key says, or the default where the page does not have it."""
    return read_at(raw.keys[key].line, read, raw.keys[key].text) if key in raw.keys else default


def _experiment(raw: PageText, folder: _Folder) -> tuple[str, Experiment, Position]:
    """What the page calls it, and where it stands unless the page says so."""
    preset, session = raw.keys.get("preset"), raw.keys.get("session")
    if preset and session:
        line = max(preset.line, session.line)
        raise Wrong(line, "this page has both a preset and a session: keep one of them")
    if preset:
        return preset.text, read_at(preset.line, _preset, preset.text), BEGINNING
    if session:
        experiment, position = read_at(session.line, folder.session, session.text)
        return session_name(Path(session.text)), experiment, position
    raise Wrong(raw.line, "this page has no experiment: write preset: … or session: … below it")


def _preset(key: str) -> Experiment:
    if key not in PRESETS:
        raise Unreadable(f"there is no preset {quoted(key)}: {one_of(PRESETS)}")
    return PRESETS[key].experiment


def _epoch(text: str) -> int:
    epoch = int(text) if re.fullmatch("[0-9]{1,7}", text) else -1
    if not 0 <= epoch <= LAST_EPOCH:
        raise Unreadable(
            f"epoch must be a whole number from 0 to {LAST_EPOCH:,}, and it is {quoted(text)}"
        )
    return epoch


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unreadable(f"compare must be yes or no, and it is {quoted(text)}")
    return text == "yes"


def _do(raw: PageText, task: Task | None, timestamps: int) -> str:
    if task is None:
        if "do" in raw.keys:
            raise Wrong(raw.keys["do"].line, "do belongs to a task: add one, or remove this line")
        return ""
    if "do" in raw.keys:
        return raw.keys["do"].text
    said = instruction(task, timestamps)
    if not said:
        line = raw.keys["task"].line
        raise Wrong(line, "this task needs its instruction: add do: and what is to be done")
    return said


def _question(raw: QuestionText | None) -> Question | None:
    if raw is None:
        return None
    choices = tuple(Choice(c.text.text, c.right, c.reply.text) for c in raw.choices)
    return Question(raw.text.text, choices, raw.answer.text if raw.answer else "")


# -- quantities and pictures in the text ---------------------------------------------------------


def _passages(raw: PageText) -> Iterator[Passage]:
    """All that a page says, from top to bottom."""
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


def _check(passage: Passage, experiment: Experiment, folder: _Folder) -> None:
    """Raises `Wrong` where braces hold no quantity, or a picture is missing."""
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
            read_at(line, folder.check_picture, _file_name(found[1]))


def _file_name(target: str) -> str:
    """Of a picture: Markdown may have it in angle brackets, and a title after it."""
    return re.sub(r'\s+"[^"]*"$', "", target.strip()).removeprefix("<").removesuffix(">")


def _quantity(text: str, experiment: Experiment) -> tuple[Quantity, int]:
    """What stands in braces: a quantity, and how many digits it is printed with."""
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

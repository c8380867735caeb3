"""A lesson: pages of text, each beside an experiment at one position, with something to do.

A lesson file is Markdown: a header, and pages that begin with their title and their keys. Reading
is strict: a mistake is told by its line, and of a file with a mistake nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.cell.steps import BEGINNING, Position, Steps
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.reading import ReadProblem, quoted, read_file
from core.files.session import load, session_name
from core.files.session_fields import SessionFileError
from core.lessons.filling import check_texts, filled
from core.lessons.goals import Derive, Find, GoOn, Predict, Reach, Task, instruction, task_of
from core.lessons.places import BEGINNERS, PARTS, Place, parts_of, places_of, step_of
from core.lessons.quantity import Unreadable, one_of, sequence_index
from core.lessons.text import (
    PageText,
    QuestionText,
    Result,
    Wrong,
    read_at,
    take_apart,
)

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
_MOST_BYTES = 200_000


class LessonError(ValueError):
    """A file is no usable lesson. One sentence says which file and line, and what is needed."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose; ``reply`` is said to whoever chooses it."""

    text: str
    right: bool
    reply: str


@dataclass(frozen=True)
class Question:
    """A question, whose answer is free or one of the ``choices``.

    ``answer`` is empty where the choices' replies say all.
    """

    text: str
    choices: tuple[Choice, ...]
    answer: str


@dataclass(frozen=True, eq=False)
class Page:
    """A page of a lesson; ``name`` is the key of its preset or what its session is called.

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
    """A lesson that was read and checked."""

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


# -- the file ----------------------------------------------------------------------------------


def _contents(path: Path) -> bytes:
    try:
        return read_file(
            path,
            _MOST_BYTES,
            verb="opened",
            kind="a lesson file",
            too_large="divide it into several lessons",
        )
    except ReadProblem as problem:
        raise LessonError(str(problem)) from None


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
        if not self._beside(name).is_file():
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
    steps = experiment.steps
    parts = _value(raw, "show", parts_of, BEGINNERS)
    task = _value(raw, "task", lambda text: task_of(text, experiment, parts), None)
    position = Position(
        _value(raw, "epoch", _epoch, start.epoch),
        _value(raw, "step", lambda text: step_of(text, steps), start.step),
    )
    check_texts(raw, experiment, folder.check_picture)
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
        do=_do(raw, task, steps),
        question=_question(raw.question),
    )


def _value(raw: PageText, key: str, read: Callable[[str], Result], default: Result) -> Result:
    """Read what a key says; the default where the page does not have it."""
    return read_at(raw.keys[key].line, read, raw.keys[key].text) if key in raw.keys else default


def _experiment(raw: PageText, folder: _Folder) -> tuple[str, Experiment, Position]:
    """Read the experiment: its name, itself, and where it stands unless the page says so."""
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


def _do(raw: PageText, task: Task | None, steps: Steps) -> str:
    if task is None:
        if "do" in raw.keys:
            raise Wrong(raw.keys["do"].line, "do belongs to a task: add one, or remove this line")
        return ""
    if "do" in raw.keys:
        return raw.keys["do"].text
    said = instruction(task, steps)
    if not said:
        line = raw.keys["task"].line
        raise Wrong(line, "this task needs its instruction: add do: and what is to be done")
    return said


def _question(raw: QuestionText | None) -> Question | None:
    if raw is None:
        return None
    choices = tuple(Choice(c.text.text, c.right, c.reply.text) for c in raw.choices)
    return Question(raw.text.text, choices, raw.answer.text if raw.answer else "")

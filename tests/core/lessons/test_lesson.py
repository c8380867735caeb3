"""Lessons: read exactly, and every mistake told by its line."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from core.cell.known import KNOWN
from core.cell.steps import Kind, Position
from core.data.notation import number
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.exercises import derivation
from core.files.session import dumps
from core.lessons.lesson import (
    BEGINNERS,
    PARTS,
    Choice,
    Derive,
    Find,
    GoOn,
    Lesson,
    LessonError,
    Page,
    Place,
    Predict,
    Question,
    Reach,
    filled,
    read_lesson,
)
from core.training.run import Run
from tests.core.experiments import made

PART_2 = PRESETS["part-2"].experiment
GOOD = """\
---
title: The forward pass
about: From the inputs to the predictions, one state at a time.
---

# State 1 (In)
preset: part-2
epoch: 5
step: S1(In)
sequence: c
compare: yes
show: states, weights
highlight: state 1, equation
task: predict S1(Out), S2(In)
do: Predict both values, from Wx = {Wx: 2}.

Text in Markdown. Wx is {Wx} and the input is {X1 c}.

### A heading of the text

```python
# no page
print({"cost": 3})
```

![A picture](picture.png "with a title")

## Question
Why is State 1 (In) of all
three sequences the same?

## Answer
All three rows begin with the same input, and State 0 is {State 0}.

# Choices
session: saved.rnn.json

A text.

## Question
Which number multiplies the gradient on each hop?
- [ ] Wx | Wx stands at the inputs.
- [x] |Wrec| times the slope | Yes: one of each for every hop.
- [ ] Nothing
"""
SHORT = PART_2.with_data([[1.0, 0.0]]).changed(initial_state={"S(Out)": 0.25})
SESSION = dumps(SHORT, Position(7, 4))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "picture.png").write_bytes(b"")
    (tmp_path / "saved.rnn.json").write_text(SESSION, encoding="utf-8")
    (tmp_path / "broken.rnn.json").write_text("{", encoding="utf-8")
    return tmp_path


def read(folder: Path, text: str | bytes) -> Lesson:
    path = folder / "lesson.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_lesson(path)


def page(folder: Path, keys: str, text: str = "A text.") -> Page:
    """The only page of a lesson; it begins in line 5, its first key stands in line 6."""
    return read(folder, f"---\ntitle: A\nabout: B\n---\n# C\n{keys}\n\n{text}\n").pages[0]


def test_a_page_is_read_exactly(folder: Path) -> None:
    lesson = read(folder, GOOD)
    assert lesson.path == folder / "lesson.md"
    assert lesson.title == "The forward pass"
    assert lesson.about == "From the inputs to the predictions, one state at a time."
    first, _ = lesson.pages
    assert first.title == "State 1 (In)"
    assert first.line == 6
    assert (first.name, first.preset) == ("part-2", "part-2")
    assert first.experiment is PART_2
    assert first.position == Position(5, 1)
    assert (first.sequence, first.compare) == (2, True)
    assert first.parts == BEGINNERS | {"states", "weights"}
    assert first.places == (Place("state", 1), Place("equation"))
    assert first.task == Predict((2, 3))
    assert first.do == "Predict both values, from Wx = {Wx: 2}."
    assert first.text.startswith("Text in Markdown. Wx is {Wx} and")
    assert first.text.endswith('with a title")')
    assert '\n```python\n# no page\nprint({"cost": 3})\n```\n' in first.text
    assert first.question == Question(
        "Why is State 1 (In) of all\nthree sequences the same?",
        (),
        "All three rows begin with the same input, and State 0 is {State 0}.",
    )


def test_a_page_of_a_session_with_choices(folder: Path) -> None:
    second = read(folder, GOOD).pages[1]
    assert (second.name, second.preset) == ("saved", "")
    assert second.line == 35
    assert second.experiment.initial_state == {"S(Out)": 0.25}
    assert second.position == (7, 4)
    assert (second.sequence, second.compare, second.places) == (0, False, ())
    assert second.parts == BEGINNERS
    assert (second.task, second.do) == (None, "")
    assert second.question == Question(
        "Which number multiplies the gradient on each hop?",
        (
            Choice("Wx", False, "Wx stands at the inputs."),
            Choice("|Wrec| times the slope", True, "Yes: one of each for every hop."),
            Choice("Nothing", False, ""),
        ),
        "",
    )


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_all_systems_and_a_byte_order_mark(folder: Path, end: str) -> None:
    lesson = read(folder, b"\xef\xbb\xbf" + GOOD.replace("\n", end).encode())
    assert [one.text for one in lesson.pages] == [one.text for one in read(folder, GOOD).pages]


@pytest.mark.parametrize(
    ("step", "number"),
    [
        *(("start", 0), ("S1(In)", 1), ("S3(Out)", 6), ("cost", 7), ("dS3(Out)", 8)),
        *(("dS3(In)", 9), ("dW at 3", 10), ("dW at 1", 16), ("sums", 17), ("end", 17)),
        ("update", 18),
    ],
)
def test_steps(folder: Path, step: str, number: int) -> None:
    assert page(folder, f"preset: part-2\nstep: {step}").position == (0, number)


def test_a_session_may_be_shown_elsewhere(folder: Path) -> None:
    assert page(folder, "session: saved.rnn.json\nepoch: 2").position == (2, 4)
    assert page(folder, "session: saved.rnn.json\nstep: end").position == (7, 12)


def test_everything_is_all_but_the_tools(folder: Path) -> None:
    tools = {"code", "check", "derive"}
    assert PARTS[:3] == ("data", "network", "equation")
    shown = page(folder, "preset: part-2\nshow: everything").parts
    assert shown == set(PARTS) - tools
    assert page(folder, "preset: part-2\nshow: everything, check").parts == {*shown, "check"}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("step bar", Place("step bar")),
        ("update", Place("update")),
        ("train", Place("train")),
        ("epoch", Place("epoch")),
        ("compare", Place("compare")),
        ("cost", Place("cost")),
        ("errors", Place("errors")),
        ("surface", Place("surface")),
        ("state 0", Place("state", 0)),
        ("state  3", Place("state", 3)),
        ("gradient 1", Place("gradient", 1)),
        ("input 2", Place("input", 2)),
        ("cell 2 a", Place("cell", 2, 0)),
        ("ledger", Place("ledger")),
        ("ledger 3", Place("ledger", 3)),
    ],
)
def test_places(folder: Path, place: str, expected: Place) -> None:
    keys = f"preset: part-2\nshow: everything\nhighlight: {place}"
    assert page(folder, keys).places == (expected,)


@pytest.mark.parametrize(
    ("task", "expected", "said"),
    [
        ("predict S1(In)", Predict((1,)), "Predict, before you see: S1(In)."),
        (
            "predict S1(In), sums, S1(In)",
            Predict((1, 17)),
            "Predict, before you see: S1(In), the sums.",
        ),
        ("step cost", GoOn(7), "Go on to the cost."),
        ("step end", GoOn(17), "Go on to the sums."),
        ("step start", GoOn(0), "Go on to the start of the next epoch."),
        ("step dW at 2", GoOn(13), "Go on to what timestamp 2 adds."),
        (
            "derive dE/dWrec at 2",
            Derive(derivation.Task("Wrec", 2)),
            "Derive dE/dWrec at timestamp 2: write a formula for it.",
        ),
        (
            "find slope-forgotten",
            Find("slope-forgotten"),
            "There is a mistake in the backward pass: find it.",
        ),
    ],
)
def test_tasks(folder: Path, task: str, expected: object, said: str) -> None:
    keys = f"preset: part-2\nshow: training, {'check' if 'find' in task else 'derive'}"
    read_page = page(folder, f"{keys}\ntask: {task}")
    assert read_page.task == expected
    assert read_page.do == said
    assert page(folder, f"{keys}\ntask: {task}\ndo: Do it.").do == "Do it."


@pytest.mark.parametrize(("verb", "training"), [("edit", False), ("train", True)])
def test_tasks_with_conditions(folder: Path, verb: str, training: bool) -> None:
    keys = "preset: part-2\nshow: training\n"
    task = page(folder, f"{keys}task: {verb} cost < 0.1, rule = rprop\ndo: Do.").task
    assert isinstance(task, Reach)
    assert task.training is training
    assert [one.text for one in task.conditions] == ["cost < 0.1", "rule = rprop"]


# -- the numbers in a text ---------------------------------------------------------------------


def test_a_text_is_filled_with_the_numbers_of_the_epoch(folder: Path) -> None:
    frame = frame_at(Run(PART_2), Position(0, 0))
    text = "Wx is {Wx}, the cost {cost: 3},\n{dS3(In)\nc:12} and {X1 c}.\n\n```\n{cost}\n```\n{N}"
    assert page(folder, "preset: part-2", text).text == text
    assert filled(text, frame) == (
        "Wx is 0.4714, the cost 5.85,\n−2.03101542756 and 1.\n\n```\n{cost}\n```\n3"
    )


def test_numbers_that_an_edit_has_taken_away() -> None:
    frame = frame_at(Run(PART_2.with_data([[1.0]])), Position(0, 0))
    assert filled("{X1 a} and {X3 c}", frame) == "1 and undefined"


@given(st.text() | st.text(alphabet="{}`~\n cost: 3ab"))
def test_any_text_can_be_filled(text: str) -> None:
    filled(text, frame_at(Run(PART_2), Position(0, 0)))


# -- mistakes ----------------------------------------------------------------------------------

HEAD = "---\ntitle: A\nabout: B\n---\n"
PAGE = f"{HEAD}# C\npreset: part-2\n"  # six lines


def keys(*lines: str) -> str:
    """A page whose keys after its preset begin in line 7."""
    return PAGE + "".join(f"{line}\n" for line in lines) + "\nText.\n"


def text(*lines: str) -> str:
    """A page whose text begins in line 8."""
    return f"{PAGE}\n" + "".join(f"{line}\n" for line in lines)


WRONG = [
    # the header
    ("", 1, "there is no header: begin with the lines ---, title: …"),
    ("# C\npreset: part-2\n\nText.", 1, "there is no header"),
    ("\n" + PAGE, 1, "there is no header"),
    ("---\ntitle: A\nabout: B\n", 4, "the header is not closed: write --- below"),
    ("---\ntitle: A\nabout: B\n\n# C\npreset: part-2\n\nText.\n", 5, "the header is not closed"),
    ("---\ntitle: A\n---\n# C\n", 3, "the header has no about: add about: … above this line"),
    ("---\nabout: A\n---\n# C\n", 3, "the header has no title"),
    ("---\ntitle: A\nauthor: B\n---\n", 3, "no key “author”: write one of title, about."),
    ("---\ntitle: A\ntitle: B\n---\n", 3, "the key title stands there twice: keep one of them"),
    ("---\ntitle:\nabout: B\n---\n", 2, "the key title is empty: write a value, or remove"),
    ("---\ntitle: A\nabout B\n---\n", 3, "“about B” is no key: write key: value."),
    # pages
    (HEAD, 5, "there is no page: write # Title and a text"),
    (f"{HEAD}\nHello.\n# C\npreset: part-2\n\nText.", 6, "text stands before the first page"),
    (f"{HEAD}\n## Question\n", 6, "text stands before the first page"),
    (f"{HEAD}# \npreset: part-2\n\nText.", 5, "this page has no title: write # Title"),
    (PAGE, 5, "this page has no text"),
    (f"{PAGE}\n## Question\nWhy?\n\n## Answer\nSo.\n", 5, "this page has no text"),
    (f"{PAGE}\n# D\npreset: part-2\n\nText.", 5, "this page has no text"),
    (f"{PAGE}\nText.\n\n# D\npreset: part-2\n", 10, "this page has no text"),
    (text("```", "# D"), 8, "the code that begins here has no end"),
    (text("Text.", "~~~~", "```", "~~~", "{"), 9, "the code that begins here has no end"),
    # keys
    (f"{HEAD}# C\n\nText.", 5, "this page has no experiment: write preset: … or session: …"),
    (f"{HEAD}# C\npreset: part-7\n\nText.", 6, "no preset “part-7”: write one of part-1, part-2"),
    (keys("session: saved.rnn.json"), 7, "both a preset and a session: keep one of them"),
    (keys("colour: red"), 7, "there is no key “colour”: write one of preset, session, epoch"),
    (keys("Text without a blank line."), 7, "or leave a blank line before the text"),
    (keys("epoch: 1", "epoch: 2"), 8, "the key epoch stands there twice"),
    (keys("task: step cost", "task: step end"), 8, "the key task stands there twice"),
    (keys("show:"), 7, "the key show is empty"),
    (keys("epoch: -1"), 7, "epoch must be a whole number from 0 to 1,000,000, and it is “-1”"),
    (keys("epoch: 1000001"), 7, "epoch must be a whole number from 0 to 1,000,000"),
    (keys("epoch: 1.0"), 7, "epoch must be a whole number"),
    (keys("step: S4(In)"), 7, "there is no step “S4(In)”: write start, end, S1(In)"),
    (keys("step: 3"), 7, "sums or update, with timestamps 1 to 3"),
    (keys("step: dS3 (In)"), 7, "there is no step “dS3 (In)”"),
    (keys("sequence: d"), 7, "there is no sequence “d”: write one of a to c"),
    (keys("compare: true"), 7, "compare must be yes or no, and it is “true”"),
    (keys("show: states, plots"), 7, "there is no part “plots”: write one of data, network"),
    (keys("show: states,"), 7, "has a comma with nothing beside it: remove the comma"),
    (keys("show: code, derive"), 7, "code and derive cannot be shown together: keep one"),
    # a session
    (f"{HEAD}# C\nsession: no.rnn.json\n\nText.", 6, "no.rnn.json cannot be opened (no such file"),
    (f"{HEAD}# C\nsession: broken.rnn.json\n\nText.", 6, "the file is cut off at line 1, column 2"),
    (f"{HEAD}# C\nsession: ../a.rnn.json\n\nText.", 6, "is not beside the lesson: write the name"),
    (f"{HEAD}# C\nsession: /a.rnn.json\n\nText.", 6, "is not beside the lesson"),
    (f"{HEAD}# C\nsession: saved.rnn.json\nstep: S3(In)\n\nT.", 7, "there is no step “S3(In)”"),
    (f"{HEAD}# C\nsession: saved.rnn.json\nsequence: b\n\nT.", 7, "no sequence “b”: write a."),
    # places
    (keys("highlight: state 4"), 7, "there is no timestamp 4 here: they are 0 to 3"),
    (keys("highlight: gradient 0"), 7, "there is no timestamp 0 here: they are 1 to 3"),
    (keys("highlight: input x"), 7, "there is no timestamp x here"),
    (keys("highlight: cell 1 d"), 7, "there is no sequence “d”"),
    (keys("highlight: cell 0 a"), 7, "there is no timestamp 0"),
    (keys("highlight: cell 1"), 7, "there is no place “cell 1”: write a part that is shown"),
    (keys("highlight: button"), 7, "there is no place “button”"),
    (keys("highlight: states"), 7, "states is not on this page: add states to show"),
    (keys("show: rule", "highlight: train"), 8, "train is not on this page: add training to show"),
    (keys("highlight: epoch"), 7, "epoch is not on this page: add training to show"),
    (keys("highlight: compare"), 7, "compare is not on this page: add settings to show"),
    (keys("highlight: ledger 1"), 7, "ledger 1 is not on this page: add ledger to show"),
    # tasks
    (keys("task: draw"), 7, "there is no task “draw”: write one of predict, step, edit, train"),
    (keys("task: predict"), 7, "the task predict says no more: write predict S1(In), for example"),
    (keys("task: predict start"), 7, "start has no value to predict"),
    (keys("task: predict S1(In), S9(In)"), 7, "there is no step “S9(In)”"),
    (keys("task: step nowhere"), 7, "there is no step “nowhere”"),
    (keys("task: edit X1 a = 1"), 7, "this task needs its instruction: add do:"),
    (keys("task: edit cost < 1"), 7, "this task needs its instruction"),
    (keys("task: train cost < 1"), 7, "the task train is done in training: add training to show"),
    (keys("show: check", "task: derive dE/dWx at 1"), 8, "is done in derive: add derive to show"),
    (keys("task: find sign"), 7, "the task find is done in check: add check to show"),
    (keys("do: Edit it.", "task: edit X9 a = 1"), 8, "there is no timestamp 9"),
    (keys("task: train price < 1", "do: Train."), 7, "there is no quantity “price”"),
    (keys("task: train cost", "do: Train."), 7, "“cost” is no condition"),
    (keys("task: train rule = sgd", "do: Train."), 7, "there is no rule “sgd”"),
    (keys("task: derive cost"), 7, "nobody can derive “cost”: write derive dE/dWx at 1"),
    (keys("task: derive dE/dWx at 4"), 7, "there is no timestamp 4 here"),
    (keys("task: find it"), 7, "there is no mistake “it” to plant: write one of slope-forgotten"),
    (keys("do: Something."), 7, "do belongs to a task: add one, or remove this line"),
    # questions
    (text("Text.", "## Qestion", "Why?"), 9, "there is no section “Qestion”: write ## Question"),
    (text("Text.", "## Answer", "So."), 9, "this answer has no question: write ## Question"),
    (text("Text.", "## Question", "Why?"), 9, "this question has no answer: write ## Answer"),
    (text("Text.", "## Question", "", "## Answer", "So."), 9, "this question has no text"),
    (text("Text.", "## Question", "Why?", "## Answer", ""), 11, "this answer has no text"),
    (text("T.", "## Question", "Why?", "## Question", "W?"), 11, "has a second ## Question"),
    (text("T.", "## Question", "Why?", "- [ ] A | B", "- [ ] B"), 9, "none of the choices is righ"),
    (text("T.", "## Question", "Why?", "- [x] A", "or B"), 12, "this is no choice: write each on"),
    (text("T.", "## Question", "Why?", "- [x] A", "- [ ]"), 12, "this is no choice"),
    # quantities and pictures
    (text("One", "two {three}."), 9, "there is no quantity “three”"),
    (text("One", "two {S4(In) a}."), 9, "there is no timestamp 4"),
    (text("One", "{S2(In)", "x}."), 9, "there is no sequence “x”"),
    (text("{hidden activation}"), 8, "there is no quantity"),
    (text("One", "{cost: 18}."), 9, "“18” is no number of digits: write 1 to 17"),
    (text("{cost: 0}"), 8, "“0” is no number of digits"),
    (text("{cost: }"), 8, "“” is no number of digits"),
    (text("One", "", "a } b"), 10, "} stands alone: write a quantity as in {cost}"),
    (text("```", "{", "```", "{cost", "", "{N}"), 11, "{ stands alone"),
    (text("T.", "## Question", "Why {x}?", "## Answer", "So."), 10, "no quantity “x”"),
    (text("T.", "## Question", "Why?", "- [x] A {x}"), 11, "no quantity “x”"),
    (text("T.", "## Question", "Why?", "## Answer", "", "So {x}."), 13, "no quantity “x”"),
    (keys("task: step cost", "do: {x}"), 8, "no quantity “x”"),
    (text("A", "![P](no.png)"), 9, "there is no picture “no.png” beside the lesson: put it"),
    (text("![P](/etc/passwd)"), 8, "is not beside the lesson"),
    (text("![P](sub/../picture.png)"), 8, "is not beside the lesson"),
    (text("![P](https://example.org/a.png)"), 8, "is not beside the lesson"),
    (text("![P](C:\\\\a.png)"), 8, "is not beside the lesson"),
    (text("![P]()"), 8, "there is no picture “”"),
    (text("![P\nQ](no.png)"), 9, "there is no picture “no.png”"),
    # bytes
    (PAGE.encode() + b"\nText \xe9.\n", 8, "the byte 0xE9 is not UTF-8: save it as UTF-8"),
    (GOOD.encode("utf-16"), 1, "is not UTF-8"),
]


@pytest.mark.parametrize(
    ("mistaken", "line", "words"), WRONG, ids=[words[:40] for *_, words in WRONG]
)
def test_a_mistake_is_told_by_its_line(
    folder: Path, mistaken: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(LessonError, match=re.escape(words)) as caught:
        read(folder, mistaken)
    sentence = str(caught.value)
    assert sentence.startswith(f"{folder / 'lesson.md'}, line {line}: ")
    assert re.fullmatch(r"[^\n]{10,500}[^.]\.", sentence)


def test_a_formula_for_too_many_timestamps(folder: Path) -> None:
    long = dumps(PART_2.with_data([[1.0] * 51]), Position(0, 0))
    (folder / "long.rnn.json").write_text(long, encoding="utf-8")
    with pytest.raises(LessonError, match="line 7: a formula can be derived for up to 50 timest"):
        page(folder, "session: long.rnn.json\ntask: derive dE/dWx at 1")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (Path.exists, " cannot be opened (no such file or directory): choose another file."),
        (Path.mkdir, " cannot be opened: it is a folder or a device: choose a lesson file."),
        (os.mkfifo, " cannot be opened: it is a folder or a device: choose a lesson file."),
        (lambda path: path.symlink_to(path), " cannot be opened (too many levels of symbolic"),
        (
            lambda path: path.write_text("x" * 200_001),
            " cannot be opened: it has more than 0.2 MB: ",
        ),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "lesson.md"
    make(path)
    with pytest.raises(LessonError) as caught:
        read_lesson(path)
    assert str(caught.value).startswith(f"{path}{sentence}")


def test_a_path_that_is_none() -> None:
    for path in ("lesson\0.md", "x" * 5000):
        with pytest.raises(LessonError, match="cannot be opened"):
            read_lesson(path)


# -- nothing but LessonError -------------------------------------------------------------------


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "picture.png").write_bytes(b"")
    (folder / "saved.rnn.json").write_text(SESSION, encoding="utf-8")
    return folder


def read_or_refuse(folder: Path, mistaken: str | bytes) -> None:
    try:
        assert read(folder, mistaken).pages
    except LessonError as error:
        sentence = str(error)
    else:
        sentence = "It is a good one."
    assert re.fullmatch(r"[^\n]+\.", sentence)


@given(st.binary() | st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_garbage_is_refused(shared: Path, garbage: str | bytes) -> None:
    with pytest.raises(LessonError):
        read(shared, garbage)


LINES = GOOD.splitlines()
PIECES = [
    "# ",
    "## ",
    "- [x] ",
    "```",
    "{",
    "}",
    "![](",
    ")",
    "---",
    ":",
    ",",
    "\0",
    " ",
    "9" * 400,
]


@given(
    st.lists(
        st.sampled_from([*LINES, *PIECES, ""]) | st.text(alphabet="#-[]x |{}`:\n"), max_size=40
    )
)
def test_any_lines_are_read_or_refused(shared: Path, lines: list[str]) -> None:
    read_or_refuse(shared, "\n".join([*LINES[:6], *lines]).encode())


@given(st.data())
def test_a_good_lesson_with_a_mistake_in_it_is_read_or_refused(
    shared: Path, data: st.DataObject
) -> None:
    lines = list(LINES)
    places = st.integers(0, len(LINES) - 1)
    for change in data.draw(st.lists(st.sampled_from(["gone", "twice", "swapped"]), max_size=3)):
        one, other = data.draw(places) % len(lines), data.draw(places) % len(lines)
        if change == "gone":
            del lines[one]
        elif change == "twice":
            lines.insert(other, lines[one])
        else:
            lines[one], lines[other] = lines[other], lines[one]
    read_or_refuse(shared, "\n".join(lines))


@given(st.integers(0, len(GOOD)), st.integers(0, 6), st.sampled_from([*PIECES, "é", "−", ""]))
def test_a_good_lesson_with_a_piece_replaced_is_read_or_refused(
    shared: Path, start: int, length: int, piece: str
) -> None:
    read_or_refuse(shared, GOOD[:start] + piece + GOOD[start + length :])


@pytest.mark.parametrize(
    "piece", ["![", "![](", "{", "`", "# ", " ", "a: ", "- [x] ", "{cost", "\n", "# a\n", "```\n"]
)
def test_nothing_takes_long(folder: Path, piece: str) -> None:
    for head in ("", HEAD, f"{PAGE}\n"):
        body = piece * (200_000 // len(piece))
        started = time.process_time()
        with pytest.raises(LessonError):
            read(folder, f"{head}{body}{{")
        assert time.process_time() - started < 10.0


# -- the lessons that come with the program ------------------------------------------------------


def test_all_lessons_can_be_read() -> None:
    for path in sorted((Path(resources.__file__).parent / "lessons").glob("*.md")):
        assert read_lesson(path).pages


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x" * 2001, "line 8: a line has at most 2,000 characters: break it"),
        ("a\n" * 5000, "line 5001: a lesson has at most 5,000 lines: divide it"),
        ("{cost}\n" * 501, "line 5: this page has more than 500 braces: divide it"),
    ],
)
def test_lessons_have_bounds(folder: Path, body: str, words: str) -> None:
    with pytest.raises(LessonError, match=words):
        read(folder, text(body))


def test_a_page_of_another_cell(folder: Path) -> None:
    experiment = made(KNOWN["lstm"](), 2, 3)
    (folder / "lstm.rnn.json").write_text(dumps(experiment, Position(0, 0)), encoding="utf-8")
    keys = "session: lstm.rnn.json\nshow: training, derive\n"
    there = page(folder, f"{keys}step: dc2\ntask: predict dh2, c3", "{c2[1] b} {hop 1[2] a}")
    steps = experiment.steps
    assert there.position.step == steps.number(Kind.GRADIENT, "c", 2)
    assert there.do == "Predict, before you see: dE/dh2, c3."
    frame = frame_at(Run(experiment), Position(0, 0))
    gate, state = frame.trace.values("f", 2)[0, 1], frame.trace.values("c", 2)[1, 0]
    assert filled(there.text, frame) == f"{number(state)} {number(gate)}"
    with pytest.raises(LessonError, match="write start, end, i1\\(In\\), i1, f1"):
        page(folder, f"{keys}step: S1(In)")
    derived = page(folder, f"{keys}task: derive dE/dc2").task
    assert derived == Derive(derivation.Task("c", 2, of_weight=False))

"""What the user guide says of lessons is so."""

from __future__ import annotations

import re
from pathlib import Path

from core.cell.steps import BEGINNING, Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import frame_at
from core.files.session import save
from core.lessons.lesson import PARTS, filled, read_lesson
from core.lessons.quantity import quantity
from core.training.run import Run
from rnn_gui.actions import ACTIONS
from rnn_gui.lessons import COURSE

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guide.md").read_text(encoding="utf-8")
PART_2: Experiment = PRESETS["part-2"].experiment


def test_its_example_is_a_lesson(tmp_path: Path) -> None:
    example, choices = re.findall(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
    save(tmp_path / "my-numbers.rnn.json", PART_2, BEGINNING)
    (tmp_path / "drawing.png").touch()
    path = tmp_path / "mine.md"
    path.write_text(f"{example}\n# One more\npreset: part-2\n\nText.\n\n{choices}")
    lesson = read_lesson(path)
    assert len(lesson.pages) == 3
    assert [page.question is not None for page in lesson.pages] == [False, True, True]
    frame = frame_at(Run(PART_2), Position(0, 0))
    assert "{" not in filled(lesson.pages[0].text, frame)


def test_its_quantities_parts_and_pictures_exist() -> None:
    part = GUIDE[GUIDE.index("In a text `{cost}`") :]
    named = re.findall(r"`\{([^}:]+)\}`", part)
    assert len(named) > 15
    for name in named:
        quantity(name, PART_2)
    row = next(line for line in GUIDE.splitlines() if line.startswith("| `show`"))
    assert set(re.findall(r"`([a-z]+)`", row)) == {*PARTS[3:], "show", "everything"}
    prose = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    for target in re.findall(r"\]\(([^):#]+)\)", prose):
        assert (DOCS / target).exists(), target


def test_its_numbers_of_the_course_are_right() -> None:
    lessons = [read_lesson(path) for path in COURSE.glob("*.md")]
    assert f"It has {len(lessons)} short lessons" in GUIDE
    assert {len(lesson.pages) for lesson in lessons} <= {2, 3, 4}


def test_its_keys_exist() -> None:
    keys = {shortcut.replace("PgDown", "Page Down") for s in ACTIONS for shortcut in s.shortcuts}
    lecture = {"C", "P", "H", "L", "1", "6"}
    for combination in re.findall(r"((?:<kbd>[^<]+</kbd>\+?)+)", GUIDE):
        named = "+".join(re.findall(r"<kbd>([^<]+)</kbd>", combination))
        assert named.replace("→", "Right").replace("←", "Left") in keys | lecture, named

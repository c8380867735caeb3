"""Every place that a lesson can point at is somewhere in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from core.lessons.lesson import LessonError, read_lesson
from tests.journeys.conftest import Program

INSIDE = (
    *("step bar", "next", "forward", "backward", "update", "train", "epoch", "compare"),
    *("targets", "predictions", "errors", "cost"),
)
OF_A_TIMESTAMP = (*("state 0", "state 3", "gradient 1", "input 2", "ledger 2", "cell 2 b"),)
PARTS = (
    *("data", "network", "equation", "edits", "weights", "settings", "rule", "states"),
    *("gradients", "ledger", "history", "surface", "curve", "steps", "training", "try"),
)
TOOLS = ("code", "check", "derive")
LESSON = """---
title: Places
about: One.
---

# Here
preset: part-2
step: end
show: {show}
highlight: {place}

Look.
"""


def written(folder: Path, place: str, show: str) -> Path:
    path = folder / "places.md"
    path.write_text(LESSON.format(place=place, show=show))
    return path


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_place_has_a_frame_in_the_window(
    program: Program, tmp_path: Path, size: tuple[int, int]
) -> None:
    program.window.resize(*size)
    lessons = program.window.lessons
    for place in (*PARTS, *INSIDE, *OF_A_TIMESTAMP, *TOOLS):
        show = f"everything, {place}" if place in TOOLS else "everything"
        lessons.open_file(written(tmp_path, place, show))
        for _ in range(4):
            QApplication.processEvents()
        frames = lessons.spotlight.frames
        assert len(frames) == 1, place
        assert program.window.rect().contains(frames[0])
        assert min(frames[0].width(), frames[0].height()) > 12


def test_no_place_is_left_out_here(tmp_path: Path) -> None:
    """The mistake lists them all."""
    with pytest.raises(LessonError) as told:
        read_lesson(written(tmp_path, "nowhere", "everything"))
    listed = str(told.value).partition("one of ")[2].split(", or such as")[0]
    assert set(listed.split(", ")) == set(INSIDE)

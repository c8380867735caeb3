"""What README promises is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from rnn_gui.actions import ACTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lines_of_python_do_what_they_say() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    whole = "\n".join(blocks)
    done = subprocess.run([sys.executable, "-c", whole], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(blocks) == 2
    assert abs(float(lines[0]) - 0.09503597500590609) < 1e-9
    assert lines[-1] == "None"


def test_every_file_that_it_shows_or_links_is_there() -> None:
    for document in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^):#]+)\)", document.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{document.name}: {target}"


def test_the_modules_of_the_guide_are_there() -> None:
    guide = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for room in (ROOT / "core").glob("[a-z]*/"):
        assert f"`{room.name}/`" in guide, room.name
    for path in (ROOT / "rnn_gui").glob("[a-z]*.py"):
        assert f"`{path.stem}`" in guide, path.stem


def test_the_keys_that_it_names_exist() -> None:
    keys = {shortcut for spec in ACTIONS for shortcut in spec.shortcuts}
    for combination in re.findall(r"((?:<kbd>[^<]+</kbd>\+?)+)", README):
        named = "+".join(re.findall(r"<kbd>([^<]+)</kbd>", combination))
        assert named.replace("→", "Right").replace("←", "Left") in keys

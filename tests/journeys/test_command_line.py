"""`rnn-gui` as a process: what it prints, what it writes, and how every mistake ends."""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import rnn_gui
from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.files import session as session_file
from core.training.run import Run
from rnn_gui.__main__ import main
from tests.tutorial import changed, pair

ROOT = Path(rnn_gui.__file__).parents[1]
TUTORIAL = json.loads((ROOT / "tests/reference/tutorial.json").read_text())
FIGURES = ("network", "states", "gradients", "history", "curve", "equation", "surface")
TABLES = ("history", "states", "gradients", "values", "weights", "steps")
ALL_FILES = {f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg", "pdf")} | {
    f"{name}.csv" for name in TABLES
}


def environment() -> dict[str, str]:
    """As on a machine without a screen."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONPATH": str(ROOT)}


def python(*arguments: str, folder: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(),
        text=True,
        capture_output=True,
        timeout=100,
        check=False,
        **options,  # type: ignore[call-overload]
    )


def command(*arguments: str, folder: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return python("-m", "rnn_gui", *arguments, folder=folder, **options)


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below, hidden ones too, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A session that stands at epoch 4, after 10 steps."""
    path = tmp_path / "lecture.rnn.json"
    session_file.save(path, PRESETS["part-2"].experiment, Position(4, 10))
    return path


# -- what it does --------------------------------------------------------------------------


def test_presets_are_listed(tmp_path: Path) -> None:
    done = command("presets", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(PRESETS)


@pytest.mark.parametrize("arguments", [["presets"], ["--version"], ["--help"], ["export", "-h"]])
def test_words_alone_load_no_qt(arguments: list[str], tmp_path: Path) -> None:
    done = python("-c", WITHOUT_QT, *arguments, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_tables_alone_need_no_qt(tmp_path: Path) -> None:
    arguments = ["export", "part-2", "--out", "here", "--formats", "csv"]
    done = python("-c", WITHOUT_QT, *arguments, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(tree(tmp_path / "here")) == {f"{name}.csv" for name in TABLES}


WITHOUT_QT = """
import sys
sys.modules["PySide6"] = sys.modules["pyqtgraph"] = None
from rnn_gui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_everything_is_exported_without_a_screen(tmp_path: Path) -> None:
    done = command("export", "part-2", "--out", "new/folder", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(tree(tmp_path / "new/folder")) == ALL_FILES
    printed = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name for path in printed} == ALL_FILES
    assert len(printed) == len(ALL_FILES)
    assert all((tmp_path / path).stat().st_size > 50 for path in printed)


def test_the_same_export_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        arguments = ("export", "part-2", "--epochs", "50", "--step", "12", "--out", folder)
        assert command(*arguments, folder=tmp_path).returncode == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_the_tutorial_after_60000_epochs(tmp_path: Path) -> None:
    arguments = ("export", "part-2", "--epochs", "60000", "--out", "out", "--formats", "csv")
    assert command(*arguments, folder=tmp_path).returncode == 0
    rows = table(tmp_path / "out/history.csv")
    assert len(rows) == 60_001
    part_2 = next(case for case in TUTORIAL["cases"] if case["name"] == "part-2")
    assert part_2["epochs"][-1]["cost"] == 0.09503597500590609
    for expected in part_2["epochs"]:
        row = {name: float(text) for name, text in rows[expected["epoch"]].items()}
        assert row == pytest.approx(expected, rel=0, abs=1e-9)


def stands_at(folder: Path) -> tuple[int, int]:
    """The epoch, and how many of the first 16 of 18 steps are done, read from the tables."""
    states, gradients = table(folder / "states.csv")[:4], table(folder / "gradients.csv")[:3]
    cells = [row[name] for row in states[1:] for name in ("state_in", "state_out")]
    cells += [table(folder / "history.csv")[-1]["cost"]]
    cells += [
        row[name] for row in gradients[::-1] for name in ("d_state_out", "d_state_in", "d_wx")
    ]
    known = [cell != "" for cell in cells]
    assert known == sorted(known, reverse=True)
    return int(table(folder / "history.csv")[-1]["epoch"]), sum(known)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], (4, 10)),
        (["--step", "3"], (4, 3)),
        (["--step", "0"], (4, 0)),
        (["--epochs", "2"], (2, 16)),  # and the sums: all but the update
        (["--epochs", "2", "--step", "8"], (2, 8)),
        (["--epochs", "0", "--step", "18"], (0, 16)),
    ],
)
def test_a_session_stays_where_it_stands_unless_told(
    options: list[str], expected: tuple[int, int], session: Path, tmp_path: Path
) -> None:
    arguments = ("export", session.name, "--out", "out", "--formats", "csv", *options)
    done = command(*arguments, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert stands_at(tmp_path / "out") == expected


def test_a_preset_stands_before_its_first_update(tmp_path: Path) -> None:
    command("export", "part-1", "--out", "out", "--formats", "csv", folder=tmp_path)
    assert stands_at(tmp_path / "out") == (0, 16)


def test_only_the_chosen_formats_and_sequence(tmp_path: Path) -> None:
    arguments = ("export", "part-2", "--out", "out", "--formats", "svg", "--sequence", "2")
    assert command(*arguments, folder=tmp_path).returncode == 0
    written = tree(tmp_path / "out")
    assert set(written) == {f"{name}.svg" for name in FIGURES}
    assert b"sequence b" in (written["network.svg"] or b"")


def test_files_that_were_there_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    command("export", "part-2", "--out", ".", "--formats", "csv", folder=tmp_path)
    assert (tmp_path / "history.csv").read_text().startswith("epoch,cost")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_session_is_read_before_the_window_opens(
    session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr("rnn_gui.preflight.window_problem", lambda: None)

    def run_window(found: object) -> int:
        opened.append(found)
        return 0

    monkeypatch.setattr("rnn_gui.app.run_window", run_window)
    assert main([]) == main([str(session)]) == 0
    nothing, found = opened
    assert nothing is None
    assert isinstance(found, tuple)
    assert found[1:] == (Position(4, 10), session)


# -- mistakes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["export", "part-2"], "--out"),
        (["export", "--out", "out"], "SOURCE"),
        (["export", "part-2", "--out", ""], "--out: needs the name of a folder"),
        (["export", "prat-2", "--out", "out"], "did you mean part-2?"),
        (["export", "prat-2", "--out", "out"], ", ".join(PRESETS)),
        (["export", "nothing.rnn.json", "--out", "out"], "nothing.rnn.json cannot be opened"),
        (["export", "broken.rnn.json", "--out", "out"], "cut off"),
        (["export", ".", "--out", "out"], "folder"),
        (["export", "part-2", "--out", "out", "--epochs", "-1"], "--epochs"),
        (
            ["export", "part-2", "--out", "out", "--epochs", "10000000", "--step", "18"],
            "from 0 to 9,999,999 with the update done",
        ),
        (["diverging.rnn.json"], "stands at epoch 1,000, which its run does not reach"),
        (["export", "overflowing.rnn.json", "--out", "out"], "not a finite number"),
        (["export", "part-2", "--out", "out", "--epochs", "x"], "“x”"),
        (["export", "part-2", "--out", "out", "--epochs", "1.5"], "“1.5”"),
        (["export", "part-2", "--out", "out", "--epochs", "10000001"], "10,000,000"),
        (["export", "part-2", "--out", "out", "--epochs", "9" * 5000], "whole number"),
        (["export", "part-2", "--out", "out", "--step", "99"], "0 to 18 with 3 timestamps"),
        (["export", "part-2", "--out", "out", "--step", "19"], "0 to 18 with 3 timestamps"),
        (["export", "part-2", "--out", "out", "--step", "-1"], "--step"),
        (["export", "part-2", "--out", "out", "--sequence", "0"], "1 to 3"),
        (["export", "part-2", "--out", "out", "--sequence", "4"], "1 to 3"),
        (["export", "part-2", "--out", "out", "--formats", "png,gif"], "png,svg,pdf,csv"),
        (["export", "part-2", "--out", "out", "--formats", ""], "png,svg,pdf,csv"),
        (["export", "part-2", "--out", "notes.txt"], "notes.txt cannot be written"),
        (["export", "part-2", "--out", "notes.txt/out"], "cannot be written"),
        (["export", "part-2", "--out", "out", "--epoch", "3"], "--epoch"),
        (["export", "part-2", "more", "--out", "out"], "more"),
        (["export", "wild.rnn.json", "--out", "out", "--epochs", "1000"], "smaller learning rates"),
        (["presets", "more"], "more"),
        (["--screen"], "--screen"),
        (["exprot", "part-2"], "part-2"),
        (["exprot"], "did you mean export?"),
        (["broken.rnn.json"], "cut off"),
        (["./export"], "export cannot be opened"),
        ([], "screen"),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(
    arguments: list[str], named: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "export").write_text("a file that is called like a command")
    (tmp_path / "broken.rnn.json").write_text('{"format": "rnn-stepper", "vers')
    session_file.save(tmp_path / "wild.rnn.json", wild(), Position(0, 0))
    session_file.save(tmp_path / "diverging.rnn.json", wild(), Position(1000, 0))
    huge = changed(PRESETS["part-1"].experiment, weights=pair(1e200, 1e200))
    session_file.save(tmp_path / "overflowing.rnn.json", huge, Position(0, 0))
    before = tree(tmp_path)
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("rnn-gui: ")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
    assert tree(tmp_path) == before


def test_a_run_ends_before_the_epoch_asked_for(tmp_path: Path) -> None:
    """The update of the last finite epoch needs the one after it; the rest does not."""
    session_file.save(tmp_path / "wild.rnn.json", wild(), Position(0, 0))
    last = Run(wild())
    last.reach(1000)
    to_last = ("export", "wild.rnn.json", "--formats", "csv", "--epochs", str(last.last))
    refused = command(*to_last, "--out", "no", "--step", "18", folder=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr == f"rnn-gui: {last.ending}\n"
    assert command(*to_last, "--out", "yes", "--step", "17", folder=tmp_path).returncode == 0
    assert set(tree(tmp_path)) == {"wild.rnn.json", "yes", *(f"yes/{name}.csv" for name in TABLES)}


@pytest.mark.parametrize("limit", [200, 4_000, 40_000])
def test_a_disk_that_fills_up_leaves_nothing_behind(limit: int, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/network.png").write_text("old")
    before = tree(tmp_path)

    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    arguments = ("export", "part-2", "--epochs", "500", "--out", "out")
    done = command(*arguments, folder=tmp_path, preexec_fn=full_disk)
    assert done.returncode == 2
    assert "make room on the disk" in done.stderr
    assert done.stderr.count("\n") == 1
    assert tree(tmp_path) == before


# -- quiet ends ----------------------------------------------------------------------------


def test_nobody_reads_the_output_to_its_end(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = ["-m", "rnn_gui", "presets"]
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=100,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_output_has_no_room(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rnn_gui", "presets"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=100,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"rnn-gui: the output cannot be written")


def test_an_interrupted_export_ends_quietly_and_writes_nothing(tmp_path: Path) -> None:
    arguments = ["export", "part-2", "--epochs", "10000000", "--out", "out"]
    done = python("-c", INTERRUPTED, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert tree(tmp_path) == {}


INTERRUPTED = """
import _thread, sys, threading
from rnn_gui.__main__ import main
threading.Timer(0.5, _thread.interrupt_main).start()
sys.exit(main(sys.argv[1:]))
"""


def wild() -> Experiment:
    """Part 1 with rates at which it overflows within ten epochs."""
    return changed(PRESETS["part-1"].experiment, learning_rates=pair(0.1, 0.1))

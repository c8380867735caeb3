"""Files are written whole or not at all, whatever goes wrong on the way."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from core.files import writing
from core.files.writing import FileProblem, write_file, write_files

OLD = {"a.csv": b"old a", "other.txt": b"mine"}
NEW = {"a.csv": b"new a", "b.csv": b"new b", "c.csv": b"new c"}


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden things too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in OLD.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def check_unchanged(folder: Path) -> None:
    assert contents(folder) == OLD
    assert sorted(p.name for p in folder.iterdir()) == sorted(OLD)


def test_all_files_are_written_and_others_left_alone(folder: Path) -> None:
    write_files(folder, {**NEW, "c.csv": iter([b"new", b" ", b"c"])})
    assert contents(folder) == {**OLD, **NEW}
    assert sorted(p.name for p in folder.iterdir()) == sorted({**OLD, **NEW})


def test_folders_are_made_where_they_are_missing(tmp_path: Path) -> None:
    write_files(tmp_path / "x" / "y", NEW)
    assert contents(tmp_path / "x" / "y") == NEW


def test_a_name_as_long_as_the_system_allows(tmp_path: Path) -> None:
    write_file(tmp_path / ("n" * 255), b"data")
    assert contents(tmp_path) == {"n" * 255: b"data"}


def full_disk(path: object, mode: str) -> IO[bytes]:
    assert mode == "xb"
    return open("/dev/full", "wb")


@pytest.mark.parametrize("target", [".", "new/folder"])
def test_a_full_disk_changes_nothing(
    folder: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "open", full_disk, raising=False)
    with pytest.raises(FileProblem) as caught:
        write_files(folder / target, NEW)
    first = folder / target / "a.csv"
    assert str(caught.value) == (
        f"{first} cannot be written (no space left on device): "
        "make room on the disk or choose another folder; nothing was changed."
    )
    check_unchanged(folder)


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_disk_that_fills_up_at_the_last_moment(
    folder: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files_synced = iter(range(1, 100))

    def fsync(_: int) -> None:
        if next(files_synced) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(FileProblem, match=f"{'abc'[at - 1]}.csv cannot be written"):
        write_files(folder, NEW)
    check_unchanged(folder)


LIMITED = """
import resource, sys
from core.files.writing import FileProblem, write_files
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    write_files(sys.argv[1], {"a.csv": b"fits", "b.csv": (b"x" * 1000 for _ in range(100))})
except FileProblem as problem:
    print(problem)
"""


def test_a_file_that_the_system_stops_in_the_middle(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LIMITED, str(folder)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"{folder / 'b.csv'} cannot be written (file too large): make ro")
    check_unchanged(folder)


def broken() -> Iterator[bytes]:
    yield b"half"
    raise ZeroDivisionError


@pytest.mark.parametrize("target", [".", "new/folder"])
def test_content_that_breaks_off(folder: Path, target: str) -> None:
    with pytest.raises(ZeroDivisionError):
        write_files(folder / target, {"a.csv": b"new a", "b.csv": broken()})
    check_unchanged(folder)


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), KeyboardInterrupt()])
def test_a_move_that_fails_is_undone(
    folder: Path, at: int, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new c is moved in, the new b and the new a over the old ones."""
    (folder / "b.csv").write_bytes(b"old b")
    before = contents(folder)
    move, moves = os.replace, iter(range(1, 100))

    def flaky(source: Path, target: Path) -> None:
        if next(moves) == at:
            raise error
        move(source, target)

    monkeypatch.setattr(os, "replace", flaky)
    with pytest.raises((FileProblem, KeyboardInterrupt)):
        write_files(folder, NEW)
    assert contents(folder) == before


@pytest.mark.parametrize("target", ["other.txt", "other.txt/deeper/down"])
def test_a_folder_that_is_a_file_or_lies_under_one(folder: Path, target: str) -> None:
    with pytest.raises(FileProblem, match=r"other\.txt is not a folder.*choose another folder"):
        write_files(folder / target, NEW)
    check_unchanged(folder)


@pytest.mark.parametrize(
    "make",
    [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/null")],
    ids=["folder", "pipe", "device"],
)
def test_what_is_no_ordinary_file_is_not_replaced(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "c.csv"
    make(path)
    with pytest.raises(FileProblem, match="this is not an ordinary file"):
        write_files(tmp_path, NEW)
    with pytest.raises(FileProblem, match="this is not an ordinary file"):
        write_file(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["c.csv"]
    assert not path.is_file()


def test_a_write_protected_file_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # nothing is protected from root
    with pytest.raises(FileProblem, match=r"this file is write-protected.*you may write to"):
        write_file(folder / "a.csv", b"new")
    check_unchanged(folder)


def test_a_name_that_is_too_long(folder: Path) -> None:
    with pytest.raises(FileProblem, match=r"file name too long.*choose a shorter name"):
        write_file(folder / ("n" * 300), b"")
    check_unchanged(folder)


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_permissions_of_an_ordinary_one(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_file(tmp_path / "new.json", b"{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_replaced_file_keeps_its_permissions(folder: Path, mode: int) -> None:
    (folder / "a.csv").chmod(mode)
    write_file(folder / "a.csv", b"new")
    assert stat.S_IMODE((folder / "a.csv").stat().st_mode) == mode


def test_a_link_stays_and_its_file_is_replaced(folder: Path) -> None:
    (folder / "sub").mkdir()
    link = folder / "sub" / "link.csv"
    link.symlink_to(folder / "a.csv")
    write_file(link, b"new")
    assert link.is_symlink()
    assert (folder / "a.csv").read_bytes() == b"new"
    assert [p.name for p in (folder / "sub").iterdir()] == ["link.csv"]


def test_a_link_in_the_folder_stays_too(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "real.csv").write_bytes(b"old")
    (folder / "b.csv").symlink_to(elsewhere / "real.csv")
    write_files(folder, NEW)
    assert (folder / "b.csv").is_symlink()
    assert contents(elsewhere) == {"real.csv": b"new b"}
    assert contents(folder) == {**OLD, **NEW}


KILLED = """
import os, signal, sys
from core.files import writing
move, moves = os.replace, iter(range(int(sys.argv[2])))
def flaky(source, target):
    if next(moves, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    move(source, target)
os.replace = flaky
writing.write_files(sys.argv[1], {"a.csv": b"new a", "b.csv": b"new b", "c.csv": b"new c"})
"""


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_kill_leaves_every_name_and_the_next_export_clears_up(folder: Path, moves: int) -> None:
    (folder / "b.csv").write_bytes(b"old b")
    command = [sys.executable, "-c", KILLED, str(folder), str(moves)]
    root = Path(__file__).parents[3]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert done.returncode == -9
    assert (folder / "a.csv").read_bytes() == b"old a"
    assert (folder / "b.csv").read_bytes() == (b"new b" if moves == 2 else b"old b")
    assert any(p.name.startswith(".rnn-stepper-") for p in folder.iterdir())
    write_files(folder, NEW)
    assert sorted(p.name for p in folder.iterdir()) == sorted({**OLD, **NEW})


def test_a_hidden_folder_in_use_is_left_alone(folder: Path) -> None:
    def content() -> Iterator[bytes]:
        write_files(folder, {"other.txt": b"written meanwhile"})
        yield b"new a"

    write_files(folder, {"a.csv": content()})
    assert contents(folder) == {"a.csv": b"new a", "other.txt": b"written meanwhile"}


def test_an_error_while_clearing_up_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_disk(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("shutil.rmtree", broken_disk)
    write_files(folder, NEW)
    assert (folder / "c.csv").read_bytes() == b"new c"

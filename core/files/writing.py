"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from core.data.reading import reason, shown_path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Content = bytes | Iterable[bytes]

_HIDDEN = ".rnn-stepper-"
_NO_ROOM = "make room on the disk or choose another folder"
_FORBIDDEN = "choose a folder that you may write to"
_WAYS_OUT = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOTDIR: "choose another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}


class FileProblem(Exception):
    """A file cannot be written. The text is one sentence: which file, why, what to do."""

    def __init__(self, path: Path, error: Exception, way_out: str = "") -> None:
        number = error.errno if isinstance(error, OSError) else None
        way_out = way_out or _WAYS_OUT.get(number or 0, "choose another name")
        super().__init__(
            f"{shown_path(path)} cannot be written ({reason(error)}): "
            f"{way_out}; nothing was changed."
        )


class _Move(NamedTuple):
    """A file written aside, the place where it goes, and where the old one is kept meanwhile."""

    named: Path  # as the caller calls it
    target: Path  # the file that a link stands for
    new: Path
    old: Path


def write_file(path: str | Path, content: Content) -> None:
    """Write one file, following a link to the file it stands for. Raises `FileProblem`."""
    real = Path(os.path.realpath(path))
    write_files(real.parent, {real.name: content})


def write_files(directory: str | Path, files: Mapping[str, Content]) -> None:
    """Write all files, named by the keys, into a directory that is made where it is missing.

    All or nothing: everything is written to the disk in a hidden directory beside its place
    first, then each file replaces the old one in one move, so that there is always one of its
    name. On a failure of any kind, of an iterator too, all is put back as it was. The system's
    reasons (`OSError`) are raised as `FileProblem`, other exceptions as they are.
    """
    folder = Path(directory)
    for name in files:
        with _problems_of(folder / name):
            _check_replaceable(folder / name)
    with ExitStack() as made, ExitStack() as hidden:
        with _problems_of(folder):
            _make_folders(folder, made)
        staging: dict[Path, Path] = {}
        moves = []
        for index, (name, content) in enumerate(files.items()):
            with _problems_of(folder / name):
                target = Path(os.path.realpath(folder / name))
                if target.parent not in staging:
                    staging[target.parent] = hidden.enter_context(_hidden_folder(target.parent))
                aside = staging[target.parent] / str(index)
                moves.append(
                    _Move(folder / name, target, Path(f"{aside}.new"), Path(f"{aside}.old"))
                )
                _write_new(moves[-1].new, content, target)
        _put_in_place(moves)
        made.pop_all()


def _put_in_place(moves: list[_Move]) -> None:
    with ExitStack() as moved:
        for move in moves:
            with _problems_of(move.named):
                _keep(move)
        for move in reversed(moves):
            with _problems_of(move.named):
                moved.callback(_put_back, move)
                os.replace(move.new, move.target)
        moved.pop_all()


@contextmanager
def _problems_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a path with a null character in it
        raise FileProblem(path, error) from error


# --- hidden folders ---------------------------------------------------------------------------


@contextmanager
def _hidden_folder(beside: Path) -> Iterator[Path]:
    """Make a hidden folder for a while; those that a killed program has left are cleared.

    Nothing that goes wrong while it is cleared is raised: the files are in their places then.
    """
    for left in beside.glob(f"{_HIDDEN}*"):
        if _is_abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=_HIDDEN, dir=beside))
    lock = _locked(folder)
    try:
        yield folder
    finally:
        if lock is not None:
            os.close(lock)
        with suppress(OSError):
            shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: Path) -> int | None:
    """Lock a folder as long as this process lives; None where that is not possible."""
    if fcntl is None:
        return None
    with suppress(OSError):
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
        else:
            return lock
    return None


def _is_abandoned(folder: Path) -> bool:
    """Tell whether nobody holds the lock of a hidden folder any more."""
    lock = _locked(folder)
    if lock is not None:
        os.close(lock)
    return lock is not None


# --- one file ---------------------------------------------------------------------------------


def _make_folders(folder: Path, made: ExitStack) -> None:
    if not folder.exists():
        _make_folders(folder.parent, made)
        folder.mkdir()
        made.callback(_remove_empty, folder)
    elif not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is not a folder")


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # someone else has put a file there meanwhile
        folder.rmdir()


def _check_replaceable(path: Path) -> None:
    """Refuse what moving a file over it would overrule: a device, a write protection."""
    if os.path.lexists(path) and not path.is_file():
        raise OSError(errno.EEXIST, "this is not an ordinary file")
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "this file is write-protected")


def _write_new(path: Path, content: Content, replaced: Path) -> None:
    """Write to the disk itself; as readable for others as the file that it will replace."""
    with open(path, "xb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)
        file.flush()
        os.fsync(file.fileno())
    if replaced.exists():
        path.chmod(replaced.stat().st_mode & 0o777)


def _keep(move: _Move) -> None:
    """Keep the old file under a second name, so that it can be put back."""
    if move.target.exists():
        try:
            os.link(move.target, move.old)
        except OSError:  # a file system without such links
            shutil.copy2(move.target, move.old)


def _put_back(move: _Move) -> None:
    if move.old.exists():
        os.replace(move.old, move.target)
    elif not move.new.exists():
        move.target.unlink(missing_ok=True)

"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

Content = bytes | Iterable[bytes]

_WAYS_OUT = {
    errno.ENOSPC: "make room on the disk or choose another folder",
    errno.EDQUOT: "make room on the disk or choose another folder",
    errno.EFBIG: "make room on the disk or choose another folder",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.ENOTDIR: "choose another folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}


class FileProblem(Exception):
    """A file cannot be written. The text is one sentence: which file, why, what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        why = error.strerror or str(error)
        way_out = _WAYS_OUT.get(error.errno or 0, "choose another name")
        super().__init__(
            f"{path} cannot be written ({why[:1].lower()}{why[1:]}): "
            f"{way_out}; nothing was changed."
        )


def write_file(path: str | Path, content: Content) -> None:
    """Write one file, following a link to the file it stands for. Raises `FileProblem`."""
    real = Path(os.path.realpath(path))
    write_files(real.parent, {real.name: content})


def write_files(directory: str | Path, files: Mapping[str, Content]) -> None:
    """Write all files, named by the keys, into a directory that is made where it is missing.

    All or nothing: everything is written to the disk in a hidden directory inside first, then
    moved into place. On a failure of any kind, of an iterator too, all is put back as it was.
    The system's reasons (`OSError`) are raised as `FileProblem`, other exceptions as they are.
    """
    target = Path(directory)
    for name in files:
        with _problems_of(target / name):
            _check_replaceable(target / name)
    with ExitStack() as made:
        with _problems_of(target):
            _make_folders(target, made)
            hidden = TemporaryDirectory(
                prefix=".rnn-stepper-", dir=target, ignore_cleanup_errors=True
            )
        with hidden as staging, ExitStack() as moved:
            for index, (name, content) in enumerate(files.items()):
                with _problems_of(target / name):
                    _write_new(Path(staging, f"{index}.new"), content, target / name)
            for index, name in reversed(list(enumerate(files))):
                with _problems_of(target / name):
                    # After file 0 nothing is left to fail: it replaces the old one in one move.
                    if index:
                        _set_aside(target / name, Path(staging, f"{index}.old"), moved)
                    os.replace(Path(staging, f"{index}.new"), target / name)
            moved.pop_all()
        made.pop_all()


@contextmanager
def _problems_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileProblem(path, error) from error


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
    """Moving a file over another asks nobody: neither a device nor a write protection."""
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


def _set_aside(path: Path, aside: Path, moved: ExitStack) -> None:
    """Move a file out of the way, and on a failure back; where there was none, remove the new."""
    if os.path.lexists(path):
        os.replace(path, aside)
        moved.callback(os.replace, aside, path)
    else:
        moved.callback(path.unlink, missing_ok=True)

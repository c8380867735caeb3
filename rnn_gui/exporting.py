"""Figures and tables of a frame, as files in a folder: all of them, or none.

Qt is loaded where a figure is drawn, and not for tables alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.data.notation import DIGITS
from core.epoch.frame import Frame
from core.files.tables import TABLES
from core.files.writing import Content, write_files

FIGURE_FORMATS = ("png", "svg", "pdf")
TABLE_FORMAT = "csv"
FORMATS = (*FIGURE_FORMATS, TABLE_FORMAT)


@dataclass(frozen=True)
class ExportRequest:
    """What to write, and where. Pictures are of figures alone, and CSV of tables alone."""

    directory: str | Path
    figures: Sequence[str]
    tables: Sequence[str]
    formats: Sequence[str] = FORMATS
    others: Mapping[str, Content] = field(default_factory=dict)  # files to write beside

    @property
    def figure_formats(self) -> list[str]:
        return [kind for kind in FIGURE_FORMATS if kind in self.formats]

    def file_names(self) -> list[str]:
        """The names of all files that will be there."""
        pictures = [f"{name}.{kind}" for name in self.figures for kind in self.figure_formats]
        tables = self.tables if TABLE_FORMAT in self.formats else ()
        return pictures + [f"{name}.{TABLE_FORMAT}" for name in tables]


def export(
    frame: Frame, request: ExportRequest, *, digits: int = DIGITS, log_gradients: bool = False
) -> list[Path]:
    """Write what is asked for; the paths written. Figures print numbers with so many digits,
    and with ``log_gradients`` the sizes of the gradients on a log axis.

    Nothing is written before everything is drawn. Raises `core.files.FileProblem`, and leaves
    the folder as it was, where a file cannot be written.
    """
    files: dict[str, Content] = dict(request.others)
    if request.figure_formats:
        files.update(_pictures(frame, request, digits, log_gradients))
    if TABLE_FORMAT in request.formats:
        files.update({f"{name}.{TABLE_FORMAT}": TABLES[name](frame) for name in request.tables})
    write_files(request.directory, files)
    return [Path(request.directory) / name for name in files]


def _pictures(
    frame: Frame, request: ExportRequest, digits: int, log_gradients: bool
) -> Iterator[tuple[str, bytes]]:
    from rnn_gui.figures import draw

    for name in request.figures:
        figure = draw(name, frame, digits=digits, log_gradients=log_gradients)
        for kind in request.figure_formats:
            yield f"{name}.{kind}", figure.as_bytes(kind)

"""Figures and tables of a frame, as files in a folder: all of them, or none.

Qt is loaded where a figure is drawn, and not for tables alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from core.files import Content, write_files
from core.frame import Frame
from core.tables import TABLES

FIGURES = ("network", "states", "gradients", "history", "curve", "equation")
FIGURE_FORMATS = ("png", "svg", "pdf")
TABLE_FORMAT = "csv"
FORMATS = (*FIGURE_FORMATS, TABLE_FORMAT)


def export(
    frame: Frame,
    directory: str | Path,
    figures: Collection[str] = FIGURES,
    tables: Collection[str] = tuple(TABLES),
    formats: Collection[str] = FORMATS,
) -> list[Path]:
    """Write each figure in each picture format, and each table as CSV; the paths written.

    Nothing is written before everything is drawn. Raises `core.files.FileProblem`, and leaves
    the folder as it was, where a file cannot be written.
    """
    files: dict[str, Content] = {}
    wanted = [name for name in FIGURE_FORMATS if name in formats]
    if wanted:
        from rnn_gui.figures import draw

        for name in figures:
            figure = draw(name, frame)
            files.update({f"{name}.{format_}": figure.as_bytes(format_) for format_ in wanted})
    if TABLE_FORMAT in formats:
        files.update({f"{name}.{TABLE_FORMAT}": TABLES[name](frame) for name in tables})
    write_files(directory, files)
    return [Path(directory) / name for name in files]

"""What is measured, each item in a process of its own.

So none finds the memory, the threads or the settings that another left behind.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context

from benchmarks.table import Row

ITEMS = (
    *("training", "lstm", "live", "large", "growth", "surface"),
    *("basin", "step", "million", "history", "first_paint"),
)


def rows_of(item: str) -> list[Row]:
    """What an item measures; what goes wrong in its process is raised here."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_rows_here, item).result()


def _rows_here(item: str) -> list[Row]:
    rows: list[Row] = import_module(f"benchmarks.{item}").rows()
    return rows

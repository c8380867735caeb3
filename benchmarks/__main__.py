"""Measure all items, print the table, and write it to docs/performance.md.

Items named on the command line are measured and printed alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks import machine
from benchmarks.items import ITEMS, rows_of
from benchmarks.report import page
from benchmarks.table import Row, markdown

_PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in ITEMS]:
        print(f"There is no {', '.join(unknown)}; choose from {', '.join(ITEMS)}.", file=sys.stderr)
        return 2
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "default.warning=false"  # what off-screen cannot do
    found: list[Row] = []
    for name in names or ITEMS:
        print(f"{name} …", file=sys.stderr)
        found += rows_of(name)
    print(markdown(found))
    if not names:
        _PAGE.write_text(page(machine.description(), found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

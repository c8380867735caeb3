"""The page that tells what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.agreement import TOLERANCE
from benchmarks.table import Row, markdown, quantity

_HEAD = """# Performance

Written by `make bench`, on this machine:

"""
_READING = f"""
## How to read it

Each line is one thing that the program does. **ours** and **yardstick's** are medians over the
rounds of one run, the quartiles behind them in parentheses: half of the rounds lie between them.
Ours and its yardsticks take turns in every round, and **result** is the median of the ratios of
the rounds, so that a busy moment of the machine slows both sides. Where there is no yardstick,
**result** is the number itself. **differ by** is the largest difference between the numbers that
both sides compute, relative to the number, or to 1 where it is smaller than 1; above {TOLERANCE:g}
nothing would be timed. A line without anything **wanted** is there for orientation.

Training is told in seconds for each epoch, the basin map for each epoch of each start. Where two
sides take turns in rounds the garbage collector rests while the clock runs, and whatever compiles
is compiled before. The yardsticks live in `benchmarks/yardsticks/`: the tutorial's loop as a
learner writes it, NumPy, PyTorch and JAX as their manuals recommend, and a loop in C. The window
is measured as it is used, off-screen, with its first layout at 1440 × 900; the first paint on a
virtual X screen, where there is one.
"""
_NOT_MET = "\n## What is not met, and why\n\n"
_REMARKS = "\n## Remarks\n\n"


def page(machine: Mapping[str, str], rows: Sequence[Row]) -> str:
    """The whole page in Markdown."""
    described = "".join(f"- {name}: {value}\n" for name, value in machine.items())
    missed = [row for row in rows if row.verdict == "not met"]
    noted = [row for row in rows if row.remark and row not in missed]
    text = f"{_HEAD}{described}\n{markdown(rows)}\n{_READING}"
    if missed:
        text += _NOT_MET + "".join(map(_note, missed))
    if noted:
        text += _REMARKS + "".join(map(_note, noted))
    return text


def _note(row: Row) -> str:
    beside = f" beside {row.yardstick}" if row.yardstick else ""
    told = " ".join(text for text in (_shortfall(row), row.remark) if text)
    return f"- {row.what}{beside}: {told}\n"


def _shortfall(row: Row) -> str:
    if row.verdict != "not met" or row.result is None:
        return ""
    found = quantity(row.result.median, row.result.unit)
    return f"{found} where {row.wanted} is wanted. {row.why}".strip()

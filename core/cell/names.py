"""The spelling of every name: on paper, in sentences, in lessons and in programs.

A quantity has one name, as its equation has it: ``S(In)``, ``h``, ``Wrec``. All its other
spellings follow from that here, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.cell.description import Cell


def apart(name: str) -> tuple[str, str]:
    """Split a name into its base and its mark: S(In) into S and (In)."""
    base, bracket, mark = name.partition("(")
    return base, bracket + mark


def label(name: str, k: object) -> str:
    """Spell a quantity at a timestamp as it is typed: S2(In)."""
    base, mark = apart(name)
    return f"{base}{k}{mark}"


def variable(cell: Cell, name: str) -> str:
    """Spell a name as a variable of a program: S(In) is s_in, unless the cell says otherwise."""
    if name in cell.code:
        return cell.code[name]
    base, mark = apart(name)
    return f"{base}_{mark[1:-1].lower()}" if mark else base


def sequence_name(index: int) -> str:
    """Name a sequence as it is called on screen: a, b, c … z, then 27, 28 …"""
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def component_name(name: str, part: tuple[int, ...]) -> str:
    """Spell one number among a weight's: Wi[1;2] by row and column, from 1."""
    return f"{name}[{';'.join(str(i + 1) for i in part)}]" if part else name

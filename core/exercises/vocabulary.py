"""The names that a formula may use, as they are typed: S2, S2_in, S2(In), X1, y, Wrec, N, dc2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from core.cell.description import Cell
from core.cell.expression import Leaf
from core.cell.names import apart, label
from core.cell.parsing import TARGET
from core.epoch.equation import Derivative, Name, Symbol
from core.exercises.random_epochs import COUNT

_LISTED = 6  # so many kinds of names are listed in a sentence


def typed(cell: Cell, x: Leaf, k: int) -> str:
    """Spell a quantity as formulas are typed: S2_in, S2, X1, dc2, Wrec."""
    if x.shift is None or (x.name in cell.weights and not x.d):
        return x.name
    text = label(x.name, k + x.shift).replace("(Out)", "").replace("(In)", "_in")
    return "d" * x.d + text


class Vocabulary:
    """The names of a cell over ``timestamps`` timestamps; with ``gradients`` dE/d of its
    quantities, too."""

    def __init__(self, cell: Cell, timestamps: int, *, gradients: bool = False) -> None:
        self.cell, self.timestamps, self.gradients = cell, timestamps, gradients

    @cached_property
    def known(self) -> dict[str, Leaf]:
        """Every spelling, and what it means."""
        found: dict[str, Leaf] = {}
        for leaf in self._leaves():
            for name in self._spellings(leaf):
                found.setdefault(name, leaf)
        return found

    def _leaves(self) -> Iterator[Leaf]:
        cell, last = self.cell, self.timestamps
        yield from map(Leaf, cell.weights)
        yield COUNT
        yield from () if cell.costs_everywhere else (Leaf(TARGET),)
        yield from (Leaf(name, 0) for name in cell.states)
        for k in range(1, last + 1):
            yield from (Leaf(e.left, k) for e in cell.at(k == last))
            yield Leaf(cell.input, k)
            if cell.costs_everywhere:
                yield Leaf(TARGET, k)
            if self.gradients:
                lefts = (line.left.name for line in cell.backward(k == last))
                yield from (Leaf(x, k, d=True) for x in lefts if x not in cell.weights)

    def _spellings(self, x: Leaf) -> Iterator[str]:
        yield typed(self.cell, x, 0)
        _, mark = apart(x.name)
        if mark and x.shift is not None:
            whole = "d" * x.d + label(x.name, x.shift)
            yield from (whole.replace(mark, f"_{mark[1:-1].lower()}"), whole)

    def shortened(self, text: str) -> str:
        """Return a text with dE/dc2 as it is typed, dc2."""
        return text.replace("dE/d", "d") if self.gradients else text

    @property
    def example_name(self) -> str:
        """A quantity as it is typed: the first that goes into a function."""
        names = self.cell.quantities
        found = next((q for q in names if q.endswith("(In)")), names[0])
        return typed(self.cell, Leaf(found, 1), 0)

    @property
    def example(self) -> str:
        """A formula as it is typed."""
        cell, last = self.cell, self.timestamps
        prediction = typed(cell, Leaf(cell.prediction, last), 0)
        if self.gradients:
            return f"d{prediction}*{prediction}"
        return f"2/N*({prediction} - {TARGET})*{label(cell.input, last)}"

    def symbol(self, text: str, function: str = "") -> Symbol:
        """Typeset a name as the equations on screen have it; one that is not known as it stands."""
        leaf = self.known.get(text)
        if leaf is None or leaf == COUNT:
            return f"{function}({text})" if function else text
        base, mark = apart(leaf.name)
        name = Name(base, "" if leaf.shift is None else str(leaf.shift), mark, function)
        return Derivative(name) if leaf.d else name

    def why_unknown(self, name: str, functions: Sequence[str]) -> str:
        """Say why a name is none of these, and which are."""
        shown = name if len(name) <= 20 else f"{name[:20]}…"
        for other in (*self.known, *functions):
            if _plain(name) == _plain(other):
                return f"The name {shown} is not known: did you mean {other}?"
        bases: dict[str, list[int]] = {}
        for x in self.known.values():
            if x.shift is not None and not x.d:
                bases.setdefault(apart(x.name)[0], []).append(x.shift)
        base, k, mark = _apart(name)
        if k == "0" and mark == "in" and 0 in bases.get(base, []):
            state = "State 0" if base in self.cell.words and base == "S" else f"{base}0"
            return f"{state} has no (In): it is given, so write {base}0."
        named = (*bases, *self.cell.weights)
        if not self.gradients and (
            name[:2] == "dE" or name.startswith(tuple(f"d{x}" for x in named))
        ):
            return f"{shown}… is itself a derivative: write it out in states, inputs and weights."
        if k and base in bases:
            first, last = min(bases[base]), max(bases[base])
            return f"There is no {shown}: {base}{first} to {base}{last} are there."
        return (
            f"The name {shown} is not known: write {self._listed()} or a function such as d_log()."
        )

    def _listed(self) -> str:
        ranges: dict[str, list[str]] = {}
        for x in self._leaves():
            if x.shift is not None and not x.d and x.name != TARGET:
                ranges.setdefault(x.name, []).append(typed(self.cell, x, 0))
        found = [f"{r[0]} to {r[-1]}" if len(r) > 1 else r[0] for r in ranges.values()]
        listed = [*found[: _LISTED - 1], found[-1]] if len(found) > _LISTED else found
        return ", ".join([*listed, TARGET, *self.cell.weights[:_LISTED], COUNT.name])


def _plain(name: str) -> str:
    return re.sub(r"[_()]", "", name.lower())


def _apart(name: str) -> tuple[str, str, str]:
    """Take a name with a number in it apart: its base, the number, its mark."""
    found = re.fullmatch(r"([A-Za-z_]+?)([0-9]+)(_in|_out|\(In\)|\(Out\))?", name)
    mark = (found[3] or "").strip("_()").lower() if found else ""
    return (found[1], found[2], mark) if found else ("", "", "")

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


class Vocabulary:
    """The names of a cell over ``timestamps`` timestamps; with ``gradients`` dE/d of its
    quantities, too."""

    def __init__(self, cell: Cell, timestamps: int, *, gradients: bool = False) -> None:
        self.cell, self.timestamps, self.gradients = cell, timestamps, gradients
        self.has_matrices = not cell.is_plain

    def __contains__(self, name: str) -> bool:
        return name in self.known

    @cached_property
    def known(self) -> dict[str, Leaf]:
        """Every spelling, and what it means."""
        found: dict[str, Leaf] = {}
        for leaf in self._leaves():
            for name in self._spellings(leaf):
                found.setdefault(name, leaf)
        return found

    @cached_property
    def places(self) -> tuple[Leaf, ...]:
        """What all spellings mean, in their order."""
        return tuple(self.known.values())

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.known)}

    def number(self, name: str) -> int:
        """Count a spelling among all of them, from 0."""
        return self._numbers[name]

    def shortened(self, text: str) -> str:
        """Return a text with dE/dc2 as it is typed, dc2."""
        return text.replace("dE/d", "d") if self.gradients else text

    @property
    def example_name(self) -> str:
        """A quantity as it is typed: the first that goes into a function."""
        names = self.cell.quantities
        found = next((q for q in names if q.endswith("(In)")), names[0])
        return self.typed(found, 1)

    @property
    def example(self) -> str:
        """A formula as it is typed."""
        last = self.timestamps
        prediction, fed = self.typed(self.cell.prediction, last), label(self.cell.input, last)
        if self.gradients:
            return f"d{prediction}*{prediction}"
        return f"2/N*({prediction} - y)*{fed}"

    def typed(self, name: str, k: int) -> str:
        """Spell a quantity as it is typed: S2, S2_in."""
        return label(name, k).replace("(Out)", "").replace("(In)", "_in")

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
        if x.shift is None:
            yield x.name
            return
        d, (base, mark) = "d" * x.d, apart(x.name)
        if mark != "(In)":
            yield f"{d}{base}{x.shift}"
        if mark:
            yield f"{d}{base}{x.shift}_{mark[1:-1].lower()}"
            yield f"{d}{base}{x.shift}{mark}"

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
        plain = _plain(name)
        for other in (*self.known, *functions):
            if plain == _plain(other):
                return f"The name {shown} is not known: did you mean {other}?"
        base, k, mark = _apart(name)
        starts = {apart(s)[0] for s in self.cell.states}
        if base in starts and k == "0" and mark == "in":
            state = "State 0" if base in self.cell.words and base == "S" else f"{base}0"
            return f"{state} has no (In): it is given, so write {base}0."
        if not self.gradients and (name[:2] == "dE" or self._is_gradient(name)):
            return f"{shown}… is itself a derivative: write it out in states, inputs and weights."
        bases = {apart(x.name)[0] for x in self.known.values() if x.shift is not None}
        if base in bases and k:
            first = f"{base}{0 if base in starts else 1}"
            return f"There is no {shown}: {first} to {base}{self.timestamps} are there."
        return (
            f"The name {shown} is not known: write {self._listed()} or a function such as d_log()."
        )

    def _is_gradient(self, name: str) -> bool:
        names = (*self.cell.quantities, *self.cell.weights)
        return name[:1] == "d" and any(name[1:].startswith(apart(q)[0]) for q in names)

    def _listed(self) -> str:
        cell, last = self.cell, self.timestamps
        starts = {apart(s)[0] for s in cell.states}
        ranges: dict[str, str] = {}
        for name in (*cell.states, *cell.quantities, cell.input):
            base, mark = apart(name)
            first = 0 if base in starts and mark != "(In)" else 1
            key = self.typed(name, last)
            ranges.setdefault(key, f"{self.typed(name, first)} to {key}" if last > first else key)
        found = [*ranges.values()]
        listed = [*found[: _LISTED - 1], found[-1]] if len(found) > _LISTED else found
        return ", ".join([*listed, TARGET, *cell.weights[:_LISTED], "N"])


def _plain(name: str) -> str:
    return re.sub(r"[_()]", "", name.lower())


def _apart(name: str) -> tuple[str, str, str]:
    """Take a name with a number in it apart: its base, the number, its mark."""
    found = re.fullmatch(r"([A-Za-z_]+?)([0-9]+)(_in|_out|\(In\)|\(Out\))?", name)
    mark = (found[3] or "").strip("_()").lower() if found else ""
    return (found[1], found[2], mark) if found else ("", "", "")

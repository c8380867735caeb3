"""Numbers of a run by name, as a lesson writes them: ``S2(Out) c``, ``dE/dWx at 1``; conditions.

A quantity has a value in every epoch; it is *known* only where the position has come to it. So a
text may name a number before it is shown, and no condition holds before its numbers are seen.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from core.cell.known import ACTIVATIONS
from core.cell.names import component_name, label, sequence_name
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import Experiment
from core.data.reading import number_in, quoted, shortened
from core.epoch.frame import Frame
from core.lessons.sorts import Sort, sorts_of

_SAME = 1e-9  # relative


class Unreadable(ValueError):
    """A text means nothing. The error is a sentence without place and full stop."""


@dataclass(frozen=True)
class Quantity:
    """One number of a run. ``timestamp`` is 0 and ``sequence`` -1 where it has none; ``part`` is
    the place, from 0, in a vector or matrix."""

    text: str
    sort: Sort = field(compare=False)
    timestamp: int = 0
    sequence: int = -1
    part: tuple[int, ...] = ()

    def value(self, frame: Frame) -> float:
        """Return its value in the frame's epoch, shown or not; nan where there is none.

        Weights are those that the epoch starts from: all its other numbers follow from them.
        """
        if not self._exists(frame.experiment):
            return math.nan
        with np.errstate(all="ignore"):
            found = self.sort.value(frame, self.timestamp, self.sequence)
        return float(np.asarray(found)[self.part])

    def known(self, frame: Frame) -> float | None:
        """Return it as it is shown at this position, a new weight after an update; else None."""
        if not self._exists(frame.experiment) or not self.sort.is_known(frame, self.timestamp):
            return None
        if self.sort.shown is None:
            return self.value(frame)
        return float(np.asarray(self.sort.shown(frame))[self.part])

    def _exists(self, experiment: Experiment) -> bool:
        """Edits may have taken its timestamp, its sequence or its component away."""
        span = self.sort.timestamps(experiment)
        sizes = self.sort.sizes(experiment)
        return (
            (self.timestamp in span if self.timestamp else True)
            and self.sequence < experiment.sequences
            and all(i < size for i, size in zip(self.part, sizes, strict=True))
        )


@dataclass(frozen=True)
class Word:
    """A choice of the experiment, in the words of a session file."""

    text: str

    def known(self, frame: Frame) -> str:
        """Return what is chosen."""
        chosen: str = getattr(frame.experiment, _WORDS[self.text].field)
        return chosen


@dataclass(frozen=True)
class Condition:
    """A comparison such as ``cost < 0.1``; ``text`` is how it is written."""

    text: str
    quantity: Quantity | Word
    comparison: str
    wanted: float | str

    def holds(self, frame: Frame) -> bool:
        """Tell whether it holds; never where the quantity is not known."""
        found = self.quantity.known(frame)
        return found is not None and _COMPARISONS[self.comparison](found, self.wanted)


def quantity(text: str, experiment: Experiment) -> Quantity:
    """Find the number called so. Raises `Unreadable` where the experiment has none."""
    text = _single_spaced(text)
    sorts = sorts_of(experiment.cell)
    for sort in sorts:
        if match := sort.pattern.fullmatch(text):
            return _quantity(text, sort, match.groupdict(), experiment)
    for sort in sorts:
        if example := _completed(text, sort):
            what = "a sequence" if example == f"{text} a" else "a component"
            raise Unreadable(f"{quoted(text)} needs {what}: write {example}")
    names = _examples(experiment)
    raise Unreadable(f"there is no quantity {quoted(text)}: write one such as {names}")


def _completed(text: str, sort: Sort) -> str:
    """Complete a name that lacks its component, its sequence or both; empty where that is none."""
    component = component_name("", (0,) * len(sort.shape))
    head, blank, tail = text.partition(" at ")
    name, space, sequence = text.rpartition(" ")
    for example in (
        f"{text} a",
        f"{text}{component}",
        f"{text}{component} a",
        f"{head}{component}{blank}{tail}",
        f"{name}{component}{space}{sequence}",
    ):
        if sort.pattern.fullmatch(example):
            return example
    return ""


def _examples(experiment: Experiment) -> str:
    """Give a few names that the experiment has."""
    cell, last = experiment.cell, experiment.timestamps
    weight = experiment.layout.component_names[0]
    rows = ((cell.input, min(2, last)), (cell.prediction, last))
    numbers = [f"{label(q, k)}{component_name('', (0,) * len(cell.shapes[q]))} a" for q, k in rows]
    return f"cost, {weight}, {', '.join(numbers)} or dE/d{weight} at 1"


def condition(text: str, experiment: Experiment) -> Condition:
    """Read a quantity, one of = < > <= >=, and a number or a word. Raises `Unreadable`."""
    text = _single_spaced(text)
    parts = re.fullmatch(r"([^<>=]*)(<=|>=|=|<|>)([^<>=]*)", text)
    if parts is None:
        raise Unreadable(f"{quoted(text)} is no condition: write one such as cost < 0.1")
    name, comparison, wanted = (part.strip() for part in parts.groups())
    if name in _WORDS:
        if not getattr(experiment, _WORDS[name].field):
            raise Unreadable(f"{name} is nothing that this cell lets one choose: leave it out")
        return Condition(text, Word(name), *_wanted_word(name, comparison, wanted))
    return Condition(text, quantity(name, experiment), comparison, _number(wanted))


def sequence_index(name: str, experiment: Experiment) -> int:
    """Find the place, from 0, of the sequence that is called so. Raises `Unreadable`."""
    if re.fullmatch("[a-z]", name):
        index = ord(name) - ord("a")
    else:
        index = int(name) - 1 if re.fullmatch("[1-9][0-9]{0,6}", name) else -1
    if 0 <= index < experiment.sequences and sequence_name(index) == name:
        return index
    last = sequence_name(experiment.sequences - 1)
    names = "a" if last == "a" else f"one of a to {last}"
    raise Unreadable(f"there is no sequence {quoted(name)}: write {names}")


def timestamp(digits: str, first: int, last: int) -> int:
    """Read a timestamp from ``first`` to ``last``. Raises `Unreadable`."""
    return _counted("timestamp", digits, first, last)


def _counted(what: str, digits: str, first: int, last: int) -> int:
    k = int(digits) if re.fullmatch("[0-9]{1,7}", digits) else -1
    if first <= k <= last:
        return k
    if last < first:
        raise Unreadable(f"there is no {what} {shortened(digits)} here: leave it out")
    names = f"{first} to {last}" if last > first else f"{first} alone"
    raise Unreadable(f"there is no {what} {shortened(digits)} here: they are {names}")


def one_of(names: Mapping[str, Any] | tuple[str, ...]) -> str:
    """Tell the way out of a wrong name."""
    return f"write one of {', '.join(names)}"


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _quantity(
    text: str, sort: Sort, found: dict[str, str | None], experiment: Experiment
) -> Quantity:
    k, name, part = found.get("k"), found.get("s"), found.get("p") or ""
    span = sort.timestamps(experiment)
    places = zip(re.findall("[0-9]+", part), sort.sizes(experiment), strict=True)
    return Quantity(
        text,
        sort,
        0 if k is None else timestamp(k, span.start, span.stop - 1),
        -1 if name is None else sequence_index(name, experiment),
        tuple(_counted("component", digits, 1, size) - 1 for digits, size in places),
    )


def _wanted_word(name: str, comparison: str, wanted: str) -> tuple[str, str]:
    known = _WORDS[name].known
    if comparison != "=":
        raise Unreadable(f"{name} can only be compared with =: {one_of(known)} after it")
    if wanted not in known:
        raise Unreadable(f"there is no {name} {quoted(wanted)}: {one_of(known)}")
    return comparison, wanted


def _number(text: str) -> float:
    value = number_in(text)
    if not math.isfinite(value):
        raise Unreadable(f"{quoted(text)} is no finite number: write one such as 1 or 0.5")
    return value


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, str):
        return bool(found == wanted)
    return math.isclose(found, wanted, rel_tol=_SAME)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _same,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class _Choice(NamedTuple):
    field: str
    known: Mapping[str, Any]


_WORDS = {
    "hidden activation": _Choice("hidden_activation", ACTIVATIONS),
    "last activation": _Choice("last_activation", ACTIVATIONS),
    "rule": _Choice("update_rule", UPDATE_RULES),
}

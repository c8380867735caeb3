"""Numbers of a run by name, as a lesson writes them: ``S2(Out) c``, ``dE/dWx at 1``; conditions.

A quantity has a value in every epoch; it is *known* only where the position has come to it. So a
text may name a number before it is shown, and no condition holds before its numbers are seen.
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from core.activations import ACTIVATIONS
from core.experiment import Experiment, sequence_name
from core.frame import Frame
from core.notation import MINUS
from core.steps import Kind
from core.update_rules import UPDATE_RULES

_SAME = 1e-9  # relative
_QUOTED = 40  # characters of what is wrong that a sentence repeats


class Unreadable(ValueError):
    """What is written means nothing. The text is a sentence without place and full stop."""


@dataclass(frozen=True)
class Quantity:
    """One number of a run. ``timestamp`` is 0 and ``sequence`` -1 where it has none."""

    text: str
    sort: _Sort
    timestamp: int = 0
    sequence: int = -1

    def value(self, frame: Frame) -> float:
        """Its value in the frame's epoch, shown or not; nan where the experiment has it not.

        Wx and Wrec are those that the epoch starts from: all its other numbers follow from them.
        """
        if not self._exists(frame.experiment):
            return math.nan
        where = [self.timestamp] * (self.timestamp > 0) + [self.sequence] * (self.sequence >= 0)
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.sort.value(frame, *where))

    def known(self, frame: Frame) -> float | None:
        """Its value as it is shown at this position, the new weights after an update; else None."""
        if not self._exists(frame.experiment) or not self.sort.is_known(frame, self.timestamp):
            return None
        return self.value(frame) if self.sort.shown is None else self.sort.shown(frame)

    def _exists(self, experiment: Experiment) -> bool:
        """Edits may have taken its timestamp or its sequence away."""
        last = experiment.timestamps - self.sort.before_last
        return self.timestamp <= last and self.sequence < experiment.sequences


@dataclass(frozen=True)
class Word:
    """A choice of the experiment, in the words of a session file."""

    text: str

    def known(self, frame: Frame) -> str:
        chosen: str = getattr(frame.experiment, _WORDS[self.text].field)
        return chosen


@dataclass(frozen=True)
class Condition:
    """Such as ``cost < 0.1``; ``text`` is how it is written."""

    text: str
    quantity: Quantity | Word
    comparison: str
    wanted: float | str

    def holds(self, frame: Frame) -> bool:
        """False where the quantity is not known."""
        found = self.quantity.known(frame)
        return found is not None and _COMPARISONS[self.comparison](found, self.wanted)


def quantity(text: str, experiment: Experiment) -> Quantity:
    """The number called so. Raises `Unreadable` where the experiment has none."""
    text = _single_spaced(text)
    for pattern, sort in _patterns():
        if match := pattern.fullmatch(text):
            return _quantity(text, sort, match.groupdict(), experiment)
        if pattern.fullmatch(f"{text} a"):
            raise Unreadable(f"{quoted(text)} needs a sequence: write {text} a")
    raise Unreadable(
        f"there is no quantity {quoted(text)}: "
        "write one such as cost, Wx, X2 c, S2(Out) c or dE/dWx at 1"
    )


def condition(text: str, experiment: Experiment) -> Condition:
    """A quantity, one of = < > <= >=, and a number or a word. Raises `Unreadable`."""
    text = _single_spaced(text)
    parts = re.fullmatch(r"([^<>=]*)(<=|>=|=|<|>)([^<>=]*)", text)
    if parts is None:
        raise Unreadable(f"{quoted(text)} is no condition: write one such as cost < 0.1")
    name, comparison, wanted = (part.strip() for part in parts.groups())
    if name in _WORDS:
        return Condition(text, Word(name), *_wanted_word(name, comparison, wanted))
    return Condition(text, quantity(name, experiment), comparison, _number(wanted))


def sequence_index(name: str, experiment: Experiment) -> int:
    """The place, from 0, of the sequence that is called so. Raises `Unreadable`."""
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
    """A timestamp from ``first`` to ``last``. Raises `Unreadable`."""
    k = int(digits) if re.fullmatch("[0-9]{1,7}", digits) else -1
    if first <= k <= last:
        return k
    if last < first:
        raise Unreadable(f"there is no timestamp {shortened(digits)} here: leave it out")
    names = f"{first} to {last}" if last > first else f"{first} alone"
    raise Unreadable(f"there is no timestamp {shortened(digits)} here: they are {names}")


def quoted(text: str) -> str:
    """What somebody wrote, in a sentence about it: on one line, and not too long."""
    return shortened(json.dumps(text, ensure_ascii=False))


def shortened(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}..."


def one_of(names: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The way out of a wrong name."""
    return f"write one of {', '.join(names)}"


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _quantity(
    text: str, sort: _Sort, found: dict[str, str | None], experiment: Experiment
) -> Quantity:
    k, name = found.get("k"), found.get("s")
    last = experiment.timestamps - sort.before_last
    return Quantity(
        text,
        sort,
        0 if k is None else timestamp(k, 1, last),
        -1 if name is None else sequence_index(name, experiment),
    )


def _wanted_word(name: str, comparison: str, wanted: str) -> tuple[str, str]:
    known = _WORDS[name].known
    if comparison != "=":
        raise Unreadable(f"{name} can only be compared with =: {one_of(known)} after it")
    if wanted not in known:
        raise Unreadable(f"there is no {name} {quoted(wanted)}: {one_of(known)}")
    return comparison, wanted


def _number(text: str) -> float:
    plain = text.replace(MINUS, "-")
    try:
        value = float("?" if "_" in plain else plain)  # Python reads 1_0 as ten
    except ValueError:
        value = math.nan
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


# -- the quantities --------------------------------------------------------------------------


class _Sort(NamedTuple):
    """How a quantity is read, and where it is known.

    ``value`` takes the frame, and of timestamp and sequence those that its form names. The
    timestamps are 1…T - ``before_last``.
    """

    value: Callable[..., float]
    is_known: Callable[[Frame, int], bool] = lambda _frame, _k: True
    before_last: int = 0
    shown: Callable[[Frame], float] | None = None


def _with(kind: Kind) -> Callable[[Frame, int], bool]:
    return lambda frame, k: frame.knows(kind, k)


# A slope is shown as a factor of dE/dState k (In), and not before.
_SORTS: dict[str, _Sort] = {
    "cost": _Sort(lambda f: f.trace.cost, _with(Kind.COST)),
    "epoch": _Sort(lambda f: f.position.epoch),
    "Wx": _Sort(lambda f: f.trace.weights.wx, shown=lambda f: f.weights.wx),
    "Wrec": _Sort(lambda f: f.trace.weights.wrec, shown=lambda f: f.weights.wrec),
    "rate of Wx": _Sort(lambda f: f.experiment.learning_rates.wx),
    "rate of Wrec": _Sort(lambda f: f.experiment.learning_rates.wrec),
    "State 0": _Sort(lambda f: f.experiment.initial_state),
    "T": _Sort(lambda f: f.timestamps),
    "N": _Sort(lambda f: f.sequences),
    "X{k} {s}": _Sort(lambda f, k, n: f.experiment.inputs[n, k - 1]),
    "y {s}": _Sort(lambda f, n: f.experiment.targets[n]),
    "S{k}(In) {s}": _Sort(lambda f, k, n: f.trace.state_in[k - 1, n], _with(Kind.STATE_IN)),
    "S{k}(Out) {s}": _Sort(lambda f, k, n: f.trace.state_out[k, n], _with(Kind.STATE_OUT)),
    "error {s}": _Sort(
        lambda f, n: f.trace.state_out[-1, n] - f.experiment.targets[n],
        lambda f, _k: f.knows(Kind.STATE_OUT, f.timestamps),
    ),
    "dS{k}(Out) {s}": _Sort(lambda f, k, n: f.trace.d_state_out[k - 1, n], _with(Kind.D_STATE_OUT)),
    "dS{k}(In) {s}": _Sort(lambda f, k, n: f.trace.d_state_in[k - 1, n], _with(Kind.D_STATE_IN)),
    "slope {k} {s}": _Sort(lambda f, k, n: f.trace.slopes[k - 1, n], _with(Kind.D_STATE_IN)),
    "hop {k} {s}": _Sort(
        lambda f, k, n: f.trace.weights.wrec * f.trace.slopes[k - 1, n],
        _with(Kind.D_STATE_IN),
        before_last=1,
    ),
    "dE/dWx": _Sort(lambda f: f.trace.gradient.wx, _with(Kind.SUMS)),
    "dE/dWrec": _Sort(lambda f: f.trace.gradient.wrec, _with(Kind.SUMS)),
    "dE/dWx at {k}": _Sort(lambda f, k: f.trace.d_wx_by_timestamp[k - 1], _with(Kind.D_WEIGHTS)),
    "dE/dWrec at {k}": _Sort(
        lambda f, k: f.trace.d_wrec_by_timestamp[k - 1], _with(Kind.D_WEIGHTS)
    ),
}


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], _Sort], ...]:
    """``{k}`` stands for a timestamp, ``{s}`` for a sequence's name."""
    return tuple((re.compile(_expression(form)), sort) for form, sort in _SORTS.items())


def _expression(form: str) -> str:
    escaped = re.escape(form)
    return escaped.replace(r"\{k\}", "(?P<k>[0-9]+)").replace(r"\{s\}", "(?P<s>[a-z]|[0-9]+)")

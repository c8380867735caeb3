"""What a page of a lesson shows and points at: parts of the window, places in them, steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from core.experiment import Experiment
from core.quantity import Unreadable, one_of, quoted, sequence_index, timestamp
from core.steps import Kind, before_update, steps_of

_BEGINNERS = ("data", "network", "equation")
BEGINNERS = frozenset(_BEGINNERS)
_TOOLS = ("code", "check", "derive")  # they share one place in the window
PARTS = (
    *_BEGINNERS,
    *("edits", "weights", "settings", "rule"),
    *("states", "gradients", "ledger", "history", "surface", "curve"),
    *("steps", "training", "try"),
    *_TOOLS,
)
_EVERYTHING = "everything"
START, END = "start", "end"

# Places that are no parts, and the part that each stands in where a page may be without it.
_INSIDE = {
    "step bar": "",
    "next": "",
    "forward": "",
    "backward": "",
    "update": "",
    "train": "training",
    "epoch": "training",
    "compare": "settings",
    "targets": "",
    "predictions": "",
    "errors": "",
    "cost": "",
}
# Places at a timestamp: the first one that has them.
_AT_TIMESTAMP = {"state": 0, "gradient": 1, "input": 1, "ledger": 1}


@dataclass(frozen=True)
class Place:
    """What a page points at: ``Place("state", 2)``, ``Place("cell", 2, 0)``, ``Place("cost")``."""

    name: str
    timestamp: int = 0
    sequence: int = -1


def parts_of(text: str) -> frozenset[str]:
    """The parts that a page shows, the beginner's among them. Raises `Unreadable`."""
    parts = set(BEGINNERS)
    for name in listed(text):
        if name == _EVERYTHING:
            parts |= set(PARTS) - set(_TOOLS)
        elif name in PARTS:
            parts.add(name)
        else:
            raise Unreadable(f"there is no part {quoted(name)}: {one_of((*PARTS, _EVERYTHING))}")
    tools = [name for name in _TOOLS if name in parts]
    if len(tools) > 1:
        raise Unreadable(f"{' and '.join(tools)} cannot be shown together: keep one of them")
    return frozenset(parts)


def places_of(text: str, experiment: Experiment, parts: frozenset[str]) -> tuple[Place, ...]:
    """What a page of these parts points at. Raises `Unreadable`."""
    return tuple(_place(name, experiment, parts) for name in listed(text))


def step_of(text: str, timestamps: int) -> int:
    """How many steps are done at the step that is written so. Raises `Unreadable`."""
    text = " ".join(text.split())
    steps = _steps(timestamps)
    if text in steps:
        return steps[text]
    raise Unreadable(
        f"there is no step {quoted(text)}: write {START}, {END}, S1(In), S1(Out), cost, dS1(Out), "
        f"dS1(In), dW at 1, sums or update{_timestamps(timestamps)}"
    )


def step_words(step: int, timestamps: int) -> str:
    """A step as a lesson writes it: ``S2(In)``, ``dW at 3``, ``sums``."""
    return next(name for name, number in _steps(timestamps).items() if number == step)


def listed(text: str) -> list[str]:
    """What stands between the commas. Raises `Unreadable` where that is nothing."""
    names = [" ".join(name.split()) for name in text.split(",")]
    if not all(names):
        raise Unreadable(f"{quoted(text)} has a comma with nothing beside it: remove the comma")
    return names


@lru_cache(maxsize=8)
def _steps(timestamps: int) -> dict[str, int]:
    """Every way to write a step; the steps' own names stand before ``end``."""
    written = {Kind.D_WEIGHTS: "dW at {}", Kind.SUMS: "sums"}
    names = {
        written.get(step.kind, step.kind.value).format(step.timestamp): step.number
        for step in steps_of(timestamps)
    }
    return {START: 0, **names, END: before_update(timestamps)}


def _timestamps(last: int) -> str:
    return "" if last == 1 else f", with timestamps 1 to {last}"


def _place(name: str, experiment: Experiment, parts: frozenset[str]) -> Place:
    needed = _INSIDE.get(name, name if name in PARTS else None)
    if needed is not None:
        _check_shown(name, needed, parts)
        return Place(name)
    word, *rest = name.split(" ")
    if word in _AT_TIMESTAMP and len(rest) == 1:
        _check_shown(name, word if word in PARTS else "", parts)
        return Place(word, timestamp(rest[0], _AT_TIMESTAMP[word], experiment.timestamps))
    if word == "cell" and len(rest) == 2:
        k = timestamp(rest[0], 1, experiment.timestamps)
        return Place(word, k, sequence_index(rest[1], experiment))
    raise Unreadable(
        f"there is no place {quoted(name)}: write a part that is shown, one of "
        f"{', '.join(_INSIDE)}, or such as state 2, gradient 2, input 2, ledger 2, cell 2 a"
    )


def _check_shown(name: str, part: str, parts: frozenset[str]) -> None:
    if part and part not in parts:
        raise Unreadable(f"{name} is not on this page: add {part} to show, or point elsewhere")

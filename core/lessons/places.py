"""Parts of the window, places in them and steps: all that a page of a lesson shows."""

from __future__ import annotations

from dataclasses import dataclass

from core.cell.steps import Kind, Step, Steps
from core.data.experiment import Experiment
from core.data.reading import quoted
from core.lessons.quantity import Unreadable, one_of, sequence_index, timestamp

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
_MOST_PLACES = 50
# Places at a timestamp: the first one that has them.
_AT_TIMESTAMP = {"state": 0, "gradient": 1, "input": 1, "ledger": 1}


@dataclass(frozen=True)
class Place:
    """A place that a page points at, such as ``Place("state", 2)`` or ``Place("cell", 2, 0)``."""

    name: str
    timestamp: int = 0
    sequence: int = -1


def parts_of(text: str) -> frozenset[str]:
    """Read the parts that a page shows, the beginner's among them. Raises `Unreadable`."""
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
    """Read what a page of these parts points at. Raises `Unreadable`."""
    names = listed(text)
    if len(names) > _MOST_PLACES:
        raise Unreadable(f"nobody looks at {len(names):,} places: write {_MOST_PLACES} at most")
    return tuple(_place(name, experiment, parts) for name in names)


def step_of(text: str, steps: Steps) -> int:
    """Count the steps done at the step that is written so. Raises `Unreadable`."""
    text = " ".join(text.split())
    numbers = {START: 0, **{_written(step): step.number for step in steps}}
    numbers[END] = steps.before_update
    if text in numbers:
        return numbers[text]
    kinds = {(step.kind, step.name): _written(step) for step in reversed(steps)}
    names = list(dict.fromkeys(reversed(kinds.values())))
    first, last = ", ".join(names[:-1]), names[-1]
    until = "" if steps.timestamps == 1 else f", with timestamps 1 to {steps.timestamps}"
    raise Unreadable(
        f"there is no step {quoted(text)}: write {START}, {END}, {first} or {last}{until}"
    )


def step_words(step: int, steps: Steps) -> str:
    """Write a step as a lesson does: ``S2(In)``, ``dW at 3``, ``sums``."""
    return _written(steps[step - 1]) if step else START


def _written(step: Step) -> str:
    if step.kind is Kind.PARTS:
        return f"dW at {step.timestamp}"
    return "sums" if step.kind is Kind.SUMS else step.label


def listed(text: str) -> list[str]:
    """Take apart what stands between the commas. Raises `Unreadable` where that is nothing."""
    names = [" ".join(name.split()) for name in text.split(",")]
    if not all(names):
        raise Unreadable(f"{quoted(text)} has a comma with nothing beside it: remove the comma")
    return names


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

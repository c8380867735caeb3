"""The cells of the time line: which steps stand in which cell, and where. No painting here.

Every step has a cell of its own while the labels fit. Else the steps of a timestamp share
one, or those of several timestamps do; the cell of the current step is unfolded, level by
level, down to its steps. A click on a cell goes to its last step, and so unfolds it: each
step can be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from core.cell.steps import Kind, Phase, Step, Steps
from core.data.notation import subscript

Measure = Callable[[str], float]

_PADDING = 4.0  # of a label, on either side
_GROUP = 24.0  # a group narrower than this is hard to hit
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000)


@dataclass(frozen=True)
class Cell:
    """The steps ``first_step``…``last_step`` of one phase, from ``x`` on."""

    x: float
    width: float
    first_step: int
    last_step: int
    label: str
    phase: Phase


@dataclass(frozen=True)
class _Piece:
    """What a cell holds before it has a place; ``labels`` from the best to the shortest."""

    steps: Sequence[Step]
    labels: tuple[str, ...]

    @property
    def grouped(self) -> bool:
        return len(self.steps) > 1


def step_label(step: Step) -> str:
    """A step as its cell writes it: S₂(In), dS₂(Out), dW at 2."""
    if step.kind is Kind.PARTS:
        return step.label.replace("@", "at")
    return subscript(step.label)


def layout_cells(steps: Steps, position_step: int, width: float, measure: Measure) -> list[Cell]:
    """Cells for all steps of an epoch, in order, side by side within ``width``.

    ``measure`` tells how wide a label is drawn.
    """
    # With so many steps no label could be read: no need to measure them all.
    if len(steps) * _GROUP <= width:
        pieces = [_single(step) for step in steps]
        if sum(_needed(piece, measure) for piece in pieces) <= width:
            return _placed(pieces, width, measure)
    sizes = _group_sizes(steps, width, measure)
    current = steps[max(position_step, 1) - 1]
    pieces = list(_unfolded(_all_groups(steps, sizes[0]), current, sizes[1:]))
    return _placed(pieces, width, measure)


def cell_at(cells: Sequence[Cell], x: float) -> Cell:
    """The cell under ``x``, else the one nearest to it."""
    return next((cell for cell in cells if x < cell.x + cell.width), cells[-1])


def _single(step: Step) -> _Piece:
    return _Piece((step,), (step_label(step),))


def _unfolded(
    groups: Iterable[tuple[Step, ...]], current: Step, sizes: Sequence[int]
) -> Iterator[_Piece]:
    """A piece of each group; that of the current step in groups of the next size, or steps."""
    for group in groups:
        if len(group) == 1:
            yield _single(group[0])
        elif not group[0].number <= current.number <= group[-1].number:
            yield _Piece(group, _group_labels(group[0], group[-1]))
        elif sizes:
            yield from _unfolded(_groups(group, sizes[0]), current, sizes[1:])
        else:
            yield from map(_single, group)


def _groups(steps: Sequence[Step], size: int) -> list[tuple[Step, ...]]:
    """Steps of one phase and ``size`` timestamps; those of no timestamp alone."""

    def key(step: Step) -> tuple[Phase, int]:
        return step.phase, (step.timestamp - 1) // size if step.timestamp else -1

    return [tuple(group) for _, group in groupby(steps, key)]


@lru_cache(maxsize=8)
def _all_groups(steps: Steps, size: int) -> list[tuple[Step, ...]]:
    return _groups([*steps], size)


def _group_labels(first: Step, last: Step) -> tuple[str, ...]:
    if first.timestamp == last.timestamp:
        sign = "S" if first.phase is Phase.FORWARD else "dS"
        return f"{sign}{subscript(first.timestamp)}", str(first.timestamp)
    return f"{first.timestamp}–{last.timestamp}", f"{first.timestamp}…"


@lru_cache(maxsize=8)
def _group_sizes(steps: Steps, width: float, measure: Measure) -> tuple[int, ...]:
    """The sizes of groups, level by level, that fit whatever step is the current one."""
    timestamps = steps.timestamps
    alone = [group[0] for group in _all_groups(steps, timestamps) if len(group) == 1]
    room = width - sum(_needed(_single(step), measure) for step in alone)
    # The last timestamp has the widest labels: room for its steps besides all groups.
    unfolded = [s for s in steps if (s.phase, s.timestamp) == (Phase.BACKWARD, timestamps)]
    room -= sum(_needed(_single(step), measure) for step in unfolded)
    # Wide enough for the shortest label of a group, too.
    group = max(_GROUP, measure(f"{timestamps}…") + _PADDING)
    chains = _chains(timestamps)
    fitting = (chain for chain in chains if _cells_of(timestamps, chain) * group <= room)
    return next(fitting, min(chains, key=lambda chain: _cells_of(timestamps, chain)))


def _cells_of(timestamps: int, sizes: Sequence[int]) -> int:
    """How many groups there are: all of the first size, and one unfolded at each level."""
    unfolded = sum(large // small - 1 for large, small in pairwise(sizes))
    return 2 * -(-timestamps // sizes[0]) + unfolded


@lru_cache(maxsize=8)
def _chains(timestamps: int) -> list[tuple[int, ...]]:
    """Ways to group, each size a multiple of the next, down to 1; the simplest first."""
    sizes = [size for size in _SIZES if size <= timestamps]
    chains: list[tuple[int, ...]] = [(1,)]
    for size in sizes[1:]:
        chains += [(size, *chain) for chain in chains if size % chain[0] == 0]
    return sorted(chains, key=lambda chain: (len(chain), chain[0]))


def _needed(piece: _Piece, measure: Measure) -> float:
    return _GROUP if piece.grouped else max(_GROUP, measure(piece.labels[0]) + 2 * _PADDING)


def _placed(pieces: list[_Piece], width: float, measure: Measure) -> list[Cell]:
    widths = _spread([_needed(piece, measure) for piece in pieces], width)
    cells = []
    x = 0.0
    for piece, own in zip(pieces, widths, strict=True):
        fitting = (label for label in piece.labels if measure(label) + _PADDING <= own)
        first, last = piece.steps[0], piece.steps[-1]
        cells.append(Cell(x, own, first.number, last.number, next(fitting, ""), first.phase))
        x += own
    return cells


def _spread(needed: list[float], width: float) -> list[float]:
    """Widths that fill ``width``: as equal as what each one needs allows, else all smaller."""
    total = sum(needed)
    if total >= width:
        return [own * width / total for own in needed]
    share, rest, count = width / len(needed), width, len(needed)
    for own in sorted(needed, reverse=True):
        if own <= share:
            break
        # It keeps what it needs; the smaller ones share the rest.
        rest, count = rest - own, count - 1
        share = rest / count
    return [max(own, share) for own in needed]

"""Which panels share a slide, and where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF

NETWORK, EQUATION = "network", "equation"
FEW = 2  # panels: with more of them the type is smaller, and plots stand side by side
_GAP = 8.0
_ABREAST = 2

Least = Callable[[str, float], float]  # the height that a panel needs at a width


def arranged(
    wanted: Iterable[str], room: QRectF, least: Least, stretch: Callable[[str], float]
) -> dict[str, QRectF]:
    """Places for as many of the panels as have room: the equation before all, then the network,
    then the others in their order. The network stands above, the equation below.
    """
    names = tuple(wanted)
    abreast = _ABREAST if len(names) > FEW else 1
    chosen: list[str] = []
    for name in sorted(names, key=lambda n: (n != EQUATION, n != NETWORK)):
        more = [n for n in names if n in (*chosen, name)]
        heights = [_height(row, room.width(), least) for row in _rows(more, abreast)]
        if not chosen or sum(heights) + _GAP * (len(heights) - 1) <= room.height():
            chosen = more
    return _placed(_rows(chosen, abreast), room, least, stretch)


def _rows(names: list[str], abreast: int) -> list[list[str]]:
    others = [name for name in names if name not in (NETWORK, EQUATION)]
    middle = [others[i : i + abreast] for i in range(0, len(others), abreast)]
    above, below = ([[n] for n in names if n == end] for end in (NETWORK, EQUATION))
    return [*above, *middle, *below]


def _height(row: list[str], width: float, least: Least) -> float:
    each = (width - _GAP * (len(row) - 1)) / len(row)
    return max(least(name, each) for name in row)


def _placed(
    rows: list[list[str]], room: QRectF, least: Least, stretch: Callable[[str], float]
) -> dict[str, QRectF]:
    heights = [_height(row, room.width(), least) for row in rows]
    shares = [max(stretch(name) for name in row) for row in rows]
    spare = max(room.height() - sum(heights) - _GAP * (len(rows) - 1), 0.0)
    made, top = {}, room.top()
    for row, height, share in zip(rows, heights, shares, strict=True):
        height = min(height + spare * share / sum(shares), room.height())
        width = (room.width() - _GAP * (len(row) - 1)) / len(row)
        for i, name in enumerate(row):
            made[name] = QRectF(room.left() + i * (width + _GAP), top, width, height)
        top += height + _GAP
    return made

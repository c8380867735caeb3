"""Hatched areas: lines instead of colour alone, drawn over the cells that are marked."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from core.data.values import Array

Mask = npt.NDArray[np.bool_]

_APART = 8.0  # pixels between two lines, along the axis
_STEP = 1.5  # pixels between two looks at the mask


def hatching(mask: Mask, target: QRectF, seen: QRectF, direction: int) -> Array:
    """The ends of the lines over the marked cells, in pixels, shape (·, 4).

    ``mask`` has its first row at the bottom of ``target``; ``direction`` is 1 for lines that
    rise to the right, -1 for lines that fall. What lies outside of ``seen`` is left out.
    """
    if not mask.any() or seen.isEmpty():
        return np.empty((0, 4))
    across = _columns(seen, target, direction)
    down = np.arange(seen.top() + _STEP / 2, seen.bottom(), _STEP)
    x = across[:, np.newaxis] - direction * down
    inside = (x >= seen.left()) & (x <= seen.right()) & _marked(mask, target, x, down)
    edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    lines, first = np.nonzero(edges == 1)
    _, behind = np.nonzero(edges == -1)
    top = seen.top() + first * _STEP
    bottom = np.minimum(seen.top() + behind * _STEP, seen.bottom())
    left, right = (across[lines] - direction * y for y in (top, bottom))
    return np.column_stack([left, top, right, bottom])


def _columns(seen: QRectF, target: QRectF, direction: int) -> Array:
    """Where the lines would cross y = 0; tied to the target, so that they move along with it."""
    ends = [x + direction * y for x in (seen.left(), seen.right()) for y in _ends(seen)]
    origin = (target.left() + direction * target.bottom()) % _APART
    first = np.ceil((min(ends) - origin) / _APART)
    return origin + _APART * np.arange(first, (max(ends) - origin) / _APART)


def _ends(seen: QRectF) -> tuple[float, float]:
    return seen.top(), seen.bottom()


def _marked(mask: Mask, target: QRectF, x: Array, y: Array) -> Mask:
    rows, columns = mask.shape
    column = np.floor((x - target.left()) * (columns / target.width()))
    row = np.floor((target.bottom() - y) * (rows / target.height()))
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    column = np.clip(column, 0, columns - 1).astype(np.intp)
    row = np.clip(row, 0, rows - 1).astype(np.intp)
    found: Mask = inside & mask[row, column]
    return found

"""The points of a line as what Qt paints fast: single lines, dashes among them.

Qt strokes a path that is thicker than a pixel slowly, and the slower the more it turns: a
thousand points that go up and down take a tenth of a second. Single lines take a hundredth
of that, but have no proper joints: only a long line that turns little needs those.
"""

from __future__ import annotations

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF

from core.data.values import Array

_BESIDE = 20.0  # pixels: what is further out at the sides is not seen
_MOST_DASHES = 5_000


def runs(points: Array) -> list[Array]:
    """The stretches without a gap, of two points at least."""
    finite = np.isfinite(points).all(axis=1)
    if finite.all():
        return [points] if len(points) > 1 else []
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    return [points[a:b] for a, b in edges.reshape(-1, 2).tolist() if b - a > 1]


def turns_little(points: Array, height: float) -> bool:
    """Whether a line goes up and down no more than twice the height of the plot."""
    return float(np.nansum(np.abs(np.diff(points[:, 1])))) <= 2 * height


def solid(points: Array, width: float) -> Array:
    """The ends of the lines that touch a plot of this width, shape (·, 4)."""
    parts = [_joined(run) for run in runs(points)]
    return _seen(np.vstack(parts), width) if parts else np.empty((0, 4))


def dashed(points: Array, pattern: tuple[float, ...], width: float) -> Array:
    """The same for the dashes: in turn so many pixels long, and so many apart."""
    parts = [_dashes(run, np.array(pattern)) for run in runs(points)]
    return _seen(np.vstack(parts), width) if parts else np.empty((0, 4))


def as_lines(ends: Array) -> PrimitiveArray:
    """Memory that QPainter.drawLines reads."""
    lines = PrimitiveArray(QLineF, 4)
    lines.resize(len(ends))
    lines.ndarray()[:] = ends
    return lines


def _joined(run: Array) -> Array:
    return np.column_stack([run[:-1], run[1:]])


def _dashes(run: Array, pattern: Array) -> Array:
    """Each dash may bend: it ends where a line ends, and goes on from there."""
    lengths = np.hypot(*np.diff(run, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    period = float(pattern.sum())
    count = int(along[-1] / period) + 1
    if count > _MOST_DASHES:
        return _joined(run)
    edges = np.concatenate([[0.0], np.cumsum(pattern)[:-1]])
    cuts = (np.arange(count)[:, np.newaxis] * period + edges).ravel()
    stops = np.sort(np.concatenate([cuts[cuts < along[-1]], along]))
    at = np.column_stack([np.interp(stops, along, run[:, i]) for i in (0, 1)])
    middles = (stops[:-1] + stops[1:]) / 2 % period
    drawn = np.searchsorted(edges, middles, side="right") % 2 == 1
    ends: Array = _joined(at)[drawn & (np.diff(stops) > 0)]
    return ends


def _seen(ends: Array, width: float) -> Array:
    lefts, rights = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
    seen: Array = ends[(rights >= -_BESIDE) & (lefts <= width + _BESIDE)]
    return seen

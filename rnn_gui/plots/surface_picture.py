"""Numbers over a grid of weights as a picture: colours, contour lines, hatched areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtGui import QColor, QImage, QPainterPath

from core.data.values import Array
from core.landscape import basin
from core.landscape.basin import BasinMap
from core.landscape.surface import Surface, Window
from rnn_gui.plots.surface_hatch import Mask
from rnn_gui.plots.surface_scale import Scale, scale_of_costs, scale_of_epochs
from rnn_gui.tutorial_cell import Point

Contours = tuple[tuple[QColor, QPainterPath], ...]

_RISING, _FALLING = 1, -1


@dataclass(frozen=True)
class Flat:
    """How an area without a number is drawn, and what the legend calls it."""

    text: str
    colour: str
    line: str
    direction: int


# No colour of a map is like these, and each has hatching of its own.
OVERFLOW = Flat("overflow", "#d5d9e0", "#7d8695", _RISING)
DIVERGED = Flat("diverges", "#454b57", "#9aa3b2", _RISING)
NOT_THERE = Flat("not there in time", "#e9ecf1", "#8a93a3", _FALLING)

Areas = tuple[tuple[Flat, Mask], ...]


@dataclass(frozen=True, eq=False)
class Picture:
    """What to paint over ``window``; contour lines are in parts of it, upwards from 0 to 1."""

    window: Window
    image: QImage
    scale: Scale
    contours: Contours = ()
    areas: Areas = ()
    name: str = "cost"
    smooth: bool = True  # between the numbers; else each has its cell
    lowest: Point | None = None  # where the cost is


def cost_picture(surface: Surface) -> Picture:
    overflow = ~np.isfinite(surface.cost)
    areas: Areas = ((OVERFLOW, overflow),) if overflow.any() else ()
    scale = scale_of_costs(surface.cost, surface.scale)
    shares = scale.shares(surface.cost)
    image = _painted(shares, scale, areas)
    contours = _contours(shares, scale)
    return Picture(surface.cells, image, scale, contours, areas, lowest=_lowest(surface))


def basin_picture(basins: BasinMap) -> Picture:
    """What is known by now; starts that are still training are left open."""
    epochs = basins.epochs
    marked = ((DIVERGED, epochs == basin.DIVERGED), (NOT_THERE, epochs == basin.NOT_THERE))
    areas: Areas = tuple((flat, mask) for flat, mask in marked if mask.any())
    scale = scale_of_epochs(epochs)
    shares = scale.shares(np.where(epochs >= 0, epochs, np.nan))
    image = _painted(shares, scale, areas)
    window = cells_around(basins.x, basins.y)
    return Picture(window, image, scale, (), areas, "epochs", smooth=False)


def _lowest(surface: Surface) -> Point | None:
    costs = np.where(np.isfinite(surface.cost), surface.cost, np.inf)
    row, column = np.unravel_index(costs.argmin(), costs.shape)
    found = Point(float(surface.x[column]), float(surface.y[row]))
    return found if costs[row, column] < np.inf else None


def cells_around(wx: Array, wrec: Array) -> Window:
    """What a picture of one cell around each pair of weights covers."""
    half_wx, half_wrec = (0.5 * float(axis[1] - axis[0]) for axis in (wx, wrec))
    return Window(
        float(wx[0]) - half_wx,
        float(wx[-1]) + half_wx,
        float(wrec[0]) - half_wrec,
        float(wrec[-1]) + half_wrec,
    )


def _painted(shares: Array, scale: Scale, areas: Areas) -> QImage:
    """A pixel for each number; transparent where there is none, and no area either."""
    known = np.isfinite(shares)
    table = scale.map.table
    pixels = table[(np.where(known, shares, 0.0) * (len(table) - 1) + 0.5).astype(np.uint8)]
    pixels[~known] = 0
    for flat, mask in areas:
        pixels[mask] = QColor(flat.colour).rgba()
    return _image(pixels[::-1])


def _image(pixels: npt.NDArray[np.uint32]) -> QImage:
    """From 0xAARRGGBB, each opaque or 0, shape (height, width), the top row first."""
    height, width = pixels.shape
    data, kind = pixels.tobytes(), QImage.Format.Format_ARGB32_Premultiplied
    return QImage(data, width, height, 4 * width, kind).copy()  # with bytes of its own


def _contours(shares: Array, scale: Scale) -> Contours:
    import contourpy  # not before a surface is looked at: a window without one opens sooner

    rows, columns = shares.shape
    x, y = ((np.arange(n) + 0.5) / n for n in (columns, rows))
    lines = contourpy.contour_generator(x, y, shares, line_type=contourpy.LineType.ChunkCombinedNan)
    made = []
    for level in (scale.share(cost) for cost in scale.lines):
        (points,), *_ = lines.lines(level)
        if points is not None:
            path = pg.arrayToQPath(*np.ascontiguousarray(points.T), connect="finite")
            made.append((scale.map.line_colour(level), path))
    return tuple(made)

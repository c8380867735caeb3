"""A recording as SVG 1.1: paths, and letters as outlines.

Outlines look the same where the fonts of this machine are missing. Each carries the text that
it spells as its label, for screen readers and for searching.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen, QTransform

from rnn_gui.figures.encoding import png_bytes
from rnn_gui.figures.recording import Item, Picture, Recording, Shape, Words

_CAPS = {
    Qt.PenCapStyle.FlatCap: "butt",
    Qt.PenCapStyle.SquareCap: "square",
    Qt.PenCapStyle.RoundCap: "round",
}
_JOINS = {Qt.PenJoinStyle.RoundJoin: "round", Qt.PenJoinStyle.BevelJoin: "bevel"}


def as_svg(recording: Recording, title: str, inches: QSizeF) -> bytes:
    """The whole file, UTF-8; as wide and high as ``inches`` says, in the figure's pixels."""
    width, height = recording.size.width(), recording.size.height()
    clips: dict[str, str] = {}
    body = list(_body(recording, clips))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"',
        f' width="{inches.width():g}in" height="{inches.height():g}in"',
        f' viewBox="0 0 {width} {height}" version="1.1" role="img">',
        f"<title>{escape(title)}</title>",
        "<defs>",
        *(f'<clipPath id="{name}"><path d="{d}"/></clipPath>' for d, name in clips.items()),
        "</defs>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *body,
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


def _body(recording: Recording, clips: dict[str, str]) -> Iterator[str]:
    for (clip, opacity), items in groupby(recording.items, key=_seen_through):
        attributes = "" if opacity == 1.0 else f' opacity="{_real(opacity)}"'
        if clip is not None:
            attributes += f' clip-path="url(#{clips.setdefault(clip, f"clip{len(clips)}")})"'
        yield f"<g{attributes}>"
        yield from (_element(item) for item in items)
        yield "</g>"


def _seen_through(item: Item) -> tuple[str | None, float]:
    return None if item.clip is None else _d(item.clip), item.opacity


def _element(item: Item) -> str:
    ink = item.ink
    if isinstance(ink, Shape):
        rule = "" if ink.path.fillRule() is Qt.FillRule.WindingFill else ' fill-rule="evenodd"'
        return f'<path d="{_d(ink.path)}"{rule}{_fill(ink.brush)}{_stroke(ink.pen)}/>'
    if isinstance(ink, Words):
        label = escape(ink.text)
        fill = _colour("fill", ink.colour)
        return f'<path aria-label="{label}" d="{_d(ink.outline())}"{fill}/>'
    return _image(ink)


def _fill(brush: QBrush) -> str:
    if brush.style() is Qt.BrushStyle.NoBrush:
        return ' fill="none"'
    return _colour("fill", brush.color())


def _stroke(pen: QPen) -> str:
    if pen.style() is Qt.PenStyle.NoPen:
        return ""
    width = pen.widthF()
    text = _colour("stroke", pen.color()) + f' stroke-width="{_real(width)}"'
    text += f' stroke-linecap="{_CAPS[pen.capStyle()]}"'
    text += f' stroke-linejoin="{_JOINS.get(pen.joinStyle(), "miter")}"'
    if pen.style() is not Qt.PenStyle.SolidLine:
        dashes = " ".join(_real(length * width) for length in pen.dashPattern())
        text += f' stroke-dasharray="{dashes}"'
    return text


def _colour(role: str, colour: QColor) -> str:
    text = f' {role}="{colour.name()}"'
    return text if colour.alpha() == 255 else f'{text} {role}-opacity="{_real(colour.alphaF())}"'


def _image(picture: Picture) -> str:
    target, data = picture.target, b64encode(png_bytes(picture.image)).decode("ascii")
    return (
        f'<image transform="{_matrix(picture.where)}" preserveAspectRatio="none" '
        f'{_box(target)} xlink:href="data:image/png;base64,{data}"/>'
    )


def _box(area: QRectF) -> str:
    return (
        f'x="{_real(area.x())}" y="{_real(area.y())}" '
        f'width="{_real(area.width())}" height="{_real(area.height())}"'
    )


def _matrix(where: QTransform) -> str:
    parts = (where.m11(), where.m12(), where.m21(), where.m22(), where.dx(), where.dy())
    return f"matrix({' '.join(f'{part:.6g}' for part in parts)})"


def _d(path: QPainterPath) -> str:
    """The path's data; a part that ends where it began is closed."""
    kinds = QPainterPath.ElementType
    words: list[str] = []
    start = end = QPointF()
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        kind, point = element.type, QPointF(element.x, element.y)
        if kind == kinds.MoveToElement:
            words += _closed(words, start, end)
            start = point
        words.append(f"{_LETTERS[kind]}{_real(point.x())} {_real(point.y())}")
        end = point
    return "".join(words + _closed(words, start, end))


_LETTERS = {
    QPainterPath.ElementType.MoveToElement: "M",
    QPainterPath.ElementType.LineToElement: "L",
    QPainterPath.ElementType.CurveToElement: "C",
    QPainterPath.ElementType.CurveToDataElement: " ",
}


def _closed(words: list[str], start: QPointF, end: QPointF) -> list[str]:
    drawn = bool(words) and not words[-1].startswith("M")
    return ["Z"] if drawn and start == end else []


def _real(value: float) -> str:
    """A hundredth of a pixel is finer than any print."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

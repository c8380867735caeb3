"""The way of the gradient back in time: what the factors of its hops make of it together.

For the tutorial's network dE/dS_k(In) is dE/dS_T(In) times the factors Wrec * f' of the hops from
State T to State k. Their product says whether timestamp k is still heard at the end: it vanishes,
or it explodes, with every hop, whatever the error is.
"""

from __future__ import annotations

import math

import numpy as np

from core.cell.names import component_name
from core.cell.steps import Kind
from core.data.notation import MINUS, number
from core.data.values import Array
from core.epoch.frame import Frame

# Within these nobody would call a gradient vanished or exploded.
LEAST, MOST = 1e-3, 1e3
VANISHES, EXPLODES = "vanishes", "explodes"

_DIGITS = 2  # of a product
_WRITTEN_OUT = 1e6  # whole numbers up to here are easier to grasp than powers of ten
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def hop_products(frame: Frame, component: int = 0) -> Array:
    """Multiply the factors of the chosen sequence's hops from timestamp T to k.

    One product for each timestamp k that dE/d of `Frame.hop` is known at, ascending, shape (·,);
    the last one, of no hop, is 1. Too small ones are 0 and too large ones infinite, as the
    gradients are. ``component`` counts from 0.
    """
    if not frame.known(Kind.GRADIENT, frame.hop):
        return np.empty(0)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.cumprod(np.append(_factors(frame, component), 1.0)[::-1])[::-1]


def verdict(product: float) -> str:
    """Say vanishes, explodes, or nothing where a product leaves the gradient in sight."""
    size = abs(product)
    return VANISHES if size < LEAST else EXPLODES if size > MOST else ""


def hop_sentence(frame: Frame, component: int = 0) -> str:
    """Say what the known hops multiply the chosen sequence's gradient by; empty before any."""
    return next(iter(hop_sentences(frame, component)), "")


def hop_sentences(frame: Frame, component: int = 0) -> tuple[str, ...]:
    """Say it for less and less room: without the timestamps, without the factors."""
    factors = _factors(frame, component)
    if not len(factors):
        return ()
    last, product = frame.timestamps, float(hop_products(frame, component)[0])
    part = (component,) * len(frame.experiment.cell.shapes[frame.hop])
    alone = len(frame.hops) == 1 and not part
    gradient = "the gradient" if alone else f"the gradient of {component_name(frame.hop, part)}"
    way = f"From timestamp {last:,} back to {last - len(factors):,} {gradient}"
    total = _size(factors, product)
    by = _multiplication(factors, total)
    end = f": it {verdict(product)}." if verdict(product) else "."
    return (
        f"{way} is multiplied by {by}{end}",
        f"{gradient[:1].upper()}{gradient[1:]} is multiplied by {by}{end}",
        f"Multiplied by {total} in all{end}",
    )


def _factors(frame: Frame, component: int) -> Array:
    """List `Frame.hop_factor` of all known hops, those to the earliest timestamps first."""
    known = frame.known(Kind.GRADIENT, frame.hop)
    found = (frame.hop_factor(k) for k in known if k < frame.timestamps)
    return np.array([np.ravel(factor)[component] for factor in found], dtype=np.float64)


def _multiplication(factors: Array, total: str) -> str:
    """Write it as in 0.5¹⁹ = 1.9e−6; factors that differ are only counted."""
    count, first = len(factors), float(factors[0])
    if count == 1:
        return number(first)
    if not (factors == first).all():
        return f"{count:,} factors whose product is {total}"
    base = f"({number(first)})" if first < 0 else number(first)
    return f"{base}{str(count).translate(_SUPERSCRIPTS)} = {total}"


def _size(factors: Array, product: float) -> str:
    """Write a product; from its factors' logarithms where it is beyond a machine's numbers."""
    size, finite = abs(product), bool(np.isfinite(factors).all())
    if finite and factors.all() and not np.finfo(np.float64).tiny <= size < math.inf:
        return _power_of_ten(factors)
    if 1 / LEAST <= size < _WRITTEN_OUT:
        return f"{product:,.0f}".replace("-", MINUS)
    return number(product, _DIGITS)


def _power_of_ten(factors: Array) -> str:
    logarithm = float(np.log10(np.abs(factors)).sum())
    power = math.floor(logarithm)
    # A mantissa of 9.96 is rounded up to the next power.
    mantissa, more = f"{10 ** (logarithm - power):.{_DIGITS - 1}e}".split("e")
    sign = MINUS if (factors < 0).sum() % 2 else ""
    return f"{sign}{mantissa}e{power + int(more)}".replace("-", MINUS)

"""How numbers are printed for people. Files get ``repr``; screens and figures get this."""

from __future__ import annotations

import math
from functools import lru_cache

DIGITS = 4
MINUS = "−"
UNDEFINED = "undefined"  # infinity minus infinity, and what follows from it


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(digits: object) -> str:
    """The digits in a text, or of a whole number, as subscripts: S₂."""
    return str(digits).translate(_SUBSCRIPTS)


# The same numbers stand in several views, and stay there from step to step.
@lru_cache(maxsize=4096)
def number(value: float, digits: int = DIGITS) -> str:
    """``value`` correctly rounded to so many significant digits.

    A number that needs no more digits than that is printed in full and not padded, so that
    an exact 0.5 looks exact; one that is rounded shows all its digits.
    """
    if not math.isfinite(value):
        return UNDEFINED if math.isnan(value) else _signed("∞", value)
    size = abs(value)
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    exact = float(f"{size:.{digits - 1}e}") == size
    power = int(exponent)
    if -4 <= power < max(digits, 6):
        text = f"{size:.{max(digits - 1 - power, 0)}f}"
        return _signed(_unpadded(text) if exact else text, value)
    text = _unpadded(mantissa) if exact else mantissa
    return _signed(f"{text}e{str(power).replace('-', MINUS)}", value)


def signed(value: float, digits: int = DIGITS) -> str:
    """Print a number as `number` does, with a plus in front of what is above zero."""
    return ("+" if value > 0 else "") + number(value, digits)


def _unpadded(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str, value: float) -> str:
    return MINUS + text if value < 0 else text

import math
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.notation import MINUS, number, signed, subscript


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.0, "−2"),
        (0.5, "0.5"),
        (0.47143516373249306, "0.4714"),
        (-1.1909756947064645, "−1.191"),
        (9.99996, "10.00"),
        (0.00012345678, "0.0001235"),
        (0.00001, "1e−5"),
        (-1.23456e-7, "−1.235e−7"),
        (123456.7, "123457"),
        (1234567.0, "1.235e6"),
        (1e9, "1e9"),
        (1e300, "1e300"),
        (5e-324, "4.941e−324"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "undefined"),
    ],
)
def test_printed(value: float, printed: str) -> None:
    assert number(value) == printed


@pytest.mark.parametrize(("value", "printed"), [(1.0, "+1"), (-1.0, "−1"), (0.0, "0")])
def test_signed(value: float, printed: str) -> None:
    assert signed(value) == printed


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(2, 17))
def test_what_is_printed_is_the_value_correctly_rounded(value: float, digits: int) -> None:
    printed = Decimal(number(value, digits).replace(MINUS, "-"))
    last_place = Decimal(1).scaleb(int(printed.as_tuple().exponent))
    with localcontext(Context(prec=2000)):
        assert abs(printed - Decimal(value)) <= last_place / 2
        assert float(printed) == value or len(printed.as_tuple().digits) >= digits


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_seventeen_digits_are_the_value(value: float) -> None:
    assert float(number(value, 17).replace(MINUS, "-")) == value


@pytest.mark.parametrize(("digits", "printed"), [(0, "₀"), (12, "₁₂"), ("dS3(In)", "dS₃(In)")])
def test_subscripts(digits: object, printed: str) -> None:
    assert subscript(digits) == printed

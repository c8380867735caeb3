"""The table says what was measured, and whether it is what was wanted."""

from __future__ import annotations

import pytest

from benchmarks.measuring import Sample
from benchmarks.report import page
from benchmarks.table import Row, Wanted, faster, markdown, quantity, spread

OURS, THEIRS = Sample((1.0, 2.0, 3.0)), Sample((10.0, 40.0, 90.0))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2.0126e-6, "s", "2.01 µs"),
        (45.4e-9, "s", "45.4 ns"),
        (3e-12, "s", "0.003 ns"),
        (0.016, "s", "16 ms"),
        (71.0, "s", "71 s"),
        (1234.4, "×", "1,234 ×"),
        (0.611, "×", "0.611 ×"),
        (408.2, "MB", "408 MB"),
    ],
)
def test_a_quantity_has_three_digits_and_a_fitting_unit(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


def test_a_sample_is_its_median_between_its_quartiles() -> None:
    assert spread(OURS) == "2 s (1.5 s … 2.5 s)"
    assert spread(Sample((0.016,))) == "16 ms"
    assert spread(None) == "–"


@pytest.mark.parametrize(
    ("wanted", "text", "met", "missed"),
    [
        (Wanted(12), "≥ 12 ×", 12.0, 11.99),
        (Wanted(2, at_least=False), "≤ 2 ×", 2.0, 2.01),
        (Wanted(16, "MB", at_least=False), "≤ 16 MB", 15.0, 17.0),
        (Wanted(0.033, "s", at_least=False), "≤ 33 ms", 0.033, 0.034),
    ],
)
def test_the_verdict_is_that_of_the_median(
    wanted: Wanted, text: str, met: float, missed: float
) -> None:
    def verdict(value: float) -> str:
        return Row(what="it", result=Sample((0.0, value, 1e9)), wanted=wanted).verdict

    assert (str(wanted), verdict(met), verdict(missed)) == (text, "met", "not met")


def test_a_row_of_a_pair_tells_how_many_times_faster_ours_is() -> None:
    row = faster("training", OURS, "a loop", THEIRS, 6e-16, 12)
    assert row.result == Sample((10.0, 20.0, 30.0), "×")
    assert row.cells == (
        *("training", "a loop", "2 s (1.5 s … 2.5 s)", "40 s (25 s … 65 s)"),
        *("20 × (15 × … 25 ×)", "≥ 12 ×", "met", "6e-16"),
    )


def test_a_row_without_a_wanted_ratio_has_no_verdict() -> None:
    assert faster("training", OURS, "a loop", THEIRS, 0.0).verdict == "–"


def test_what_is_absent_is_never_met() -> None:
    row = Row(what="training", wanted=Wanted(2), absent="not installed")
    assert row.cells[2:] == ("–", "–", "–", "≥ 2 ×", "not installed", "–")


def test_the_columns_of_the_table_line_up() -> None:
    rows = [faster("training", OURS, "a loop", THEIRS, 0.0, 12), Row(what="memory")]
    head, rule, *body = markdown(rows).splitlines()
    assert len({len(line) for line in (head, rule, *body)}) == 1
    assert set(rule) == {"|", "-", " "}
    assert [line.count("|") for line in body] == [9, 9]


def test_the_page_names_the_machine_and_says_why_something_is_not_met() -> None:
    missed = faster("training", OURS, "a loop", THEIRS, 0.0, 100, "It is long.")
    told = Row(what="memory", result=Sample((99.0,), "MB"), wanted=Wanted(9, "MB", at_least=False))
    text = page(
        {"processor": "Abacus", "cores": "2"},
        [missed, told, Row(what="growth", remark="For orientation.")],
    )
    assert "- processor: Abacus\n- cores: 2\n" in text
    assert markdown([missed])[:40] in text
    assert "- training beside a loop: 20 × where ≥ 100 × is wanted. It is long." in text
    assert "- memory: 99 MB where ≤ 9 MB is wanted." in text
    assert "- growth: For orientation." in text


def test_a_page_where_all_is_met_has_nothing_to_explain() -> None:
    text = page({"cores": "2"}, [faster("training", OURS, "a loop", THEIRS, 0.0, 12, "Long.")])
    assert "not met" not in text
    assert "Remarks" not in text
    assert "Long." not in text

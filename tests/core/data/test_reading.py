"""Numbers, files and quotations: read in one way everywhere."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.reading import ReadProblem, number_in, quoted, read_file, shortened, shown_path


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), (" -2.5e1 ", -25.0), ("−3", -3.0), (".5", 0.5), ("1e999", math.inf)],
)
def test_numbers(text: str, value: float) -> None:
    assert number_in(text) == value


@pytest.mark.parametrize("text", ["", "1_0", "one", "1 2", "0x10", "1,5", "nan", "--1"])
def test_what_is_no_number(text: str) -> None:
    assert math.isnan(number_in(text))


def test_no_zero_has_a_minus() -> None:
    assert math.copysign(1.0, number_in("-0")) == 1.0


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_a_quotation_is_one_short_line_that_can_be_seen(text: str) -> None:
    assert quoted(text).isprintable()
    assert len(quoted(text)) <= 26
    assert shown_path(text).isprintable()
    assert len(shown_path(text * 100)) <= 201


def test_what_is_short_stays_as_it_is() -> None:
    assert shortened("1,0  x") == "1,0 x"
    assert quoted("a" * 24) == f"“{'a' * 24}”"
    assert quoted("a" * 25) == f"“{'a' * 23}…”"


def read(path: str | Path) -> bytes:
    return read_file(path, 10, verb="opened", kind="a lesson", too_large="divide it")


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    assert read(tmp_path / "a") == b"0123456789"
    (tmp_path / "a").write_bytes(b"0123456789+")
    with pytest.raises(ReadProblem, match=r"a cannot be opened: it has more than 1e-05 MB: divide"):
        read(tmp_path / "a")


def test_nobody_waits_for_a_pipe_or_reads_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero", "."):
        with pytest.raises(ReadProblem, match="it is a folder or a device: choose a lesson"):
            read(tmp_path / name)


@pytest.mark.parametrize("name", ["n" * 300, "none", "a\0b", "a\nb", "loop"])
def test_a_path_that_leads_nowhere_is_told_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(
        ReadProblem, match=r"^[^\n\0]+ cannot be opened \(.+\): choose another file\.$"
    ):
        read(tmp_path / name)

"""Each item can be measured by its name, in a process of its own."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import benchmarks
from benchmarks import __main__, machine
from benchmarks.items import ITEMS, rows_of
from benchmarks.table import NOT_INSTALLED


def test_the_table_of_items_has_every_module_that_measures() -> None:
    names = {path.stem for path in Path(benchmarks.__path__[0]).glob("[a-z]*.py")}
    measuring = {name for name in names if hasattr(import_module(f"benchmarks.{name}"), "rows")}
    assert sorted(ITEMS) == sorted(measuring)


def test_an_item_is_measured_in_a_process_of_its_own() -> None:
    rows = rows_of("surface")
    assert [row.wanted is not None for row in rows] == [True, False]
    assert all(row.result and row.result.median > 0 for row in rows)


def test_what_goes_wrong_in_an_item_is_raised() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_item"):
        rows_of("no_such_item")


def test_an_unknown_item_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["training", "speling"]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert told.err.startswith("There is no speling; choose from training, ")


def test_the_machine_is_named_with_the_versions_of_what_is_compared() -> None:
    named = machine.description()
    assert set(named) >= {"processor", "cores", "system", "Python", "NumPy", "PySide6", "JAX"}
    assert all(named.values())
    assert named["NumPy"] == import_module("numpy").__version__
    assert machine.version("no-such-package") == NOT_INSTALLED

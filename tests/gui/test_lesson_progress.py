"""Progress comes back as it was stored, and whatever stands in the settings does no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSettings

from rnn_gui.lesson_progress import PageProgress, Progress


def settings_in(folder: Path) -> QSettings:
    return QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)


def test_it_comes_back(tmp_path: Path) -> None:
    first = Progress(settings := settings_in(tmp_path))
    page = first.page("03-equation-e", "A, “title”; with = signs")
    page.done, page.right, page.tries, page.chosen = True, 2, 3, 1
    page.words, page.compared, page.seen = "because\nit is", True, True
    first.remember("03-equation-e", 4)
    first.store()
    settings.sync()
    again = Progress(settings_in(tmp_path))
    assert again.page("03-equation-e", "A, “title”; with = signs") == page
    assert again.last == ("03-equation-e", 4)


def test_nothing_is_stored_of_pages_never_seen(tmp_path: Path) -> None:
    progress = Progress(settings := settings_in(tmp_path))
    progress.page("a", "b")
    progress.store()
    assert settings.value("lessons/pages") is None
    assert progress.last == ("", 0)


def test_two_windows_keep_what_both_have_stored(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    one, other = Progress(settings), Progress(settings)
    one.page("a", "first").done = True
    one.store()
    other.page("a", "second").words = "mine"
    other.store()
    again = Progress(settings)
    assert again.page("a", "first").done
    assert again.page("a", "second").words == "mine"


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    progress = Progress(settings := settings_in(tmp_path))
    progress.page("a", "b").seen = True
    progress.store()
    settings.remove("lessons/pages")
    progress.store()
    assert settings.value("lessons/pages") is None


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[]", "7", '{"a#b": 7}', '{"a#b": {"done": "yes", "tries": true, "chosen": "x"}}'],
)
def test_garbage_in_the_settings_is_no_progress(tmp_path: Path, kept: str) -> None:
    settings = settings_in(tmp_path)
    settings.setValue("lessons/pages", kept)
    settings.setValue("lessons/last", kept)
    progress = Progress(settings)
    assert progress.page("a", "b") == PageProgress()
    assert progress.last[1] >= 0  # of a lesson that there is not


@given(st.dictionaries(st.sampled_from(["done", "right", "chosen", "words"]), st.integers()))
def test_values_of_another_type_are_passed_over(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, int]
) -> None:
    settings = settings_in(tmp_path_factory.mktemp("progress"))
    settings.setValue("lessons/pages", json.dumps({"a#b": kept}))
    page = Progress(settings).page("a", "b")
    assert (page.right, page.chosen) == (kept.get("right", 0), kept.get("chosen"))
    assert (page.done, page.words) == (False, "")

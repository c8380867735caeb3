"""How far somebody is with the lessons, kept in the settings and sent nowhere."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from PySide6.QtCore import QSettings

_PAGES, _LAST, _OWN = "lessons/pages", "lessons/last", "lessons/own"
_MOST_OWN = 20
_MOST_WORDS = 10_000  # characters of one answer
_MOST_DIGITS = 6  # of a page's number


@dataclass
class PageProgress:
    """What is kept of a page: was it seen, its task done, the score, the answer."""

    seen: bool = False
    done: bool = False
    right: int = 0
    tries: int = 0
    chosen: int | None = None
    words: str = ""
    compared: bool = False


class Progress:
    """The progress of every page, by lesson and by the title of the page."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._pages = {name: _page(kept) for name, kept in _read(settings).items()}
        self._stored = self._all()

    def page(self, lesson: str, title: str) -> PageProgress:
        """Of this page; what is changed in it stays after `store`."""
        return self._pages.setdefault(f"{lesson}#{title}", PageProgress())

    def store(self) -> None:
        """Only what has changed: another window may have stored other pages meanwhile."""
        now = self._all()
        changed = {name: kept for name, kept in now.items() if self._stored.get(name) != kept}
        if changed:
            self._stored = now
            self._settings.setValue(_PAGES, json.dumps(_read(self._settings) | changed))

    def _all(self) -> dict[str, Any]:
        return {name: asdict(p) for name, p in self._pages.items() if p != PageProgress()}

    @property
    def own(self) -> list[str]:
        """The paths of lessons that do not belong to the course, in the order of their opening."""
        stored = self._settings.value(_OWN) or []
        return [str(path) for path in ([stored] if isinstance(stored, str) else stored)]

    def remember_own(self, path: str) -> None:
        if path not in self.own:
            self._settings.setValue(_OWN, [*self.own, path][-_MOST_OWN:])

    @property
    def last(self) -> tuple[str, int]:
        """Lesson and page that were shown last; ("", 0) at first."""
        lesson, _, page = str(self._settings.value(_LAST, "")).rpartition("#")
        return lesson, int(page) if page.isdecimal() and len(page) < _MOST_DIGITS else 0

    def remember(self, lesson: str, page: int) -> None:
        self._settings.setValue(_LAST, f"{lesson}#{page}")


def _read(settings: QSettings) -> dict[str, Any]:
    """Settings that another version wrote may hold anything."""
    try:
        kept = json.loads(str(settings.value(_PAGES, "{}")))
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _page(kept: Any) -> PageProgress:
    made = PageProgress()
    if not isinstance(kept, dict):
        return made
    for field in fields(PageProgress):
        value = kept.get(field.name)
        if type(value) is type(getattr(made, field.name)):
            setattr(made, field.name, value)
    if type(kept.get("chosen")) is int:
        made.chosen = kept["chosen"]
    made.words = made.words[:_MOST_WORDS]
    return made

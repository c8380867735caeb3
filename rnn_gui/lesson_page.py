"""A page's texts with the numbers of its prepared state in them."""

from __future__ import annotations

from pathlib import Path

from core.epoch.frame import Frame
from core.lessons.lesson import Page, filled
from rnn_gui.lesson_progress import PageProgress
from rnn_gui.views.lesson_view import Option, Shown


class WrittenPage:
    """Written once, when the page is prepared: the texts stay while the learner steps on.

    ``folder`` holds the pictures; ``frame`` is that of the page's position.
    """

    def __init__(self, page: Page, folder: Path, frame: Frame) -> None:
        self._page, self._folder = page, folder
        self._text, self._do = filled(page.text, frame), filled(page.do, frame)
        asked = page.question
        self._question = filled(asked.text, frame) if asked else ""
        self._answer = filled(asked.answer, frame) if asked else ""
        self._options = tuple(
            Option(filled(choice.text, frame), choice.right, filled(choice.reply, frame))
            for choice in (asked.choices if asked else ())
        )

    def shown(self, kept: PageProgress, *, left: str, score: str) -> Shown:
        """The page as it is to be shown to somebody who is so far with it."""
        return Shown(
            title=self._page.title,
            text=self._text,
            folder=self._folder,
            do=self._do,
            done=kept.done,
            left=left,
            score=score,
            question=self._question,
            options=self._options,
            chosen=kept.chosen,
            answer=self._answer,
            words=kept.words,
            compared=kept.compared,
        )

"""What a slide shows: a frame, or the step after it, asked for and revealed number by number.

A step of more lines than one slide holds has pages of them; each comes up as it will be left,
fully covered or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.epoch.equation import Equation
from core.epoch.explain import Explanation, explain
from core.epoch.frame import Frame, answered, asking

_ONE_BY_ONE = 6  # numbers of a step; with more of them it is revealed line by line


@dataclass(frozen=True)
class Scene:
    """A moment of a lecture; ``revealed`` stages of the coming step, None where none is asked for.

    ``done`` is the frame where the program stands. ``uncovered`` tells that the class saw the
    lines of that one appear, so that the way back covers them again.
    """

    done: Frame
    revealed: int | None = None
    page: int = 0
    uncovered: bool = False

    @property
    def asked(self) -> bool:
        return self.revealed is not None

    @cached_property
    def frame(self) -> Frame:
        """What plots and tables show: nothing of what is asked for."""
        return asking(self.done) if self.asked else self.done

    @cached_property
    def explanation(self) -> Explanation:
        """The step spoken of, with all its numbers, whether they are covered or not."""
        if self.frame.asked:
            return explain(answered(self.frame))
        return explain(self.done)

    @cached_property
    def stages(self) -> tuple[range, ...]:
        """Which numbers of the equations each stage reveals; the last one ends the step."""
        return stages_of(self.explanation)

    @property
    def covered(self) -> range:
        """Which numbers of the equations are covered, counted in the order of reading."""
        if self.revealed is None:
            return range(0)
        shown, end = self.stages[: self.revealed], self.stages[-1].stop
        return range(shown[-1].stop if shown else 0, end)

    def ask(self) -> Scene:
        """The same place with the coming step asked for."""
        return Scene(self.done, 0, 0, self.uncovered)

    def on(self, pages: Sequence[range] = ()) -> Scene | None:
        """One page or one stage on; None where that is a step. ``pages`` tells which numbers
        stand on each; none where all stand on one.
        """
        if self.revealed is None:
            return self._turned(1) if self.page + 1 < len(pages) else None
        if self.page + 1 < len(pages) and self.stages[self.revealed].start >= self._end(pages):
            return self._turned(1)
        more = self.revealed + 1
        return replace(self, revealed=more) if more < len(self.stages) else None

    def back(self, pages: Sequence[range] = ()) -> Scene | None:
        """The way of `on` back; before the first stage nothing is asked, and None where that is
        a step.
        """
        if self.revealed is None:
            return None if self.uncovered or not self.page else self._turned(-1)
        if self.page and self.covered.start <= pages[self.page].start:
            return self._turned(-1)
        return replace(self, revealed=self.revealed - 1 if self.revealed else None)

    def almost(self) -> Scene:
        """The last stage before the step is done."""
        return replace(self, revealed=len(self.ask().stages) - 1, uncovered=True)

    def at_end(self, pages: Sequence[range]) -> Scene:
        """The last page of the same."""
        return replace(self, page=max(len(pages) - 1, 0))

    def _turned(self, by: int) -> Scene:
        return replace(self, page=self.page + by)

    def _end(self, pages: Sequence[range]) -> int:
        return pages[self.page].stop


def stages_of(explanation: Explanation) -> tuple[range, ...]:
    """Number by number, then the result, equation after equation; of a long step line by line.

    A line on the way is one stage.
    """
    counts = [numbers_in(equation) for equation in explanation.equations]
    single = sum(counts) <= _ONE_BY_ONE
    made, start = [], 0
    for equation, count in zip(explanation.equations, counts, strict=True):
        end = start + count
        if equation.leads_on:
            made.append(range(start, end + 1))
        else:
            step = 1 if single else max(count, 1)
            made += [range(at, min(at + step, end)) for at in range(start, end, step)]
            made.append(range(end, end + 1))
        start = end + 1
    return tuple(made)


def numbers_in(equation: Equation) -> int:
    """Without its result."""
    return sum(token.value is not None for token in equation.tokens)

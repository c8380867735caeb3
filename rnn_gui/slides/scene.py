"""What a slide shows: a frame, or the step after it, asked for and revealed number by number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from core.coming import Asking, answered, asking
from core.equation import Equation
from core.explain import Explanation, explain
from core.frame import Frame

_ONE_BY_ONE = 6  # numbers of a step; with more of them it is revealed line by line


@dataclass(frozen=True)
class Scene:
    """A moment of a lecture; ``revealed`` stages of the coming step, None where none is asked for.

    ``done`` is the frame where the program stands.
    """

    done: Frame
    revealed: int | None = None

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
        if isinstance(self.frame, Asking):
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
        return Scene(self.done, 0)

    def on(self) -> Scene | None:
        """One stage on; None where that is the step itself."""
        assert self.revealed is not None
        more = self.revealed + 1
        return replace(self, revealed=more) if more < len(self.stages) else None

    def back(self) -> Scene:
        """One stage back; before the first one nothing is asked."""
        return replace(self, revealed=self.revealed - 1 if self.revealed else None)

    def almost(self) -> Scene:
        """The last stage before the step is done."""
        return replace(self, revealed=len(self.ask().stages) - 1)


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

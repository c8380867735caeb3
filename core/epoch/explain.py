"""A step in symbols, numbers and words, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from core.cell.expression import Leaf
from core.cell.names import sequence_name
from core.cell.steps import Kind, Phase, Step
from core.epoch.equation import Equation, Share
from core.epoch.frame import Frame
from core.epoch.paper import Page, Part, filled, nearest
from core.epoch.sentences import sentence, together
from core.epoch.update_lines import update_equations


@dataclass(frozen=True)
class Explanation:
    """What a step does: a title, one sentence, and its equations.

    ``sequence`` is the sequence that the numbers belong to, empty where they belong to all.
    An ``announced`` step is still to come: its numbers are not to be shown.
    """

    title: str
    sentence: str
    equations: tuple[Equation, ...]
    sequence: str
    announced: bool
    phase: Phase


def explain(frame: Frame, part: Part = (0, 0)) -> Explanation:
    """Explain the step that the frame's position speaks of.

    Of vectors and matrices the component ``part`` is written out, row and column from 0, or the
    nearest that there is.
    """
    step = frame.step
    with np.errstate(all="ignore"):  # infinite numbers are shown as such
        equations = tuple(_equations(frame, part))
    title = step.phase.value.capitalize()
    if step.timestamp:
        title += f", timestamp {step.timestamp}"
    elif step.kind is not Kind.UPDATE:
        title += ", the cost" if step.kind is Kind.COST else ", the sums"
    return Explanation(
        title=title,
        sentence=sentence(frame),
        equations=equations,
        sequence=sequence_name(frame.sequence) if step.name else "",
        announced=frame.announced,
        phase=step.phase,
    )


def _equations(frame: Frame, part: Part) -> Iterator[Equation]:
    step, e = frame.step, frame.experiment
    if step.kind is Kind.UPDATE:
        yield from _update(frame, part)
        return
    k, sizes = step.timestamp or e.timestamps, tuple(e.sizes.items())
    page = Page(e.cell, sizes, e.timestamps, e.sequences, k, frame.sequence)
    yield from (filled(equation, frame.trace) for equation in _laid_out(page, step, part))


@lru_cache(maxsize=512)
def _laid_out(page: Page, step: Step, part: Part) -> tuple[Equation, ...]:
    """Lay out the lines of a step: numbers change with every epoch, and nothing else does."""
    return tuple(
        replace(page.line(*line, part), ways=_shares(page, step, part)) for line in step.lines
    )


def _shares(page: Page, step: Step, part: Part) -> tuple[Share, ...]:
    """Lay out what each of several ways brings back; nothing where there is one."""
    cell = page.cell
    ways = together(cell, step.name, step.timestamp == page.timestamps)
    if step.kind is not Kind.GRADIENT or len(ways) < 2:
        return ()
    equations = (*cell.equations, cell.cost)
    there = nearest(part, page.shape(Leaf(step.name, 0)))
    return tuple(
        Share(equations.index(equation), later, page.reading(term, there))
        for equation, later, term in ways
    )


def _update(frame: Frame, part: Part) -> Iterator[Equation]:
    e, trace = frame.experiment, frame.trace
    numbers = dict(zip(e.rule.numbers, map(e.layout.unpack, frame.numbers), strict=True))
    before = trace.weights, trace.gradient, e.learning_rates, numbers
    how = e.settings, e.clip_norm, frame.position.epoch
    return update_equations(e.cell, e.rule, *before, *how, part)

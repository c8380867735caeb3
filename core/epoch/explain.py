"""A step in symbols, numbers and words, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.cell.expression import Leaf
from core.cell.names import sequence_name
from core.cell.steps import Kind, Phase, Step
from core.epoch.equation import Equation, Share
from core.epoch.frame import Frame
from core.epoch.glossary import Glossary
from core.epoch.paper import Page, RulePage, nearest
from core.epoch.sentences import sentence, together
from core.epoch.sums import Part
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
    glossary = Glossary(e.cell)
    if step.kind is Kind.UPDATE:
        weights, gradient = frame.trace.weights, frame.trace.gradient
        kept = dict(zip(e.rule.numbers, map(e.layout.unpack, frame.numbers), strict=True))
        fixed = (e.learning_rates, kept, e.settings, e.clip_norm, frame.position.epoch)
        for rule_line in update_equations(e.rule, weights, gradient, *fixed):
            new = rule_line.left.name.removeprefix("new ") in weights
            yield replace(RulePage(rule_line, glossary).line(part), leads_on=not new)
        return
    page = Page(frame.trace, glossary, step.timestamp or frame.timestamps, frame.sequence)
    for line in step.lines:
        equation = page.line(line, part)
        yield replace(equation, ways=_shares(page, step, part)) if step.name else equation


def _shares(page: Page, step: Step, part: Part) -> tuple[Share, ...]:
    """Work out what each of several ways brings back; nothing where there is one."""
    cell = page.trace.cell
    ways = together(cell, step.name, step.timestamp == page.trace.experiment.timestamps)
    if step.kind is not Kind.GRADIENT or len(ways) < 2:
        return ()
    equations = (*cell.equations, cell.cost)
    there = nearest(part, page.value(Leaf(step.name, 0), None))
    return tuple(
        Share(equations.index(equation), later, page.value(term, there))
        for equation, later, term in ways
    )

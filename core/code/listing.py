"""The NumPy lines of an epoch: those that are shown, and those that run.

Every line is made together with the quantity that it computes. Lists go by timestamp: ``X[1]``
holds the inputs of timestamp 1, a row for each sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import NamedTuple

from core.cell.description import ALWAYS, AT_LAST, BEFORE_LAST, Cell, Line
from core.cell.expression import Leaf, leaves
from core.cell.names import variable
from core.cell.operations import NameOf, written
from core.cell.steps import Kind, Step, cost_line

# Lines in place of others, before timestamp T and, where the second is true, at T.
Instead = Mapping[tuple[Line, bool], Line]
NOTHING: Instead = MappingProxyType({})


class CodeLine(NamedTuple):
    """A line of code, the quantity that it computes, and at which timestamps it does."""

    text: str
    made: Leaf | None = None
    when: str = ALWAYS


def forward_lines(cell: Cell, last: int) -> list[CodeLine]:
    """Write the forward pass and the cost over ``last`` timestamps."""
    lines = ([e.line for e in cell.at(at_last)] for at_last in (False, True))
    return [
        CodeLine("# Forward, timestamp 1 to T" + _LABELS * (cell.key == "tutorial")),
        CodeLine("for k in range(1, T + 1):"),
        *_cases(cell, last, *lines, first="<"),
        _cost(cell),
    ]


_LABELS = ": (E), then (F)"  # as the tutorial calls its equations


def backward_lines(cell: Cell, last: int, instead: Instead = NOTHING) -> list[CodeLine]:
    """Write the backward pass; ``instead`` plants a mistake: another line in a line's place."""
    lines = ([instead.get((x, at), x) for x in cell.backward(at)] for at in (False, True))
    return [
        CodeLine("# Backward, timestamp T to 1: d_ stands for dE/d"),
        CodeLine("for k in range(T, 0, -1):"),
        *_cases(cell, last, *lines, first="=="),
        *(_sum(cell, w) for w in cell.weights),
    ]


def lines_of(lines: Sequence[CodeLine], step: Step, last: int) -> list[int]:
    """List which lines, from 0, compute a step; a line in a loop belongs to many timestamps."""
    made = {line.left for line in step.lines}
    when = {ALWAYS, AT_LAST if step.timestamp in (0, last) else BEFORE_LAST}
    if step.kind is Kind.UPDATE:
        return [i for i, line in enumerate(lines) if line.made == UPDATE]
    return [i for i, line in enumerate(lines) if line.made in made and line.when in when]


UPDATE = Leaf("update")  # what the lines of an update rule make


def room_lines(cell: Cell) -> Iterator[str]:
    """Write the lists by timestamp that an epoch fills."""
    for name in cell.quantities:
        text = variable(cell, name)
        if name in cell.states:
            yield f"{text} = [{start_of(cell, name)}] + [None] * T"
        else:
            yield f"{text} = [None] * (T + 1)"
    for name in cell.quantities:
        yield f"d_{variable(cell, name)} = [None] * (T + 1)"
    for i, name in enumerate(cell.weights):
        remark = f"  # what each timestamp adds to dE/d{name}" * (i == 0)
        yield f"d_{variable(cell, name)}_at = [0.0] * (T + 1){remark}"


def start_of(cell: Cell, state: str) -> str:
    """Write the initial state, a row for each sequence."""
    name = f"{variable(cell, state)}_0"
    return f"np.tile({name}, (N, 1))" if cell.shapes[state] else f"np.full(N, {name})"


def _cost(cell: Cell) -> CodeLine:
    """Write the cost; there is one only, so it stands at timestamp T where it is not summed."""
    line = cost_line(cell)
    coded = _coded(cell, line)
    if cell.costs_everywhere:
        return coded
    return coded._replace(text=coded.text.replace("[k]", "[T]").replace("[k - 1]", "[T - 1]"))


def _sum(cell: Cell, weight: str) -> CodeLine:
    text = f"d_{variable(cell, weight)}"
    return CodeLine(f"{text} = sum({text}_at)", Leaf(weight, d=True))


def _cases(
    cell: Cell, last: int, before: Sequence[Line], at_last: Sequence[Line], *, first: str
) -> Iterator[CodeLine]:
    """Write both lists of lines in one loop: what differs at timestamp T stands in if and else."""
    end = [_coded(cell, line, AT_LAST) for line in at_last]
    start = [_coded(cell, line, BEFORE_LAST) for line in before] if last > 1 else end
    before_texts, end_texts = ([line.text for line in lines] for lines in (start, end))
    matcher = SequenceMatcher(None, before_texts, end_texts, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (x._replace(text=f"    {x.text}", when=ALWAYS) for x in start[a:b])
            continue
        cases = [("<", start[a:b]), ("==", end[c:d])]
        ordered = [case for case in (cases if first == "<" else cases[::-1]) if case[1]]
        for place, (sign, lines) in enumerate(ordered):
            yield CodeLine("    else:" if place else f"    if k {sign} T:")
            yield from (x._replace(text=f"        {x.text}") for x in lines)


def _coded(cell: Cell, line: Line, when: str = ALWAYS) -> CodeLine:
    name = numpy_name(cell)
    right = written(line.right, name)
    if not any(cell.shapes[x.name] for x in leaves(line.right) if x.name in cell.shapes):
        right = right.replace(", axis=0", "")
    return CodeLine(f"{name(line.left)} = {right}", line.left, when)


def numpy_name(cell: Cell) -> NameOf:
    """Make the writer of quantities as the listing calls them: d_state_in[k + 1], d_wx_at[k]."""

    def name(x: Leaf) -> str:
        text = "d_" * x.d + variable(cell, x.name)
        if x.shift is None:
            return text
        if x.name in cell.weights:
            return f"{text}_at[k]"
        return f"{text}[k{f' {x.shift:+d}'.replace('+', '+ ').replace('-', '- ') * bool(x.shift)}]"

    return name

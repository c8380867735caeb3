"""A description, read and checked: from its text to a `Cell`, or to what is wrong with it.

What no single line shows is checked here: names, order, and a regular way back.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping

from core.cell.description import AT_LAST, BEFORE_LAST, Cell, Equation
from core.cell.expression import Leaf, Node, leaves, total
from core.cell.names import apart, variable
from core.cell.operations import gradients
from core.cell.parsing import TARGET, Parsed, Place, Source, parse
from core.cell.shapes import TAKEN, completed_shapes
from core.cell.update_rules import names_in_programs

MOST_WEIGHTS = 60
# What programs make of a name: its derivative, its start, its parts.
_PREFIXES, _ENDINGS = ("d_", "rate_", "new_"), ("_0", "_at")


def read_cell(
    text: str,
    title: str = "your own",
    *,
    key: str = "",
    words: Mapping[str, str] | None = None,
    code: Mapping[str, str] | None = None,
    activations: tuple[str, str] | None = None,
) -> Cell:
    """Read a description. Raises `CellError` for the first thing in it that is wrong."""
    parsed = parse(text)
    *sources, cost = parsed.sources
    given = _the_input(parsed)
    cell = Cell(
        key,
        title,
        text,
        tuple(source.equation for source in sources),
        cost.equation,
        tuple(parsed.weights.shapes),
        given,
        completed_shapes(parsed, given),
        words or {},
        code or {},
        activations,
    )
    _check(cell, parsed)
    return cell


def _the_input(parsed: Parsed) -> str:
    """Name the one input: it is declared, or a vector that no equation computes.

    Raises `CellError` where there is none, or another one.
    """
    made = {source.equation.left for source in parsed.sources}
    places = dict(parsed.inputs.places)
    for name, place in parsed.vectors.places.items():
        if name not in made and name != TARGET:
            places.setdefault(name, place)
    if not places:
        raise Place(1, 1).error("no input is declared: add a line such as inputs: x.")
    first, *others = places
    if others:
        raise places[others[0]].error(
            f"a cell has one input: make it a vector, or compute {others[0]} in an equation, as "
            f"{first} is the input already."
        )
    return first


def _check(cell: Cell, parsed: Parsed) -> None:
    """Check what no single line shows. Raises `CellError`."""
    _check_names(cell, parsed)
    _check_twice(parsed.sources)
    for source in parsed.sources:
        _check_takes(source, cell)
        _check_there(source, cell)
    _check_used(cell, parsed)
    _check_way_back(cell, parsed)


def _check_names(cell: Cell, parsed: Parsed) -> None:
    places = {source.equation.left: source.place for source in reversed(parsed.sources)}
    if TARGET in places:
        raise places[TARGET].error(f"{TARGET} is the target: give what is computed another name.")
    for declared in (parsed.weights, parsed.inputs, parsed.vectors):
        for name, place in declared.places.items():
            fixed = declared is not parsed.vectors and (name in places or name == TARGET)
            if fixed or (declared is parsed.vectors and name in cell.weights):
                raise place.error(f"{name} would mean two things: give one of them another name.")
            places.setdefault(name, place)
    if len(cell.weights) > MOST_WEIGHTS:
        raise Place(1, 1).error(
            f"there are {len(cell.weights)} weights, and {MOST_WEIGHTS} are the most: "
            "put some together in a matrix."
        )
    if not cell.weights:
        raise Place(1, 1).error("no weight is declared: add a line such as weights: a.")
    _check_variables(cell, places)


def _check_variables(cell: Cell, places: Mapping[str, Place]) -> None:
    """Check that every name is one of its own, in programs and at a timestamp, too."""
    variables: dict[str, str] = {}
    of_updates = names_in_programs([variable(cell, weight) for weight in cell.weights])
    labels = {f"d{name}": f"the gradient of {name}" for name in cell.quantities}
    for name, place in places.items():
        written = variable(cell, name)
        base, mark = apart(name)
        if base in TAKEN or name in cell.sizes or keyword.iskeyword(written):
            raise place.error(f"{name} has a meaning already: give it another name.")
        is_part = written.startswith(_PREFIXES) or written.endswith(_ENDINGS)
        if is_part or written in of_updates:
            raise place.error(f"{name} is how programs call something else: take another name.")
        other = variables.setdefault(written, name)
        if other != name:
            raise place.error(f"{name} and {other} are too alike: give one of them another name.")
        # h1 is h at timestamp 1, and dh2 the gradient of h there.
        whole = base.rstrip("0123456789") + mark
        if whole != name and whole in (*cell.quantities, cell.input, TARGET):
            labels[name] = f"{whole} at a timestamp"
        if name in labels:
            raise place.error(f"{name} is how {labels[name]} is called: take another name.")


def _check_twice(sources: list[Source]) -> None:
    cost = sources[-1].equation.left
    for place, source in enumerate(sources):
        one = source.equation
        if one.left == cost and source is not sources[-1]:
            raise source.place.error(f"{cost} is the cost: give what is computed another name.")
        for other in (s.equation for s in sources[:place]):
            if one.left == other.left and {one.when, other.when} != {BEFORE_LAST, AT_LAST}:
                raise source.place.error(
                    f"{one.left} is computed twice: remove one, or write for k < T and for k = T."
                )


def _check_takes(source: Source, cell: Cell) -> None:
    """Check that an equation has a value for each sequence: it takes more than weights."""
    names = [leaf.name for leaf in leaves(source.equation.right)]
    if source.equation is cell.cost:
        for name in names:
            if name not in (*cell.quantities, TARGET):
                raise source.names[name].error(
                    f"the cost takes quantities and the target alone: use {name} in an equation "
                    "before it."
                )
        if {*names} == {TARGET}:
            raise source.place.error("the cost compares no quantity: write one such as h - y.")
    elif not {*names} & {*cell.quantities, cell.input}:
        raise source.place.error(
            f"{source.equation.left} is the same for all sequences: use the input or a quantity "
            "in it, or write it out where it is used."
        )


def _check_there(source: Source, cell: Cell) -> None:
    """Check that all that an equation takes is there at its timestamps."""
    equation = source.equation
    lasts = [at_last for at_last in (False, True) if equation.holds(at_last)]
    for leaf in leaves(equation.right):
        place = source.names.get(leaf.name, source.place)
        if leaf.name == cell.input and leaf.shift == -1:
            raise place.error(f"{leaf.name}[k-1] is not there at timestamp 1: take {leaf.name}.")
        if leaf.name not in cell.quantities:
            continue
        if leaf.shift == -1:
            if not any(e.left == leaf.name for e in cell.at(at_last=False)):
                raise place.error(
                    f"{leaf.name} is there for k = T alone, and no timestamp follows: "
                    "compute it before T, too."
                )
            continue
        for at_last in lasts:
            if leaf.name not in [e.left for e in _before(cell, equation, at_last)]:
                where = "timestamp T" if at_last else "the timestamps before T"
                raise place.error(
                    f"{leaf.name} is not computed before this line at {where}: "
                    "move its equation up, or let both lines hold for the same k."
                )


def _before(cell: Cell, equation: Equation, at_last: bool) -> Iterator[Equation]:
    for other in cell.at(at_last):
        if other is equation:
            return
        yield other


def _check_used(cell: Cell, parsed: Parsed) -> None:
    reached = _reached(cell)
    for source in reversed(parsed.sources[:-1]):
        equation = source.equation
        lasts = [at_last for at_last in (False, True) if equation.holds(at_last)]
        idle = [at_last for at_last in lasts if (equation.left, at_last) not in reached]
        if idle == lasts:
            raise source.place.error(
                f"no cost depends on {equation.left}: use it in an equation, or remove it."
            )
        if idle:
            where, when = ("at", BEFORE_LAST) if idle[0] else ("before", AT_LAST)
            raise source.place.error(
                f"nothing comes of {equation.left} {where} timestamp T: write for {when} behind it."
            )
    for declared in (parsed.weights, parsed.inputs, parsed.vectors):
        for name, place in declared.places.items():
            if not reached & {(name, False), (name, True)} and name not in cell.quantities:
                raise place.error(f"no cost depends on {name}: use it, or remove it.")


def _reached(cell: Cell) -> set[tuple[str, bool]]:
    """List every name that the cost depends on, and whether at timestamp T or before it."""
    found: set[tuple[str, bool]] = set()
    todo = [(cell.cost, at_last) for at_last in (False, True) if cell.cost.holds(at_last)]
    while todo:
        equation, at_last = todo.pop()
        for leaf in leaves(equation.right):
            there = (leaf.name, at_last and leaf.shift != -1)
            if there not in found:
                found.add(there)
                todo += [(e, there[1]) for e in cell.at(there[1]) if e.left == leaf.name]
    return found


def _check_way_back(cell: Cell, parsed: Parsed) -> None:
    """Check that timestamp T - 1 goes back as those before it do, though T follows on it."""
    before, last = _from_later(cell, False), _from_later(cell, True)
    for name in cell.quantities:
        if before.get(name) != last.get(name):
            place = next(s.place for s in parsed.sources if s.equation.left == name)
            raise place.error(
                f"what {name} gives on to timestamp T differs from what it gives on to those "
                "before, so timestamp T − 1 would need a way back of its own: let the equations "
                "at T take the same from timestamp k − 1."
            )


def _from_later(cell: Cell, at_last: bool) -> dict[str, Node]:
    """Return what comes back to each state from a timestamp to the one before it."""
    terms: dict[str, list[Node]] = {}
    for equation in cell.at(at_last):
        for leaf, term in gradients(equation.right, Leaf(equation.left, 0, d=True)):
            if leaf.shift == -1:
                terms.setdefault(leaf.name, []).append(term)
    return {name: total(found) for name, found in terms.items()}

"""A description, taken apart: from its text to equations and declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from core.cell.description import ALWAYS, AT_LAST, BEFORE_LAST, Equation, Shape
from core.cell.expression import Apply, Leaf, Node, leaves
from core.cell.formula import (
    LONG_NAME,
    MOST_IN_NAME,
    TARGET,
    CellError,
    Place,
    Reader,
    check_letters,
    quoted,
    shown,
)
from core.cell.operations import function_of

__all__ = ["TARGET", "CellError", "Declared", "Parsed", "Place", "Source", "parse"]

MOST_CHARACTERS, MOST_LINES, MOST_IN_LINE = 8_000, 60, 400
_DECLARATIONS = ("weights", "vectors", "inputs")
_FRIENDLY = str.maketrans({"·": "*", "⋅": "*", "×": "*", "−": "-"})
_BLANKS = str.maketrans({"\t": " ", "\u00a0": " "})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\((In|Out)\))?")
_CONDITIONS = {"": ALWAYS, "k<T": BEFORE_LAST, "k=T": AT_LAST, "k==T": AT_LAST}


class Source(NamedTuple):
    """An equation, where it stands, and where each name stands in it."""

    equation: Equation
    place: Place
    names: Mapping[str, Place]


class Declared(NamedTuple):
    """Names of one kind with their shapes, and where each is declared."""

    shapes: dict[str, Shape]
    places: dict[str, Place]


class Parsed(NamedTuple):
    """A text taken apart, not checked yet."""

    sources: list[Source]
    weights: Declared
    vectors: Declared
    inputs: Declared


def parse(text: str) -> Parsed:
    """Take a text apart into its equations, the cost last, and its declarations.

    Raises `CellError` for the first thing that cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise CellError(
            1, 1, f"the text has {len(text):,} characters: shorten it to {MOST_CHARACTERS:,}."
        )
    lines = text.replace("\r\n", "\n").translate(_BLANKS).split("\n")
    if len(lines := lines if lines[-1] else lines[:-1]) > MOST_LINES:
        raise CellError(
            MOST_LINES + 1, 1, f"the text has {len(lines):,} lines: shorten it to {MOST_LINES}."
        )
    declared = {kind: Declared({}, {}) for kind in _DECLARATIONS}
    formulas = {
        number: formula
        for number, line in enumerate(lines, start=1)
        if (formula := _without_declarations(line, number, declared)).partition("#")[0].strip()
    }
    if not formulas:
        raise CellError(1, 1, "there is no equation yet: write one such as h = tanh(W*x).")
    fixed = frozenset(declared["weights"].shapes)
    sources = [s for number, line in formulas.items() for s in _equations(line, number, fixed)]
    return Parsed(_with_cost(sources), *(declared[kind] for kind in _DECLARATIONS))


def _without_declarations(line: str, number: int, declared: Mapping[str, Declared]) -> str:
    """Take in what a line declares, and return its formula, with the sentence behind it."""
    if len(line) > MOST_IN_LINE:
        sentence = f"the line is longer than {MOST_IN_LINE} characters: name a part of it."
        raise CellError(number, MOST_IN_LINE + 1, sentence)
    for column, letter in enumerate(line, start=1):
        if not letter.isprintable():
            raise CellError(number, column, "a character that cannot be seen: delete it.")
    formula, _, _ = line.partition("#")
    parts = list(re.finditer(r"\b(weights|vectors|inputs)\s*:", formula))
    ends = [*(part.start() for part in parts), len(formula)][1:]
    for part, end in zip(parts, ends, strict=True):
        start = part.end()
        for text in formula[start:end].split(","):
            _declare(declared[part[1]], part[1], text, Place(number, start + 1))
            start += len(text) + 1
    return formula[: parts[0].start()] if parts else line


def _declare(declared: Declared, kind: str, text: str, start: Place) -> None:
    """Read ``Wi Wf: H I``: names, then the letters of their sizes."""
    names, colon, shape = text.partition(":")
    letters = [
        (found[0], Place(start.line, start.column + len(names) + 1 + found.start()))
        for found in re.finditer(r"\S+", shape)
    ]
    for size, place in letters:
        if not re.fullmatch("[A-Z]", size) or size in "NT":
            raise place.error(
                f"{quoted(size)} is no size: write a capital letter other than N and T."
            )
    if len(letters) > (most := 2 if kind == "weights" else 1):
        kinds = "a matrix has two sizes" if most == 2 else "a vector has one size"
        raise letters[most][1].error(f"{kinds}: write {'H I' if most == 2 else 'H'} alone.")
    if not letters and (colon or kind == "vectors") and names.strip():
        raise start.error("the size is missing: write it behind a colon, as in h: H.")
    for found in re.finditer(r"\S+", names):
        place = Place(start.line, start.column + found.start())
        _check_name(found[0], place)
        if found[0] in declared.shapes:
            raise place.error(f"{found[0]} is declared twice: remove one of them.")
        declared.shapes[found[0]] = tuple(size for size, _ in letters)
        declared.places[found[0]] = place


def _check_name(name: str, place: Place) -> None:
    if not _NAME.fullmatch(name):
        raise place.error(f"{quoted(name)} is no name: write plain letters and digits, such as W1.")
    if len(name) > MOST_IN_NAME:
        raise place.error(LONG_NAME)


# --- one line ---------------------------------------------------------------------------------


def _equations(line: str, number: int, fixed: frozenset[str]) -> Iterator[Source]:
    formula, _, says = line.partition("#")
    formula, when = _condition(formula.translate(_FRIENDLY), number)
    check_letters(formula, number)
    left, equals, right = formula.partition("=")
    place = Place(number, len(left) - len(left.lstrip()) + 1)
    if not equals or "=" in right:
        raise place.error("an equation has one equals sign: write it as h = tanh(W*x).")
    if not left.strip():
        raise place.error("a name is missing before the equals sign: write h = tanh(W*x).")
    name = re.sub(r"\s*([()])\s*", r"\1", left.strip())
    if not _NAME.fullmatch(name):
        raise place.error(
            f"{quoted(left.strip())} cannot stand on the left of an equation: write one name."
        )
    _check_name(name, place)
    if not right.strip():
        raise Place(number, len(left) + 2).error(
            f"nothing stands behind the equals sign: write what {name} is."
        )
    names: dict[str, Place] = {}
    node = Reader(number, fixed, names).read(right, len(left) + 1)
    for made in _split(Equation(name, node, when, says.strip())):
        yield Source(made, place, names)


def _condition(formula: str, number: int) -> tuple[str, str]:
    """Cut ``for k < T`` off the end of a line."""
    match = re.search(r"\bfor\b", formula)
    if match is None:
        return formula, ALWAYS
    condition = "".join(formula[match.end() :].split())
    if not condition:
        raise CellError(
            number, match.start() + 1, "behind for stands k < T or k = T: write one of them."
        )
    if condition not in _CONDITIONS:
        never = re.fullmatch(r"k>T|T<k|k<=?0|k<1|k==?0", condition)
        sentence = (
            f"no timestamp is {quoted(condition)}, so the line never holds: "
            if never
            else f"{quoted(condition)} says no timestamps: "
        )
        raise CellError(
            number, match.start() + 1, f"{sentence}write for k < T, for k = T, or nothing."
        )
    return formula[: match.start()], _CONDITIONS[condition]


def _split(equation: Equation) -> Iterator[Equation]:
    """Name what goes into a function (In), as the tutorial does, unless it has a name already."""
    right = equation.right
    inside = right.args[0] if function_of(right) and isinstance(right, Apply) else None
    if isinstance(inside, Apply) and not equation.left.endswith("(In)"):
        inner = f"{equation.left.removesuffix('(Out)')}(In)"
        yield Equation(inner, inside, equation.when)
        yield replace(equation, right=Apply(function_of(right), (Leaf(inner, 0),)))
    else:
        yield equation


def _with_cost(sources: list[Source]) -> list[Source]:
    """Check that the last equation, and no other, is the cost."""
    for source in sources[:-1]:
        if _is_cost(source.equation.right):
            raise source.place.error(
                f"the cost {shown(source.equation.left)} must be the last equation: "
                "move it to the end."
            )
    last = sources[-1]
    if not _is_cost(last.equation.right):
        raise last.place.error(
            "the cost is missing: end with a line such as E = mean((h - y)**2) for k = T."
        )
    if last.equation.when == BEFORE_LAST:
        raise last.place.error(
            "a cost holds for k = T, or at every timestamp: write for k = T, or nothing."
        )
    if TARGET not in last.names:
        raise last.place.error(f"the cost compares with the target {TARGET}: use it there.")
    for leaf in leaves(last.equation.right):
        if leaf.shift == -1:
            raise last.names[leaf.name].error(
                f"the cost takes nothing from the timestamp before: write {leaf.name} alone."
            )
    right = _with_target(last.equation.right, None if last.equation.when else 0)
    return [*sources[:-1], last._replace(equation=replace(last.equation, right=right))]


def _with_target(node: Node, shift: int | None) -> Node:
    """Give the target its timestamp: y[k] where there is one at each, else plain y."""
    if isinstance(node, Apply):
        return Apply(node.op, tuple(_with_target(arg, shift) for arg in node.args))
    return Leaf(TARGET, shift) if isinstance(node, Leaf) and node.name == TARGET else node


def _is_cost(node: Node) -> bool:
    return isinstance(node, Apply) and node.op in ("squares", "entropy")

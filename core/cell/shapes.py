"""The shapes of all names of a description: declared, or found from its equations."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from difflib import get_close_matches

from core.cell.description import Shape
from core.cell.expression import Apply, Leaf, Node, Number, leaves
from core.cell.formula import FUNCTION_NAMES
from core.cell.parsing import TARGET, CellError, Parsed, Source

# Names that programs and equations use themselves.
TAKEN = {"N", "T", "k", "np", "rate", "epoch", "weights", "inputs", "vectors"}
TAKEN |= {*FUNCTION_NAMES, *dir(builtins)}


def completed_shapes(parsed: Parsed, given: str) -> dict[str, Shape]:
    """Return the shape of every name: declared ones, and those that follow from the equations.

    ``given`` names the input. Raises `CellError` where shapes do not fit, naming both.
    """
    declared = parsed.vectors.shapes
    shapes: dict[str, Shape] = {**parsed.weights.shapes, TARGET: declared.get(TARGET, ())}
    shapes[given] = declared.get(given) or parsed.inputs.shapes[given]
    made = [source.equation.left for source in parsed.sources[:-1]]
    shapes |= {name: declared[name] for name in made if name in declared}
    for source in parsed.sources:
        _check_known(source, shapes, {*made}, parsed)
        found = _Shapes(shapes, source, frozenset(parsed.weights.shapes)).of(source.equation.right)
        left = source.equation.left
        if len(found) > 1:
            raise source.place.error(f"{left} is a matrix: a matrix stands before @ alone.")
        if source is not parsed.sources[-1] and shapes.setdefault(left, found) != found:
            raise source.place.error(
                f"{left} is {_said(shapes[left])}, and what stands on the right is "
                f"{_said(found)}: make them agree, or declare {left} under vectors:."
            )
    return shapes


def _check_known(source: Source, shapes: dict[str, Shape], made: set[str], parsed: Parsed) -> None:
    """Check that every name of an equation is declared, or computed before it is used.

    What comes from the timestamp before, and is not declared, is a number.
    """
    for leaf in leaves(source.equation.right):
        place = source.names.get(leaf.name, source.place)
        if leaf.name == TARGET and source is not parsed.sources[-1]:
            raise place.error(f"the target {TARGET} stands in the cost alone: use it there.")
        if leaf.name in shapes:
            continue
        if leaf.name in TAKEN:
            raise place.error(f"{leaf.name} has a meaning already: no formula takes it.")
        if leaf.name not in made:
            meant = _alike(leaf.name, [*shapes, *made])
            raise place.error(
                f"the name {leaf.name} is not known{meant}: compute it in an equation, or declare "
                "it under weights:, inputs: or vectors:."
            )
        if leaf.shift != -1:
            raise place.error(
                f"{leaf.name} is used before it is computed: move its equation up, "
                f"or write {leaf.name}[k-1]."
            )
        shapes[leaf.name] = ()  # a vector is declared


def _alike(name: str, known: list[str]) -> str:
    plain = {k.lower().replace("_", ""): k for k in known}
    found = get_close_matches(name.lower().replace("_", ""), plain, 1, 0.7)
    return f" (is {plain[found[0]]} meant?)" if found else ""


class _Shapes:
    """Works out the shape of an expression; two that do not fit are an error that names both."""

    def __init__(self, shapes: Mapping[str, Shape], source: Source, fixed: frozenset[str]) -> None:
        self._shapes, self._source, self._fixed = shapes, source, fixed

    def of(self, node: Node) -> Shape:
        if isinstance(node, Leaf):
            return self._shapes[node.name]
        if isinstance(node, Number):
            return ()
        assert isinstance(node, Apply)
        return self._applied(node.op, node.args, [self.of(arg) for arg in node.args])

    def _applied(self, op: str, args: tuple[Node, ...], shapes: list[Shape]) -> Shape:
        if op == "@":
            return self._times(args, shapes)
        if len(shapes) == 2 and op != "**":
            both = self._both(args, shapes)
            fits = shapes[0] == shapes[1] or not all(map(leaves, args))
            if not fits:
                way_out = "write @ behind a matrix" if 2 in map(len, shapes) else "make them agree"
                raise self._error(args, f"the shapes do not fit, {both}: {way_out}")
            shapes = [max(shapes, key=len)]
        if max(map(len, shapes)) > 1:
            raise self._error(args, "a matrix stands before @ alone: write it as W @ x")
        if op in ("softmax", "entropy"):
            name = "softmax()" if op == "softmax" else "cross_entropy()"
            if not shapes[0]:
                raise self._error(
                    args, f"{name} needs a vector, and this is a number: declare it under vectors:"
                )
            self._check_varies(args[0], f"{name} takes")
        return () if op in ("squares", "entropy") else shapes[0]

    def _times(self, args: tuple[Node, ...], shapes: list[Shape]) -> Shape:
        matrix, vector = shapes
        both = self._both(args, shapes)
        if len(matrix) != 2 or len(vector) != 1:
            way_out = "write * between others"
            raise self._error(args, f"@ is a matrix times a vector, {both}: {way_out}")
        if matrix[1:] != vector:
            raise self._error(args, f"the sizes do not fit, {both}: make them agree")
        self._check_varies(args[1], "@ takes behind it")
        return matrix[:1]

    def _check_varies(self, node: Node, takes: str) -> None:
        """Check that an expression has a row for each sequence, as weights alone have not."""
        if all(x.name in self._fixed for x in leaves(node)):
            raise self._error(
                (node,), f"{takes} a vector of each sequence: use the input or a quantity in it"
            )

    def _both(self, args: tuple[Node, ...], shapes: list[Shape]) -> str:
        texts = (f"{_name(arg)} is {_said(s)}" for arg, s in zip(args, shapes, strict=True))
        return " and ".join(texts)

    def _error(self, args: tuple[Node, ...], sentence: str) -> CellError:
        first = next((x.name for arg in args for x in leaves(arg)), "")
        place = self._source.names.get(first, self._source.place)
        return place.error(f"{sentence}.")


def _name(node: Node) -> str:
    found = leaves(node)
    alone = isinstance(node, Leaf)
    return found[0].name if alone else f"what is made of {found[0].name}" if found else "a number"


def _said(shape: Shape) -> str:
    kind = ("a number", "a vector", "a matrix")[len(shape)]
    return f"{kind} ({' × '.join(shape)})" if shape else kind

"""Random cells, data for them, and what they compute, worked out apart from the core.

A cell is a chain: each quantity takes the one before it, so that the cost depends on all of them.
The first one takes the last of those that recur from the timestamp before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from core.cell.description import Cell
from core.cell.expression import Apply, Leaf, Node, Number
from core.cell.reading import read_cell

Data = dict[str, Any]


@st.composite
def random_texts(draw: st.DrawFn) -> str:
    """Draw the text of a cell that can be read: 1 to 5 equations, all numbers or all vectors."""
    return random_text(draw(st.randoms(use_true_random=False)))


def random_cells() -> st.SearchStrategy[Cell]:
    """Draw a cell; its ``text`` is one of `random_texts`."""
    return random_texts().map(read_cell)


def random_text(random: Random) -> str:
    """Write a description that can be read."""
    return _Writer(random).text()


# --- writing --------------------------------------------------------------------------------------

_BOUNDED = ("tanh", "sigmoid", "log", "logistic", "softmax", "exp")
_OUTER = ("tanh", "sigmoid", "log", "logistic", "relu", "exp", "sqrt", "", "")


class _Source(NamedTuple):
    """What an equation may take: as it is written, its size, and whether its numbers are small."""

    text: str
    size: str
    bounded: bool


class _Quantity(NamedTuple):
    name: str
    size: str
    functions: tuple[str, ...]  # two where timestamp T has an equation of its own

    def source(self, before: bool = False) -> _Source:
        bounded = all(f in _BOUNDED for f in self.functions)
        return _Source(f"{self.name}{'[k-1]' * before}", self.size, bounded)


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._has_vectors = random.random() < 0.6
        self._weights: dict[str, str] = {}
        self._x = _Source("x", "I" if self._has_vectors else "", True)

    def text(self) -> str:
        random = self._random
        everywhere, recurs = random.random() < 0.4, random.random() < 0.85
        quantities = self._quantities(random.randint(1, 5))
        core = quantities if everywhere else quantities[: random.randint(1, len(quantities))]
        entropy = self._has_vectors and random.random() < 0.4
        if entropy and random.random() < 0.7:
            last = quantities[-1]._replace(functions=("softmax",))
            core = [last if q.name == last.name else q for q in core]
            quantities[-1] = last
        remembers = recurs and random.random() < 0.25
        memory = _Quantity("mem", self._size(), ("tanh",)) if remembers else None
        before = [q.source(before=True) for q in (*core, *([memory] if memory else []))]
        lines: list[str] = []
        for place, quantity in enumerate(quantities):
            in_core = place < len(core) and (recurs or everywhere)
            must = [quantities[place - 1].source()] if place else [self._x]
            states = before if recurs and place < len(core) else []
            if recurs and not place:
                must.append(before[-1])
            may = [self._x, *(q.source() for q in quantities[:place])]
            lines += self._lines(quantity, must, may, states, "" if in_core else "for k = T")
            if memory and place == len(core) - 1:
                given = [q.source() for q in core]
                lines.append(self._line(memory, "tanh", given[-1:], given, "for k < T"))
        lines.append(self._cost(quantities[-1], entropy, everywhere))
        used = set(re.findall(r"\bW\d+\b", "\n".join(lines)))
        self._weights = {name: self._weights[name] for name in self._weights if name in used}
        return "\n".join([*lines, *self._declarations(quantities, memory)]) + "\n"

    def _quantities(self, count: int) -> list[_Quantity]:
        names = self._random.sample("abcghqrsuvz", count)
        marks = self._random.choices(("", "(Out)", "(In)"), (6, 2, 1), k=count)
        return [
            _Quantity(n + mark, self._size(), self._functions())
            for n, mark in zip(names, marks, strict=True)
        ]

    def _size(self) -> str:
        return self._random.choice("HHMO") if self._has_vectors else ""

    def _functions(self) -> tuple[str, ...]:
        functions = (*_OUTER, "softmax") if self._has_vectors else _OUTER
        return tuple(self._random.choices(functions, k=1 + (self._random.random() < 0.2)))

    def _lines(
        self,
        quantity: _Quantity,
        must: list[_Source],
        may: list[_Source],
        states: list[_Source],
        when: str,
    ) -> list[str]:
        # What timestamp T - 1 gives to T is what those before it give: no states in two lines.
        before = any("[k-1]" in source.text for source in must)
        if len(quantity.functions) == 1 or when or before:
            return [self._line(quantity, quantity.functions[0], must, [*may, *states], when)]
        return [
            self._line(quantity, function, must, may, f"for {when}")
            for function, when in zip(quantity.functions, ("k < T", "k = T"), strict=True)
        ]

    def _line(
        self,
        quantity: _Quantity,
        function: str,
        must: list[_Source],
        may: list[_Source],
        when: str,
    ) -> str:
        terms = [self._taken(source, quantity.size) for source in must]
        terms += [self._term(quantity.size, may) for _ in range(self._random.randint(0, 2))]
        self._random.shuffle(terms)
        if function == "relu":  # never 0 for good, where its slope jumps
            terms.append(self._weight(quantity.size))
        whole = f"-({terms[0]})" if self._random.random() < 0.1 else terms[0]
        for term in terms[1:]:
            whole += self._random.choice((" + ", " + ", " - ")) + term
        forms = {"": whole, "exp": f"exp(-({whole})**2)", "sqrt": f"sqrt(1 + ({whole})**2)"}
        right = forms.get(function, f"{function}({whole})")
        says = "  # {name} at timestamp {k}." if self._random.random() < 0.1 else ""
        return f"{quantity.name} = {right}  {when}".rstrip() + says

    def _weight(self, *sizes: str) -> str:
        shape = " ".join(sizes).strip()
        old = [name for name, other in self._weights.items() if other == shape]
        if old and self._random.random() < 0.25:
            return self._random.choice(old)
        name = f"W{len(self._weights) + 1}"
        self._weights[name] = shape
        return name

    def _taken(self, source: _Source, size: str) -> str:
        """Write a term in which a source stands."""
        if self._weights and source.size == size and self._random.random() < 0.3:
            return source.text
        if self._has_vectors and (source.size != size or self._random.random() < 0.7):
            return f"{self._weight(size, source.size)} @ {source.text}"
        pair = [self._weight(size), source.text]
        self._random.shuffle(pair)
        return " * ".join(pair)

    def _term(self, size: str, sources: list[_Source]) -> str:
        """Write a term of any kind; what grows fast takes small numbers alone."""
        random = self._random
        tame = [s.text for s in sources if s.bounded and s.size == size]
        if not tame or random.random() < 0.4:
            source = random.choice(sources)
            return self._weight(size) if random.random() < 0.3 else self._taken(source, size)
        a, b = random.choice(tame), random.choice(tame)
        function = random.choice(("tanh", "sigmoid", "log", "logistic", "exp"))
        return random.choice(
            (
                f"{a}**{random.randint(1, 3)}",
                f"{a} * {b}",
                f"{a} / (2 + exp(-{b}))",
                f"{a} / (1 + {b}**2)",
                f"{self._weight(size)} / (3 - {a} * {a} / 2)",
                f"{random.choice(('0.5', '2', '-1', '1e-1'))} * {a}",
                f"(1 - {a}) * {b}",
                f"{function}({a})",
                f"{function}({a} * {b} + 0.5)",
                f"sqrt(1 + {a}**2)",
                f"relu({a} - 0.3123)",
            )
        )

    def _cost(self, last: _Quantity, entropy: bool, everywhere: bool) -> str:
        name = last.name
        if entropy:
            p = name if last.functions == ("softmax",) else f"softmax({name})"
            right = f"mean(cross_entropy({p}, y))"
        else:
            forms = (f"({name} - y)**2", f"(y - {name})**2", f"(0.5 * {name} - y)**2")
            right = f"mean({self._random.choice(forms)})"
        return f"E = {right}{'' if everywhere else '  for k = T'}"

    def _declarations(self, quantities: list[_Quantity], memory: _Quantity | None) -> list[str]:
        if not self._has_vectors:
            return [f"weights: {' '.join(self._weights)}  inputs: x"]
        weights = ", ".join(f"{name}: {shape}" for name, shape in self._weights.items())
        vectors = [("x", "I"), ("y", quantities[-1].size)]
        vectors += [(q.name, q.size) for q in (*quantities, *([memory] if memory else []))]
        return [f"weights: {weights}", f"vectors: {', '.join(f'{n}: {s}' for n, s in vectors)}"]


# --- data -----------------------------------------------------------------------------------------


def random_sizes(cell: Cell, rng: np.random.Generator) -> dict[str, int]:
    """Draw 1 to 3 components for each letter of a cell."""
    return {letter: int(rng.integers(1, 4)) for letter in cell.sizes}


def random_data(
    cell: Cell,
    rng: np.random.Generator,
    N: int,  # noqa: N803 (as the equations call them)
    T: int,  # noqa: N803
    sizes: Mapping[str, int] | None = None,
) -> Data:
    """Draw inputs, targets, weights and initial_state, all moderate, away from kinks of relu.

    ``inputs`` are (N, T) or (N, T, I), ``targets`` (N,), (N, O), (N, T) or (N, T, O), the others
    by name: floats or arrays.
    """
    letters = random_sizes(cell, rng) if sizes is None else sizes

    def shape(name: str) -> tuple[int, ...]:
        return tuple(letters[letter] for letter in cell.shapes[name])

    times = (N, T) if cell.costs_everywhere else (N,)
    for _ in range(1000):
        targets = rng.uniform(0.1, 0.9, (*times, *shape("y")))
        if isinstance(cell.cost.right, Apply) and cell.cost.right.op == "entropy":
            targets = targets / targets.sum(axis=-1, keepdims=True)
        data: Data = {
            "inputs": rng.uniform(-1, 1, (N, T, *shape(cell.input))),
            "targets": targets,
            "weights": {w: rng.uniform(-0.8, 0.8, shape(w)) for w in cell.weights},
            "initial_state": {s: rng.uniform(-0.5, 0.5, shape(s)) for s in cell.states},
        }
        if Forward(cell, data).nearest_kink > 1e-4:
            return data
    raise AssertionError(f"a relu() of this cell is always near 0:\n{cell.text}")


# --- what a cell computes -------------------------------------------------------------------------

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("log", "sigmoid", "logistic"), lambda z: 1 / (1 + np.exp(-z))),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "exp": np.exp,
    "sqrt": np.sqrt,
}


class Forward:
    """The forward pass of a cell on such data, real or complex, one equation after the other.

    ``values[name, k]`` is a quantity of all sequences at timestamp k: shape (N, …); ``cost`` is E.
    """

    def __init__(self, cell: Cell, data: Data) -> None:
        self.cell, self.data = cell, data
        self.nearest_kink = np.inf
        self.sequences, self.timestamps = data["inputs"].shape[:2]
        self.values: dict[tuple[str, int], Any] = {}
        for name in cell.states:
            start = np.asarray(data["initial_state"][name])
            self.values[name, 0] = np.broadcast_to(start, (self.sequences, *start.shape))
        self.cost: Any = 0.0
        for k in range(1, self.timestamps + 1):
            self.values[cell.input, k] = data["inputs"][:, k - 1]
            for equation in cell.at(k == self.timestamps):
                self.values[equation.left, k] = self.value(equation.right, k)
            if cell.cost.holds(k == self.timestamps):
                self.cost = self.cost + self.value(cell.cost.right, k)

    def value(self, node: Node, k: int) -> Any:
        """Work out an expression of a description at timestamp k."""
        if isinstance(node, Number):
            return np.float64(node.value / (self.sequences if node.mean else 1))
        if isinstance(node, Leaf):
            return self.leaf(node, k)
        assert isinstance(node, Apply)
        return self.applied(node.op, [self.value(arg, k) for arg in node.args])

    def leaf(self, leaf: Leaf, k: int) -> Any:
        if leaf.name in self.cell.weights:
            return np.asarray(self.data["weights"][leaf.name])
        if leaf.name == "y":
            targets = self.data["targets"]
            return targets[:, k - 1] if self.cell.costs_everywhere else targets
        return self.values[leaf.name, k + (leaf.shift or 0)]

    def applied(self, op: str, args: list[Any]) -> Any:  # noqa: C901 (one case for each operation)
        match op, args:
            case "+", (a, b):
                return a + b
            case "-", (a, b):
                return a - b
            case "neg", (a,):
                return -a
            case "*", (a, b):
                return a * b
            case "/", (a, b):
                return a / b
            case "**", (a, n):
                return a ** int(n)
            case "@", (w, x):
                return np.einsum("oi,ni->no", w, x)
            case "softmax", (z,):
                return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
            case "squares", (u,):
                return (u * u).sum() / self.sequences
            case "entropy", (p, y):
                return -(y * np.log(p)).sum() / self.sequences
        if op == "relu":
            self.nearest_kink = min(self.nearest_kink, float(np.min(np.abs(args[0].real))))
        return FUNCTIONS[op](args[0])


def gradient(cell: Cell, data: Data) -> dict[str, Any]:
    """Work out dE/d of every weight by complex steps: nothing cancels, no calculus is used."""
    found = {}
    for name, weight in data["weights"].items():
        weight = np.asarray(weight)
        found[name] = np.empty(weight.shape)
        for part in np.ndindex(weight.shape):
            moved = weight.astype(complex)
            moved[part] += 1e-40j
            weights = {**data["weights"], name: moved}
            found[name][part] = Forward(cell, {**data, "weights": weights}).cost.imag / 1e-40
    return found

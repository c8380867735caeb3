"""The operations, one row each: how NumPy and paper write it, and how a gradient passes it.

Nothing else in this program knows any calculus. The rows of a description come first; then those
that the way back brings in, which are never derived themselves.
"""

# ruff: noqa: ARG005 (a row's pull takes all arguments of its operation, used or not)
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from core.cell.expression import ONE, TWO, Apply, Leaf, Node, Number

Pull = Callable[..., tuple[Node | None, ...]]

SUM, PRODUCT, POWER, ATOM = 1, 3, 4, 9  # how tightly an operation binds


@dataclass(frozen=True)
class Operation:
    """One row of the table.

    ``numpy`` writes it where rows are sequences; ``paper`` is what stands before, between and
    behind its arguments; ``said`` joins them in a sentence. ``pull`` takes the gradient g of the
    result, then the arguments, and gives theirs: expressions, or None for what has none.
    """

    numpy: str
    binds: int = ATOM
    pull: Pull | None = None
    paper: tuple[str, str, str] = ("", "", "")
    said: str = ""


@dataclass(frozen=True)
class Function:
    """A function of one number, and how people write it and its slope out."""

    formula: str
    slope: str
    title: str


# The same function under three names: what an author wrote stands on screen.
LOGISTIC = ("log", "sigmoid", "logistic")
FUNCTIONS: dict[str, Function] = {
    **{
        name: Function(
            f"{name}(z) = 1 / (1 + exp(−z))",
            f"d_{name}(z) = {name}(z) · (1 − {name}(z))",
            "logistic sigmoid" + ", not a logarithm" * (name == "log"),
        )
        for name in LOGISTIC
    },
    "tanh": Function("tanh(z)", "d_tanh(z) = 1 − tanh(z)²", "hyperbolic tangent"),
    "relu": Function(
        "relu(z) = max(z, 0)", "d_relu(z) = 1 where z > 0, else 0", "rectified linear unit"
    ),
    "exp": Function("exp(z)", "d_exp(z) = exp(z)", "exponential function"),
    "sqrt": Function("sqrt(z)", "d_sqrt(z) = 1 / (2 · sqrt(z))", "square root"),
}


def slope_of(node: Node) -> str:
    """Name the function whose slope an expression is; empty for anything else."""
    found = node.op.removeprefix("d_") if isinstance(node, Apply) else ""
    return found if isinstance(node, Apply) and found != node.op else ""


def function_of(node: Node) -> str:
    """Name the function, softmax included, that an expression applies; empty for anything else."""
    is_one = isinstance(node, Apply) and (node.op in FUNCTIONS or node.op == "softmax")
    return node.op if is_one and isinstance(node, Apply) else ""


def _slope(name: str) -> Pull:
    return lambda g, z: (g * Apply(f"d_{name}", (z,)),)


def _power(g: Node, a: Node, n: Number) -> tuple[Node | None, ...]:
    """d(a**n)/da = n * a**(n - 1), without the factors that are 1."""
    less = Number(n.value - 1.0)
    root = a if less == ONE else Apply("**", (a, less))
    return (g if n == ONE else g * (n * root)), None


def _softmax(g: Node, z: Node) -> tuple[Node, ...]:
    """p * (g - sum(p * g)): Bridle, 1990."""
    p = Apply("softmax", (z,))
    return (p * (g - Apply("dot", (p, g))),)


def _around(name: str) -> tuple[str, str, str]:
    return f"{name}(", "", ")"


OPERATIONS: dict[str, Operation] = {
    "+": Operation("{0} + {1}", SUM, lambda g, a, b: (g, g), ("", "+", ""), ", plus "),
    "-": Operation("{0} - {1}", SUM, lambda g, a, b: (g, -g), ("", "−", ""), " minus "),
    "neg": Operation("-{0}", 2, lambda g, a: (-g,), ("−", "", ""), "minus "),
    # Number by number; of two vectors, component by component.
    "*": Operation("{0} * {1}", PRODUCT, lambda g, a, b: (g * b, g * a), ("", "·", ""), " times "),
    "/": Operation(
        "{0} / {1}",
        PRODUCT,
        lambda g, a, b: (g / b, -(g * a / Apply("**", (b, TWO)))),
        ("", "/", ""),
        " divided by ",
    ),
    "**": Operation("{0} ** {1}", POWER, _power, ("", "^", ""), " to the power of "),
    # A matrix times a vector, and what it takes back. Rows are sequences: NumPy turns them round.
    "@": Operation(
        "{1} @ {0}.T",
        PRODUCT,
        lambda g, w, x: (Apply("outer", (g, x)), Apply("T@", (w, g))),
        ("", "·", ""),
        " times ",
    ),
    **{f: Operation(f"{f}({{0}})", ATOM, _slope(f), _around(f), f"{f}() of ") for f in FUNCTIONS},
    "softmax": Operation("softmax({0})", ATOM, _softmax, _around("softmax"), "softmax() of "),
    # The cost is the last thing there is: its own gradient is 1.
    "squares": Operation(
        "np.sum(({0}) ** 2) / N", PRODUCT, lambda g, u: (Number(2.0, mean=True) * u,)
    ),
    "entropy": Operation(
        "-np.sum({1} * np.log({0})) / N",
        PRODUCT,
        lambda g, p, y: (-(Number(1.0, mean=True) * (y / p)), None),
    ),
    # What the way back brings in.
    "T@": Operation("{1} @ {0}", PRODUCT, None, ("", "ᵀ ·", ""), " times "),
    "outer": Operation("{0}[:, :, None] * {1}[:, None, :]", PRODUCT, None, ("", "·", "ᵀ")),
    "dot": Operation("np.sum({0} * {1}, axis=1, keepdims=True)", ATOM, None, ("(", "·", ")")),
    **{
        f"d_{f}": Operation(f"d_{f}({{0}})", ATOM, None, _around(f"d_{f}"), f"d_{f}() of ")
        for f in FUNCTIONS
    },
    "sum": Operation("np.sum({0}, axis=0)", PRODUCT),  # over the sequences
    "sum outer": Operation("{0}.T @ {1}", PRODUCT),
    "from 2 on": Operation("({0} if k > 1 else {1})"),  # of a mistake with no place at timestamp 1
    "over time": Operation("sum({0} for k in range(1, T + 1))", PRODUCT),
    # What update rules have, and their lines on paper.
    "sign": Operation("np.sign({0})", ATOM, None, _around("sign")),
    "root": Operation("np.sqrt({0})", ATOM, None, _around("√")),
    "shortened": Operation("{0} / {1} if {1} > {0} else 1.0", 0, None, ("min(1,", "/", ")")),
    "where": Operation("np.where({0}, {1}, {2})"),
    "length": Operation("length({0})"),  # of the gradient by all weights together
    **{op: Operation(f"{{0}} {op} {{1}}", 0) for op in ("==", "<", ">")},
}


def gradients(right: Node, g: Node) -> Iterator[tuple[Leaf, Node]]:
    """Take the gradient ``g`` of a value back to each quantity that the value is made of.

    A bare copy has the slope 1, and a learner should see it.
    """
    yield from _pulled(right, g * ONE if isinstance(right, Leaf) else g)


def _pulled(right: Node, g: Node) -> Iterator[tuple[Leaf, Node]]:
    if isinstance(right, Leaf):
        yield right, g
    elif isinstance(right, Apply):
        pull = OPERATIONS[right.op].pull
        assert pull is not None, f"no derivative of {right.op}"
        for arg, back in zip(right.args, pull(g, *right.args), strict=True):
            if back is not None:
                yield from _pulled(arg, back)


def over_sequences(node: Node) -> Node:
    """Sum over the sequences; of outer products that is one product of two matrices."""
    if isinstance(node, Apply) and node.op == "outer":
        return Apply("sum outer", node.args)
    if isinstance(node, Apply) and node.op == "neg":
        return -over_sequences(node.args[0])
    return Apply("sum", (node,))


def as_numbers(node: Node) -> Node:
    """Return the expression with each product of matrix and vector read as one of numbers."""
    if not isinstance(node, Apply):
        return node
    args = tuple(map(as_numbers, node.args))
    return Apply("*" if node.op == "@" else node.op, args)


# --- an expression as a line of a program, for NumPy and for plain floats alike ---------------

NameOf = Callable[[Leaf], str]
NUMPY = {op: row.numpy for op, row in OPERATIONS.items()}

_WITH_BRACKETS = ("squares", "sum", "over time")  # their text brings brackets of its own
_MATRIX = ("@", "T@", "sum outer", "outer", "**", "entropy")


def written(node: Node, name: NameOf, table: Mapping[str, str] = NUMPY, number: str = "g") -> str:
    """Write an expression as the templates of a table say it.

    ``name`` writes its quantities, and ``number`` is the format of its numbers.
    """
    node = _shown(node)
    if isinstance(node, Leaf):
        return name(node)
    if isinstance(node, Number):
        return f"{node.value:{number}}" + " / N" * node.mean
    assert isinstance(node, Apply)
    texts = []
    for place, arg in enumerate(node.args):
        text = written(arg, name, table, number)
        texts.append(f"({text})" if _is_loose(text, _shown(arg), node, place) else text)
    line = table[node.op].format(*texts)
    # A power of a mere name stands close to it.
    tight = node.op == "**" and texts[0].isidentifier() and " " not in texts[1]
    return line.replace(" ** ", "**") if tight else line


def binds(node: Node) -> int:
    """Tell how tightly an expression holds together."""
    if isinstance(node, Number):
        return OPERATIONS["*"].binds if node.mean else ATOM
    return OPERATIONS[node.op].binds if isinstance(node, Apply) else ATOM


def _shown(node: Node) -> Node:
    """Return what a copy copies: the factor 1 is for paper."""
    is_copy = isinstance(node, Apply) and node.op == "*" and node.args[1] == ONE
    return node.args[0] if is_copy and isinstance(node, Apply) else node


def _is_loose(text: str, arg: Node, node: Apply, place: int) -> bool:
    inside, outside = binds(arg), OPERATIONS[node.op].binds
    if outside == ATOM or node.op in _WITH_BRACKETS:
        return False
    same = inside == outside and (place == 1 or node.op in _MATRIX)
    return inside < outside or same or (text.startswith("-") and place > 0)

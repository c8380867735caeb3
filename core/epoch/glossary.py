"""Quantities in words: as a cell calls them in sentences, and as the field does.

Tool tips show the field's words beside those on screen, so that a reader of either finds the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.cell.description import AT_LAST, Cell
from core.cell.expression import Apply, Leaf, Node, Number, operations, summands
from core.cell.names import apart, label
from core.cell.operations import ATOM, FUNCTIONS, OPERATIONS, slope_of
from core.cell.parsing import TARGET
from core.cell.steps import Kind, Step

WORDS = {
    "x": "input sequences",
    "X": "input",
    "y": "target (ground truth)",
    "timestamp": "time step",
    "State 0": "initial state",
    "prediction": "prediction: hidden state of the last time step",
    "()": "identity: no activation",
    "slope": "derivative of the activation",
    "rate": "learning rate of this weight",
    "norm": "length of the gradient (Euclidean norm)",
    "clip norm": "gradient clipping threshold",
    "factor": "clipping factor",
    "g": "clipped gradient",
    "momentum": "momentum coefficient",
    "v": "velocity, as the epoch before left it",
    "new v": "velocity",
    "sign": "sign of the gradient",
    "size": "step size, as the epoch before left it",
    "new size": "step size",
    "up": "increase factor of the step size",
    "down": "decrease factor of the step size",
    "m": "first moment, as the epoch before left it",
    "new m": "first moment: running mean of the gradients",
    "s": "second moment, as the epoch before left it",
    "new s": "second moment: running mean of the squared gradients",
    "β": "decay rate of a moment",
    "lead": "bias correction",
    "step": "learning rate times the bias-corrected first moment",
    "root": "root of the bias-corrected second moment",
    "ε": "small number that keeps the denominator above 0",
    **{f"{name}()": function.title for name, function in FUNCTIONS.items()},
    "softmax()": "softmax: shares that sum to 1",
}
_TUTORIAL = {"S(In)": "pre-activation", "S(Out)": "hidden state (activation)"}


class Glossary:
    """The field's words for all that a cell computes with."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._words: dict[str, str] = {}

    def words(self, name: str) -> str:
        """Return what the field calls a quantity or a weight, or a new weight: new Wx."""
        if name not in self._words:
            self._words[name] = self._found(name)
        return self._words[name]

    def gradient(self, name: str) -> str:
        """Return the field's words for dE/d of something."""
        return f"gradient with respect to the {self.words(name)}"

    def at(self, leaf: Leaf, k: int) -> str:
        """Return the words for a quantity, a weight or their gradient, relative to timestamp k."""
        at = 0 if leaf.shift is None else k + leaf.shift
        if leaf.name in self.cell.weights and leaf.d and at:
            return at_timestamp(f"part of the {self.gradient(leaf.name)}", at)
        if leaf.name in self.cell.states and leaf.shift is not None and not at:
            words = self.words(leaf.name)
            return WORDS["State 0"] if leaf.name in _TUTORIAL else f"initial {words}"
        return at_timestamp((self.gradient if leaf.d else self.words)(leaf.name), at)

    def step(self, step: Step) -> str:
        """Return the words for what a step computes."""
        weights = [f"the {self.words(weight)}" for weight in self.cell.weights]
        few = len(weights) < 4
        whose = listed(weights) if few else f"{len(weights)} weights"
        new = f"new {whose.removeprefix('the ')}" if few else f"{len(weights)} new weights"
        found = {
            Kind.COST: self.words(self.cell.cost.left),
            Kind.PARTS: f"parts of the gradients with respect to {whose}",
            Kind.SUMS: f"gradients with respect to {whose}",
            Kind.UPDATE: new,
        }
        words = self.gradient if step.kind is Kind.GRADIENT else self.words
        return at_timestamp(found.get(step.kind) or words(step.name), step.timestamp)

    def _found(self, name: str) -> str:
        cell = self.cell
        if name.startswith("new ") and name[4:] in cell.weights:
            return f"new {self.words(name[4:])}"
        fixed = {
            TARGET: WORDS["y"],
            cell.input: WORDS["X"],
            cell.cost.left: "mean squared error" if cell.is_squared else "cross-entropy",
            **{weight: self._weight_words(weight) for weight in cell.weights if weight == name},
        }
        if name in fixed:
            return fixed[name]
        base, mark = apart(name)
        if base == "S" and name in _TUTORIAL and base in cell.words:
            return _TUTORIAL[name]
        if mark == "(In)" and name not in cell.words:
            return f"pre-activation of {f'the {self.words(base)}' if base in cell.words else base}"
        kind = "hidden state" if name in cell.states else "quantity"
        kind = "prediction" if name == cell.prediction else kind
        return nameless(cell, name) or f"{kind} {name}"

    def _weight_words(self, weight: str) -> str:
        """Say what a weight is by what it stands beside: the input, a state, or nothing."""
        for equation in self.cell.equations:
            if not (kind := _kind(self.cell, equation.right, weight)):
                continue
            if kind == "weight" and equation.when == AT_LAST:
                return "output weight"
            of = nameless(self.cell, apart(equation.left)[0])
            gates = len({apart(e.left)[0] for e in self.cell.at(at_last=False)}) > 1
            return f"{kind} of the {of}" if of and gates else kind
        return "weight"


def _kind(cell: Cell, right: Node, weight: str) -> str:
    if any(term == Leaf(weight) for _, term in summands(right)):
        return "bias"
    for apply in operations(right):
        if apply.op in ("*", "@") and Leaf(weight) in apply.args:
            (other,) = [arg for arg in apply.args if arg != Leaf(weight)] or [Leaf(weight)]
            if isinstance(other, Leaf) and other.name == cell.input:
                return "input weight"
            return "recurrent weight" if isinstance(other, Leaf) and other.shift == -1 else "weight"
    return ""


def at_timestamp(words: str, timestamp: int) -> str:
    """Add the place, unless it is 0: an initial state, and what belongs to no timestamp."""
    return f"{words} at {WORDS['timestamp']} {timestamp}" if timestamp else words


# --- sentences --------------------------------------------------------------------------------


def called(cell: Cell, name: str, k: int) -> str:
    """Call a quantity as sentences do: State 2 (In), hidden state h2, input gate i2 (In)."""
    base, mark = apart(name)
    if name in cell.words:
        return filled(cell.words[name], k)
    if mark and base in cell.words:
        return f"{filled(cell.words[base], k)} {mark}"
    return label(name, k)


def gradient_called(cell: Cell, name: str, k: int) -> str:
    """Call dE/d of a quantity as sentences do: dE/dState 2 (In), dE/dh2, dE/di2(In)."""
    base, _ = apart(name)
    has_letter = f"{base}{{k}}" in cell.words.get(base, "")
    return f"dE/d{label(name, k) if has_letter else called(cell, name, k)}"


def place(cell: Cell, name: str, k: int) -> str:
    """Say where a quantity is: State 2, whichever side of it; else what it is called."""
    base, _ = apart(name)
    return called(cell, base if base in cell.words else name, k)


def nameless(cell: Cell, name: str) -> str:
    """Return the words for a quantity without its letter: input gate; empty where it has none."""
    words = cell.words.get(name, "")
    return words.replace(f" {name}{{k}}", "").replace("{k}", "").replace("{k-1}", "")


def filled(words: str, k: int) -> str:
    """Put the timestamp into words with {k}, {k-1} and [the first|the others]."""
    while "[" in words:
        before, _, rest = words.partition("[")
        choice, _, after = rest.partition("]")
        words = before + choice.split("|")[0 if k == 1 else -1] + after
    return words.replace("{k}", str(k)).replace("{k-1}", str(k - 1))


def said(cell: Cell, node: Node, k: int) -> str:
    """Put an expression into words: f2 times c1, plus i2 times g2."""

    def word(part: Node) -> str:
        if isinstance(part, Leaf):
            at = "" if part.shift is None or part.name in cell.weights else k + part.shift
            return "dE/d" * part.d + label(part.name, at)
        slope = slope_of(part)
        return f"the slope of {slope}()" if slope else ""

    return put(node, word)


def put(node: Node, word: Callable[[Node], str]) -> str:
    """Put an expression into words; ``word`` has those of its parts, and none for an operation."""
    if text := word(node):
        return text
    if isinstance(node, Number):
        return f"{node.value:g}"
    assert isinstance(node, Apply)
    row = OPERATIONS[node.op]
    parts = []
    for i, arg in enumerate(node.args):
        tight = i > 0 and node.op in ("-", "/")
        inside = OPERATIONS[arg.op].binds if isinstance(arg, Apply) and not word(arg) else ATOM
        leading = i == 0 and isinstance(arg, Apply) and arg.op == "neg"
        loose = inside < row.binds + tight and not leading
        parts.append(f"({put(arg, word)})" if loose else put(arg, word))
    if node.op == "**" and parts[1] == "2":
        return f"the square of {parts[0]}"
    if node.op == "dot":
        return f"the sum of {' times '.join(parts)}"
    return f"{row.said}{parts[0]}" if len(parts) == 1 else row.said.join(parts)


def listed(words: Sequence[str], last: str = "and") -> str:
    """Put words in a row: a, b and c."""
    *others, end = words
    space = " " * (not last.startswith(","))
    return f"{', '.join(others)}{space}{last} {end}" if others else end


def upper(text: str) -> str:
    """Begin a sentence: a word gets a capital letter, a name stays as it is written."""
    first = text.partition(" ")[0]
    return text[0].upper() + text[1:] if first.isalpha() and len(first) > 2 else text

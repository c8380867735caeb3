"""Texts with a mistake, and a ☞ before the place where it is to be found."""

from __future__ import annotations

import pytest

from core.cell.parsing import CellError
from core.cell.reading import read_cell

PLAIN = """\
h = tanh(Wx*x + Wh*h[k-1])
E = mean((h - y)**2) for k = T
weights: Wx Wh
inputs: x
"""
VECTORS = """\
h = tanh(W @ x + U @ h[k-1] + b)
p = V @ h  for k = T
E = mean((p - y)**2)  for k = T
weights: W: H I, U: H H, b: H, V: O H
vectors: x: I, h: H, y: O
"""
SOFTMAX = """\
h = softmax(W @ x + U @ h[k-1])
E = mean(cross_entropy(h, y))
weights: W: H I, U: H H
vectors: x: I, h: H, y: H
"""


def plain(equations: str, weights: str = "Wx Wh", rest: str = "inputs: x") -> str:
    """Write a text with equations, separated by semicolons, and a cost of h if it has none."""
    lines = [line.strip() for line in equations.split(";")]
    cost = [] if "mean" in equations else ["E = mean((h - y)**2)"]
    return "\n".join([*lines, *cost, f"weights: {weights}", rest])


def changed(old: str, new: str, text: str = PLAIN) -> str:
    """Change one thing in a text."""
    assert old in text
    return text.replace(old, new, 1)


def check_sentence(error: CellError) -> None:
    """Check that a sentence is one, short, printable, and names a way out."""
    sentence = error.sentence
    assert sentence.endswith("."), sentence
    assert not sentence.endswith(".."), sentence
    assert len(sentence) < 300, sentence
    assert sentence.isprintable(), sentence
    assert "“”" not in sentence.replace("““”", ""), sentence
    assert ": " in sentence, f"no way out: {sentence}"
    assert str(error) == f"Line {error.line}, column {error.column}: {sentence}"


def check_mistake(pointed: str, says: str) -> None:
    """Check that a text is refused where the ☞ points, with a sentence that says so much."""
    before, _, after = pointed.partition("☞")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    with pytest.raises(CellError) as caught:
        read_cell(before + after)
    error = caught.value
    check_sentence(error)
    assert says in error.sentence
    assert (error.line, error.column) == (line, column), error.sentence

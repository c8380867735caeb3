"""Sums on paper: over sequences, over time, over the components of vectors.

What a line of vectors writes in one sign is here written out for one component, so that every
number can be checked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from core.cell.expression import Apply, Node, Number
from core.cell.operations import PRODUCT, SUM
from core.epoch.equation import Token

Part = tuple[int, ...]  # which component, from 0
# A sum of more terms than this shows the first ones, the rest in one number, and the total.
_TERMS, _FIRST_TERMS = 4, 3
_TIMES, _OPEN, _CLOSE = Token("·"), Token("("), Token(")")


class Page(Protocol):
    """What sums ask of a page; a ``part`` of None leaves a vector or a matrix whole."""

    @property
    def k(self) -> int: ...
    @property
    def timestamps(self) -> int: ...
    def tokens(self, node: Node, part: Part | None, least: int = 0) -> Iterator[Token]: ...
    def value(self, node: Node, part: Part | None) -> Any: ...
    def of_all(self, node: Node, k: int) -> Any: ...
    def at(self, k: int, n: int | None = None) -> Page: ...
    def adding(self, node: Node) -> list[int]: ...


Written = Callable[[Any, Apply, Any], Iterator[Token]]


def _sum_of(values: Any, term: Callable[[int], Iterable[Token]]) -> Iterator[Token]:
    """Write terms with plus signs between; of many the first ones, then what the others make."""
    count = len(values)
    shown = count if count <= _TERMS else _FIRST_TERMS
    if not count:
        yield Token("0", 0.0)
    for i in range(shown):
        first, *others = term(i)
        yield from [Token("+")] * (i > 0 and first != Token("−"))
        yield from (first, *others)
    if shown < count:
        rest, more = np.sum(values[shown:], axis=0), f"{count - shown:,} more"
        value = rest if np.ndim(rest) else float(rest)
        yield from (Token("+"), Token(f"… {more}", value, tip=f"{more} terms, summed"))


# --- over sequences and time ------------------------------------------------------------------


def _over_sequences(page: Page, node: Apply, part: Part | None) -> Iterator[Token]:
    term = node.args[0] if node.op == "sum" else Apply("outer", node.args)
    values = page.of_all(term, page.k)
    values = values if part is None else values[(slice(None), *part)]
    return _sum_of(values, lambda n: page.at(page.k, n).tokens(term, part))


def _over_time(page: Page, node: Apply, part: Part | None) -> Iterator[Token]:
    (term,) = node.args
    if isinstance(term, Apply) and term.op in ("squares", "entropy"):
        return _mean(page, term, range(1, page.timestamps + 1))
    pages = [page.at(k) for k in page.adding(term)]
    values = [there.value(term, part) for there in pages]
    return _sum_of(values, lambda i: pages[i].tokens(term, part))


def _mean(page: Page, node: Apply, ks: Sequence[int]) -> Iterator[Token]:
    """Write the mean over the sequences of squared errors, or of cross-entropies."""
    made, *targets = (np.stack([page.of_all(arg, k) for k in ks]) for arg in node.args)
    terms = np.log(made) * targets[0] if targets else made**2

    def term(i: int) -> Iterator[Token]:
        k, n, *part = map(int, np.unravel_index(i, terms.shape))
        there, at = page.at(ks[k], n), tuple(part)
        if targets:
            share, target = node.args
            logarithm = Token("ln(", tip="natural logarithm")
            yield from (*there.tokens(target, at, PRODUCT), _TIMES, logarithm)
            yield from (*there.tokens(share, at), _CLOSE)
        else:
            yield from (_OPEN, *there.tokens(node.args[0], at), Token(")²"))

    yield from [Token("−")] * len(targets)
    yield from page.tokens(Number(1.0, mean=True), None)
    yield from (_TIMES, _OPEN, *_sum_of(np.ravel(terms), term), _CLOSE)


BIG: Mapping[str, Written] = {
    "sum": _over_sequences,
    "sum outer": _over_sequences,
    "over time": _over_time,
    "squares": lambda page, node, _: _mean(page, node, (page.k,)),
    "entropy": lambda page, node, _: _mean(page, node, (page.k,)),
}


# --- over components --------------------------------------------------------------------------


def _row(page: Page, node: Apply, part: Part) -> Iterator[Token]:
    """Write one component of a matrix times a vector."""
    (matrix, vector), (i,) = node.args, part
    turned = node.op == "T@"
    weights = page.value(matrix, None)
    products = (weights[:, i] if turned else weights[i]) * page.value(vector, None)
    pairs = [((j, i) if turned else (i, j), (j,)) for j in range(len(products))]
    return _sum_of(products, lambda j: _times(page, node, *pairs[j]))


def _times(page: Page, node: Apply, one: Part, other: Part) -> Iterator[Token]:
    yield from page.tokens(node.args[0], one, PRODUCT)
    yield _TIMES
    yield from page.tokens(node.args[1], other, PRODUCT)


def _dot(page: Page, node: Apply, _: Part) -> Iterator[Token]:
    one, other = (page.value(arg, None) for arg in node.args)
    return _sum_of(one * other, lambda j: _times(page, node, (j,), (j,)))


def _softmax(page: Page, node: Apply, part: Part) -> Iterator[Token]:
    """Write one share: exp(z_1) / (exp(z_1) + exp(z_2))."""
    (z,) = node.args

    def grown(i: int) -> Iterator[Token]:
        yield from (Token("exp("), *page.tokens(z, (i,)), _CLOSE)

    sizes = np.exp(page.value(z, None))
    yield from (*grown(*part), Token("/"), _OPEN, *_sum_of(sizes, grown), _CLOSE)


LOWERED: Mapping[str, Written] = {
    "@": _row,
    "T@": _row,
    "dot": _dot,
    "softmax": _softmax,
    "outer": lambda page, node, part: _times(page, node, part[:1], part[1:]),
}


def lowered_binds(page: Any, node: Apply) -> int:
    """Tell how tightly one component of an operation of `LOWERED` holds together."""
    is_sum = node.op in ("@", "T@", "dot") and np.size(page.value(node.args[1], None)) > 1
    return SUM if is_sum else PRODUCT

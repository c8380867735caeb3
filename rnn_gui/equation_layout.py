"""All equations of a step laid out, for the window and for the exported figure alike."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from core.data.notation import number
from core.epoch.equation import Equation
from core.epoch.explain import Explanation
from rnn_gui.equation_columns import GAP, NOTHING
from rnn_gui.equation_lines import LINE_GAP, Layout, Place, add_equations
from rnn_gui.theme import SMALL_SIZE, TEXT_SIZE, Look
from rnn_gui.typeset import SYMBOL_SIZE, Box, Rule, Typesetter, beside

_RESULT_GAP = 14.0  # between results on one line


def layout_equation(
    equation: Equation,
    look: Look,
    width: float,
    *,
    announced: bool = False,
    activated: Equation | None = None,
) -> Layout:
    """One equation: symbols, numbers in the same places, result.

    An ``announced`` one shows its symbols alone. ``activated`` is the same step of the network
    with activation: where that one has a box and this one none, the box is struck out.
    """
    layout = Layout(look)
    add_equations(layout, Typesetter(look), [equation], width, announced, [activated])
    return layout


def layout_explanation(
    explanation: Explanation,
    look: Look,
    width: float,
    *,
    without: Explanation | None = None,
    titled: bool = False,
    setter: Typesetter | None = None,
) -> Layout:
    """All equations of a step, ``titled`` with its title and sentence above them.

    ``without`` is the same step of the network without activation, laid out below. A
    ``setter`` that was made with the same look spares measuring the same text again.
    """
    setter = setter or Typesetter(look)
    layout = Layout(look)
    if titled:
        _add_words(layout, setter, f"{heading(explanation)}.", explanation.sentence, width)
        layout.height += 10
    equations = explanation.equations
    add_equations(layout, setter, equations, width, explanation.announced, [None] * len(equations))
    if without is not None:
        theme = look.theme
        layout.height += 14
        layout.marks.append(Rule(0, layout.height, width, theme.border))
        layout.reserve(QRectF(0, layout.height, width, 1))
        title = setter.words("Without the activation", TEXT_SIZE, bold=True, colour=theme.muted)
        layout.put(title, 0, layout.height + 10 + title.ascent)
        layout.height += 8
        add_equations(layout, setter, without.equations, width, explanation.announced, equations)
    return layout


def layout_results(
    explanation: Explanation,
    look: Look,
    width: float,
    *,
    without: Explanation | None = None,
    setter: Typesetter | None = None,
) -> Layout:
    """The results of a step alone, each on one line, in the order of `Layout.results`."""
    setter = setter or Typesetter(look)
    layout = Layout(look)
    equals = setter.formula("=", SYMBOL_SIZE)
    boxes = [
        beside((setter.inline(equation.left), equals), gap=GAP)
        for equation in explanation.equations
        if not equation.leads_on
    ]
    _add_results(layout, setter, explanation.equations, boxes, width)
    if without is not None:
        label = setter.words("without activation", SMALL_SIZE, colour=look.theme.muted)
        _add_results(layout, setter, without.equations, [label, *[NOTHING] * len(boxes)], width)
    return layout


def heading(explanation: Explanation) -> str:
    """The title, which says so where the step is still to come."""
    return f"Next: {explanation.title}" if explanation.announced else explanation.title


def _add_results(
    layout: Layout,
    setter: Typesetter,
    equations: Sequence[Equation],
    before: Sequence[Box],
    width: float,
) -> None:
    """Numbers beside one another as far as they fit, each with what stands before it; under
    those of the line above, if there is one.
    """
    y = layout.height + LINE_GAP + SYMBOL_SIZE
    above = [place.rect for place in layout.places]
    x = 0.0
    results = [equation for equation in equations if not equation.leads_on]
    for i, (equation, box) in enumerate(zip(results, before, strict=False)):
        figure = setter.number(number(equation.result, layout.look.digits), strong=True)
        if x and x + box.width + GAP + figure.width > width:
            x, y = 0.0, y + 2 * LINE_GAP + SYMBOL_SIZE
        rect = layout.put(box, x, y)
        at = rect.right() + GAP
        if above and above[i].right() - figure.width >= at:
            at = above[i].right() - figure.width
        rect = rect.united(layout.put(figure, at, y))
        layout.places.append(Place(rect, equation.left, equation.result))
        x = rect.right() + _RESULT_GAP


def _add_words(layout: Layout, setter: Typesetter, title: str, text: str, width: float) -> None:
    """A paragraph that begins with a bold title."""
    words = [(word, True) for word in title.split()] + [(word, False) for word in text.split()]
    space = setter.words(" ", TEXT_SIZE).width
    line = TEXT_SIZE + 5.0
    x, y = 0.0, layout.height + TEXT_SIZE
    for word, bold in words:
        box = setter.words(word, TEXT_SIZE, bold=bold)
        if x and x + box.width > width:
            x, y = 0.0, y + line
        layout.put(box, x, y)
        x += box.width + space

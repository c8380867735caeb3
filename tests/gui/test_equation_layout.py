"""Equations: every number under its symbol, nothing clipped, nothing early."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from core.cell.expression import Apply, Leaf
from core.cell.steps import Position
from core.cell.update_rules import UPDATE_RULES
from core.data.notation import number
from core.data.presets import PRESETS
from core.epoch.explain import explain
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.equation_layout import layout_equation, layout_explanation, layout_results
from rnn_gui.equation_lines import Layout
from rnn_gui.theme import DARK, LIGHT, PRINT, Look
from rnn_gui.tutorial_cell import can_draw
from rnn_gui.typeset import Rule, Stroke, Text
from tests.tutorial import (
    COST,
    D_STATE_IN,
    PARTS,
    STATE_IN,
    UPDATE,
    changed,
    epoch_length,
    step_number,
)

NARROW = 300
DRAWN = [key for key, preset in PRESETS.items() if can_draw(preset.experiment.cell)]


def frame(step: int, preset: str = "part-2", *, compare: bool = False) -> Frame:
    run = Run(PRESETS[preset].experiment, preset)
    run.reach(401)
    epoch = min(400, run.last - 1)  # the one called exploding ends at once
    return frame_at(run, Position(epoch, step), sequence=2, compare=compare)


def texts(layout: Layout) -> list[Text]:
    return [mark for mark in layout.marks if isinstance(mark, Text)]


def written(layout: Layout) -> str:
    return " ".join(text.text for text in texts(layout))


def painted(layout: Layout, colour: QColor) -> QImage:
    size = QSize(int(layout.width) + 21, int(layout.height) + 21)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(colour)
    painter = QPainter(image)
    painter.translate(10, 10)
    layout.paint(painter)
    painter.end()
    return image


def inked(image: QImage, paper: QColor) -> QRectF:
    """The smallest rectangle with everything that is not paper."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    ink = rows[:, : grey.width()] != QColor(paper).lightness()
    ys, xs = np.nonzero(ink)
    return QRectF(xs.min(), ys.min(), xs.max() - xs.min(), ys.max() - ys.min())


@pytest.mark.parametrize("preset", DRAWN)
@pytest.mark.parametrize("width", [NARROW, 380, 900])
@pytest.mark.parametrize("compare", [False, True])
def test_nothing_is_clipped_at_any_step(
    qtbot: QtBot, preset: str, width: int, compare: bool
) -> None:
    for step in range(epoch_length(3) + 1):
        shown = frame(step, preset, compare=compare)
        without = explain(shown.unactivated) if shown.unactivated else None
        layout = layout_explanation(explain(shown), Look(), width, without=without, titled=True)
        assert layout.width <= width, step
        paper = QColor("white")
        ink = inked(painted(layout, paper), paper)
        room = QRectF(9, 9, layout.width + 3, layout.height + 3)
        assert room.contains(ink), (step, ink, room)


def test_each_number_stands_centred_under_its_symbol(qtbot: QtBot) -> None:
    shown = frame(step_number(3, STATE_IN, 2))
    equation = explain(shown).equations[0]
    layout = layout_equation(equation, Look(), 900)
    by_text = {text.text: text for text in texts(layout)}
    for token in equation.tokens:
        if str(token.symbol) in ("Wrec", "Wx"):
            symbol, figure = by_text[str(token.symbol)], by_text[_bracketed(token.number(4))]
            middles = [run.x + _width(run) / 2 for run in (symbol, figure)]
            assert middles[0] == pytest.approx(middles[1], abs=0.6)
            assert symbol.y < figure.y
    operators = [text for text in texts(layout) if text.text == "·"]
    assert len(operators) == 4
    assert sorted(text.x for text in operators)[::2] == sorted(text.x for text in operators)[1::2]


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _width(text: Text) -> float:
    return QFontMetricsF(text.font).horizontalAdvance(text.text)


def test_wrapped_terms_stand_in_columns(qtbot: QtBot) -> None:
    equation = explain(frame(step_number(3, PARTS, 2))).equations[1]
    wide, narrow = (layout_equation(equation, Look(), width) for width in (900, NARROW))
    assert narrow.height > wide.height
    factors = [text.x for text in texts(narrow) if text.text == "·"]
    assert len(factors) == 6
    assert max(factors) == pytest.approx(min(factors))


def test_the_box_spans_the_slope_and_its_number(qtbot: QtBot) -> None:
    shown = frame(step_number(3, D_STATE_IN, 2))
    layout = layout_explanation(explain(shown), Look(), 380)
    (box,) = layout.frames
    assert not box.struck
    inside = {t.text for t in texts(layout) if box.rect.contains(QPointF(t.x, t.y))}
    slope = number(float(shown.trace.value(Apply("d_log", (Leaf("S(In)", 0),)), 2)[2]), 4)
    assert {"d_log(", "S", slope} <= inside
    image = painted(layout, QColor("white"))
    corner = box.rect.topLeft() + QPointF(10 + 4, 10 + 3)
    assert image.pixelColor(corner.toPoint()) == QColor(LIGHT.backward_soft)


def test_without_activation_the_box_is_struck_out(qtbot: QtBot) -> None:
    shown = frame(step_number(3, D_STATE_IN, 2), compare=True)
    assert shown.unactivated is not None
    layout = layout_explanation(explain(shown), Look(), 380, without=explain(shown.unactivated))
    assert [box.struck for box in layout.frames] == [False, True]
    struck = layout.frames[1].rect
    inside = {t.text for t in texts(layout) if struck.contains(QPointF(t.x, t.y))}
    assert {"d_log(", "1"} <= inside
    other = number(float(shown.unactivated.trace.gradient_table("S(In)")[1, 2]), 4)
    assert other in written(layout)


def test_an_announced_step_shows_no_number(qtbot: QtBot) -> None:
    explanation = explain(frame(0))
    layout = layout_explanation(explanation, Look(), 380, titled=True)
    assert written(layout).startswith("Next: Forward, timestamp 1.")
    equation = layout_explanation(explanation, Look(), 380)
    assert not re.search(r"\d\.\d", written(equation))
    assert not equation.places
    assert written(equation).count("=") == 1


@pytest.mark.parametrize("digits", [3, 4, 8, 17])
def test_results_are_the_cores_numbers_rounded(qtbot: QtBot, digits: int) -> None:
    shown = frame(step_number(3, UPDATE))
    layout = layout_explanation(explain(shown), Look(LIGHT, digits), NARROW)
    assert shown.after_update is not None
    assert [*shown.after_update] == ["Wx", "Wrec"]
    for value in shown.after_update.values():
        assert number(value, digits) in written(layout)


def test_tool_tips_have_all_digits(qtbot: QtBot) -> None:
    shown = frame(step_number(3, D_STATE_IN, 2))
    layout = layout_explanation(explain(shown), Look(), 380)
    tips = {layout.tip_at(place.rect.center()) for place in layout.places}
    slope = float(shown.trace.value(Apply("d_log", (Leaf("S(In)", 0),)), 2)[2])
    words = "derivative of the activation at time step 2"
    formula = "d_log(z) = log(z) · (1 − log(z))"
    assert f"d_log(S_2(In)) = {slope!r}\n{words}\n{formula}" in tips
    words = "gradient with respect to the pre-activation at time step 2"
    assert f"dE/dS_2(In) = {float(shown.trace.gradients('S(In)', 2)[2])!r}\n{words}" in tips
    assert layout.tip_at(QPointF(-5, -5)) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    timestamps=st.integers(1, 50),
    sequences=st.integers(1, 30),
    share=st.floats(0, 1),
    width=st.integers(NARROW, 1200),
)
def test_every_size_fits_its_width(
    qtbot: QtBot, timestamps: int, sequences: int, share: float, width: int
) -> None:
    inputs = np.ones((sequences, timestamps))
    run = Run(PRESETS["part-2"].experiment.with_data(inputs))
    run.reach(1)
    step = round(share * epoch_length(timestamps))
    layout = layout_explanation(explain(frame_at(run, Position(0, step))), Look(), width)
    assert layout.width <= width
    for text in texts(layout):
        assert text.x >= -0.01
        assert text.x + _width(text) <= layout.width + 0.01


def test_numbers_that_are_not_finite_are_laid_out(qtbot: QtBot) -> None:
    experiment = PRESETS["part-1"].experiment.with_data(np.array([[1e200, 1e200], [1.0, 1.0]]))
    run = Run(experiment)
    for step in range(epoch_length(2)):
        layout = layout_explanation(explain(frame_at(run, Position(0, step))), Look(), 380)
        assert layout.height > 0
    shown = frame_at(run, Position(0, step_number(2, COST)))
    assert "∞" in written(layout_explanation(explain(shown), Look(), 380))


def test_light_and_dark_differ_in_colours_alone(qtbot: QtBot) -> None:
    explanation = explain(frame(12))
    light, dark = (layout_explanation(explanation, Look(theme), 380) for theme in (LIGHT, DARK))
    assert light.size == dark.size
    assert [t.text for t in texts(light)] == [t.text for t in texts(dark)]
    assert {t.colour for t in texts(light)}.isdisjoint({t.colour for t in texts(dark)})


def test_the_figure_fills_the_size_it_says(qtbot: QtBot) -> None:
    layout = layout_explanation(explain(frame(12)), Look(PRINT), 384, titled=True)
    ink = inked(painted(layout, QColor("white")), QColor("white"))
    assert QRectF(9, 9, layout.width + 3, layout.height + 3).contains(ink)
    assert ink.height() > layout.height * 0.9
    assert explain(frame(12)).sentence.split()[-1] in written(layout)


# -- the update -------------------------------------------------------------------------------


def update(rule: str, clip_norm: float | None = None) -> Frame:
    run = Run(changed(PRESETS["part-2"].experiment, update_rule=rule, clip_norm=clip_norm))
    run.reach(41)
    return frame_at(run, Position(40, step_number(3, UPDATE)))


@pytest.mark.parametrize("clip_norm", [None, 0.5])
@pytest.mark.parametrize("rule", UPDATE_RULES)
@pytest.mark.parametrize(("width", "digits"), [(NARROW, 4), (352, 4), (412, 8), (900, 17)])
def test_every_rule_fits_its_width(
    qtbot: QtBot, rule: str, clip_norm: float | None, width: int, digits: int
) -> None:
    explanation = explain(update(rule, clip_norm))
    layout = layout_explanation(explanation, Look(LIGHT, digits), width)
    paper = QColor("white")
    ink = inked(painted(layout, paper), paper)
    assert layout.width <= width
    assert QRectF(9, 9, layout.width + 3, layout.height + 3).contains(ink)
    for equation in explanation.equations:
        assert number(equation.result, digits) in written(layout)
    tips = {place.tip for place in layout.places}
    for equation in explanation.equations:
        for token in equation.tokens:
            if token.value is not None:
                assert any(tip.startswith(f"{token.symbol} = {token.value!r}") for tip in tips)


def test_the_second_weight_does_not_repeat_the_symbols_on_the_way(qtbot: QtBot) -> None:
    layout = layout_explanation(explain(update("momentum")), Look(), 900)
    runs = [text.text for text in texts(layout)]
    assert runs.count("momentum") == 1
    assert runs.count("rate") == 2  # the results have all their lines
    velocities = [text for text in texts(layout) if text.text == "0.9"]
    assert len({text.x for text in velocities}) == 1
    assert len({text.y for text in velocities}) == 2


def test_two_results_stand_side_by_side_where_both_fit(qtbot: QtBot) -> None:
    explanation = explain(update("gradient-descent"))
    wide, narrow = (layout_explanation(explanation, Look(), width) for width in (700, 352))
    assert wide.results[0].top() == wide.results[1].top()
    assert wide.results[0].right() < wide.results[1].left()
    assert narrow.results[0].bottom() < narrow.results[1].top()


def test_a_square_is_tight_and_a_root_has_a_bar_over_all_of_it(qtbot: QtBot) -> None:
    layout = layout_explanation(explain(update("gradient-descent", 0.5)), Look(), 900)
    norm = explain(update("gradient-descent", 0.5)).equations[0]
    squared = f"({number(norm.tokens[1].value or 0.0, 4)})"
    [base] = [text for text in texts(layout) if text.text == squared and text.y < 100][:1]
    right = base.x + _width(base)
    assert any(0 <= text.x - right < 2 for text in texts(layout) if text.text == "2")
    roots = [mark for mark in layout.marks if isinstance(mark, Stroke) and len(mark.points) == 5]
    assert len(roots) == 2
    for root in roots:
        under = [t for t in texts(layout) if abs(t.y - root.y) < 8 and t.x > root.x + 8]
        inside = [t for t in under if t.text in ("2", "+") or t.text.startswith("(")]
        assert root.x + root.points[-1][0] >= max(t.x + _width(t) for t in inside)
    assert not any("√" in text.text for text in texts(layout))


def test_a_root_that_is_too_wide_may_break_between_brackets(qtbot: QtBot) -> None:
    layout = layout_explanation(explain(update("adam")), Look(LIGHT, 17), NARROW)
    assert layout.width <= NARROW
    assert "√(" in written(layout)


def test_lines_break_outside_brackets(qtbot: QtBot) -> None:
    layout = layout_equation(explain(update("adam")).equations[-1], Look(), 352)
    lines: dict[float, list[Text]] = {}
    for text in texts(layout):
        lines.setdefault(round(text.y), []).append(text)
    for line in lines.values():
        said = "".join(text.text for text in sorted(line, key=lambda text: text.x))
        assert said.count("(") == said.count(")"), said


def test_a_derivative_that_is_squared_stands_in_brackets_of_its_height(qtbot: QtBot) -> None:
    equation = explain(update("adam")).equations[2]
    assert str(equation.left) == "new s_Wx"
    layout = layout_equation(equation, Look(), 900)
    [rule] = [mark for mark in layout.marks if isinstance(mark, Rule)]
    left, right = [mark for mark in layout.marks if isinstance(mark, Stroke)]
    assert left.x < rule.x < rule.x + rule.width < right.x + 5
    tops = {mark.y + mark.points[0][1] for mark in (left, right)}
    [numerator] = [text for text in texts(layout) if text.text == "dE"]
    assert max(tops) < numerator.y - 8


@pytest.mark.parametrize("rule", UPDATE_RULES)
def test_the_results_alone_are_those_of_the_equations(qtbot: QtBot, rule: str) -> None:
    shown = update(rule, 0.5)
    explanation = explain(shown)
    alone = layout_results(explanation, Look(), 352)
    whole = layout_explanation(explanation, Look(), 352)
    assert shown.after_update is not None
    assert [place.value for place in alone.places] == [*shown.after_update.values()]
    assert len(whole.results) == len(alone.places)
    assert alone.width <= 352
    assert alone.height < 25


def test_results_too_wide_for_one_line_take_two(qtbot: QtBot) -> None:
    alone = layout_results(explain(update("adam")), Look(LIGHT, 17), NARROW)
    assert alone.width <= NARROW
    first, second = (place.rect for place in alone.places)
    assert first.bottom() <= second.top() + 2

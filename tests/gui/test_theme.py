"""Contrast of every colour against what it stands on, by the formula of WCAG 2.1."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from core.cell.steps import Phase
from rnn_gui.theme import DARK, LIGHT, PRINT, Theme

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    shown = QColor(colour)
    parts = zip(
        (0.2126, 0.7152, 0.0722), (shown.redF(), shown.greenF(), shown.blueF()), strict=True
    )
    return sum(weight * linear(part) for weight, part in parts)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@THEMES
def test_text_can_be_read(theme: Theme) -> None:
    for background in (theme.window, theme.panel, theme.field, theme.band):
        assert contrast(theme.text, background) >= 4.5
    for background in (theme.window, theme.panel, theme.field):
        assert contrast(theme.muted, background) >= 4.5
    for phase in Phase:
        assert contrast(theme.phase(phase), theme.panel) >= 4.5
        assert contrast(theme.on_accent, theme.phase(phase)) >= 4.5
        assert contrast(theme.text, theme.phase_soft(phase)) >= 4.5


@THEMES
def test_lines_can_be_seen(theme: Theme) -> None:
    for colour in theme.sequences:
        assert contrast(colour, theme.panel) >= 3
        assert contrast(colour, theme.band) >= 3


@THEMES
def test_no_two_of_the_first_sequences_are_drawn_alike(theme: Theme) -> None:
    count = 12
    assert len({theme.sequence(i) for i in range(count)}) == count
    assert len({theme.sequence(i).symbol for i in range(5)}) == 5

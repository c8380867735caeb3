"""Figures opened again and looked into: what they show, and that all three formats show it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QXmlStreamReader
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from core.cell.steps import Position
from core.data.experiment import count_ones
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.figures import FIGURES, Figure, copy_to_clipboard, draw
from rnn_gui.figures.figure import COLUMN_WIDTH
from rnn_gui.figures.recording import Shape, Words
from rnn_gui.plots.panel import Panel
from rnn_gui.plots.surface_legend import GROUND
from rnn_gui.plots.surface_marks import EDGE
from rnn_gui.theme import PRINT
from tests.gui.figure_pictures import (
    SAME,
    check_pdf_structure,
    distance,
    drawn_pdf,
    drawn_svg,
    ink,
    pixels,
)
from tests.tutorial import (
    COST,
    D_STATE_IN,
    PARTS,
    STATE_IN,
    STATE_OUT,
    UPDATE,
    Quantity,
    changed,
    epoch_length,
    pair,
    step_number,
    tutorial,
)

pytestmark = pytest.mark.usefixtures("qapp")


def part_2(epoch: int = 412, step: int = 12, sequence: int = 2, *, compare: bool = False) -> Frame:
    run = Run(PRESETS["part-2"].experiment, "part-2")
    assert run.reach(epoch + 1)
    return frame_at(run, Position(epoch, step), sequence, compare=compare)


def sized(sequences: int, timestamps: int, kind: Quantity, timestamp: int = 0) -> Frame:
    cells = np.random.default_rng(7).random((sequences, timestamps)) < 0.5
    experiment = tutorial(
        inputs=cells.astype(float),
        targets=count_ones(cells.astype(float)),
        weights=pair(0.9, 0.4),
        learning_rates=pair(0.001, 0.001),
    )
    run = Run(experiment, "a session with quite a long name (edited)")
    run.reach(15_000 // (sequences * timestamps))
    step = step_number(timestamps, kind, timestamp)
    return frame_at(run, Position(run.last - 1, step), sequences - 1)


SIZES = {
    "T=1 N=1 forward": lambda: sized(1, 1, STATE_IN, 1),
    "T=1 N=3 update": lambda: sized(3, 1, UPDATE),
    "T=5 N=2 backward": lambda: sized(2, 5, PARTS, 3),
    "T=3 N=3 start": lambda: part_2(0, 0),
    "T=3 N=3 forward": lambda: part_2(412, 3),
    "T=3 N=3 backward": part_2,
    "T=3 N=3 compared": lambda: part_2(14_000, 17, compare=True),
    "T=12 N=30 cost": lambda: sized(30, 12, COST),
    "T=50 N=1 forward": lambda: sized(1, 50, STATE_OUT, 33),
    "T=50 N=30 backward": lambda: sized(30, 50, D_STATE_IN, 20),
    "T=50 N=3 update": lambda: sized(3, 50, UPDATE),
}
every_figure = pytest.mark.parametrize("name", FIGURES)
every_size = pytest.mark.parametrize("make", SIZES.values(), ids=SIZES)


def opened(figure: Figure) -> QImage:
    return QImage.fromData(figure.png())


def numbers_and_words(figure: Figure) -> str:
    return " ".join(figure.recording.texts()).replace("\u00a0", " ")


# -- what is shown ---------------------------------------------------------------------------


@every_figure
def test_the_title_says_what_is_shown_and_of_which_moment(name: str) -> None:
    figure = draw(name, part_2())
    words = numbers_and_words(figure)
    for part in ("part-2", "epoch 412", "sequence c", "step 12 of 18: dE/dS_2(In)"):
        assert part in words
        assert part in figure.title


def test_at_the_start_the_title_announces_the_first_step() -> None:
    assert "step 0 of 18: next S_1(In)" in draw("network", part_2(0, 0)).title


@every_figure
def test_the_paper_is_white_and_the_data_is_there(name: str) -> None:
    image = opened(draw(name, part_2()))
    right, bottom = image.width() - 1, image.height() - 1
    for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        assert image.pixelColor(x, y) == QColor("white")
    assert 0.02 < ink(image) < (0.8 if name == "surface" else 0.5)
    for colour in COLOURS[name]:
        shade = np.array([QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()])
        close = np.abs(pixels(image) - shade).max(axis=2) < 0.02
        assert close.sum() > 40, f"{colour} is missing"


COLOURS = {
    "network": (PRINT.forward, PRINT.backward, PRINT.band),
    "states": (*PRINT.sequences[:3], PRINT.band),
    "gradients": (*PRINT.sequences[:3], PRINT.band),
    "history": (PRINT.forward,),
    "curve": (PRINT.forward, PRINT.backward, PRINT.sequences[2]),
    "surface": (GROUND, EDGE),
    "equation": (PRINT.backward, PRINT.backward_soft),
}


@pytest.mark.parametrize("name", ["states", "gradients", "curve"])
@pytest.mark.parametrize("step", [4, 12, 17])
def test_nothing_drawn_is_cut_off(name: str, step: int) -> None:
    for item in draw(name, part_2(step=step)).recording.items:
        if isinstance(item.ink, Shape) and item.clip is not None:
            drawn = item.ink.path.boundingRect().adjusted(-0.5, -0.5, 0.5, 0.5)
            assert item.clip.boundingRect().adjusted(-2, -2, 2, 2).contains(drawn)


@pytest.mark.parametrize("name", ["network", "states", "gradients", "equation"])
def test_each_step_changes_the_picture(name: str) -> None:
    before, after = (draw(name, part_2(step=step)) for step in (11, 12))
    assert before.png() != after.png()


def test_a_number_appears_with_its_step_and_not_before() -> None:
    value = "0.2115"  # dE/dS_2(In) of sequence c in epoch 412
    assert value not in numbers_and_words(draw("network", part_2(step=11)))
    assert value in numbers_and_words(draw("network", part_2(step=12)))
    assert value in numbers_and_words(draw("equation", part_2(step=12)))


def test_digits_can_be_chosen() -> None:
    assert "0.211501" in numbers_and_words(draw("equation", part_2(), digits=6))


def test_a_run_that_overflows_is_drawn_without_a_warning() -> None:
    weights = pair(1e200, 1e200)
    run = Run(changed(PRESETS["part-1"].experiment, weights=weights), "wild")
    for name in FIGURES:
        assert ink(draw(name, frame_at(run, Position(0, 17))).image(1)) > 0.01


# -- print -----------------------------------------------------------------------------------


@every_figure
@every_size
def test_every_word_is_large_enough_and_on_the_page(name: str, make: Callable[[], Frame]) -> None:
    figure = draw(name, make())
    size = figure.recording.size
    page = QRectF(0, 0, size.width(), size.height())
    assert COLUMN_WIDTH <= size.width() <= 7 * 72 / 3.4 / 72 * COLUMN_WIDTH
    words = [item.ink for item in figure.recording.items if isinstance(item.ink, Words)]
    assert words
    for run in words:
        height = run.font.pixelSize()
        # 11 pixels are 7 points. Subscripts of equations are 10.
        assert height >= (10 if name == "equation" else 11), run.text
        box = QRectF(0, -0.75 * height, run.width, 0.9 * height)
        assert page.contains(run.where.mapRect(box)), run.text


def test_letters_of_the_smallest_size_are_seven_points_in_a_column() -> None:
    figure = draw("states", part_2())
    assert figure.inches.width() == pytest.approx(3.4)
    points_per_pixel = figure.inches.width() * 72 / figure.recording.size.width()
    assert 11 * points_per_pixel >= 7


@every_figure
def test_a_png_has_at_least_300_dots_per_inch(name: str) -> None:
    figure = draw(name, part_2())
    image = opened(figure)
    assert image.dotsPerMeterX() == image.dotsPerMeterY() >= 300 / 0.0254
    inches = image.width() / (image.dotsPerMeterX() * 0.0254)
    assert inches == pytest.approx(figure.inches.width(), rel=0.001)


# -- the three formats -------------------------------------------------------------------------


def same(name: str) -> float:
    """An image has no edges that two renderers could smooth differently."""
    return 0.75 * SAME if name == "surface" else SAME


@every_figure
@every_size
def test_svg_and_pdf_show_what_the_png_shows(
    name: str, make: Callable[[], Frame], tmp_path: Path
) -> None:
    figure = draw(name, make())
    image, size = opened(figure), figure.recording.size
    assert distance(image, drawn_svg(figure.svg(), image.size(), tmp_path), size) < same(name)
    check_pdf_structure(figure.pdf(), figure)
    pdf = drawn_pdf(figure.pdf(), image.size(), tmp_path)
    assert pdf is None or distance(image, pdf, size) < same(name)


@every_figure
def test_the_comparison_sees_what_is_missing(name: str, tmp_path: Path) -> None:
    figure = draw(name, part_2())
    recording = figure.recording
    words_lost = [item for item in recording.items if not isinstance(item.ink, Words)]
    poorer = replace(figure, recording=replace(recording, items=words_lost))
    image = opened(figure)
    drawn = drawn_svg(poorer.svg(), image.size(), tmp_path)
    assert distance(image, drawn, recording.size) > same(name)


def test_the_comparison_sees_one_number_more(tmp_path: Path) -> None:
    """Two steps of one figure are further apart than two renderers of one step."""
    before, after = (draw("network", part_2(step=step)) for step in (11, 12))
    drawn = drawn_svg(after.svg(), opened(before).size(), tmp_path)
    size = before.recording.size
    same = distance(opened(after), drawn, size)
    assert distance(opened(before), drawn, size) > same


@every_figure
def test_an_svg_is_well_formed_and_says_its_words(name: str) -> None:
    figure = draw(name, part_2())
    reader = QXmlStreamReader(figure.svg().decode())
    labels, titles = [], []
    while not reader.atEnd():
        reader.readNext()
        if reader.isStartElement():
            labels.append(reader.attributes().value("aria-label"))
            if reader.name() == "title":
                titles.append(reader.readElementText())
    assert not reader.hasError()
    assert titles == [figure.title]
    assert [label for label in labels if label] == [
        text for text in figure.recording.texts() if text
    ]


@every_figure
def test_the_same_frame_gives_the_same_bytes(name: str) -> None:
    frame = part_2()
    first, second = draw(name, frame), draw(name, frame)
    for kind in ("png", "svg", "pdf"):
        assert first.as_bytes(kind) == second.as_bytes(kind)


def panels() -> int:
    """How many there are; tests before this one may have left some."""
    return sum(isinstance(found, Panel) for found in gc.get_objects())


def test_many_figures_leave_nothing_behind() -> None:
    frame = part_2()
    gc.collect()
    windows, before = len(QApplication.allWidgets()), panels()
    for _ in range(20):
        for name in FIGURES:
            draw(name, frame).as_bytes("svg")
    gc.collect()
    assert len(QApplication.allWidgets()) == windows
    assert panels() == before


def test_a_copied_figure_is_a_sharp_picture_with_its_title() -> None:
    copy_to_clipboard("states", part_2())
    clipboard = QGuiApplication.clipboard()
    assert clipboard.image().width() == 2 * COLUMN_WIDTH
    assert ink(clipboard.image()) > 0.02
    assert clipboard.text() == draw("states", part_2()).title


def test_a_name_too_long_for_two_lines_is_shortened_not_cut() -> None:
    run = Run(PRESETS["part-2"].experiment, "x" * 300)
    frame = frame_at(run, Position(0, 17))
    figure = draw("equation", frame)
    widest = max(
        QFontMetricsF(item.ink.font).horizontalAdvance(item.ink.text)
        for item in figure.recording.items
        if isinstance(item.ink, Words)
    )
    assert widest <= COLUMN_WIDTH
    assert "step 17 of 18" in numbers_and_words(figure)
    assert epoch_length(frame.timestamps) == 18

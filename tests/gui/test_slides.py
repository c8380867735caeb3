"""Slides: type for the last row, nothing clipped, nothing that is covered, at every stage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSettings, QSize, QSizeF
from PySide6.QtGui import QFontMetricsF, QPainter

from core.cell.steps import Kind, Position
from core.cell.update_rules import UPDATE_RULES
from core.data.experiment import count_ones
from core.data.presets import PRESETS
from core.epoch.equation import Equation
from core.epoch.explain import Explanation
from core.epoch.frame import Frame, frame_at
from core.training.run import Run
from rnn_gui.figures.recording import Recording, RecordingDevice, Shape, Words
from rnn_gui.plots.header import Header
from rnn_gui.slides.choices import Choices, store_choices, stored_choices
from rnn_gui.slides.equation_part import EquationPart
from rnn_gui.slides.pages import numbers_of, pages_of
from rnn_gui.slides.plot_part import columns_for
from rnn_gui.slides.scene import Scene, stages_of
from rnn_gui.slides.slide import PANELS, Slide, strip_of, unit_of
from rnn_gui.theme import DARK, LIGHT, Look
from rnn_gui.tutorial_cell import can_draw
from tests.gui import painted
from tests.tutorial import (
    COST,
    D_STATE_IN,
    D_STATE_OUT,
    PARTS,
    STATE_IN,
    STATE_OUT,
    SUMS,
    Quantity,
    changed,
    epoch_length,
    pair,
    step_number,
    tutorial,
)

BODY, LEAST = 20.0, 16.0  # pixels at 1280 by 720: text, and what hangs on it, as subscripts do
SMALL = QSize(1280, 720)
TWO = ("network", "equation")

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def slide() -> Iterator[Slide]:
    made = Slide()
    yield made
    made.close()


def made_run(timestamps: int, sequences: int = 3, rule: str = "adam") -> Run:
    draw = np.random.default_rng(timestamps)
    inputs = draw.integers(0, 2, (sequences, timestamps)).astype(float)
    experiment = tutorial(
        inputs=inputs,
        targets=count_ones(inputs),
        weights=pair(0.47, -1.19),
        learning_rates=pair(0.001, 0.001),
        update_rule=rule,
        clip_norm=0.5,
    )
    run = Run(experiment, "made")
    run.reach(3)
    return run


def frames(run: Run) -> Iterator[Frame]:
    """Each position of an epoch that the run has."""
    epoch = max(run.last - 1, 0)
    for step in range(epoch_length(run.experiment.timestamps) + (run.last > epoch)):
        yield frame_at(run, Position(epoch, step), run.experiment.sequences - 1)


@dataclass(frozen=True)
class Seen:
    """A word on the screen: where its letters are, and how high its font."""

    text: str
    rect: QRectF
    size: float


def seen(recording: Recording, unit: float) -> list[Seen]:
    """All words of a slide, in pixels of the screen."""
    found = []
    for item in recording.items:
        if isinstance(item.ink, Words):
            ink, metrics = item.ink, QFontMetricsF(item.ink.font)
            high = metrics.capHeight()
            where = ink.where.mapRect(QRectF(0, -high, metrics.horizontalAdvance(ink.text), high))
            pixels = QRectF(where.topLeft() * unit, where.size() * unit)
            grown = abs(ink.where.determinant()) ** 0.5 * unit
            found.append(Seen(ink.text, pixels, ink.font.pixelSize() * grown))
    return found


def clipped(recording: Recording, unit: float, size: QSize) -> list[str]:
    """Words that reach out of the slide, or out of what they are cut off by."""
    out = []
    for item, word in zip(
        (i for i in recording.items if isinstance(i.ink, Words)),
        seen(recording, unit),
        strict=True,
    ):
        room = QRectF(0, 0, size.width(), size.height())
        if item.clip is not None:
            cut = item.clip.boundingRect()
            room &= QRectF(cut.topLeft() * unit, cut.size() * unit)
            if not room.intersects(word.rect):
                continue  # of a column that is out of view
        if not room.adjusted(-1, -1, 1, 1).contains(word.rect):
            out.append(word.text)
    return out


RUNS: dict[str, int | None] = {
    **dict.fromkeys(sorted(name for name in PRESETS if can_draw(PRESETS[name].experiment.cell))),
    "T = 1": 1,
    "T = 3": 3,
    "T = 10": 10,
}


def run_named(name: str) -> Run:
    if timestamps := RUNS[name]:
        return made_run(timestamps)
    run = Run(PRESETS[name].experiment, name)
    run.reach(3)
    return run


@pytest.mark.parametrize("name", RUNS)
def test_two_panels_are_read_from_the_last_row_at_every_step(slide: Slide, name: str) -> None:
    unit = unit_of(SMALL, 2)
    for frame in frames(run_named(name)):
        for scene in (Scene(frame), Scene(frame).ask()):
            recording = slide.record(scene, Look(), TWO, SMALL)
            where = f"{frame.position}, asked: {scene.asked}"
            words = seen(recording, unit)
            assert [w for w in words if w.size < LEAST] == [], where
            large = [w for w in words if w.size >= BODY]
            assert len(large) >= 0.6 * len(words), where
            small = {w.text for w in words if w.size < BODY}
            assert not any(_is_body(text) for text in small), (where, small)
            assert clipped(recording, unit, SMALL) == [], where
            assert "equation" not in slide.left_out
            if scene.frame.step.kind is not Kind.UPDATE or len(scene.explanation.equations) == 2:
                assert slide.left_out == (), where  # rather smaller than not at all


def _is_body(text: str) -> bool:
    """Neither subscript nor mark: a number with a point, or a word."""
    return "." in text or (len(text) > 5 and "," not in text)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("name", RUNS)
def test_each_panel_alone_is_read_from_the_last_row(slide: Slide, name: str, panel: str) -> None:
    unit = unit_of(SMALL, 1)
    every = max(epoch_length(run_named(name).experiment.timestamps) // 9, 1)
    for frame in list(frames(run_named(name)))[::every]:
        recording = slide.record(Scene(frame), Look(), (panel,), SMALL)
        words = seen(recording, unit)
        assert [w for w in words if w.size < LEAST] == [], frame.position
        assert clipped(recording, unit, SMALL) == [], frame.position
        assert slide.left_out == ()


@pytest.mark.parametrize("rule", sorted(UPDATE_RULES))
@pytest.mark.parametrize("timestamps", [1, 3])
def test_each_page_of_the_update_is_read_from_the_last_row(
    slide: Slide, rule: str, timestamps: int
) -> None:
    unit = unit_of(SMALL, 2)
    *_, before, done = frames(made_run(timestamps, rule=rule))
    for scene in (Scene(done), Scene(before).ask()):
        for page in range(len(slide.pages(scene, Look(), TWO, SMALL))):
            recording = slide.record(replace(scene, page=page), Look(), TWO, SMALL)
            words = seen(recording, unit)
            assert [w for w in words if w.size < LEAST] == []
            assert {w.text for w in words if w.size < BODY and _is_body(w.text)} == set()
            assert clipped(recording, unit, SMALL) == []


@pytest.mark.parametrize("panels", [tuple(PANELS), ("network", "states", "gradients", "equation")])
@pytest.mark.parametrize("name", ["part-2", "T = 1", "T = 10"])
def test_of_many_panels_those_are_shown_that_can_be_read(
    slide: Slide, name: str, panels: tuple[str, ...]
) -> None:
    unit = unit_of(SMALL, len(panels))
    for frame in frames(run_named(name)):
        recording = slide.record(Scene(frame), Look(), panels, SMALL)
        words = seen(recording, unit)
        assert [w for w in words if w.size < LEAST - 0.5] == [], frame.position
        assert clipped(recording, unit, SMALL) == [], frame.position
        told = [w.text for w in words if w.text.startswith("No room now for ")]
        assert bool(told) == bool(slide.left_out)
        assert all(PANELS[name].lower() in told[0] for name in slide.left_out)


def test_a_larger_screen_has_larger_type() -> None:
    assert unit_of(QSize(1920, 1080), 2) == 1.5 * unit_of(SMALL, 2)
    assert unit_of(QSize(3840, 2160), 2) == 3 * unit_of(SMALL, 2)
    assert 11 * unit_of(SMALL, 2) == pytest.approx(BODY)
    assert 11 * unit_of(SMALL, 3) == pytest.approx(LEAST)


def test_lines_are_as_thick_as_the_type_is_large(slide: Slide) -> None:
    frame = frame_at(run_named("part-2"), Position(1, 9))
    recording = slide.record(Scene(frame), Look(), ("states",), SMALL)
    pens = [item.ink.pen for item in recording.items if isinstance(item.ink, Shape)]
    assert not any(pen.isCosmetic() for pen in pens)
    assert max(pen.widthF() for pen in pens) * unit_of(SMALL, 1) >= 4


# --- covered -----------------------------------------------------------------------------------


def marked(explanation: Explanation) -> Explanation:
    """The same with numbers that would be found anywhere."""
    value = iter(np.arange(0.1111, 0.9, 1e-4))

    def other(equation: Equation) -> Equation:
        tokens = tuple(
            token if token.value is None else replace(token, value=float(next(value)), printed="")
            for token in equation.tokens
        )
        return replace(equation, tokens=tokens, result=float(next(value)))

    return replace(explanation, equations=tuple(map(other, explanation.equations)))


def values_of(explanation: Explanation) -> list[float]:
    return [
        value
        for equation in explanation.equations
        for value in (*(t.value for t in equation.tokens if t.value is not None), equation.result)
    ]


@pytest.mark.parametrize("rule", sorted(UPDATE_RULES))
@pytest.mark.parametrize("timestamps", [1, 3])
def test_each_stage_shows_its_numbers_and_no_others(
    slide: Slide, rule: str, timestamps: int
) -> None:
    for frame in frames(made_run(timestamps, rule=rule)):
        scene: Scene | None = Scene(frame).ask()
        assert scene is not None
        vars(scene)["explanation"] = other = marked(scene.explanation)
        numbers = [_printed(value) for value in values_of(other)]
        while scene is not None:
            vars(scene)["explanation"] = other
            recording = slide.record(scene, Look(), ("equation",), SMALL)
            texts = " ".join(recording.texts())
            shown = {text for text in numbers if text in texts}
            revealed = numbers[: scene.covered.start]
            pages = slide.pages(scene, Look(), ("equation",), SMALL)
            page = pages[scene.page]
            assert shown == set(numbers[page.start : page.stop]) & set(revealed), frame.position
            covered = len([number for number in scene.covered if number in page])
            assert recording.texts().count("?") == covered
            assert len(scene.covered) > 0
            scene = scene.on(pages)


def test_a_page_comes_up_fully_covered_and_back_the_same_way(slide: Slide) -> None:
    *_, before, _ = frames(made_run(3))

    def pages(scene: Scene) -> tuple[range, ...]:
        return slide.pages(scene, Look(), TWO, SMALL)

    forth: list[Scene] = [Scene(before).ask()]
    while (more := forth[-1].on(pages(forth[-1]))) is not None:
        forth.append(more)
    turned = [b for a, b in pairwise(forth) if b.page != a.page]
    assert [scene.page for scene in turned] == [1, 2]
    for scene in turned:
        page = pages(scene)[scene.page]
        assert scene.covered.start == page.start
        texts = slide.record(scene, Look(), TWO, SMALL).texts()
        assert texts.count("?") == len(page)
    assert forth[-1].covered == range(55, 56)  # the result alone
    back = [forth[-1]]
    while back[-1].asked:
        less = back[-1].back(pages(back[-1]))
        assert less is not None
        back.append(less)
    places = [(scene.revealed, scene.page) for scene in forth]
    assert [(scene.revealed, scene.page) for scene in back[:-1]] == places[::-1]


def test_lines_are_divided_evenly_and_each_page_says_which_it_shows(slide: Slide) -> None:
    *_, done = frames(made_run(3))
    pages = slide.pages(Scene(done), Look(), TWO, SMALL)
    told = []
    for i in range(len(pages)):
        texts = slide.record(replace(Scene(done), page=i), Look(), TWO, SMALL).texts()
        told += [text for text in texts if text.startswith("Line")]
    assert told == ["Lines 1 to 4 of 14", "Lines 5 to 10 of 14", "Lines 11 to 14 of 14"]
    new_weights = numbers_of(Scene(done).explanation.equations, range(12, 14))
    assert set(new_weights) <= set(pages[-1])


def test_pages_are_as_few_as_fit_and_about_as_long() -> None:
    *_, done = frames(made_run(3))
    equations = Scene(done).explanation.equations

    def lengths(most: int) -> list[int]:
        return [len(page) for page in pages_of(equations, lambda lines: len(lines) <= most)]

    assert lengths(14) == [14]
    assert lengths(8) == [6, 8]
    assert lengths(6) == [4, 6, 4]
    assert lengths(2) == [2, 2, 2, 2, 2, 2, 2]
    assert lengths(1) == [1] * 14
    pages = pages_of(equations, lambda lines: len(lines) <= 6)
    numbers = [numbers_of(equations, lines) for lines in pages]
    assert [range(12), range(12, 40), range(40, 56)] == numbers


def test_a_page_of_one_line_says_so() -> None:
    *_, done = frames(made_run(3))
    part = EquationPart(1.0)
    part.show_scene(replace(Scene(done), page=13), Look())
    part.divide(QSizeF(688, 100))
    device = RecordingDevice(QSize(688, 100))
    painter = QPainter(device)
    part.paint(painter, QRectF(0, 0, 688, 100))
    painter.end()
    assert "Line 14 of 14" in device.recording.texts()


def test_a_page_is_measured_for_itself_and_without_a_sentence_that_is_hidden() -> None:
    *_, before, done = frames(made_run(3))
    part = EquationPart(1.0)

    def least(scene: Scene, squeezed: bool) -> float:
        part.show_scene(scene, Look())
        part.divide(QSizeF(688, 300))
        part.squeezed = squeezed
        return part.least_height(688)

    shown, hidden = Scene(done), Scene(before).ask()
    assert least(replace(shown, page=2), True) != least(replace(shown, page=1), True)
    assert least(hidden, False) == least(shown, False)
    assert least(hidden, True) < least(shown, True) - 30
    assert least(shown, True) < least(shown, False)


def test_the_update_is_printed_with_the_digits_that_show_it(slide: Slide) -> None:
    def texts(rate: float) -> list[str]:
        experiment = changed(PRESETS["part-2"].experiment, learning_rates=pair(rate, rate))
        run = Run(experiment, "slow")
        run.reach(1)
        frame = frame_at(run, Position(0, 18))
        return slide.record(Scene(frame), Look(), ("equation",), SMALL).texts()

    assert "0.4714" in texts(0.001)
    slow = [text for text in texts(1e-8) if text.startswith("0.471")]
    old, new = sorted(slow, key=slow.index)
    assert old != new
    assert len(old) == len(new) <= len("0.471435163732")
    assert "0.4714" in texts(1e-20)  # nothing can be seen of that


@pytest.mark.parametrize("timestamps", [1, 3])
def test_no_name_of_an_equation_looks_like_a_key(slide: Slide, timestamps: int) -> None:
    for frame in frames(made_run(timestamps)):
        words = " ".join(slide.record(Scene(frame), Look(), TWO, SMALL).texts())
        assert not re.search(r"\([A-Z]\)", words), frame.position


def _printed(value: float) -> str:
    return f"{value:.4f}"


@pytest.mark.parametrize("panels", [TWO, ("network", "ledger"), ("states", "gradients")])
@pytest.mark.parametrize("preset", ["part-2", "part-1"])
def test_while_a_step_is_asked_for_the_slide_knows_no_more_than_before(
    slide: Slide, preset: str, panels: tuple[str, ...]
) -> None:
    """Words of the asked step beyond those of the step before are none with a number."""
    every = ("network", "ledger", "states", "gradients", "equation")
    for frame in frames(run_named(preset)):
        if frame.after_update is not None:
            continue  # another epoch is asked for
        before: Counter[str] = Counter()
        for shown in (panels, *((name,) for name in every)):
            before += Counter(slide.record(Scene(frame), Look(), shown, SMALL).texts())
        now = Counter(slide.record(Scene(frame).ask(), Look(), panels, SMALL).texts())
        new = {text for text in now - before if re.search(r"\d\.\d", text)}
        assert new == set(), frame.position


def test_the_value_asked_for_is_a_question_mark_in_the_network(slide: Slide) -> None:
    nodes = (STATE_IN, STATE_OUT, D_STATE_OUT, D_STATE_IN, COST)
    for timestamps, panels in product((3, 12), [("network",)]):
        run = made_run(timestamps)
        for frame in frames(run):
            scene = Scene(frame).ask()
            texts = slide.record(scene, Look(), panels, SMALL).texts()
            assert texts.count("?") == (scene.frame.step.place[:2] in nodes), frame.position


@pytest.mark.parametrize("panel", ["network", "states", "gradients", "ledger"])
def test_without_a_question_there_is_no_question_mark(slide: Slide, panel: str) -> None:
    for frame in frames(run_named("part-2")):
        assert "?" not in slide.record(Scene(frame), Look(), (panel,), SMALL).texts()


def test_the_ledger_covers_what_a_timestamp_adds_and_the_sums(slide: Slide) -> None:
    run = run_named("part-2")
    for kind, timestamp, count in ((PARTS, 2, 2), (SUMS, 0, 2), (COST, 0, 0)):
        before = Position(1, step_number(3, kind, timestamp) - 1)
        scene = Scene(frame_at(run, before)).ask()
        assert slide.record(scene, Look(), ("ledger",), SMALL).texts().count("?") == count


def test_a_question_comes_with_the_symbols_and_nothing_moves_when_it_is_answered(
    slide: Slide,
) -> None:
    frame = frame_at(run_named("part-2"), Position(1, 2))
    asked: Scene | None = Scene(frame).ask()
    places = []
    while asked is not None:
        recording = slide.record(asked, Look(), TWO, SMALL)
        places.append([w.rect for w in seen(recording, 1.0) if w.text == "Wrec"])
        asked = asked.on()
    done = Scene(frame_at(frame.run, Position(1, 3)))
    places.append([w.rect for w in seen(slide.record(done, Look(), TWO, SMALL), 1.0)
                   if w.text == "Wrec"])  # fmt: skip
    assert all(place == places[0] for place in places)
    assert len(places[0]) == 1


def test_few_numbers_come_one_by_one_and_many_line_by_line() -> None:
    run = run_named("part-2")

    def stages(kind: Quantity, timestamp: int = 0) -> tuple[range, ...]:
        done = Position(1, step_number(3, kind, timestamp) - 1)
        return Scene(frame_at(run, done)).ask().stages

    assert [len(stage) for stage in stages(STATE_IN, 2)] == [1, 1, 1, 1, 1]
    assert [len(stage) for stage in stages(STATE_OUT, 3)] == [1, 1]
    assert [len(stage) for stage in stages(COST)] == [7, 1]
    assert [len(stage) for stage in stages(PARTS, 2)] == [6, 1, 6, 1]
    assert [len(stage) for stage in stages(SUMS)] == [1, 1, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("rule", sorted(UPDATE_RULES))
def test_the_stages_reveal_each_number_once(rule: str) -> None:
    for frame in frames(made_run(3, rule=rule)):
        explanation = Scene(frame).ask().explanation
        revealed = [number for stage in stages_of(explanation) for number in stage]
        assert revealed == list(range(len(values_of(explanation))))


def test_back_through_all_stages() -> None:
    scene = Scene(frame_at(run_named("part-2"), Position(1, 2)))
    almost = scene.almost()
    assert almost.on() is None
    assert len(almost.covered) == 1
    steps = 0
    while almost.asked:
        less = almost.back()
        assert less is not None
        almost, steps = less, steps + 1
    assert steps == 5
    assert almost.frame is scene.frame


# --- the rest ----------------------------------------------------------------------------------


def test_of_many_columns_those_around_the_step_are_shown() -> None:
    run = made_run(30)

    def shown(step: int, width: float = 684) -> tuple[float, float] | None:
        found = columns_for(frame_at(run, Position(1, step)), width)
        return None if found is None else (found.low, found.high)

    # A little more where it goes on.
    assert shown(1) == (-0.5, 7.53)
    assert shown(step_number(30, STATE_IN, 15)) == (10.47, 18.53)
    assert shown(step_number(30, COST)) == (22.47, 30.5)
    assert shown(1, 5000) is None
    assert columns_for(frame_at(run_named("part-2"), Position(1, 3)), 684) is None


def test_of_a_long_sequence_it_is_said_which_timestamps_are_shown(slide: Slide) -> None:
    run = made_run(20)

    def remarks(step: int, panels: tuple[str, ...] = TWO) -> list[str]:
        texts = slide.record(Scene(frame_at(run, Position(1, step))), Look(), panels, SMALL).texts()
        return [text for text in texts if text.startswith("timestamps")]

    assert remarks(1) == ["timestamps 1 to 7 of 20"]
    assert remarks(step_number(20, COST)) == ["timestamps 13 to 20 of 20"]
    short = slide.record(Scene(frame_at(run_named("part-2"), Position(1, 3))), Look(), TWO, SMALL)
    assert not any(text.startswith("timestamps") for text in short.texts())


@pytest.mark.parametrize("step", [1, 30, 41, 60, 101])
def test_no_arrow_is_cut_where_the_columns_go_on(slide: Slide, step: int) -> None:
    frame = frame_at(made_run(20), Position(1, step))
    recording = slide.record(Scene(frame), Look(), ("network",), SMALL)
    marks = [
        (item.ink.path.boundingRect(), item.clip.boundingRect())
        for item in recording.items
        if isinstance(item.ink, Shape) and item.clip and item.ink.brush.style().value
    ]
    small = [(mark, clip) for mark, clip in marks if max(mark.width(), mark.height()) < 10]
    assert len(small) > 20
    assert all(clip.contains(mark) or not clip.intersects(mark) for mark, clip in small)


def test_a_step_of_all_sequences_says_whose_network_it_is(slide: Slide) -> None:
    run = made_run(3)

    def where(kind: Quantity, *panels: str) -> str:
        frame = frame_at(run, Position(1, step_number(3, kind, 2)), 1)
        texts = slide.record(Scene(frame), Look(), panels, SMALL).texts()
        return next(text for text in texts if "step" in text and "epoch" in text)

    assert where(PARTS, *TWO).endswith("all sequences · network: b")
    assert where(PARTS, "equation").endswith("all sequences")
    assert where(D_STATE_IN, *TWO).endswith("· sequence b")


@pytest.mark.parametrize("crowded", [False, True])
def test_the_sizes_of_the_gradients_stand_where_the_gradients_do(
    slide: Slide, crowded: bool
) -> None:
    run = run_named("vanishing")
    last = run.experiment.timestamps
    scene = Scene(frame_at(run, Position(1, step_number(last, D_STATE_IN, 3))))
    panels = ("network", "gradients", "equation") if crowded else ("gradients", "equation")
    unit = unit_of(SMALL, len(panels))
    for sizes in (False, True):
        recording = slide.record(scene, Look(), panels, SMALL, sizes=sizes)
        words = seen(recording, unit)
        said = [word.text for word in words if "gradient is multiplied by" in word.text]
        assert len(said) == sizes
        assert ("(log axis)" in recording.texts()) == sizes
        assert slide.left_out == ()
        assert [w for w in words if w.size < LEAST - 0.5] == []
        assert clipped(recording, unit, SMALL) == []


def test_the_title_of_the_sizes_fits_beside_another_panel(slide: Slide) -> None:
    run = run_named("vanishing")
    last = run.experiment.timestamps
    scene = Scene(frame_at(run, Position(1, step_number(last, D_STATE_IN, 3))))
    panels = ("states", "gradients", "equation")
    texts = slide.record(scene, Look(), panels, SMALL, sizes=True).texts()
    assert any(text.endswith("it vanishes.") for text in texts)
    assert not any(text.startswith("From timestamp") for text in texts)  # has no room
    assert not any("…" in text for text in texts)


@pytest.mark.parametrize("reached", [0, 1, 2])
def test_the_cost_has_no_band(slide: Slide, reached: int) -> None:
    run = Run(PRESETS["part-2"].experiment, "new")
    run.reach(reached)
    for epoch in range(reached + 1):
        frame = frame_at(run, Position(epoch, 12))
        recording = slide.record(Scene(frame), Look(), ("history",), SMALL)
        fills = [i.ink.brush for i in recording.items if isinstance(i.ink, Shape)]
        colours = {brush.color().name() for brush in fills if brush.style().value}
        assert LIGHT.band not in colours


@pytest.mark.parametrize("size", [SMALL, QSize(1920, 1080), QSize(1024, 768)])
def test_the_strip_holds_nothing_of_a_step(slide: Slide, size: QSize) -> None:
    strip = strip_of(size)
    for told, frame in product((0.0, 3 * strip), frames(made_run(3))):
        recording = slide.record(Scene(frame), Look(), TWO, size, told=told)
        words = seen(recording, unit_of(size, 2))
        lowest = max(w.rect.bottom() for w in words if not w.text.startswith("No room"))
        assert lowest <= size.height() - max(strip, told), (told, frame.position)


def test_the_look_is_that_of_the_window(slide: Slide) -> None:
    frame = frame_at(run_named("part-2"), Position(1, 4))
    for theme in (LIGHT, DARK):
        recording = slide.record(Scene(frame), Look(theme, 6), TWO, SMALL)
        colours = {i.ink.colour.name() for i in recording.items if isinstance(i.ink, Words)}
        assert theme.text in colours
        assert theme.forward in colours


def test_choices_are_remembered_and_broken_settings_are_not_believed(settings: QSettings) -> None:
    assert stored_choices(settings) == Choices() == Choices(TWO, True, True)
    chosen = Choices().with_toggled("states").with_toggled("network")
    assert chosen.panels == ("states", "equation")
    store_choices(settings, replace(chosen, covering=False))
    assert stored_choices(settings) == Choices(("states", "equation"), False, True)
    settings.setValue("lecture-panels", 7)
    settings.setValue("lecture-covering", ["x"])
    assert stored_choices(settings) == Choices()


def test_the_last_panel_stays() -> None:
    assert Choices(("equation",)).with_toggled("equation").panels == ("equation",)


def test_an_infinite_number_is_covered_and_shown_like_any(slide: Slide) -> None:
    run = painted.overflowing()
    scene: Scene | None = Scene(frame_at(run, Position(0, 3))).ask()
    while scene is not None:
        texts = slide.record(scene, Look(), TWO, SMALL).texts()
        assert texts.count("?") == len(scene.covered) + 1
        scene = scene.on()


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> QSettings:
    path = tmp_path_factory.mktemp("settings") / "settings.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)


def test_plots_without_title_and_legend_leave_the_room_to_the_data() -> None:
    assert Header().height(300) == 0
    assert Header("States").height(300) > 0

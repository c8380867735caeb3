"""Quantities by name: the tutorial's numbers, known exactly where a frame knows them."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from core.cell.known import KNOWN, two_weights
from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.lessons.quantity import Unreadable, condition, quantity, sequence_index
from core.lessons.sorts import sorts_of
from core.training.run import Run
from tests.core.experiments import made
from tests.core.random_cells import random_data
from tests.tutorial import tutorial_cases

PART_2 = PRESETS["part-2"].experiment
FIRST = next(case for case in tutorial_cases() if case["name"] == "part-2")["first_epoch"]
RUN = Run(PART_2)
RUN.extend(2)
LAST = len(PART_2.steps)


def at(step: int, epoch: int = 0) -> Frame:
    return frame_at(RUN, Position(epoch, step))


def slope(k: int, n: int) -> float:
    """Of log(), from State (Out); State 3 has none."""
    out = float(FIRST["state_out"][k][n])
    return out * (1.0 - out) if k < 3 else 1.0


def tutorial_numbers() -> dict[str, tuple[float, int]]:
    """Each quantity's value in the first epoch, and after how many steps it is known.

    Both from the reference and counted on paper: the cost is step 7, the sums are step 17.
    """
    wrec = -1.1909756947064645
    numbers: dict[str, tuple[float, int]] = {
        "cost": (FIRST["cost"], 7),
        "dE/dWx": (FIRST["d_wx"], 17),
        "dE/dWrec": (FIRST["d_wrec"], 17),
    }
    for n, name in enumerate("abc"):
        numbers[f"error {name}"] = (FIRST["state_out"][3][n] - (n + 1), 6)
        for k in (1, 2, 3):
            back = 7 + 3 * (3 - k)
            numbers[f"S{k}(In) {name}"] = (FIRST["state_in"][k - 1][n], 2 * k - 1)
            numbers[f"S{k}(Out) {name}"] = (FIRST["state_out"][k][n], 2 * k)
            numbers[f"dS{k}(Out) {name}"] = (FIRST["d_state_out"][k - 1][n], back + 1)
            numbers[f"dS{k}(In) {name}"] = (FIRST["d_state_in"][k - 1][n], back + 2)
            numbers[f"slope {k} {name}"] = (slope(k, n), back + 2)
            if k < 3:
                numbers[f"hop {k} {name}"] = (wrec * slope(k, n), back + 2)
    for k in (1, 2, 3):
        numbers[f"dE/dWx at {k}"] = (FIRST["d_wx_by_timestamp"][k - 1], 7 + 3 * (4 - k))
        numbers[f"dE/dWrec at {k}"] = (FIRST["d_wrec_by_timestamp"][k - 1], 7 + 3 * (4 - k))
    return numbers


ALWAYS = {
    "epoch": 0.0,
    "Wx": 0.47143516373249306,
    "Wrec": -1.1909756947064645,
    "rate of Wx": 0.001,
    "rate of Wrec": 0.001,
    "State 0": 0.0,
    "T": 3.0,
    "N": 3.0,
    "X1 a": 1.0,
    "X2 a": 0.0,
    "X3 c": 1.0,
    "y b": 2.0,
}


@pytest.mark.parametrize(("text", "expected"), tutorial_numbers().items())
def test_the_tutorials_numbers(text: str, expected: tuple[float, int]) -> None:
    value, known_from = expected
    named = quantity(text, PART_2)
    for step in range(LAST + 1):
        frame = at(step)
        assert named.value(frame) == pytest.approx(value, rel=1e-12)
        assert named.known(frame) == (named.value(frame) if step >= known_from else None)


@pytest.mark.parametrize(("text", "value"), ALWAYS.items())
def test_what_is_always_known(text: str, value: float) -> None:
    for step in range(LAST):  # before the update
        assert quantity(text, PART_2).value(at(step)) == value
        assert quantity(text, PART_2).known(at(step)) == value


def test_the_frames_epoch_counts() -> None:
    for text in ("cost", "Wx", "dE/dWrec", "S2(Out) c"):
        assert quantity(text, PART_2).value(at(0, 1)) != quantity(text, PART_2).value(at(0))
    assert quantity("epoch", PART_2).known(at(4, 2)) == 2.0
    assert quantity("cost", PART_2).value(at(0, 1)) == RUN.costs[1]


def test_weights_after_the_update_are_shown_and_those_of_the_epoch_stay_its() -> None:
    wx, wrec = quantity("Wx", PART_2), quantity("Wrec", PART_2)
    assert [wx.known(at(LAST)), wrec.known(at(LAST))] == [*RUN.weights(1).values()]
    assert [wx.value(at(LAST)), wrec.value(at(LAST))] == [*RUN.weights(0).values()]


@pytest.mark.parametrize("text", ["  S2(Out)   c ", "S2(Out)\nc"])
def test_spaces_make_no_difference(text: str) -> None:
    assert quantity(text, PART_2) == quantity("S2(Out) c", PART_2)


def test_what_an_edit_has_taken_away_is_neither_known_nor_a_number() -> None:
    smaller = Run(PART_2.with_data([[1.0, 0.0]]))
    frame = frame_at(smaller, Position(0, smaller.experiment.steps.before_update))
    for text in ("X3 a", "y c", "S2(In) b", "hop 2 a", "dE/dWx at 3"):
        named = quantity(text, PART_2)
        assert named.known(frame) is None
        assert math.isnan(named.value(frame))
    assert quantity("hop 1 a", PART_2).known(frame) is not None


def test_numbers_that_overflow_do_not_warn() -> None:
    far = PART_2.with_data([[1e308, 1e308]]).changed(weights={"Wx": 1e308, "Wrec": 1e308})
    frame = frame_at(Run(far.changed(cell=two_weights("relu"))), Position(0, 0))
    for text in ("error a", "hop 1 a", "cost", "dE/dWx"):
        assert not math.isfinite(quantity(text, far).value(frame)) or text == "hop 1 a"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no quantity “”: write one such as cost"),
        ("Cost", "there is no quantity “Cost”"),
        ("S2 (In) c", "there is no quantity “S2 (In) c”"),
        ("rule", "there is no quantity “rule”"),
        ("S2(In)", "“S2(In)” needs a sequence: write S2(In) a"),
        ("y", "“y” needs a sequence: write y a"),
        ("S4(In) c", "there is no timestamp 4 here: they are 1 to 3"),
        ("S0(Out) c", "there is no timestamp 0 here: they are 1 to 3"),
        ("hop 3 c", "there is no timestamp 3 here: they are 1 to 2"),
        ("dE/dWx at 9999999999", "there is no timestamp 9999999999 here"),
        ("X1 d", "there is no sequence “d”: write one of a to c"),
        ("X1 1", "there is no sequence “1”: write one of a to c"),
        ("X1 27", "there is no sequence “27”"),
        ("x" * 500, "there is no quantity “xxxxxxxxxxxxxxxxxxx"),
    ],
)
def test_what_is_no_quantity(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(words)) as caught:
        quantity(text, PART_2)
    assert len(str(caught.value)) < 200


def test_no_hop_with_one_timestamp() -> None:
    with pytest.raises(Unreadable, match="no timestamp 1 here: leave it out"):
        quantity("hop 1 a", PART_2.with_data([[1.0]]))


def test_sequences_after_z_are_numbers() -> None:
    many = PART_2.with_data(np.ones((30, 2)))
    assert [sequence_index(name, many) for name in ("a", "z", "27", "30")] == [0, 25, 26, 29]
    for name in ("26", "31", "A", "", "027"):
        with pytest.raises(Unreadable, match="no sequence"):
            sequence_index(name, many)


# -- conditions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("N = 3", True),
        ("N = 4", False),
        ("N=3", True),
        ("N < 3", False),
        ("N <= 3", True),
        ("N > 2.5", True),
        ("N >= 3", True),
        ("N >= 4", False),
        ("Wrec < −1", True),
        ("Wrec < -2", False),
        ("Wx = 0.47143516373", True),  # within 1e-9
        ("Wx = 0.4714", False),
        ("hidden activation = logistic", True),
        ("hidden activation = tanh", False),
        ("last activation = identity", True),
        ("rule = gradient-descent", True),
        ("rule = rprop", False),
    ],
)
def test_conditions(text: str, holds: bool) -> None:
    assert condition(text, PART_2).holds(at(0)) is holds
    assert condition(text, PART_2).text == text


def test_no_condition_holds_before_its_number_is_shown() -> None:
    for text in ("cost > 5", "cost < 6", "cost >= 0"):
        assert [condition(text, PART_2).holds(at(step)) for step in range(9)] == [
            *[False] * 7,
            *[True] * 2,
        ]


def test_what_an_edit_has_taken_away_holds_nothing() -> None:
    frame = frame_at(Run(PART_2.with_data([[1.0, 0.0]])), Position(0, 0))
    assert not condition("X3 a = 0", PART_2).holds(frame)
    assert condition("T = 2", PART_2).holds(frame)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cost", "“cost” is no condition: write one such as cost < 0.1"),
        ("", "“” is no condition"),
        ("1 < cost < 2", "is no condition"),
        ("cost == 2", "is no condition"),
        ("cost < ", "“” is no finite number"),
        ("cost < small", "“small” is no finite number: write one such as"),
        ("cost < nan", "“nan” is no finite number"),
        ("cost < 1e999", "“1e999” is no finite number"),
        ("epoch > 1_000", "“1_000” is no finite number"),
        ("price < 1", "there is no quantity “price”"),
        ("X4 a = 1", "there is no timestamp 4"),
        ("rule < rprop", "rule can only be compared with =: write one of gradient-descent"),
        ("rule = sgd", "there is no rule “sgd”: write one of gradient-descent, momentum"),
        ("last activation = log", "there is no last activation “log”: write one of"),
    ],
)
def test_what_is_no_condition(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(words)):
        condition(text, PART_2)


# -- other cells -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KNOWN)
def test_every_name_of_every_cell_is_known_once_it_is_computed(key: str) -> None:
    experiment = made(KNOWN[key](), 3, 2)
    run = Run(experiment)
    frames = [frame_at(run, Position(0, step)) for step in range(len(experiment.steps))]
    for sort in sorts_of(experiment.cell):
        part = f"[{';'.join('1' * len(sort.shape))}]"
        for k in sort.timestamps(experiment)[:: 1 if "{k}" in sort.form else 2]:
            named = quantity(sort.form.format(k=k, p=part, s="b"), experiment)
            known = [named.known(frame) for frame in frames]
            shown = [value for value in known if value is not None]
            assert shown, named.text
            assert known[-len(shown) :] == shown == [shown[0]] * len(shown)
            assert named.value(frames[0]) == shown[0]


def lstm() -> Experiment:
    cell, sizes = KNOWN["lstm"](), {"I": 2, "H": 2, "O": 1}
    data = random_data(cell, np.random.default_rng(1), 3, 4, sizes)
    return Experiment(**{"cell": cell, "learning_rates": 0.05, **data})


def test_numbers_of_an_lstm() -> None:
    experiment = lstm()
    frame = frame_at(Run(experiment), Position(0, experiment.steps.before_update))
    trace = frame.trace
    for text, value in {
        "c2[1] b": trace.values("c", 2)[1, 0],
        "i3(In)[2] a": trace.values("i(In)", 3)[0, 1],
        "dh3[2] c": trace.gradients("h", 3)[2, 1],
        "Wi[1;2]": experiment.weights["Wi"][0, 1],
        "dE/dWi[1;2] at 3": trace.part("Wi", 3)[0, 1],
        "dE/dbp[1]": trace.gradient["bp"][0],
        "dE/dV[1;1] at 2": 0.0,
        "x1[2] a": experiment.inputs[0, 0, 1],
        "y[1] b": experiment.targets[1, 0],
        "error[1] b": trace.values("p", 4)[1, 0] - experiment.targets[1, 0],
        "c0[2]": experiment.initial_state["c"][1],
        "hop 1[2] c": trace.values("f", 2)[2, 1],
        "hop of c 3[1] a": trace.values("f", 4)[0, 0],
        "rate of Wi": 0.05,
    }.items():
        assert quantity(text, experiment).known(frame) == pytest.approx(value, rel=1e-14), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("c2 b", "“c2 b” needs a component: write c2[1] b"),
        ("c2", "“c2” needs a component: write c2[1] a"),
        ("c2[1]", "“c2[1]” needs a sequence: write c2[1] a"),
        ("Wi", "“Wi” needs a component: write Wi[1;1]"),
        ("dE/dWi at 2", "“dE/dWi at 2” needs a component: write dE/dWi[1;1] at 2"),
        ("c2[3] b", "there is no component 3 here: they are 1 to 2"),
        ("Wi[1;0]", "there is no component 0 here: they are 1 to 2"),
        ("Wi[1]", "there is no quantity “Wi[1]”: write one such as cost, Wi[1;1], x2[1] a"),
        ("p1[1] a", "there is no timestamp 1 here: they are 4 alone"),
        ("c2[1] z", "there is no sequence “z”: write one of a to c"),
        ("slope 2 a", "there is no quantity “slope 2 a”"),
        ("State 0", "there is no quantity “State 0”"),
        ("hidden activation = tanh", "hidden activation is nothing that this cell lets one choose"),
    ],
)
def test_what_an_lstm_has_not(text: str, words: str) -> None:
    experiment = lstm()
    with pytest.raises(Unreadable, match=re.escape(words)):
        condition(text, experiment) if "=" in text else quantity(text, experiment)


def test_a_target_at_every_timestamp() -> None:
    experiment = made(KNOWN["running-count"](), 2, 3)
    frame = frame_at(Run(experiment), Position(0, 0))
    assert quantity("y2 b", experiment).value(frame) == experiment.targets[1, 1]
    with pytest.raises(Unreadable, match="no quantity “y b”"):
        quantity("y b", experiment)

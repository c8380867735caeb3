"""The session file: read back bit for bit, and every mistake named in one sentence."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell.reading import read_cell
from core.cell.steps import Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.files import session as session_file
from core.files import session_json
from core.files.session import SessionFileError, dumps, load, loads, save
from core.files.writing import FileProblem
from core.training.run import EPOCH_LIMIT
from tests.core.experiments import EXTREMES, experiments, reals

WILD = st.sampled_from(EXTREMES)

EXAMPLE = """\
{"format": "rnn-stepper", "version": 1,
 "experiment": {
  "inputs": [[1, 0, 0], [1, 1, 0], [1, 1, 1]], "targets": [1, 2, 3], "targets_count_ones": true,
  "initial_state": 0.0, "hidden_activation": "logistic", "last_activation": "identity",
  "weights": {"wx": 0.47, "wrec": -1.19}, "learning_rates": {"wx": 0.001, "wrec": 0.001},
  "update_rule": "gradient-descent"},
 "epoch": 412, "step": 10}
"""
PART_2 = PRESETS["part-2"].experiment


def same_bits(one: Experiment, other: Experiment) -> bool:
    def bits(e: Experiment) -> list[Any]:
        rates = [e.learning_rates[name] for name in e.cell.weights]
        numbers = [e.inputs, e.targets, e.weights.flat, rates, e.initial_state.flat]
        numbers += [[*e.settings.values()], e.clip_norm or 0.0]
        rest = e.cell, e.targets_count_ones, e.update_rule, e.inputs.shape, e.targets.shape
        return [*rest, *(np.asarray(number).tobytes() for number in numbers)]

    return bits(one) == bits(other)


def check_refused(text: str | bytes, sentence: str) -> None:
    """Refused in one sentence that ends with a full stop, holds no line break, is not long."""
    with pytest.raises(SessionFileError, match=re.escape(sentence)) as caught:
        loads(text)
    assert re.fullmatch(r"[^\n]{10,300}\.", str(caught.value))


def test_the_example() -> None:
    experiment, position = loads(EXAMPLE)
    assert same_bits(experiment, PART_2.changed(weights={"Wx": 0.47, "Wrec": -1.19}))
    assert position == (412, 10)
    assert dumps(experiment, position) == EXAMPLE


@given(experiments(reals(1e9) | WILD, WILD), st.data())
def test_every_bit_comes_back(experiment: Experiment, data: st.DataObject) -> None:
    epoch = data.draw(st.integers(0, EPOCH_LIMIT - 1))
    step = data.draw(st.integers(0, len(experiment.steps)))
    text = dumps(experiment, Position(epoch, step))
    read, position = loads(text)
    assert same_bits(read, experiment)
    assert position == (epoch, step)
    assert dumps(read, position) == text


def test_what_may_be_left_out() -> None:
    experiment, position = loads(
        '{"format": "rnn-stepper", "version": 1, "experiment": {"inputs": [[1, 2]], "targets": [7],'
        ' "weights": {"wx": 1, "wrec": 2}, "learning_rates": {"wx": 0, "wrec": 1e-3}}}'
    )
    expected = PART_2.changed(
        inputs=[[1.0, 2.0]],
        targets=[7.0],
        targets_count_ones=False,
        weights={"Wx": 1.0, "Wrec": 2.0},
        learning_rates={"Wx": 0.0, "Wrec": 0.001},
    )
    assert same_bits(experiment, expected)
    assert position == (0, 0)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert loads(b"\xef\xbb\xbf" + EXAMPLE.encode())[1] == (412, 10)


def changed(place: str, value: str) -> str:
    """The example with the JSON text ``value`` put at a place such as experiment/weights/wx."""
    session: Any = json.loads(EXAMPLE)
    *parents, name = place.split("/")
    holder = session
    for parent in parents:
        holder = holder[parent]
    holder[name] = "PUT HERE"
    return json.dumps(session).replace('"PUT HERE"', value)


def without(place: str) -> str:
    return re.sub(r'"[a-z_]+": "GONE",? ?', "", changed(place, '"GONE"')).replace(", }", "}")


DEEP = "[" * 500_000 + "]" * 500_000
HUGE = "9" * 5000
NUMBER_PLACES = {
    "experiment/weights/wx": "experiment.weights.wx",
    "experiment/learning_rates/wrec": "experiment.learning_rates.wrec",
    "experiment/initial_state": "experiment.initial_state",
}


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", HUGE, "true"])
@pytest.mark.parametrize("place", NUMBER_PLACES)
def test_what_is_no_finite_number(place: str, bad: str) -> None:
    check_refused(changed(place, bad), f"{NUMBER_PLACES[place]} must be a finite number, and it is")


@pytest.mark.parametrize("bad", ["NaN", "1e999", HUGE, "false", "null", '"1"', "[1]", "{}"])
def test_a_cell_that_is_no_finite_number(bad: str) -> None:
    inputs = f"[[1, 0, 0], [1, 1, {bad}], [1, 1, 1]]"
    sentence = "experiment.inputs, row 2, column 3 must be a finite number, and it is"
    check_refused(changed("experiment/inputs", inputs), sentence)
    sentence = "experiment.targets, column 2 must be a finite number, and it is"
    check_refused(changed("experiment/targets", f"[1, {bad}, 3]"), sentence)


@pytest.mark.parametrize(
    ("place", "bad", "sentence"),
    [
        ("format", '"other"', 'format must be "rnn-stepper", and it is "other"'),
        (
            "version",
            "3",
            "version must be 1 or 2, and it is 3: open it with the program it is from",
        ),
        ("version", "true", "version must be 1 or 2, and it is true"),
        ("version", "1.0", "version must be 1 or 2, and it is 1.0"),
        ("experiment", "[]", "experiment must be an object in braces, and it is an empty list"),
        ("experiment/inputs", "[]", "experiment.inputs must be a list of rows"),
        ("experiment/inputs", '"1 0 0"', "experiment.inputs must be a list of rows"),
        ("experiment/inputs", "[[]]", "row 1 must be a list of numbers, and it is an empty list"),
        ("experiment/inputs", "[1, 0]", "experiment.inputs, row 1 must be a list of numbers"),
        ("experiment/inputs", "[[1, 0], [1]]", "row 2 must have as many columns as row 1, 2"),
        ("experiment/targets", "[1, 2]", "experiment.targets must hold one number for each seq"),
        ("experiment/targets", "[1, 2, 4]", "sequence 3 has 3, its target is 4.0"),
        ("experiment/targets", "{}", "experiment.targets must be a list of numbers"),
        ("experiment/targets_count_ones", "1", "targets_count_ones must be true or false"),
        ("experiment/hidden_activation", '"log"', 'must be "logistic" or "tanh" or "relu" or'),
        ("experiment/last_activation", "null", "experiment.last_activation must be"),
        (
            "experiment/update_rule",
            '"sgd"',
            'must be one of gradient-descent, momentum, rprop, adam, and it is "sgd"',
        ),
        ("experiment/momentum", "1", "experiment.momentum must be a number from 0 to below 1, and"),
        ("experiment/rprop_start", "0", "experiment.rprop_start must be a number above 0, and it"),
        (
            "experiment/rprop_up",
            "0.5",
            "experiment.rprop_up must be a number at least 1, and it is",
        ),
        (
            "experiment/rprop_down",
            "2",
            "experiment.rprop_down must be a number above 0 and at most",
        ),
        ("experiment/adam_beta1", "-1", "experiment.adam_beta1 must be a number from 0 to below 1"),
        (
            "experiment/adam_beta2",
            "true",
            "experiment.adam_beta2 must be a finite number, and it is",
        ),
        ("experiment/adam_epsilon", "null", "experiment.adam_epsilon must be a finite number, and"),
        ("experiment/clip_norm", "0", "experiment.clip_norm must be a number above 0, and it is 0"),
        ("experiment/weights", "[1, 2]", "experiment.weights must be an object in braces"),
        ("experiment/weights/wz", "1", 'experiment.weights has an unknown field "wz"'),
        ("experiment/bias", "1", 'experiment has an unknown field "bias": remove it, or write one'),
        ("comment", "1", 'the file has an unknown field "comment": remove it, or write one of'),
        ("a\ud800\n", "1", r'the file has an unknown field "a\ud800\n"'),
        ("a" * 1000, "1", 'the file has an unknown field "aaaa'),
        ("epoch", "-1", "epoch must be a whole number from 0 to 10,000,000, and it is -1"),
        ("epoch", "10000001", "epoch must be a whole number from 0 to 10,000,000"),
        ("epoch", "1.0", "epoch must be a whole number from 0 to 10,000,000, and it is 1.0"),
        ("epoch", "true", "epoch must be a whole number from 0 to 10,000,000, and it is true"),
        ("epoch", HUGE, "epoch must be a whole number"),
        ("epoch", "9" * 300, "epoch must be a whole number"),
        ("step", "19", "step must be at most 18 with 3 timestamps, and it is 19"),
        ("step", "9" * 300, "step must be a whole number from 0 on"),
        ("step", "-1", "step must be a whole number from 0 on, and it is -1"),
        ("step", "null", "step must be a whole number from 0 on, and it is null"),
    ],
)
def test_a_wrong_field_is_named(place: str, bad: str, sentence: str) -> None:
    check_refused(changed(place, bad), sentence)


REQUIRED = ["format", "version", "experiment/inputs", "experiment/targets"]
REQUIRED += ["experiment/weights", "experiment/weights/wrec", "experiment/learning_rates/wx"]


@pytest.mark.parametrize("place", REQUIRED)
def test_a_missing_field_is_named(place: str) -> None:
    check_refused(without(place), f"{place.replace('/', '.')} is missing: add it")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        (b"", "the file is empty"),
        (" \n\t ", "the file is empty"),
        (EXAMPLE[:-3], "the file is cut off at line 7"),
        (EXAMPLE[:100], "the file is cut off at line 3"),
        (EXAMPLE[:20], "the file is cut off at line 1"),
        ("epoch = 1", "it is not JSON at line 1, column 1"),
        (EXAMPLE.replace('"epoch": 412', '"epoch": 4l2'), "it is not JSON at line 7, column 12"),
        (EXAMPLE + "}", "it is not JSON at line 8, column 1"),
        (EXAMPLE.encode("utf-16"), "it is not UTF-8 text (byte 1)"),
        (EXAMPLE.replace("e", "é").encode("latin-1"), "it is not UTF-8 text (byte 19)"),
        (b"\x89PNG\r\n\x1a\n", "it is not UTF-8 text"),
        ("\0" * 100, "it is not JSON at line 1, column 1"),
        ("[]", "the file must be an object in braces, and it is an empty list"),
        ("7", "the file must be an object in braces, and it is 7"),
        ("null", "the file must be an object in braces, and it is null"),
        (HUGE, "the file must be an object in braces"),
        (DEEP, "its brackets are nested too deeply"),
        ('{"format":' * 40_000, "its brackets are nested too deeply"),
        ("[" * 500 + "]" * 500, "the file must be an object in braces, and it is a list"),
        (EXAMPLE.replace('"wx": 0.47', '"wx": 0.47, "wx": 1'), 'the field "wx" stands there twice'),
        (EXAMPLE.replace('"step"', '"epoch"'), 'the field "epoch" stands there twice'),
    ],
    ids=lambda value: repr(value[:20]),
)  # fmt: skip
def test_what_is_no_session(text: str | bytes, sentence: str) -> None:
    check_refused(text, sentence)


@given(st.integers(0, len(EXAMPLE) - 2))
def test_a_file_cut_off_anywhere_is_refused(length: int) -> None:
    check_refused(EXAMPLE[:length], " at line " if EXAMPLE[:length].strip() else "is empty")


@given(st.binary() | st.text())
def test_nothing_else_is_ever_raised(text: str | bytes) -> None:
    with pytest.raises(SessionFileError):
        loads(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
PLACES = ["format", "version", "experiment", "epoch", "step", *NUMBER_PLACES, "experiment/inputs"]


@given(st.sampled_from(PLACES), JSON)
def test_any_value_anywhere_is_read_or_refused(place: str, value: object) -> None:
    try:
        experiment, position = loads(changed(place, json.dumps(value)))
    except SessionFileError:
        return
    read_again = loads(dumps(experiment, position))
    assert same_bits(read_again[0], experiment)
    assert read_again[1] == position


def test_the_last_epoch_of_a_run_has_no_update(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_file, "EPOCH_LIMIT", 412)
    assert loads(changed("step", "17"))[1] == (412, 17)
    check_refused(changed("step", "18"), "step must be at most 17 in epoch 412")


def test_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "lesson.rnn.json"
    experiment = PART_2.with_data(np.random.default_rng(3).normal(size=(30, 7)))
    save(path, experiment, Position(3, 5))
    read, position = load(path)
    assert same_bits(read, experiment)
    assert position == (3, 5)
    assert max(map(len, path.read_text(encoding="utf-8").splitlines()[:30])) < 200
    first = path.read_bytes()
    save(path, read, position)
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_saving_where_nothing_can_be_saved(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="not an ordinary file"):
        save(tmp_path, PART_2, Position(0, 0))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (Path.exists, "(no such file or directory): choose another file."),
        (Path.mkdir, "it is a folder or a device: choose a session file."),
        (os.mkfifo, "it is a folder or a device: choose a session file."),
        (lambda path: path.symlink_to("/dev/zero"), "it is a folder or a device: choose"),
        (lambda path: path.symlink_to(path), "(too many levels of symbolic links): choose"),
        (lambda path: path.write_text("{"), "the file is cut off at line 1, column 2: correct"),
    ],
)
def test_a_file_that_cannot_be_opened(
    tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "lesson.rnn.json"
    make(path)
    with pytest.raises(SessionFileError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path} cannot be opened")
    assert sentence in str(caught.value)


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "lesson.rnn.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.setattr(os, "open", denied)  # nothing is forbidden to root
    with pytest.raises(SessionFileError, match=r"json cannot be opened \(permission denied\): "):
        load(path)


def test_a_path_with_a_null_character() -> None:
    with pytest.raises(SessionFileError, match=r"cannot be opened \(embedded null byte"):
        load("lesson\0.rnn.json")


def test_a_rule_brings_its_settings_and_changed_ones_are_kept() -> None:
    experiment = PART_2.changed(
        update_rule="rprop", settings={"rprop_up": 1.5, "momentum": 0.8}, clip_norm=2.0
    )
    text = dumps(experiment, Position(0, 0))
    assert '"update_rule": "rprop", "momentum": 0.8, "rprop_start": 0.001, "rprop_up": 1.5' in text
    assert '"rprop_down": 0.5, "clip_norm": 2.0}' in text
    assert "adam" not in text
    assert loads(text)[0].same_as(experiment)
    assert '"update_rule": "gradient-descent"}' in dumps(PART_2, Position(0, 0))


# --- version 2 --------------------------------------------------------------------------------

LSTM = PRESETS["lstm"].experiment
OWN = read_cell(
    "h = tanh(W*x + U*h[k-1])\nE = mean((h - y)**2) for k = T\nweights: W U\ninputs: x\n", "mine"
)
OF_OWN = Experiment(
    cell=OWN,
    inputs=[[1.0, -0.0], [1e308, 0.5]],  # type: ignore[arg-type]
    targets=[1.0, 2.0],  # type: ignore[arg-type]
    weights={"W": 0.5, "U": -0.25},  # type: ignore[arg-type]
    learning_rates={"W": 0.1, "U": 0.2},
    initial_state={"h": 0.125},  # type: ignore[arg-type]
)


@pytest.mark.parametrize(
    "experiment",
    [*(preset.experiment for preset in PRESETS.values()), OF_OWN],
    ids=[*PRESETS, "own"],
)
def test_a_session_of_any_cell_comes_back(experiment: Experiment) -> None:
    position = Position(7, len(experiment.steps))
    text = dumps(experiment, position)
    assert ('"version": 1,' in text) == (experiment.cell.key == "tutorial")
    read, place = loads(text)
    assert same_bits(read, experiment)
    assert place == position
    assert dumps(read, place) == text


def test_what_version_2_may_leave_out() -> None:
    text = """{"format": "rnn-stepper", "version": 2, "experiment": {"cell": "elman-1",
        "inputs": [[1, 0]], "targets": [1],
        "weights": {"Wx": 1, "Wrec": 0, "b": 0, "V": 1, "bp": 0}}}"""
    experiment, position = loads(text)
    assert experiment.initial_state == {"h": 0.0}
    assert {*experiment.learning_rates.values()} == {0.1}
    assert position == (0, 0)


def lstm(place: str, value: str) -> str:
    """A session of the LSTM with the JSON text ``value`` put at a place."""
    session: Any = json.loads(dumps(LSTM, Position(0, 0)))
    *parents, name = place.split("/")
    holder = session
    for parent in parents:
        holder = holder[int(parent) if isinstance(holder, list) else parent]
    holder[int(name) if isinstance(holder, list) else name] = "PUT HERE"
    return json.dumps(session).replace('"PUT HERE"', value)


HUGE_TEXT = json.dumps("x" * 9000)


@pytest.mark.parametrize(
    ("place", "bad", "sentence"),
    [
        ("cell", '"lstn"', 'experiment.cell must be "tutorial" or "tutorial-with-bias" or '),
        ("cell", "7", "experiment.cell must be a name or an object with title and text, and it"),
        ("cell", "{}", "experiment.cell.title is missing: add it"),
        ("cell", '{"title": 1, "text": ""}', "experiment.cell.title must be a text, and it is 1"),
        ("cell", '{"title": "a\\n", "text": ""}', "experiment.cell.title must be one line of"),
        ("cell", '{"title": "a", "text": "h = ("}', "experiment.cell.text, line 1, column"),
        ("cell", f'{{"title": "a", "text": {HUGE_TEXT}}}', "experiment.cell.text, line 1, col"),
        ("sizes", "{}", "experiment.sizes.H is missing: add it"),
        ("sizes/H", "3", "experiment.sizes.H must be 2, as weights, inputs and targets have it"),
        ("sizes/H", "true", "experiment.sizes.H must be a whole number from 1 on, and it is true"),
        ("sizes/H", "1000", "numbers among the weights: 100,000 is the most"),
        ("sizes/Q", "1", 'experiment.sizes has an unknown field "Q": remove it, or write one of'),
        ("weights/Wi", "[1, 2]", "experiment.weights.Wi, row 1 must be a list of numbers, and it"),
        ("weights/Wi", "[[1], [2]]", "experiment.weights.Wi must be 2 by 2 (H by I), and is 2 by"),
        ("weights/Wi/1/0", "NaN", "experiment.weights.Wi, row 2, column 1 must be a finite number"),
        ("weights/bi", "[1e999, 0]", "experiment.weights.bi, column 1 must be a finite number"),
        ("weights/Wq", "1", 'experiment.weights has an unknown field "Wq": remove it, or write'),
        ("initial_state/c", "[0]", "experiment.initial_state.c must have 2 numbers"),
        ("initial_state/q", "0", 'experiment.initial_state has an unknown field "q"'),
        ("learning_rates", '"fast"', 'experiment.learning_rates must be a finite number, and it'),
        ("learning_rates", '{"Wi": 1}', "experiment.learning_rates.Wf is missing: add it"),
        ("inputs/0/0", "[1]", "row 1, column 2 must have as many components as column 1, 1"),
        ("inputs/1", "[[1, 0]]", "experiment.inputs, row 2 must have as many columns as row 1, 4"),
        ("inputs/0/1/1", "null", "row 1, column 2, component 2 must be a finite number, and it"),
        ("targets/0", "1", "experiment.targets, row 1 must be a list of numbers, and it is 1"),
        ("hidden_activation", '"tanh"', "experiment.hidden_activation belongs to the tutorial's"),
        ("targets_count_ones", "true", "experiment.targets_count_ones must be false where inputs"),
    ],
)  # fmt: skip
def test_a_wrong_field_of_version_2_is_named(place: str, bad: str, sentence: str) -> None:
    check_refused(lstm(f"experiment/{place}", bad), sentence)


# --- sizes, and what is hostile ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (changed("experiment/inputs", f"[[{', '.join('0' * 1001)}]]"), "1,001 timestamps are too"),
        (
            changed("experiment/inputs", f"[[{'0,' * 1000}0]{',[0]' * 3_000_000}]"),
            "it has more than 3,000,000 times [",
        ),
        (
            "{" + ", ".join(f'"{i}": 0' for i in range(90_000)) + ', "5": 0}',
            'the field "5" stands there twice',
        ),
        (changed("n" * 300, "1"), 'the file has an unknown field "nnn'),
        (lstm("n" * 300, "1"), 'the file has an unknown field "nnn'),
        ("[" * 2_000_000, "its brackets are nested too deeply"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_hostile_is_refused(text: str, sentence: str) -> None:
    check_refused(text, sentence)


def test_a_file_beyond_every_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.rnn.json"
    with path.open("wb") as file:
        file.truncate(50_000_001)  # a hole: it takes no room
    with pytest.raises(SessionFileError, match="it has more than 50 MB: take a smaller one"):
        load(path)


def test_a_session_that_could_not_be_opened_again_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_file, "MOST_BYTES", 100)
    with pytest.raises(FileProblem, match="take fewer sequences; nothing was changed"):
        save(tmp_path / "x.rnn.json", PART_2, Position(0, 0))
    assert not any(tmp_path.iterdir())


def test_a_cost_that_is_not_finite_is_read(tmp_path: Path) -> None:
    experiment = PART_2.changed(weights={"Wx": 1e308, "Wrec": 1e308}).without_activation()
    save(tmp_path / "x.rnn.json", experiment, Position(0, 0))
    assert same_bits(load(tmp_path / "x.rnn.json")[0], experiment)


@pytest.mark.parametrize("name", ["a\nb", "\udcff", "a\x1b[1m"])
def test_a_session_is_called_in_letters_that_can_be_seen(name: str) -> None:
    assert session_file.session_name(Path(f"{name}.rnn.json")).isprintable()


TEXTS = [EXAMPLE, *(dumps(PRESETS[k].experiment, Position(3, 4)) for k in PRESETS)]
TEXTS += [dumps(OF_OWN, Position(0, 1))]
INSERTED = ["[", "]", "{", "}", "1e999", "-", "null", "true", '"', "\\", "9" * 400, "NaN", "\x00"]


@pytest.mark.parametrize("seed", range(10))
def test_mutated_sessions(seed: int) -> None:
    """A hundred each: one sentence, or a session that is whole."""
    random = Random(seed)  # noqa: S311 (nothing secret)
    for _ in range(100):
        text = random.choice(TEXTS)
        for _ in range(random.randint(1, 3)):
            start = random.randrange(len(text))
            end = min(len(text), start + random.choice([0, 1, 1, 2, 30]))
            text = text[:start] + random.choice(["", *INSERTED, text[end : end + 40]]) + text[end:]
        refused = ""
        try:
            experiment, position = loads(text)
        except SessionFileError as error:
            refused = str(error)
        if refused:
            assert re.fullmatch(r"[^\n]{10,400}\.", refused)
        else:
            assert same_bits(loads(dumps(experiment, position))[0], experiment)


def outcome(text: str) -> tuple[Experiment, Position] | str:
    try:
        return loads(text)
    except SessionFileError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(5))
def test_a_long_file_is_read_as_a_short_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)  # noqa: S311 (nothing secret)
    for _ in range(60):
        text = random.choice(TEXTS)
        for _ in range(random.randint(0, 2)):
            at = random.randrange(len(text))
            text = text[:at] + random.choice(INSERTED) + text[at + random.randint(0, 3) :]
        short = outcome(text)
        with monkeypatch.context() as patched:
            patched.setattr(session_json, "_LONG", 0)
            long = outcome(text)
        assert type(short) is type(long), (short, long)
        if isinstance(short, tuple) and isinstance(long, tuple):
            assert same_bits(short[0], long[0])
            assert short[1] == long[1]


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (
            "[[0, 1], [1, 1e999]]",
            "row 2, column 2 must be a finite number, and it is 1e999",
        ),
        ("[[0, 1], [1, [2]]]", "inputs, row 2, column 2 must be a finite number, and it is a list"),
        ("[[0, 1], 7]", "inputs, row 2 must be a list of numbers, and it is 7"),
        ('[[0, 1], [1, "x"]]', "inputs must be lists of finite numbers, and at line 1, column 79"),
        ("[[0, 1], [1,, 2]]", "it is not JSON at line 1, column 78"),
        ("[[0, 1], [1, 2", "the file is cut off at line 1, column 80"),
        ("[[[[0]]]]", "inputs, row 1, column 1, component 1 must be a finite number, and it is a"),
        (f"[{'[0],' * 1_000_000}[0]]", "1,000,001 sequences are too many: 1,000,000 is the most"),
        (f"[[{'0,' * 1000}0]]", "1,001 timestamps are too many: 1,000 is the most"),
        (f"[[[{'0,' * 10_000_000}0]]]", "10,000,001 numbers are too many: 10,000,000 is the most"),
    ],
)
def test_a_long_file_with_a_wrong_number_names_it(
    inputs: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_json, "_LONG", 0)
    start = '{"format": "rnn-stepper", "version": 1, "experiment": {"inputs": '
    rest = "" if inputs.endswith("2") else ', "targets": [1]}}'
    check_refused(f"{start}{inputs}{rest}", sentence)


def test_a_long_file_with_much_beside_its_data_is_refused() -> None:
    check_refused(f'{{"format": "{"a" * 6_000_000}"}}', "it has more than 5 MB beside its inputs")

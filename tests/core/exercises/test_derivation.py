"""Derivations: right formulas in any form pass, thousands of wrong ones do not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from random import Random
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from core.cell.known import KNOWN, two_weights
from core.cell.reading import read_cell
from core.code.trace import Trace
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.data.values import Array, Values
from core.exercises.derivation import (
    LARGEST_INITIAL_STATE,
    MOST_TIMESTAMPS,
    Derivations,
    Task,
    Verdict,
)
from core.exercises.formula import FormulaError, parse, typeset
from core.exercises.mistakes import Mistake
from tests.core.epoch.frames import experiment_of
from tests.core.exercises.values import values_of
from tests.core.random_cells import random_text

PART_2 = PRESETS["part-2"].experiment
OURS = Derivations(PART_2)

Choice = TypeVar("Choice")


def pick(random: Generator, choices: Sequence[Choice]) -> Choice:
    return choices[int(random.integers(len(choices)))]


def network(
    n: int, t: int, initial_state: float = 0.0, hidden: str = "logistic", last: str = "identity"
) -> Experiment:
    return Experiment(
        cell=two_weights(hidden, last),
        inputs=np.ones((n, t)),
        targets=np.ones(n),
        weights=Values({"Wx": 1.0, "Wrec": 1.0}),
        learning_rates={"Wx": 0.0, "Wrec": 0.0},
        initial_state=Values({"S(Out)": initial_state}),
    )


@cache
def derivations(experiment: Experiment) -> Derivations:
    return Derivations(experiment)


def start_of(experiment: Experiment) -> float:
    return float(experiment.initial_state["S(Out)"])


def activation(experiment: Experiment, k: int) -> str:
    last = k == experiment.timestamps
    return experiment.last_activation if last else experiment.hidden_activation


SYMBOLS = {"logistic": "log", "tanh": "tanh", "relu": "relu", "identity": ""}


NETWORKS = [
    network(1, 1),
    network(3, 1, 0.5, last="tanh"),
    network(3, 3),
    network(3, 3, 0.5),
    network(2, 3, -2.0, "tanh", "logistic"),
    network(4, 4, 1.0, "identity"),
    network(1, 4, 0.3, "relu"),
    network(3, 3, 0.0, "relu", "relu"),
    network(5, 6, -0.7, "tanh", "tanh"),
    network(3, 3, 900.0),
    network(2_000, 3, 0.5),
]


def described(experiment: Experiment) -> str:
    shape = f"{experiment.sequences}x{experiment.timestamps}"
    activations = f"{experiment.hidden_activation}-{experiment.last_activation}"
    return f"{shape}-{start_of(experiment)}-{activations}"


# --- what a derivative is, once more, and by itself --------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A factor of a product: a kind, and the state or timestamp that it belongs to."""

    kind: str
    index: int = 0


def pieces(task: Task, experiment: Experiment) -> list[Piece]:
    t, k = experiment.timestamps, task.timestamp
    found = [Piece("mean"), Piece("error", t), Piece("slope", t)]
    for state in range(t - 1, k - 1, -1):
        found += [Piece("wrec"), Piece("slope", state)]
    return [*found, Piece("input", k) if task.name == "Wx" else Piece("state", k - 1)]


def written(piece: Piece, experiment: Experiment) -> list[str]:
    """A piece in all the ways that people write it."""
    i, t = piece.index, experiment.timestamps
    if piece.kind == "slope":
        return _slopes(i, activation(experiment, i), experiment)
    out = [f"S{i}", f"S{i}_out"]
    f = SYMBOLS[activation(experiment, i)] if i else ""
    if piece.kind == "state" and f:
        out += [f"{f}(S{i}_in)", f"{f}(S{i - 1}*Wrec + Wx*X{i})"]
    return {
        "mean": [f"2/{experiment.sequences}", "2/N", "2*(1/N)", "(1/N + 1/N)", "N**-1*2"],
        "error": [f"(S{t} - y)", f"(-(y - S{t}))", f"(-1*y + S{t}_out)"],
        "wrec": ["Wrec", "(2*Wrec - Wrec)", "Wrec**1"],
        "input": [f"X{i}", f"((S{i}_in - S{i - 1}*Wrec)/Wx)"] if i else [],
        "state": out if i else ["S0", "((S1_in - X1*Wx)/Wrec)"],
    }[piece.kind]


def _slopes(i: int, key: str, experiment: Experiment) -> list[str]:
    z = f"(S{i - 1}*Wrec + X{i}*Wx)"
    return {
        "logistic": [
            f"d_log(S{i}_in)",
            f"d_log{z}",
            f"log(S{i}_in)*(1 - log(S{i}_in))",
            f"S{i}*(1 - S{i})",
            f"(S{i} - S{i}**2)",
            f"log(-S{i}_in)*S{i}",
        ],
        "tanh": [f"d_tanh(S{i}_in)", f"(1 - S{i}**2)", f"(1 - S{i})*(1 + tanh{z})"],
        "relu": [f"d_relu(S{i}_in)", f"(S{i}/S{i}_in)", f"d_relu(S{i})"],
        "identity": ["1", f"(S{i}/S{i}_in)"],
    }[key]


def rewritten(task: Task, experiment: Experiment, random: Generator) -> str:
    """The right formula in another form: factors in any order and form, a bracket expanded."""
    product = pieces(task, experiment)
    texts = {piece: written(piece, experiment) for piece in product}
    order = [product[place] for place in random.permutation(len(product))]
    chosen = [pick(random, texts[piece]) for piece in order]
    form = pick(random, ["product", "sum", "expanded", "halves"])
    if form == "sum":
        return f"sum({'*'.join(chosen)})"
    if form == "halves":
        return f"({'*'.join(chosen)})/2 + 0.5*{'*'.join(chosen)}"
    if form == "expanded":
        rest = "*".join(x for x, piece in zip(chosen, order, strict=True) if piece.kind != "error")
        return f"S{experiment.timestamps}*{rest} - {rest}*y"
    return "*".join(chosen)


@pytest.mark.parametrize("experiment", NETWORKS, ids=described)
def test_a_right_formula_passes_in_any_form(experiment: Experiment) -> None:
    random = np.random.default_rng(1)
    for task in derivations(experiment).tasks:
        for _ in range(40):
            text = rewritten(task, experiment, random)
            verdict = derivations(experiment).check(task, text)
            assert verdict.right, text
            assert verdict.mistake is None
            assert verdict.sentence.startswith("Right")


# --- thousands of wrong formulas --------------------------------------------------------------


@lru_cache(maxsize=8)
def sample(experiment: Experiment, seed: int) -> dict[Piece, Array]:
    """What each piece is worth in a random experiment, by the network's formulas in plain NumPy."""
    random = np.random.default_rng(seed)
    n, t = experiment.sequences, experiment.timestamps
    wx, wrec = random.normal(size=2)
    found = {
        Piece("mean"): np.array(2 / n),
        Piece("minus"): np.array(-1.0),
        Piece("wx"): np.array(wx),
        Piece("wrec"): np.array(wrec),
    }
    y, out = random.normal(0.0, 2.0, n), np.full(n, start_of(experiment))
    for k in range(t + 1):
        if k:
            x = random.normal(0.4, 1.0, n)
            z, key = out * wrec + x * wx, activation(experiment, k)
            out = FUNCTIONS[key](z)
            found |= {Piece("input", k): x, Piece("slope", k): SLOPES[key](z)}
        found |= {Piece("state", k): out, Piece("error", k): out - y, Piece("plus", k): out + y}
    return found


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "identity": lambda z: z,
}
SLOPES: dict[str, Callable[[Array], Array]] = {
    "logistic": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "identity": np.ones_like,
}


def worth(product: list[Piece], experiment: Experiment, seed: int) -> float:
    numbers = sample(experiment, seed)
    result: Array = np.ones(experiment.sequences)
    for piece in product:
        result = result * numbers[piece]
    # What all sequences share is no vector, and is not summed.
    shared = all(numbers[piece].ndim == 0 for piece in product)
    return float(result[0] if shared else result.sum())


def code(product: list[Piece], experiment: Experiment) -> str:
    plain = {"minus": "(-1)", "wx": "Wx", "error": "(S{} - y)", "plus": "(S{} + y)"}
    return "*".join(
        plain[piece.kind].format(piece.index)
        if piece.kind in plain
        else written(piece, experiment)[0]
        for piece in product
    )


def spoilt(product: list[Piece], experiment: Experiment, random: Generator) -> list[Piece]:
    """One to three of: a factor dropped or doubled, an index moved, a sign turned, a weight."""
    for _ in range(pick(random, [1, 1, 2, 2, 3])):
        place = int(random.integers(len(product)))
        before, piece, after = product[:place], product[place], product[place + 1 :]
        product = [*before, *pick(random, spoilt_piece(piece, experiment, random)), *after]
        product = product or [Piece("minus")]
    return product


def spoilt_piece(piece: Piece, experiment: Experiment, random: Generator) -> list[list[Piece]]:
    weight = Piece(pick(random, ["wx", "wrec"]))
    ways = [[], [piece, piece], [Piece("minus"), piece], [weight, piece]]
    moved = 1 + int(random.integers(experiment.timestamps))
    if piece.kind in ("error", "slope", "input", "state"):
        ways += [[Piece(piece.kind, moved)]] * 4
    if piece.kind == "error":
        ways.append([Piece("plus", piece.index)])
    if piece.kind in ("input", "state"):
        ways += [[Piece("input", moved)], [Piece("state", moved - 1)]]
    if piece.kind == "wrec":
        ways.append([Piece("wx")])
    return ways


# Where State 0 is 900 nearly all random experiments are saturated: nothing can be told apart.
SPOILT = [
    *(x for x in NETWORKS if x.sequences < 100 and start_of(x) < 100),
    network(3, 4),
    network(2, 5, 0.5),
]
WRONG, ATTEMPTS = 2_000, 450


def wrong_formulas() -> Iterator[tuple[Task, Experiment, str]]:
    """Different formulas that plain NumPy finds wrong in at least one of five experiments."""
    random = np.random.default_rng(2)
    for experiment in SPOILT:
        asked, seen = derivations(experiment).tasks, set()
        for attempt in range(ATTEMPTS):
            task = asked[attempt % len(asked)]
            right = pieces(task, experiment)
            wrong = spoilt(right, experiment, random)
            known = (task, code(wrong, experiment))
            if known not in seen and any(
                differs(right, wrong, experiment, seed) for seed in range(5)
            ):
                seen.add(known)
                yield task, experiment, known[1]


def differs(right: list[Piece], wrong: list[Piece], experiment: Experiment, seed: int) -> bool:
    values = (worth(product, experiment, seed) for product in (right, wrong))
    return not math.isclose(*values, rel_tol=1e-6, abs_tol=1e-9)


def test_thousands_of_wrong_formulas_do_not_pass() -> None:
    passed, count = [], 0
    for task, experiment, text in wrong_formulas():
        count += 1
        if derivations(experiment).check(task, text).right:
            passed.append((str(task), described(experiment), text))
    assert count >= WRONG
    assert passed == []


@pytest.mark.parametrize("experiment", SPOILT, ids=described)
def test_the_plain_numbers_are_those_of_the_program(experiment: Experiment) -> None:
    numbers, timestamps = sample(experiment, 0), range(1, experiment.timestamps + 1)
    same = experiment.changed(
        inputs=np.stack([numbers[Piece("input", k)] for k in timestamps], axis=1),
        targets=numbers[Piece("state", 0)] - numbers[Piece("error", 0)],
        weights={"Wx": float(numbers[Piece("wx")]), "Wrec": float(numbers[Piece("wrec")])},
    )
    trace = Trace(same, same.weights)
    for task in derivations(same).tasks:
        expected = worth(pieces(task, same), experiment, 0)
        assert trace.part(task.name, task.timestamp) == pytest.approx(expected, rel=1e-9, abs=1e-15)


# --- what an accident would let pass -----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2/3*(S3 - y)*Wrec*d_log(S2_in)*X1*X2",  # on ones and zeros X1*X2 may be X2
        "2/3*(S3 - y)*Wrec*d_log(S2_in)*X2**2",
        "2/3*(S3 - X1 - X2 - X3)*Wrec*d_log(S2_in)*X2",  # the targets count the ones
        "2/3*(S3 - y)*Wrec*0.25*X2",
        "2/3*(S3 - y)*(-1.1909756947064645)*d_log(S2_in)*X2",  # the number of Wrec
    ],
)
def test_what_is_right_for_these_numbers_alone_does_not_pass(text: str) -> None:
    assert not OURS.check(Task("Wx", 2), text).right


def test_the_number_of_sequences_and_its_name_are_both_right() -> None:
    for front in ("2/3", "2/N", "0.6666666666666666"):
        assert OURS.check(Task("Wx", 3), f"{front}*(S3 - y)*X3").right
    assert not OURS.check(Task("Wx", 3), "0.6667*(S3 - y)*X3").right
    assert derivations(network(2, 3)).check(Task("Wx", 3), "(S3 - y)*X3").right  # 2/2


def test_a_state_0_of_0_passes_nothing_and_is_praised() -> None:
    for text in ("0", "S0", "2/3*(S3 - y)*Wrec*d_log(S2_in)*Wrec*d_log(S1_in)*S0", "0*S3"):
        verdict = OURS.check(Task("Wrec", 1), text)
        assert verdict.right
        assert "State 0 is 0" in verdict.sentence
    assert not OURS.check(Task("Wrec", 1), "2/3*(S3 - y)*Wrec**2*X1").right


def test_any_other_state_0_passes_something() -> None:
    for initial_state in (0.5, -3.0, 1e-6):
        experiment = PART_2.changed(initial_state={"S(Out)": initial_state})
        whole = derivations(experiment).solution(Task("Wrec", 1))[-1][0]
        assert not derivations(experiment).check(Task("Wrec", 1), "0").right
        assert derivations(experiment).check(Task("Wrec", 1), whole).right
        number = whole.replace("S0", f"({initial_state:.6f})")
        assert derivations(experiment).check(Task("Wrec", 1), number).right
    for task in set(OURS.tasks) - {Task("Wrec", 1)}:
        assert not OURS.check(task, "0").right


def test_a_formula_without_a_value_is_told() -> None:
    for text in ("1/0", "X2/(y - y)", "(S3 - y)/S0", "(-y*y)**0.5"):
        assert "divides by 0" in OURS.check(Task("Wx", 2), text).sentence
    assert "A number alone" in OURS.check(Task("Wx", 2), "2/N").sentence


# --- hints, solution, limits -------------------------------------------------------------------


@pytest.mark.parametrize("experiment", NETWORKS, ids=described)
def test_the_solution_grows_by_factors_and_is_right_at_last(experiment: Experiment) -> None:
    for task in derivations(experiment).tasks:
        steps = derivations(experiment).solution(task)
        assert all(sentence.endswith(".") for _, sentence in steps)
        for (text, _), (longer, _) in pairwise(steps):
            assert longer.startswith(f"{text}*")
            assert not derivations(experiment).check(task, text).right or task.name == "Wrec"
            assert typeset(longer, derivations(experiment).vocabulary)
        assert derivations(experiment).check(task, steps[-1][0]).right


def test_the_solution_in_full() -> None:
    assert OURS.solution(Task("Wx", 2))[-1][0] == "2/3*(S3 - y)*Wrec*d_log(S2_in)*X2"
    assert OURS.solution(Task("Wrec", 3))[-1][0] == "2/3*(S3 - y)*S2"


def test_hints_go_from_coarse_to_fine_without_the_answer() -> None:
    for task in OURS.tasks:
        found = OURS.hints(task)
        assert 3 <= len(found) <= 4
        assert not any("d_log" in hint or "2/" in hint for hint in found)
        assert f"State {task.timestamp}" in found[2]
    assert "2 hops" in OURS.hints(Task("Wx", 1))[2]
    assert "1 hop " in OURS.hints(Task("Wx", 2))[2]
    assert "no hops" in OURS.hints(Task("Wx", 3))[2]
    assert (
        OURS.hints(Task("Wrec", 1))[3]
        != derivations(PART_2.changed(initial_state={"S(Out)": 1.0})).hints(Task("Wrec", 1))[3]
    )


def test_all_derivatives_of_a_network_can_be_asked_for() -> None:
    assert [str(task) for task in derivations(network(3, 2)).tasks] == [
        "dE/dWx at timestamp 2",
        "dE/dWrec at timestamp 2",
        "dE/dWx at timestamp 1",
        "dE/dWrec at timestamp 1",
    ]


@pytest.mark.parametrize("hidden", SYMBOLS)
@pytest.mark.parametrize("sequences", [1, 3])
def test_the_longest_way_back_can_be_written_and_a_slip_on_it_is_seen(
    sequences: int, hidden: str
) -> None:
    experiment = network(sequences, MOST_TIMESTAMPS, LARGEST_INITIAL_STATE, hidden, "tanh")
    assert derivations(experiment).why_not == ""
    for task in (Task("Wx", 1), Task("Wrec", 1)):
        product = derivations(experiment).solution(task)[-1][0].split("*")
        assert derivations(experiment).check(task, "*".join(product)).right
        for place, text in [*enumerate(product)][::9]:
            shorter = "*".join(product[:place] + product[place + 1 :])
            assert not derivations(experiment).check(task, shorter).right, text


def test_what_cannot_be_derived_says_why() -> None:
    assert "remove some" in derivations(network(1, MOST_TIMESTAMPS + 1)).why_not
    assert "State 0" in derivations(network(1, 3, 1e9)).why_not
    assert OURS.why_not == ""


PIECES = st.lists(
    st.sampled_from(
        [*OURS.vocabulary.known, "2", "3", "0", ".5", *"+-*/()", "**", "log(", "d_log(", "sum("]
    )
).map("".join)


@given(st.text() | PIECES, st.sampled_from(OURS.tasks))
def test_any_text_ends_in_a_verdict_or_in_a_sentence(text: str, task: Task) -> None:
    try:
        verdict = OURS.check(task, text)
    except FormulaError:
        return
    assert isinstance(verdict, Verdict)
    assert verdict.right or not verdict.sentence.startswith("Right")
    assert verdict.formula == parse(text, OURS.vocabulary)


def test_a_formula_has_the_programs_value_in_the_experiment_itself() -> None:
    trace = Trace(PART_2, PART_2.weights)
    for task in OURS.tasks:
        formula = parse(OURS.solution(task)[-1][0], OURS.vocabulary)
        assert float(formula.of_sequences(values_of(trace)).sum()) == pytest.approx(
            trace.part(task.name, task.timestamp), rel=1e-12
        )


# --- what is diagnosed -------------------------------------------------------------------------

TOLD = {
    "2/3*(S3 - y)*Wrec*X2": Mistake.SLOPE_MISSING,
    "2/3*(S3 - y)*Wrec*log(S2_in)*X2": Mistake.FUNCTION_FOR_SLOPE,
    "2/3*(S3 - y)*Wrec*d_log(S1_in)*X2": Mistake.OTHER_SLOPE,
    "2/3*(S3 - y)*d_log(S3_in)*Wrec*d_log(S2_in)*X2": Mistake.NO_ACTIVATION,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)**2*X2": Mistake.NO_ACTIVATION,
    "2/3*(S3 - y)*d_log(S2_in)*X2": Mistake.FACTOR_MISSING,
    "2/3*(S3 - y)*Wrec**2*d_log(S2_in)*X2": Mistake.FACTOR_TWICE,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)*X3": Mistake.OTHER_PARTNER,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)*S1": Mistake.OTHER_PARTNER,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)": Mistake.PARTNER_MISSING,
    "2/3*(S3 - y)*X3": Mistake.OTHER_END,
    "2/3*(y - S3)*Wrec*d_log(S2_in)*X2": Mistake.SIGN,
    "2/3*(S3 + y)*Wrec*d_log(S2_in)*X2": Mistake.TERM_SIGN,
    "2*(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.MEAN,
    "(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.ERROR_ALONE,
    "1/N*(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.SQUARE,
    "2/3*(S3 - y)*Wrec*d_log(S2)*X2": Mistake.IN_FOR_OUT,
    "2/3*(S3 - y)*Wrec*(y - S1)*X2": None,
}


@pytest.mark.parametrize(("text", "mistake"), TOLD.items())
def test_what_people_write_at_timestamp_2(text: str, mistake: Mistake | None) -> None:
    verdict = OURS.check(Task("Wx", 2), text)
    assert not verdict.right
    assert verdict.mistake is mistake


def test_a_mistake_made_everywhere_is_seen() -> None:
    for text, mistake in (
        ("2/3*(S3 - y)*Wrec*Wrec*X1", Mistake.SLOPE_MISSING),
        ("2/3*(S3 - y)*d_log(S2_in)*d_log(S1_in)*X1", Mistake.FACTOR_MISSING),
    ):
        assert OURS.check(Task("Wx", 1), text).mistake is mistake


@pytest.mark.parametrize("task", OURS.tasks, ids=str)
def test_the_answer_for_another_timestamp_is_told(task: Task) -> None:
    for k in {1, 2, 3} - {task.timestamp}:
        other = OURS.solution(Task(task.name, k))[-1][0]
        if (task.name, k) != ("Wrec", 1):
            assert OURS.check(task, other).mistake is Mistake.OTHER_END


def test_a_diagnosis_is_one_sentence_that_gives_no_answer() -> None:
    for task in OURS.tasks:
        for wrong in OURS.known(task):
            assert wrong.hint.endswith((".", "?"))
            assert not any(x in wrong.hint for x in ("{", "d_log", "2/", "  "))


# --- other cells -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KNOWN)
def test_every_solution_is_right_and_with_a_sign_turned_it_is_not(key: str) -> None:
    found = Derivations(experiment_of(KNOWN[key]()))
    assert found.why_not == ""
    assert found.whole == (key in ("tutorial", "tutorial-with-bias", "elman-1"))
    for task in found.tasks:
        text, sentence = found.solution(task)[-1]
        assert sentence
        assert all(hint.endswith((".", "?")) for hint in found.hints(task))
        assert found.check(task, text).right, text
        verdict = found.check(task, f"-({text})")
        assert found.is_0(task) or verdict.mistake is Mistake.SIGN, text


@pytest.mark.parametrize("seed", range(8))
def test_every_solution_of_a_random_cell_is_right(seed: int) -> None:
    text = random_text(Random(seed))  # noqa: S311
    found = Derivations(experiment_of(read_cell(text)))
    for task in found.tasks:
        whole = found.solution(task)[-1][0]
        assert found.check(task, whole).right, whole
        assert found.is_0(task) or not found.check(task, f"-({whole})").right, whole


def test_a_line_of_an_lstm_is_judged_and_diagnosed() -> None:
    found = Derivations(experiment_of(KNOWN["lstm"]()))
    task = Task("c", 2, of_weight=False)
    assert str(task) == "dE/dc2"
    assert found.solution(task)[-1][0] == "dh2*o2*d_tanh(c2) + dc3*f3"
    assert found.check(task, "f3*dc3 + o2*(1 - tanh(c2)**2)*dE/dh2").right
    for text, mistake in {
        "dh2*o2*d_tanh(c2)": Mistake.TERM_MISSING,
        "dh2*o2*d_tanh(c2) + dc3": Mistake.FACTOR_MISSING,
        "dh2*o2*d_tanh(c2) + dc3*f2": Mistake.OTHER_TIMESTAMP,
        "dh2*o2 + dc3*f3": Mistake.SLOPE_MISSING,
    }.items():
        assert found.check(task, text).mistake is mistake, text
    hidden = Task("h", 2, of_weight=False)
    text = "Ui.T @ di3_in + Uf.T @ df3_in + Ug.T @ dg3_in + Uo.T @ do3_in"
    assert found.check(hidden, text).right
    assert found.check(hidden, text.replace("Ui.T", "Ui")).mistake is Mistake.TRANSPOSED
    weight = Task("Wi", 2)
    assert found.check(weight, "di2(In) @ x2.T").right
    assert "shape" in found.check(weight, "di2(In)").sentence
    with pytest.raises(FormulaError, match="shapes"):
        found.check(weight, "Wi @ h2 @ V")

"""Derivations: right formulas in any form pass, thousands of wrong ones do not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from core.activations import ACTIVATIONS, Array
from core.derivation import (
    LARGEST_INITIAL_STATE,
    MOST_TIMESTAMPS,
    Task,
    Verdict,
    check,
    factors,
    hints,
    solution,
    tasks,
    why_not,
)
from core.experiment import Experiment, Weights
from core.formula import FormulaError, names, parse, typeset, values_of
from core.presets import PRESETS
from core.trace import trace_epoch

PART_2 = PRESETS["part-2"].experiment

Choice = TypeVar("Choice")


def pick(random: Generator, choices: Sequence[Choice]) -> Choice:
    return choices[int(random.integers(len(choices)))]


def network(
    n: int, t: int, initial_state: float = 0.0, hidden: str = "logistic", last: str = "identity"
) -> Experiment:
    return Experiment(
        inputs=np.ones((n, t)),
        targets=np.ones(n),
        weights=Weights(1.0, 1.0),
        learning_rates=Weights(0.0, 0.0),
        initial_state=initial_state,
        hidden_activation=hidden,
        last_activation=last,
    )


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
    return f"{shape}-{experiment.initial_state}-{activations}"


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
    return [*found, Piece("input", k) if task.weight == "wx" else Piece("state", k - 1)]


def written(piece: Piece, experiment: Experiment) -> list[str]:
    """A piece in all the ways that people write it."""
    i, t = piece.index, experiment.timestamps
    if piece.kind == "slope":
        return _slopes(i, experiment.activation(i).key, experiment)
    out = [f"S{i}", f"S{i}_out"]
    activation = experiment.activation(i).symbol if i else ""
    if piece.kind == "state" and activation:
        out += [f"{activation}(S{i}_in)", f"{activation}(S{i - 1}*Wrec + Wx*X{i})"]
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
    for task in tasks(experiment):
        for _ in range(40):
            text = rewritten(task, experiment, random)
            verdict = check(task, experiment, text)
            assert verdict.right, text
            assert verdict.mistake is None
            assert verdict.sentence.startswith("Right")


# --- ten thousand wrong formulas --------------------------------------------------------------


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
    y, out = random.normal(0.0, 2.0, n), np.full(n, experiment.initial_state)
    for k in range(t + 1):
        if k:
            x = random.normal(0.4, 1.0, n)
            z, key = out * wrec + x * wx, experiment.activation(k).key
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
    *(x for x in NETWORKS if x.sequences < 100 and x.initial_state < 100),
    network(3, 4),
    network(2, 5, 0.5),
]
WRONG, ATTEMPTS = 10_000, 2_200


def wrong_formulas() -> Iterator[tuple[Task, Experiment, str]]:
    """Different formulas that plain NumPy finds wrong in at least one of five experiments."""
    random = np.random.default_rng(2)
    for experiment in SPOILT:
        asked, seen = tasks(experiment), set()
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


def test_ten_thousand_wrong_formulas_do_not_pass() -> None:
    passed, count = [], 0
    for task, experiment, text in wrong_formulas():
        count += 1
        if check(task, experiment, text).right:
            passed.append((str(task), described(experiment), text))
    assert count >= WRONG
    assert passed == []


@pytest.mark.parametrize("experiment", SPOILT, ids=described)
def test_the_plain_numbers_are_those_of_the_program(experiment: Experiment) -> None:
    numbers, timestamps = sample(experiment, 0), range(1, experiment.timestamps + 1)
    same = replace(
        experiment,
        inputs=np.stack([numbers[Piece("input", k)] for k in timestamps], axis=1),
        targets=numbers[Piece("state", 0)] - numbers[Piece("error", 0)],
        weights=Weights(float(numbers[Piece("wx")]), float(numbers[Piece("wrec")])),
    )
    trace = trace_epoch(same, same.weights)
    for task in tasks(same):
        expected = worth(pieces(task, same), experiment, 0)
        assert task.true_value(trace) == pytest.approx(expected, rel=1e-9, abs=1e-15)


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
    assert not check(Task("wx", 2), PART_2, text).right


def test_the_number_of_sequences_and_its_name_are_both_right() -> None:
    for front in ("2/3", "2/N", "0.6666666666666666"):
        assert check(Task("wx", 3), PART_2, f"{front}*(S3 - y)*X3").right
    assert not check(Task("wx", 3), PART_2, "0.6667*(S3 - y)*X3").right
    assert check(Task("wx", 3), network(2, 3), "(S3 - y)*X3").right  # 2/2


def test_a_state_0_of_0_passes_nothing_and_is_praised() -> None:
    for text in ("0", "S0", "2/3*(S3 - y)*Wrec*d_log(S2_in)*Wrec*d_log(S1_in)*S0", "0*S3"):
        verdict = check(Task("wrec", 1), PART_2, text)
        assert verdict.right
        assert "State 0 is 0" in verdict.sentence
    assert not check(Task("wrec", 1), PART_2, "2/3*(S3 - y)*Wrec**2*X1").right


def test_any_other_state_0_passes_something() -> None:
    for initial_state in (0.5, -3.0, 1e-6):
        experiment = replace(PART_2, initial_state=initial_state)
        whole = solution(Task("wrec", 1), experiment)[-1][0]
        assert not check(Task("wrec", 1), experiment, "0").right
        assert check(Task("wrec", 1), experiment, whole).right
        number = whole.replace("S0", f"({initial_state:.6f})")
        assert check(Task("wrec", 1), experiment, number).right
    for task in set(tasks(PART_2)) - {Task("wrec", 1)}:
        assert not check(task, PART_2, "0").right


def test_a_formula_without_a_value_is_told() -> None:
    for text in ("1/0", "X2/(y - y)", "(S3 - y)/S0", "(-y*y)**0.5"):
        assert "divides by 0" in check(Task("wx", 2), PART_2, text).sentence
    assert "A number alone" in check(Task("wx", 2), PART_2, "2/N").sentence


# --- hints, solution, limits -------------------------------------------------------------------


@pytest.mark.parametrize("experiment", NETWORKS, ids=described)
def test_the_solution_grows_by_factors_and_is_right_at_last(experiment: Experiment) -> None:
    for task in tasks(experiment):
        steps = solution(task, experiment)
        assert [sentence for _, sentence in steps] == [
            factor.reason for factor in factors(task, experiment)
        ]
        for (text, _), (longer, _) in pairwise(steps):
            assert longer.startswith(f"{text}*")
            assert not check(task, experiment, text).right or task.weight == "wrec"
            assert typeset(longer, experiment.timestamps)
        assert check(task, experiment, steps[-1][0]).right


def test_the_solution_in_full() -> None:
    assert solution(Task("wx", 2), PART_2)[-1][0] == "2/3*(S3 - y)*Wrec*d_log(S2_in)*X2"
    assert solution(Task("wrec", 3), PART_2)[-1][0] == "2/3*(S3 - y)*S2"


def test_hints_go_from_coarse_to_fine_without_the_answer() -> None:
    for task in tasks(PART_2):
        found = hints(task, PART_2)
        assert 3 <= len(found) <= 4
        assert not any("d_log" in hint or "2/" in hint for hint in found)
        assert f"State {task.timestamp}" in found[2]
    assert "2 hops" in hints(Task("wx", 1), PART_2)[2]
    assert "1 hop " in hints(Task("wx", 2), PART_2)[2]
    assert "no hops" in hints(Task("wx", 3), PART_2)[2]
    assert (
        hints(Task("wrec", 1), PART_2)[3]
        != hints(Task("wrec", 1), replace(PART_2, initial_state=1.0))[3]
    )


def test_all_derivatives_of_a_network_can_be_asked_for() -> None:
    assert [str(task) for task in tasks(network(3, 2))] == [
        "dE/dWx at timestamp 2",
        "dE/dWrec at timestamp 2",
        "dE/dWx at timestamp 1",
        "dE/dWrec at timestamp 1",
    ]


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("sequences", [1, 3])
def test_the_longest_way_back_can_be_written_and_a_slip_on_it_is_seen(
    sequences: int, hidden: str
) -> None:
    experiment = network(sequences, MOST_TIMESTAMPS, LARGEST_INITIAL_STATE, hidden, "tanh")
    assert why_not(experiment) == ""
    for task in (Task("wx", 1), Task("wrec", 1)):
        product = [factor.text for factor in factors(task, experiment)]
        assert check(task, experiment, "*".join(product)).right
        for place, text in enumerate(product):
            shorter = "*".join(product[:place] + product[place + 1 :])
            assert not check(task, experiment, shorter).right, text


def test_what_cannot_be_derived_says_why() -> None:
    assert "remove some" in why_not(network(1, MOST_TIMESTAMPS + 1))
    assert "State 0" in why_not(network(1, 3, 1e9))
    assert why_not(PART_2) == ""


PIECES = st.lists(
    st.sampled_from([*names(3), "2", "3", "0", ".5", *"+-*/()", "**", "log(", "d_log(", "sum("])
).map("".join)


@given(st.text() | PIECES, st.sampled_from(tasks(PART_2)))
def test_any_text_ends_in_a_verdict_or_in_a_sentence(text: str, task: Task) -> None:
    try:
        verdict = check(task, PART_2, text)
    except FormulaError:
        return
    assert isinstance(verdict, Verdict)
    assert verdict.right or not verdict.sentence.startswith("Right")
    assert verdict.formula == parse(text, 3)


def test_a_formula_has_the_programs_value_in_the_experiment_itself() -> None:
    trace = trace_epoch(PART_2, PART_2.weights)
    for task in tasks(PART_2):
        formula = parse(solution(task, PART_2)[-1][0], 3)
        assert float(formula.evaluate(values_of(trace))) == pytest.approx(
            task.true_value(trace), rel=1e-12
        )

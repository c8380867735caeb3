"""The known mistakes: each is reached, none is found in a right answer."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.derivation import Task, check, factors, tasks
from core.experiment import Experiment, Weights
from core.formula import parse, values_of
from core.mistakes import Factor, Mistake, Part, Slip, Swap, swaps
from core.trace import Trace, trace_epoch

OURS = Experiment(
    inputs=np.ones((3, 4)),
    targets=np.ones(3),
    weights=Weights(1.0, 1.0),
    learning_rates=Weights(0.0, 0.0),
    initial_state=0.6,
)


@lru_cache(maxsize=1)
def others(experiment: Experiment) -> list[Trace]:
    """Other numbers, drawn in another way than those that formulas are checked with."""
    traces = []
    for seed in range(100):  # with ReLU most of them are 0
        random = np.random.default_rng(seed)
        other = replace(
            experiment,
            inputs=random.normal(0.3, 1.0, experiment.inputs.shape),
            targets=random.normal(0.0, 2.0, experiment.sequences),
            weights=Weights(*random.normal(0.0, 1.0, 2)),
        )
        traces.append(trace_epoch(other, other.weights))
    return traces


def is_right(task: Task, experiment: Experiment, text: str) -> bool:
    """By its value in other random experiments, one by one."""
    formula = parse(text, experiment.timestamps)
    return all(
        np.isclose(
            float(formula.evaluate(values_of(trace))),
            task.true_value(trace),
            rtol=1e-7,
            atol=1e-12,
        )
        for trace in others(experiment)
    )


@pytest.mark.parametrize("last", ["identity", "tanh"])
@pytest.mark.parametrize("hidden", ["logistic", "tanh"])
def test_every_mistake_gets_its_diagnosis(hidden: str, last: str) -> None:
    experiment = replace(OURS, hidden_activation=hidden, last_activation=last)
    reached = set()
    for task in tasks(experiment):
        product = factors(task, experiment)
        for swap in swaps(product):
            text = swap.product(product)
            verdict = check(task, experiment, text)
            if is_right(task, experiment, text):  # State (In) of a last state without activation
                assert (verdict.right, verdict.mistake) == (True, None), text
            else:
                assert (verdict.right, verdict.mistake) == (False, swap.mistake), text
                reached.add(verdict.mistake)
    assert reached == set(Mistake) - {Mistake.WRONG_TIMESTAMP}


@pytest.mark.parametrize("sequences", [1, 2, 40])
@pytest.mark.parametrize("initial_state", [0.0, 1.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_mistake_that_makes_no_difference_is_none(
    activation: str, initial_state: float, sequences: int
) -> None:
    experiment = replace(
        OURS,
        inputs=np.ones((sequences, 3)),
        targets=np.ones(sequences),
        hidden_activation=activation,
        initial_state=initial_state,
    )
    for task in tasks(experiment):
        product = factors(task, experiment)
        for swap in swaps(product):
            text = swap.product(product)
            verdict = check(task, experiment, text)
            assert verdict.right == is_right(task, experiment, text), text
            assert (verdict.mistake is None) == verdict.right, text


@pytest.mark.parametrize("task", tasks(OURS), ids=str)
def test_the_answer_for_another_timestamp_is_told(task: Task) -> None:
    for k in {1, 2, 3, 4} - {task.timestamp}:
        other = "*".join(factor.text for factor in factors(Task(task.weight, k), OURS))
        assert check(task, OURS, other).mistake is Mistake.WRONG_TIMESTAMP


TOLD = {
    "2/3*(S3 - y)*Wrec*X2": Mistake.SLOPE_FORGOTTEN,
    "2/3*(S3 - y)*Wrec*log(S2_in)*X2": Mistake.SLOPE_FORGOTTEN,
    "2/3*(S3 - y)*Wrec*d_log(S3_in)*X2": Mistake.SLOPE_OF_WRONG_STATE,
    "2/3*(S3 - y)*d_log(S3_in)*Wrec*d_log(S2_in)*X2": Mistake.SLOPE_TOO_MANY,
    "2/3*(S3 - y)*d_log(S2_in)*X2": Mistake.WREC_FORGOTTEN,
    "2/3*(S3 - y)*Wrec**2*d_log(S2_in)*X2": Mistake.WREC_TOO_MANY,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)*X3": Mistake.WRONG_INPUT,
    "2/3*(S3 - y)*Wrec*d_log(S2_in)*S1": Mistake.WRONG_INPUT,
    "2/3*(S3 - y)*X3": Mistake.WRONG_TIMESTAMP,
    "2/3*(y - S3)*Wrec*d_log(S2_in)*X2": Mistake.SIGN,
    "2/3*(S3 + y)*Wrec*d_log(S2_in)*X2": Mistake.SIGN,
    "2*(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.MEAN,
    "(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.MEAN,
    "1/N*(S3 - y)*Wrec*d_log(S2_in)*X2": Mistake.MEAN,
    "2/3*(S3 - y)*Wrec*d_log(S2)*X2": Mistake.IN_FOR_OUT,
    "2/3*(S3 - y)*Wrec*(y - S1)*X2": None,
}


@pytest.mark.parametrize(("text", "mistake"), TOLD.items())
def test_what_people_write_at_timestamp_2(text: str, mistake: Mistake | None) -> None:
    experiment = replace(OURS, inputs=np.ones((3, 3)))
    verdict = check(Task("wx", 2), experiment, text)
    assert not verdict.right
    assert verdict.mistake is mistake


@pytest.mark.parametrize("mistake", Mistake)
def test_a_diagnosis_is_one_sentence_that_gives_no_answer(mistake: Mistake) -> None:
    sentence = mistake.sentence("wx", 2)
    assert sentence.endswith((".", "?"))
    assert "{" not in sentence
    assert "d_log" not in sentence
    assert "2/" not in sentence


def test_a_mistake_is_made_in_one_place_and_in_all() -> None:
    slope = [
        Factor(Part.SLOPE, f, "", (Slip(Mistake.SLOPE_FORGOTTEN, "1"), Slip(Mistake.SIGN, f"-{f}")))
        for f in "ab"
    ]
    found = list(swaps([*slope, Factor(Part.INPUT, "c", "", ())]))
    assert found == [
        Swap(Mistake.SLOPE_FORGOTTEN, (0,), ("1",)),
        Swap(Mistake.SIGN, (0,), ("-a",)),
        Swap(Mistake.SLOPE_FORGOTTEN, (1,), ("1",)),
        Swap(Mistake.SIGN, (1,), ("-b",)),
        Swap(Mistake.SLOPE_FORGOTTEN, (0, 1), ("1", "1")),
        Swap(Mistake.SIGN, (0, 1), ("-a", "-b")),
    ]
    assert found[1].product(slope) == "(-a)*(b)"

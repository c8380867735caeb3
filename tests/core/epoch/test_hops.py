"""What the hops back make of a gradient, as numbers and as one sentence."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from core.cell.known import KNOWN
from core.cell.steps import Kind, Position
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.epoch.frame import Frame, frame_at
from core.epoch.hops import hop_products, hop_sentence, hop_sentences, verdict
from core.training.run import Run
from tests.core.experiments import made as made_of
from tests.tutorial import pair, tutorial


def made(wrec: float, timestamps: int, *, hidden: str = "identity", wx: float = 1.0) -> Experiment:
    inputs = np.zeros((2, timestamps))
    inputs[0, 0] = 1.0
    return tutorial(
        hidden_activation=hidden,
        inputs=inputs,
        targets=np.ones(2),
        weights=pair(wx, wrec),
        learning_rates=1e-4,
    )


def whole(experiment: Experiment, sequence: int = 0) -> Frame:
    """All of the first epoch but the update."""
    return frame_at(Run(experiment), Position(0, experiment.steps.before_update), sequence)


def preset(key: str, step: int, sequence: int = 0) -> Frame:
    return frame_at(Run(PRESETS[key].experiment, key), Position(0, step), sequence)


@pytest.mark.parametrize("step", range(18))
@pytest.mark.parametrize("sequence", range(3))
def test_products_are_those_of_the_known_hop_factors(step: int, sequence: int) -> None:
    frame = preset("part-2", step, sequence)
    wanted, product = [], 1.0
    for k in reversed(frame.known(Kind.GRADIENT, "S(In)")):
        factor = frame.hop_factor(k)
        product *= 1.0 if factor is None else factor
        wanted.append(product)
    assert hop_products(frame) == pytest.approx(wanted[::-1])


@pytest.mark.parametrize("key", ["part-2", "vanishing", "exploding"])
def test_a_product_times_the_last_gradient_is_the_gradient(key: str) -> None:
    frame = whole(PRESETS[key].experiment)
    gradients = frame.trace.gradient_table("S(In)")[:, 0]
    np.testing.assert_allclose(hop_products(frame) * gradients[-1], gradients, rtol=1e-12)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("vanishing", "0.5¹⁹ = 1.9e−6: it vanishes."),
        ("exploding", "1.5¹⁹ = 2,217: it explodes."),
    ],
)
def test_presets_are_told_in_one_sentence(key: str, told: str) -> None:
    way = "From timestamp 20 back to 1 the gradient is multiplied by "
    assert hop_sentence(preset(key, 102)) == way + told


def test_only_known_hops_are_spoken_of() -> None:
    steps = PRESETS["exploding"].experiment.steps

    def after(timestamp: int) -> str:
        return hop_sentence(preset("exploding", steps.number(Kind.GRADIENT, "S(In)", timestamp)))

    assert hop_sentence(preset("exploding", 41)) == ""
    assert after(20) == ""
    assert after(19) == "From timestamp 20 back to 19 the gradient is multiplied by 1.5."
    assert after(15) == "From timestamp 20 back to 15 the gradient is multiplied by 1.5⁵ = 7.6."


def test_factors_that_differ_are_counted() -> None:
    told = "From timestamp 3 back to 1 the gradient is multiplied by 2 factors whose product is "
    assert hop_sentence(preset("part-2", 17)) == told + "0.074."


def test_shorter_sentences_keep_the_numbers_and_the_verdict() -> None:
    assert hop_sentences(preset("vanishing", 102))[1:] == (
        "The gradient is multiplied by 0.5¹⁹ = 1.9e−6: it vanishes.",
        "Multiplied by 1.9e−6 in all: it vanishes.",
    )
    assert hop_sentences(preset("vanishing", 0)) == ()


@pytest.mark.parametrize(
    ("wrec", "timestamps", "told"),
    [
        (-0.5, 20, "(−0.5)¹⁹ = −1.9e−6: it vanishes."),
        (-1.5, 20, "(−1.5)¹⁹ = −2,217: it explodes."),
        (-1.5, 21, "(−1.5)²⁰ = 3,325: it explodes."),
        (0.25, 4, "0.25³ = 0.016."),
        (10.0, 4, "10³ = 1,000."),
        (0.0, 20, "0¹⁹ = 0: it vanishes."),
        (1.0, 1000, "1⁹⁹⁹ = 1."),
        (20.0, 20, "20¹⁹ = 5.2e24: it explodes."),
        (0.3, 1000, "0.3⁹⁹⁹ = 4.4e−523: it vanishes."),
        (-3.0, 1000, "(−3)⁹⁹⁹ = −4.4e476: it explodes."),
    ],
)
@pytest.mark.filterwarnings("error")
def test_numbers_of_any_size_are_told(wrec: float, timestamps: int, told: str) -> None:
    assert hop_sentence(whole(made(wrec, timestamps))).endswith(f"multiplied by {told}")


def test_one_timestamp_has_no_hop() -> None:
    frame = whole(made(0.5, 1))
    assert hop_products(frame).tolist() == [1.0]
    assert hop_sentence(frame) == ""


def test_a_factor_of_0_is_told_and_leaves_0() -> None:
    frame = whole(made(0.5, 5, hidden="relu", wx=-1.0))
    assert hop_products(frame).tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert hop_sentence(frame).endswith("by 0⁴ = 0: it vanishes.")


def test_products_that_are_not_finite_do_not_warn() -> None:
    experiment = made(1e200, 5).changed(inputs=np.ones((2, 5)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = whole(experiment)
        assert hop_products(frame)[0] == np.inf
        assert hop_sentence(frame).endswith("1e200⁴ = 1.0e800: it explodes.")


def test_the_verdict_speaks_beyond_a_thousandth_and_a_thousand() -> None:
    assert [verdict(p) for p in (9e-4, 1e-3, -0.5, 1e3, -1001.0, 0.0, np.inf, np.nan)] == [
        *("vanishes", "", "", "", "explodes", "vanishes", "explodes", "")
    ]


def test_the_cell_state_of_an_lstm_hops_by_its_forget_gate() -> None:
    frame = whole(made_of(KNOWN["lstm"](), 2, 4), sequence=1)
    gates = frame.trace.table("f")[1:, 1, 0]
    assert hop_products(frame)[0] == pytest.approx(gates.prod(), rel=1e-12)
    told = "From timestamp 4 back to 1 the gradient of c[1] is multiplied by 3 factors"
    assert hop_sentence(frame).startswith(told)
    assert "c[2]" in hop_sentence(frame, component=1)


def test_a_cell_without_plain_hops_says_nothing() -> None:
    frame = whole(made_of(KNOWN["elman"](), 2, 4))
    assert not frame.hops
    assert hop_products(frame).size == 0
    assert hop_sentences(frame) == ()

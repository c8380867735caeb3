"""A text that is no description ends in one sentence that points to what is wrong."""

import time
import tracemalloc
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cell.expression import Apply, Leaf, Number
from core.cell.known import KNOWN
from core.cell.parsing import CellError, parse
from core.cell.reading import read_cell
from tests.core.cell.pointing import (
    PLAIN,
    SOFTMAX,
    VECTORS,
    changed,
    check_mistake,
    check_sentence,
    plain,
)

NO_FORMULA = "this cannot be read as a formula"
NO_EQUATION = "no equation has this"
NO_NUMBER = "is no number: write one such as 0.5"
NO_LETTER = "cannot stand in a formula"
UNSEEN = "a character that cannot be seen: delete it."

FORMULAS = {
    # Timestamps.
    "☞h[k-2]": "",
    "h[☞k-2]": "“[k - 2]” is no timestamp: write [k-1]",
    "h[☞k+1]": "is no timestamp",
    "h[☞1]": "is no timestamp",
    "h[k-1☞:k]": NO_LETTER,
    "☞h[k-1][k-1]": "this has no timestamps",
    "☞tanh(h)[k-1]": "this has no timestamps",
    "☞Wh[k-1]": "this has no timestamps",
    "h[☞]": NO_FORMULA,
    # Numbers.
    "☞1_0*x": f"“1_0” {NO_NUMBER}",
    "☞0x1*x": f"“0x1” {NO_NUMBER}",
    "☞1j*x": NO_NUMBER,
    "☞007*x": NO_NUMBER,
    "☞2x": NO_NUMBER,
    "x + ☞.": NO_NUMBER,
    "☞1or2": NO_NUMBER,
    "x*☞1000001": "the number is too large: 1,000,000 is the largest.",
    "x*☞1e999": "the number is too large",
    f"x*☞{'9' * 300}": "the number is too large",
    "x*☞0.12345678": "more than six digits: round it.",
    # Powers.
    "x**☞11": "from 1 to 10.",
    "x**☞0": "from 1 to 10.",
    "x**☞0.5": "the power is no whole number: write one, as in z**2.",
    "x**☞9**9": "the power is no whole number",
    "x**☞-1": "the power is no whole number",
    "x**☞x": "the power is no whole number",
    "x☞^2": "“^” cannot stand in a formula: write a power as z**2.",
    "x☞²": "write a power as z**2.",
    # Letters.
    "☞х*Wx": "“х” (cyrillic small letter ha) cannot stand in a formula: type it anew",
    "W☞ⅹ*x": "(small roman numeral ten)",
    "Wx☞∗x": "(asterisk operator)",
    "☞“x”": "(left double quotation mark)",
    "x ☞% 2": NO_LETTER,
    "☞'x'": NO_LETTER,
    "x☞; x": NO_LETTER,
    "x☞\x07": UNSEEN,
    "x☞\x00": UNSEEN,
    "x☞\ud800": UNSEEN,
    "x☞\u200b": UNSEEN,
    "x☞\u202e": UNSEEN,
    "x☞\u2028": UNSEEN,
    "x☞\r": UNSEEN,
    "x☞\x0c": UNSEEN,
    # Functions.
    "☞sin(x)": "there is no function sin(): write one of log, sigmoid,",
    "☞x(x)": "there is no function x()",
    "☞tanh*x": "tanh is a function: write tanh(…).",
    "☞tanh(x, x)": "tanh() takes one argument: write tanh(z).",
    "☞tanh()": "tanh() takes one argument",
    "☞softmax(softmax(x))": "softmax() stands in softmax(): name the inner one.",
    "1 + ☞mean((x - y)**2)": "mean() makes the cost and stands alone on the right",
    "x + ☞cross_entropy(x, y)": "cross_entropy() belongs to the cost",
    # What is Python, but no formula.
    "☞x.real": NO_EQUATION,
    "☞(x, x)": NO_EQUATION,
    "☞[x]": NO_EQUATION,
    "☞x if x else x": NO_EQUATION,
    "☞not x": NO_EQUATION,
    "☞x // 2": NO_EQUATION,
    "☞True*x": NO_EQUATION,
    "☞None": NO_EQUATION,
    "☞*x": NO_EQUATION,
    "x ☞< 2": NO_LETTER,
    "lambda☞: x": "a colon stands behind weights, inputs and vectors alone",
    "x*☞lambda": NO_FORMULA,
    "x ☞x": "",
    # Brackets and length.
    f"{'(' * 29}☞(x{')' * 30}": "the brackets are nested deeper than 30: name a part.",
    "x*(☞": NO_FORMULA,
}
# Python points at other places than we would; what counts is that it is in the formula.
ROUGHLY = ("☞h[k-2]", "x ☞x", "x*(☞", "h[☞]", "x*☞lambda")


@pytest.mark.parametrize("formula", [f for f in FORMULAS if f not in ROUGHLY])
def test_a_formula_that_cannot_be_read(formula: str) -> None:
    check_mistake(changed("Wx*x", formula), FORMULAS[formula])


@pytest.mark.parametrize("formula", ROUGHLY)
def test_what_python_cannot_parse_is_pointed_to_within_the_line(formula: str) -> None:
    with pytest.raises(CellError) as caught:
        read_cell(changed("Wx*x", formula.replace("☞", "")))
    check_sentence(caught.value)
    assert caught.value.line == 1
    assert 5 <= caught.value.column <= len(PLAIN.split("\n")[0]) + 10


LINES = {
    "☞h": "an equation has one equals sign: write it as h = tanh(W*x).",
    "☞h = = x": "an equation has one equals sign",
    "h =☞ ": "nothing stands behind the equals sign: write what h is.",
    "  ☞h[k] = x": "“h[k]” cannot stand on the left of an equation: write one name.",
    "☞h g = x": "cannot stand on the left",
    "☞h + g = x": "cannot stand on the left",
    "☞h(Up) = x": "cannot stand on the left",
    "☞2h = x": NO_NUMBER,
    "☞һ = x": "(cyrillic small letter shha)",
    "h = Wx*x ☞for k > T": "no timestamp is “k>T”, so the line never holds: write for k < T,",
    "h = Wx*x ☞for k < 1": "so the line never holds",
    "h = Wx*x ☞for T < k": "so the line never holds",
    "h = Wx*x ☞for k = 1": "“k=1” says no timestamps: write for k < T,",
    "h = Wx*x ☞for k ≤ T": "says no timestamps",
    "h = Wx*x ☞for": "behind for stands k < T or k = T: write one of them.",
    f"☞{'h' * 31} = x": "the name is longer than 30 characters: shorten it.",
    f"h = ☞{'h' * 31}": "the name is longer than 30 characters",
    "weight☞: Wx": "a colon stands behind weights, inputs and vectors alone",
    "h = Wx*x # ☞\x1b[31m": UNSEEN,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_no_equation(line: str) -> None:
    check_mistake(changed("h = tanh(Wx*x + Wh*h[k-1])", line), LINES[line])


COSTS = {
    "☞E = h - y": "the cost is missing: end with a line such as",
    "☞E = 2": "the cost is missing",
    f"E = ☞{'+'.join('h' * 70)}": "the formula goes on for more than 40 terms: name a part",
    f"E = ☞{'-' * 70}h": "the formula goes on for more than 40 terms",
    "E = mean(☞h - y)": "mean() makes the cost: write mean((h - y)**2)",
    "E = mean(☞(h - y)**4)": "mean() makes the cost",
    "E = mean(☞2*(h - y)**2)": "mean() makes the cost",
    "E = 2*☞mean((h - y)**2)": "stands alone on the right",
    "E = ☞mean()": "mean() belongs",
    "E = ☞cross_entropy(h, y)": "cross_entropy() belongs to the cost",
    "E = mean(cross_entropy(y, ☞h))": "takes the prediction, then the target: write y here.",
    "☞E = mean((h - x)**2)": "the cost compares with the target y: use it there.",
    "E = mean((☞h[k-1] - y)**2)": "the cost takes nothing from the timestamp before: write h",
    "E = mean((h - ☞y[k-1])**2)": "the cost takes nothing from the timestamp before",
    "☞E = mean((h - y)**2) for k < T": "a cost holds for k = T, or at every timestamp",
}


@pytest.mark.parametrize("line", COSTS)
def test_a_line_that_is_no_cost(line: str) -> None:
    check_mistake(changed("E = mean((h - y)**2) for k = T", line), COSTS[line])


def test_the_cost_is_last() -> None:
    check_mistake(plain("☞E = mean((h - y)**2); h = Wx*x"), "must be the last equation: move it")
    check_mistake("☞h = Wx*x\nweights: Wx\ninputs: x", "the cost is missing: end with a line")


DECLARATIONS = {
    (PLAIN, "weights: Wx Wh"): {
        "weights: Wx Wh ☞Wx": "Wx is declared twice: remove one of them.",
        "weights: Wx Wh weights: ☞Wx": "Wx is declared twice",
        "weights: Wx Wh ☞W-": "“W-” is no name: write plain letters and digits, such as W1.",
        "weights: ☞Wх Wh": "is no name",
        f"weights: Wx Wh ☞{'W' * 31}": "the name is longer than 30 characters",
        "weights: Wx☞\x00 Wh": UNSEEN,
    },
    (VECTORS, "W: H I,"): {
        "W: H ☞i,": "“i” is no size: write a capital letter other than N and T.",
        "W: ☞N I,": "is no size",
        "W: H ☞T,": "is no size",
        "W: H ☞3,": "is no size",
        "W: H I ☞H,": "a matrix has two sizes: write H I alone.",
        "☞W:,": "the size is missing: write it behind a colon, as in h: H.",
    },
    (VECTORS, "x: I,"): {
        "x: I ☞H,": "a vector has one size: write H alone.",
        "☞x,": "the size is missing",
    },
}


@pytest.mark.parametrize(
    ("text", "old", "new"), [(*key, new) for key, cases in DECLARATIONS.items() for new in cases]
)
def test_a_declaration_that_cannot_be_read(text: str, old: str, new: str) -> None:
    pointed = changed(old, new, text)
    says = DECLARATIONS[text, old][new]
    if "size is missing" in says:  # it points to where the declaration begins
        pointed = pointed.replace(" ☞", "☞ ")
    check_mistake(pointed, says)


LIMITS = {
    "☞" + "x" * 8001: "the text has 8,001 characters: shorten it to 8,000.",
    "\n" * 60 + "☞" + "\n" * 9 + PLAIN: "lines: shorten it to 60.",
    changed("\nE", " " * 374 + "☞ \nE"): "the line is longer than 400 characters: name a part",
    "☞": "there is no equation yet: write one such as h = tanh(W*x).",
    "☞ \n# nothing\n": "there is no equation yet",
    "☞weights: W\ninputs: x\n": "there is no equation yet",
}


@pytest.mark.parametrize("pointed", LIMITS)
def test_a_text_of_the_wrong_size(pointed: str) -> None:
    check_mistake(pointed, LIMITS[pointed])


# --- what can be read -----------------------------------------------------------------------------


def test_spellings_that_mean_one_thing() -> None:
    cell = read_cell(PLAIN)
    for text in (
        PLAIN.replace("*x", "·x").replace("h - y", "h − y"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(" ", "\t"),
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace("k = T", "k==T"),
        PLAIN.replace("h[k-1]", "(h)[ k - 1 ]"),
        PLAIN.replace("x +", "x[k] +"),
        "weights: Wx   inputs : x\n# A sentence: of the author.\n"
        + PLAIN.replace("weights: Wx Wh", "weights: Wh").replace("inputs: x", ""),
    ):
        other = read_cell(text)
        assert other.equations == cell.equations
        assert other.cost == cell.cost
        assert {*other.weights} == {*cell.weights}


def test_numbers_signs_and_brackets() -> None:
    equation = read_cell(plain("h = -(2.5*x) + +1e-3*Wx - Wh**2/(3 - x)")).equations[0]
    x, wx, wh = Leaf("x", 0), Leaf("Wx"), Leaf("Wh")
    minus = Apply("neg", (Number(2.5) * x,))
    power = Apply("**", (wh, Number(2.0)))
    assert equation.right == minus + Number(1e-3) * wx - power / (Number(3.0) - x)


def test_what_goes_into_a_function_is_named_unless_it_has_a_name() -> None:
    cell = read_cell(plain("S(Out) = tanh(Wx*x); g = tanh(S(Out)); h(In) = exp(g*Wh); h = h(In)"))
    assert [e.left for e in cell.equations] == ["S(In)", "S(Out)", "g", "h(In)", "h"]


def test_sentences_and_conditions_belong_to_their_lines() -> None:
    cell = read_cell(plain("h = tanh(Wx*x) for k < T # One. # Two.; h = Wh*x for k = T # Three."))
    assert [(e.left, e.when, e.says) for e in cell.equations] == [
        ("h(In)", "k < T", ""),
        ("h", "k < T", "One. # Two."),
        ("h", "k = T", "Three."),
    ]


def test_the_target_has_a_timestamp_where_there_is_one_at_each() -> None:
    assert Leaf("y", 0) in ast_leaves(PLAIN.replace(" for k = T", ""))
    assert Leaf("y") in ast_leaves(PLAIN)
    assert Leaf("y") in ast_leaves(PLAIN.replace("- y", "- y[k]"))


def ast_leaves(text: str) -> list[Leaf]:
    right = parse(text).sources[-1].equation.right
    assert isinstance(right, Apply)
    (difference,) = right.args
    assert isinstance(difference, Apply)
    return [leaf for leaf in difference.args if isinstance(leaf, Leaf)]


# --- hostile texts --------------------------------------------------------------------------------

_TEXTS = [PLAIN, VECTORS, SOFTMAX, *(make().text for make in KNOWN.values())]
_PIECES = [
    *"hxyEWkTN=+-*/@()[]{}.,:#\n\t '\"\\_0123456789eE",
    *("[k-1]", "[k-1][k-1]", "**", "**9**9", "((((", "))))", "tanh(", "softmax(", "mean(", "(In)"),
    *(" for k < T", " for k = T", "for", "lambda", "weights:", "vectors:", "inputs:", "1e309"),
    *("9" * 300, "\0", "\ud800", "\u202e", "х", "²", "∞", "\r", "\x1b[0m", "__import__('os')"),
    *("-" * 100, "h+" * 100, "h*" * 100, "~", "not ", ":=", "f'{x}'", "0x1", "1_0", "%s", "{k}"),
]


def hostile(random: Random) -> str:
    """Write a text that somebody may have broken on purpose, or random garbage."""
    if random.random() < 0.2:
        return "".join(random.choices(_PIECES, k=random.randint(0, 200)))
    text = random.choice(_TEXTS)
    for _ in range(random.randint(1, 6)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice((0, 0, 1, 1, 2, 10)))
        piece = random.choice(_PIECES)
        if random.random() < 0.3:
            place = random.randint(0, len(text))
            piece = text[place : place + random.randint(1, 30)]
        text = text[:start] + piece + text[end:]
    return text


def check_ends(text: str) -> bool:
    """Check that a text ends in a cell or in a sentence, and soon; tell which."""
    start, caught = time.process_time(), None
    try:
        cell = read_cell(text)
        assert cell.backward(at_last=False) or cell.backward(at_last=True)
    except CellError as error:
        caught = error
    assert time.process_time() - start < 1
    if caught is None:
        return True
    check_sentence(caught)
    lines = [*text.replace("\r\n", "\n").split("\n"), ""]
    assert 1 <= caught.line <= len(lines)
    assert 1 <= caught.column <= len(lines[caught.line - 1]) + 2
    return False


def test_2000_hostile_texts_end_in_a_cell_or_in_a_sentence() -> None:
    random = Random(1)  # noqa: S311 (to be repeated)
    read = [check_ends(hostile(random)) for _ in range(2000)]
    assert 20 < sum(read) < 1000, "both ends are met"


@settings(max_examples=200)
@given(st.text(max_size=300) | st.text(alphabet="hxyEWk=+-*/@()[]\n #:1", max_size=300))
def test_any_text_ends_in_a_cell_or_in_a_sentence(text: str) -> None:
    check_ends(text)


_WORST = {
    "open brackets": "h = " + "(" * 390,
    "8,000 brackets": "(" * 8000,
    "8,000 lines": "\n" * 8000,
    "20 lines of brackets": ("h = " + "(" * 390 + "\n") * 20,
    "a tower": "h = x" + "**9" * 120,
    "minus signs": "h = " + "-" * 390 + "x",
    "timestamps": "h = h" + "[k-1]" * 70,
    "huge integers": "\n".join("h = " + "9" * 390 for _ in range(20)),
    "functions in functions": plain(f"h = {'tanh(' * 29}Wx*x{')' * 29} + Wh"),
    "softmax in softmax": changed("W @ x", "softmax(" * 20 + "W @ x" + ")" * 20, SOFTMAX),
    "softmax beside softmax": changed(
        "softmax(W @ x", f"tanh({'*'.join(['softmax(W @ x)'] * 20)}", SOFTMAX
    ),
    "quotients": plain(f"h = Wh*x + {'Wx/(1 + x/(2 + ' * 9}x{'))' * 9}"),
    "products": plain(f"h = {'*'.join(['Wx', 'x'] * 19)} + Wh"),
    "many products": plain(
        "; ".join(
            f"{name} = {'*'.join([before] * 35)} + {'*'.join(['x'] * 35)}"
            for before, name in zip(["x", *"abcdefgijlmnopqr"], "abcdefgijlmnopqrh", strict=True)
        )
        + "*Wx*Wh"
    ),
    "powers": plain(f"h = Wh*x + {'(1 + ' * 18}Wx{')**10' * 18}"),
    "sixty lines": plain(
        "; ".join(f"h{'abcdefghij'[i // 10]}{'abcdefghij'[i % 10]} = Wx*x" for i in range(55))
    ),
    "long names": changed("Wx", "W" * 390),
    "only declarations": "weights: " + " ".join(f"W{i}" for i in range(90)),
    "surrogates": "\ud800" * 8000,
    "nulls": "\0" * 8000,
}


_READ = (
    *("functions in functions", "softmax beside softmax", "quotients"),
    *("products", "many products", "powers"),
)


@pytest.mark.parametrize("name", _WORST)
def test_the_worst_texts_end_soon(name: str) -> None:
    assert check_ends(_WORST[name]) == (name in _READ)


def test_the_worst_texts_need_little_memory() -> None:
    tracemalloc.start()
    try:
        for text in _WORST.values():
            with suppress(CellError):
                read_cell(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 30_000_000


def test_python_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ("h = __import__('os')", "h = open(x)", "h = (lambda: x)()", "h = x.__class__")
    monkeypatch.setattr("builtins.eval", None)
    monkeypatch.setattr("builtins.exec", None)
    assert read_cell(PLAIN).input == "x"
    for text in texts:
        with pytest.raises(CellError):
            read_cell(changed("h = tanh(Wx*x + Wh*h[k-1])", text))

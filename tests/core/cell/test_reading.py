"""Descriptions whose lines can be read one by one, and that are no cell all the same."""

import keyword

import pytest

from core.cell.known import KNOWN
from core.cell.reading import read_cell
from core.cell.shapes import TAKEN
from tests.core.cell.pointing import PLAIN, SOFTMAX, VECTORS, changed, check_mistake, plain

TWICE = "is computed twice: remove one, or write for k < T and for k = T."
TAKEN_ALREADY = "has a meaning already: give it another name."

NAMES = {
    # Unknown, misspelt, undeclared.
    changed("Wx*x", "☞Wz*x"): "the name Wz is not known: compute it in an equation, or declare",
    changed("*x", "*☞X"): "the name X is not known (is x meant?): compute it",
    changed("Wh*h", "☞W_h*h"): "the name W_h is not known (is Wh meant?)",
    changed("weights: Wx Wh", "weights: Wx").replace("Wh", "☞Wh"): "the name Wh is not known",
    changed("inputs: x", "inputs: X").replace("*x", "*☞x"): "the name x is not known (is X meant?)",
    changed("W @ x", "W @ ☞z", VECTORS): "the name z is not known",
    changed("Wx*x", "☞k*x"): "k has a meaning already: no formula takes it.",
    changed("*x", "*☞E"): "the name E is not known",
    changed("Wx*x", "Wx*☞y"): "the target y stands in the cost alone: use it there.",
    # Missing, or one too many.
    "☞" + changed("inputs: x\n", ""): "no input is declared: add a line such as inputs: x.",
    "☞h = x\nE = mean((h - y)**2)\ninputs: x": "no weight is declared: add a line such as",
    changed("inputs: x", "inputs: x ☞z"): "a cell has one input: make it a vector,",
    changed("x: I,", "x: I, ☞z: I,", VECTORS): "a cell has one input: make it a vector,",
    changed("x: I,", "x: I, ☞E: I,", VECTORS): "no cost depends on E",
    # One name for two things.
    plain("h = Wx*Wh", "Wx Wh", "inputs: ☞Wx"): "Wx would mean two things: give one of them",
    plain("h = Wx*Wh*h[k-1]", "Wx Wh", "inputs: ☞h"): "h would mean two things",
    plain("h = Wx*x", "Wx", "inputs: x weights: ☞h"): "h would mean two things",
    changed("weights: ", "weights: ☞y "): "y would mean two things",
    plain("☞y = Wx*x; E = mean((y - y)**2)"): "y is the target: give what is computed another",
    plain("☞E = Wx*x for k < T; h = Wx*x; E = mean((h - y)**2) for k = T"): "E is the cost: give",
    plain("h = Wx*x; ☞h = Wh*x"): f"h {TWICE}",
    plain("h = Wx*x; ☞h = Wh*x for k < T"): f"h {TWICE}",
    plain("h = Wx*x for k = T; ☞h = Wh*x for k = T"): f"h {TWICE}",
    plain("h(In) = Wx*x; ☞h = tanh(Wh*h(In))"): f"h(In) {TWICE}",
    # Names that programs make, and those on paper.
    plain(
        "S(In) = Wx*x; h = S(In)*S_in", "Wx ☞S_in"
    ): "S_in and S(In) are too alike: give one of them another name.",
    plain("h = Wx*x + dh", "Wx ☞dh"): "dh is how the gradient of h is called: take another name.",
    plain("h = Wx*x + h1", "Wx ☞h1"): "h1 is how h at a timestamp is called",
    plain("h = Wx*x + x1", "Wx ☞x1"): "x1 is how x at a timestamp is called",
    plain("h = Wx*x + y2", "Wx ☞y2"): "y2 is how y at a timestamp is called",
    plain("h = Wx*x + h_0", "Wx ☞h_0"): "h_0 is how programs call something else",
    plain("h = Wx*x + h_at", "Wx ☞h_at"): "h_at is how programs call something else",
    plain("h = Wx*x + d_h", "Wx ☞d_h"): "d_h is how programs call something else",
    plain("h = Wx*x + rate_h", "Wx ☞rate_h"): "rate_h is how programs call something else",
    plain("h = Wx*x + new_h", "Wx ☞new_h"): "new_h is how programs call something else",
    plain("h = Wx*x + m_Wx", "Wx ☞m_Wx"): "m_Wx is how programs call something else",
    plain("h = Wx*x + momentum", "Wx ☞momentum"): "momentum is how programs call something",
    VECTORS.replace("V", "H").replace("b: H, H", "b: H, ☞H"): f"H {TAKEN_ALREADY}",
    # Never used.
    changed("Wx Wh", "Wx Wh ☞Wu"): "no cost depends on Wu: use it, or remove it.",
    changed("Wx*x", "Wx").replace("inputs: x", "inputs: ☞x"): "no cost depends on x",
    "☞q = Wx*x\n" + PLAIN: "no cost depends on q: use it in an equation, or remove it.",
    plain("☞q = Wx*x + q[k-1]; h = Wh*x"): "no cost depends on q",
    VECTORS.replace("x: I,", "x: I, q: H,").replace("b)\n", "b)\n☞q = h + h\n"): "depends on q",
    # Idle at some timestamps.
    plain("h = Wx*x + Wh*h[k-1]; ☞p = Wx*h; E = mean((p - y)**2) for k = T"): (
        "nothing comes of p before timestamp T: write for k = T behind it."
    ),
    plain("☞h = Wx*x + Wh; E = mean((h - y)**2) for k = T"): "nothing comes of h before",
    plain("☞m = Wx*x; h = Wh*m[k-1]"): (
        "nothing comes of m at timestamp T: write for k < T behind it."
    ),
}

ORDER = {
    plain("g = ☞h*Wx; h = Wh*x + g"): "h is used before it is computed: move its equation up, or",
    plain("h = Wx*x + Wh*☞h"): "h is used before it is computed",
    plain("h = Wx*x for k < T; g = ☞h*Wh; E = mean((g - y)**2)"): (
        "h is not computed before this line at timestamp T: move its equation up"
    ),
    plain("h = Wx*x for k = T; g = ☞h*Wh; E = mean((g - y)**2)"): (
        "h is not computed before this line at the timestamps before T"
    ),
    plain("h = Wx*x + Wh*☞g[k-1]; g = h for k = T; E = mean((g - y)**2) for k = T"): (
        "g is there for k = T alone, and no timestamp follows: compute it before T, too."
    ),
    plain("h = Wx*☞x[k-1] + Wh"): "x[k-1] is not there at timestamp 1: take x.",
    plain("☞q = Wx*Wh; h = q*x"): "q is the same for all sequences: use the input or a quantity",
    plain("☞q = 2; h = q*x*Wx*Wh"): "q is the same for all sequences",
    plain("h = Wx*x; E = mean((☞Wh*h - y)**2)"): "the cost takes quantities and the target alone",
    plain("h = Wx*x; E = mean((☞x - y)**2)"): "the cost takes quantities and the target alone",
    plain("h = Wx*x; ☞E = mean((2*y - y)**2)"): "the cost compares no quantity: write one",
}

SHAPES = {
    changed("U: H H", "U: H I", VECTORS).replace("U @", "☞U @"): (
        "the sizes do not fit, U is a matrix (H × I) and h is a vector (H): make them agree."
    ),
    changed("b: H", "b", VECTORS).replace("W @", "☞W @"): (
        "the shapes do not fit, what is made of W is a vector (H) and b is a number: make them"
    ),
    changed("(p - y)", "(☞p - y)", VECTORS).replace("y: O", "y: H"): (
        "p is a vector (O) and y is a vector (H): make them agree."
    ),
    changed("W @ x", "☞W * x", VECTORS): (
        "W is a matrix (H × I) and x is a vector (I): write @ behind a matrix."
    ),
    changed("+ b", "+ ☞b @ x", VECTORS): (
        "@ is a matrix times a vector, b is a vector (H) and x is a vector (I): write *"
    ),
    changed("+ b", "+ ☞s*b", VECTORS).replace("b: H", "b: H, s"): (
        "the shapes do not fit, s is a number and b is a vector (H)"
    ),
    changed("+ b", "+ (☞s*2)*b", VECTORS).replace("b: H", "b: H, s"): "is a number and b is",
    changed("+ b", "+ b + exp(☞V)", VECTORS): "a matrix stands before @ alone: write it as W @ x.",
    "☞M = W\n" + VECTORS: "M is a matrix: a matrix stands before @ alone.",
    changed("V @ h", "V @ ☞b", VECTORS): "@ takes behind it a vector of each sequence: use the",
    changed("h: H,", "", VECTORS).replace("U @", "☞U @"): "U is a matrix (H × H) and h is a number",
    plain("h = Wx*☞x + Wh*softmax(x)"): "softmax() needs a vector, and this is a number: declare",
    plain("☞h = softmax(Wx*x + Wh)"): "softmax() needs a vector",
    plain("h = Wx*x*Wh; E = mean(cross_entropy(☞h, y))"): "cross_entropy() needs a vector",
    changed("softmax(W @ x", "softmax(b) * tanh(W @ x", SOFTMAX)
    .replace("W: H I", "W: H I, b: H")
    .replace("softmax(b", "softmax(☞b"): "softmax() takes a vector of each sequence",
}

OFTEN_TAKEN = ["N", "T", "k", "np", "rate", "epoch", "weights", "inputs", "sum", "range", "print"]


@pytest.mark.parametrize("pointed", [*NAMES, *ORDER, *SHAPES])
def test_what_is_no_cell_is_refused_where_it_is_wrong(pointed: str) -> None:
    check_mistake(pointed, (NAMES | ORDER | SHAPES)[pointed])


@pytest.mark.parametrize("name", OFTEN_TAKEN)
def test_names_that_have_a_meaning_already(name: str) -> None:
    assert name in TAKEN
    check_mistake(plain("h = Wx*x", f"Wx ☞{name}"), f"{name} {TAKEN_ALREADY}")
    check_mistake(plain("h = Wx*x", "Wx", f"inputs: ☞{name}").replace("*x", "*Wx"), TAKEN_ALREADY)
    if name != "weights":
        check_mistake(f"☞{name} = Wx*x\n{plain('h = Wx*x', 'Wx')}", TAKEN_ALREADY)


@pytest.mark.parametrize("name", ["tanh", "log", "mean", "softmax", "cross_entropy"])
def test_functions_are_no_names(name: str) -> None:
    check_mistake(plain("h = Wx*x", f"Wx ☞{name}"), TAKEN_ALREADY)
    check_mistake(plain(f"h = ☞{name}*x", f"Wx {name}"), f"{name} is a function: write {name}(…).")


@pytest.mark.parametrize("name", keyword.kwlist)
def test_keywords_are_no_names(name: str) -> None:
    check_mistake(plain("h = Wx*x", f"Wx ☞{name}"), TAKEN_ALREADY)


def test_a_way_back_that_differs_at_timestamp_t_minus_1() -> None:
    says = "what h gives on to timestamp T differs from what it gives on to those before"
    for at_last in ("Wx*x + Wx*h[k-1]", "Wx*x + 2*Wh*h[k-1]", "tanh(Wx*x + Wh*h[k-1])", "Wx*x"):
        lines = f"☞h = Wx*x + Wh*h[k-1] for k < T; h = {at_last} for k = T"
        check_mistake(plain(f"{lines}; E = mean((h - y)**2)"), says)
    recurs = "☞h = tanh(Wx*x + Wh*h[k-1])"
    head = "p = h + h[k-1] for k = T; E = mean((p - y)**2) for k = T"
    check_mistake(plain(f"{recurs}; {head}"), says)


def test_a_way_back_that_is_one_although_the_lines_differ() -> None:
    cell = read_cell(
        plain(
            "h = tanh(Wx*x + Wh*h[k-1]); p = exp(h) for k < T; p = h for k = T; "
            "E = mean((p - y)**2)"
        )
    )
    assert [e.when for e in cell.equations if e.left == "p"] == ["k < T", "k = T"]


def test_too_many_weights() -> None:
    names = [f"W{a}{b}" for a in "abcdefg" for b in "abcdefghi"]
    rows = [names[i : i + 9] for i in range(0, 63, 9)]
    parts = "; ".join(f"q{'abcdefg'[i]} = x*({' + '.join(row)})" for i, row in enumerate(rows))
    text = plain(f"{parts}; h = {' + '.join(f'q{a}' for a in 'abcdefg')}", " ".join(names))
    check_mistake(f"☞{text}", "there are 63 weights, and 60 are the most: put some together")


# --- what is a cell -------------------------------------------------------------------------------


def test_shapes_follow_from_the_equations() -> None:
    cell = read_cell(VECTORS)
    fixed = {"W": ("H", "I"), "U": ("H", "H"), "b": ("H",), "V": ("O", "H")}
    made = {"x": ("I",), "y": ("O",), "h": ("H",), "h(In)": ("H",), "p": ("O",)}
    assert cell.shapes == fixed | made
    assert cell.sizes == ("H", "I", "O")
    assert (cell.input, cell.states, cell.prediction) == ("x", ("h",), "p")
    assert not cell.is_plain


def test_an_input_is_a_number_or_a_vector() -> None:
    assert read_cell(PLAIN).shapes["x"] == ()
    assert read_cell(VECTORS + "inputs: x").shapes["x"] == ("I",)
    alone = changed("vectors: x: I,", "inputs: x: I\nvectors:", VECTORS)
    assert read_cell(alone).shapes == read_cell(VECTORS).shapes


def test_numbers_go_with_vectors() -> None:
    cell = read_cell(changed("+ b", "- -2*b + (1 + 2)/3", VECTORS))
    assert cell.shapes["h"] == ("H",)


def test_names_that_look_taken_and_are_not() -> None:
    for name in ("lambda1", "W_x", "In", "Out", "match", "dx", "d", "e", "H1", "T0", "kk", "yes"):
        assert read_cell(plain(f"h = {name}*x", name)).weights == (name,)


@pytest.mark.parametrize("key", KNOWN)
def test_a_known_cell_with_one_name_misspelt_is_refused_there(key: str) -> None:
    text = KNOWN[key]().text
    equations, declared, rest = text.partition("weights:")
    first, _, others = rest.strip().partition(" ")
    check_mistake(
        equations.replace(first.strip(":"), f"☞{first.strip(':')}", 1)
        + f"{declared} {first.replace(first.strip(':'), 'Qq')} {others}",
        f"the name {first.strip(':')} is not known",
    )

"""A run as one stand-alone script, NumPy only, and the lines of its epoch for each step.

The script is put together from lines, each made together with the step that it computes: what is
marked on screen is what runs. It trains from epoch 0 and prints the numbers of one epoch. Where
training is chaotic, though, two ways of summing part after some epochs, in the last digit first and
then in all: the script of such an epoch starts at that epoch, with the weights of the run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.activations import ACTIVATIONS, IDENTITY, LOGISTIC, RELU, TANH, Array
from core.experiment import Experiment, Weights, sequence_name
from core.steps import Kind
from core.training import Run
from core.update_rules import UPDATE_RULES

MOST_CELLS = 20_000
_WIDTH = 96  # of a line of data, in letters
# Start weights that differ by so much must lead to weights that differ by no more than that.
_NUDGE, _GROWN = 1e-14, 1e-12


class ScriptError(ValueError):
    """There is no script of this run. The text is one sentence that says why, and the way out."""


class Line(NamedTuple):
    """One line of code, the kind of step that it computes, and where.

    ``last`` is True for a line that belongs to timestamp T alone, False for one that belongs to
    all the others, None for one that belongs to any.
    """

    text: str
    kind: Kind | None = None
    last: bool | None = None

    def computes(self, kind: Kind, *, last: bool) -> bool:
        return self.kind is kind and self.last in (None, last)


@dataclass(frozen=True)
class Script:
    """Lines of code, counted from 0. ``epoch_lines`` are those that one epoch goes through.

    ``first_epoch`` is where it starts: 0, or the epoch whose numbers it prints.
    """

    lines: tuple[Line, ...]
    epoch_lines: range
    timestamps: int
    first_epoch: int = 0

    @property
    def text(self) -> str:
        return "".join(f"{line.text}\n" for line in self.lines)

    def lines_of(self, kind: Kind, timestamp: int = 0) -> range:
        """The lines that compute a step; a line in a loop belongs to many timestamps."""
        last = timestamp == self.timestamps
        marked = [i for i in self.epoch_lines if self.lines[i].computes(kind, last=last)]
        return range(marked[0], marked[-1] + 1)


def script(run: Run, epoch: int) -> Script:
    """The script that trains up to ``epoch`` and prints its numbers before its update.

    Each line that it prints is a name and a number: ``epoch``, ``cost``, ``Wx``, ``Wrec``,
    ``dE/dWx``, ``dE/dWrec``, and ``prediction_a`` and so on of each sequence. To find out whether
    training is chaotic, a run beside this one is trained as far. Raises `IndexError` where the run
    does not reach the epoch, and `ScriptError` where there are more than `MOST_CELLS` inputs.
    """
    if not 0 <= epoch <= run.last:
        raise IndexError(f"the run has no epoch {epoch}")
    experiment = run.experiment
    _check_size(experiment)
    first = epoch if is_chaotic(run, epoch) else 0
    before = _plain(
        *_head(first, epoch),
        *_functions(experiment),
        *_data(experiment),
        *_settings(experiment, run.weights(first)),
        f"first_epoch, last_epoch = {first}, {epoch}",
        *_ROOM,
        *_rule_start(experiment),
        "",
    )
    body = epoch_script(experiment).lines
    end = len(before) + len(body)
    after = _plain(*_report(experiment))
    lines = (*before, *body, *after)
    return Script(lines, range(len(before), end), experiment.timestamps, first)


def epoch_script(experiment: Experiment) -> Script:
    """The lines of an epoch alone, for an experiment of any size."""
    lines = (
        Line("for epoch in range(first_epoch, last_epoch + 1):"),
        *_indented(
            *_forward(experiment),
            Line(""),
            *_backward(experiment),
            Line(""),
            Line("if epoch == last_epoch:"),
            Line("    break  # its update makes the weights of the next epoch"),
            Line(""),
            *_update(experiment),
        ),
    )
    return Script(lines, range(len(lines)), experiment.timestamps)


def is_chaotic(run: Run, epoch: int) -> bool:
    """Whether rounding at epoch 0 grows so large that it decides on the weights of ``epoch``."""
    start = run.experiment.weights
    nudged = Weights(*(weight + _NUDGE * abs(weight) for weight in start))
    other = Run(replace(run.experiment, weights=nudged))
    if not other.reach(epoch):
        return True
    weights = run.weights(epoch)
    size = max(map(abs, weights))
    return any(
        abs(one - two) > _GROWN * size
        for one, two in zip(weights, other.weights(epoch), strict=True)
    )


def _check_size(experiment: Experiment) -> None:
    cells = experiment.inputs.size
    if cells > MOST_CELLS:
        fewer = MOST_CELLS // experiment.timestamps
        raise ScriptError(
            f"{cells:,} inputs are too many to be written into a script, which takes "
            f"{MOST_CELLS:,}: take {fewer:,} sequences or fewer."
        )


def _plain(*texts: str) -> tuple[Line, ...]:
    return tuple(map(Line, texts))


def _indented(*lines: Line) -> Iterator[Line]:
    for line in lines:
        yield line._replace(text=f"    {line.text}") if line.text else line


# Before the loop.


def _head(first: int, epoch: int) -> Iterator[str]:
    yield '"""A recurrent network with two weights, trained by back-propagation through time.'
    yield ""
    if first == 0:
        yield f"Trains from epoch 0 and prints the numbers of epoch {epoch}, before its update."
    else:
        yield f"Starts from the weights of epoch {epoch} and prints its numbers, before its update:"
        yield "training up to there is chaotic, so that rounding alone would lead elsewhere."
    yield "Written by RNN Stepper. The names follow Jae Duk Seo's tutorial 'Only Numpy: Vanilla"
    yield "Recurrent Neural Network with Activation, Deriving Back propagation Through Time"
    yield "Practice, part 2/2'."
    yield '"""'
    yield ""
    yield "import numpy as np"
    yield ""
    yield 'np.seterr(over="ignore", invalid="ignore")  # what is too large becomes infinite'


_FUNCTIONS = {
    LOGISTIC.key: (
        "def log(z):",
        '    """The logistic function: not a logarithm."""',
        "    decay = np.exp(-np.abs(z))  # at most 1, so that it never overflows",
        "    return np.where(z >= 0, 1, decay) / (1 + decay)",
        "",
        "",
        "def d_log(z):",
        '    """Its slope, log(z) * (1 - log(z)); 1 - log(z) is log(-z), with all its digits."""',
        "    return log(z) * log(-z)",
    ),
    TANH.key: (
        "def tanh(z):",
        "    return np.tanh(z)",
        "",
        "",
        "def d_tanh(z):",
        '    """Its slope, 1 - tanh(z)**2, which is 1 / cosh(z)**2 with all its digits."""',
        "    return (1 / np.cosh(z)) ** 2",
    ),
    RELU.key: (
        "def relu(z):",
        "    return np.maximum(z, 0)",
        "",
        "",
        "def d_relu(z):",
        '    """Its slope: 1 above 0, else 0."""',
        "    return np.where(z > 0, 1.0, 0.0)",
    ),
    IDENTITY.key: (),
}


def _functions(experiment: Experiment) -> Iterator[str]:
    """Those that the network applies, each with its slope."""
    kinds = {experiment.activation(k).key for k in {1, experiment.timestamps}}
    for key, lines in _FUNCTIONS.items():
        if key in kinds and lines:
            yield from ("", "", *lines)
    if kinds != {IDENTITY.key}:
        yield ""  # two below a function


def _data(experiment: Experiment) -> Iterator[str]:
    yield ""
    yield "# A row of x for each sequence, a column for each timestamp; y is the ground truth."
    yield "x = np.array("
    yield "    ["
    for n, row in enumerate(experiment.inputs):
        yield from f"{_row(row, '        ')},  # {sequence_name(n)}".splitlines()
    yield "    ]"
    yield ")"
    yield from _targets(experiment.targets)
    yield "N, T = x.shape"


def _targets(targets: Array) -> Iterator[str]:
    row = _row(targets, "    ").splitlines()
    if len(row) == 1:
        yield f"y = np.array({row[0].lstrip()})"
    else:
        yield from ("y = np.array(", *row, ")")


def _row(numbers: Array, indent: str) -> str:
    """The numbers with all digits, in brackets, on as many lines as they need."""
    return textwrap.fill(
        f"[{', '.join(map(repr, numbers.tolist()))}]",
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent} ",
        break_on_hyphens=False,  # nobody breaks 1e-05
        break_long_words=False,
    )


def _settings(experiment: Experiment, weights: Weights) -> Iterator[str]:
    def pair(names: str, numbers: Weights) -> str:
        return f"{names} = {numbers.wx!r}, {numbers.wrec!r}"

    yield ""
    yield f"state_0 = {experiment.initial_state!r}"
    yield pair("wx, wrec", weights)
    rule = experiment.rule
    if not rule.why_no_rates:
        yield pair("rate_wx, rate_wrec", experiment.learning_rates)
    for name in rule.settings:
        yield f"{name} = {getattr(experiment, name)!r}"
    if experiment.clip_norm is not None:
        yield f"clip_norm = {experiment.clip_norm!r}"


_ROOM = (
    "",
    "# Lists by timestamp: X[1] holds column 1 of x, one number for each sequence.",
    "X = [None, *x.T]",
    "state_in = [None] * (T + 1)",
    "state_out = [np.full(N, state_0)] + [None] * T",
    "d_state_in = [None] * (T + 1)",
    "d_state_out = [None] * (T + 1)",
    "d_wx_at = [0.0] * (T + 1)  # what each timestamp adds to dE/dWx",
    "d_wrec_at = [0.0] * (T + 1)",
)


# The loop.


def _forward(experiment: Experiment) -> Iterator[Line]:
    yield Line("# Forward, timestamp 1 to T: (E), then (F)")
    yield Line("for k in range(1, T + 1):")
    yield Line("    state_in[k] = state_out[k - 1] * wrec + X[k] * wx", Kind.STATE_IN)
    if _same_everywhere(experiment):
        yield Line(f"    {_state_out(experiment.last_activation)}", Kind.STATE_OUT)
    else:
        yield Line("    if k < T:")
        yield Line(f"        {_state_out(experiment.hidden_activation)}", Kind.STATE_OUT, False)
        yield Line(f"    else:{_remark(experiment)}")
        yield Line(f"        {_state_out(experiment.last_activation)}", Kind.STATE_OUT, True)
    yield Line("cost = np.sum((state_out[T] - y) ** 2) / N", Kind.COST)


def _same_everywhere(experiment: Experiment) -> bool:
    """One activation for all states: State T may also be the only one."""
    return experiment.activation(1) is experiment.activation(experiment.timestamps)


def _remark(experiment: Experiment) -> str:
    hidden, last = (experiment.activation(k).symbol for k in (1, experiment.timestamps))
    return f"  # State T has no {hidden}()" if hidden and not last else "  # State T"


def _state_out(activation: str) -> str:
    symbol = ACTIVATIONS[activation].symbol
    return f"state_out[k] = {symbol}(state_in[k])" if symbol else "state_out[k] = state_in[k]"


def _d_state_in(activation: str) -> str:
    slope = ACTIVATIONS[activation].slope_symbol
    factor = f" * {slope}(state_in[k])" if slope else ""
    return f"d_state_in[k] = d_state_out[k]{factor}"


def _backward(experiment: Experiment) -> Iterator[Line]:
    yield Line("# Backward, timestamp T to 1: d_ stands for dE/d")
    yield Line("for k in range(T, 0, -1):")
    yield Line("    if k == T:")
    yield Line("        d_state_out[k] = 2 / N * (state_out[k] - y)", Kind.D_STATE_OUT, True)
    yield Line(f"        {_d_state_in(experiment.last_activation)}", Kind.D_STATE_IN, True)
    if experiment.timestamps > 1:
        yield Line("    else:")
        yield Line("        d_state_out[k] = d_state_in[k + 1] * wrec", Kind.D_STATE_OUT, False)
        yield Line(f"        {_d_state_in(experiment.hidden_activation)}", Kind.D_STATE_IN, False)
    yield Line("    d_wx_at[k] = np.sum(d_state_in[k] * X[k])", Kind.D_WEIGHTS)
    yield Line("    d_wrec_at[k] = np.sum(d_state_in[k] * state_out[k - 1])", Kind.D_WEIGHTS)
    yield Line("d_wx = sum(d_wx_at)", Kind.SUMS)
    yield Line("d_wrec = sum(d_wrec_at)", Kind.SUMS)


class _RuleCode(NamedTuple):
    """What a rule does to one weight, whose name stands where the braces are."""

    start: tuple[str, ...]
    both: tuple[str, ...]  # once for both weights
    each: tuple[str, ...]


_RULES = {
    "gradient-descent": _RuleCode((), (), ("w{} = w{} - rate_w{} * d_w{}",)),
    "momentum": _RuleCode(
        ("v_w{} = 0.0",),
        (),
        ("v_w{} = momentum * v_w{} + d_w{}", "w{} = w{} - rate_w{} * v_w{}"),
    ),
    "rprop": _RuleCode(
        ("size_w{} = rprop_start", "sign_before_w{} = 0.0"),
        (),
        (
            "sign_w{} = np.sign(d_w{})",
            "same = sign_w{} == sign_before_w{}",
            "size_w{} = size_w{} * (rprop_up if same else rprop_down)",
            "w{} = w{} - sign_w{} * size_w{}",
            "sign_before_w{} = sign_w{}",
        ),
    ),
    "adam": _RuleCode(
        ("m_w{} = 0.0", "s_w{} = 0.0"),
        (
            "m_lead = 1 - adam_beta1 ** (epoch + 1)  # both means started at 0",
            "s_lead = 1 - adam_beta2 ** (epoch + 1)",
        ),
        (
            "m_w{} = adam_beta1 * m_w{} + (1 - adam_beta1) * d_w{}",
            "s_w{} = adam_beta2 * s_w{} + (1 - adam_beta2) * d_w{}**2",
            "root = np.sqrt(s_w{} / s_lead)",
            "w{} = w{} - rate_w{} * (m_w{} / m_lead) / (root + adam_epsilon)",
        ),
    ),
}
_CLIP = (
    "norm = np.hypot(d_wx, d_wrec)",
    "factor = clip_norm / norm if norm > clip_norm else 1.0",
    "d_wx, d_wrec = factor * d_wx, factor * d_wrec",
)
assert _RULES.keys() == UPDATE_RULES.keys()
assert _FUNCTIONS.keys() == ACTIVATIONS.keys()


def _rule_start(experiment: Experiment) -> Iterator[str]:
    """What the rule keeps of each weight, as it stands at epoch 0."""
    start = _RULES[experiment.update_rule].start
    if start:
        yield ""
        yield f"# What {experiment.rule.title} keeps of each weight"
    yield from _of_both(start)


def _update(experiment: Experiment) -> Iterator[Line]:
    code = _RULES[experiment.update_rule]
    yield Line(f"# Update: {experiment.rule.title}")
    clip = _CLIP if experiment.clip_norm is not None else ()
    for text in (*clip, *code.both, *_of_both(code.each)):
        yield Line(text, Kind.UPDATE)


def _of_both(lines: tuple[str, ...]) -> Iterator[str]:
    for name in ("x", "rec"):
        for line in lines:
            yield line.replace("{}", name)


# After the loop.


def _report(experiment: Experiment) -> Iterator[str]:
    names = "".join(map(sequence_name, range(min(experiment.sequences, _LETTERS))))
    numbered = f" + [str(n) for n in range({_LETTERS + 1}, N + 1)]"
    yield ""
    yield 'print("epoch", epoch)'
    yield 'print("cost", cost)'
    yield 'print("Wx", wx)'
    yield 'print("Wrec", wrec)'
    yield 'print("dE/dWx", d_wx)'
    yield 'print("dE/dWrec", d_wrec)'
    yield f'names = list("{names}"){numbered if experiment.sequences > _LETTERS else ""}'
    yield "for name, prediction in zip(names, state_out[T]):"
    yield '    print(f"prediction_{name} {prediction}")'


_LETTERS = 26  # sequences that are called by a letter

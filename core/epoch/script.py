"""A run as one stand-alone script, NumPy only, and the lines of its epoch for each step.

The script is put together from lines, each made together with what it computes: what is marked on
screen is what runs. It trains from epoch 0 and prints the numbers of one epoch. Where training is
chaotic, though, two ways of summing part after some epochs, in the last digit first and then in
all: the script of such an epoch starts at that epoch, with the weights of the run.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.cell.description import Cell
from core.cell.names import sequence_name, variable
from core.cell.parsing import TARGET
from core.cell.rule_code import shown_lines, start_lines
from core.cell.steps import Step
from core.code.functions import function_lines, functions_of
from core.code.listing import UPDATE, CodeLine, backward_lines, forward_lines, lines_of, room_lines
from core.data.experiment import Experiment
from core.data.values import Values
from core.training.run import Run

MOST_CELLS = 20_000
_WIDTH = 96  # of a line of data, in letters
_LETTERS = 26  # sequences that are called by a letter
# Start weights that differ by so much must lead to weights that differ by no more than that.
_NUDGE, _GROWN = 1e-14, 1e-12


class ScriptError(ValueError):
    """There is no script of this run. The text is one sentence that says why, and the way out."""


@dataclass(frozen=True)
class Script:
    """Lines of code, counted from 0. ``epoch_lines`` are those that one epoch goes through.

    ``first_epoch`` is where it starts: 0, or the epoch whose numbers it prints.
    """

    lines: tuple[CodeLine, ...]
    epoch_lines: range
    timestamps: int
    first_epoch: int = 0

    @property
    def text(self) -> str:
        """The whole script."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def lines_of(self, step: Step) -> list[int]:
        """List the lines that compute a step; a line in a loop belongs to many timestamps."""
        start, lines = self.epoch_lines.start, [self.lines[i] for i in self.epoch_lines]
        return [start + i for i in lines_of(lines, step, self.timestamps)]


def script(run: Run, epoch: int) -> Script:
    """Write the script that trains up to ``epoch`` and prints its numbers before its update.

    Each line that it prints is a name and a number: ``epoch``, ``cost``, each number among the
    weights and among their gradients, ``Wx``, ``Wi[1;2]``, ``dE/dWx``, and ``prediction_a`` and so
    on of each sequence. To find out whether training is chaotic, a run beside this one is trained
    as far. Raises `IndexError` where the run does not reach the epoch, and `ScriptError` where
    there are more than `MOST_CELLS` inputs, or a name that the script needs is taken.
    """
    if not 0 <= epoch <= run.last:
        raise IndexError(f"the run has no epoch {epoch}")
    experiment = run.experiment
    _check_size(experiment)
    _check_names(experiment)
    first = epoch if is_chaotic(run, epoch) else 0
    before = [
        *_head(experiment.cell, first, epoch),
        *function_lines(experiment.cell),
        *[""] * bool(functions_of(experiment.cell)),  # two below a function
        *_data(experiment),
        *_settings(experiment, run.weights(first)),
        f"first_epoch, last_epoch = {first}, {epoch}",
        *_room(experiment.cell),
        *_rule_start(experiment),
        "",
    ]
    body = epoch_script(experiment).lines
    lines = (*map(CodeLine, before), *body, *map(CodeLine, _report(experiment)))
    end = len(before) + len(body)
    return Script(lines, range(len(before), end), experiment.timestamps, first)


def epoch_script(experiment: Experiment) -> Script:
    """Write the lines of an epoch alone, for an experiment of any size."""
    cell, last = experiment.cell, experiment.timestamps
    weights = {variable(cell, w): bool(cell.shapes[w]) for w in cell.weights}
    clips = experiment.clip_norm is not None
    within = [
        *forward_lines(cell, last),
        CodeLine(""),
        *backward_lines(cell, last),
        CodeLine(""),
        CodeLine("if epoch == last_epoch:"),
        CodeLine("    break  # its update makes the weights of the next epoch"),
        CodeLine(""),
        CodeLine(f"# Update: {experiment.rule.title}"),
        *(CodeLine(line, UPDATE) for line in shown_lines(experiment.rule, weights, clips=clips)),
    ]
    indented = (x._replace(text=f"    {x.text}") if x.text else x for x in within)
    lines = (CodeLine("for epoch in range(first_epoch, last_epoch + 1):"), *indented)
    return Script(lines, range(len(lines)), last)


def is_chaotic(run: Run, epoch: int) -> bool:
    """Tell whether rounding at epoch 0 grows until it decides on the weights of ``epoch``."""
    if epoch == 0:
        return False
    start = run.experiment.weights
    nudged = {name: value + _NUDGE * np.abs(value) for name, value in start.items()}
    other = Run(run.experiment.changed(weights=nudged))
    if not other.reach(epoch):
        return True
    one, two = run.weights(epoch).flat, other.weights(epoch).flat
    return bool(np.any(np.abs(one - two) > _GROWN * np.max(np.abs(one))))


def _check_size(experiment: Experiment) -> None:
    cells = experiment.inputs.size
    if cells > MOST_CELLS:
        fewer = MOST_CELLS * experiment.sequences // cells
        raise ScriptError(
            f"{cells:,} inputs are too many to be written into a script, which takes "
            f"{MOST_CELLS:,}: take {fewer:,} sequences or fewer."
        )


def _check_names(experiment: Experiment) -> None:
    """Check that the cell calls nothing as the script calls something of its own."""
    cell, rule = experiment.cell, experiment.rule
    own = {"first_epoch", "last_epoch", "names", "name", "prediction", "show", "gradients"}
    own |= {"norm", "factor", "clip_norm", *rule.settings}
    own |= {s.left.name for s in rule.statements} - {"W", *rule.numbers}
    own |= {f"{n}_{variable(cell, w)}" for n in rule.numbers for w in cell.weights}
    for name in cell.shapes:
        if variable(cell, name) in own:
            raise ScriptError(
                f"The script calls something {variable(cell, name)} itself: give {name} another "
                "name in the cell's text."
            )


# --- before the loop --------------------------------------------------------------------------


def _head(cell: Cell, first: int, epoch: int) -> Iterator[str]:
    what = "A recurrent network with two weights"
    if cell.key != "tutorial":
        title = cell.title.encode("ascii", "replace").decode().replace("\\", "/")
        what = title.replace('"', "'")[:1].upper() + title.replace('"', "'")[1:]
    yield f'"""{what}, trained by back-propagation through time.'
    yield ""
    if first == 0:
        yield f"Trains from epoch 0 and prints the numbers of epoch {epoch}, before its update."
    else:
        yield f"Starts from the weights of epoch {epoch} and prints its numbers, before its update:"
        yield "training up to there is chaotic, so that rounding alone would lead elsewhere."
    if cell.activations is None:
        yield "Written by RNN Stepper."
    else:
        yield "Written by RNN Stepper. The names follow Jae Duk Seo's tutorial 'Only Numpy: Vanilla"
        yield "Recurrent Neural Network with Activation, Deriving Back propagation Through Time"
        yield "Practice, part 2/2'."
    yield '"""'
    yield ""
    yield "import numpy as np"
    yield ""
    yield 'np.seterr(all="ignore")  # what is too large becomes infinite'


def _data_name(cell: Cell) -> str:
    """Name the array of all inputs: x, as the tutorial does, unless the cell has an x."""
    taken = {variable(cell, name) for name in cell.shapes}
    return next(name for name in ("x", "inputs", "all_inputs", "given") if name not in taken)


def _data(experiment: Experiment) -> Iterator[str]:
    cell, x = experiment.cell, _data_name(experiment.cell)
    yield ""
    yield f"# A row of {x} for each sequence, a column for each timestamp; y is the ground truth."
    yield f"{x} = np.array("
    yield "    ["
    for n, row in enumerate(experiment.inputs):
        yield from f"{_row(row, '        ')},  # {sequence_name(n)}".splitlines()
    yield "    ]"
    yield ")"
    yield from _assigned(TARGET, experiment.targets)
    if cell.costs_everywhere:
        yield f"{TARGET} = [None, *np.moveaxis({TARGET}, 1, 0)]  # y[1] belongs to timestamp 1"
    yield f"N, T = {x}.shape" + "[:2]" * bool(cell.shapes[cell.input])


def _assigned(name: str, value: Any) -> Iterator[str]:
    """Write a number, or an array on as many lines as it needs."""
    if not np.ndim(value):
        yield f"{name} = {float(value)!r}"
        return
    row = _row(np.asarray(value), "    ").splitlines()
    if len(row) == 1:
        yield f"{name} = np.array({row[0].lstrip()})"
    else:
        yield from (f"{name} = np.array(", *row, ")")


def _row(numbers: Any, indent: str) -> str:
    """Write numbers with all digits, in brackets, on as many lines as they need."""
    return textwrap.fill(
        repr(numbers.tolist()),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent} ",
        break_on_hyphens=False,  # nobody breaks 1e-05
        break_long_words=False,
    )


def _settings(experiment: Experiment, weights: Values) -> Iterator[str]:
    cell, rule = experiment.cell, experiment.rule
    yield ""
    for state, value in experiment.initial_state.items():
        yield from _assigned(f"{variable(cell, state)}_0", value)
    for name, value in weights.items():
        yield from _assigned(variable(cell, name), value)
    if not rule.why_no_rates:
        for name, rate in experiment.learning_rates.items():
            yield f"rate_{variable(cell, name)} = {rate!r}"
    for name in rule.settings:
        yield f"{name} = {experiment.settings[name]!r}"
    if experiment.clip_norm is not None:
        yield f"clip_norm = {experiment.clip_norm!r}"


def _room(cell: Cell) -> Iterator[str]:
    x, name = _data_name(cell), variable(cell, cell.input)
    row = "a row" if cell.shapes[cell.input] else "one number"
    yield ""
    yield f"# Lists by timestamp: {name}[1] holds column 1 of {x}, {row} for each sequence."
    yield f"{name} = [None, *np.moveaxis({x}, 1, 0)]"
    yield from room_lines(cell)


def _rule_start(experiment: Experiment) -> Iterator[str]:
    """Write what the rule keeps of each weight, as it stands at epoch 0."""
    cell = experiment.cell
    lines = start_lines(experiment.rule, [variable(cell, weight) for weight in cell.weights])
    if lines:
        yield from ("", f"# What {experiment.rule.title} keeps of each weight", *lines)


# --- after the loop ---------------------------------------------------------------------------

_SHOW = (
    "def show(name, value):",
    '    """Print each number of an array, with all its digits."""',
    "    for place in np.ndindex(np.shape(value)):",
    '        part = ";".join(str(i + 1) for i in place)',
    '        print(f"{name}[{part}] {value[place]}")',
    "",
    "",
)


def _report(experiment: Experiment) -> Iterator[str]:
    cell, count = experiment.cell, experiment.sequences
    yield from ("", "", *_SHOW) if not cell.is_plain else ("",)
    yield 'print("epoch", epoch)'
    yield f'print("cost", {variable(cell, cell.cost.left)})'
    names = {weight: variable(cell, weight) for weight in cell.weights}
    shown = {weight: "show" if cell.shapes[weight] else "print" for weight in names}
    yield from (f'{shown[weight]}("{weight}", {name})' for weight, name in names.items())
    for weight, name in names.items():
        # The gradient by a weight that no timestamp uses, T being 1, is a plain 0.
        unused = experiment.timestamps == 1 and not cell.ways(weight, at_last=True)
        gradient = f"np.zeros_like({name})" if unused else f"d_{name}"
        yield f'{shown[weight]}("dE/d{weight}", {gradient})'
    letters = "".join(map(sequence_name, range(min(count, _LETTERS))))
    numbered = f" + [str(n) for n in range({_LETTERS + 1}, N + 1)]" * (count > _LETTERS)
    yield f'names = list("{letters}"){numbered}'
    yield f"for name, prediction in zip(names, {variable(cell, cell.prediction)}[T]):"
    if cell.shapes[cell.prediction]:
        yield '    show(f"prediction_{name}", prediction)'
    else:
        yield '    print(f"prediction_{name} {prediction}")'

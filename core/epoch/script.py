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
    _check(experiment)
    first = epoch if is_chaotic(run, epoch) else 0
    before = [
        *_head(experiment.cell, first, epoch).splitlines(),
        *function_lines(experiment.cell),
        *[""] * bool(functions_of(experiment.cell)),  # two below a function
        *_data(experiment).splitlines(),
        *_numbers(experiment, run.weights(first)).splitlines(),
        f"first_epoch, last_epoch = {first}, {epoch}",
        *_room(experiment),
        "",
    ]
    body = epoch_script(experiment).lines
    after = _report(experiment).splitlines()
    end = len(before) + len(body)
    lines = (*map(CodeLine, before), *body, *map(CodeLine, after))
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


def _check(experiment: Experiment) -> None:
    """Check the size, and that the cell calls nothing as the script calls something of its own.

    The names of an update rule no cell takes.
    """
    cell, cells = experiment.cell, experiment.inputs.size
    if cells > MOST_CELLS:
        fewer = MOST_CELLS * experiment.sequences // cells
        raise ScriptError(
            f"{cells:,} inputs are too many to be written into a script, which takes "
            f"{MOST_CELLS:,}: take {fewer:,} sequences or fewer."
        )
    for name in cell.shapes:
        if variable(cell, name) in _OWN_NAMES:
            raise ScriptError(
                f"The script calls something {variable(cell, name)} itself: give {name} another "
                "name in the cell's text."
            )


_OWN_NAMES = ("first_epoch", "last_epoch", "names", "name", "prediction", "show")


# --- before the loop --------------------------------------------------------------------------

_FROM_0 = "Trains from epoch 0 and prints the numbers of epoch {}, before its update."
_CHAOTIC = """\
Starts from the weights of epoch {} and prints its numbers, before its update:
training up to there is chaotic, so that rounding alone would lead elsewhere."""
_TUTORIAL = """ The names follow Jae Duk Seo's tutorial 'Only Numpy: Vanilla
Recurrent Neural Network with Activation, Deriving Back propagation Through Time
Practice, part 2/2'."""


def _head(cell: Cell, first: int, epoch: int) -> str:
    title = cell.title.encode("ascii", "replace").decode().translate({92: "/", 34: "'"})
    what = title[:1].upper() + title[1:]
    what = "A recurrent network with two weights" if cell.key == "tutorial" else what
    return f'''\
"""{what}, trained by back-propagation through time.

{(_CHAOTIC if first else _FROM_0).format(epoch)}
Written by RNN Stepper.{_TUTORIAL * bool(cell.activations)}
"""

import numpy as np

np.seterr(all="ignore")  # what is too large becomes infinite'''


def _data_name(cell: Cell) -> str:
    """Name the array of all inputs: x, as the tutorial does, unless the cell has an x."""
    taken = {variable(cell, name) for name in cell.shapes}
    return next(name for name in ("x", "inputs", "all_inputs", "given") if name not in taken)


def _data(experiment: Experiment) -> str:
    cell, x = experiment.cell, _data_name(experiment.cell)
    rows = (
        f"{_row(row, '        ')},  # {sequence_name(n)}\n"
        for n, row in enumerate(experiment.inputs)
    )
    by_timestamp = (
        f"{TARGET} = [None, *np.moveaxis({TARGET}, 1, 0)]  # y[1] belongs to timestamp 1\n"
    )
    return f"""
# A row of {x} for each sequence, a column for each timestamp; y is the ground truth.
{x} = np.array(
    [
{"".join(rows)}    ]
)
{_assigned(TARGET, experiment.targets)}
{by_timestamp * cell.costs_everywhere}N, T = {x}.shape{"[:2]" * bool(cell.shapes[cell.input])}
"""


def _assigned(name: str, value: Any) -> str:
    """Write a number, or an array on as many lines as it needs."""
    if not np.ndim(value):
        return f"{name} = {float(value)!r}"
    row = _row(np.asarray(value), "    ")
    return f"{name} = np.array(\n{row}\n)" if "\n" in row else f"{name} = np.array({row.lstrip()})"


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


def _numbers(e: Experiment, weights: Values) -> str:
    """Write all that training starts from and goes by."""
    cell = e.cell
    rates = {} if e.rule.why_no_rates else e.learning_rates
    named = {
        **{f"{variable(cell, state)}_0": value for state, value in e.initial_state.items()},
        **{variable(cell, weight): value for weight, value in weights.items()},
        **{f"rate_{variable(cell, weight)}": rate for weight, rate in rates.items()},
        **{name: e.settings[name] for name in e.rule.settings},
        **({} if e.clip_norm is None else {"clip_norm": e.clip_norm}),
    }
    return "\n".join(["", *(_assigned(name, value) for name, value in named.items())])


def _room(experiment: Experiment) -> Iterator[str]:
    """Write the lists that an epoch fills, and what the rule keeps as it stands at epoch 0."""
    cell, x, rule = experiment.cell, _data_name(experiment.cell), experiment.rule
    name, row = variable(cell, cell.input), "a row" if cell.shapes[cell.input] else "one number"
    yield ""
    yield f"# Lists by timestamp: {name}[1] holds column 1 of {x}, {row} for each sequence."
    yield f"{name} = [None, *np.moveaxis({x}, 1, 0)]"
    yield from room_lines(cell)
    if kept := start_lines(rule, [variable(cell, weight) for weight in cell.weights]):
        yield from ("", f"# What {rule.title} keeps of each weight", *kept)


# --- after the loop ---------------------------------------------------------------------------

_SHOW = '''

def show(name, value):
    """Print each number of an array, with all its digits."""
    for place in np.ndindex(np.shape(value)):
        part = ";".join(str(i + 1) for i in place)
        print(f"{name}[{part}] {value[place]}")

'''


def _report(experiment: Experiment) -> str:
    cell, count = experiment.cell, experiment.sequences
    # The gradient by a weight that no timestamp uses, T being 1, is a plain 0.
    unused = [w for w in cell.weights if experiment.timestamps == 1 and not cell.ways(w, True)]
    values = {weight: variable(cell, weight) for weight in cell.weights}
    values |= {
        f"dE/d{weight}": f"np.zeros_like({name})" if weight in unused else f"d_{name}"
        for weight, name in values.items()
    }
    shown = "\n".join(
        f'{"show" if cell.shapes[label.removeprefix("dE/d")] else "print"}("{label}", {value})'
        for label, value in values.items()
    )
    letters = "".join(map(sequence_name, range(min(count, _LETTERS))))
    numbered = f" + [str(n) for n in range({_LETTERS + 1}, N + 1)]" * (count > _LETTERS)
    predicted = 'print(f"prediction_{name} {prediction}")'
    if cell.shapes[cell.prediction]:
        predicted = 'show(f"prediction_{name}", prediction)'
    return f"""{_SHOW * (not cell.is_plain)}
print("epoch", epoch)
print("cost", {variable(cell, cell.cost.left)})
{shown}
names = list("{letters}"){numbered}
for name, prediction in zip(names, {variable(cell, cell.prediction)}[T]):
    {predicted}"""

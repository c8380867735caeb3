"""Training at three sequences by three timestamps, free running."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks import ours
from benchmarks.agreement import agreed
from benchmarks.measuring import Sample, Task, seconds_of, side_by_side
from benchmarks.table import NOT_INSTALLED, Row, Wanted, faster
from benchmarks.yardsticks import c_loop, clear_numpy, jax_compiled, learner, pytorch
from benchmarks.yardsticks.history import Trainer
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.engine.compiled import Compiler

_ROUNDS = 15
_COMPARED_EPOCHS = 1_000
_OURS = "ours"
_FAST = "training 3 × 3, extra `fast`"
_COMPILING = "compiling it aside, extra `fast`"
_SOON = Wanted(1.0, "s", at_least=False)


class Contender(NamedTuple):
    """What trains, how many epochs a round, and how many times faster ours is wanted to be."""

    trainer: Trainer
    epochs: int
    wanted: float | None = None
    why_not: str = ""


_LATENCY = (
    "Each epoch waits for the weights of the one before, and in it one log() for the other. This "
    "chain bounds all sides alike, JAX's compiled loop and the one in C, too."
)
# So many epochs that each takes some hundredths of a second a round.
_LEARNER = Contender(learner.trainer, 1_000, 20)
PLAIN = {
    "the tutorial's loop": _LEARNER,
    "clear NumPy": Contender(clear_numpy.trainer, 1_000),
    "PyTorch, eager": Contender(pytorch.trainer, 300),
    "JAX, jitted step": Contender(jax_compiled.step_trainer, 1_000),
}
COMPILED = {
    "the tutorial's loop": _LEARNER._replace(wanted=400),
    "JAX, one scan": Contender(jax_compiled.scan_trainer, 1_000_000, 1.3, _LATENCY),
    "C loop": Contender(c_loop.trainer, 1_000_000),
}


def rows() -> list[Row]:
    experiment = PRESETS["part-2"].experiment
    plain = compared("training 3 × 3", experiment, 30_000, PLAIN)
    try:
        compiler = ours.compiler_for(experiment)
    except ImportError:
        absent = (_absent(_FAST, name, yard) for name, yard in COMPILED.items())
        return [*plain, *absent, Row(what=_COMPILING, wanted=_SOON, absent=NOT_INSTALLED)]
    fast = compared(_FAST, experiment, 1_000_000, COMPILED, compiler)
    return [*plain, *fast, _compiling(experiment)]


def compared(
    what: str,
    experiment: Experiment,
    epochs: int,
    yardsticks: Mapping[str, Contender],
    compiler: Compiler | None = None,
) -> list[Row]:
    """Ours and all yardsticks that are there in the same rounds, in seconds per epoch."""
    numbers = ours.trainer(experiment, _COMPARED_EPOCHS, compiler)()
    tasks: dict[str, Task] = {_OURS: ours.trainer(experiment, epochs, compiler)}
    gaps: dict[str, float] = {}
    for name, yard in yardsticks.items():
        try:
            theirs = yard.trainer(experiment, _COMPARED_EPOCHS)()
            gaps[name] = agreed(name, numbers, theirs)
            tasks[name] = yard.trainer(experiment, yard.epochs)
        except (ImportError, c_loop.NoCompiler):
            continue
    seconds = side_by_side(tasks, _ROUNDS)
    mine = seconds.pop(_OURS).per(epochs)
    return [
        faster(what, mine, name, seconds[name].per(yard.epochs), gaps[name], *yard[2:])
        if name in seconds
        else _absent(what, name, yard)
        for name, yard in yardsticks.items()
    ]


def _compiling(experiment: Experiment) -> Row:
    """How long a program waits for its compiled form; Numba is imported by now."""
    seconds = Sample(tuple(seconds_of(lambda: ours.compiler_for(experiment)) for _ in range(7)))
    return Row(what=_COMPILING, ours=seconds, result=seconds, wanted=_SOON)


def _absent(what: str, name: str, yard: Contender) -> Row:
    wanted = None if yard.wanted is None else Wanted(yard.wanted)
    return Row(what=what, yardstick=name, wanted=wanted, absent=NOT_INSTALLED)

"""A plain loop in C, compiled by the system's compiler for the very processor it runs on."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.yardsticks.history import History, start_of
from core.data.experiment import Experiment
from core.data.values import Array

_SOURCE = Path(__file__).with_name("loop.c")
_OPTIONS = ("-O3", "-march=native", "-shared", "-fPIC")


class NoCompiler(Exception):
    """There is no C compiler here."""


def trainer(experiment: Experiment, epochs: int) -> Callable[[], History]:
    """Raises `NoCompiler` where there is none."""
    function = _library().train
    inputs = np.ascontiguousarray(experiment.inputs)  # row after row, as C reads them
    states = np.empty(experiment.timestamps)
    state_0, *weights, rate_wx, rate_wrec = start_of(experiment)

    def train() -> History:
        costs, wx, wrec = (np.empty(epochs) for _ in range(3))
        wx[0], wrec[0] = weights
        function(
            _pointer(inputs),
            _pointer(experiment.targets),
            ctypes.c_long(experiment.sequences),
            ctypes.c_long(experiment.timestamps),
            *map(ctypes.c_double, (state_0, rate_wx, rate_wrec)),
            ctypes.c_long(epochs),
            *map(_pointer, (states, costs, wx, wrec)),
        )
        return History(costs, wx, wrec)

    return train


def _pointer(array: Array) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


@cache
def _library() -> ctypes.CDLL:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompiler
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "loop.so")
        command = [compiler, *_OPTIONS, "-o", str(library), str(_SOURCE), "-lm"]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library))

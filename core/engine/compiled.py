"""Programs over floats, compiled by Numba where it is installed (the extra ``fast``).

Compiling takes half a second for a small network. It happens in a thread beside everything else;
until it is done, and where Numba is missing or fails, the program runs as it stands, with the
same numbers.
"""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.engine.floats import NAMES
from core.engine.program import Program
from core.engine.writing import executed

# So many instructions take some seconds uncompiled: less is not worth it.
_WORTH_IT = 50_000_000
# While the thread compiles, others get their turn after this many seconds at most.
_TURN = 0.0002


class Compiler:
    """Compiled programs by their source; runs that share a compiler share them."""

    def __init__(self) -> None:
        self.installed = find_spec("numba") is not None
        self.problem = ""  # why compiling failed, if it did
        self._compiled: dict[str, Any] = {}

    def ready(self, program: Program) -> Any:
        """Return the compiled ``train`` of a program, or None if there is none by now."""
        return self._compiled.get(program.source)

    def prepare(self, program: Program, epochs: int) -> threading.Thread | None:
        """Compile aside what so many epochs lie before; return the thread that does it, if any."""
        work = epochs * program.instructions
        if not self.installed or work < _WORTH_IT or program.source in self._compiled:
            return None
        self._compiled[program.source] = None
        thread = threading.Thread(target=self._compile, args=(program,), name="compiling")
        thread.start()
        return thread

    def _compile(self, program: Program) -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        try:
            self._compiled[program.source] = _compiled(program)
        except Exception as error:  # whatever Numba raises: the program runs without it
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            sys.setswitchinterval(before)


def _compiled(program: Program) -> Any:
    import numba

    # No division here is by 0, and not asking saves a tenth of the time.
    train = numba.njit(nogil=True, error_model="numpy")(executed(program.source, "_train", NAMES))
    # Numba compiles at the first call, for the types of what it is called with.
    point = (1.0,) * program.point_size
    table = np.zeros((program.columns, 1))
    data, room = (tuple(np.array(x) for x in part) for part in program.arrays)
    train(tuple(table), point, 0, program.numbers, data, room)
    return train

"""The plain loop, compiled by Numba where it is installed (the extra ``fast``).

Compiling takes about a second for each combination of activations and update rule. It happens
in a thread beside everything else; until it is done, and where Numba is missing or fails, the
loop runs as it stands, with the same numbers.
"""

from __future__ import annotations

import sys
import threading
from importlib.util import find_spec
from typing import Any

from core.plain_loop import Functions

# So much work, in cells times epochs, takes some seconds uncompiled: less is not worth it.
_WORTH_IT = 10_000_000
# While the thread compiles, others get their turn after this many seconds at most.
_TURN = 0.0002


class Compiler:
    """Compiled functions by what they were compiled from."""

    def __init__(self) -> None:
        self.installed = find_spec("numba") is not None
        self.problem = ""  # why compiling failed, if it did
        self._compiled: dict[Functions, Functions | None] = {}

    def ready(self, functions: Functions) -> Functions | None:
        """The compiled form, if there is one by now."""
        return self._compiled.get(functions)

    def prepare(self, functions: Functions, work: int) -> threading.Thread | None:
        """Compile aside what so much work lies before; the thread that does it, if it has to."""
        if not self.installed or work < _WORTH_IT or functions in self._compiled:
            return None
        self._compiled[functions] = None
        thread = threading.Thread(target=self._compile, args=(functions,), name="compiling")
        thread.start()
        return thread

    def _compile(self, functions: Functions) -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(_TURN)
        try:
            self._compiled[functions] = _compiled(functions)
        except Exception as error:  # whatever Numba raises: the loop runs without it
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            sys.setswitchinterval(before)


COMPILED = Compiler()


def _compiled(functions: Functions) -> Functions:
    import numba

    # No division here is by 0, and not asking saves a tenth of the time.
    make = numba.njit(nogil=True, error_model="numpy")
    compiled = Functions(*map(make, functions))
    _try_out(compiled)
    return compiled


def _try_out(functions: Functions) -> None:
    """Numba compiles at the first call, for the types of what it is called with."""
    import numpy as np

    from core.plain_loop import Data, Point, Updating
    from core.update_rules import RuleSettings

    one = np.ones(1)
    # Slices of a table lie apart in memory no more than these do.
    table = np.zeros((7, 4))[:, 1:2]
    empty = np.zeros(0)
    data = Data(np.ones((1, 1)), one, one, 0.0)
    updating = Updating(0.1, 0.1, 1.0, RuleSettings())
    point = Point(*[0.5] * 8)
    f: Any = functions
    for columns in (tuple(table), (*table[:3], *[empty] * 4)):
        f.train(
            *(f.gradient, f.hidden, f.last, data, f.update, f.clip_factor),
            *(updating, point, 0, columns),
        )

"""The command `rnn-gui`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

MISTAKE = 2
INTERRUPTED = 130  # what shells report after Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status is 0 for done and 2 for a mistake, told in one sentence."""
    # To make ready for several threads takes half of the time in which NumPy loads, and no sum
    # here is large enough for them; with one, it is the same on any number of processors.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        # Late, so that Ctrl+C ends quietly while this loads, too.
        from rnn_gui.command_line import run
        from rnn_gui.console import Mistake

        try:
            return run(sys.argv[1:] if argv is None else argv)
        except Mistake as mistake:
            print(f"rnn-gui: {mistake}", file=sys.stderr)
            return MISTAKE
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())

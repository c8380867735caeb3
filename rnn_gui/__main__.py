"""The command `rnn-gui`: its exit status, and a quiet end whatever happens."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130  # what shells report after Ctrl+C
MISTAKE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status is 0 for done and 2 for a mistake, told in one sentence."""
    try:
        # Late, so that Ctrl+C ends quietly while NumPy loads, too.
        from rnn_gui.command_line import Mistake, run

        try:
            status = run(sys.argv[1:] if argv is None else argv)
            if sys.stdout is not None:  # it is None where the terminal is gone
                sys.stdout.flush()
        except Mistake as mistake:
            print(f"rnn-gui: {mistake}", file=sys.stderr)
            return MISTAKE
    except BrokenPipeError:
        # Whoever read the output has seen enough; nor shall Python try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


if __name__ == "__main__":
    sys.exit(main())

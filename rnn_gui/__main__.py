"""The command `rnn-gui`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

MISTAKE = 2
INTERRUPTED = 130  # what shells report after Ctrl+C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status is 0 for done and 2 for a mistake, told in one sentence."""
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

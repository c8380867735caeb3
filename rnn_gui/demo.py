"""What `make run` starts: the window on part-2, or without a screen its figures and tables."""

from __future__ import annotations

import sys

from rnn_gui import preflight
from rnn_gui.__main__ import main

EXPORT = ("export", "part-2", "--epochs", "15000", "--out", "exports")


def run() -> int:
    """Open the window where there is a screen, else export to ``exports/``; the exit status."""
    no_screen = preflight.missing_screen()
    if no_screen is None:
        return main([])
    print(
        f"No window can open here, because {no_screen}: "
        "instead part-2 is trained for 15,000 epochs and drawn into exports/.",
        flush=True,
    )
    return main(list(EXPORT))


if __name__ == "__main__":
    sys.exit(run())

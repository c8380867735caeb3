"""How the lines of earlier runs are drawn: thin and muted, each run with dashes of its own."""

from __future__ import annotations

from core.training.ghost import Ghost
from rnn_gui.plots.header import Entry, stroke_entry
from rnn_gui.plots.ink import elided
from rnn_gui.plots.series import Stroke
from rnn_gui.theme import SMALL_SIZE, Look

# Long ones, since short dashes are those of the epochs that the present run has ahead.
_DASHES = (
    (7.0, 2.5),
    (9.0, 3.0, 2.0, 3.0),
    (15.0, 3.0),
    (9.0, 3.0, 2.0, 3.0, 2.0, 3.0),
    (2.0, 5.0),
    (15.0, 3.0, 5.0, 3.0),
)
_LONGEST = 130.0  # pixels of a name in the legend


def ghost_stroke(look: Look, ghost: Ghost) -> Stroke:
    """A run keeps its dashes when another one is forgotten."""
    number = short_name(ghost.name)
    index = int(number) if number.isdecimal() else len(number)
    return Stroke(look.theme.muted, 1.1, _DASHES[index % len(_DASHES)], alpha=0.9, smooth=True)


def ghost_entry(look: Look, ghost: Ghost) -> Entry:
    text = elided(ghost.name, SMALL_SIZE, _LONGEST)
    return stroke_entry(text, ghost_stroke(look, ghost))


def short_name(name: str) -> str:
    """What stands at the end of a line: "2" of "2 · rate of Wx"."""
    return name.partition(" · ")[0]

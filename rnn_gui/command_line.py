"""What `rnn-gui` understands, and where each command is done. All is loaded as late as can be."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence

from rnn_gui import __version__, preflight
from rnn_gui.console import Parser, parsed, require


def run(arguments: Sequence[str]) -> int:
    """Do what the command says; the exit status. Raises `Mistake`."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name may be in no character set
        sys.stdout.reconfigure(errors="backslashreplace")
    command = arguments[0] if arguments else ""
    if command in _COMMANDS:
        return _COMMANDS[command](arguments[1:])
    return _window(arguments)


def _window(arguments: Sequence[str]) -> int:
    parser = Parser("rnn-gui", _ABOUT, _OTHER_COMMANDS)
    parser.add_argument("file", metavar="FILE", nargs="?", help="a session to open: *.rnn.json")
    parser.add_argument("--version", action="version", version=f"RNN Stepper {__version__}")
    chosen = parsed(parser, arguments)
    if chosen is None:
        return 0
    session = None
    if chosen.file is not None:
        from rnn_gui.sources import begun

        session = begun(chosen.file, _COMMANDS)
    require(preflight.window_problem())
    from rnn_gui.app import run_window

    return run_window(session)


def _presets(arguments: Sequence[str]) -> int:
    from rnn_gui.export_command import list_presets

    return list_presets(arguments)


def _export(arguments: Sequence[str]) -> int:
    from rnn_gui.export_command import export_source

    return export_source(arguments)


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"presets": _presets, "export": _export}

_ABOUT = """\
Open the window of RNN Stepper: back-propagation through time, one step at a time."""

_OTHER_COMMANDS = """\
other commands:
  rnn-gui presets                    list the presets
  rnn-gui export SOURCE --out DIR    write figures and tables; needs no screen
                                     (rnn-gui export --help shows its options)

A file that is called like a command is opened by its path: rnn-gui ./export"""

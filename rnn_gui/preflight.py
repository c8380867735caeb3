"""What must be there before Qt is loaded: Python packages, system libraries, a screen.

Where one of them is missing, Qt ends the process with a text that names the wrong cause, and
nothing can be caught. So this module asks first, with the standard library alone, in about
5 ms. Every ``…_problem`` function returns one sentence with the way out, or ``None``.

On macOS and Windows the wheels bring all they need, and there is always a screen.

    python3 -m rnn_gui.preflight              can a window open here?
    python3 -m rnn_gui.preflight offscreen    can figures be drawn, and tests run?
    python3 -m rnn_gui.preflight packages     the Debian packages missing for either
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

# The libraries that Qt's parts link, each with the Debian package it comes in. Those that one
# of these links in its turn (libX11, libfreetype, libxcb…) come and go with it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
SCREEN_LIBRARIES = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
}
PYTHON_PACKAGES = ("PySide6", "pyqtgraph", "numpy")


def window_problem() -> str | None:
    """Why no window can open here."""
    no_screen = missing_screen()
    if no_screen is None:
        return _python_problem() or _library_problem(QT_LIBRARIES, *_libraries_of_screen())
    return offscreen_problem() or (
        f"No window can open here, because {no_screen}: start rnn-gui on a machine with a "
        "screen or through xvfb-run, or use `rnn-gui export part-2 --out DIR`, which needs none."
    )


def offscreen_problem() -> str | None:
    """Why not even figures can be drawn here."""
    return _python_problem() or _library_problem(QT_LIBRARIES)


def use_offscreen() -> None:
    """Let Qt draw without a screen, whether there is one or not; before Qt is loaded."""
    if _is_linux():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def missing_screen() -> str | None:
    """Why there is no screen, as the second half of a sentence; ``None`` where there is one."""
    if not _is_linux() or _reachable_platforms():
        return None
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        if os.environ.get(variable):
            return f"no screen answers at {variable}={os.environ[variable]}"
    return "neither DISPLAY nor WAYLAND_DISPLAY names a screen"


def missing_libraries(libraries: dict[str, str]) -> dict[str, str]:
    """Those of the libraries, file name to Debian package, that cannot be loaded."""
    return {name: package for name, package in libraries.items() if not _loads(name)}


def _is_linux() -> bool:
    return sys.platform.startswith("linux")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _platforms() -> list[str]:
    """Qt's names of what it will try to draw on, in its order."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if not wanted:
        wanted = "wayland;xcb" if os.environ.get("WAYLAND_DISPLAY") else "xcb"
    return [name.partition(":")[0] for name in wanted.split(";")]


def _reachable_platforms() -> list[str]:
    answers = {"xcb": _x_server_answers, "wayland": _wayland_server_answers}
    # Any other platform (offscreen, minimal, vnc…) needs no screen.
    return [name for name in _platforms() if name not in answers or answers[name]()]


# Connections to these stay open: an X server that its last client leaves starts anew, and Qt
# would have to wait for that.
_screens_held: set[str] = set()


def _x_server_answers() -> bool:
    display = os.environ.get("DISPLAY")
    if not display or display in _screens_held:
        return bool(display)
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot be asked; the missing library will be what is told
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(os.fsencode(display), None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return False
    _screens_held.add(display)
    return True


def _wayland_server_answers() -> bool:
    import socket  # costs more than all the rest, and only Wayland needs it

    name = os.environ.get("WAYLAND_DISPLAY", "wayland-0")
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.connect(os.fsencode(path))
        except OSError:
            return False
    return True


def _libraries_of_screen() -> list[dict[str, str]]:
    """The libraries of the platform that Qt will use: the first that has all of them."""
    candidates = [SCREEN_LIBRARIES.get(name, {}) for name in _reachable_platforms()]
    complete = [libraries for libraries in candidates if not missing_libraries(libraries)]
    return (complete or candidates)[:1]


def _library_problem(*libraries: dict[str, str]) -> str | None:
    if not _is_linux():
        return None
    missing = missing_libraries({name: pkg for group in libraries for name, pkg in group.items()})
    if not missing:
        return None
    root = os.geteuid() == 0
    return (
        f"Qt cannot start without {_listed(list(missing))}; on Debian or Ubuntu this installs "
        f"what is missing: {'' if root else 'sudo '}apt-get install {' '.join(missing.values())}"
    )


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) <= 3:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[:2])} and {len(names) - 2} more system libraries"


def _python_problem() -> str | None:
    missing = [name for name in PYTHON_PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        return None
    return (
        f"This Python ({sys.executable}) lacks {_listed(missing)}: in the folder of "
        f"pyproject.toml run `{sys.executable} -m pip install .` in a virtual environment, "
        "or start the program with `make run`, which makes one."
    )


def _missing_packages() -> list[str]:
    everything = QT_LIBRARIES | SCREEN_LIBRARIES["xcb"]
    return list(missing_libraries(everything).values()) if _is_linux() else []


def main(arguments: list[str]) -> int:
    """The command of the module's docstring; 0 where nothing is missing, else 2."""
    if arguments == ["packages"]:
        packages = _missing_packages()
        print(*packages)
        return 2 if packages else 0
    problem = offscreen_problem() if arguments == ["offscreen"] else window_problem()
    if problem:
        print(problem, file=sys.stderr)
    return 2 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

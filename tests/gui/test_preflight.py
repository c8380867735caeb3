"""What is told before Qt is loaded, in real processes and with planted losses."""

import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rnn_gui import preflight

ROOT = Path(__file__).parents[2]
Process = subprocess.CompletedProcess[str]


def asked(*arguments: str, code: str = "", **environment: str) -> Process:
    """The module, or some code beside it, in a new process that knows only this environment."""
    command = ["-c", code] if code else ["-m", "rnn_gui.preflight", *arguments]
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


@pytest.fixture
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def lose(on_linux: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make the loader fail for the named libraries and find every other one."""

    def plant(*lost: str) -> None:
        def load(name: str) -> object:
            if name in lost:
                raise OSError(f"{name}: cannot open shared object file")
            return object()

        monkeypatch.setattr(ctypes, "CDLL", load)

    return plant


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ""}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":4077"}, "DISPLAY=:4077"),
        ({"DISPLAY": "not a display"}, "DISPLAY=not a display"),
        ({"WAYLAND_DISPLAY": "gone"}, "WAYLAND_DISPLAY=gone"),
        ({"QT_QPA_PLATFORM": "xcb"}, "neither DISPLAY nor WAYLAND_DISPLAY"),
    ],
)
def test_without_a_screen_one_sentence_names_the_way_out(
    environment: dict[str, str], named: str
) -> None:
    answer = asked(**environment)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert is_one_sentence(answer.stderr)
    assert named in answer.stderr
    assert "rnn-gui export part-2 --out DIR" in answer.stderr
    assert "xvfb-run" in answer.stderr


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600", "xcb;offscreen"])
def test_a_platform_that_needs_no_screen_is_let_through(platform: str) -> None:
    answer = asked(QT_QPA_PLATFORM=platform)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_tests_themselves_run_where_nothing_is_missing() -> None:
    answer = asked("offscreen")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_it_loads_neither_qt_nor_numpy() -> None:
    code = (
        "import sys; from rnn_gui import preflight; preflight.window_problem();"
        "print(sorted({'PySide6', 'pyqtgraph', 'numpy', 'core'} & set(sys.modules)))"
    )
    assert asked(code=code).stdout == "[]\n"


def test_a_python_without_the_packages_is_told_to_install_them() -> None:
    code = "import sys; from rnn_gui import preflight; sys.exit(preflight.main([]))"
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append('{ROOT}'); {code}"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 2
    assert is_one_sentence(answer.stderr)
    assert "lacks PySide6, pyqtgraph and numpy" in answer.stderr
    assert "-m pip install" in answer.stderr
    assert "make run" in answer.stderr


def test_a_lost_library_is_named_with_the_line_that_installs_it(lose: Callable[..., None]) -> None:
    lose("libEGL.so.1", "libdbus-1.so.3")
    problem = preflight.offscreen_problem()
    assert problem is not None
    assert "libEGL.so.1 and libdbus-1.so.3" in problem
    assert problem.endswith("apt-get install libegl1 libdbus-1-3")


def test_the_line_has_sudo_for_all_but_root(
    lose: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lose("libGL.so.1")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert str(preflight.offscreen_problem()).endswith(": sudo apt-get install libgl1")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert str(preflight.offscreen_problem()).endswith(": apt-get install libgl1")


def test_a_window_needs_libraries_that_figures_do_not(
    lose: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without libxcb the X server cannot be asked, so the library is what is told.
    lose("libxcb.so.1", "libxcb-cursor.so.0")
    monkeypatch.setenv("DISPLAY", ":0")
    assert preflight.offscreen_problem() is None
    assert str(preflight.window_problem()).endswith("apt-get install libxcb-cursor0")


def test_a_lost_library_is_told_before_a_lost_screen(lose: Callable[..., None]) -> None:
    lose("libGL.so.1")
    assert "apt-get install libgl1" in str(preflight.window_problem())


@pytest.mark.usefixtures("on_linux")
def test_only_a_wayland_server_that_listens_is_a_screen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert preflight.missing_screen() == "no screen answers at WAYLAND_DISPLAY=wayland-9"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        assert preflight.missing_screen() is None


def test_packages_prints_what_apt_get_takes(
    lose: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    lose("libGL.so.1", "libxcb-xkb.so.1")
    assert preflight.main(["packages"]) == 2
    assert capsys.readouterr().out == "libgl1 libxcb-xkb1\n"
    lose()
    assert preflight.main(["packages"]) == 0
    assert capsys.readouterr().out == "\n"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_elsewhere_nothing_of_linux_is_asked(
    lose: Callable[..., None], monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    lose(*preflight.QT_LIBRARIES)
    assert preflight.window_problem() is not None
    monkeypatch.setattr(sys, "platform", system)
    assert preflight.window_problem() is None
    preflight.use_offscreen()
    assert "QT_QPA_PLATFORM" not in os.environ


def test_offscreen_wins_over_what_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    preflight.use_offscreen()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"

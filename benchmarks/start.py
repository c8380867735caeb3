"""From the start of the process to the first paint, and to the complete window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Sample

ROOT = Path(__file__).parent.parent


def measure(rounds: int) -> dict[str, Sample]:
    """Seconds until a bare QWidget is painted, until our window is, and until it is complete.

    Under Xvfb where that is installed, else off-screen; as from a first start on, with
    settings of their own and with bytecode at hand.
    """
    seconds: dict[str, list[float]] = {"bare": [], "first paint": [], "complete": []}
    with _surroundings() as environment:
        for what in ("bare", "program"):
            _start(what, environment)  # compiles the bytecode
        for _ in range(rounds):
            bare, _ = _start("bare", environment)
            first, complete = _start("program", environment)
            for name, value in zip(seconds, (bare, first, complete), strict=True):
                seconds[name].append(value)
    return {name: Sample(tuple(values)) for name, values in seconds.items()}


def _start(what: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Seconds until the first and until the last paint of one process."""
    begun = perf_counter()
    printed = subprocess.run(
        [sys.executable, "-m", "benchmarks.start_once", what],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    first, last = map(float, printed.split())
    return first - begun, last - begun


@contextmanager
def _surroundings() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder, _screen() as screen:
        own = {"XDG_CONFIG_HOME": f"{folder}/config", "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        unwanted = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        yield kept | own | screen


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    # -noreset: else the server starts anew whenever a program ends, and the next one waits.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-noreset"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            yield {"DISPLAY": f":{number.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    measured = measure(11)
    for name, sample in measured.items():
        print(
            f"{name:12} {sample.median * 1e3:6.0f} ms  × {sample.over(measured['bare']).median:.2f}"
        )

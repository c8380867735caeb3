"""What the numbers were measured on."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

from benchmarks.table import NOT_INSTALLED

_PACKAGES = {
    "NumPy": "numpy",
    "PySide6": "PySide6-Essentials",
    "pyqtgraph": "pyqtgraph",
    "Numba": "numba",
    "JAX": "jax",
    "PyTorch": "torch",
}


def description() -> dict[str, str]:
    """The processor, the system, and the versions of what is compared."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": _system(),
        "Python": platform.python_version(),
        **{name: version(package) for name, package in _PACKAGES.items()},
    }


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return NOT_INSTALLED


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"

"""Render the window in many sizes and states, for eyes; and the pictures in docs/.

Run by `make pictures`. Everything goes to build/pictures/, one PNG for each combination of size,
appearance, number of timestamps, number of sequences and kind of step; the pictures that
README and docs show go to docs/. `tools/pictures.py docs` renders those alone, and with names
after it those of them that are named.
"""

from __future__ import annotations

import os
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import shiboken6

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6 import QtCore
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.cell.known import two_weights
from core.cell.steps import Position, Steps
from core.data.experiment import Experiment, count_ones
from core.data.presets import PRESETS
from core.data.values import Values
from core.exercises.derivation import Task
from core.exercises.planted import mistakes_of
from core.training.run import Run
from rnn_gui.app import make_application
from rnn_gui.main_window import MainWindow
from rnn_gui.session import Session
from rnn_gui.tutorial_cell import D_STATE_IN, D_STATE_OUT, STATE_OUT
from rnn_gui.views.check_view import CheckView
from rnn_gui.views.derive_view import DeriveView
from rnn_gui.views.export_dialog import ExportDialog
from rnn_gui.workbench import Workbench

ROOT = Path(__file__).parent.parent
SIZES = ((1280, 720), (1440, 900), (3840, 2160))
THEMES = ("light", "dark")
TIMESTAMPS = (1, 3, 50)
SEQUENCES = (1, 3, 30)
STEPS = ("forward", "backward", "update")
EPOCHS = 400


def main() -> None:
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat)
        if "docs" not in sys.argv[1:]:
            _render_all(application, settings)
        _render_docs(application, settings)


def _render_all(application: QApplication, settings: QSettings) -> None:
    folder = ROOT / "build" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for size, theme in product(SIZES, THEMES):
        window, session = _window(application, settings, size, theme)
        for timestamps, sequences, step in product(TIMESTAMPS, SEQUENCES, STEPS):
            run = Run(experiment_of(sequences, timestamps), "part-2")
            run.reach(EPOCHS + 1)
            session.start_new(run, Position(EPOCHS, step_of(step, run.experiment.steps)))
            session.choose_sequence(sequences - 1)
            name = f"{size[0]}x{size[1]}-{theme}-T{timestamps}-N{sequences}-{step}"
            _save(window, folder / f"{name}.png")
        shiboken6.delete(window)


def _render_docs(application: QApplication, settings: QSettings) -> None:
    """Each picture: name, appearance, preset or size, epoch, step, whether to compare."""
    folder = ROOT / "docs"
    for name, theme, run, epoch, step, compare in (
        (
            "backward-light",
            "light",
            Run(PRESETS["part-2"].experiment, "part-2"),
            412,
            "backward",
            0,
        ),
        ("backward-dark", "dark", Run(PRESETS["part-2"].experiment, "part-2"), 412, "backward", 0),
        (
            "compared-light",
            "light",
            Run(PRESETS["part-2"].experiment, "part-2"),
            9000,
            "backward",
            1,
        ),
        ("long-dark", "dark", Run(experiment_of(30, 50), "30 sequences"), 40, "update", 0),
    ):
        if not _wanted(name):
            continue
        window, session = _window(application, settings, (1440, 900), theme)
        run.reach(epoch + 1)
        session.start_new(run, Position(epoch, step_of(step, run.experiment.steps)))
        session.choose_sequence(2)
        session.set_compare(bool(compare))
        _save(window, folder / f"{name}.png")
        shiboken6.delete(window)
    for key in ("vanishing", "exploding"):
        _render_preset(application, settings, key)
    if _wanted("surface-light"):
        _render_surface(application, settings)
    for name, render in (
        ("mistake-light", _render_mistake),
        ("guide-lesson", _render_lesson),
        ("guide-derive", _render_derivation),
        ("guide-lecture", _render_lecture),
        ("guide-export", _render_export),
    ):
        if _wanted(name):
            render(application, settings)


def _render_surface(application: QApplication, settings: QSettings) -> None:
    """Two runs with different update rules on the enlarged loss surface, by a gradient's arrow."""
    window, session = _window(application, settings, (1440, 900), "light")
    session.go_to_epoch(9000)
    session.restart("Rprop", lambda e: e.changed(update_rule="rprop"))
    session.go_to(Position(120, session.run.experiment.steps.before_update))
    window.tabs.setCurrentWidget(window.surface)
    window.right_column.set_enlarged(True)
    QTest.qWait(2000)  # the surface comes first coarse, then fine
    _save(window, ROOT / "docs" / "surface-light.png")
    shiboken6.delete(window)


def _render_mistake(application: QApplication, settings: QSettings) -> None:
    """A planted mistake, and the gradient check by which it is found."""
    window, session = _window(application, settings, (1440, 900), "light")
    session.go_to_step(session.run.experiment.steps.before_update)
    window.learning.toggle("check")
    window.right_column.set_enlarged(True)
    check = window.learning.view("check")
    assert isinstance(check, CheckView)
    check.set_mistake(mistakes_of(two_weights(), 3)["slope-forgotten"])
    _save(window, ROOT / "docs" / "mistake-light.png")
    shiboken6.delete(window)


def _render_lesson(application: QApplication, settings: QSettings) -> None:
    """A page of the course that asks for a prediction, after a wrong answer."""
    window, _ = _window(application, settings, (1280, 720), "light")
    lessons = window.lessons
    lessons.toggle()
    lessons.go_to([lesson.path.stem for lesson in lessons.lessons].index("09-back-2"), 1)
    QTest.qWait(100)
    window.predict.line.setText("2.42")
    QTest.keyClick(window.predict.line, QtCore.Qt.Key.Key_Return)
    QTest.qWait(100)
    _save(window, ROOT / "docs" / "guide-lesson.png")
    lessons.leave()
    shiboken6.delete(window)


def _render_derivation(application: QApplication, settings: QSettings) -> None:
    """A formula with a known mistake, and the first hint."""
    window, session = _window(application, settings, (1280, 720), "light")
    session.go_to_step(session.run.experiment.steps.before_update)
    window.learning.toggle("derive")
    window.right_column.set_enlarged(True)
    view = window.learning.view("derive")
    assert isinstance(view, DeriveView)
    view.ask(Task("Wx", 1))
    QTest.keyClicks(view.formula, "2/N*(S3 - y)*Wrec*Wrec*d_log(S1_in)*X1")
    QTest.keyClick(view.formula, QtCore.Qt.Key.Key_Return)
    view.hint.click()
    _save(window, ROOT / "docs" / "guide-derive.png")
    shiboken6.delete(window)


def _render_lecture(application: QApplication, settings: QSettings) -> None:
    """A slide of lecture mode, with the result of the step still covered."""
    window, session = _window(application, settings, (1280, 720), "light")
    session.choose_sequence(2)
    session.go_to_step(session.run.experiment.steps.number(*D_STATE_OUT, 2))
    window.lecture.toggle()
    slide = window.lecture.view
    assert slide is not None
    slide.showNormal()
    slide.resize(1280, 720)
    QTest.qWait(6000)  # the line of keys has gone
    for _ in range(2):
        QTest.keyClick(slide, QtCore.Qt.Key.Key_Right)
    _save(slide, ROOT / "docs" / "guide-lecture.png")
    window.lecture.toggle()
    shiboken6.delete(window)


def _render_export(application: QApplication, settings: QSettings) -> None:
    """The export dialog with a preview of a figure."""
    window, session = _window(application, settings, (1280, 720), "light")
    session.choose_sequence(2)
    session.go_to_step(session.run.experiment.steps.before_update)
    dialog = ExportDialog(session.frame, "figures", ("network", "equation", "gradients"), window)
    dialog.show()
    QTest.qWait(300)
    _save(dialog, ROOT / "docs" / "guide-export.png")
    dialog.close()
    shiboken6.delete(window)


def _render_preset(application: QApplication, settings: QSettings, key: str) -> None:
    """A preset as it is loaded, at the end of its first backward pass."""
    if not _wanted(key):
        return
    window, session = _window(application, settings, (1440, 900), "light")
    session.start_preset(key)
    session.go_to_step(session.run.experiment.steps.before_update)
    _save(window, ROOT / "docs" / f"{key}.png")
    shiboken6.delete(window)


def _wanted(name: str) -> bool:
    """All pictures are, unless some are named after docs."""
    names = sys.argv[2:]
    return not names or name in names


def experiment_of(sequences: int, timestamps: int) -> Experiment:
    """The data of part-2 at its own size, else random ones and zeros to count."""
    preset = PRESETS["part-2"].experiment
    if (sequences, timestamps) == (preset.sequences, preset.timestamps):
        return preset
    inputs = np.random.default_rng(7).integers(0, 2, (sequences, timestamps)).astype(float)
    start = Values({"Wx": 0.5, "Wrec": 1.1})
    return Experiment(
        cell=two_weights(),
        inputs=inputs,
        targets=count_ones(inputs),
        targets_count_ones=True,
        weights=start,
        learning_rates=dict.fromkeys(start, 1e-5),
    )


def step_of(step: str, steps: Steps) -> int:
    """A step in the middle of a phase, as the number of steps done."""
    middle = (steps.timestamps + 1) // 2
    if step == "forward":
        return steps.number(*STATE_OUT, middle)
    if step == "backward":
        return steps.number(*D_STATE_IN, middle)
    return len(steps)


def _window(
    application: QApplication, settings: QSettings, size: tuple[int, int], theme: str
) -> tuple[MainWindow, Session]:
    settings.clear()
    settings.setValue("appearance", theme)
    session = Session(Run(PRESETS["part-2"].experiment, "part-2"))
    window = MainWindow(settings, application)
    Workbench(window, session, application)
    window.resize(*size)
    window.show()
    return window, session


def _save(window: QWidget, path: Path) -> None:
    for _ in range(3):  # layouts settle in the event loop
        QApplication.processEvents()
    window.grab().save(str(path))
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

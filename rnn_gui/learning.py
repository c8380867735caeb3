"""What helps to learn: views that come as tabs when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from core.epoch.frame import Frame
from rnn_gui.extra_tabs import Extra, ExtraTabs
from rnn_gui.theme import Look


class Learning(QObject):
    """Their tabs, and what all of them are shown. Each is made when somebody first asks for it."""

    leave_requested = Signal()
    script_requested = Signal()
    said = Signal(str)
    planted_changed = Signal(object)  # a core.exercises.planted.Planted, or None
    derived = Signal(object, bool)  # a derivation's Task, and whether its formula is right
    found = Signal(str, bool)  # the key of a planted mistake, and whether it was named
    changed = Signal()  # another tab is there, or none

    def __init__(self, tabs: QTabWidget, frame: Frame, look: Look) -> None:
        super().__init__(tabs)
        self._frame, self._look = frame, look
        self._views: list[Any] = []
        extras = {
            "code": Extra("Code", self._made(self._code_view)),
            "check": Extra("Check", self._made(self._check_view)),
            "derive": Extra("Derive", self._made(self._derive_view)),
        }
        self._tabs = ExtraTabs(tabs, extras)
        self._tabs.changed.connect(self.changed)
        self._tabs.leave_requested.connect(self.leave_requested)

    @property
    def open(self) -> str:
        """Which tab is there, in front or not; empty where none is."""
        return self._tabs.open

    def toggle(self, key: str) -> None:
        """Bring a tab in front, or take the one that is there away."""
        self._tabs.toggle(key)

    def show(self, key: str) -> None:
        """Bring a tab in front; an empty key takes the one away that is there."""
        if key:
            self._tabs.show(key)
        else:
            self._tabs.close()

    def view(self, key: str) -> QWidget:
        """A view, made if it has to be."""
        return self._tabs.view(key)

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        for view in self._views:
            view.show_frame(frame)

    def set_look(self, look: Look) -> None:
        self._look = look
        for view in self._views:
            view.set_look(look)

    def _made(self, make: Callable[[], Any]) -> Callable[[], QWidget]:
        def made() -> QWidget:
            view = make()
            view.leave_requested.connect(self.leave_requested)
            view.set_look(self._look)
            view.show_frame(self._frame)
            self._views.append(view)
            return view

        return made

    def _code_view(self) -> QWidget:
        from rnn_gui.views.code_view import CodeView

        view = CodeView()
        view.save_requested.connect(self.script_requested)
        view.copied.connect(self.said)
        return view

    def _check_view(self) -> QWidget:
        from rnn_gui.views.check_view import CheckView

        view = CheckView()
        view.copied.connect(self.said)
        view.planted_changed.connect(self.planted_changed)
        view.judged.connect(self.found)
        return view

    def _derive_view(self) -> QWidget:
        from rnn_gui.views.derive_view import DeriveView

        view = DeriveView()
        view.judged.connect(self.derived)
        return view

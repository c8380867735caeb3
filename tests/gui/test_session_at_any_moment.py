"""Anything at any moment of a training run: no exception, no lost history, always a true frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from core.cell.steps import Phase, Position
from core.cell.update_rules import UPDATE_RULES
from core.data import edits
from core.data.experiment import Experiment
from core.data.presets import PRESETS
from core.training.divergence import diagnose
from core.training.run import Run
from rnn_gui.session import Session
from tests.tutorial import changed, epoch_length, pair

SMALL = st.floats(-3.0, 3.0, allow_nan=False)


class AnyMoment(RuleBasedStateMachine):
    """Training goes on only while events are processed, as in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.app = QApplication.instance() or QApplication([])
        self.session = Session(Run(PRESETS["part-2"].experiment, "part-2"))
        self.history: dict[Run, list[bytes]] = {}

    def teardown(self) -> None:
        self.session.pause()
        self.session.deleteLater()
        QCoreApplication.processEvents()

    # -- training ------------------------------------------------------------------------

    @rule(epochs=st.integers(1, 4000), until=st.none() | st.floats(0.01, 2.0))
    def train(self, epochs: int, until: float | None) -> None:
        self.session.train(epochs, until)

    @rule(times=st.integers(1, 4))
    def let_it_run(self, times: int) -> None:
        for _ in range(times):
            QCoreApplication.processEvents()

    @rule()
    def pause(self) -> None:
        self.session.pause()

    # -- ways through the run ------------------------------------------------------------

    @rule()
    def next_step(self) -> None:
        self.session.next_step()

    @rule()
    def previous_step(self) -> None:
        self.session.previous_step()

    @rule(phase=st.sampled_from(Phase))
    def stride(self, phase: Phase) -> None:
        self.session.stride(phase)

    @rule(share=st.floats(0, 1), step=st.integers(0, 40))
    def go_anywhere(self, share: float, step: int) -> None:
        length = epoch_length(self.session.run.experiment.timestamps)
        self.session.go_to(Position(int(share * self.session.run.last), min(step, length)))

    # -- edits ---------------------------------------------------------------------------

    def edit(self, name: str, change: Callable[[Experiment], Experiment], cell: str = "") -> None:
        run, weights = self.session.run, self.session.frame.weights
        self.session.edit(name, change, cell or None)
        if self.session.run is not run and cell != "weights":
            assert self.session.run.experiment.weights == weights

    @rule(wx=SMALL, wrec=SMALL)
    def drag_the_point(self, wx: float, wrec: float) -> None:
        self.edit("weights", lambda e: changed(e, weights=pair(wx, wrec)), "weights")

    @rule(value=SMALL)
    def edit_a_cell(self, value: float) -> None:
        self.edit("cell", lambda e: edits.set_inputs(e, 0, 0, [[value]]), "cell")

    @rule(update_rule=st.sampled_from(list(UPDATE_RULES)), clip=st.none() | st.just(1.0))
    def choose_a_rule(self, update_rule: str, clip: float | None) -> None:
        self.edit("rule", lambda e: changed(e, update_rule=update_rule, clip_norm=clip))

    @rule(rate=st.sampled_from([1e-4, 0.01, 0.3, 50.0]))
    def set_rates(self, rate: float) -> None:
        self.edit("rates", lambda e: changed(e, learning_rates=pair(rate, rate)))

    @rule()
    def add_a_timestamp(self) -> None:
        if self.session.run.experiment.timestamps < 7:
            self.edit("timestamp", lambda e: edits.insert_timestamps(e, 0))

    @rule()
    def remove_a_row(self) -> None:
        self.edit("row", lambda e: edits.remove_rows(e, [0]))

    @rule(key=st.sampled_from(list(PRESETS)))
    def load_a_preset(self, key: str) -> None:
        self.session.load_preset(key)

    @rule()
    def undo(self) -> None:
        self.session.undo_stack.undo()

    @rule()
    def redo(self) -> None:
        self.session.undo_stack.redo()

    # -- ghosts and ways out -------------------------------------------------------------

    @precondition(lambda self: self.session.ghosts)
    @rule(share=st.floats(0, 0.999), what=st.sampled_from(["show", "forget", "return"]))
    def use_a_ghost(self, share: float, what: str) -> None:
        ghosts = self.session.ghosts
        ghost = ghosts[int(share * len(ghosts))]
        if what == "show":
            self.session.show_ghost(ghost.run, not ghost.shown)
        elif what == "forget":
            self.session.forget_ghost(ghost.run)
        else:
            self.session.return_to(ghost.run)
            assert self.session.run is ghost.run

    @precondition(lambda self: self.session.run.diverged)
    @rule(which=st.integers(0, 2))
    def take_a_way_out(self, which: int) -> None:
        found = diagnose(self.session.run)
        assert found is not None
        if which < len(found.ways_out):
            way = found.ways_out[which]
            self.session.restart(way.title, way.change)

    # -- what always holds ---------------------------------------------------------------

    @invariant()
    def the_frame_is_that_of_the_position(self) -> None:
        session, frame = self.session, self.session.frame
        assert (frame.run, frame.position) == (session.run, session.position)
        assert frame.trace.weights == session.run.weights(session.position.epoch)

    @invariant()
    def no_epoch_is_lost_or_changed(self) -> None:
        for run in (self.session.run, *(ghost.run for ghost in self.session.ghosts)):
            seen = self.history.setdefault(run, [])
            columns = [run.costs, run.column(0), run.column(1)]
            for before, column in zip(seen, columns, strict=False):
                assert column.tobytes().startswith(before)
            self.history[run] = [column.tobytes() for column in columns]

    @invariant()
    def names_are_their_own(self) -> None:
        names = [ghost.name for ghost in self.session.ghosts]
        assert len(set(names)) == len(names)

    @invariant()
    def all_but_a_start_is_finite(self) -> None:
        run = self.session.run
        assert np.isfinite(run.costs[1:]).all()
        assert np.isfinite(run.column(0)).all()


AnyMoment.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyMoment = AnyMoment.TestCase

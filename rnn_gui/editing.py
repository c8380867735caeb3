"""The requests of the experiment panel as named edits of the session."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QObject

from core.cell.names import sequence_name
from core.cell.update_rules import SETTINGS
from core.data import edits
from core.data.experiment import Experiment
from core.training.divergence import WayOut
from rnn_gui.session import Change, Session
from rnn_gui.views.experiment_panel import ExperimentPanel

Block = Sequence[Sequence[float]]


class Editing(QObject):
    """Turns what the panel asks for into entries of the undo stack, each with a name."""

    def __init__(self, session: Session, panel: ExperimentPanel) -> None:
        super().__init__(panel)
        self._session = session
        grid = panel.grid
        for signal, slot in (
            (panel.preset_chosen, session.load_preset),
            (panel.initial_state_requested, self._set_initial_state),
            (panel.weight_requested, self._set_weight),
            (panel.rate_requested, self._set_rate),
            (panel.hidden_activation_requested, self._set_hidden_activation),
            (panel.last_activation_requested, self._set_last_activation),
            (panel.update_rule_requested, self._set_update_rule),
            (panel.setting_requested, self._set_setting),
            (panel.clip_requested, self._set_clip_norm),
            (panel.counting_requested, self.set_counting),
            (grid.input_block_requested, self._set_inputs),
            (grid.target_block_requested, self._set_targets),
            (grid.data_block_requested, self._set_data),
            (grid.row_add_requested, self._add_row),
            (grid.rows_remove_requested, self._remove_rows),
            (grid.row_move_requested, self._move_row),
            (grid.timestamp_add_requested, self._add_timestamp),
            (grid.timestamps_remove_requested, self._remove_timestamps),
            (grid.timestamp_move_requested, self._move_timestamp),
        ):
            signal.connect(slot)

    # -- numbers and choices -------------------------------------------------------------

    def _set_initial_state(self, value: float) -> None:
        self._edit("State 0", lambda e: e.changed(initial_state={"S(Out)": value}), "initial_state")

    def _set_weight(self, key: str, value: float) -> None:
        def change(experiment: Experiment) -> Experiment:
            return experiment.changed(weights={**experiment.weights, key: value})

        self._edit(key, change, ("weight", key))

    def set_weights(self, wx: float, wrec: float) -> None:
        """Both at once, as on the loss surface; one entry as long as they are dragged."""
        weights = {"Wx": wx, "Wrec": wrec}
        self._edit("weights", lambda e: e.changed(weights=weights), "weights")

    def take_way_out(self, way: WayOut) -> None:
        """The run that diverged once more from its start, with one thing changed."""
        self._session.restart(way.title, way.change)

    def _set_rate(self, key: str, value: float) -> None:
        def change(experiment: Experiment) -> Experiment:
            return experiment.changed(learning_rates={**experiment.learning_rates, key: value})

        self._edit(f"rate of {key}", change, ("rate", key))

    def _set_hidden_activation(self, key: str) -> None:
        self._edit("activation", lambda e: e.with_activations(hidden=key))

    def _set_last_activation(self, key: str) -> None:
        self._edit("last activation", lambda e: e.with_activations(last=key))

    def _set_update_rule(self, key: str) -> None:
        self._edit("update rule", lambda e: e.changed(update_rule=key))

    def _set_setting(self, name: str, value: float) -> None:
        def change(experiment: Experiment) -> Experiment:
            return experiment.changed(settings={**experiment.settings, name: value})

        self._edit(SETTINGS[name].title, change, ("setting", name))

    def _set_clip_norm(self, norm: float | None) -> None:
        self._edit("clip norm", lambda e: e.changed(clip_norm=norm), "clip_norm")

    def set_counting(self, counting: bool) -> None:
        name = "count the ones" if counting else "targets by hand"
        self._edit(name, lambda e: edits.set_counting(e, counting))

    # -- data ------------------------------------------------------------------------------

    def _set_inputs(self, row: int, column: int, block: Block) -> None:
        cell = ("input", row, column) if _is_one_cell(block) else None
        name = f"x{column + 1} of sequence {sequence_name(row)}" if cell else "inputs"
        self._edit(name, lambda e: edits.set_inputs(e, row, column, block), cell)

    def _set_targets(self, row: int, targets: Sequence[float]) -> None:
        cell = ("target", row) if len(targets) == 1 else None
        name = f"y of sequence {sequence_name(row)}" if cell else "targets"
        column = [[target] for target in targets]
        self._edit(name, lambda e: edits.set_targets(e, row, column), cell)

    def _set_data(self, row: int, column: int, block: Block, targets: Sequence[float]) -> None:
        def change(experiment: Experiment) -> Experiment:
            changed = edits.set_inputs(experiment, row, column, block)
            return edits.set_targets(changed, row, [[target] for target in targets])

        self._edit("inputs and targets", change)

    def _add_row(self, at: int) -> None:
        self._edit("add a sequence", lambda e: edits.insert_rows(e, at))

    def _remove_rows(self, rows: Sequence[int]) -> None:
        name = "remove a sequence" if len(rows) == 1 else f"remove {len(rows)} sequences"
        self._edit(name, lambda e: edits.remove_rows(e, rows))

    def _move_row(self, row: int, to: int) -> None:
        self._edit("move a sequence", lambda e: edits.move_row(e, row, to))

    def _add_timestamp(self, at: int) -> None:
        self._edit("add a timestamp", lambda e: edits.insert_timestamps(e, at))

    def _remove_timestamps(self, columns: Sequence[int]) -> None:
        name = "remove a timestamp" if len(columns) == 1 else f"remove {len(columns)} timestamps"
        self._edit(name, lambda e: edits.remove_timestamps(e, columns))

    def _move_timestamp(self, column: int, to: int) -> None:
        self._edit("move a timestamp", lambda e: edits.move_timestamp(e, column, to))

    def _edit(self, name: str, change: Change, cell: Hashable | None = None) -> None:
        self._session.edit(name, change, cell)


def _is_one_cell(block: Block) -> bool:
    return len(block) == 1 and len(block[0]) == 1

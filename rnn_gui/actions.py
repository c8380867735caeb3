"""The table of all actions: what they are called, their keys, their menu, and what they do.

Menus, buttons, shortcuts and the list of keys under Help all follow this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from core.cell.steps import Phase
from core.epoch.frame import Frame


class Spec(NamedTuple):
    """One action: what it is called, where it stands, its keys, and what it does in words."""

    key: str
    menu: str
    text: str
    shortcuts: tuple[str, ...]
    tip: str
    checkable: bool = False


def _spec(key: str, menu: str, text: str, keys: str, tip: str, checkable: bool = False) -> Spec:
    return Spec(key, menu, text, tuple(keys.split()), tip, checkable)


ACTIONS: tuple[Spec, ...] = (
    _spec("open", "File", "&Open…", "Ctrl+O", "Open a session file"),
    _spec("save", "File", "&Save", "Ctrl+S", "Save the session to its file"),
    _spec("save_as", "File", "Save &as…", "Ctrl+Shift+S", "Save the session to another file"),
    _spec("import", "File", "&Import sequences…", "Ctrl+I", "Take the sequences of a CSV file"),
    _spec("export", "File", "&Export…", "Ctrl+E", "Choose figures and tables to export"),
    _spec("export_all", "File", "Export a&ll…", "Ctrl+Shift+E", "Export every figure and table"),
    _spec("script", "File", "Export a s&cript…", "", "Python that reproduces this run by itself"),
    _spec("quit", "File", "&Quit", "Ctrl+Q", "Leave the program"),
    _spec("undo", "Edit", "&Undo", "Ctrl+Z", "Take back the last edit"),
    _spec("redo", "Edit", "&Redo", "Ctrl+Shift+Z Ctrl+Y", "Do the edit again that was undone"),
    _spec("cut", "Edit", "Cu&t cells", "Ctrl+X", "Copy the chosen cells, and set inputs to 0"),
    _spec("copy", "Edit", "&Copy cells", "Ctrl+C", "Copy the chosen cells of the grid"),
    _spec("paste", "Edit", "&Paste cells", "Ctrl+V", "Put copied cells into the grid"),
    _spec(
        "paste_as_new",
        "Edit",
        "P&aste as new sequences",
        "Ctrl+Shift+V",
        "Copied cells become all the sequences, with a column y or target as the targets",
    ),
    _spec("clear", "Edit", "Set cells to &0", "", "Set the chosen cells to 0; Delete in the grid"),
    _spec("counting", "Edit", "&y = number of ones", "", "The targets count the ones", True),
    _spec("random", "Edit", "Ra&ndom sequences…", "Ctrl+Shift+N", "Ones and zeros drawn at random"),
    _spec("add_row", "Edit", "Add a &row", "Ctrl+R", "A new sequence after the chosen one"),
    _spec("remove_row", "Edit", "Remove the ro&w", "Ctrl+Shift+R", "Remove the chosen sequence"),
    _spec("row_up", "Edit", "Move the row up", "Alt+Up", "Move the chosen sequence up"),
    _spec("row_down", "Edit", "Move the row down", "Alt+Down", "Move the chosen sequence down"),
    _spec("add_timestamp", "Edit", "Add a ti&mestamp", "Ctrl+T", "A new last timestamp"),
    _spec(
        "remove_timestamp", "Edit", "Remove the tim&estamp", "Ctrl+Shift+T", "Remove the last one"
    ),
    _spec("timestamp_left", "Edit", "Move the timestamp left", "Alt+Left", "Of the chosen cell"),
    _spec("timestamp_right", "Edit", "Move the timestamp right", "Alt+Right", "Of the chosen cell"),
    _spec("next", "Step", "&Next step", "Right PgDown", "Do one step"),
    _spec("previous", "Step", "&Previous step", "Left PgUp", "Take one step back"),
    _spec("forward", "Step", "&Forward", "F", "Finish the next timestamp of the forward pass"),
    _spec("backward", "Step", "&Backward", "B", "Finish the next timestamp of the backward pass"),
    _spec("update", "Step", "&Update", "U", "Change both weights"),
    _spec("start", "Step", "&Start of the epoch", "Home", "Nothing of this epoch is done"),
    _spec("end", "Step", "E&nd of the epoch", "End", "All of this epoch but the update"),
    _spec("epoch", "Step", "&Epoch", "E", "The same step of the next epoch"),
    _spec("epoch_back", "Step", "Epoch b&ack", "Shift+E", "The same step of the epoch before"),
    _spec("go_to_epoch", "Step", "&Go to epoch…", "G", "Any epoch that this run went through"),
    _spec("train", "Step", "&Train", "T", "Train the chosen number of epochs, or pause"),
    _spec("zoom_in", "View", "Zoom &in", "Ctrl++ Ctrl+=", "Wider columns in the time canvas"),
    _spec("zoom_out", "View", "Zoom &out", "Ctrl+-", "Narrower columns in the time canvas"),
    _spec("fit", "View", "Show &all timestamps", "Ctrl+0", "Fit all timestamps into the canvas"),
    _spec(
        "compare",
        "View",
        "&With and without the activation",
        "Ctrl+D",
        "Lay the same network without activation beside this one",
        checkable=True,
    ),
    _spec(
        "log_gradients",
        "View",
        "&Gradient sizes, log axis",
        "Ctrl+L",
        "Whether gradients vanish or explode on their way back in time",
        checkable=True,
    ),
    _spec("enlarge", "View", "Enlarge the ta&b", "Ctrl+M", "All of the right column", True),
    _spec("canvas", "View", "Go to the &canvas", "Esc", "Leave the editor or the grid"),
    _spec(
        "beginner",
        "View",
        "B&eginner's layout",
        "Ctrl+B",
        "The data, the network and the equation alone",
        checkable=True,
    ),
    _spec("all_panels", "View", "A&ll panels", "", "Show all that there is"),
    _spec("lecture", "View", "Lect&ure mode", "F5 Shift+F5", "Large type, covered until revealed"),
    _spec("reset_layout", "View", "&Reset the layout", "", "All panels as at the first start"),
    _spec("lessons", "Learn", "&Lessons", "F4", "A course in the window, page by page", True),
    _spec("next_page", "Learn", "Ne&xt page", "Ctrl+PgDown", "The next page of the lessons"),
    _spec("previous_page", "Learn", "Previous pa&ge", "Ctrl+PgUp", "The page before"),
    _spec("open_lesson", "Learn", "&Open a lesson…", "", "A lesson from a file of your own"),
    _spec("predict", "Learn", "&Predict, then reveal", "F9", "Each step asks first", True),
    _spec("code", "Learn", "The &code of this step", "F6", "The same epoch as lines of NumPy"),
    _spec("check", "Learn", "&Gradient check", "F7", "Three ways to one gradient; find a mistake"),
    _spec("derive", "Learn", "&Derive it yourself", "F8", "A formula for a part of the gradient"),
    _spec("keys", "Help", "&Keys", "F1", "All actions and their keys"),
    _spec("about", "Help", "&About RNN Stepper", "", "Versions, licences, and the tutorial"),
)


# What waits for the lessons, or for their end, while they are closed.
NO_LESSONS = {
    **dict.fromkeys(("next_page", "previous_page"), "Open the lessons first (F4)."),
    "reset_layout": "",
}


def why_not(frame: Frame, *, training: bool = False, tabs: bool = True) -> dict[str, str]:
    """What an action waits for at this position; empty where it can be done now."""
    reasons = _ways(frame) | _phases(frame) | _sizes(frame)
    reasons["enlarge"] = "" if tabs else "No tab is shown: choose one under View, Panels."
    if training:
        reasons |= dict.fromkeys(_PHASES, "Pause the training first.")
    return reasons


_PHASES = tuple(phase.value for phase in Phase)


def _ways(frame: Frame) -> dict[str, str]:
    """The ways through a run: single steps, whole epochs, training."""
    position, before = frame.position, frame.experiment.steps.before_update
    run_over = _run_over(frame)
    return {
        "next": run_over if position.step == before else "",
        "previous": "" if position != (0, 0) else "This is the very beginning of the run.",
        "start": "" if position.step else "This is the start of the epoch.",
        "end": "" if position.step != before else "All of this epoch but the update is done.",
        "epoch": run_over,
        "epoch_back": "" if position.epoch else "This is the first epoch of the run.",
        "train": run_over,
    }


def _phases(frame: Frame) -> dict[str, str]:
    """Forward, Backward, Update: one of them is next, and the others say what comes first."""
    coming = frame.experiment.steps[frame.position.next(frame.experiment.steps).step - 1].phase
    pending = {Phase.FORWARD: "forward pass", Phase.BACKWARD: "backward pass"}.get(coming, "update")
    first = f"The {pending} comes first"
    reasons = {
        Phase.FORWARD: f"{first}, then the next epoch's forward pass.",
        Phase.BACKWARD: "Finish the forward pass first: all states, then the cost."
        if coming is Phase.FORWARD
        else f"{first}, then the next epoch's backward pass.",
        Phase.UPDATE: f"{first}: the update needs both gradients.",
    }
    reasons[coming] = _run_over(frame) if coming is Phase.UPDATE else ""
    return {phase.value: reason for phase, reason in reasons.items()}


def _sizes(frame: Frame) -> dict[str, str]:
    """What the number of sequences and timestamps allows."""
    last_row = "The only sequence has to stay." if frame.sequences == 1 else ""
    last_timestamp = "The only timestamp has to stay." if frame.timestamps == 1 else ""
    return {
        "remove_row": last_row,
        "remove_timestamp": last_timestamp,
        "row_up": "" if frame.sequence > 0 else "This is the first sequence.",
        "row_down": "" if frame.sequence < frame.sequences - 1 else "This is the last sequence.",
    }


def _run_over(frame: Frame) -> str:
    """Why no epoch comes after the present one, if none does."""
    return frame.run.ending if frame.position.epoch == frame.run.last else ""


def make_actions(
    parent: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """A QAction for each row of the table, connected to the handler of the same key."""
    made = {}
    for spec in ACTIONS:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.key)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
        action.setCheckable(spec.checkable)
        action.setIconText(_ON_BUTTONS.get(spec.key, plain_text(spec)))
        action.setToolTip(tool_tip(spec))
        action.triggered.connect(_without_arguments(handlers[spec.key]))
        parent.addAction(action)  # shortcuts work wherever the focus is in the window
        made[spec.key] = action
    return made


def show_availability(actions: Mapping[str, QAction], reasons: Mapping[str, str]) -> None:
    """Enable what can be done now; what cannot says in its tool tip what comes first."""
    # First what becomes possible: a focused button that is disabled hands its focus on.
    for spec in sorted(_BY_KEY.values(), key=lambda spec: bool(reasons.get(spec.key))):
        if spec.key in reasons:
            reason = reasons[spec.key]
            actions[spec.key].setEnabled(not reason)
            actions[spec.key].setToolTip(tool_tip(spec, reason))


def refused_key(
    event: QKeyEvent, actions: Mapping[str, QAction], reasons: Mapping[str, str]
) -> str:
    """Why the action of this key cannot be done now; empty where no action refused it."""
    pressed = QKeySequence(event.keyCombination())
    for key, reason in reasons.items():
        if reason and pressed in actions[key].shortcuts():
            return reason
    return ""


def tool_tip(spec: Spec, instead: str = "") -> str:
    """What an action does, or what comes first, with its keys."""
    keys = f" ({' or '.join(key_names(spec))})" if spec.shortcuts else ""
    return (instead or spec.tip) + keys


def key_names(spec: Spec) -> list[str]:
    """The keys of an action as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return [QKeySequence(keys).toString(native) for keys in spec.shortcuts]


def plain_text(spec: Spec) -> str:
    """The action's text without the marks of its mnemonic."""
    return spec.text.replace("&", "").rstrip("…")


# Buttons are shorter than menus; those that have a letter for a key show it.
_ON_BUTTONS = {
    "start": "Start",
    "previous": "Back",
    "next": "Next",
    "forward": "Forward F",
    "backward": "Backward B",
    "update": "Update U",
    "epoch": "Epoch E",
    "train": "Train T",
}
_BY_KEY = {spec.key: spec for spec in ACTIONS}


def _without_arguments(handler: Callable[[], object]) -> Callable[..., None]:
    """Signals of actions bring whether they are checked; handlers ask the action itself."""

    def call(*_: object) -> None:
        handler()

    return call

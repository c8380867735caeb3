"""The text of a session file, laid out to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.cell.known import KNOWN
from core.cell.steps import Position
from core.cell.update_rules import SETTINGS
from core.data.experiment import Experiment
from core.data.values import Array

_CELLS_ON_ONE_LINE = 12


def text_of(experiment: Experiment, position: Position) -> str:
    """Write a session: version 1 for the tutorial's network, 2 for every other cell."""
    is_tutorial = experiment.cell.key == "tutorial"
    lines = _tutorial(experiment) if is_tutorial else _of_any_cell(experiment)
    fields = ",\n  ".join([*lines, ", ".join(_rule_texts(experiment))])
    return (
        f'{{"format": "rnn-stepper", "version": {1 if is_tutorial else 2},\n'
        f' "experiment": {{\n'
        f"  {fields}}},\n"
        f' "epoch": {position.epoch}, "step": {position.step}}}\n'
    )


def _tutorial(e: Experiment) -> Iterator[str]:
    yield ", ".join(_data(e))
    yield f'"initial_state": {e.initial_state["S(Out)"]!r}, {_activations(e)}'
    yield f'"weights": {_pair(e.weights)}, "learning_rates": {_pair(e.learning_rates)}'


def _pair(values: Mapping[str, float]) -> str:
    return f'{{"wx": {values["Wx"]!r}, "wrec": {values["Wrec"]!r}}}'


def _of_any_cell(e: Experiment) -> Iterator[str]:
    cell = e.cell
    own = {"title": cell.title, "text": cell.text}
    yield f'"cell": {json.dumps(cell.key if cell.key in KNOWN else own, ensure_ascii=False)}'
    if e.sizes:
        yield f'"sizes": {json.dumps({letter: e.sizes[letter] for letter in cell.sizes})}'
    yield from _data(e)
    if cell.activations:
        yield _activations(e)
    yield f'"initial_state": {_object(e.initial_state, " ")}'
    yield f'"weights": {_object(e.weights, chr(10) + "   ")}'
    rates = {*e.learning_rates.values()}
    one = _numbers(rates.pop()) if len(rates) == 1 else _object(e.learning_rates, " ")
    yield f'"learning_rates": {one}'


def _data(e: Experiment) -> Iterator[str]:
    yield f'"inputs": {_rows(e.inputs)}'
    yield f'"targets": {_numbers(e.targets) if e.targets.ndim == 1 else _rows(e.targets)}'
    yield f'"targets_count_ones": {json.dumps(e.targets_count_ones)}'


def _rows(array: Array) -> str:
    between = ", " if array.size <= _CELLS_ON_ONE_LINE else ",\n   "
    return f"[{between.join(map(_numbers, array.tolist()))}]"


def _activations(e: Experiment) -> str:
    hidden, last = e.hidden_activation, e.last_activation
    return f'"hidden_activation": "{hidden}", "last_activation": "{last}"'


def _object(values: Mapping[str, Any], between: str) -> str:
    texts = (f"{json.dumps(name)}: {_numbers(value)}" for name, value in values.items())
    return f"{{{f',{between}'.join(texts)}}}"


def _numbers(value: Any) -> str:
    """Write numbers as one reads them: 1 rather than 1.0; only -0.0 would lose its sign so."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    text = repr(value)
    return text if text == "-0.0" else text.removesuffix(".0")


def _rule_texts(e: Experiment) -> list[str]:
    """Write the update rule, its own settings, and others that were changed."""
    texts = [f'"update_rule": "{e.update_rule}"']
    for name, setting in SETTINGS.items():
        value = e.settings[name]
        if name in e.rule.settings or value != setting.default:
            texts.append(f'"{name}": {value!r}')
    if e.clip_norm is not None:
        texts.append(f'"clip_norm": {e.clip_norm!r}')
    return texts

"""An LSTM in clear NumPy: one epoch, each gate by itself, or all four of them as one matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from core.data.experiment import Experiment
from core.data.values import Array

Gradients = dict[str, Array]
_GATES = "ifgo"
_STACKED = "ifog"  # what goes through sigmoid() lies side by side


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def epoch_by_gates(experiment: Experiment) -> tuple[float, Gradients]:
    """Return the cost, and its gradient by every weight of the cell `lstm`."""
    w: Mapping[str, Array] = experiment.weights
    x, y, n = experiment.inputs, experiment.targets, experiment.sequences
    timestamps = range(experiment.timestamps)
    h = [np.tile(experiment.initial_state["h"], (n, 1))]
    c = [np.tile(experiment.initial_state["c"], (n, 1))]
    i, f, g, o, tanh_c = [], [], [], [], []
    for k in timestamps:
        i.append(sigmoid(x[:, k] @ w["Wi"].T + h[k] @ w["Ui"].T + w["bi"]))
        f.append(sigmoid(x[:, k] @ w["Wf"].T + h[k] @ w["Uf"].T + w["bf"]))
        g.append(np.tanh(x[:, k] @ w["Wg"].T + h[k] @ w["Ug"].T + w["bg"]))
        o.append(sigmoid(x[:, k] @ w["Wo"].T + h[k] @ w["Uo"].T + w["bo"]))
        c.append(f[k] * c[k] + i[k] * g[k])
        tanh_c.append(np.tanh(c[k + 1]))
        h.append(o[k] * tanh_c[k])
    error = h[-1] @ w["V"].T + w["bp"] - y
    d_p = 2 / n * error
    d = {name: np.zeros_like(weight) for name, weight in w.items()}
    d["V"], d["bp"] = d_p.T @ h[-1], d_p.sum(axis=0)
    d_h, d_c = d_p @ w["V"], np.zeros_like(c[0])
    for k in reversed(timestamps):
        d_c = d_c + d_h * o[k] * (1 - tanh_c[k] ** 2)
        d_in = {
            "i": d_c * g[k] * i[k] * (1 - i[k]),
            "f": d_c * c[k] * f[k] * (1 - f[k]),
            "g": d_c * i[k] * (1 - g[k] ** 2),
            "o": d_h * tanh_c[k] * o[k] * (1 - o[k]),
        }
        d_h, d_c = np.zeros_like(d_h), d_c * f[k]
        for gate, d_gate in d_in.items():
            d[f"W{gate}"] += d_gate.T @ x[:, k]
            d[f"U{gate}"] += d_gate.T @ h[k]
            d[f"b{gate}"] += d_gate.sum(axis=0)
            d_h += d_gate @ w[f"U{gate}"]
    return float(np.sum(error**2) / n), d


class Stacked(NamedTuple):
    """The weights with the gates one below the other: (4H, I), (4H, H) and (4H,); V and bp."""

    wx: Array
    wh: Array
    b: Array
    v: Array
    bp: Array


def stacked(weights: Mapping[str, Array]) -> Stacked:
    """Put the gates one below the other; whoever trains so keeps them like that."""
    wx, wh, b = (np.concatenate([weights[kind + gate] for gate in _STACKED]) for kind in "WUb")
    return Stacked(wx, wh, b, weights["V"], weights["bp"])


def taken_apart(gradient: Stacked) -> Gradients:
    """Return gradients by the names of the cell's weights."""
    d = {"V": gradient.v, "bp": gradient.bp}
    for kind, rows in zip("WUb", gradient, strict=False):
        parts = zip(_STACKED, np.split(rows, len(_GATES)), strict=True)
        d |= {kind + gate: part for gate, part in parts}
    return d


def epoch_stacked(experiment: Experiment, w: Stacked) -> tuple[float, Stacked]:
    """Return the cost and its gradient: one product for all gates, and for all timestamps where
    none waits for another."""
    n, timestamps = experiment.sequences, experiment.timestamps
    x = np.ascontiguousarray(experiment.inputs.transpose(1, 0, 2))
    size = w.wh.shape[1]
    i, f, o, g = (slice(at * size, (at + 1) * size) for at in range(4))
    gates = slice(0, 3 * size)
    h, c = np.empty((timestamps + 1, n, size)), np.empty((timestamps + 1, n, size))
    h[0], c[0] = experiment.initial_state["h"], experiment.initial_state["c"]
    tanh_c = np.empty((timestamps, n, size))
    a = x @ w.wx.T + w.b  # (T, N, 4H): what goes into the gates, then what they give
    for k in range(timestamps):
        a[k] += h[k] @ w.wh.T
        a[k, :, gates] = sigmoid(a[k, :, gates])
        a[k, :, g] = np.tanh(a[k, :, g])
        c[k + 1] = a[k, :, f] * c[k] + a[k, :, i] * a[k, :, g]
        tanh_c[k] = np.tanh(c[k + 1])
        h[k + 1] = a[k, :, o] * tanh_c[k]
    error = h[-1] @ w.v.T + w.bp - experiment.targets
    d_p = 2 / n * error
    slope = a * (1 - a)
    slope[..., g] = 1 - a[..., g] ** 2
    slope_c = a[..., o] * (1 - tanh_c**2)
    d_in = np.empty_like(a)
    d_h, d_c = d_p @ w.v, np.zeros((n, size))
    for k in reversed(range(timestamps)):
        d_c += d_h * slope_c[k]
        d_in[k, :, i] = d_c * a[k, :, g]
        d_in[k, :, f] = d_c * c[k]
        d_in[k, :, o] = d_h * tanh_c[k]
        d_in[k, :, g] = d_c * a[k, :, i]
        d_in[k] *= slope[k]
        d_h = d_in[k] @ w.wh
        d_c *= a[k, :, f]
    rows = d_in.reshape(timestamps * n, -1)
    d_wx, d_wh = rows.T @ x.reshape(len(rows), -1), rows.T @ h[:-1].reshape(len(rows), -1)
    d = Stacked(d_wx, d_wh, rows.sum(axis=0), d_p.T @ h[-1], d_p.sum(axis=0))
    return float(np.sum(error**2) / n), d

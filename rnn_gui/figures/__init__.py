"""Figures for print: what the plots show of a frame, on white, as PNG, SVG and PDF."""

from rnn_gui.figures.clipboard import copy_to_clipboard
from rnn_gui.figures.drawing import FIGURES, draw
from rnn_gui.figures.figure import Figure

__all__ = ["FIGURES", "Figure", "copy_to_clipboard", "draw"]

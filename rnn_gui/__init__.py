"""RNN Stepper: walk through back-propagation through time, one step at a time.

This module imports nothing: `rnn_gui.preflight` must be able to run before Qt is loaded.
"""

__version__ = "0.1.0"

"""A vanilla recurrent network with two weights, computed step by step.

NumPy and the standard library only: nothing here knows that there is a window.
Each module imports only from those named above it:

``activations``, ``experiment``, ``edits``, ``network``, ``steps``, ``trace``,
``training``, ``frame``, ``notation``, ``glossary``, ``equation``, ``explain``, ``presets``,
``files``, ``replay``, ``session_file``, ``tables``.
"""

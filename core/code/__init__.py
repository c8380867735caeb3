"""Equations as programs: the NumPy listing that is shown, and the trace that it makes."""

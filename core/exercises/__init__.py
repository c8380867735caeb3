"""Exercises of any cell: predict a value, derive a gradient, find a planted mistake."""

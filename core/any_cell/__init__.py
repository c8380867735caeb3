"""The core for any cell: a cell is a text, and all that is computed and said of it is derived.

It stands beside the modules that the window still uses, and takes their place with the window.
"""

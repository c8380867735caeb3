"""A vanilla recurrent network with two weights, computed step by step.

NumPy and the standard library only: nothing here knows that there is a window. Each module
imports only from those below it; `ARCHITECTURE.md` says what each one holds, and the layers in
`pyproject.toml` prove it.
"""

"""The language of cells: a short text, read, checked, and taken back through by its derivatives."""

"""How fast the program is, beside yardsticks that do the same work another way.

Run by `make bench`, or by ``python -m benchmarks [ITEM …]`` for some items only. An item is a
module here with a function ``rows()``; `benchmarks.__main__` names them all.
"""

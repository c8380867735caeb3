"""Other ways to do what the program does: each as one would write it who wants it clear.

None of them is slowed down, and none is tuned beyond what its own manual recommends. They know
the tutorial's network: `log()` on every state but the last.

Those that train have ``trainer(experiment, epochs)``: whatever can be prepared is prepared
there, compiling included, and the function that comes back trains and gives the `History`.
"""

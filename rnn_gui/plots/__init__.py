"""The plots: pyqtgraph's plot items that show a frame, on screen and in figures.

A panel is one item for a ``pg.GraphicsLayout``, in a window or on a page of its own. Its items
are made once; after that each frame only changes what differs. The unrolled network alone is
painted by hand, over the axes that it shares with the plots below it.
"""

"""The plots: panels that paint a frame, on screen and in figures.

A panel is one graphics item for a ``pg.GraphicsLayout``. It paints itself in pixels of its
own, so that text and lines keep their size on screen at any zoom, and scale as a whole in
a picture of higher resolution.
"""

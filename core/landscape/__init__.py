"""The cost over two weights: surface, basin map, colour scale."""

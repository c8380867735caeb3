"""Icons, styles and lessons; read with `importlib.resources`."""

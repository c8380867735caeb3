"""Every test runs off-screen, with settings of its own; all this before Qt is loaded."""

import os
import tempfile

from hypothesis import settings

# The layout a test leaves behind is neither the user's nor another test process's.
_own_settings = tempfile.TemporaryDirectory(prefix="rnn-stepper-test-")
os.environ["XDG_CONFIG_HOME"] = _own_settings.name
os.environ["QT_QPA_PLATFORM"] = "offscreen"
for _variable in ("QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_FONT_DPI"):
    os.environ.pop(_variable, None)

# Two test processes share the machine: how long one example takes says nothing. The same examples
# every time, so that a change is judged by what it changes; EXPLORE=1 draws others.
settings.register_profile("steady", deadline=None, derandomize="EXPLORE" not in os.environ)
settings.load_profile("steady")

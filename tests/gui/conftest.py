"""What tests of the window leave behind is taken away in order.

Qt deletes a panel with all its items; Python's collector takes them apart in any order, and
that can crash much later, in another test.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6

from rnn_gui.plots.panel import Panel
from tests.gui import painted


@pytest.fixture(autouse=True)
def _closed_pages(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    if request.path.name == "test_figures.py":  # figures close what they draw themselves
        yield
        return
    gc.disable()  # until all is deleted
    made: list[Panel] = []
    construct = Panel.__init__

    def remembered(panel: Panel, *arguments: Any, **options: Any) -> None:
        made.append(panel)
        construct(panel, *arguments, **options)

    monkeypatch.setattr(Panel, "__init__", remembered)
    yield
    painted.close_pages()
    for panel in made:
        if shiboken6.isValid(panel) and panel.scene() is None:
            shiboken6.delete(panel)
    gc.enable()

"""What tests of the window leave behind is taken away in order."""

from collections.abc import Iterator

import pytest

from tests.gui import painted


@pytest.fixture(autouse=True)
def _closed_pages() -> Iterator[None]:
    yield
    painted.close_pages()
